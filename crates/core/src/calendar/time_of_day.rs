use std::fmt;
use std::str::FromStr;

use jiff::civil::Time;

/// A time of day, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(u16);

/// A text that is no time of day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no time of day")]
pub struct TimeReadError(pub String);

impl TimeOfDay {
    /// The time of an hour and a minute, if there is one.
    #[must_use]
    pub fn new(hour: u16, minute: u16) -> Option<Self> {
        (hour < 24 && minute < 60).then_some(Self(hour * 60 + minute))
    }

    /// Minutes after midnight.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.0
    }

    /// As a clock shows it.
    #[must_use]
    pub fn time(self) -> Time {
        let part = |number: u16| i8::try_from(number).unwrap_or(0);
        Time::constant(part(self.0 / 60), part(self.0 % 60), 0, 0)
    }
}

/// `07:30`.
impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// Reads `7`, `7:30`, `07.30`, `0730`, `7pm`, `7:30 p.m.`, `7h`, `7h30`, `19 Uhr`, `noon`, `midnight`.
impl FromStr for TimeOfDay {
    type Err = TimeReadError;

    fn from_str(typed: &str) -> Result<Self, TimeReadError> {
        read(typed).ok_or_else(|| TimeReadError(typed.to_owned()))
    }
}

fn read(typed: &str) -> Option<TimeOfDay> {
    let text = typed.trim().to_lowercase();
    match text.as_str() {
        "noon" | "midday" | "mittag" | "mittags" => return TimeOfDay::new(12, 0),
        "midnight" | "mitternacht" => return TimeOfDay::new(0, 0),
        _ => {}
    }
    let text = text.trim_end_matches("uhr").trim_end();
    let undotted = text.replace("a.m.", "am").replace("p.m.", "pm");
    let half = |suffix: &str| undotted.strip_suffix(suffix).map(str::trim_end);
    let (clock, half) = match (half("am"), half("pm")) {
        (Some(clock), _) => (clock, Some(0)),
        (_, Some(clock)) => (clock, Some(12)),
        _ => (undotted.as_str(), None),
    };
    let (hour, minute) = match clock.split_once([':', '.', 'h']) {
        Some((hour, "")) if clock.ends_with('h') => (hour, "00"),
        Some((hour, minute)) => (hour, minute),
        None if clock.len() == 4 && clock.is_char_boundary(2) => clock.split_at(2),
        None => (clock, "00"),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let is_form = (1..=2).contains(&hour.len()) && minute.len() == 2;
    if !is_form || !digits(hour) || !digits(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    match half {
        None => TimeOfDay::new(hour, minute),
        Some(half) if (1..=12).contains(&hour) => TimeOfDay::new(hour % 12 + half, minute),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clock(typed: &str) -> Option<String> {
        let time: Result<TimeOfDay, _> = typed.parse();
        time.ok().map(|time| time.to_string())
    }

    #[test]
    fn a_time_is_read_as_people_type_it() {
        for (typed, wanted) in [
            ("7", "07:00"),
            ("07", "07:00"),
            ("7:30", "07:30"),
            ("07.30", "07:30"),
            ("0730", "07:30"),
            ("7pm", "19:00"),
            ("7:30 PM", "19:30"),
            ("7 a.m.", "07:00"),
            ("12am", "00:00"),
            ("12pm", "12:00"),
            ("noon", "12:00"),
            ("Mittag", "12:00"),
            ("midnight", "00:00"),
            ("7h", "07:00"),
            ("7h30", "07:30"),
            ("19 Uhr", "19:00"),
            ("0:00", "00:00"),
            ("23:59", "23:59"),
            (" 6:05 ", "06:05"),
        ] {
            assert_eq!(clock(typed).as_deref(), Some(wanted), "{typed}");
        }
    }

    #[test]
    fn what_no_clock_shows_is_refused() {
        for typed in [
            "", "24:00", "7:60", "13pm", "0am", "7:3", "730", "-1", "+7", "7:30:00", "soon", "7:",
            "é", "1é1",
        ] {
            assert_eq!(clock(typed), None, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in any::<String>()) {
            let _ = clock(&text);
        }

        #[test]
        fn no_likely_text_makes_the_reader_panic(text in "[0-9:.hampuré ]{0,8}") {
            let _ = clock(&text);
        }

        #[test]
        fn every_time_is_read_as_it_is_written(minutes in 0_u16..1_440) {
            let time = TimeOfDay(minutes);
            prop_assert_eq!(time.to_string().parse(), Ok(time));
        }
    }
}
