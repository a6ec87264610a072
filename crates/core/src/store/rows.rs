//! From columns to types.

use jiff::Timestamp;
use jiff::civil::Date;

use super::StoreError;
use crate::calendar::{DayStart, Zone};
use crate::club::{AgeGroup, Entry, EntryId, Language, Privacy, Settings, Standing};
use crate::exercise::StreakRule;
use crate::measure::{Distance, Side, State, Unit};

/// What makes no sense is reported, never guessed at.
pub(super) fn nonsense(what: &'static str, value: impl std::fmt::Display) -> StoreError {
    StoreError::Nonsense {
        what,
        value: value.to_string(),
    }
}

pub(super) fn instant(millis: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(millis).map_err(|_| nonsense("an instant", millis))
}

pub(super) fn day(text: &str) -> Result<Date, StoreError> {
    text.parse().map_err(|_| nonsense("a day", text))
}

pub(super) fn zone(name: String) -> Result<Zone, StoreError> {
    Zone::try_from(name).map_err(|error| nonsense("a zone", error.typed))
}

pub(super) fn side(word: Option<&str>) -> Result<Option<Side>, StoreError> {
    match word {
        None => Ok(None),
        Some("left") => Ok(Some(Side::Left)),
        Some("right") => Ok(Some(Side::Right)),
        Some(other) => Err(nonsense("a side", other)),
    }
}

pub(super) fn state(word: &str) -> Result<State, StoreError> {
    State::from_word(word).ok_or_else(|| nonsense("a state", word))
}

pub(super) fn standing(word: &str) -> Result<Standing, StoreError> {
    Standing::from_word(word).ok_or_else(|| nonsense("a standing", word))
}

pub(super) fn distance(dmm: i64) -> Result<Distance, StoreError> {
    Distance::from_dmm(dmm).ok_or_else(|| nonsense("a distance", dmm))
}

pub(super) fn unit(word: &str) -> Result<Unit, StoreError> {
    Unit::from_word(word).ok_or_else(|| nonsense("a unit", word))
}

/// The columns of an entry of kind `lunge`.
#[derive(sqlx::FromRow)]
pub(super) struct EntryRow {
    id: i64,
    day: String,
    zone: String,
    logged_at: i64,
    standing: String,
    side: Option<String>,
    state: String,
    reach_dmm: i64,
    tries: i64,
    spread_dmm: i64,
    typed: String,
    unit: String,
    event: String,
}

impl TryFrom<EntryRow> for Entry {
    type Error = StoreError;

    fn try_from(row: EntryRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: EntryId(row.id),
            day: day(&row.day)?,
            zone: zone(row.zone)?,
            logged_at: instant(row.logged_at)?,
            standing: standing(&row.standing)?,
            side: side(row.side.as_deref())?,
            state: state(&row.state)?,
            distance: distance(row.reach_dmm)?,
            tries: u8::try_from(row.tries).map_err(|_| nonsense("a number of tries", row.tries))?,
            spread: row.spread_dmm,
            typed: row.typed,
            unit: unit(&row.unit)?,
            event: row.event,
        })
    }
}

/// The columns of a person's settings.
#[derive(sqlx::FromRow)]
pub(super) struct SettingsRow {
    zone: Option<String>,
    unit: Option<String>,
    language: Option<String>,
    day_start: Option<i64>,
    age_group: Option<String>,
    privacy: Option<String>,
    streak: Option<String>,
}

impl TryFrom<SettingsRow> for Settings {
    type Error = StoreError;

    fn try_from(row: SettingsRow) -> Result<Self, StoreError> {
        let language =
            |code: String| Language::of_locale(&code).ok_or_else(|| nonsense("a language", code));
        let day_start =
            |minutes| DayStart::try_from(minutes).map_err(|_| nonsense("a day start", minutes));
        let age =
            |word: String| AgeGroup::from_word(&word).ok_or_else(|| nonsense("an age group", word));
        let privacy =
            |word: String| Privacy::from_word(&word).ok_or_else(|| nonsense("a privacy", word));
        let streak =
            |word: String| StreakRule::from_word(&word).ok_or_else(|| nonsense("a streak", word));
        Ok(Self {
            zone: row.zone.map(zone).transpose()?,
            unit: row.unit.as_deref().map(unit).transpose()?,
            language: row.language.map(language).transpose()?,
            day_start: row.day_start.map(day_start).transpose()?,
            age: row.age_group.map(age).transpose()?,
            privacy: row.privacy.map(privacy).transpose()?.unwrap_or_default(),
            streak: row.streak.map(streak).transpose()?.unwrap_or_default(),
        })
    }
}
