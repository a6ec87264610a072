use jiff::Timestamp;
use jiff::civil::Date;

use super::Refusal;
use crate::calendar::{DayStart, Zone, local_day};
use crate::club::{AccountId, ChatId, ClubId, Language, RoomId};
use crate::exercise::Rest;
use crate::face::{Answer, Audience, Outcome, Rights};
use crate::store::{StoreError, Tx, Visit, breaks_since};
use crate::words::Speaker;

/// A command's handler.
pub(super) trait Handle {
    /// Who may read its answers.
    const AUDIENCE: Audience;

    /// Whether it changes nothing. Then its answer is not kept: whoever asks again is told anew.
    const READS_ONLY: bool = false;

    /// Who may read this one's answer.
    fn audience(&self) -> Audience {
        Self::AUDIENCE
    }

    /// Whether this one changes nothing.
    fn reads_only(&self) -> bool {
        Self::READS_ONLY
    }

    /// Does the work and says what came of it.
    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure>;
}

/// A handler that needs a club and the rights of who asks, but nobody's account: somebody may speak
/// for the chat itself.
pub(super) trait HandleClub {
    /// Does the work and says what came of it.
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure>;
}

/// What a [`HandleClub`] works with. A transaction too.
pub(super) struct ClubContext<'a> {
    /// The database.
    pub tx: &'a mut Tx,
    /// The club, if it was said in one.
    pub club: Option<ClubId>,
    /// The chat of the club.
    pub chat: Option<ChatId>,
    /// The room of the chat.
    pub room: Option<RoomId>,
    /// Its zone.
    pub zone: Option<Zone>,
    /// Its language.
    pub language: Option<Language>,
    /// Speaks to who asks.
    pub say: Speaker,
    /// His account, if he speaks for himself.
    pub by: Option<AccountId>,
    /// What he may do here.
    pub rights: Rights,
    /// The present instant.
    pub now: Timestamp,
    /// Whether a button was pressed.
    pub pressed: bool,
}

impl ClubContext<'_> {
    /// The club's local day.
    pub fn today(&self) -> Date {
        let zone = self.zone.clone().unwrap_or_else(Zone::utc);
        local_day(self.now, &zone, DayStart::default())
    }

    /// Speaks to the room.
    pub fn say_to_room(&self) -> Speaker {
        self.language.map_or(self.say, Speaker::of)
    }

    /// An answer that goes over the message whose button was pressed, else stands for itself.
    pub fn reply(&self, answer: Answer) -> Outcome {
        reply(answer, self.pressed)
    }
}

fn reply(answer: Answer, pressed: bool) -> Outcome {
    Outcome::Say(if pressed { answer.in_place() } else { answer })
}

/// All that a handler works with. It is a transaction: whatever a handler returns, either
/// everything it did is kept, together with its answer, or nothing.
pub(super) struct Context<'a> {
    /// The database.
    pub tx: &'a mut Tx,
    /// Who, where, and what he has set.
    pub visit: Visit,
    /// The name of the event.
    pub event: &'a str,
    /// The event whose entries this one's belong to: its own, or for an edited command the one
    /// that is edited.
    pub logs_as: &'a str,
    /// What the asker calls himself.
    pub name: &'a str,
    /// What the platform says of his language and region.
    pub locale: Option<&'a str>,
    /// What he may do here.
    pub rights: Rights,
    /// The present instant.
    pub now: Timestamp,
    /// Whether it was said in a room, before others.
    pub in_room: bool,
    /// Whether a button was pressed, so that the answer goes over its message.
    pub pressed: bool,
    /// Set by whoever deletes the asker: then nothing of this event may be kept for him.
    pub forgotten: bool,
}

/// Why a handler did nothing.
#[derive(Debug)]
pub(super) enum Failure {
    /// It was asked for something that cannot be done.
    Refused(Refusal),
    /// The store failed.
    Store(StoreError),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Context<'_> {
    /// Speaks to the asker: his own choice, else what his platform says, else the club's.
    pub fn say(&self) -> Speaker {
        let language = self.visit.settings.language;
        let locale = || self.locale.and_then(Language::of_locale);
        let language = language.or_else(locale).or(self.visit.club_language);
        Speaker::of(language.unwrap_or_default())
    }

    /// Speaks to the room.
    pub fn say_to_room(&self) -> Speaker {
        let language = self.visit.club_language;
        language.map_or_else(|| self.say(), Speaker::of)
    }

    /// The asker's zone: his own, else the club's. `None` means UTC, with a hint.
    pub fn zone(&self) -> Option<&Zone> {
        let own = self.visit.settings.zone.as_ref();
        own.or(self.visit.club_zone.as_ref())
    }

    /// The zone that days go by.
    pub fn zone_or_utc(&self) -> Zone {
        self.zone().cloned().unwrap_or_else(Zone::utc)
    }

    /// The asker's local day.
    pub fn today(&self) -> Date {
        let start = self.visit.settings.day_start.unwrap_or_default();
        local_day(self.now, &self.zone_or_utc(), start)
    }

    /// The breaks of the club, as far as any reminder may still have to wait for their end.
    pub async fn breaks(&mut self) -> Result<Vec<Rest>, StoreError> {
        match self.visit.club {
            Some(club) => self.tx.breaks(club, breaks_since(self.now)).await,
            None => Ok(Vec::new()),
        }
    }

    /// An answer that goes over the message whose button was pressed, else stands for itself.
    pub fn reply(&self, answer: Answer) -> Outcome {
        reply(answer, self.pressed)
    }

    /// The part of it that concerns the club.
    pub fn of_club(&mut self) -> ClubContext<'_> {
        ClubContext {
            say: self.say(),
            club: self.visit.club,
            chat: self.visit.chat,
            room: self.visit.room,
            zone: self.visit.club_zone.clone(),
            language: self.visit.club_language,
            by: Some(self.visit.account),
            rights: self.rights,
            now: self.now,
            pressed: self.pressed,
            tx: self.tx,
        }
    }
}
