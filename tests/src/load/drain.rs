//! Very many rooms due at one instant of a simulated clock: the real sender and the real adapters against
//! the fakes, which enforce their platforms' limits on that same clock.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ankle_core::club::Platform;
use ankle_core::command::Bot;
use ankle_core::delivery::{Falling, Figures, Sender, Way};
use ankle_core::face::{Clock, Messenger, SimulatedClock};
use ankle_core::store::Store;
use ankle_discord::Discord;
use ankle_fakes::discord::FakeDiscord;
use ankle_fakes::telegram::FakeTelegram;
use ankle_telegram::Telegram;
use clap::Args;
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use super::LoadError;
use super::data::sqlite_url;
use super::figures::{millis, share};
use super::machine::{self, Process};
use super::programs::{folder_in, print_disk};
use super::seed::{Daily, Room};
use super::table::Table;

/// What to drain.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// How many rooms are due at once
    #[arg(long, default_value_t = 10_000)]
    rooms: u32,
    /// The folder for the database; what is made there is removed
    #[arg(long, default_value = ".")]
    dir: std::path::PathBuf,
}

const START: &str = "2026-11-24T10:00:00Z";
const DUE: &str = "2026-11-25T07:00:00Z";
const TIME: &str = "07:00";
/// Every post begins with that.
pub(super) const TITLE: &str = "Ankle minutes · ";

/// Prints how the rooms were drained on each platform.
///
/// # Errors
///
/// [`LoadError`].
pub async fn run(options: &Options) -> Result<(), LoadError> {
    let folder = folder_in(&options.dir)?;
    print_disk(folder.path())?;
    println!("load average at the start: {}", machine::load_average()?);
    let columns = [
        "rooms",
        "a second",
        "of its rate",
        "last after s",
        "429s",
        "early",
        "lost",
        "doubled",
        "CPU ms each",
        "wall s",
    ];
    let mut table = Table::new("drained", &columns);
    table.row("Telegram", on_telegram(options.rooms, folder.path()).await?);
    table.row("Discord", on_discord(options.rooms, folder.path()).await?);
    println!("{table}the fake's own work is in the CPU time");
    println!("load average at the end: {}", machine::load_average()?);
    Ok(())
}

async fn on_telegram(rooms: u32, folder: &Path) -> Result<Vec<String>, LoadError> {
    let (store, clock) = prepared(folder, "telegram").await?;
    let house: Arc<dyn Clock> = Arc::new(clock.clone());
    let fake = FakeTelegram::builder().history(100).start(house.clone());
    let fake = fake.await.map_err(LoadError::Program)?;
    let chats: Vec<_> = (0..rooms)
        .map(|n| fake.supergroup(&format!("Club {n}")))
        .collect();
    let names: Vec<Room> = chats
        .iter()
        .map(|chat| (chat.id().to_string(), chat.id().to_string()))
        .collect();
    let config = ankle_telegram::Config {
        token: fake.token(),
        api_url: Some(fake.url()),
        webhook_url: None,
    };
    let bot = Arc::new(Bot::new(store.clone(), house.clone()));
    let stop = CancellationToken::new();
    let adapter = Telegram::connect(&config, bot, store.clone(), house, &stop).await;
    let adapter = Arc::new(adapter.map_err(|error| LoadError::Refused(super::chain(&error)))?);
    let mut drain = Drain::new(&adapter, &store, &clock, Telegram::way());
    drain.rooms(&names).await?;
    drain.run().await?;
    let posts = chats.iter().map(|chat| {
        let shown = chat.bot_messages();
        shown
            .iter()
            .filter(|one| one.text.starts_with(TITLE))
            .count()
    });
    drain
        .row(&posts.collect::<Vec<_>>(), fake.refused_by_limits())
        .await
}

async fn on_discord(rooms: u32, folder: &Path) -> Result<Vec<String>, LoadError> {
    let (store, clock) = prepared(folder, "discord").await?;
    let house: Arc<dyn Clock> = Arc::new(clock.clone());
    let fake = FakeDiscord::builder().history(100).start(house.clone());
    let fake = fake.await.map_err(LoadError::Program)?;
    let servers: Vec<_> = (0..rooms)
        .map(|n| fake.server(&format!("Club {n}")))
        .map(|server| (server.id(), server.channel("mobility")))
        .collect();
    let names: Vec<Room> = servers
        .iter()
        .map(|(server, channel)| (server.to_string(), channel.id().to_string()))
        .collect();
    let config = ankle_discord::Config {
        token: fake.token(),
        api_url: Some(fake.url()),
        guild_id: None,
        shards: None,
    };
    let bot = Arc::new(Bot::new(store.clone(), house.clone()));
    let stop = CancellationToken::new();
    let adapter = Discord::connect(&config, bot, store.clone(), house, &stop).await;
    let adapter = Arc::new(adapter.map_err(|error| LoadError::Refused(super::chain(&error)))?);
    let mut drain = Drain::new(&adapter, &store, &clock, Discord::way());
    drain.rooms(&names).await?;
    drain.run().await?;
    let posts = servers
        .iter()
        .map(|(_, channel)| channel.bot_messages().len());
    drain
        .row(&posts.collect::<Vec<_>>(), fake.refused_by_limits())
        .await
}

