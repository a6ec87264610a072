-- Whether those who care for a reminder have been told that its room cannot be reached. A room can have
-- several, which are not the same people's.
alter table reminder add column lost_told integer not null default 0;
update reminder set lost_told = 1 where room_id in (select room_id from unreachable);
