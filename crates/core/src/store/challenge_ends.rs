//! What comes of challenges by itself: a question on the evening of the last day, and the results.

use jiff::civil::{Date, DateTime, time};
use jiff::{SignedDuration, Timestamp};

use super::challenges::Participant;
use super::falling::too_late;
use super::parcel::Reason;
use super::rows::{instant, zone};
use super::{Fallen, Store, StoreError, Tx, execute, on, statements};
use crate::calendar::{Occurrence, Zone};
use crate::club::{
    AccountId, Challenge, ChallengeId, ChallengeState, ClubId, Course, Privacy, RoomId,
};

statements! {
    NEXT_DUE = "select next_due from challenge where next_due is not null
        order by next_due, id limit 1";
    DUE = "select h.id, h.next_due, h.asked, c.zone from challenge h join club c on c.id = h.club_id
        where h.next_due <= $1 order by h.next_due, h.id limit 1";
    LOOK_AGAIN = "update challenge set next_due = $2 where id = (
            select id from challenge where next_due <= $1 order by next_due, id limit 1)";
    OF_CLUB = "select h.id, h.asked, c.zone from challenge h join club c on c.id = h.club_id
        where h.club_id = $1 and h.state = 'open' order by h.id";
    MOVE = "update challenge set last_day = $2, asked = $3, next_due = $4
        where id = $1 and state = 'open'";
    /// Only if nobody else was faster.
    ASKED = "update challenge set asked = $3, next_due = $4
        where id = $1 and state = 'open' and next_due = $2";
    /// Likewise.
    END = "update challenge set state = 'over', next_due = null, last_day = $3, total = $4, joined = $5
        where id = $1 and state = 'open' and next_due = $2";
    NEW_RESULT = "insert into challenge_result (challenge_id, account_id, days) values ($1, $2, $3)";
    /// Where a chat of a club hears results: in its home, else where its oldest reminder comes, else where
    /// the challenge was started.
    ROOMS = "select coalesce(
            (select r.id from room r where r.chat_id = c.id and r.is_home),
            (select r.id from reminder m join room r on r.id = m.room_id
                where r.chat_id = c.id order by m.id limit 1),
            (select r.id from challenge h join room r on r.id = h.room_id
                where h.id = $2 and r.chat_id = c.id)
        ) as room
        from chat c where c.club_id = $1 order by c.id";
    POST_RESULT = "insert into outbox (kind, platform, room_id, challenge_id, occurrence, state, reason,
            due, not_before, expires)
        select 'result', r.platform, r.id, $2, $3, $4, $5, $6, $6, $7 from room r where r.id = $1
        on conflict do nothing";
    ASK = "insert into outbox (kind, platform, account_id, challenge_id, state, due, not_before,
            expires)
        select 'ask', a.platform, a.id, $2, 'waiting', $3, $3, $4 from account a where a.id = $1
        on conflict do nothing";
    NOTICE = "insert into outbox (kind, platform, account_id, challenge_id, state, reason, due,
            not_before, expires)
        select 'notice', a.platform, a.id, $1, 'waiting', $2, $3, $3, $4 from account a
        where a.id in (
            select k.account_id from challenge_maker k where k.challenge_id = $1
            union
            select d.account_id from challenge h join deputy d on d.club_id = h.club_id
            where h.id = $1)
            and not exists (select 1 from outbox n where n.account_id = a.id and n.kind = 'notice'
                and n.challenge_id = $1)
        on conflict do nothing";
}

/// How long a challenge that cannot be read is left alone.
const LOOK_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// How long the maker of a challenge may be told that its results were not posted.
const NOTICE_LASTS: SignedDuration = SignedDuration::from_hours(24);

/// When a challenge says something by itself.
struct Times {
    /// In the evening of its last day, who is about to win and is not named is asked whether he wants
    /// to be.
    ask: Timestamp,
    /// On the day after it, results.
    results: Occurrence,
}

impl Times {
    fn of(course: &Course, zone: &Zone) -> Self {
        let ask = course.last().to_datetime(time(18, 0, 0, 0));
        Self {
            ask: at(ask, zone),
            results: course.results(zone),
        }
    }
}

