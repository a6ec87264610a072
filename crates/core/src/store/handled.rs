use jiff::Timestamp;
use sqlx::sqlite::SqliteArguments;

use super::exchange::run;
use super::logging::{Count, Waiting, write_entry, write_one, write_two};
use super::tx::Either;
use super::writer::Ending;
use super::{Store, StoreError, Tx, execute, on, statements};
use crate::club::AccountId;

macro_rules! keep {
    ($event:literal, $account:literal, $answer:literal, $at:literal) => {
        concat!(
            "insert into handled (event, account_id, answer, at) values (",
            $event,
            ", ",
            $account,
            ", ",
            $answer,
            ", ",
            $at,
            ")"
        )
    };
}

/// A text that keeps an answer, after what is written before it, for each ending of a turn.
macro_rules! keep_after {
    ($ending:expr, $keep:expr $(, $before:expr)?) => {
        match $ending {
            Ending::Leave => concat!($($before, "; ",)? $keep),
            Ending::Commit => concat!($($before, "; ",)? $keep, "; commit"),
            Ending::Release => concat!($($before, "; ",)? $keep, "; release turn"),
        }
    };
}

statements! {
    KEEP = keep!("$1", "$2", "$3", "$4");
    FIND = "select answer from handled where event = $1";
    SWEEP_ANSWERS = "delete from handled where event in (
            select event from handled where at < $1 order by at limit $2)";
    SWEEP_QUESTIONS = "delete from asked where id in (
            select id from asked where until < $1 limit $2)";
    OLD_SENDINGS = "select id from outbox where due < $1 and message is null
        and state not in ('waiting', 'sending') order by due, id limit $2";
    OLD_POSTS = "select id from outbox where due < $1 and state not in ('waiting', 'sending')
        order by due, id limit $2";
    SWEEP_SENDING = "delete from outbox where id = $1 and state not in ('waiting', 'sending')";
}

/// Where answers stand in the order in which they came, as they do with SQLite, the old ones are those before
/// the first that is young. One of a clock that was wrong by days is neither, so it keeps no other.
const FIRST_YOUNG: &str =
    "select rowid from handled where at >= $1 and at < $2 order by rowid limit 1";
const SWEEP_ANSWERS_BEFORE: &str = "delete from handled where rowid in (
    select rowid from handled where rowid < $1 and (at < $3 or at >= $4) order by rowid limit $2)";

/// So many rows go in one transaction: a few milliseconds' worth of SQLite's writer, which others need.
const BATCH: i64 = 100;

/// Likewise of the outbox, each of which is in several indexes.
const SENDINGS: usize = 50;

/// So many are looked for at one time, which holds up nobody.
const READ: usize = 5_000;

/// How long an answer can be repeated: longer than any platform delivers an event again.
const KEPT_MS: i64 = 48 * 3_600 * 1_000;

/// How long it can be read what came of a sending.
const SENDING_KEPT_MS: i64 = 7 * 24 * 3_600 * 1_000;

/// How long a post is known that still stands in its room, so that the next one can remove it.
const POST_KEPT_MS: i64 = 60 * 24 * 3_600 * 1_000;

impl Tx {
    /// Notes that an event's work is done, with the answer to repeat. `account` is whose answer it
    /// is, if it says anything of anybody.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] if another process has done the work in the meantime.
    pub async fn keep(
        &mut self,
        event: &str,
        account: Option<AccountId>,
        answer: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(
            self,
            KEEP,
            event,
            account.map(|account| account.0),
            answer,
            now.as_millisecond()
        );
        Ok(())
    }

    /// As [`Tx::keep`] and [`Tx::commit`], in a single exchange with the database where it can be.
    ///
    /// # Errors
    ///
    /// As both.
    pub async fn keep_and_commit(
        mut self,
        event: &str,
        account: Option<AccountId>,
        answer: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let turn = match &mut self.inner {
            Either::Sqlite(turn) => turn,
            Either::Postgres(_) => {
                self.keep(event, account, answer, now).await?;
                return self.commit().await;
            }
        };
        let ending = turn.ending();
        let (count, arguments) = match self.waiting.take() {
            Some(Waiting { count, arguments }) => (Some(count), arguments),
            None => (None, SqliteArguments::default()),
        };
        let sql = match count {
            None => keep_after!(ending, keep!("$1", "$2", "$3", "$4")),
            Some(Count::One) => {
                keep_after!(ending, keep!("$17", "$18", "$19", "$20"), write_one!())
            }
            Some(Count::Two) => {
                keep_after!(ending, keep!("$33", "$34", "$35", "$36"), write_two!())
            }
        };
        let before = count.map_or(0, Count::statements);
        let statements = before + 1 + usize::from(ending != Ending::Leave);
        let query = sqlx::query_with(sql, arguments)
            .bind(event)
            .bind(account.map(|account| account.0))
            .bind(answer)
            .bind(now.as_millisecond());
        run(turn.connection(), query, statements).await?;
        self.ended(ending).await
    }

    /// The answer of an event whose work is done.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn answer_of(&mut self, event: &str) -> Result<Option<String>, StoreError> {
        Ok(on!(self.connection().await?, c => sqlx::query_scalar(FIND)
            .bind(event).fetch_optional(c).await?))
    }
}

impl Store {
    /// Removes what need not be kept any longer: answers after two days, questions that are over,
    /// and after a week what came of a sending. Whoever else writes comes in between.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`]: then some of it is still there.
    pub async fn sweep(&self, now: Timestamp) -> Result<(), StoreError> {
        let now = now.as_millisecond();
        let kept = (now - KEPT_MS, now + KEPT_MS);
        let before = match self.reader() {
            Either::Sqlite(pool) => {
                let young = sqlx::query_scalar(FIRST_YOUNG).bind(kept.0).bind(kept.1);
                young.fetch_optional(pool).await?.unwrap_or(i64::MAX)
            }
            Either::Postgres(_) => 0,
        };
        while self.sweep_answers(before, kept).await? {}
        while self.sweep_questions(now).await? {}
        self.sweep_outbox(OLD_SENDINGS, now - SENDING_KEPT_MS)
            .await?;
        self.sweep_outbox(OLD_POSTS, now - POST_KEPT_MS).await
    }

    /// Tells whether there may be more.
    async fn sweep_answers(&self, before: i64, kept: (i64, i64)) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let gone = match tx.inner {
            Either::Sqlite(_) => {
                execute!(tx, SWEEP_ANSWERS_BEFORE, before, BATCH, kept.0, kept.1)
            }
            Either::Postgres(_) => execute!(tx, SWEEP_ANSWERS, kept.0, BATCH),
        };
        tx.commit().await?;
        Ok(gone == BATCH.unsigned_abs())
    }

    /// Likewise.
    async fn sweep_questions(&self, now: i64) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let gone = execute!(tx, SWEEP_QUESTIONS, now, BATCH);
        tx.commit().await?;
        Ok(gone == BATCH.unsigned_abs())
    }

    /// What is old is looked for beside the writer: posts that still stand are between, and not few.
    async fn sweep_outbox(&self, old: &'static str, before: i64) -> Result<(), StoreError> {
        loop {
            let ids: Vec<i64> = on!(self.reader(), pool => sqlx::query_scalar(old)
                .bind(before).bind(i64::try_from(READ).unwrap_or(i64::MAX)).fetch_all(pool).await?);
            for batch in ids.chunks(SENDINGS) {
                let mut tx = self.begin().await?;
                for id in batch {
                    execute!(tx, SWEEP_SENDING, *id);
                }
                tx.commit().await?;
            }
            if ids.len() < READ {
                return Ok(());
            }
        }
    }
}
