//! One message to one chat: as often as it takes, and never for longer than anybody waits.

use ankle_core::card::{Button, Card, File};
use ankle_core::club::Language;
use ankle_core::face::{RetryScope, SendError};
use ankle_core::words::{Speaker, files_not_sent_card};
use jiff::{SignedDuration, Timestamp};
use teloxide::payloads::{EditMessageReplyMarkup, EditMessageText, SendMessage};
use teloxide::types::{
    ChatId, ForceReply, InlineKeyboardMarkup, LinkPreviewOptions, MessageId, ParseMode,
    ReplyMarkup, ReplyParameters, ThreadId,
};

use super::Desk;
use crate::api::{CallError, Sent};
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
    /// message. The language is the card's own.
    pub async fn send_card(
        &self,
        to: &Envelope,
        (card, language): (&Card, Language),
        rows: &[Vec<Button>],
        owner: Option<i64>,
    ) -> Result<i32, SendError> {
        let keyboard = keyboard(rows, owner);
        self.send_with(to, (card, language), keyboard).await
    }

    /// The same with a keyboard of any kind.
    pub async fn send_with(
        &self,
        to: &Envelope,
        (card, language): (&Card, Language),
        keyboard: Option<InlineKeyboardMarkup>,
    ) -> Result<i32, SendError> {
        let sent = self.send_text(to, card, keyboard).await?;
        if !card.files.is_empty() {
            // What is rare is boxed: every answer's future would hold room for it.
            Box::pin(self.send_files_or_tell(to, &card.files, language)).await;
        }
        Ok(sent)
    }

    /// Its files; which of them could not be sent is told in a message more.
    async fn send_files_or_tell(&self, to: &Envelope, files: &[File], language: Language) {
        let lost = self.send_files(to, files).await;
        if lost.is_empty() {
            return;
        }
        let told = files_not_sent_card(Speaker::of(language), &lost);
        if let Err(error) = self.send_text(to, &told, None).await {
            tracing::info!(%error, "nobody is told that a file could not be sent");
        }
    }

    /// Its messages alone.
    async fn send_text(
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
            sent = self.send(to.chat, payload).await?;
        }
        // A group's number is below zero.
        if keyboard.is_some() && to.chat < 0 {
            let now = self.clock.now();
            self.recent.stands_in((to.chat, sent), to.thread, now);
        }
        Ok(sent)
    }

    /// Its files. Returns the names of those that could not be sent.
    async fn send_files<'a>(&self, to: &Envelope, files: &'a [File]) -> Vec<&'a str> {
        let mut lost = Vec::new();
        for file in files {
            if let Err(error) = self.send_file(to, &file.name, &file.content).await {
                // The message is there, so the chat is open whatever became of its file.
                self.counters.add_lost_answer();
                tracing::info!(%error, "a file could not be sent");
                lost.push(file.name.as_str());
            }
        }
        lost
    }

    /// Sends one message, obeying every order to wait and following a chat that has moved.
    async fn send(&self, mut chat: i64, mut payload: SendMessage) -> Result<i32, SendError> {
        let mut tries = Tries::begun(self);
        loop {
            self.turn(chat, tries.started).await?;
            self.said.note(self.clock.now());
            let error = match self.api.call::<_, Sent>(&payload).await {
                Ok(sent) => return Ok(sent.message_id),
                Err(error) => refusal(error),
            };
            self.waits.heed(chat, &error, self.clock.now());
            let moved = match &error {
                SendError::Moved { chat } => chat.parse::<i64>().ok(),
                _ => None,
            };
            if !tries.again_after(&error).await {
                self.counters.add_refused_call();
                return Err(error);
            }
            if let Some(new) = moved {
                Box::pin(self.follow(chat, new)).await;
                chat = new;
                payload.chat_id = ChatId(new).into();
                payload.reply_parameters = None;
            }
        }
    }

    async fn follow(&self, from: i64, to: i64) {
        if let Err(error) = self.moved(from, to).await {
            tracing::error!(%error, "a moved chat was not noted");
        }
    }

    /// Sends a file as a message is sent.
    async fn send_file(&self, to: &Envelope, name: &str, content: &str) -> Result<(), SendError> {
        let mut chat = to.chat;
        let mut tries = Tries::begun(self);
        loop {
            self.turn(chat, tries.started).await?;
            self.said.note(self.clock.now());
            let sent = self.api.send_file(chat, to.thread, name, content).await;
            let Err(error) = sent.map_err(refusal) else {
                return Ok(());
            };
            self.waits.heed(chat, &error, self.clock.now());
            if !tries.again_after(&error).await {
                self.counters.add_refused_call();
                return Err(error);
            }
            if let SendError::Moved { chat: new } = &error {
                chat = new.parse().unwrap_or(chat);
            }
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
                CallError::Send(SendError::NotSent | SendError::Away | SendError::InDoubt)
                    if tries < TRIES =>
                {
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

    /// Waits as long as others were told to in that chat, if what was begun then is still wanted after that.
    async fn turn(&self, chat: i64, started: Timestamp) -> Result<(), SendError> {
        loop {
            let now = self.clock.now();
            let Some(until) = self.waits.until(chat, now) else {
                return Ok(());
            };
            let wait = until.duration_since(now);
            if !self.is_worth(wait, started) {
                return Err(SendError::RetryAfter {
                    after: wait.unsigned_abs(),
                    scope: RetryScope::Unsaid,
                });
            }
            self.sleep(wait).await;
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

/// What cannot be said at all is not said later either.
fn refusal(error: CallError) -> SendError {
    match error {
        CallError::Send(error) => error,
        _ => SendError::Rejected,
    }
}

/// How often one message was tried, and since when.
struct Tries<'a> {
    desk: &'a Desk,
    started: Timestamp,
    count: u32,
    doubted: bool,
}

impl<'a> Tries<'a> {
    fn begun(desk: &'a Desk) -> Self {
        Self {
            desk,
            started: desk.clock.now(),
            count: 0,
            doubted: false,
        }
    }

    /// Waits as long as an error asks for. Tells whether it is to be tried again.
    async fn again_after(&mut self, error: &SendError) -> bool {
        self.count += 1;
        let wait = match error {
            SendError::RetryAfter { after, .. } => SignedDuration::try_from(*after).ok(),
            SendError::NotSent if self.count < TRIES => Some(backoff(self.count)),
            SendError::Away | SendError::InDoubt if !self.doubted => {
                // Once more: rather twice than never, and it is counted.
                self.desk.counters.add_in_doubt();
                self.desk.counters.add_repeated();
                self.doubted = true;
                Some(SignedDuration::from_secs(2))
            }
            SendError::Moved { chat } if self.count < TRIES && chat.parse::<i64>().is_ok() => {
                Some(SignedDuration::ZERO)
            }
            _ => None,
        };
        let Some(wait) = wait.filter(|wait| self.desk.is_worth(*wait, self.started)) else {
            return false;
        };
        self.desk.sleep(wait).await;
        true
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
