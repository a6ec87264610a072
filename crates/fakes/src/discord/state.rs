//! What the fake knows: the bot, accounts, servers, channels.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use jiff::Timestamp;

use super::calls::Calls;
use super::commands::Commands;
use super::faults::Faults;
use super::gateway::Gateway;
use super::interactions::{Change, Interaction};
use super::ledger::Ledger;
use super::limits::Limits;
use super::message::Message;
use super::permissions;
use super::timeline::Timeline;

/// The first millisecond that an id can name: the start of 2015.
const EPOCH: i64 = 1_420_070_400_000;

/// Where the ids of servers begin: one millisecond apart, so that they fall into different shards.
const FIRST_GUILD: i64 = 1_600_000_000_000;

/// All there is, as tests may look at it.
#[derive(Debug)]
pub struct State {
    /// The present, refreshed whenever somebody looks.
    pub(crate) now: Timestamp,
    last_id: u64,
    pub(crate) bot: BotInfo,
    pub(crate) accounts: BTreeMap<u64, Account>,
    pub(crate) guilds: BTreeMap<u64, Guild>,
    pub(crate) channels: BTreeMap<u64, Channel>,
    pub(crate) commands: Commands,
    pub(crate) interactions: BTreeMap<u64, Interaction>,
    pub(crate) change: Change,
    /// Interactions by token.
    pub(crate) tokens: HashMap<String, u64>,
    pub(crate) gateway: Gateway,
    pub(crate) limits: Limits,
    pub(crate) faults: Faults,
    pub(crate) calls: Calls,
    pub(crate) timeline: Timeline,
    pub(crate) ledger: Ledger,
    /// The port that everything is at.
    pub(crate) port: u16,
    /// How many messages a channel keeps, and how many interactions in all; `None`: all.
    pub(crate) history: Option<usize>,
    /// How long a call is on its way, and its answer on the way back.
    pub(crate) latency: Duration,
}

/// The application and its bot, which share one id.
#[derive(Debug)]
pub(crate) struct BotInfo {
    pub(crate) id: u64,
    pub(crate) token: String,
    /// Set when the token was revoked.
    pub(crate) revoked: bool,
}

/// A person, or a bot.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) bot: bool,
    pub(crate) locale: String,
    /// Whether the bot may write to them in private.
    pub(crate) dm_open: bool,
    /// Whether they have installed the application for themselves.
    pub(crate) installed: bool,
}

/// A server.
#[derive(Clone, Debug)]
pub(crate) struct Guild {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) owner: u64,
    pub(crate) locale: String,
    pub(crate) roles: BTreeMap<u64, Role>,
    pub(crate) members: BTreeMap<u64, Member>,
    pub(crate) available: bool,
    /// Whether it took in the commands, be the bot in it or not.
    pub(crate) has_commands: bool,
}

/// A role.
#[derive(Clone, Debug)]
pub(crate) struct Role {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) permissions: u64,
    pub(crate) mentionable: bool,
    /// The role that a server makes for a bot that joins.
    pub(crate) of_bot: Option<u64>,
}

/// Somebody in a server.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) nick: Option<String>,
    pub(crate) roles: BTreeSet<u64>,
    pub(crate) joined: Timestamp,
}

/// What kind of channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelKind {
    /// A text channel of a server.
    Text,
    /// A private channel with the bot.
    Dm,
    /// A private channel of people, without the bot.
    GroupDm,
    /// An announcement channel.
    Announcement,
    /// A voice channel.
    Voice,
    /// What other channels stand below.
    Category,
    /// A public thread.
    Thread,
}

/// A channel, a thread, or a private channel.
#[derive(Clone, Debug)]
pub(crate) struct Channel {
    pub(crate) id: u64,
    pub(crate) kind: ChannelKind,
    pub(crate) guild: Option<u64>,
    pub(crate) name: String,
    pub(crate) parent: Option<u64>,
    pub(crate) overwrites: Vec<Overwrite>,
    pub(crate) recipients: Vec<u64>,
    pub(crate) archived: bool,
    pub(crate) locked: bool,
    pub(crate) messages: BTreeMap<u64, Message>,
}

