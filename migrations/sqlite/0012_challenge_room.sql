-- Where a challenge was started: its results come there if its club has no home and no reminder.

alter table challenge add column room_id integer;