/// A time that the clocks jump over comes that much later, one that comes twice counts the first time.
fn at(civil: DateTime, zone: &Zone) -> Timestamp {
    let mapped = zone.rules().to_ambiguous_timestamp(civil).compatible();
    mapped.unwrap_or(Timestamp::MAX)
}

/// What is written down of a challenge that ends.
struct Ending {
    participants: Vec<(AccountId, u32)>,
    total: u32,
}

impl Store {
    /// When the next challenge has something to say.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn next_challenge_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let due: Option<i64> = on!(self.reader(), pool => sqlx::query_scalar(NEXT_DUE)
            .fetch_optional(pool).await?);
        due.map(instant).transpose()
    }

    /// Lets challenges say what is due, `most` of them at most, each in a transaction of its own. Results
    /// are written down once, whatever becomes of the posts that tell them.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: then the one it failed at has said nothing.
    pub async fn challenges_fall_due(
        &self,
        now: Timestamp,
        most: u16,
    ) -> Result<Fallen, StoreError> {
        let mut fallen = Fallen::default();
        for _ in 0..most {
            let mut tx = self.begin().await?;
            let one = match tx.challenge_falls_due(now).await {
                Ok(Some(one)) => one,
                Ok(None) => break,
                Err(error @ (StoreError::Nonsense { .. } | StoreError::Answer(_))) => {
                    // It holds up no other.
                    tracing::error!(%error, "a challenge cannot be read; looking again in an hour");
                    drop(tx);
                    self.look_again_at_challenge(now).await?;
                    continue;
                }
                Err(error) => return Err(error),
            };
            tx.commit().await?;
            fallen.due += one.due;
            fallen.waiting += one.waiting;
            fallen.too_late += one.too_late;
        }
        Ok(fallen)
    }

    /// Leaves the challenge that is due first alone for a while.
    async fn look_again_at_challenge(&self, now: Timestamp) -> Result<(), StoreError> {
        let later = now.checked_add(LOOK_AGAIN_AFTER).unwrap_or(now);
        let mut tx = self.begin().await?;
        let (now, later) = (now.as_millisecond(), later.as_millisecond());
        execute!(tx, LOOK_AGAIN, now, later);
        tx.commit().await
    }
}

