//! What is sent without anybody asking at that moment: from waiting to sent, one statement a step, each
//! with the state before it in its `where`.

use jiff::Timestamp;

use super::leases::Epoch;
use super::parcel::{Kind, Parcel, Reason, kind};
use super::rows::instant;
use super::{Store, StoreError, Tx, execute, on, statements};
use crate::club::{Platform, PostId};

macro_rules! ready {
    ($which:literal) => {
        concat!(
            "select o.id, o.kind, coalesce(c.external, r.external, a.external) as chat, o.expires
            from outbox o
            left join room r on r.id = o.room_id
            left join chat c on c.id = r.chat_id
            left join account a on a.id = o.account_id
            where o.platform = $1 and o.state = 'waiting' and o.not_before <= $2 ",
            $which,
            " order by o.not_before, o.id limit $3"
        )
    };
}

statements! {
    SOONEST = "select not_before from outbox where platform = $1 and state = 'waiting'
        order by not_before, id limit 1";
    SOONEST_DOUBT = "select tried_at, epoch from outbox where platform = $1 and state = 'sending'
        order by tried_at, id limit 1";
    READY = ready!("");
    /// What may have arrived already goes before all others: its key holds for a short time only, and
    /// whoever was told to wait meanwhile is not to stand behind a backlog.
    READY_IN_DOUBT = ready!("and o.repeats > 0");
    DOUBTFUL = "select id, kind, first_try, tried_at, epoch, repeats, reason from outbox
        where platform = $1 and state = 'sending' and tried_at <= $2
        order by tried_at, id limit $3";
    CLAIM = "update outbox set state = 'sending', epoch = $3, attempts = attempts + 1,
            tried_at = $4, first_try = coalesce(first_try, $4)
        where id = $1 and state = 'waiting' and exists (
            select 1 from lease where name = $2 and epoch = $3 and until > $4)";
    SENT = "update outbox set state = 'sent', reason = null, message_room = $3, message = $4,
            sent_at = $5
        where id = $1 and epoch = $2 and state = 'sending'";
    /// What surely was not sent has no first try, unless an earlier one is in doubt.
    AGAIN = "update outbox set state = 'waiting',
            reason = case when repeats = 0 then $3 else reason end, not_before = $4,
            first_try = case when repeats = 0 then null else first_try end
        where id = $1 and epoch = $2 and state = 'sending'";
    MAY_BE_SENT = "update outbox set state = 'waiting', repeats = repeats + 1, not_before = $4,
            reason = case when repeats = 0 then $3 else reason end
        where id = $1 and epoch = $2 and state = 'sending'";
    /// A key counts from the first try that its platform may have heard of.
    REPEAT = "update outbox set state = 'waiting', repeats = repeats + 1, reason = $3,
            not_before = due,
            first_try = case when reason = $4 then tried_at else first_try end
        where id = $1 and state = 'sending' and tried_at <= $2";
    DOUBTED = "update outbox set state = 'failed', reason = $3
        where id = $1 and state = 'sending' and tried_at <= $2";
    END = "update outbox set state = $3, reason = $4
        where id = $1 and epoch = $2 and state = 'sending'";
    PUT_OFF = "update outbox set not_before = $2 where id = $1 and state = 'waiting'";
    EXPIRE = "update outbox set state = 'expired', reason = coalesce(reason, 'late')
        where id = $1 and state = 'waiting' and expires <= $2";
    REMOVED = "update outbox set message = null where id = $1";
    ROOM_OF_MESSAGE = "select o.message_room from chat c
        join room r on r.chat_id = c.id
        join outbox o on o.room_id = r.id
        where c.platform = $1 and c.external = $2 and o.message = $3 limit 1";
    STATES = "select state, count(*) as n from outbox where kind = $1 group by state order by state";
}

/// How a row ends without having been sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It could not be done.
    Failed,
    /// Its time is over.
    Expired,
    /// Its room cannot be reached.
    Unreachable,
}

impl End {
    const fn word(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Unreachable => "unreachable",
        }
    }
}

