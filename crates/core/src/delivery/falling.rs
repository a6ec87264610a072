use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

use super::{Falls, Pulse};
use crate::face::Clock;
use crate::store::{Store, StoreError};

/// Lets reminders and the ends of challenges fall due. Any number of processes may: an occurrence is there once, and a reminder
/// moves on once, whoever was faster.
pub struct Falling {
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    bell: Arc<Notify>,
    pulse: Arc<Pulse>,
    falls: Arc<Falls>,
    /// How long a reminder that was just set may be overlooked.
    glance: SignedDuration,
}

/// How many fall due in one transaction: a few milliseconds' worth of SQLite's writer.
const BATCH: u16 = 25;

/// Wait after the database failed.
const RECOVER: SignedDuration = SignedDuration::from_secs(2);

impl Falling {
    /// From a store, by a clock. The bell rings when there is something to send.
    #[must_use]
    pub fn new(store: Arc<Store>, clock: Arc<dyn Clock>, bell: Arc<Notify>) -> Self {
        Self {
            pulse: Arc::new(Pulse::new(clock.now())),
            falls: Arc::default(),
            store,
            clock,
            bell,
            glance: SignedDuration::from_secs(1),
        }
    }

    /// Beats whenever it has looked.
    #[must_use]
    pub fn pulse(&self) -> Arc<Pulse> {
        self.pulse.clone()
    }

    /// What is counted.
    #[must_use]
    pub fn falls(&self) -> Arc<Falls> {
        self.falls.clone()
    }

    /// Looks for what is due at least so often, whatever it expects.
    #[must_use]
    pub fn glancing(mut self, every: SignedDuration) -> Self {
        self.glance = every;
        self
    }

    /// Lets everything fall due that is due now. Returns when the next is.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn turn(&self) -> Result<Option<Timestamp>, StoreError> {
        loop {
            let next = self.store.next_due().await?;
            let ends = self.store.next_challenge_due().await?;
            let next = next.into_iter().chain(ends).min();
            let now = self.clock.now();
            if next.is_none_or(|next| next > now) {
                return Ok(next);
            }
            let fallen = self.store.fall_due(now, BATCH).await?;
            let said = self.store.challenges_fall_due(now, BATCH).await?;
            let (waiting, too_late) = (
                fallen.waiting + said.waiting,
                fallen.too_late + said.too_late,
            );
            self.falls.add_left_out(fallen.left_out);
            if too_late > 0 {
                self.falls.add_missed(too_late);
                tracing::warn!(posts = too_late, "fell due too late to be posted");
            }
            if waiting > 0 {
                self.bell.notify_waiters();
            }
        }
    }

    /// Lets reminders fall due until told to stop.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        loop {
            let next = self.turn().await;
            let now = self.clock.now();
            let soon = |wait| now.checked_add(wait).unwrap_or(Timestamp::MAX);
            let wake = match next {
                Ok(next) => {
                    self.pulse.beat(now);
                    next.unwrap_or(Timestamp::MAX).min(soon(self.glance))
                }
                Err(error) => {
                    tracing::error!(%error, "reminders did not fall due; trying again");
                    soon(RECOVER)
                }
            };
            tokio::select! {
                () = &mut stop => return,
                () = self.clock.sleep_until(wake) => {}
            }
        }
    }
}
