//! Local days and time zones.
//!
//! A day is a civil date where somebody lives, and it begins at a [`DayStart`] of his own: half past
//! midnight still belongs to yesterday for most people who train late.

mod day;
mod zone;

pub use day::{DayAheadError, DayError, DayReadError, DayReading, DayStart, local_day, monday_of};
pub use zone::{Zone, ZoneError};
