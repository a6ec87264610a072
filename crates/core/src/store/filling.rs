//! For measurements alone: a database with more in it than anybody would type, and what became of it.
//!
//! It fills an empty database, in which everything is numbered from one on: club 7 has one chat and one
//! room, `c7`, and its members are `p3001` to `p3500` if each club has 500.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use super::falling::NEXT_DUE;
use super::reminders::DUE;
use super::rows::instant;
use super::{Store, StoreError, execute, on, statements};
use crate::calendar::{Schedule, Zone};
use crate::club::{Platform, PostId, Privacy};
use crate::exercise::{Diary, Exercise, Exercises, Tested};
use crate::measure::{Side, State};

macro_rules! as_many {
    ($sql:literal) => {
        concat!(
            "with recursive n (i) as (
                select cast(1 as bigint) union all select i + 1 from n where i < $1
            ) ",
            $sql
        )
    };
}

statements! {
    LAST_CLUB = "select coalesce(max(id), 0) from club";
    CLUBS = as_many!("insert into club (since) select $2 from n");
    CHATS = "insert into chat (club_id, platform, external, since)
        select id, $1, 'c' || cast(id as text), $2 from club where id > $3 order by id";
    ROOMS = "insert into room (chat_id, platform, external, since)
        select id, $1, external, $2 from chat where id > $3 order by id";
    REMINDERS = "insert into reminder (room_id, schedule, exercises, zone, next_civil, next_due, since)
        select id, $1, $2, $3, $4, $5, $6 from room where id > $7 order by id";
    PERSONS = as_many!("insert into person (privacy, since) select $3, $2 from n");
    ACCOUNTS = "insert into account (person_id, platform, external, name, since)
        select id, $1, 'p' || cast(id as text), 'Runner ' || cast(id as text), $2
        from person order by id";
    SEEN = "insert into seen (account_id, chat_id, first)
        select id, (id - 1) / $1 + 1, $2 from account";
    TESTS = "insert into entry (account_id, kind, day, zone, logged_at, event, standing, side, state,
            reach_dmm, tries, spread_dmm, typed, unit)
        select id, 'lunge', $1, 'UTC', $2, $3, 'live', $4, $5, 900 + id % 90, 1, 0, '9.5', 'cm'
        from account where id % 10 <= $6";
    CHECK_INS = "insert into entry (account_id, kind, day, zone, logged_at, event, standing, exercise)
        select id, 'done', $1, 'UTC', $2, $3, 'live', $4 from account where id % 10 <= $5";
    DIARIES = "insert into diary (account_id, first_day, days)
        select id, $1, $2 from account where id % 10 = $3";
    TESTED = "insert into tested (account_id, first_day, days)
        select id, $1, $2 from account where id % 10 = $3";
    ENTRIES = "select count(*) from entry";
    POSTS = "select o.id, o.occurrence, r.external, o.state, o.reason, o.due, o.sent_at, o.attempts,
            o.repeats
        from outbox o join room r on r.id = o.room_id where o.kind = 'post' order by o.id";
}

/// How many rooms or people are made in one transaction: a server gives each statement five seconds.
const AT_ONCE: i64 = 20_000;

/// People to be made, and what they have done.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    /// How many clubs there are already.
    pub clubs: i64,
    /// How many people each has.
    pub members: i64,
    /// How many days back it goes.
    pub days: u16,
    /// The last of them.
    pub today: Date,
}

/// A post, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// Its number.
    pub id: PostId,
    /// The civil date and time that it is for, as text.
    pub civil: String,
    /// The room, as the platform calls it.
    pub room: String,
    /// The word for its state.
    pub state: String,
    /// The word for why it was not sent, or not yet.
    pub reason: Option<String>,
    /// When it was due.
    pub due: Timestamp,
    /// When it was known to be there.
    pub sent: Option<Timestamp>,
    /// How often it was tried.
    pub attempts: i64,
    /// How many of the tries may have said it twice.
    pub repeats: i64,
}

