use jiff::Timestamp;

use super::entries::{likes, likes_of};
use super::logging::next_entry;
use super::rows::{SettingsRow, instant, zone};
use super::tx::Either;
use super::writer::{joining, opening};
use super::{Like, Store, StoreError, Tx, execute, on, statements};
use crate::calendar::{DayStart, Zone};
use crate::club::{
    AccountId, AgeGroup, ChatId, ClubId, Language, PersonId, Platform, Privacy, RoomId, Settings,
};
use crate::measure::Unit;

/// Everything that is known of an account in a place, and of an event, in one row.
macro_rules! meet {
    ($likes:expr, $next_entry:expr) => {
        concat!("select (", $likes, ") as likes, (", $next_entry, ") as next_entry, a.id as account, a.name, a.locale, a.handle,
            a.person_id as person, p.zone, p.unit, p.language, p.day_start, p.age_group, p.privacy, p.streak,
            ch.id as chat, ch.club_id as club, cl.zone as club_zone, cl.language as club_language,
            r.id as room, s.first as seen, s.left_at as left_at, h.answer as answer,
            exists (select 1 from account o where o.person_id = a.person_id and o.id <> a.id)
                as has_other_accounts,
            (select max(e.logged_at) from entry e where e.account_id = a.id and e.hurts
                and e.standing <> 'undone') as hurt_at,
            exists (select 1 from unreachable u where u.room_id = r.id and r.chat_id is null)
                as was_lost
        from (select 1 as one) as one
        left join account a on a.platform = $1 and a.external = $2
        left join person p on p.id = a.person_id
        left join chat ch on ch.platform = $1 and ch.external = $3
        left join club cl on cl.id = ch.club_id
        left join room r on r.platform = $1 and r.external = $4
        left join seen s on s.account_id = a.id and s.chat_id = ch.id
        left join handled h on h.event = $5")
    };
}

macro_rules! no_number {
    () => {
        "cast(null as bigint)"
    };
}

/// The same, and his like tests.
macro_rules! meet_and_compare {
    ($next_entry:expr) => {
        meet!(likes!("a.id", ""), $next_entry)
    };
}

const OPEN_AND_MEET: &str = opening!(meet!("cast(null as text)", no_number!()));
const JOIN_AND_MEET: &str = joining!(meet!("cast(null as text)", no_number!()));
const OPEN_AND_COMPARE: &str = opening!(meet_and_compare!(next_entry!()));
const JOIN_AND_COMPARE: &str = joining!(meet_and_compare!(next_entry!()));

statements! {
    MEET = meet!("cast(null as text)", no_number!());
    MEET_AND_COMPARE = meet_and_compare!(no_number!());
    NEW_PERSON = "insert into person (privacy, since) values ($1, $2) returning id";
    NEW_ACCOUNT = "insert into account (person_id, platform, external, name, locale, since,
            handle)
        values ($1, $2, $3, $4, $5, $6, $7) returning id";
    RENAME = "update account set name = $2, locale = $3, handle = $4 where id = $1";
    /// Whoever had it before has another by now.
    FREE_HANDLE = "update account set handle = null where platform = $1 and handle = $2";
    NEW_CLUB = "insert into club (since) values ($1) returning id";
    NEW_CHAT = "insert into chat (club_id, platform, external, since)
        values ($1, $2, $3, $4) returning id";
    NEW_ROOM = "insert into room (chat_id, account_id, platform, external, since)
        values ($1, $2, $3, $4, $5) returning id";
    SEEN = "insert into seen (account_id, chat_id, first) values ($1, $2, $3)
        on conflict (account_id, chat_id) do update set left_at = null";
    SETTINGS = "update person set zone = $2, unit = $3, language = $4, day_start = $5,
        age_group = $6, privacy = $7, streak = $8 where id = $1";
    OTHER_PLATFORMS = "select count(*) from account where platform <> $1";
}

/// Who says something, by the names of his platform.
#[derive(Clone, Copy, Debug)]
pub struct Who<'a> {
    /// The platform.
    pub platform: Platform,
    /// The platform's name for the account.
    pub external: &'a str,
    /// What he calls himself.
    pub name: &'a str,
    /// What the platform says of his language.
    pub locale: Option<&'a str>,
    /// By which others call him there, in any case.
    pub handle: Option<&'a str>,
}

/// Where something is said, by the names of the platform.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// A private conversation.
    Private {
        /// Its room.
        room: &'a str,
    },
    /// A room of a chat.
    Room {
        /// The chat.
        chat: &'a str,
        /// The room.
        room: &'a str,
    },
    /// In a foreign server: no chat, no club.
    Elsewhere,
}

impl<'a> Place<'a> {
    /// Of the chat and of the room, as far as there are any.
    const fn names(self) -> (Option<&'a str>, Option<&'a str>) {
        match self {
            Self::Private { room } => (None, Some(room)),
            Self::Room { chat, room } => (Some(chat), Some(room)),
            Self::Elsewhere => (None, None),
        }
    }
}

