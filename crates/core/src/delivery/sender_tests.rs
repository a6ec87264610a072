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
async fn what_is_in_doubt_is_repeated_once_and_counted() {
    let stage = Stage::new(Doubt::Once).await;
    stage.room("club", "07:00", "Berlin").await;
    stage
        .wire
        .answers([(); 2].map(|()| Err(SendError::InDoubt)));
    stage.until("2026-11-25T08:00:00Z").await;
    assert_eq!(
        stage.wire.times(),
        [
            "25 06:00:00 send club",
            "25 06:00:30 send club",
            "25 06:01:00 send dm-mia"
        ]
    );
    insta::assert_snapshot!(stage.wire.told.lock().unwrap()[2].text, @"
    I couldn't post a reminder this morning: I got no clear answer, so it may be there or not.
    It is reminder #1 07:00 daily (Berlin). You hear of it this once.
    ");
    let figures = stage.sender.figures();
    assert_eq!((figures.repeats(), figures.given_up()), (1, 1));
    assert_eq!(stage.states(Kind::Post).await, [("failed".to_owned(), 1)]);
}

#[tokio::test]
async fn an_outage_that_says_so_loses_no_post_and_few_are_in_doubt() {
    for (doubt, lasts) in [Doubt::Once, Doubt::Keyed]
        .into_iter()
        .flat_map(|doubt| [(doubt, 10), (doubt, 95)])
    {
        let stage = Stage::new(doubt).await;
        for n in 0..60 {
            stage.room(&format!("club {n}"), "07:00", "UTC").await;
        }
        let start: Timestamp = "2026-11-25T07:00:00Z".parse().unwrap();
        let back = start.checked_add(SignedDuration::from_mins(lasts)).unwrap();
        *stage.wire.away_until.lock().unwrap() = back;
        stage.until("2026-11-25T09:00:00Z").await;
        let rooms: BTreeSet<_> = stage.wire.what().into_iter().collect();
        assert_eq!((rooms.len(), stage.wire.what().len()), (60, 60));
        assert_eq!(stage.states(Kind::Post).await, [("sent".to_owned(), 60)]);
        let figures = stage.sender.figures();
        assert!((1..=32).contains(&figures.repeats()), "{doubt:?} {lasts}");
        assert_eq!((figures.given_up(), figures.expired()), (0, 0));
    }
}

#[tokio::test]
async fn what_a_platform_takes_for_out_of_order_again_and_again_is_sent_a_few_times_only() {
    for doubt in [Doubt::Once, Doubt::Keyed] {
        let stage = Stage::new(doubt).await;
        stage.room("club", "07:00", "Berlin").await;
        stage.wire.answers([(); 5].map(|()| Err(SendError::Away)));
        stage.until("2026-11-25T12:00:00Z").await;
        assert_eq!(stage.wire.times(), ["25 07:25:30 send dm-mia"]);
        assert_eq!(stage.sender.figures().given_up(), 1);
        assert_eq!(stage.states(Kind::Post).await, [("failed".to_owned(), 1)]);
    }
}

#[tokio::test]
async fn a_platform_that_is_away_in_several_ways_loses_no_post() {
    for doubt in [Doubt::Once, Doubt::Keyed] {
        let stage = Stage::new(doubt).await;
        stage.room("club", "07:00", "Berlin").await;
        stage.wire.answers([
            Err(SendError::Away),
            Err(SendError::NotSent),
            Err(SendError::Away),
            Err(SendError::NotSent),
        ]);
        stage.until("2026-11-25T08:00:00Z").await;
        assert_eq!(stage.wire.what(), ["send club"], "{doubt:?}");
        assert_eq!(stage.states(Kind::Post).await, [("sent".to_owned(), 1)]);
    }
}

/// Twenty rooms due at once, and ten seconds between two messages.
async fn backlog() -> Stage {
    let mut stage = Stage::new(Doubt::Keyed).await;
    for n in 0..20 {
        stage.room(&format!("club {n}"), "07:00", "UTC").await;
    }
    let way = Way {
        spacing: SignedDuration::from_secs(10),
        ..stage.sender.way()
    };
    let house: Arc<dyn Clock> = Arc::new(stage.clock.clone());
    let (wire, store) = (stage.wire.clone(), stage.store.clone());
    stage.sender = Sender::new(wire, store, house, Arc::default(), way);
    stage
}

#[tokio::test]
async fn complaint_14_what_is_in_doubt_goes_before_a_backlog_while_its_key_holds() {
    let stage = backlog().await;
    stage.wire.answers([Err(SendError::InDoubt)]);
    stage.until("2026-11-25T07:00:45Z").await;
    let posts = stage.store.delivered().await.unwrap();
    let first = (&*posts[0].state, posts[0].attempts, posts[0].repeats);
    assert_eq!(first, ("sent", 2, 1));
    let sent = posts.iter().filter(|post| post.state == "sent").count();
    assert_eq!(sent, 4, "fifteen wait behind it");
}

#[tokio::test]
async fn complaint_14_what_is_in_doubt_and_told_to_wait_does_not_go_behind_a_backlog() {
    let stage = backlog().await;
    let wait = SendError::RetryAfter {
        after: Duration::from_secs(15),
        scope: RetryScope::Room,
    };
    let doubt = Err(SendError::InDoubt);
    stage.wire.answers([doubt, Ok(()), Ok(()), Err(wait)]);
    stage.until("2026-11-25T07:00:55Z").await;
    let posts = stage.store.delivered().await.unwrap();
    let first = (&*posts[0].state, posts[0].attempts, posts[0].repeats);
    assert_eq!(first, ("sent", 3, 1));
    let waiting = posts.iter().filter(|post| post.state == "waiting").count();
    assert_eq!(waiting, 16, "behind it");
}

#[tokio::test]
async fn complaint_14_what_is_in_doubt_is_not_said_again_when_its_key_is_forgotten() {
    let stage = Stage::new(Doubt::Keyed).await;
    stage.room("club", "07:00", "UTC").await;
    let wait = SendError::RetryAfter {
        after: Duration::from_mins(2),
        scope: RetryScope::Unsaid,
    };
    stage.wire.answers([Err(SendError::InDoubt), Err(wait)]);
    stage.until("2026-11-25T07:10:00Z").await;
    assert_eq!(stage.wire.what(), ["send club", "send dm-mia"]);
    assert_eq!(stage.states(Kind::Post).await, [("failed".to_owned(), 1)]);
    assert_eq!(stage.sender.figures().given_up(), 1);
}

#[tokio::test]
async fn tries_that_surely_did_not_arrive_take_nothing_from_the_time_of_a_key() {
    let stage = Stage::new(Doubt::Keyed).await;
    stage.room("club", "07:00", "UTC").await;
    let outage = std::iter::repeat_n(Err(SendError::NotSent), 8);
    stage.wire.answers(outage.chain([Err(SendError::InDoubt)]));
    stage.until("2026-11-25T07:30:00Z").await;
    assert_eq!(stage.wire.what(), ["send club"]);
    assert_eq!(stage.states(Kind::Post).await, [("sent".to_owned(), 1)]);
}

#[tokio::test]
async fn a_platform_that_knows_a_key_is_asked_again_for_two_minutes_and_hears_it_once() {
    let stage = Stage::new(Doubt::Keyed).await;
    stage.room("club", "07:00", "Berlin").await;
    stage
        .wire
        .answers([(); 3].map(|()| Err(SendError::InDoubt)));
    stage.until("2026-11-25T08:00:00Z").await;
    assert_eq!(stage.wire.times(), ["25 06:00:00 send club"]);
    let figures = stage.sender.figures();
    assert_eq!((figures.repeats(), figures.given_up()), (0, 0));
    assert_eq!(stage.states(Kind::Post).await, [("sent".to_owned(), 1)]);
}

#[tokio::test]
async fn complaints_16_and_19_a_room_that_is_lost_is_told_of_once_privately_and_comes_back() {
    let stage = Stage::new(Doubt::Once).await;
    stage.room("club", "07:00", "Berlin").await;
    let shut = || Err(SendError::Forbidden(Forbidden::Write));
    stage.wire.answers([shut(), Ok(()), shut(), shut()]);
    stage.until("2026-11-28T12:00:00Z").await;
    assert_eq!(
        stage.wire.times(),
        ["25 06:00:00 send dm-mia", "28 06:00:00 send club"]
    );
    insta::assert_snapshot!(stage.wire.told.lock().unwrap()[0].text, @"
    I couldn't post a reminder this morning: I may not write there.
    It is reminder #1 07:00 daily (Berlin). You hear of it this once.
    ");
    stage.wire.answers([Err(SendError::Gone)]);
    stage.until("2026-11-29T12:00:00Z").await;
    assert_eq!(
        stage.wire.what().last().unwrap(),
        "send dm-mia",
        "news again"
    );
    // Let in again within the grace of a post, the room gets it after all.
    stage.wire.answers([Err(SendError::Gone)]);
    stage.until("2026-11-30T06:30:00Z").await;
    let mut tx = stage.store.begin().await.unwrap();
    tx.revive_chat(HERE, "club", stage.clock.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    stage.until("2026-11-30T06:31:00Z").await;
    assert!(
        stage
            .wire
            .times()
            .contains(&"30 06:30:00 send club".to_owned())
    );
}

#[tokio::test]
async fn who_set_another_reminder_of_a_lost_room_hears_of_it_too_and_each_once() {
    let stage = Stage::new(Doubt::Once).await;
    stage.room("club", "07:00", "UTC").await;
    set_by(&stage.store, &stage.clock, "tom", "club", "08:00", "UTC").await;
    let gone = || Err(SendError::Gone);
    let lost = [gone(), Ok(()), gone(), Ok(()), gone(), gone()];
    stage.wire.answers(lost.clone());
    stage.until("2026-11-26T12:00:00Z").await;
    assert_eq!(stage.wire.what(), ["send dm-mia", "send dm-tom"]);
    stage.until("2026-11-27T12:00:00Z").await;
    stage.wire.told.lock().unwrap().clear();
    stage.wire.answers(lost);
    stage.until("2026-11-29T12:00:00Z").await;
    assert_eq!(
        stage.wire.what(),
        ["send dm-mia", "send dm-tom"],
        "news again"
    );
}

#[tokio::test]
async fn a_test_that_comes_through_makes_the_next_failure_news() {
    let stage = Stage::new(Doubt::Once).await;
    let id = stage.room("club", "07:00", "UTC").await;
    stage
        .wire
        .answers([Err(SendError::Gone), Ok(()), Ok(()), Err(SendError::Gone)]);
    stage.until("2026-11-25T12:00:00Z").await;
    let mut tx = stage.store.begin().await.unwrap();
    let reminder = tx.reminder(id).await.unwrap().unwrap();
    tx.test_post(&reminder, stage.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    stage.until("2026-11-26T12:00:00Z").await;
    assert_eq!(
        stage.wire.what(),
        ["send dm-mia", "send club", "send dm-mia"]
    );
}

#[tokio::test]
async fn of_a_failed_post_whose_setter_has_left_the_deputies_hear_and_else_it_is_counted() {
    for deputy in [true, false] {
        let stage = Stage::new(Doubt::Once).await;
        stage.room("club", "07:00", "UTC").await;
        let now = stage.clock.now();
        let mut tx = stage.store.begin().await.unwrap();
        let who = Who {
            platform: HERE,
            external: "ana",
            name: "Ana",
            locale: None,
            handle: None,
        };
        let place = At::Room {
            chat: "club",
            room: "club",
        };
        let Met::Now(ana) = tx.meet(who, place, "deputy", now).await.unwrap() else {
            panic!()
        };
        if deputy {
            let club = ana.club.unwrap();
            tx.name_deputy(club, ana.account, now).await.unwrap();
        }
        tx.left(HERE, "mia", "club", now).await.unwrap();
        tx.commit().await.unwrap();
        stage.wire.answers([Err(SendError::Gone)]);
        stage.until("2026-11-25T12:00:00Z").await;
        let figures = stage.sender.figures();
        let heard = stage.wire.what();
        if deputy {
            assert_eq!(
                (&heard[..], figures.untold()),
                (&["send dm-ana".to_owned()][..], 0)
            );
        } else {
            assert_eq!((heard.len(), figures.untold()), (0, 1));
        }
    }
}

#[tokio::test]
async fn complaint_19_a_room_that_is_lost_for_good_is_tried_once_a_week_and_revived_at_any_time() {
    let stage = Stage::new(Doubt::Once).await;
    stage.room("club", "07:00", "UTC").await;
    let gone = || Err(SendError::Gone);
    let first = [gone(), Ok(())].into_iter();
    let lost = std::iter::repeat_with(gone).take(100);
    stage.wire.answers(first.chain(lost));
    // All but the notice.
    let tries = || 101 - stage.wire.answers.lock().unwrap().len();
    stage.until("2026-12-02T12:00:00Z").await;
    assert_eq!(tries(), 7, "on each day of a week");
    stage.until("2026-12-30T12:00:00Z").await;
    assert_eq!(tries(), 11, "and once in each of four more");
    assert_eq!(stage.falling.falls().left_out(), 25);
    // Let in again, it gets what is still in time.
    stage.until("2026-12-31T07:20:00Z").await;
    let before = tries();
    stage.wire.answers.lock().unwrap().clear();
    let mut tx = stage.store.begin().await.unwrap();
    let revived = tx.revive_chat(HERE, "club", stage.clock.now()).await;
    assert_eq!((revived.unwrap(), before), (1, 11));
    tx.commit().await.unwrap();
    stage.until("2027-01-01T07:20:00Z").await;
    assert_eq!(
        stage.wire.times(),
        [
            "25 07:00:00 send dm-mia",
            "31 07:20:00 send club",
            "01 07:00:00 send club",
            "01 07:00:00 delete post:38"
        ]
    );
}

#[tokio::test]
async fn complaint_15_a_chat_that_moved_gets_its_post_at_its_new_address() {
    let stage = Stage::new(Doubt::Once).await;
    stage.room("old", "07:00", "Berlin").await;
    let chat = "new".to_owned();
    stage.wire.answers([Err(SendError::Moved { chat })]);
    stage.until("2026-11-26T12:00:00Z").await;
    assert_eq!(stage.wire.what()[..2], ["send new", "send new"]);
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

/// A process begins to send these rows now, and dies before it knows what came of it.
async fn die_sending(stage: &Stage, ids: &[i64]) {
    let now = stage.clock.now();
    let until = now.checked_add(SignedDuration::from_secs(10)).unwrap();
    let dying = stage
        .store
        .take_lease("send:test", "only", (now, until), true);
    let epoch = dying.await.unwrap().unwrap();
    for id in ids {
        let mut tx = stage.store.begin().await.unwrap();
        let lease = ("send:test", epoch);
        tx.claim(PostId(*id), lease, now).await.unwrap().unwrap();
        tx.commit().await.unwrap();
    }
}

/// Another takes its place.
fn begin_anew(stage: &mut Stage) {
    let house: Arc<dyn Clock> = Arc::new(stage.clock.clone());
    let (wire, store) = (stage.wire.clone(), stage.store.clone());
    let way = stage.sender.way();
    stage.sender = Sender::new(wire, store, house, Arc::default(), way);
}

#[tokio::test]
async fn complaint_14_senders_that_die_one_after_the_other_lose_nothing_and_do_not_go_on_for_ever()
{
    let mut stage = Stage::new(Doubt::Once).await;
    stage.room("club", "07:00", "UTC").await;
    let mut time: Timestamp = "2026-11-25T07:00:00Z".parse().unwrap();
    stage.clock.advance_to(time);
    stage.falling.turn().await.unwrap();
    // The living only decide: answers take the whole pace.
    *stage.wire.said.lock().unwrap() = 100;
    for death in 0..4 {
        die_sending(&stage, &[1]).await;
        time = time.checked_add(SignedDuration::from_secs(30)).unwrap();
        stage.clock.advance_to(time);
        begin_anew(&mut stage);
        stage.sender.drain().await.unwrap();
        let then = if death < 3 { "waiting" } else { "failed" };
        assert_eq!(stage.states(Kind::Post).await, [(then.to_owned(), 1)]);
    }
}

#[tokio::test]
async fn complaint_14_what_a_dead_process_had_under_way_is_neither_lost_nor_doubled_with_keys() {
    let stage = Stage::new(Doubt::Keyed).await;
    for room in 0..5 {
        stage.room(&format!("r{room}"), "07:00", "Berlin").await;
    }
    stage
        .clock
        .advance_to("2026-11-25T06:00:00Z".parse().unwrap());
    stage.falling.turn().await.unwrap();
    // It dies after the platform has one of its messages, and before it could write down either.
    die_sending(&stage, &[1, 2]).await;
    let key = SendKey("post:1".to_owned());
    stage.wire.send("r0", &Card::default(), &key).await.unwrap();
    stage.until("2026-11-25T06:01:00Z").await;
    let mut rooms = stage.wire.what();
    assert_eq!(
        rooms[..3],
        ["send r0", "send r2", "send r3"],
        "at once after the start"
    );
    let last = stage.wire.times().pop();
    assert_eq!(
        last.as_deref(),
        Some("25 06:00:03 send r1"),
        "nobody waits for the dead"
    );
    rooms.sort();
    assert_eq!(
        rooms,
        ["send r0", "send r1", "send r2", "send r3", "send r4"]
    );
    assert_eq!(stage.states(Kind::Post).await, [("sent".to_owned(), 5)]);
}

#[tokio::test]
#[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
async fn an_heir_goes_on_within_thirteen_seconds_and_two_that_live_never_double() {
    let server = scratch_postgres::ScratchPostgres::shared().unwrap();
    let url = server.new_database().unwrap();
    let clock = SimulatedClock::new(START.parse().unwrap());
    let wire = Arc::new(Wire {
        clock: Mutex::new(Some(clock.clone())),
        ..Wire::default()
    });
    let store = Arc::new(Store::open(&url).await.unwrap());
    for room in 0..60 {
        set(&store, &clock, &format!("r{room}"), "07:00", "Berlin").await;
    }
    let second_long = SignedDuration::from_secs(1);
    let (falling, first) = process(&store, &clock, &wire, Doubt::Once, second_long);
    let other = Arc::new(Store::open(&url).await.unwrap());
    let (falling_too, second) = process(&other, &clock, &wire, Doubt::Once, second_long);
    // Both let reminders fall due; the first sends for a second, and dies.
    clock.advance_to("2026-11-25T06:00:00Z".parse().unwrap());
    let (a, b) = tokio::join!(falling.turn(), falling_too.turn());
    a.unwrap();
    b.unwrap();
    let died = "2026-11-25T06:00:01Z".parse().unwrap();
    while clock.now() < died {
        let wake = first.drain().await.unwrap();
        let watched = second.drain().await.unwrap();
        clock.advance_to(wake.min(watched).min(died));
    }
    let before = wire.what().len();
    assert!((20..30).contains(&before), "{before}");
    until(&clock, &falling_too, &second, "2026-11-25T06:01:00Z").await;
    let told = wire.told.lock().unwrap().clone();
    let heir = told[before].at.duration_since(died);
    assert!(heir <= SignedDuration::from_secs(13), "{heir}");
    let rooms: BTreeSet<_> = told.iter().map(|told| told.what.clone()).collect();
    assert_eq!((told.len(), rooms.len()), (60, 60));
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
