//! Describing a fake before it starts.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use ankle_clock::Clock;
use axum::Router;

use super::FakeDiscord;
use super::load;
use super::server::Server;
use super::state::State;
use super::world::Shared;

/// The id of the application and of its bot.
const ID: u64 = 1_100_000_000_000_000_001;
/// A token of the right shape: the id in base 64, a stamp, and a signature.
const TOKEN: &str = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.GfakeX.fakefakefakefakefakefakefakefakefakefa";

/// A fake in the making.
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    token: String,
    name: String,
    port: u16,
    limits: bool,
    history: Option<usize>,
    latency: Duration,
    control: bool,
    heartbeat: Duration,
    least_shards: u64,
    granted: u64,
    budget: usize,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            token: TOKEN.to_owned(),
            name: "Bot".to_owned(),
            port: 0,
            limits: true,
            history: None,
            latency: Duration::ZERO,
            control: false,
            heartbeat: Duration::from_millis(41_250),
            least_shards: 1,
            granted: 0,
            budget: 1_000,
        }
    }

    /// The bot's token.
    pub fn token(mut self, token: &str) -> Self {
        token.clone_into(&mut self.token);
        self
    }

    /// What the bot is called.
    pub fn bot(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// The port to listen on; unless given, the system chooses one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Whether the limits on calls hold; they do unless switched off.
    pub fn limits(mut self, on: bool) -> Self {
        self.limits = on;
        self
    }

    /// Keeps only so many messages a channel, and as many interactions and events in all: for long
    /// runs.
    pub fn history(mut self, most: usize) -> Self {
        self.history = Some(most);
        self
    }

    /// The time between two heartbeats that the gateway asks for, in real time.
    pub fn heartbeat(mut self, interval: Duration) -> Self {
        self.heartbeat = interval;
        self
    }

    /// The fewest shards that the bot must use; fewer are closed with 4011. Also what
    /// `GET /gateway/bot` recommends.
    pub fn least_shards(mut self, shards: u64) -> Self {
        self.least_shards = shards;
        self
    }

    /// The privileged intents (bits) that the bot was granted; others are closed with 4014.
    pub fn grant_intents(mut self, intents: u64) -> Self {
        self.granted = intents;
        self
    }

    /// How often the bot may identify; then its token is revoked. 1000 unless set.
    pub fn identify_budget(mut self, times: usize) -> Self {
        self.budget = times;
        self
    }

    /// How long a call is on its way to it, and its answer on the way back, in real time; unless given, no
    /// time at all. A caller that ends in between has sent what has arrived.
    pub fn latency(mut self, each_way: Duration) -> Self {
        self.latency = each_way;
        self
    }

    /// Serves the control API for load tests, under `/control/`, and notes how long each injected
    /// interaction waits for its first response, in real time. All bodies are JSON; ids are texts.
    ///
    /// | call | body | does |
    /// | --- | --- | --- |
    /// | `POST servers` | `{"count": 5, "channels": 2, "members": 20}` | makes servers; answers `{"servers": [{"id", "channels": […], "members": […]}]}` |
    /// | `POST inject` | `{"command": "/ankle test", "options": {"distance": "{n}cm"}, "servers": […], "count": 1000, "rate": 200, "window": 32}` | lets people use a command |
    /// | `POST press` | `{"user", "channel", "message", "custom_id"}` | presses a button |
    /// | `GET counters` | | counts, and the distribution of the answer times |
    /// | `GET answers` | | every first response: `[interaction, microseconds]` |
    /// | `GET messages?channel=…` | | the messages that a channel keeps |
    /// | `GET violations` | | what broke the rules |
    /// | `GET dump` | | all of it, with the latest calls |
    /// | `POST gateway` | `{"do": "reconnect" / "invalidate" / "cut" / "refuse" / "accept"}` | disturbs the gateway |
    /// | `POST reset` | | forgets injections and answers, not the world |
    ///
    /// An injection answers when all is sent and answered, or three seconds have passed for the
    /// rest. The members of its `servers` act in turn, each in a channel of its server; `{n}` in an
    /// option is the number. With a `rate` (a second) they come at that pace; without, as fast as
    /// the bot answers, at most `window` at once (32 unless given).
    pub fn control(mut self) -> Self {
        self.control = true;
        self
    }

    /// Starts it.
    ///
    /// # Errors
    /// If the port cannot be had.
    pub async fn start(self, clock: Arc<dyn Clock>) -> io::Result<FakeDiscord> {
        let mut state = State::new(clock.now(), &self.token, ID, &self.name);
        state.limits.on = self.limits;
        state.history = self.history;
        state.latency = self.latency;
        state.timeline.most = self.history;
        state.gateway.heartbeat = self.heartbeat;
        state.gateway.least_shards = self.least_shards;
        state.gateway.granted = self.granted;
        state.gateway.budget = self.budget;
        state.gateway.compress_all = !self.control;
        let shared = Shared::new(clock, state);
        let more = if self.control {
            load::router(&shared)
        } else {
            Router::new()
        };
        let server = Server::start(&shared, more.clone(), self.port).await?;
        let port = server.address.port();
        Ok(FakeDiscord {
            shared,
            more,
            server: Some(server),
            closing: None,
            port,
        })
    }
}
