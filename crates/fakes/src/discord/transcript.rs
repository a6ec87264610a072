//! What people saw, as plain text that fits a snapshot.

use std::fmt::Write;

use super::components::Button;
use super::message::Message;
use super::state::State;
use super::timeline::{Event, Picture, What};

impl State {
    /// The events that fit, as text.
    pub(crate) fn words(&self, fits: impl Fn(&Event) -> bool) -> String {
        let fitting = self.timeline.events().filter(|event| fits(event));
        let lines: Vec<_> = fitting.filter_map(|event| self.line(event)).collect();
        lines.join("\n")
    }

    /// All that happened anywhere, each with its place.
    pub(crate) fn all_words(&self) -> String {
        let mut words = String::new();
        for event in self.timeline.events() {
            if let Some(line) = self.line(event) {
                let _ = writeln!(words, "{} | {line}", self.place(event.channel));
            }
        }
        words
    }

    /// The whole state for somebody who wants to know why a test failed.
    pub(crate) fn in_words(&self) -> String {
        let mut words = format!("what was seen:\n{}", self.all_words());
        let gateway = &self.gateway;
        let _ = writeln!(
            words,
            "gateway: {} sessions connected, {} connections, {} identifies, {} resumes",
            gateway.ready(),
            gateway.connections.len(),
            gateway.identifies,
            gateway.resumes
        );
        let _ = writeln!(words, "calls: {:?}", self.calls.counts());
        let failed = self.calls.latest().rev().filter(|call| call.status >= 400);
        for call in failed.take(10) {
            let _ = writeln!(words, "failed: {call}");
        }
        for violation in &self.calls.violations {
            let _ = writeln!(words, "violation: {violation}");
        }
        let open = self.interactions.values().filter(|i| i.response.is_none());
        for interaction in open.take(10) {
            let _ = writeln!(words, "without an answer: {}", interaction.label);
        }
        words
    }

    /// A message with who sees it.
    pub(crate) fn message_words(&self, message: &Message) -> String {
        let picture = message.picture();
        let who = self.name(self.bot.id);
        let notes = self.notes(message.only, picture.silent);
        format!("{who}{notes}: {}", picture_words(&picture, "\n  "))
    }

    fn line(&self, event: &Event) -> Option<String> {
        let who = &event.who;
        let rest = match &event.what {
            What::Did(label) => format!("{who}: {label}"),
            What::Said(picture) if picture.loading => {
                format!("{who}{} is thinking", self.notes(event.only, false))
            }
            What::Said(picture) => {
                let notes = self.notes(event.only, picture.silent);
                format!("{who}{notes}: {}", picture_words(picture, "\n  "))
            }
            What::Edited(picture) => {
                let notes = self.notes(event.only, false);
                format!("{who}{notes} edited: {}", picture_words(picture, "\n  "))
            }
            What::Deleted { text } => {
                let first = text.lines().next().unwrap_or_default();
                format!("{who} deleted: {first}")
            }
            What::Asked { title, labels } => {
                let labels: Vec<_> = labels
                    .iter()
                    .map(|label| format!("[{label}: ____]"))
                    .collect();
                let notes = self.notes(event.only, false);
                format!("{who}{notes} asks: {title} {}", labels.join(" "))
            }
            // Suggestions come with each key; only a test that asks for them wants them.
            What::Suggested(_) => return None,
        };
        Some(rest.trim_end().to_owned())
    }

    fn notes(&self, only: Option<u64>, silent: bool) -> String {
        let mut notes = Vec::new();
        notes.extend(only.map(|only| format!("only {}", self.name(only))));
        notes.extend(silent.then(|| "silent".to_owned()));
        if notes.is_empty() {
            String::new()
        } else {
            format!(" ({})", notes.join(", "))
        }
    }
}

/// A message as text; `start` begins each further line.
pub(crate) fn picture_words(picture: &Picture, start: &str) -> String {
    let mut lines: Vec<String> = picture.content.lines().map(str::to_owned).collect();
    for embed in &picture.embeds {
        lines.extend(embed.iter().map(|line| format!("| {line}")));
    }
    lines.extend(picture.files.iter().map(|file| format!("<file {file}>")));
    lines.extend(picture.buttons.iter().map(|row| row_words(row)));
    // An embed, a file and buttons stand below the name, as on a screen.
    if picture.content.is_empty() {
        lines.insert(0, String::new());
    }
    lines.join(start)
}

fn row_words(row: &[Button]) -> String {
    let row: Vec<_> = row
        .iter()
        .map(|button| {
            let off = if button.disabled { " off" } else { "" };
            let label = &button.label;
            if !button.options.is_empty() {
                let options: Vec<_> = button.options.iter().map(|(_, label)| &**label).collect();
                return format!("[{label}: {}{off}]", options.join(" / "));
            }
            match &button.url {
                Some(url) => format!("[{label} -> {url}]"),
                None => format!("[{label}{off}]"),
            }
        })
        .collect();
    row.join(" ")
}
