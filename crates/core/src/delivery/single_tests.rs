//! What only one process may do: who does it, and who does it next.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::Single;
use crate::face::{Clock, SimulatedClock};
use crate::store::Store;

const START: &str = "2026-11-24T10:00:00Z";

fn clock() -> SimulatedClock {
    SimulatedClock::new(START.parse().unwrap())
}

fn single(store: &Arc<Store>, clock: &SimulatedClock) -> Single {
    Single::new(store.clone(), Arc::new(clock.clone()), "poll".to_owned())
}

fn nobody_has_it() {
    panic!("nobody else is there");
}

/// Two processes on one server.
async fn two(clock: &SimulatedClock) -> (Single, Single) {
    let server = scratch_postgres::ScratchPostgres::shared().unwrap();
    let url = server.new_database().unwrap();
    let store = Arc::new(Store::open(&url).await.unwrap());
    let other = Arc::new(Store::open(&url).await.unwrap());
    (single(&store, clock), single(&other, clock))
}

/// Lets the clock run until a future is done, in small steps: a lease must not run out while a busy
/// database is still renewing it.
async fn in_time<T>(clock: &SimulatedClock, wanted: impl Future<Output = T>) -> T {
    tokio::pin!(wanted);
    let done = async {
        loop {
            let step = tokio::time::timeout(Duration::from_millis(20), &mut wanted);
            if let Ok(done) = step.await {
                return done;
            }
            clock.advance(SignedDuration::from_millis(100));
        }
    };
    let done = tokio::time::timeout(Duration::from_mins(1), done).await;
    done.expect("in time")
}

fn since_start(clock: &SimulatedClock) -> SignedDuration {
    let start: Timestamp = START.parse().unwrap();
    clock.now().duration_since(start)
}

#[tokio::test]
async fn on_a_file_nobody_is_waited_for_and_nothing_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/a.db", folder.path().display());
    let store = Arc::new(Store::open(&url).await.unwrap());
    let clock = clock();
    let killed = single(&store, &clock);
    let mut held = killed.take(nobody_has_it).await;
    let after = single(&store, &clock);
    after.take(nobody_has_it).await;
    tokio::select! {
        biased;
        () = held.keep() => panic!("it cannot be lost"),
        () = std::future::ready(()) => {}
    }
    assert_eq!(clock.next_sleeper(), None, "and nothing has to be renewed");
}

#[tokio::test]
#[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
async fn an_heir_waits_says_so_once_and_takes_over_within_thirteen_seconds() {
    let clock = clock();
    let (first, second) = two(&clock).await;
    let mut held = first.take(nobody_has_it).await;
    // It lives for longer than the lease by itself.
    let told = Cell::new(0);
    let waiting = second.take(|| told.set(told.get() + 1));
    tokio::pin!(waiting);
    let a_while = clock.sleep_until("2026-11-24T10:00:20Z".parse().unwrap());
    in_time(&clock, async {
        tokio::select! {
            () = held.keep() => panic!("lost"),
            _ = &mut waiting => panic!("taken from who lives"),
            () = a_while => {}
        }
    })
    .await;
    // It dies: nobody renews its lease any more.
    let died = since_start(&clock);
    in_time(&clock, waiting).await;
    let heir = since_start(&clock) - died;
    assert!(heir <= SignedDuration::from_secs(13), "{heir}");
    assert_eq!(told.get(), 1);
}

#[tokio::test]
#[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
async fn who_leaves_is_followed_at_once_and_who_has_lost_it_is_told() {
    let clock = clock();
    let (first, second) = two(&clock).await;
    first.take(nobody_has_it).await.leave().await;
    let mut held = second.take(nobody_has_it).await;
    assert_eq!(since_start(&clock), SignedDuration::ZERO);
    // It sleeps too long, and another takes over.
    clock.advance(SignedDuration::from_secs(11));
    let _heir = first.take(nobody_has_it).await;
    in_time(&clock, held.keep()).await;
    held.leave().await;
    let told = Cell::new(false);
    let waiting = Box::pin(second.take(|| told.set(true)));
    let a_little = clock.sleep_until("2026-11-24T10:00:15Z".parse().unwrap());
    in_time(&clock, async {
        tokio::select! {
            _ = waiting => panic!("what was lost cannot be given back"),
            () = a_little => {}
        }
    })
    .await;
    assert!(told.get());
}

#[tokio::test]
#[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
async fn a_lease_that_ran_out_while_nobody_else_wanted_it_goes_on() {
    let clock = clock();
    let (first, _) = two(&clock).await;
    let mut held = first.take(nobody_has_it).await;
    clock.advance(SignedDuration::from_hours(5));
    let later = clock.sleep_until("2026-11-24T15:00:08Z".parse().unwrap());
    in_time(&clock, async {
        tokio::select! {
            () = held.keep() => panic!("it was nobody else's"),
            () = later => {}
        }
    })
    .await;
}
