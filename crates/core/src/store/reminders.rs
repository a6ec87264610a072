//! Reminders of rooms, and which of them fall due.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::breaks::breaks_since;
use super::parcel::Reason;
use super::rows::{day, instant, nonsense, zone};
use super::{StoreError, Tx, execute, on, statements};
use crate::calendar::{Occurrence, Schedule, Zone};
use crate::club::{
    AccountId, BoardTime, ChatId, ClubId, LastPost, Pause, PostId, Reminder, ReminderId, RoomId,
};
use crate::exercise::{DoneReading, Exercises};

macro_rules! reminders_where {
    ($condition:literal) => {
        concat!(
            "select id, room_id, schedule, exercises, zone, board, keeps, paused, paused_until, next_civil,
            next_due from reminder where ",
            $condition
        )
    };
}

statements! {
    NEW_REMINDER = "insert into reminder (room_id, schedule, exercises, zone, board, next_civil,
            next_due, since, keeps)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id";
    NEW_SETTER = "insert into reminder_setter (reminder_id, account_id) values ($1, $2)";
    OF_ROOM = reminders_where!("room_id = $1 order by id");
    BY_ID = reminders_where!("id = $1");
    OF_CLUB = reminders_where!("room_id in (select r.id from room r join chat c on c.id = r.chat_id
        where c.club_id = $1) order by id");
    OF_CHAT = reminders_where!("id = $1 and room_id in (select id from room where chat_id = $2)");
    NUDGE_OF = reminders_where!("room_id in (select r.id from room r
        join account a on a.id = r.account_id where a.person_id = $1) order by id desc limit 1");
    /// What falls due, earliest first: one index, no sort, however many there are.
    DUE = reminders_where!("next_due <= $1 order by next_due, id limit $2");
    SET_PAUSE = "update reminder set paused = $2, paused_until = $3, next_civil = $4, next_due = $5
        where id = $1";
    SET_SCHEDULE = "update reminder set schedule = $2, next_civil = $3, next_due = $4 where id = $1";
    /// A run of posts that nobody presses begins anew after a pause in which nothing was posted; so a
    /// reminder that comes once a week has none.
    POSTED = "update reminder set posted_at = $2, quiet_since =
            case when quiet_since is null or posted_at is null or posted_at < $3 then $2
            else quiet_since end
        where id = $1";
    QUIET = "update reminder set quiet_told = $3
        where id = $1 and quiet_since <= $2 and not quiet_told";
    PRESSED = "update reminder set quiet_since = null, quiet_told = $2
        where id = (select reminder_id from outbox where id = $1)";
    /// A post of another date than a button says, or of another place than it was pressed in.
    IS_ANOTHER_POST = "select exists (
            select 1 from outbox o join room r on r.id = o.room_id
            where o.id = $1 and (
                (o.kind = 'post' and substr(o.occurrence, 1, 10) <> $2)
                or coalesce(r.chat_id <> $3, r.account_id <> $4, true)))";
    HAD_ITS_POST = "select exists (select 1 from outbox
        where kind = 'post' and reminder_id = $1 and occurrence = $2)";
    SET_ZONE = "update reminder set zone = $2 where id = $1";
    DROP_SETTER = "delete from reminder_setter where reminder_id = $1";
    DROP_REMINDER = "delete from reminder where id = $1";
    /// By the platform's name for it, else by what people call it.
    ROOM_OF_CHAT = "select id from room
        where chat_id = $1 and (external = $2 or lower(name) = lower($2) or lower(name) = lower($3))
        order by case when external = $2 then 0 else 1 end, id limit 1";
    /// As long as it is kept: for a week, if nothing of it stands in a room.
    LAST_POST = "select state, reason, due, sent_at from outbox
        where kind = 'post' and reminder_id = $1 order by occurrence desc limit 1";
    LOOK_AGAIN = "update reminder set next_due = $2 where id = $1";
}