/// What is known when somebody says something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The account that speaks.
    pub account: AccountId,
    /// Whose it is.
    pub person: PersonId,
    /// Whether he has other accounts too.
    pub has_other_accounts: bool,
    /// What he has set.
    pub settings: Settings,
    /// The chat, if there is one.
    pub chat: Option<ChatId>,
    /// Its club.
    pub club: Option<ClubId>,
    /// The club's zone.
    pub club_zone: Option<Zone>,
    /// The club's language.
    pub club_language: Option<Language>,
    /// The room.
    pub room: Option<RoomId>,
    /// When the account last logged a test that hurt.
    pub hurt_at: Option<Timestamp>,
    /// Whether nothing could be sent into this room meanwhile, and it is a private one.
    pub was_lost: bool,
}

/// What is read when somebody is met, besides what concerns himself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ahead {
    /// Nothing.
    Nothing,
    /// His like tests, because one is about to be logged: that saves asking for them.
    Likes,
}

/// What comes of meeting somebody.
#[derive(Clone, Debug)]
pub enum Met {
    /// The event's work was done before: its answer, as it was stored.
    Before(String),
    /// He is here.
    Now(Visit),
}

/// One row of [`MEET`].
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    account: Option<i64>,
    name: Option<String>,
    locale: Option<String>,
    handle: Option<String>,
    person: Option<i64>,
    has_other_accounts: bool,
    #[sqlx(flatten)]
    settings: SettingsRow,
    pub(super) chat: Option<i64>,
    pub(super) club: Option<i64>,
    pub(super) club_zone: Option<String>,
    pub(super) club_language: Option<String>,
    pub(super) room: Option<i64>,
    seen: Option<i64>,
    left_at: Option<i64>,
    pub(super) answer: Option<String>,
    hurt_at: Option<i64>,
    was_lost: bool,
    likes: Option<String>,
    next_entry: Option<i64>,
}

impl Store {
    /// What is known of somebody, writing nothing: for an answer that needs no more than his
    /// language and his number.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn known_of(
        &self,
        who: Who<'_>,
    ) -> Result<(Option<AccountId>, Settings), StoreError> {
        let row: Row = on!(self.reader(), pool => sqlx::query_as(MEET)
            .bind(who.platform.0).bind(who.external)
            .bind(None::<&str>).bind(None::<&str>).bind(None::<&str>)
            .fetch_one(pool).await?);
        Ok((row.account.map(AccountId), row.settings.try_into()?))
    }

    /// Begins a write transaction and meets somebody in it: as [`Store::begin`] and [`Tx::meet`],
    /// in a single exchange with the database where it can be.
    ///
    /// # Errors
    ///
    /// As [`Tx::meet`].
    pub async fn meet(
        &self,
        who: Who<'_>,
        place: Place<'_>,
        event: &str,
        (ahead, now): (Ahead, Timestamp),
    ) -> Result<(Tx, Met), StoreError> {
        let mut tx = Tx::prepare(self.writers()).await?;
        let row: Row = match &mut tx.inner {
            Either::Sqlite(turn) => {
                let (chat, room) = place.names();
                let sql = match (turn.begins(), ahead) {
                    (true, Ahead::Nothing) => OPEN_AND_MEET,
                    (true, Ahead::Likes) => OPEN_AND_COMPARE,
                    (false, Ahead::Nothing) => JOIN_AND_MEET,
                    (false, Ahead::Likes) => JOIN_AND_COMPARE,
                };
                let row = sqlx::query_as(sql)
                    .bind(who.platform.0)
                    .bind(who.external)
                    .bind(chat)
                    .bind(room)
                    .bind(event)
                    .fetch_one(turn.connection())
                    .await;
                turn.begun(row)?
            }
            Either::Postgres(_) => {
                let sql = match ahead {
                    Ahead::Nothing => MEET,
                    Ahead::Likes => MEET_AND_COMPARE,
                };
                tx.known(sql, who, place, event).await?
            }
        };
        tx.next_entry = row.next_entry;
        if let (Ahead::Likes, Some(account)) = (ahead, row.account) {
            tx.ahead = Some((account, Like::read_all(row.likes.as_deref())?));
        }
        let met = tx.met(row, who, place, now).await?;
        Ok((tx, met))
    }

    /// Whether accounts of any other platform are in the database.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn serves_others_than(&self, platform: Platform) -> Result<bool, StoreError> {
        let others: i64 = on!(self.reader(), pool => sqlx::query_scalar(OTHER_PLATFORMS)
            .bind(platform.0).fetch_one(pool).await?);
        Ok(others > 0)
    }
}

impl Tx {
    /// Meets somebody in a place: makes his account, the club, the chat and the room if this is the
    /// first time, and notes what he calls himself now. If the event's work was done before, it
    /// returns that answer and writes nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] if another process met him at the same moment.
    pub async fn meet(
        &mut self,
        who: Who<'_>,
        place: Place<'_>,
        event: &str,
        now: Timestamp,
    ) -> Result<Met, StoreError> {
        let row = self.known(MEET, who, place, event).await?;
        self.met(row, who, place, now).await
    }

