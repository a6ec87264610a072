//! How the world looks in JSON.

use serde_json::{Map, Value, json};

use super::message::{Content, Message};
use super::state::{Account, ChatKind, ChatRecord, Member, State, Status};

/// What an administrator of a group may have. A channel's has also the right to post.
pub(crate) const RIGHTS: [&str; 13] = [
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
    "can_post_messages",
];

/// What a member may do unless restricted.
const PERMISSIONS: [&str; 14] = [
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
];

impl State {
    /// An account, as `User`.
    pub(crate) fn account_json(&self, id: i64) -> Value {
        self.accounts.get(&id).map_or(Value::Null, Account::to_json)
    }

    /// The bot, as `getMe` shows it.
    pub(crate) fn me_json(&self) -> Value {
        let mut me = self.account_json(self.bot.id);
        me["can_join_groups"] = json!(true);
        me["can_read_all_group_messages"] = json!(!self.bot.privacy);
        me["supports_inline_queries"] = json!(false);
        me["can_connect_to_business"] = json!(false);
        me["has_main_web_app"] = json!(false);
        me
    }

    /// A chat, as `Chat`.
    pub(crate) fn chat_json(&self, chat: &ChatRecord) -> Value {
        let mut json = Map::new();
        json.insert("id".into(), json!(chat.id));
        json.insert("type".into(), json!(chat.kind.name()));
        if chat.kind == ChatKind::Private {
            if let Some(account) = self.accounts.get(&chat.id) {
                json.insert("first_name".into(), json!(account.first_name));
                if let Some(username) = &account.username {
                    json.insert("username".into(), json!(username));
                }
            }
            return Value::Object(json);
        }
        json.insert("title".into(), json!(chat.title));
        if let Some(username) = &chat.username {
            json.insert("username".into(), json!(username));
        }
        if chat.forum {
            json.insert("is_forum".into(), json!(true));
        }
        Value::Object(json)
    }

    /// A chat, as `ChatFullInfo`.
    pub(crate) fn full_chat_json(&self, chat: &ChatRecord) -> Value {
        let mut json = self.chat_json(chat);
        json["accent_color_id"] = json!(0);
        json["max_reaction_count"] = json!(11);
        json["accepted_gift_types"] = json!({
            "unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false,
            "premium_subscription": false, "gifts_from_channels": false,
        });
        if matches!(chat.kind, ChatKind::Group | ChatKind::Supergroup) {
            json["permissions"] = permissions(!chat.admins_only);
        }
        if let Some(discussion) = chat.discussion {
            json["linked_chat_id"] = json!(discussion);
        }
        json
    }

    /// A member, as `ChatMember`.
    pub(crate) fn member_json(&self, account: i64, member: &Member, kind: ChatKind) -> Value {
        let mut json = Map::new();
        json.insert("status".into(), json!(member.status.name()));
        json.insert("user".into(), self.account_json(account));
        match member.status {
            Status::Creator => {
                json.insert("is_anonymous".into(), json!(member.anonymous));
            }
            Status::Administrator => {
                json.insert("can_be_edited".into(), json!(false));
                json.insert("is_anonymous".into(), json!(member.anonymous));
                let channel = kind == ChatKind::Channel;
                for right in RIGHTS {
                    // Posting is a right of channels only; pinning and topics are of groups only.
                    let elsewhere = match right {
                        "can_post_messages" => !channel,
                        "can_pin_messages" | "can_manage_topics" => channel,
                        _ => false,
                    };
                    if !elsewhere {
                        json.insert(right.into(), json!(member.rights.contains(right)));
                    }
                }
            }
            Status::Restricted => {
                json.insert("is_member".into(), json!(true));
                for permission in PERMISSIONS {
                    json.insert(permission.into(), json!(false));
                }
                json.insert("can_react_to_messages".into(), json!(false));
                json.insert("can_edit_tag".into(), json!(false));
                json.insert("until_date".into(), json!(0));
            }
            Status::Kicked => {
                json.insert("until_date".into(), json!(0));
            }
            Status::Member | Status::Left => {}
        }
        Value::Object(json)
    }

