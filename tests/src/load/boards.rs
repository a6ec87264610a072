//! Every board of a large club among very many entries: what it costs, and whether that grows with what
//! others have done.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ankle_core::calendar::{Schedule, Zone};
use ankle_core::club::Platform;
use ankle_core::command::Bot;
use ankle_core::face::{
    AccountAddress, Asker, Clock, EventId, Person, Place as Where, Request, RoomAddress, Said,
    SystemClock, Whispers,
};
use ankle_core::store::Crowd;
use clap::Args;

use super::LoadError;
use super::data::{Kind, Makers, Place};
use super::figures::{Latencies, micros, millis, share};
use super::machine::{self, Process};
use super::table::Table;

/// What to look at.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// How many clubs there are; the other database has a tenth of them
    #[arg(long, default_value_t = 20)]
    clubs: u16,
    /// How many members each has
    #[arg(long, default_value_t = 500)]
    members: u16,
    /// How many days they have been at it; an average member has one and a half entries a day
    #[arg(long, default_value_t = 69)]
    days: u16,
    /// How often each board is asked for
    #[arg(long, default_value_t = 300)]
    looks: u32,
    #[command(flatten)]
    place: Place,
}

const HERE: Platform = Platform("load");

/// How often one database is asked before it is the other's turn.
const TURN: u32 = 25;

/// Prints what each board costs among few entries and among ten times as many.
///
/// # Errors
///
/// [`LoadError`].
pub async fn run(options: &Options) -> Result<(), LoadError> {
    let makers = Makers::start(&options.place)?;
    for kind in makers.kinds() {
        let few = filled(&makers, kind, options, options.clubs.div_ceil(10)).await?;
        let many = filled(&makers, kind, options, options.clubs).await?;
        let columns = [
            "p50 ms", "p99 ms", "max ms", "CPU ms", "p50 few", "CPU few", "p50 ×", "CPU ×",
        ];
        let mut table = Table::new(kind.name(), &columns);
        for of in ["check-ins", "streak", "tests"] {
            for time in ["today", "week", "month", "all"] {
                let line = format!("/ankle leaderboard {of} {time}");
                let [few, many] = measure([&few, &many], &line, options.looks).await?;
                table.row(&format!("{of} {time}"), many.row(&few));
            }
        }
        println!("\n{table}");
    }
    println!("load average at the end: {}", machine::load_average()?);
    Ok(())
}

/// A database with so many clubs, and the core on it.
async fn filled(
    makers: &Makers,
    kind: Kind,
    options: &Options,
    clubs: u16,
) -> Result<Bot, LoadError> {
    let store = makers.store(kind, &format!("clubs-{clubs}")).await?;
    let clock = Arc::new(SystemClock::new());
    let now = clock.now();
    let start = Instant::now();
    let today = jiff::tz::TimeZone::UTC.to_datetime(now).date();
    let schedule: Schedule = "07:00 mon".parse().map_err(|_| LoadError::Answer)?;
    let first = today.tomorrow().unwrap_or(today).at(7, 0, 0, 0);
    let (count, zone) = (i64::from(clubs), Zone::utc());
    let rooms = store.fill_rooms(HERE, count, (&schedule, &zone, first), now);
    rooms.await?;
    let crowd = Crowd {
        clubs: count,
        members: i64::from(options.members),
        days: options.days,
        today,
    };
    let entries = store.fill_members(HERE, crowd, now).await?;
    println!(
        "{}: {entries} entries of {} members in {clubs} clubs filled in within {:.0} s",
        kind.name(),
        count * i64::from(options.members),
        start.elapsed().as_secs_f64()
    );
    Ok(Bot::new(store, clock))
}

/// What asking one database came to.
#[derive(Default)]
struct Asked {
    latencies: Latencies,
    cpu: Duration,
}

impl Asked {
    fn cpu_each(&self) -> Duration {
        share(
            self.cpu,
            u64::try_from(self.latencies.count()).unwrap_or(u64::MAX),
        )
    }

    fn row(&self, few: &Self) -> Vec<String> {
        let ms = |latency| format!("{:.2}", millis(latency));
        let at = |percent| self.latencies.percentile(percent);
        let p50_few = few.latencies.percentile(50);
        vec![
            ms(at(50)),
            ms(at(99)),
            ms(at(100)),
            ms(self.cpu_each()),
            ms(p50_few),
            ms(few.cpu_each()),
            format!("{:.2}", micros(at(50)) / micros(p50_few)),
            format!("{:.2}", micros(self.cpu_each()) / micros(few.cpu_each())),
        ]
    }
}

async fn measure(bots: [&Bot; 2], line: &str, looks: u32) -> Result<[Asked; 2], LoadError> {
    let mut all = [Vec::new(), Vec::new()];
    let mut asked = [Asked::default(), Asked::default()];
    let mut number = 0;
    // The first turn fills caches and is no part of it.
    for turn in 0..=looks.div_ceil(TURN) {
        for (at, bot) in bots.iter().enumerate() {
            let before = Process::own().busy()?;
            let mut latencies = Vec::new();
            for _ in 0..TURN {
                number += 1;
                let request = request(line, number);
                let start = Instant::now();
                let answer = bot.answer(&request).await;
                latencies.push(start.elapsed());
                answer.map_err(|error| LoadError::Refused(super::chain(&error)))?;
            }
            let used = Process::own().busy()?.saturating_sub(before);
            if turn > 0 {
                all[at].append(&mut latencies);
                asked[at].cpu += used;
            }
        }
    }
    for (side, latencies) in asked.iter_mut().zip(all) {
        side.latencies = latencies.into_iter().collect();
    }
    Ok(asked)
}

/// A member of the first club asks in its room.
fn request(line: &str, number: u64) -> Request {
    Request {
        event: EventId(format!("load:{line}:{number}")),
        at: jiff::Timestamp::now(),
        asker: Asker::Person(Person {
            account: AccountAddress {
                platform: HERE,
                external: "p7".to_owned(),
            },
            name: "Runner 7".to_owned(),
            locale: Some("en-GB".to_owned()),
            rights: None,
            handle: None,
        }),
        place: Where::Room(RoomAddress {
            chat: "c1".to_owned(),
            room: "c1".to_owned(),
        }),
        said: Said::Line(line.to_owned()),
        whispers: Whispers::Elsewhere,
    }
}
