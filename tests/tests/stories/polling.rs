//! How updates come, from the first call to the last: what ends it, what it outlives, and what is acknowledged.

use std::sync::Arc;

use ankle_core::command::Bot;
use ankle_core::face::{Clock, MessageRef, Messenger, SimulatedClock};
use ankle_fakes::telegram::{FakeTelegram, Fault};
use ankle_telegram::{Config, Stopped, Telegram};
use serde_json::json;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::stage::{Data, Log, OnTelegram, START, told};
use crate::traps::stage;

#[tokio::test]
async fn another_poller_is_a_conflict_that_ends_with_it() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    let before = stage.counters.poll_failures();
    let conflict = stage.tg.fault(Fault::Conflict).on("getUpdates").times(5);
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    stage.in_time(|| conflict.hits() == 5).await;
    mia.says(&mia.dm(), "/ankle test 9cm right").await;
    stage.in_time(|| mia.dm().unread().len() == 2).await;
    assert_eq!(stage.counters.poll_failures(), before + 5);
    stage.ends_well().await;
}

#[tokio::test]
async fn a_revoked_token_ends_the_face_with_a_reason() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    let revoked = stage.tg.fault(Fault::Unauthorized).until_cleared();
    mia.says(&mia.dm(), "/ankle history").await;
    revoked.struck(1).await;
    let (tg, _, done) = stage.ended().await;
    assert_eq!(done, Err(Stopped::Token));
    tg.finish_with_unread().await;
}

/// A bot that is called instead of polling, as it runs.
async fn called_instead(
    tg: &FakeTelegram,
    clock: &SimulatedClock,
    data: &Data,
) -> (Arc<Telegram>, JoinHandle<Result<(), Stopped>>) {
    let house: Arc<dyn Clock> = Arc::new(clock.clone());
    let bot = Arc::new(Bot::new(data.store.clone(), house.clone()));
    let config = Config {
        token: tg.token(),
        api_url: Some(tg.url()),
        // Nothing is said to it, so nobody listens there.
        webhook_url: Some("http://127.0.0.1:9".to_owned()),
    };
    let stop = CancellationToken::new();
    let face = Telegram::connect(&config, bot, data.store.clone(), house, &stop).await;
    let face = Arc::new(face.unwrap());
    let running = tokio::spawn({
        let face = face.clone();
        async move { face.run(&stop).await }
    });
    (face, running)
}

#[tokio::test]
async fn a_token_that_is_revoked_ends_a_face_that_is_called_too() {
    let (tg, clock) = OnTelegram::prepared().await;
    let data = Data::sqlite().await;
    let (face, running) = called_instead(&tg, &clock, &data).await;
    tg.until_called("setWebhook", 1).await;
    let revoked = tg.fault(Fault::Unauthorized).until_cleared();
    let gone = MessageRef {
        room: "1".to_owned(),
        message: "1".to_owned(),
    };
    assert!(face.delete(&gone).await.is_err());
    revoked.struck(1).await;
    while !running.is_finished() {
        let _ = clock.step();
        tokio::task::yield_now().await;
    }
    assert_eq!(running.await.unwrap(), Err(Stopped::Token));
    assert!(!face.is_ready());
    tg.finish_with_unread().await;
}

