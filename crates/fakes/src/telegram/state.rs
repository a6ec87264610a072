//! The world: accounts, chats, members, messages, and what the bot has told the API.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::body::Upload;
use super::calls::Calls;
use super::commands::Commands;
use super::faults::Faults;
use super::ledger::Ledger;
use super::limits::Limits;
use super::message::Message;
use super::queries::Query;
use super::queue::Queue;
use super::timeline::Timeline;
use super::webhook::Webhook;

/// The account that stands for every anonymous administrator.
pub const ANONYMOUS_ADMIN: i64 = 1_087_968_824;
/// The account that stands for a channel that writes in a group.
pub const CHANNEL_BOT: i64 = 136_817_688;
/// The account that forwards a channel's posts to its discussion group.
pub const TELEGRAM: i64 = 777_000;

/// The whole state of the fake.
#[derive(Debug)]
pub struct State {
    pub(crate) now: Timestamp,
    pub(crate) bot: BotInfo,
    pub(crate) accounts: BTreeMap<i64, Account>,
    pub(crate) chats: BTreeMap<i64, ChatRecord>,
    pub(crate) queries: BTreeMap<String, Query>,
    pub(crate) next_query: u64,
    /// How long a press may be answered, in seconds.
    pub(crate) query_life: i64,
    next_file: u64,
    pub(crate) files: BTreeMap<String, Upload>,
    pub(crate) commands: Commands,
    pub(crate) queue: Queue,
    pub(crate) webhook: Option<Webhook>,
    pub(crate) limits: Limits,
    pub(crate) faults: Faults,
    pub(crate) timeline: Timeline,
    pub(crate) calls: Calls,
    pub(crate) ledger: Ledger,
    /// How many messages a chat keeps; `None` keeps all.
    pub(crate) history: Option<usize>,
    /// How long a call is on its way, and its answer on the way back.
    pub(crate) latency: Duration,
    next_account: i64,
    next_chat: i64,
}

/// The bot under test.
#[derive(Clone, Debug)]
pub(crate) struct BotInfo {
    pub(crate) id: i64,
    pub(crate) token: String,
    /// Whether it is kept from reading all messages of groups.
    pub(crate) privacy: bool,
}

/// A person or a bot.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) id: i64,
    pub(crate) is_bot: bool,
    pub(crate) first_name: String,
    pub(crate) username: Option<String>,
    pub(crate) language: Option<String>,
    pub(crate) deactivated: bool,
}

/// What kind of chat it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChatKind {
    /// One person and the bot.
    Private,
    /// A basic group.
    Group,
    /// A supergroup, with topics or without.
    Supergroup,
    /// A channel.
    Channel,
}

/// Where a member stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The owner.
    Creator,
    /// An administrator.
    Administrator,
    /// A member.
    Member,
    /// A member that may not write.
    Restricted,
    /// Not in the chat.
    Left,
    /// Banned; in a private chat: has blocked the bot.
    Kicked,
}

/// A member with its rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) status: Status,
    /// An administrator who writes as the group.
    pub(crate) anonymous: bool,
    /// The rights an administrator has, as the API names them.
    pub(crate) rights: BTreeSet<String>,
}

/// A chat with all that is in it.
#[derive(Debug)]
pub(crate) struct ChatRecord {
    pub(crate) id: i64,
    pub(crate) kind: ChatKind,
    pub(crate) title: String,
    pub(crate) username: Option<String>,
    pub(crate) members: BTreeMap<i64, Member>,
    pub(crate) messages: BTreeMap<i64, Message>,
    pub(crate) next_message: i64,
    /// The bot that wrote last, which decides who gets unaddressed commands.
    pub(crate) last_bot: Option<i64>,
    pub(crate) forum: bool,
    pub(crate) topics: BTreeMap<i64, TopicRecord>,
    pub(crate) general_closed: bool,
    /// Whether only administrators may write.
    pub(crate) admins_only: bool,
    pub(crate) migrated_to: Option<i64>,
    /// The group that gets a channel's posts.
    pub(crate) discussion: Option<i64>,
}

/// A topic of a forum.
#[derive(Clone, Debug)]
pub(crate) struct TopicRecord {
    pub(crate) name: String,
    pub(crate) closed: bool,
}

