//! Rooms of a platform with a reminder each, set as an organiser would have set it.

use ankle_core::calendar::{Schedule, Zone};
use ankle_core::club::Platform;
use ankle_core::exercise::{Exercise, Exercises};
use ankle_core::store::{Met, NewReminder, Place, Store, Who};
use jiff::Timestamp;

use super::LoadError;

/// A room: its chat, and itself, as the platform calls them.
pub(super) type Room = (String, String);

/// A reminder to be set in every room.
pub(super) struct Daily {
    pub(super) schedule: Schedule,
    pub(super) zone: Zone,
}

impl Daily {
    /// Every day at that time of UTC, such as `07:00`.
    pub(super) fn at(time: &str) -> Result<Self, LoadError> {
        let schedule = format!("{time} mon,tue,wed,thu,fri,sat,sun").parse();
        Ok(Self {
            schedule: schedule.map_err(|_| LoadError::Answer)?,
            zone: Zone::utc(),
        })
    }

    /// Sets it in rooms, a hundred a transaction.
    pub(super) async fn set(
        &self,
        store: &Store,
        platform: Platform,
        rooms: &[Room],
        now: Timestamp,
    ) -> Result<(), LoadError> {
        let who = Who {
            platform,
            external: "9000000001",
            name: "Boss",
            locale: Some("en"),
            handle: None,
        };
        for (part, rooms) in rooms.chunks(100).enumerate() {
            let mut tx = store.begin().await?;
            for (at, (chat, room)) in rooms.iter().enumerate() {
                let event = format!("load:seed:{chat}:{part}:{at}");
                let met = tx
                    .meet(who, Place::Room { chat, room }, &event, now)
                    .await?;
                let Met::Now(visit) = met else {
                    return Err(LoadError::Answer);
                };
                let new = NewReminder {
                    room: visit.room.ok_or(LoadError::Answer)?,
                    schedule: &self.schedule,
                    zone: &self.zone,
                    exercises: Exercises::NONE.with(Exercise::CalfRaise),
                    board: None,
                    next: self.schedule.next(&self.zone, now),
                    keeps: false,
                };
                tx.set_reminder(&new, Some(visit.account), now).await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }
}
