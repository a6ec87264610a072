//! Describing a fake before it starts.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use ankle_clock::Clock;
use axum::Router;

use super::FakeTelegram;
use super::load;
use super::server::Server;
use super::state::State;
use super::world::Shared;

/// A token of the right shape.
const TOKEN: &str = "7000000001:AAFakeFakeFakeFakeFakeFakeFakeFakeFa";

/// A fake in the making.
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    token: String,
    name: String,
    username: String,
    port: u16,
    limits: bool,
    history: Option<usize>,
    latency: Duration,
    control: bool,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            token: TOKEN.to_owned(),
            name: "Bot".to_owned(),
            username: "fake_bot".to_owned(),
            port: 0,
            limits: true,
            history: None,
            latency: Duration::ZERO,
            control: false,
        }
    }

    /// The bot's token: its id, a colon, and letters.
    pub fn token(mut self, token: &str) -> Self {
        token.clone_into(&mut self.token);
        self
    }

    /// What the bot is called, and its public name.
    pub fn bot(mut self, name: &str, username: &str) -> Self {
        name.clone_into(&mut self.name);
        username.clone_into(&mut self.username);
        self
    }

    /// The port to listen on; unless given, the system chooses one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Whether the limits on sending hold; they do unless switched off.
    pub fn limits(mut self, on: bool) -> Self {
        self.limits = on;
        self
    }

    /// Keeps only so many messages a chat, and as many events in all: for long runs.
    pub fn history(mut self, most: usize) -> Self {
        self.history = Some(most);
        self
    }

    /// How long a call is on its way to it, and its answer on the way back, in real time; unless given, no
    /// time at all. A caller that ends in between has sent what has arrived.
    pub fn latency(mut self, each_way: Duration) -> Self {
        self.latency = each_way;
        self
    }

    /// Serves the control API for load tests, under `/control/`, and notes how long each injected
    /// message waits for its reply, in real time. All bodies are JSON.
    ///
    /// | call | body | does |
    /// | --- | --- | --- |
    /// | `POST users` | `{"count": 100}` | makes people; answers `{"ids": […]}` |
    /// | `POST chats` | `{"count": 5, "kind": "supergroup", "members": [ids]}` | makes chats |
    /// | `POST inject` | `{"users": […], "chats": […], "text": "/ankle test {n}cm", "count": 1000, "rate": 200}` | lets people write |
    /// | `POST press` | `{"user", "chat", "message", "data"}` | presses a button |
    /// | `GET counters` | | counts, and the distribution of the reply times |
    /// | `GET replies` | | every reply: `[chat, message, reply, microseconds]`; reply 0: to a press |
    /// | `GET messages?chat=…` | | the messages that a chat keeps |
    /// | `GET violations` | | the calls that broke the rules |
    /// | `GET dump` | | all of it, with the latest calls |
    /// | `POST reset` | | forgets injections and replies, not the world |
    ///
    /// An injection answers when it is done. Its `users` write in turn into its `chats` in turn,
    /// or into their private chats if it names none; `{n}` in the text is the number of the
    /// message; without a `rate` (a second) all come as fast as possible. A message of the bot
    /// answers the message it replies to, else the one that has waited longest in its chat.
    pub fn control(mut self) -> Self {
        self.control = true;
        self
    }

    /// Starts it.
    ///
    /// # Errors
    /// If the port cannot be had.
    pub async fn start(self, clock: Arc<dyn Clock>) -> io::Result<FakeTelegram> {
        let mut state = State::new(clock.now(), &self.token, &self.name, &self.username);
        state.limits.on = self.limits;
        state.history = self.history;
        state.latency = self.latency;
        state.timeline.most = self.history;
        let shared = Shared::new(clock, state);
        let more = if self.control {
            load::router(&shared)
        } else {
            Router::new()
        };
        let server = Server::start(&shared, more.clone(), self.port).await?;
        let port = server.address.port();
        Ok(FakeTelegram {
            shared,
            more,
            server: Some(server),
            closing: None,
            port,
        })
    }
}
