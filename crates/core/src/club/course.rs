use jiff::civil::{Date, time};
use jiff::{Timestamp, ToSpan};

use crate::calendar::{Occurrence, Zone};
use crate::exercise::Rest;

/// The days of a challenge. Its clock stands still in a break: the days of a break are none of its own,
/// and its end moves on by as many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    first: Date,
    last: Date,
    days: u16,
    /// The breaks, earliest first, none touching another.
    breaks: Vec<(Date, Date)>,
}

/// What a challenge has a post say of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// It has begun.
    First,
    /// It is half-way or past that, of four days and more.
    HalfWay,
    /// It ends, before another post comes.
    Last,
}

impl Course {
    /// So many days from a day on, one at the least, in a club with these breaks: all that are not over
    /// on that day.
    #[must_use]
    pub fn new(first: Date, days: u16, breaks: &[Rest]) -> Self {
        let breaks = merged(breaks);
        let days = days.max(1);
        let begun = after_break(&breaks, first);
        let mut last = begun.saturating_add((i64::from(days) - 1).days());
        for (from, to) in &breaks {
            if *from > begun && *from <= last {
                last = last.saturating_add(length(*from, *to).days());
            }
        }
        Self {
            first: begun,
            last,
            days,
            breaks,
        }
    }

    /// Its first day.
    #[must_use]
    pub fn first(&self) -> Date {
        self.first
    }

    /// Its last day.
    #[must_use]
    pub fn last(&self) -> Date {
        self.last
    }

    /// How many days it has.
    #[must_use]
    pub fn days(&self) -> u16 {
        self.days
    }

    /// On which day its results are told: the one after its last, or after the break that follows it.
    #[must_use]
    pub fn results_day(&self) -> Date {
        after_break(&self.breaks, self.last.saturating_add(1.day()))
    }

    /// When they are told: at noon, so that until then nobody's day is cut off. A noon that the clocks jump over
    /// comes that much later.
    #[must_use]
    pub fn results(&self, zone: &Zone) -> Occurrence {
        let civil = self.results_day().to_datetime(time(12, 0, 0, 0));
        let mapped = zone.rules().to_ambiguous_timestamp(civil).compatible();
        Occurrence {
            civil,
            at: mapped.unwrap_or(Timestamp::MAX),
        }
    }

    /// The how-manieth of its days a day is, counted from one. None before, after, and in a break.
    #[must_use]
    pub fn number(&self, day: Date) -> Option<u16> {
        let in_break = self
            .breaks
            .iter()
            .any(|(from, to)| (*from..=*to).contains(&day));
        if in_break || !(self.first..=self.last).contains(&day) {
            return None;
        }
        let over = self
            .breaks
            .iter()
            .filter(|(from, to)| *from > self.first && *to < day);
        let rested: i64 = over.map(|(from, to)| length(*from, *to)).sum();
        u16::try_from(length(self.first, day) - rested).ok()
    }

    /// Which of its days is the one in its middle, of four days and more.
    fn middle(&self) -> Option<u16> {
        (self.days >= 4).then(|| self.days.div_ceil(2))
    }

    /// What the challenge has a post of a day say: the first one from its first day on, the first one from
    /// its middle on, and the last one before it ends. It depends on when the room's post before came and
    /// when its next one comes.
    #[must_use]
    pub fn phases(&self, day: Date, (before, next): (Option<Date>, Option<Date>)) -> Vec<Phase> {
        let Some(number) = self.number(day) else {
            return Vec::new();
        };
        let told = before.map_or(0, |before| self.days - self.left_after(before));
        let is_last = next.is_none_or(|next| next > self.last);
        let begins = told == 0 && number < self.days;
        let is_half = |middle| told < middle && number >= middle;
        let is_half = !is_last && self.middle().is_some_and(is_half);
        let phases = [
            (begins, Phase::First),
            (is_half, Phase::HalfWay),
            (is_last, Phase::Last),
        ];
        let said = phases.into_iter().filter(|(is_said, _)| *is_said);
        said.map(|(_, phase)| phase).collect()
    }

