-- Check-ins: entries of kind 'done'. An exercise counts once a day.

alter table entry add column exercise text;
alter table entry add column sets integer;
create unique index entry_done_once on entry (account_id, exercise, day)
    where kind = 'done' and standing = 'live';
-- Days with a test, for boards.
create index entry_tested on entry (account_id, day) where kind = 'lunge' and standing = 'live';

-- What a streak is a row of; none means weeks.
alter table person add column streak text;

-- Which exercises an account did on which day, derived from its entries: one character a day from
-- the first day on. A board reads one row a member, however long they have been at it.
create table diary (
    account_id integer primary key references account (id),
    first_day  text    not null,
    days       text    not null
) strict;

-- Days on which nothing is asked of a person; without a last day as long as it lasts.
create table rest (
    id         integer primary key,
    person_id  integer not null references person (id),
    first_day  text    not null,
    last_day   text,
    since      integer not null
) strict;
create index rest_by_person on rest (person_id, first_day);

-- The same for a whole club.
create table club_break (
    id         integer primary key,
    club_id    integer not null references club (id),
    first_day  text    not null,
    last_day   text    not null,
    since      integer not null
) strict;
create index club_break_by_club on club_break (club_id, first_day);
