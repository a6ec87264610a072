use jiff::ToSpan;
use jiff::civil::Date;

use super::lunge::ids;
use super::{Arg, PRIVATE, Speaker};
use crate::calendar::monday_of;
use crate::card::{Block, Button, Card, Size, Span, Text};
use crate::club::{CheckIn, EntryId, Privacy};
use crate::exercise::{DAYS_OF_A_GOOD_WEEK, Exercise, Exercises, Rest, Streak, StreakRule};

/// What came of a check-in.
#[derive(Clone, Debug)]
pub struct DoneReport {
    /// What counts now.
    pub counted: Exercises,
    /// What had been counted already.
    pub again: Exercises,
    /// Whether sets were added to it.
    pub sets_added: bool,
    /// What waits because of pain.
    pub waiting: Option<Waiting>,
    /// The first check-in of all.
    pub first: bool,
    /// Whether boards name who checks in.
    pub shown: Privacy,
    /// Days with a check-in in the week of the day it counts for.
    pub days_of_week: u32,
    /// The day it counts for.
    pub day: Date,
    /// The local day of who checks in.
    pub today: Date,
    /// The new entries, for the button that takes them back.
    pub entries: Vec<EntryId>,
}

/// Exercises that do not count while pain holds.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    /// They.
    pub exercises: Exercises,
    /// The day on which pain was spoken of.
    pub since: Date,
    /// The day on which it no longer holds.
    pub until: Date,
}

/// How somebody keeps at it, for an answer.
#[derive(Clone, Copy, Debug)]
pub struct StreakReport {
    /// The count.
    pub streak: Streak,
    /// What it is a row of.
    pub rule: StreakRule,
    /// The rest that holds today.
    pub rest: Option<Rest>,
    /// The local day.
    pub today: Date,
}

/// An exercise in one word or two, as it stands within a sentence.
#[must_use]
pub fn exercise_words(say: Speaker, exercise: Exercise) -> String {
    let key = ("exercise", Arg::Key(exercise.word()));
    say.label_with("exercise-short", &[key])
}

