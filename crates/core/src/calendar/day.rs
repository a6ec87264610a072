use std::str::FromStr;

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::Zone;

/// The local day of an instant, for somebody in `zone` whose day begins at `start`.
#[must_use]
pub fn local_day(at: Timestamp, zone: &Zone, start: DayStart) -> Date {
    let clock = zone.rules().to_datetime(at);
    clock.saturating_sub(i64::from(start.0).minutes()).date()
}

/// The Monday of a day's week.
#[must_use]
pub fn monday_of(day: Date) -> Date {
    let since_monday = i64::from(day.weekday().to_monday_zero_offset());
    day.saturating_sub(since_monday.days())
}

/// When somebody's day begins: minutes after midnight, before noon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct DayStart(u16);

impl DayStart {
    /// Minutes after midnight.
    #[must_use]
    pub fn minutes(self) -> i64 {
        i64::from(self.0)
    }

    /// As a clock shows it: `03:00`.
    #[must_use]
    pub fn clock(self) -> String {
        format!("{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// Three in the morning.
impl Default for DayStart {
    fn default() -> Self {
        Self(180)
    }
}

impl TryFrom<i64> for DayStart {
    type Error = DayReadError;

    fn try_from(minutes: i64) -> Result<Self, DayReadError> {
        match u16::try_from(minutes) {
            Ok(minutes @ 0..720) => Ok(Self(minutes)),
            _ => Err(DayReadError(minutes.to_string())),
        }
    }
}

impl From<DayStart> for i64 {
    fn from(start: DayStart) -> Self {
        start.minutes()
    }
}

/// Reads `3`, `03:00`, `3.30`, `3am`.
impl FromStr for DayStart {
    type Err = DayReadError;

    fn from_str(typed: &str) -> Result<Self, DayReadError> {
        let error = || DayReadError(typed.to_owned());
        let text = typed.trim().to_lowercase();
        let text = text.trim_end_matches("am").trim_end();
        let (hour, minute) = text.split_once([':', '.', 'h']).unwrap_or((text, "0"));
        let number = |text: &str| -> Result<i64, DayReadError> {
            let is_short = (1..=2).contains(&text.len());
            let is_number = text.bytes().all(|b| b.is_ascii_digit());
            match text.parse() {
                Ok(number) if is_short && is_number => Ok(number),
                _ => Err(error()),
            }
        };
        let (hour, minute) = (number(hour)?, number(minute)?);
        if minute > 59 {
            return Err(error());
        }
        Self::try_from(hour * 60 + minute).map_err(|_| error())
    }
}

/// A day as typed. Which date it is depends on who typed it, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayReading {
    /// `today`, `yesterday`, `3 days ago`; less than none for `tomorrow`, `in 3 days`, `2w`.
    Ago(i64),
    /// `mon`: the last one, today included.
    Last(Weekday),
    /// `2026-11-24`, `24.11.2026`.
    On(Date),
    /// `24.11.`: the last one, today included.
    Yearly {
        /// 1 to 12.
        month: i8,
        /// 1 to 31.
        day: i8,
    },
}

/// A text that names no day or no time of day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no day")]
pub struct DayReadError(pub String);

/// Why a day is none that something can be logged for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DayError {
    /// It has not come yet.
    #[error("the day is in the future")]
    Future,
    /// It is further back than may be logged.
    #[error("the day is too long ago")]
    TooOld,
}

/// Why a day is none that something can end on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DayAheadError {
    /// It is over.
    #[error("the day is over")]
    Past,
    /// It is further ahead than can be planned.
    #[error("the day is too far ahead")]
    TooFar,
}

impl DayReading {
    /// The date it means to somebody who speaks of what is to come: today or later, at most `reach`
    /// days ahead. A weekday is the next one, today excluded.
    ///
    /// # Errors
    ///
    /// [`DayAheadError`] for a day that is over, or further ahead.
    pub fn resolve_ahead(self, today: Date, reach: i64) -> Result<Date, DayAheadError> {
        let date = match self {
            Self::Ago(days) => today
                .checked_sub(days.days())
                .map_err(|_| DayAheadError::TooFar)?,
            Self::Last(weekday) => {
                let ahead = i64::from(today.weekday().until(weekday));
                today.saturating_add(if ahead == 0 { 7 } else { ahead }.days())
            }
            Self::On(date) => date,
            Self::Yearly { month, day } => {
                let in_year = |years| Date::new(today.year().saturating_add(years), month, day);
                match (in_year(0), in_year(1)) {
                    (Ok(date), _) if date >= today => date,
                    (_, Ok(date)) => date,
                    // A 29 February of no year near.
                    _ => return Err(DayAheadError::TooFar),
                }
            }
        };
        if date < today {
            Err(DayAheadError::Past)
        } else if date > today.saturating_add(reach.days()) {
            Err(DayAheadError::TooFar)
        } else {
            Ok(date)
        }
    }

