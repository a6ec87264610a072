use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::EntryId;
use crate::calendar::Zone;
use crate::measure::{Distance, Side, State, Unit};

/// One leg's knee-to-wall test in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number, shown to people.
    pub id: EntryId,
    /// The local day it counts for.
    pub day: Date,
    /// Where that day was.
    pub zone: Zone,
    /// When it was logged.
    pub logged_at: Timestamp,
    /// Whether it counts.
    pub standing: Standing,
    /// Which leg, if known.
    pub side: Option<Side>,
    /// Cold or warm.
    pub state: State,
    /// The mean of the tries.
    pub distance: Distance,
    /// How many tries.
    pub tries: u8,
    /// How far the tries lie apart, in tenths of a millimetre.
    pub spread: i64,
    /// The numbers as they were typed.
    pub typed: String,
    /// The unit they were read in.
    pub unit: Unit,
    /// The event that logged it: all that it logged is taken back together.
    pub event: String,
}

/// Whether an entry counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// It counts.
    Live,
    /// Unlikely: it waits for a press, or for a second test that agrees.
    Unconfirmed,
    /// Taken back.
    Undone,
}

impl Standing {
    /// The word for it in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Unconfirmed => "unconfirmed",
            Self::Undone => "undone",
        }
    }

    /// The standing of a word from the database.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Live, Self::Unconfirmed, Self::Undone]
            .into_iter()
            .find(|standing| standing.word() == word)
    }
}