/// Exercises as a list that begins a sentence: `Stretch and raises`.
#[must_use]
pub fn exercises_words(say: Speaker, exercises: Exercises) -> String {
    let each = exercises.iter().map(|one| exercise_words(say, one));
    let mut before: Vec<_> = each.collect();
    let last = before.pop().unwrap_or_default();
    let whole = if before.is_empty() {
        last
    } else {
        let first = ("first", Arg::Words(before.join(", ")));
        say.label_with("list-and", &[first, ("last", Arg::Words(last))])
    };
    let mut letters = whole.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// The answer to a check-in: short enough for a pop-up.
#[must_use]
pub fn done_card(say: Speaker, report: &DoneReport) -> Card {
    let day = if report.day == report.today {
        ("day", Arg::Key("today"))
    } else {
        ("day", Arg::Key("other"))
    };
    let date = ("date", Arg::Words(say.day(report.day, report.today)));
    let what = Arg::Words(exercises_words(say, report.counted));
    let text = if let Some(waiting) = &report.waiting {
        let waits = Arg::Words(exercises_words(say, waiting.exercises));
        let counted = report.counted.and(report.again);
        let some = if counted.is_empty() { "none" } else { "some" };
        say.say(
            "done-waits",
            &[
                ("some", Arg::Key(some)),
                ("what", Arg::Words(exercises_words(say, counted))),
                ("waits", waits),
                ("since", Arg::Words(say.day(waiting.since, report.today))),
                ("until", Arg::Words(say.day(waiting.until, report.today))),
            ],
        )
    } else if report.counted.is_empty() {
        let sets = if report.sets_added { "added" } else { "same" };
        say.say("done-again", &[day, date, ("sets", Arg::Key(sets))])
    } else if report.first {
        match report.shown {
            Privacy::Shown => say.say("done-first", &[]),
            Privacy::Hidden => say.say("done-first-hidden", &[]),
        }
    } else {
        let days = ("days", Arg::Count(i64::from(report.days_of_week)));
        let is_this = monday_of(report.day) == monday_of(report.today);
        let week = ("week", Arg::Key(if is_this { "this" } else { "that" }));
        say.say("done", &[("what", what), day, date, days, week])
    };
    let undo = (!report.entries.is_empty())
        .then(|| Button::for_asker(say.label("button-undo"), undo_line(&report.entries)));
    Card::line(text).with_buttons(undo)
}

fn undo_line(entries: &[EntryId]) -> String {
    format!("undo {}", ids(entries))
}

/// What a room may hear of a check-in that was typed there: the same whatever came of it.
#[must_use]
pub fn done_aside(say: Speaker) -> Card {
    Card::line(say.say("done-noted", &[]))
}

/// A check-in in a few words: `Calf raises, 3 sets, Tue 24 Nov (#812)`.
#[must_use]
pub fn check_in_text(say: Speaker, one: &CheckIn, today: Date) -> Text {
    let id = ("id", Arg::Words(one.id.to_string()));
    let day = ("day", Arg::Words(say.day(one.day, today)));
    let what = Exercises::NONE.with(one.exercise);
    let what = ("what", Arg::Words(exercises_words(say, what)));
    let sets = ("sets", Arg::Count(i64::from(one.sets.unwrap_or(0))));
    say.say("check-in", &[what, sets, day, id])
}

/// The answer to taking check-ins back, with a way back.
#[must_use]
pub fn check_ins_undone_card(say: Speaker, all: &[CheckIn], before: bool, today: Date) -> Card {
    let id = if before { "undone-before" } else { "undone" };
    let numbers: Vec<EntryId> = all.iter().map(|one| one.id).collect();
    let restore = format!("restore {}", ids(&numbers));
    Card::line(say.say(id, &[("what", Arg::Text(texts(say, all, today)))]))
        .with_buttons([Button::for_asker(say.label("button-restore"), restore)])
}

/// The answer to putting check-ins back.
#[must_use]
pub fn check_ins_restored_card(say: Speaker, all: &[CheckIn], today: Date) -> Card {
    Card::line(say.say("restored", &[("what", Arg::Text(texts(say, all, today)))]))
}

fn texts(say: Speaker, all: &[CheckIn], today: Date) -> Text {
    Text::joined(all.iter().map(|one| check_in_text(say, one, today)), " · ")
}

/// How many days a page of check-ins shows at most.
const ROWS: usize = 6;

/// The check-ins, newest day first; `more` if older ones follow in any case.
#[must_use]
pub fn check_ins_card(say: Speaker, all: &[CheckIn], more: bool, today: Date) -> Card {
    if all.is_empty() {
        return Card::line(say.say("check-ins-empty", &[]));
    }
    let days: Vec<&[CheckIn]> = all.chunk_by(|a, b| a.day == b.day).collect();
    let page = |rows: usize| {
        let mut card = Card::default();
        card.blocks
            .push(Block::Title(say.say("check-ins-title", &[])));
        let items = days.iter().take(rows);
        card.blocks
            .extend(items.map(|day| Block::Item(day_row(say, day, today))));
        card
    };
    let most = days.len().min(ROWS);
    let rows = (1..=most)
        .rev()
        .find(|rows| Size::of(&page(*rows)).fits(PRIVATE))
        .unwrap_or(1);
    let older = (more || rows < days.len())
        .then(|| format!("history of:check-ins before:{}", days[rows - 1][0].day));
    page(rows)
        .with_buttons([older.and_then(|line| Button::for_asker(say.label("button-older"), line))])
}

fn day_row(say: Speaker, day: &[CheckIn], today: Date) -> Text {
    let each = day.iter().map(|one| {
        let sets = one.sets.map_or(String::new(), |sets| format!(" ×{sets}"));
        let what = format!("{}{sets} ", exercise_words(say, one.exercise));
        Text::plain(what).then(Text(vec![Span::Code(format!("#{}", one.id))]))
    });
    let date = Text::plain(format!("{} · ", say.date(day[0].day, today)));
    date.then(Text::joined(each, ", "))
}

/// The answer to a pause, or to one day of rest.
#[must_use]
pub fn paused_card(say: Speaker, rest: Rest, today: Date) -> Card {
    let date = |day| Arg::Words(say.day(day, today));
    Card::line(match rest.last {
        None => say.say("paused", &[]),
        Some(last) if last <= today => say.say("rested", &[("day", date(last))]),
        Some(last) => say.say("paused-until", &[("day", date(last))]),
    })
}

/// The answer to going on after a pause; `was` if there was one.
#[must_use]
pub fn resumed_card(say: Speaker, was: bool) -> Card {
    Card::line(say.say(if was { "resumed" } else { "resumed-nothing" }, &[]))
}

/// How somebody keeps at it.
#[must_use]
pub fn streak_card(say: Speaker, report: &StreakReport) -> Card {
    let streak = report.streak;
    let count = |number: u32| Arg::Count(i64::from(number));
    let rule = || ("rule", Arg::Key(report.rule.word()));
    if streak.good == 0 && streak.days_this_week == 0 {
        return Card::line(say.say("streak-none", &[]));
    }
    let (run, good) = (("run", count(streak.run)), ("good", count(streak.good)));
    let first = match (streak.run, streak.good) {
        (0, 0) => say.say("streak-first-week", &[]),
        (0, _) => say.say("streak-new", &[rule(), good]),
        _ => say.say("streak-run", &[rule(), run, good]),
    };
    let days = ("days", count(streak.days_this_week));
    let need = ("need", count(DAYS_OF_A_GOOD_WEEK));
    let is_good = streak.days_this_week >= DAYS_OF_A_GOOD_WEEK;
    let good = ("good", Arg::Key(if is_good { "yes" } else { "no" }));
    let card = Card::line(first).with(say.say("streak-week", &[days, need, good]));
    let rest = report.rest.map(|rest| match rest.last {
        Some(last) => {
            let back = Arg::Words(say.day(last.saturating_add(1.days()), report.today));
            say.say("streak-rest-until", &[("day", back)])
        }
        None => say.say("streak-rest", &[]),
    });
    rest.into_iter().fold(card, Card::with)
}
