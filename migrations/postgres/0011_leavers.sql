-- Where a platform does not tell of those who leave, each chat's members are looked at once a day: this
-- is when that was last done.

alter table chat add column looked_at bigint not null default 0;
create index chat_to_look_through on chat (platform, looked_at);
