//! What comes into the outbox: occurrences that fall due, changes of posts, notices.

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::parcel::{Kind, Reason};
use super::rows::instant;
use super::{Store, StoreError, Tx, execute, on, statements};
use crate::calendar::{Occurrence, Zone};
use crate::club::{
    ChallengeId, ChatId, PersonId, PostId, Reminder, ReminderId, RoomId, last_day_of_break,
};
use crate::exercise::Rest;

statements! {
    NEXT_DUE = "select next_due from reminder where next_due is not null
        order by next_due, id limit 1";
    /// Into a room that has long been lost it is tried once a week only: else it waits in case the room comes
    /// back.
    NEW_POST = "insert into outbox (kind, platform, room_id, reminder_id, occurrence, state, reason,
            due, not_before, expires)
        select $1, r.platform, r.id, $2, $3,
            case when u.reason is null or $4 <> 'waiting' then $4 else 'unreachable' end,
            coalesce($5, u.reason), $6, $6, $7
        from room r
        left join unreachable u on u.room_id = r.id and $1 = 'post' and u.since <= $9 and exists (
            select 1 from outbox o where o.room_id = r.id and o.kind = 'post' and o.attempts > 0
                and o.due > $10)
        where r.id = $8
        on conflict (kind, reminder_id, occurrence) do nothing
        returning state";
    /// Only if nobody else has moved it on, or given it another schedule, meanwhile.
    MOVE_ON = "update reminder set next_civil = $2, next_due = $3
        where id = $1 and next_civil = $4";
    LAST_CHANGE = "select max(due) from outbox where subject_id = $1 and kind = 'edit'";
    NEW_CHANGE = "insert into outbox (kind, platform, room_id, subject_id, state, due, not_before,
            expires)
        select 'edit', p.platform, p.room_id, p.id, 'waiting', $2, $2, $3 from outbox p
        where p.id = $1 and p.kind in ('post', 'test', 'result') and not exists (
            select 1 from outbox w
            where w.subject_id = $1 and w.kind = 'edit' and w.state = 'waiting')";
    /// Crossed, so that SQLite begins with the person and goes by indexes to the rooms of his clubs.
    POSTS_THAT_NAME = "select o.id from account a cross join seen s cross join chat h cross join chat c
            cross join room r cross join outbox o
        where a.person_id = $1 and s.account_id = a.id and s.left_at is null and h.id = s.chat_id
            and c.club_id = h.club_id and r.chat_id = c.id and o.room_id = r.id
            and o.kind in ('post', 'test') and o.state = 'sent' and o.message is not null
            and o.occurrence >= $2 and o.occurrence < $3";
    RESULTS_THAT_NAME = "select o.id from account a join challenge_result r on r.account_id = a.id
        join outbox o on o.challenge_id = r.challenge_id
        where a.person_id = $1 and o.kind = 'result' and o.state = 'sent' and o.message is not null";
    REMOVE_OLDER = "insert into outbox (kind, platform, room_id, subject_id, state, due, not_before,
            expires)
        select 'delete', p.platform, p.room_id, p.id, 'waiting', $3, $3, $4 from outbox p
        where p.room_id = $1 and p.kind in ('post', 'test') and p.occurrence < $2
            and p.message is not null and p.reason is null and not exists (
            select 1 from reminder k where k.id = p.reminder_id and k.keeps)
            and not exists (
            select 1 from outbox d where d.subject_id = p.id and d.kind = 'delete')";
    /// Of the message that a row was to remove.
    CLOSE_INSTEAD = "insert into outbox (kind, platform, room_id, subject_id, message_room, message, state,
            due, not_before, expires)
        select 'close', d.platform, d.room_id, d.subject_id, coalesce(d.message_room, s.message_room),
            coalesce(d.message, s.message), 'waiting', $2, $2, $3
        from outbox d left join outbox s on s.id = d.subject_id where d.id = $1";
    /// Of the posts of a reminder, in a room of a chat.
    CLOSE_ALL = "insert into outbox (kind, platform, room_id, subject_id, message_room, message, state,
            due, not_before, expires)
        select 'close', p.platform, p.room_id, p.id, p.message_room, p.message, 'waiting', $2, $2, $3
        from outbox p join room r on r.id = p.room_id
        where p.reminder_id = $1 and p.kind in ('post', 'test') and p.due >= $4 and p.message is not null
            and p.message_room is not null and p.reason is null and r.chat_id is not null";
    /// Of a reminder whose older posts stay.
    STAY_ALL = "update outbox set reason = $2 where reason is null and message is not null
        and reminder_id = $1 and kind in ('post', 'test')
        and exists (select 1 from reminder k where k.id = $1 and k.keeps)";
    STAYS = "update outbox set reason = $2
        where id = (select subject_id from outbox where id = $1)";
    /// Only what was repeated can stand there twice. One without a message has been removed.
    REMOVE_TWIN = "insert into outbox (kind, platform, room_id, message_room, message, state, due,
            not_before, expires)
        select 'delete', p.platform, p.room_id, p.message_room, $3, 'waiting', $4, $4, $5 from outbox p
        join room r on r.id = p.room_id
        where p.id = $1 and r.chat_id = $2 and p.kind in ('post', 'test') and p.state = 'sent'
            and p.repeats > 0 and p.message_room is not null
            and (p.message is null or p.message <> $3) and not exists (
            select 1 from outbox d
            where d.room_id = p.room_id and d.kind = 'delete' and d.message = $3)";
    /// Nobody knew whether it had arrived.
    FOUND = "update outbox set state = 'sent', reason = null, message = $3,
            message_room = (select external from room where id = outbox.room_id),
            sent_at = coalesce(tried_at, due)
        where id = $1 and state = 'failed' and repeats > 0 and reason = $4 and kind in ('post', 'test')
            and room_id in (select id from room where chat_id = $2)";
    /// One that is on its way counts: two at the same minute are not both the first.
    BEFORE_IN_WEEK = "select exists (select 1 from outbox where room_id = $1 and kind = 'post'
            and state in ('sent', 'sending', 'waiting') and occurrence >= $2
            and (occurrence < $3 or (occurrence = $3 and id < $4)))";
    /// A runner's own is nobody else's business.
    ABOUT = "select o.reminder_id, o.challenge_id from outbox o join room r on r.id = o.room_id
        where o.id = $1 and o.kind in ('post', 'result') and r.chat_id is not null";
    /// To whoever set it and has not left, and to the deputies of its club.
    NEW_NOTICE = "insert into outbox (kind, platform, account_id, subject_id, state, reason, due,
            not_before, expires)
        select $1, a.platform, a.id, $2, 'waiting', $3, $4, $4, $5 from account a where a.id in (
            select p.account_id from reminder_setter p
            join reminder m on m.id = p.reminder_id
            join room r on r.id = m.room_id
            join seen s on s.account_id = p.account_id and s.chat_id = r.chat_id
            where p.reminder_id = $6 and s.left_at is null
            union
            select d.account_id from reminder m
            join room r on r.id = m.room_id
            join chat c on c.id = r.chat_id
            join deputy d on d.club_id = c.club_id
            where m.id = $6
        )";
}

