//! A simulated year of reminders in hundreds of zones, with sudden ends, pauses and outages: whether every
//! civil date of every zone has its post once.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use ankle_core::calendar::Zone;
use ankle_core::card::{Card, plain};
use ankle_core::club::Platform;
use ankle_core::delivery::{Doubt, Falling, Sender, Way};
use ankle_core::face::{
    AccountAddress, Clock, MessageRef, Messenger, Place, Rights, SendError, SendKey, SimulatedClock,
};
use ankle_core::store::Store;
use clap::Args;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use tokio::sync::Notify;

use super::LoadError;
use super::data::sqlite_url;
use super::machine::{self, Process};
use super::programs::{folder_in, print_disk};
use super::seed::Daily;

/// What to live through.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// How many zones have a room
    #[arg(long, default_value_t = 400)]
    zones: usize,
    /// How many days pass
    #[arg(long, default_value_t = 365)]
    days: u16,
    /// By which one year differs from another
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder for the database; what is made there is removed
    #[arg(long, default_value = ".")]
    dir: PathBuf,
}

/// Prints what a year came to.
///
/// # Errors
///
/// [`LoadError`].
pub async fn run(options: &Options) -> Result<(), LoadError> {
    let folder = folder_in(&options.dir)?;
    print_disk(folder.path())?;
    println!("load average at the start: {}", machine::load_average()?);
    let store = Store::open(&sqlite_url(folder.path(), "year")?).await?;
    let (start, before) = (Instant::now(), Process::own().cpu()?);
    let lived = live(store, options.zones, options.days, options.seed).await?;
    let used = Process::own().cpu()?.since(before);
    println!(
        "{} days in {} zones, with {} sudden ends, {} pauses and {} outages: {} dates expected, {} posts; {} dates \
         missing, {} posts too many, {} early; in {:.0} s, CPU {:.0} s",
        options.days,
        lived.zones,
        lived.ends,
        lived.stops,
        lived.outages,
        lived.expected,
        lived.posts,
        lived.missing.len(),
        lived.doubled.len(),
        lived.early,
        start.elapsed().as_secs_f64(),
        (used.user + used.system).as_secs_f64(),
    );
    for (what, some) in [("missing", &lived.missing), ("too many", &lived.doubled)] {
        for (zone, date) in some.iter().take(10) {
            println!("  {what}: {date} in {zone}");
        }
    }
    println!("load average at the end: {}", machine::load_average()?);
    Ok(())
}

/// What came of it.
#[derive(Debug)]
pub struct Lived {
    /// In how many zones there was a room.
    pub zones: usize,
    /// How many dates should have a post.
    pub expected: usize,
    /// How many posts there were.
    pub posts: usize,
    /// Dates that have none.
    pub missing: Vec<(String, Date)>,
    /// Dates that have another, once for each.
    pub doubled: Vec<(String, Date)>,
    /// How many posts came before their time.
    pub early: usize,
    /// How often the process ended in the middle of a call.
    pub ends: usize,
    /// How often it stopped in order, and stayed away for up to an hour and a half.
    pub stops: usize,
    /// How often the platform could not be reached.
    pub outages: usize,
}

const HERE: Platform = Platform("load");
/// Sixteen days before the clocks change in America, 37 before they do in Europe.
const START: &str = "2026-02-20T10:00:00Z";

/// The longest time for which nothing can be sent: with the longest wait between two tries, and with the
/// time that the rest takes, a post still comes within its two hours.
const LONGEST_OUTAGE: u64 = 95;

/// Lives through some days in some zones, from shortly before the clocks change.
///
/// # Errors
///
/// [`LoadError`].
pub async fn live(store: Store, zones: usize, days: u16, seed: u64) -> Result<Lived, LoadError> {
    let start: Timestamp = START.parse().map_err(|_| LoadError::Answer)?;
    let end = start + SignedDuration::from_hours(24 * i64::from(days));
    let clock = SimulatedClock::new(start);
    let rooms = rooms(zones);
    for (room, daily) in &rooms {
        let here = [(room.clone(), room.clone())];
        daily.set(&store, HERE, &here, start).await?;
    }
    let mut life = Life {
        store: Arc::new(store),
        wire: Arc::new(Wire::new(&clock)),
        clock,
        chance: Chance(seed),
        ends: 0,
        stops: 0,
        outages: 0,
    };
    life.until(end).await?;
    let mut lived = Lived {
        zones: rooms.len(),
        expected: 0,
        posts: 0,
        missing: Vec::new(),
        doubled: Vec::new(),
        early: 0,
        ends: life.ends,
        stops: life.stops,
        outages: life.outages,
    };
    lived.compare(&rooms, &life.wire.told(), (start, end));
    life.store.close().await;
    Ok(lived)
}

