//! Reminders of one's own: they are those of a person's private rooms.

use jiff::Timestamp;
use jiff::civil::Date;

use super::reminders::{NUDGE_OF, ReminderRow};
use super::rows::instant;
use super::{StoreError, Tx, execute, on, statements};
use crate::calendar::{DayStart, Occurrence, Zone};
use crate::club::{AccountId, Language, PersonId, Reminder, ReminderId, RoomId};

statements! {
    PRIVATE_ROOM = "select id from room where account_id = $1 order by id desc limit 1";
    DROP_NUDGES = "delete from reminder where room_id in (
            select r.id from room r join account a on a.id = r.account_id where a.person_id = $1)";
    SET_ZONE = "update reminder set zone = $2, next_civil = $3, next_due = $4 where id = $1";
    NUDGED = "select p.id, p.day_start, coalesce(p.language, a.locale),
            (select max(e.logged_at) from entry e join account o on o.id = e.account_id
                where o.person_id = p.id and e.hurts and e.standing <> 'undone')
        from room r join account a on a.id = r.account_id join person p on p.id = a.person_id
        where r.id = $1";
    OWN_REST = "select exists (select 1 from rest where person_id = $1 and first_day <= $2
            and (last_day is null or last_day >= $2))";
}

/// Who is nudged in a private room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nudged {
    /// Who.
    pub person: PersonId,
    /// When his day begins.
    pub day_start: DayStart,
    /// What he reads.
    pub language: Language,
    /// When he last logged a test that hurt.
    pub hurt_at: Option<Timestamp>,
}

impl Tx {
    /// The latest private room of an account, if it ever had one.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn private_room(&mut self, account: AccountId) -> Result<Option<RoomId>, StoreError> {
        let id: Option<i64> = on!(self.connection().await?, c => sqlx::query_scalar(PRIVATE_ROOM)
            .bind(account.0).fetch_optional(c).await?);
        Ok(id.map(RoomId))
    }

    /// The reminder of a person's own, in any of his private rooms.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn nudge_of(&mut self, person: PersonId) -> Result<Option<Reminder>, StoreError> {
        let row: Option<ReminderRow> = on!(self.connection().await?, c => sqlx::query_as(NUDGE_OF)
            .bind(person.0).fetch_optional(c).await?);
        row.map(Reminder::try_from).transpose()
    }

    /// Removes it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn drop_nudges(&mut self, person: PersonId) -> Result<(), StoreError> {
        execute!(self, DROP_NUDGES, person.0);
        Ok(())
    }

    /// Lets a reminder go by the clock of another zone.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn change_zone(
        &mut self,
        id: ReminderId,
        zone: &Zone,
        next: Option<Occurrence>,
    ) -> Result<(), StoreError> {
        let civil = next.map(|next| next.civil.to_string());
        let at = next.map(|next| next.at.as_millisecond());
        execute!(self, SET_ZONE, id.0, zone.name(), civil, at);
        Ok(())
    }

    /// Who is nudged in a private room.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn nudged(&mut self, room: RoomId) -> Result<Option<Nudged>, StoreError> {
        type Found = (i64, Option<i64>, Option<String>, Option<i64>);
        let row: Option<Found> = on!(self.connection().await?, c =>
            sqlx::query_as(NUDGED).bind(room.0).fetch_optional(c).await?);
        let Some((person, start, language, hurt)) = row else {
            return Ok(None);
        };
        let start = start.and_then(|minutes| DayStart::try_from(minutes).ok());
        Ok(Some(Nudged {
            person: PersonId(person),
            day_start: start.unwrap_or_default(),
            language: language
                .as_deref()
                .and_then(Language::of_locale)
                .unwrap_or_default(),
            hurt_at: hurt.map(instant).transpose()?,
        }))
    }

    /// Whether a person has said that he rests on a day.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn rests_on(&mut self, person: PersonId, day: Date) -> Result<bool, StoreError> {
        on!(self.connection().await?, c => Ok(sqlx::query_scalar(OWN_REST)
            .bind(person.0).bind(day.to_string()).fetch_one(c).await?))
    }
}
