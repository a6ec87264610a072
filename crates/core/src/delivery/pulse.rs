use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// When a loop last did its work: by this a watchdog sees that it still runs.
#[derive(Debug)]
pub struct Pulse {
    /// Milliseconds since 1970; [`RESTS`] if nothing is expected of it.
    last: AtomicI64,
}

const RESTS: i64 = i64::MAX;

impl Pulse {
    /// Of a loop that begins now.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            last: AtomicI64::new(now.as_millisecond()),
        }
    }

    /// It has done its work once more.
    pub fn beat(&self, now: Timestamp) {
        self.last.store(now.as_millisecond(), Ordering::Relaxed);
    }

    /// Until its next beat it has nothing to do.
    pub fn rest(&self) {
        self.last.store(RESTS, Ordering::Relaxed);
    }

    /// When it last did its work. None while it rests.
    #[must_use]
    pub fn last(&self) -> Option<Timestamp> {
        Timestamp::from_millisecond(self.last.load(Ordering::Relaxed)).ok()
    }

    /// Whether it has done nothing for longer than it may.
    #[must_use]
    pub fn is_still(&self, now: Timestamp, patience: SignedDuration) -> bool {
        self.last()
            .is_some_and(|last| now.duration_since(last) > patience)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_rests_is_not_still_and_who_does_nothing_is() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let half_a_minute = SignedDuration::from_secs(30);
        let pulse = Pulse::new(at(0));
        assert!(!pulse.is_still(at(30), half_a_minute));
        assert!(pulse.is_still(at(31), half_a_minute));
        pulse.rest();
        assert!(!pulse.is_still(at(9_999), half_a_minute));
        assert_eq!(pulse.last(), None);
        pulse.beat(at(9_999));
        assert_eq!(pulse.last(), Some(at(9_999)));
    }
}
