//! Calls of which nobody knows what came of them: of a process that is gone, or without an answer.

use jiff::{SignedDuration, Timestamp};

use super::sender::{AT_ONCE, Desk, Doubt, Sender};
use crate::club::PostId;
use crate::face::Messenger;
use crate::store::{Doubtful, Epoch, Kind, Parcel, StoreError};

/// From then on a row under way is in doubt. No call takes so long.
const IN_DOUBT: SignedDuration = SignedDuration::from_secs(30);

/// From then on a row of an earlier tenure is, where the platform knows it again by its key: whoever made
/// the call is gone, or has lost the right to make it, and what has arrived is not said twice.
const LEFT_BEHIND: SignedDuration = SignedDuration::from_secs(3);

/// As often as this a row is repeated whose senders died one after the other, where the platform knows no
/// key. More would be a program that dies of it.
const AFTER_DEATHS: i64 = 3;

/// So long a platform knows a message again by its key.
const KEY_HOLDS: SignedDuration = SignedDuration::from_mins(2);

impl<M: Messenger + 'static> Sender<M> {
    /// How long after its call a row of a tenure is in doubt.
    pub(super) fn doubt_after(&self, of: Epoch) -> SignedDuration {
        match self.desk.way.doubt {
            Doubt::Keyed if self.tenure().is_left_behind(of) => LEFT_BEHIND,
            Doubt::Keyed | Doubt::Once => IN_DOUBT,
        }
    }

    /// Decides what becomes of calls that never ended. Whoever may send decides. Tells whether there was any.
    pub(super) async fn settle_doubts(&self, now: Timestamp) -> Result<bool, StoreError> {
        let desk = &self.desk;
        let before = now.checked_sub(LEFT_BEHIND).unwrap_or(Timestamp::MIN);
        let rows = desk
            .store
            .doubtful(desk.way.platform, before, AT_ONCE)
            .await?;
        let mut any = false;
        for row in rows {
            let waited = now.duration_since(row.tried);
            if waited < self.doubt_after(row.epoch) || desk.is_under_way(row.id) {
                continue;
            }
            let repeat = self.may_repeat(&row, now);
            let mut tx = desk.store.begin().await?;
            let settled = tx.settle_doubt(row.id, row.tried, repeat).await?;
            tx.commit().await?;
            if !settled {
                continue;
            }
            any = true;
            if !repeat {
                desk.give_up(row.id);
            } else if !is_harmless(row.kind) && desk.way.doubt == Doubt::Once {
                desk.figures.add_repeat();
                tracing::warn!(row = row.id.0, "sent once more: it may come twice");
            }
        }
        Ok(any)
    }

    fn may_repeat(&self, row: &Doubtful, now: Timestamp) -> bool {
        let held = now.duration_since(row.first_try) < KEY_HOLDS;
        let left_behind = self.tenure().is_left_behind(row.epoch);
        let most = if left_behind { AFTER_DEATHS } else { 1 };
        match self.desk.way.doubt {
            _ if is_harmless(row.kind) => true,
            Doubt::Keyed => held,
            Doubt::Once => row.repeats < most,
        }
    }
}

impl<M: Messenger> Desk<M> {
    /// Whether it may have arrived so long ago that the platform would take it for another.
    pub(super) fn key_is_forgotten(&self, parcel: &Parcel, now: Timestamp) -> bool {
        let too_old = |since| now.duration_since(since) >= KEY_HOLDS;
        self.way.doubt == Doubt::Keyed
            && !is_harmless(parcel.kind)
            && parcel.in_doubt_since.is_some_and(too_old)
    }

    pub(super) fn give_up(&self, id: PostId) {
        self.figures.add_given_up();
        tracing::error!(row = id.0, "nobody knows whether it was sent");
    }
}

/// Whether it does not matter how often it is done.
pub(super) fn is_harmless(kind: Kind) -> bool {
    matches!(kind, Kind::Edit | Kind::Delete | Kind::Close)
}
