//! What is remembered for a while and may be forgotten: where an answer stands, for the edit of its
//! question, and who does not let us write to him.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use ankle_core::face::EventId;
use jiff::{SignedDuration, Timestamp};

/// As many answers as are remembered.
const ANSWERS: usize = 4_096;

/// How long a closed door is not tried again.
const CLOSED: SignedDuration = SignedDuration::from_secs(60);

/// A message of ours.
pub type Place = (i64, i32);

/// Where an answer stands.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stands {
    /// Where it was asked.
    pub here: Option<Place>,
    /// In the private chat, if that is another place.
    pub privately: Option<Place>,
}

/// What is remembered.
#[derive(Default)]
pub struct Recent {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    answers: HashMap<EventId, Stands>,
    order: VecDeque<EventId>,
    closed: HashMap<u64, Timestamp>,
}

impl Recent {
    /// Notes where the answer to an event stands.
    pub fn answered(&self, event: &EventId, stands: Stands) {
        let mut inner = self.lock();
        if inner.answers.insert(event.clone(), stands).is_none() {
            inner.order.push_back(event.clone());
        }
        if inner.order.len() > ANSWERS
            && let Some(oldest) = inner.order.pop_front()
        {
            inner.answers.remove(&oldest);
        }
    }

    /// Where the answer to an event stands.
    pub fn stands(&self, event: &EventId) -> Stands {
        self.lock().answers.get(event).copied().unwrap_or_default()
    }

    /// Somebody's private chat is closed to us.
    pub fn closed(&self, user: u64, now: Timestamp) {
        let mut inner = self.lock();
        inner
            .closed
            .retain(|_, since| now.duration_since(*since) < CLOSED);
        inner.closed.insert(user, now);
    }

    /// Whether somebody's private chat was closed a moment ago.
    pub fn is_closed(&self, user: u64, now: Timestamp) -> bool {
        let since = self.lock().closed.get(&user).copied();
        since.is_some_and(|since| now.duration_since(since) < CLOSED)
    }

    /// Somebody's private chat is open.
    pub fn opened(&self, user: u64) {
        self.lock().closed.remove(&user);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
