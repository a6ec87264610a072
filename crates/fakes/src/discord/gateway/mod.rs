//! The gateway: its sessions, and what they are told.

pub(crate) mod socket;

mod control;
mod hello;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::state::State;

/// The intent for servers and channels.
const GUILDS: u64 = 1;
/// How many events a session keeps for a resume beyond those that it has still to send.
const KEPT: usize = 1_000;
/// How many sessions without a connection are kept.
const LOST_SESSIONS: usize = 4;

/// All sessions and connections.
#[derive(Debug)]
pub(crate) struct Gateway {
    pub(crate) sessions: BTreeMap<String, Session>,
    pub(crate) connections: BTreeMap<u64, Connection>,
    next: u64,
    /// Whether new connections are refused.
    pub(crate) refusing: bool,
    /// Whether heartbeats go unanswered.
    pub(crate) silent: bool,
    pub(crate) identifies: usize,
    pub(crate) resumes: usize,
    pub(crate) heartbeats: usize,
    /// The shard that identified last, and when.
    last_identify: Option<(u64, Instant, Timestamp)>,
    /// How many times the bot may identify before its token is reset.
    pub(crate) budget: usize,
    /// The privileged intents that the bot was granted.
    pub(crate) granted: u64,
    /// The fewest shards that Discord lets this bot use.
    pub(crate) least_shards: u64,
    pub(crate) heartbeat: Duration,
    /// Whether each frame is compressed when compression was asked for, or only large ones.
    pub(crate) compress_all: bool,
    /// How many frames went out compressed.
    pub(crate) compressed: usize,
}

/// A session: what a bot resumes.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) shard: u64,
    pub(crate) shards: u64,
    intents: u64,
    pub(crate) compress: bool,
    seq: u64,
    /// The highest number that has gone out on the present connection.
    sent: u64,
    events: VecDeque<(u64, Arc<str>)>,
    pub(crate) connection: Option<u64>,
}

/// A socket.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) wake: Arc<Notify>,
    orders: VecDeque<Order>,
    pub(crate) session: Option<String>,
    /// Whether no event gets through any more.
    stalled: bool,
    /// The instants of what came, in milliseconds.
    sends: VecDeque<i64>,
}

/// Something to do to a socket.
#[derive(Clone, Debug)]
pub(crate) enum Order {
    /// Sends this as it is.
    Frame(String),
    /// Closes properly.
    Close(u16),
    /// Ends the connection without a word.
    Cut,
}

/// To whom an event goes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum To {
    /// The shard of a server, if it asked for the intent for servers.
    GuildEvent(u64),
    /// The shard of a server, or the first for what happens in private.
    Interaction(Option<u64>),
    /// Every shard.
    Everybody,
}

impl Default for Gateway {
    fn default() -> Self {
        Self {
            sessions: BTreeMap::new(),
            connections: BTreeMap::new(),
            next: 0,
            refusing: false,
            silent: false,
            identifies: 0,
            resumes: 0,
            heartbeats: 0,
            last_identify: None,
            budget: 1_000,
            granted: 0,
            least_shards: 1,
            heartbeat: Duration::from_millis(41_250),
            compress_all: true,
            compressed: 0,
        }
    }
}

impl Gateway {
    pub(crate) fn connect(&mut self) -> (u64, Arc<Notify>) {
        self.next += 1;
        let wake = Arc::new(Notify::new());
        let connection = Connection {
            wake: Arc::clone(&wake),
            orders: VecDeque::new(),
            session: None,
            stalled: false,
            sends: VecDeque::new(),
        };
        self.connections.insert(self.next, connection);
        (self.next, wake)
    }

    /// A connection is gone; what its session missed from now on waits for a resume.
    pub(crate) fn disconnect(&mut self, connection: u64) {
        self.connections.remove(&connection);
        for session in self.sessions.values_mut() {
            if session.connection == Some(connection) {
                session.connection = None;
            }
        }
        let lost = self
            .sessions
            .values()
            .filter(|session| session.connection.is_none());
        let mut lost: Vec<_> = lost.map(|session| session.id.clone()).collect();
        lost.truncate(lost.len().saturating_sub(LOST_SESSIONS));
        for id in lost {
            self.sessions.remove(&id);
        }
    }

    /// Ends a session: it cannot be resumed.
    pub(crate) fn forget(&mut self, session: &str) {
        self.sessions.remove(session);
        for connection in self.connections.values_mut() {
            connection.session.take_if(|id| id == session);
        }
    }

