//! What is said otherwise than by a line or a menu: presses, forms, replies and edits.

use jiff::{SignedDuration, Timestamp, ToSpan};

use super::context::{Context, Edit, Failure, Logged};
use super::parse::{Parsed, parse_line};
use super::refusal::{CHECK_IN_DAYS, TEST_DAYS};
use super::{Command, Refusal};
use crate::calendar::{DayStart, Zone, local_day};
use crate::card::read_wire;
use crate::club::{AccountId, Standing};
use crate::face::{EventId, MessageRef, Outcome};
use crate::store::{StoreError, What};

/// How long an edited command still replaces what it logged.
pub(super) const EDITABLE: SignedDuration = SignedDuration::from_hours(48);

/// How long what stands below an answer can be pressed: what it is about has moved on after a day.
const BUTTONS_HOLD: SignedDuration = SignedDuration::from_hours(24);

/// Whether a button that stands below an answer since then is too old to be pressed.
#[must_use]
pub fn is_old_button(since: Timestamp, now: Timestamp) -> bool {
    now.duration_since(since) > BUTTONS_HOLD
}

/// A press goes through the same grammar and the same rights as a typed line. The account is none for
/// somebody who speaks for the chat.
pub(super) fn pressed(
    (wire, since): (&str, Timestamp),
    account: Option<AccountId>,
    now: Timestamp,
) -> Result<Parsed, Refusal> {
    let (owner, line) = read_wire(wire).map_err(|_| Refusal::OldButton)?;
    if owner.is_some_and(|owner| account.is_none_or(|account| owner != account.0)) {
        return Err(Refusal::ForeignButton);
    }
    let parsed = parse_line(line).map_err(|_| Refusal::OldButton)?;
    if !outlives_a_day(&parsed) && is_old_button(since, now) {
        return Err(Refusal::OldButton);
    }
    Ok(parsed)
}

/// Some buttons are not done with a day after they were shown, and each says itself when it is over: those
/// of a post hold for its day, which is not everybody's; a notice or a question that nobody asked for is
/// read whenever its reader comes by; and a challenge is joined, looked at and left while it runs, from
/// a post, a list or its own card alike.
fn outlives_a_day(parsed: &Parsed) -> bool {
    match parsed {
        Parsed::Command(Command::Done(done)) => done.is_of_post(),
        Parsed::Command(Command::Care(_)) => true,
        Parsed::Command(Command::Challenge(challenge)) => challenge.outlives_a_day(),
        _ => false,
    }
}

/// A form's fields complete the line they were opened for.
pub(super) fn filled(line: &str, values: &[(String, String)]) -> Result<Parsed, Refusal> {
    let values: Vec<_> = values.iter().map(|(_, value)| value.as_str()).collect();
    parse_line(&format!("{line} {}", values.join(" ")))
}

/// A reply answers the question that its message asks, or is a bare line. People also talk to each
/// other below our messages: what reads as no line of ours there is left alone.
pub(super) async fn replied(
    context: &mut Context<'_>,
    message: Option<&MessageRef>,
    text: &str,
) -> Result<Option<Parsed>, Failure> {
    let key = message.map(message_key);
    let (account, room) = (context.visit.account, context.visit.room);
    let asked = context
        .tx
        .question(account, room, key.as_deref(), context.now)
        .await?;
    match asked {
        Some(asked) if asked.argument.is_some() => {
            let parsed = parse_line(&format!("{} {text}", asked.line))?;
            context.tx.answered(account, room).await?;
            Ok(Some(parsed))
        }
        _ => {
            let parsed = match parse_line(text) {
                Err(Refusal::UnknownCommand { .. }) => parse_line(&format!("test {text}")),
                parsed => parsed,
            };
            match parsed {
                Err(_) if message.is_some() => Ok(None),
                parsed => Ok(Some(parsed?)),
            }
        }
    }
}

/// An edited test or check-in replaces what was logged; from a refusal, or from a question that
/// nobody answered, the line runs as new. Everything else was done and stays done.
pub(super) async fn edited(
    context: &mut Context<'_>,
    line: &str,
    original: &EventId,
    said_at: Timestamp,
) -> Result<Option<Parsed>, Failure> {
    let parsed = parse_line(line);
    let too_late = context.now.duration_since(said_at) > EDITABLE;
    let person = context.visit.person;
    // Nothing of it can stand for an earlier day, wherever and whenever it was logged or corrected.
    let since = local_day(said_at, &Zone::utc(), DayStart::default())
        .saturating_sub((TEST_DAYS + 4).days());
    let tests = context.tx.logged_by(person, &original.0, since).await?;
    let check_ins = context.tx.checked_in_by(person, &original.0, since).await?;
    let replaces = match (tests.as_slice(), check_ins.as_slice()) {
        ([], []) => None,
        ([], _) => Some(Logged::CheckIn),
        _ => Some(Logged::Test),
    };
    context.edit = Some(Edit { said_at, replaces });
    let Some(logged) = replaces else {
        let answer = context.tx.answer_of(&original.0).await?;
        let parsed = parsed?;
        let runs = match answer {
            _ if too_late => false,
            Some(answer) => waits_still(context, &answer, &parsed, said_at).await?,
            None => true,
        };
        return Ok(runs.then_some(parsed));
    };
    match &parsed {
        Ok(Parsed::Command(Command::Test(_) | Command::Done(_))) if !too_late => {}
        Ok(Parsed::Command(_)) => return Ok(None),
        Ok(Parsed::Missing { .. }) | Err(_) => return Err(Refusal::EditKept(logged).into()),
    }
    context
        .set_standing(&tests, Standing::Undone, What::Edit)
        .await?;
    for one in &check_ins {
        context
            .set_check_in(one, Standing::Undone, What::Edit)
            .await?;
    }
    Ok(Some(parsed?))
}

/// Whether the answer was a question, and what was asked for has not been said since in another way.
/// If so the edit answers it.
async fn waits_still(
    context: &mut Context<'_>,
    answer: &str,
    parsed: &Parsed,
    said_at: Timestamp,
) -> Result<bool, Failure> {
    let Outcome::Ask(question) = serde_json::from_str(answer).map_err(StoreError::from)? else {
        return Ok(false);
    };
    let (account, person, room) = {
        let visit = &context.visit;
        (visit.account, visit.person, visit.room)
    };
    let waits = match parsed {
        Parsed::Command(Command::Test(_)) => {
            let latest = context.tx.latest(person).await?;
            latest.iter().all(|entry| entry.logged_at < said_at)
        }
        Parsed::Command(Command::Done(_)) => {
            let since = context.said_on().saturating_sub(CHECK_IN_DAYS.days());
            let latest = context.tx.latest_check_ins(person, since).await?;
            latest.iter().all(|one| one.logged_at < said_at)
        }
        _ => {
            let open = context.tx.line_of(question.id, account, context.now);
            open.await?.is_some() && question.argument.is_some()
        }
    };
    if waits {
        context.tx.answered(account, room).await?;
    }
    Ok(waits)
}

/// What an edit cannot put in its place still counts, and that is what its asker wants to know.
pub(super) fn unless_kept(failure: Failure, edit: Option<Edit>) -> Failure {
    match (failure, edit.and_then(|edit| edit.replaces)) {
        (Failure::Refused(_), Some(logged)) => Refusal::EditKept(logged).into(),
        (failure, _) => failure,
    }
}

/// By which a question finds the message that asks it.
pub(super) fn message_key(message: &MessageRef) -> String {
    format!("{}/{}", message.room, message.message)
}
