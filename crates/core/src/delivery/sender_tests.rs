//! What is sent, when and how often, on a platform that does as it is told.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

use super::*;
use crate::card::{Card, plain};
use crate::club::{LastPost, Platform, PostId, ReminderId};
use crate::exercise::{Exercise, Exercises};
use crate::face::{
    AccountAddress, Clock, Forbidden, MessageRef, Messenger, Place, RetryScope, Rights, SendError,
    SendKey, SimulatedClock,
};
use crate::store::{
    Kind, Met, NewChallenge, NewCheckIn, NewReminder, Place as At, Reason, Store, Who,
};

#[path = "challenge_tests.rs"]
mod challenge_tests;
#[path = "doubt_tests.rs"]
mod doubt_tests;
#[path = "lost_room_tests.rs"]
mod lost_room_tests;

const HERE: Platform = Platform("test");
const START: &str = "2026-11-24T10:00:00Z";

/// A platform: what it was told, and what it shall answer next.
#[derive(Default)]
struct Wire {
    clock: Mutex<Option<SimulatedClock>>,
    told: Mutex<Vec<Told>>,
    answers: Mutex<VecDeque<Result<(), SendError>>>,
    keys: Mutex<BTreeSet<String>>,
    /// How many answers are said in any second.
    said: Mutex<usize>,
    /// Whether it knows a message again by its key.
    keyed: bool,
    /// Until then it says that it is out of order.
    away_until: Mutex<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    at: Timestamp,
    what: String,
    text: String,
}

impl Wire {
    fn note(&self, what: String, card: Option<&Card>) {
        let clock = self.clock.lock().unwrap().clone().unwrap();
        let text = card.map(plain).unwrap_or_default();
        let at = clock.now();
        self.told.lock().unwrap().push(Told { at, what, text });
    }

    fn answers(&self, answers: impl IntoIterator<Item = Result<(), SendError>>) {
        self.answers.lock().unwrap().extend(answers);
    }

    /// What the next call shall come to. What is in doubt has arrived.
    fn next(&self) -> Result<(), SendError> {
        self.answers.lock().unwrap().pop_front().unwrap_or(Ok(()))
    }

    fn check(&self) -> Result<(), SendError> {
        let now = self.clock.lock().unwrap().clone().unwrap().now();
        if now < *self.away_until.lock().unwrap() {
            return Err(SendError::Away);
        }
        Ok(())
    }

    fn what(&self) -> Vec<String> {
        let told = self.told.lock().unwrap();
        told.iter().map(|told| told.what.clone()).collect()
    }

    fn times(&self) -> Vec<String> {
        let told = self.told.lock().unwrap();
        let time = |told: &Told| format!("{} {}", told.at.strftime("%d %H:%M:%S"), told.what);
        told.iter().map(time).collect()
    }
}

impl Messenger for Wire {
    async fn send(&self, room: &str, card: &Card, key: &SendKey) -> Result<MessageRef, SendError> {
        self.check()?;
        let answer = self.next();
        let known = self.keyed && self.keys.lock().unwrap().contains(&key.0);
        if matches!(answer, Ok(()) | Err(SendError::InDoubt)) && !known {
            self.keys.lock().unwrap().insert(key.0.clone());
            self.note(format!("send {room}"), Some(card));
        }
        answer?;
        Ok(MessageRef {
            room: room.to_owned(),
            message: key.0.clone(),
        })
    }

    async fn edit(&self, message: &MessageRef, card: &Card) -> Result<(), SendError> {
        let answer = self.next();
        self.note(format!("edit {}", message.message), Some(card));
        answer
    }

    async fn delete(&self, message: &MessageRef) -> Result<(), SendError> {
        let answer = self.next();
        self.note(format!("delete {}", message.message), None);
        answer
    }

    async fn close(&self, message: &MessageRef) -> Result<(), SendError> {
        let answer = self.next();
        self.note(format!("close {}", message.message), None);
        answer
    }