/// What a channel says about a role or a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Overwrite {
    pub(crate) id: u64,
    pub(crate) role: bool,
    pub(crate) allow: u64,
    pub(crate) deny: u64,
}

impl State {
    pub(crate) fn new(now: Timestamp, token: &str, id: u64, name: &str) -> Self {
        let mut state = Self {
            now,
            last_id: 0,
            bot: BotInfo {
                id,
                token: token.to_owned(),
                revoked: false,
            },
            accounts: BTreeMap::new(),
            guilds: BTreeMap::new(),
            channels: BTreeMap::new(),
            commands: Commands::default(),
            interactions: BTreeMap::new(),
            change: Change::default(),
            tokens: HashMap::new(),
            gateway: Gateway::default(),
            limits: Limits::default(),
            faults: Faults::default(),
            calls: Calls::default(),
            timeline: Timeline::default(),
            ledger: Ledger::default(),
            port: 0,
            history: None,
            latency: Duration::ZERO,
        };
        state.accounts.insert(id, Account::new(id, name, true));
        state
    }

    /// A new id that names the present.
    pub(crate) fn new_id(&mut self) -> u64 {
        let first = snowflake(self.now.as_millisecond());
        self.last_id = first.max(self.last_id + 1);
        self.last_id
    }

    pub(crate) fn add_account(&mut self, name: &str) -> u64 {
        let id = self.new_id();
        self.accounts.insert(id, Account::new(id, name, false));
        id
    }

    /// A new server with an owner of its own, and with the bot in it if it should.
    pub(crate) fn add_guild(&mut self, name: &str, with_bot: bool) -> u64 {
        let n = i64::try_from(self.guilds.len()).unwrap_or(i64::MAX);
        let id = snowflake(FIRST_GUILD + n);
        let owner = self.add_account(&format!("Owner of {name}"));
        let everyone = Role {
            id,
            name: "@everyone".to_owned(),
            permissions: permissions::EVERYONE,
            mentionable: false,
            of_bot: None,
        };
        let guild = Guild {
            id,
            name: name.to_owned(),
            owner,
            locale: "en-US".to_owned(),
            roles: BTreeMap::from([(id, everyone)]),
            members: BTreeMap::new(),
            available: true,
            has_commands: with_bot,
        };
        self.guilds.insert(id, guild);
        self.add_member(id, owner);
        if with_bot {
            self.add_bot(id);
        }
        id
    }

    /// Puts the bot into a server, with the role that this makes for it.
    pub(crate) fn add_bot(&mut self, guild: u64) {
        let bot = self.bot.id;
        let name = self.name(bot);
        let role = self.add_role(guild, &name, permissions::EVERYONE);
        self.add_member(guild, bot);
        if let Some(guild) = self.guilds.get_mut(&guild) {
            if let Some(role) = guild.roles.get_mut(&role) {
                role.of_bot = Some(bot);
            }
            if let Some(member) = guild.members.get_mut(&bot) {
                member.roles.insert(role);
            }
        }
    }

    pub(crate) fn add_member(&mut self, guild: u64, account: u64) {
        let member = Member {
            nick: None,
            roles: BTreeSet::new(),
            joined: self.now,
        };
        if let Some(guild) = self.guilds.get_mut(&guild) {
            guild.members.entry(account).or_insert(member);
        }
    }

    pub(crate) fn add_role(&mut self, guild: u64, name: &str, permissions: u64) -> u64 {
        let id = self.new_id();
        let role = Role {
            id,
            name: name.to_owned(),
            permissions,
            mentionable: false,
            of_bot: None,
        };
        if let Some(guild) = self.guilds.get_mut(&guild) {
            guild.roles.insert(id, role);
        }
        id
    }

    pub(crate) fn add_channel(&mut self, kind: ChannelKind, guild: Option<u64>, name: &str) -> u64 {
        let id = self.new_id();
        let channel = Channel {
            id,
            kind,
            guild,
            name: name.to_owned(),
            parent: None,
            overwrites: Vec::new(),
            recipients: Vec::new(),
            archived: false,
            locked: false,
            messages: BTreeMap::new(),
        };
        self.channels.insert(id, channel);
        id
    }