    /// A message, as `Message`, with the message it replies to.
    pub(crate) fn message_json(&self, message: &Message) -> Value {
        let mut json = self.plain_message_json(message);
        // In a topic, what replies to nothing replies to the message that opened the topic.
        let target = message.reply_to.or(message.thread);
        let target = target.and_then(|id| self.message(message.chat, id));
        if let Some(target) = target.filter(|target| !target.deleted && target.id != message.id) {
            json["reply_to_message"] = self.plain_message_json(target);
        }
        json
    }

    /// A message that can no longer be seen, as `InaccessibleMessage`.
    pub(crate) fn inaccessible_json(&self, chat: i64, id: i64) -> Value {
        json!({"chat": self.chat_json(self.chat(chat)), "message_id": id, "date": 0})
    }

    fn plain_message_json(&self, message: &Message) -> Value {
        let mut json = Map::new();
        let mut put = |name: &str, value: Value| {
            json.insert(name.to_owned(), value);
        };
        put("message_id", json!(message.id));
        put("date", json!(message.at));
        put("chat", self.chat_json(self.chat(message.chat)));
        if let Some(from) = message.from {
            put("from", self.account_json(from));
        }
        if let Some(chat) = message.sender_chat.and_then(|chat| self.chats.get(&chat)) {
            put("sender_chat", self.chat_json(chat));
        }
        if let Some(thread) = message.thread {
            put("message_thread_id", json!(thread));
            put("is_topic_message", json!(true));
        }
        if let Some(edited_at) = message.edited_at {
            put("edit_date", json!(edited_at));
        }
        if let Some((channel, post)) = message.forwarded {
            put("is_automatic_forward", json!(true));
            put(
                "forward_origin",
                json!({
                    "type": "channel", "date": message.at, "message_id": post,
                    "chat": self.chat_json(self.chat(channel)),
                }),
            );
        }
        if let Some((from, at)) = message.forwarded_from {
            let origin = json!({
                "type": "user", "date": at, "sender_user": self.account_json(from),
            });
            put("forward_origin", origin);
        }
        // Other markups (a request to reply, a keyboard below) are not part of a message.
        if let Some(markup) = message
            .markup
            .as_ref()
            .filter(|m| !m["inline_keyboard"].is_null())
        {
            put("reply_markup", markup.clone());
        }
        let (text, entities) = match &message.content {
            Content::Text => ("text", "entities"),
            Content::Photo(_) | Content::Document(_) => ("caption", "caption_entities"),
            Content::Service { field, value, .. } => {
                put(field, value.clone());
                return Value::Object(json);
            }
        };
        match &message.content {
            Content::Photo(file) => put("photo", self.photo_json(file)),
            Content::Document(file) => put("document", self.document_json(file)),
            _ => {}
        }
        if !message.body.text.is_empty() {
            put(text, json!(message.body.text));
        }
        if !message.entities().is_empty() {
            let items = message
                .entities()
                .iter()
                .map(|entity| entity.to_json(entity.user.map(|user| self.account_json(user))));
            put(entities, items.collect());
        }
        Value::Object(json)
    }

    fn photo_json(&self, file: &str) -> Value {
        let size = self.files.get(file).map_or(0, |file| file.bytes.len());
        json!([{
            "file_id": file, "file_unique_id": format!("u{file}"),
            "width": 800, "height": 600, "file_size": size,
        }])
    }

    fn document_json(&self, file: &str) -> Value {
        let mut json = json!({"file_id": file, "file_unique_id": format!("u{file}")});
        if let Some(file) = self.files.get(file) {
            json["file_name"] = json!(file.name);
            json["mime_type"] = json!(file.mime);
            json["file_size"] = json!(file.bytes.len());
        }
        json
    }
}

impl Account {
    fn to_json(&self) -> Value {
        let mut json = json!({
            "id": self.id, "is_bot": self.is_bot, "first_name": self.first_name,
        });
        if let Some(username) = &self.username {
            json["username"] = json!(username);
        }
        if let Some(language) = &self.language {
            json["language_code"] = json!(language);
        }
        json
    }
}

impl ChatKind {
    /// The kind as the API names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Group => "group",
            Self::Supergroup => "supergroup",
            Self::Channel => "channel",
        }
    }
}

fn permissions(allowed: bool) -> Value {
    PERMISSIONS
        .iter()
        .map(|name| ((*name).to_owned(), json!(allowed)))
        .collect::<Map<_, _>>()
        .into()
}
