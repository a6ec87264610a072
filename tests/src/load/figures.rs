//! The arithmetic: percentiles and pace.

use std::time::Duration;

/// Latencies, shortest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Latencies(Vec<Duration>);

impl Latencies {
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// The latency within which `percent` of a hundred stay, by the nearest rank: one that was
    /// measured, never one in between. The hundredth is the longest.
    pub(super) fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.0.len() * percent).div_ceil(100);
        let at = rank.saturating_sub(1);
        self.0.get(at).copied().unwrap_or_default()
    }

    /// These and those together.
    pub(super) fn with(&self, more: &Self) -> Self {
        self.0.iter().chain(&more.0).copied().collect()
    }
}

impl FromIterator<Duration> for Latencies {
    fn from_iter<I: IntoIterator<Item = Duration>>(latencies: I) -> Self {
        let mut sorted: Vec<_> = latencies.into_iter().collect();
        sorted.sort_unstable();
        Self(sorted)
    }
}

/// How long after the first command the one of this number is due, counted from 0. Taken from the
/// number and not from the one before, so that no rounding adds up.
pub(super) fn due(number: u64, per_second: u64) -> Duration {
    let nanos = |part: u64| part * 1_000_000_000 / per_second;
    Duration::from_secs(number / per_second) + Duration::from_nanos(nanos(number % per_second))
}

/// Milliseconds.
pub(super) fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// Microseconds.
pub(super) fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

/// One of `count` equal parts.
pub(super) fn share(duration: Duration, count: u64) -> Duration {
    let nanos = duration.as_nanos() / u128::from(count.max(1));
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// How many of `count` a second.
pub(super) fn rate(count: u64, wall: Duration) -> u64 {
    let nanos = wall.as_nanos().max(1);
    u64::try_from(u128::from(count) * 1_000_000_000 / nanos).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(millis: impl IntoIterator<Item = u64>) -> Latencies {
        millis.into_iter().map(Duration::from_millis).collect()
    }

    #[test]
    fn a_percentile_is_a_latency_that_was_measured() {
        let hundred = of((1..=100).rev());
        for percent in [50, 90, 99, 100] {
            let expected = Duration::from_millis(percent as u64);
            assert_eq!(hundred.percentile(percent), expected);
        }
        let three = of([30, 10, 20]);
        assert_eq!(three.percentile(50), Duration::from_millis(20));
        assert_eq!(three.percentile(99), Duration::from_millis(30));
        assert_eq!(of([7]).percentile(50), Duration::from_millis(7));
        assert_eq!(of([]).percentile(50), Duration::ZERO);
    }

    #[test]
    fn two_lists_together_are_sorted_again() {
        let both = of([1, 5]).with(&of([2, 3, 4]));
        assert_eq!(both.count(), 5);
        assert_eq!(both.percentile(50), Duration::from_millis(3));
    }

    #[test]
    fn the_pace_is_kept_however_long_it_goes_on() {
        assert_eq!(due(0, 200), Duration::ZERO);
        assert_eq!(due(1, 200), Duration::from_millis(5));
        assert_eq!(due(4_000, 200), Duration::from_secs(20));
        assert_eq!(due(1, 3), Duration::from_nanos(333_333_333));
        assert_eq!(due(3_000_000, 3), Duration::from_secs(1_000_000));
    }

    #[test]
    fn parts_and_rates_survive_nothing_at_all() {
        assert_eq!(share(Duration::from_secs(1), 0), Duration::from_secs(1));
        assert_eq!(share(Duration::from_secs(1), 4), Duration::from_millis(250));
        assert_eq!(rate(500, Duration::from_millis(250)), 2_000);
        assert_eq!(rate(0, Duration::ZERO), 0);
    }
}
