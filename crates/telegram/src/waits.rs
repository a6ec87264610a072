//! Until when nothing new may be said in a chat: an order that an answer met is obeyed by posts, and the other
//! way round, within this process. Telegram counts both together; what is edited, it counts by itself.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ankle_core::face::SendError;
use jiff::{SignedDuration, Timestamp};

/// The orders to wait that still hold.
#[derive(Debug, Default)]
pub struct Waits(Mutex<HashMap<i64, Timestamp>>);

/// As many orders are kept before those that are over are forgotten.
const MANY: usize = 1_024;

impl Waits {
    /// Notes what came of a call to a chat, if it is an order.
    pub fn heed(&self, chat: i64, error: &SendError, now: Timestamp) {
        let SendError::RetryAfter { after, .. } = error else {
            return;
        };
        let after = SignedDuration::try_from(*after).unwrap_or(SignedDuration::MAX);
        let until = now.checked_add(after).unwrap_or(Timestamp::MAX);
        let mut waits = self.lock();
        if waits.len() >= MANY {
            waits.retain(|_, until| *until > now);
        }
        let wait = waits.entry(chat).or_insert(until);
        *wait = until.max(*wait);
    }

    /// Until when a chat has to wait, if it has to.
    pub fn until(&self, chat: i64, now: Timestamp) -> Option<Timestamp> {
        let mut waits = self.lock();
        let until = *waits.get(&chat)?;
        if until <= now {
            waits.remove(&chat);
            return None;
        }
        Some(until)
    }

    /// A chat has a new address: what it was told holds on there.
    pub fn moved(&self, from: i64, to: i64) {
        let mut waits = self.lock();
        if let Some(until) = waits.remove(&from) {
            let wait = waits.entry(to).or_insert(until);
            *wait = until.max(*wait);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i64, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ankle_core::face::RetryScope;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    fn order(seconds: u64) -> SendError {
        SendError::RetryAfter {
            after: Duration::from_secs(seconds),
            scope: RetryScope::Unsaid,
        }
    }

    #[test]
    fn the_longest_order_holds_for_its_chat_alone_and_then_is_forgotten() {
        let waits = Waits::default();
        waits.heed(1, &order(30), at(0));
        waits.heed(1, &order(5), at(1));
        waits.heed(2, &SendError::Gone, at(0));
        assert_eq!(waits.until(1, at(29)), Some(at(30)));
        assert_eq!(waits.until(2, at(0)), None);
        assert_eq!(waits.until(1, at(30)), None);
        assert!(waits.lock().is_empty());
    }

    #[test]
    fn an_order_goes_with_its_chat() {
        let waits = Waits::default();
        waits.heed(1, &order(30), at(0));
        waits.moved(1, 2);
        assert_eq!(waits.until(1, at(1)), None);
        assert_eq!(waits.until(2, at(1)), Some(at(30)));
    }

    #[test]
    fn orders_that_are_over_do_not_pile_up() {
        let waits = Waits::default();
        for chat in 0..100_000 {
            waits.heed(chat, &order(1), at(chat));
        }
        assert!(waits.lock().len() <= MANY);
    }
}
