use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;

use crate::{Clock, MovableClock, Sleep};

/// A clock that stands still until it is moved, and wakes its sleepers in the order of their
/// instants.
///
/// Clones share the same time.
#[derive(Clone, Debug)]
pub struct SimulatedClock {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug)]
struct Inner {
    now: Timestamp,
    /// By instant, then by order of arrival.
    sleepers: BTreeMap<(Timestamp, u64), oneshot::Sender<()>>,
    arrivals: u64,
}

impl SimulatedClock {
    /// A clock that shows `start`.
    #[must_use]
    pub fn new(start: Timestamp) -> Self {
        let inner = Inner {
            now: start,
            sleepers: BTreeMap::new(),
            arrivals: 0,
        };
        Self {
            inner: Arc::new(Mutex::new(inner)),
        }
    }

    /// Moves the clock to `to`, waking everybody due by then, earliest first. Each sleeper sees the
    /// clock at its own instant or later. An earlier `to` changes nothing.
    pub fn advance_to(&self, to: Timestamp) {
        while let Some(at) = self.next_sleeper().filter(|at| *at <= to) {
            self.wake_at(at);
        }
        let mut inner = self.lock();
        inner.now = inner.now.max(to);
    }

    /// Moves the clock on by `by`.
    pub fn advance(&self, by: SignedDuration) {
        let to = self.now().checked_add(by).unwrap_or(Timestamp::MAX);
        self.advance_to(to);
    }

    /// The earliest instant somebody sleeps until, if anybody sleeps.
    #[must_use]
    pub fn next_sleeper(&self) -> Option<Timestamp> {
        let mut inner = self.lock();
        inner.sleepers.retain(|_, sleeper| !sleeper.is_closed());
        inner.sleepers.keys().next().map(|(at, _)| *at)
    }

    /// Moves the clock to the earliest sleeper's instant and wakes all that sleep until just then.
    /// Returns that instant, or `None` if nobody sleeps.
    #[must_use]
    pub fn step(&self) -> Option<Timestamp> {
        let at = self.next_sleeper()?;
        self.wake_at(at);
        Some(at)
    }

    fn wake_at(&self, at: Timestamp) {
        let mut inner = self.lock();
        inner.now = inner.now.max(at);
        let later = inner.sleepers.split_off(&(at, u64::MAX));
        let due = std::mem::replace(&mut inner.sleepers, later);
        drop(inner);
        for sleeper in due.into_values() {
            // A sleeper that gave up in the meantime has dropped its end: nothing to do.
            let _ = sleeper.send(());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        self.lock().now
    }

    fn sleep_until(&self, at: Timestamp) -> Sleep {
        let mut inner = self.lock();
        if at <= inner.now {
            return Box::pin(std::future::ready(()));
        }
        let (wake, woken) = oneshot::channel();
        let arrival = inner.arrivals;
        inner.arrivals += 1;
        inner.sleepers.insert((at, arrival), wake);
        drop(inner);
        Box::pin(async move {
            // The clock is gone: nobody will ever move it, so there is nothing left to wait for.
            let _ = woken.await;
        })
    }
}

impl MovableClock for SimulatedClock {
    fn move_on(&self, by: SignedDuration) {
        self.advance(by);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[tokio::test]
    async fn sleepers_wake_in_the_order_of_their_instants() {
        let clock = SimulatedClock::new(at(0));
        let late = clock.sleep_until(at(20));
        let early = clock.sleep_until(at(10));
        assert_eq!(clock.next_sleeper(), Some(at(10)));
        assert_eq!(clock.step(), Some(at(10)));
        early.await;
        assert_eq!(clock.now(), at(10));
        clock.advance_to(at(30));
        late.await;
        assert_eq!(clock.now(), at(30));
    }

    #[tokio::test]
    async fn the_past_needs_no_sleep_and_the_clock_never_runs_back() {
        let clock = SimulatedClock::new(at(5));
        clock.sleep_until(at(5)).await;
        clock.advance_to(at(1));
        assert_eq!(clock.now(), at(5));
    }

    #[test]
    fn a_sleeper_that_gave_up_is_forgotten() {
        let clock = SimulatedClock::new(at(0));
        drop(clock.sleep_until(at(10)));
        assert_eq!(clock.next_sleeper(), None);
    }
}
