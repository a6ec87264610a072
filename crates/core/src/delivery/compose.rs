use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::calendar::{DayStart, Occurrence, Zone, local_day, monday_of};
use crate::card::Card;
use crate::club::{
    Board, BoardKind, BoardTime, ChallengeState, Pause, PostId, Reminder, RoomId, Score,
};
use crate::exercise::{Diary, Exercises, PAIN_HOLDS};
use crate::face::MessageRef;
use crate::store::{End, Kind, Member, Parcel, PostOf, Reason, StoreError, Subject, Tx};
use crate::words::{
    ChallengeReport, Mark, Post, Reader, Speaker, about_to_win_card, challenge_card,
    not_posted_card, nudge_card, post_card, quiet_card, results_not_posted_card,
};

/// What a row says, and where.
pub(super) enum Letter {
    /// A message into a room.
    Post { room: String, card: Card },
    /// A new card over a message.
    Edit { message: MessageRef, card: Card },
    /// A message goes.
    Delete { message: MessageRef },
    /// A message loses its buttons.
    Close { message: MessageRef },
    /// A message to an account alone.
    Private { account: String, card: Card },
}

/// From here on a post says that it is late. A house rule.
const LATE: SignedDuration = SignedDuration::from_mins(10);

/// Writes the letter of a row that has been claimed; or says why there is none to be sent.
pub(super) async fn letter(
    tx: &mut Tx,
    parcel: &Parcel,
    now: Timestamp,
) -> Result<Result<Letter, (End, Reason)>, StoreError> {
    let over = Ok(Err((End::Expired, Reason::Removed)));
    let reminder = match parcel.reminder {
        Some(id) => tx.reminder(id).await?,
        None => None,
    };
    match (parcel.kind, &parcel.subject) {
        (Kind::Delete | Kind::Close, subject) => {
            let own = parcel.message.clone().map(message_ref);
            let Some(message) = own.or_else(|| subject.as_ref().and_then(message)) else {
                return over;
            };
            Ok(Ok(if parcel.kind == Kind::Delete {
                Letter::Delete { message }
            } else {
                Letter::Close { message }
            }))
        }
        (Kind::Result | Kind::Ask, _) => of_challenge(tx, parcel, now).await,
        (Kind::Notice, _) if parcel.challenge.is_some() => of_challenge(tx, parcel, now).await,
        (Kind::Notice | Kind::Quiet, _) => {
            let (Some(reminder), Some(account)) = (reminder, parcel.account.clone()) else {
                return over;
            };
            let say = Speaker::of(parcel.language.unwrap_or_default());
            let place = (parcel.place_name.as_deref(), parcel.chat_name.as_deref());
            let card = if parcel.kind == Kind::Quiet {
                quiet_card(say, &reminder, place)
            } else {
                let reason = parcel.reason.unwrap_or(Reason::Gone).word();
                not_posted_card(say, &reminder, (place, parcel.civil), reason)
            };
            Ok(Ok(Letter::Private { account, card }))
        }
        (Kind::Edit, Some(subject)) if subject.kind == Kind::Result => {
            let Some(message) = message(subject) else {
                return over;
            };
            let card = results(tx, parcel, now).await?;
            Ok(card.map_or(Err((End::Expired, Reason::Removed)), |card| {
                Ok(Letter::Edit { message, card })
            }))
        }
        (Kind::Edit, Some(subject)) => {
            let (Some(reminder), Some(message)) = (reminder, message(subject)) else {
                return over;
            };
            let (due, sent) = subject.times;
            let mark = mark(subject.kind, due, sent.unwrap_or(due));
            let times = (due, sent.unwrap_or(due));
            let card = post(tx, parcel, &reminder, (subject.id, times), mark).await?;
            Ok(card.map(|mut card| {
                if subject.stays {
                    card.buttons.clear();
                }
                Letter::Edit { message, card }
            }))
        }
        (Kind::Post | Kind::Test, _) => {
            let (Some(reminder), Some((_, room))) = (reminder, parcel.room.clone()) else {
                return over;
            };
            let mark = mark(parcel.kind, parcel.due, now);
            let times = (parcel.due, now);
            let card = post(tx, parcel, &reminder, (parcel.id, times), mark).await?;
            Ok(card.map(|card| Letter::Post { room, card }))
        }
        (Kind::Edit, None) => over,
    }
}

/// The letter of a row that is about a challenge.
async fn of_challenge(
    tx: &mut Tx,
    parcel: &Parcel,
    now: Timestamp,
) -> Result<Result<Letter, (End, Reason)>, StoreError> {
    let over = Ok(Err((End::Expired, Reason::Removed)));
    let challenge = match parcel.challenge {
        Some(id) => tx.challenge(id).await?,
        None => None,
    };
    let Some(challenge) = challenge else {
        return over;
    };
    let course = tx.course(&challenge).await?;
    let is_over = matches!(challenge.state, ChallengeState::Over { .. });
    match (parcel.kind, parcel.account.clone(), parcel.room.clone()) {
        (Kind::Result, _, Some((_, room))) if is_over => {
            let Some(card) = results(tx, parcel, now).await? else {
                return over;
            };
            Ok(Ok(Letter::Post { room, card }))
        }
        (Kind::Ask, Some(account), _) if challenge.state == ChallengeState::Open => {
            let say = Speaker::of(parcel.language.unwrap_or_default());
            let zone = parcel.club_zone.clone().unwrap_or_else(Zone::utc);
            let reader = Reader::new(parcel.own_zone.clone(), now);
            let card = about_to_win_card(say, &challenge, (&course, &zone), &reader);
            Ok(Ok(Letter::Private { account, card }))
        }
        (Kind::Notice, Some(account), _) => {
            let say = Speaker::of(parcel.language.unwrap_or_default());
            let reason = parcel.reason.unwrap_or(Reason::Gone).word();
            let card = results_not_posted_card(say, &challenge, reason);
            Ok(Ok(Letter::Private { account, card }))
        }
        _ => over,
    }
}

