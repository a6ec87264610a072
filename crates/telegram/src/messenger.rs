//! The way to say what nobody asked for at that moment. Each call is made once: when it is made again
//! is decided by who sends.

use ankle_core::card::Card;
use ankle_core::face::{AccountAddress, MessageRef, Messenger, Place, Rights, SendError, SendKey};
use jiff::Timestamp;
use serde::de::IgnoredAny;
use teloxide::payloads::{
    DeleteMessage, EditMessageReplyMarkup, EditMessageText, GetChatMember, GetMe, SendMessage,
};
use teloxide::types::{ChatId, ChatMember, MessageId, ParseMode, ReplyMarkup, ThreadId, UserId};

use crate::answer::no_preview;
use crate::api::{CallError, Sent};
use crate::render::{keyboard, messages};
use crate::start::Telegram;

impl Messenger for Telegram {
    async fn send(&self, room: &str, card: &Card, _: &SendKey) -> Result<MessageRef, SendError> {
        let (chat, thread) = address(room).ok_or(SendError::Gone)?;
        let texts = messages(card);
        let last = texts.len().saturating_sub(1);
        let mut sent = None;
        for (at, html) in texts.into_iter().enumerate() {
            let mut payload = SendMessage::new(chat, html);
            payload.message_thread_id = thread;
            payload.parse_mode = Some(ParseMode::Html);
            payload.disable_notification = Some(true);
            payload.link_preview_options = Some(no_preview());
            if at == last {
                let keyboard = keyboard(&card.buttons, None);
                payload.reply_markup = keyboard.map(ReplyMarkup::InlineKeyboard);
            }
            let called = self.desk.api.call(&payload).await.map_err(plain);
            if let Err(error) = &called {
                let now = self.desk.clock.now();
                self.desk.waits.heed(chat.0, error, now);
            }
            let message: Sent = called?;
            sent = Some(MessageRef {
                room: room.to_owned(),
                message: message.message_id.to_string(),
            });
        }
        sent.ok_or(SendError::Rejected)
    }

    async fn edit(&self, message: &MessageRef, card: &Card) -> Result<(), SendError> {
        let (chat, id) = place(message).ok_or(SendError::Gone)?;
        let html = messages(card).swap_remove(0);
        let mut payload = EditMessageText::new(chat, id, html);
        payload.parse_mode = Some(ParseMode::Html);
        payload.link_preview_options = Some(no_preview());
        payload.reply_markup = keyboard(&card.buttons, None);
        match self.desk.api.call::<_, IgnoredAny>(&payload).await {
            Ok(_) | Err(CallError::NotModified) => Ok(()),
            Err(error) => Err(plain(error)),
        }
    }

    async fn delete(&self, message: &MessageRef) -> Result<(), SendError> {
        let (chat, id) = place(message).ok_or(SendError::Gone)?;
        let payload = DeleteMessage::new(chat, id);
        match self.desk.api.call::<_, bool>(&payload).await {
            Ok(_) | Err(CallError::MessageGone) => Ok(()),
            Err(error) => Err(plain(error)),
        }
    }

    async fn close(&self, message: &MessageRef) -> Result<(), SendError> {
        let (chat, id) = place(message).ok_or(SendError::Gone)?;
        let payload = EditMessageReplyMarkup::new(chat, id);
        match self.desk.api.call::<_, IgnoredAny>(&payload).await {
            Ok(_) | Err(CallError::NotModified | CallError::MessageGone) => Ok(()),
            Err(error) => Err(plain(error)),
        }
    }

    /// A private chat has the number of its person.
    async fn private_room(&self, account: &str) -> Result<String, SendError> {
        Ok(account.to_owned())
    }

    async fn is_there(&self) -> Result<(), SendError> {
        let me: Result<IgnoredAny, _> = self.desk.api.look_up(&GetMe::new()).await;
        me.map(|_| ()).map_err(plain)
    }

    fn said_lately(&self, now: Timestamp) -> usize {
        self.desk.said.lately(now)
    }

    fn waits_until(&self, chat: &str, now: Timestamp) -> Option<Timestamp> {
        self.desk.waits.until(chat.parse().ok()?, now)
    }

    async fn rights(&self, asker: &AccountAddress, place: &Place) -> Result<Rights, SendError> {
        let Place::Room(room) = place else {
            return Ok(Rights::default());
        };
        let chat = room.chat.parse().map_err(|_| SendError::Gone)?;
        let user = asker.external.parse().map_err(|_| SendError::Gone)?;
        let payload = GetChatMember::new(ChatId(chat), UserId(user));
        let member: ChatMember = self.desk.api.call(&payload).await.map_err(plain)?;
        Ok(Rights {
            organiser: member.is_privileged(),
        })
    }
}

/// A chat, and its topic behind a stroke.
pub fn address(room: &str) -> Option<(ChatId, Option<ThreadId>)> {
    let (chat, thread) = match room.split_once('/') {
        Some((chat, thread)) => (chat, Some(thread.parse().ok()?)),
        None => (room, None),
    };
    let thread = thread.map(|id| ThreadId(MessageId(id)));
    Some((ChatId(chat.parse().ok()?), thread))
}

fn place(message: &MessageRef) -> Option<(ChatId, MessageId)> {
    let (chat, _) = address(&message.room)?;
    Some((chat, MessageId(message.message.parse().ok()?)))
}

/// A call's error as the core knows it.
pub fn plain(error: CallError) -> SendError {
    match error {
        CallError::Send(error) => error,
        CallError::MessageGone => SendError::Gone,
        // Nothing was taken; with another token it will be.
        CallError::Token | CallError::Conflict => SendError::NotSent,
        CallError::NotModified => SendError::Rejected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_a_chat_or_a_topic_of_one() {
        let topic = ThreadId(MessageId(7));
        assert_eq!(address("-1001"), Some((ChatId(-1001), None)));
        assert_eq!(address("-1001/7"), Some((ChatId(-1001), Some(topic))));
        for none in ["", "x", "-1001/", "-1001/x", "/7"] {
            assert_eq!(address(none), None, "{none}");
        }
    }
}
