use std::future::Future;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AccountAddress, Place, Rights};
use crate::card::Card;

/// A message on a platform: the room it is in, and what the platform calls it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MessageRef {
    /// The room, as the adapter knows it.
    pub room: String,
    /// The message. On some platforms unique in its room only.
    pub message: String,
}

/// What makes a repeated send recognisable to a platform that can recognise one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SendKey(pub String);

/// The way to say what nobody asked for at that moment: reminders, their edits, notices to an
/// organiser. One for each platform.
pub trait Messenger: Send + Sync {
    /// Sends a card to a room.
    fn send(
        &self,
        room: &str,
        card: &Card,
        key: &SendKey,
    ) -> impl Future<Output = Result<MessageRef, SendError>> + Send;

    /// Puts a card over a message of ours.
    fn edit(
        &self,
        message: &MessageRef,
        card: &Card,
    ) -> impl Future<Output = Result<(), SendError>> + Send;

    /// Removes a message of ours. One that is gone already is no error.
    fn delete(&self, message: &MessageRef) -> impl Future<Output = Result<(), SendError>> + Send;

    /// Takes the buttons off a message of ours; what it says stays. One that is gone already is no error.
    fn close(&self, message: &MessageRef) -> impl Future<Output = Result<(), SendError>> + Send;

    /// The room in which an account is spoken to privately, by what the platform calls the account.
    fn private_room(&self, account: &str)
    -> impl Future<Output = Result<String, SendError>> + Send;

    /// Whether the platform is there: a call that says nothing to anybody.
    fn is_there(&self) -> impl Future<Output = Result<(), SendError>> + Send {
        async { Ok(()) }
    }

    /// How many answers were said within the last second, where they and posts share one limit.
    fn said_lately(&self, _now: Timestamp) -> usize {
        0
    }

    /// Until when nothing may be said in a chat because of what an answer there was told, if posts are told
    /// the same.
    fn waits_until(&self, _chat: &str, _now: Timestamp) -> Option<Timestamp> {
        None
    }

    /// What somebody may do in a place.
    fn rights(
        &self,
        asker: &AccountAddress,
        place: &Place,
    ) -> impl Future<Output = Result<Rights, SendError>> + Send;
}

/// Why a call to a platform did not do its work. Each has its own consequence, so each is its own.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Too many calls: wait.
    #[error("the platform asks to wait {} s", after.as_secs())]
    RetryAfter {
        /// How long.
        after: Duration,
        /// Who has to wait.
        scope: RetryScope,
    },
    /// The room has another address now.
    #[error("the room has moved")]
    Moved {
        /// The new address of the chat.
        chat: String,
    },
    /// The room, or we in it, are no more.
    #[error("the room is gone")]
    Gone,
    /// A right is missing.
    #[error("a right is missing: {0:?}")]
    Forbidden(Forbidden),
    /// The platform will never take this: a slip of ours.
    #[error("the platform refuses the message")]
    Rejected,
    /// The platform removes no message of that age: it stays for good.
    #[error("the message is too old to be removed")]
    TooOld,
    /// Surely not delivered: may be tried again at once.
    #[error("the platform was not reached")]
    NotSent,
    /// The platform answers that it is out of order: hardly delivered, but nobody knows.
    #[error("the platform is out of order")]
    Away,
    /// Perhaps delivered, perhaps not.
    #[error("nobody knows whether the message was delivered")]
    InDoubt,
}

/// How far a platform's order to wait reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryScope {
    /// This room.
    Room,
    /// Everything we send.
    All,
    /// The platform did not say.
    Unsaid,
}

/// A right that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forbidden {
    /// To write in this room.
    Write,
    /// To see this room.
    See,
    /// The topic is closed.
    TopicClosed,
    /// The person does not want to hear from us.
    Blocked,
    /// Something else, in the platform's words.
    Other(String),
}
