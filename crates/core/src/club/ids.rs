use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// A person, whatever accounts he uses.
    PersonId;
    /// An account on one platform.
    AccountId;
    /// A club.
    ClubId;
    /// A server or a group.
    ChatId;
    /// A channel, a topic, or a private conversation.
    RoomId;
    /// An entry in the log. Shown to people, and never used twice.
    EntryId;
    /// A question that waits for its answer.
    QuestionId;
    /// A reminder of a room. Shown to people, and never used twice.
    ReminderId;
    /// A post in a room: a reminder of one day.
    PostId;
    /// A challenge of a club. Shown to people, and never used twice.
    ChallengeId;
}

/// Reads an entry's number as people type it: `812`, `#812`.
impl FromStr for EntryId {
    type Err = std::num::ParseIntError;

    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        let digits = typed.trim().trim_start_matches('#');
        digits.parse::<u32>().map(|id| Self(i64::from(id)))
    }
}

/// The word by which the database and the adapters tell platforms apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Platform(pub &'static str);