/// How late a post may come. A house rule.
pub const GRACE: SignedDuration = SignedDuration::from_hours(2);

/// For so long every post into a lost room is tried; from then on one is after so long. House rules.
const LOST_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);
const LOOK_EVERY: SignedDuration = SignedDuration::from_hours(6 * 24 + 12);

/// How long after the first press a post says so, and how long it is left alone after that.
const CHANGE_AFTER: SignedDuration = SignedDuration::from_secs(2);
const CHANGE_EVERY: SignedDuration = SignedDuration::from_secs(10);

/// How long what is not a post is worth trying.
const CHANGE_LASTS: SignedDuration = SignedDuration::from_hours(1);
const NOTICE_LASTS: SignedDuration = SignedDuration::from_hours(24);

/// For so long at most somebody's day of a post is not over, wherever he lives and whenever it begins.
const PRESSED_FOR: SignedDuration = SignedDuration::from_hours(72);

/// A post's date can be ahead of the day of who presses, who may live far west of it: one date
/// between the ends of the earth, and one more before his day begins.
pub const POST_AHEAD: i64 = 2;

/// Posts that are older, in days, are read by nobody.
pub const READ_FOR: i64 = 7;

/// What came of a batch of reminders that were due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fallen {
    /// How many were looked at.
    pub due: usize,
    /// How many posts there are to be sent now.
    pub waiting: usize,
    /// For how many it is too late.
    pub too_late: usize,
    /// How many are not tried, for their rooms have long been lost.
    pub left_out: usize,
}

