//! Sudden ends in the middle of a drain, on both platforms at once: what is lost, what comes twice, and how
//! soon somebody sends again.

use std::collections::{BTreeMap, HashSet};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use ankle_core::store::{Delivered, Kind as Row, Store};
use clap::Args;
use jiff::{SignedDuration, Timestamp};
use scratch_postgres::{Durability, ScratchPostgres};

use super::LoadError;
use super::data::sqlite_url;
use super::figures::Latencies;
use super::machine;
use super::programs::{Bot, FakePlatform, count_of, folder_in, print_disk};
use super::rush::{minute_from_now, until};
use super::seed::{Daily, Room};
use super::stand::{Side, Stand, lost_and_doubled};
use super::table::Table;

/// What to kill, and how often.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// How often a process is killed
    #[arg(long, default_value_t = 200)]
    kills: u32,
    /// How many processes there are: one on SQLite, or several on PostgreSQL
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=4))]
    processes: u16,
    /// How long a call is on its way to a platform, and its answer on the way back, in milliseconds
    #[arg(long, default_value_t = 50)]
    latency: u32,
    /// The folder for the database; what is made there is removed
    #[arg(long, default_value = ".")]
    dir: PathBuf,
}

/// A process is killed between these after somebody was seen sending, in milliseconds.
const EARLIEST: u64 = 20;
const LATEST: u64 = 1_500;

/// So long nothing may happen before the driver gives up.
const PATIENCE: Duration = Duration::from_secs(150);

/// Prints what came of the kills.
///
/// # Errors
///
/// [`LoadError`].
pub async fn run(options: &Options) -> Result<(), LoadError> {
    let folder = folder_in(&options.dir)?;
    print_disk(folder.path())?;
    println!("load average at the start: {}", machine::load_average()?);
    let latency = options.latency.to_string();
    let flags = ["--history", "50", "--latency", &latency];
    let server = match options.processes {
        1 => None,
        _ => Some(ScratchPostgres::start(Durability::Full)?),
    };
    let url = match &server {
        Some(server) => server.new_database()?,
        None => sqlite_url(folder.path(), "anklebot")?,
    };
    let store = Store::open(&url).await?;
    let due = minute_from_now(SignedDuration::from_secs(45));
    let daily = Daily::at(&due.strftime("%H:%M").to_string())?;
    let mut sides = Vec::new();
    for side in [Side::Telegram, Side::Discord] {
        let stand = Stand::start(side, &flags).await?;
        // More than leave until the last kill, so that there is something to kill to the end: between
        // two there is a start too.
        let rooms = stand.rooms(options.kills * side.rate() * 2 + 200).await?;
        daily
            .set(&store, side.platform(), &rooms, Timestamp::now())
            .await?;
        sides.push((stand, rooms));
    }
    let mut scene = Scene {
        store,
        house: House::start(options.processes, &url, folder.path())?,
        sides,
        waits: [Vec::new(), Vec::new()],
        most_in_doubt: 0,
    };
    scene.house.begin(&scene.sides)?;
    until(due).await;
    let kills = scene.kill(options.kills).await?;
    scene.until_drained().await?;
    scene.house.end().await;
    scene.print(kills, due).await?;
    println!("load average at the end: {}", machine::load_average()?);
    Ok(())
}

/// The processes.
struct House {
    url: String,
    folder: PathBuf,
    bots: Vec<Option<Bot>>,
    /// Where each listens for updates: only one could poll.
    ports: Vec<u16>,
}

impl House {
    fn start(processes: u16, url: &str, folder: &Path) -> Result<Self, LoadError> {
        let free = |_| {
            let bound = TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr());
            bound
                .map(|address| address.port())
                .map_err(LoadError::Program)
        };
        Ok(Self {
            url: url.to_owned(),
            folder: folder.to_path_buf(),
            bots: (0..processes).map(|_| None).collect(),
            ports: (0..processes).map(free).collect::<Result<_, _>>()?,
        })
    }

    fn begin(&mut self, sides: &[(Stand, Vec<Room>)]) -> Result<(), LoadError> {
        (0..self.bots.len()).try_for_each(|at| self.begin_one(at, sides))
    }

    fn begin_one(&mut self, at: usize, sides: &[(Stand, Vec<Room>)]) -> Result<(), LoadError> {
        let fakes: Vec<&FakePlatform> = sides.iter().map(|(stand, _)| &stand.fake).collect();
        let mut words = vec![
            ("DATABASE_URL", self.url.clone()),
            ("LOG", "off".to_owned()),
        ];
        let all = self.bots.len();
        if all > 1 {
            let address = format!("127.0.0.1:{}", self.ports[at]);
            words.push(("DISCORD_SHARDS", format!("{at}-{at}/{all}")));
            words.push(("TELEGRAM_WEBHOOK_URL", format!("http://{address}")));
            words.push(("HTTP_ADDR", address));
        }
        let bot = Bot::with(&fakes, &self.folder, &words, Stdio::inherit())?;
        self.bots[at] = Some(bot);
        Ok(())
    }

    async fn kill(&mut self, at: usize) {
        if let Some(mut bot) = self.bots[at].take() {
            bot.kill().await;
        }
    }

    async fn end(&mut self) {
        for at in 0..self.bots.len() {
            self.kill(at).await;
        }
    }
}

struct Scene {
    store: Store,
    house: House,
    sides: Vec<(Stand, Vec<Room>)>,
    /// By side: how long after a kill something was sent again.
    waits: [Vec<Duration>; 2],
    most_in_doubt: i64,
}