    /// The private channel of an account with the bot.
    pub(crate) fn dm(&mut self, account: u64) -> u64 {
        let found = self
            .channels
            .values()
            .find(|channel| channel.kind == ChannelKind::Dm && channel.recipients == [account]);
        if let Some(found) = found {
            return found.id;
        }
        let id = self.add_channel(ChannelKind::Dm, None, "");
        if let Some(channel) = self.channels.get_mut(&id) {
            channel.recipients.push(account);
        }
        id
    }

    pub(crate) fn bot_is_in(&self, guild: u64) -> bool {
        let guild = self.guilds.get(&guild);
        guild.is_some_and(|guild| guild.members.contains_key(&self.bot.id))
    }

    /// Whether a server has the commands.
    pub(crate) fn has_commands(&self, guild: u64) -> bool {
        let has = self.guilds.get(&guild);
        self.bot_is_in(guild) || has.is_some_and(|guild| guild.has_commands)
    }

    /// What an account is called.
    pub(crate) fn name(&self, account: u64) -> String {
        let account = self.accounts.get(&account);
        account.map_or_else(|| "somebody".to_owned(), |account| account.name.clone())
    }

    pub(crate) fn account_named(&self, name: &str) -> Option<u64> {
        let mut accounts = self.accounts.values();
        accounts
            .find(|account| account.name == name)
            .map(|account| account.id)
    }

    pub(crate) fn message(&self, channel: u64, id: u64) -> Option<&Message> {
        self.channels.get(&channel)?.messages.get(&id)
    }

    pub(crate) fn message_mut(&mut self, channel: u64, id: u64) -> Option<&mut Message> {
        self.channels.get_mut(&channel)?.messages.get_mut(&id)
    }

    /// How often an operation was called.
    #[must_use]
    pub fn calls(&self, operation: &str) -> usize {
        self.calls.count(operation)
    }

    /// How many heartbeats came.
    #[must_use]
    pub fn heartbeats(&self) -> usize {
        self.gateway.heartbeats
    }

    /// How many messages of the bot stand in all channels, ephemeral ones included.
    #[must_use]
    pub fn bot_messages(&self) -> usize {
        let messages = self
            .channels
            .values()
            .flat_map(|channel| channel.messages.values());
        messages.filter(|message| !message.deleted).count()
    }

    /// How many interactions have had their first response.
    #[must_use]
    pub fn answered(&self) -> usize {
        let interactions = self.interactions.values();
        interactions
            .filter(|interaction| interaction.response.is_some())
            .count()
    }

    /// What the bot wrote and nobody read.
    pub(crate) fn unread(&self) -> Vec<String> {
        let channels = self.channels.values();
        let messages = channels.flat_map(|channel| channel.messages.values());
        let unread = messages.filter(|message| !message.read && !message.deleted);
        unread
            .map(|message| {
                let place = self.place(message.channel);
                format!("{place}: {}", self.message_words(message))
            })
            .collect()
    }

    /// A place, as a transcript names it.
    pub(crate) fn place(&self, channel: u64) -> String {
        let Some(channel) = self.channels.get(&channel) else {
            return "nowhere".to_owned();
        };
        match channel.kind {
            ChannelKind::Dm => {
                let with = channel.recipients.first().map(|id| self.name(*id));
                format!("@{}", with.unwrap_or_default())
            }
            _ => format!("#{}", channel.name),
        }
    }
}

impl Account {
    fn new(id: u64, name: &str, bot: bool) -> Self {
        Self {
            id,
            name: name.to_owned(),
            bot,
            locale: "en-US".to_owned(),
            dm_open: true,
            installed: false,
        }
    }
}

impl Channel {
    pub(crate) fn is_thread(&self) -> bool {
        self.kind == ChannelKind::Thread
    }
}

impl ChannelKind {
    /// Its number in the API.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Text => 0,
            Self::Dm => 1,
            Self::Voice => 2,
            Self::GroupDm => 3,
            Self::Category => 4,
            Self::Announcement => 5,
            Self::Thread => 11,
        }
    }
}

/// The first id of a millisecond.
pub(crate) fn snowflake(millis: i64) -> u64 {
    u64::try_from(millis - EPOCH).unwrap_or(0) << 22
}
