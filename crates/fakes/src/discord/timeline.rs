//! All that happened where people can see it, in order.

use std::collections::VecDeque;

use serde_json::Value;

use super::components::{Button, rows, texts};
use super::message::Message;
use super::rules::{LOADING, SUPPRESS_NOTIFICATIONS};
use super::schema::list;

/// What people saw, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    events: VecDeque<Event>,
    /// How many events are kept; `None` keeps all.
    pub(crate) most: Option<usize>,
}

/// Something that people saw in a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Where it was seen.
    pub channel: u64,
    /// Which message it is about.
    pub message: Option<u64>,
    /// Who did it, by name.
    pub who: String,
    /// The only account that saw it; `None`: everybody in the channel.
    pub only: Option<u64>,
    /// What it was.
    pub what: What,
}

/// What was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A command was used, as in `/ankle test reading:9cm`, a button pressed, a form filled.
    Did(String),
    /// A message appeared.
    Said(Picture),
    /// A message changed.
    Edited(Picture),
    /// A message vanished.
    Deleted {
        /// What it had said.
        text: String,
    },
    /// A form popped up: its title, and its labels.
    Asked {
        /// What stands above it.
        title: String,
        /// What stands above its fields.
        labels: Vec<String>,
    },
    /// Suggestions appeared while somebody typed.
    Suggested(Vec<String>),
}

/// A message as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its content.
    pub content: String,
    /// Its embeds, each as lines.
    pub embeds: Vec<Vec<String>>,
    /// Its buttons and menus, row by row.
    pub buttons: Vec<Vec<Button>>,
    /// The names of its files.
    pub files: Vec<String>,
    /// Whether it came without a sound.
    pub silent: bool,
    /// Whether it only says that the bot is thinking.
    pub loading: bool,
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

impl Message {
    /// The message as people see it.
    pub(crate) fn picture(&self) -> Picture {
        let mut content = self.content.clone();
        for line in texts(&self.components) {
            if !content.is_empty() {
                content.push('\n');
            }
            content.push_str(&line);
        }
        Picture {
            content,
            embeds: list(&self.embeds).iter().map(embed_lines).collect(),
            buttons: rows(&self.components),
            files: self
                .attachments
                .iter()
                .map(|file| file.name.clone())
                .collect(),
            silent: self.flags & SUPPRESS_NOTIFICATIONS != 0,
            loading: self.flags & LOADING != 0,
        }
    }
}

/// An embed as lines: author, title, description, fields, footer.
fn embed_lines(embed: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    let text = |value: &Value| value.as_str().map(|text| text.trim().to_owned());
    lines.extend(text(&embed["author"]["name"]).map(|name| format!("({name})")));
    lines.extend(text(&embed["title"]).map(|title| format!("**{title}**")));
    for text in [text(&embed["description"])].into_iter().flatten() {
        lines.extend(text.lines().map(str::to_owned));
    }
    for field in list(&embed["fields"]) {
        let name = text(&field["name"]).unwrap_or_default();
        let value = text(&field["value"]).unwrap_or_default();
        let mut value = value.lines();
        lines.push(format!("{name}: {}", value.next().unwrap_or_default()));
        lines.extend(value.map(|line| format!("  {line}")));
    }
    for key in ["image", "thumbnail"] {
        lines.extend(text(&embed[key]["url"]).map(|url| format!("<{key} {url}>")));
    }
    lines.extend(text(&embed["footer"]["text"]).map(|footer| format!("_{footer}_")));
    lines
}
