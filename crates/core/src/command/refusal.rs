use super::challenge::ChallengeRefusal;
use super::context::Logged;
use crate::calendar::{DayAheadError, DayError, ScheduleError, ZoneError};
use crate::card::{Button, Card};
use crate::club::EntryId;
use crate::face::Lack;
use crate::measure::{Impossible, ReadError};
use crate::words::{Arg, Speaker};

/// Why something that was asked for is not done: nothing is stored, and the asker reads one
/// sentence with an example of what works.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("refused: {self:?}")]
pub enum Refusal {
    /// A word that is no measurement.
    Unreadable(String),
    /// No number at all.
    NoNumber,
    /// Numbers and sides that do not pair up.
    WhichLeg,
    /// More than three tries of a leg.
    TooManyTries,
    /// A number that no ankle reaches, and the line that may have been meant.
    Impossible(Impossible, Option<String>),
    /// Not a side.
    Side(String),
    /// A side in the line, and another as an option.
    SideTwice,
    /// Neither cold nor warm.
    State(String),
    /// Not a day.
    Day(String),
    /// Not a day that something can be logged for.
    DayRange(DayError),
    /// Not a day that can be checked in for.
    CheckInDay(DayError),
    /// Not a day that something can end on.
    AheadDay(DayAheadError),
    /// Not the days of a break.
    BreakDays(String),
    /// Not days that a break can be planned for.
    BreakDay(DayAheadError),
    /// A break that ends before it begins.
    BreakBackwards,
    /// A sixth break where five are allowed.
    EnoughBreaks,
    /// Of a challenge.
    Challenge(ChallengeRefusal),
    /// Not an exercise.
    Exercise(String),
    /// Not a number of sets.
    Sets(String),
    /// A post of a day that is over.
    PostOver(String),
    /// One day of rest, and a pause until another.
    PauseTwice,
    /// Not a time of day.
    Time(String),
    /// Not days of the week.
    Days(String),
    /// A cron line that makes no schedule.
    Schedule(ScheduleError, String),
    /// A cron line, and days beside it.
    DaysTwice,
    /// A reminder without a zone.
    WhichZone,
    /// A room that was never met.
    RoomUnknown(String),
    /// A sixth reminder where five are allowed.
    EnoughReminders,
    /// A room in which nothing can be posted, and the line that says the same again.
    CannotPost(Lack, Option<String>),
    /// Neither a time of day nor what can be said instead.
    NudgeTime(String),
    /// A nudge for somebody of whom no zone is known.
    NudgeZone,
    /// A nudge for somebody whose private chat is not open.
    NudgeNeedsPrivate,
    /// Somebody who was never met in the club.
    WhoUnknown(String),
    /// A deputy who would name another.
    DeputyNames,
    /// One more deputy than a club may have.
    EnoughDeputies,
    /// No such reminder in this room.
    NoReminder,
    /// One of several reminders.
    WhichReminder,
    /// Not a number of an entry.
    EntryNumber(String),
    /// Nobody's entry, or somebody else's.
    EntryUnknown(EntryId),
    /// An entry that was taken back.
    EntryUndone(EntryId),
    /// An edit that says nothing.
    EditUnreadable(String),
    /// An edit with more numbers than tests.
    EditOneNumber,
    /// An edited command that cannot be done, over one that has logged something.
    EditKept(Logged),
    /// Not a zone.
    Zone(ZoneError),
    /// Not a language we speak.
    Language(String),
    /// Not a time before noon.
    DayStart,
    /// Not one of the choices.
    Choice {
        /// What was typed.
        typed: String,
        /// What can be chosen.
        choices: String,
    },
    /// The same option twice.
    OptionTwice(String),
    /// No command.
    UnknownCommand {
        /// What was typed.
        typed: String,
        /// What may have been meant: a line after `/ankle`.
        meant: Option<String>,
    },
    /// Words that a command has no place for.
    TooMuch {
        /// The words.
        typed: String,
        /// The command, as a line after `/ankle`.
        command: String,
    },
    /// A line of absurd length.
    TooLong,
    /// Somebody else's button.
    ForeignButton,
    /// A button of an older time, or of nobody.
    OldButton,
    /// A command from a menu that has changed since.
    OldCommand,
    /// Somebody whose account is not shown wants to log.
    Anonymous,
    /// A line that lacks something, of somebody who cannot be asked for it: one that is whole.
    SayWhole(&'static str),
    /// An edited line of somebody who speaks for the chat, whose work is done.
    EditStays,
    /// Only organisers may.
    NotOrganiser,
    /// Only organisers may, and the platform did not say whether he is one.
    RightsUnknown,
    /// Not said in a club.
    NoClub,
}

/// How far back a test may be logged.
pub(super) const TEST_DAYS: i64 = 30;

/// How far back one may check in.
pub(super) const CHECK_IN_DAYS: i64 = 2;

/// As much of a typed text as a refusal repeats.
const QUOTED: usize = 32;

impl Refusal {
    /// What could not be read in a text.
    #[must_use]
    pub fn read(error: ReadError, typed: &str) -> Self {
        match error {
            ReadError::Unreadable { word } if word.is_empty() => Self::Unreadable(typed.to_owned()),
            ReadError::Unreadable { word } => Self::Unreadable(word),
            ReadError::NoNumber => Self::NoNumber,
            ReadError::WhichLeg => Self::WhichLeg,
            ReadError::TooManyTries => Self::TooManyTries,
        }
    }

