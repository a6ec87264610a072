-- Whether those who care for a reminder have been told that its room cannot be reached. A room can have
-- several, which are not the same people's.
alter table reminder add column lost_told boolean not null default false;
update reminder set lost_told = true where room_id in (select room_id from unreachable);