impl Store {
    /// Makes clubs with a chat and a room each, and a reminder there that falls due first at `first`.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn fill_rooms(
        &self,
        platform: Platform,
        count: i64,
        (schedule, zone, first): (&Schedule, &Zone, DateTime),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let due = zone.rules().to_ambiguous_timestamp(first).compatible();
        let due = due.map_err(|_| super::rows::nonsense("a civil time", first))?;
        let since = now.as_millisecond();
        let mut left = count;
        while left > 0 {
            let some = left.min(AT_ONCE);
            let mut tx = self.begin().await?;
            let before: i64 = on!(tx.connection().await?, c => sqlx::query_scalar(LAST_CLUB)
                .fetch_one(c).await?);
            execute!(tx, CLUBS, some, since);
            execute!(tx, CHATS, platform.0, since, before);
            execute!(tx, ROOMS, platform.0, since, before);
            execute!(
                tx,
                REMINDERS,
                schedule.to_string(),
                Exercises::NONE.with(Exercise::CalfRaise).words(),
                zone.name(),
                first.to_string(),
                due.as_millisecond(),
                since,
                before
            );
            tx.commit().await?;
            left -= some;
        }
        Ok(())
    }

    /// Makes the members of the clubs that are there, and what they did, a tenth of them every day and a
    /// tenth every tenth day: two exercises, and on every third day a test of both legs. Returns how many
    /// entries that makes.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn fill_members(
        &self,
        platform: Platform,
        crowd: Crowd,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let Crowd {
            clubs,
            members,
            days,
            today,
        } = crowd;
        let since = now.as_millisecond();
        let mut tx = self.begin().await?;
        let shown = Privacy::Shown.word();
        execute!(tx, PERSONS, clubs * members, since, shown);
        execute!(tx, ACCOUNTS, platform.0, since);
        execute!(tx, SEEN, members, since);
        tx.commit().await?;
        let both = Exercises::NONE
            .with(Exercise::CalfRaise)
            .with(Exercise::CalfStretch);
        let mut diaries: [(Diary, Diary<Tested>); 10] = Default::default();
        for back in (0..i64::from(days)).rev() {
            let day = today.saturating_sub(jiff::Span::new().days(back));
            // Of ten people as many as that do it, on this day of ten.
            let busy = 9 - back % 10;
            let tests = back % 3 == 0;
            self.fill_day(day, busy, tests, since).await?;
            for (_, (diary, tested)) in (0..=busy).zip(&mut diaries) {
                diary.set(day, both);
                tested.set(day, Tested(tests));
            }
        }
        let mut tx = self.begin().await?;
        for (class, (diary, tested)) in (0_i64..).zip(&diaries) {
            if let Some((first, text)) = diary.text() {
                execute!(tx, DIARIES, first.to_string(), text, class);
            }
            if let Some((first, text)) = tested.text() {
                execute!(tx, TESTED, first.to_string(), text, class);
            }
        }
        tx.commit().await?;
        if let super::tx::Either::Postgres(pool) = self.reader() {
            // A server in use does it by itself, some time after so much was written.
            sqlx::query("analyze").execute(pool).await?;
        }
        Ok(on!(self.reader(), pool => sqlx::query_scalar(ENTRIES).fetch_one(pool).await?))
    }

    async fn fill_day(&self, day: Date, busy: i64, tests: bool, at: i64) -> Result<(), StoreError> {
        let (day, event) = (day.to_string(), format!("fill:{day}"));
        let mut tx = self.begin().await?;
        for exercise in [Exercise::CalfRaise, Exercise::CalfStretch] {
            let (day, event) = (day.as_str(), event.as_str());
            let word = exercise.word();
            execute!(tx, CHECK_INS, day, at, event, word, busy);
        }
        for side in [Side::Left, Side::Right].into_iter().filter(|_| tests) {
            execute!(
                tx,
                TESTS,
                day.as_str(),
                at,
                event.as_str(),
                side.word(),
                State::Cold.word(),
                busy
            );
        }
        tx.commit().await
    }

    /// How the database finds what falls due: the steps of its plan, by statement.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn plans_of_due(
        &self,
        now: Timestamp,
    ) -> Result<Vec<(&'static str, Vec<String>)>, StoreError> {
        let mut plans = Vec::new();
        for (name, sql) in [("next due", NEXT_DUE), ("due", DUE)] {
            let sql = sql
                .replace("$1", &now.as_millisecond().to_string())
                .replace("$2", "50");
            let steps = on!(self.reader(), pool => plan(pool, &sql).await?);
            plans.push((name, steps));
        }
        Ok(plans)
    }

    /// All posts that have fallen due, and what became of each.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn delivered(&self) -> Result<Vec<Delivered>, StoreError> {
        #[rustfmt::skip]
        type Row = (i64, String, String, String, Option<String>, i64, Option<i64>, i64, i64);
        let rows: Vec<Row> =
            on!(self.reader(), pool => sqlx::query_as(POSTS).fetch_all(pool).await?);
        rows.into_iter()
            .map(
                |(id, civil, room, state, reason, due, sent, attempts, repeats)| {
                    Ok(Delivered {
                        id: PostId(id),
                        civil,
                        room,
                        state,
                        reason,
                        due: instant(due)?,
                        sent: sent.map(instant).transpose()?,
                        attempts,
                        repeats,
                    })
                },
            )
            .collect()
    }
}

