use jiff::civil::Date;

use super::MINIMAL_DETECTABLE_CHANGE_DMM;
use crate::measure::Distance;

/// The earlier tests of one leg in one state: the last of each day, earliest day first. Tests that
/// still wait to be confirmed are not among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// Day and reach.
    pub tests: Vec<(Date, Distance)>,
    /// Whether this leg was ever tested in the other state.
    pub in_the_other_state: bool,
}

/// What a test is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Nothing: the side is not known.
    UnknownSide,
    /// Nothing yet: it becomes the baseline.
    Baseline {
        /// This leg has tests in the other state, which are not alike.
        other_state: bool,
    },
    /// Nothing: it waits to be confirmed.
    Unconfirmed,
    /// A test of the same day: two tests of a day show the warm-up, not progress.
    SameDay,
    /// The last like test.
    Changed(Change),
}

/// A change since the last like test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// In tenths of a millimetre; positive is a longer reach.
    pub delta: i64,
    /// More than measurement error, or not.
    pub verdict: Verdict,
    /// The day of the last like test.
    pub since: Date,
    /// That day is more than 60 days back: nothing sudden.
    pub long_ago: bool,
    /// A real gain in less than 14 days: often technique or effort.
    pub fast: bool,
    /// A clear fall that follows another, or has not recovered from it.
    pub second_fall: bool,
    /// Longer than the baseline by more than measurement error, though not surely longer than last
    /// time, and not shorter either.
    pub gain_since_baseline: Option<i64>,
}

/// How a change compares with the measurement error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// +1.9 cm or more.
    RealGain,
    /// +1.0 to under +1.9 cm.
    MaybeGain,
    /// Less than 1.0 cm either way.
    Steady,
    /// −1.0 to over −1.9 cm.
    MaybeDrop,
    /// −1.9 cm or less.
    RealDrop,
}

impl Verdict {
    /// The verdict on a change in tenths of a millimetre. The inner line, 1.0 cm, is the smallest
    /// published figure for one leg (Chisholm et al. 2012).
    #[must_use]
    pub fn of(delta: i64) -> Self {
        match delta {
            MINIMAL_DETECTABLE_CHANGE_DMM.. => Self::RealGain,
            100.. => Self::MaybeGain,
            -99..=99 => Self::Steady,
            -189..=-100 => Self::MaybeDrop,
            _ => Self::RealDrop,
        }
    }
}

/// House rules on intervals, in days.
const FAST_DAYS: i64 = 14;
const LONG_AGO_DAYS: i64 = 60;

impl Comparison {
    /// Compares a confirmed test of a known leg with that leg's past.
    #[must_use]
    pub fn with(past: &Past, day: Date, distance: Distance) -> Self {
        if past.tests.iter().any(|(earlier, _)| *earlier == day) {
            return Self::SameDay;
        }
        let before: Vec<_> = past.tests.iter().filter(|(d, _)| *d < day).collect();
        let Some((since, last)) = before.last() else {
            return Self::Baseline {
                other_state: past.in_the_other_state,
            };
        };
        let delta = distance.dmm() - last.dmm();
        let verdict = Verdict::of(delta);
        let days = days_between(*since, day);
        let fell_before = before.len() >= 2 && {
            let (_, before_last) = before[before.len() - 2];
            let fallen = Verdict::of(last.dmm() - before_last.dmm()) == Verdict::RealDrop;
            fallen && Verdict::of(distance.dmm() - before_last.dmm()) == Verdict::RealDrop
        };
        let since_baseline = before.first().map_or(0, |(_, b)| distance.dmm() - b.dmm());
        let gained = Verdict::of(since_baseline) == Verdict::RealGain;
        let not_down = matches!(verdict, Verdict::Steady | Verdict::MaybeGain);
        Self::Changed(Change {
            delta,
            verdict,
            since: *since,
            long_ago: days > LONG_AGO_DAYS,
            fast: verdict == Verdict::RealGain && days < FAST_DAYS,
            second_fall: fell_before,
            gain_since_baseline: (gained && not_down).then_some(since_baseline),
        })
    }
}

fn days_between(from: Date, to: Date) -> i64 {
    // Two civil dates are at most 20,000 years apart, which a span in days always holds.
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn past(tests: &[(Date, i64)]) -> Past {
        Past {
            tests: tests
                .iter()
                .map(|(day, dmm)| (*day, Distance::from_dmm(*dmm).unwrap()))
                .collect(),
            in_the_other_state: false,
        }
    }

    #[track_caller]
    fn change(tests: &[(Date, i64)], day: Date, dmm: i64) -> Change {
        match Comparison::with(&past(tests), day, Distance::from_dmm(dmm).unwrap()) {
            Comparison::Changed(change) => change,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_lines_of_the_verdict_are_exact() {
        for (delta, verdict) in [
            (190, Verdict::RealGain),
            (189, Verdict::MaybeGain),
            (100, Verdict::MaybeGain),
            (99, Verdict::Steady),
            (-99, Verdict::Steady),
            (-100, Verdict::MaybeDrop),
            (-189, Verdict::MaybeDrop),
            (-190, Verdict::RealDrop),
        ] {
            assert_eq!(Verdict::of(delta), verdict, "{delta}");
        }
    }

    #[test]
    fn two_tests_of_a_day_show_the_warm_up() {
        let today = date(2026, 11, 24);
        let tests = past(&[(date(2026, 11, 1), 900), (today, 900)]);
        let nine = Distance::from_dmm(1_200).unwrap();
        assert_eq!(Comparison::with(&tests, today, nine), Comparison::SameDay);
    }

    #[test]
    fn a_gain_within_a_fortnight_wants_confirming_and_a_day_later_it_does_not() {
        let start = date(2026, 11, 1);
        assert!(change(&[(start, 900)], date(2026, 11, 14), 1_100).fast);
        assert!(!change(&[(start, 900)], date(2026, 11, 15), 1_100).fast);
    }

    #[test]
    fn after_sixty_days_nothing_is_sudden() {
        let start = date(2026, 1, 1);
        assert!(!change(&[(start, 900)], date(2026, 3, 2), 1_100).long_ago);
        assert!(change(&[(start, 900)], date(2026, 3, 3), 1_100).long_ago);
    }

    #[test]
    fn a_slow_gain_shows_against_the_baseline_only() {
        let tests = [(date(2026, 9, 1), 900), (date(2026, 10, 1), 1_000)];
        let now = change(&tests, date(2026, 11, 1), 1_090);
        assert_eq!(now.verdict, Verdict::Steady);
        assert_eq!(now.gain_since_baseline, Some(190));
    }

    #[test]
    fn a_fall_that_stays_is_the_second_in_a_row_and_a_recovered_one_is_not() {
        let tests = [(date(2026, 10, 1), 1_100), (date(2026, 10, 15), 900)];
        assert!(!change(&tests[..1], date(2026, 10, 15), 900).second_fall);
        assert!(change(&tests, date(2026, 10, 16), 890).second_fall);
        assert!(change(&tests, date(2026, 10, 16), 700).second_fall);
        assert!(!change(&tests, date(2026, 10, 16), 1_050).second_fall);
    }
}
