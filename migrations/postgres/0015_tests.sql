-- On which days an account has tested, derived from its entries: '1' or '0' a day from the first day on.
-- A board reads one row a member, however long they have been at it.
create table tested (
    account_id bigint  primary key references account (id),
    first_day  text collate "C" not null,
    days       text    not null
);

-- It reads every test there is.
set local statement_timeout = 0;
insert into tested (account_id, first_day, days)
with
    test_day (account_id, day) as (
        select distinct account_id, cast(day as date) from entry
        where kind = 'lunge' and standing = 'live'
    ),
    page (account_id, day) as (
        select s.account_id, cast(generate_series(s.first_day, s.last_day, interval '1 day') as date)
        from (
            select account_id, min(day) as first_day, max(day) as last_day
            from test_day group by account_id
        ) s
    )
select p.account_id, to_char(min(p.day), 'YYYY-MM-DD'),
    string_agg(case when t.day is null then '0' else '1' end, '' order by p.day)
from page p left join test_day t on t.account_id = p.account_id and t.day = p.day
group by p.account_id;
