-- What a command costs is counted in pages: each that it writes in goes to the log and to the file. Answers
-- are many times larger than what finds them: so they stand one after the other, and an index finds them.

create table handled_meanwhile (event text, account_id integer, answer text, at integer);
insert into handled_meanwhile select event, account_id, answer, at from handled;
create table owed_meanwhile (event text, platform text, target text, since integer);
insert into owed_meanwhile select event, platform, target, since from owed;
drop table owed;
drop table handled;

create table handled (
    event      text    primary key,
    account_id integer references account (id),
    answer     text    not null,
    at         integer not null
) strict;
insert into handled (event, account_id, answer, at)
    select event, account_id, answer, at from handled_meanwhile order by at;
create index handled_by_account on handled (account_id);
create index handled_by_age on handled (at);
create table owed (
    event      text    primary key references handled (event) on delete cascade,
    platform   text    not null,
    target     text    not null,
    since      integer not null
) strict;
create index owed_by_platform on owed (platform, since);
insert into owed (event, platform, target, since)
    select event, platform, target, since from owed_meanwhile;
drop table owed_meanwhile;
drop table handled_meanwhile;

-- What an event logged is found among what its account logged in those days.
drop index entry_by_event;