impl State {
    pub(crate) fn new(now: Timestamp, token: &str, name: &str, username: &str) -> Self {
        let id = token
            .split(':')
            .next()
            .and_then(|id| id.parse().ok())
            .unwrap_or(7_000_000_001);
        let mut state = Self {
            now,
            bot: BotInfo {
                id,
                token: token.to_owned(),
                privacy: true,
            },
            accounts: BTreeMap::new(),
            chats: BTreeMap::new(),
            queries: BTreeMap::new(),
            next_query: 0,
            query_life: 60,
            next_file: 0,
            files: BTreeMap::new(),
            commands: Commands::default(),
            queue: Queue::default(),
            webhook: None,
            limits: Limits::default(),
            faults: Faults::default(),
            timeline: Timeline::default(),
            calls: Calls::default(),
            ledger: Ledger::default(),
            history: None,
            latency: Duration::ZERO,
            next_account: 1001,
            next_chat: 1,
        };
        state.put_account(id, true, name, Some(username));
        state.put_account(ANONYMOUS_ADMIN, true, "Group", Some("GroupAnonymousBot"));
        state.put_account(CHANNEL_BOT, true, "Channel", Some("Channel_Bot"));
        state.put_account(TELEGRAM, false, "Telegram", None);
        state
    }

    /// Makes a new account and returns its id.
    pub(crate) fn add_account(
        &mut self,
        first_name: &str,
        username: Option<&str>,
        bot: bool,
    ) -> i64 {
        let id = self.next_account;
        self.next_account += 1;
        self.put_account(id, bot, first_name, username);
        id
    }

    /// Makes a new chat and returns its id. The bot is a member of it, except of a channel.
    pub(crate) fn add_chat(&mut self, kind: ChatKind, title: &str) -> i64 {
        let number = self.next_chat;
        self.next_chat += 1;
        let id = match kind {
            ChatKind::Private | ChatKind::Group => -4_000_000_000 - number,
            ChatKind::Supergroup | ChatKind::Channel => -1_002_000_000_000 - number,
        };
        let mut chat = ChatRecord::new(id, kind, title);
        chat.members.insert(self.bot.id, Member::of(Status::Member));
        self.chats.insert(id, chat);
        id
    }

    /// The private chat with an account, made if it is not there yet. It opens for the bot when
    /// the person first writes.
    pub(crate) fn private_chat(&mut self, account: i64) -> i64 {
        if !self.chats.contains_key(&account) {
            let title = self.name(account);
            let mut chat = ChatRecord::new(account, ChatKind::Private, &title);
            chat.members.insert(account, Member::of(Status::Member));
            self.chats.insert(account, chat);
        }
        account
    }

    /// The chat of that id; the handles that tests hold always name one that exists.
    pub(crate) fn chat(&self, id: i64) -> &ChatRecord {
        self.chats
            .get(&id)
            .unwrap_or_else(|| panic!("there is no chat {id}"))
    }

    /// The chat of that id, to change it.
    pub(crate) fn chat_mut(&mut self, id: i64) -> &mut ChatRecord {
        self.chats
            .get_mut(&id)
            .unwrap_or_else(|| panic!("there is no chat {id}"))
    }

    pub(crate) fn message(&self, chat: i64, id: i64) -> Option<&Message> {
        self.chats.get(&chat)?.messages.get(&id)
    }

    pub(crate) fn message_mut(&mut self, chat: i64, id: i64) -> Option<&mut Message> {
        self.chats.get_mut(&chat)?.messages.get_mut(&id)
    }

    /// Keeps a file and returns its id.
    pub(crate) fn keep_file(&mut self, upload: Upload) -> String {
        self.next_file += 1;
        let id = format!("file{:08}", self.next_file);
        self.files.insert(id.clone(), upload);
        if self.history.is_some_and(|most| self.files.len() > most) {
            self.files.pop_first();
        }
        id
    }

    /// What an account is called.
    pub(crate) fn name(&self, account: i64) -> String {
        let account = self.accounts.get(&account);
        account.map_or_else(|| "nobody".to_owned(), |account| account.first_name.clone())
    }

    /// The time as the API tells it: in seconds.
    pub(crate) fn seconds(&self) -> i64 {
        self.now.as_second()
    }

    /// Whether the bot is in the chat.
    pub(crate) fn bot_is_in(&self, chat: &ChatRecord) -> bool {
        match chat.kind {
            ChatKind::Private => chat.is_open(self.bot.id),
            _ => chat.status(self.bot.id).is_present(),
        }
    }

