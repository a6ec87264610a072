use super::{Arg, Speaker};
use crate::card::{Block, Card, Span, Text};

/// A command in the help: its line and what it does.
#[derive(Clone, Debug)]
pub struct HelpLine {
    /// Its words: `["me", "settings"]`.
    pub path: Vec<String>,
}

/// What a command does, in a few words. Its id follows from its path.
#[must_use]
pub fn command_words(say: Speaker, path: &[String]) -> String {
    say.label(&format!("command-{}", path.join("-")))
}

/// What an option of a command is, in a few words. Its id follows from path and name.
#[must_use]
pub fn option_words(say: Speaker, path: &[String], option: &str) -> String {
    say.label(&format!("option-{}-{option}", path.join("-")))
}

/// A command as it is typed.
#[must_use]
pub fn command_line(path: &[String]) -> String {
    format!("/ankle {}", path.join(" "))
}

/// The page that lists every command.
#[must_use]
pub fn help_page(say: Speaker, lines: &[HelpLine]) -> Card {
    let mut card = Card::default();
    card.blocks.push(Block::Title(say.say("help-title", &[])));
    card = card.with(say.say("help-lines", &[]));
    for line in lines {
        card.blocks.push(Block::Item(topic(say, &line.path)));
    }
    card.with(say.say("help-slip", &[]))
        .with(say.say("help-more", &[]))
}

/// A command and what it does.
pub(super) fn topic(say: Speaker, path: &[String]) -> Text {
    let command = Text(vec![Span::Command(command_line(path))]);
    say.say(
        "help-topic",
        &[
            ("command", Arg::Text(command)),
            ("what", Arg::Words(command_words(say, path))),
        ],
    )
}

/// How the knee-to-wall lunge is done.
#[must_use]
pub fn lunge_guide(say: Speaker) -> Vec<Text> {
    [
        "help-test-1",
        "help-test-2",
        "help-test-3",
        "help-test-4",
        "help-test-5",
    ]
    .into_iter()
    .map(|id| say.say(id, &[]))
    .collect()
}

impl Speaker {
    /// The page of one command: what it does, its options, an example.
    #[must_use]
    pub fn topic_page(self, path: &[String], options: &[String], example: &str) -> Card {
        let mut card = Card::line(topic(self, path));
        for option in options {
            let name = Text(vec![Span::Code(option.clone())]);
            let what = Text::plain(format!(": {}", option_words(self, path, option)));
            card.blocks.push(Block::Item(name.then(what)));
        }
        let example = ("example", Arg::command(example));
        card.with(self.say("help-example", &[example]))
    }
}
