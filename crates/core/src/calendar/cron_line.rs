//! Five-field cron lines. The only module that touches `cron` and the time library it brings: both
//! see the civil calendar alone, never a zone, because zoned they skip a day in spring and double one
//! in autumn.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime as ChronoTime, Datelike, TimeZone, Timelike, Utc};
use cron::Schedule as CronSchedule;
use jiff::civil::{Date, DateTime};

/// The minutes, hours, days, months and weekdays of a standard five-field cron line. If both day
/// fields are limited, either is enough, as cron has it.
#[derive(Clone)]
pub struct CronLine {
    fields: [Field; 5],
    /// What the `cron` crate understands: one line, or one for each day field.
    schedules: Vec<CronSchedule>,
}

/// Why a text is no cron line that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no cron line")]
pub struct CronReadError(pub String);

/// The numbers that a field lists, and whether it is a star.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Field {
    numbers: u64,
    any: bool,
}

/// The least and greatest number of each field. Sunday is 0 or 7.
const RANGES: [(u32, u32); 5] = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)];

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// From Sunday, as cron counts.
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

impl CronLine {
    /// The times of day at which it falls due, in minutes after midnight, earliest first.
    pub fn minutes_of_day(&self) -> impl Iterator<Item = u16> {
        let [minutes, hours, ..] = self.fields;
        hours.iter().flat_map(move |hour| {
            minutes
                .iter()
                .filter_map(move |minute| u16::try_from(hour * 60 + minute).ok())
        })
    }

    /// The first civil time after another at which it falls due; none if it never does.
    #[must_use]
    pub fn next(&self, after: DateTime) -> Option<DateTime> {
        let after = to_chrono(after)?;
        let nexts = self
            .schedules
            .iter()
            .filter_map(|one| one.after(&after).next());
        nexts.min().and_then(|next| from_chrono(&next))
    }
}

impl PartialEq for CronLine {
    fn eq(&self, other: &Self) -> bool {
        self.fields == other.fields
    }
}

impl Eq for CronLine {}

impl fmt::Debug for CronLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The five fields, with numbers in order and weekdays by name.
impl fmt::Display for CronLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<_> = self
            .fields
            .iter()
            .enumerate()
            .map(|(at, field)| text(at, *field))
            .collect();
        f.write_str(&texts.join(" "))
    }
}

impl FromStr for CronLine {
    type Err = CronReadError;

    fn from_str(typed: &str) -> Result<Self, CronReadError> {
        let error = || CronReadError(typed.to_owned());
        let parts: Vec<_> = typed.split_whitespace().collect();
        let [minutes, hours, days, months, weekdays] = parts.as_slice() else {
            return Err(error());
        };
        let read = |at: usize, part: &str| read_field(at, part).ok_or_else(error);
        let mut fields = [
            read(0, minutes)?,
            read(1, hours)?,
            read(2, days)?,
            read(3, months)?,
            read(4, weekdays)?,
        ];
        // 7 is Sunday too.
        if fields[4].numbers & (1 << 7) != 0 {
            fields[4].numbers = (fields[4].numbers & !(1 << 7)) | 1;
        }
        let schedules = lines(fields)
            .iter()
            .map(|line| CronSchedule::from_str(line).map_err(|_| error()))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self { fields, schedules })
    }
}

/// What the `cron` crate shall see: seconds before the fields, weekdays by name, and one line for
/// each way a day can match.
fn lines(fields: [Field; 5]) -> Vec<String> {
    let [minutes, hours, months] = [0, 1, 3].map(|at| text(at, fields[at]));
    let (days, weekdays) = (text(2, fields[2]), text(4, fields[4]));
    let line =
        |days: &str, weekdays: &str| format!("0 {minutes} {hours} {days} {months} {weekdays}");
    if fields[2].any || fields[4].any {
        vec![line(&days, &weekdays)]
    } else {
        vec![line(&days, "*"), line("*", &weekdays)]
    }
}

fn text(at: usize, field: Field) -> String {
    if field.any {
        return "*".to_owned();
    }
    let name = |number: u32| match at {
        4 => DAYS[number as usize % 7].to_owned(),
        _ => number.to_string(),
    };
    let names: Vec<_> = field.iter().map(name).collect();
    names.join(",")
}

impl Field {
    fn iter(self) -> impl Iterator<Item = u32> {
        (0..60).filter(move |number| self.numbers & (1 << number) != 0)
    }
}

/// Reads `*`, `7`, `mon`, `1-5`, `mon-fri`, `*/15`, `8-18/2` and lists of them.
fn read_field(at: usize, part: &str) -> Option<Field> {
    let (least, most) = RANGES[at];
    let mut numbers = 0_u64;
    for item in part.split(',') {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, number(step)?),
            None => (item, 1),
        };
        let (from, to) = match range.split_once('-') {
            _ if range == "*" && at == 4 => (0, 6),
            _ if range == "*" => (least, most),
            Some((from, to)) => (named(at, from)?, named(at, to)?),
            None if item.contains('/') => (named(at, range)?, most),
            None => (named(at, range)?, named(at, range)?),
        };
        // From Friday to Sunday, where Sunday has a name and comes first.
        let to = if at == 4 && to == 0 && from > 0 {
            7
        } else {
            to
        };
        if step == 0 || from < least || to > most || from > to {
            return None;
        }
        let step = usize::try_from(step).ok()?;
        (from..=to)
            .step_by(step)
            .for_each(|one| numbers |= 1 << one);
    }
    Some(Field {
        numbers,
        any: part == "*",
    })
}

