//! For load tests: how long each injected interaction waited for its first response.

use std::collections::{HashSet, VecDeque};
use std::time::Instant;

/// How many answers are kept one by one.
const KEPT: usize = 1_000_000;

/// What was injected and what has come back.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// Whether anything is noted at all.
    pub(crate) on: bool,
    pub(crate) injected: u64,
    /// All messages of the bot.
    pub(crate) posted: u64,
    pub(crate) edited: u64,
    waiting: HashSet<u64>,
    answers: VecDeque<Answered>,
}

/// A first response, with the time it took in real time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answered {
    pub(crate) interaction: u64,
    pub(crate) micros: u64,
}

impl Ledger {
    pub(crate) fn injected(&mut self, interaction: u64) {
        self.injected += 1;
        self.waiting.insert(interaction);
    }

    pub(crate) fn posted(&mut self) {
        self.posted += 1;
    }

    pub(crate) fn answered(&mut self, interaction: u64, since: Instant) {
        if !self.on || !self.waiting.remove(&interaction) {
            return;
        }
        let micros = u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.answers.push_back(Answered {
            interaction,
            micros,
        });
        if self.answers.len() > KEPT {
            self.answers.pop_front();
        }
    }

    pub(crate) fn answers(&self) -> impl Iterator<Item = &Answered> {
        self.answers.iter()
    }

    /// How many injected interactions still wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Gives up on those that no answer can reach any more.
    pub(crate) fn give_up(&mut self, late: impl Fn(u64) -> bool) -> usize {
        let before = self.waiting.len();
        self.waiting.retain(|interaction| !late(*interaction));
        before - self.waiting.len()
    }

    pub(crate) fn reset(&mut self) {
        *self = Self {
            on: self.on,
            ..Self::default()
        };
    }
}
