//! The long poll: our own loop, which acknowledges updates when their work is committed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use serde_json::value::RawValue;
use teloxide::types::{AllowedUpdate, Update};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::answer::Desk;
use crate::api::{CallError, Poll};
use crate::rooms::{Commit, Job, Rooms};
use crate::start::Stopped;
use crate::update::queue_of;

/// What we want to hear of.
pub const WANTED: [AllowedUpdate; 5] = [
    AllowedUpdate::Message,
    AllowedUpdate::EditedMessage,
    AllowedUpdate::CallbackQuery,
    AllowedUpdate::MyChatMember,
    // Where we are an administrator: a large group says of nobody that he has left.
    AllowedUpdate::ChatMember,
];

/// How long the platform lets us wait for an update.
const POLL_SECONDS: u32 = 25;

/// Gives the answers that a process before this one left, and learns where those stand that it gave.
pub async fn give_owed(desk: &Arc<Desk>, rooms: &Arc<Rooms>) {
    desk.recall_places().await;
    for (chat, words) in desk.owed().await {
        rooms.answer(desk, chat, words);
    }
}

/// How long answers may hold up the acknowledgement of work that is committed.
pub const ANSWERS_WAIT: Duration = Duration::from_secs(2);

/// Takes updates while it is our turn, or until the token is no good any more. What is done is
/// acknowledged at the end if we were told to stop; if it is another's turn, a call would take his away.
pub async fn run(
    desk: &Arc<Desk>,
    rooms: &Arc<Rooms>,
    ours: &CancellationToken,
    stop: &CancellationToken,
) -> Result<(), Stopped> {
    let mut payload = Poll {
        offset: None,
        limit: 100,
        timeout: 0,
        allowed_updates: &WANTED,
    };
    let mut failures = 0_u32;
    let mut stuck = 0_u32;
    let mut done = BTreeSet::new();
    desk.standing.polls(desk.clock.now());
    give_owed(desk, rooms).await;
    loop {
        // After a failure, whether it is over is to be known soon.
        payload.timeout = if failures == 0 { POLL_SECONDS } else { 1 };
        let polled = tokio::select! {
            () = ours.cancelled() => break,
            polled = desk.api.updates(&payload) => polled,
        };
        match polled {
            Ok(updates) => {
                if failures > 0 {
                    tracing::info!(failures, "Telegram is reached again");
                }
                failures = 0;
                desk.standing.polls(desk.clock.now());
                let taken = take(desk, rooms, &updates, &mut done, ours).await;
                let next = taken.next.or(payload.offset);
                let moves = updates.is_empty() || next != payload.offset;
                payload.offset = next;
                stuck = if moves { 0 } else { stuck + 1 };
                // What is offered behind the offset is acknowledged by the same one, so once it is no sign.
                if stuck > 1 || (stuck > 0 && taken.is_failure()) {
                    wait_stuck(desk, stuck, &taken, ours).await;
                }
            }
            Err(CallError::Token) => return Err(Stopped::Token),
            Err(error) => {
                failures += 1;
                desk.standing.missed(desk.clock.now());
                desk.counters.add_poll_failure();
                report(&error, failures);
                tokio::select! {
                    () = ours.cancelled() => break,
                    () = desk.sleep(backoff(&error, failures)) => {}
                }
            }
        }
    }
    if stop.is_cancelled() {
        acknowledge(desk, payload).await;
    }
    Ok(())
}

/// What was offered is offered again at once, as nothing acknowledges it: because the database did not take
/// it, or because it has no number. It is asked for more and more rarely.
async fn wait_stuck(desk: &Desk, times: u32, taken: &Taken, ours: &CancellationToken) {
    let has_no_number = taken.next.is_none();
    if has_no_number && times == 1 {
        tracing::warn!(
            "Telegram sends an update without a number, which cannot be acknowledged: it is skipped each time"
        );
    }
    let longest = if has_no_number { 6 } else { 1 };
    tokio::select! {
        () = ours.cancelled() => {}
        () = desk.sleep(SignedDuration::from_secs(1 << times.min(longest).saturating_sub(1))) => {}
    }
}