type Rooms = Vec<(String, Daily)>;

/// A room for each of some zones, from all over the list. Times are spread over the day, and every third is
/// one at which clocks change. None is so late that an outage could outlast the day.
fn rooms(zones: usize) -> Rooms {
    const TIMES: [&str; 6] = ["02:30", "07:00", "12:15", "00:00", "18:00", "20:45"];
    let names = Zone::names();
    let step = names.len().div_ceil(zones.clamp(1, names.len()));
    let mut order: Vec<&String> = (0..step)
        .flat_map(|first| names.iter().skip(first).step_by(step))
        .collect();
    order.truncate(zones);
    let daily = |(at, name): (usize, &&String)| {
        let mut daily = Daily::at(TIMES[at % TIMES.len()]).ok()?;
        daily.zone = name.parse().ok()?;
        Some(((*name).clone(), daily))
    };
    order.iter().enumerate().filter_map(daily).collect()
}

/// A process, as long as it lives, and what befalls it.
struct Life {
    store: Arc<Store>,
    wire: Arc<Wire>,
    clock: SimulatedClock,
    chance: Chance,
    ends: usize,
    stops: usize,
    outages: usize,
}

impl Life {
    async fn until(&mut self, end: Timestamp) -> Result<(), LoadError> {
        while self.clock.now() < end {
            let sudden = self.process(end).await?;
            self.store.sweep(self.clock.now()).await?;
            // After a sudden end another begins at once: a platform knows a message again for two minutes
            // only. Who was told to stop may stay away for a while.
            if !sudden {
                self.stops += 1;
                let pause = SignedDuration::from_secs(self.chance.up_to(60 * LONGEST_OUTAGE));
                let back = self.clock.now() + pause;
                self.clock.advance_to(back.min(end));
            }
        }
        Ok(())
    }

    /// A process from its beginning to its end, which comes within some days. Tells whether that came in the
    /// middle of a call.
    async fn process(&mut self, end: Timestamp) -> Result<bool, LoadError> {
        let house: Arc<dyn Clock> = Arc::new(self.clock.clone());
        let bell: Arc<Notify> = Arc::default();
        let way = Way {
            glance: SignedDuration::from_hours(6),
            ..Way::per_second(HERE, 40, Doubt::Keyed)
        };
        let (wire, store) = (self.wire.clone(), self.store.clone());
        let falling = Falling::new(store.clone(), house.clone(), bell.clone());
        let sender = Sender::new(wire, store, house, bell, way);
        let mut ends_at = self.within_days(8);
        // Nothing outlasts its two hours if what befalls it comes one by one.
        let mut outage_at = self.within_days(6) + SignedDuration::from_hours(4);
        loop {
            let now = self.clock.now();
            if now >= ends_at && self.chance.one_in(3) {
                return Ok(false);
            }
            if now >= ends_at {
                self.wire.lock().ends = Some(self.chance.one_in(2));
                ends_at = Timestamp::MAX;
            }
            if now >= outage_at {
                let lasts = SignedDuration::from_secs(self.chance.up_to(60 * LONGEST_OUTAGE));
                self.wire.lock().back_at = now + lasts;
                self.outages += 1;
                outage_at = self.within_days(6) + SignedDuration::from_hours(8);
                // Nor does a process end while there is an outage.
                ends_at = ends_at.max(now + SignedDuration::from_hours(4));
            }
            let due = falling.turn().await?.unwrap_or(end);
            let wake = tokio::select! {
                wake = sender.drain() => wake?,
                () = self.wire.over.notified() => {
                    self.ends += 1;
                    return Ok(true);
                }
            };
            if self.clock.now() >= end {
                return Ok(false);
            }
            let next = due.min(wake).min(ends_at).min(outage_at).min(end);
            self.clock.advance_to(next);
        }
    }

    fn within_days(&mut self, days: u64) -> Timestamp {
        self.clock.now() + SignedDuration::from_secs(self.chance.up_to(days * 86_400))
    }
}

/// Numbers that look like chance and are the same in every run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn up_to(&mut self, most: u64) -> i64 {
        i64::try_from(self.next() % most.max(1)).unwrap_or(0)
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.next().is_multiple_of(many)
    }
}

/// A platform that knows a message again by its key, for two minutes and no longer.
struct Wire {
    clock: SimulatedClock,
    inner: Mutex<Inner>,
    /// The process has ended.
    over: Notify,
}

