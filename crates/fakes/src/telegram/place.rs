//! Chats and topics, as a test holds them.

use std::sync::Arc;

use serde_json::json;

use super::message::Message;
use super::people::Person;
use super::read::{MessageHandle, Shown};
use super::state::{ChatKind, Member, State, Status};
use super::text::Rich;
use super::world::Shared;

/// Somewhere to write: a chat, or a topic of it.
pub trait Place {
    /// The chat.
    fn chat_id(&self) -> i64;

    /// The topic, unless it is General or the chat has none.
    fn thread_id(&self) -> Option<i64> {
        None
    }
}

/// A chat.
#[derive(Clone, Debug)]
pub struct Chat {
    pub(crate) shared: Arc<Shared>,
    pub(crate) id: i64,
}

impl Chat {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Gives it a public name.
    #[must_use]
    pub fn with_username(self, username: &str) -> Self {
        self.set(|state, id| state.chat_mut(id).username = Some(username.to_owned()));
        self
    }

    /// Puts people (or bots) into it without a word.
    #[must_use]
    pub fn with(self, people: &[&Person]) -> Self {
        self.set(|state, id| {
            for person in people {
                state
                    .chat_mut(id)
                    .members
                    .insert(person.id, Member::of(Status::Member));
            }
        });
        self
    }

    /// Makes it a chat that the bot has never been in.
    #[must_use]
    pub fn without_bot(self) -> Self {
        self.set(|state, id| {
            let bot = state.bot.id;
            state.chat_mut(id).members.remove(&bot);
        });
        self
    }

    /// Lets only administrators write, or everybody again.
    pub fn admins_only(&self, only: bool) {
        self.set(|state, id| state.chat_mut(id).admins_only = only);
    }

    /// Makes a basic group a supergroup, and returns that; the old chat stays behind.
    ///
    /// # Panics
    /// If it is no basic group, or has become a supergroup before.
    #[must_use]
    pub fn migrate(&self) -> Self {
        self.migrate_and_tell(None)
    }

    /// The same, and the bot also hears that it is in the supergroup now: before anything else, or last.
    ///
    /// # Panics
    /// As [`Chat::migrate`].
    #[must_use]
    pub fn migrate_telling(&self, first: bool) -> Self {
        self.migrate_and_tell(Some(first))
    }

    fn migrate_and_tell(&self, tells_first: Option<bool>) -> Self {
        let id = self.set(|state, old| {
            let chat = state.chat(old);
            assert_eq!(
                chat.kind,
                ChatKind::Group,
                "only a basic group can be migrated"
            );
            assert_eq!(chat.migrated_to, None, "the group was migrated before");
            let (title, members) = (chat.title.clone(), chat.members.clone());
            let new = state.add_chat(ChatKind::Supergroup, &title);
            let bot = state.bot.id;
            let by = actor(state, old, bot);
            let standing = members.get(&bot).cloned();
            state.chat_mut(new).members = members;
            let told = |state: &mut State| {
                state.chat_mut(new).members.remove(&bot);
                if let Some(standing) = standing.clone() {
                    state.change_member(new, bot, standing, by);
                }
            };
            if tells_first == Some(true) {
                told(state);
            }
            say(
                state,
                old,
                by,
                "migrate_to_chat_id",
                json!(new),
                "became a supergroup",
            );
            state.chat_mut(old).migrated_to = Some(new);
            say(
                state,
                new,
                by,
                "migrate_from_chat_id",
                json!(old),
                "was a basic group",
            );
            if tells_first == Some(false) {
                told(state);
            }
            new
        });
        Self {
            shared: Arc::clone(&self.shared),
            id,
        }
    }

    /// A channel publishes a post. If the channel has a discussion group, Telegram forwards it.
    pub async fn posts(&self, text: &str) -> MessageHandle {
        let id = self.set(|state, id| {
            let body = Rich::typed(text);
            let mut post = Message::new(id, None, body.clone());
            post.sender_chat = Some(id);
            let post = state.post(post);
            if let Some(group) = state.chat(id).discussion {
                let mut copy = Message::new(group, Some(super::state::TELEGRAM), body);
                copy.sender_chat = Some(id);
                copy.forwarded = Some((id, post));
                state.post(copy);
            }
            post
        });
        tokio::task::yield_now().await;
        MessageHandle::new(&self.shared, self.id, id)
    }

    /// Makes a group the discussion group of this channel.
    pub fn discuss_in(&self, group: &Self) {
        self.set(|state, id| state.chat_mut(id).discussion = Some(group.id));
    }

    /// The channel writes in a group, under its own name.
    pub async fn says_in(&self, place: &impl Place, text: &str) -> MessageHandle {
        let id = self.set(|state, channel| {
            let from = Some(super::state::CHANNEL_BOT);
            let mut message = Message::new(place.chat_id(), from, Rich::typed(text));
            message.sender_chat = Some(channel);
            message.thread = place.thread_id();
            state.post(message)
        });
        tokio::task::yield_now().await;
        MessageHandle::new(&self.shared, place.chat_id(), id)
    }

    /// The next message of the bot in this chat, in whichever topic, that was not read yet.
    ///
    /// # Panics
    /// If none comes within ten seconds.
    pub async fn next_bot_message(&self) -> Shown {
        next_bot_message(&self.shared, self.id, None).await
    }

    /// The messages of the bot in this chat that were not read yet, which does not make them read.
    #[must_use]
    pub fn unread(&self) -> Vec<Shown> {
        self.shared.read(|state| {
            let messages = state.chat(self.id).messages.values();
            let unread = messages.filter(|message| !message.read);
            unread
                .map(|message| Shown::of(&self.shared, state, message))
                .collect()
        })
    }

    /// Counts what the bot said here so far as read.
    pub fn skip_unread(&self) {
        self.set(|state, id| {
            for message in state.chat_mut(id).messages.values_mut() {
                message.read = true;
            }
        });
    }

    /// All messages of the bot in this chat, oldest first, as they are now.
    #[must_use]
    pub fn bot_messages(&self) -> Vec<Shown> {
        self.shared.read(|state| {
            let messages = state.chat(self.id).messages.values();
            let bots = messages.filter(|message| message.by_bot && !message.is_service());
            bots.map(|message| Shown::of(&self.shared, state, message))
                .collect()
        })
    }

    pub(crate) fn set<T>(&self, change: impl FnOnce(&mut State, i64) -> T) -> T {
        self.shared.write(|state| change(state, self.id))
    }
}

impl Place for Chat {
    fn chat_id(&self) -> i64 {
        self.id
    }
}

pub(crate) async fn next_bot_message(
    shared: &Arc<Shared>,
    chat: i64,
    thread: Option<i64>,
) -> Shown {
    let what = format!("a message of the bot in {chat}");
    shared
        .wait(&what, |state| {
            let messages = state.chat_mut(chat).messages.values_mut();
            let mut unread = messages
                .filter(|message| !message.read && (thread.is_none() || message.thread == thread));
            let message = unread.next()?;
            message.read = true;
            let message = message.clone();
            Some(Shown::of(shared, state, &message))
        })
        .await
}

/// Somebody who does what an administrator does. If nobody is there, the account itself.
pub(crate) fn actor(state: &State, chat: i64, but: i64) -> i64 {
    state.chat(chat).somebody(but).unwrap_or(but)
}

pub(crate) fn say(
    state: &mut State,
    chat: i64,
    by: i64,
    field: &'static str,
    value: serde_json::Value,
    shown: &str,
) {
    state.post(Message::service(chat, by, field, value, shown.to_owned()));
}
