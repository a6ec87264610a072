-- The room of a chat that its posts go to where no other is named: one at most.

alter table room add column is_home boolean not null default false;
create unique index room_that_is_home on room (chat_id) where is_home;
