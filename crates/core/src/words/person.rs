use jiff::Timestamp;

use super::moment::clock;
use super::{Arg, Speaker};
use crate::calendar::{DayStart, Zone};
use crate::card::{Block, Button, Card, File, Text};
use crate::club::{AgeGroup, Language, Privacy, Settings};
use crate::measure::Unit;

/// What is known of a person.
#[derive(Clone, Debug)]
pub struct Profile {
    /// What he calls himself.
    pub name: String,
    /// What he has set.
    pub settings: Settings,
    /// The zone of the club he speaks in, if it has one.
    pub club_zone: Option<Zone>,
    /// The language he is answered in.
    pub language: Language,
    /// How many live tests he has.
    pub tests: i64,
    /// The present instant.
    pub now: Timestamp,
}

/// What is set for a person; `saved` if he has just set some of it.
#[must_use]
pub fn profile_card(say: Speaker, profile: &Profile, saved: bool) -> Card {
    let settings = &profile.settings;
    let words = |text: Option<&'static str>| {
        Arg::Words(text.map_or_else(|| say.label("me-unset"), str::to_owned))
    };
    let mut card = Card::default();
    let name = ("name", Arg::Name(profile.name.clone()));
    card.blocks.push(Block::Title(say.say("me-title", &[name])));
    let privacy = match settings.privacy {
        Privacy::Shown => "shown",
        Privacy::Hidden => "hidden",
    };
    let unit = settings.unit.map(Unit::symbol);
    let language = Arg::Words(profile.language.own_name().to_owned());
    let age = words(settings.age.map(AgeGroup::word));
    card.with(zone_line(say, profile))
        .with(say.say("me-unit", &[("unit", words(unit)), ("language", language)]))
        .with(say.say("me-age", &[("age", age), ("privacy", Arg::Key(privacy))]))
        .with(say.say("me-tests", &[("count", Arg::Count(profile.tests))]))
        .with(say.say(if saved { "me-saved" } else { "me-change" }, &[]))
}

fn zone_line(say: Speaker, profile: &Profile) -> Text {
    let start = profile
        .settings
        .day_start
        .map_or(DayStart::default(), |s| s);
    let start = ("start", Arg::Words(start.clock()));
    let own = profile.settings.zone.as_ref().map(|zone| ("me-zone", zone));
    let clubs = profile
        .club_zone
        .as_ref()
        .map(|zone| ("me-club-zone", zone));
    match own.or(clubs) {
        Some((id, zone)) => {
            let time = ("time", Arg::Words(clock(profile.now, zone)));
            let zone = ("zone", Arg::Words(zone.name().to_owned()));
            say.say(id, &[zone, time, start])
        }
        None => say.say("me-no-zone", &[start]),
    }
}

/// The answer to an export, with its files.
#[must_use]
pub fn export_card(say: Speaker, entries: usize, files: Vec<File>) -> Card {
    let count = i64::try_from(entries).unwrap_or(i64::MAX);
    let mut card = Card::line(say.say("export-done", &[("count", Arg::Count(count))]));
    card.files = files;
    card
}

/// To who asked for files, some of which a platform did not take: which, and what to do.
#[must_use]
pub fn files_not_sent_card(say: Speaker, names: &[&str]) -> Card {
    let files = ("files", Arg::Words(names.join(", ")));
    Card::line(say.say("files-not-sent", &[files]))
}

/// The question before everything is deleted.
#[must_use]
pub fn forget_card(say: Speaker, tests: i64) -> Card {
    Card::line(say.say("forget-ask", &[("count", Arg::Count(tests))])).with_buttons([
        Button::for_asker(say.label("button-forget"), "forget confirm:yes"),
        Button::for_asker(say.label("button-keep"), "forget confirm:no"),
    ])
}
