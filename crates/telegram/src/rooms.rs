//! A queue for each chat: one chat's updates are answered in order, and no chat waits for another.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use teloxide::types::Update;
use tokio::sync::oneshot;
use tokio_util::task::TaskTracker;

use crate::answer::Desk;

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

/// The queues. A chat has one as long as something waits in it.
#[derive(Default)]
pub struct Rooms {
    queues: Mutex<HashMap<i64, VecDeque<Job>>>,
    tasks: TaskTracker,
}

impl Rooms {
    /// Lets an update wait its turn in its chat.
    pub fn push(self: &Arc<Self>, desk: &Arc<Desk>, chat: i64, job: Job) {
        let mut queues = self.lock();
        if let Some(queue) = queues.get_mut(&chat) {
            queue.push_back(job);
            return;
        }
        queues.insert(chat, VecDeque::from([job]));
        drop(queues);
        let (rooms, desk) = (self.clone(), desk.clone());
        self.tasks.spawn(async move {
            while let Some(job) = rooms.take(chat) {
                desk.serve(job).await;
            }
        });
    }

    /// The next of a chat; with the last of them its queue goes, too.
    fn take(&self, chat: i64) -> Option<Job> {
        let mut queues = self.lock();
        let next = queues.get_mut(&chat).and_then(VecDeque::pop_front);
        if next.is_none() {
            queues.remove(&chat);
        }
        next
    }

    /// Ends when everything that waits has been served.
    pub async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i64, VecDeque<Job>>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