    async fn known(
        &mut self,
        sql: &'static str,
        who: Who<'_>,
        place: Place<'_>,
        event: &str,
    ) -> Result<Row, StoreError> {
        let (chat, room) = place.names();
        Ok(on!(self.connection().await?, c => sqlx::query_as(sql)
            .bind(who.platform.0).bind(who.external).bind(chat).bind(room).bind(event)
            .fetch_one(c).await?))
    }

    /// Makes what is not known yet.
    async fn met(
        &mut self,
        row: Row,
        who: Who<'_>,
        place: Place<'_>,
        now: Timestamp,
    ) -> Result<Met, StoreError> {
        let (chat, room) = place.names();
        if let Some(answer) = row.answer {
            return Ok(Met::Before(answer));
        }
        let now = now.as_millisecond();
        let (account, person) = match (row.account, row.person) {
            (Some(account), Some(person)) => {
                let handle = who.handle.map(str::to_lowercase);
                if row.handle != handle {
                    Box::pin(self.free_handle(who)).await?;
                }
                if row.name.as_deref() != Some(who.name)
                    || row.locale.as_deref() != who.locale
                    || row.handle != handle
                {
                    let (name, locale) = (who.name, who.locale);
                    execute!(self, RENAME, account, name, locale, handle);
                }
                (account, person)
            }
            // What is made once only is boxed: the many who are known need no room for it.
            _ => Box::pin(self.new_account(who, now)).await?,
        };
        let (chat_id, club) = match (row.chat, row.club, chat) {
            (Some(chat), Some(club), _) => (Some(chat), Some(club)),
            (_, _, Some(external)) => Box::pin(self.new_chat(who.platform, external, now)).await?,
            _ => (None, None),
        };
        let room_id = match (row.room, room) {
            (Some(room), _) => Some(room),
            (None, Some(external)) => {
                let owner = chat_id.is_none().then_some(account);
                let made = self.new_room(chat_id, owner, who.platform, external, now);
                Some(Box::pin(made).await?)
            }
            (None, None) => None,
        };
        if let Some(chat) = chat_id
            && (row.seen.is_none() || row.left_at.is_some())
        {
            execute!(self, SEEN, account, chat, now);
        }
        Ok(Met::Now(Visit {
            account: AccountId(account),
            person: PersonId(person),
            has_other_accounts: row.has_other_accounts,
            settings: row.settings.try_into()?,
            chat: chat_id.map(ChatId),
            club: club.map(ClubId),
            club_zone: row.club_zone.map(zone).transpose()?,
            club_language: row.club_language.as_deref().and_then(Language::of_locale),
            room: room_id.map(RoomId),
            hurt_at: row.hurt_at.map(instant).transpose()?,
            was_lost: row.was_lost,
        }))
    }

    async fn free_handle(&mut self, who: Who<'_>) -> Result<(), StoreError> {
        if let Some(handle) = who.handle {
            let handle = handle.to_lowercase();
            execute!(self, FREE_HANDLE, who.platform.0, handle);
        }
        Ok(())
    }

    async fn new_account(&mut self, who: Who<'_>, now: i64) -> Result<(i64, i64), StoreError> {
        self.free_handle(who).await?;
        let privacy = Privacy::default().word();
        let person: i64 = on!(self.connection().await?, c => sqlx::query_scalar(NEW_PERSON)
            .bind(privacy).bind(now).fetch_one(c).await?);
        let account: i64 = on!(self.connection().await?, c => sqlx::query_scalar(NEW_ACCOUNT)
            .bind(person).bind(who.platform.0).bind(who.external)
            .bind(who.name).bind(who.locale).bind(now)
            .bind(who.handle.map(str::to_lowercase))
            .fetch_one(c).await?);
        Ok((account, person))
    }

    pub(super) async fn new_chat(
        &mut self,
        platform: Platform,
        external: &str,
        now: i64,
    ) -> Result<(Option<i64>, Option<i64>), StoreError> {
        let club: i64 = on!(self.connection().await?, c => sqlx::query_scalar(NEW_CLUB)
            .bind(now).fetch_one(c).await?);
        let chat: i64 = on!(self.connection().await?, c => sqlx::query_scalar(NEW_CHAT)
            .bind(club).bind(platform.0).bind(external).bind(now)
            .fetch_one(c).await?);
        Ok((Some(chat), Some(club)))
    }

    pub(super) async fn new_room(
        &mut self,
        chat: Option<i64>,
        owner: Option<i64>,
        platform: Platform,
        external: &str,
        now: i64,
    ) -> Result<i64, StoreError> {
        Ok(
            on!(self.connection().await?, c => sqlx::query_scalar(NEW_ROOM)
            .bind(chat).bind(owner).bind(platform.0).bind(external).bind(now)
            .fetch_one(c).await?),
        )
    }

    /// Writes what a person has set.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn set(&mut self, person: PersonId, settings: &Settings) -> Result<(), StoreError> {
        execute!(
            self,
            SETTINGS,
            person.0,
            settings.zone.as_ref().map(Zone::name),
            settings.unit.map(Unit::symbol),
            settings.language.map(Language::code),
            settings.day_start.map(DayStart::minutes),
            settings.age.map(AgeGroup::word),
            settings.privacy.word(),
            settings.streak.word()
        );
        Ok(())
    }
}
