//! The whole bot on Telegram: the program, the fake in another process, and this driver in a third.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::LoadError;
use super::figures::{micros, millis, rate, share};
use super::machine::{self, Process};
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

/// How often the disk is asked to keep 4 KiB.
const FSYNCS: u32 = 500;

/// Puts the bot under load and prints what was measured.
///
/// # Errors
///
/// [`LoadError`].
pub async fn run(options: &Options) -> Result<(), LoadError> {
    let folder = tempfile::Builder::new()
        .prefix(".load-")
        .tempdir_in(&options.dir)
        .map_err(|cause| LoadError::Folder {
            path: options.dir.clone(),
            cause,
        })?;
    let fake = Fake::start().await?;
    let people = fake.people(options.people).await?;
    let disk = machine::fsyncs(folder.path(), FSYNCS).map_err(|cause| LoadError::Folder {
        path: folder.path().to_path_buf(),
        cause,
    })?;
    println!(
        "the disk keeps 4 KiB in p50 {:.2} ms, p99 {:.2} ms; {}",
        millis(disk.percentile(50)),
        millis(disk.percentile(99)),
        machine::file_system(&folder.path().canonicalize().unwrap_or_default())?,
    );
    let mut bot = Bot::start(&fake, folder.path())?;
    fake.until_polled().await?;
    fake.inject(&people, people_once(&people), 0).await?;
    // The people are known now, so that what follows is the work of every day.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let idle = bot.process().resident_kib()?;
    let mut table = Table::new("", &["a second", "CPU ms", "p50 ms", "p99 ms", "max ms"]);
    for (name, count, pace) in [
        ("paced", options.rate * options.seconds, options.rate),
        ("flat out", options.commands, 0),
    ] {
        let figures = part(&fake, &bot, &people, count, pace).await?;
        table.row(name, figures);
    }
    print!("{table}");
    let taken = options.rate * options.seconds + options.commands;
    if let Some(rest) = options.updates.checked_sub(taken) {
        fake.inject(&people, rest, 0).await?;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let after = bot.process().resident_kib()?;
    let counters = fake.counters().await?;
    println!(
        "memory: {:.1} MB idle, {:.1} MB after {} updates",
        mb(idle),
        mb(after),
        counters["updates_queued"]
    );
    println!(
        "calls that broke the rules: {}; without an answer: {}",
        counters["violations"], counters["without_reply"]
    );
    bot.end().await;
    if options.kills > 0 {
        killed(options, &fake, &people, folder.path()).await?;
    }
    Ok(())
}

/// One part: so many commands at a pace (0: as fast as they come), until all are answered.
async fn part(
    fake: &Fake,
    bot: &Bot,
    people: &[i64],
    count: u64,
    pace: u64,
) -> Result<Vec<String>, LoadError> {
    fake.post("reset", &json!({})).await?;
    let before = bot.process().cpu()?;
    let start = Instant::now();
    fake.inject(people, count, pace).await?;
    let wall = start.elapsed();
    let used = bot.process().cpu()?.since(before);
    let counters = fake.counters().await?;
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
    fake.post("reset", &json!({})).await?;
    let sent_before = count_of(&fake.counters().await?, "messages_sent");
    for kill in 0..options.kills {
        let mut bot = Bot::start(fake, &folder)?;
        fake.write(people, EACH).await?;
        // Instants all over the time that the commands take, the start of the program included.
        let instant = Duration::from_micros(20_000 + (kill * 7_919) % 80_000);
        tokio::time::sleep(instant).await;
        bot.kill().await;
    }
    let mut bot = Bot::start(fake, &folder)?;
    // Repeated answers make the fake believe that everybody has his: what counts is that nothing
    // waits to be acknowledged.
    fake.until(|counters| count_of(counters, "updates_pending") == 0)
        .await?;
    bot.end().await;
    let url = format!("sqlite://{}", folder.join("anklebot.db").display());
    let store = ankle_core::store::Store::open(&url).await?;
    let (entries, _) = store.tests().await?;
    store.close().await;
    let given = options.kills * EACH;
    let sent = count_of(&fake.counters().await?, "messages_sent") - sent_before;
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

/// The fake, in a process of its own.
struct Fake {
    _child: Child,
    url: String,
    token: String,
    client: reqwest::Client,
}

impl Fake {
    async fn start() -> Result<Self, LoadError> {
        let mut child = sibling("fake-telegram")?
            .arg("--no-limits")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(LoadError::Program)?;
        let output = child.stdout.take().ok_or(LoadError::Answer)?;
        let mut lines = BufReader::new(output).lines();
        let mut value = async |name: &str| {
            let line = lines.next_line().await.ok().flatten().unwrap_or_default();
            let value = line.strip_prefix(name).map(str::to_owned);
            value.ok_or(LoadError::Answer)
        };
        let url = value("TELEGRAM_API_URL=").await?;
        let token = value("TELEGRAM_TOKEN=").await?;
        Ok(Self {
            _child: child,
            url,
            token,
            client: reqwest::Client::new(),
        })
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value, LoadError> {
        let request = self.client.post(format!("{}/control/{path}", self.url));
        read(request.body(body.to_string())).await
    }

    async fn counters(&self) -> Result<Value, LoadError> {
        read(self.client.get(format!("{}/control/counters", self.url))).await
    }

    async fn people(&self, count: u64) -> Result<Vec<i64>, LoadError> {
        let made = self.post("users", &json!({ "count": count })).await?;
        let ids = made["ids"].as_array().ok_or(LoadError::Answer)?;
        Ok(ids.iter().filter_map(Value::as_i64).collect())
    }

    /// Lets people write, and waits until everybody is answered.
    async fn inject(&self, people: &[i64], count: u64, pace: u64) -> Result<(), LoadError> {
        let body = json!({ "users": people, "text": LINE, "count": count, "rate": pace });
        self.post("inject", &body).await?;
        self.until_answered().await
    }

    /// Lets people write, without waiting for anything.
    async fn write(&self, people: &[i64], count: u64) -> Result<(), LoadError> {
        let body = json!({ "users": people, "text": LINE, "count": count });
        self.post("inject", &body).await.map(|_| ())
    }

    async fn until_answered(&self) -> Result<(), LoadError> {
        self.until(|counters| count_of(counters, "without_reply") == 0)
            .await
    }

    async fn until_polled(&self) -> Result<(), LoadError> {
        self.until(|counters| counters["calls"]["getUpdates"].as_u64().unwrap_or(0) > 0)
            .await
    }

    /// Looks again and again, a little later each time, for two minutes at most.
    async fn until(&self, done: impl Fn(&Value) -> bool) -> Result<(), LoadError> {
        let start = Instant::now();
        while start.elapsed() < Duration::from_mins(2) {
            if done(&self.counters().await?) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err(LoadError::Answer)
    }
}

async fn read(request: reqwest::RequestBuilder) -> Result<Value, LoadError> {
    let response = request.send().await.map_err(LoadError::Fake)?;
    let bytes = response.bytes().await.map_err(LoadError::Fake)?;
    serde_json::from_slice(&bytes).map_err(|_| LoadError::Answer)
}

/// The program, with its data in a folder.
struct Bot {
    child: Child,
    id: u32,
}

impl Bot {
    fn start(fake: &Fake, folder: &Path) -> Result<Self, LoadError> {
        let child = sibling("anklebot")?
            .current_dir(folder)
            .env("TELEGRAM_TOKEN", &fake.token)
            .env("TELEGRAM_API_URL", &fake.url)
            .env("LOG", "error")
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(LoadError::Program)?;
        let id = child.id().ok_or(LoadError::Answer)?;
        Ok(Self { child, id })
    }

    fn process(&self) -> Process {
        Process::of(self.id)
    }

    async fn kill(&mut self) {
        // It may have ended by itself: then its data are looked at all the same.
        let _ = self.child.kill().await;
    }

    async fn end(&mut self) {
        self.kill().await;
    }
}

/// A program that was built beside this one.
fn sibling(name: &str) -> Result<Command, LoadError> {
    let own = std::env::current_exe().map_err(LoadError::Program)?;
    let path = own.with_file_name(name);
    if path.exists() {
        Ok(Command::new(path))
    } else {
        Err(LoadError::NotBuilt {
            name: name.to_owned(),
        })
    }
}

fn people_once(people: &[i64]) -> u64 {
    u64::try_from(people.len()).unwrap_or(0)
}

fn count_of(counters: &Value, name: &str) -> u64 {
    counters[name].as_u64().unwrap_or(0)
}

fn mb(kib: u64) -> f64 {
    f64::from(u32::try_from(kib).unwrap_or(u32::MAX)) / 1_024.0
}
