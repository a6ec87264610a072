//! A stateful fake of the Telegram Bot API, over real HTTP.
//!
//! [`FakeTelegram`] listens on a port of this machine and answers like `api.telegram.org`. Behind
//! it lies a small world of accounts, chats and messages, in which a test lets people act:
//!
//! ```no_run
//! # use std::sync::Arc;
//! # use ankle_clock::SystemClock;
//! # use ankle_fakes::telegram::FakeTelegram;
//! # async fn example() {
//! let tg = FakeTelegram::start(Arc::new(SystemClock::new())).await;
//! // … start the bot with tg.url() and tg.token() …
//! let mia = tg.user("Mia");
//! let club = tg.supergroup("Trail Friends");
//! club.join(&mia);
//! mia.says(&club, "/ankle test 9cm").await;
//! let answer = club.next_bot_message().await;
//! let press = mia.presses(&answer, "Left").await;
//! assert_eq!(press.answer().await.text, "");
//! assert!(answer.next_edit().await.text.starts_with("Left"));
//! tg.finish().await;
//! # }
//! ```
//!
//! **What is checked.** Every call is checked against the official description (methods,
//! parameters, types, nested objects) and against the rules which that states only in prose
//! (lengths, HTML, buttons, commands). A breach is answered with 400 and kept;
//! [`FakeTelegram::finish`] fails if there was one. What only the state of the world makes wrong
//! (a message that is gone, a bot that was thrown out) is answered with the API's own error and is
//! no breach.
//!
//! **What reaches the bot.** As with Telegram, a bot with privacy mode on that is no administrator
//! gets from a group: service messages, replies to its messages, commands that name it, and
//! commands that name nobody if it was the last bot to write there (or no bot has written yet).
//! No bot ever sees what another bot writes.
//!
//! **Polling.** A long poll that has to wait ends one that waits already: that one is told of the
//! conflict (409), as by the published server. So two processes with one token see it in turn.
//!
//! **Webhooks.** Updates are posted over plain HTTP. With `max_connections` above one (unlike the
//! real default of 40, it is one here) several are on their way at once, and only what belongs to
//! one chat, or one person's presses, stays in order, as with the published server.
//!
//! **Time.** Dates, limits on sending and the age of presses and updates run on the injected
//! clock; only the wait of a long poll, the pauses between tries of a webhook, and the patience of
//! a test's waits are real time.

mod body;
mod builder;
mod calls;
mod commands;
mod delivery;
mod faults;
mod html;
mod keyboard;
mod ledger;
mod limits;
mod load;
mod members;
mod message;
mod methods;
mod people;
mod place;
mod queries;
mod queue;
mod read;
mod reply;
mod schema;
mod server;
mod state;
mod text;
mod timeline;
mod topics;
mod transcript;
mod webhook;
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
pub use commands::MenuCommand;
pub use faults::{Fault, FaultPlan, PlantedFault};
pub use message::Button;
pub use people::Person;
pub use place::{Chat, Place};
pub use queries::PressAnswer;
pub use read::{MessageHandle, Press, Shown};
pub use state::{ANONYMOUS_ADMIN, CHANNEL_BOT, ChatKind, State, Status, TELEGRAM};
pub use text::Entity;
pub use timeline::{Event, What};
pub use topics::Topic;

use queue::Twist;
use server::Server;
use world::Shared;

/// The fake, with the one bot it serves. Dropping it closes everything.
#[derive(Debug)]
pub struct FakeTelegram {
    shared: Arc<Shared>,
    more: Router,
    server: Option<Server>,
    /// The one that is going down.
    closing: Option<Server>,
    port: u16,
}

impl FakeTelegram {
    /// Starts a fake with a bot called Bot, `@fake_bot`, on a port that the system chooses.
    ///
    /// # Panics
    /// If this machine has no port left.
    pub async fn start(clock: Arc<dyn Clock>) -> Self {
        Self::builder()
            .start(clock)
            .await
            .expect("the system has a port")
    }

    /// Starts to describe a fake.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// Where the API is, as in `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The bot's token.
    #[must_use]
    pub fn token(&self) -> String {
        self.shared.read(|state| state.bot.token.clone())
    }

    /// The bot's account id.
    #[must_use]
    pub fn bot_id(&self) -> i64 {
        self.shared.read(|state| state.bot.id)
    }