/// When a post of an occurrence is too late: after the grace, or when its local day is over.
#[must_use]
pub fn too_late(occurrence: Occurrence, zone: &Zone) -> Timestamp {
    let grace = later(occurrence.at, GRACE);
    let local = zone.rules().to_datetime(occurrence.at).date();
    let end = local.tomorrow().ok().and_then(|day| {
        let midnight = day.to_datetime(jiff::civil::Time::midnight());
        zone.rules()
            .to_ambiguous_timestamp(midnight)
            .compatible()
            .ok()
    });
    end.map_or(grace, |end| grace.min(end))
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// The occurrence after one that has fallen due. What has been missed for longer than the grace is
/// left out; whatever a newer zone database says, none comes twice.
fn following(
    reminder: &Reminder,
    breaks: &[Rest],
    fallen: Occurrence,
    now: Timestamp,
) -> Option<Occurrence> {
    let since = now.checked_sub(GRACE).unwrap_or(now).max(fallen.at);
    let (schedule, zone) = (&reminder.schedule, &reminder.zone);
    let next_after = |at| Reminder::next_after(schedule, zone, reminder.pause, breaks, at);
    let mut next = next_after(since)?;
    while next.civil <= fallen.civil {
        next = next_after(next.at)?;
    }
    Some(next)
}

impl Store {
    /// When the next reminder falls due.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let due: Option<i64> = on!(self.reader(), pool => sqlx::query_scalar(NEXT_DUE)
            .fetch_optional(pool).await?);
        due.map(instant).transpose()
    }

    /// Lets what is due fall due, `most` at most: posts come into the outbox, and each reminder moves on
    /// to its next occurrence, in one transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: then nothing fell due.
    pub async fn fall_due(&self, now: Timestamp, most: u16) -> Result<Fallen, StoreError> {
        let mut tx = self.begin().await?;
        let mut fallen = Fallen::default();
        let mut all_breaks = tx.breaks_of_due(now, most).await?;
        for reminder in tx.due_reminders(now, most).await? {
            let Some(occurrence) = reminder.next else {
                continue;
            };
            let breaks = all_breaks.remove(&reminder.id).unwrap_or_default();
            let next = following(&reminder, &breaks, occurrence, now);
            let moved = tx.move_on(reminder.id, occurrence, next).await?;
            fallen.due += 1;
            // A break that was taken at this very moment has not moved it.
            let rests = last_day_of_break(&breaks, occurrence.civil.date()).is_some();
            if !moved || rests {
                continue;
            }
            let expires = too_late(occurrence, &reminder.zone);
            let late = expires <= now;
            let new = tx
                .new_post(
                    "post",
                    &reminder,
                    occurrence.civil,
                    (occurrence.at, expires),
                    late,
                )
                .await?;
            match new.as_deref() {
                Some("waiting") => fallen.waiting += 1,
                Some("unreachable") => fallen.left_out += 1,
                Some(_) => fallen.too_late += 1,
                None => {}
            }
        }
        tx.commit().await?;
        Ok(fallen)
    }
}

impl Tx {
    /// Tells the state of a new post; none if there is one of this occurrence.
    async fn new_post(
        &mut self,
        kind: &str,
        reminder: &Reminder,
        civil: DateTime,
        (due, expires): (Timestamp, Timestamp),
        late: bool,
    ) -> Result<Option<String>, StoreError> {
        let (state, reason) = if late {
            ("expired", Some(Reason::Late.word()))
        } else {
            ("waiting", None)
        };
        let ago = |long| due.checked_sub(long).unwrap_or(Timestamp::MIN);
        Ok(
            on!(self.connection().await?, c => sqlx::query_scalar(NEW_POST)
            .bind(kind)
            .bind(reminder.id.0)
            .bind(civil.to_string())
            .bind(state)
            .bind(reason)
            .bind(due.as_millisecond())
            .bind(expires.as_millisecond())
            .bind(reminder.room.0)
            .bind(ago(LOST_FOR).as_millisecond())
            .bind(ago(LOOK_EVERY).as_millisecond())
            .fetch_optional(c).await?),
        )
    }

