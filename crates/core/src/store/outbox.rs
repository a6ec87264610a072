//! What is sent without anybody asking at that moment: from waiting to sent, one statement a step, each
//! with the state before it in its `where`.

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::leases::Epoch;
use super::rows::{instant, nonsense, zone};
use super::{Store, StoreError, Tx, execute, on, statements};
use crate::calendar::Zone;
use crate::club::{ChallengeId, ChatId, ClubId, Language, Platform, PostId, ReminderId, RoomId};

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
    PARCEL = "select o.id, o.kind, o.attempts, o.repeats, o.first_try, o.due, o.expires, o.reason, o.room_id,
            o.message_room as own_room, o.message as own_message, s.reason as subject_reason,
            r.external as room, r.chat_id, c.external as chat, c.club_id,
            coalesce(cl.zone, hc.zone) as club_zone, p.zone as own_zone,
            cl.language as club_language, coalesce(s.reminder_id, o.reminder_id) as reminder_id,
            coalesce(s.occurrence, o.occurrence) as occurrence,
            coalesce(s.challenge_id, o.challenge_id) as challenge_id, s.id as subject,
            s.kind as subject_kind, s.due as subject_due, s.sent_at as subject_sent,
            s.message_room, s.message, pl.name as place_name, pc.name as chat_name,
            a.external as account, a.locale as locale, p.language as language
        from outbox o
        left join outbox s on s.id = o.subject_id
        left join room r on r.id = o.room_id
        left join room pl on pl.id = coalesce(o.room_id, s.room_id)
        left join chat pc on pc.id = pl.chat_id
        left join chat c on c.id = r.chat_id
        left join club cl on cl.id = c.club_id
        left join challenge h on h.id = coalesce(s.challenge_id, o.challenge_id)
        left join club hc on hc.id = h.club_id
        left join account a on a.id = o.account_id
        left join person p on p.id = a.person_id
        where o.id = $1";
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
    LOST_ROOM = "insert into unreachable (room_id, reason, since) values ($1, $2, $3)
        on conflict (room_id) do nothing";
    LOST_REMINDER = "update reminder set lost_told = $2 where id = $1 and not lost_told";
    FOUND_REMINDERS = "update reminder set lost_told = $2 where room_id = $1 and lost_told";
    FOUND_REMINDERS_OF_CHAT = "update reminder set lost_told = $3 where lost_told and room_id in (
            select r.id from room r join chat c on c.id = r.chat_id
            where c.platform = $1 and c.external = $2)";
    ROOM_IS_BACK = "delete from unreachable where room_id = $1";
    ROOMS_ARE_BACK = "delete from unreachable where room_id in (
            select r.id from room r join chat c on c.id = r.chat_id
            where c.platform = $1 and c.external = $2)";
    REVIVE = "update outbox set state = 'waiting', reason = null, not_before = $3
        where state = 'unreachable' and expires > $3 and room_id in (
            select r.id from room r join chat c on c.id = r.chat_id
            where c.platform = $1 and c.external = $2)";
    REVIVE_ROOM = "update outbox set state = 'waiting', reason = null, not_before = $2
        where state = 'unreachable' and expires > $2 and room_id = $1";
    ROOM_OF_MESSAGE = "select o.message_room from chat c
        join room r on r.chat_id = c.id
        join outbox o on o.room_id = r.id
        where c.platform = $1 and c.external = $2 and o.message = $3 limit 1";
    STATES = "select state, count(*) as n from outbox where kind = $1 group by state order by state";
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$of])* $variant),* }

        impl $name {
            /// Its word in the database.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// What a word of the database means.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

words! {
    /// What is sent.
    Kind {
        /// A reminder's post.
        Post = "post",
        /// The same, out of turn, marked as a test.
        Test = "test",
        /// A post's new count.
        Edit = "edit",
        /// A post goes.
        Delete = "delete",
        /// A message loses its buttons.
        Close = "close",
        /// Something that a human has to know.
        Notice = "notice",
        /// A challenge's results.
        Result = "result",
        /// The question to who is about to win a challenge and is not named.
        Ask = "ask",
        /// A question to those who care for a reminder that nobody presses.
        Quiet = "quiet",
    }
}

words! {
    /// Why something was not sent, or not yet.
    Reason {
        /// Its time is over.
        Late = "late",
        /// Nobody knows whether it arrived.
        InDoubt = "in_doubt",
        /// The platform was out of order.
        Away = "away",
        /// The platform was not reached.
        NotReached = "not_reached",
        /// The platform told us to wait.
        Wait = "wait",
        /// The platform does not take it.
        Rejected = "rejected",
        /// The chat has another address.
        Moved = "moved",
        /// The room is gone, or we are gone from it.
        Gone = "gone",
        /// A right is missing.
        NoRight = "no_right",
        /// The topic is closed.
        TopicClosed = "topic_closed",
        /// The person does not want to hear from us.
        Blocked = "blocked",
        /// There is nothing to be said any more.
        Removed = "removed",
        /// The club takes a break.
        Break = "break",
        /// It was sent, and its message stays where it is, without buttons.
        Stays = "stays",
    }
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

/// All that is known of a row that is being sent.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// Its number.
    pub id: PostId,
    /// What it is.
    pub kind: Kind,
    /// How often it has been tried, this time included.
    pub attempts: i64,
    /// How often it has been repeated though it may have arrived.
    pub repeats: i64,
    /// Since when it may have arrived, if an earlier try is in doubt.
    pub in_doubt_since: Option<Timestamp>,
    /// When it was due.
    pub due: Timestamp,
    /// When it is too late.
    pub expires: Timestamp,
    /// Why it is to be told, or was not sent before.
    pub reason: Option<Reason>,
    /// The room, and what the platform calls it.
    pub room: Option<(RoomId, String)>,
    /// What people call the room that it is about.
    pub place_name: Option<String>,
    /// What people call the chat that it is in, if that is another name.
    pub chat_name: Option<String>,
    /// The room's chat, and what the platform calls it.
    pub chat: Option<(ChatId, String)>,
    /// The club of the chat.
    pub club: Option<ClubId>,
    /// The club's zone.
    pub club_zone: Option<Zone>,
    /// The zone that the account's person has set.
    pub own_zone: Option<Zone>,
    /// The club's language.
    pub club_language: Option<Language>,
    /// The reminder it is about.
    pub reminder: Option<ReminderId>,
    /// The challenge it is about.
    pub challenge: Option<ChallengeId>,
    /// The occurrence it is about.
    pub civil: Option<DateTime>,
    /// The post that it changes or removes.
    pub subject: Option<Subject>,
    /// The message that it is about, where that is not the post's: its room, and its name there.
    pub message: Option<(String, String)>,
    /// To whom it goes privately: what the platform calls the account.
    pub account: Option<String>,
    /// What he reads.
    pub language: Option<Language>,
}

/// A post that is to be changed or removed.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Its number.
    pub id: PostId,
    /// What it is.
    pub kind: Kind,
    /// When it was due, and when it was sent.
    pub times: (Timestamp, Option<Timestamp>),
    /// The message: its room, and its name there. None if it was never sent, or is gone.
    pub message: Option<(String, String)>,
    /// Whether it stays there for good, without buttons.
    pub stays: bool,
}

