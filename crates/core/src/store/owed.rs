use jiff::Timestamp;

use super::{Store, StoreError, Tx, execute, on, statements};
use crate::club::Platform;

statements! {
    /// What only reads is not kept under its event: it is asked again.
    OWE = "insert into owed (event, platform, target, since)
        select $1, $2, $3, $4 where exists (select 1 from handled where event = $1)
        on conflict (event) do nothing";
    OWED = "select o.event, o.target, h.answer from owed o join handled h on h.event = o.event
        where o.platform = $1 order by o.since, o.event";
    GIVEN = "delete from owed where event = $1";
}

/// An answer that waits to be given, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OwedRow {
    /// The event that it answers.
    pub event: String,
    /// Where it goes, in the words of the platform's face.
    pub target: String,
    /// The answer.
    pub answer: String,
}

impl Tx {
    /// Notes that the answer to an event still waits to be given, and where it goes.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn owe(
        &mut self,
        platform: Platform,
        (event, target): (&str, &str),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let now = now.as_millisecond();
        execute!(self, OWE, event, platform.0, target, now);
        Ok(())
    }

    /// An answer has been given, or there is no use in it any more.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn given(&mut self, event: &str) -> Result<(), StoreError> {
        execute!(self, GIVEN, event);
        Ok(())
    }
}

impl Store {
    /// The answers that wait on a platform, the oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn owed(&self, platform: Platform) -> Result<Vec<OwedRow>, StoreError> {
        Ok(on!(self.reader(), pool =>
            sqlx::query_as(OWED).bind(platform.0).fetch_all(pool).await?))
    }
}