#[tokio::test]
async fn an_address_that_telegram_refuses_is_said_so_and_what_can_pass_is_waited_for() {
    let (tg, clock) = OnTelegram::prepared().await;
    let data = Data::sqlite().await;
    let ports = "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443";
    let new = "Bad Request: bad webhook: Failed to resolve host: Name or service not known";
    let refuse = |what: &str| Fault::Error(400, what.to_owned());
    let faults = [
        Fault::TooManyRequests(3),
        Fault::ServerError(502),
        refuse(new),
        refuse(ports),
    ];
    let planted = faults.map(|fault| tg.fault(fault).on("setWebhook").once());
    let (_, running) = called_instead(&tg, &clock, &data).await;
    while !running.is_finished() {
        let _ = clock.step();
        tokio::task::yield_now().await;
    }
    assert!(planted.iter().all(|planted| planted.hits() == 1));
    let stopped = running.await.unwrap().unwrap_err();
    insta::assert_snapshot!(stopped, @"Telegram refuses TELEGRAM_WEBHOOK_URL (Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443): its port must be 443, 80, 88 or 8443. This face has stopped");
    // Each reason has its own advice, and one that nobody knows has none.
    let mut told = Vec::new();
    for why in [
        "IP address 192.168.1.2 is reserved",
        "An HTTPS URL must be provided for webhook",
        "Something quite new",
    ] {
        let refused = refuse(&format!("Bad Request: bad webhook: {why}"));
        tg.fault(refused).on("setWebhook").once();
        let (_, running) = called_instead(&tg, &clock, &data).await;
        told.push(running.await.unwrap().unwrap_err().to_string());
    }
    insta::assert_snapshot!(told.join("\n"), @"
    Telegram refuses TELEGRAM_WEBHOOK_URL (Bad Request: bad webhook: IP address 192.168.1.2 is reserved): its name must lead to an address that can be reached from the internet. This face has stopped
    Telegram refuses TELEGRAM_WEBHOOK_URL (Bad Request: bad webhook: An HTTPS URL must be provided for webhook): it must begin with https://. This face has stopped
    Telegram refuses TELEGRAM_WEBHOOK_URL (Bad Request: bad webhook: Something quite new). This face has stopped
    ");
    tg.finish_with_unread().await;
}

#[tokio::test]
async fn without_a_network_it_tries_until_there_is_one() {
    let clock = SimulatedClock::new(START.parse().unwrap());
    let mut tg = FakeTelegram::start(Arc::new(clock.clone())).await;
    tg.go_down();
    let data = Data::sqlite().await;
    let house: Arc<dyn Clock> = Arc::new(clock.clone());
    let bot = Arc::new(Bot::new(data.store.clone(), house.clone()));
    let config = Config {
        token: tg.token(),
        api_url: Some(tg.url()),
        webhook_url: None,
    };
    let stop = CancellationToken::new();
    let connecting = tokio::spawn({
        let (store, stop) = (data.store.clone(), stop.clone());
        async move { Telegram::connect(&config, bot, store, house, &stop).await }
    });
    // It sleeps, so it has tried in vain; and again.
    for _ in 0..3 {
        while clock.step().is_none() {
            tokio::task::yield_now().await;
        }
    }
    assert!(!connecting.is_finished());
    tg.come_back().await;
    while !connecting.is_finished() {
        let _ = clock.step();
        tokio::task::yield_now().await;
    }
    let telegram = connecting.await.unwrap().unwrap();
    assert_eq!(telegram.username(), "fake_bot");
    tg.finish().await;
}

#[tokio::test]
async fn an_outage_is_survived_and_nothing_said_in_it_is_lost() {
    let mut stage = stage().await;
    let mia = stage.friend("Mia").await;
    stage.tg.go_down();
    stage.in_time(|| stage.counters.poll_failures() >= 3).await;
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    stage.tg.come_back().await;
    stage.in_time(|| !mia.dm().unread().is_empty()).await;
    assert_eq!(stage.tests().await, 1);
    stage.ends_well().await;
}

#[tokio::test]
async fn an_update_of_an_unknown_kind_is_skipped_and_counted() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    stage.tg.unknown_update();
    stage.tg.raw_update("message", &json!({"nonsense": true}));
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    stage.latest(&mia.dm()).await.unwrap();
    assert_eq!(stage.counters.unknown(), 2);
    stage.ends_well().await;
}

