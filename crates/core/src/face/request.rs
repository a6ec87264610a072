use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::MessageRef;
use crate::club::Platform;

/// Something that somebody said, on any platform.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its name: the same whenever the platform delivers it again.
    pub event: EventId,
    /// When the platform says it happened. The core never takes it for later than its own clock.
    pub at: Timestamp,
    /// Who said it.
    pub asker: Asker,
    /// Where.
    pub place: Place,
    /// What.
    pub said: Said,
    /// How one alone is told something in a room.
    pub whispers: Whispers,
}

/// How a platform tells one alone what he asked in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whispers {
    /// In the room itself, where nobody else sees it: the room hears nothing.
    Here,
    /// In the private conversation: the room may hear something beside it.
    Elsewhere,
}

/// The name of an event: platform, then what is unique there. A message is named by its chat and
/// number rather than by the delivery, so that a later edit of it can name it too.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(pub String);

/// Who said it.
#[derive(Clone, Debug)]
pub enum Asker {
    /// A person with an account.
    Person(Person),
    /// Somebody who speaks for the chat itself: may set it up, and logs nothing.
    AnonymousOrganiser {
        /// The platform.
        platform: Platform,
        /// What the platform says of the language spoken, such as `de-AT`.
        locale: Option<String>,
    },
}

/// A person as the platform shows him.
#[derive(Clone, Debug)]
pub struct Person {
    /// The account.
    pub account: AccountAddress,
    /// What he calls himself. Anything at all may stand here.
    pub name: String,
    /// By which others call him on the platform, such as `@ana`, without the sign; unlike the name it is
    /// one account's alone at a time. None where there is no such thing.
    pub handle: Option<String>,
    /// What the platform says of his language, such as `en-US`.
    pub locale: Option<String>,
    /// What he may do here, if the event says so; else the [`Messenger`](super::Messenger) is asked
    /// by commands that need to know.
    pub rights: Option<Rights>,
}

/// What somebody may do in a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// May set the club up: manages the server, or administers the group.
    pub organiser: bool,
}

/// An account on a platform.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct AccountAddress {
    /// The platform.
    pub platform: Platform,
    /// What the platform calls the account: a number that never changes, not a nickname.
    pub external: String,
}

/// A channel or a topic, and the chat it is in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct RoomAddress {
    /// The server or group.
    pub chat: String,
    /// The channel or topic, as the adapter wants to see it again.
    pub room: String,
}

/// Where it was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A private conversation with the asker.
    Private {
        /// The conversation, as the adapter wants to see it again.
        room: String,
    },
    /// A room of a club.
    Room(RoomAddress),
    /// A foreign server, where the asker used a command he brought along: makes no club, and every
    /// answer is private.
    Elsewhere,
}

/// What was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// A line of text, with or without its slash: `/ankle test 9cm`.
    Line(String),
    /// A command chosen from the platform's own menu, with its options by name.
    Named {
        /// `["test"]`, `["me", "settings"]`.
        path: Vec<String>,
        /// Option and value, as typed.
        values: Vec<(String, String)>,
    },
    /// A button: what [`Button::wire`](crate::card::Button::wire) wrote.
    Press {
        /// The bytes that came back.
        wire: String,
        /// The message it stood under.
        on: MessageRef,
        /// Since when it stood there. Where the platform does not say, a time long ago.
        since: Timestamp,
    },
    /// A form that a button or a question opened: the line it was for, and what was filled in.
    Filled {
        /// The line.
        line: String,
        /// Argument and value, as typed.
        values: Vec<(String, String)>,
    },
    /// A reply to a message of ours: to the question it asked, or a bare line such as `10.5 right`.
    ReplyTo {
        /// The message replied to; `None` where the platform has no replies, and the asker's
        /// latest question in this room is meant.
        message: Option<MessageRef>,
        /// What was replied.
        text: String,
    },
    /// A command that was edited afterwards.
    Edited {
        /// The line as it stands now.
        line: String,
        /// The event of the message when it was first seen.
        original: EventId,
        /// When it was first said.
        said_at: Timestamp,
    },
}
