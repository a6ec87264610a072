//! Calls of which nobody knows what came of them: of a process that is gone, or without an answer.

use jiff::{SignedDuration, Timestamp};

use super::sender::{AT_ONCE, Desk, Doubt, Sender};
use crate::club::PostId;
use crate::face::Messenger;
use crate::store::{Doubtful, End, Epoch, Kind, Parcel, Reason, StoreError, Tx};

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

/// How long after a platform said that it was out of order a message is sent once more, if it is there again
/// then. It hardly ever arrives nevertheless: so it may be said twice rather than not at all, but not for
/// every time that a platform says so. Together they fill the two hours of a post.
const AWAY_AGAIN: [SignedDuration; 4] = [
    IN_DOUBT,
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(25),
    SignedDuration::from_mins(55),
];

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
            if settled && !repeat {
                desk.give_up(tx, row.id, now).await?;
            } else {
                tx.commit().await?;
            }
            any |= settled;
            if settled && repeat && !is_harmless(row.kind) && desk.way.doubt == Doubt::Once {
                desk.repeats(row.id);
            }
        }
        Ok(any)
    }

    fn may_repeat(&self, row: &Doubtful, now: Timestamp) -> bool {
        // A platform that was out of order has hardly learned its key.
        let first_try = if row.was_away {
            row.tried
        } else {
            row.first_try
        };
        let held = now.duration_since(first_try) < KEY_HOLDS;
        let left_behind = self.tenure().is_left_behind(row.epoch);
        let most = if left_behind || row.was_away {
            AFTER_DEATHS
        } else {
            1
        };
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

    /// The platform has said that it is out of order: what it was told is told once more later, a few times.
    pub(super) async fn may_be_sent(
        &self,
        mut tx: Tx,
        parcel: &Parcel,
        epoch: Epoch,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let repeats = usize::try_from(parcel.repeats).unwrap_or(usize::MAX);
        let Some(wait) = AWAY_AGAIN.get(repeats) else {
            let end = (End::Failed, Reason::InDoubt);
            if tx.end_sending(parcel.id, epoch, end).await? {
                return self.give_up(tx, parcel.id, now).await;
            }
            return Ok(());
        };
        let again = now.checked_add(*wait).unwrap_or(Timestamp::MAX);
        tx.may_be_sent(parcel.id, epoch, again).await?;
        tx.commit().await?;
        if self.way.doubt == Doubt::Once {
            self.repeats(parcel.id);
        }
        Ok(())
    }

    pub(super) fn repeats(&self, id: PostId) {
        self.figures.add_repeat();
        tracing::warn!(row = id.0, "sent once more: it may come twice");
    }

    /// Ends the transaction in which a row was given up. Those who care for it hear of it.
    pub(super) async fn give_up(
        &self,
        mut tx: Tx,
        id: PostId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let told = tx.doubt_notice(id, now).await?;
        tx.commit().await?;
        self.figures.add_given_up();
        if !told {
            self.figures.add_untold();
        }
        tracing::error!(row = id.0, told, "nobody knows whether it was sent");
        Ok(())
    }
}

/// Whether it does not matter how often it is done.
pub(super) fn is_harmless(kind: Kind) -> bool {
    matches!(kind, Kind::Edit | Kind::Delete | Kind::Close)
}
