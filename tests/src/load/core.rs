//! The core on its database: what a command costs, and how long one waits for its answer.
//!
//! Most of a command's CPU time may be threads waking each other, and that costs most where a CPU
//! has to be woken from its rest: a machine that does other work besides gives lower figures than a
//! quiet one. To compare two versions, keep both on one CPU (`taskset -c 1 …`), where a wake is
//! only a switch.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ankle_core::command::Bot;
use ankle_core::face::{Clock, SystemClock};
use ankle_core::store::Store;
use clap::Args;
use clap::builder::RangedU64ValueParser;

use super::LoadError;
use super::crowd::{Crowd, Line};
use super::drive::{FlatOut, Paced, Talk, Tally, flat_out, paced};
use super::figures::{Latencies, micros, millis, rate, share};
use super::machine::{self, Process};
use super::table::Table;

/// What to put the core under.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// How many commands of each kind are given flat out
    #[arg(long, default_value_t = 20_000, value_parser = from_to(1, MANY))]
    commands: u64,
    /// How many accounts they come from: the fewer, the longer each one's history
    #[arg(long, default_value_t = 500, value_parser = from_to(1, MANY))]
    accounts: u64,
    /// How many rooms those accounts are in
    #[arg(long, default_value_t = 50, value_parser = from_to(1, MANY))]
    rooms: u64,
    /// How many commands are under way at once
    #[arg(long, default_value_t = 8, value_parser = from_to(1, 10_000))]
    tasks: u64,
    /// How many commands a second are given when paced
    #[arg(long, default_value_t = 200, value_parser = from_to(1, MANY))]
    rate: u64,
    /// For how many seconds they are given; 0 leaves this part out
    #[arg(long, default_value_t = 20, value_parser = from_to(0, 86_400))]
    seconds: u64,
    /// The folder for the database and for the disk's own figures; what is made there is removed
    #[arg(long, default_value = ".")]
    dir: PathBuf,
    /// An empty database of a PostgreSQL server, instead of a file
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

/// More than that of anything is a slip of the finger.
const MANY: u64 = 1_000_000;

fn from_to(least: u64, most: u64) -> RangedU64ValueParser<u64> {
    RangedU64ValueParser::new().range(least..=most)
}

/// Puts the core under load and prints what it measured.
///
/// # Errors
///
/// [`LoadError`].
pub async fn run(options: &Options) -> Result<(), LoadError> {
    let cannot_use = |cause| folder_error(&options.dir, cause);
    let parent = options.dir.canonicalize().map_err(cannot_use)?;
    let file_system = machine::file_system(&parent)?;
    let folder = tempfile::Builder::new()
        .prefix(".load-")
        .tempdir_in(&parent)
        .map_err(cannot_use)?;
    let url = match &options.database_url {
        Some(url) => url.clone(),
        None => sqlite_url(folder.path())?,
    };
    let store = Arc::new(Store::open(&url).await?);
    if store.tests().await?.0 > 0 {
        return Err(LoadError::InUse);
    }
    print_setting(options, &store, &file_system);
    let measured = Figures::measure(options, &store, folder.path()).await;
    store.close().await;
    measured?.print();
    Ok(())
}

/// All that was measured.
struct Figures {
    tests: FlatOut,
    /// Before and after the tests flat out, in KiB.
    memory: (u64, u64),
    /// After the tests flat out.
    size: String,
    waits: Option<Waits>,
    reads: FlatOut,
}

impl Figures {
    async fn measure(
        options: &Options,
        store: &Arc<Store>,
        folder: &Path,
    ) -> Result<Self, LoadError> {
        let Turns {
            zones,
            tests,
            paced,
            reads,
        } = Turns::of(options);
        let talk = talk(options, store, reads.end);
        // Making accounts and filling caches is no part of what is measured.
        flat_out(&talk, zones, Line::Zone, options.tasks).await?;
        let before = Process::own().resident_kib()?;
        let tests = flat_out(&talk, tests, Line::Test, options.tasks).await?;
        let memory = (before, Process::own().resident_kib()?);
        let size = size(store, &tests);
        let waits = if paced.is_empty() {
            None
        } else {
            Some(Waits::measure(&talk, paced, options.rate, folder).await?)
        };
        let reads = flat_out(&talk, reads, Line::History, options.tasks).await?;
        let figures = Self {
            tests,
            memory,
            size,
            waits,
            reads,
        };
        figures.check(store).await?;
        Ok(figures)
    }

    /// Each test has two legs. Whatever else the core did with the lines, it was not what was to be
    /// measured.
    async fn check(&self, store: &Store) -> Result<(), LoadError> {
        let paced = self.waits.as_ref().map_or(0, |w| w.paced.tally.saved);
        let expected = (self.tests.tally.saved + paced) * 2;
        let (found, _) = store.tests().await?;
        let found = u64::try_from(found).unwrap_or(0);
        if found == expected {
            Ok(())
        } else {
            Err(LoadError::NotLogged { expected, found })
        }
    }

    fn print(&self) {
        print!("\n{}", self.costs());
        print_failures(&self.tests.tally);
        print_failures(&self.reads.tally);
        if let Some(waits) = &self.waits {
            print!("\n{}", waits.table());
            print_failures(&waits.paced.tally);
            println!("p50 of test to p50 of fsync: {:.2}", waits.ratio());
        }
        let (before, after) = self.memory;
        println!("\nmemory     {before} KiB before the tests flat out, {after} KiB after");
        println!("database   {}", self.size);
    }

