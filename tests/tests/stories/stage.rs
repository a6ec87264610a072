//! Where stories are played: the terminal, and the platforms with the real adapters against fakes.

mod club;
mod discord;
mod posts;

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use ankle_core::club::Platform;
use ankle_core::command::Bot;
use ankle_core::face::{Clock, SimulatedClock};
use ankle_core::store::Store;
use ankle_fakes::telegram::{Chat, FakeTelegram, Person, Shown};
use ankle_telegram::{Config, Counters, Stopped, Telegram, Webhook};
use anklebot::terminal::{Session, Step, Style};
use jiff::SignedDuration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub use club::{Club, ClubInTerminal, ClubOnDiscord, ClubOnTelegram};
pub use discord::{OnDiscord, told_on_discord};
pub use posts::Posts;

/// When every story begins.
pub const START: &str = "2026-11-24T10:00:00Z";

/// How long a story waits in real time for what has to come.
const PATIENCE: Duration = Duration::from_secs(10);

/// A database of its own for a story, gone with it.
pub struct Data {
    pub store: Arc<Store>,
    url: String,
    _folder: Option<tempfile::TempDir>,
}

impl Data {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/story.db", folder.path().display());
        Self {
            store: Arc::new(Store::open(&url).await.unwrap()),
            url,
            _folder: Some(folder),
        }
    }

    /// Opens it anew, as another process would.
    pub async fn reopen(&mut self) {
        self.store = Arc::new(Store::open(&self.url).await.unwrap());
    }

    /// Where it is: for another process.
    /// Lets time pass until every chat of a platform has been looked through, then says stop.
    pub async fn looked_through(
        &self,
        platform: Platform,
        clock: &SimulatedClock,
        stop: &CancellationToken,
    ) {
        let long_ago = clock.now();
        let due = async || self.store.chat_to_look_through(platform, long_ago).await;
        while due().await.unwrap().is_some() {
            let _ = clock.step();
            tokio::task::yield_now().await;
        }
        stop.cancel();
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub async fn postgres() -> Self {
        let server = scratch_postgres::ScratchPostgres::shared().unwrap();
        let url = server.new_database().unwrap();
        Self {
            store: Arc::new(Store::open(&url).await.unwrap()),
            url,
            _folder: None,
        }
    }
}

/// A place where people talk privately with the bot.
pub trait Stage {
    /// Somebody says a line. Returns the answer: its text, and its buttons in brackets.
    async fn says(&mut self, who: &str, line: &str) -> String;
    /// Somebody presses a button of his latest answer.
    async fn presses(&mut self, who: &str, label: &str) -> String;
    /// Time passes.
    fn days(&mut self, days: i64);
    /// The story is over.
    async fn ends(self);
}

/// The terminal.
pub struct InTerminal {
    session: Session,
    clock: SimulatedClock,
    who: String,
    _files: tempfile::TempDir,
    _data: Data,
}

impl InTerminal {
    pub async fn on(data: Data) -> Self {
        let clock = SimulatedClock::new(START.parse().unwrap());
        let style = Style::for_output(false);
        let movable = Arc::new(clock.clone());
        let session = Session::start(&data.store, movable, style).await.unwrap();
        let files = tempfile::tempdir().unwrap();
        let mut session = session.saving_in(files.path());
        session.take("/dm").await;
        Self {
            session,
            clock,
            who: String::new(),
            _files: files,
            _data: data,
        }
    }

    async fn take(&mut self, who: &str, line: &str) -> String {
        if self.who != who {
            self.session.take(&format!("/as {who}")).await;
            who.clone_into(&mut self.who);
        }
        match self.session.take(line).await {
            Step::Show(text) => without_numbers(&text),
            Step::Quit => String::new(),
        }
    }
}

/// The terminal numbers its buttons, and tells where it saved a file.
fn without_numbers(text: &str) -> String {
    let mut buttons = Vec::new();
    let mut lines = Vec::new();
    for line in text.lines().filter(|line| !line.contains("/anklebot-20")) {
        if line.starts_with('[') {
            let labels = line
                .split("  ")
                .filter_map(|button| button.split_once("] "));
            buttons.extend(labels.map(|(_, label)| format!("[{label}]")));
        } else {
            lines.push(line.to_owned());
        }
    }
    if !buttons.is_empty() {
        lines.push(buttons.join(" "));
    }
    lines.join("\n")
}

impl Stage for InTerminal {
    async fn says(&mut self, who: &str, line: &str) -> String {
        self.take(who, line).await
    }

    async fn presses(&mut self, who: &str, label: &str) -> String {
        self.take(who, &format!("/press {label}")).await
    }

    fn days(&mut self, days: i64) {
        self.clock.advance(SignedDuration::from_hours(24 * days));
    }

    async fn ends(self) {}
}

