use jiff::Timestamp;

use super::{Store, StoreError, Tx, execute, on, statements};
use crate::club::AccountId;

statements! {
    KEEP = "insert into handled (event, account_id, answer, at) values ($1, $2, $3, $4)";
    FIND = "select answer from handled where event = $1";
    SWEEP_ANSWERS = "delete from handled where at < $1";
    SWEEP_QUESTIONS = "delete from asked where until < $1";
}

/// How long an answer can be repeated: longer than any platform delivers an event again.
const KEPT_MS: i64 = 48 * 3_600 * 1_000;

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
    /// Removes what need not be kept any longer: answers after two days, questions that are over.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn sweep(&self, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let now = now.as_millisecond();
        for (sweep, before) in [(SWEEP_ANSWERS, now - KEPT_MS), (SWEEP_QUESTIONS, now)] {
            execute!(tx.connection(), sweep, before);
        }
        tx.commit().await
    }
}
