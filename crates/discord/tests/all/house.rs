//! The face, running, with everything around it.

use std::sync::Arc;
use std::time::Duration;

use ankle_core::command::Bot;
use ankle_core::face::{Clock, SimulatedClock, Sleep};
use ankle_core::store::Store;
use ankle_discord::{Config, Discord, Stopped};
use ankle_fakes::discord::{Builder, FakeDiscord, Person, Server};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct House {
    pub fake: FakeDiscord,
    pub clock: SimulatedClock,
    pub store: Arc<Store>,
    pub face: Arc<Discord>,
    stop: CancellationToken,
    running: JoinHandle<Result<(), Stopped>>,
    folder: TempDir,
}

impl House {
    /// With commands registered everywhere, and one server.
    pub async fn new() -> (Self, Server) {
        Self::with(FakeDiscord::builder(), |_, _| {}).await
    }

    pub async fn with(
        fake: Builder,
        change: impl FnOnce(&FakeDiscord, &mut Config),
    ) -> (Self, Server) {
        let house = Self::open(fake, change).await;
        house.fake.until_ready(1).await;
        house.fake.until_registered("ankle").await;
        house.fake.until_registered("ankle-club").await;
        let club = house.fake.server("Trail Friends");
        (house, club)
    }

    /// With a clock of ours that is wrong: it shows so much more than the platform's.
    pub async fn with_clock_wrong_by(by: SignedDuration) -> (Self, Server) {
        let clock = SimulatedClock::new("2026-11-24T10:00:00Z".parse().unwrap());
        let wrong = Wrong(clock.clone(), by);
        let house = Self::on(FakeDiscord::builder(), clock, Arc::new(wrong), |_, _| {}).await;
        house.fake.until_ready(1).await;
        house.fake.until_registered("ankle-club").await;
        let club = house.fake.server("Trail Friends");
        (house, club)
    }

    /// Without waiting for anything.
    pub async fn open(builder: Builder, change: impl FnOnce(&FakeDiscord, &mut Config)) -> Self {
        let clock = SimulatedClock::new("2026-11-24T10:00:00Z".parse().unwrap());
        let ours = Arc::new(clock.clone());
        Self::on(builder, clock, ours, change).await
    }

    async fn on(
        builder: Builder,
        clock: SimulatedClock,
        ours: Arc<dyn Clock>,
        change: impl FnOnce(&FakeDiscord, &mut Config),
    ) -> Self {
        let fake = builder.start(Arc::new(clock.clone())).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/test.db", folder.path().display());
        let store = Arc::new(Store::open(&url).await.unwrap());
        let mut config = config_for(&fake);
        change(&fake, &mut config);
        Self::begun(fake, (clock, ours), store, folder, &config).await
    }

    async fn begun(
        fake: FakeDiscord,
        (clock, shared): (SimulatedClock, Arc<dyn Clock>),
        store: Arc<Store>,
        folder: TempDir,
        config: &Config,
    ) -> Self {
        let bot = Arc::new(Bot::new(store.clone(), shared.clone()));
        let stop = CancellationToken::new();
        let connected = Discord::connect(config, bot, store.clone(), shared, &stop).await;
        let discord = Arc::new(connected.unwrap());
        let running = tokio::spawn({
            let (discord, stop) = (discord.clone(), stop.clone());
            async move { discord.run(&stop).await }
        });
        Self {
            fake,
            clock,
            store,
            face: discord,
            stop,
            running,
            folder,
        }
    }

    /// Another process on the same database, in place of this one, which got no time for anything.
    pub async fn killed_and_begun_anew(self, change: impl FnOnce(&mut Config)) -> Self {
        self.running.abort();
        let _ = self.running.await;
        let mut config = config_for(&self.fake);
        change(&mut config);
        let ours = Arc::new(self.clock.clone());
        let clocks = (self.clock, ours as Arc<dyn Clock>);
        Self::begun(self.fake, clocks, self.store, self.folder, &config).await
    }

    /// How it ended by itself.
    pub async fn ended(self) -> Result<(), Stopped> {
        within(self.running).await.unwrap()
    }

    /// Tells it to stop, and ends the test: nothing broke the rules, and nothing was left unread.
    pub async fn close(self) {
        self.stopped().await.finish().await;
    }

    /// The same, whatever was left unread.
    pub async fn close_with_unread(self) {
        self.stopped().await.finish_with_unread().await;
    }

    /// Somebody may have read an answer whose confirmation was lost, and we still wait to repeat it: so
    /// the clock runs until what is in hand is finished.
    async fn stopped(self) -> FakeDiscord {
        self.stop.cancel();
        let done = while_time_passes(&self.clock, self.running).await;
        done.unwrap().unwrap();
        self.fake
    }
}

/// A clock that shows so much more than another.
struct Wrong(SimulatedClock, SignedDuration);

impl Clock for Wrong {
    fn now(&self) -> Timestamp {
        self.0.now() + self.1
    }

    fn sleep_until(&self, at: Timestamp) -> Sleep {
        self.0.sleep_until(at - self.1)
    }
}

fn config_for(fake: &FakeDiscord) -> Config {
    Config {
        token: fake.token(),
        api_url: Some(fake.url()),
        guild_id: None,
        shards: None,
    }
}

/// Mia, a member, in a channel.
pub fn mia_in(club: &Server) -> Person {
    let _ = club.member("Mia");
    club.channel("mobility").person("Mia")
}

pub async fn within<T>(what: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(PATIENCE, what).await;
    done.expect("it came in time")
}

/// Lets the simulated clock run until something has come, in steps: each waits for real work.
pub async fn while_time_passes<T>(clock: &SimulatedClock, what: impl Future<Output = T>) -> T {
    tokio::pin!(what);
    within(async {
        loop {
            let step = tokio::time::timeout(Duration::from_millis(20), &mut what);
            if let Ok(done) = step.await {
                return done;
            }
            clock.advance(SignedDuration::from_millis(100));
        }
    })
    .await
}

/// The text of a message, whatever it is made of.
pub fn text(shown: &ankle_fakes::discord::Shown) -> String {
    let embeds = shown.embeds.iter();
    let texts: Vec<_> = embeds
        .map(|embed| embed["description"].as_str().unwrap_or_default())
        .collect();
    texts.join("\n")
}
