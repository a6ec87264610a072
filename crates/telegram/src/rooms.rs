//! Queues for each chat: one chat's updates are worked on and answered in order, and no chat waits
//! for another. What is said in a group and privately waits for both in turn, and holds up neither.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ankle_core::face::EventId;
use futures_util::FutureExt;
use tokio::sync::oneshot;
use tokio_util::task::TaskTracker;

use crate::answer::{Desk, Saying};
use crate::incoming::Update;
use crate::update::opens_private;

/// An update that waits.
pub struct Job {
    /// The update.
    pub update: Update,
    /// Told when its work is committed, or that it cannot be.
    pub committed: oneshot::Sender<Commit>,
    /// Whether work that cannot be committed is left to the platform to deliver again.
    pub redelivered: bool,
    /// Dropped when it is answered.
    pub answered: Answering,
}

/// What became of an update's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commit {
    /// It is stored, or there was nothing to store.
    Done,
    /// The database does not take it.
    Failed,
}

/// Held while an answer is on its way.
pub type Answering = tokio::sync::mpsc::Sender<()>;

/// What is left to say when an update's work is done.
pub struct Words {
    /// The event that is answered, if it is done once only.
    pub event: Option<EventId>,
    /// What.
    pub saying: Saying,
    /// Dropped when it is said; none if nobody waits for that.
    pub answered: Option<Answering>,
}

/// The queues. A chat has two: what it asks for is done in order, and its answers go out in order.
/// They are apart, because an answer that has to wait must not hold up the work behind it, and with
/// that the acknowledgement of everybody's updates.
#[derive(Default)]
pub struct Rooms {
    jobs: Lanes<Job>,
    words: Lanes<Words>,
    tasks: TaskTracker,
    closed: AtomicBool,
}

impl Rooms {
    /// Lets an update wait its turn in its chat.
    pub fn push(self: &Arc<Self>, desk: &Arc<Desk>, chat: i64, job: Job) {
        // At once: what its owner asks in a group meanwhile waits in another queue.
        if let Some(user) = opens_private(&job.update) {
            desk.recent.opened(user);
        }
        if !self.jobs.push(chat, job) {
            return;
        }
        let (rooms, desk) = (self.clone(), desk.clone());
        self.tasks.spawn(async move {
            while let Some(job) = rooms.jobs.take(chat) {
                // A panic must not leave the chat's queue without anybody who empties it.
                match AssertUnwindSafe(desk.serve(job)).catch_unwind().await {
                    Ok(Some(words)) => rooms.answer(&desk, chat, words),
                    Ok(None) => {}
                    Err(_) => tracing::error!("the work of an update panicked"),
                }
            }
        });
    }

    /// Lets an answer to what was asked in a chat wait its turn there, or in the private chat in which
    /// it begins.
    pub fn answer(self: &Arc<Self>, desk: &Arc<Desk>, chat: i64, words: Words) {
        if let Some((press, pop_up)) = words.saying.acknowledgement() {
            let desk = desk.clone();
            self.tasks
                .spawn(async move { desk.acknowledge(&press, pop_up).await });
        }
        let lane = words.saying.begins_in().unwrap_or(chat);
        self.say_in(desk, lane, words);
    }

    fn say_in(self: &Arc<Self>, desk: &Arc<Desk>, chat: i64, words: Words) {
        if !self.words.push(chat, words) {
            return;
        }
        let (rooms, desk) = (self.clone(), desk.clone());
        self.tasks.spawn(async move {
            while let Some(words) = rooms.words.take(chat) {
                let event = words.event.clone();
                match AssertUnwindSafe(desk.say_all(words)).catch_unwind().await {
                    Ok(Some((next, rest))) => {
                        rooms.say_in(&desk, next, rest);
                        continue;
                    }
                    Ok(None) => {}
                    Err(_) => tracing::error!("an answer panicked"),
                }
                if let Some(event) = event {
                    desk.given(&event).await;
                }
            }
        });
    }

    /// Nothing more is taken that is delivered again if we do not take it.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }

    /// Whether nothing more is taken.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// Ends when everything that waits has been served and answered.
    pub async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// A queue for each chat, which is there as long as something waits in it or is taken from it.
struct Lanes<T> {
    queues: Mutex<HashMap<i64, VecDeque<T>>>,
}

impl<T> Lanes<T> {
    /// Lets something wait its turn. Tells whether the queue is new: then somebody has to empty it.
    fn push(&self, chat: i64, what: T) -> bool {
        match self.lock().entry(chat) {
            Entry::Occupied(mut queue) => {
                queue.get_mut().push_back(what);
                false
            }
            Entry::Vacant(place) => {
                place.insert(VecDeque::from([what]));
                true
            }
        }
    }

    /// The next of a chat; after the last of them its queue goes, too.
    fn take(&self, chat: i64) -> Option<T> {
        let mut queues = self.lock();
        let next = queues.get_mut(&chat).and_then(VecDeque::pop_front);
        if next.is_none() {
            queues.remove(&chat);
        }
        next
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i64, VecDeque<T>>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Default for Lanes<T> {
    fn default() -> Self {
        Self {
            queues: Mutex::default(),
        }
    }
}