impl Tx {
    /// After a challenge is new, or its club's breaks or zone have changed: its last day, and what it
    /// says next, are when they are now.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn move_challenges(
        &mut self,
        club: ClubId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let rows: Vec<(i64, bool, Option<String>)> = on!(self.connection().await?, c =>
            sqlx::query_as(OF_CLUB).bind(club.0).fetch_all(c).await?);
        for (id, asked, zone_name) in rows {
            let Some(challenge) = self.challenge(ChallengeId(id)).await? else {
                continue;
            };
            let course = self.course(&challenge).await?;
            let times = Times::of(&course, &club_zone(zone_name)?);
            // Who was asked before the end moved on is about to win no more, and another may be.
            let asked = asked && times.ask <= now;
            let next = if asked { times.results.at } else { times.ask };
            execute!(
                self,
                MOVE,
                id,
                course.last().to_string(),
                asked,
                next.as_millisecond()
            );
        }
        Ok(())
    }

    /// Lets the challenge that is due first say what it has to, if one is.
    pub(super) async fn challenge_falls_due(
        &mut self,
        now: Timestamp,
    ) -> Result<Option<Fallen>, StoreError> {
        let row: Option<(i64, i64, bool, Option<String>)> = on!(self.connection().await?, c =>
            sqlx::query_as(DUE).bind(now.as_millisecond()).fetch_optional(c).await?);
        let Some((id, due, asked, zone_name)) = row else {
            return Ok(None);
        };
        let mut fallen = Fallen {
            due: 1,
            ..Fallen::default()
        };
        let Some(challenge) = self.challenge(ChallengeId(id)).await? else {
            return Ok(Some(fallen));
        };
        let course = self.course(&challenge).await?;
        let zone = club_zone(zone_name)?;
        let times = Times::of(&course, &zone);
        let all = self.participants(challenge.id).await?;
        if times.results.at <= now {
            let days = |one: &Participant| (one.account, challenge.days_done(&course, &one.diary));
            let participants: Vec<_> = all.iter().map(days).collect();
            let total = participants.iter().map(|(_, days)| days).sum();
            let ending = Ending {
                participants,
                total,
            };
            if self
                .end_challenge(&challenge, due, course.last(), &ending)
                .await?
            {
                let late = too_late(times.results, &zone);
                (fallen.waiting, fallen.too_late) = self
                    .post_results(&challenge, times.results, (late, now))
                    .await?;
            }
            return Ok(Some(fallen));
        }
        let asks = times.ask <= now;
        let next = if asks { times.results.at } else { times.ask };
        let moved = execute!(self, ASKED, id, due, asked || asks, next.as_millisecond());
        if moved == 1 && asks && !asked {
            let asked = about_to_win(&challenge, &course, all);
            fallen.waiting = asked.len();
            for account in asked {
                let (due, expires) = (now.as_millisecond(), times.results.at.as_millisecond());
                execute!(self, ASK, account.0, id, due, expires);
            }
        }
        Ok(Some(fallen))
    }

    /// Writes down how a challenge ended. Tells whether nobody else has.
    async fn end_challenge(
        &mut self,
        challenge: &Challenge,
        due: i64,
        last: Date,
        ending: &Ending,
    ) -> Result<bool, StoreError> {
        let joined = i64::try_from(ending.participants.len()).unwrap_or(i64::MAX);
        let ended = execute!(
            self,
            END,
            challenge.id.0,
            due,
            last.to_string(),
            i64::from(ending.total),
            joined
        );
        if ended == 0 {
            return Ok(false);
        }
        for (account, days) in &ending.participants {
            let days = i64::from(*days);
            execute!(self, NEW_RESULT, challenge.id.0, account.0, days);
        }
        Ok(true)
    }

    /// Puts the results into the outbox, for each chat of the club that has a room for them. Tells how
    /// many are to be sent, and for how many it is too late.
    async fn post_results(
        &mut self,
        challenge: &Challenge,
        results: Occurrence,
        (expires, now): (Timestamp, Timestamp),
    ) -> Result<(usize, usize), StoreError> {
        let rooms: Vec<Option<i64>> = on!(self.connection().await?, c => sqlx::query_scalar(ROOMS)
            .bind(challenge.club.0).bind(challenge.id.0).fetch_all(c).await?);
        let late = expires <= now;
        let (state, reason) = if late {
            ("expired", Some(Reason::Late.word()))
        } else {
            ("waiting", None)
        };
        let mut new = 0;
        for room in rooms.into_iter().flatten().map(RoomId) {
            new += execute!(
                self,
                POST_RESULT,
                room.0,
                challenge.id.0,
                results.civil.to_string(),
                state,
                reason,
                results.at.as_millisecond(),
                expires.as_millisecond()
            );
        }
        let new = usize::try_from(new).unwrap_or(0);
        Ok(if late { (0, new) } else { (new, 0) })
    }

    /// Whoever made a challenge and the deputies of its club are to be told, privately, that its results could not be posted, each once. Tells
    /// whether there is anybody to tell.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn results_notice(
        &mut self,
        id: ChallengeId,
        reason: Reason,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let until = now.checked_add(NOTICE_LASTS).unwrap_or(Timestamp::MAX);
        let told = execute!(
            self,
            NOTICE,
            id.0,
            reason.word(),
            now.as_millisecond(),
            until.as_millisecond()
        );
        Ok(told > 0)
    }
}

/// Who has done most, shared or not, and would not be named.
fn about_to_win(challenge: &Challenge, course: &Course, all: Vec<Participant>) -> Vec<AccountId> {
    debug_assert!(challenge.state == ChallengeState::Open);
    let days: Vec<_> = all
        .into_iter()
        .map(|one| (challenge.days_done(course, &one.diary), one))
        .collect();
    let most = days.iter().map(|(days, _)| *days).max().unwrap_or(0);
    let wins = days
        .into_iter()
        .filter(|(days, _)| *days == most && most > 0);
    wins.filter(|(_, one)| one.privacy == Privacy::Hidden && !one.named)
        .map(|(_, one)| one.account)
        .collect()
}

fn club_zone(name: Option<String>) -> Result<Zone, StoreError> {
    Ok(name.map(zone).transpose()?.unwrap_or_else(Zone::utc))
}
