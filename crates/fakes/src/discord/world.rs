//! The one state behind everything, and waiting for it to change.

use std::fmt::{self, Debug, Formatter};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ankle_clock::Clock;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use super::state::State;

/// How long a wait may take in real time before it gives up.
const PATIENCE: Duration = Duration::from_secs(10);

/// The state, and a counter that moves with each change of it.
pub(crate) struct Shared {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    changed: watch::Sender<u64>,
}

impl Debug for Shared {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

impl Shared {
    pub(crate) fn new(clock: Arc<dyn Clock>, state: State) -> Arc<Self> {
        Arc::new(Self {
            clock,
            state: Mutex::new(state),
            changed: watch::Sender::new(0),
        })
    }

    /// Changes the state and wakes everybody who waits for a change.
    pub(crate) fn write<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock());
        self.changed.send_modify(|count| *count += 1);
        result
    }

    /// Looks at the state. It may note what was looked at; nobody is woken.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.lock())
    }

    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Waits until `check` finds something.
    ///
    /// # Panics
    /// After ten seconds of real time, with the state in words.
    pub(crate) async fn wait<T>(
        &self,
        what: &str,
        mut check: impl FnMut(&mut State) -> Option<T>,
    ) -> T {
        let mut changes = self.changes();
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = self.read(&mut check) {
                return found;
            }
            let in_time = timeout_at(end, changes.changed()).await;
            assert!(
                in_time.is_ok(),
                "waited {} s in vain for {what}\n{}",
                PATIENCE.as_secs(),
                self.read(|state| state.in_words())
            );
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A test that failed while it held the lock must not hide its own message behind another.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.now = self.clock.now();
        state
    }
}
