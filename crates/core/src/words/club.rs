use jiff::Timestamp;

use super::{Arg, Speaker};
use crate::calendar::Zone;
use crate::card::{Block, Button, Card, Span, Text};
use crate::club::Language;

/// What is set for a club; `saved` if some of it was set just now.
#[must_use]
pub fn club_card(
    say: Speaker,
    zone: Option<&Zone>,
    language: Option<Language>,
    now: Timestamp,
    saved: bool,
) -> Card {
    let mut card = Card::default();
    card.blocks.push(Block::Title(say.say("club-title", &[])));
    let line = match zone {
        Some(zone) => {
            let time = Span::Time {
                at: now,
                zone: zone.clone(),
            };
            let time = ("time", Arg::Text(Text(vec![time])));
            say.say(
                "club-zone",
                &[("zone", Arg::Words(zone.name().to_owned())), time],
            )
        }
        None => say.say("club-no-zone", &[]),
    };
    let language = match language {
        Some(language) => language.own_name().to_owned(),
        None => say.label("me-unset"),
    };
    card.with(line)
        .with(say.say("club-language", &[("language", Arg::Words(language))]))
        .with(say.say(if saved { "me-saved" } else { "club-change" }, &[]))
}

/// The one welcome of a chat, with a guess at its zone and its neighbours. Pressing one sets it, for
/// who may.
#[must_use]
pub fn welcome_card(say: Speaker, guess: &Zone, neighbours: &[Zone]) -> Card {
    let zones = std::iter::once(guess).chain(neighbours);
    let button = |zone: &Zone| {
        Button::for_anyone(zone.city(), format!("club settings zone:{}", zone.name()))
    };
    let city = ("city", Arg::Words(guess.city()));
    Card::line(say.say("welcome-1", &[]))
        .with(say.say("welcome-2", &[]))
        .with(say.say("welcome-3", &[city]))
        .with_buttons(zones.take(4).map(button))
}

/// Something that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Whether it is as it should be.
    pub fine: bool,
    /// The message that says what it is, fine or not.
    pub id: &'static str,
}

impl Check {
    /// Something that is as it should be.
    #[must_use]
    pub const fn fine(id: &'static str) -> Self {
        Self { fine: true, id }
    }

    /// Something that is not.
    #[must_use]
    pub const fn wrong(id: &'static str) -> Self {
        Self { fine: false, id }
    }

    /// Whether a club's zone is set.
    #[must_use]
    pub fn of_zone(zone: Option<&Zone>) -> Self {
        match zone {
            Some(_) => Self::fine("doctor-zone"),
            None => Self::wrong("doctor-no-zone"),
        }
    }
}

/// What works in a room and what does not, each with a tick or a cross and what to change.
#[must_use]
pub fn doctor_card(say: Speaker, checks: &[Check], invite: Option<&str>) -> Card {
    let mut card = Card::default();
    card.blocks.push(Block::Title(say.say("doctor-title", &[])));
    for check in checks {
        let mark = if check.fine { "✓ " } else { "✗ " };
        let line = Text::plain(mark).then(say.say(check.id, &[]));
        card.blocks.push(Block::Line(line));
    }
    let link = invite.map(|url| {
        Text(vec![Span::Link {
            label: say.label("doctor-invite"),
            url: url.to_owned(),
        }])
    });
    link.into_iter().fold(card, Card::with)
}
