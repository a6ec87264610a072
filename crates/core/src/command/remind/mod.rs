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
use crate::words::RemindersOf;

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

    /// The reminders of this room; where it has none, those of the home.
    async fn reminders_here(&mut self) -> Result<(Vec<Reminder>, RemindersOf), Failure> {
        let room = self.organised_room()?;
        let here = self.tx.reminders(room).await?;
        let home = match self.visit.chat {
            Some(chat) if here.is_empty() => self.tx.home(chat).await?,
            _ => None,
        };
        match home {
            Some(home) => Ok((self.tx.reminders(home).await?, RemindersOf::Home)),
            None => Ok((here, RemindersOf::Room)),
        }
    }

    /// The reminder that is meant: by its number, in any room of the chat, or the only one there is here.
    async fn reminder(&mut self, id: Option<ReminderId>) -> Result<Reminder, Failure> {
        self.organised_room()?;
        if let (Some(id), Some(chat)) = (id, self.visit.chat) {
            let named = self.tx.reminder_of_chat(chat, id).await?;
            return Ok(named.ok_or(Refusal::NoReminder)?);
        }
        let (mut all, _) = self.reminders_here().await?;
        if all.len() > 1 {
            return Err(Refusal::WhichReminder.into());
        }
        Ok(all.pop().ok_or(Refusal::NoReminder)?)
    }
}
