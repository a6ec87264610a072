//! People (and other bots), and what they do.

use std::sync::Arc;

use super::body::Upload;
use super::commands::MenuCommand;
use super::message::{Content, Message};
use super::place::{Chat, Place};
use super::queries::PressAnswer;
use super::read::{MessageHandle, Press};
use super::state::{ANONYMOUS_ADMIN, ChatKind, Member, State, Status};
use super::text::Rich;
use super::timeline::What;
use super::world::Shared;

/// A person, or another bot.
#[derive(Clone, Debug)]
pub struct Person {
    pub(crate) shared: Arc<Shared>,
    pub(crate) id: i64,
}

impl Person {
    /// The account's id.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Gives the account a public name.
    #[must_use]
    pub fn with_username(self, username: &str) -> Self {
        self.account(|account| account.username = Some(username.to_owned()));
        self
    }

    /// Sets the language of the account's client, as in `de` or `en-US`.
    #[must_use]
    pub fn speaking(self, language: &str) -> Self {
        self.account(|account| account.language = Some(language.to_owned()));
        self
    }

    /// Takes another name.
    pub fn renames(&self, first_name: &str) {
        self.account(|account| first_name.clone_into(&mut account.first_name));
    }

    /// The private chat with the bot. It opens for the bot when the person first writes there.
    #[must_use]
    pub fn dm(&self) -> Chat {
        let id = self.shared.write(|state| state.private_chat(self.id));
        Chat {
            shared: Arc::clone(&self.shared),
            id,
        }
    }

    /// Writes.
    ///
    /// # Panics
    /// If this account is not in the chat.
    pub async fn says(&self, place: &impl Place, text: &str) -> MessageHandle {
        self.post(
            place,
            Message::new(place.chat_id(), Some(self.id), Rich::typed(text)),
        )
        .await
    }

    /// Writes as an anonymous administrator.
    ///
    /// # Panics
    /// If this account is no administrator of the chat.
    pub async fn says_anonymously(&self, place: &impl Place, text: &str) -> MessageHandle {
        let chat = place.chat_id();
        let admin = self.shared.read(|state| state.chat(chat).is_admin(self.id));
        assert!(
            admin,
            "only an administrator can write anonymously: promote {} first",
            self.id
        );
        let mut message = Message::new(chat, Some(ANONYMOUS_ADMIN), Rich::typed(text));
        message.sender_chat = Some(chat);
        self.post(place, message).await
    }

    /// Sends a photo with a caption.
    ///
    /// # Panics
    /// If this account is not in the chat.
    pub async fn sends_photo_with_caption(
        &self,
        place: &impl Place,
        caption: &str,
    ) -> MessageHandle {
        let photo = Upload {
            name: "photo.jpg".to_owned(),
            mime: "image/jpeg".to_owned(),
            bytes: b"\xff\xd8\xff".to_vec(),
        };
        let file = self.shared.write(|state| state.keep_file(photo));
        let mut message = Message::new(place.chat_id(), Some(self.id), Rich::typed(caption));
        message.content = Content::Photo(file);
        self.post(place, message).await
    }

    /// Replies to a message, in its topic.
    ///
    /// # Panics
    /// If this account is not in the chat, or the message is gone.
    pub async fn replies(&self, to: &MessageHandle, text: &str) -> MessageHandle {
        let mut message = Message::new(to.chat, Some(self.id), Rich::typed(text));
        message.reply_to = Some(to.id);
        message.thread = self.shared.read(|state| {
            let target = state
                .message(to.chat, to.id)
                .filter(|target| !target.deleted);
            target
                .expect("the message is there to be replied to")
                .thread
        });
        self.post(&self.chat(to.chat), message).await
    }

    /// Forwards a message that somebody wrote, or the bot.
    ///
    /// # Panics
    /// If this account is not in the chat, or the message is gone.
    pub async fn forwards(&self, message: &MessageHandle, place: &impl Place) -> MessageHandle {
        let found = self.shared.read(|state| {
            let found = state.message(message.chat, message.id).cloned();
            found.filter(|found| !found.deleted)
        });
        let found = found.expect("the message is there to be forwarded");
        let mut copy = Message::new(place.chat_id(), Some(self.id), found.body.clone());
        copy.forwarded_from = found.from.map(|from| (from, found.at));
        self.post(place, copy).await
    }

    /// Takes the bot into a chat by a link of the bot's. Clients then write in the chat what the link hands
    /// over, and some do so although it hands over nothing.
    ///
    /// # Panics
    /// If the link is none that adds the bot to a group.
    pub async fn follows(&self, link: &str, chat: &Chat) {
        let username = chat.shared.read(|state| {
            let bot = state.accounts.get(&state.bot.id);
            bot.and_then(|bot| bot.username.clone()).unwrap_or_default()
        });
        let handed = link
            .strip_prefix(&format!("https://t.me/{username}?startgroup"))
            .expect("a link that adds the bot to a group");
        self.adds_bot(chat);
        let payload = handed.trim_start_matches('=');
        let start = format!("/start@{username} {payload}");
        self.says(chat, start.trim_end()).await;
    }