/// What became of a challenge, as its club reads it now: who has left it since, or would not be named any
/// more, is not.
async fn results(tx: &mut Tx, parcel: &Parcel, now: Timestamp) -> Result<Option<Card>, StoreError> {
    let challenge = match parcel.challenge {
        Some(id) => tx.challenge(id).await?,
        None => None,
    };
    let Some(challenge) = challenge else {
        return Ok(None);
    };
    let course = tx.course(&challenge).await?;
    let say = Speaker::of(parcel.club_language.unwrap_or_default());
    let zone = parcel.club_zone.clone().unwrap_or_else(Zone::utc);
    let today = local_day(now, &zone, DayStart::default());
    let standing = tx.challenge_standing(&challenge, &course, (today, zone));
    let report = ChallengeReport {
        standing: standing.await?,
        challenge,
        course,
    };
    Ok(Some(challenge_card(say, &report, false)))
}

fn message(subject: &Subject) -> Option<MessageRef> {
    subject.message.clone().map(message_ref)
}

fn message_ref((room, message): (String, String)) -> MessageRef {
    MessageRef { room, message }
}

fn mark(kind: Kind, due: Timestamp, sent: Timestamp) -> Option<Mark> {
    match kind {
        Kind::Test => Some(Mark::Test),
        _ if sent.duration_since(due) > LATE => Some(Mark::Late),
        _ => None,
    }
}

/// A reminder's card for the date of its occurrence. With its number go when it is due, and when sent.
async fn post(
    tx: &mut Tx,
    parcel: &Parcel,
    reminder: &Reminder,
    (id, (due, sent)): (PostId, (Timestamp, Timestamp)),
    mark: Option<Mark>,
) -> Result<Result<Card, (End, Reason)>, StoreError> {
    let Some(civil) = parcel.civil else {
        return Ok(Err((End::Expired, Reason::Removed)));
    };
    let day = civil.date();
    if parcel.kind == Kind::Post {
        let rests = match reminder.pause {
            Some(Pause::Open) => true,
            Some(Pause::Until(last)) => day <= last,
            None => false,
        };
        if rests {
            return Ok(Err((End::Expired, Reason::Removed)));
        }
        if let Some(club) = parcel.club {
            let breaks = tx.breaks(club, day).await?;
            if breaks.iter().any(|rest| rest.first <= day) {
                return Ok(Err((End::Expired, Reason::Break)));
            }
        }
    }
    if let (None, Some((room, _))) = (&parcel.chat, &parcel.room) {
        return nudge(tx, parcel, reminder, *room).await;
    }
    let members = match parcel.club {
        Some(club) => tx.board_diaries(club).await?,
        None => Vec::new(),
    };
    let monday = monday_of(day);
    let is_first = match &parcel.room {
        Some((room, _)) => tx.is_first_post(*room, monday, (id, civil)).await?,
        None => false,
    };
    let last_week = is_first
        .then(|| Diary::together_before(monday, members.iter().map(|member| &member.done)))
        .filter(|(people, _)| *people > 0);
    let board = |time| board(&members, time, reminder, day);
    let today = board(BoardTime::Today);
    let best = reminder.board.map(board);
    let names = today.places.iter().flat_map(|place| place.names.clone());
    let challenges = match parcel.club {
        Some(club) => {
            let occurrence = Occurrence { civil, at: due };
            let of = PostOf {
                reminder,
                id: Some(id),
                occurrence,
                sent,
            };
            tx.challenges_in(club, of).await?
        }
        None => Vec::new(),
    };
    let post = Post {
        exercises: reminder.exercises,
        day,
        done: &names.collect::<Vec<_>>(),
        people: today.people,
        last_week,
        board: best.as_ref(),
        challenges: &challenges,
        id: Some(id),
        mark,
    };
    let say = Speaker::of(parcel.club_language.unwrap_or_default());
    Ok(Ok(post_card(say, &post)))
}

/// A reminder of one's own: what is left to do of it on that day, if anything is.
async fn nudge(
    tx: &mut Tx,
    parcel: &Parcel,
    reminder: &Reminder,
    room: RoomId,
) -> Result<Result<Card, (End, Reason)>, StoreError> {
    let nothing = Ok(Err((End::Expired, Reason::Removed)));
    let Some(who) = tx.nudged(room).await? else {
        return nothing;
    };
    let day = local_day(parcel.due, &reminder.zone, who.day_start);
    if tx.rests_on(who.person, day).await? {
        return nothing;
    }
    let hurts = who
        .hurt_at
        .is_some_and(|at| parcel.due.duration_since(at) < PAIN_HOLDS);
    let done = tx.checked_in(who.person, day).await?;
    let left = reminder.exercises.iter().filter(|one| {
        let is_done = done.iter().any(|check_in| check_in.exercise == *one);
        !(is_done || hurts && one.waits_with_pain())
    });
    let left: Exercises = left.collect();
    if left.is_empty() {
        return nothing;
    }
    Ok(Ok(nudge_card(Speaker::of(who.language), left, day)))
}

fn board(members: &[Member<Diary>], time: BoardTime, reminder: &Reminder, day: Date) -> Board {
    let first = time.first_day(day);
    let score = |member: &Member<Diary>| Score {
        person: member.person,
        name: member.name.clone(),
        privacy: member.privacy,
        score: member.done.tally(first, day).check_ins,
    };
    let scores = members.iter().map(score).collect();
    Board::of(
        BoardKind::CheckIns,
        time,
        (day, reminder.zone.clone()),
        scores,
    )
}
