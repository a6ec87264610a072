-- Who is who: person <- account, club <- chat <- room; what was logged; what was answered.
-- Instants are milliseconds since 1970, civil dates are ISO text, lengths tenths of a millimetre.

create table person (
    id         integer primary key,
    zone       text,
    unit       text,
    language   text,
    day_start  integer,
    age_group  text,
    privacy    text    not null,
    since      integer not null
) strict;

create table account (
    id         integer primary key autoincrement,
    person_id  integer not null references person (id),
    platform   text    not null,
    external   text    not null,
    name       text    not null,
    locale     text,
    since      integer not null,
    unique (platform, external)
) strict;
create index account_by_person on account (person_id);

create table club (
    id         integer primary key,
    zone       text,
    language   text,
    since      integer not null
) strict;

-- A server or a group, in exactly one club.
create table chat (
    id         integer primary key,
    club_id    integer not null references club (id),
    platform   text    not null,
    external   text    not null,
    since      integer not null,
    unique (platform, external)
) strict;
create index chat_by_club on chat (club_id);

-- A channel or topic of a chat, or the private conversation of an account.
create table room (
    id         integer primary key,
    chat_id    integer references chat (id),
    account_id integer references account (id),
    platform   text    not null,
    external   text    not null,
    since      integer not null,
    unique (platform, external),
    check ((chat_id is null) <> (account_id is null))
) strict;
create index room_by_chat on room (chat_id);
create index room_by_account on room (account_id);

-- Where an account was met: membership derives from it.
create table seen (
    account_id integer not null references account (id),
    chat_id    integer not null references chat (id),
    first      integer not null,
    left_at    integer,
    primary key (account_id, chat_id)
) strict;
create index seen_by_chat on seen (chat_id);

-- Facts. The number is shown to people, so it is never used twice.
create table entry (
    id         integer primary key autoincrement,
    account_id integer not null references account (id),
    kind       text    not null,
    day        text    not null,
    zone       text    not null,
    logged_at  integer not null,
    chat_id    integer references chat (id),
    event      text    not null,
    standing   text    not null,
    -- of kind 'lunge'
    side       text,
    state      text,
    reach_dmm  integer,
    tries      integer,
    spread_dmm integer,
    typed      text,
    unit       text,
    hurts      integer not null default 0
) strict;
create index entry_by_account on entry (account_id, kind, day, id);
create index entry_by_leg on entry (account_id, kind, side, state, day, id);
create index entry_that_hurts on entry (account_id, logged_at) where hurts;
create index entry_by_event on entry (event);
create index entry_by_chat on entry (chat_id);

-- What an entry said before it was changed.
create table entry_change (
    id         integer primary key,
    entry_id   integer not null references entry (id),
    at         integer not null,
    event      text    not null,
    what       text    not null,
    before     text    not null
) strict;
create index entry_change_by_entry on entry_change (entry_id);

-- Events whose work is done, with the answer to repeat. Kept for two days.
create table handled (
    event      text    primary key,
    account_id integer references account (id),
    answer     text    not null,
    at         integer not null
) strict, without rowid;
create index handled_by_account on handled (account_id);
create index handled_by_age on handled (at);

-- Questions that wait for their answer.
create table asked (
    id         integer primary key,
    account_id integer not null references account (id),
    room_id    integer references room (id),
    message    text,
    line       text    not null,
    argument   text,
    until      integer not null
) strict;
create index asked_by_account on asked (account_id, room_id);
create index asked_by_room on asked (room_id);

-- Chats that have been welcomed: once each, whether or not anybody has commanded there yet.
create table greeted (
    platform   text    not null,
    external   text    not null,
    at         integer not null,
    primary key (platform, external)
) strict;

-- What the program itself remembers. 'oldest_program' is the newest migration that a program must
-- know to work with this database: an older one refuses to start.
create table setting (
    name       text    primary key,
    value      text    not null
) strict;
insert into setting (name, value) values ('oldest_program', '1');