/// A pool of whose database it is known what a plan looks like.
trait Explains {
    async fn explain(&self, sql: &str) -> Result<Vec<String>, sqlx::Error>;
}

impl Explains for sqlx::SqlitePool {
    async fn explain(&self, sql: &str) -> Result<Vec<String>, sqlx::Error> {
        type Row = (i64, i64, i64, String);
        let sql = sqlx::AssertSqlSafe(format!("explain query plan {sql}"));
        let rows: Vec<Row> = sqlx::query_as(sql).fetch_all(self).await?;
        Ok(rows.into_iter().map(|(_, _, _, step)| step).collect())
    }
}

impl Explains for sqlx::PgPool {
    async fn explain(&self, sql: &str) -> Result<Vec<String>, sqlx::Error> {
        let sql = sqlx::AssertSqlSafe(format!("explain (analyze, buffers) {sql}"));
        sqlx::query_scalar(sql).fetch_all(self).await
    }
}

async fn plan(pool: &impl Explains, sql: &str) -> Result<Vec<String>, StoreError> {
    Ok(pool.explain(sql).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::club::BoardTime;
    use jiff::civil::date;

    const HERE: Platform = Platform("test");

    #[tokio::test]
    async fn what_is_filled_in_is_what_a_board_and_a_reminder_find() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/a.db", folder.path().display());
        let store = Store::open(&url).await.unwrap();
        let (now, today) = (Timestamp::UNIX_EPOCH, date(2026, 11, 24));
        let schedule: Schedule = "07:00 mon,tue,wed,thu,fri,sat,sun".parse().unwrap();
        let first = today.at(7, 0, 0, 0);
        let zone = Zone::utc();
        for _ in 0..2 {
            let filled = store.fill_rooms(HERE, 2, (&schedule, &zone, first), now);
            filled.await.unwrap();
        }
        let due = "2026-11-24T07:00:00Z".parse().unwrap();
        assert_eq!(store.next_due().await.unwrap(), Some(due));
        let mut tx = store.begin().await.unwrap();
        let all = tx.due_reminders(due, 10).await.unwrap();
        assert_eq!(
            (all.len(), all[3].next),
            (4, schedule.next(&zone, now).and(all[0].next))
        );
        drop(tx);
        let crowd = Crowd {
            clubs: 4,
            members: 20,
            days: 30,
            today,
        };
        let entries = store.fill_members(HERE, crowd, now).await.unwrap();
        // Of ten people, 5.5 on an average day; two exercises on 30 days, two legs on 10.
        assert_eq!(entries, 4 * 2 * (2 * 165 + 2 * 55));
        let mut tx = store.begin().await.unwrap();
        let club = crate::club::ClubId(3);
        let week = (BoardTime::Week.first_day(today), today);
        let diaries = tx.member_diaries(club).await.unwrap();
        assert_eq!((diaries.len(), &*diaries[0].name), (20, "Runner 41"));
        let most = diaries
            .iter()
            .map(|one| one.done.tally(week.0, week.1).check_ins);
        assert_eq!(most.max(), Some(4));
        let tests = tx.member_tests(club, week).await.unwrap();
        assert_eq!((tests.len(), tests[0].done), (20, 1));
    }
}
