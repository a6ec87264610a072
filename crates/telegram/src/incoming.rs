//! As much of an update as we read. The library's own types know all of the API: understanding what nobody here
//! asks for was most of what an update cost, and a field that was new to them spoilt what held it.

use serde::Deserialize;
use serde::de::IgnoredAny;
use teloxide::types::{MessageId, ThreadId};

/// An update.
#[derive(Debug, Deserialize)]
#[serde(from = "RawUpdate")]
pub struct Update {
    pub id: i64,
    pub kind: Kind,
}

/// What an update tells.
#[derive(Debug)]
pub enum Kind {
    Message(Box<Message>),
    Edited(Box<Message>),
    Press(Box<Press>),
    /// What we may in a chat has changed.
    OurRights(Box<Change>),
    /// What somebody else may, or that he has left.
    TheirRights(Box<Change>),
    /// Something that we have not asked for: what waited before we said what we ask for.
    Unasked,
    Unknown,
}

/// A message, or a service message. Of one that is kept from us there is its chat, its number, and no date.
#[derive(Debug, Deserialize)]
pub struct Message {
    #[serde(rename = "message_id")]
    pub id: i32,
    pub chat: Chat,
    /// In seconds since 1970.
    pub date: i64,
    pub edit_date: Option<i64>,
    pub from: Option<User>,
    /// On whose behalf it is said, if that is no person.
    pub sender_chat: Option<Chat>,
    #[serde(rename = "message_thread_id")]
    thread: Option<i32>,
    #[serde(default, rename = "is_topic_message")]
    is_in_topic: bool,
    text: Option<String>,
    #[serde(default)]
    entities: Vec<Entity>,
    caption: Option<String>,
    #[serde(default)]
    caption_entities: Vec<Entity>,
    #[serde(rename = "reply_to_message")]
    pub replies_to: Option<Original>,
    forward_origin: Option<IgnoredAny>,
    pub migrate_to_chat_id: Option<i64>,
    pub migrate_from_chat_id: Option<i64>,
    pub left_chat_member: Option<User>,
}

/// The message that another replies to.
#[derive(Debug, Deserialize)]
pub struct Original {
    #[serde(rename = "message_id")]
    pub id: i32,
    pub from: Option<User>,
}

/// A press on a button.
#[derive(Debug, Deserialize)]
pub struct Press {
    pub id: String,
    pub from: User,
    pub message: Option<Message>,
    pub data: Option<String>,
}

/// What somebody may in a chat, before and after.
#[derive(Debug, Deserialize)]
pub struct Change {
    pub chat: Chat,
    /// Who changed it.
    pub from: User,
    #[serde(rename = "old_chat_member")]
    pub old: Member,
    #[serde(rename = "new_chat_member")]
    pub new: Member,
}

/// Somebody in a chat.
#[derive(Debug, Deserialize)]
pub struct Member {
    pub user: User,
    status: Status,
    /// Of one whose rights are restricted, whether he is there at all.
    #[serde(default, rename = "is_member")]
    is_there: bool,
    #[serde(default)]
    can_send_messages: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Creator,
    Administrator,
    Member,
    Restricted,
    Left,
    Kicked,
    #[serde(other)]
    Other,
}

/// A chat.
#[derive(Debug, Deserialize)]
pub struct Chat {
    pub id: i64,
    #[serde(rename = "type")]
    kind: ChatKind,
    #[serde(default)]
    is_forum: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ChatKind {
    Private,
    Group,
    Supergroup,
    #[serde(other)]
    Other,
}

/// An account.
#[derive(Debug, Deserialize)]
pub struct User {
    pub id: u64,
    #[serde(default)]
    pub is_bot: bool,
    pub first_name: String,
    pub username: Option<String>,
    pub language_code: Option<String>,
}

/// A part of a text, counted in UTF-16 units.
#[derive(Debug, Deserialize)]
pub struct Entity {
    #[serde(rename = "type")]
    pub kind: EntityKind,
    pub offset: usize,
    pub length: usize,
    /// Who is mentioned, if he has no public name.
    pub user: Option<User>,
}

/// What a part of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    BotCommand,
    TextMention,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct RawUpdate {
    update_id: i64,
    message: Option<Box<Message>>,
    edited_message: Option<Box<Message>>,
    callback_query: Option<Box<Press>>,
    my_chat_member: Option<Box<Change>>,
    chat_member: Option<Box<Change>>,
    #[serde(
        rename = "channel_post",
        alias = "edited_channel_post",
        alias = "business_connection",
        alias = "business_message",
        alias = "edited_business_message",
        alias = "deleted_business_messages",
        alias = "message_reaction",
        alias = "message_reaction_count",
        alias = "inline_query",
        alias = "chosen_inline_result",
        alias = "shipping_query",
        alias = "pre_checkout_query",
        alias = "purchased_paid_media",
        alias = "poll",
        alias = "poll_answer",
        alias = "chat_join_request",
        alias = "chat_boost",
        alias = "removed_chat_boost"
    )]
    unasked: Option<IgnoredAny>,
}

impl From<RawUpdate> for Update {
    fn from(raw: RawUpdate) -> Self {
        let kinds = [
            raw.message.map(Kind::Message),
            raw.edited_message.map(Kind::Edited),
            raw.callback_query.map(Kind::Press),
            raw.my_chat_member.map(Kind::OurRights),
            raw.chat_member.map(Kind::TheirRights),
            raw.unasked.map(|_| Kind::Unasked),
        ];
        Self {
            id: raw.update_id,
            kind: kinds.into_iter().flatten().next().unwrap_or(Kind::Unknown),
        }
    }
}

