//! Which answers are on their way, so that they can be noted when they have to wait.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ankle_core::face::EventId;

use super::{Desk, Saying};
use crate::rooms::Words;
use crate::update::{PLATFORM, Target};

/// The answers on their way.
#[derive(Default)]
pub struct OnTheirWay(Mutex<HashMap<EventId, Waiting>>);

struct Waiting {
    target: Target,
    is_noted: bool,
}

impl OnTheirWay {
    /// An answer is to be given from now on. If its event has come a second time, it waits already, and may
    /// have been noted.
    pub fn begin(&self, event: &EventId, target: &Target) {
        self.begin_as(event, target, false);
    }

    /// The same with one that has been noted with its work.
    pub fn begin_noted(&self, event: &EventId, target: &Target) {
        self.begin_as(event, target, true);
    }

    fn begin_as(&self, event: &EventId, target: &Target, is_noted: bool) {
        let mut waiting = self.lock();
        waiting.entry(event.clone()).or_insert_with(|| Waiting {
            target: target.clone(),
            is_noted,
        });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<EventId, Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    /// Notes the answers that still wait, before their events are acknowledged.
    pub async fn note_owed(&self) {
        let waiting: Vec<_> = {
            let waiting = self.on_their_way.lock();
            let new = waiting.iter().filter(|(_, waits)| !waits.is_noted);
            new.filter_map(|(event, waits)| {
                let target = serde_json::to_string(&waits.target).ok()?;
                Some((event.clone(), target))
            })
            .collect()
        };
        if waiting.is_empty() {
            return;
        }
        if let Err(error) = self.bot.owe(PLATFORM, &waiting).await {
            // Their data are stored: what may be lost is the answer, if we die before it is given.
            tracing::error!(%error, "answers that wait were not noted");
            return;
        }
        let mut given = Vec::new();
        {
            let mut on_their_way = self.on_their_way.lock();
            for (event, _) in waiting {
                match on_their_way.get_mut(&event) {
                    Some(waits) => waits.is_noted = true,
                    // It went out meanwhile.
                    None => given.push(event),
                }
            }
        }
        for event in given {
            self.strike(&event).await;
        }
    }

    /// An answer has been given, or there is no use in it any more.
    pub async fn given(&self, event: &EventId) {
        let waited = self.on_their_way.lock().remove(event);
        if waited.is_some_and(|waits| waits.is_noted) {
            self.strike(event).await;
        }
    }

    /// What a process before this one did not get to say.
    pub async fn owed(&self) -> Vec<(i64, Words)> {
        let owed = match self.bot.owed(PLATFORM).await {
            Ok(owed) => owed,
            Err(error) => {
                tracing::error!(%error, "answers that wait were not read");
                return Vec::new();
            }
        };
        if !owed.is_empty() {
            tracing::info!(answers = owed.len(), "giving what was left to be given");
        }
        let words = owed.into_iter().filter_map(|owed| {
            let target: Target = serde_json::from_str(&owed.target).ok()?;
            let waiting = Waiting {
                target: target.clone(),
                is_noted: true,
            };
            match self.on_their_way.lock().entry(owed.event.clone()) {
                // We have never lost it: it is only again our turn.
                Entry::Occupied(_) => return None,
                Entry::Vacant(place) => place.insert(waiting),
            };
            let chat = target.chat;
            let words = Words {
                event: Some(owed.event),
                saying: Saying::Answer(Box::new((owed.outcome, target))),
                answered: None,
            };
            Some((chat, words))
        });
        words.collect()
    }

    async fn strike(&self, event: &EventId) {
        if let Err(error) = self.bot.given(event).await {
            // It is said once more by the next process.
            tracing::warn!(%error, "an answer that was given is still noted");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_was_noted_stays_so_when_its_event_comes_again() {
        let on_their_way = OnTheirWay::default();
        let event = EventId("telegram:1:1".to_owned());
        let target = Target::of_chat(1);
        on_their_way.begin_noted(&event, &target);
        on_their_way.begin(&event, &target);
        let waits = on_their_way.lock().remove(&event);
        assert!(waits.is_some_and(|waits| waits.is_noted));
    }
}