/// How long a reminder that cannot be read is left alone.
const LOOK_AGAIN_MS: i64 = 3_600 * 1_000;

/// For so many days nobody presses a post before those who care for it are asked. A house rule.
const QUIET_DAYS: i64 = 7;

/// A reminder to be set.
#[derive(Clone, Debug)]
pub struct NewReminder<'a> {
    /// Where it is posted.
    pub room: RoomId,
    /// When.
    pub schedule: &'a Schedule,
    /// Where that is.
    pub zone: &'a Zone,
    /// What it reminds of.
    pub exercises: Exercises,
    /// The board that comes with it.
    pub board: Option<BoardTime>,
    /// Whether its older posts stay.
    pub keeps: bool,
    /// When it falls due first.
    pub next: Option<Occurrence>,
}

#[derive(sqlx::FromRow)]
pub(super) struct ReminderRow {
    id: i64,
    room_id: i64,
    schedule: String,
    exercises: String,
    zone: String,
    board: Option<String>,
    keeps: bool,
    paused: bool,
    paused_until: Option<String>,
    next_civil: Option<String>,
    next_due: Option<i64>,
}

impl TryFrom<ReminderRow> for Reminder {
    type Error = StoreError;

    fn try_from(row: ReminderRow) -> Result<Self, StoreError> {
        let schedule = row.schedule.parse();
        let exercises: Result<DoneReading, _> = row.exercises.parse();
        let board =
            |word: String| BoardTime::from_word(&word).ok_or_else(|| nonsense("a board", word));
        let next = match (row.next_civil, row.next_due) {
            (Some(civil), Some(at)) => Some(Occurrence {
                civil: civil.parse().map_err(|_| nonsense("a civil time", civil))?,
                at: instant(at)?,
            }),
            _ => None,
        };
        let pause = match (row.paused, row.paused_until) {
            (false, _) => None,
            (true, None) => Some(Pause::Open),
            (true, Some(last)) => Some(Pause::Until(day(&last)?)),
        };
        Ok(Self {
            id: ReminderId(row.id),
            room: RoomId(row.room_id),
            schedule: schedule.map_err(|_| nonsense("a schedule", row.schedule))?,
            exercises: exercises
                .map_err(|_| nonsense("exercises", row.exercises))?
                .exercises,
            zone: zone(row.zone)?,
            board: row.board.map(board).transpose()?,
            keeps: row.keeps,
            pause,
            next,
        })
    }
}

fn civil(next: Option<Occurrence>) -> (Option<String>, Option<i64>) {
    (
        next.map(|one| one.civil.to_string()),
        next.map(|one| one.at.as_millisecond()),
    )
}