    /// The bot's public name, without the `@`.
    #[must_use]
    pub fn bot_username(&self) -> String {
        self.shared.read(|state| {
            let bot = state.accounts.get(&state.bot.id);
            bot.and_then(|bot| bot.username.clone()).unwrap_or_default()
        })
    }

    /// Lets the bot read all messages of groups (privacy mode off), or not.
    pub fn bot_reads_all(&self, all: bool) {
        self.shared.write(|state| state.bot.privacy = !all);
    }

    /// A new person.
    #[must_use]
    pub fn user(&self, first_name: &str) -> Person {
        self.account(first_name, false)
    }

    /// A bot of somebody else.
    #[must_use]
    pub fn other_bot(&self, name: &str) -> Person {
        self.account(name, true)
    }

    /// A new basic group with the bot in it.
    #[must_use]
    pub fn group(&self, title: &str) -> Chat {
        self.chat(ChatKind::Group, title)
    }

    /// A new supergroup with the bot in it.
    #[must_use]
    pub fn supergroup(&self, title: &str) -> Chat {
        self.chat(ChatKind::Supergroup, title)
    }

    /// A new supergroup with topics, and with the bot in it.
    #[must_use]
    pub fn forum(&self, title: &str) -> Chat {
        let chat = self.chat(ChatKind::Supergroup, title);
        self.shared
            .write(|state| state.chat_mut(chat.id).forum = true);
        chat
    }

    /// A new channel. The bot gets its posts and may post once it is an administrator.
    #[must_use]
    pub fn channel(&self, title: &str) -> Chat {
        self.chat(ChatKind::Channel, title)
    }

    /// A message by its chat and number.
    #[must_use]
    pub fn message(&self, chat: i64, id: i64) -> MessageHandle {
        MessageHandle::new(&self.shared, chat, id)
    }

    /// Lets something go wrong; say then with which calls, and how often.
    pub fn fault(&self, fault: Fault) -> FaultPlan {
        FaultPlan::new(Arc::clone(&self.shared), fault)
    }

    /// The next update comes twice.
    pub fn next_update_twice(&self) {
        self.shared.write(|state| state.queue.twist(Twist::Twice));
    }

    /// The next update comes after the one that follows it.
    pub fn next_update_late(&self) {
        self.shared.write(|state| state.queue.twist(Twist::Late));
    }

    /// The latest update comes again, although it may have been acknowledged.
    pub fn repeat_update(&self) {
        self.shared.write(|state| state.queue.repeat());
    }

    /// An update of any kind and content comes, whatever the bot asked for. Returns its id.
    pub fn raw_update(&self, kind: &str, body: &Value) -> i64 {
        self.shared.write(|state| {
            let now = state.seconds();
            state.queue.force(now, kind, body)
        })
    }

    /// An update comes that says no number of its own; one that comes after it acknowledges both.
    pub fn update_without_number(&self) {
        self.shared.write(|state| {
            let now = state.seconds();
            state.queue.push_without_number(now);
        });
    }

    /// The next update has this number, and those behind it follow.
    pub fn next_update_number(&self, number: i64) {
        self.shared.write(|state| state.queue.go_on_from(number));
    }

    /// An update of a kind that nobody knows comes.
    pub fn unknown_update(&self) -> i64 {
        self.raw_update("purple_elephant", &serde_json::json!({"trunk": 1}))
    }

    /// Switches the limits on sending on or off.
    pub fn limits(&self, on: bool) {
        self.shared.write(|state| state.limits.on = on);
    }

    /// How many messages the limits have refused.
    #[must_use]
    pub fn refused_by_limits(&self) -> usize {
        self.shared.read(|state| state.limits.refused)
    }

