//! Local days, time zones, and schedules with their occurrences.
//!
//! A day is a civil date where somebody lives, and it begins at a [`DayStart`] of his own: half past
//! midnight still belongs to yesterday for most people who train late.

mod cron_line;
mod day;
mod schedule;
mod time_of_day;
mod weekdays;
mod zone;

pub use cron_line::{CronLine, CronReadError};
pub use day::{DayAheadError, DayError, DayReadError, DayReading, DayStart, local_day, monday_of};
pub use schedule::{
    LEAST_MINUTES_APART, MOST_TIMES_A_DAY, Occurrence, Rule, Schedule, ScheduleError,
};
pub use time_of_day::{TimeOfDay, TimeReadError};
pub use weekdays::{Weekdays, WeekdaysReadError};
pub use zone::{Zone, ZoneError};
