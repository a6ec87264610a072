//! The topics of a forum.

use std::sync::Arc;

use serde_json::json;

use super::message::Message;
use super::place::{Chat, Place, actor, next_bot_message};
use super::read::Shown;
use super::state::TopicRecord;
use super::world::Shared;

/// A topic of a forum.
#[derive(Clone, Debug)]
pub struct Topic {
    pub(crate) shared: Arc<Shared>,
    chat: i64,
    id: i64,
}

impl Chat {
    /// Opens a topic; the chat becomes a forum if it was none.
    pub fn topic(&self, name: &str) -> Topic {
        let id = self.set(|state, id| {
            state.chat_mut(id).forum = true;
            let by = actor(state, id, state.bot.id);
            let value = json!({"name": name, "icon_color": 7_322_096});
            let shown = format!("{} opened the topic {name}", state.name(by));
            let mut message = Message::service(id, by, "forum_topic_created", value, shown);
            // The topic's id is that of the message which opens it.
            let thread = state.chat(id).next_message;
            message.thread = Some(thread);
            let topic = TopicRecord {
                name: name.to_owned(),
                closed: false,
            };
            state.chat_mut(id).topics.insert(thread, topic);
            state.post(message)
        });
        Topic {
            shared: Arc::clone(&self.shared),
            chat: self.id,
            id,
        }
    }

    /// Closes a topic.
    pub fn close_topic(&self, topic: &Topic) {
        topic.set_closed(true);
    }

    /// Opens a closed topic again.
    pub fn reopen_topic(&self, topic: &Topic) {
        topic.set_closed(false);
    }

    /// Deletes a topic with all its messages.
    pub fn delete_topic(&self, topic: &Topic) {
        self.set(|state, id| {
            state.chat_mut(id).topics.remove(&topic.id);
            let messages = state.chat_mut(id).messages.values_mut();
            for message in messages.filter(|message| message.thread == Some(topic.id)) {
                message.deleted = true;
            }
        });
    }

    /// Closes or opens the topic General.
    pub fn close_general(&self, closed: bool) {
        self.set(|state, id| state.chat_mut(id).general_closed = closed);
    }
}

impl Topic {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.id
    }

    /// The next message of the bot in this topic that was not read yet.
    ///
    /// # Panics
    /// If none comes within ten seconds.
    pub async fn next_bot_message(&self) -> Shown {
        next_bot_message(&self.shared, self.chat, Some(self.id)).await
    }

    fn set_closed(&self, closed: bool) {
        self.shared.write(|state| {
            let by = actor(state, self.chat, state.bot.id);
            let topic = state.chat_mut(self.chat).topics.get_mut(&self.id);
            let topic = topic.expect("the topic was not deleted");
            topic.closed = closed;
            let (field, verb) = if closed {
                ("forum_topic_closed", "closed")
            } else {
                ("forum_topic_reopened", "reopened")
            };
            let shown = format!("the topic {} was {verb}", topic.name);
            let mut message = Message::service(self.chat, by, field, json!({}), shown);
            message.thread = Some(self.id);
            state.post(message);
        });
    }
}

impl Place for Topic {
    fn chat_id(&self) -> i64 {
        self.chat
    }

    fn thread_id(&self) -> Option<i64> {
        Some(self.id)
    }
}