    /// How many seconds a press may wait for its answer; 60 unless set.
    pub fn press_lifetime(&self, seconds: i64) {
        self.shared.write(|state| state.query_life = seconds);
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
        // A program that is being started elsewhere in this process holds a copy of the port until it
        // runs, so the port may be a moment late.
        let mut tries = 0;
        let server = loop {
            match Server::start(&self.shared, self.more.clone(), self.port).await {
                Err(error) if error.kind() == ErrorKind::AddrInUse && tries < 1_000 => {
                    tries += 1;
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                started => break started.expect("the port is still free"),
            }
        };
        self.server = Some(server);
    }

    /// How often a method was called, whatever came of it.
    #[must_use]
    pub fn calls(&self, method: &str) -> usize {
        self.shared.read(|state| state.calls.count(method))
    }

    /// The latest thousand calls that have ended, oldest first.
    #[must_use]
    pub fn call_log(&self) -> Vec<CallRecord> {
        self.shared
            .read(|state| state.calls.latest().cloned().collect())
    }

    /// The calls so far that break the rules of the API.
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

    /// How many updates wait for the bot to acknowledge them.
    #[must_use]
    pub fn pending_updates(&self) -> usize {
        self.shared.read(|state| state.queue.len())
    }

    /// The menu set for exactly this scope (a `BotCommandScope`) and language (`""`: all).
    #[must_use]
    pub fn menu(&self, scope: &Value, language: &str) -> Option<Vec<MenuCommand>> {
        let scope = commands::Scope::read(scope)?;
        self.shared
            .read(|state| state.commands.get(&scope, language).map(<[_]>::to_vec))
    }

    /// The bot's `description` or `short_description` in a language (`""`: all).
    #[must_use]
    pub fn description(&self, name: &str, language: &str) -> Option<String> {
        self.shared.read(|state| {
            state
                .commands
                .description(name, language)
                .map(str::to_owned)
        })
    }

    /// Waits until the bot has acknowledged all updates.
    ///
    /// # Panics
    /// If that takes more than ten seconds.
    pub async fn settled(&self) {
        let all = |state: &mut State| (state.queue.len() == 0).then_some(());
        self.shared
            .wait("all updates to be acknowledged", all)
            .await;
    }

    /// Waits until a method was called at least so often.
    ///
    /// # Panics
    /// If that takes more than ten seconds.
    pub async fn until_called(&self, method: &str, times: usize) {
        let what = format!("{method} to be called {times} times");
        let called = |state: &mut State| (state.calls.count(method) >= times).then_some(());
        self.shared.wait(&what, called).await;
    }

    /// Waits until the bot waits in a long poll: it is up, and has handled what it got so far.
    ///
    /// # Panics
    /// If that takes more than ten seconds.
    pub async fn until_polling(&self) {
        let polling = |state: &mut State| (state.queue.polling > 0).then_some(());
        self.shared.wait("the bot to poll", polling).await;
    }

    /// Waits until the state is as `check` wants it.
    ///
    /// # Panics
    /// If that takes more than ten seconds.
    pub async fn until(&self, check: impl Fn(&State) -> bool) {
        self.shared
            .wait("what the test wants", |state| check(state).then_some(()))
            .await;
    }

    /// All that happened anywhere, in order, as text.
    #[must_use]
    pub fn transcript(&self) -> String {
        self.shared.read(|state| state.all_words())
    }

    /// Ends the test.
    ///
    /// # Panics
    /// If a call broke the rules of the API, or the bot wrote something that the test never read.
    pub async fn finish(self) {
        let unread: Vec<String> = self.shared.read(|state| state.unread());
        assert!(
            unread.is_empty(),
            "the bot wrote what nobody read:\n{}\n\n{}",
            unread.join("\n"),
            self.shared.read(|state| state.in_words())
        );
        self.finish_with_unread().await;
    }

    /// Ends the test, whatever the bot wrote.
    ///
    /// # Panics
    /// If a call broke the rules of the API.
    pub async fn finish_with_unread(self) {
        // Lets connections that are about to end do so.
        tokio::task::yield_now().await;
        let violations: Vec<_> = self.violations().iter().map(ToString::to_string).collect();
        assert!(
            violations.is_empty(),
            "calls broke the rules of the API:\n{}",
            violations.join("\n")
        );
    }

    fn account(&self, name: &str, bot: bool) -> Person {
        let id = self
            .shared
            .write(|state| state.add_account(name, None, bot));
        Person {
            shared: Arc::clone(&self.shared),
            id,
        }
    }

    fn chat(&self, kind: ChatKind, title: &str) -> Chat {
        let id = self.shared.write(|state| state.add_chat(kind, title));
        Chat {
            shared: Arc::clone(&self.shared),
            id,
        }
    }
}
