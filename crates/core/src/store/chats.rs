use jiff::Timestamp;

use super::deputies::RESIGN;
use super::identity::{MEET, Row};
use super::rows::zone;
use super::{Place, Store, StoreError, Tx, execute, on, statements};
use crate::calendar::Zone;
use crate::club::{ChatId, ClubId, Language, PersonId, Platform, RoomId};

statements! {
    SET_CLUB = "update club set zone = $2, language = $3 where id = $1";
    HOME = "select id from room where chat_id = $1 and is_home";
    NO_HOME = "update room set is_home = $2 where chat_id = $1 and is_home";
    NEW_HOME = "update room set is_home = $2 where id = $1";
    ADDRESS = "select c.external, r.external from room r left join chat c on c.id = r.chat_id
        where r.id = $1";
    HALL = "select c.id, c.club_id, cl.zone, cl.language, c.platform
        from room r join chat c on c.id = r.chat_id join club cl on cl.id = c.club_id
        where r.id = $1";
    NAME_ROOM = "update room set name = $2 where id = $1";
    NAME_CHAT = "update chat set name = $2 where id = (select chat_id from room where id = $1)";
    LEFT = "update seen set left_at = $4 where account_id =
            (select id from account where platform = $1 and external = $2)
        and chat_id = (select id from chat where platform = $1 and external = $3)
        and left_at is null";
    WHO_LEAVES = "select a.person_id from account a
        join seen s on s.account_id = a.id join chat c on c.id = s.chat_id
        where a.platform = $1 and a.external = $2 and c.platform = $1 and c.external = $3
            and s.left_at is null";
    LEAVE_CLUB = "update seen set left_at = $3 where left_at is null
        and account_id in (select id from account where person_id = $2)
        and chat_id in (select id from chat where club_id = $1)";
    KNOWN_CHAT = "select id from chat where platform = $1 and external = $2";
    KNOWN_BESIDE = "select 1 from chat where platform = $1 and external not like $2
        union all select 1 from greeted where platform = $1 and external not like $2 limit 1";
    GREET = "insert into greeted (platform, external, at) values ($1, $2, $3)
        on conflict (platform, external) do nothing";
    BEGINNINGS = "select (select external from greeted where platform = $1 and external = $2),
        (select cl.zone from chat c join club cl on cl.id = c.club_id
            where c.platform = $1 and c.external = $2)";
}

/// What is known when somebody speaks for a chat.
#[derive(Clone, Debug)]
pub struct Hall {
    /// The chat, if it was said in one.
    pub chat: Option<ChatId>,
    /// The room of the chat.
    pub room: Option<RoomId>,
    /// The chat's club, if it was said in a chat.
    pub club: Option<ClubId>,
    /// The club's zone.
    pub zone: Option<Zone>,
    /// The club's language.
    pub language: Option<Language>,
}

/// What comes of meeting somebody who speaks for a chat.
#[derive(Clone, Debug)]
pub enum MetChat {
    /// The event's work was done before: its answer, as it was stored.
    Before(String),
    /// The chat is known now.
    Now(Hall),
}

/// How far a chat's organisers have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beginnings {
    /// Whether the chat was welcomed.
    pub greeted: bool,
    /// Whether its club has a zone.
    pub has_zone: bool,
}

impl Store {
    /// How far a chat's organisers have come, writing nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn beginnings_of(
        &self,
        platform: Platform,
        chat: &str,
    ) -> Result<Beginnings, StoreError> {
        let (greeted, zone): (Option<String>, Option<String>) = on!(self.reader(), pool =>
            sqlx::query_as(BEGINNINGS).bind(platform.0).bind(chat).fetch_one(pool).await?);
        Ok(Beginnings {
            greeted: greeted.is_some(),
            has_zone: zone.is_some(),
        })
    }
}

impl Tx {
    /// Meets somebody who speaks for a chat, and of whom nothing is known.
    ///
    /// # Errors
    ///
    /// As [`Tx::meet`].
    pub async fn meet_chat(
        &mut self,
        platform: Platform,
        place: Place<'_>,
        event: &str,
        now: Timestamp,
    ) -> Result<MetChat, StoreError> {
        let (chat, room) = match place {
            Place::Room { chat, room } => (Some(chat), Some(room)),
            Place::Private { .. } | Place::Elsewhere => (None, None),
        };
        let row: Row = on!(self.connection().await?, c => sqlx::query_as(MEET)
            .bind(platform.0).bind(None::<&str>).bind(chat).bind(room).bind(event)
            .fetch_one(c).await?);
        if let Some(answer) = row.answer {
            return Ok(MetChat::Before(answer));
        }
        let at = now.as_millisecond();
        let (chat_id, club) = match (row.chat, row.club, chat) {
            (Some(chat), Some(club), _) => (Some(chat), Some(club)),
            (_, _, Some(external)) => self.new_chat(platform, external, at).await?,
            _ => (None, None),
        };
        let room_id = match (row.room, room) {
            (Some(room), _) => Some(room),
            (None, Some(external)) => {
                let new = self.new_room(chat_id, None, platform, external, at);
                Some(new.await?)
            }
            (None, None) => None,
        };
        Ok(MetChat::Now(Hall {
            chat: chat_id.map(ChatId),
            room: room_id.map(RoomId),
            club: club.map(ClubId),
            zone: row.club_zone.map(zone).transpose()?,
            language: row.club_language.as_deref().and_then(Language::of_locale),
        }))
    }

