//! Messages: made from what a client sent, changed, and told.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::body::Upload;
use super::pings::Pings;
use super::rules::{EPHEMERAL, LOADING};
use super::schema::list;
use super::state::State;
use super::timeline::{Event, What};
use super::wire::user_json;

/// A message in a channel. Only the bot writes here: people speak through interactions.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) id: u64,
    pub(crate) channel: u64,
    pub(crate) at: Timestamp,
    pub(crate) edited: Option<Timestamp>,
    pub(crate) content: String,
    pub(crate) embeds: Value,
    pub(crate) components: Value,
    pub(crate) flags: u64,
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) reply_to: Option<u64>,
    pub(crate) nonce: Value,
    /// The only account that sees it.
    pub(crate) only: Option<u64>,
    /// The interaction that it answers.
    pub(crate) interaction: Option<u64>,
    pub(crate) pings: Pings,
    /// Moves with each change.
    pub(crate) revision: u64,
    pub(crate) deleted: bool,
    /// Whether a test has read it.
    pub(crate) read: bool,
}

/// A file of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    pub(crate) id: u64,
    /// Its name.
    pub name: String,
    /// Its type.
    pub mime: String,
    /// What it says to those who cannot see it.
    pub description: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Where a message comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    pub(crate) channel: u64,
    pub(crate) interaction: Option<u64>,
    /// The only account that shall see it.
    pub(crate) only: Option<u64>,
}

impl State {
    /// Posts a message of the bot from a body that has passed all checks.
    pub(crate) fn post(&mut self, body: &Value, files: &[Upload], origin: Origin) -> u64 {
        let id = self.new_id();
        let mut flags = body["flags"].as_u64().unwrap_or(0) & !EPHEMERAL;
        if origin.only.is_some() {
            flags |= EPHEMERAL;
        }
        let reference = &body["message_reference"]["message_id"];
        let mut message = Message {
            id,
            channel: origin.channel,
            at: self.now,
            edited: None,
            content: String::new(),
            embeds: json!([]),
            components: json!([]),
            flags,
            attachments: Vec::new(),
            reply_to: reference.as_str().and_then(|id| id.parse().ok()),
            nonce: body["nonce"].clone(),
            only: origin.only,
            interaction: origin.interaction,
            pings: Pings::default(),
            revision: 0,
            deleted: false,
            read: false,
        };
        self.fill(&mut message, body, files);
        message.pings = self.pings(&message, &body["allowed_mentions"]);
        let event = self.said(&message);
        let most = self.history;
        if let Some(channel) = self.channels.get_mut(&origin.channel) {
            channel.messages.insert(id, message);
            if most.is_some_and(|most| channel.messages.len() > most) {
                channel.messages.pop_first();
            }
        }
        self.ledger.posted();
        self.timeline.add(event);
        id
    }

    /// Changes a message by a body that has passed all checks; what the body leaves out stays.
    pub(crate) fn change(&mut self, channel: u64, id: u64, body: &Value, files: &[Upload]) {
        let Some(mut message) = self.message(channel, id).cloned() else {
            return;
        };
        self.fill(&mut message, body, files);
        let was_loading = message.flags & LOADING != 0;
        message.flags &= !LOADING;
        if let Some(flags) = body["flags"].as_u64() {
            message.flags = message.flags & (EPHEMERAL | super::rules::SUPPRESS_NOTIFICATIONS)
                | flags & !EPHEMERAL;
        }
        message.revision += 1;
        message.read = false;
        let event = if was_loading {
            // The end of a deferral is the first that anybody sees; only this may ping.
            message.pings = self.pings(&message, &body["allowed_mentions"]);
            self.said(&message)
        } else {
            message.edited = Some(self.now);
            self.edited(&message)
        };
        if let Some(place) = self.message_mut(channel, id) {
            *place = message;
        }
        self.ledger.edited += 1;
        self.timeline.add(event);
    }

    /// Deletes a message.
    pub(crate) fn remove(&mut self, channel: u64, id: u64) {
        let by = self.name(self.bot.id);
        let Some(message) = self.message_mut(channel, id) else {
            return;
        };
        message.deleted = true;
        let event = Event {
            channel,
            message: Some(id),
            who: by,
            only: message.only,
            what: What::Deleted {
                text: message.content.clone(),
            },
        };
        self.timeline.add(event);
    }

