use jiff::Timestamp;

use super::exchange::run;
use super::tx::Either;
use super::writer::Ending;
use super::{Store, StoreError, Tx, execute, on, statements};
use crate::club::AccountId;

macro_rules! keep {
    () => {
        "insert into handled (event, account_id, answer, at) values ($1, $2, $3, $4)"
    };
}

const KEEP_AND_COMMIT: &str = concat!(keep!(), "; commit");
const KEEP_AND_RELEASE: &str = concat!(keep!(), "; release turn");

statements! {
    KEEP = keep!();
    FIND = "select answer from handled where event = $1";
    SWEEP_ANSWERS = "delete from handled where at < $1";
    SWEEP_QUESTIONS = "delete from asked where until < $1";
    SWEEP_OUTBOX = "delete from outbox where due < $1 and message is null
        and state not in ('waiting', 'sending')";
    SWEEP_POSTS = "delete from outbox where due < $1 and state not in ('waiting', 'sending')";
}

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
            self.connection(),
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
        let (sql, statements) = match ending {
            Ending::Leave => (KEEP, 1),
            Ending::Commit => (KEEP_AND_COMMIT, 2),
            Ending::Release => (KEEP_AND_RELEASE, 2),
        };
        let query = sqlx::query(sql)
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
        Ok(on!(self.connection(), c => sqlx::query_scalar(FIND)
            .bind(event).fetch_optional(c).await?))
    }
}

impl Store {
    /// Removes what need not be kept any longer: answers after two days, questions that are over,
    /// and after a week what came of a sending.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn sweep(&self, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let now = now.as_millisecond();
        let sweeps = [
            (SWEEP_ANSWERS, now - KEPT_MS),
            (SWEEP_QUESTIONS, now),
            (SWEEP_OUTBOX, now - SENDING_KEPT_MS),
            (SWEEP_POSTS, now - POST_KEPT_MS),
        ];
        for (sweep, before) in sweeps {
            execute!(tx.connection(), sweep, before);
        }
        tx.commit().await
    }
}
