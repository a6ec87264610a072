//! The worked examples of the domain reference, one by one.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::*;
use crate::measure::{Distance, LungeReading, Side, State, Unit};

const TODAY: Date = date(2026, 11, 24);

/// Assesses a typed line, with the tests of a day before it as the past.
fn findings(typed: &str, past: &[(i64, &str)]) -> Findings {
    let reaches = |typed: &str| {
        let reading: LungeReading = typed.parse().unwrap();
        reading.reaches(Unit::Cm).unwrap()
    };
    let tests: Vec<_> = reaches(typed)
        .iter()
        .map(|reach| LegTest {
            side: reach.side,
            distance: reach.distance,
            spread: reach.spread,
            confirmed: Band::of(reach.distance) != Band::Unlikely,
        })
        .collect();
    assess(TODAY, State::Cold, &tests, |side| Past {
        tests: past
            .iter()
            .flat_map(|(days_ago, typed)| {
                let day = TODAY.checked_sub((*days_ago).days()).unwrap();
                reaches(typed).into_iter().map(move |reach| (day, reach))
            })
            .filter(|(_, reach)| reach.side == Some(side))
            .map(|(day, reach)| (day, reach.distance))
            .collect(),
        in_the_other_state: false,
    })
}

fn bands(typed: &str) -> Vec<Band> {
    findings(typed, &[])
        .legs
        .iter()
        .map(|leg| leg.band)
        .collect()
}

fn degrees(typed: &str) -> Vec<i64> {
    let found = findings(typed, &[]);
    let angle = |leg: &LegFinding| leg.test.distance.rule_angle().millidegrees();
    found.legs.iter().map(angle).collect()
}

fn gap(typed: &str) -> (i64, GapSize, Option<Side>) {
    let gap = findings(typed, &[]).gap.unwrap();
    (gap.dmm, gap.size, gap.shorter)
}

#[track_caller]
fn change(typed: &str, past: &[(i64, &str)]) -> Change {
    match findings(typed, past).legs.remove(0).comparison {
        Comparison::Changed(change) => change,
        other => panic!("{other:?}"),
    }
}

#[test]
fn example_1_nine_on_both_sides_lies_on_the_lower_line_of_the_middle() {
    let found = findings("L 9 R 9", &[]);
    assert_eq!(degrees("L 9 R 9"), [32_400, 32_400]);
    assert_eq!(bands("L 9 R 9"), [Band::Middle, Band::Middle]);
    let near = found.legs[0].near.unwrap();
    assert_eq!((near.edge, near.on_it), (Edge::Lower, true));
    assert_eq!(gap("L 9 R 9"), (0, GapSize::Even, None));
}

#[test]
fn example_2_two_and_a_half_is_below_the_articles_minimum() {
    assert_eq!(degrees("L 2.5 R 2.5"), [9_000, 9_000]);
    assert_eq!(findings("L 2.5 R 2.5", &[]).headline(), Band::BelowMinimum);
}

#[test]
fn example_3_the_lowest_lines_lie_between_two_millimetres() {
    assert_eq!(bands("2.7"), [Band::BelowMinimum]);
    assert_eq!(bands("2.8"), [Band::AtMinimum]);
    assert_eq!(bands("4.1"), [Band::AtMinimum]);
    assert_eq!(bands("4.2"), [Band::Limited]);
    assert_eq!(degrees("2.7 2.7 2.7"), [9_720]);
    assert_eq!(degrees("4.2"), [15_120]);
}

#[test]
fn example_4_three_and_a_half_inches_are_889() {
    let found = findings("both 3.5 in", &[]);
    let distance = found.legs[0].test.distance;
    assert_eq!(distance, Distance::from_dmm(889).unwrap());
    assert_eq!(distance.rule_angle().millidegrees(), 32_004);
    assert_eq!(found.headline(), Band::Shorter);
    assert_eq!(found.legs[0].near.unwrap().edge, Edge::Upper);
}

#[test]
fn example_5_four_and_five_inches_differ_noticeably() {
    assert_eq!(degrees("L 4in R 5in"), [36_576, 45_720]);
    assert_eq!(bands("L 4in R 5in"), [Band::Middle, Band::Middle]);
    assert_eq!(
        gap("L 4in R 5in"),
        (254, GapSize::Noticeable, Some(Side::Left))
    );
}

