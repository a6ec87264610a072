use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::face::Clock;
use crate::store::{Epoch, Store, StoreError};

/// A lease is for so long, and renewed so often. Whoever waits for it looks every [`LOOK`], so it is
/// taken over at most thirteen seconds after its holder died.
pub(super) const TENURE: SignedDuration = SignedDuration::from_secs(10);
pub(super) const RENEWED: SignedDuration = SignedDuration::from_secs(3);

/// How often a lease that somebody else has is looked at, and one that could not be renewed.
const LOOK: SignedDuration = SignedDuration::from_secs(1);

/// Something that only one process may do at a time.
///
/// On a database of its own a process is the only one: nothing is waited for and nothing written. That
/// is what lets it begin at once after it was killed.
pub struct Single {
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    lease: String,
    holder: String,
}

/// What only one process may do, and that is this one.
pub struct Held<'a> {
    single: &'a Single,
    /// None on a database of our own.
    tenure: Option<(Epoch, Timestamp)>,
}

impl Single {
    /// By the name of its lease.
    #[must_use]
    pub fn new(store: Arc<Store>, clock: Arc<dyn Clock>, lease: String) -> Self {
        Self {
            holder: holder(&store),
            store,
            clock,
            lease,
        }
    }

    /// Waits until it is ours. If somebody else has it, that is told once.
    pub async fn take(&self, somebody_has_it: impl FnOnce()) -> Held<'_> {
        if self.store.file().is_some() {
            return Held {
                single: self,
                tenure: None,
            };
        }
        let mut tell = Some(somebody_has_it);
        let mut failing = false;
        loop {
            match self.try_take().await {
                Ok(Some(tenure)) => {
                    return Held {
                        single: self,
                        tenure: Some(tenure),
                    };
                }
                Ok(None) => {
                    failing = false;
                    if let Some(tell) = tell.take() {
                        tell();
                    }
                }
                Err(error) if !failing => {
                    failing = true;
                    tracing::warn!(%error, lease = self.lease, "a lease cannot be taken. Trying again");
                }
                Err(_) => {}
            }
            self.clock.sleep_until(self.after(LOOK)).await;
        }
    }

    /// A tenure, and until when it is if it is not renewed.
    async fn try_take(&self) -> Result<Option<(Epoch, Timestamp)>, StoreError> {
        let times @ (_, until) = (self.clock.now(), self.after(TENURE));
        let taken = self
            .store
            .take_lease(&self.lease, &self.holder, times, false)
            .await?;
        Ok(taken.map(|epoch| (epoch, until)))
    }

    fn after(&self, wait: SignedDuration) -> Timestamp {
        let now = self.clock.now();
        now.checked_add(wait).unwrap_or(Timestamp::MAX)
    }
}

impl Held<'_> {
    /// Whether anybody else could want it at all.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.tenure.is_some()
    }

    /// Keeps it. Ends when it is lost: then it may be somebody else's at any moment.
    pub async fn keep(&mut self) {
        let single = self.single;
        let Some((mut epoch, mut until)) = self.tenure else {
            return std::future::pending().await;
        };
        let mut next = single.after(RENEWED);
        loop {
            single.clock.sleep_until(next.min(until)).await;
            let renewed = tokio::select! {
                biased;
                renewed = single.try_take() => renewed,
                () = single.clock.sleep_until(until), if single.clock.now() < until => {
                    tracing::warn!(lease = single.lease, "a lease could not be renewed in time");
                    return;
                }
            };
            match renewed {
                // Each change of hands makes a new epoch. If there is but one more, the lease had run
                // out and nobody else had it.
                Ok(Some((now, later))) if now.0 <= epoch.0 + 1 => {
                    self.tenure = Some((now, later));
                    (epoch, until) = (now, later);
                    next = single.after(RENEWED);
                }
                Ok(another) => {
                    self.tenure = another;
                    return;
                }
                Err(error) if single.clock.now() >= until => {
                    tracing::warn!(%error, lease = single.lease, "a lease could not be renewed in time");
                    return;
                }
                Err(_) => next = single.after(LOOK),
            }
        }
    }

    /// Gives it back, so that nobody has to wait for it.
    pub async fn leave(self) {
        let Some((epoch, _)) = self.tenure else {
            return;
        };
        let Single {
            store,
            lease,
            holder,
            ..
        } = self.single;
        if let Err(error) = store.leave_lease(lease, holder, epoch).await {
            tracing::warn!(%error, lease, "a lease was not given back; it ends by itself");
        }
    }
}

/// By what name a process holds leases. On a database of its own it need not wait for the lease of the
/// one before it.
pub(super) fn holder(store: &Store) -> String {
    match store.file() {
        Some(_) => "only".to_owned(),
        None => format!("{:016x}", random()),
    }
}

/// A number that no other process has. The standard library's hasher is seeded by the system.
pub(super) fn random() -> u64 {
    RandomState::new().hash_one(0)
}
