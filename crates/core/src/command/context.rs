use jiff::Timestamp;
use jiff::civil::Date;

use super::Refusal;
use crate::calendar::{Zone, local_day};
use crate::club::Language;
use crate::face::{Answer, Audience, Outcome};
use crate::store::{StoreError, Tx, Visit};
use crate::words::Speaker;

/// A command's handler.
pub(super) trait Handle {
    /// Who may read its answers.
    const AUDIENCE: Audience;

    /// Does the work and says what came of it.
    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure>;
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

    /// An answer that goes over the message whose button was pressed, else stands for itself.
    pub fn reply(&self, answer: Answer) -> Outcome {
        Outcome::Say(if self.pressed {
            answer.in_place()
        } else {
            answer
        })
    }
}
