//! What may have arrived: after silence, after an outage, and after a sudden end.

use super::*;

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
