//! One line a day: what was done, and what went wrong.

use std::sync::Arc;

use ankle_core::calendar::Zone;
use ankle_core::command::{RefusedPress, Times};
use ankle_core::face::Clock;
use jiff::{SignedDuration, Timestamp};

use super::books::Books;

/// What had been done up to some moment.
#[derive(Default)]
struct Sums {
    posts: u64,
    on_time: u64,
    answers: u64,
    failures: u64,
    refused_presses: [u64; RefusedPress::ALL.len()],
    times: Times,
}

/// A post that says itself that it is late is not on time.
const ON_TIME: SignedDuration = SignedDuration::from_mins(10);

/// The clock may be set, and the machine may sleep: midnight is looked for at least so often.
const LOOK: SignedDuration = SignedDuration::from_mins(10);

/// Says each midnight (UTC) what this process has done since the last.
pub async fn keep(books: Arc<Books>, clock: Arc<dyn Clock>) {
    let mut since = clock.now();
    let mut before = Sums::of(&books);
    loop {
        let midnight = next_midnight(since);
        while clock.now() < midnight {
            let look = clock.now().checked_add(LOOK).unwrap_or(midnight);
            clock.sleep_until(look.min(midnight)).await;
        }
        let now = Sums::of(&books);
        let rooms = books
            .sending()
            .iter()
            .map(|figures| figures.take_rooms())
            .sum();
        tracing::info!("{}", line(since, rooms, &before, &now));
        (since, before) = (midnight.max(since), now);
        // Who slept over several midnights begins with today.
        since = since.max(midnight_before(clock.now()));
    }
}

impl Sums {
    fn of(books: &Books) -> Self {
        let requests = books.requests();
        let mut sums = Self {
            answers: requests.answered(),
            failures: requests.not_saved()
                + requests.panics()
                + books.of_faces("lost_answers")
                + books.missed(),
            refused_presses: requests.refused_presses().map(|(_, n)| n),
            times: requests.times(),
            ..Self::default()
        };
        for figures in books.sending() {
            sums.posts += figures.posts();
            let in_time = |(bound, _): &(Option<SignedDuration>, u64)| {
                bound.is_some_and(|bound| bound <= ON_TIME)
            };
            let classes = figures.lateness().into_iter();
            sums.on_time += classes.filter(in_time).map(|(_, n)| n).sum::<u64>();
            sums.failures += figures.failed()
                + figures.expired()
                + figures.given_up()
                + figures.unreachable()
                + figures.untold();
        }
        sums
    }
}

fn next_midnight(after: Timestamp) -> Timestamp {
    let day = SignedDuration::from_hours(24);
    midnight_before(after)
        .checked_add(day)
        .unwrap_or(Timestamp::MAX)
}

fn midnight_before(at: Timestamp) -> Timestamp {
    let second = at.as_second();
    Timestamp::from_second(second - second.rem_euclid(86_400)).unwrap_or(at)
}

/// What was done between two moments, the first of which may be in the middle of the day.
fn line(since: Timestamp, rooms: usize, before: &Sums, now: &Sums) -> String {
    let posts = now.posts - before.posts;
    let on_time = now.on_time - before.on_time;
    let answers = now.answers - before.answers;
    let failures = now.failures - before.failures;
    let from = if since == midnight_before(since) {
        String::new()
    } else {
        let start = Zone::utc().rules().to_datetime(since).time();
        format!(" since {} UTC", start.strftime("%H:%M"))
    };
    let mut parts = vec![
        count(rooms as u64, "room"),
        format!("{} on time", count(on_time, "post")),
    ];
    if posts > on_time {
        parts.push(format!("{} late", posts - on_time));
    }
    parts.push(count(answers, "answer"));
    parts.extend(p99(&before.times, &now.times));
    parts.extend(refused_presses(before, now));
    parts.push(count(failures, "failure"));
    format!("yesterday{from}: {}", parts.join(", "))
}

/// How many presses did nothing, if any did, and why.
fn refused_presses(before: &Sums, now: &Sums) -> Option<String> {
    let sums = now.refused_presses.iter().zip(before.refused_presses);
    let each = RefusedPress::ALL
        .into_iter()
        .zip(sums.map(|(now, before)| now - before))
        .filter(|(_, n)| *n > 0);
    let reasons: Vec<_> = each
        .clone()
        .map(|(why, n)| format!("{n} {}", why.word()))
        .collect();
    let all: u64 = each.map(|(_, n)| n).sum();
    let presses = if all == 1 { "press" } else { "presses" };
    (all > 0).then(|| format!("{all} refused {presses} ({})", reasons.join(", ")))
}

fn count(n: u64, what: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{n} {what}{plural}")
}

