-- Challenges of a club. 'last_day' and 'next_due' follow from the first day, the number of days, the
-- club's breaks and its zone, and are written anew when one of those changes. Once it is over its last
-- day, its total and how many had joined stay as they are.

create table challenge (
    id         integer primary key autoincrement,
    club_id    integer not null references club (id),
    title      text    not null,
    title_key  text    not null,
    exercises  text    not null,
    first_day  text    not null,
    last_day   text    not null,
    days       integer not null,
    goal       integer not null,
    state      text    not null,
    asked      integer not null default 0,
    next_due   integer,
    total      integer,
    joined     integer,
    since      integer not null
) strict;
create unique index challenge_title_once on challenge (club_id, title_key) where state = 'open';
create index challenge_by_club on challenge (club_id, state, id);
create index challenge_due on challenge (next_due, id) where next_due is not null;

-- Who made a challenge: he is told if its results cannot be posted.
create table challenge_maker (
    challenge_id integer primary key references challenge (id),
    account_id   integer not null references account (id)
) strict;
create index challenge_maker_by_account on challenge_maker (account_id);

-- Who takes part; and, of one who is not named on boards, whether the results may name him.
create table challenge_member (
    challenge_id integer not null references challenge (id),
    account_id   integer not null references account (id),
    joined_at    integer not null,
    named        integer,
    primary key (challenge_id, account_id)
) strict;
create index challenge_member_by_account on challenge_member (account_id);

-- Each one's days as they were when the challenge ended.
create table challenge_result (
    challenge_id integer not null references challenge (id),
    account_id   integer not null references account (id),
    days         integer not null,
    primary key (challenge_id, account_id)
) strict;
create index challenge_result_by_account on challenge_result (account_id);

-- Results and questions of a challenge are sent once to each room and each account.
alter table outbox add column challenge_id integer;
create unique index outbox_challenge_room on outbox (kind, challenge_id, room_id)
    where challenge_id is not null and room_id is not null;
create unique index outbox_challenge_account on outbox (kind, challenge_id, account_id)
    where challenge_id is not null and account_id is not null;
