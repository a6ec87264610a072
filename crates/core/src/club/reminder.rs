use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, ToSpan};

use super::{BoardTime, ReminderId, RoomId};
use crate::calendar::{Occurrence, Schedule, Zone};
use crate::exercise::{Exercises, Rest};

/// A reminder of a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// Its number, shown to people.
    pub id: ReminderId,
    /// Where it is posted.
    pub room: RoomId,
    /// When.
    pub schedule: Schedule,
    /// Where that is.
    pub zone: Zone,
    /// What it reminds of.
    pub exercises: Exercises,
    /// The board that comes with it.
    pub board: Option<BoardTime>,
    /// Whether its older posts stay; else the latest alone does.
    pub keeps: bool,
    /// Whether it rests.
    pub pause: Option<Pause>,
    /// When it falls due next; none while it rests for good, or never again.
    pub next: Option<Occurrence>,
}

/// How long a reminder rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// Until somebody says so.
    Open,
    /// Until a day, that day included.
    Until(Date),
}

/// What came of a reminder's last post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastPost {
    /// It was sent, at that time.
    Sent(Timestamp),
    /// It is still to be sent.
    Waits,
    /// It was not sent.
    NotSent {
        /// When it was due.
        due: Timestamp,
        /// The word of why.
        reason: &'static str,
    },
}

/// Most reminders of a room. A house rule.
pub const MOST_REMINDERS: usize = 5;

impl Reminder {
    /// When a reminder falls due next, seen from an instant: not on a day of its pause, nor on one of
    /// its club's breaks. Those days are civil, as a post's date is: what a jump of the clocks moves out
    /// of the last one is still left out.
    #[must_use]
    pub fn next_after(
        schedule: &Schedule,
        zone: &Zone,
        pause: Option<Pause>,
        breaks: &[Rest],
        now: Timestamp,
    ) -> Option<Occurrence> {
        let paused = match pause {
            Some(Pause::Open) => return None,
            Some(Pause::Until(last)) => Some(last),
            None => None,
        };
        let rests_until = |day: Date| {
            let paused = paused.filter(|last| day <= *last);
            paused.or_else(|| last_day_of_break(breaks, day))
        };
        let mut next = schedule.next(zone, now)?;
        while let Some(last) = rests_until(next.civil.date()) {
            let end: DateTime = last.tomorrow().ok()?.at(0, 0, 0, 0);
            let start = zone.rules().to_ambiguous_timestamp(end).compatible().ok()?;
            let before = start.checked_sub(1.second()).ok()?;
            next = schedule.next(zone, before.max(next.at))?;
        }
        Some(next)
    }
}

/// The last day of the break that a day is in.
#[must_use]
pub fn last_day_of_break(breaks: &[Rest], day: Date) -> Option<Date> {
    let around = breaks.iter().filter(|rest| rest.first <= day);
    let lasts = around.map(|rest| rest.last.unwrap_or(Date::MAX));
    lasts.filter(|last| day <= *last).max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn complaint_38_a_paused_reminder_comes_back_on_the_day_after() {
        let berlin: Zone = "Berlin".parse().unwrap();
        let now: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let next = |time: &str, pause| {
            let daily = format!("{time} mon,tue,wed,thu,fri,sat,sun")
                .parse()
                .unwrap();
            let next = Reminder::next_after(&daily, &berlin, pause, &[], now)?;
            Some(next.civil.strftime("%d %H:%M").to_string())
        };
        let until = |day| Some(Pause::Until(date(2026, 11, day)));
        assert_eq!(next("07:00", None).as_deref(), Some("25 07:00"));
        assert_eq!(next("07:00", until(27)).as_deref(), Some("28 07:00"));
        assert_eq!(next("00:00", until(27)).as_deref(), Some("28 00:00"));
        assert_eq!(next("23:00", until(20)).as_deref(), Some("24 23:00"));
        assert_eq!(next("07:00", Some(Pause::Open)), None);
    }

    #[test]
    fn no_reminder_falls_due_on_a_day_of_a_break() {
        let berlin: Zone = "Berlin".parse().unwrap();
        let now: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let rest = |first, last| Rest {
            first: date(2026, 11, first),
            last: Some(date(2026, 11, last)),
        };
        let next = |time: &str, pause, breaks: &[Rest]| {
            let daily = format!("{time} mon,tue,wed,thu,fri,sat,sun")
                .parse()
                .unwrap();
            let next = Reminder::next_after(&daily, &berlin, pause, breaks, now)?;
            Some(next.civil.strftime("%d %H:%M").to_string())
        };
        let until = |day| Some(Pause::Until(date(2026, 11, day)));
        let two = [rest(25, 26), rest(28, 29)];
        assert_eq!(next("07:00", None, &two).as_deref(), Some("27 07:00"));
        assert_eq!(next("00:00", None, &two).as_deref(), Some("27 00:00"));
        assert_eq!(next("23:59", None, &two).as_deref(), Some("24 23:59"));
        assert_eq!(next("07:00", until(27), &two).as_deref(), Some("30 07:00"));
        assert_eq!(next("07:00", until(25), &two).as_deref(), Some("27 07:00"));
        let over = [rest(1, 23)];
        assert_eq!(next("07:00", None, &over).as_deref(), Some("25 07:00"));
        assert_eq!(next("07:00", Some(Pause::Open), &two), None);
    }

    #[test]
    fn a_break_ends_where_the_clocks_jump_over_midnight() {
        // On 6 September 2026 Santiago has no midnight: its clocks go from 0 to 1.
        let santiago: Zone = "Santiago".parse().unwrap();
        let now: Timestamp = "2026-09-01T12:00:00Z".parse().unwrap();
        let rest = Rest {
            first: date(2026, 9, 2),
            last: Some(date(2026, 9, 5)),
        };
        let daily = "00:30 mon,tue,wed,thu,fri,sat,sun".parse().unwrap();
        let next = Reminder::next_after(&daily, &santiago, None, &[rest], now).unwrap();
        assert_eq!(next.civil, date(2026, 9, 6).at(0, 30, 0, 0));
        assert_eq!(next.at, "2026-09-06T04:30:00Z".parse().unwrap());
    }
}