    /// Posts a reminder once now, marked as a test. One a second at most.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn test_post(
        &mut self,
        reminder: &Reminder,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let civil = reminder.zone.rules().to_datetime(now);
        let civil = civil.with().subsec_nanosecond(0).build().unwrap_or(civil);
        let expires = later(now, CHANGE_LASTS);
        self.new_post("test", reminder, civil, (now, expires), false)
            .await?;
        Ok(())
    }

    /// A post's count has changed: it will say so soon, and once for all that comes until then.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn post_changed(&mut self, post: PostId, now: Timestamp) -> Result<(), StoreError> {
        let last: Option<i64> = on!(self.connection().await?, c => sqlx::query_scalar(LAST_CHANGE)
            .bind(post.0).fetch_one(c).await?);
        let soon = later(now, CHANGE_AFTER);
        let due = match last.map(instant).transpose()? {
            Some(last) => soon.max(later(last, CHANGE_EVERY)),
            None => soon,
        };
        let expires = later(due, CHANGE_LASTS).as_millisecond();
        execute!(self, NEW_CHANGE, post.0, due.as_millisecond(), expires);
        Ok(())
    }

    /// What somebody has done on some days, or how he is named, has changed: the posts of those days that
    /// still stand in the rooms of his clubs will say so soon.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn posts_changed(
        &mut self,
        person: PersonId,
        (first, last): (Date, Date),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let end = last.tomorrow().unwrap_or(last).to_string();
        let posts: Vec<i64> = on!(self.connection().await?, c => sqlx::query_scalar(POSTS_THAT_NAME)
            .bind(person.0).bind(first.to_string()).bind(end)
            .fetch_all(c).await?);
        for post in posts {
            self.post_changed(PostId(post), now).await?;
        }
        Ok(())
    }

    /// How somebody is named has changed, or whether he is: the posts of late and the results that stand will
    /// say so. `today` is his day.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn all_posts_changed(
        &mut self,
        person: PersonId,
        today: Date,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let days = (
            today.saturating_sub(READ_FOR.days()),
            today.saturating_add(POST_AHEAD.days()),
        );
        self.posts_changed(person, days, now).await?;
        let results: Vec<i64> = on!(self.connection().await?, c =>
            sqlx::query_scalar(RESULTS_THAT_NAME).bind(person.0).fetch_all(c).await?);
        for result in results {
            self.post_changed(PostId(result), now).await?;
        }
        Ok(())
    }

    /// Whether a room has had no post of a week before this one, and has none under way.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn is_first_post(
        &mut self,
        room: RoomId,
        monday: Date,
        (id, civil): (PostId, DateTime),
    ) -> Result<bool, StoreError> {
        let before: bool = on!(self.connection().await?, c => sqlx::query_scalar(BEFORE_IN_WEEK)
            .bind(room.0).bind(monday.to_string()).bind(civil.to_string()).bind(id.0)
            .fetch_one(c).await?);
        Ok(!before)
    }

    /// The posts of a room that are for a day before this one are to be removed.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn remove_posts_before(
        &mut self,
        room: RoomId,
        day: Date,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let expires = later(now, CHANGE_LASTS).as_millisecond();
        execute!(
            self,
            REMOVE_OLDER,
            room.0,
            day.to_string(),
            now.as_millisecond(),
            expires
        );
        Ok(())
    }

    /// The platform lets the message of a row that was to remove it stand: its buttons go instead, and it
    /// is left alone from now on.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn close_instead(
        &mut self,
        removal: PostId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        execute!(self, STAYS, removal.0, Reason::Stays.word());
        let (due, expires) = (now.as_millisecond(), later(now, NOTICE_LASTS));
        execute!(
            self,
            CLOSE_INSTEAD,
            removal.0,
            due,
            expires.as_millisecond()
        );
        Ok(())
    }

    /// A reminder is about to be removed: its posts that can still be pressed lose their buttons, and if its
    /// posts are to stay, no other's remove them.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn close_posts(
        &mut self,
        reminder: ReminderId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let since = now
            .checked_sub(PRESSED_FOR)
            .unwrap_or(Timestamp::MIN)
            .as_millisecond();
        let expires = later(now, NOTICE_LASTS).as_millisecond();
        let now = now.as_millisecond();
        execute!(self, CLOSE_ALL, reminder.0, now, expires, since);
        execute!(self, STAY_ALL, reminder.0, Reason::Stays.word());
        Ok(())
    }

    /// A post's button was pressed, below this message. If it is one of which nobody knew that it had
    /// arrived, it is the post's, or a second one that goes.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn pressed_below(
        &mut self,
        post: PostId,
        chat: ChatId,
        message: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let doubt = Reason::InDoubt.word();
        if execute!(self, FOUND, post.0, chat.0, message, doubt) == 0 {
            let expires = later(now, CHANGE_LASTS).as_millisecond();
            let now = now.as_millisecond();
            execute!(self, REMOVE_TWIN, post.0, chat.0, message, now, expires);
        }
        Ok(())
    }

    /// Those who care for a reminder are to be told something of one of its posts, privately. Tells
    /// whether there is anybody to tell.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn notice(
        &mut self,
        kind: Kind,
        (post, reminder): (PostId, ReminderId),
        reason: Option<Reason>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let told = execute!(
            self,
            NEW_NOTICE,
            kind.word(),
            post.0,
            reason.map(Reason::word),
            now.as_millisecond(),
            later(now, NOTICE_LASTS).as_millisecond(),
            reminder.0
        );
        Ok(told > 0)
    }

    /// Those who care for a post or for results are to be told that nobody knows whether they were sent. Tells
    /// whether there is anybody to tell, or nothing to be told.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn doubt_notice(&mut self, id: PostId, now: Timestamp) -> Result<bool, StoreError> {
        let about: Option<(Option<i64>, Option<i64>)> = on!(self.connection().await?, c =>
            sqlx::query_as(ABOUT).bind(id.0).fetch_optional(c).await?);
        match about {
            Some((Some(reminder), _)) => {
                let about = (id, ReminderId(reminder));
                self.notice(Kind::Notice, about, Some(Reason::InDoubt), now)
                    .await
            }
            Some((_, Some(challenge))) => {
                let challenge = ChallengeId(challenge);
                self.results_notice(challenge, Reason::InDoubt, now).await
            }
            _ => Ok(true),
        }
    }
}
