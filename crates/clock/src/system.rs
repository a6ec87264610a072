use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::{Clock, MovableClock, Sleep};

/// The machine's clock, shifted by a correction and kept from running backwards.
///
/// The correction is zero unless somebody sets it: a process sets it from the database's clock, so
/// that several processes agree, and the terminal sets it to the time that `/tick` let pass.
#[derive(Debug, Default)]
pub struct SystemClock {
    correction_ms: AtomicI64,
    latest_ms: AtomicI64,
}

impl SystemClock {
    /// The machine's clock as it is.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on the clock shows the machine's time plus `correction`.
    ///
    /// A smaller correction than before makes the clock stand still, never jump back.
    pub fn correct(&self, correction: SignedDuration) {
        let millis = i64::try_from(correction.as_millis()).unwrap_or(0);
        self.correction_ms.store(millis, Ordering::Relaxed);
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let shifted = Timestamp::now()
            .as_millisecond()
            .saturating_add(self.correction_ms.load(Ordering::Relaxed));
        let latest = self.latest_ms.fetch_max(shifted, Ordering::Relaxed);
        Timestamp::from_millisecond(shifted.max(latest)).unwrap_or(Timestamp::MAX)
    }

    fn sleep_until(&self, at: Timestamp) -> Sleep {
        let wait = at.duration_since(self.now());
        Box::pin(tokio::time::sleep(
            Duration::try_from(wait).unwrap_or(Duration::ZERO),
        ))
    }
}

impl MovableClock for SystemClock {
    fn move_on(&self, by: SignedDuration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(0).max(0);
        self.correction_ms.fetch_add(millis, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smaller_correction_never_turns_the_clock_back() {
        let clock = SystemClock::new();
        clock.correct(SignedDuration::from_hours(5));
        let ahead = clock.now();
        clock.correct(SignedDuration::ZERO);
        assert!(clock.now() >= ahead);
    }
}
