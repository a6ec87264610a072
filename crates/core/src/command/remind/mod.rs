//! `remind`: a room's reminders, set by organisers.

mod list;
mod preview;
mod rest;
mod set;
mod test;

pub(super) use set::{PostBoard, When};

use super::Refusal;
use super::context::{ClubContext, Failure, HandleClub};
use crate::club::{Reminder, ReminderId, RoomId};
use crate::face::Outcome;
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

impl HandleClub for Remind {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        match self {
            Self::Set(set) => set.run_for_club(context).await,
            Self::List(list) => list.run_for_club(context).await,
            Self::Preview(preview) => preview.run_for_club(context).await,
            Self::Test(test) => test.run_for_club(context).await,
            Self::Pause(pause) => pause.run_for_club(context).await,
            Self::Resume(resume) => resume.run_for_club(context).await,
            Self::Remove(remove) => remove.run_for_club(context).await,
        }
    }
}

impl ClubContext<'_> {
    /// The room that a reminder is for, if the asker may set it up.
    fn organised_room(&self) -> Result<RoomId, Refusal> {
        self.organised()?;
        self.room.ok_or(Refusal::NoClub)
    }

    /// The reminders of this room; where it has none, those of the home.
    async fn reminders_here(&mut self) -> Result<(Vec<Reminder>, RemindersOf), Failure> {
        let room = self.organised_room()?;
        let here = self.tx.reminders(room).await?;
        let home = match self.chat {
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
        if let (Some(id), Some(chat)) = (id, self.chat) {
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
