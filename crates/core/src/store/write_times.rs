//! How long SQLite's write transactions take: whoever holds the one writer keeps everybody waiting.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds of the classes, in milliseconds. No transaction is to take more than 20 ms: a house rule.
const BOUNDS_MS: [u64; 8] = [1, 2, 5, 10, 20, 50, 200, 1_000];

/// Counts transactions by how long they took, from their beginning (with its wait for another program
/// that holds the file) to the end of their commit. It never allocates.
#[derive(Debug, Default)]
pub struct WriteTimes {
    counts: [AtomicU64; BOUNDS_MS.len() + 1],
    longest_us: AtomicU64,
}

impl WriteTimes {
    /// How many transactions took how long: in each class, up to its bound. The last has none.
    pub fn classes(&self) -> impl Iterator<Item = (Option<Duration>, u64)> {
        let bounds = BOUNDS_MS.map(|bound| Some(Duration::from_millis(bound)));
        let counts = self.counts.iter().map(|n| n.load(Ordering::Relaxed));
        bounds.into_iter().chain([None]).zip(counts)
    }

    /// What the longest took.
    #[must_use]
    pub fn longest(&self) -> Duration {
        Duration::from_micros(self.longest_us.load(Ordering::Relaxed))
    }

    pub(super) fn note(&self, took: Duration) {
        let class = BOUNDS_MS
            .iter()
            .position(|bound| took <= Duration::from_millis(*bound));
        self.counts[class.unwrap_or(BOUNDS_MS.len())].fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.longest_us.fetch_max(micros, Ordering::Relaxed);
    }
}

/// For the log: `12 up to 1 ms, 3 up to 2 ms, the longest 1.7 ms`.
impl fmt::Display for WriteTimes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (bound, count) in self.classes().filter(|(_, count)| *count > 0) {
            match bound {
                Some(bound) => write!(f, "{count} up to {} ms, ", bound.as_millis())?,
                None => write!(f, "{count} longer, ")?,
            }
        }
        let longest = self.longest().as_secs_f64() * 1e3;
        write!(f, "the longest {longest:.1} ms")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_time_is_in_the_class_of_its_bound_and_the_longest_is_known() {
        let times = WriteTimes::default();
        for micros in [1_000, 1_001, 20_000, 20_001, 9_000_000] {
            times.note(Duration::from_micros(micros));
        }
        let counts: Vec<_> = times.classes().map(|(_, count)| count).collect();
        assert_eq!(counts, [1, 1, 0, 0, 1, 1, 0, 0, 1]);
        assert_eq!(times.longest(), Duration::from_secs(9));
        assert_eq!(
            times.to_string(),
            "1 up to 1 ms, 1 up to 2 ms, 1 up to 20 ms, 1 up to 50 ms, 1 longer, the longest 9000.0 ms"
        );
    }
}
