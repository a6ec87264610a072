//! Rooms that cannot be reached: what is lost with them, and what comes back when they do.

use jiff::Timestamp;

use super::parcel::Reason;
use super::{StoreError, Tx, execute, statements};
use crate::club::{Platform, ReminderId, RoomId};

statements! {
    LOST_ROOM = "insert into unreachable (room_id, reason, since) values ($1, $2, $3)
        on conflict (room_id) do nothing";
    LOST_REMINDER = "update reminder set lost_told = $2 where id = $1 and not lost_told";
    FOUND_REMINDERS = "update reminder set lost_told = $2 where room_id = $1 and lost_told";
    FOUND_REMINDERS_OF_CHAT = "update reminder set lost_told = $3 where lost_told and room_id in (
            select r.id from room r join chat c on c.id = r.chat_id
            where c.platform = $1 and c.external = $2)";
    ROOM_IS_BACK = "delete from unreachable where room_id = $1";
    ROOMS_ARE_BACK = "delete from unreachable where room_id in (
            select r.id from room r join chat c on c.id = r.chat_id
            where c.platform = $1 and c.external = $2)";
    REVIVE = "update outbox set state = 'waiting', reason = null, not_before = $3
        where state = 'unreachable' and expires > $3 and room_id in (
            select r.id from room r join chat c on c.id = r.chat_id
            where c.platform = $1 and c.external = $2)";
    REVIVE_ROOM = "update outbox set state = 'waiting', reason = null, not_before = $2
        where state = 'unreachable' and expires > $2 and room_id = $1";
}

impl Tx {
    /// A room cannot be reached.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn room_lost(
        &mut self,
        room: RoomId,
        reason: Reason,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(self, LOST_ROOM, room.0, reason.word(), now.as_millisecond());
        Ok(())
    }

    /// A reminder could not be posted, for its room cannot be reached. Tells whether that is news.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn reminder_lost(&mut self, id: ReminderId) -> Result<bool, StoreError> {
        Ok(execute!(self, LOST_REMINDER, id.0, true) == 1)
    }

    /// A room was reached.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn room_reached(&mut self, room: RoomId) -> Result<(), StoreError> {
        if execute!(self, ROOM_IS_BACK, room.0) > 0 {
            execute!(self, FOUND_REMINDERS, room.0, false);
        }
        Ok(())
    }

    /// A room is put right: what could not be sent there and is not too late yet waits again.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn revive_room(&mut self, room: RoomId, now: Timestamp) -> Result<u64, StoreError> {
        let now = now.as_millisecond();
        Ok(execute!(self, REVIVE_ROOM, room.0, now))
    }

    /// A chat has let us in again: what could not be sent there and is not too late yet waits again.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn revive_chat(
        &mut self,
        platform: Platform,
        chat: &str,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        execute!(self, ROOMS_ARE_BACK, platform.0, chat);
        execute!(self, FOUND_REMINDERS_OF_CHAT, platform.0, chat, false);
        let now = now.as_millisecond();
        Ok(execute!(self, REVIVE, platform.0, chat, now))
    }
}