    async fn private_room(&self, account: &str) -> Result<String, SendError> {
        Ok(format!("dm-{account}"))
    }

    async fn is_there(&self) -> Result<(), SendError> {
        self.check()
    }

    fn said_lately(&self, _: Timestamp) -> usize {
        *self.said.lock().unwrap()
    }

    async fn rights(&self, _: &AccountAddress, _: &Place) -> Result<Rights, SendError> {
        Ok(Rights::default())
    }
}

struct Stage {
    store: Arc<Store>,
    clock: SimulatedClock,
    wire: Arc<Wire>,
    falling: Falling,
    sender: Sender<Wire>,
    _folder: tempfile::TempDir,
}

impl Stage {
    async fn new(doubt: Doubt) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/a.db", folder.path().display());
        let store = Arc::new(Store::open(&url).await.unwrap());
        let clock = SimulatedClock::new(START.parse().unwrap());
        let wire = Arc::new(Wire {
            clock: Mutex::new(Some(clock.clone())),
            keyed: doubt == Doubt::Keyed,
            ..Wire::default()
        });
        let (falling, sender) =
            process(&store, &clock, &wire, doubt, SignedDuration::from_hours(6));
        Self {
            store,
            clock,
            wire,
            falling,
            sender,
            _folder: folder,
        }
    }

    /// A room of a chat of its own with a reminder.
    async fn room(&self, name: &str, schedule: &str, zone: &str) -> ReminderId {
        set(&self.store, &self.clock, name, schedule, zone).await
    }

    /// Lets time pass, from what is due to what is due next.
    async fn until(&self, time: &str) {
        until(&self.clock, &self.falling, &self.sender, time).await;
    }

    async fn states(&self, kind: Kind) -> Vec<(String, i64)> {
        self.store.outbox_states(kind).await.unwrap()
    }
}

fn process(
    store: &Arc<Store>,
    clock: &SimulatedClock,
    wire: &Arc<Wire>,
    doubt: Doubt,
    glance: SignedDuration,
) -> (Falling, Sender<Wire>) {
    let house: Arc<dyn Clock> = Arc::new(clock.clone());
    let bell = Arc::new(Notify::new());
    let way = Way {
        seed: 7,
        glance,
        most: Some(30),
        ..Way::per_second(HERE, 25, doubt)
    };
    let falling = Falling::new(store.clone(), house.clone(), bell.clone());
    let sender = Sender::new(wire.clone(), store.clone(), house, bell, way);
    (falling, sender)
}

async fn set(
    store: &Store,
    clock: &SimulatedClock,
    name: &str,
    schedule: &str,
    zone: &str,
) -> ReminderId {
    set_by(store, clock, "mia", name, schedule, zone).await
}