async fn prepared(folder: &Path, name: &str) -> Result<(Arc<Store>, SimulatedClock), LoadError> {
    let store = Arc::new(Store::open(&sqlite_url(folder, name)?).await?);
    Ok((store, SimulatedClock::new(instant(START)?)))
}

fn instant(text: &str) -> Result<Timestamp, LoadError> {
    text.parse().map_err(|_| LoadError::Answer)
}

/// One platform being drained.
struct Drain<M> {
    store: Arc<Store>,
    clock: SimulatedClock,
    falling: Falling,
    sender: Sender<M>,
    figures: Arc<Figures>,
    way: Way,
    rooms: u32,
    used: (Duration, Duration),
}

impl<M: Messenger + 'static> Drain<M> {
    fn new(face: &Arc<M>, store: &Arc<Store>, clock: &SimulatedClock, way: Way) -> Self {
        let house: Arc<dyn Clock> = Arc::new(clock.clone());
        let bell: Arc<tokio::sync::Notify> = Arc::default();
        // Time passes from what is due to what is due.
        let glance = SignedDuration::from_hours(6);
        let way = Way { glance, ..way };
        let sender = Sender::new(
            face.clone(),
            store.clone(),
            house.clone(),
            bell.clone(),
            way,
        );
        Self {
            store: store.clone(),
            clock: clock.clone(),
            falling: Falling::new(store.clone(), house, bell),
            figures: sender.figures(),
            sender,
            way,
            rooms: 0,
            used: Default::default(),
        }
    }

    async fn rooms(&mut self, rooms: &[Room]) -> Result<(), LoadError> {
        self.rooms = u32::try_from(rooms.len()).unwrap_or(u32::MAX);
        let Platform(name) = self.way.platform;
        println!("{name}: {} rooms with a reminder", self.rooms);
        let now = self.clock.now();
        Daily::at(TIME)?
            .set(&self.store, self.way.platform, rooms, now)
            .await
    }

    /// Lets time pass until all is sent, or for as long as a post may be late.
    async fn run(&mut self) -> Result<(), LoadError> {
        let (start, before) = (Instant::now(), Process::own().cpu()?);
        let due = instant(DUE)?;
        let end = due + SignedDuration::from_hours(3);
        loop {
            let next = self.falling.turn().await?.unwrap_or(end);
            let wake = self.sender.drain().await?;
            let done = self.figures.posts() >= u64::from(self.rooms);
            if done || self.clock.now() >= end {
                break;
            }
            self.clock.advance_to(next.min(wake).min(end));
        }
        let used = Process::own().cpu()?.since(before);
        self.used = (start.elapsed(), used.user + used.system);
        Ok(())
    }

    /// What came of it, by how many posts each room has.
    async fn row(&self, posts: &[usize], refused: usize) -> Result<Vec<String>, LoadError> {
        let due = instant(DUE)?;
        let delivered = self.store.delivered().await?;
        let sent: Vec<_> = delivered.iter().filter_map(|post| post.sent).collect();
        let latest = sent
            .iter()
            .max()
            .copied()
            .unwrap_or(due)
            .duration_since(due);
        let early = sent.iter().filter(|at| **at < due).count();
        // From the first to the last there is one spacing less than there are posts.
        let took = (latest + self.way.spacing).as_secs_f64();
        let a_second = f64::from(self.rooms) / took;
        let rate = 1.0 / self.way.spacing.as_secs_f64();
        let lost = posts.iter().filter(|count| **count == 0).count();
        let doubled: usize = posts.iter().map(|count| count.saturating_sub(1)).sum();
        let mut states: BTreeMap<&str, usize> = BTreeMap::new();
        for post in &delivered {
            *states.entry(&post.state).or_default() += 1;
        }
        println!("  {states:?}");
        let (wall, cpu) = self.used;
        Ok(vec![
            self.rooms.to_string(),
            format!("{a_second:.2}"),
            format!("{:.1} %", 100.0 * a_second / rate),
            format!("{:.1}", latest.as_secs_f64()),
            refused.to_string(),
            early.to_string(),
            lost.to_string(),
            doubled.to_string(),
            format!("{:.2}", millis(share(cpu, u64::from(self.rooms)))),
            format!("{:.0}", wall.as_secs_f64()),
        ])
    }
}