impl Tx {
    /// Sets a reminder, and notes who did if it was somebody.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn set_reminder(
        &mut self,
        new: &NewReminder<'_>,
        by: Option<AccountId>,
        now: Timestamp,
    ) -> Result<ReminderId, StoreError> {
        let (next_civil, next_due) = civil(new.next);
        let id: i64 = on!(self.connection().await?, c => sqlx::query_scalar(NEW_REMINDER)
            .bind(new.room.0)
            .bind(new.schedule.to_string())
            .bind(new.exercises.words())
            .bind(new.zone.name())
            .bind(new.board.map(BoardTime::word))
            .bind(next_civil)
            .bind(next_due)
            .bind(now.as_millisecond())
            .bind(new.keeps)
            .fetch_one(c).await?);
        if let Some(account) = by {
            execute!(self, NEW_SETTER, id, account.0);
        }
        Ok(ReminderId(id))
    }

    /// The reminders of a room, in the order in which they were set.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn reminders(&mut self, room: RoomId) -> Result<Vec<Reminder>, StoreError> {
        let rows: Vec<ReminderRow> = on!(self.connection().await?, c => sqlx::query_as(OF_ROOM)
            .bind(room.0).fetch_all(c).await?);
        rows.into_iter().map(Reminder::try_from).collect()
    }

    /// The reminders of all rooms of a club, in the order in which they were set.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn reminders_of_club(&mut self, club: ClubId) -> Result<Vec<Reminder>, StoreError> {
        let rows: Vec<ReminderRow> = on!(self.connection().await?, c => sqlx::query_as(OF_CLUB)
            .bind(club.0).fetch_all(c).await?);
        rows.into_iter().map(Reminder::try_from).collect()
    }

    /// A reminder by its number, if it is in a room of that chat.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn reminder_of_chat(
        &mut self,
        chat: ChatId,
        id: ReminderId,
    ) -> Result<Option<Reminder>, StoreError> {
        let row: Option<ReminderRow> = on!(self.connection().await?, c => sqlx::query_as(OF_CHAT)
            .bind(id.0).bind(chat.0).fetch_optional(c).await?);
        row.map(Reminder::try_from).transpose()
    }

    /// A reminder by its number, if it is there.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn reminder(&mut self, id: ReminderId) -> Result<Option<Reminder>, StoreError> {
        let row: Option<ReminderRow> = on!(self.connection().await?, c => sqlx::query_as(BY_ID)
            .bind(id.0).fetch_optional(c).await?);
        row.map(Reminder::try_from).transpose()
    }

    /// The reminders that fall due until an instant, earliest first: `most` at most.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn due_reminders(
        &mut self,
        until: Timestamp,
        most: u16,
    ) -> Result<Vec<Reminder>, StoreError> {
        let rows: Vec<ReminderRow> = on!(self.connection().await?, c => sqlx::query_as(DUE)
            .bind(until.as_millisecond()).bind(i64::from(most)).fetch_all(c).await?);
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let id = row.id;
            match Reminder::try_from(row) {
                Ok(reminder) => all.push(reminder),
                Err(error) => {
                    // Such as a zone that this version does not know: nobody else has to wait for it.
                    tracing::error!(%error, reminder = id, "a reminder cannot be read; looking again in an hour");
                    let later = until.as_millisecond() + LOOK_AGAIN_MS;
                    execute!(self, LOOK_AGAIN, id, later);
                }
            }
        }
        Ok(all)
    }

    /// Lets a reminder rest or go on, and says when it falls due next.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn pause_reminder(
        &mut self,
        id: ReminderId,
        pause: Option<Pause>,
        next: Option<Occurrence>,
    ) -> Result<(), StoreError> {
        let until = match pause {
            Some(Pause::Until(last)) => Some(last.to_string()),
            _ => None,
        };
        let (next_civil, next_due) = civil(next);
        execute!(
            self,
            SET_PAUSE,
            id.0,
            pause.is_some(),
            until,
            next_civil,
            next_due
        );
        Ok(())
    }

    /// Gives a reminder another schedule, and says when it falls due next.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn change_schedule(
        &mut self,
        id: ReminderId,
        schedule: &Schedule,
        next: Option<Occurrence>,
    ) -> Result<(), StoreError> {
        let (next_civil, next_due) = civil(next);
        let schedule = schedule.to_string();
        execute!(self, SET_SCHEDULE, id.0, schedule, next_civil, next_due);
        Ok(())
    }

    /// What came of the last post of a reminder, as long as that is known.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn last_post(&mut self, id: ReminderId) -> Result<Option<LastPost>, StoreError> {
        let row: Option<(String, Option<String>, i64, Option<i64>)> = on!(self.connection().await?, c =>
            sqlx::query_as(LAST_POST).bind(id.0).fetch_optional(c).await?);
        let Some((state, reason, due, sent)) = row else {
            return Ok(None);
        };
        let due = instant(due)?;
        let last = match (state.as_str(), sent) {
            ("sent", sent) => LastPost::Sent(sent.map(instant).transpose()?.unwrap_or(due)),
            ("waiting" | "sending", _) => LastPost::Waits,
            _ => {
                let reason = reason.as_deref().and_then(Reason::from_word);
                LastPost::NotSent {
                    due,
                    reason: reason.unwrap_or(Reason::Late).word(),
                }
            }
        };
        Ok(Some(last))
    }

    /// A post of a reminder was sent. Tells whether nobody has pressed one for a week by now, once until
    /// somebody does.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn posted(&mut self, id: ReminderId, now: Timestamp) -> Result<bool, StoreError> {
        let ago = |days: i64| {
            let then = now.checked_sub(SignedDuration::from_hours(24 * days));
            then.unwrap_or(Timestamp::MIN).as_millisecond()
        };
        let (at, pause) = (now.as_millisecond(), ago(QUIET_DAYS - 1));
        execute!(self, POSTED, id.0, at, pause);
        Ok(execute!(self, QUIET, id.0, ago(QUIET_DAYS), true) == 1)
    }

    /// A club has another zone than it had: the reminders that went by that one go by the new one, at the
    /// same hour. A date that has had its post gets no other. Tells which they are.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn follow_zone(
        &mut self,
        club: ClubId,
        (from, to): (&Zone, &Zone),
        now: Timestamp,
    ) -> Result<Vec<ReminderId>, StoreError> {
        let breaks = self.breaks(club, breaks_since(now)).await?;
        let all = self.reminders_of_club(club).await?;
        let mut followed = Vec::new();
        for one in all.into_iter().filter(|one| one.zone == *from) {
            execute!(self, SET_ZONE, one.id.0, to.name());
            // What is due already falls due as it would have.
            if let Some(old) = one.next.filter(|old| old.at > now) {
                let mut next = Reminder::next_after(&one.schedule, to, one.pause, &breaks, now);
                while let Some(taken) = next {
                    if !self.had_its_post(one.id, taken).await? {
                        break;
                    }
                    next = Reminder::next_after(&one.schedule, to, one.pause, &breaks, taken.at);
                }
                self.move_on(one.id, old, next).await?;
            }
            followed.push(one.id);
        }
        Ok(followed)
    }

    async fn had_its_post(
        &mut self,
        id: ReminderId,
        occurrence: Occurrence,
    ) -> Result<bool, StoreError> {
        Ok(
            on!(self.connection().await?, c => sqlx::query_scalar(HAD_ITS_POST)
            .bind(id.0).bind(occurrence.civil.to_string()).fetch_one(c).await?),
        )
    }

    /// Whether a post is none of that date and place. One that is not known any more might be.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn is_another_post(
        &mut self,
        post: PostId,
        date: Date,
        (chat, account): (Option<ChatId>, AccountId),
    ) -> Result<bool, StoreError> {
        Ok(
            on!(self.connection().await?, c => sqlx::query_scalar(IS_ANOTHER_POST)
            .bind(post.0).bind(date.to_string()).bind(chat.map(|chat| chat.0)).bind(account.0)
            .fetch_one(c).await?),
        )
    }

    /// Somebody has pressed a post.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn pressed(&mut self, post: PostId) -> Result<(), StoreError> {
        execute!(self, PRESSED, post.0, false);
        Ok(())
    }

    /// Removes a reminder.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn remove_reminder(&mut self, id: ReminderId) -> Result<(), StoreError> {
        for sql in [DROP_SETTER, DROP_REMINDER] {
            execute!(self, sql, id.0);
        }
        Ok(())
    }

    /// A room of a chat by the platform's name for it or what people call it there, if it was met.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn room_of(
        &mut self,
        chat: ChatId,
        name: &str,
    ) -> Result<Option<RoomId>, StoreError> {
        let id: Option<i64> = on!(self.connection().await?, c => sqlx::query_scalar(ROOM_OF_CHAT)
            .bind(chat.0).bind(name).bind(format!("#{name}")).fetch_optional(c).await?);
        Ok(id.map(RoomId))
    }
}
