use std::collections::BTreeSet;

use jiff::ToSpan;

use super::*;
use crate::exercise::Exercise;
use jiff::civil::date;
use proptest::prelude::*;

/// A Monday.
const START: Date = date(2026, 9, 7);

fn day(offset: i64) -> Date {
    START.saturating_add(offset.days())
}

fn diary(days: impl IntoIterator<Item = Date>) -> Diary {
    let mut diary = Diary::default();
    for day in days {
        diary.set(day, Exercises::NONE.with(Exercise::CalfRaise));
    }
    diary
}

/// `x` is a day with a check-in, `.` one without, `r` a day of rest; a blank is for the eye. Today is
/// the last.
fn streak(story: &str, rule: StreakRule) -> (u32, u32, u32) {
    let story: Vec<char> = story.chars().filter(|c| *c != ' ').collect();
    let on = |wanted: char| {
        let all = story.iter().enumerate();
        all.filter(move |(_, c)| **c == wanted)
            .map(|(at, _)| day(i64::try_from(at).unwrap()))
    };
    let rests: Vec<_> = on('r')
        .map(|first| Rest {
            first,
            last: Some(first),
        })
        .collect();
    let today = day(i64::try_from(story.len()).unwrap() - 1);
    let streak = Streak::of(&diary(on('x')), &rests, rule, today);
    (streak.run, streak.good, streak.days_this_week)
}

#[test]
fn a_week_needs_four_days_and_three_may_be_rest() {
    let weeks = |story| streak(story, StreakRule::Weeks);
    assert_eq!(weeks("xx.x.x. .xxxx.. x"), (2, 2, 1));
    assert_eq!(weeks("xx.x.x. .xxxx.. xx.xx"), (3, 3, 4));
    assert_eq!(weeks("xxx.... xxxx... ."), (1, 1, 0));
    assert_eq!(weeks("xxxx... xxx.... x"), (0, 1, 1));
    assert_eq!(weeks("."), (0, 0, 0));
}

#[test]
fn complaint_29_rest_and_breaks_do_not_break_a_streak() {
    let weeks = |story| streak(story, StreakRule::Weeks);
    assert_eq!(weeks("xxxx... rrrrrrr rrrrrrr xxxx..."), (2, 2, 4));
    assert_eq!(weeks("xxxx... xxrr... xxxx..."), (2, 2, 4));
    assert_eq!(weeks("xxxx... xxr.... xxxx..."), (1, 2, 4));
    let days = |story| streak(story, StreakRule::Days);
    assert_eq!(days("xxxrxx"), (5, 5, 5));
    assert_eq!(days("xxx.xx"), (2, 5, 5));
    assert_eq!(days("xxxx."), (4, 4, 4));
}

#[test]
fn complaint_30_one_frozen_day_does_not_save_a_long_gap() {
    let gap = format!("xxxx... xxxr... {} xxxx...", ".".repeat(56));
    assert_eq!(streak(&gap, StreakRule::Weeks).0, 1);
    let days = format!("xxx r {} x", ".".repeat(60));
    assert_eq!(streak(&days, StreakRule::Days).0, 1);
}

#[test]
fn a_rest_that_goes_on_keeps_what_there_is() {
    let rests = [Rest {
        first: day(7),
        last: None,
    }];
    let run = |today| {
        Streak::of(
            &diary((0..4).map(day)),
            &rests,
            StreakRule::Weeks,
            day(today),
        )
        .run
    };
    assert_eq!((run(6), run(20), run(400)), (1, 1, 1));
}

fn stories() -> impl Strategy<Value = (BTreeSet<i64>, BTreeSet<i64>, i64)> {
    let days = || prop::collection::btree_set(0_i64..120, 0..90);
    (days(), days(), 0_i64..130)
}

fn of(days: &BTreeSet<i64>, rests: &BTreeSet<i64>, rule: StreakRule, today: i64) -> Streak {
    let rests: Vec<_> = rests
        .iter()
        .map(|at| Rest {
            first: day(*at),
            last: Some(day(*at)),
        })
        .collect();
    Streak::of(
        &diary(days.iter().map(|at| day(*at))),
        &rests,
        rule,
        day(today),
    )
}

proptest! {
    #[test]
    fn resting_never_adds_to_the_count((days, rests, today) in stories()) {
        for rule in [StreakRule::Weeks, StreakRule::Days] {
            let with = of(&days, &rests, rule, today);
            let without = of(&days, &BTreeSet::new(), rule, today);
            prop_assert_eq!(with.good, without.good);
            prop_assert!(with.run >= without.run && with.run <= with.good);
        }
    }

    #[test]
    fn one_more_day_never_makes_a_streak_shorter((days, rests, today) in stories(), more in 0_i64..120) {
        for rule in [StreakRule::Weeks, StreakRule::Days] {
            let before = of(&days, &rests, rule, today);
            let mut after = days.clone();
            after.insert(more);
            let after = of(&after, &rests, rule, today);
            prop_assert!(after.run >= before.run && after.good >= before.good);
        }
    }

    #[test]
    fn whoever_rests_all_the_time_keeps_every_week((days, _, today) in stories()) {
        let all: BTreeSet<i64> = (0..130).collect();
        for rule in [StreakRule::Weeks, StreakRule::Days] {
            let streak = of(&days, &all, rule, today);
            prop_assert_eq!(streak.run, streak.good);
        }
    }

    #[test]
    fn days_to_come_count_for_nothing((days, rests, today) in stories()) {
        let until: BTreeSet<i64> = days.range(..=today).copied().collect();
        for rule in [StreakRule::Weeks, StreakRule::Days] {
            prop_assert_eq!(of(&days, &rests, rule, today), of(&until, &rests, rule, today));
        }
    }
}
