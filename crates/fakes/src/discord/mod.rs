//! A stateful fake of Discord: its HTTP API and its gateway, over real HTTP and WebSocket.
//!
//! [`FakeDiscord`] listens on a port of this machine and answers like `discord.com` under
//! `/api/v10`. Behind it lies a small world of servers, channels, people and messages, in which a
//! test lets people act:
//!
//! ```no_run
//! # use std::sync::Arc;
//! # use ankle_clock::SystemClock;
//! # use ankle_fakes::discord::FakeDiscord;
//! # async fn example() {
//! let discord = FakeDiscord::start(Arc::new(SystemClock::new())).await;
//! // … start the bot with discord.url() and discord.token() …
//! discord.until_ready(1).await;
//! discord.until_registered("ankle").await;
//! let club = discord.server("Trail Friends");
//! let mia = club.channel("mobility").person("Mia");
//! let asked = mia.slash("/ankle test", &[("reading", "9cm")]).await;
//! let answer = asked.answer().await;
//! assert!(answer.ephemeral);
//! let pressed = mia.press(&answer, "Left").await;
//! assert!(pressed.answer().await.content.starts_with("Left"));
//! discord.finish().await;
//! # }
//! ```
//!
//! **Pointing a client at it.** With serenity, `HttpBuilder::new(token).proxy(discord.url())
//! .ratelimiter_disabled(true)`; the address of the gateway comes from `GET /gateway`. Any other
//! client calls `{url}/api/v10/…` with `Authorization: Bot …` and a `User-Agent` that begins with
//! `DiscordBot (`; without the latter Discord's front door answers 403 (40333).
//!
//! **What is checked.** Every body is checked against the official description (types, lengths,
//! enums, required keys, keys that there are none of), and against the rules that it leaves out:
//! empty fields, embeds of more than 6000 characters together, rows, custom ids, flags that do not
//! fit the place, names and locales of commands, their 8000 characters, and more. A breach is
//! answered with 400 (50035) and kept; [`FakeDiscord::finish`] fails if there was one. What only
//! the state of the world makes wrong (an interaction that is too old, a permission that was
//! taken) is answered with Discord's own error and is no breach.
//!
//! **People** have only commands that are registered, with options that a real client would let
//! them send, where and to whom the registration offers them; they press only buttons they see.
//! What goes beyond has names of its own: [`Person::slash_raw`], [`Person::press_forged`],
//! [`Interaction::again`], [`FakeDiscord::change_next`], [`FakeDiscord::raw_event`].
//!
//! **The gateway** speaks JSON, compresses frame by frame when asked, knows sessions, resumes them
//! with what they missed, splits servers over shards, and closes with Discord's codes. Sessions
//! are not told of messages: the bot here asks for no intent but that for servers. Heartbeats are
//! answered and counted, but missing ones close nothing.
//!
//! **Time.** Ids, dates, the three seconds for a first response, the fifteen minutes of a token and
//! the limits run on the injected clock. Only the heartbeat's interval, and the patience of a
//! test's waits, are real time.

mod acting;
mod body;
mod builder;
mod calls;
mod command_rules;
mod commands;
mod components;
mod faults;
mod gateway;
mod interactions;
mod ledger;
mod limits;
mod load;
mod message;
mod methods;
mod options;
mod people;
pub mod permissions;
mod pings;
mod place;
mod read;
mod reply;
mod rules;
mod schema;
mod server;
mod state;
mod timeline;
mod transcript;
mod waits;
mod wire;
mod world;

#[cfg(test)]
mod tests;

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use ankle_clock::Clock;
use axum::Router;
use serde_json::Value;

pub use builder::Builder;
pub use calls::{CallRecord, Violation};
pub use components::{Button, Field, Modal};
pub use faults::{Fault, FaultPlan, PlantedFault};
pub use interactions::{First, Wait};
pub use message::Attachment;
pub use people::{Form, Person, User};
pub use pings::Pings;
pub use place::{Channel, Server};
pub use read::{Interaction, MessageHandle, Shown};
pub use reply::Scope;
pub use state::{ChannelKind, State};
pub use timeline::{Event, Picture, What};

use server::Server as Listener;
use world::Shared;

/// The fake, with the one bot it serves. Dropping it closes everything.
#[derive(Debug)]
pub struct FakeDiscord {
    shared: Arc<Shared>,
    more: Router,
    server: Option<Listener>,
    /// The one that is going down.
    closing: Option<Listener>,
    port: u16,
}

