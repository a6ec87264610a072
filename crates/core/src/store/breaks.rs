//! Breaks of a club, and what waits for their end.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::checkins::rest;
use super::falling::MOVE_ON;
use super::{StoreError, Tx, execute, on, statements};
use crate::calendar::{Occurrence, Zone};
use crate::club::{ClubId, Reminder, ReminderId};
use crate::exercise::Rest;

statements! {
    NEW_BREAK = "insert into club_break (club_id, first_day, last_day, since)
        values ($1, $2, $3, $4)";
    WITHIN = "delete from club_break where club_id = $1 and first_day >= $2 and last_day <= $3";
    BREAKS = "select first_day, last_day from club_break
        where club_id = $1 and last_day >= $2 order by first_day";
    UNBREAK = "delete from club_break where club_id = $1 and first_day >= $2";
    END_BREAKS = "update club_break set last_day = $3 where club_id = $1 and last_day >= $2";
    BREAKS_OF_DUE = "select m.id, b.first_day, b.last_day
        from (select id, room_id from reminder where next_due <= $1
            order by next_due, id limit $2) m
        join room r on r.id = m.room_id
        join chat c on c.id = r.chat_id
        join club_break b on b.club_id = c.club_id
        where b.last_day >= $3";
}

/// A day that is over in every zone: breaks that ended before it hold no reminder back any more, not even
/// one that is late within [`GRACE`](super::GRACE).
#[must_use]
pub fn breaks_since(now: Timestamp) -> Date {
    let back = now.checked_sub(SignedDuration::from_hours(48));
    let local = Zone::utc().rules().to_datetime(back.unwrap_or(now));
    local.date()
}

impl Tx {
    /// Notes a break of a whole club. What lies within it becomes part of it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn take_break(
        &mut self,
        club: ClubId,
        first: Date,
        last: Date,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (first, last) = (first.to_string(), last.to_string());
        execute!(self, WITHIN, club.0, first.as_str(), last.as_str());
        execute!(self, NEW_BREAK, club.0, first, last, now.as_millisecond());
        Ok(())
    }

    /// The breaks of a club that are not over, earliest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn breaks(&mut self, club: ClubId, today: Date) -> Result<Vec<Rest>, StoreError> {
        let rows: Vec<(String, Option<String>)> = on!(self.connection().await?, c =>
            sqlx::query_as(BREAKS).bind(club.0).bind(today.to_string()).fetch_all(c).await?);
        rows.into_iter().map(rest).collect()
    }

    /// Takes back the breaks of a club that are still to come; one that has begun ends with yesterday.
    /// Tells whether there was one.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn end_breaks(&mut self, club: ClubId, today: Date) -> Result<bool, StoreError> {
        let from = today.to_string();
        let yesterday = today.saturating_sub(1.day()).to_string();
        let dropped = execute!(self, UNBREAK, club.0, from.as_str());
        let ended = execute!(self, END_BREAKS, club.0, from.as_str(), yesterday);
        Ok(dropped + ended > 0)
    }

    /// The breaks of the clubs whose reminders [`Tx::due_reminders`] finds.
    pub(super) async fn breaks_of_due(
        &mut self,
        until: Timestamp,
        most: u16,
    ) -> Result<HashMap<ReminderId, Vec<Rest>>, StoreError> {
        let since = breaks_since(until).to_string();
        let rows: Vec<(i64, String, Option<String>)> = on!(self.connection().await?, c =>
            sqlx::query_as(BREAKS_OF_DUE)
                .bind(until.as_millisecond())
                .bind(i64::from(most))
                .bind(since)
                .fetch_all(c).await?);
        let mut all: HashMap<ReminderId, Vec<Rest>> = HashMap::new();
        for (id, first, last) in rows {
            let breaks = all.entry(ReminderId(id)).or_default();
            breaks.push(rest((first, last))?);
        }
        Ok(all)
    }

    /// After a club's breaks have changed: its reminders fall due when they do now, and its challenges
    /// end when they do now. What has fallen due already, and waits to be posted, is left alone.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn reschedule(&mut self, club: ClubId, now: Timestamp) -> Result<(), StoreError> {
        let breaks = self.breaks(club, breaks_since(now)).await?;
        for one in self.reminders_of_club(club).await? {
            let Some(old) = one.next.filter(|old| old.at > now) else {
                continue;
            };
            let next = Reminder::next_after(&one.schedule, &one.zone, one.pause, &breaks, now);
            if next != Some(old) {
                self.move_on(one.id, old, next).await?;
            }
        }
        self.move_challenges(club, now).await
    }

    /// Gives a reminder its next occurrence. Tells whether the old one still stood.
    pub(super) async fn move_on(
        &mut self,
        id: ReminderId,
        old: Occurrence,
        next: Option<Occurrence>,
    ) -> Result<bool, StoreError> {
        let moved = execute!(
            self,
            MOVE_ON,
            id.0,
            next.map(|next| next.civil.to_string()),
            next.map(|next| next.at.as_millisecond()),
            old.civil.to_string()
        );
        Ok(moved == 1)
    }
}