impl Update {
    /// Where it happened.
    pub fn chat(&self) -> Option<&Chat> {
        match &self.kind {
            Kind::Message(message) | Kind::Edited(message) => Some(&message.chat),
            Kind::Press(press) => press.message.as_ref().map(|message| &message.chat),
            Kind::OurRights(change) | Kind::TheirRights(change) => Some(&change.chat),
            Kind::Unasked | Kind::Unknown => None,
        }
    }
}

impl Message {
    /// What it says, and what its parts are.
    pub fn text(&self) -> Option<(&str, &[Entity])> {
        let text = self.text.as_deref().map(|text| (text, &*self.entities));
        let caption = || Some((self.caption.as_deref()?, &*self.caption_entities));
        text.or_else(caption)
    }

    /// The topic; the general one is addressed by naming none.
    pub fn topic(&self) -> Option<ThreadId> {
        let thread = self.thread.filter(|_| self.is_in_topic)?;
        (thread != 1).then_some(ThreadId(MessageId(thread)))
    }

    pub fn is_forwarded(&self) -> bool {
        self.forward_origin.is_some()
    }

    /// Whether nothing of it is told any more but where it is.
    pub fn is_kept_from_us(&self) -> bool {
        self.date == 0
    }
}

impl Member {
    pub fn is_present(&self) -> bool {
        match self.status {
            // Who has left is called so, whatever else there may come to be.
            Status::Creator | Status::Administrator | Status::Member | Status::Other => true,
            Status::Restricted => self.is_there,
            Status::Left | Status::Kicked => false,
        }
    }

    pub fn may_write(&self) -> bool {
        self.is_present() && (self.status != Status::Restricted || self.can_send_messages)
    }
}

impl Chat {
    pub fn is_private(&self) -> bool {
        self.kind == ChatKind::Private
    }

    pub fn is_group(&self) -> bool {
        matches!(self.kind, ChatKind::Group | ChatKind::Supergroup)
    }

    pub fn has_topics(&self) -> bool {
        self.kind == ChatKind::Supergroup && self.is_forum
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(update: Value) -> Update {
        serde_json::from_value(update).unwrap()
    }

    fn message(more: &Value) -> Value {
        let chat = json!({ "id": -1_001, "type": "supergroup", "title": "x", "is_forum": true });
        let mut message = json!({ "message_id": 7, "date": 1_800_000_000, "chat": chat });
        for (name, value) in more.as_object().into_iter().flatten() {
            message[name] = value.clone();
        }
        json!({ "update_id": 1, "message": message })
    }

    #[test]
    fn what_is_new_to_us_spoils_nothing() {
        let entities = json!([
            { "type": "bot_command", "offset": 0, "length": 6 },
            { "type": "hologram", "offset": 7, "length": 1, "depth": { "cm": 9 } },
        ]);
        let update = read(message(&json!({
            "text": "/ankle x",
            "entities": entities,
            "from": { "id": 5, "is_bot": false, "first_name": "Mia", "wings": 2 },
            "mood": ["calm"],
        })));
        let Kind::Message(message) = update.kind else {
            panic!("{update:?}");
        };
        let (text, entities) = message.text().unwrap();
        let kinds: Vec<_> = entities.iter().map(|entity| entity.kind).collect();
        assert_eq!(text, "/ankle x");
        assert_eq!(kinds, [EntityKind::BotCommand, EntityKind::Other]);
        let kind = |name: &str| read(json!({ "update_id": 2, name: {} })).kind;
        assert!(matches!(kind("hologram"), Kind::Unknown));
        assert!(matches!(kind("poll_answer"), Kind::Unasked));
    }

    #[test]
    fn a_topic_is_one_only_where_the_message_says_so_and_not_the_general_one() {
        let topic = |more: &Value| match read(message(more)).kind {
            Kind::Message(message) => message.topic().map(|thread| thread.0.0),
            _ => None,
        };
        // In a group without topics, the same number is that of what is replied to.
        assert_eq!(topic(&json!({ "message_thread_id": 4 })), None);
        let in_topic = |id: i32| json!({ "message_thread_id": id, "is_topic_message": true });
        assert_eq!(topic(&in_topic(4)), Some(4));
        assert_eq!(topic(&in_topic(1)), None);
    }

    #[test]
    fn who_is_in_a_chat_and_may_write_there() {
        let member = |more: &Value| -> Member {
            let mut member = json!({ "user": { "id": 5, "first_name": "Mia" } });
            for (name, value) in more.as_object().into_iter().flatten() {
                member[name] = value.clone();
            }
            serde_json::from_value(member).unwrap()
        };
        for status in ["creator", "administrator", "member", "hologram"] {
            let member = member(&json!({ "status": status }));
            assert!(member.is_present() && member.may_write(), "{status}");
        }
        for status in ["left", "kicked"] {
            let member = member(&json!({ "status": status }));
            assert!(!member.is_present() && !member.may_write(), "{status}");
        }
        for (is_member, can_send) in [(true, true), (true, false), (false, true), (false, false)] {
            let member = member(&json!({
                "status": "restricted", "is_member": is_member, "can_send_messages": can_send,
            }));
            assert_eq!(member.is_present(), is_member);
            assert_eq!(member.may_write(), is_member && can_send);
        }
    }
}
