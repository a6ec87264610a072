use crate::measure::Distance;

/// Where a reach lies. The lower line of each is part of it. The names stay internal: what a runner
/// reads is settled in `words/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// Under 10° by the rule: below 2.78 cm.
    BelowMinimum,
    /// 10° to under 15° by the rule: 2.78 to under 4.17 cm.
    AtMinimum,
    /// 4.17 to under 7.0 cm: Runner's World UK gives it two points of five, and it lies about 1.8
    /// standard deviations under Hoch and McKeon's mean.
    Limited,
    /// 7.0 to under 9.0 cm: three points of five there; clinics call less than 9 cm restricted.
    Shorter,
    /// 9.0 to under 13.0 cm: about half of healthy adults, by norms of 10.3 to 12.5 ± 3 cm.
    Middle,
    /// 13.0 to 18.0 cm. House rule.
    Long,
    /// Over 18.0 cm, two standard deviations above Hoch and McKeon's mean: rather a slip of the
    /// measurement, until it is confirmed.
    Unlikely,
}

/// The lowest distance of each band but the first, in tenths of a millimetre.
const LINES: [(i64, Band); 6] = [
    (278, Band::AtMinimum),
    (417, Band::Limited),
    (700, Band::Shorter),
    (900, Band::Middle),
    (1_300, Band::Long),
    (1_801, Band::Unlikely),
];

/// House rule: this close to a line, the measurement error is bigger than the gap.
const NEAR_DMM: i64 = 30;

impl Band {
    /// The band of a reach.
    #[must_use]
    pub fn of(distance: Distance) -> Self {
        LINES
            .iter()
            .rev()
            .find(|(lowest, _)| distance.dmm() >= *lowest)
            .map_or(Self::BelowMinimum, |(_, band)| *band)
    }

    /// The lowest distance that is in it.
    fn lowest(self) -> i64 {
        LINES
            .iter()
            .find(|(_, band)| *band == self)
            .map_or(0, |(lowest, _)| *lowest)
    }
}

/// A line between two bands that a reach lies close to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near {
    /// Which line of its own band it is.
    pub edge: Edge,
    /// Whether it lies right on it.
    pub on_it: bool,
}

/// One of the two lines of a band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Where the band begins.
    Lower,
    /// Where the next one begins.
    Upper,
}

impl Near {
    /// The nearest line within 0.30 cm, if there is one.
    #[must_use]
    pub fn of(distance: Distance) -> Option<Self> {
        let own_line = Band::of(distance).lowest();
        LINES
            .iter()
            .map(|(line, _)| (*line, (distance.dmm() - line).abs()))
            .filter(|(_, gap)| *gap <= NEAR_DMM)
            .min_by_key(|(_, gap)| *gap)
            .map(|(line, gap)| Self {
                edge: if line == own_line {
                    Edge::Lower
                } else {
                    Edge::Upper
                },
                on_it: gap == 0,
            })
    }
}

/// What looks odd about a possible value. It is saved all the same, and one press corrects it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OddValue {
    /// Under 2.0 cm: were the toes almost at the wall?
    VeryShort,
    /// Over 18.0 cm: heel down, from the big toe, centimetres? Waits to be confirmed.
    VeryLong,
    /// More than 5.0 cm away from the last test of this leg.
    Jump,
    /// The tries of this leg lie more than 1.0 cm apart.
    Shaky,
}

impl OddValue {
    /// What looks odd about a reach, its spread and its last like test.
    #[must_use]
    pub fn of(distance: Distance, spread_dmm: i64, last: Option<Distance>) -> Vec<Self> {
        let jump = last.map_or(0, |last| (distance.dmm() - last.dmm()).abs());
        [
            (Self::VeryShort, distance.dmm() < 200),
            (Self::VeryLong, Band::of(distance) == Band::Unlikely),
            (Self::Jump, jump > 500),
            (Self::Shaky, spread_dmm > 100),
        ]
        .into_iter()
        .filter_map(|(odd, is_so)| is_so.then_some(odd))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cm100(dmm: i64) -> Distance {
        Distance::from_dmm(dmm).unwrap()
    }

    #[test]
    fn the_two_lowest_lines_are_ten_and_fifteen_degrees_by_the_rule() {
        for (line, degrees) in [(278, 10_000), (417, 15_000)] {
            assert!(cm100(line).rule_angle().millidegrees() >= degrees);
            assert!(cm100(line - 1).rule_angle().millidegrees() < degrees);
        }
    }

    #[test]
    fn each_line_belongs_to_the_band_above_it() {
        for (line, band) in LINES {
            assert_eq!(Band::of(cm100(line)), band);
            assert!(Band::of(cm100(line - 1)) < band);
        }
        assert_eq!(Band::of(cm100(1_800)), Band::Long);
    }

    #[test]
    fn near_a_line_is_three_tenths_of_a_centimetre_or_less() {
        let lower = |on_it| {
            Some(Near {
                edge: Edge::Lower,
                on_it,
            })
        };
        let upper = Some(Near {
            edge: Edge::Upper,
            on_it: false,
        });
        assert_eq!(Near::of(cm100(900)), lower(true));
        assert_eq!(Near::of(cm100(930)), lower(false));
        assert_eq!(Near::of(cm100(931)), None);
        assert_eq!(Near::of(cm100(889)), upper);
        assert_eq!(Near::of(cm100(870)), upper);
        assert_eq!(Near::of(cm100(869)), None);
    }
}