fn named(at: usize, text: &str) -> Option<u32> {
    let word = text.to_lowercase();
    let found = match at {
        3 => MONTHS
            .iter()
            .position(|name| *name == word)
            .map(|at| at + 1),
        4 => DAYS.iter().position(|name| *name == word),
        _ => None,
    };
    match found {
        Some(at) => u32::try_from(at).ok(),
        None => number(text),
    }
}

fn number(text: &str) -> Option<u32> {
    let is_short = (1..=2).contains(&text.len());
    (is_short && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn to_chrono(civil: DateTime) -> Option<ChronoTime<Utc>> {
    let part = |number: i8| u32::try_from(number).ok();
    Utc.with_ymd_and_hms(
        i32::from(civil.year()),
        part(civil.month())?,
        part(civil.day())?,
        part(civil.hour())?,
        part(civil.minute())?,
        part(civil.second())?,
    )
    .single()
}

fn from_chrono(time: &ChronoTime<Utc>) -> Option<DateTime> {
    let part = |number: u32| i8::try_from(number).ok();
    let year = i16::try_from(time.year())
        .ok()
        .filter(|year| *year < 9_000)?;
    let day = Date::new(year, part(time.month())?, part(time.day())?).ok()?;
    Some(day.at(part(time.hour())?, part(time.minute())?, 0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::datetime;
    use proptest::prelude::*;

    fn nexts(line: &str, count: usize) -> Vec<String> {
        let line: CronLine = line.parse().unwrap();
        let mut at = datetime(2026, 11, 24, 12, 0, 0, 0);
        let mut all = Vec::new();
        while let Some(next) = line.next(at).filter(|_| all.len() < count) {
            all.push(next.strftime("%a %Y-%m-%d %H:%M").to_string());
            at = next;
        }
        all
    }

    #[test]
    fn sunday_is_0_and_7_and_monday_is_1() {
        for line in ["0 7 * * 0", "0 7 * * 7", "0 7 * * sun", "0 7 * * SUN"] {
            assert_eq!(nexts(line, 1), ["Sun 2026-11-29 07:00"], "{line}");
        }
        assert_eq!(nexts("0 7 * * 1", 1), ["Mon 2026-11-30 07:00"]);
        assert_eq!(
            nexts("30 6 * * 1-5", 2),
            ["Wed 2026-11-25 06:30", "Thu 2026-11-26 06:30"]
        );
        let weekend = [
            "Fri 2026-11-27 07:00",
            "Sat 2026-11-28 07:00",
            "Sun 2026-11-29 07:00",
        ];
        for line in ["0 7 * * fri-sun", "0 7 * * 5-7", "0 7 * * 5,6,0"] {
            assert_eq!(nexts(line, 3), weekend, "{line}");
        }
    }

    #[test]
    fn if_both_day_fields_are_limited_either_is_enough() {
        let both = nexts("0 7 1 * mon", 3);
        assert_eq!(
            both,
            [
                "Mon 2026-11-30 07:00",
                "Tue 2026-12-01 07:00",
                "Mon 2026-12-07 07:00"
            ]
        );
        assert_eq!(
            nexts("0 */12 * dec *", 2),
            ["Tue 2026-12-01 00:00", "Tue 2026-12-01 12:00"]
        );
        assert_eq!(nexts("0 7 29 2 *", 1), ["Tue 2028-02-29 07:00"]);
        assert_eq!(nexts("0 7 31 2 *", 1), [""; 0]);
    }

    #[test]
    fn what_is_no_line_of_five_fields_is_refused() {
        for line in [
            "",
            "0 7 * *",
            "0 0 7 * * 1",
            "60 7 * * *",
            "0 24 * * *",
            "0 7 0 * *",
            "0 7 * 13 *",
            "0 7 * * 8",
            "0 7 * * mon-",
            "x 7 * * *",
            "0 7 * * L",
            "*/0 7 * * *",
            "5-1 7 * * *",
            "@daily",
            "0 7 * * ,",
        ] {
            assert!(line.parse::<CronLine>().is_err(), "{line}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in any::<String>()) {
            let _ = text.parse::<CronLine>();
        }

        #[test]
        fn a_line_says_the_same_after_it_was_written(text in "[0-9*/,-]{1,5} [0-9*/,-]{1,5} [0-9*]{1,2} [0-9*]{1,2} [0-7*]") {
            if let Ok(line) = text.parse::<CronLine>() {
                prop_assert_eq!(line.to_string().parse(), Ok(line));
            }
        }
    }
}
