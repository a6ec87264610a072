use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, ToSpan};

use super::{BoardTime, ReminderId, RoomId};
use crate::calendar::{Occurrence, Schedule, Zone};
use crate::exercise::Exercises;

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

/// Most reminders of a room. A house rule.
pub const MOST_REMINDERS: usize = 5;

impl Reminder {
    /// When a reminder falls due next, seen from an instant: not before its pause is over.
    #[must_use]
    pub fn next_after(
        schedule: &Schedule,
        zone: &Zone,
        pause: Option<Pause>,
        now: Timestamp,
    ) -> Option<Occurrence> {
        match pause {
            Some(Pause::Open) => None,
            None => schedule.next(zone, now),
            Some(Pause::Until(last)) => {
                let mut at = now;
                // Its days are civil, as a post's date is: what falls due on the last is still left out.
                let local = zone.rules().to_datetime(now).date();
                if last >= local {
                    let end: DateTime = last.saturating_add(1.day()).at(0, 0, 0, 0);
                    let start = zone.rules().to_ambiguous_timestamp(end).compatible().ok()?;
                    at = start.checked_sub(1.second()).ok()?.max(now);
                }
                let mut next = schedule.next(zone, at)?;
                while next.civil.date() <= last {
                    next = schedule.next(zone, next.at)?;
                }
                Some(next)
            }
        }
    }
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
            let next = Reminder::next_after(&daily, &berlin, pause, now)?;
            Some(next.civil.strftime("%d %H:%M").to_string())
        };
        let until = |day| Some(Pause::Until(date(2026, 11, day)));
        assert_eq!(next("07:00", None).as_deref(), Some("25 07:00"));
        assert_eq!(next("07:00", until(27)).as_deref(), Some("28 07:00"));
        assert_eq!(next("00:00", until(27)).as_deref(), Some("28 00:00"));
        assert_eq!(next("23:00", until(20)).as_deref(), Some("24 23:00"));
        assert_eq!(next("07:00", Some(Pause::Open)), None);
    }
}
