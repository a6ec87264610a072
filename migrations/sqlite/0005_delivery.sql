-- What is to be sent without anybody asking at that moment, and what came of it. An occurrence of a
-- reminder is there once. A row is kept for a week; its number is on buttons, and never used twice.

create table outbox (
    id           integer primary key autoincrement,
    kind         text    not null,
    platform     text    not null,
    room_id      integer references room (id),
    account_id   integer references account (id),
    reminder_id  integer,
    occurrence   text,
    subject_id   integer,
    state        text    not null,
    reason       text,
    attempts     integer not null default 0,
    repeats      integer not null default 0,
    due          integer not null,
    not_before   integer not null,
    expires      integer not null,
    epoch        integer not null default 0,
    first_try    integer,
    tried_at     integer,
    message_room text,
    message      text,
    sent_at      integer,
    unique (kind, reminder_id, occurrence)
) strict;
create index outbox_ready on outbox (platform, not_before, id) where state = 'waiting';
create index outbox_sending on outbox (platform, tried_at, id) where state = 'sending';
create index outbox_by_subject on outbox (subject_id, kind) where subject_id is not null;
create index outbox_by_room on outbox (room_id, kind);
create index outbox_by_account on outbox (account_id);
create index outbox_by_age on outbox (due);

-- What only one process may do at a time. Each tenure has an epoch of its own.
create table lease (
    name         text    primary key,
    holder       text    not null,
    epoch        integer not null,
    until        integer not null
) strict;

-- Rooms into which nothing could be sent, and of which a human has been told.
create table unreachable (
    room_id      integer primary key references room (id),
    reason       text    not null,
    since        integer not null
) strict;
