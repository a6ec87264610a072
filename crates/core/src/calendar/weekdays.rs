use std::fmt;
use std::str::FromStr;

use jiff::civil::Weekday;

use super::day::weekday;

/// Some days of the week; never none.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Weekdays(u8);

/// A text that names no days of the week.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no days of the week")]
pub struct WeekdaysReadError(pub String);

const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Weekdays {
    /// All seven.
    pub const DAILY: Self = Self(0b111_1111);
    /// Monday to Friday.
    pub const WORKDAYS: Self = Self(0b001_1111);
    /// Saturday and Sunday.
    pub const WEEKEND: Self = Self(0b110_0000);

    /// One of them.
    #[must_use]
    pub fn only(day: Weekday) -> Self {
        Self(bit(day))
    }

    /// Whether a day is among them.
    #[must_use]
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & bit(day) != 0
    }

    /// They, from Monday on.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        (0..7_i8)
            .filter_map(|offset| Weekday::from_monday_zero_offset(offset).ok())
            .filter(move |day| self.contains(*day))
    }

    /// The days of some numbers, if there is any; 0 is Monday.
    pub(super) fn of_bits(bits: u8) -> Option<Self> {
        (1..128).contains(&bits).then_some(Self(bits))
    }
}

/// `mon,tue,fri`.
impl fmt::Display for Weekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.iter().map(name).collect();
        f.write_str(&names.join(","))
    }
}

impl fmt::Debug for Weekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn bit(day: Weekday) -> u8 {
    1 << day.to_monday_zero_offset()
}

fn name(day: Weekday) -> &'static str {
    NAMES[usize::try_from(day.to_monday_zero_offset()).unwrap_or(0)]
}

/// Reads `mon-fri`, `tue,thu`, `tue thu`, `daily`, `weekdays`, `weekend`, `fri-mon`, `mo-fr`.
impl FromStr for Weekdays {
    type Err = WeekdaysReadError;

    fn from_str(typed: &str) -> Result<Self, WeekdaysReadError> {
        let error = || WeekdaysReadError(typed.to_owned());
        let text = typed.trim().to_lowercase().replace(['–', '—'], "-");
        let parts = text.split(|c: char| c == ',' || c == '+' || c == '&' || c.is_whitespace());
        let mut bits = 0;
        for part in parts.filter(|part| !part.is_empty() && *part != "and") {
            bits |= match part {
                "daily" | "every" | "all" | "everyday" | "täglich" => Self::DAILY.0,
                "weekdays" | "workdays" | "werktags" => Self::WORKDAYS.0,
                "weekend" | "weekends" | "wochenende" => Self::WEEKEND.0,
                "day" | "days" => continue,
                _ => match part.split_once('-') {
                    Some((from, to)) => {
                        let (from, to) = (weekday(from), weekday(to));
                        range(from.ok_or_else(error)?, to.ok_or_else(error)?)
                    }
                    None => bit(weekday(part).ok_or_else(error)?),
                },
            };
        }
        Self::of_bits(bits).ok_or_else(error)
    }
}

/// From one day to the next such day, over Sunday if need be.
fn range(from: Weekday, to: Weekday) -> u8 {
    let mut bits = bit(from);
    let mut day = from;
    while day != to {
        day = day.next();
        bits |= bit(day);
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn days(typed: &str) -> Option<String> {
        let days: Result<Weekdays, _> = typed.parse();
        days.ok().map(|days| days.to_string())
    }

    #[test]
    fn days_are_read_as_people_type_them() {
        for (typed, wanted) in [
            ("mon-fri", "mon,tue,wed,thu,fri"),
            ("tue,thu", "tue,thu"),
            ("Tue Thu", "tue,thu"),
            ("thursday and tuesday", "tue,thu"),
            ("daily", "mon,tue,wed,thu,fri,sat,sun"),
            ("every day", "mon,tue,wed,thu,fri,sat,sun"),
            ("weekdays", "mon,tue,wed,thu,fri"),
            ("weekend", "sat,sun"),
            ("fri-mon", "mon,fri,sat,sun"),
            ("mo–fr,so", "mon,tue,wed,thu,fri,sun"),
            ("sat", "sat"),
        ] {
            assert_eq!(days(typed).as_deref(), Some(wanted), "{typed}");
        }
        for typed in ["", "someday", "mon-", "-", "mon-fri-sat", "day", "8"] {
            assert_eq!(days(typed), None, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in any::<String>()) {
            let _ = days(&text);
        }

        #[test]
        fn every_choice_is_read_as_it_is_written(bits in 1_u8..128) {
            let days = Weekdays::of_bits(bits).unwrap();
            prop_assert_eq!(days.to_string().parse(), Ok(days));
        }
    }
}