    /// The date it means to somebody for whom it is `today`, at most `reach` days back.
    ///
    /// # Errors
    ///
    /// [`DayError`] for a day in the future, or further back.
    pub fn resolve(self, today: Date, reach: i64) -> Result<Date, DayError> {
        let date = match self {
            Self::Ago(days) => today
                .checked_sub(days.days())
                .map_err(|_| DayError::TooOld)?,
            Self::Last(weekday) => {
                let back = i64::from(today.weekday().since(weekday));
                today.saturating_sub(back.days())
            }
            Self::On(date) => date,
            Self::Yearly { month, day } => {
                let this_year = Date::new(today.year(), month, day);
                let last_year = Date::new(today.year() - 1, month, day);
                match (this_year, last_year) {
                    (Ok(date), _) if date <= today => date,
                    (_, Ok(date)) => date,
                    // A 29 February of no year near: nothing that could be logged.
                    _ => return Err(DayError::TooOld),
                }
            }
        };
        if date > today {
            Err(DayError::Future)
        } else if date < today.saturating_sub(reach.days()) {
            Err(DayError::TooOld)
        } else {
            Ok(date)
        }
    }
}

/// Reads `today`, `yesterday`, `3 days ago`, `mon`, `2026-11-24`, `24.11.`, `24.11.2026`.
impl FromStr for DayReading {
    type Err = DayReadError;

    fn from_str(typed: &str) -> Result<Self, DayReadError> {
        let error = || DayReadError(typed.to_owned());
        let text = typed.trim().to_lowercase();
        match text.as_str() {
            "today" | "heute" | "hoy" => return Ok(Self::Ago(0)),
            "yesterday" | "gestern" | "ayer" => return Ok(Self::Ago(1)),
            "tomorrow" | "morgen" | "mañana" => return Ok(Self::Ago(-1)),
            "vorgestern" | "anteayer" => return Ok(Self::Ago(2)),
            _ => {}
        }
        if let Some(weekday) = weekday(&text) {
            return Ok(Self::Last(weekday));
        }
        if let Some(days) = text
            .strip_suffix("days ago")
            .or(text.strip_suffix("day ago"))
        {
            return match days.trim().parse() {
                Ok(days @ 0..=9_999) => Ok(Self::Ago(days)),
                _ => Err(error()),
            };
        }
        if let Some(days) = ahead(&text) {
            return Ok(Self::Ago(-days));
        }
        if text.contains('.') {
            return dotted(&text).ok_or_else(error);
        }
        text.parse().map(Self::On).map_err(|_| error())
    }
}

/// `in 3 days`, `3 days`, `3d`, `2 weeks`, `2w`.
fn ahead(text: &str) -> Option<i64> {
    let text = text.strip_prefix("in ").unwrap_or(text);
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let number: i64 = text[..end].parse().ok().filter(|n| *n < 10_000)?;
    match text[end..].trim() {
        "d" | "day" | "days" => Some(number),
        "w" | "week" | "weeks" => Some(number * 7),
        _ => None,
    }
}

pub(super) fn weekday(text: &str) -> Option<Weekday> {
    Some(match text {
        "mon" | "monday" | "mo" | "montag" => Weekday::Monday,
        "tue" | "tues" | "tuesday" | "di" | "dienstag" => Weekday::Tuesday,
        "wed" | "wednesday" | "mi" | "mittwoch" => Weekday::Wednesday,
        "thu" | "thurs" | "thursday" | "do" | "donnerstag" => Weekday::Thursday,
        "fri" | "friday" | "fr" | "freitag" => Weekday::Friday,
        "sat" | "saturday" | "sa" | "samstag" => Weekday::Saturday,
        "sun" | "sunday" | "so" | "sonntag" => Weekday::Sunday,
        _ => return None,
    })
}

