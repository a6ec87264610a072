//! Very many rooms due at one instant of the real clock, while people ask: the program, a fake that
//! enforces its limits in another process, and this driver in a third.

use std::process::Stdio;
use std::time::Duration;

use ankle_core::store::{Delivered, Kind, Store};
use clap::Args;
use jiff::{SignedDuration, Timestamp};

use super::LoadError;
use super::data::sqlite_url;
use super::figures::{Latencies, millis, share};
use super::machine;
use super::programs::{Bot, count_of, folder_in, mb, print_disk};
use super::seed::{Daily, Room};
use super::stand::{People, Side, Stand, lost_and_doubled};

/// What to let fall due.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// On which platform
    #[arg(long, default_value = "telegram")]
    on: Side,
    /// How many rooms are due at once
    #[arg(long, default_value_t = 10_000)]
    rooms: u32,
    /// How many are due at once, and alone, a minute before
    #[arg(long, default_value_t = 24)]
    few: u32,
    /// How many people ask a second
    #[arg(long, default_value_t = 5)]
    asking: u32,
    /// How many people there are
    #[arg(long, default_value_t = 50)]
    people: u32,
    /// The folder for the database; what is made there is removed
    #[arg(long, default_value = ".")]
    dir: std::path::PathBuf,
}

/// Prints how the rooms were drained, how long people waited meanwhile, what memory it took, and how long
/// the writer was held.
///
/// # Errors
///
/// [`LoadError`].
pub async fn run(options: &Options) -> Result<(), LoadError> {
    let folder = folder_in(&options.dir)?;
    print_disk(folder.path())?;
    println!("load average at the start: {}", machine::load_average()?);
    let stand = Stand::start(options.on, &["--history", "50"]).await?;
    let people = stand.people(options.people).await?;
    let few = stand.rooms(options.few).await?;
    let many = stand.rooms(options.rooms).await?;
    let store = Store::open(&sqlite_url(folder.path(), "anklebot")?).await?;
    let first = minute_from_now(SignedDuration::from_secs(75));
    let second = first + SignedDuration::from_mins(1);
    for (rooms, due) in [(&few, first), (&many, second)] {
        let daily = Daily::at(&due.strftime("%H:%M").to_string())?;
        let platform = options.on.platform();
        daily.set(&store, platform, rooms, Timestamp::now()).await?;
    }
    let log_file = folder.path().join("log");
    let log = std::fs::File::create(&log_file).map_err(LoadError::Program)?;
    let words = [("LOG", "error,ankle_core::store=debug".to_owned())];
    let mut bot = Bot::with(&[&stand.fake], folder.path(), &words, Stdio::from(log))?;
    stand.until_up().await?;
    people.ask(options.people, 20).await?;
    until(first - SignedDuration::from_secs(2)).await;
    let idle = bot.process().resident_kib()?;
    let before = bot.process().cpu()?;
    until(second - SignedDuration::from_secs(2)).await;
    stand.fake.post("reset", &serde_json::json!({})).await?;
    let seconds = options.rooms / options.on.rate() + 4;
    let asked = options.asking * seconds;
    let (asking, peak) = tokio::join!(
        people.ask(asked, options.asking.max(1)),
        drained(&store, &bot, options.rooms + options.few, seconds)
    );
    asking?;
    let peak = peak?;
    let used = bot.process().cpu()?.since(before);
    tokio::time::sleep(Duration::from_secs(10)).await;
    let after = bot.process().resident_kib()?;
    print_delivered(options, &store, (first, second)).await?;
    print_platform(&stand, &people, &[few, many].concat()).await?;
    let each = share(used.user + used.system, u64::from(options.rooms + asked));
    println!("CPU: {:.2} ms a post or answer", millis(each));
    println!(
        "memory: {:.1} MB idle, {:.1} MB at most, {:.1} MB ten seconds after",
        mb(idle),
        mb(peak),
        mb(after)
    );
    bot.stop().await?;
    let log = std::fs::read_to_string(&log_file).unwrap_or_default();
    for line in log.lines() {
        let at = line.find("write transactions").unwrap_or(0);
        println!("{}", &line[at..]);
    }
    println!("load average at the end: {}", machine::load_average()?);
    store.close().await;
    Ok(())
}

/// The first full minute after a while.
pub(super) fn minute_from_now(least: SignedDuration) -> Timestamp {
    let earliest = (Timestamp::now() + least).as_second();
    Timestamp::from_second(earliest + 60 - earliest.rem_euclid(60)).unwrap_or(Timestamp::MAX)
}

pub(super) async fn until(at: Timestamp) {
    let wait = at.duration_since(Timestamp::now());
    tokio::time::sleep(Duration::try_from(wait).unwrap_or_default()).await;
}

/// Waits until all are sent, or twice as long as that may take. Returns the most memory seen, in KiB.
async fn drained(store: &Store, bot: &Bot, posts: u32, seconds: u32) -> Result<u64, LoadError> {
    let mut peak = 0;
    for _ in 0..2 * seconds + 120 {
        peak = peak.max(bot.process().resident_kib()?);
        let states = store.outbox_states(Kind::Post).await?;
        let ended: i64 = states
            .iter()
            .filter(|(state, _)| state != "waiting" && state != "sending")
            .map(|(_, count)| count)
            .sum();
        if ended >= i64::from(posts) {
            break;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Ok(peak)
}

async fn print_delivered(
    options: &Options,
    store: &Store,
    (first, second): (Timestamp, Timestamp),
) -> Result<(), LoadError> {
    let delivered = store.delivered().await?;
    for (name, due, count) in [("few", first, options.few), ("many", second, options.rooms)] {
        let posts: Vec<_> = delivered.iter().filter(|post| post.due == due).collect();
        let late = |post: &&Delivered| post.sent.map(|at| at.duration_since(due));
        let all: Vec<_> = posts.iter().filter_map(late).collect();
        let early = all.iter().filter(|late| late.is_negative()).count();
        let lateness: Latencies = all
            .iter()
            .filter_map(|late| Duration::try_from(*late).ok())
            .collect();
        let rate = f64::from(options.on.rate());
        let last = lateness.percentile(100);
        println!(
            "{name}: {count} rooms due at once, {} sent, {early} early; lateness p50 {:.2} s, p99 {:.2} s, the \
             last {:.2} s: {:.1} % of {rate} a second; tried more than once: {}; repeats: {}",
            all.len(),
            lateness.percentile(50).as_secs_f64(),
            lateness.percentile(99).as_secs_f64(),
            last.as_secs_f64(),
            100.0 * f64::from(count) / last.as_secs_f64() / rate,
            posts.iter().filter(|post| post.attempts > 1).count(),
            posts.iter().map(|post| post.repeats).sum::<i64>(),
        );
    }
    Ok(())
}

async fn print_platform(
    stand: &Stand,
    people: &People<'_>,
    rooms: &[Room],
) -> Result<(), LoadError> {
    let counters = stand.fake.counters().await?;
    let (answers, [p50, p99, max]) = people.waited(&counters);
    println!(
        "people: {answers} answers meanwhile, after p50 {p50:.1} ms, p99 {p99:.1} ms, at most {max:.1} ms"
    );
    let (lost, doubled) = lost_and_doubled(rooms, &stand.posts().await?);
    println!(
        "{}: {} calls refused by its limits (429), {} broke its rules; {lost} rooms lost, {doubled} doubled",
        stand.side.name(),
        count_of(&counters, "refused_by_limits"),
        counters["violations"],
    );
    Ok(())
}
