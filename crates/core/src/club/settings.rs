use serde::{Deserialize, Serialize};

use super::Language;
use crate::calendar::{DayStart, Zone};
use crate::exercise::StreakRule;
use crate::measure::Unit;

/// What a person has settled for himself. `None` is: never said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Where he lives.
    pub zone: Option<Zone>,
    /// What his bare numbers are in.
    pub unit: Option<Unit>,
    /// The language of his private answers.
    pub language: Option<Language>,
    /// When his day begins.
    pub day_start: Option<DayStart>,
    /// For the notes on age, and never asked for.
    pub age: Option<AgeGroup>,
    /// Whether boards name him.
    pub privacy: Privacy,
    /// What his streak is a row of.
    pub streak: StreakRule,
}

/// An age group, for who wants the notes that go with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
pub enum AgeGroup {
    /// Under 18.
    #[value(name = "under-18")]
    #[serde(rename = "under-18")]
    Under18,
    /// 18 to 59.
    #[value(name = "18-59")]
    #[serde(rename = "18-59")]
    From18To59,
    /// 60 and over.
    #[value(name = "60+")]
    #[serde(rename = "60+")]
    From60,
}

impl AgeGroup {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Under18, Self::From18To59, Self::From60];

    /// The word for it in commands and in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Under18 => "under-18",
            Self::From18To59 => "18-59",
            Self::From60 => "60+",
        }
    }

    /// The age group of a word from the database.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|age| age.word() == word)
    }
}

/// Whether a person's first name may stand on a club's boards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Privacy {
    /// The first name is shown.
    #[default]
    Shown,
    /// Counted in totals only.
    Hidden,
}

impl Privacy {
    /// The word for it in commands and in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Hidden => "hidden",
        }
    }

    /// The choice of a word from the database.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Shown, Self::Hidden]
            .into_iter()
            .find(|privacy| privacy.word() == word)
    }
}