    /// A room in which nothing can be posted.
    #[must_use]
    pub const fn cannot_post(lack: Lack) -> Self {
        Self::CannotPost(lack, None)
    }

    /// The sentence for it.
    #[must_use]
    pub fn card(&self, say: Speaker) -> Card {
        let plain = |id: &str| Card::line(say.say(id, &[]));
        let typed = |id: &str, typed: &str| {
            Card::line(say.say(id, &[("typed", Arg::Name(shortened(typed)))]))
        };
        let numbered = |id: &str, entry: EntryId| {
            Card::line(say.say(id, &[("id", Arg::Words(entry.to_string()))]))
        };
        match self {
            Self::Unreadable(text) => typed("cannot-read", text),
            Self::NoNumber => plain("cannot-read-number"),
            Self::WhichLeg => plain("cannot-tell-leg"),
            Self::TooManyTries => plain("too-many-tries"),
            Self::Impossible(impossible, meant) => {
                impossible_card(say, impossible, meant.as_deref())
            }
            Self::Side(text) => typed("side-unreadable", text),
            Self::SideTwice => plain("side-twice"),
            Self::State(text) => typed("state-unreadable", text),
            Self::Day(text) => typed("day-unreadable", text),
            Self::DayRange(DayError::Future) => plain("day-future"),
            Self::DayRange(DayError::TooOld) => {
                let days = ("days", Arg::Words(TEST_DAYS.to_string()));
                Card::line(say.say("day-too-old", &[days]))
            }
            Self::CheckInDay(DayError::Future) => plain("check-in-future"),
            Self::CheckInDay(DayError::TooOld) => plain("check-in-too-old"),
            Self::AheadDay(DayAheadError::Past) => plain("ahead-past"),
            Self::AheadDay(DayAheadError::TooFar) => plain("ahead-too-far"),
            Self::BreakDays(text) => typed("break-unreadable", text),
            Self::BreakDay(DayAheadError::Past) => plain("break-past"),
            Self::BreakDay(DayAheadError::TooFar) => plain("break-too-far"),
            Self::BreakBackwards => plain("break-backwards"),
            Self::EnoughBreaks => plain("enough-breaks"),
            Self::Challenge(refusal) => refusal.card(say),
            Self::Exercise(text) => typed("exercise-unknown", text),
            Self::Sets(text) => typed("sets-unreadable", text),
            Self::PostOver(exercises) => {
                let what = ("exercises", Arg::Words(exercises.clone()));
                Card::line(say.say("post-over", &[what]))
            }
            Self::PauseTwice => plain("pause-twice"),
            Self::Time(text) => typed("time-unreadable", text),
            Self::Days(text) => typed("days-unreadable", text),
            Self::Schedule(ScheduleError::Unreadable, text) => typed("cron-unreadable", text),
            Self::Schedule(ScheduleError::Never, text) => typed("cron-never", text),
            Self::Schedule(ScheduleError::TooOften, text) => typed("cron-too-often", text),
            Self::DaysTwice => plain("days-twice"),
            Self::RoomUnknown(text) => typed("room-unknown", text),
            Self::EnoughReminders => plain("enough-reminders"),
            Self::WhichZone => plain("which-zone"),
            Self::CannotPost(lack, line) => cannot_post_card(say, *lack, line.as_deref()),
            Self::NudgeTime(text) => typed("nudge-unreadable", text),
            Self::NudgeZone => plain("nudge-zone"),
            Self::NudgeNeedsPrivate => plain("nudge-private"),
            Self::WhoUnknown(text) => typed("who-unknown", text),
            Self::DeputyNames => plain("deputy-names"),
            Self::EnoughDeputies => plain("enough-deputies"),
            Self::NoReminder => plain("no-reminder"),
            Self::WhichReminder => plain("which-reminder"),
            Self::EntryNumber(text) => typed("entry-unreadable", text),
            Self::EntryUnknown(id) => numbered("entry-unknown", *id),
            Self::EntryUndone(id) => numbered("entry-undone", *id),
            Self::EditUnreadable(text) => typed("change-unreadable", text),
            Self::EditOneNumber => plain("edit-one-number"),
            Self::EditKept(Logged::Test) => plain("edit-test-kept"),
            Self::EditKept(Logged::CheckIn) => plain("edit-check-in-kept"),
            Self::Zone(error) => zone_card(say, error),
            Self::Language(text) => typed("language-unknown", text),
            Self::DayStart => plain("day-start-unreadable"),
            Self::Choice { typed, choices } => choice_card(say, typed, choices),
            Self::OptionTwice(option) => {
                let option = ("option", Arg::Words(option.clone()));
                Card::line(say.say("option-twice", &[option]))
            }
            Self::UnknownCommand { typed, meant } => unknown_card(say, typed, meant.as_deref()),
            Self::TooMuch { typed, command } => too_much_card(say, typed, command),
            Self::TooLong => plain("line-too-long"),
            Self::ForeignButton => plain("press-foreign"),
            Self::OldButton => plain("press-old"),
            Self::OldCommand => plain("command-old"),
            Self::Anonymous => plain("anonymous-cannot-log"),
            Self::SayWhole(line) => {
                let command = ("command", Arg::command(*line));
                Card::line(say.say("say-whole", &[command]))
            }
            Self::EditStays => plain("edit-stays"),
            Self::NotOrganiser => plain("organisers-only"),
            Self::RightsUnknown => plain("organiser-unknown"),
            Self::NoClub => plain("club-only"),
        }
    }
}

fn choice_card(say: Speaker, typed: &str, choices: &str) -> Card {
    let example = choices.split(", ").next().unwrap_or_default();
    let args = [
        ("typed", Arg::Name(shortened(typed))),
        ("choices", Arg::Words(choices.to_owned())),
        ("example", Arg::command(example)),
    ];
    Card::line(say.say("choice-unknown", &args))
}

fn too_much_card(say: Speaker, typed: &str, command: &str) -> Card {
    let args = [
        ("typed", Arg::Name(shortened(typed))),
        ("command", Arg::command(format!("/ankle {command}"))),
    ];
    Card::line(say.say("command-too-much", &args))
}

fn impossible_card(say: Speaker, impossible: &Impossible, meant: Option<&str>) -> Card {
    let (typed, unit, unit_meant) = match impossible {
        Impossible::Negative { .. } => return Card::line(say.say("impossible-negative", &[])),
        Impossible::TooFar { typed, unit, meant } => (typed, unit, meant),
    };
    let key = if unit_meant.is_some() { "some" } else { "none" };
    let number = typed.trim_end_matches(|c: char| !c.is_numeric());
    let instead = unit_meant.map_or(String::new(), |unit| {
        format!("{} {}", shortened(number), unit.symbol())
    });
    let names_unit = typed.contains(|c: char| c.is_alphabetic() || matches!(c, '"' | '″' | '\''));
    let shown = if names_unit {
        shortened(typed)
    } else {
        format!("{} {}", shortened(typed), unit.symbol())
    };
    let args = [
        ("typed", Arg::Name(shown)),
        ("meant", Arg::Key(key)),
        ("instead", Arg::Name(instead)),
    ];
    let button = meant.and_then(|line| {
        let value = line.strip_prefix("test ").unwrap_or(line).to_owned();
        let label = say.label_with("button-take", &[("value", Arg::Words(value))]);
        Button::for_asker(label, line)
    });
    Card::line(say.say("impossible-far", &args)).with_buttons([button])
}

fn cannot_post_card(say: Speaker, lack: Lack, line: Option<&str>) -> Card {
    let why = match lack {
        Lack::See => "see",
        Lack::Write => "write",
        Lack::Embed => "embed",
        Lack::TopicClosed => "topic",
        Lack::Absent => "absent",
        Lack::Gone => "gone",
        Lack::Blocked => "blocked",
        Lack::Unknown => "unknown",
    };
    // Whoever may set up a room may also say that it is put right.
    let again = line.and_then(|line| Button::for_anyone(say.label("button-check-again"), line));
    Card::line(say.say("cannot-post", &[("why", Arg::Key(why))])).with_buttons([again])
}

fn zone_card(say: Speaker, error: &ZoneError) -> Card {
    let key = if error.meant.is_empty() {
        "none"
    } else {
        "some"
    };
    let zones = error.meant.join(", ");
    let args = [
        ("typed", Arg::Name(shortened(&error.typed))),
        ("meant", Arg::Key(key)),
        ("zones", Arg::Words(zones)),
    ];
    let pick = |name: &String| Button::for_asker(name.as_str(), format!("me settings zone:{name}"));
    Card::line(say.say("zone-unknown", &args)).with_buttons(error.meant.iter().map(pick))
}

fn unknown_card(say: Speaker, typed: &str, meant: Option<&str>) -> Card {
    let key = if meant.is_some() { "some" } else { "none" };
    let command = format!("/ankle {}", meant.unwrap_or("help"));
    let args = [
        ("typed", Arg::Name(shortened(typed))),
        ("meant", Arg::Key(key)),
        ("command", Arg::command(command)),
    ];
    let button = meant.and_then(|line| Button::for_asker(format!("/ankle {line}"), line));
    Card::line(say.say("command-unknown", &args)).with_buttons([button])
}

pub(super) fn shortened(typed: &str) -> String {
    let typed = typed.trim();
    if typed.chars().count() <= QUOTED {
        return typed.to_owned();
    }
    let kept: String = typed.chars().take(QUOTED - 1).collect();
    format!("{kept}…")
}
