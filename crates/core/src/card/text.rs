use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
    /// An instant: where the platform can, as it shows instants in the reader's own zone, else in words.
    Time {
        /// The instant.
        at: Timestamp,
        /// The words, which say whose time it is as well.
        words: String,
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
