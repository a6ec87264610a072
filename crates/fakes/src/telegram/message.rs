//! A message as it is kept.

use serde_json::Value;

use super::text::{Entity, Rich};

/// A message with all that Telegram remembers of it.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(crate) struct Message {
    pub(crate) id: i64,
    pub(crate) chat: i64,
    /// The topic it stands in; `None` for General and for chats without topics.
    pub(crate) thread: Option<i64>,
    pub(crate) at: i64,
    pub(crate) from: Option<i64>,
    /// The chat in whose name it was written: a channel, or the group of an anonymous admin.
    pub(crate) sender_chat: Option<i64>,
    /// Whether the bot under test wrote it; in a channel, `from` does not tell.
    pub(crate) by_bot: bool,
    pub(crate) content: Content,
    pub(crate) body: Rich,
    pub(crate) reply_to: Option<i64>,
    pub(crate) markup: Option<Value>,
    pub(crate) silent: bool,
    pub(crate) edited_at: Option<i64>,
    pub(crate) deleted: bool,
    /// The channel post that Telegram forwarded here by itself.
    pub(crate) forwarded: Option<(i64, i64)>,
    /// Who wrote it first, and when, if somebody forwarded it.
    pub(crate) forwarded_from: Option<(i64, i64)>,
    /// How often it was edited.
    pub(crate) revision: u64,
    /// Whether a test has read it.
    pub(crate) read: bool,
}

/// What a message carries beside its text or caption.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    Text,
    /// The id of a kept file.
    Photo(String),
    /// The id of a kept file.
    Document(String),
    /// A service message: a field of the message, its value, and how people see it.
    Service {
        field: &'static str,
        value: Value,
        shown: String,
    },
}

/// A button under a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What stands on it.
    pub label: String,
    /// What a press sends to the bot.
    pub data: Option<String>,
    /// Where it leads.
    pub url: Option<String>,
}

impl Message {
    /// A text that `from` writes into a chat; everything else is set afterwards.
    pub(crate) fn new(chat: i64, from: Option<i64>, body: Rich) -> Self {
        Self {
            id: 0,
            chat,
            thread: None,
            at: 0,
            from,
            sender_chat: None,
            by_bot: false,
            content: Content::Text,
            body,
            reply_to: None,
            markup: None,
            silent: false,
            edited_at: None,
            deleted: false,
            forwarded: None,
            forwarded_from: None,
            revision: 0,
            read: false,
        }
    }

    /// A service message.
    pub(crate) fn service(
        chat: i64,
        from: i64,
        field: &'static str,
        value: Value,
        shown: String,
    ) -> Self {
        let mut message = Self::new(chat, Some(from), Rich::default());
        message.content = Content::Service {
            field,
            value,
            shown,
        };
        message
    }

    pub(crate) fn is_service(&self) -> bool {
        matches!(self.content, Content::Service { .. })
    }

    /// The rows of its buttons.
    pub(crate) fn buttons(&self) -> Vec<Vec<Button>> {
        self.markup.as_ref().map(buttons).unwrap_or_default()
    }

    pub(crate) fn entities(&self) -> &[Entity] {
        &self.body.entities
    }
}

/// The buttons of an inline keyboard.
fn buttons(markup: &Value) -> Vec<Vec<Button>> {
    let text = |button: &Value, name: &str| button[name].as_str().map(str::to_owned);
    let rows = markup["inline_keyboard"].as_array().into_iter().flatten();
    rows.map(|row| {
        let row = row.as_array().into_iter().flatten();
        row.map(|button| Button {
            label: text(button, "text").unwrap_or_default(),
            data: text(button, "callback_data"),
            url: text(button, "url"),
        })
        .collect()
    })
    .collect()
}
