//! The long poll: our own loop, which acknowledges updates when their work is committed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use jiff::SignedDuration;
use serde_json::value::RawValue;
use teloxide::types::AllowedUpdate;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::answer::Desk;
use crate::api::{CallError, Poll};
use crate::incoming::Update;
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

/// How many updates are asked for at a time, beside those in hand: as many as the messages that the platform
/// takes of a bot in a second, by its FAQ, so no more would be answered sooner. All are worked on at once and
/// need room, and what a killed process has not acknowledged is answered once more.
const BATCH: usize = 30;

/// As many as the platform gives at a time.
const MOST: usize = 100;

/// How long the platform lets us wait for an update.
const POLL_SECONDS: u32 = 25;

/// Gives the answers that a process before this one left, and learns where those stand that it gave.
pub async fn give_owed(desk: &Arc<Desk>, rooms: &Arc<Rooms>) {
    desk.recall_places().await;
    for (chat, words) in desk.owed().await {
        rooms.answer(desk, chat, words);
    }
}

/// How long a slow answer may hold up the acknowledgement of work that is committed; then it is written down.
pub const ANSWERS_WAIT: Duration = Duration::from_millis(250);

/// How long a batch is waited for, before the next is taken beside what is still in hand.
const WORK_WAIT: Duration = Duration::from_millis(250);

/// How long work that is still in hand at the end is waited for, so that it needs not come again: most of the
/// time that the program has to end.
const LAST_WAIT: Duration = Duration::from_secs(6);

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
        limit: 0,
        timeout: 0,
        allowed_updates: &WANTED,
    };
    let mut failures = 0_u32;
    let mut stuck = 0_u32;
    let mut hand = Hand::default();
    desk.standing.polls(desk.clock.now());
    give_owed(desk, rooms).await;
    loop {
        // After a failure, whether it is over is to be known soon.
        payload.timeout = if failures == 0 { POLL_SECONDS } else { 1 };
        payload.limit = hand.room();
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
                let open = hand.first_open();
                let taken = take(desk, rooms, &updates, &mut hand, ours).await;
                // Work that hangs for long shows: the pulse rests until it is done.
                if !taken.waited || hand.first_open() != open {
                    desk.standing.polls(desk.clock.now());
                }
                let next = taken.next.or(payload.offset);
                let waits_by_itself = taken.waited && !taken.failed;
                let moves = updates.is_empty() || next != payload.offset || waits_by_itself;
                payload.offset = next;
                stuck = if moves { 0 } else { stuck + 1 };
                // What is offered behind the offset is acknowledged by the same one, so once it is no sign.
                if stuck > 1 || (stuck > 0 && (taken.failed || taken.has_no_number())) {
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
        hand.settle(LAST_WAIT).await;
        desk.note_owed().await;
        payload.offset = hand.first_open().or(hand.next).or(payload.offset);
        acknowledge(desk, payload).await;
    }
    Ok(())
}

/// What was offered is offered again at once, as nothing acknowledges it: because the database did not take
/// it, or because it has no number. It is asked for more and more rarely.
async fn wait_stuck(desk: &Desk, times: u32, taken: &Taken, ours: &CancellationToken) {
    let has_no_number = taken.has_no_number();
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
    /// The offset that acknowledges it, as far as it is done; none if nothing in it has a number, or if it has
    /// to wait.
    next: Option<i64>,
    /// Whether the database did not take all of it.
    failed: bool,
    /// Whether something in it is not done yet, and was waited for.
    waited: bool,
}

impl Taken {
    fn has_no_number(&self) -> bool {
        self.next.is_none() && !self.waited
    }
}

/// The updates that are taken and not yet acknowledged. Those behind one that takes its time are done
/// meanwhile; they are all offered again, and are known by their numbers. A process that is killed meanwhile
/// leaves them to the next, which finds them done and answers them again.
#[derive(Default)]
struct Hand {
    works: BTreeMap<i64, Work>,
    /// Of the batches with work in hand, what ends when all their answers are out.
    answers: Vec<mpsc::Receiver<()>>,
    /// What acknowledges all that was offered.
    next: Option<i64>,
}

enum Work {
    InHand(oneshot::Receiver<Commit>),
    Done,
    Failed,
}

impl Hand {
    /// Waits until all work is committed, but no longer than that.
    async fn settle(&mut self, patience: Duration) {
        let all = async {
            for work in self.works.values_mut() {
                work.settle().await;
            }
        };
        if tokio::time::timeout(patience, all).await.is_ok() {
            return;
        }
        // Whoever is behind one that takes its time may be done.
        for work in self.works.values_mut() {
            work.settle().now_or_never();
        }
    }

    /// Waits until all answers are out, but no longer than that. Says whether they are.
    async fn answered(&mut self, patience: Duration) -> bool {
        let all = async {
            for answers in &mut self.answers {
                // Every sender is dropped when every answer is out.
                answers.recv().await;
            }
        };
        tokio::time::timeout(patience, all).await.is_ok()
    }

    /// How many updates to ask for. What is in hand, and what is done behind it, is offered again.
    fn room(&self) -> usize {
        BATCH.saturating_add(self.works.len()).min(MOST)
    }

