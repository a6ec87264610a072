//! How the values of options are read. Form only: what a value means for the asker is settled by
//! the handler.

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};

use super::Refusal;
use super::challenge::{ChallengeRefusal, Naming, Which};
use super::club::{BreakDays, DeputyReading};
use super::nudge::NudgeReading;
use super::remind::{PostBoard, When};
use crate::calendar::{DayReading, DayStart, Zone};
use crate::calendar::{Schedule, Weekdays};
use crate::club::{
    BoardTime, EntryId, HIGHEST_GOAL, LONGEST_CHALLENGE, Language, PostId, QuestionId, ReadyMade,
    ReminderId,
};
use crate::exercise::DoneReading;
use crate::measure::{LungeReading, SideReading, State, Unit};

/// Takes any text, and lists the choices that menus show. What else is understood beside them, in
/// other languages say, is settled by the reader behind it.
#[derive(Clone, Copy)]
pub(super) struct Listed(pub &'static [&'static str]);

impl TypedValueParser for Listed {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(PossibleValue::new)))
    }
}

pub(super) fn lunge(typed: &str) -> Result<LungeReading, Refusal> {
    typed.parse().map_err(|error| Refusal::read(error, typed))
}

pub(super) fn side(typed: String) -> Result<SideReading, Refusal> {
    SideReading::from_word(typed.trim()).ok_or(Refusal::Side(typed))
}

pub(super) fn state(typed: String) -> Result<State, Refusal> {
    State::from_word(typed.trim()).ok_or(Refusal::State(typed))
}

pub(super) fn day(typed: &str) -> Result<DayReading, Refusal> {
    typed.parse().map_err(|_| Refusal::Day(typed.to_owned()))
}

/// `2026-08-01..2026-08-21`, one day, or `none`.
pub(super) fn break_days(typed: &str) -> Result<BreakDays, Refusal> {
    let text = typed.trim().to_lowercase();
    if ["none", "off", "keine", "aus"].contains(&text.as_str()) {
        return Ok(BreakDays::None);
    }
    // In `1.8...21.8.` the first of the points belongs to the day, and so it does in `1.8.-21.8.`.
    let dotted = text.replacen("...", ". .. ", 1).replacen(".-", ". .. ", 1);
    let marks = ["..", "…", " - ", "–", "—", " to ", " bis "];
    let (first, last) = marks
        .iter()
        .find_map(|mark| dotted.split_once(mark))
        .unwrap_or((&text, &text));
    match (first.parse(), last.parse()) {
        (Ok(first), Ok(last)) => Ok(BreakDays::Between(first, last)),
        _ => Err(Refusal::BreakDays(typed.to_owned())),
    }
}

/// `@ana`, or `remove @ana`.
pub(super) fn deputy(typed: &str) -> Result<DeputyReading, Refusal> {
    let text = typed.trim();
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let removes = ["remove", "off", "not", "entfernen", "weg"];
    let name = rest.trim();
    if !name.is_empty() && removes.contains(&first.to_lowercase().as_str()) {
        return Ok(DeputyReading::Dropped(name.to_owned()));
    }
    if text.trim_start_matches('@').is_empty() {
        return Err(Refusal::WhoUnknown(typed.to_owned()));
    }
    Ok(DeputyReading::Named(text.to_owned()))
}

pub(super) fn exercises(typed: &str) -> Result<DoneReading, Refusal> {
    let read: Result<DoneReading, _> = typed.parse();
    read.map_err(|error| Refusal::Exercise(error.word))
}

pub(super) fn sets(typed: &str) -> Result<u8, Refusal> {
    let sets = typed
        .trim()
        .parse()
        .ok()
        .filter(|sets| (1..=20).contains(sets));
    sets.ok_or_else(|| Refusal::Sets(typed.to_owned()))
}

pub(super) fn post(typed: &str) -> Result<PostId, Refusal> {
    let id = typed.parse::<u32>().map_err(|_| Refusal::OldButton)?;
    Ok(PostId(i64::from(id)))
}

/// A time of day, or five fields of cron.
pub(super) fn when(typed: &str) -> Result<When, Refusal> {
    if typed.split_whitespace().count() == 5 {
        return Schedule::cron(typed)
            .map(When::Cron)
            .map_err(|error| Refusal::Schedule(error, typed.to_owned()));
    }
    let time = typed.parse().map(When::At);
    time.map_err(|_| Refusal::Time(typed.to_owned()))
}

/// A time of day, `off`, or `show`.
pub(super) fn nudge(typed: &str) -> Result<NudgeReading, Refusal> {
    match typed.trim().to_lowercase().as_str() {
        "off" | "none" | "stop" | "aus" => Ok(NudgeReading::Off),
        "on" | "an" => Ok(NudgeReading::On),
        "show" | "zeigen" => Ok(NudgeReading::Show),
        time => time
            .parse()
            .map(NudgeReading::At)
            .map_err(|_| Refusal::NudgeTime(typed.to_owned())),
    }
}

pub(super) fn weekdays(typed: &str) -> Result<Weekdays, Refusal> {
    typed.parse().map_err(|_| Refusal::Days(typed.to_owned()))
}