async fn set_by(
    store: &Store,
    clock: &SimulatedClock,
    setter: &str,
    name: &str,
    schedule: &str,
    zone: &str,
) -> ReminderId {
    let now = clock.now();
    let who = Who {
        platform: HERE,
        external: setter,
        name: "Mia",
        locale: Some("en"),
        handle: None,
    };
    let place = At::Room {
        chat: name,
        room: name,
    };
    let mut tx = store.begin().await.unwrap();
    let event = format!("{setter} {name}");
    let met = tx.meet(who, place, &event, now).await.unwrap();
    let Met::Now(visit) = met else {
        panic!("{met:?}")
    };
    let every_day = format!("{schedule} mon,tue,wed,thu,fri,sat,sun");
    let schedule = if schedule.contains(' ') {
        schedule.parse().unwrap()
    } else {
        every_day.parse().unwrap()
    };
    let zone = zone.parse().unwrap();
    let new = NewReminder {
        room: visit.room.unwrap(),
        schedule: &schedule,
        zone: &zone,
        exercises: Exercises::NONE.with(Exercise::CalfRaise),
        board: None,
        keeps: false,
        next: schedule.next(&zone, now),
    };
    let id = tx
        .set_reminder(&new, Some(visit.account), now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    id
}

async fn until(clock: &SimulatedClock, falling: &Falling, sender: &Sender<Wire>, time: &str) {
    let end: Timestamp = time.parse().unwrap();
    loop {
        let due = falling.turn().await.unwrap().unwrap_or(Timestamp::MAX);
        let wake = sender.drain().await.unwrap();
        // Nothing is overlooked between two glances: nobody else writes here.
        let next = due.min(wake).min(end);
        if clock.now() >= end {
            return;
        }
        clock.advance_to(next);
    }
}

#[tokio::test]
async fn a_post_comes_at_its_local_time_once_a_day_and_yesterdays_goes() {
    let stage = Stage::new(Doubt::Once).await;
    stage.room("club", "07:00", "Berlin").await;
    stage.until("2026-11-26T12:00:00Z").await;
    assert_eq!(
        stage.wire.times(),
        [
            "25 06:00:00 send club",
            "26 06:00:00 send club",
            "26 06:00:00 delete post:1",
        ]
    );
    insta::assert_snapshot!(stage.wire.told.lock().unwrap()[0].text, @"
    Ankle minutes · Wed 25 Nov
    • Calf raises on a step: up, then 10 slow seconds down, heels below the edge. 3 × 15
    New? 1 × 8 is a fine start. Skip them with heel pain or a fresh sprain; sharp pain means stop.
    ");
    let figures = stage.sender.figures();
    assert_eq!((figures.posts(), figures.lateness()[0].1), (2, 2));
}

#[tokio::test]
async fn complaint_18_posts_give_way_while_people_are_answered() {
    for (said, most) in [(0, 25), (5, 22)] {
        let stage = Stage::new(Doubt::Once).await;
        *stage.wire.said.lock().unwrap() = said;
        for n in 0..60 {
            stage.room(&format!("club {n}"), "07:00", "UTC").await;
        }
        stage.until("2026-11-25T07:00:10Z").await;
        let times: Vec<_> = stage
            .wire
            .told
            .lock()
            .unwrap()
            .iter()
            .map(|one| one.at)
            .collect();
        assert_eq!(times.len(), 60);
        let within = |from: &Timestamp| {
            let second = SignedDuration::from_secs(1);
            let later = times.iter().filter(|at| *at >= from);
            later.filter(|at| at.duration_since(*from) < second).count()
        };
        assert_eq!(times.iter().map(within).max(), Some(most));
    }
}

#[tokio::test]
async fn complaints_1_to_4_a_spring_gap_still_posts_once_and_a_fold_does_not_post_twice() {
    let stage = Stage::new(Doubt::Once).await;
    stage
        .clock
        .advance_to("2027-03-27T12:00:00Z".parse().unwrap());
    stage.room("club", "02:30", "Berlin").await;
    stage.until("2027-03-29T12:00:00Z").await;
    assert_eq!(
        stage.wire.times()[..2],
        ["28 01:30:00 send club", "29 00:30:00 send club"]
    );
    let stage = Stage::new(Doubt::Once).await;
    stage
        .clock
        .advance_to("2027-10-30T12:00:00Z".parse().unwrap());
    stage.room("club", "02:30", "Berlin").await;
    stage.until("2027-10-31T23:00:00Z").await;
    assert_eq!(stage.wire.times(), ["31 00:30:00 send club"]);
}

#[tokio::test]
async fn many_rooms_due_at_once_leave_at_the_set_pace_and_none_twice() {
    let stage = Stage::new(Doubt::Once).await;
    for room in 0..100 {
        stage.room(&format!("r{room}"), "07:00", "Berlin").await;
    }
    stage.until("2026-11-25T06:00:10Z").await;
    let told = stage.wire.told.lock().unwrap().clone();
    let rooms: BTreeSet<_> = told.iter().map(|told| told.what.clone()).collect();
    assert_eq!((told.len(), rooms.len()), (100, 100));
    let took = told[99].at.duration_since(told[0].at);
    assert_eq!(took, SignedDuration::from_millis(99 * 40));
}

#[tokio::test]
async fn complaints_17_and_18_one_that_was_told_to_wait_waits_and_the_others_go_on() {
    let stage = Stage::new(Doubt::Once).await;
    for room in ["a", "b"] {
        stage.room(room, "07:00", "Berlin").await;
    }
    stage.wire.answers([Err(SendError::RetryAfter {
        after: Duration::from_secs(8),
        scope: RetryScope::Unsaid,
    })]);
    stage.until("2026-11-25T06:00:20Z").await;
    assert_eq!(
        stage.wire.times(),
        ["25 06:00:00 send b", "25 06:00:08 send a"]
    );
    assert_eq!(stage.sender.figures().told_to_wait(), 1);
}

#[tokio::test]
async fn complaints_9_and_10_what_surely_did_not_arrive_is_tried_until_its_grace_is_over() {
    let stage = Stage::new(Doubt::Once).await;
    stage.room("club", "07:00", "Berlin").await;
    stage
        .wire
        .answers([(); 9].map(|()| Err(SendError::NotSent)));
    stage.until("2026-11-25T09:00:00Z").await;
    let told = stage.wire.told.lock().unwrap().remove(0);
    let late = told
        .at
        .duration_since("2026-11-25T06:00:00Z".parse().unwrap());
    assert!(late > SignedDuration::from_mins(10) && late < SignedDuration::from_mins(16));
    assert!(
        told.text.starts_with("Ankle minutes · Wed 25 Nov · late\n"),
        "{}",
        told.text
    );

    stage
        .wire
        .answers([(); 60].map(|()| Err(SendError::NotSent)));
    stage.until("2026-11-26T12:00:00Z").await;
    assert_eq!(stage.wire.told.lock().unwrap().len(), 0);
    let states = stage.states(Kind::Post).await;
    assert_eq!(states, [("expired".to_owned(), 1), ("sent".to_owned(), 1)]);
    assert_eq!(stage.sender.figures().expired(), 1);
}

#[tokio::test]
async fn posts_that_were_missed_while_nothing_ran_are_counted() {
    let stage = Stage::new(Doubt::Once).await;
    for n in 0..3 {
        stage.room(&format!("club {n}"), "07:00", "UTC").await;
    }
    stage
        .clock
        .advance_to("2026-11-25T10:00:00Z".parse().unwrap());
    stage.until("2026-11-25T10:01:00Z").await;
    assert_eq!(stage.falling.falls().missed(), 3);
    assert_eq!(stage.wire.what(), [""; 0]);
}

#[tokio::test]
async fn complaint_8_a_post_that_comes_late_moves_no_later_one() {
    let stage = Stage::new(Doubt::Once).await;
    stage.room("club", "07:00", "Berlin").await;
    stage.wire.answers([Err(SendError::RetryAfter {
        after: Duration::from_mins(90),
        scope: RetryScope::Room,
    })]);
    stage.until("2026-11-26T12:00:00Z").await;
    let mut times = stage.wire.times();
    times.retain(|time| time.contains("send"));
    assert_eq!(times, ["25 07:30:00 send club", "26 06:00:00 send club"]);
}

#[tokio::test]
async fn complaint_17_a_reminder_that_cannot_be_read_holds_up_no_other() {
    let stage = Stage::new(Doubt::Once).await;
    let lost = stage.room("a", "07:00", "Berlin").await;
    stage.room("b", "07:00", "Berlin").await;
    // Lost before it falls due, and then on the way from the outbox.
    stage.store.lose_zone_of(lost).await;
    stage.until("2026-11-25T07:30:00Z").await;
    assert_eq!(stage.wire.times(), ["25 06:00:00 send b"]);
    let stage = Stage::new(Doubt::Once).await;
    let lost = stage.room("a", "07:00", "Berlin").await;
    stage.room("b", "07:00", "Berlin").await;
    stage
        .clock
        .advance_to("2026-11-25T06:00:00Z".parse().unwrap());
    stage.falling.turn().await.unwrap();
    stage.store.lose_zone_of(lost).await;
    stage.until("2026-11-25T12:00:00Z").await;
    assert_eq!(stage.wire.times(), ["25 06:00:00 send b"]);
    let states = stage.states(Kind::Post).await;
    assert_eq!(states, [("expired".to_owned(), 1), ("sent".to_owned(), 1)]);
}

#[tokio::test]
async fn presses_change_a_post_two_seconds_later_and_then_every_ten() {
    let stage = Stage::new(Doubt::Once).await;
    stage.room("club", "07:00", "Berlin").await;
    stage.until("2026-11-25T07:00:00Z").await;
    for time in ["07:00:01", "07:00:02", "07:00:05", "07:00:40"] {
        let mut tx = stage.store.begin().await.unwrap();
        tx.post_changed(PostId(1), stage.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        stage.until(&format!("2026-11-25T{time}Z")).await;
    }
    stage.until("2026-11-25T07:01:00Z").await;
    assert_eq!(
        stage.wire.times()[1..],
        ["25 07:00:02 edit post:1", "25 07:00:12 edit post:1",]
    );
}

#[tokio::test]
async fn complaint_43_loops_beat_while_they_work_and_not_while_their_database_is_gone() {
    let stage = Stage::new(Doubt::Keyed).await;
    let a_second = SignedDuration::from_secs(1);
    let (falling, sender) = process(
        &stage.store,
        &stage.clock,
        &stage.wire,
        Doubt::Keyed,
        a_second,
    );
    let pulses = [falling.pulse(), sender.pulse()];
    let never = std::future::pending;
    let loops = async { tokio::join!(falling.run(never()), sender.run(never())) };
    let looks_on = async {
        for _ in 0..3 {
            stage.clock.advance(a_second);
            let now = stage.clock.now();
            while pulses.iter().any(|pulse| pulse.last() != Some(now)) {
                tokio::task::yield_now().await;
            }
            while stage.clock.next_sleeper().is_none() {
                tokio::task::yield_now().await;
            }
        }
        stage.store.close().await;
        for _ in 0..40 {
            stage.clock.advance(a_second);
            tokio::task::yield_now().await;
        }
        let half_a_minute = SignedDuration::from_secs(30);
        let now = stage.clock.now();
        assert!(
            pulses
                .iter()
                .all(|pulse| pulse.is_still(now, half_a_minute))
        );
    };
    let done = Box::pin(async {
        tokio::select! {
            _ = loops => unreachable!("nobody stops them"),
            () = looks_on => {}
        }
    });
    let in_time = tokio::time::timeout(Duration::from_secs(10), done).await;
    in_time.expect("in time");
}

#[tokio::test]
async fn what_came_of_the_last_post_of_a_reminder_is_known() {
    let stage = Stage::new(Doubt::Once).await;
    let id = stage.room("club", "07:00", "UTC").await;
    let last = async || {
        let mut tx = stage.store.begin().await.unwrap();
        tx.last_post(id).await.unwrap()
    };
    assert_eq!(last().await, None);
    stage.wire.answers([
        Ok(()),
        Err(SendError::Forbidden(Forbidden::TopicClosed)),
        Ok(()),
        Err(SendError::Rejected),
    ]);
    stage.until("2026-11-25T12:00:00Z").await;
    let at = |day: &str| format!("2026-11-{day}T07:00:00Z").parse().unwrap();
    assert_eq!(last().await, Some(LastPost::Sent(at("25"))));
    let not = |day: &str, reason: Reason| {
        let (due, reason) = (at(day), reason.word());
        Some(LastPost::NotSent { due, reason })
    };
    stage.until("2026-11-26T12:00:00Z").await;
    assert_eq!(last().await, not("26", Reason::TopicClosed));
    stage.until("2026-11-27T12:00:00Z").await;
    assert_eq!(last().await, not("27", Reason::Rejected));
    stage.until("2026-11-28T07:00:00Z").await;
    assert_eq!(last().await, Some(LastPost::Sent(at("28"))));
}
