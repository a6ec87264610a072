//! Diaries: what each account did on which day, and on which it tested, kept a second time in one row an
//! account, so that a board costs the same however long a club has been at it.

use jiff::civil::Date;

use super::rows::{day, nonsense};
use super::{StoreError, Tx, execute, on, statements};
use crate::club::{AccountId, Entry, PersonId, Standing};
use crate::exercise::{Diary, Exercises, Mark, Tested};

statements! {
    /// Who reads it to write in it waits for whoever else does, and reads what that one wrote.
    DIARY = "update diary set days = days where account_id = $1 returning first_day, days";
    DIARIES = "select d.first_day, d.days from diary d join account a on a.id = d.account_id
        where a.person_id = $1";
    NEW_DIARY = "insert into diary (account_id, first_day, days) values ($1, $2, $3)";
    WRITE_DIARY = "update diary set first_day = $2, days = $3 where account_id = $1";
    DROP_DIARY = "delete from diary where account_id = $1";
    /// As [`DIARY`].
    TESTED = "update tested set days = days where account_id = $1 returning first_day, days";
    NEW_TESTED = "insert into tested (account_id, first_day, days) values ($1, $2, $3)";
    WRITE_TESTED = "update tested set first_day = $2, days = $3 where account_id = $1";
    DROP_TESTED = "delete from tested where account_id = $1";
    /// Whose an entry is, and whether a test of his counts on a day.
    COUNTS_ON = "select e.account_id, exists (
            select 1 from entry o where o.account_id = e.account_id and o.kind = 'lunge'
                and o.day = $2 and o.standing = 'live'
        ) from entry e where e.id = $1";
}

/// How one kind of diary is kept.
trait Kept: Mark {
    const READ: &'static str;
    const BEGIN: &'static str;
    const WRITE: &'static str;
    const DROP: &'static str;
}

impl Kept for Exercises {
    const READ: &'static str = DIARY;
    const BEGIN: &'static str = NEW_DIARY;
    const WRITE: &'static str = WRITE_DIARY;
    const DROP: &'static str = DROP_DIARY;
}

impl Kept for Tested {
    const READ: &'static str = TESTED;
    const BEGIN: &'static str = NEW_TESTED;
    const WRITE: &'static str = WRITE_TESTED;
    const DROP: &'static str = DROP_TESTED;
}

pub(super) fn read<M: Mark>(first: &str, days: &str) -> Result<Diary<M>, StoreError> {
    Diary::read(day(first)?, days).map_err(|_| nonsense("a diary", first))
}

/// Reads one, or several of one person as one, as `first days;first days`.
pub(super) fn read_all<M: Mark>(all: Option<&str>) -> Result<Option<Diary<M>>, StoreError> {
    let mut together: Option<Diary<M>> = None;
    for one in all.iter().flat_map(|all| all.split(';')) {
        let (first, days) = one
            .split_once(' ')
            .ok_or_else(|| nonsense("a diary", one))?;
        let diary = read(first, days)?;
        match &mut together {
            Some(together) => together.merge(&diary),
            None => together = Some(diary),
        }
    }
    Ok(together)
}

impl Tx {
    /// What a person did on which day.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn diary(&mut self, person: PersonId) -> Result<Diary, StoreError> {
        let rows: Vec<(String, String)> = on!(self.connection().await?, c => sqlx::query_as(DIARIES)
            .bind(person.0).fetch_all(c).await?);
        let mut all = Diary::default();
        for (first, days) in rows {
            all.merge(&read(&first, &days)?);
        }
        Ok(all)
    }

    pub(super) async fn write_diary(
        &mut self,
        account: AccountId,
        on: Date,
        change: impl FnOnce(Exercises) -> Exercises,
    ) -> Result<(), StoreError> {
        self.write_down(account, on, change).await
    }

    /// Before a test is logged that counts on a day. What was read ahead of an account often tells that it
    /// is written down already.
    pub(super) async fn write_test_day(
        &mut self,
        account: AccountId,
        day: Date,
    ) -> Result<(), StoreError> {
        let is_known = self.ahead.as_ref().is_some_and(|(of, likes)| {
            *of == account.0
                && likes
                    .iter()
                    .any(|like| like.day == day && like.standing == Standing::Live)
        });
        if is_known {
            return Ok(());
        }
        self.write_down(account, day, |_| Tested(true)).await
    }

    /// After a test was changed.
    pub(super) async fn rewrite_test_days(
        &mut self,
        before: &Entry,
        after: &Entry,
    ) -> Result<(), StoreError> {
        let counts = |entry: &Entry| (entry.standing == Standing::Live).then_some(entry.day);
        let (before_on, after_on) = (counts(before), counts(after));
        if before_on == after_on {
            return Ok(());
        }
        for day in [before_on, after_on].into_iter().flatten() {
            let (account, counts): (i64, bool) = on!(self.connection().await?, c =>
                sqlx::query_as(COUNTS_ON).bind(before.id.0).bind(day.to_string()).fetch_one(c).await?);
            self.write_down(AccountId(account), day, |_| Tested(counts))
                .await?;
        }
        Ok(())
    }

    async fn write_down<M: Kept>(
        &mut self,
        account: AccountId,
        on: Date,
        change: impl FnOnce(M) -> M,
    ) -> Result<(), StoreError> {
        let row: Option<(String, String)> = on!(self.connection().await?, c => sqlx::query_as(M::READ)
            .bind(account.0).fetch_optional(c).await?);
        let mut pages: Diary<M> = match &row {
            Some((first, days)) => read(first, days)?,
            None => Diary::default(),
        };
        let (before, after) = (pages.on(on), change(pages.on(on)));
        if before == after {
            return Ok(());
        }
        pages.set(on, after);
        match (row, pages.text()) {
            (None, None) => {}
            (None, Some((first, days))) => {
                execute!(self, M::BEGIN, account.0, first.to_string(), days);
            }
            (Some(_), Some((first, days))) => {
                execute!(self, M::WRITE, account.0, first.to_string(), days);
            }
            (Some(_), None) => {
                execute!(self, M::DROP, account.0);
            }
        }
        Ok(())
    }
}
