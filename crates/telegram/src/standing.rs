use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ankle_core::delivery::Pulse;
use jiff::Timestamp;

/// Whether updates reach us.
pub struct Standing {
    ready: AtomicBool,
    pulse: Arc<Pulse>,
}

impl Standing {
    /// Not yet.
    pub fn new(now: Timestamp) -> Self {
        let pulse = Pulse::new(now);
        pulse.rest();
        Self {
            ready: AtomicBool::new(false),
            pulse: Arc::new(pulse),
        }
    }

    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }

    pub fn pulse(&self) -> Arc<Pulse> {
        self.pulse.clone()
    }

    /// A poll begins or has gone well.
    pub fn polls(&self, now: Timestamp) {
        self.ready.store(true, Ordering::Relaxed);
        self.pulse.beat(now);
    }

    /// A poll failed; the next is under way or will be.
    pub fn missed(&self, now: Timestamp) {
        self.ready.store(false, Ordering::Relaxed);
        self.pulse.beat(now);
    }

    /// What there is to do is done: updates come by themselves, or to another process.
    pub fn waits(&self) {
        self.ready.store(true, Ordering::Relaxed);
        self.pulse.rest();
    }

    /// They do not reach us.
    pub fn is_away(&self) {
        self.ready.store(false, Ordering::Relaxed);
        self.pulse.rest();
    }
}
