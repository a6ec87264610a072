//! Where answers stand, handed on to the process after this one: an edit after a restart goes over the answer
//! that was given before it. What dies suddenly hands on nothing, and an edit is then answered anew.

use ankle_core::face::EventId;
use ankle_core::store::StoreError;

use super::Desk;
use super::recent::Stands;
use crate::update::PLATFORM;

/// How many are written in one transaction: others may want to write meanwhile.
const AT_ONCE: usize = 200;

impl Desk {
    /// Takes over what a process before this one remembered. What is known since stands.
    pub async fn recall_places(&self) {
        let places = match self.store.places(PLATFORM).await {
            Ok(places) => places,
            Err(error) => {
                tracing::warn!(%error, "edits of what was said before the start are answered anew");
                return;
            }
        };
        for (event, place) in places {
            let event = EventId(event);
            if let Ok(stands) = serde_json::from_str::<Stands>(&place)
                && self.recent.stands(&event).is_nowhere()
            {
                self.recent.answered(&event, stands);
            }
        }
    }

    /// Writes down what the next process will want to know.
    pub async fn note_places(&self) {
        for some in self.recent.all().chunks(AT_ONCE) {
            if let Err(error) = self.note_some(some).await {
                tracing::warn!(%error, "edits of what was said before the end will be answered anew");
                return;
            }
        }
    }

    async fn note_some(&self, some: &[(EventId, Stands)]) -> Result<(), StoreError> {
        let written = some.iter().filter_map(|(event, stands)| {
            let place = serde_json::to_string(stands).ok()?;
            Some((event.0.as_str(), place))
        });
        let places: Vec<_> = written.collect();
        let mut tx = self.store.begin().await?;
        tx.note_places(PLATFORM, &places).await?;
        tx.commit().await
    }
}