/// What became of a batch.
struct Taken {
    /// The offset that acknowledges it, as far as it is done; none if nothing in it has a number.
    next: Option<i64>,
    /// Whether the database did not take all of it.
    failed: bool,
}

impl Taken {
    fn is_failure(&self) -> bool {
        self.failed || self.next.is_none()
    }
}

/// Lets a batch do its work. From the first update that the database did not take, all are offered
/// again, and those that are done are known by their numbers.
async fn take(
    desk: &Arc<Desk>,
    rooms: &Arc<Rooms>,
    updates: &[Box<RawValue>],
    done: &mut BTreeSet<i64>,
    ours: &CancellationToken,
) -> Taken {
    let (answering, mut answered) = mpsc::channel(1);
    let mut commits = Vec::with_capacity(updates.len());
    let mut last = None;
    for raw in updates {
        let Ok(update) = serde_json::from_str::<Update>(raw.get()) else {
            desk.counters.add_unknown();
            last = last.max(id_of(raw));
            continue;
        };
        let id = i64::from(update.id.0);
        last = last.max(Some(id));
        if done.contains(&id) {
            continue;
        }
        let (committed, commit) = oneshot::channel();
        commits.push((id, commit));
        let job = Job {
            committed,
            redelivered: false,
            answered: answering.clone(),
            update,
        };
        rooms.push(desk, queue_of(&job.update), job);
    }
    drop(answering);
    let mut failed = None;
    for (id, commit) in commits {
        if commit.await == Ok(Commit::Done) {
            done.insert(id);
        } else {
            failed = failed.or(Some(id));
        }
    }
    tokio::select! {
        // Every sender is dropped when every answer is out.
        _ = answered.recv() => {}
        () = tokio::time::sleep(ANSWERS_WAIT) => desk.note_owed().await,
        () = ours.cancelled() => desk.note_owed().await,
    }
    let next = failed.or(last.map(|id| id + 1));
    if let Some(next) = next {
        *done = done.split_off(&next);
    }
    Taken {
        next,
        failed: failed.is_some(),
    }
}

/// The number of an update that could not be read.
fn id_of(raw: &RawValue) -> Option<i64> {
    let value: serde_json::Value = serde_json::from_str(raw.get()).ok()?;
    // One more must be a number, too.
    let id = value.get("update_id")?.as_i64()?;
    (id < i64::MAX).then_some(id)
}

/// Says once what is wrong, and again only when it has gone on for a while.
fn report(error: &CallError, failures: u32) {
    if failures != 1 && !failures.is_power_of_two() {
        return;
    }
    match error {
        CallError::Conflict => tracing::warn!(
            "another process polls Telegram with this token: only one may. Trying again"
        ),
        error => tracing::warn!(%error, failures, "Telegram cannot be reached. Trying again"),
    }
}

fn backoff(error: &CallError, failures: u32) -> SignedDuration {
    if let CallError::Send(ankle_core::face::SendError::RetryAfter { after, .. }) = error {
        return SignedDuration::try_from(*after).unwrap_or_default();
    }
    SignedDuration::from_secs(1_i64 << failures.min(6).saturating_sub(1))
}

/// A last call that takes nothing: what is done needs not come again.
async fn acknowledge(desk: &Desk, mut payload: Poll<'_>) {
    if payload.offset.is_none() {
        return;
    }
    payload.timeout = 0;
    payload.limit = 1;
    let last = tokio::time::timeout(Duration::from_secs(2), desk.api.updates(&payload));
    if !matches!(last.await, Ok(Ok(_))) {
        tracing::info!("the last updates were not acknowledged: they come again, and are known");
    }
}
