use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language that the program speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::En, Self::De];

    /// Its two-letter code, as in the database and in the names of the files with its words.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// Its own name for itself.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
        }
    }

    /// The language of a locale such as `de-AT`, if it is one of ours.
    #[must_use]
    pub fn of_locale(locale: &str) -> Option<Self> {
        let language = locale.split(['-', '_']).next()?.to_lowercase();
        Self::ALL.into_iter().find(|l| l.code() == language)
    }
}

/// Reads a code or a name: `de`, `Deutsch`, `german`.
impl FromStr for Language {
    type Err = ();

    fn from_str(typed: &str) -> Result<Self, ()> {
        match typed.trim().to_lowercase().as_str() {
            "english" => Ok(Self::En),
            "german" => Ok(Self::De),
            other => Self::ALL
                .into_iter()
                .find(|l| l.code() == other || l.own_name().to_lowercase() == other)
                .ok_or(()),
        }
    }
}