    /// How many of its days are left after a day.
    #[must_use]
    pub fn left_after(&self, day: Date) -> u16 {
        if day >= self.last {
            return 0;
        }
        if day < self.first {
            return self.days;
        }
        let begun = self.first.series(1.day()).take_while(|one| *one <= day);
        let passed = begun.filter_map(|one| self.number(one)).max().unwrap_or(0);
        self.days - passed
    }
}

/// How many days there are from one to another, both included.
fn length(first: Date, last: Date) -> i64 {
    last.duration_since(first).as_hours() / 24 + 1
}

/// Breaks in their order, those that touch as one. One without an end has none here: clubs have no such
/// break.
fn merged(breaks: &[Rest]) -> Vec<(Date, Date)> {
    let ends = |rest: &Rest| Some((rest.first, rest.last?)).filter(|(from, to)| from <= to);
    let mut all: Vec<_> = breaks.iter().filter_map(ends).collect();
    all.sort_unstable();
    let mut merged: Vec<(Date, Date)> = Vec::new();
    for (from, to) in all {
        match merged.last_mut() {
            Some((_, end)) if from <= end.saturating_add(1.day()) => *end = to.max(*end),
            _ => merged.push((from, to)),
        }
    }
    merged
}

/// The day itself, or the one after the break that it is in.
fn after_break(breaks: &[(Date, Date)], day: Date) -> Date {
    let around = breaks
        .iter()
        .find(|(from, to)| (*from..=*to).contains(&day));
    around.map_or(day, |(_, to)| to.saturating_add(1.day()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn rest(first: Date, last: Date) -> Rest {
        Rest {
            first,
            last: Some(last),
        }
    }

    fn november(first: i8, last: i8) -> Rest {
        rest(date(2026, 11, first), date(2026, 11, last))
    }

    /// What a post says in a room that has one every day.
    fn daily(course: &Course, day: Date) -> Vec<Phase> {
        let around = (day.yesterday().unwrap(), day.tomorrow().unwrap());
        course.phases(day, (Some(around.0), Some(around.1)))
    }

    /// What the posts of a room say that has one every so many days.
    fn every(days: i64, from: Date, course: &Course) -> Vec<(i8, Phase)> {
        let posts = from
            .series(days.days())
            .take_while(|day| *day <= course.results_day());
        let said = posts.map(|day| {
            let around = (day.checked_sub(days.days()), day.checked_add(days.days()));
            let phases = course.phases(day, (around.0.ok(), around.1.ok()));
            phases.into_iter().map(move |phase| (day.day(), phase))
        });
        said.flatten().collect()
    }

    #[test]
    fn a_weekly_post_says_what_came_about_since_the_one_before_and_ends_before_the_next() {
        let course = Course::new(date(2026, 11, 30), 30, &[]);
        let tuesdays = every(7, date(2026, 11, 24), &course);
        let (first, half, last) = (Phase::First, Phase::HalfWay, Phase::Last);
        assert_eq!(tuesdays, [(1, first), (15, half), (29, last)]);
        let sundays = every(7, date(2026, 11, 29), &course);
        assert_eq!(sundays, [(6, first), (20, half), (27, last)]);
        let week = Course::new(date(2026, 11, 30), 7, &[]);
        let tuesdays = every(7, date(2026, 11, 24), &week);
        assert_eq!(
            tuesdays,
            [(1, first), (1, last)],
            "half-way is not said beside it"
        );
        let weekend = Course::new(date(2026, 12, 4), 3, &[]);
        assert_eq!(
            every(7, date(2026, 11, 24), &weekend),
            [],
            "no post is made for it"
        );
    }

    #[test]
    fn thirty_days_from_a_monday_end_on_a_tuesday() {
        let course = Course::new(date(2026, 11, 30), 30, &[]);
        assert_eq!(course.last(), date(2026, 12, 29));
        assert_eq!(course.results_day(), date(2026, 12, 30));
        assert_eq!(daily(&course, date(2026, 11, 29)), []);
        assert_eq!(daily(&course, date(2026, 11, 30)), [Phase::First]);
        assert_eq!(daily(&course, date(2026, 12, 14)), [Phase::HalfWay]);
        assert_eq!(daily(&course, date(2026, 12, 15)), []);
        assert_eq!(daily(&course, date(2026, 12, 29)), [Phase::Last]);
        assert_eq!(daily(&course, date(2026, 12, 30)), []);
        assert_eq!(course.number(date(2026, 12, 11)), Some(12));
    }

    #[test]
    fn a_short_one_has_no_middle_and_one_day_is_its_last() {
        let phases = |days| {
            let course = Course::new(date(2026, 11, 1), days, &[]);
            let all = date(2026, 11, 1).series(1.day()).take(7);
            all.flat_map(|day| daily(&course, day)).collect::<Vec<_>>()
        };
        assert_eq!(phases(1), [Phase::Last]);
        assert_eq!(phases(3), [Phase::First, Phase::Last]);
        assert_eq!(phases(4), [Phase::First, Phase::HalfWay, Phase::Last]);
    }

    #[test]
    fn a_break_moves_the_end_wherever_it_lies() {
        let days = |breaks: &[Rest]| {
            let course = Course::new(date(2026, 11, 10), 5, breaks);
            let days = [course.first(), course.last(), course.results_day()];
            days.map(Date::day)
        };
        assert_eq!(days(&[]), [10, 14, 15]);
        assert_eq!(days(&[november(1, 9)]), [10, 14, 15], "over before it");
        assert_eq!(
            days(&[november(8, 11)]),
            [12, 16, 17],
            "it begins afterwards"
        );
        assert_eq!(days(&[november(12, 13)]), [10, 16, 17]);
        assert_eq!(days(&[november(14, 14)]), [10, 15, 16], "its last day");
        assert_eq!(days(&[november(15, 17)]), [10, 14, 18], "the results wait");
        assert_eq!(days(&[november(12, 12), november(15, 15)]), [10, 16, 17]);
        assert_eq!(days(&[november(12, 13), november(13, 14)]), [10, 17, 18]);
        let course = Course::new(date(2026, 11, 10), 5, &[november(12, 13)]);
        let numbers = [11, 12, 13, 14].map(|day| course.number(date(2026, 11, day)));
        assert_eq!(numbers, [Some(2), None, None, Some(3)]);
        let left = [9, 10, 11, 13, 14, 15, 16].map(|day| course.left_after(date(2026, 11, day)));
        assert_eq!(left, [5, 4, 3, 3, 2, 1, 0]);
    }

    proptest! {
        #[test]
        fn each_number_comes_once_and_in_order_whatever_the_breaks(
            days in 1_u16..400,
            breaks in prop::collection::vec((-20_i64..420, 0_i64..30), 0..6),
        ) {
            let start = date(2026, 11, 24);
            let breaks: Vec<_> = breaks
                .into_iter()
                .map(|(from, long)| {
                    let from = start.saturating_add(from.days());
                    rest(from, from.saturating_add(long.days()))
                })
                .collect();
            let course = Course::new(start, days, &breaks);
            let rests = |day: Date| breaks.iter().any(|one| one.first <= day && Some(day) <= one.last);
            let until = course.results_day();
            let all: Vec<_> = start.series(1.day()).take_while(|day| *day <= until).collect();
            let numbers: Vec<_> = all.iter().filter_map(|day| course.number(*day)).collect();
            prop_assert_eq!(numbers, (1..=days).collect::<Vec<_>>());
            prop_assert!(all.iter().all(|day| !rests(*day) || course.number(*day).is_none()));
            prop_assert_eq!(course.number(course.first()), Some(1));
            prop_assert_eq!(course.number(course.last()), Some(days));
            prop_assert!(!rests(until) && until > course.last());
            let phases: Vec<_> = all.iter().flat_map(|day| daily(&course, *day)).collect();
            let wanted: &[Phase] = match days {
                1 => &[Phase::Last],
                2..=3 => &[Phase::First, Phase::Last],
                _ => &[Phase::First, Phase::HalfWay, Phase::Last],
            };
            prop_assert_eq!(phases, wanted);
        }
    }
}
