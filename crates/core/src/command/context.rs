use jiff::Timestamp;
use jiff::civil::Date;

use super::Refusal;
use crate::calendar::{DayStart, Zone, local_day};
use crate::card::Card;
use crate::club::{AccountId, ChatId, ClubId, Language, Platform, RoomId};
use crate::exercise::Rest;
use crate::face::{
    Answer, Aside, Audience, Lack, MessageRef, Outcome, Rights, RoomAddress, Sight, Whispers,
};
use crate::store::{StoreError, Tx, Visit, breaks_since};
use crate::words::{Reader, Speaker};

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
    /// What he may do here.
    pub rights: Rights,
    /// Whether he may as a deputy only.
    pub is_deputy: bool,
    /// The platform on which he asks.
    pub platform: Platform,
    /// Who asks, if that is known.
    pub account: Option<AccountId>,
    /// The zone that he has said himself.
    pub own_zone: Option<Zone>,
    /// What was seen of rooms, as far as they were looked at.
    pub seen: &'a [Seen],
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

    /// Him, as a reader of moments.
    pub fn reader(&self) -> Reader {
        Reader::new(self.own_zone.clone(), self.now)
    }

    /// Refuses whoever may not set the club up. Returns the club.
    pub fn organised(&self) -> Result<ClubId, Refusal> {
        let club = self.club.ok_or(Refusal::NoClub)?;
        if self.rights.organiser {
            Ok(club)
        } else {
            Err(Refusal::NotOrganiser)
        }
    }

    /// The breaks of the club, as far as any reminder may still have to wait for their end.
    pub async fn breaks(&mut self) -> Result<Vec<Rest>, StoreError> {
        match self.club {
            Some(club) => self.tx.breaks(club, breaks_since(self.now)).await,
            None => Ok(Vec::new()),
        }
    }

    /// What we lack to post in a room, seen just now. Its name is kept.
    pub async fn lack_in(&mut self, room: RoomId) -> Result<Option<Lack>, Failure> {
        lack_in(self.tx, self.seen, room).await
    }

    /// An answer that goes over the message whose button was pressed, else stands for itself.
    pub fn reply(&self, answer: Answer) -> Outcome {
        reply(answer, self.pressed)
    }

    /// What was set for a club. It concerns its rooms, so they may hear it, in short, where who set it
    /// cannot be told alone.
    pub fn reply_settled(&self, card: Card, in_short: Card) -> Outcome {
        self.reply(Answer::private(card).with_aside(Aside::Instead(in_short)))
    }

    /// The same where the first line says it all.
    pub fn reply_settled_first(&self, card: Card) -> Outcome {
        let mut first = Card::default();
        first.blocks.extend(card.blocks.first().cloned());
        self.reply_settled(card, first)
    }
}

/// What was seen of a room.
pub(super) struct Seen {
    /// The room.
    pub room: RoomAddress,
    /// What was seen; none if there is no such room.
    pub sight: Option<Sight>,
}

impl Seen {
    /// What we lack there to post.
    pub fn lack(&self) -> Option<Lack> {
        match &self.sight {
            Some(sight) => sight.lack,
            None => Some(Lack::Gone),
        }
    }
}

/// What was seen of a room, and what is kept of that. Without having looked at it there is no answer: it
/// is looked at first.
async fn seen_of<'s>(tx: &mut Tx, seen: &'s [Seen], room: RoomId) -> Result<&'s Seen, Failure> {
    let (chat, external) = tx.address_of(room).await?;
    let address = RoomAddress {
        chat: chat.unwrap_or_else(|| external.clone()),
        room: external,
    };
    let Some(seen) = seen.iter().find(|seen| seen.room == address) else {
        return Err(Failure::Look(address));
    };
    if let Some(name) = seen.sight.as_ref().and_then(|sight| sight.name.as_ref()) {
        tx.name_room(room, name).await?;
    }
    if let Some(name) = seen
        .sight
        .as_ref()
        .and_then(|sight| sight.chat_name.as_ref())
    {
        tx.name_chat_of(room, name).await?;
    }
    Ok(seen)
}