#[tokio::test]
async fn an_update_without_a_number_is_said_once_asked_for_rarely_and_gone_past() {
    let log = Log::default();
    let _listening = log.listen();
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    stage.tg.update_without_number();
    stage.in_time(|| stage.counters.unknown() >= 5).await;
    let waits = stage
        .clock
        .next_sleeper()
        .map(|at| at.duration_since(stage.clock.now()));
    assert!(waits.is_none_or(|wait| wait.as_secs() >= 8), "{waits:?}");
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    stage.in_time(|| !mia.dm().unread().is_empty()).await;
    stage.in_time(|| stage.tg.pending_updates() == 0).await;
    assert_eq!(log.lines_with("an update without a number").len(), 1);
    stage.ends_well().await;
}

#[tokio::test]
async fn updates_are_taken_and_gone_past_however_high_their_numbers_are() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    for number in [i64::from(i32::MAX), i64::from(u32::MAX), 1 << 40] {
        stage.tg.next_update_number(number);
        mia.says(&mia.dm(), "/ankle test 9cm left").await;
        mia.says(&mia.dm(), "/ankle test 9cm left").await;
        stage.tg.settled().await;
    }
    assert_eq!(stage.counters.unknown(), 0);
    assert_eq!(stage.tests().await, 6);
    stage.ends_well().await;
}

#[tokio::test]
async fn what_comes_twice_or_late_is_done_once_and_the_answer_repeated() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    stage.tg.next_update_twice();
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    stage.tg.settled().await;
    let answers = mia.dm().unread();
    let texts: Vec<_> = answers.iter().map(|shown| shown.text.as_str()).collect();
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
    assert_eq!(stage.tests().await, 1);
    mia.dm().skip_unread();

    stage.tg.next_update_late();
    mia.says(&mia.dm(), "/ankle test 10cm right").await;
    mia.says(&mia.dm(), "/ankle test 9.5cm left").await;
    stage.tg.settled().await;
    assert_eq!(stage.tests().await, 3);
    mia.dm().skip_unread();

    stage.tg.repeat_update();
    stage.tg.settled().await;
    assert_eq!(stage.tests().await, 3);
    stage.ends_well().await;
}

// What is acknowledged is stored.

#[tokio::test]
async fn without_a_database_the_asker_hears_that_nothing_was_saved() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    stage.data.store.close().await;
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    stage.in_time(|| !mia.dm().unread().is_empty()).await;
    let answer = stage.latest(&mia.dm()).await.unwrap();
    insta::assert_snapshot!(told(&answer), @"Not saved: I couldn't reach my database. Please try again in a minute.");
    stage.ends_well().await;
}

#[tokio::test]
async fn what_the_database_did_not_take_is_not_acknowledged_and_comes_again() {
    let stage = stage().await;
    let group = stage.tg.group("Trail Friends");
    let mia = stage.friend("Mia").await;
    group.join(&mia);
    group.promote(&mia);
    mia.says(&group, "/ankle club settings zone:Berlin").await;
    stage.latest(&mia.dm()).await.unwrap();
    mia.dm().skip_unread();
    stage.data.store.close().await;
    let moved = group.migrate();
    mia.says(&mia.dm(), "/ankle test 8cm left").await;
    let heard = || mia.dm().unread().len();
    stage.in_time(|| heard() > 0).await;
    let polls = stage.tg.calls("getUpdates");
    stage
        .in_time(|| stage.tg.calls("getUpdates") >= polls + 3)
        .await;
    assert!(
        stage.tg.pending_updates() > 0,
        "it is offered again and again"
    );
    assert_eq!(heard(), 1, "what comes along with it is known");

    let stage = stage.restarted().await;
    stage.tg.settled().await;
    moved.promote(&mia);
    mia.says(&moved, "/ankle club show").await;
    let club = stage.latest(&mia.dm()).await.unwrap();
    assert!(
        club.text.contains("Zone: Europe/Berlin"),
        "it moved: {}",
        club.text
    );
    stage.ends_well().await;
}
