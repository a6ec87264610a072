//! One message to one chat: as often as it takes, and never for longer than anybody waits.

use ankle_core::card::{Button, Card};
use ankle_core::face::SendError;
use jiff::{SignedDuration, Timestamp};
use teloxide::RequestError;
use teloxide::payloads::{EditMessageReplyMarkup, EditMessageText, SendMessage};
use teloxide::requests::Requester;
use teloxide::types::{
    ChatId, ForceReply, InlineKeyboardMarkup, InputFile, LinkPreviewOptions, MessageId, ParseMode,
    ReplyMarkup, ReplyParameters, ThreadId,
};

use super::Desk;
use crate::api::{CallError, PATIENCE, Sent};
use crate::render::{keyboard, messages};

/// Where a message goes, and how.
#[derive(Clone, Debug)]
pub struct Envelope {
    pub chat: i64,
    pub thread: Option<ThreadId>,
    pub reply_to: Option<i32>,
    pub silent: bool,
    /// Opens the reply field for who is asked.
    pub force_reply: bool,
}

/// No answer is worth waiting for longer than this.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(5);

/// How often a message is tried that surely did not arrive.
const TRIES: u32 = 6;

impl Envelope {
    /// Into a private chat.
    pub fn private(user: u64) -> Self {
        Self {
            chat: i64::try_from(user).unwrap_or(0),
            thread: None,
            reply_to: None,
            silent: false,
            force_reply: false,
        }
    }
}

impl Desk {
    /// Sends a card: its messages, its buttons below the last, its files after it. Returns the last
    /// message.
    pub async fn send_card(
        &self,
        to: &Envelope,
        card: &Card,
        rows: &[Vec<Button>],
        owner: Option<i64>,
    ) -> Result<i32, SendError> {
        self.send_with(to, card, keyboard(rows, owner)).await
    }

    /// The same with a keyboard of any kind.
    pub async fn send_with(
        &self,
        to: &Envelope,
        card: &Card,
        keyboard: Option<InlineKeyboardMarkup>,
    ) -> Result<i32, SendError> {
        let texts = messages(card);
        let last = texts.len().saturating_sub(1);
        let mut sent = 0;
        for (at, html) in texts.into_iter().enumerate() {
            let mut payload = SendMessage::new(ChatId(to.chat), html);
            payload.parse_mode = Some(ParseMode::Html);
            payload.message_thread_id = to.thread;
            payload.link_preview_options = Some(no_preview());
            payload.disable_notification = to.silent.then_some(true);
            payload.reply_parameters = to.reply_to.map(|message| {
                ReplyParameters::new(MessageId(message)).allow_sending_without_reply()
            });
            if at == last {
                payload.reply_markup = match (&keyboard, to.force_reply) {
                    (Some(keyboard), _) => Some(ReplyMarkup::InlineKeyboard(keyboard.clone())),
                    (None, true) => Some(ReplyMarkup::ForceReply(ForceReply::new().selective())),
                    (None, false) => None,
                };
            }
            sent = self.send(payload).await?;
        }
        for file in &card.files {
            self.send_file(to, &file.name, &file.content).await?;
        }
        Ok(sent)
    }

    /// Sends one message, obeying every order to wait and following a chat that has moved.
    async fn send(&self, mut payload: SendMessage) -> Result<i32, SendError> {
        let started = self.clock.now();
        let mut doubted = false;
        let mut tries = 0;
        loop {
            self.said.note(self.clock.now());
            let error = match self.api.call::<_, Sent>(&payload).await {
                Ok(sent) => return Ok(sent.message_id),
                Err(CallError::Send(error)) => error,
                Err(_) => SendError::Rejected,
            };
            tries += 1;
            let wait = match &error {
                SendError::RetryAfter { after, .. } => SignedDuration::try_from(*after).ok(),
                SendError::NotSent if tries < TRIES => Some(backoff(tries)),
                SendError::InDoubt if !doubted => {
                    // Once more: rather twice than never, and it is counted.
                    self.counters.add_in_doubt();
                    self.counters.add_repeated();
                    doubted = true;
                    Some(SignedDuration::from_secs(2))
                }
                SendError::Moved { chat } => match chat.parse::<i64>() {
                    Ok(new) if tries < TRIES => {
                        self.follow(&payload, new).await;
                        payload.chat_id = ChatId(new).into();
                        payload.reply_parameters = None;
                        Some(SignedDuration::ZERO)
                    }
                    _ => None,
                },
                _ => None,
            };
            match wait {
                Some(wait) if self.is_worth(wait, started) => self.sleep(wait).await,
                _ => {
                    self.counters.add_refused_call();
                    return Err(error);
                }
            }
        }
    }

