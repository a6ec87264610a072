//! Challenges of clubs: who takes part, and where they stand.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};

use super::rows::{day, nonsense};
use super::{Store, StoreError, Tx, Who, diaries, execute, on, statements};
use crate::calendar::{Occurrence, Zone};
use crate::club::{
    AccountId, Challenge, ChallengeDay, ChallengeId, ChallengeStanding, ChallengeState, ClubId,
    Course, PersonId, Phase, PostId, Privacy, Reminder, RoomId, Score, Title,
};
use crate::exercise::{Diary, DoneReading, Exercises};

macro_rules! challenges_where {
    ($condition:literal) => {
        concat!(
            "select id, club_id, title, exercises, first_day, last_day, days, goal, state, total,
            joined from challenge where ",
            $condition
        )
    };
}

statements! {
    NEW_CHALLENGE = "insert into challenge (club_id, title, title_key, exercises, first_day, last_day,
            days, goal, state, since, room_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10) returning id";
    NEW_MAKER = "insert into challenge_maker (challenge_id, account_id) values ($1, $2)";
    OPEN = challenges_where!("club_id = $1 and state = 'open' order by first_day, id");
    OVER = challenges_where!("club_id = $1 and state = 'over' order by id desc limit $2");
    BY_ID = challenges_where!("id = $1");
    CANCEL = "update challenge set state = 'cancelled', next_due = null
        where id = $1 and state = 'open'";
    JOIN = "insert into challenge_member (challenge_id, account_id, joined_at) values ($1, $2, $3)
        on conflict (challenge_id, account_id) do nothing";
    HAS_JOINED = "select exists (
            select 1 from challenge_member k join account a on a.id = k.account_id
            where k.challenge_id = $1 and a.person_id = $2)";
    LEAVE = "delete from challenge_member where challenge_id = $1
        and account_id in (select id from account where person_id = $2)";
    NAME = "update challenge_member set named = $3 where challenge_id = $1
        and account_id in (select id from account where person_id = $2)";
    /// Who has joined and is still in the club, each person once, and what he has done on all his
    /// accounts.
    MEMBERS = "with member as (
            select a.person_id, min(a.id) as account_id,
                max(case when k.named then 1 else 0 end) as named
            from challenge h
            join challenge_member k on k.challenge_id = h.id
            join account a on a.id = k.account_id
            join seen s on s.account_id = a.id and s.left_at is null
            join chat c on c.id = s.chat_id and c.club_id = h.club_id
            where h.id = $1
            group by a.person_id
        )
        select m.person_id, m.account_id, n.name, p.privacy, cast(m.named as bigint) as named,
            d.first_day, d.days
        from member m
        join account n on n.id = m.account_id
        join person p on p.id = m.person_id
        join account b on b.person_id = m.person_id
        left join diary d on d.account_id = b.id";
    /// What was written down when it ended. Whoever has left since is not named any more.
    RESULTS = "select a.person_id, a.name, p.privacy, r.days,
            cast(case when k.named then 1 else 0 end as bigint) as named,
            cast(case when exists (
                select 1 from seen s join chat c on c.id = s.chat_id
                where s.account_id = r.account_id and s.left_at is null and c.club_id = h.club_id
            ) then 1 else 0 end as bigint) as still
        from challenge h
        join challenge_result r on r.challenge_id = h.id
        join account a on a.id = r.account_id
        join person p on p.id = a.person_id
        left join challenge_member k on k.challenge_id = h.id and k.account_id = r.account_id
        where h.id = $1";
    /// As much as is known: the latest post of a room is kept for as long as it stands there.
    POST_BEFORE = "select h.since, (
            select max(o.occurrence) from outbox o
            where o.room_id = $2 and o.kind = 'post' and o.state = 'sent' and o.sent_at >= h.since
                and (o.occurrence < $3 or (o.occurrence = $3 and o.id < $4)))
        from challenge h where h.id = $1";
    SUGGESTED = "select h.id, h.title from challenge h
        where h.state <> 'cancelled' and h.club_id in (
            select c.club_id from account a
            join seen s on s.account_id = a.id and s.left_at is null
            join chat c on c.id = s.chat_id
            where a.platform = $1 and a.external = $2)
        order by case when h.state = 'open' then 0 else 1 end, h.id desc limit 25";
}

