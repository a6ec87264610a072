//! The one clock of anklebot.
//!
//! Nothing else in the project asks for the time or sleeps until an instant: not the core, not an
//! adapter, not a fake platform, and no SQL statement but the one by which [`SystemClock`] is calibrated. That is what lets a test run a year in
//! seconds and the terminal let an evening pass with `/tick 07:00`.

mod simulated;
mod stopwatch;
mod system;

use std::future::Future;
use std::pin::Pin;

use jiff::{SignedDuration, Timestamp};

pub use simulated::SimulatedClock;
pub use stopwatch::Stopwatch;
pub use system::{Calibration, SystemClock};

/// A future that ends when its instant has come.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The present instant. Never runs backwards for one clock.
    fn now(&self) -> Timestamp;

    /// Sleeps until `at`; ends at once if that instant is not in the future.
    ///
    /// The future does not borrow the clock, so that it can be kept in a `select!`.
    fn sleep_until(&self, at: Timestamp) -> Sleep;
}

/// A clock that somebody may let run ahead, as the terminal does to play a month in a minute.
pub trait MovableClock: Clock {
    /// Lets it show so much more than it would. What is negative changes nothing.
    fn move_on(&self, by: SignedDuration);
}