#[derive(Default)]
struct Inner {
    back_at: Timestamp,
    refused: usize,
    /// The process ends in the next call: before or after it has arrived.
    ends: Option<bool>,
    keys: HashMap<String, Timestamp>,
    told: Vec<Told>,
}

impl Inner {
    /// Now no connection is made, now a front end says that there is nothing behind it.
    fn outage(&mut self) -> SendError {
        self.refused += 1;
        if self.refused.is_multiple_of(3) {
            SendError::NotSent
        } else {
            SendError::Away
        }
    }
}

/// A post: where, the first line of it, and when.
#[derive(Clone, Debug)]
struct Told {
    room: String,
    title: String,
    at: Timestamp,
}

const KNOWN: SignedDuration = SignedDuration::from_mins(2);

impl Wire {
    fn new(clock: &SimulatedClock) -> Self {
        Self {
            clock: clock.clone(),
            inner: Mutex::default(),
            over: Notify::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn told(&self) -> Vec<Told> {
        self.lock().told.clone()
    }
}

impl Messenger for Wire {
    async fn send(&self, room: &str, card: &Card, key: &SendKey) -> Result<MessageRef, SendError> {
        let now = self.clock.now();
        let ends = {
            let mut inner = self.lock();
            if now < inner.back_at {
                return Err(inner.outage());
            }
            let ends = inner.ends.take();
            if ends != Some(false) {
                let known = inner.keys.get(&key.0).copied();
                if known.is_none_or(|at| now.duration_since(at) > KNOWN) {
                    let text = plain(card);
                    inner.told.push(Told {
                        room: room.to_owned(),
                        title: text.lines().next().unwrap_or_default().to_owned(),
                        at: now,
                    });
                    inner.keys.insert(key.0.clone(), now);
                }
            }
            if inner.keys.len() > 10_000 {
                inner.keys.retain(|_, at| now.duration_since(*at) <= KNOWN);
            }
            ends.is_some()
        };
        if ends {
            self.over.notify_one();
            std::future::pending::<()>().await;
        }
        Ok(MessageRef {
            room: room.to_owned(),
            message: key.0.clone(),
        })
    }

    async fn edit(&self, _: &MessageRef, _: &Card) -> Result<(), SendError> {
        Ok(())
    }

    async fn delete(&self, _: &MessageRef) -> Result<(), SendError> {
        self.is_there().await
    }

    async fn close(&self, _: &MessageRef) -> Result<(), SendError> {
        Ok(())
    }

    async fn private_room(&self, account: &str) -> Result<String, SendError> {
        Ok(account.to_owned())
    }

    async fn is_there(&self) -> Result<(), SendError> {
        let mut inner = self.lock();
        if self.clock.now() < inner.back_at {
            return Err(inner.outage());
        }
        Ok(())
    }

    async fn rights(&self, _: &AccountAddress, _: &Place) -> Result<Rights, SendError> {
        Ok(Rights::default())
    }
}

impl Lived {
    /// Holds what was told against the calendar of each zone, day by day.
    fn compare(&mut self, rooms: &Rooms, told: &[Told], (start, end): (Timestamp, Timestamp)) {
        let mut by_room: HashMap<&str, Vec<&Told>> = HashMap::new();
        for one in told {
            by_room.entry(&one.room).or_default().push(one);
        }
        self.posts = told.len();
        for (room, daily) in rooms {
            let posts = by_room.remove(&**room).unwrap_or_default();
            let rules = daily.zone.rules();
            let time = time_of(daily);
            let first = rules.to_datetime(start).date();
            for date in first.series(1.day()) {
                let at = rules.to_ambiguous_timestamp(date.to_datetime(time));
                let Ok(at) = at.compatible() else { break };
                if at > end {
                    break;
                }
                // What is due in the last two hours may still be on its way.
                let counts = at > start && at < end - SignedDuration::from_hours(2);
                let title = format!("Ankle minutes · {}", date.strftime("%a %-d %b"));
                let here = posts.iter().filter(|post| post.title.starts_with(&title));
                let times: Vec<_> = here.map(|post| post.at).collect();
                self.early += times.iter().filter(|sent| **sent < at).count();
                self.expected += usize::from(counts);
                if counts && times.is_empty() {
                    self.missing.push((room.clone(), date));
                }
                let more = times.len().saturating_sub(1);
                self.doubled
                    .extend(std::iter::repeat_n((room.clone(), date), more));
            }
        }
    }
}

fn time_of(daily: &Daily) -> jiff::civil::Time {
    let text = daily.schedule.to_string();
    let time = text.split(' ').next().and_then(|time| time.parse().ok());
    time.unwrap_or_default()
}