impl Scene {
    /// Kills as often as wanted, or until all is sent. Returns how often.
    async fn kill(&mut self, kills: u32) -> Result<u32, LoadError> {
        // Whoever is to be killed first is up and sending.
        self.until_sent(&[0, 0], Instant::now()).await?;
        self.waits = Default::default();
        for kill in 0..kills {
            let number = mix(kill.into());
            let wait = EARLIEST + number % (LATEST - EARLIEST);
            tokio::time::sleep(Duration::from_millis(wait)).await;
            let processes = u64::try_from(self.house.bots.len()).unwrap_or(1);
            let at = usize::try_from((number >> 32) % processes).unwrap_or(0);
            self.house.kill(at).await;
            let killed = Instant::now();
            let (waiting, in_doubt) = self.open().await?;
            self.most_in_doubt = self.most_in_doubt.max(in_doubt);
            if waiting == 0 {
                self.house.begin_one(at, &self.sides)?;
                return Ok(kill + 1);
            }
            // What had left before the kill has arrived by then.
            tokio::time::sleep(Duration::from_millis(5)).await;
            let before = self.sends().await?;
            if processes == 1 {
                self.house.begin_one(at, &self.sides)?;
            }
            self.until_sent(&before, killed).await?;
            if processes > 1 {
                self.house.begin_one(at, &self.sides)?;
            }
        }
        Ok(kills)
    }

    async fn sends(&self) -> Result<[u64; 2], LoadError> {
        let mut all = [0, 0];
        for (count, (stand, _)) in all.iter_mut().zip(&self.sides) {
            *count = stand.sends(&stand.fake.counters().await?);
        }
        Ok(all)
    }

    /// Posts that wait, and posts that are being sent.
    async fn open(&self) -> Result<(i64, i64), LoadError> {
        let states = self.store.outbox_states(Row::Post).await?;
        let of = |state: &str| {
            let found = states.iter().find(|(word, _)| word == state);
            found.map_or(0, |(_, count)| *count)
        };
        Ok((of("waiting"), of("sending")))
    }

    /// Waits until something has left on each side since a kill, unless there is nothing left to send.
    async fn until_sent(&mut self, before: &[u64; 2], killed: Instant) -> Result<(), LoadError> {
        let mut seen = [false; 2];
        while seen != [true; 2] && killed.elapsed() < PATIENCE {
            for (at, now) in self.sends().await?.into_iter().enumerate() {
                if now > before[at] && !seen[at] {
                    seen[at] = true;
                    self.waits[at].push(killed.elapsed());
                }
            }
            // One side may have come to its end before the other.
            if killed.elapsed() > Duration::from_secs(30) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }

    async fn until_drained(&self) -> Result<(), LoadError> {
        let mut latest = (self.open().await?, Instant::now());
        while latest.0 != (0, 0) {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let open = self.open().await?;
            if open != latest.0 {
                latest = (open, Instant::now());
            } else if latest.1.elapsed() > PATIENCE {
                println!("gave up: {open:?} posts wait or are being sent");
                return Ok(());
            }
        }
        Ok(())
    }

    async fn print(&self, kills: u32, due: Timestamp) -> Result<(), LoadError> {
        let delivered = self.store.delivered().await?;
        let columns = [
            "rooms",
            "lost",
            "doubled",
            "a kill",
            "429s",
            "broken rules",
            "early",
            "repeats",
            "next send p50 s",
            "p99 s",
            "max s",
        ];
        let mut table = Table::new("killed", &columns);
        for ((stand, rooms), waits) in self.sides.iter().zip(&self.waits) {
            let (lost, doubled) = lost_and_doubled(rooms, &stand.posts().await?);
            let counters = stand.fake.counters().await?;
            let names: HashSet<&str> = rooms.iter().map(|(_, room)| &**room).collect();
            let is_here = |post: &&Delivered| names.contains(&*post.room);
            let here: Vec<_> = delivered.iter().filter(is_here).collect();
            let early = here
                .iter()
                .filter(|post| post.sent.is_some_and(|at| at < due));
            let waits: Latencies = waits.iter().copied().collect();
            let seconds = |percent| format!("{:.2}", waits.percentile(percent).as_secs_f64());
            let doubled_each = f64::from(u32::try_from(doubled).unwrap_or(u32::MAX));
            table.row(
                stand.side.name(),
                [
                    rooms.len().to_string(),
                    lost.to_string(),
                    doubled.to_string(),
                    format!("{:.2}", doubled_each / f64::from(kills.max(1))),
                    count_of(&counters, "refused_by_limits").to_string(),
                    counters["violations"].to_string(),
                    early.count().to_string(),
                    here.iter()
                        .map(|post| post.repeats)
                        .sum::<i64>()
                        .to_string(),
                    seconds(50),
                    seconds(99),
                    seconds(100),
                ],
            );
        }
        println!(
            "{kills} kills of one of {} processes\n{table}",
            self.house.bots.len()
        );
        println!("most posts in doubt after a kill: {}", self.most_in_doubt);
        let mut ends: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for post in &delivered {
            let reason = post.reason.as_deref().unwrap_or("-");
            *ends.entry((&post.state, reason)).or_default() += 1;
        }
        println!("how posts ended: {ends:?}");
        Ok(())
    }
}

/// The finaliser of `SplitMix64`: the same instants in every run, and no pattern in them.
fn mix(key: u64) -> u64 {
    let mut z = key.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