    /// A message as the API tells it.
    pub(crate) fn message_json(&self, message: &Message) -> Value {
        let attachments = message.attachments.iter().map(|file| {
            let url = format!(
                "https://cdn.discordapp.com/attachments/{}/{}/{}",
                message.channel, file.id, file.name
            );
            json!({"id": file.id.to_string(), "filename": file.name, "size": file.bytes.len(),
                "content_type": file.mime, "url": url, "proxy_url": url,
                "description": file.description})
        });
        let mentions = message.pings.users.iter();
        let mentions = mentions
            .filter_map(|id| self.accounts.get(id))
            .map(user_json);
        let roles = message.pings.roles.iter().map(ToString::to_string);
        let mut told = json!({
            "id": message.id.to_string(),
            "channel_id": message.channel.to_string(),
            "type": if message.reply_to.is_some() { 19 } else { 0 },
            "author": self.accounts.get(&self.bot.id).map(user_json),
            "content": message.content,
            "timestamp": time(message.at),
            "edited_timestamp": message.edited.map(time),
            "tts": false,
            "mention_everyone": message.pings.everyone,
            "mentions": mentions.collect::<Vec<_>>(),
            "mention_roles": roles.collect::<Vec<_>>(),
            "attachments": attachments.collect::<Vec<_>>(),
            "embeds": embeds_json(&message.embeds),
            "components": numbered(&message.components, &mut 0),
            "pinned": false,
            "flags": message.flags,
        });
        if !message.nonce.is_null() {
            told["nonce"] = message.nonce.clone();
        }
        if let Some(to) = message.reply_to {
            told["message_reference"] = json!({"type": 0, "channel_id": message.channel.to_string(),
                    "message_id": to.to_string()});
        }
        if let Some(interaction) = message.interaction {
            told["webhook_id"] = self.bot.id.to_string().into();
            told["application_id"] = self.bot.id.to_string().into();
            if message.reply_to.is_none() {
                told["type"] = 20.into();
            }
            if let Some(metadata) = self.metadata_json(interaction) {
                told["interaction_metadata"] = metadata;
            }
        }
        told
    }

    fn fill(&mut self, message: &mut Message, body: &Value, files: &[Upload]) {
        let Some(given) = body.as_object() else {
            return;
        };
        if let Some(content) = given.get("content") {
            let content = content.as_str().unwrap_or_default();
            content.trim().clone_into(&mut message.content);
        }
        for (key, place) in [
            ("embeds", &mut message.embeds),
            ("components", &mut message.components),
        ] {
            if let Some(value) = given.get(key) {
                *place = if value.is_null() {
                    json!([])
                } else {
                    value.clone()
                };
            }
        }
        let listed = given.get("attachments").map(list);
        if let Some(listed) = listed {
            let stays = |file: &Attachment| {
                let id = Value::from(file.id.to_string());
                listed.iter().any(|entry| entry["id"] == id)
            };
            message.attachments.retain(stays);
        }
        for file in files {
            let entry = listed.into_iter().flatten().find(|entry| {
                let id = entry["id"]
                    .as_str()
                    .map_or_else(|| entry["id"].to_string(), str::to_owned);
                file.part == format!("files[{id}]")
            });
            let text = |key: &str| {
                entry
                    .and_then(|entry| entry[key].as_str())
                    .map(str::to_owned)
            };
            let attachment = Attachment {
                id: self.new_id(),
                name: text("filename").unwrap_or_else(|| file.name.clone()),
                mime: file.mime.clone(),
                description: text("description").unwrap_or_default(),
                bytes: file.bytes.clone(),
            };
            message.attachments.push(attachment);
        }
    }

    fn said(&self, message: &Message) -> Event {
        self.event(message, What::Said(message.picture()))
    }

    fn edited(&self, message: &Message) -> Event {
        self.event(message, What::Edited(message.picture()))
    }

    fn event(&self, message: &Message, what: What) -> Event {
        Event {
            channel: message.channel,
            message: Some(message.id),
            who: self.name(self.bot.id),
            only: message.only,
            what,
        }
    }
}

impl Message {
    /// Whether it shows nothing at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.content.is_empty()
            && list(&self.embeds).is_empty()
            && list(&self.components).is_empty()
            && self.attachments.is_empty()
    }

    /// Whether somebody sees it.
    pub(crate) fn is_for(&self, account: u64) -> bool {
        self.only.is_none_or(|only| only == account)
    }
}

/// An instant as Discord writes it.
pub(crate) fn time(at: Timestamp) -> String {
    let millis = Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
    millis.to_string().replace('Z', "+00:00")
}

/// Embeds as they come back: each is of a type, without what is not set.
fn embeds_json(embeds: &Value) -> Value {
    let mut told = embeds.clone();
    for embed in told.as_array_mut().into_iter().flatten() {
        if let Some(embed) = embed.as_object_mut() {
            embed.retain(|_, value| !value.is_null());
            embed.insert("type".to_owned(), "rich".into());
            let fields = embed.get_mut("fields").and_then(Value::as_array_mut);
            for field in fields
                .into_iter()
                .flatten()
                .filter(|field| field["inline"].is_null())
            {
                field["inline"] = false.into();
            }
        }
    }
    told
}

/// Components as they come back: each has a number.
fn numbered(components: &Value, last: &mut u64) -> Value {
    let mut told = components.clone();
    for component in told.as_array_mut().into_iter().flatten() {
        *last += 1;
        if component["id"].is_null() {
            component["id"] = (*last).into();
        }
        if component["components"].is_array() {
            component["components"] = numbered(&component["components"], last);
        }
        if let Some(fields) = component.as_object_mut() {
            fields.retain(|_, value| !value.is_null());
        }
    }
    told
}