#[derive(sqlx::FromRow)]
struct ParcelRow {
    id: i64,
    kind: String,
    attempts: i64,
    repeats: i64,
    first_try: Option<i64>,
    due: i64,
    expires: i64,
    reason: Option<String>,
    room_id: Option<i64>,
    room: Option<String>,
    chat_id: Option<i64>,
    chat: Option<String>,
    club_id: Option<i64>,
    club_zone: Option<String>,
    own_zone: Option<String>,
    club_language: Option<String>,
    reminder_id: Option<i64>,
    occurrence: Option<String>,
    challenge_id: Option<i64>,
    subject: Option<i64>,
    subject_kind: Option<String>,
    subject_due: Option<i64>,
    subject_sent: Option<i64>,
    subject_reason: Option<String>,
    message_room: Option<String>,
    message: Option<String>,
    own_room: Option<String>,
    own_message: Option<String>,
    place_name: Option<String>,
    chat_name: Option<String>,
    account: Option<String>,
    locale: Option<String>,
    language: Option<String>,
}

fn kind(word: &str) -> Result<Kind, StoreError> {
    Kind::from_word(word).ok_or_else(|| nonsense("a kind of sending", word))
}

impl TryFrom<ParcelRow> for Parcel {
    type Error = StoreError;

    fn try_from(row: ParcelRow) -> Result<Self, StoreError> {
        let reason =
            |word: String| Reason::from_word(&word).ok_or_else(|| nonsense("a reason", word));
        let civil = |text: String| {
            text.parse()
                .map_err(|_| nonsense("a civil time", text.clone()))
        };
        let subject = match (row.subject, row.subject_kind, row.subject_due) {
            (Some(id), Some(word), Some(due)) => Some(Subject {
                id: PostId(id),
                kind: kind(&word)?,
                times: (instant(due)?, row.subject_sent.map(instant).transpose()?),
                message: row.message_room.zip(row.message),
                stays: row.subject_reason.as_deref() == Some(Reason::Stays.word()),
            }),
            _ => None,
        };
        let in_doubt = row.first_try.filter(|_| row.repeats > 0);
        let language = |code: Option<String>| code.as_deref().and_then(Language::of_locale);
        Ok(Self {
            id: PostId(row.id),
            kind: kind(&row.kind)?,
            attempts: row.attempts,
            repeats: row.repeats,
            in_doubt_since: in_doubt.map(instant).transpose()?,
            due: instant(row.due)?,
            expires: instant(row.expires)?,
            reason: row.reason.map(reason).transpose()?,
            room: row.room_id.map(RoomId).zip(row.room),
            place_name: row.place_name,
            chat_name: row.chat_name,
            chat: row.chat_id.map(ChatId).zip(row.chat),
            club: row.club_id.map(ClubId),
            club_zone: row.club_zone.map(zone).transpose()?,
            own_zone: row.own_zone.map(zone).transpose()?,
            club_language: language(row.club_language),
            reminder: row.reminder_id.map(ReminderId),
            challenge: row.challenge_id.map(ChallengeId),
            civil: row.occurrence.map(civil).transpose()?,
            subject,
            message: row.own_room.zip(row.own_message),
            account: row.account,
            language: language(row.language).or_else(|| language(row.locale)),
        })
    }
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
        let row: ParcelRow = on!(self.connection().await?, c => sqlx::query_as(PARCEL)
            .bind(id.0).fetch_one(c).await?);
        Ok(Some(row.try_into()?))
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

