//! Check-ins, and the days on which nothing is asked.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::entries::CHANGE;
use super::rows::{self, day, instant, nonsense};
use super::{Change, StoreError, Tx, execute, on, statements};
use crate::calendar::Zone;
use crate::club::{AccountId, ChatId, CheckIn, EntryId, PersonId, Standing};
use crate::exercise::{Exercise, Rest};

/// The columns of a check-in.
macro_rules! check_ins_where {
    ($condition:literal) => {
        concat!(
            "select e.id, e.account_id, e.day, e.logged_at, e.standing, e.exercise, e.sets, e.event
            from entry e join account a on a.id = e.account_id
            where a.person_id = $1 and e.kind = 'done' and ",
            $condition
        )
    };
}

statements! {
    CHECK_IN = "insert into entry (account_id, kind, day, zone, logged_at, chat_id, event, standing,
            exercise, sets)
        values ($1, 'done', $2, $3, $4, $5, $6, 'live', $7, $8) returning id";
    CHECKED_IN = check_ins_where!("e.day = $2 and e.standing = 'live' order by e.id");
    CHECK_IN_BY_ID = check_ins_where!("e.id = $2");
    CHECKED_IN_BY = check_ins_where!(
        "e.day >= $3 and e.event = $2 and e.standing = 'live' order by e.id"
    );
    /// What the latest event logged that still stands, of days that are not long gone.
    LATEST_CHECK_INS = check_ins_where!("e.standing = 'live' and e.day >= $2 and e.event = (
            select f.event from entry f join account b on b.id = f.account_id
            where b.person_id = $1 and f.kind = 'done' and f.standing = 'live' and f.day >= $2
            order by f.id desc limit 1
        ) order by e.id");
    CHECK_INS_BEFORE = check_ins_where!(
        "e.standing = 'live' and e.day < $2 order by e.day desc, e.id limit 60"
    );
    HAS_CHECKED_IN = "select exists (
            select 1 from entry e join account a on a.id = e.account_id
            where a.person_id = $1 and e.kind = 'done'
        )";
    SET_SETS = "update entry set sets = $2 where id = $1";
    SET_STANDING = "update entry set standing = $2 where id = $1";
    RESTS = "select first_day, last_day from rest where person_id = $1
        union all
        select b.first_day, b.last_day from club_break b where b.club_id in (
            select c.club_id from seen s
            join account a on a.id = s.account_id
            join chat c on c.id = s.chat_id
            where a.person_id = $1 and s.left_at is null
        )";
    HURT_DAYS = "select e.day from entry e join account a on a.id = e.account_id
        where a.person_id = $1 and e.hurts and e.standing <> 'undone'";
    NEW_REST = "insert into rest (person_id, first_day, last_day, since) values ($1, $2, $3, $4)";
    PAUSE = "select first_day, last_day from rest
        where person_id = $1 and (last_day is null or last_day >= $2) order by id desc limit 1";
    UNREST = "delete from rest where person_id = $1 and first_day >= $2";
    END_RESTS = "update rest set last_day = $3
        where person_id = $1 and (last_day is null or last_day >= $2)";
}

/// As many check-ins as one page of the history reads.
pub const CHECK_INS_PAGE: usize = 60;

/// How long pain during a test holds: two days beside its own. The days do not break a streak.
pub(super) const HURT_DAYS_AFTER: i64 = 2;

/// A check-in to be logged.
#[derive(Clone, Debug)]
pub struct NewCheckIn<'a> {
    /// The local day it counts for.
    pub day: Date,
    /// Where that day is.
    pub zone: &'a Zone,
    /// The present instant.
    pub now: Timestamp,
    /// Where it was logged, if in a chat.
    pub chat: Option<ChatId>,
    /// The event that logs it.
    pub event: &'a str,
    /// The exercise.
    pub exercise: Exercise,
    /// How many sets, if that is said.
    pub sets: Option<u8>,
}

#[derive(sqlx::FromRow)]
struct CheckInRow {
    id: i64,
    account_id: i64,
    day: String,
    logged_at: i64,
    standing: String,
    exercise: String,
    sets: Option<i64>,
    event: String,
}

