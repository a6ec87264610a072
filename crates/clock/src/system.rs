use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

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

/// What came of asking another clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calibration {
    /// The other clock is so much ahead of the machine's, and is followed.
    Followed {
        /// Negative if it is behind.
        ahead: SignedDuration,
    },
    /// The answer took so long that it says too little. Nothing was changed.
    TooSlow {
        /// How long.
        took: Duration,
    },
}

/// An answer that took longer is no reading: it may be wrong by half of that. A house rule; leases are
/// renewed seven seconds before they end.
const SLOW: Duration = Duration::from_secs(1);

/// What a reading may be wrong by beside half of what it took: milliseconds are cut off twice.
const GRAIN: SignedDuration = SignedDuration::from_millis(2);

impl SystemClock {
    /// Asks another clock for its time, and follows it from now on.
    ///
    /// A difference that the reading's own error explains is left alone, so that the clock does not
    /// tremble.
    ///
    /// # Errors
    ///
    /// What asking came to.
    pub async fn calibrate<E>(
        &self,
        other: impl Future<Output = Result<Timestamp, E>>,
    ) -> Result<Calibration, E> {
        let (before, started) = (Timestamp::now(), Instant::now());
        let shown = other.await?;
        Ok(self.follow(before, started.elapsed(), shown))
    }

    /// Follows a clock that was asked at `before` by the machine's, and answered after `took`.
    fn follow(&self, before: Timestamp, took: Duration, shown: Timestamp) -> Calibration {
        if took > SLOW {
            return Calibration::TooSlow { took };
        }
        let half = SignedDuration::try_from(took / 2).unwrap_or_default();
        let ahead = shown.duration_since(before) - half;
        let correction = SignedDuration::from_millis(self.correction_ms.load(Ordering::Relaxed));
        if (ahead - correction).abs() > half + GRAIN {
            self.correct(ahead);
        }
        Calibration::Followed { ahead }
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

    #[test]
    fn another_clock_is_followed_as_far_as_its_answer_can_be_trusted() {
        let clock = SystemClock::new();
        let before: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let seconds = SignedDuration::from_secs;
        let correction = || clock.correction_ms.load(Ordering::Relaxed);
        let quick = Duration::from_millis(100);
        let far = clock.follow(before, quick, before + seconds(7));
        let ahead = SignedDuration::from_millis(6_950);
        assert_eq!(far, Calibration::Followed { ahead });
        assert_eq!(correction(), 6_950);
        let slow = Duration::from_millis(1_001);
        let ignored = clock.follow(before, slow, before);
        assert_eq!(ignored, Calibration::TooSlow { took: slow });
        clock.follow(before, quick, before + SignedDuration::from_millis(6_960));
        assert_eq!(correction(), 6_950, "it may be wrong by more than that");
        clock.follow(before, quick, before - seconds(7));
        assert_eq!(correction(), -7_050, "a machine that is ahead");
    }

    #[tokio::test]
    async fn what_asking_came_to_is_handed_on_and_changes_nothing() {
        let clock = SystemClock::new();
        let failed = clock.calibrate(async { Err("no network") }).await;
        assert_eq!(failed, Err("no network"));
        let ahead = Timestamp::now() + SignedDuration::from_hours(1);
        let done = clock.calibrate(async { Ok::<_, ()>(ahead) }).await;
        assert!(matches!(done, Ok(Calibration::Followed { .. })));
        assert!(clock.now() >= ahead - SignedDuration::from_secs(1));
    }
}
