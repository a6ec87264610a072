//! What people saw, as plain text that fits a snapshot.

use std::fmt::Write;

use super::message::Button;
use super::place::{Chat, Place};
use super::state::{ChatKind, State};
use super::timeline::{Event, What};
use super::topics::Topic;

impl Chat {
    /// All that this chat ever showed to everybody in it, in order.
    #[must_use]
    pub fn shown(&self) -> Vec<Event> {
        self.shared.read(|state| {
            let events = state.timeline.events();
            events
                .filter(|event| event.chat == self.id && event.only.is_none())
                .cloned()
                .collect()
        })
    }

    /// The same as text.
    #[must_use]
    pub fn transcript(&self) -> String {
        self.shared
            .read(|state| state.words(|event| event.chat == self.id && event.only.is_none()))
    }

    /// All that happened in this chat: beside what it showed, also presses and their answers.
    #[must_use]
    pub fn full_transcript(&self) -> String {
        self.shared
            .read(|state| state.words(|event| event.chat == self.id))
    }
}

impl Topic {
    /// All that this topic ever showed to everybody, in order, as text.
    #[must_use]
    pub fn transcript(&self) -> String {
        let (chat, thread) = (self.chat_id(), self.thread_id());
        self.shared.read(|state| {
            let here = |event: &Event| event.chat == chat && event.thread == thread;
            state.words(|event| here(event) && event.only.is_none())
        })
    }
}

impl super::people::Person {
    /// All that this account alone saw: its private chat, its presses and their answers.
    #[must_use]
    pub fn transcript(&self) -> String {
        self.shared
            .read(|state| state.words(|event| event.chat == self.id || event.only == Some(self.id)))
    }
}

impl State {
    /// The events that fit, as text.
    fn words(&self, fits: impl Fn(&Event) -> bool) -> String {
        let lines: Vec<_> = self
            .timeline
            .events()
            .filter(|event| fits(event))
            .map(|event| self.line(event))
            .collect();
        lines.join("\n")
    }

    /// All that happened anywhere, each with its place.
    pub(crate) fn all_words(&self) -> String {
        let mut words = String::new();
        for event in self.timeline.events() {
            let _ = writeln!(words, "{} | {}", self.place(event.chat), self.line(event));
        }
        words
    }

    /// The whole state for somebody who wants to know why a test failed.
    pub(crate) fn in_words(&self) -> String {
        let mut words = format!("what was seen:\n{}", self.all_words());
        let _ = writeln!(words, "updates that wait: {}", self.queue.len());
        if let Some(webhook) = &self.webhook {
            let _ = writeln!(words, "webhook: {} {:?}", webhook.url, webhook.last_error);
        }
        let _ = writeln!(words, "calls: {:?}", self.calls.counts());
        let failed = self
            .calls
            .latest()
            .rev()
            .filter(|call| call.code != 200)
            .take(10);
        for call in failed {
            let _ = writeln!(words, "failed: {call}");
        }
        for violation in &self.calls.violations {
            let _ = writeln!(words, "violation: {violation}");
        }
        words
    }

    fn place(&self, chat: i64) -> &str {
        match self.chats.get(&chat) {
            Some(chat) if chat.kind == ChatKind::Private => "private",
            Some(chat) => &chat.title,
            None => "nowhere",
        }
    }

    fn line(&self, event: &Event) -> String {
        let who = &event.who;
        let topic = event.thread.and_then(|thread| {
            // A deleted topic has no name any more.
            self.chats.get(&event.chat)?.topics.get(&thread)
        });
        let topic = topic
            .map(|topic| format!("#{} ", topic.name))
            .unwrap_or_default();
        let rest = match &event.what {
            What::Said {
                text,
                buttons,
                attachment,
                silent,
                to,
            } => {
                let mut notes = Vec::new();
                notes.extend(silent.then(|| "silent".to_owned()));
                notes.extend(to.as_ref().map(|to| format!("to {to}")));
                let notes = if notes.is_empty() {
                    String::new()
                } else {
                    format!(" ({})", notes.join(", "))
                };
                let mut said = format!("{who}{notes}: ");
                if let Some(attachment) = attachment {
                    let _ = write!(said, "<{attachment}> ");
                }
                said + &indented(text) + &rows(buttons, "\n  ")
            }
            What::Edited { text, buttons } => {
                format!("{who} edited: {}{}", indented(text), rows(buttons, "\n  "))
            }
            What::Deleted { text } => {
                let first = text.lines().next().unwrap_or_default();
                format!("{who} deleted: {first}")
            }
            What::Service { text } => format!("-- {text}"),
            What::Pressed { label } => format!("{who} pressed [{label}]"),
            What::Answered { text, .. } if text.is_empty() => format!("{who} saw nothing"),
            What::Answered { text, alert: false } => format!("{who} saw: {}", indented(text)),
            What::Answered { text, alert: true } => {
                format!("{who} was alerted: {}", indented(text))
            }
        };
        topic + rest.trim_end()
    }
}

/// The rows of buttons, each on a line of its own that `start` begins.
pub(crate) fn rows(buttons: &[Vec<Button>], start: &str) -> String {
    let mut rows = String::new();
    for row in buttons {
        let row: Vec<_> = row
            .iter()
            .map(|button| match &button.url {
                Some(url) => format!("[{} -> {url}]", button.label),
                None => format!("[{}]", button.label),
            })
            .collect();
        rows += start;
        rows += &row.join(" ");
    }
    rows
}

fn indented(text: &str) -> String {
    text.replace('\n', "\n  ")
}