    /// How often a method was called, whatever came of it.
    #[must_use]
    pub fn calls(&self, method: &str) -> usize {
        self.calls.count(method)
    }

    /// How many updates wait for the bot to acknowledge them.
    #[must_use]
    pub fn pending_updates(&self) -> usize {
        self.queue.len()
    }

    /// How many updates the bot has acknowledged.
    #[must_use]
    pub fn acknowledged_updates(&self) -> u64 {
        self.queue.acknowledged
    }

    /// How many messages of the bot a chat shows now.
    #[must_use]
    pub fn bot_messages(&self, chat: i64) -> usize {
        let messages = self
            .chats
            .get(&chat)
            .into_iter()
            .flat_map(|chat| chat.messages.values());
        messages
            .filter(|message| message.by_bot && !message.deleted)
            .count()
    }

    /// What the bot wrote and nobody has read, each with its place.
    pub(crate) fn unread(&self) -> Vec<String> {
        let messages = self.chats.values().flat_map(|chat| chat.messages.values());
        let unread = messages.filter(|message| !message.read);
        unread
            .map(|message| format!("in {}: {}", message.chat, message.body.text))
            .collect()
    }

    /// The messages of a chat, oldest first, as JSON.
    #[must_use]
    pub fn messages(&self, chat: i64) -> Vec<Value> {
        let messages = self
            .chats
            .get(&chat)
            .into_iter()
            .flat_map(|chat| chat.messages.values());
        messages.map(|message| self.message_json(message)).collect()
    }

    fn put_account(&mut self, id: i64, is_bot: bool, first_name: &str, username: Option<&str>) {
        let account = Account {
            id,
            is_bot,
            first_name: first_name.to_owned(),
            username: username.map(str::to_owned),
            language: None,
            deactivated: false,
        };
        self.accounts.insert(id, account);
    }
}

impl ChatRecord {
    fn new(id: i64, kind: ChatKind, title: &str) -> Self {
        Self {
            id,
            kind,
            title: title.to_owned(),
            username: None,
            members: BTreeMap::new(),
            messages: BTreeMap::new(),
            // A supergroup starts with the message that it was made; in a forum, 1 is General.
            next_message: if kind == ChatKind::Supergroup { 2 } else { 1 },
            last_bot: None,
            forum: false,
            topics: BTreeMap::new(),
            general_closed: false,
            admins_only: false,
            migrated_to: None,
            discussion: None,
        }
    }

    /// Where an account stands in this chat.
    pub(crate) fn status(&self, account: i64) -> Status {
        self.members
            .get(&account)
            .map_or(Status::Left, |member| member.status)
    }

    pub(crate) fn is_admin(&self, account: i64) -> bool {
        matches!(
            self.status(account),
            Status::Creator | Status::Administrator
        )
    }

    /// Whether an account has one of an administrator's rights.
    pub(crate) fn has_right(&self, account: i64, right: &str) -> bool {
        let member = self.members.get(&account);
        member.is_some_and(|member| match member.status {
            Status::Creator => true,
            Status::Administrator => member.rights.contains(right),
            _ => false,
        })
    }

    /// Somebody who can stand for "an administrator did it": the first one, or anybody.
    pub(crate) fn somebody(&self, but: i64) -> Option<i64> {
        let mut present = self
            .members
            .iter()
            .filter(|(id, member)| **id != but && member.status.is_present());
        let admin = present
            .clone()
            .find(|(_, member)| matches!(member.status, Status::Creator | Status::Administrator));
        admin.or_else(|| present.next()).map(|(id, _)| *id)
    }

    /// Whether a private chat is open for the bot: the person wrote to it and has not blocked it.
    pub(crate) fn is_open(&self, bot: i64) -> bool {
        self.status(bot) == Status::Member
    }
}

impl Member {
    pub(crate) fn of(status: Status) -> Self {
        Self {
            status,
            anonymous: false,
            rights: BTreeSet::new(),
        }
    }
}

impl Status {
    pub(crate) fn is_present(self) -> bool {
        !matches!(self, Self::Left | Self::Kicked)
    }

    /// The status as the API names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Creator => "creator",
            Self::Administrator => "administrator",
            Self::Member => "member",
            Self::Restricted => "restricted",
            Self::Left => "left",
            Self::Kicked => "kicked",
        }
    }
}