/// Telegram: the real adapter, the real store, a fake platform.
pub struct OnTelegram {
    pub tg: FakeTelegram,
    pub clock: SimulatedClock,
    pub counters: Arc<Counters>,
    pub data: Data,
    face: Arc<Telegram>,
    stop: CancellationToken,
    running: JoinHandle<Result<(), Stopped>>,
    /// Where updates are posted, if they are not asked for, and what takes them there.
    webhook: Option<(String, JoinHandle<()>)>,
    people: HashMap<String, (Person, Option<Shown>)>,
}

impl OnTelegram {
    pub async fn on(data: Data) -> Self {
        let (tg, clock) = Self::prepared().await;
        Self::with(tg, clock, data).await
    }

    /// A fake and its clock, before the bot connects.
    pub async fn prepared() -> (FakeTelegram, SimulatedClock) {
        let clock = SimulatedClock::new(START.parse().unwrap());
        let tg = FakeTelegram::start(Arc::new(clock.clone())).await;
        tg.limits(false);
        (tg, clock)
    }

    /// On a fake that was prepared before the bot connects.
    pub async fn with(tg: FakeTelegram, clock: SimulatedClock, data: Data) -> Self {
        Self::begun(tg, clock, data, None).await
    }

    /// Where updates are posted to the bot.
    pub async fn called(data: Data) -> Self {
        let (tg, clock) = Self::prepared().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::begun(tg, clock, data, Some(listener)).await
    }

    async fn begun(
        tg: FakeTelegram,
        clock: SimulatedClock,
        data: Data,
        listener: Option<TcpListener>,
    ) -> Self {
        let address = listener.as_ref().map(|one| one.local_addr().unwrap());
        let webhook_url = address.map(|address| format!("http://{address}"));
        let stop = CancellationToken::new();
        let house: Arc<dyn Clock> = Arc::new(clock.clone());
        let bot = Arc::new(Bot::new(data.store.clone(), house.clone()));
        let config = Config {
            token: tg.token(),
            api_url: Some(tg.url()),
            webhook_url: webhook_url.clone(),
        };
        let telegram = Telegram::connect(&config, bot, data.store.clone(), house, &stop).await;
        let telegram = Arc::new(telegram.unwrap());
        let webhook = listener.zip(telegram.route()).map(|(listener, route)| {
            let path = Webhook::of_token(&tg.token()).path;
            let url = format!("{}{path}", webhook_url.unwrap_or_default());
            let serving = tokio::spawn(async move { axum::serve(listener, route).await.unwrap() });
            (url, serving)
        });
        let counters = telegram.counters();
        let running = tokio::spawn({
            let (stop, telegram) = (stop.clone(), telegram.clone());
            async move { telegram.run(&stop).await }
        });
        Self {
            tg,
            clock,
            counters,
            data,
            face: telegram,
            stop,
            running,
            webhook,
            people: HashMap::new(),
        }
    }

    /// Looks once through every group for those who have left it.
    pub async fn looks_for_leavers(&self) {
        let stop = CancellationToken::new();
        let looking = self.face.look_for_leavers(&stop);
        let looked = self
            .data
            .looked_through(Platform("telegram"), &self.clock, &stop);
        let in_time = tokio::time::timeout(PATIENCE, async { tokio::join!(looking, looked) }).await;
        assert!(in_time.is_ok(), "{}", self.tg.transcript());
    }

    /// Tells the bot to stop, and does not wait for it.
    pub fn begins_to_stop(&self) {
        self.stop.cancel();
    }

    /// Posts something to the bot as Telegram would. Returns the status.
    pub async fn posted(&self, body: &serde_json::Value) -> u16 {
        let (url, _) = self.webhook.as_ref().expect("a bot that is called");
        let webhook = Webhook::of_token(&self.tg.token());
        let call = reqwest::Client::new()
            .post(url)
            .header("X-Telegram-Bot-Api-Secret-Token", webhook.secret())
            .body(body.to_string());
        call.send().await.unwrap().status().as_u16()
    }

    /// What a process does beside answering people, begun anew.
    pub fn posts(&self) -> Posts<Telegram> {
        Posts::of(&self.face, &self.data.store, &self.clock, Telegram::way())
    }

    /// Stops the bot, and hands out what is left.
    pub async fn stop(self) -> (FakeTelegram, Result<(), Stopped>) {
        self.stop.cancel();
        let (tg, _, done) = self.ended().await;
        (tg, done)
    }

    /// Ends the story: the bot stops by itself in good order, and broke no rule of the API.
    pub async fn ends_well(self) {
        self.stop.cancel();
        let (tg, _, done) = self.ended().await;
        assert_eq!(done, Ok(()));
        tg.finish_with_unread().await;
    }

    /// What is left when the bot has ended, which may take some of the clock's time.
    pub async fn ended(self) -> (FakeTelegram, Data, Result<(), Stopped>) {
        self.in_time(|| self.running.is_finished()).await;
        if let Some((_, serving)) = &self.webhook {
            serving.abort();
        }
        (self.tg, self.data, self.running.await.unwrap())
    }

