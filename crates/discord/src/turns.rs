//! One person's interactions in order, and nobody waits for anybody else.
//!
//! In a channel of four hundred an answer is due within three seconds, so a queue for each channel
//! would let one slow command spoil the others. Commands of different people do not depend on each
//! other; what somebody does after his own command does (log, then undo). So the queue is a person's.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

/// The queues: of everybody who waits, the end.
#[derive(Default)]
pub struct Turns {
    ends: Mutex<Ends>,
}

#[derive(Default)]
struct Ends {
    next: u64,
    last: HashMap<String, (u64, oneshot::Receiver<()>)>,
}

/// A place in a queue. When it is dropped, the next one's turn has come.
pub struct Turn {
    turns: Arc<Turns>,
    who: String,
    number: u64,
    before: Option<oneshot::Receiver<()>>,
    _done: oneshot::Sender<()>,
}

impl Turns {
    /// Takes a place behind everything that the same person did before.
    pub fn take(self: &Arc<Self>, who: &str) -> Turn {
        let (done, after) = oneshot::channel();
        let mut ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        let number = ends.next;
        ends.next += 1;
        let before = ends.last.insert(who.to_owned(), (number, after));
        Turn {
            turns: self.clone(),
            who: who.to_owned(),
            number,
            before: before.map(|(_, before)| before),
            _done: done,
        }
    }
}

impl Turn {
    /// Waits until everything before it is done, or given up.
    pub async fn come(&mut self) {
        if let Some(before) = self.before.take() {
            // It is never told, only dropped.
            let _ = before.await;
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let ends = &self.turns.ends;
        let mut ends = ends.lock().unwrap_or_else(PoisonError::into_inner);
        if ends
            .last
            .get(&self.who)
            .is_some_and(|(n, _)| *n == self.number)
        {
            ends.last.remove(&self.who);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[tokio::test]
    async fn one_person_waits_for_himself_and_for_nobody_else() {
        let turns = Arc::new(Turns::default());
        let mut first = turns.take("mia");
        let mut second = turns.take("mia");
        let mut third = turns.take("mia");
        let mut other = turns.take("jonas");
        assert!(first.come().now_or_never().is_some());
        assert!(other.come().now_or_never().is_some());
        assert!(second.come().now_or_never().is_none());
        drop(first);
        let mut second = second;
        second.before = None;
        assert!(third.come().now_or_never().is_none());
        drop(second);
    }

    #[tokio::test]
    async fn the_next_turn_comes_when_the_one_before_is_dropped_and_nothing_is_left() {
        let turns = Arc::new(Turns::default());
        let first = turns.take("mia");
        let mut second = turns.take("mia");
        drop(first);
        second.come().await;
        drop(second);
        assert!(turns.ends.lock().unwrap().last.is_empty());
    }
}