    fn costs(&self) -> Table {
        let columns = [
            "commands",
            "wall s",
            "per s",
            "CPU µs each",
            "user µs",
            "system µs",
        ];
        let mut table = Table::new("flat out", &columns);
        for (name, run) in [("test", &self.tests), ("history", &self.reads)] {
            let commands = run.tally.saved + run.tally.not_saved;
            let each = |time| format!("{:.0}", micros(share(time, commands)));
            table.row(
                name,
                [
                    commands.to_string(),
                    format!("{:.2}", run.wall.as_secs_f64()),
                    rate(commands, run.wall).to_string(),
                    each(run.cpu.user + run.cpu.system),
                    each(run.cpu.user),
                    each(run.cpu.system),
                ],
            );
        }
        table
    }
}

/// A core on a store, and a crowd that will take so many turns.
fn talk(options: &Options, store: &Arc<Store>, turns: u64) -> Arc<Talk> {
    let clock = Arc::new(SystemClock::new());
    let crowd = Crowd::new(options.accounts, options.rooms, turns, clock.now());
    let bot = Bot::new(Arc::clone(store), clock);
    Arc::new(Talk { bot, crowd })
}

/// Which turns each part takes.
struct Turns {
    zones: Range<u64>,
    tests: Range<u64>,
    paced: Range<u64>,
    reads: Range<u64>,
}

impl Turns {
    fn of(options: &Options) -> Self {
        let tests = options.accounts + options.commands;
        let paced = tests + options.rate * options.seconds;
        Self {
            zones: 0..options.accounts,
            tests: options.accounts..tests,
            paced: tests..paced,
            reads: paced..paced + options.commands,
        }
    }
}

/// How long commands wait, and how long the disk takes at that same time.
struct Waits {
    before: Latencies,
    paced: Paced,
    after: Latencies,
}

impl Waits {
    async fn measure(
        talk: &Arc<Talk>,
        turns: Range<u64>,
        per_second: u64,
        folder: &Path,
    ) -> Result<Self, LoadError> {
        Ok(Self {
            before: fsyncs(folder).await?,
            paced: paced(talk, turns, Line::Test, per_second).await?,
            after: fsyncs(folder).await?,
        })
    }

    fn ratio(&self) -> f64 {
        let fsync = self.before.with(&self.after).percentile(50);
        self.paced.latencies.percentile(50).as_secs_f64() / fsync.as_secs_f64()
    }

    fn table(&self) -> Table {
        let columns = ["count", "p50 ms", "p90 ms", "p99 ms", "max ms"];
        let mut table = Table::new("paced", &columns);
        for (name, latencies) in [
            ("test", &self.paced.latencies),
            ("given late by", &self.paced.lateness),
            ("fsync before", &self.before),
            ("fsync after", &self.after),
        ] {
            let percentiles = [50, 90, 99, 100].map(|percent| latencies.percentile(percent));
            let figures = percentiles.map(|latency| format!("{:.2}", millis(latency)));
            table.row(
                name,
                [latencies.count().to_string()].into_iter().chain(figures),
            );
        }
        table
    }
}

async fn fsyncs(folder: &Path) -> Result<Latencies, LoadError> {
    const TIMES: u32 = 500;
    let path = folder.to_path_buf();
    tokio::task::spawn_blocking(move || machine::fsyncs(&path, TIMES))
        .await?
        .map_err(|cause| folder_error(folder, cause))
}

fn print_setting(options: &Options, store: &Store, file_system: &str) {
    let Options {
        commands,
        accounts,
        rooms,
        tasks,
        rate,
        seconds,
        ..
    } = options;
    let days = (commands + rate * seconds).div_ceil(*accounts);
    println!("crowd      {accounts} accounts in {rooms} rooms, each a test a day for {days} days");
    println!("load       flat out {tasks} at once; paced {rate} a second for {seconds} s");
    match store.file() {
        Some(_) => println!("database   SQLite, synchronous=FULL"),
        None => println!("database   a server, whose own CPU and disk are not in these figures"),
    }
    println!("disk       {file_system}");
    let in_memory = |kind: &&str| file_system.starts_with(*kind);
    if ["tmpfs", "ramfs"].iter().any(in_memory) {
        println!("           this is memory and no disk: choose another folder with --dir");
    }
}

fn print_failures(tally: &Tally) {
    if let Some(why) = &tally.why {
        println!("not saved  {} commands; the first: {why}", tally.not_saved);
    }
}

/// What the tests take in the file and in its write-ahead log.
fn size(store: &Store, tests: &FlatOut) -> String {
    let Some(file) = store.file() else {
        return "its size is the server's business".to_owned();
    };
    let log = PathBuf::from(format!("{}-wal", file.display()));
    let (file, log) = (machine::size(file), machine::size(&log));
    let each = file / tests.tally.saved.max(1);
    let (file, log) = (file / 1_024, log / 1_024);
    format!("{file} KiB and {log} KiB of write-ahead log after that, {each} bytes a test")
}

/// The address of the file to be made. Two characters mean something in an address.
fn sqlite_url(folder: &Path) -> Result<String, LoadError> {
    let path = folder.to_str().ok_or_else(|| LoadError::FolderName {
        path: folder.to_path_buf(),
    })?;
    let path = path.replace('%', "%25").replace('?', "%3F");
    Ok(format!("sqlite://{path}/load.db"))
}

fn folder_error(folder: &Path, cause: std::io::Error) -> LoadError {
    LoadError::Folder {
        path: folder.to_path_buf(),
        cause,
    }
}