    /// The link by which a group takes the bot in.
    pub fn invite_link(&self) -> String {
        self.face.invite_link()
    }

    /// Another process takes over, on the same database.
    pub async fn restarted(self) -> Self {
        let clock = self.clock.clone();
        let is_called = self.webhook.is_some();
        self.stop.cancel();
        let (tg, mut data, _) = self.ended().await;
        data.reopen().await;
        let listener = if is_called {
            Some(TcpListener::bind("127.0.0.1:0").await.unwrap())
        } else {
            None
        };
        Self::begun(tg, clock, data, listener).await
    }

    /// Whether the bot knows anybody at all.
    pub async fn anybody(&self) -> bool {
        let none = Platform("none");
        self.data.store.serves_others_than(none).await.unwrap()
    }

    /// Lets time pass, from one who waits to the next, until it is as the test wants it.
    pub async fn in_time(&self, wanted: impl Fn() -> bool) {
        let passes = async {
            while !wanted() {
                let _ = self.clock.step();
                tokio::task::yield_now().await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, passes).await;
        assert!(in_time.is_ok(), "waited in vain\n{}", self.tg.transcript());
    }

    /// How many tests are stored.
    pub async fn tests(&self) -> i64 {
        self.data.store.tests().await.unwrap().0
    }

    /// Somebody who has opened his private chat with the bot, whose unread there is skipped.
    pub async fn friend(&self, name: &str) -> Person {
        let person = self.tg.user(name).speaking("en");
        person.says(&person.dm(), "/start").await;
        self.latest(&person.dm()).await;
        person
    }

    fn person(&mut self, who: &str) -> &mut (Person, Option<Shown>) {
        let tg = &self.tg;
        self.people
            .entry(who.to_owned())
            .or_insert_with(|| (tg.user(who).speaking("en"), None))
    }

    /// What the bot says in a chat until everything is handled: its latest new message there.
    pub async fn latest(&self, chat: &Chat) -> Option<Shown> {
        self.tg.settled().await;
        let latest = chat.unread().pop();
        chat.skip_unread();
        latest
    }
}

/// What the bot writes into its log.
#[derive(Clone, Default)]
pub struct Log {
    written: Arc<Mutex<Vec<u8>>>,
}

impl Log {
    /// Notes what is logged in this thread, as long as what it returns is kept.
    pub fn listen(&self) -> impl Sized {
        // Where one test alone listens, another that comes first to a place that logs would have it
        // taken for one that nobody listens to: so somebody always does.
        static SOMEBODY: Once = Once::new();
        SOMEBODY.call_once(|| {
            let nowhere = tracing_subscriber::fmt().with_writer(io::sink).finish();
            let _ = tracing_subscriber::util::SubscriberInitExt::try_init(nowhere);
        });
        let log = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || log.clone())
            .finish();
        tracing_subscriber::util::SubscriberInitExt::set_default(subscriber)
    }

    /// The lines that contain this.
    pub fn lines_with(&self, part: &str) -> Vec<String> {
        let written = self.written.lock().unwrap();
        let written = String::from_utf8_lossy(&written);
        let lines = written.lines().filter(|line| line.contains(part));
        lines.map(str::to_owned).collect()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A message as stories tell it: its text, and its buttons in brackets.
pub fn told(shown: &Shown) -> String {
    let labels: Vec<_> = shown
        .labels()
        .iter()
        .map(|label| format!("[{label}]"))
        .collect();
    format!("{}\n{}", shown.text, labels.join(" "))
        .trim_end()
        .to_owned()
}

impl Stage for OnTelegram {
    async fn says(&mut self, who: &str, line: &str) -> String {
        let (person, _) = self.person(who);
        let (person, dm) = (person.clone(), person.dm());
        person.says(&dm, line).await;
        let files = |shown: &Shown| shown.document.is_some();
        self.tg.settled().await;
        let mut new = dm.unread();
        dm.skip_unread();
        new.retain(|shown| !files(shown));
        let Some(latest) = new.pop() else {
            return String::new();
        };
        let text = told(&latest);
        self.person(who).1 = Some(latest);
        text
    }

    async fn presses(&mut self, who: &str, label: &str) -> String {
        let (person, latest) = self.person(who);
        let (person, dm) = (person.clone(), person.dm());
        let latest = latest.clone().expect("something to press");
        let press = person.presses(&latest, label).await;
        press.answer().await;
        self.tg.settled().await;
        let new = dm.unread().pop();
        dm.skip_unread();
        let shown = new.unwrap_or_else(|| latest.look());
        let text = told(&shown);
        self.person(who).1 = Some(shown);
        text
    }

    fn days(&mut self, days: i64) {
        self.clock.advance(SignedDuration::from_hours(24 * days));
    }

    async fn ends(self) {
        let (tg, done) = self.stop().await;
        assert_eq!(done, Ok(()));
        tg.finish_with_unread().await;
    }
}
