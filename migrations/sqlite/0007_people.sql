-- What organisers and runners may want of reminders.

-- What a room was called when a reminder was set for it: to say where a post failed.
alter table room add column name text;

-- By which others call an account, where a platform has such names; one account has it at a time.
alter table account add column handle text;
create index account_by_handle on account (platform, handle) where handle is not null;

-- Whether older posts stay. Since when nobody has pressed a post, when the last one was sent, and
-- whether its organisers were asked about that.
alter table reminder add column keeps integer not null default 0;
alter table reminder add column quiet_since integer;
alter table reminder add column posted_at integer;
alter table reminder add column quiet_told integer not null default 0;

-- Who may set a club up beside those whom its platform knows as organisers.
create table deputy (
    club_id    integer not null references club (id),
    account_id integer not null references account (id),
    since      integer not null,
    primary key (club_id, account_id)
) strict;
create index deputy_by_account on deputy (account_id);
