use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Diary, Exercises};
use crate::calendar::monday_of;

/// A week is good from this many days on: three days of rest are part of it. A house rule.
pub const DAYS_OF_A_GOOD_WEEK: u32 = 4;

/// What a streak is a row of.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum StreakRule {
    /// Weeks with at least [`DAYS_OF_A_GOOD_WEEK`] days.
    #[default]
    Weeks,
    /// Days, each of them.
    Days,
}

/// Days on which nothing is asked of somebody: a pause, a break of the club, a frozen day. Such a
/// day breaks no streak, and adds nothing to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rest {
    /// The first day.
    pub first: Date,
    /// The last day; none while it goes on.
    pub last: Option<Date>,
}

/// How somebody keeps at it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Streak {
    /// Good weeks in a row, or days in a row, up to now. The present one counts once it is good, and
    /// breaks nothing before it is over.
    pub run: u32,
    /// Good weeks, or days, of all times.
    pub good: u32,
    /// Days with a check-in in the present week.
    pub days_this_week: u32,
}

impl StreakRule {
    /// The word for it in commands and in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Weeks => "weeks",
            Self::Days => "days",
        }
    }

    /// The rule of a word from the database.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Weeks, Self::Days]
            .into_iter()
            .find(|rule| rule.word() == word)
    }
}

impl Rest {
    /// Whether a day belongs to it.
    #[must_use]
    pub fn covers(self, day: Date) -> bool {
        self.first <= day && self.last.is_none_or(|last| day <= last)
    }
}

impl Streak {
    /// The streak of somebody with a diary who rested in `rests`, on the day `today`. Days after
    /// today count for nothing yet.
    ///
    /// A day of rest stands for one day of a week, and no more: four days of a week must be done or
    /// rested for the week to be kept, and four must be done for it to count.
    #[must_use]
    pub fn of(diary: &Diary, rests: &[Rest], rule: StreakRule, today: Date) -> Self {
        let this_week = monday_of(today);
        let days_this_week = diary.tally(this_week, today).days;
        let (run, good) = match (diary.until(today), rule) {
            (None, _) => (0, 0),
            (Some((first, marks)), StreakRule::Weeks) => of_weeks(first, marks, rests, this_week),
            (Some((first, marks)), StreakRule::Days) => {
                let good = count(marks.iter().filter(|done| !done.is_empty()).count());
                (of_days(first, marks, rests, today), good)
            }
        };
        Self {
            run,
            good,
            days_this_week,
        }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn of_weeks(first: Date, marks: &[Exercises], rests: &[Rest], this_week: Date) -> (u32, u32) {
    let first_week = monday_of(first);
    let lead = first.weekday().to_monday_zero_offset().unsigned_abs() as usize;
    let weeks = this_week.duration_since(first_week).as_hours() / (24 * 7);
    let (mut run, mut good) = (0, 0);
    let mut broken = false;
    let last = usize::try_from(weeks).unwrap_or(0);
    for week in (0..=last).rev() {
        let start = (7 * week).saturating_sub(lead).min(marks.len());
        let end = (7 * week + 7 - lead).min(marks.len());
        let done = count(marks[start..end].iter().filter(|d| !d.is_empty()).count());
        if done >= DAYS_OF_A_GOOD_WEEK {
            good += 1;
            run += u32::from(!broken);
        } else if !broken && week < last {
            let idle = (0..7).filter(|day| {
                let at = (7 * week + day).checked_sub(lead);
                at.and_then(|at| marks.get(at)).is_none_or(|d| d.is_empty())
            });
            let monday = later(first_week, 7 * week);
            let rested = idle.filter(|day| rests_on(rests, later(monday, *day)));
            broken = done + count(rested.count()) < DAYS_OF_A_GOOD_WEEK;
        }
    }
    (run, good)
}

fn of_days(first: Date, marks: &[Exercises], rests: &[Rest], today: Date) -> u32 {
    let mut run = 0;
    let mut day = today;
    while day >= first {
        let at = usize::try_from(day.duration_since(first).as_hours() / 24).unwrap_or(0);
        if marks.get(at).is_some_and(|done| !done.is_empty()) {
            run += 1;
        } else if day != today && !rests_on(rests, day) {
            break;
        }
        let Ok(before) = day.yesterday() else {
            break;
        };
        day = before;
    }
    run
}

fn later(day: Date, days: usize) -> Date {
    let days = i64::try_from(days).unwrap_or(i64::MAX);
    Span::new()
        .try_days(days)
        .map_or(Date::MAX, |days| day.saturating_add(days))
}

fn rests_on(rests: &[Rest], day: Date) -> bool {
    rests.iter().any(|rest| rest.covers(day))
}

#[cfg(test)]
#[path = "streak_tests.rs"]
mod tests;