/// A row that may be sent now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    /// Its number.
    pub id: PostId,
    /// What it is; none of what this version knows, if a newer one wrote it.
    pub kind: Option<Kind>,
    /// Whose pace it goes by: the chat's, or the person's.
    pub chat: String,
    /// When it is too late.
    pub expires: Timestamp,
}

/// A row whose call did not end as calls do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubtful {
    /// Its number.
    pub id: PostId,
    /// What it is.
    pub kind: Kind,
    /// When it was first tried.
    pub first_try: Timestamp,
    /// When it was last tried.
    pub tried: Timestamp,
    /// In which tenure.
    pub epoch: Epoch,
    /// How often it has been repeated already.
    pub repeats: i64,
    /// Whether its platform was out of order whenever it was tried before.
    pub was_away: bool,
}

impl Store {
    /// When a platform's next row may be sent, and since when and in which tenure its oldest call is
    /// under way.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn soonest(
        &self,
        platform: Platform,
    ) -> Result<(Option<Timestamp>, Option<(Timestamp, Epoch)>), StoreError> {
        let waiting: Option<i64> = on!(self.reader(), pool => sqlx::query_scalar(SOONEST)
            .bind(platform.0).fetch_optional(pool).await?);
        let sending: Option<(i64, i64)> = on!(self.reader(), pool =>
            sqlx::query_as(SOONEST_DOUBT).bind(platform.0).fetch_optional(pool).await?);
        let sending =
            sending.map(|(tried, epoch)| Ok::<_, StoreError>((instant(tried)?, Epoch(epoch))));
        Ok((waiting.map(instant).transpose()?, sending.transpose()?))
    }

    /// The rows of a platform that may be sent now: those in doubt first, and else those that have
    /// waited longest.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn ready(
        &self,
        platform: Platform,
        now: Timestamp,
        most: usize,
    ) -> Result<Vec<Ready>, StoreError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut rows: Vec<(i64, String, Option<String>, i64)> = Vec::new();
        for sql in [READY_IN_DOUBT, READY] {
            if rows.is_empty() {
                rows = on!(self.reader(), pool => sqlx::query_as(sql)
                    .bind(platform.0).bind(now.as_millisecond()).bind(most)
                    .fetch_all(pool).await?);
            }
        }
        rows.into_iter()
            .map(|(id, word, chat, expires)| {
                Ok(Ready {
                    id: PostId(id),
                    kind: kind(&word).ok(),
                    chat: chat.unwrap_or_default(),
                    expires: instant(expires)?,
                })
            })
            .collect()
    }

    /// The rows of a platform whose call has been under way since before an instant.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn doubtful(
        &self,
        platform: Platform,
        tried_before: Timestamp,
        most: usize,
    ) -> Result<Vec<Doubtful>, StoreError> {
        type Row = (i64, String, i64, i64, i64, i64, Option<String>);
        let rows: Vec<Row> = on!(self.reader(), pool =>
            sqlx::query_as(DOUBTFUL).bind(platform.0).bind(tried_before.as_millisecond())
                .bind(i64::try_from(most).unwrap_or(i64::MAX)).fetch_all(pool).await?);
        rows.into_iter()
            // What only a newer version knows is for a newer version to decide.
            .filter_map(|(id, word, first, tried, epoch, repeats, reason)| {
                Some((id, kind(&word).ok()?, first, tried, epoch, repeats, reason))
            })
            .map(|(id, kind, first, tried, epoch, repeats, reason)| {
                Ok(Doubtful {
                    id: PostId(id),
                    kind,
                    first_try: instant(first)?,
                    tried: instant(tried)?,
                    epoch: Epoch(epoch),
                    repeats,
                    was_away: reason.as_deref() == Some(Reason::Away.word()),
                })
            })
            .collect()
    }

    /// The room of a chat in which a message of ours stands, if it is one that nobody asked for and its
    /// row is still kept.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn room_of_message(
        &self,
        platform: Platform,
        chat: &str,
        message: &str,
    ) -> Result<Option<String>, StoreError> {
        let room: Option<Option<String>> = on!(self.reader(), pool =>
            sqlx::query_scalar(ROOM_OF_MESSAGE).bind(platform.0).bind(chat).bind(message)
                .fetch_optional(pool).await?);
        Ok(room.flatten())
    }

    /// How many rows of a kind are in each state.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn outbox_states(&self, kind: Kind) -> Result<Vec<(String, i64)>, StoreError> {
        Ok(on!(self.reader(), pool => sqlx::query_as(STATES)
            .bind(kind.word()).fetch_all(pool).await?))
    }
}

