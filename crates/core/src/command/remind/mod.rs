//! `remind`: a room's reminders, set by organisers.

mod list;
mod preview;
mod rest;
mod set;
mod test;

pub(super) use set::{PostBoard, When};

use super::Refusal;
use super::context::{Context, Failure};
use crate::club::{Reminder, ReminderId, RoomId};

super::commands! {
    /// What organisers can say of a room's reminders.
    Remind {
        Set(Box<set::Set>),
        List(list::List),
        Preview(preview::Preview),
        Test(test::Test),
        Pause(rest::Pause),
        Resume(rest::Resume),
        Remove(rest::Remove),
    }
}

impl Context<'_> {
    /// The room that a reminder is for, if the asker may set it up.
    fn organised_room(&self) -> Result<RoomId, Refusal> {
        if self.visit.club.is_none() {
            return Err(Refusal::NoClub);
        }
        if !self.rights.organiser {
            return Err(Refusal::NotOrganiser);
        }
        self.visit.room.ok_or(Refusal::NoClub)
    }

    /// The reminder of this room that is meant: by its number, or the only one there is.
    async fn reminder(&mut self, id: Option<ReminderId>) -> Result<Reminder, Failure> {
        let room = self.organised_room()?;
        let mut all = self.tx.reminders(room).await?;
        match id {
            Some(id) => all.retain(|one| one.id == id),
            None if all.len() > 1 => return Err(Refusal::WhichReminder.into()),
            None => {}
        }
        Ok(all.pop().ok_or(Refusal::NoReminder)?)
    }
}