    /// Writes what is set for a club.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn set_club(
        &mut self,
        club: ClubId,
        zone: Option<&Zone>,
        language: Option<Language>,
    ) -> Result<(), StoreError> {
        let (zone, language) = (zone.map(Zone::name), language.map(Language::code));
        execute!(self, SET_CLUB, club.0, zone, language);
        Ok(())
    }

    /// The room that a chat's posts go to where no other is named, if there is one.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn home(&mut self, chat: ChatId) -> Result<Option<RoomId>, StoreError> {
        let id: Option<i64> = on!(self.connection().await?, c => sqlx::query_scalar(HOME)
            .bind(chat.0).fetch_optional(c).await?);
        Ok(id.map(RoomId))
    }

    /// What the platform calls a room and, if it is of a chat, the chat.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn address_of(
        &mut self,
        room: RoomId,
    ) -> Result<(Option<String>, String), StoreError> {
        on!(self.connection().await?, c => Ok(
            sqlx::query_as(ADDRESS).bind(room.0).fetch_one(c).await?
        ))
    }

    /// All that is known of a room of a chat, and the word for its platform. None for a private one.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn hall(&mut self, room: RoomId) -> Result<Option<(Hall, String)>, StoreError> {
        type Found = (i64, i64, Option<String>, Option<String>, String);
        let row: Option<Found> = on!(self.connection().await?, c =>
            sqlx::query_as(HALL).bind(room.0).fetch_optional(c).await?);
        let Some((chat, club, club_zone, language, platform)) = row else {
            return Ok(None);
        };
        let hall = Hall {
            chat: Some(ChatId(chat)),
            room: Some(room),
            club: Some(ClubId(club)),
            zone: club_zone.map(zone).transpose()?,
            language: language.as_deref().and_then(Language::of_locale),
        };
        Ok(Some((hall, platform)))
    }

    /// Notes a room of a chat in which nobody has spoken yet.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] if another process met it at the same moment.
    pub async fn note_room(
        &mut self,
        chat: ChatId,
        platform: Platform,
        external: &str,
        now: Timestamp,
    ) -> Result<RoomId, StoreError> {
        let now = now.as_millisecond();
        let room = self.new_room(Some(chat.0), None, platform, external, now);
        Ok(RoomId(room.await?))
    }

    /// Notes what people call a room.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn name_room(&mut self, room: RoomId, name: &str) -> Result<(), StoreError> {
        execute!(self, NAME_ROOM, room.0, name);
        Ok(())
    }

    /// Notes what people call the chat that a room is in.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn name_chat_of(&mut self, room: RoomId, name: &str) -> Result<(), StoreError> {
        execute!(self, NAME_CHAT, room.0, name);
        Ok(())
    }

    /// Makes a room of a chat its home, in place of another.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn set_home(&mut self, chat: ChatId, room: RoomId) -> Result<(), StoreError> {
        execute!(self, NO_HOME, chat.0, false);
        execute!(self, NEW_HOME, room.0, true);
        Ok(())
    }

    /// An account has left a chat: what stands there and names him is written anew.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn left(
        &mut self,
        platform: Platform,
        account: &str,
        chat: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let person: Option<i64> = on!(self.connection().await?, c => sqlx::query_scalar(WHO_LEAVES)
            .bind(platform.0).bind(account).bind(chat).fetch_optional(c).await?);
        if let Some(person) = person.map(PersonId) {
            let today = Zone::utc().rules().to_datetime(now).date();
            self.all_posts_changed(person, today, now).await?;
        }
        execute!(self, LEFT, platform.0, account, chat, now.as_millisecond());
        execute!(self, RESIGN, platform.0, account, chat);
        Ok(())
    }

    /// A person does not belong to a club any more, until one of his accounts is met there again.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn leave_club(
        &mut self,
        club: ClubId,
        person: PersonId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let now = now.as_millisecond();
        execute!(self, LEAVE_CLUB, club.0, person.0, now);
        Ok(())
    }

    /// Whether anybody has spoken to us in a chat.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn knows_chat(&mut self, platform: Platform, chat: &str) -> Result<bool, StoreError> {
        let id: Option<i64> = on!(self.connection().await?, c => sqlx::query_scalar(KNOWN_CHAT)
            .bind(platform.0)
            .bind(chat)
            .fetch_optional(c).await?);
        Ok(id.is_some())
    }

    /// Whether any chat is known that the platform calls otherwise than by names which begin like this.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn knows_chat_beside(
        &mut self,
        platform: Platform,
        beginning: &str,
    ) -> Result<bool, StoreError> {
        let known: Option<i32> = on!(self.connection().await?, c => sqlx::query_scalar(KNOWN_BESIDE)
            .bind(platform.0)
            .bind(format!("{beginning}%"))
            .fetch_optional(c).await?);
        Ok(known.is_some())
    }

    /// Notes that a chat is welcomed. Tells whether it had not been before.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn greet(
        &mut self,
        platform: Platform,
        chat: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let new = execute!(self, GREET, platform.0, chat, now.as_millisecond());
        Ok(new == 1)
    }
}