    /// A room cannot be reached.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn room_lost(
        &mut self,
        room: RoomId,
        reason: Reason,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(self, LOST_ROOM, room.0, reason.word(), now.as_millisecond());
        Ok(())
    }

    /// A reminder could not be posted, for its room cannot be reached. Tells whether that is news.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn reminder_lost(&mut self, id: ReminderId) -> Result<bool, StoreError> {
        Ok(execute!(self, LOST_REMINDER, id.0, true) == 1)
    }

    /// A room was reached.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn room_reached(&mut self, room: RoomId) -> Result<(), StoreError> {
        if execute!(self, ROOM_IS_BACK, room.0) > 0 {
            execute!(self, FOUND_REMINDERS, room.0, false);
        }
        Ok(())
    }

    /// A room is put right: what could not be sent there and is not too late yet waits again.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn revive_room(&mut self, room: RoomId, now: Timestamp) -> Result<u64, StoreError> {
        let now = now.as_millisecond();
        Ok(execute!(self, REVIVE_ROOM, room.0, now))
    }

    /// A chat has let us in again: what could not be sent there and is not too late yet waits again.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn revive_chat(
        &mut self,
        platform: Platform,
        chat: &str,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        execute!(self, ROOMS_ARE_BACK, platform.0, chat);
        execute!(self, FOUND_REMINDERS_OF_CHAT, platform.0, chat, false);
        let now = now.as_millisecond();
        Ok(execute!(self, REVIVE, platform.0, chat, now))
    }
}
