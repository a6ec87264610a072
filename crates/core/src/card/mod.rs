//! The neutral card: what the program says, before any platform has drawn it.
//!
//! A [`Card`] is text in typed spans, buttons, and files. Names and whatever else people typed are
//! spans of their own, so that each renderer escapes them once, in its own way.

mod button;
mod plain;
mod text;

use serde::{Deserialize, Serialize};

pub use button::{Button, ForeignPress, MAX_WIRE_BYTES, Whose, read_wire};
pub use plain::{Size, phone_lines, plain, plain_text};
pub use text::{Span, Text};

/// One message, on any platform.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// From top to bottom.
    pub blocks: Vec<Block>,
    /// Rows of buttons: at most five in two rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Vec<Button>>,
    /// Files that come with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<File>,
}

/// A paragraph of a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// What the card is about.
    Title(Text),
    /// A line of text.
    Line(Text),
    /// A line of a list.
    Item(Text),
}

impl Block {
    /// Its text.
    #[must_use]
    pub fn text(&self) -> &Text {
        match self {
            Self::Title(text) | Self::Line(text) | Self::Item(text) => text,
        }
    }
}

/// A file that comes with a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name, with an ending that says what it is.
    pub name: String,
    /// Its text.
    pub content: String,
}

impl Card {
    /// A card of one line.
    #[must_use]
    pub fn line(text: Text) -> Self {
        Self::default().with(text)
    }

    /// The same card with a line more.
    #[must_use]
    pub fn with(mut self, text: Text) -> Self {
        self.blocks.push(Block::Line(text));
        self
    }

    /// The same card with a row of buttons more, if there is any in it.
    #[must_use]
    pub fn with_buttons(mut self, row: impl IntoIterator<Item = Option<Button>>) -> Self {
        let row: Vec<_> = row.into_iter().flatten().collect();
        if !row.is_empty() {
            self.buttons.push(row);
        }
        self
    }
}
