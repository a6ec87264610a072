use jiff::Timestamp;

use super::moment::clock;
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
    let id = if saved { "me-saved" } else { "club-change" };
    settings_card(say, zone, language, now).with(say.say(id, &[]))
}

/// How many reminders go by the club's new zone.
#[must_use]
pub fn reminders_followed(say: Speaker, count: usize, zone: &Zone) -> Text {
    let count = Arg::Count(i64::try_from(count).unwrap_or(i64::MAX));
    let city = Arg::Words(zone.city());
    say.say("club-followed", &[("count", count), ("city", city)])
}

/// That it is saved, and what of it was set just now: in one line.
#[must_use]
pub fn club_saved_card(
    say: Speaker,
    zone: Option<&Zone>,
    language: Option<Language>,
    now: Timestamp,
) -> Card {
    let zone = zone.map(|zone| zone_text(say, Some(zone), now));
    let language = language.map(|language| language_text(say, Some(language)));
    let set = Text::joined(zone.into_iter().chain(language), " · ");
    Card::line(Text::joined([say.say("me-saved", &[]), set], " "))
}

/// The title, the zone and the language.
pub(super) fn settings_card(
    say: Speaker,
    zone: Option<&Zone>,
    language: Option<Language>,
    now: Timestamp,
) -> Card {
    let mut card = Card::default();
    card.blocks.push(Block::Title(say.say("club-title", &[])));
    card.with(zone_text(say, zone, now))
        .with(language_text(say, language))
}

fn zone_text(say: Speaker, zone: Option<&Zone>, now: Timestamp) -> Text {
    let Some(zone) = zone else {
        return say.say("club-no-zone", &[]);
    };
    let time = ("time", Arg::Words(clock(now, zone)));
    let name = ("zone", Arg::Words(zone.name().to_owned()));
    say.say("club-zone", &[name, time])
}

fn language_text(say: Speaker, language: Option<Language>) -> Text {
    let language = match language {
        Some(language) => language.own_name().to_owned(),
        None => say.label("me-unset"),
    };
    say.say("club-language", &[("language", Arg::Words(language))])
}

/// The one welcome of a chat, with a guess at its zone and its neighbours. Pressing one sets it, for
/// who may.
#[must_use]
pub fn welcome_card(say: Speaker, guess: &Zone, neighbours: &[Zone]) -> Card {
    let city = ("city", Arg::Words(guess.city()));
    Card::line(say.say("welcome-1", &[]))
        .with(say.say("welcome-2", &[]))
        .with(say.say("welcome-others", &[]))
        .with(say.say("welcome-3", &[city]))
        .with_buttons(zone_buttons(guess, neighbours))
}

/// What an organiser may want to set first, told to him alone. Pressing a zone sets it, for who may. Without
/// a guess and its neighbours, the zone is set already.
#[must_use]
pub fn setup_card(say: Speaker, zones: Option<(&Zone, &[Zone])>) -> Card {
    let mut card = Card::line(say.say("setup-1", &[]));
    if let Some((guess, _)) = zones {
        card = card.with(say.say("setup-2", &[("city", Arg::Words(guess.city()))]));
    }
    let buttons = zones.map(|(guess, neighbours)| zone_buttons(guess, neighbours));
    card.with(say.say("setup-daily", &[]))
        .with(say.say("setup-3", &[]))
        .with_buttons(buttons.unwrap_or_default())
}

/// To an organiser whose line needs a zone, and who has said none. Pressing one says the line again.
#[must_use]
pub fn which_zone_card(say: Speaker, again: &str) -> Card {
    let (_, guess, neighbours) = guess_zones(Some(say.language().code()));
    let zones = std::iter::once(&guess).chain(&neighbours).take(4);
    let buttons =
        zones.map(|zone| Button::for_asker(zone.city(), format!("{again} zone:{}", zone.name())));
    Card::line(say.say("which-zone", &[])).with_buttons(buttons)
}

fn zone_buttons(guess: &Zone, neighbours: &[Zone]) -> Vec<Option<Button>> {
    let button = |zone: &Zone| {
        Button::for_anyone(zone.city(), format!("club settings zone:{}", zone.name()))
    };
    let zones = std::iter::once(guess).chain(neighbours).take(4);
    zones.map(button).collect()
}

/// A language, the zone it is likeliest spoken in, and three neighbours.
#[must_use]
pub fn guess_zones(locale: Option<&str>) -> (Language, Zone, Vec<Zone>) {
    let language = locale.and_then(Language::of_locale).unwrap_or_default();
    let region = locale
        .and_then(|locale| locale.split_once(['-', '_']))
        .map(|(_, region)| region);
    let cities = match (language, region) {
        (Language::De, Some("AT")) => ["Vienna", "Berlin", "Zurich", "London"],
        (Language::De, Some("CH")) => ["Zurich", "Berlin", "Vienna", "Paris"],
        (Language::De, _) => ["Berlin", "Vienna", "Zurich", "London"],
        (Language::En, Some("US")) => ["New_York", "Chicago", "Denver", "Los_Angeles"],
        (Language::En, _) => ["London", "Berlin", "New_York", "Los_Angeles"],
    };
    let mut zones = cities.iter().filter_map(|city| city.parse::<Zone>().ok());
    let guess = zones.next().unwrap_or_else(Zone::utc);
    (language, guess, zones.collect())
}

/// Something that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Whether it is as it should be; none if that could not be seen just now.
    pub fine: Option<bool>,
    /// The message that says what it is, fine or not.
    pub id: &'static str,
}

impl Check {
    /// Something that is as it should be.
    #[must_use]
    pub const fn fine(id: &'static str) -> Self {
        Self {
            fine: Some(true),
            id,
        }
    }

    /// Something that is not.
    #[must_use]
    pub const fn wrong(id: &'static str) -> Self {
        Self {
            fine: Some(false),
            id,
        }
    }

    /// Something that could not be looked at just now: nothing is to be changed for that.
    #[must_use]
    pub const fn unseen(id: &'static str) -> Self {
        Self { fine: None, id }
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

/// What works in a room and what does not, each with a tick or a cross and what to change, or with a
/// question mark if it could not be seen.
#[must_use]
pub fn doctor_card(say: Speaker, checks: &[Check], invite: Option<&str>) -> Card {
    let mut card = Card::default();
    card.blocks.push(Block::Title(say.say("doctor-title", &[])));
    for check in checks {
        let mark = match check.fine {
            Some(true) => "✓ ",
            Some(false) => "✗ ",
            None => "? ",
        };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guess_is_a_city_with_three_neighbours() {
        let locales = ["de", "de-AT", "de-CH", "en-US", "xx"];
        for locale in locales.map(Some).into_iter().chain([None]) {
            let (_, guess, neighbours) = guess_zones(locale);
            assert_ne!(guess.name(), "UTC", "{locale:?}");
            assert_eq!(neighbours.len(), 3, "{locale:?}");
        }
    }
}
