-- A test is compared with the like tests before it, and boards count the days of tests: both are
-- answered from an index alone. Each index costs every entry a page, so there are fewer.

drop index entry_by_leg;
create index entry_by_leg on entry (account_id, kind, side, state, day, id, standing, reach_dmm,
        spread_dmm)
    where kind = 'lunge';
drop index entry_by_account;
create index entry_by_account on entry (account_id, kind, day, id, standing);
drop index entry_tested;
-- What was said in private is in no chat.
drop index entry_by_chat;
create index entry_by_chat on entry (chat_id) where chat_id is not null;

-- What is sent once more goes before a backlog.
create index outbox_in_doubt on outbox (platform, not_before, id)
    where state = 'waiting' and repeats > 0;