/// How long the slowest answer but one in a hundred took, at most.
fn p99(before: &Times, now: &Times) -> Option<String> {
    let old = |class: usize| before.get(class).map_or(0, |(_, n)| *n);
    let new: Vec<_> = now
        .iter()
        .enumerate()
        .map(|(class, (bound, n))| (*bound, n - old(class)))
        .collect();
    let all: u64 = new.iter().map(|(_, n)| n).sum();
    let wanted = (all * 99).div_ceil(100);
    let mut seen = 0;
    let mut longest = None;
    for (bound, n) in new {
        seen += n;
        match bound {
            Some(bound) if seen >= wanted => {
                return (all > 0).then(|| format!("p99 {} ms", bound.as_millis()));
            }
            Some(bound) => longest = Some(bound),
            None => {}
        }
    }
    longest.map(|bound| format!("p99 over {} ms", bound.as_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ankle_core::face::SimulatedClock;

    fn at(time: &str) -> Timestamp {
        time.parse().unwrap()
    }

    fn times(counts: [u64; 3]) -> Times {
        let bound = |millis| Some(SignedDuration::from_millis(millis));
        [bound(3), bound(9), None].into_iter().zip(counts).collect()
    }

    #[test]
    fn a_day_is_one_line_of_what_was_done_since_the_last() {
        let before = Sums {
            posts: 5,
            on_time: 4,
            answers: 100,
            failures: 3,
            refused_presses: [2, 0, 1],
            times: times([100, 0, 0]),
        };
        let now = Sums {
            posts: 7,
            on_time: 6,
            answers: 131,
            failures: 3,
            refused_presses: [2, 3, 2],
            times: times([129, 2, 0]),
        };
        let said = line(at("2026-11-24T00:00:00Z"), 2, &before, &now);
        assert_eq!(
            said,
            "yesterday: 2 rooms, 2 posts on time, 31 answers, p99 9 ms, 4 refused presses (3 old, 1 over), 0 failures"
        );
    }

    #[test]
    fn a_part_of_a_day_what_was_late_and_what_took_very_long_are_said() {
        let none = Sums::default();
        let now = Sums {
            posts: 3,
            on_time: 1,
            answers: 1,
            failures: 1,
            refused_presses: [1, 0, 0],
            times: times([0, 0, 1]),
        };
        let said = line(at("2026-11-24T20:04:30Z"), 1, &none, &now);
        assert_eq!(
            said,
            "yesterday since 20:04 UTC: 1 room, 1 post on time, 2 late, 1 answer, p99 over 9 ms, 1 refused press (1 foreign), 1 failure"
        );
        let said = line(at("2026-11-24T00:00:00Z"), 0, &none, &Sums::default());
        assert_eq!(
            said,
            "yesterday: 0 rooms, 0 posts on time, 0 answers, 0 failures"
        );
    }

    #[test]
    fn a_morning_on_which_every_post_was_missed_has_failures() {
        let books = Books::new(Arc::default());
        let before = Sums::of(&books);
        let falls: Arc<ankle_core::delivery::Falls> = Arc::default();
        books.falls(falls.clone());
        falls.add_missed(2);
        let said = line(at("2026-11-24T00:00:00Z"), 0, &before, &Sums::of(&books));
        assert_eq!(
            said,
            "yesterday: 0 rooms, 0 posts on time, 0 answers, 2 failures"
        );
    }

    #[test]
    fn a_day_ends_at_midnight() {
        assert_eq!(
            next_midnight(at("2026-11-24T20:04:00Z")),
            at("2026-11-25T00:00:00Z")
        );
        assert_eq!(
            next_midnight(at("2026-11-24T00:00:00Z")),
            at("2026-11-25T00:00:00Z")
        );
    }

    #[derive(Clone, Default)]
    struct Written(Arc<std::sync::Mutex<Vec<u8>>>);

    impl std::io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn each_midnight_has_its_line_and_what_was_slept_over_has_none() {
        let written = Written::default();
        let writer = written.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || writer.clone())
            .finish();
        let _listening = tracing::subscriber::set_default(subscriber);
        let lines = |wanted: &str| {
            let written = written.0.lock().unwrap();
            String::from_utf8_lossy(&written).matches(wanted).count()
        };
        let clock = SimulatedClock::new(at("2026-11-24T20:04:00Z"));
        let books = Arc::new(Books::new(Arc::default()));
        let keeping = tokio::spawn(keep(books, Arc::new(clock.clone())));
        let passes = async |to: &str| {
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
            while clock.now() < at(to) {
                clock.advance_to(at(to).min(clock.next_sleeper().unwrap_or(at(to))));
                for _ in 0..10 {
                    tokio::task::yield_now().await;
                }
            }
        };
        passes("2026-11-24T23:59:59Z").await;
        assert_eq!(lines("yesterday"), 0);
        passes("2026-11-25T00:00:00Z").await;
        assert_eq!(lines("yesterday since 20:04 UTC: 0 rooms"), 1);
        passes("2026-11-26T00:00:00Z").await;
        assert_eq!(lines("yesterday: 0 rooms"), 1);
        clock.advance_to(at("2026-11-29T12:00:00Z"));
        passes("2026-11-29T12:00:00Z").await;
        assert_eq!(lines("yesterday"), 3, "one for all of it");
        passes("2026-11-30T00:00:00Z").await;
        assert_eq!(lines("yesterday"), 4);
        keeping.abort();
    }
}
