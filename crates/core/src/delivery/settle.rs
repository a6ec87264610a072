use jiff::{SignedDuration, Timestamp};

use super::compose::Letter;
use super::doubts::is_harmless;
use super::sender::Desk;
use crate::club::Pause;
use crate::face::{Forbidden, MessageRef, Messenger, RetryScope, SendError, SendKey};
use crate::store::{End, Epoch, Kind, Parcel, Reason, StoreError, Tx};

/// A row whose call is under way.
pub(super) struct Sending {
    pub parcel: Parcel,
    pub epoch: Epoch,
    /// By whose pace.
    pub chat: String,
}

/// How often what came of a call is written down, a second apart; then the row is in doubt.
const TRIES: u32 = 5;
const RECOVER: SignedDuration = SignedDuration::from_secs(1);

/// How often a chat that moves is followed.
const MOVES: i64 = 5;

impl<M: Messenger> Desk<M> {
    /// Makes the call of a letter, and writes down what came of it.
    pub(super) async fn send(&self, sending: Sending, letter: Letter) {
        let key = SendKey(format!(
            "{}:{}",
            sending.parcel.kind.word(),
            sending.parcel.id
        ));
        let done = match letter {
            Letter::Post { room, card } => self.messenger.send(&room, &card, &key).await.map(Some),
            Letter::Edit { message, card } => {
                self.messenger.edit(&message, &card).await.map(|()| None)
            }
            Letter::Delete { message } => self.messenger.delete(&message).await.map(|()| None),
            Letter::Close { message } => self.messenger.close(&message).await.map(|()| None),
            Letter::Private { account, card } => {
                match self.messenger.private_room(&account).await {
                    Ok(room) => self.messenger.send(&room, &card, &key).await.map(|_| None),
                    Err(error) => Err(error),
                }
            }
        };
        match &done {
            Ok(_) => self.is_back(),
            Err(SendError::Away | SendError::InDoubt) => self.seems_away(),
            Err(_) => {}
        }
        let now = self.clock.now();
        if let Err(SendError::RetryAfter { after, scope }) = &done {
            self.told_to_wait(&sending.chat, *after, *scope, now);
        }
        for _ in 0..TRIES {
            match self.settle(&sending, &done, now).await {
                Ok(()) => return,
                Err(error) => tracing::error!(%error, "what came of a call was not written down"),
            }
            let again = self.clock.now().checked_add(RECOVER);
            self.clock.sleep_until(again.unwrap_or(now)).await;
        }
    }

    fn told_to_wait(
        &self,
        chat: &str,
        after: std::time::Duration,
        scope: RetryScope,
        now: Timestamp,
    ) {
        self.figures.add_told_to_wait();
        let until = wait_until(after, now);
        self.pace().refused(chat, until, scope, now);
    }

    async fn settle(
        &self,
        sending: &Sending,
        done: &Result<Option<MessageRef>, SendError>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        match done {
            Ok(message) => self.sent(sending, message.as_ref(), now).await,
            Err(error) => self.not_sent(sending, error, now).await,
        }
    }

    async fn sent(
        &self,
        Sending { parcel, epoch, .. }: &Sending,
        message: Option<&MessageRef>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.store.begin().await?;
        let message = message.map(|one| (one.room.as_str(), one.message.as_str()));
        if !tx.sent(parcel.id, *epoch, message, now).await? {
            return Ok(());
        }
        if let (Kind::Post, Some((room, _)), Some(civil)) =
            (parcel.kind, &parcel.room, parcel.civil)
        {
            tx.remove_posts_before(*room, civil.date(), now).await?;
            tx.room_reached(*room).await?;
        }
        if let (Kind::Result | Kind::Test, Some((room, _))) = (parcel.kind, &parcel.room) {
            tx.room_reached(*room).await?;
        }
        // A runner's own reminder is nobody else's business.
        if let (Kind::Post, Some(reminder), Some(_)) = (parcel.kind, parcel.reminder, &parcel.chat)
            && tx.posted(reminder, now).await?
        {
            let about = (parcel.id, reminder);
            tx.notice(Kind::Quiet, about, None, now).await?;
        }
        if let (Kind::Delete, Some(subject)) = (parcel.kind, &parcel.subject) {
            tx.post_removed(subject.id).await?;
        }
        tx.commit().await?;
        if let (Kind::Post, Some((room, _))) = (parcel.kind, &parcel.room) {
            self.figures
                .note_post(*room, now.duration_since(parcel.due));
        }
        Ok(())
    }

