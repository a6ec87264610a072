//! All that happened where people can see it, in order.

use std::collections::VecDeque;

use super::message::Button;

/// What people saw, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    events: VecDeque<Event>,
    /// How many events are kept; `None` keeps all.
    pub(crate) most: Option<usize>,
}

/// Something that people saw in a chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Where it was seen.
    pub chat: i64,
    /// In which topic.
    pub thread: Option<i64>,
    /// Which message it is about.
    pub message: Option<i64>,
    /// Who did it, by name.
    pub who: String,
    /// The only account that saw it; `None`: everybody in the chat.
    pub only: Option<i64>,
    /// What it was.
    pub what: What,
}

/// What was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A message appeared.
    Said {
        /// Its visible text or caption.
        text: String,
        /// Its buttons, row by row.
        buttons: Vec<Vec<Button>>,
        /// `photo` or `document`, if it carries one.
        attachment: Option<&'static str>,
        /// Whether it came without a sound.
        silent: bool,
        /// Whom it answers, by name.
        to: Option<String>,
    },
    /// A message changed.
    Edited {
        /// Its visible text or caption.
        text: String,
        /// Its buttons, row by row.
        buttons: Vec<Vec<Button>>,
    },
    /// A message vanished.
    Deleted {
        /// What it had said.
        text: String,
    },
    /// A service message appeared.
    Service {
        /// As the chat shows it.
        text: String,
    },
    /// A button was pressed; only who pressed it knows.
    Pressed {
        /// What stands on the button.
        label: String,
    },
    /// A press was answered; only who pressed sees it.
    Answered {
        /// The words; empty if there were none.
        text: String,
        /// Whether it has to be dismissed.
        alert: bool,
    },
}

impl Timeline {
    pub(crate) fn add(&mut self, event: Event) {
        self.events.push_back(event);
        if self.most.is_some_and(|most| self.events.len() > most) {
            self.events.pop_front();
        }
    }

    pub(crate) fn events(&self) -> impl Iterator<Item = &Event> {
        self.events.iter()
    }
}
