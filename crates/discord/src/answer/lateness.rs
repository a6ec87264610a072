//! How old an interaction is when it comes, although our own clock may be wrong.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// How long what interactions have shown of the platform's clock is believed, at the least: ours may be
/// set right.
const BELIEVED: SignedDuration = SignedDuration::from_mins(10);

/// Between two lines in the log that say the same.
const SELDOM: SignedDuration = SignedDuration::from_mins(1);

/// How far the platform's clock is ahead of ours. Nothing comes before it was made, so whatever seems to
/// shows it.
#[derive(Default)]
pub struct PlatformTime(Mutex<Ahead>);

#[derive(Default)]
struct Ahead {
    since: Option<Timestamp>,
    lately: SignedDuration,
    before: SignedDuration,
}

impl PlatformTime {
    /// How old something is that comes now, as far as can be known.
    pub fn age(&self, made: Timestamp, now: Timestamp) -> SignedDuration {
        let mut ahead = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let since = *ahead.since.get_or_insert(now);
        if now.duration_since(since) >= BELIEVED {
            let lately = std::mem::take(&mut ahead.lately);
            (ahead.since, ahead.before) = (Some(now), lately);
        }
        ahead.lately = ahead.lately.max(made.duration_since(now));
        now.duration_since(made) + ahead.lately.max(ahead.before)
    }
}

/// For what may happen a thousand times at once and is said once.
#[derive(Default)]
pub struct Seldom(Mutex<Option<Timestamp>>);

impl Seldom {
    /// Whether it is time to say it again.
    pub fn is_time(&self, now: Timestamp) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_time = last.is_none_or(|last| now.duration_since(last) >= SELDOM);
        if is_time {
            *last = Some(now);
        }
        is_time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + seconds).unwrap()
    }

    #[test]
    fn a_clock_of_ours_that_is_behind_makes_nothing_younger() {
        let time = PlatformTime::default();
        let age = |made, now| time.age(at(made), at(now)).as_secs();
        assert_eq!(age(0, 0), 0);
        assert_eq!(age(0, 8), 8, "by a clock that is right");
        // Ours is a minute behind: what was made at 70 comes at 10.
        assert_eq!(age(70, 10), 0);
        assert_eq!(age(70, 18), 8, "the same again, eight seconds later");
        assert_eq!(age(90, 30), 0);
    }

    #[test]
    fn a_clock_that_was_set_right_is_believed_again() {
        let time = PlatformTime::default();
        let age = |made, now| time.age(at(made), at(now)).as_secs();
        assert_eq!(age(60, 0), 0);
        assert_eq!(age(100, 100), 60, "it is asked whether it is so");
        assert_eq!(age(700, 700), 60);
        assert_eq!(age(1_400, 1_400), 0);
    }

    #[test]
    fn what_is_said_seldom_is_said_once_a_minute() {
        let seldom = Seldom::default();
        assert!(seldom.is_time(at(0)));
        assert!(!seldom.is_time(at(59)));
        assert!(seldom.is_time(at(60)));
    }
}