    async fn not_sent(
        &self,
        Sending { parcel, epoch, .. }: &Sending,
        error: &SendError,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (id, epoch) = (parcel.id, *epoch);
        let again = || self.again_at(id, parcel.attempts);
        let mut tx = self.store.begin().await?;
        match error {
            SendError::RetryAfter { after, .. } => {
                let at = wait_until(*after, now);
                tx.send_again(id, epoch, Reason::Wait, at).await?;
            }
            SendError::NotSent => {
                tx.send_again(id, epoch, Reason::NotReached, again())
                    .await?;
            }
            SendError::Away if is_harmless(parcel.kind) => {
                tx.send_again(id, epoch, Reason::NotReached, again())
                    .await?;
            }
            SendError::Away => return self.may_be_sent(tx, parcel, epoch, now).await,
            SendError::InDoubt if is_harmless(parcel.kind) => {
                tx.send_again(id, epoch, Reason::InDoubt, again()).await?;
            }
            // It stays as it is, and its doubt is settled when its time has come.
            SendError::InDoubt => return Ok(()),
            // What still bears the old address, as an edit of a message from before does, is gone with it.
            SendError::Moved { chat } if parcel.attempts <= MOVES && !is_at(parcel, chat) => {
                if let Some((_, from)) = &parcel.chat {
                    tx.chat_moved(self.way.platform, from, chat).await?;
                }
                tx.send_again(id, epoch, Reason::Moved, now).await?;
            }
            SendError::Moved { .. } | SendError::Rejected => {
                if tx
                    .end_sending(id, epoch, (End::Failed, Reason::Rejected))
                    .await?
                {
                    self.refused(parcel);
                }
            }
            SendError::TooOld => {
                let end = (End::Failed, Reason::Rejected);
                if tx.end_sending(id, epoch, end).await? && parcel.kind == Kind::Delete {
                    tx.close_instead(id, now).await?;
                }
            }
            SendError::Gone => {
                return self.unreachable(tx, parcel, epoch, Reason::Gone, now).await;
            }
            SendError::Forbidden(right) => {
                let reason = match right {
                    Forbidden::TopicClosed => Reason::TopicClosed,
                    Forbidden::Blocked => Reason::Blocked,
                    Forbidden::Write | Forbidden::See | Forbidden::Other(_) => Reason::NoRight,
                };
                return self.unreachable(tx, parcel, epoch, reason, now).await;
            }
        }
        tx.commit().await
    }

    fn refused(&self, parcel: &Parcel) {
        let (row, kind) = (parcel.id.0, parcel.kind.word());
        if is_harmless(parcel.kind) {
            // Such as the change of a message in a thread that sleeps.
            tracing::debug!(row, kind, "refused");
        } else {
            self.figures.add_failed();
            tracing::error!(row, kind, "refused for good");
        }
    }

    /// A room cannot be reached: those who care for a reminder of it are told, once, and no other room hears of it.
    async fn unreachable(
        &self,
        mut tx: Tx,
        parcel: &Parcel,
        epoch: Epoch,
        reason: Reason,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let is_post = matches!(parcel.kind, Kind::Post | Kind::Test | Kind::Result);
        let end = if is_post {
            End::Unreachable
        } else {
            End::Failed
        };
        if !tx.end_sending(parcel.id, epoch, (end, reason)).await? {
            return Ok(());
        }
        let mut untold = parcel.kind == Kind::Notice;
        if let (true, None, Some((room, _))) = (is_post, &parcel.chat, &parcel.room) {
            // He has closed his private chat: the nudge stops, and he hears of it when he comes back.
            tx.room_lost(*room, reason, now).await?;
            if let Some(reminder) = parcel.reminder {
                tx.pause_reminder(reminder, Some(Pause::Open), None).await?;
            }
            return tx.commit().await;
        }
        if let (true, Some((room, _))) = (is_post, &parcel.room) {
            tx.room_lost(*room, reason, now).await?;
            if let Some(reminder) = parcel.reminder {
                let about = (parcel.id, reminder);
                untold = tx.reminder_lost(reminder).await?
                    && !tx.notice(Kind::Notice, about, Some(reason), now).await?;
            } else if let Some(challenge) = parcel.challenge {
                untold = !tx.results_notice(challenge, reason, now).await?;
            }
        }
        tx.commit().await?;
        if is_post {
            self.figures.add_unreachable();
        }
        if untold {
            self.figures.add_untold();
            tracing::warn!(
                row = parcel.id.0,
                "a room is lost, and nobody could be told"
            );
        }
        Ok(())
    }
}

fn wait_until(after: std::time::Duration, now: Timestamp) -> Timestamp {
    let after = SignedDuration::try_from(after).unwrap_or(SignedDuration::MAX);
    now.checked_add(after).unwrap_or(Timestamp::MAX)
}

fn is_at(parcel: &Parcel, chat: &str) -> bool {
    parcel.chat.as_ref().is_some_and(|(_, at)| at == chat)
}
