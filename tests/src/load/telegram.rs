//! The whole bot on Telegram: the program, the fake in another process, and this driver in a third.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

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
    /// How many people they come from, each in the private chat
    #[arg(long, default_value_t = 500)]
    people: u64,
    /// How many commands a second are given when paced
    #[arg(long, default_value_t = 200)]
    rate: u64,
    /// For how many seconds they are given
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// How many updates the bot has taken when its memory is read at the end
    #[arg(long, default_value_t = 100_000)]
    updates: u64,
    /// How often the bot is killed while commands flow; 0 leaves this part out
    #[arg(long, default_value_t = 0)]
    kills: u64,
    /// The folder for the database; what is made there is removed
    #[arg(long, default_value = ".")]
    dir: PathBuf,
}

/// What a runner types.
const LINE: &str = "/ankle test left 9.4cm right 10.5cm";

/// Puts the bot under load and prints what was measured.
///
/// # Errors
///
/// [`LoadError`].
pub async fn run(options: &Options) -> Result<(), LoadError> {
    let folder = folder_in(&options.dir)?;
    let fake = Fake::start().await?;
    let people = fake.people(options.people).await?;
    print_disk(folder.path())?;
    let mut bot = Bot::start(&fake.0, folder.path())?;
    fake.until_polled().await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let rests = bot.process().resident_kib()?;
    fake.inject(&people, people_once(&people), 0).await?;
    // The people are known now, so that what follows is the work of every day.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let idle = bot.process().resident_kib()?;
    let parts = [
        ("paced", options.rate * options.seconds, options.rate),
        ("flat out", options.commands, 0),
    ];
    let mut table = Table::new("", &["a second", "CPU ms", "p50 ms", "p99 ms", "max ms"]);
    for (name, count, pace) in parts {
        table.row(name, part(&fake, &bot, &people, count, pace).await?);
    }
    let taken = options.rate * options.seconds + options.commands;
    if let Some(rest) = options.updates.checked_sub(taken) {
        fake.inject(&people, rest, 0).await?;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let after = bot.process().resident_kib()?;
    let counters = fake.0.counters().await?;
    println!(
        "memory: {:.1} MB at rest, {:.1} MB when everybody was met, {:.1} MB after {} updates",
        mb(rests),
        mb(idle),
        mb(after),
        counters["updates_queued"]
    );
    println!(
        "calls that broke the rules: {}; without an answer: {}",
        counters["violations"], counters["without_reply"]
    );
    bot.stop().await?;
    for (name, figures) in least(options, parts, folder.path()).await? {
        table.row(&format!("one thread, {name}"), figures);
    }
    print!("{table}");
    if options.kills > 0 {
        killed(options, &fake, &people, folder.path()).await?;
    }
    Ok(())
}

/// The same parts with the yardstick in the bot's place.
async fn least<'a>(
    options: &Options,
    parts: [(&'a str, u64, u64); 2],
    folder: &Path,
) -> Result<Vec<(&'a str, Vec<String>)>, LoadError> {
    let fake = Fake::start().await?;
    let people = fake.people(options.people).await?;
    let mut bot = Bot::least(&fake.0, folder)?;
    fake.until_polled().await?;
    fake.inject(&people, people_once(&people), 0).await?;
    let mut all = Vec::new();
    for (name, count, pace) in parts {
        all.push((name, part(&fake, &bot, &people, count, pace).await?));
    }
    bot.stop().await?;
    Ok(all)
}

/// One part: so many commands at a pace (0: as fast as they come), until all are answered.
async fn part(
    fake: &Fake,
    bot: &Bot,
    people: &[i64],
    count: u64,
    pace: u64,
) -> Result<Vec<String>, LoadError> {
    fake.0.post("reset", &json!({})).await?;
    let before = bot.process().cpu()?;
    let start = Instant::now();
    fake.inject(people, count, pace).await?;
    let wall = start.elapsed();
    let used = bot.process().cpu()?.since(before);
    let counters = fake.0.counters().await?;
    let latency = &counters["reply_microseconds"];
    let ms = |name: &str| format!("{:.2}", latency[name].as_f64().unwrap_or(0.0) / 1e3);
    Ok(vec![
        rate(count, wall).to_string(),
        format!("{:.3}", micros(share(used.user + used.system, count)) / 1e3),
        ms("p50"),
        ms("p99"),
        ms("max"),
    ])
}

/// Kills the bot at instants while commands flow, and counts what is stored and what was said twice.
async fn killed(
    options: &Options,
    fake: &Fake,
    people: &[i64],
    folder: &Path,
) -> Result<(), LoadError> {
    /// Commands between two kills.
    const EACH: u64 = 50;
    let folder = folder.join("killed");
    std::fs::create_dir(&folder).map_err(|cause| LoadError::Folder {
        path: folder.clone(),
        cause,
    })?;
    fake.0.post("reset", &json!({})).await?;
    let sent_before = count_of(&fake.0.counters().await?, "messages_sent");
    for kill in 0..options.kills {
        let mut bot = Bot::start(&fake.0, &folder)?;
        fake.write(people, EACH).await?;
        // Instants all over the time that the commands take, the start of the program included.
        let instant = Duration::from_micros(20_000 + (kill * 7_919) % 80_000);
        tokio::time::sleep(instant).await;
        bot.kill().await;
    }
    let mut bot = Bot::start(&fake.0, &folder)?;
    // Repeated answers make the fake believe that everybody has his: what counts is that nothing
    // waits to be acknowledged.
    fake.0
        .until(|counters| count_of(counters, "updates_pending") == 0)
        .await?;
    bot.stop().await?;
    let url = format!("sqlite://{}", folder.join("anklebot.db").display());
    let store = ankle_core::store::Store::open(&url).await?;
    let (entries, _) = store.tests().await?;
    store.close().await;
    let given = options.kills * EACH;
    let sent = count_of(&fake.0.counters().await?, "messages_sent") - sent_before;
    println!(
        "{} kills, {given} commands: {} stored (both legs each), {} answers, {} of them repeated",
        options.kills,
        entries / 2,
        sent,
        sent.saturating_sub(given)
    );
    let stored = u64::try_from(entries).unwrap_or(0);
    if stored == 2 * given {
        Ok(())
    } else {
        Err(LoadError::NotLogged {
            expected: 2 * given,
            found: stored,
        })
    }
}

/// The fake Telegram.
struct Fake(FakePlatform);

impl Fake {
    async fn start() -> Result<Self, LoadError> {
        let names = ["TELEGRAM_API_URL", "TELEGRAM_TOKEN"];
        Ok(Self(FakePlatform::start("fake-telegram", names).await?))
    }

    async fn people(&self, count: u64) -> Result<Vec<i64>, LoadError> {
        let made = self.0.post("users", &json!({ "count": count })).await?;
        let ids = made["ids"].as_array().ok_or(LoadError::Answer)?;
        Ok(ids.iter().filter_map(Value::as_i64).collect())
    }

    /// Lets people write, and waits until everybody is answered.
    async fn inject(&self, people: &[i64], count: u64, pace: u64) -> Result<(), LoadError> {
        let body = json!({ "users": people, "text": LINE, "count": count, "rate": pace });
        self.0.post("inject", &body).await?;
        let answered = |counters: &Value| count_of(counters, "without_reply") == 0;
        self.0.until(answered).await
    }

    /// Lets people write, without waiting for anything.
    async fn write(&self, people: &[i64], count: u64) -> Result<(), LoadError> {
        let body = json!({ "users": people, "text": LINE, "count": count });
        self.0.post("inject", &body).await.map(|_| ())
    }

    async fn until_polled(&self) -> Result<(), LoadError> {
        let polled = |counters: &Value| counters["calls"]["getUpdates"].as_u64().unwrap_or(0) > 0;
        self.0.until(polled).await
    }
}

fn people_once(people: &[i64]) -> u64 {
    u64::try_from(people.len()).unwrap_or(0)
}
