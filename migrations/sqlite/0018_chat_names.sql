-- What a chat was called when a room of it was looked at for posts: to say where one failed.

alter table chat add column name text;