    /// Edits an own message.
    ///
    /// # Panics
    /// If it is not an own message, or is gone.
    pub async fn edits(&self, message: &MessageHandle, text: &str) {
        self.shared.write(|state| {
            let found = state.message(message.chat, message.id);
            let admin = state.chat(message.chat).is_admin(self.id);
            let own = found.is_some_and(|found| {
                let by_admin = admin && found.from == Some(ANONYMOUS_ADMIN);
                (found.from == Some(self.id) || by_admin) && !found.deleted
            });
            assert!(
                own,
                "people edit only their own messages, and only while these are there"
            );
            state.change(message.chat, message.id, Rich::typed(text), None);
        });
        tokio::task::yield_now().await;
    }

    /// Deletes a message: an own one, or as an administrator. Bots hear nothing of it.
    pub fn deletes(&self, message: &MessageHandle) {
        self.shared
            .write(|state| state.remove(message.chat, message.id));
    }

    /// Presses the button with this label.
    ///
    /// # Panics
    /// If the message has no such button now, or it sends nothing to the bot.
    pub async fn presses(&self, message: &MessageHandle, label: &str) -> Press {
        let data = self.shared.read(|state| {
            let found = state
                .message(message.chat, message.id)
                .filter(|found| !found.deleted);
            let buttons = found.map(Message::buttons).unwrap_or_default().concat();
            let button = buttons.iter().find(|button| button.label == label);
            let labels: Vec<_> = buttons.iter().map(|button| button.label.as_str()).collect();
            let button =
                button.unwrap_or_else(|| panic!("there is no button {label:?} among {labels:?}"));
            button
                .data
                .clone()
                .unwrap_or_else(|| panic!("{label:?} sends nothing to the bot"))
        });
        self.press(message, label, &data).await
    }

    /// Presses a button that others no longer see: a client may lag behind, and may send anything.
    pub async fn presses_stale(&self, message: &MessageHandle, data: &str) -> Press {
        self.press(message, data, data).await
    }

    /// Blocks the bot.
    pub fn blocks_bot(&self) {
        self.stand(Status::Kicked);
    }

    /// Lets the bot write again.
    pub fn unblocks_bot(&self) {
        self.stand(Status::Member);
    }

    /// Deletes the account.
    pub fn deletes_account(&self) {
        self.account(|account| account.deactivated = true);
    }

    /// The menu of commands that this account sees in a chat.
    #[must_use]
    pub fn menu_in(&self, chat: &Chat) -> Vec<MenuCommand> {
        self.shared.read(|state| state.menu(chat.id, self.id))
    }

    /// The answers to presses that this account saw, oldest first.
    #[must_use]
    pub fn toasts(&self) -> Vec<PressAnswer> {
        self.shared.read(|state| {
            let events = state
                .timeline
                .events()
                .filter(|event| event.only == Some(self.id));
            let answers = events.filter_map(|event| match &event.what {
                What::Answered { text, alert } => Some(PressAnswer {
                    text: text.clone(),
                    alert: *alert,
                    url: None,
                }),
                _ => None,
            });
            answers.collect()
        })
    }

    async fn press(&self, message: &MessageHandle, label: &str, data: &str) -> Press {
        let (chat, id) = (message.chat, message.id);
        let query = self
            .shared
            .write(|state| state.press(self.id, chat, id, label, data));
        tokio::task::yield_now().await;
        Press {
            shared: Arc::clone(&self.shared),
            query,
        }
    }

    async fn post(&self, place: &impl Place, mut message: Message) -> MessageHandle {
        let empty = message.content == Content::Text && message.body.text.is_empty();
        assert!(!empty, "nobody can send a message without text");
        message.thread = message.thread.or(place.thread_id());
        let chat = message.chat;
        let id = self.shared.write(|state| {
            self.enter(state, chat);
            let member = state.chat(chat).members.get(&self.id);
            if member.is_some_and(|member| member.anonymous) {
                message.from = Some(ANONYMOUS_ADMIN);
                message.sender_chat = Some(chat);
            }
            state.post(message)
        });
        // Lets whoever waits for it run before the test goes on.
        tokio::task::yield_now().await;
        MessageHandle::new(&self.shared, chat, id)
    }

    /// Opens the private chat for the bot; anywhere else, the account must be there already.
    fn enter(&self, state: &mut State, chat: i64) {
        let bot = state.bot.id;
        let record = state.chat(chat);
        if record.kind != ChatKind::Private {
            let (name, title) = (state.name(self.id), &record.title);
            let present = record.status(self.id).is_present();
            assert!(present, "{name} is not in {title}: let them join first");
            let silenced = record.admins_only && !record.is_admin(self.id);
            let silenced = silenced || record.status(self.id) == Status::Restricted;
            assert!(!silenced, "{name} may not write in {title}");
            return;
        }
        assert_eq!(chat, self.id, "nobody writes in another's private chat");
        match record.status(bot) {
            Status::Member => {}
            // Only the end of a block is told to the bot, not the first word.
            Status::Kicked => state.change_member(chat, bot, Member::of(Status::Member), self.id),
            _ => {
                state
                    .chat_mut(chat)
                    .members
                    .insert(bot, Member::of(Status::Member));
            }
        }
    }

    fn stand(&self, status: Status) {
        self.shared.write(|state| {
            let chat = state.private_chat(self.id);
            let bot = state.bot.id;
            state.change_member(chat, bot, Member::of(status), self.id);
        });
    }

    fn chat(&self, id: i64) -> Chat {
        Chat {
            shared: Arc::clone(&self.shared),
            id,
        }
    }

    fn account(&self, change: impl FnOnce(&mut super::state::Account)) {
        self.shared
            .write(|state| state.accounts.get_mut(&self.id).map(change));
    }
}
