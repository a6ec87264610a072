//! The whole bot on Discord: the program, the fake in another process, and this driver in a third.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ankle_core::store::Store;
use clap::Args;
use serde_json::{Value, json};

use super::LoadError;
use super::figures::{micros, rate, share};
use super::programs::{Bot, FakePlatform, count_of, folder_in, mb, print_disk};
use super::table::Table;

/// What to put the bot under.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// How many commands are given flat out
    #[arg(long, default_value_t = 20_000)]
    commands: u64,
    /// How many members a server has; there are four servers
    #[arg(long, default_value_t = 125)]
    members: u64,
    /// How many commands a second are given when paced
    #[arg(long, default_value_t = 200)]
    rate: u64,
    /// For how many seconds they are given
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// How many interactions the bot has taken when its memory is read at the end
    #[arg(long, default_value_t = 100_000)]
    interactions: u64,
    /// The folder for the database; what is made there is removed
    #[arg(long, default_value = ".")]
    dir: PathBuf,
}

/// What a runner types into the command's menu.
const COMMAND: &str = "/ankle test";
const VALUE: &str = "left 9.4cm right 10.5cm";

/// How many commands a second are given while the database stands still, for how long, and how long it
/// stands still in the middle of that.
const STALLED_RATE: u64 = 100;
const STALLED_SECONDS: u64 = 15;
const STALL: Duration = Duration::from_secs(5);

/// Puts the bot under load and prints what was measured.
///
/// # Errors
///
/// [`LoadError`].
pub async fn run(options: &Options) -> Result<(), LoadError> {
    let folder = folder_in(&options.dir)?;
    let fake = Fake::start(options.members).await?;
    print_disk(folder.path())?;
    let started = Instant::now();
    let mut bot = Bot::start(&fake.platform, folder.path())?;
    fake.until_connected(1).await?;
    println!(
        "at the gateway {} ms after the program was started",
        started.elapsed().as_millis()
    );
    fake.until_registered().await?;
    fake.inject(4 * options.members, 0).await?;
    // The people are known now, so that what follows is the work of every day.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let idle = bot.process().resident_kib()?;
    let columns = ["a second", "CPU ms", "p50 ms", "p99 ms", "max ms", "lost"];
    let mut table = Table::new("first response", &columns);
    let paced = options.rate * options.seconds;
    table.row("paced", fake.part(&bot, paced, options.rate).await?);
    table.row("flat out", fake.part(&bot, options.commands, 0).await?);
    let taken = count_of(&fake.platform.counters().await?, "injected");
    if let Some(rest) = options.interactions.checked_sub(taken) {
        fake.inject(rest, 0).await?;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let after = bot.process().resident_kib()?;
    let (stalled, standing) = tokio::join!(
        fake.part(&bot, STALLED_RATE * STALLED_SECONDS, STALLED_RATE),
        stand_still(folder.path()),
    );
    standing?;
    table.row("database still 5 s", stalled?);
    print!("{table}");
    print_recovery(&fake).await?;
    let stalled = bot.process().resident_kib()?;
    let counters = fake.platform.counters().await?;
    println!(
        "memory: {:.1} MB idle, {:.1} MB after {} interactions, {:.1} MB after the database stood still",
        mb(idle),
        mb(after),
        options.interactions.max(taken),
        mb(stalled),
    );
    println!(
        "calls that broke the rules: {}; registered {} times",
        counters["violations"],
        count_of(&counters["calls"], "bulk_set_application_commands"),
    );
    bot.stop().await?;
    Ok(())
}

/// Holds the one place of the database's writer, as a slow disk or a copy under way would.
async fn stand_still(folder: &Path) -> Result<(), LoadError> {
    let url = format!("sqlite://{}", folder.join("anklebot.db").display());
    let store = Store::open(&url).await?;
    tokio::time::sleep(Duration::from_secs((STALLED_SECONDS - STALL.as_secs()) / 2)).await;
    let standing = store.begin().await?;
    tokio::time::sleep(STALL).await;
    drop(standing);
    store.close().await;
    Ok(())
}

/// Takes the gateway away for three seconds, and sees how long it takes until somebody is answered.
async fn print_recovery(fake: &Fake) -> Result<(), LoadError> {
    let tell = async |what: &str| {
        let body = json!({ "do": what });
        fake.platform.post("gateway", &body).await
    };
    tell("refuse").await?;
    tell("cut").await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    tell("accept").await?;
    let back = Instant::now();
    fake.until_connected(1).await?;
    fake.inject(1, 0).await?;
    println!(
        "answering {:.1} s after the gateway came back from an outage of 3 s",
        back.elapsed().as_secs_f64()
    );
    Ok(())
}

/// The fake Discord, with four servers.
struct Fake {
    platform: FakePlatform,
    servers: Vec<Value>,
}

impl Fake {
    async fn start(members: u64) -> Result<Self, LoadError> {
        let names = ["DISCORD_API_URL", "DISCORD_TOKEN"];
        let platform = FakePlatform::start("fake-discord", names).await?;
        let body = json!({ "count": 4, "channels": 5, "members": members });
        let made = platform.post("servers", &body).await?;
        let servers = made["servers"].as_array().ok_or(LoadError::Answer)?;
        let servers = servers.iter().map(|server| server["id"].clone()).collect();
        Ok(Self { platform, servers })
    }

    /// Lets members use the command, and waits until everybody is answered or has given up. Returns how
    /// many have given up.
    async fn inject(&self, count: u64, pace: u64) -> Result<u64, LoadError> {
        let body = json!({
            "servers": self.servers, "command": COMMAND, "options": { "distance": VALUE },
            "count": count, "rate": pace,
        });
        let done = self.platform.post("inject", &body).await?;
        done["lost"].as_u64().ok_or(LoadError::Answer)
    }

    /// One part: so many commands at a pace (0: as fast as they are answered), until all are answered.
    async fn part(&self, bot: &Bot, count: u64, pace: u64) -> Result<Vec<String>, LoadError> {
        self.platform.post("reset", &json!({})).await?;
        let before = bot.process().cpu()?;
        let start = Instant::now();
        let lost = self.inject(count, pace).await?;
        let wall = start.elapsed();
        let used = bot.process().cpu()?.since(before);
        let counters = self.platform.counters().await?;
        let latency = &counters["answer_microseconds"];
        let ms = |name: &str| format!("{:.2}", latency[name].as_f64().unwrap_or(0.0) / 1e3);
        Ok(vec![
            rate(count, wall).to_string(),
            format!("{:.3}", micros(share(used.user + used.system, count)) / 1e3),
            ms("p50"),
            ms("p99"),
            ms("max"),
            lost.to_string(),
        ])
    }

    async fn until_connected(&self, sessions: u64) -> Result<(), LoadError> {
        let connected = |counters: &Value| count_of(counters, "sessions") >= sessions;
        self.platform.until(connected).await
    }

    async fn until_registered(&self) -> Result<(), LoadError> {
        let registered =
            |counters: &Value| count_of(&counters["calls"], "bulk_set_application_commands") > 0;
        self.platform.until(registered).await
    }
}
