//! Very many reminders, none of them due: what it costs to look for the next, and whether that grows.

use std::time::Instant;

use ankle_core::calendar::{Schedule, Zone};
use ankle_core::club::Platform;
use ankle_core::store::Store;
use clap::Args;
use jiff::{Timestamp, ToSpan};

use super::LoadError;
use super::data::{Kind, Makers, Place};
use super::figures::{Latencies, micros, share};
use super::machine::{self, Process};
use super::table::Table;

/// What to look through.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// How many rooms have a reminder
    #[arg(long, default_value_t = 1_000_000)]
    rooms: u32,
    /// How many have one in the database that it is compared with
    #[arg(long, default_value_t = 1_000)]
    few: u32,
    /// How often is looked
    #[arg(long, default_value_t = 20_000)]
    looks: u32,
    #[command(flatten)]
    place: Place,
}

/// How often one database is looked into before it is the other's turn: so whatever else the machine
/// does falls on both.
const TURN: u32 = 500;

/// Prints what it costs to look for the next reminder among few and among many, and how it is found.
///
/// # Errors
///
/// [`LoadError`].
pub async fn run(options: &Options) -> Result<(), LoadError> {
    let makers = Makers::start(&options.place)?;
    let columns = ["reminders", "looks", "p50 µs", "p99 µs", "CPU µs here"];
    let mut table = Table::new("none due", &columns);
    let mut ratios = Vec::new();
    for kind in makers.kinds() {
        let few = filled(&makers, kind, "few", options.few).await?;
        let many = filled(&makers, kind, "many", options.rooms).await?;
        print_plans(kind, &many).await?;
        let [few, many] = measure([&few, &many], options.looks).await?;
        for (side, reminders) in [(&few, options.few), (&many, options.rooms)] {
            table.row(kind.name(), side.row(reminders));
        }
        ratios.push(format!(
            "{}: p50 {:.2} times, CPU {:.2} times that among {}",
            kind.name(),
            many.latencies.percentile(50).as_secs_f64()
                / few.latencies.percentile(50).as_secs_f64(),
            many.cpu_each() / few.cpu_each(),
            options.few
        ));
    }
    println!("\n{table}{}", ratios.join("\n"));
    println!("load average at the end: {}", machine::load_average()?);
    Ok(())
}

async fn filled(
    makers: &Makers,
    kind: Kind,
    name: &str,
    rooms: u32,
) -> Result<std::sync::Arc<Store>, LoadError> {
    let store = makers.store(kind, name).await?;
    let now = Timestamp::now();
    let start = Instant::now();
    let schedule: Schedule = "07:00 mon,tue,wed,thu,fri,sat,sun"
        .parse()
        .map_err(|_| LoadError::Answer)?;
    // A thousand different instants, from tomorrow on.
    let tomorrow = jiff::tz::TimeZone::UTC.to_datetime(now).date() + 1.day();
    let parts = 1_000.min(rooms);
    for part in 0..parts {
        let first = tomorrow.at(7, 0, 0, 0) + i64::from(part).minutes();
        let count = i64::from(rooms / parts);
        let zone = Zone::utc();
        let all = store.fill_rooms(Platform("load"), count, (&schedule, &zone, first), now);
        all.await?;
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{}: {rooms} reminders filled in within {seconds:.0} s",
        kind.name()
    );
    Ok(store)
}

async fn print_plans(kind: Kind, store: &Store) -> Result<(), LoadError> {
    for (name, steps) in store.plans_of_due(Timestamp::now()).await? {
        println!("{}, {name}:", kind.name());
        for step in steps {
            println!("  {step}");
        }
    }
    Ok(())
}

/// What looking into one database came to.
#[derive(Default)]
struct Looked {
    latencies: Latencies,
    cpu: std::time::Duration,
}

impl Looked {
    fn cpu_each(&self) -> f64 {
        let count = u64::try_from(self.latencies.count()).unwrap_or(u64::MAX);
        micros(share(self.cpu, count))
    }

    fn row(&self, reminders: u32) -> Vec<String> {
        let percentile = |percent| format!("{:.0}", micros(self.latencies.percentile(percent)));
        vec![
            reminders.to_string(),
            self.latencies.count().to_string(),
            percentile(50),
            percentile(99),
            format!("{:.0}", self.cpu_each()),
        ]
    }
}

async fn measure(stores: [&Store; 2], looks: u32) -> Result<[Looked; 2], LoadError> {
    let mut all = [Vec::new(), Vec::new()];
    let mut looked = [Looked::default(), Looked::default()];
    // The first turn fills caches and is no part of it.
    for turn in 0..=looks.div_ceil(TURN) {
        for (at, store) in stores.iter().enumerate() {
            let before = Process::own().busy()?;
            let mut latencies = Vec::new();
            for _ in 0..TURN {
                let start = Instant::now();
                let next = store.next_due().await?;
                latencies.push(start.elapsed());
                if next.is_none_or(|next| next <= Timestamp::now()) {
                    return Err(LoadError::Answer);
                }
            }
            let used = Process::own().busy()?.saturating_sub(before);
            if turn > 0 {
                all[at].append(&mut latencies);
                looked[at].cpu += used;
            }
        }
    }
    for (side, latencies) in looked.iter_mut().zip(all) {
        side.latencies = latencies.into_iter().collect();
    }
    Ok(looked)
}
