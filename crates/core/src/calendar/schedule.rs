use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, ToSpan};

use super::{CronLine, TimeOfDay, Weekdays, Zone};

/// When a reminder falls due, on the civil calendar: at a time on some weekdays, or by a cron line. At
/// most four times a day, an hour or more apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    rule: Rule,
}

/// The two ways to say when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// At a time on some weekdays.
    Weekly {
        /// The time.
        time: TimeOfDay,
        /// The days.
        days: Weekdays,
    },
    /// By a five-field cron line.
    Cron(CronLine),
}

/// Why a cron line makes no schedule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// It cannot be read.
    #[error("this is no cron line")]
    Unreadable,
    /// There is no such day.
    #[error("the schedule never falls due")]
    Never,
    /// More than four times a day, or less than an hour apart.
    #[error("the schedule falls due too often")]
    TooOften,
}

/// One falling due. Its civil date and time are its identity: whatever the clocks do, and whatever a
/// newer zone database says, each comes once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    /// What the schedule says; its date is the post's date.
    pub civil: DateTime,
    /// When that is.
    pub at: Timestamp,
}

/// Most times a day. A house rule.
pub const MOST_TIMES_A_DAY: usize = 4;

/// Least minutes between two times of a day, over midnight too. A house rule.
pub const LEAST_MINUTES_APART: u16 = 60;

/// How far back the mapping begins, so that it sees every time that a jump of the clocks can move.
/// The longest jump of any zone is a day.
const LOOK_BACK_DAYS: i64 = 3;

impl Schedule {
    /// At a time on some weekdays.
    #[must_use]
    pub fn weekly(time: TimeOfDay, days: Weekdays) -> Self {
        Self {
            rule: Rule::Weekly { time, days },
        }
    }

    /// By a five-field cron line.
    ///
    /// # Errors
    ///
    /// [`ScheduleError`].
    pub fn cron(line: &str) -> Result<Self, ScheduleError> {
        /// Every day of the calendar comes in the four years from here.
        const SOME_DAY: Date = Date::constant(2025, 1, 1);
        let line: CronLine = line.parse().map_err(|_| ScheduleError::Unreadable)?;
        let times: Vec<u16> = line.minutes_of_day().take(MOST_TIMES_A_DAY + 1).collect();
        let over_midnight = match times.as_slice() {
            [first, .., last] => Some(first + 24 * 60 - last),
            _ => None,
        };
        let gaps = times.windows(2).map(|pair| pair[1] - pair[0]);
        let too_close = gaps
            .chain(over_midnight)
            .any(|gap| gap < LEAST_MINUTES_APART);
        if times.len() > MOST_TIMES_A_DAY || too_close {
            return Err(ScheduleError::TooOften);
        }
        if line.next(SOME_DAY.at(0, 0, 0, 0)).is_none() {
            return Err(ScheduleError::Never);
        }
        Ok(Self {
            rule: Rule::Cron(line),
        })
    }

    /// How it was said.
    #[must_use]
    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    /// The first occurrence after an instant; none if there is no more.
    ///
    /// A time that a jump forward leaves out comes as much later as the clocks jump; one that a jump
    /// back doubles comes the first time. A date that a zone never had is left out. Two times that a
    /// jump would lay upon each other come a minute apart, so that instants strictly increase.
    #[must_use]
    pub fn next(&self, zone: &Zone, after: Timestamp) -> Option<Occurrence> {
        let local = zone.rules().to_datetime(after);
        let mut civil = local.saturating_sub(LOOK_BACK_DAYS.days());
        let mut before: Option<Timestamp> = None;
        loop {
            civil = self.next_civil(civil)?;
            if !has_date(zone, civil.date())? {
                continue;
            }
            let mut at = instant(zone, civil)?;
            if let Some(before) = before.filter(|before| at <= *before) {
                at = before.checked_add(1.minute()).ok()?;
            }
            if at > after {
                return Some(Occurrence { civil, at });
            }
            before = Some(at);
        }
    }

    /// The first civil time after another.
    fn next_civil(&self, after: DateTime) -> Option<DateTime> {
        match &self.rule {
            Rule::Cron(line) => line.next(after),
            Rule::Weekly { time, days } => {
                let today = after.date().to_datetime(time.time());
                let mut next = if today > after {
                    today
                } else {
                    today.checked_add(1.day()).ok()?
                };
                while !days.contains(next.weekday()) {
                    next = next.checked_add(1.day()).ok()?;
                }
                Some(next)
            }
        }
    }
}

/// Shifted by the gap, or the first of a fold.
fn instant(zone: &Zone, civil: DateTime) -> Option<Timestamp> {
    zone.rules().to_ambiguous_timestamp(civil).compatible().ok()
}

/// Whether a date was ever lived through in a zone: Apia had no 30 December 2011.
fn has_date(zone: &Zone, date: Date) -> Option<bool> {
    let start = instant(zone, date.at(0, 0, 0, 0))?;
    Some(zone.rules().to_datetime(start).date() == date)
}

/// `07:00 mon,tue`, or `cron` and the line: what [`FromStr`] reads, for the database.
impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.rule {
            Rule::Weekly { time, days } => write!(f, "{time} {days}"),
            Rule::Cron(line) => write!(f, "cron {line}"),
        }
    }
}

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let (first, rest) = text.split_once(' ').ok_or(ScheduleError::Unreadable)?;
        if first == "cron" {
            return Self::cron(rest);
        }
        match (first.parse(), rest.parse()) {
            (Ok(time), Ok(days)) => Ok(Self::weekly(time, days)),
            _ => Err(ScheduleError::Unreadable),
        }
    }
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
