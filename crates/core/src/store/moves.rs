//! A chat whose address changes, as a group does when it becomes a supergroup.

use super::{StoreError, Tx, execute, on, statements};
use crate::club::{ChatId, ClubId, Platform, RoomId};

statements! {
    CHAT = "select id, club_id from chat where platform = $1 and external = $2";
    ROOM = "select id from room where platform = $1 and external = $2";
    CHAT_MOVED = "update chat set external = $3 where platform = $1 and external = $2";
    ROOM_MOVED = "update room set external = $3 where platform = $1 and external = $2";
    GREETING_MOVED = "update greeted set external = $3 where platform = $1 and external = $2
        and not exists (select 1 from greeted where platform = $1 and external = $3)";

    /// What was set twice is kept once: nobody wants two posts for having said it again.
    SETTERS_OF_DOUBLES = "delete from reminder_setter where reminder_id in (
            select m.id from reminder m where m.room_id = $1 and exists (
                select 1 from reminder o where o.room_id = $2 and o.schedule = m.schedule
                    and o.zone = m.zone))";
    DOUBLES = "delete from reminder where room_id = $1 and exists (
            select 1 from reminder o where o.room_id = $2 and o.schedule = reminder.schedule
                and o.zone = reminder.zone)";
    REMINDERS = "update reminder set room_id = $2 where room_id = $1";
    OUTBOX = "update outbox set room_id = $2 where room_id = $1";
    ASKED = "update asked set room_id = $2 where room_id = $1";
    CHALLENGE_ROOMS = "update challenge set room_id = $2 where room_id = $1";
    REACHABLE = "delete from unreachable where room_id = $1";
    DROP_ROOM = "delete from room where id = $1";

    ENTRIES = "update entry set chat_id = $2 where chat_id = $1";
    SEEN = "insert into seen (account_id, chat_id, first, left_at)
        select account_id, $2, first, left_at from seen where chat_id = $1
        on conflict (account_id, chat_id) do nothing";
    DROP_SEEN = "delete from seen where chat_id = $1";
    NO_SECOND_HOME = "update room set is_home = $3 where chat_id = $1 and is_home
        and exists (select 1 from room o where o.chat_id = $2 and o.is_home)";
    ROOMS = "update room set chat_id = $2 where chat_id = $1";
    DROP_CHAT = "delete from chat where id = $1";

    HAS_CHATS = "select exists (select 1 from chat where club_id = $1)";
    BREAKS = "update club_break set club_id = $2 where club_id = $1";
    DEPUTIES = "insert into deputy (club_id, account_id, since)
        select $2, account_id, since from deputy where club_id = $1
        on conflict (club_id, account_id) do nothing";
    DROP_DEPUTIES = "delete from deputy where club_id = $1";
    /// Of two open challenges of one title the older club's goes on, with everybody who has joined.
    JOINED_TWINS = "insert into challenge_member (challenge_id, account_id, joined_at, named)
        select o.id, m.account_id, m.joined_at, m.named
        from challenge h
        join challenge o on o.club_id = $2 and o.title_key = h.title_key and o.state = 'open'
        join challenge_member m on m.challenge_id = h.id
        where h.club_id = $1 and h.state = 'open'
        on conflict (challenge_id, account_id) do nothing";
    END_TWINS = "update challenge set state = 'cancelled', next_due = null
        where club_id = $1 and state = 'open' and exists (
            select 1 from challenge o where o.club_id = $2 and o.title_key = challenge.title_key
                and o.state = 'open')";
    CHALLENGES = "update challenge set club_id = $2 where club_id = $1";
    SETTINGS = "update club set zone = coalesce(zone, (select c.zone from club c where c.id = $1)),
            language = coalesce(language, (select c.language from club c where c.id = $1))
        where id = $2";
    DROP_CLUB = "delete from club where id = $1";
}

impl Tx {
    /// A chat has another address now, and one of its rooms with it: nothing else changes. If it was
    /// met under the new address already, the two are one again, and what was set up there goes on.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn chat_moved(
        &mut self,
        platform: Platform,
        from: &str,
        to: &str,
    ) -> Result<(), StoreError> {
        if from == to {
            return Ok(());
        }
        let (old, new) = (
            self.chat_at(platform, from).await?,
            self.chat_at(platform, to).await?,
        );
        if let (Some((chat, club)), Some((twin, twin_club))) = (old, new) {
            let rooms = (
                self.room_at(platform, from).await?,
                self.room_at(platform, to).await?,
            );
            if let (Some(room), Some(twin)) = rooms {
                self.merge_room(twin, room).await?;
            }
            self.merge_chat(twin, chat).await?;
            if twin_club != club {
                self.merge_club(twin_club, club).await?;
            }
        }
        execute!(self, CHAT_MOVED, platform.0, from, to);
        execute!(self, ROOM_MOVED, platform.0, from, to);
        execute!(self, GREETING_MOVED, platform.0, from, to);
        Ok(())
    }

    async fn chat_at(
        &mut self,
        platform: Platform,
        external: &str,
    ) -> Result<Option<(ChatId, ClubId)>, StoreError> {
        let row: Option<(i64, i64)> = on!(self.connection().await?, c => sqlx::query_as(CHAT)
            .bind(platform.0).bind(external).fetch_optional(c).await?);
        Ok(row.map(|(chat, club)| (ChatId(chat), ClubId(club))))
    }

    async fn room_at(
        &mut self,
        platform: Platform,
        external: &str,
    ) -> Result<Option<RoomId>, StoreError> {
        let id: Option<i64> = on!(self.connection().await?, c => sqlx::query_scalar(ROOM)
            .bind(platform.0).bind(external).fetch_optional(c).await?);
        Ok(id.map(RoomId))
    }

    async fn merge_room(&mut self, twin: RoomId, room: RoomId) -> Result<(), StoreError> {
        for sql in [
            SETTERS_OF_DOUBLES,
            DOUBLES,
            REMINDERS,
            OUTBOX,
            ASKED,
            CHALLENGE_ROOMS,
        ] {
            execute!(self, sql, twin.0, room.0);
        }
        for sql in [REACHABLE, DROP_ROOM] {
            execute!(self, sql, twin.0);
        }
        Ok(())
    }

    async fn merge_chat(&mut self, twin: ChatId, chat: ChatId) -> Result<(), StoreError> {
        for sql in [ENTRIES, SEEN] {
            execute!(self, sql, twin.0, chat.0);
        }
        execute!(self, DROP_SEEN, twin.0);
        execute!(self, NO_SECOND_HOME, twin.0, chat.0, false);
        execute!(self, ROOMS, twin.0, chat.0);
        execute!(self, DROP_CHAT, twin.0);
        Ok(())
    }

    async fn merge_club(&mut self, twin: ClubId, club: ClubId) -> Result<(), StoreError> {
        let has_other_chats: bool = on!(self.connection().await?, c =>
            sqlx::query_scalar(HAS_CHATS).bind(twin.0).fetch_one(c).await?);
        if has_other_chats {
            return Ok(());
        }
        for sql in [
            BREAKS,
            DEPUTIES,
            JOINED_TWINS,
            END_TWINS,
            CHALLENGES,
            SETTINGS,
        ] {
            execute!(self, sql, twin.0, club.0);
        }
        for sql in [DROP_DEPUTIES, DROP_CLUB] {
            execute!(self, sql, twin.0);
        }
        Ok(())
    }
}