/// A challenge to be made.
#[derive(Clone, Debug)]
pub struct NewChallenge<'a> {
    /// Whose it is.
    pub club: ClubId,
    /// What it is called.
    pub title: &'a Title,
    /// What counts.
    pub exercises: Exercises,
    /// The day it is to begin on.
    pub first: Date,
    /// How many days it has.
    pub days: u16,
    /// How many days of everybody together are aimed at.
    pub goal: u32,
    /// Where it is started.
    pub room: Option<RoomId>,
}

/// Somebody who takes part in a challenge.
#[derive(Clone, Debug)]
pub(super) struct Participant {
    pub person: PersonId,
    /// The first of his accounts that joined.
    pub account: AccountId,
    pub name: String,
    pub privacy: Privacy,
    /// Whether he wants to be named in the results all the same.
    pub named: bool,
    pub diary: Diary,
}

#[derive(sqlx::FromRow)]
struct ChallengeRow {
    id: i64,
    club_id: i64,
    title: String,
    exercises: String,
    first_day: String,
    last_day: String,
    days: i64,
    goal: i64,
    state: String,
    total: Option<i64>,
    joined: Option<i64>,
}

fn count(number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| nonsense("a count", number))
}

impl TryFrom<ChallengeRow> for Challenge {
    type Error = StoreError;

    fn try_from(row: ChallengeRow) -> Result<Self, StoreError> {
        let read: Result<DoneReading, _> = row.exercises.parse();
        let state = match (row.state.as_str(), row.total, row.joined) {
            ("open", ..) => ChallengeState::Open,
            ("cancelled", ..) => ChallengeState::Cancelled,
            ("over", Some(total), Some(joined)) => ChallengeState::Over {
                last: day(&row.last_day)?,
                total: count(total)?,
                joined: count(joined)?,
            },
            _ => return Err(nonsense("a state of a challenge", row.state)),
        };
        Ok(Self {
            id: ChallengeId(row.id),
            club: ClubId(row.club_id),
            title: row
                .title
                .parse()
                .map_err(|_| nonsense("a title", row.title))?,
            exercises: read
                .map_err(|_| nonsense("exercises", row.exercises))?
                .exercises,
            first: day(&row.first_day)?,
            days: u16::try_from(row.days).map_err(|_| nonsense("a number of days", row.days))?,
            goal: count(row.goal)?,
            state,
        })
    }
}

impl Store {
    /// The challenges of the clubs that an account is in, running ones first, for suggestions.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn challenges_of(
        &self,
        who: Who<'_>,
    ) -> Result<Vec<(ChallengeId, String)>, StoreError> {
        let rows: Vec<(i64, String)> = on!(self.reader(), pool => sqlx::query_as(SUGGESTED)
            .bind(who.platform.0).bind(who.external).fetch_all(pool).await?);
        Ok(rows
            .into_iter()
            .map(|(id, title)| (ChallengeId(id), title))
            .collect())
    }
}

