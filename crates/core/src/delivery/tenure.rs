use std::collections::VecDeque;

use jiff::Timestamp;

use crate::store::Epoch;

/// The tenure that this process has, or believes it has.
#[derive(Default)]
pub(super) struct Tenure {
    pub epoch: Option<Epoch>,
    pub renewed: Option<Timestamp>,
    /// Its latest epochs, of this process alone: a lease that ran out in quiet hours begins a new one.
    pub own: VecDeque<Epoch>,
}

/// As many epochs are remembered. A call is under way for less than one.
const EPOCHS: usize = 8;

impl Tenure {
    /// Whether a call of an epoch was made by a process that is gone, or has lost the lease to us.
    pub fn is_left_behind(&self, of: Epoch) -> bool {
        self.epoch.is_some_and(|epoch| of < epoch) && !self.own.contains(&of)
    }

    /// Notes what came of asking for the lease.
    pub fn note(&mut self, epoch: Option<Epoch>, now: Timestamp) {
        self.epoch = epoch;
        self.renewed = epoch.and(Some(now));
        if let Some(epoch) = epoch.filter(|epoch| self.own.back() != Some(epoch)) {
            self.own.push_back(epoch);
            if self.own.len() > EPOCHS {
                self.own.pop_front();
            }
        }
    }
}