impl FakeDiscord {
    /// Starts a fake with a bot called Bot on a port that the system chooses.
    ///
    /// # Panics
    /// If this machine has no port left.
    pub async fn start(clock: Arc<dyn Clock>) -> Self {
        let started = Self::builder().start(clock).await;
        started.expect("the system has a port")
    }

    /// Starts to describe a fake.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// What takes the place of `https://discord.com`, as in `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The bot's token.
    #[must_use]
    pub fn token(&self) -> String {
        self.shared.read(|state| state.bot.token.clone())
    }

    /// The id of the application, and of its bot.
    #[must_use]
    pub fn application_id(&self) -> u64 {
        self.shared.read(|state| state.bot.id)
    }

    /// A new server with the bot in it.
    pub fn server(&self, name: &str) -> Server {
        self.guild(name, true)
    }

    /// A new server that the bot is not in: people bring its commands along ([`User::with_app`]).
    #[must_use]
    pub fn foreign_server(&self, name: &str) -> Server {
        self.guild(name, false)
    }

    /// A new server that added the commands without the bot (`applications.commands` without `bot`): all
    /// may use them, and the bot is no member.
    #[must_use]
    pub fn server_with_commands_only(&self, name: &str) -> Server {
        let server = self.guild(name, false);
        self.shared.write(|state| {
            let guild = state.guilds.get_mut(&server.id);
            guild.map(|guild| guild.has_commands = true)
        });
        server
    }

    /// The person of that name, new if there is none.
    #[must_use]
    pub fn user(&self, name: &str) -> User {
        let id = self.shared.write(|state| state.person(name, None));
        User {
            shared: Arc::clone(&self.shared),
            id,
        }
    }

    /// A private channel of people, without the bot.
    #[must_use]
    pub fn group_dm(&self, name: &str, people: &[&User]) -> Channel {
        let id = self.shared.write(|state| {
            let id = state.add_channel(ChannelKind::GroupDm, None, name);
            if let Some(channel) = state.channels.get_mut(&id) {
                channel.recipients = people.iter().map(|user| user.id).collect();
            }
            id
        });
        Channel {
            shared: Arc::clone(&self.shared),
            id,
        }
    }

    /// Lets something go wrong; say then with which calls, and how often.
    pub fn fault(&self, fault: Fault) -> FaultPlan {
        FaultPlan::new(Arc::clone(&self.shared), fault)
    }

    /// Revokes the bot's token: 401, and 4004 at the gateway. Sessions that are there stay.
    pub fn revoke_token(&self) {
        self.shared.write(|state| state.bot.revoked = true);
    }

    /// Switches the limits on calls on or off.
    pub fn limits(&self, on: bool) {
        self.shared.write(|state| state.limits.on = on);
    }

    /// How many calls the limits have refused.
    #[must_use]
    pub fn refused_by_limits(&self) -> usize {
        self.shared.read(|state| state.limits.refused)
    }

    /// How many answers Discord would count as the caller's fault: 401, 403, and 429 unless the
    /// limit was a shared one.
    #[must_use]
    pub fn invalid_calls(&self) -> usize {
        self.shared.read(|state| state.limits.invalid_in_all)
    }

    /// Counts so many more such answers, without any call. After ten thousand in ten minutes all
    /// calls are answered by a page of the front door.
    pub fn invalid_calls_happen(&self, times: usize) {
        self.shared.write(|state| {
            let now = state.now;
            (0..times).for_each(|_| state.limits.note_invalid(now));
        });
    }

    /// Changes the next interaction before it is sent: a client, or Discord itself, may be newer or
    /// older than this fake.
    pub fn change_next(&self, change: impl FnOnce(&mut Value) + Send + 'static) {
        let change = interactions::Change(Some(Box::new(change)));
        self.shared.write(|state| state.change = change);
    }

    /// Closes the port and all connections.
    pub fn go_down(&mut self) {
        self.closing = self.server.take();
        if let Some(server) = &self.closing {
            server.close();
        }
    }

