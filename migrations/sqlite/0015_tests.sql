-- On which days an account has tested, derived from its entries: '1' or '0' a day from the first day on.
-- A board reads one row a member, however long they have been at it.
create table tested (
    account_id integer primary key references account (id),
    first_day  text    not null,
    days       text    not null
) strict;

insert into tested (account_id, first_day, days)
with recursive
    test_day (account_id, day) as (
        select distinct account_id, day from entry where kind = 'lunge' and standing = 'live'
    ),
    page (account_id, day, last_day) as (
        select account_id, min(day), max(day) from test_day group by account_id
        union all
        select account_id, date(day, '+1 day'), last_day from page where day < last_day
    )
select p.account_id, min(p.day),
    string_agg(case when t.day is null then '0' else '1' end, '' order by p.day)
from page p left join test_day t on t.account_id = p.account_id and t.day = p.day
group by p.account_id;