impl TryFrom<CheckInRow> for CheckIn {
    type Error = StoreError;

    fn try_from(row: CheckInRow) -> Result<Self, StoreError> {
        let sets = |sets| u8::try_from(sets).map_err(|_| nonsense("a number of sets", sets));
        Ok(Self {
            id: EntryId(row.id),
            account: AccountId(row.account_id),
            day: day(&row.day)?,
            logged_at: instant(row.logged_at)?,
            standing: rows::standing(&row.standing)?,
            exercise: Exercise::from_word(&row.exercise)
                .ok_or_else(|| nonsense("an exercise", &row.exercise))?,
            sets: row.sets.map(sets).transpose()?,
            event: row.event,
        })
    }
}

pub(super) fn rest((first, last): (String, Option<String>)) -> Result<Rest, StoreError> {
    Ok(Rest {
        first: day(&first)?,
        last: last.as_deref().map(day).transpose()?,
    })
}

impl Tx {
    /// Logs a check-in, and returns it as it stands in the log.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] if the account has one of that exercise and day already, or somebody
    /// else wrote for it at the same moment.
    pub async fn check_in(
        &mut self,
        account: AccountId,
        new: &NewCheckIn<'_>,
    ) -> Result<CheckIn, StoreError> {
        let id: i64 = on!(self.connection().await?, c => sqlx::query_scalar(CHECK_IN)
            .bind(account.0)
            .bind(new.day.to_string())
            .bind(new.zone.name())
            .bind(new.now.as_millisecond())
            .bind(new.chat.map(|chat| chat.0))
            .bind(new.event)
            .bind(new.exercise.word())
            .bind(new.sets.map(i64::from))
            .fetch_one(c).await?);
        self.next_entry = None;
        self.write_diary(account, new.day, |done| done.with(new.exercise))
            .await?;
        Ok(CheckIn {
            id: EntryId(id),
            account,
            day: new.day,
            logged_at: new.now,
            standing: Standing::Live,
            exercise: new.exercise,
            sets: new.sets,
            event: new.event.to_owned(),
        })
    }