    /// The first that is not done.
    fn first_open(&self) -> Option<i64> {
        let mut works = self.works.iter();
        let open = works.find(|(_, work)| !matches!(work, Work::Done));
        open.map(|(id, _)| *id)
    }

    /// Whether an update needs not begin: what the database did not take begins anew.
    fn knows(&self, id: i64) -> bool {
        self.works.get(&id).is_some_and(|work| !work.is_failed())
    }

    fn has_any(&self, of: fn(&Work) -> bool) -> bool {
        self.works.values().any(of)
    }
}

impl Work {
    async fn settle(&mut self) {
        if let Self::InHand(commit) = self {
            *self = match commit.await {
                Ok(Commit::Done) => Self::Done,
                _ => Self::Failed,
            };
        }
    }

    fn is_in_hand(&self) -> bool {
        matches!(self, Self::InHand(_))
    }

    fn is_failed(&self) -> bool {
        matches!(self, Self::Failed)
    }
}

/// Lets a batch do its work. From the first update that is not done, or that the database did not take, all
/// are offered again.
async fn take(
    desk: &Arc<Desk>,
    rooms: &Arc<Rooms>,
    updates: &[Box<RawValue>],
    hand: &mut Hand,
    ours: &CancellationToken,
) -> Taken {
    let (answering, answered) = mpsc::channel(1);
    let mut last = None;
    for raw in updates {
        let update = serde_json::from_str::<Update>(raw.get());
        let id = update
            .as_ref()
            .map_or_else(|_| id_of(raw), |update| Some(update.id));
        last = last.max(id);
        if id.is_some_and(|id| hand.knows(id)) {
            continue;
        }
        let Ok(update) = update else {
            desk.counters.add_unknown();
            if let Some(id) = id {
                tracing::warn!("an update that makes no sense was skipped");
                hand.works.insert(id, Work::Done);
            }
            continue;
        };
        let (committed, commit) = oneshot::channel();
        hand.works.insert(update.id, Work::InHand(commit));
        let job = Job {
            committed,
            redelivered: false,
            answered: answering.clone(),
            update,
        };
        rooms.push(desk, queue_of(&job.update), job);
    }
    drop(answering);
    hand.answers.push(answered);
    let behind = last.map(|id| id.saturating_add(1));
    hand.next = behind.or(hand.next);
    hand.settle(WORK_WAIT).await;
    let failed = hand.has_any(Work::is_failed);
    if hand.has_any(Work::is_in_hand) {
        // Nothing is acknowledged meanwhile, so nothing needs to be noted.
        return Taken {
            next: None,
            failed,
            waited: true,
        };
    }
    let all_answered = tokio::select! {
        all = hand.answered(ANSWERS_WAIT) => all,
        () = ours.cancelled() => false,
    };
    if !all_answered {
        desk.note_owed().await;
    }
    hand.answers.clear();
    let next = hand.first_open().or(behind);
    if let Some(next) = next {
        hand.works = hand.works.split_off(&next);
    }
    Taken {
        next,
        failed,
        waited: false,
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

#[cfg(test)]
mod tests {
    use super::*;

    const AT_ONCE: Duration = Duration::ZERO;

    /// What was taken under these numbers, and what tells that each is committed.
    fn taken<const N: usize>(ids: [i64; N]) -> (Hand, [oneshot::Sender<Commit>; N]) {
        let mut hand = Hand::default();
        let commits = ids.map(|id| {
            let (committed, commit) = oneshot::channel();
            hand.works.insert(id, Work::InHand(commit));
            committed
        });
        (hand, commits)
    }

    #[tokio::test]
    async fn what_takes_its_time_is_not_acknowledged_and_what_is_done_behind_it_is_known() {
        let (mut hand, [first, second, third]) = taken([5, 6, 7]);
        first.send(Commit::Done).unwrap();
        third.send(Commit::Done).unwrap();
        hand.settle(AT_ONCE).await;
        assert_eq!(hand.first_open(), Some(6));
        assert!(hand.knows(5) && hand.knows(6));
        assert!(hand.works[&6].is_in_hand() && matches!(hand.works[&7], Work::Done));
        second.send(Commit::Done).unwrap();
        hand.settle(AT_ONCE).await;
        assert_eq!(hand.first_open(), None);
    }

    #[tokio::test]
    async fn what_the_database_does_not_take_or_what_panics_is_offered_again() {
        let (mut hand, [first, second]) = taken([5, 6]);
        first.send(Commit::Failed).unwrap();
        drop(second);
        hand.settle(AT_ONCE).await;
        assert_eq!(hand.first_open(), Some(5));
        assert!(!hand.knows(5) && !hand.knows(6));
    }

    #[test]
    fn behind_what_takes_its_time_as_many_are_asked_for_as_without_it() {
        let (mut hand, _commits) = taken([5]);
        assert_eq!(hand.room(), BATCH + 1);
        hand.works.extend((6..100).map(|id| (id, Work::Done)));
        assert_eq!(hand.room(), MOST);
    }

    #[tokio::test]
    async fn an_answer_of_a_batch_before_is_waited_for_too() {
        let mut hand = Hand::default();
        let (slow, answers) = mpsc::channel(1);
        hand.answers.push(answers);
        assert!(!hand.answered(AT_ONCE).await);
        drop(slow);
        assert!(hand.answered(AT_ONCE).await);
    }
}
