use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::calendar::Zone;

/// A line of text in typed spans.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(pub Vec<Span>);

/// A piece of text, by what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Words.
    Text(String),
    /// Words that matter most.
    Strong(String),
    /// Something to be typed or copied as it stands.
    Code(String),
    /// What a person calls himself, or typed: never markup, never a mention.
    Name(String),
    /// An instant, shown in the reader's own zone where the platform can, else in this one.
    Time {
        /// The instant.
        at: Timestamp,
        /// The zone to fall back to.
        zone: Zone,
    },
    /// A link.
    Link {
        /// What is shown.
        label: String,
        /// Where it leads.
        url: String,
    },
    /// A command to type, with its slash: `/ankle test 9cm`.
    Command(String),
}

impl Text {
    /// Plain words.
    #[must_use]
    pub fn plain(words: impl Into<String>) -> Self {
        Self(vec![Span::Text(words.into())])
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same text with more behind it.
    #[must_use]
    pub fn then(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }

    /// The texts with a space between each two.
    #[must_use]
    pub fn spaced(texts: impl IntoIterator<Item = Self>) -> Self {
        Self::joined(texts, " ")
    }

    /// The texts with `between` between each two.
    #[must_use]
    pub fn joined(texts: impl IntoIterator<Item = Self>, between: &str) -> Self {
        let mut whole = Self::default();
        for text in texts.into_iter().filter(|text| !text.is_empty()) {
            if !whole.is_empty() {
                whole.0.push(Span::Text(between.to_owned()));
            }
            whole.0.extend(text.0);
        }
        whole
    }
}
