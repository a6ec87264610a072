//! Numbers and days, as each language writes them.

use jiff::civil::{Date, Weekday};

use super::{Arg, Speaker};
use crate::assess::Band;
use crate::card::Text;
use crate::club::Language;
use crate::measure::{Angle, Distance, Side, Unit};

impl Speaker {
    /// Centimetres with one decimal: `9.0`, `9,0`.
    #[must_use]
    pub fn cm(self, distance: Distance) -> String {
        self.cm_of(distance.dmm())
    }

    /// Tenths of a millimetre as centimetres with one decimal, half away from zero.
    #[must_use]
    pub fn cm_of(self, dmm: i64) -> String {
        self.decimal(rounded(dmm, 10), 1)
    }

    /// A change in centimetres, with its sign: `+1.5`, `−2.0`, `±0.0`.
    #[must_use]
    pub fn change(self, dmm: i64) -> String {
        let tenths = rounded(dmm, 10);
        let sign = match tenths {
            0 => "±",
            1.. => "+",
            _ => "−",
        };
        format!("{sign}{}", self.decimal(tenths.abs(), 1))
    }

    /// Degrees with one decimal: `32.4°`. With two where one would print the very line of 10° or
    /// 15° that the value is not on.
    #[must_use]
    pub fn degrees(self, angle: Angle) -> String {
        let millidegrees = angle.millidegrees();
        let tenths = rounded(millidegrees, 100);
        let on_a_line = matches!(tenths, 100 | 150) && millidegrees != tenths * 100;
        if on_a_line {
            format!("{}°", self.decimal(rounded(millidegrees, 10), 2))
        } else {
            format!("{}°", self.decimal(tenths, 1))
        }
    }

    /// Inches with one decimal where that is exact, else with two: `3.5`, `3.25`.
    #[must_use]
    pub fn inches(self, distance: Distance) -> String {
        let hundredths = rounded(distance.dmm() * 100, i64::from(Unit::In.dmm()));
        if hundredths % 10 == 0 {
            self.decimal(hundredths / 10, 1)
        } else {
            self.decimal(hundredths, 2)
        }
    }

    /// A reach with its unit, in inches too for who thinks in them.
    #[must_use]
    pub fn reach(self, distance: Distance, unit: Unit) -> Text {
        let cm = ("cm", Arg::Words(self.cm(distance)));
        if unit == Unit::In {
            let inches = ("inches", Arg::Words(self.inches(distance)));
            self.say("reach-inches", &[inches, cm])
        } else {
            self.say("reach-cm", &[cm])
        }
    }

    /// A day: `Tue 24 Nov`, with its year if that is not `today`'s.
    #[must_use]
    pub fn day(self, day: Date, today: Date) -> String {
        let weekday = self.weekday(day.weekday());
        format!("{weekday} {}", self.date(day, today))
    }

    /// A date: `24 Nov`, with its year if that is not `today`'s.
    #[must_use]
    pub fn date(self, day: Date, today: Date) -> String {
        let month = usize::try_from(day.month() - 1).unwrap_or(0);
        let (point, month) = match self.language() {
            Language::En => ("", ENGLISH_MONTHS[month]),
            Language::De => (".", GERMAN_MONTHS[month]),
        };
        let year = if day.year() == today.year() {
            String::new()
        } else {
            format!(" {}", day.year())
        };
        format!("{}{point} {month}{year}", day.day())
    }

    pub(super) fn weekday(self, weekday: Weekday) -> &'static str {
        let index = usize::try_from(weekday.to_monday_zero_offset()).unwrap_or(0);
        match self.language() {
            Language::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][index],
            Language::De => ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"][index],
        }
    }

    /// A whole number of units of ten to the minus `decimals`, with its decimal sign.
    fn decimal(self, number: i64, decimals: u32) -> String {
        let point = match self.language() {
            Language::En => '.',
            Language::De => ',',
        };
        let one = 10_i64.pow(decimals);
        let sign = if number < 0 { "−" } else { "" };
        let (whole, part) = (number.abs() / one, number.abs() % one);
        format!(
            "{sign}{whole}{point}{part:0width$}",
            width = decimals as usize
        )
    }
}

const ENGLISH_MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
/// Without a point: a sentence may end there.
const GERMAN_MONTHS: [&str; 12] = [
    "Jan", "Feb", "März", "Apr", "Mai", "Juni", "Juli", "Aug", "Sept", "Okt", "Nov", "Dez",
];

/// `number / unit`, half rounded away from zero.
fn rounded(number: i64, unit: i64) -> i64 {
    let half_up = (2 * number.abs() + unit) / (2 * unit);
    half_up * number.signum()
}

/// The key of a side in the language files.
pub(super) fn side_key(side: Side) -> Arg {
    Arg::Key(side.word())
}

/// The key of a band in the language files: the two lowest share their words.
pub(super) fn band_key(band: Band) -> &'static str {
    match band {
        Band::BelowMinimum | Band::AtMinimum => "short",
        Band::Limited => "limited",
        Band::Shorter => "shorter",
        Band::Middle => "middle",
        Band::Long => "long",
        Band::Unlikely => "unlikely",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const EN: Speaker = Speaker::of(Language::En);
    const DE: Speaker = Speaker::of(Language::De);

    fn d(dmm: i64) -> Distance {
        Distance::from_dmm(dmm).unwrap()
    }

    #[test]
    fn each_language_writes_numbers_its_own_way() {
        assert_eq!(EN.cm(d(967)), "9.7");
        assert_eq!(DE.cm(d(967)), "9,7");
        assert_eq!(EN.cm(d(895)), "9.0");
        assert_eq!(DE.degrees(d(900).rule_angle()), "32,4°");
        assert_eq!(EN.change(150), "+1.5");
        assert_eq!(DE.change(-200), "−2,0");
        assert_eq!(EN.change(4), "±0.0");
        assert_eq!(EN.change(-5), "−0.1");
    }

    #[test]
    fn degrees_never_print_a_line_they_are_not_on() {
        assert_eq!(EN.degrees(d(277).rule_angle()), "9.97°");
        assert_eq!(EN.degrees(d(278).rule_angle()), "10.01°");
        assert_eq!(EN.degrees(d(416).rule_angle()), "14.98°");
        assert_eq!(EN.degrees(d(417).rule_angle()), "15.01°");
        assert_eq!(EN.degrees(Angle::from_millidegrees(10_000)), "10.0°");
        assert_eq!(EN.degrees(d(270).rule_angle()), "9.7°");
    }

    #[test]
    fn inches_are_echoed_as_a_tape_shows_them() {
        assert_eq!(EN.inches(d(889)), "3.5");
        assert_eq!(DE.inches(d(826)), "3,25");
        assert_eq!(EN.inches(d(1_016)), "4.0");
    }

    #[test]
    fn days_carry_their_year_only_when_it_is_another() {
        let today = date(2026, 11, 24);
        assert_eq!(EN.day(today, today), "Tue 24 Nov");
        assert_eq!(DE.day(today, today), "Di 24. Nov");
        assert_eq!(EN.day(date(2025, 3, 2), today), "Sun 2 Mar 2025");
        assert_eq!(DE.date(date(2025, 3, 2), today), "2. März 2025");
    }
}