    async fn follow(&self, payload: &SendMessage, to: i64) {
        if let teloxide::types::Recipient::Id(from) = &payload.chat_id
            && let Err(error) = self.moved(from.0, to).await
        {
            tracing::error!(%error, "a moved chat was not noted");
        }
    }

    async fn send_file(&self, to: &Envelope, name: &str, content: &str) -> Result<(), SendError> {
        let started = self.clock.now();
        loop {
            let file = InputFile::memory(content.to_owned()).file_name(name.to_owned());
            let mut request = self.api.library().send_document(ChatId(to.chat), file);
            request.message_thread_id = to.thread;
            let wait = match tokio::time::timeout(PATIENCE, request).await {
                Ok(Ok(_)) => return Ok(()),
                Ok(Err(RequestError::RetryAfter(wait))) => {
                    SignedDuration::from_secs(i64::from(wait.seconds()))
                }
                Ok(Err(_)) => return Err(SendError::Rejected),
                Err(_) => return Err(SendError::InDoubt),
            };
            if !self.is_worth(wait, started) {
                return Err(SendError::Rejected);
            }
            self.sleep(wait).await;
        }
    }

    /// Puts a card over a message of ours.
    pub async fn edit_card(
        &self,
        place: (i64, i32),
        card: &Card,
        rows: &[Vec<Button>],
        owner: Option<i64>,
    ) -> Result<(), CallError> {
        self.edit_with(place, card, keyboard(rows, owner)).await
    }

    /// The same with a keyboard of any kind.
    pub async fn edit_with(
        &self,
        place: (i64, i32),
        card: &Card,
        keyboard: Option<InlineKeyboardMarkup>,
    ) -> Result<(), CallError> {
        let html = messages(card).swap_remove(0);
        let (chat, message) = place;
        let mut payload = EditMessageText::new(ChatId(chat), MessageId(message), html);
        payload.parse_mode = Some(ParseMode::Html);
        payload.link_preview_options = Some(no_preview());
        payload.reply_markup = keyboard;
        let started = self.clock.now();
        let mut tries = 0;
        loop {
            let error = match self.api.call::<_, serde::de::IgnoredAny>(&payload).await {
                Ok(_) | Err(CallError::NotModified) => return Ok(()),
                Err(error) => error,
            };
            tries += 1;
            let wait = match &error {
                CallError::Send(SendError::RetryAfter { after, .. }) => {
                    SignedDuration::try_from(*after).ok()
                }
                CallError::Send(SendError::NotSent | SendError::InDoubt) if tries < TRIES => {
                    Some(backoff(tries))
                }
                _ => None,
            };
            match wait {
                Some(wait) if self.is_worth(wait, started) => self.sleep(wait).await,
                _ => return Err(error),
            }
        }
    }

    /// Whether what was begun then is still wanted after such a wait.
    fn is_worth(&self, wait: SignedDuration, started: Timestamp) -> bool {
        let waited = self.clock.now().duration_since(started);
        waited.saturating_add(wait) <= LONGEST_WAIT
    }

    /// Takes the buttons away from a message of ours. If it cannot be done, they stay.
    pub async fn drop_buttons(&self, place: (i64, i32)) {
        let (chat, message) = place;
        let payload = EditMessageReplyMarkup::new(ChatId(chat), MessageId(message));
        if let Err(error) = self.api.call::<_, serde::de::IgnoredAny>(&payload).await
            && error != CallError::NotModified
        {
            tracing::debug!(%error, "buttons stayed");
        }
    }
}

/// Links are not unfolded.
pub fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}

fn backoff(tries: u32) -> SignedDuration {
    SignedDuration::from_secs(1_i64 << tries.min(5))
}
