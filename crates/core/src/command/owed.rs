//! Answers whose work is done and acknowledged, and that still wait to be given.

use super::Bot;
use crate::club::Platform;
use crate::face::{EventId, Outcome};
use crate::store::StoreError;

/// An answer that a process before this one did not get to give.
#[derive(Clone, Debug)]
pub struct Owed {
    /// The event that it answers.
    pub event: EventId,
    /// Where it goes, in the words of the platform's face.
    pub target: String,
    /// The answer.
    pub outcome: Outcome,
}

impl Bot {
    /// Notes answers that still wait, each with where it goes: their events are acknowledged now, so
    /// if this process dies nobody else would think of them. What only looked something up is left
    /// out: nothing is lost with it, and it is asked again.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn owe(
        &self,
        platform: Platform,
        answers: &[(EventId, String)],
    ) -> Result<(), StoreError> {
        let mut tx = self.store().begin().await?;
        for (event, target) in answers {
            tx.owe(platform, (&event.0, target), self.now()).await?;
        }
        tx.commit().await
    }

    /// The answers that wait on a platform, the oldest first. One that this version cannot read is
    /// left out.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn owed(&self, platform: Platform) -> Result<Vec<Owed>, StoreError> {
        let rows = self.store().owed(platform).await?.into_iter();
        let read = rows.filter_map(|row| {
            Some(Owed {
                event: EventId(row.event),
                target: row.target,
                outcome: serde_json::from_str(&row.answer).ok()?,
            })
        });
        Ok(read.collect())
    }

    /// An answer that was noted has been given, or there is no use in it any more.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn given(&self, event: &EventId) -> Result<(), StoreError> {
        let mut tx = self.store().begin().await?;
        tx.given(&event.0).await?;
        tx.commit().await
    }
}