    /// Ends all sessions.
    fn forget_all(&mut self) {
        let sessions: Vec<_> = self.sessions.keys().cloned().collect();
        for session in sessions {
            self.forget(&session);
        }
    }

    /// Tells something to all connections.
    pub(crate) fn order(&mut self, order: &Order) {
        for connection in self.connections.values_mut() {
            connection.orders.push_back(order.clone());
            connection.wake.notify_one();
        }
    }

    /// How many shards are there: identified or resumed, and connected.
    pub(crate) fn ready(&self) -> usize {
        let sessions = self.sessions.values();
        sessions
            .filter(|session| session.connection.is_some())
            .count()
    }

    /// What a connection has to send or to do next.
    fn due(&mut self, id: u64, most: usize) -> (Vec<Order>, Vec<String>) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return (vec![Order::Cut], Vec::new());
        };
        let mut frames = Vec::new();
        let session = connection
            .session
            .as_ref()
            .and_then(|id| self.sessions.get_mut(id));
        let stalled = connection.stalled;
        let session = session.filter(|session| session.connection == Some(id) && !stalled);
        if let Some(session) = session {
            let from = session
                .events
                .partition_point(|(seq, _)| *seq <= session.sent);
            for (seq, event) in session.events.range(from..).take(most) {
                frames.push(format!("{{\"op\":0,\"s\":{seq},{event}}}"));
                session.sent = *seq;
            }
            session.trim();
        }
        if frames.len() == most {
            connection.wake.notify_one();
            return (Vec::new(), frames);
        }
        (connection.orders.drain(..).collect(), frames)
    }
}

impl Session {
    fn push(&mut self, event: &Arc<str>) {
        self.seq += 1;
        self.events.push_back((self.seq, Arc::clone(event)));
        self.trim();
    }

    fn trim(&mut self) {
        while self.events.len() > KEPT {
            let sent = self
                .events
                .front()
                .is_some_and(|(seq, _)| *seq <= self.sent);
            // Without a connection nobody knows how long it stays so: the oldest go first.
            if !sent && self.connection.is_some() {
                break;
            }
            self.events.pop_front();
        }
    }

    /// Whether all events after this number are still there.
    fn reaches_back_to(&self, seq: u64) -> bool {
        let first = self.events.front().map_or(self.seq + 1, |(seq, _)| *seq);
        seq <= self.seq && first <= seq + 1
    }

    fn fits(&self, to: To) -> bool {
        let shard = |guild: u64| (guild >> 22) % self.shards.max(1) == self.shard;
        match to {
            To::Everybody => true,
            To::Interaction(guild) => guild.map_or(self.shard == 0, shard),
            To::GuildEvent(guild) => self.intents & GUILDS != 0 && shard(guild),
        }
    }
}

impl State {
    /// Sends an event to the sessions that it is for.
    pub(crate) fn dispatch(&mut self, to: To, name: &str, data: &str) {
        let event: Arc<str> = format!("\"t\":\"{name}\",\"d\":{data}").into();
        for session in self.gateway.sessions.values_mut() {
            if !session.fits(to) {
                continue;
            }
            session.push(&event);
            let connection = session
                .connection
                .and_then(|id| self.gateway.connections.get(&id));
            if let Some(connection) = connection {
                connection.wake.notify_one();
            }
        }
    }

    /// Tells the bot of a server it is in.
    pub(crate) fn tell_guild(&mut self, guild: u64) {
        let told = self.guilds.get(&guild).map(|guild| {
            let channels = self.channels.values();
            let here = channels.filter(|channel| channel.guild == Some(guild.id));
            self.guild_create_json(guild, &here.collect::<Vec<_>>())
        });
        if let Some(told) = told {
            self.dispatch(To::GuildEvent(guild), "GUILD_CREATE", &told.to_string());
        }
    }

    /// Tells the bot that a server is gone: because it is out of it, or for an outage.
    pub(crate) fn tell_guild_gone(&mut self, guild: u64, outage: bool) {
        let mut told = json!({"id": guild.to_string()});
        if outage {
            told["unavailable"] = true.into();
        }
        self.dispatch(To::GuildEvent(guild), "GUILD_DELETE", &told.to_string());
    }

    pub(crate) fn tell_channel(&mut self, channel: u64, what: &str) {
        let Some(record) = self.channels.get(&channel) else {
            return;
        };
        let Some(guild) = record.guild else { return };
        let kind = if record.is_thread() {
            "THREAD"
        } else {
            "CHANNEL"
        };
        let told: Value = self.channel_json(record);
        let name = format!("{kind}_{what}");
        self.dispatch(To::GuildEvent(guild), &name, &told.to_string());
    }
}
