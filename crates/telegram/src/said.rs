use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// What was said to people within the last second. Telegram counts it together with posts.
#[derive(Debug, Default)]
pub struct Said(Mutex<VecDeque<Timestamp>>);

const A_SECOND: SignedDuration = SignedDuration::from_secs(1);

/// More than that in a second is never said, and there would be no room left long before.
const MOST: usize = 100;

impl Said {
    /// A message leaves.
    pub fn note(&self, now: Timestamp) {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        said.push_back(now);
        if said.len() > MOST {
            said.pop_front();
        }
    }

    /// How many have left within the last second.
    pub fn lately(&self, now: Timestamp) -> usize {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while (said.front()).is_some_and(|at| now.duration_since(*at) >= A_SECOND) {
            said.pop_front();
        }
        said.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_counts_for_a_second() {
        let said = Said::default();
        let at = |millis: i64| Timestamp::from_millisecond(1_800_000_000_000 + millis).unwrap();
        for millis in [0, 400, 900] {
            said.note(at(millis));
        }
        assert_eq!(said.lately(at(999)), 3);
        assert_eq!(said.lately(at(1_000)), 2);
        assert_eq!(said.lately(at(1_900)), 0);
    }
}