fn dotted(text: &str) -> Option<DayReading> {
    let mut parts = text.trim_end_matches('.').split('.');
    let day: i8 = parts.next()?.trim().parse().ok()?;
    let month: i8 = parts.next()?.trim().parse().ok()?;
    let year = parts.next().map(|year| year.trim().parse::<i16>());
    match (year, parts.next()) {
        (None, None) => {
            // 2028 is a leap year: 29.2. is a day that exists.
            Date::new(2028, month, day).ok()?;
            Some(DayReading::Yearly { month, day })
        }
        (Some(Ok(year)), None) => Date::new(year, month, day).ok().map(DayReading::On),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    const TUESDAY: Date = date(2026, 11, 24);

    fn day(typed: &str) -> Result<Date, Option<DayError>> {
        let reading: DayReading = typed.parse().map_err(|_| None)?;
        reading.resolve(TUESDAY, 30).map_err(Some)
    }

    #[test]
    fn days_are_read_as_people_type_them() {
        assert_eq!(day("today"), Ok(TUESDAY));
        assert_eq!(day("Yesterday"), Ok(date(2026, 11, 23)));
        assert_eq!(day("3 days ago"), Ok(date(2026, 11, 21)));
        assert_eq!(day("tue"), Ok(TUESDAY));
        assert_eq!(day("Mittwoch"), Ok(date(2026, 11, 18)));
        assert_eq!(day("2026-11-01"), Ok(date(2026, 11, 1)));
        assert_eq!(day("1.11."), Ok(date(2026, 11, 1)));
        assert_eq!(day("01.11.2026"), Ok(date(2026, 11, 1)));
    }

    #[test]
    fn days_that_nothing_can_be_logged_for_are_refused() {
        assert_eq!(day("2026-11-25"), Err(Some(DayError::Future)));
        assert_eq!(day("31 days ago"), Err(Some(DayError::TooOld)));
        assert_eq!(day("30 days ago"), Ok(date(2026, 10, 25)));
        assert_eq!(day("25.11."), Err(Some(DayError::TooOld)));
        for nonsense in [
            "",
            "31.2.",
            "someday",
            "2026-13-01",
            "-1 days ago",
            "1.2.3.4",
        ] {
            assert_eq!(day(nonsense), Err(None), "{nonsense}");
        }
    }

    #[test]
    fn days_to_come_are_read_as_well() {
        let ahead = |typed: &str| {
            let reading: DayReading = typed.parse().unwrap();
            reading.resolve_ahead(TUESDAY, 60)
        };
        assert_eq!(ahead("today"), Ok(TUESDAY));
        assert_eq!(ahead("tomorrow"), Ok(date(2026, 11, 25)));
        assert_eq!(ahead("in 3 days"), Ok(date(2026, 11, 27)));
        assert_eq!(ahead("2w"), Ok(date(2026, 12, 8)));
        assert_eq!(ahead("fri"), Ok(date(2026, 11, 27)));
        assert_eq!(ahead("tue"), Ok(date(2026, 12, 1)));
        assert_eq!(ahead("10.1."), Ok(date(2027, 1, 10)));
        assert_eq!(ahead("yesterday"), Err(DayAheadError::Past));
        assert_eq!(ahead("2026-11-23"), Err(DayAheadError::Past));
        assert_eq!(ahead("61d"), Err(DayAheadError::TooFar));
        assert_eq!(day("tomorrow"), Err(Some(DayError::Future)));
    }

    #[test]
    fn half_past_midnight_still_belongs_to_yesterday() {
        let berlin: Zone = "Berlin".parse().unwrap();
        let at: Timestamp = "2026-11-24T00:30:00+01:00".parse().unwrap();
        let local = |start: &str| local_day(at, &berlin, start.parse().unwrap());
        assert_eq!(local("03:00"), date(2026, 11, 23));
        assert_eq!(local("0"), date(2026, 11, 24));
    }

    #[test]
    fn a_day_begins_before_noon() {
        let clock = |typed: &str| typed.parse::<DayStart>().map(DayStart::clock).ok();
        assert_eq!(clock("3").as_deref(), Some("03:00"));
        assert_eq!(clock("04:30").as_deref(), Some("04:30"));
        assert_eq!(clock("4.30am").as_deref(), Some("04:30"));
        for nonsense in ["12:00", "25", "3:60", "x", "", "-1", "3:", "+3"] {
            assert_eq!(clock(nonsense), None, "{nonsense}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_readers_panic(text in any::<String>()) {
            let _ = day(&text);
            let _ = text.parse::<DayStart>();
            let _ = text.parse().map(|day: DayReading| day.resolve_ahead(TUESDAY, 60));
        }

        #[test]
        fn no_likely_text_makes_the_readers_panic(text in "[0-9 .:amdys-]{0,24}") {
            let _ = day(&text);
            let _ = text.parse::<DayStart>();
        }
    }
}
