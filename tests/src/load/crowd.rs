//! Who says what, where and when: the same in every run.

use ankle_core::club::Platform;
use ankle_core::face::{
    AccountAddress, Asker, EventId, Person, Place, Request, RoomAddress, Said, Whispers,
};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Mutex, MutexGuard};

/// What somebody says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Line {
    /// Where he lives: what people set first, so that days go by their own clock.
    Zone,
    /// Both legs, without a unit, as most people type it.
    Test,
    /// What he logged.
    History,
}

/// People who take turns, each in his room. Everything is named by the number of the turn.
pub(super) struct Crowd {
    people: u64,
    /// One lock a room: in a room, one is answered after the other.
    rooms: Vec<Mutex<()>>,
    /// Turns of one run are other people's than those of another run on the same server.
    run: i64,
    last_day: Timestamp,
    turns: u64,
}

impl Crowd {
    /// `people` in `rooms`, who will take so many `turns`, the last of them at `now`.
    pub(super) fn new(people: u64, rooms: u64, turns: u64, now: Timestamp) -> Self {
        Self {
            people,
            rooms: (0..rooms).map(|_| Mutex::default()).collect(),
            run: now.as_millisecond(),
            last_day: now,
            turns,
        }
    }

    /// Waits until the room of a turn is free.
    pub(super) async fn enter(&self, turn: u64) -> MutexGuard<'_, ()> {
        self.rooms[self.room(turn)].lock().await
    }

    /// What is said at a turn.
    pub(super) fn request(&self, turn: u64, line: Line) -> Request {
        let (run, person, room) = (self.run, turn % self.people, self.room(turn));
        let locale = if person % 2 == 0 { "en-GB" } else { "de-DE" };
        Request {
            event: EventId(format!("load:{run}:{turn}")),
            at: self.day(turn),
            asker: Asker::Person(Person {
                account: AccountAddress {
                    platform: Platform("load"),
                    external: format!("{run}-{person}"),
                },
                name: format!("Runner {person}"),
                handle: None,
                locale: Some(locale.to_owned()),
                rights: None,
            }),
            place: Place::Room(RoomAddress {
                chat: format!("{run}-{room}"),
                room: format!("{run}-{room}"),
            }),
            said: Said::Line(self.line(turn, line)),
            whispers: Whispers::Elsewhere,
        }
    }

    fn room(&self, turn: u64) -> usize {
        let rooms = self.rooms.len() as u64;
        usize::try_from(turn % self.people % rooms).unwrap_or(0)
    }

    /// Everybody speaks once a day, so that tests are compared with those of other days.
    fn day(&self, turn: u64) -> Timestamp {
        let ahead = (self.turns.saturating_sub(1) / self.people).saturating_sub(turn / self.people);
        let ahead = SignedDuration::from_hours(i64::try_from(ahead).unwrap_or(i64::MAX / 24) * 24);
        self.last_day
            .checked_sub(ahead)
            .unwrap_or(Timestamp::UNIX_EPOCH)
    }

    fn line(&self, turn: u64, line: Line) -> String {
        match line {
            Line::Zone => "/ankle me settings zone:Europe/Berlin".to_owned(),
            Line::Test => {
                let (left, right) = reach_mm(turn % self.people, turn / self.people);
                format!(
                    "/ankle test L{}.{} R{}.{}",
                    left / 10,
                    left % 10,
                    right / 10,
                    right % 10
                )
            }
            Line::History => "/ankle history".to_owned(),
        }
    }
}

/// Left and right in millimetres, between 6 and 15 cm: a person's own reach, and from day to day a
/// little more or less.
fn reach_mm(person: u64, day: u64) -> (u64, u64) {
    let own = 60 + person * 37 % 70;
    (own + day * 5 % 9, own + (person + day * 7) % 16)
}

#[cfg(test)]
mod tests {
    use ankle_core::command::{Command, Parsed, parse_line};

    use super::*;

    fn crowd() -> Crowd {
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 365);
        Crowd::new(10, 3, 25, now)
    }

    #[test]
    fn every_line_is_a_command_that_the_core_understands() {
        for turn in 0..1_000 {
            let line = crowd().line(turn, Line::Test);
            let parsed = parse_line(&line);
            let test = matches!(parsed, Ok(Parsed::Command(Command::Test(_))));
            assert!(test, "{line}: {parsed:?}");
        }
        for line in [Line::Zone, Line::History] {
            let line = crowd().line(0, line);
            let parsed = parse_line(&line);
            assert!(matches!(parsed, Ok(Parsed::Command(_))), "{line}");
        }
    }

    #[test]
    fn a_person_keeps_to_his_room_and_speaks_once_a_day() {
        let crowd = crowd();
        assert_eq!(crowd.room(4), crowd.room(14));
        assert_eq!(crowd.day(24), crowd.last_day);
        assert_eq!(crowd.day(20), crowd.last_day);
        let day = SignedDuration::from_hours(24);
        assert_eq!(crowd.day(19), crowd.last_day - day);
        assert_eq!(crowd.day(9), crowd.last_day - day * 2);
    }
}