impl Tx {
    /// Makes a challenge, and notes who did if it was somebody. When it falls due is set by
    /// [`Tx::move_challenges`].
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] if one of that title has been made at the same moment.
    pub async fn new_challenge(
        &mut self,
        new: &NewChallenge<'_>,
        by: Option<AccountId>,
        now: Timestamp,
    ) -> Result<ChallengeId, StoreError> {
        let id: i64 = on!(self.connection().await?, c => sqlx::query_scalar(NEW_CHALLENGE)
            .bind(new.club.0)
            .bind(new.title.as_str())
            .bind(new.title.key())
            .bind(new.exercises.words())
            .bind(new.first.to_string())
            .bind(new.first.to_string())
            .bind(i64::from(new.days))
            .bind(i64::from(new.goal))
            .bind(now.as_millisecond())
            .bind(new.room.map(|room| room.0))
            .fetch_one(c).await?);
        if let Some(account) = by {
            execute!(self, NEW_MAKER, id, account.0);
        }
        Ok(ChallengeId(id))
    }

    /// The challenges of a club that are not over, in the order in which they begin.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn challenges(&mut self, club: ClubId) -> Result<Vec<Challenge>, StoreError> {
        let rows: Vec<ChallengeRow> = on!(self.connection().await?, c => sqlx::query_as(OPEN)
            .bind(club.0).fetch_all(c).await?);
        rows.into_iter().map(Challenge::try_from).collect()
    }

    /// The latest challenges of a club whose results stand, `most` at most, latest first.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn challenges_over(
        &mut self,
        club: ClubId,
        most: u16,
    ) -> Result<Vec<Challenge>, StoreError> {
        let rows: Vec<ChallengeRow> = on!(self.connection().await?, c => sqlx::query_as(OVER)
            .bind(club.0).bind(i64::from(most)).fetch_all(c).await?);
        rows.into_iter().map(Challenge::try_from).collect()
    }

    /// A challenge by its number, whatever has become of it.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn challenge(&mut self, id: ChallengeId) -> Result<Option<Challenge>, StoreError> {
        let row: Option<ChallengeRow> = on!(self.connection().await?, c => sqlx::query_as(BY_ID)
            .bind(id.0).fetch_optional(c).await?);
        row.map(Challenge::try_from).transpose()
    }

    /// Calls a challenge off. Tells whether it was not over yet.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn cancel_challenge(&mut self, id: ChallengeId) -> Result<bool, StoreError> {
        Ok(execute!(self, CANCEL, id.0) == 1)
    }

    /// Somebody takes part. Tells whether he did not before.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn join_challenge(
        &mut self,
        id: ChallengeId,
        account: AccountId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let now = now.as_millisecond();
        Ok(execute!(self, JOIN, id.0, account.0, now) == 1)
    }

    /// Whether somebody takes part, with any of his accounts.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn has_joined(
        &mut self,
        id: ChallengeId,
        person: PersonId,
    ) -> Result<bool, StoreError> {
        Ok(
            on!(self.connection().await?, c => sqlx::query_scalar(HAS_JOINED)
            .bind(id.0).bind(person.0).fetch_one(c).await?),
        )
    }

    /// Somebody takes part no more. Tells whether he did.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn leave_challenge(
        &mut self,
        id: ChallengeId,
        person: PersonId,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self, LEAVE, id.0, person.0) > 0)
    }

    /// Whether the results of a challenge may name somebody whom boards do not. Tells whether he takes
    /// part.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn name_in_results(
        &mut self,
        id: ChallengeId,
        person: PersonId,
        named: bool,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self, NAME, id.0, person.0, named) > 0)
    }

    /// The days of a challenge, as its club's breaks make them.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn course(&mut self, challenge: &Challenge) -> Result<Course, StoreError> {
        let breaks = self.breaks(challenge.club, challenge.first).await?;
        Ok(Course::new(challenge.first, challenge.days, &breaks))
    }

    /// Who takes part in a challenge and is in its club.
    pub(super) async fn participants(
        &mut self,
        id: ChallengeId,
    ) -> Result<Vec<Participant>, StoreError> {
        type Row = (
            i64,
            i64,
            String,
            String,
            i64,
            Option<String>,
            Option<String>,
        );
        let rows: Vec<Row> = on!(self.connection().await?, c => sqlx::query_as(MEMBERS)
            .bind(id.0).fetch_all(c).await?);
        let mut all: BTreeMap<i64, Participant> = BTreeMap::new();
        for (person, account, name, shown, named, first, days) in rows {
            let diary = match (first, days) {
                (Some(first), Some(days)) => diaries::read(&first, &days)?,
                _ => Diary::default(),
            };
            if let Some(one) = all.get_mut(&person) {
                one.diary.merge(&diary);
                continue;
            }
            let one = Participant {
                person: PersonId(person),
                account: AccountId(account),
                name,
                privacy: privacy(&shown)?,
                named: named == 1,
                diary,
            };
            all.insert(person, one);
        }
        Ok(all.into_values().collect())
    }

    /// Each one's days in a challenge: as they are, or as they were written down when it ended.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn challenge_scores(
        &mut self,
        challenge: &Challenge,
        course: &Course,
    ) -> Result<Vec<Score>, StoreError> {
        if let ChallengeState::Over { .. } = challenge.state {
            return self.results(challenge.id).await;
        }
        let all = self.participants(challenge.id).await?;
        let score = |one: Participant| Score {
            score: challenge.days_done(course, &one.diary),
            person: one.person,
            name: one.name,
            privacy: one.privacy,
        };
        Ok(all.into_iter().map(score).collect())
    }

    async fn results(&mut self, id: ChallengeId) -> Result<Vec<Score>, StoreError> {
        let rows: Vec<(i64, String, String, i64, i64, i64)> = on!(self.connection().await?, c =>
            sqlx::query_as(RESULTS).bind(id.0).fetch_all(c).await?);
        rows.into_iter()
            .map(|(person, name, shown, days, named, still)| {
                let shows = privacy(&shown)? == Privacy::Shown || named == 1;
                Ok(Score {
                    person: PersonId(person),
                    name,
                    privacy: if shows && still == 1 {
                        Privacy::Shown
                    } else {
                        Privacy::Hidden
                    },
                    score: count(days)?,
                })
            })
            .collect()
    }

    /// Where a challenge stands, on its club's day.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn challenge_standing(
        &mut self,
        challenge: &Challenge,
        course: &Course,
        today: (Date, Zone),
    ) -> Result<ChallengeStanding, StoreError> {
        let scores = self.challenge_scores(challenge, course).await?;
        let standing = ChallengeStanding::of(scores, today);
        Ok(match challenge.state {
            ChallengeState::Over { total, joined, .. } => standing.frozen(total, joined),
            ChallengeState::Open | ChallengeState::Cancelled => standing,
        })
    }

    /// What the challenges of a club have a post say: that they begin, are half-way or end.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn challenges_in(
        &mut self,
        club: ClubId,
        post: PostOf<'_>,
    ) -> Result<Vec<ChallengeDay>, StoreError> {
        let day = post.occurrence.civil.date();
        let mut all = Vec::new();
        let mut next = None;
        for challenge in self.challenges(club).await? {
            let course = self.course(&challenge).await?;
            let Some(number) = course.number(day) else {
                continue;
            };
            let next = match next {
                Some(next) => next,
                None => *next.insert(self.next_post(club, &post).await?),
            };
            let before = self.post_before(challenge.id, &post).await?;
            let phases = course.phases(day, (before, next));
            let scores = if phases.iter().all(|phase| *phase == Phase::First) {
                Vec::new()
            } else {
                self.challenge_scores(&challenge, &course).await?
            };
            all.extend(phases.into_iter().map(|phase| ChallengeDay {
                id: challenge.id,
                title: challenge.title.clone(),
                phase,
                day: number,
                last: course.last(),
                days: challenge.days,
                total: scores.iter().map(|one| one.score).sum(),
                goal: challenge.goal,
            }));
        }
        Ok(all)
    }

    /// The day of a room's latest post before this one that can have told of a challenge. A post that was
    /// sent before the challenge was made leaves that to the next, though it changes: most have read it.
    async fn post_before(
        &mut self,
        id: ChallengeId,
        post: &PostOf<'_>,
    ) -> Result<Option<Date>, StoreError> {
        let civil = post.occurrence.civil;
        let number = post.id.map_or(i64::MAX, |id| id.0);
        let (since, before): (i64, Option<String>) = on!(self.connection().await?, c =>
            sqlx::query_as(POST_BEFORE).bind(id.0).bind(post.reminder.room.0)
                .bind(civil.to_string()).bind(number).fetch_one(c).await?);
        if post.sent.as_millisecond() < since {
            return Ok(Some(civil.date()));
        }
        let civil = |text: String| match text.parse::<DateTime>() {
            Ok(civil) => Ok(civil.date()),
            Err(_) => Err(nonsense("a civil time", text)),
        };
        before.map(civil).transpose()
    }

    /// The day of the post that comes into a room after this one. Of two at once, the one of the reminder
    /// that was set later comes after the other.
    async fn next_post(
        &mut self,
        club: ClubId,
        post: &PostOf<'_>,
    ) -> Result<Option<Date>, StoreError> {
        let breaks = self.breaks(club, post.occurrence.civil.date()).await?;
        let at = post.occurrence.at;
        let just_before = at.checked_sub(SignedDuration::from_secs(1)).unwrap_or(at);
        let all = self.reminders(post.reminder.room).await?;
        let nexts = all.iter().filter_map(|one| {
            let is_later = one.id > post.reminder.id;
            let since = if is_later { just_before } else { at };
            Reminder::next_after(&one.schedule, &one.zone, one.pause, &breaks, since)
        });
        Ok(nexts
            .min_by_key(|next| next.at)
            .map(|next| next.civil.date()))
    }
}

/// A reminder's post, as what its challenges have it say depends on it.
#[derive(Clone, Copy, Debug)]
pub struct PostOf<'a> {
    /// The reminder.
    pub reminder: &'a Reminder,
    /// The post's number; none for a preview.
    pub id: Option<PostId>,
    /// When it is due.
    pub occurrence: Occurrence,
    /// When it was sent, or is.
    pub sent: Timestamp,
}

fn privacy(word: &str) -> Result<Privacy, StoreError> {
    Privacy::from_word(word).ok_or_else(|| nonsense("a privacy", word))
}