/// What we lack to post in a room, as it was seen.
pub(super) async fn lack_in(
    tx: &mut Tx,
    seen: &[Seen],
    room: RoomId,
) -> Result<Option<Lack>, Failure> {
    Ok(seen_of(tx, seen, room).await?.lack())
}

fn reply(answer: Answer, pressed: bool) -> Outcome {
    Outcome::Say(if pressed { answer.in_place() } else { answer })
}

/// An edit of a command.
#[derive(Clone, Copy)]
pub(super) struct Edit {
    /// When the command was first said.
    pub said_at: Timestamp,
    /// What it had logged, which is taken back.
    pub replaces: Option<Logged>,
}

/// What a command has logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logged {
    /// A test.
    Test,
    /// Check-ins.
    CheckIn,
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
    /// Whether a command was edited.
    pub edit: Option<Edit>,
    /// What the asker calls himself.
    pub name: &'a str,
    /// What the platform says of his language and region.
    pub locale: Option<&'a str>,
    /// What he may do here.
    pub rights: Rights,
    /// The club that he may set up as its deputy only.
    pub deputy_of: Option<ClubId>,
    /// The platform on which he asks.
    pub platform: Platform,
    /// What was seen of rooms, as far as they were looked at.
    pub seen: &'a [Seen],
    /// The present instant.
    pub now: Timestamp,
    /// Whether it was said in a room, before others.
    pub in_room: bool,
    /// How he is told alone what he asked in a room.
    pub whispers: Whispers,
    /// Whether a button was pressed, so that the answer goes over its message.
    pub pressed: bool,
    /// The message whose button was pressed, if one was.
    pub below: Option<&'a MessageRef>,
    /// Set by whoever deletes the asker: then nothing of this event may be kept for him.
    pub forgotten: bool,
}

/// Why a handler did nothing.
#[derive(Debug)]
pub(super) enum Failure {
    /// It was asked for something that cannot be done.
    Refused(Refusal),
    /// It depends on what is to be seen in a room.
    Look(RoomAddress),
    /// It depends on whether there is such a room, in which nobody has spoken yet.
    Find(RoomAddress),
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

    /// The asker, as a reader of moments.
    pub fn reader(&self) -> Reader {
        Reader::new(self.visit.settings.zone.clone(), self.now)
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

    /// The local day on which it was first said: an edit corrects a command, and moves it to no
    /// other day.
    pub fn said_on(&self) -> Date {
        let Some(edit) = self.edit else {
            return self.today();
        };
        let start = self.visit.settings.day_start.unwrap_or_default();
        local_day(edit.said_at.min(self.now), &self.zone_or_utc(), start)
    }

    /// An answer that goes over the message whose button was pressed, else stands for itself.
    pub fn reply(&self, answer: Answer) -> Outcome {
        reply(answer, self.pressed)
    }

    /// As from a room of a club, for who is not in it just now. He may there what is seen there.
    pub async fn of_room(&mut self, room: RoomId) -> Result<ClubContext<'_>, Failure> {
        let (hall, _) = self.tx.hall(room).await?.ok_or(Refusal::NoClub)?;
        let seen = seen_of(self.tx, self.seen, room).await?;
        let sees_organiser = seen.sight.as_ref().is_some_and(|sight| sight.organiser);
        let is_deputy = match hall.club.filter(|_| !sees_organiser) {
            Some(club) => self.tx.is_deputy(club, self.visit.person).await?,
            None => false,
        };
        let organiser = sees_organiser || is_deputy;
        Ok(ClubContext {
            is_deputy,
            club: hall.club,
            chat: hall.chat,
            room: hall.room,
            zone: hall.zone,
            language: hall.language,
            rights: Rights { organiser },
            ..self.of_club()
        })
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
            rights: self.rights,
            is_deputy: self.deputy_of.is_some(),
            platform: self.platform,
            account: Some(self.visit.account),
            own_zone: self.visit.settings.zone.clone(),
            seen: self.seen,
            now: self.now,
            pressed: self.pressed,
            tx: self.tx,
        }
    }
}
