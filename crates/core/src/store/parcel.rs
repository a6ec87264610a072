//! All that is known of a row of the outbox when it is sent: what, where to, and whose.

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::rows::{instant, nonsense, zone};
use super::{StoreError, Tx, on, statements};
use crate::calendar::Zone;
use crate::club::{ChallengeId, ChatId, ClubId, Language, PostId, ReminderId, RoomId};

statements! {
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

pub(super) fn kind(word: &str) -> Result<Kind, StoreError> {
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

impl Tx {
    /// All that is known of a row.
    pub(super) async fn parcel(&mut self, id: PostId) -> Result<Parcel, StoreError> {
        let row: ParcelRow = on!(self.connection().await?, c => sqlx::query_as(PARCEL)
            .bind(id.0).fetch_one(c).await?);
        row.try_into()
    }
}
