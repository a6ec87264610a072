//! What is remembered for a while and may be forgotten: where an answer stands, for the edit of its
//! question, the topics of messages with buttons, and who does not let us write to him.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ankle_core::face::EventId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use teloxide::types::ThreadId;

/// As many answers as are remembered.
const ANSWERS: usize = 4_096;

/// How long a closed door is not tried again.
const CLOSED: SignedDuration = SignedDuration::from_secs(60);

/// A message of ours.
pub type Place = (i64, i32);

/// Where an answer stands.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Stands {
    /// Where it was asked.
    pub here: Option<Place>,
    /// In the private chat, if that is another place.
    pub privately: Option<Place>,
}

impl Stands {
    /// Whether nothing is known of it.
    pub fn is_nowhere(&self) -> bool {
        self.here.is_none() && self.privately.is_none()
    }

    fn both(self) -> Option<(Place, Place)> {
        self.here.zip(self.privately)
    }
}

/// What is remembered.
#[derive(Default)]
pub struct Recent {
    inner: Mutex<Inner>,
}

/// Trees, as they take room for what is in them: a hash table of so many, from which one goes as each
/// comes, has room for two to four times as many.
#[derive(Default)]
struct Inner {
    answers: BTreeMap<Arc<str>, Stands>,
    order: VecDeque<Arc<str>>,
    /// Of an answer that stands in two places, each by the other.
    copies: BTreeMap<Place, Place>,
    topics: BTreeMap<Place, (Topic, Timestamp)>,
    topics_order: VecDeque<Place>,
    closed: HashMap<u64, Timestamp>,
}

/// The topic in which a message stands, or that it stands in none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Topic(pub Option<ThreadId>);

impl Recent {
    /// Notes where the answer to an event stands.
    pub fn answered(&self, event: &EventId, stands: Stands) {
        let mut inner = self.lock();
        let name = Arc::<str>::from(event.0.as_str());
        let before = inner.answers.insert(name.clone(), stands);
        if before.is_none() {
            inner.order.push_back(name);
        }
        if let Some((one, other)) = before.and_then(Stands::both) {
            inner.copies.remove(&one);
            inner.copies.remove(&other);
        }
        if let Some((one, other)) = stands.both() {
            inner.copies.insert(one, other);
            inner.copies.insert(other, one);
        }
        if inner.order.len() > ANSWERS
            && let Some(oldest) = inner.order.pop_front()
            && let Some(stood) = inner.answers.remove(&oldest)
            && let Some((one, other)) = stood.both()
        {
            inner.copies.remove(&one);
            inner.copies.remove(&other);
        }
    }

    /// Where the other copy of an answer stands, if there is one.
    pub fn other_copy(&self, place: Place) -> Option<Place> {
        self.lock().copies.get(&place).copied()
    }

    /// Where the answer to an event stands.
    pub fn stands(&self, event: &EventId) -> Stands {
        let stands = self.lock().answers.get(event.0.as_str()).copied();
        stands.unwrap_or_default()
    }

    /// Where all answers stand that are remembered, the oldest first.
    pub fn all(&self) -> Vec<(EventId, Stands)> {
        let inner = self.lock();
        let known = |name: &Arc<str>| Some((EventId(name.to_string()), *inner.answers.get(name)?));
        inner.order.iter().filter_map(known).collect()
    }

    /// Notes in which topic a message of ours stands from now on, or that it is in none.
    pub fn stands_in(&self, place: Place, thread: Option<ThreadId>, now: Timestamp) {
        let mut inner = self.lock();
        if inner.topics.insert(place, (Topic(thread), now)).is_none() {
            inner.topics_order.push_back(place);
        }
        if inner.topics_order.len() > ANSWERS
            && let Some(oldest) = inner.topics_order.pop_front()
        {
            inner.topics.remove(&oldest);
        }
    }

    /// In which topic a message of ours stands, if that is known.
    pub fn topic(&self, place: Place) -> Option<Topic> {
        self.lock().topics.get(&place).map(|(topic, _)| *topic)
    }

    /// Since when a message of ours stands, if that is known.
    pub fn stood_since(&self, place: Place) -> Option<Timestamp> {
        self.lock().topics.get(&place).map(|(_, since)| *since)
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
