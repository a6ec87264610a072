//! For load tests: how long each injected message waited for its reply.

use std::collections::{HashMap, VecDeque};
use std::time::Instant;

/// How many replies are kept one by one.
const KEPT: usize = 1_000_000;

/// What was injected and what has come back.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// Whether anything is noted at all.
    pub(crate) on: bool,
    pub(crate) injected: u64,
    /// All messages that the bot has sent, replies or not.
    pub(crate) sent: u64,
    pub(crate) edited: u64,
    /// By chat, oldest first: what waits for a reply.
    waiting: HashMap<i64, VecDeque<(i64, Instant)>>,
    presses: HashMap<String, (i64, i64, Instant)>,
    replies: VecDeque<Reply>,
}

/// A reply, with the time it took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reply {
    pub(crate) chat: i64,
    /// The message that was injected, or whose button was pressed.
    pub(crate) message: i64,
    /// The message that answers it; 0 for the answer to a press.
    pub(crate) answer: i64,
    pub(crate) micros: u64,
}

impl Ledger {
    pub(crate) fn injected(&mut self, chat: i64, message: i64) {
        self.injected += 1;
        self.waiting
            .entry(chat)
            .or_default()
            .push_back((message, Instant::now()));
    }

    pub(crate) fn pressed(&mut self, query: String, chat: i64, message: i64) {
        self.injected += 1;
        self.presses.insert(query, (chat, message, Instant::now()));
    }

    /// The bot has sent a message: it answers the message it replies to, else the one that has
    /// waited longest in its chat.
    pub(crate) fn sent(&mut self, chat: i64, message: i64, reply_to: Option<i64>) {
        if !self.on {
            return;
        }
        self.sent += 1;
        let Some(waiting) = self.waiting.get_mut(&chat) else {
            return;
        };
        let position = match reply_to {
            Some(target) => waiting.iter().position(|(message, _)| *message == target),
            None => Some(0),
        };
        if let Some((asked, since)) = position.and_then(|position| waiting.remove(position)) {
            self.add(chat, asked, message, since);
        }
    }

    pub(crate) fn answered(&mut self, query: &str) {
        if let Some((chat, message, since)) = self.presses.remove(query) {
            self.add(chat, message, 0, since);
        }
    }

    pub(crate) fn replies(&self) -> impl Iterator<Item = &Reply> {
        self.replies.iter()
    }

    /// How many injected messages and presses still wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.values().map(VecDeque::len).sum::<usize>() + self.presses.len()
    }

    pub(crate) fn reset(&mut self) {
        *self = Self {
            on: self.on,
            ..Self::default()
        };
    }

    fn add(&mut self, chat: i64, message: i64, answer: i64, since: Instant) {
        let micros = u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.replies.push_back(Reply {
            chat,
            message,
            answer,
            micros,
        });
        if self.replies.len() > KEPT {
            self.replies.pop_front();
        }
    }
}