impl Tx {
    /// Claims a row for sending, under a lease that still holds, and tells all about it. None if it is
    /// not waiting any more, or the lease is another's.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn claim(
        &mut self,
        id: PostId,
        (lease, epoch): (&str, Epoch),
        now: Timestamp,
    ) -> Result<Option<Parcel>, StoreError> {
        let now = now.as_millisecond();
        if execute!(self, CLAIM, id.0, lease, epoch.0, now) == 0 {
            return Ok(None);
        }
        self.parcel(id).await.map(Some)
    }

    /// A row is sent: as this message, if it is one. Tells whether it was ours to say.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn sent(
        &mut self,
        id: PostId,
        epoch: Epoch,
        message: Option<(&str, &str)>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (room, message) = message.unzip();
        let now = now.as_millisecond();
        Ok(execute!(self, SENT, id.0, epoch.0, room, message, now) == 1)
    }

    /// A row surely was not sent, and may be tried again from an instant on.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn send_again(
        &mut self,
        id: PostId,
        epoch: Epoch,
        reason: Reason,
        not_before: Timestamp,
    ) -> Result<(), StoreError> {
        let at = not_before.as_millisecond();
        execute!(self, AGAIN, id.0, epoch.0, reason.word(), at);
        Ok(())
    }

    /// A row was hardly sent, but nobody knows: it is to be sent once more from an instant on.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn may_be_sent(
        &mut self,
        id: PostId,
        epoch: Epoch,
        not_before: Timestamp,
    ) -> Result<(), StoreError> {
        let at = not_before.as_millisecond();
        execute!(self, MAY_BE_SENT, id.0, epoch.0, Reason::Away.word(), at);
        Ok(())
    }

    /// A row is not tried any more. Tells whether it was ours to say.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn end_sending(
        &mut self,
        id: PostId,
        epoch: Epoch,
        (end, reason): (End, Reason),
    ) -> Result<bool, StoreError> {
        let (end, reason) = (end.word(), reason.word());
        Ok(execute!(self, END, id.0, epoch.0, end, reason) == 1)
    }

    /// A row of which nobody knows whether it arrived is sent once more, or given up. Tells whether it
    /// still was in doubt.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn settle_doubt(
        &mut self,
        id: PostId,
        tried_before: Timestamp,
        repeat: bool,
    ) -> Result<bool, StoreError> {
        let (before, reason) = (tried_before.as_millisecond(), Reason::InDoubt.word());
        let settled = if repeat {
            execute!(self, REPEAT, id.0, before, reason, Reason::Away.word())
        } else {
            execute!(self, DOUBTED, id.0, before, reason)
        };
        Ok(settled == 1)
    }

    /// A row that waits has to wait longer.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn put_off(&mut self, id: PostId, not_before: Timestamp) -> Result<(), StoreError> {
        execute!(self, PUT_OFF, id.0, not_before.as_millisecond());
        Ok(())
    }

    /// A row that waits has waited too long. Tells whether it had.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn expire(&mut self, id: PostId, now: Timestamp) -> Result<bool, StoreError> {
        Ok(execute!(self, EXPIRE, id.0, now.as_millisecond()) == 1)
    }

    /// A post's message is gone.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn post_removed(&mut self, id: PostId) -> Result<(), StoreError> {
        execute!(self, REMOVED, id.0);
        Ok(())
    }
}
