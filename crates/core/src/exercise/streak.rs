use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

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
    /// The streak of somebody who did something on `days` and rested in `rests`, on the day `today`.
    /// Days after today count for nothing yet.
    ///
    /// A day of rest stands for one day of a week, and no more: four days of a week must be done or
    /// rested for the week to be kept, and four must be done for it to count.
    #[must_use]
    pub fn of(
        days: impl IntoIterator<Item = Date>,
        rests: &[Rest],
        rule: StreakRule,
        today: Date,
    ) -> Self {
        let days: BTreeSet<Date> = days.into_iter().filter(|day| *day <= today).collect();
        let this_week = monday_of(today);
        let days_this_week = count(days.range(this_week..).count());
        let (run, good) = match rule {
            StreakRule::Weeks => of_weeks(&days, rests, this_week),
            StreakRule::Days => (of_days(&days, rests, today), count(days.len())),
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

fn of_weeks(days: &BTreeSet<Date>, rests: &[Rest], this_week: Date) -> (u32, u32) {
    let Some(first) = days.first().copied().map(monday_of) else {
        return (0, 0);
    };
    let (mut run, mut good) = (0, 0);
    let mut broken = false;
    let mut week = this_week;
    while week >= first {
        let end = week.saturating_add(6.days());
        let done = count(days.range(week..=end).count());
        if done >= DAYS_OF_A_GOOD_WEEK {
            good += 1;
            run += u32::from(!broken);
        } else if week != this_week {
            let idle = (0..7)
                .map(|offset: i64| week.saturating_add(offset.days()))
                .filter(|day| !days.contains(day));
            let rested = count(idle.filter(|day| rests_on(rests, *day)).count());
            broken |= done + rested < DAYS_OF_A_GOOD_WEEK;
        }
        let Ok(before) = week.checked_sub(7.days()) else {
            break;
        };
        week = before;
    }
    (run, good)
}

fn of_days(days: &BTreeSet<Date>, rests: &[Rest], today: Date) -> u32 {
    let Some(first) = days.first().copied() else {
        return 0;
    };
    let mut run = 0;
    let mut day = today;
    while day >= first {
        if days.contains(&day) {
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

fn rests_on(rests: &[Rest], day: Date) -> bool {
    rests.iter().any(|rest| rest.covers(day))
}

#[cfg(test)]
#[path = "streak_tests.rs"]
mod tests;
