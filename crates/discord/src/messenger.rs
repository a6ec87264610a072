//! The way to say what nobody asked for at that moment.

use std::fmt::Write;

use ankle_core::card::Card;
use ankle_core::face::{AccountAddress, MessageRef, Messenger, Place, Rights, SendError, SendKey};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::doctor::right;
use crate::render::{Draft, Stand, messages};
use crate::rest::{Call, CallError};
use crate::start::Discord;

/// The flag of a message that makes no sound.
pub const SILENT: u64 = 1 << 12;

/// The longest key that Discord knows a message by.
const MAX_NONCE: usize = 25;

impl Messenger for Discord {
    async fn send(&self, room: &str, card: &Card, key: &SendKey) -> Result<MessageRef, SendError> {
        let mut sent = None;
        for (at, draft) in messages(card, FOR_ALL).into_iter().enumerate() {
            let Draft { mut body, files } = draft;
            body["flags"] = json!(SILENT);
            body["nonce"] = json!(nonce(key, at));
            body["enforce_nonce"] = json!(true);
            let path = format!("/channels/{room}/messages");
            let call = Call::bot(Method::POST, "messages", room, path);
            let message = self
                .desk
                .rest
                .call(&call.with(body).with_files(files))
                .await
                .map_err(plain)?;
            let id = message["id"].as_str().ok_or(SendError::InDoubt)?;
            sent = Some(MessageRef {
                room: room.to_owned(),
                message: id.to_owned(),
            });
        }
        sent.ok_or(SendError::Rejected)
    }

    async fn edit(&self, message: &MessageRef, card: &Card) -> Result<(), SendError> {
        let Draft { mut body, files } = messages(card, FOR_ALL).swap_remove(0);
        // What hung on it before goes.
        body["attachments"] = json!([]);
        let call = on_message(Method::PATCH, message)
            .with(body)
            .with_files(files);
        match self.desk.rest.call(&call).await {
            Ok(_) => Ok(()),
            Err(CallError::MessageGone) => Err(SendError::Gone),
            Err(error) => Err(plain(error)),
        }
    }

    async fn delete(&self, message: &MessageRef) -> Result<(), SendError> {
        match self
            .desk
            .rest
            .call(&on_message(Method::DELETE, message))
            .await
        {
            Ok(_) | Err(CallError::MessageGone) => Ok(()),
            Err(error) => Err(plain(error)),
        }
    }

    async fn close(&self, message: &MessageRef) -> Result<(), SendError> {
        let call = on_message(Method::PATCH, message).with(json!({ "components": [] }));
        match self.desk.rest.call(&call).await {
            Ok(_) | Err(CallError::MessageGone) => Ok(()),
            Err(error) => Err(plain(error)),
        }
    }

    async fn private_room(&self, account: &str) -> Result<String, SendError> {
        let path = "/users/@me/channels".to_owned();
        let call = Call::bot(Method::POST, "private", "@me", path);
        let call = call.with(json!({ "recipient_id": account }));
        let channel = self.desk.rest.call(&call).await.map_err(plain)?;
        let id = channel["id"].as_str().ok_or(SendError::InDoubt)?;
        Ok(id.to_owned())
    }

    async fn is_there(&self) -> Result<(), SendError> {
        let call = Call::bot(Method::GET, "me", "@me", "/users/@me".to_owned());
        self.desk.rest.call(&call).await.map(|_| ()).map_err(plain)
    }

    async fn rights(&self, asker: &AccountAddress, place: &Place) -> Result<Rights, SendError> {
        let Place::Room(address) = place else {
            return Ok(Rights::default());
        };
        let server = &address.chat;
        let get = |route: &str, path: String| {
            let call = Call::bot(Method::GET, route, server, path);
            async move { self.desk.rest.call(&call).await.map_err(plain) }
        };
        let guild = get("guild", format!("/guilds/{server}")).await?;
        let member = format!("/guilds/{server}/members/{}", asker.external);
        let member = get("member", member).await?;
        Ok(Rights {
            organiser: organises(&guild, &member, &asker.external),
        })
    }
}

/// A post is for everybody, and nobody's in particular.
const FOR_ALL: Stand = Stand {
    owner: None,
    in_room: true,
};

fn on_message(method: Method, message: &MessageRef) -> Call {
    let (room, id) = (&message.room, &message.message);
    Call::bot(
        method,
        "message",
        room,
        format!("/channels/{room}/messages/{id}"),
    )
}

/// By which Discord takes a message that comes twice within minutes for one. A key that is too long is
/// known by its hash.
fn nonce(key: &SendKey, at: usize) -> String {
    let whole = format!("{}.{at}", key.0);
    if whole.len() <= MAX_NONCE && whole.is_ascii() {
        return whole;
    }
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(whole.as_bytes()) {
        // Writing into a string does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex.truncate(MAX_NONCE);
    hex
}

/// The owner, and whoever has a role, or the role of all, that may set up the server.
fn organises(guild: &Value, member: &Value, user: &str) -> bool {
    if guild["owner_id"].as_str() == Some(user) {
        return true;
    }
    let has = |id: &Value| {
        let mut roles = member["roles"].as_array().into_iter().flatten();
        *id == guild["id"] || roles.any(|role| role == id)
    };
    let mut roles = guild["roles"].as_array().into_iter().flatten();
    roles.any(|role| {
        let bits = role["permissions"]
            .as_str()
            .and_then(|bits| bits.parse::<u64>().ok());
        has(&role["id"]) && bits.unwrap_or(0) & (right::ADMINISTRATOR | right::MANAGE_GUILD) != 0
    })
}

/// A call's error as the core knows it.
pub fn plain(error: CallError) -> SendError {
    match error {
        CallError::Send(error) => error,
        CallError::MessageGone | CallError::NoMember => SendError::Gone,
        // Nothing was taken; with another token it will be.
        CallError::Token => SendError::NotSent,
        CallError::Expired | CallError::AnsweredBefore => SendError::Rejected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_same_each_time_and_short_enough() {
        let key = |text: &str| SendKey(text.to_owned());
        assert_eq!(nonce(&key("post:4711"), 0), "post:4711.0");
        let long = key(&"x".repeat(60));
        assert_eq!(nonce(&long, 0), nonce(&long, 0));
        assert_ne!(nonce(&long, 0), nonce(&long, 1));
        assert_eq!(nonce(&long, 0).len(), MAX_NONCE);
    }

    #[test]
    fn an_organiser_owns_the_server_or_has_a_role_that_manages_it() {
        let guild = json!({ "id": "1", "owner_id": "9", "roles": [
            { "id": "1", "permissions": "1024" },
            { "id": "2", "permissions": "32" },
            { "id": "3", "permissions": "8" },
        ]});
        let with = |role: &str, user: &str| organises(&guild, &json!({ "roles": [role] }), user);
        assert!(with("2", "5") && with("3", "5") && with("4", "9"));
        assert!(!with("4", "5"));
    }
}
