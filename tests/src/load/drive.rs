//! Load of two kinds: flat out, for what a command costs; and paced, for how long one waits.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ankle_core::command::Bot;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::LoadError;
use super::crowd::{Crowd, Line};
use super::figures::{Latencies, due};
use super::machine::{Cpu, Process};

/// The core, and who speaks to it.
pub(super) struct Talk {
    pub(super) bot: Bot,
    pub(super) crowd: Crowd,
}

/// What came of the commands.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) saved: u64,
    pub(super) not_saved: u64,
    /// Why the first of those was not saved.
    pub(super) why: Option<String>,
}

/// A run flat out.
#[derive(Debug)]
pub(super) struct FlatOut {
    pub(super) tally: Tally,
    pub(super) wall: Duration,
    pub(super) cpu: Cpu,
}

/// A paced run.
#[derive(Debug)]
pub(super) struct Paced {
    pub(super) tally: Tally,
    /// From the moment a command was due to its answer.
    pub(super) latencies: Latencies,
    /// From the moment a command was due to the moment the driver gave it in: the driver's own
    /// share of its latency.
    pub(super) lateness: Latencies,
}

impl Talk {
    /// Gives one command in, in its turn in its room, and waits for its answer.
    async fn say(&self, turn: u64, line: Line) -> Result<(), String> {
        let request = self.crowd.request(turn, line);
        let _in_turn = self.crowd.enter(turn).await;
        match self.bot.answer(&request).await {
            Ok(_) => Ok(()),
            Err(error) => Err(super::chain(&error)),
        }
    }
}

impl Tally {
    fn note(&mut self, result: Result<(), String>) {
        match result {
            Ok(()) => self.saved += 1,
            Err(why) => {
                self.not_saved += 1;
                self.why.get_or_insert(why);
            }
        }
    }

    fn add(&mut self, other: Self) {
        self.saved += other.saved;
        self.not_saved += other.not_saved;
        self.why = self.why.take().or(other.why);
    }
}

/// As fast as it goes, `at_once` commands at a time.
pub(super) async fn flat_out(
    talk: &Arc<Talk>,
    turns: Range<u64>,
    line: Line,
    at_once: u64,
) -> Result<FlatOut, LoadError> {
    let next = Arc::new(AtomicU64::new(turns.start));
    let (before, start) = (Process::own().cpu()?, Instant::now());
    let mut tasks = JoinSet::new();
    for _ in 0..at_once {
        tasks.spawn(one_after_the_other(
            Arc::clone(talk),
            Arc::clone(&next),
            turns.end,
            line,
        ));
    }
    let mut tally = Tally::default();
    while let Some(part) = tasks.join_next().await {
        tally.add(part?);
    }
    let (wall, cpu) = (start.elapsed(), Process::own().cpu()?.since(before));
    Ok(FlatOut { tally, wall, cpu })
}

async fn one_after_the_other(talk: Arc<Talk>, next: Arc<AtomicU64>, end: u64, line: Line) -> Tally {
    let mut tally = Tally::default();
    loop {
        let turn = next.fetch_add(1, Ordering::Relaxed);
        if turn >= end {
            return tally;
        }
        tally.note(talk.say(turn, line).await);
    }
}

/// `per_second`, evenly, whether the earlier ones are answered or not: as the world outside would,
/// which does not wait because we are slow. What a slow command does to those behind it counts.
pub(super) async fn paced(
    talk: &Arc<Talk>,
    turns: Range<u64>,
    line: Line,
    per_second: u64,
) -> Result<Paced, LoadError> {
    let first = turns.start;
    let start = Instant::now() + EARLY;
    let mut tasks = JoinSet::new();
    for turn in turns {
        let at = start + due(turn - first, per_second);
        wait_until(at).await;
        let talk = Arc::clone(talk);
        let late = at.elapsed();
        tasks.spawn(async move {
            let result = talk.say(turn, line).await;
            (result, late, at.elapsed())
        });
    }
    let mut tally = Tally::default();
    let (mut lateness, mut latencies) = (Vec::new(), Vec::new());
    while let Some(done) = tasks.join_next().await {
        let (result, late, latency) = done?;
        tally.note(result);
        lateness.push(late);
        latencies.push(latency);
    }
    Ok(Paced {
        tally,
        latencies: latencies.into_iter().collect(),
        lateness: lateness.into_iter().collect(),
    })
}

/// How long before its moment a wait goes over from sleeping to watching the clock.
const EARLY: Duration = Duration::from_millis(2);

/// Waits for a moment to some microseconds. The timer alone wakes up to two milliseconds late, and
/// a good disk needs less than that for a whole command.
async fn wait_until(at: Instant) {
    if let Some(early) = at.checked_sub(EARLY) {
        tokio::time::sleep_until(early).await;
    }
    while Instant::now() < at {
        tokio::task::yield_now().await;
    }
}
