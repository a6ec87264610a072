-- Reminders of a room. 'schedule' is typed text; its next occurrence stands in civil form, which is its
-- identity, and as an instant, which a newer zone database may move. None falls due while it is paused.

create table reminder (
    id           integer primary key autoincrement,
    room_id      integer not null references room (id),
    schedule     text    not null,
    exercises    text    not null,
    zone         text    not null,
    board        text,
    paused       integer not null default 0,
    paused_until text,
    next_civil   text,
    next_due     integer,
    since        integer not null
) strict;
create index reminder_by_room on reminder (room_id, id);
create index reminder_due on reminder (next_due, id) where next_due is not null;

-- Who set a reminder: he is told if it cannot be posted.
create table reminder_setter (
    reminder_id  integer primary key references reminder (id),
    account_id   integer not null references account (id)
) strict;
create index reminder_setter_by_account on reminder_setter (account_id);
