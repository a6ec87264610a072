use jiff::civil::Date;

use super::{Band, Comparison, Gap, Near, OddValue, Past};
use crate::measure::{Distance, Side, State};

/// One leg of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LegTest {
    /// Which leg, if known.
    pub side: Option<Side>,
    /// The mean of the tries.
    pub distance: Distance,
    /// How far the tries lie apart, in tenths of a millimetre.
    pub spread: i64,
    /// An unlikely value counts once somebody has confirmed it.
    pub confirmed: bool,
}

/// What is found in one leg's test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegFinding {
    /// The test.
    pub test: LegTest,
    /// Where the reach lies.
    pub band: Band,
    /// A line that it lies close to.
    pub near: Option<Near>,
    /// What looks odd about it.
    pub odd: Vec<OddValue>,
    /// Change or noise.
    pub comparison: Comparison,
}

/// What is found in a session: the legs tested on one day in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Findings {
    /// The day of the session.
    pub day: Date,
    /// Its state.
    pub state: State,
    /// Left before right; a leg of an unknown side stands alone.
    pub legs: Vec<LegFinding>,
    /// The difference between the legs, if both were tested.
    pub gap: Option<Gap>,
}

impl Findings {
    /// The band of the leg that reaches less far: the headline, and what advice goes by.
    #[must_use]
    pub fn headline(&self) -> Band {
        self.legs
            .iter()
            .map(|leg| leg.band)
            .min()
            .unwrap_or(Band::Middle)
    }

    /// Whether every leg is the first of its kind.
    #[must_use]
    pub fn is_a_baseline(&self) -> bool {
        self.legs
            .iter()
            .all(|leg| matches!(leg.comparison, Comparison::Baseline { .. }))
    }
}

/// Assesses a session. `past` gives the earlier like tests of a leg; it is asked for known sides
/// only.
#[must_use]
pub fn assess(day: Date, state: State, tests: &[LegTest], past: impl Fn(Side) -> Past) -> Findings {
    let mut legs: Vec<_> = tests.iter().map(|test| find(day, *test, &past)).collect();
    legs.sort_by_key(|leg| leg.test.side);
    let reach = |side| {
        let leg = legs.iter().find(|leg| leg.test.side == Some(side))?;
        leg.test.confirmed.then_some(leg.test.distance)
    };
    let gap = Option::zip(reach(Side::Left), reach(Side::Right))
        .map(|both| Gap::of(both, last_pair(day, &past(Side::Left), &past(Side::Right))));
    Findings {
        day,
        state,
        legs,
        gap,
    }
}

fn find(day: Date, test: LegTest, past: &impl Fn(Side) -> Past) -> LegFinding {
    let own_past = test.side.map(past);
    let comparison = match &own_past {
        _ if !test.confirmed => Comparison::Unconfirmed,
        None => Comparison::UnknownSide,
        Some(past) => Comparison::with(past, day, test.distance),
    };
    let last = own_past.as_ref().and_then(|past| past.tests.last());
    LegFinding {
        test,
        // What was confirmed is plenty of range, as anything over 13 cm.
        band: match Band::of(test.distance) {
            Band::Unlikely if test.confirmed => Band::Long,
            band => band,
        },
        near: Near::of(test.distance),
        odd: OddValue::of(test.distance, test.spread, last.map(|(_, d)| *d)),
        comparison,
    }
}

/// The last earlier day on which both legs were tested.
fn last_pair(day: Date, left: &Past, right: &Past) -> Option<(Distance, Distance)> {
    left.tests
        .iter()
        .rev()
        .filter(|(d, _)| *d < day)
        .find_map(|(d, left)| {
            let (_, right) = right.tests.iter().find(|(other, _)| other == d)?;
            Some((*left, *right))
        })
}
