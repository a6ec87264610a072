//! Several processes have one clock: that of the database they share.

use std::sync::Arc;

use ankle_core::delivery::Pulse;
use ankle_core::face::{Calibration, Clock, SystemClock};
use ankle_core::store::{Store, StoreError};
use jiff::{SignedDuration, Timestamp};

/// How often the database's clock is looked at.
const EVERY: SignedDuration = SignedDuration::from_mins(1);

/// How often it is tried at the start.
const TRIES: u32 = 3;

/// A machine that is so far off is worth a line: leases are renewed every three seconds, so another that
/// did not look at the database's clock would be about to misjudge them. A house rule.
const OFF: SignedDuration = SignedDuration::from_secs(3);

/// Keeps this process's clock with the database's.
pub struct Calibrator {
    store: Arc<Store>,
    clock: Arc<SystemClock>,
    pulse: Arc<Pulse>,
    is_off: bool,
}

impl Calibrator {
    /// For a clock. None for a database of our own: it has no other clock than the machine's.
    pub fn new(store: &Arc<Store>, clock: &Arc<SystemClock>) -> Option<Self> {
        if store.file().is_some() {
            return None;
        }
        Some(Self {
            store: store.clone(),
            pulse: Arc::new(Pulse::new(clock.now())),
            clock: clock.clone(),
            is_off: false,
        })
    }

    /// Beats with each reading.
    pub fn pulse(&self) -> Arc<Pulse> {
        self.pulse.clone()
    }

    /// Looks for the first time: nothing is done before by a clock that may be wrong.
    pub async fn begin(&mut self) {
        for _ in 0..TRIES {
            if self.look().await {
                return;
            }
        }
        tracing::warn!(
            "the database does not tell its time: this machine's clock is used until it does"
        );
    }

    /// Looks once. Tells whether that was a reading.
    async fn look(&mut self) -> bool {
        let asked = async {
            let shown = self.store.shared_clock().await;
            shown.map_err(Some)?.ok_or(None::<StoreError>)
        };
        match self.clock.calibrate(asked).await {
            Ok(Calibration::Followed { ahead }) => {
                self.pulse.beat(self.clock.now());
                let remark = remark(ahead);
                if let (Some(remark), false) = (&remark, self.is_off) {
                    tracing::warn!("{remark}");
                }
                self.is_off = remark.is_some();
                return true;
            }
            Ok(Calibration::TooSlow { took }) => {
                tracing::debug!(?took, "the database told its time too slowly");
            }
            Err(Some(error)) => tracing::debug!(%error, "the database did not tell its time"),
            Err(None) => {}
        }
        false
    }

    /// Looks again and again.
    pub async fn run(mut self) {
        loop {
            let next = self.clock.now().checked_add(EVERY);
            self.clock.sleep_until(next.unwrap_or(Timestamp::MAX)).await;
            self.look().await;
        }
    }
}

/// What is to be said of a difference, if anything is.
fn remark(ahead: SignedDuration) -> Option<String> {
    if ahead.abs() <= OFF {
        return None;
    }
    let way = if ahead.is_positive() {
        "behind"
    } else {
        "ahead of"
    };
    let by = ahead.abs().as_secs_f64();
    Some(format!(
        "this machine's clock is {by:.1} s {way} the database's, which is followed: set it right, or let NTP do it"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_is_far_off_is_remarked_on_in_words_that_say_which_way() {
        let of = |millis| remark(SignedDuration::from_millis(millis)).unwrap_or_default();
        assert_eq!(of(3_000), "");
        assert_eq!(of(-3_000), "");
        assert!(of(7_040).starts_with("this machine's clock is 7.0 s behind the database's"));
        assert!(of(-3_001).starts_with("this machine's clock is 3.0 s ahead of the database's"));
    }
}