#[test]
fn example_6_two_centimetres_are_noticeable() {
    assert_eq!(degrees("L 12.0 R 10.0"), [43_200, 36_000]);
    assert_eq!(
        gap("L 12.0 R 10.0"),
        (200, GapSize::Noticeable, Some(Side::Right))
    );
}

#[test]
fn example_7_three_and_a_half_centimetres_are_large() {
    assert_eq!(bands("L 12.0 R 8.5"), [Band::Middle, Band::Shorter]);
    assert_eq!(degrees("L 12.0 R 8.5"), [43_200, 30_600]);
    assert_eq!(
        gap("L 12.0 R 8.5"),
        (350, GapSize::Large, Some(Side::Right))
    );
}

#[test]
fn example_8_one_and_a_half_is_still_small() {
    assert_eq!(gap("L 11.5 R 10.0").1, GapSize::Small);
    assert_eq!(gap("L 11.6 R 10.0").1, GapSize::Noticeable);
}

#[test]
fn example_9_one_point_nine_is_the_first_real_gain() {
    assert_eq!(
        change("R 10.5", &[(14, "R 9.0")]).verdict,
        Verdict::MaybeGain
    );
    assert_eq!(
        change("R 10.9", &[(14, "R 9.0")]).verdict,
        Verdict::RealGain
    );
    assert_eq!(change("R 10.6", &[(14, "R 10.2")]).verdict, Verdict::Steady);
}

#[test]
fn example_11_a_gain_in_a_week_wants_confirming() {
    let first = [(7, "L 12 R 10")];
    let right = findings("L 12 R 12", &first).legs.remove(1).comparison;
    let Comparison::Changed(right) = right else {
        panic!("{right:?}")
    };
    assert_eq!(
        (right.delta, right.verdict, right.fast),
        (200, Verdict::RealGain, true)
    );
    let left = change("L 12 R 12", &first);
    assert_eq!((left.verdict, left.fast), (Verdict::Steady, false));
    let second = change("L 15 R 14", &[(14, "L 12 R 10"), (7, "L 12 R 12")]);
    assert_eq!((second.delta, second.fast), (300, true));
}

#[test]
fn example_12_what_is_too_long_waits_and_what_is_impossible_is_refused() {
    let long = findings("L 18.5", &[]).legs.remove(0);
    assert_eq!(long.band, Band::Unlikely);
    assert_eq!(long.odd, [OddValue::VeryLong]);
    assert_eq!(long.comparison, Comparison::Unconfirmed);
    assert_eq!(degrees("L 18.5"), [66_600]);
    assert_eq!(bands("15.2"), [Band::Long]);
    assert_eq!(degrees("15.2"), [54_720]);
    let zero = findings("0", &[]).legs.remove(0);
    assert_eq!(
        (zero.band, zero.odd),
        (Band::BelowMinimum, vec![OddValue::VeryShort])
    );
    for refused in ["27", "-1"] {
        let reading: LungeReading = refused.parse().unwrap();
        assert!(reading.reaches(Unit::Cm).is_err(), "{refused}");
    }
}

#[test]
fn example_13_tries_that_differ_a_lot_are_kept_and_marked() {
    let shaky = findings("R 9.0, 9.4, 10.6", &[]).legs.remove(0);
    assert_eq!(shaky.test.distance, Distance::from_dmm(967).unwrap());
    assert_eq!(shaky.test.distance.rule_angle().millidegrees(), 34_812);
    assert_eq!(shaky.odd, [OddValue::Shaky]);
}

#[test]
fn a_jump_of_more_than_five_centimetres_is_odd() {
    let jump = |now, before| findings(now, &[(14, before)]).legs.remove(0).odd;
    assert_eq!(jump("L 14.1", "L 9"), [OddValue::Jump]);
    assert!(jump("L 14.0", "L 9").is_empty());
    assert_eq!(jump("L 9", "L 14.1"), [OddValue::Jump]);
}

#[test]
fn a_gap_that_moved_by_one_and_a_half_is_mentioned() {
    let moved = |now, before| findings(now, &[(14, before)]).gap.unwrap().moved;
    assert_eq!(moved("L 10 R 10", "L 9 R 10.5"), Some(150));
    assert_eq!(moved("L 10 R 10.1", "L 9 R 10.5"), None);
}