pub(super) fn post_board(typed: &str) -> Result<PostBoard, Refusal> {
    let word = typed.trim().to_lowercase();
    if word == "off" {
        return Ok(PostBoard(None));
    }
    let time = BoardTime::from_word(&word).ok_or_else(|| Refusal::Choice {
        typed: typed.to_owned(),
        choices: "week, today, month, all, off".to_owned(),
    })?;
    Ok(PostBoard(Some(time)))
}

/// A title, or the name of a ready-made challenge.
pub(super) fn challenge_title(typed: &str) -> Result<Naming, Refusal> {
    match ReadyMade::from_word(typed) {
        Some(ready) => Ok(Naming::Ready(ready)),
        None => Ok(Naming::Own(typed.parse().map_err(ChallengeRefusal::Title)?)),
    }
}

#[allow(clippy::unnecessary_wraps)] // as clap calls it
pub(super) fn which_challenge(typed: &str) -> Result<Which, Refusal> {
    Ok(Which::read(typed))
}

pub(super) fn challenge_exercises(typed: &str) -> Result<DoneReading, Refusal> {
    let read: Result<DoneReading, _> = typed.parse();
    Ok(read.map_err(|error| ChallengeRefusal::Exercise(error.word))?)
}

pub(super) fn challenge_day(typed: &str) -> Result<DayReading, Refusal> {
    let day = typed.parse();
    Ok(day.map_err(|_| ChallengeRefusal::Day(typed.to_owned()))?)
}

/// A number of days: `30d`, `30`, `30 days`, `4w`, `2 weeks`.
pub(super) fn challenge_length(typed: &str) -> Result<u16, Refusal> {
    let refused = || Refusal::from(ChallengeRefusal::Length(typed.to_owned()));
    let text = typed.trim().to_lowercase();
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let number: u16 = text[..end].parse().map_err(|_| refused())?;
    let days = match text[end..].trim() {
        "" | "d" | "day" | "days" | "t" | "tag" | "tage" => Some(number),
        "w" | "week" | "weeks" | "woche" | "wochen" => number.checked_mul(7),
        _ => None,
    };
    let days = days.filter(|days| (1..=LONGEST_CHALLENGE).contains(days));
    days.ok_or_else(refused)
}

/// A number of days of everybody together.
pub(super) fn challenge_goal(typed: &str) -> Result<u32, Refusal> {
    let goal = typed.trim().parse().ok();
    let goal = goal.filter(|goal| (1..=HIGHEST_GOAL).contains(goal));
    Ok(goal.ok_or_else(|| ChallengeRefusal::Goal(typed.to_owned()))?)
}

pub(super) fn reminder(typed: &str) -> Result<ReminderId, Refusal> {
    let digits = typed.trim().trim_start_matches('#');
    let id: u32 = digits.parse().map_err(|_| Refusal::NoReminder)?;
    Ok(ReminderId(i64::from(id)))
}

pub(super) fn question(typed: &str) -> Result<QuestionId, Refusal> {
    let id = typed.parse::<u32>().map_err(|_| Refusal::OldButton)?;
    Ok(QuestionId(i64::from(id)))
}

pub(super) fn zone(typed: &str) -> Result<Zone, Refusal> {
    typed.parse().map_err(Refusal::Zone)
}

pub(super) fn language(typed: String) -> Result<Language, Refusal> {
    typed.parse().map_err(|()| Refusal::Language(typed))
}

pub(super) fn day_start(typed: &str) -> Result<DayStart, Refusal> {
    typed.parse().map_err(|_| Refusal::DayStart)
}

pub(super) fn unit(typed: String) -> Result<Unit, Refusal> {
    let known = Unit::from_word(typed.trim()).filter(|unit| *unit != Unit::Mm);
    known.ok_or(Refusal::Choice {
        typed,
        choices: "cm, in".to_owned(),
    })
}

/// Numbers of entries, as `812` or `812,813`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EntryIds(pub Vec<EntryId>);

/// More entries than this never belong to one test, or to one check-in.
const MAX_ENTRIES: usize = 5;

pub(super) fn entry_ids(typed: &str) -> Result<EntryIds, Refusal> {
    let parts = typed.split([',', ' ']).filter(|part| !part.is_empty());
    let ids: Result<Vec<EntryId>, _> = parts.map(str::parse).collect();
    match ids {
        Ok(mut ids) if !ids.is_empty() && ids.len() <= MAX_ENTRIES => {
            ids.dedup();
            Ok(EntryIds(ids))
        }
        _ => Err(Refusal::EntryNumber(typed.to_owned())),
    }
}

/// What an edit says: a side, a state, a unit, or the numbers anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Edited {
    Side(SideReading),
    State(State),
    Unit(Unit),
    Numbers(LungeReading),
}

pub(super) fn edited(typed: &str) -> Result<Edited, Refusal> {
    let word = typed.trim();
    if let Some(side) = SideReading::from_word(word) {
        return Ok(Edited::Side(side));
    }
    if let Some(state) = State::from_word(word) {
        return Ok(Edited::State(state));
    }
    if let Some(unit) = Unit::from_word(word) {
        return Ok(Edited::Unit(unit));
    }
    let numbers = word.parse().map(Edited::Numbers);
    numbers.map_err(|_| Refusal::EditUnreadable(typed.to_owned()))
}