    /// Opens the port again.
    ///
    /// # Panics
    /// If another program has taken the port in the meantime.
    pub async fn come_back(&mut self) {
        if let Some(server) = self.closing.take() {
            server.closed().await;
        }
        // A program that is being started elsewhere in this process holds a copy of the port until
        // it runs, so the port may be a moment late.
        let mut tries = 0;
        let server = loop {
            match Listener::start(&self.shared, self.more.clone(), self.port).await {
                Err(error) if error.kind() == ErrorKind::AddrInUse && tries < 1_000 => {
                    tries += 1;
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                started => break started.expect("the port is still free"),
            }
        };
        self.server = Some(server);
    }

    /// How often an operation was called, whatever came of it. Operations are named as in the
    /// official description: `create_message`, `create_interaction_response`, `execute_webhook`.
    #[must_use]
    pub fn calls(&self, operation: &str) -> usize {
        self.shared.read(|state| state.calls.count(operation))
    }

    /// The latest thousand calls that have ended, oldest first.
    #[must_use]
    pub fn call_log(&self) -> Vec<CallRecord> {
        self.shared
            .read(|state| state.calls.latest().cloned().collect())
    }

    /// What broke the rules so far.
    #[must_use]
    pub fn violations(&self) -> Vec<Violation> {
        self.shared.read(|state| state.calls.violations.clone())
    }

    /// Takes the violations out of the list, for a test that provokes them.
    #[must_use]
    pub fn take_violations(&self) -> Vec<Violation> {
        self.shared
            .write(|state| std::mem::take(&mut state.calls.violations))
    }

    /// How long each interaction waited for its first response, on the injected clock, oldest
    /// first.
    #[must_use]
    pub fn waits(&self) -> Vec<Wait> {
        self.shared.read(|state| {
            let interactions = state.interactions.values();
            interactions.map(interactions::Interaction::wait).collect()
        })
    }

    /// The interactions that got no response within three seconds.
    #[must_use]
    pub fn late(&self) -> Vec<Wait> {
        self.shared.read(|state| {
            let now = state.now;
            let late = state
                .interactions
                .values()
                .filter(|known| known.is_late(now));
            late.map(interactions::Interaction::wait).collect()
        })
    }

    /// The messages that ping somebody, with whom.
    #[must_use]
    pub fn pings(&self) -> Vec<(u64, Pings)> {
        self.shared.read(|state| {
            let channels = state.channels.values();
            let messages = channels.flat_map(|channel| channel.messages.values());
            let pinging = messages.filter(|message| !message.pings.is_nobody());
            pinging
                .map(|message| (message.id, message.pings.clone()))
                .collect()
        })
    }

    /// The commands registered for all servers, or for one.
    #[must_use]
    pub fn commands(&self, server: Option<&Server>) -> Vec<Value> {
        let scope = server.map(|server| server.id);
        self.shared
            .read(|state| state.commands.list(scope).to_vec())
    }

    /// Registers commands as the bot would, without a call: a list of command objects.
    ///
    /// # Panics
    /// If they break the rules.
    pub fn register(&self, commands: &Value) {
        let problems = schema::list(commands).iter().flat_map(|command| {
            schema::schema().check_type("ApplicationCommandUpdateRequest", command, "")
        });
        let problems: Vec<_> = problems.collect();
        assert!(problems.is_empty(), "{problems:?}");
        let set = self
            .shared
            .write(|state| state.set_commands(None, schema::list(commands)));
        assert!(set.is_ok(), "{:?}", set.err().map(|error| error.words()));
    }

    /// All that happened anywhere, in order, as text.
    #[must_use]
    pub fn transcript(&self) -> String {
        self.shared.read(|state| state.all_words())
    }

    /// Ends the test.
    ///
    /// # Panics
    /// If something broke the rules, an interaction got no response in time, or the bot wrote
    /// something that the test never read.
    pub async fn finish(self) {
        let unread = self.shared.read(|state| state.unread());
        assert!(
            unread.is_empty(),
            "the bot wrote what nobody read:\n{}\n\n{}",
            unread.join("\n"),
            self.shared.read(|state| state.in_words())
        );
        let late = self.late();
        assert!(late.is_empty(), "without a response in time: {late:?}");
        self.finish_with_unread().await;
    }

    /// Ends the test, whatever the bot wrote or left unanswered.
    ///
    /// # Panics
    /// If something broke the rules.
    pub async fn finish_with_unread(self) {
        // Lets connections that are about to end do so.
        tokio::task::yield_now().await;
        let violations: Vec<_> = self.violations().iter().map(ToString::to_string).collect();
        assert!(
            violations.is_empty(),
            "this broke the rules of the API:\n{}",
            violations.join("\n")
        );
    }

    fn guild(&self, name: &str, with_bot: bool) -> Server {
        let id = self.shared.write(|state| {
            let id = state.add_guild(name, with_bot);
            if with_bot {
                state.tell_guild(id);
            }
            id
        });
        Server {
            shared: Arc::clone(&self.shared),
            id,
        }
    }
}
