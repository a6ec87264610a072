use std::time::{Duration, Instant};

/// How long something takes on this machine. It never says what time it is, so it is no part of what a
/// simulated clock simulates: for figures alone, never for a decision.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts it.
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// What has passed since.
    #[must_use]
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