    /// A person's check-ins of a day that stand.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn checked_in(
        &mut self,
        person: PersonId,
        day: Date,
    ) -> Result<Vec<CheckIn>, StoreError> {
        self.check_ins(CHECKED_IN, person, day).await
    }

    /// A person's check-in by its number, taken back or not.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn check_in_by_id(
        &mut self,
        person: PersonId,
        id: EntryId,
    ) -> Result<Option<CheckIn>, StoreError> {
        let row: Option<CheckInRow> = on!(self.connection().await?, c => sqlx::query_as(CHECK_IN_BY_ID)
            .bind(person.0).bind(id.0).fetch_optional(c).await?);
        row.map(CheckIn::try_from).transpose()
    }

    /// What a person checked in by an event, for days since `since`, and that still stands.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn checked_in_by(
        &mut self,
        person: PersonId,
        event: &str,
        since: Date,
    ) -> Result<Vec<CheckIn>, StoreError> {
        let rows: Vec<CheckInRow> = on!(self.connection().await?, c => sqlx::query_as(CHECKED_IN_BY)
            .bind(person.0).bind(event).bind(since.to_string()).fetch_all(c).await?);
        rows.into_iter().map(CheckIn::try_from).collect()
    }

    /// What a person checked in last and that still stands, of days since `since`.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn latest_check_ins(
        &mut self,
        person: PersonId,
        since: Date,
    ) -> Result<Vec<CheckIn>, StoreError> {
        self.check_ins(LATEST_CHECK_INS, person, since).await
    }

    /// A person's check-ins before a day, newest day first: [`CHECK_INS_PAGE`] at most.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn check_ins_before(
        &mut self,
        person: PersonId,
        before: Date,
    ) -> Result<Vec<CheckIn>, StoreError> {
        self.check_ins(CHECK_INS_BEFORE, person, before).await
    }

    async fn check_ins(
        &mut self,
        sql: &'static str,
        person: PersonId,
        day: Date,
    ) -> Result<Vec<CheckIn>, StoreError> {
        let rows: Vec<CheckInRow> = on!(self.connection().await?, c => sqlx::query_as(sql)
            .bind(person.0).bind(day.to_string()).fetch_all(c).await?);
        rows.into_iter().map(CheckIn::try_from).collect()
    }

    /// Whether a person has ever checked in, taken back or not.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn has_checked_in(&mut self, person: PersonId) -> Result<bool, StoreError> {
        Ok(
            on!(self.connection().await?, c => sqlx::query_scalar(HAS_CHECKED_IN)
            .bind(person.0).fetch_one(c).await?),
        )
    }

    /// Changes the sets or the standing of a check-in, keeping what it said before.
    ///
    /// # Errors
    ///
    /// As [`Tx::check_in`].
    pub async fn change_check_in(
        &mut self,
        before: &CheckIn,
        after: &CheckIn,
        change: Change<'_>,
    ) -> Result<(), StoreError> {
        let old = serde_json::json!({
            "day": before.day.to_string(),
            "standing": before.standing.word(),
            "exercise": before.exercise.word(),
            "sets": before.sets,
        });
        execute!(
            self,
            CHANGE,
            before.id.0,
            change.now.as_millisecond(),
            change.event,
            change.what.word(),
            old.to_string()
        );
        if before.sets != after.sets {
            let sets = after.sets.map(i64::from);
            execute!(self, SET_SETS, before.id.0, sets);
        }
        if before.standing != after.standing {
            execute!(self, SET_STANDING, before.id.0, after.standing.word());
            let is_live = after.standing == Standing::Live;
            self.write_diary(before.account, before.day, |done| {
                if is_live {
                    done.with(before.exercise)
                } else {
                    done.without(before.exercise)
                }
            })
            .await?;
        }
        Ok(())
    }

    /// The days on which nothing is asked of a person: his pauses, the breaks of his clubs, and the
    /// days after pain.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn rests(&mut self, person: PersonId) -> Result<Vec<Rest>, StoreError> {
        let rows: Vec<(String, Option<String>)> = on!(self.connection().await?, c =>
            sqlx::query_as(RESTS).bind(person.0).fetch_all(c).await?);
        let mut rests: Vec<Rest> = rows.into_iter().map(rest).collect::<Result<_, _>>()?;
        let hurt: Vec<String> = on!(self.connection().await?, c => sqlx::query_scalar(HURT_DAYS)
            .bind(person.0).fetch_all(c).await?);
        for text in hurt {
            let first = day(&text)?;
            rests.push(Rest {
                first,
                last: Some(first.saturating_add(HURT_DAYS_AFTER.days())),
            });
        }
        Ok(rests)
    }

    /// Notes days on which nothing is asked of a person.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn rest(
        &mut self,
        person: PersonId,
        rest: Rest,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(
            self,
            NEW_REST,
            person.0,
            rest.first.to_string(),
            rest.last.map(|day| day.to_string()),
            now.as_millisecond()
        );
        Ok(())
    }

    /// The pause that a person is in, or that is still to come.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn pause(
        &mut self,
        person: PersonId,
        today: Date,
    ) -> Result<Option<Rest>, StoreError> {
        let row: Option<(String, Option<String>)> = on!(self.connection().await?, c =>
            sqlx::query_as(PAUSE).bind(person.0).bind(today.to_string()).fetch_optional(c).await?);
        row.map(rest).transpose()
    }

    /// Ends a person's pauses with yesterday. Tells whether there was one.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn resume(&mut self, person: PersonId, today: Date) -> Result<bool, StoreError> {
        let from = today.to_string();
        let yesterday = today.saturating_sub(1.days()).to_string();
        let dropped = execute!(self, UNREST, person.0, from.as_str());
        let ended = execute!(self, END_RESTS, person.0, from.as_str(), yesterday);
        Ok(dropped + ended > 0)
    }
}
