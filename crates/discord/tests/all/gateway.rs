//! What the connection goes through, and what ends the face.

use std::sync::Arc;
use std::time::Duration;

use ankle_core::command::Bot;
use ankle_core::face::{Clock, SimulatedClock, SystemClock};
use ankle_core::store::Store;
use ankle_discord::{Config, Discord, ShardRange, StartError, Stopped};
use ankle_fakes::discord::{FakeDiscord, Server};
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use crate::house::{House, mia_in, text, while_time_passes, within};

async fn refusal(change: impl FnOnce(&mut Config)) -> StartError {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let fake = FakeDiscord::start(clock.clone()).await;
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/test.db", folder.path().display());
    let store = Arc::new(Store::open(&url).await.unwrap());
    let mut config = Config {
        token: fake.token(),
        api_url: Some(fake.url()),
        guild_id: None,
        shards: None,
    };
    change(&mut config);
    let bot = Arc::new(Bot::new(store.clone(), clock.clone()));
    let stop = CancellationToken::new();
    match within(Discord::connect(&config, bot, store, clock, &stop)).await {
        Ok(_) => panic!("it started"),
        Err(error) => error,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_mistake_at_the_start_is_one_sentence() {
    let malformed = refusal(|config| config.token = "none at all".into()).await;
    assert!(
        malformed
            .to_string()
            .starts_with("DISCORD_TOKEN does not look like a token")
    );
    let refused = refusal(|config| config.token = "MTIz.Cl2FMQ.nobodyknowsit".into()).await;
    assert!(
        refused
            .to_string()
            .starts_with("Discord refuses DISCORD_TOKEN")
    );
    let address = refusal(|config| config.api_url = Some("nowhere".into())).await;
    assert!(
        address
            .to_string()
            .starts_with("DISCORD_API_URL is no address")
    );
    let guild = refusal(|config| config.guild_id = Some("Trail Friends".into())).await;
    assert!(guild.to_string().starts_with("DISCORD_GUILD_ID must be"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_revoked_later_ends_the_face() {
    let (house, _) = House::new().await;
    house.fake.revoke_token();
    house.fake.gateway_close(4004);
    assert_eq!(while_ended(house).await, Err(Stopped::Token));
}

async fn while_ended(house: House) -> Result<(), Stopped> {
    let clock = house.clock.clone();
    while_time_passes(&clock, house.ended()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn intents_that_are_not_allowed_end_the_face() {
    for code in [4013, 4014] {
        let house = House::open(FakeDiscord::builder(), |_, _| {}).await;
        house.fake.until_ready(1).await;
        house.fake.gateway_close(code);
        assert_eq!(while_ended(house).await, Err(Stopped::Intents), "{code}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_network_at_the_start_it_keeps_trying() {
    let clock = SimulatedClock::new("2026-11-24T10:00:00Z".parse().unwrap());
    let shared: Arc<dyn Clock> = Arc::new(clock.clone());
    let mut fake = FakeDiscord::start(shared.clone()).await;
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/test.db", folder.path().display());
    let store = Arc::new(Store::open(&url).await.unwrap());
    let config = Config {
        token: fake.token(),
        api_url: Some(fake.url()),
        guild_id: None,
        shards: None,
    };
    fake.go_down();
    let bot = Arc::new(Bot::new(store.clone(), shared.clone()));
    let stop = CancellationToken::new();
    let connecting = Discord::connect(&config, bot, store, shared, &stop);
    tokio::pin!(connecting);
    // A few minutes go by, and nobody gives up.
    for _ in 0..20 {
        let early = tokio::time::timeout(Duration::from_millis(20), &mut connecting).await;
        assert!(early.is_err(), "there is nobody to connect to");
        clock.advance(SignedDuration::from_secs(10));
    }
    fake.come_back().await;
    let connected = while_time_passes(&clock, connecting).await;
    assert!(connected.is_ok());
    fake.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_that_has_become_too_small_ends_the_face_with_what_is_wanted() {
    let range = ShardRange {
        first: 0,
        last: 0,
        total: 1,
    };
    let fake = FakeDiscord::builder().least_shards(2);
    let house = House::open(fake, |_, config| config.shards = Some(range)).await;
    assert_eq!(while_ended(house).await, Err(Stopped::Shards { wanted: 2 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_answers_again_after_every_kind_of_loss() {
    let (house, club) = House::new().await;
    let mia = mia_in(&club);
    let answers = async |what: &str| {
        let answer = while_time_passes(&house.clock, async {
            mia.slash("/ankle history", &[]).await.answer().await
        })
        .await;
        assert!(text(&answer).contains("No tests yet"), "{what}");
    };
    answers("at first").await;
    house.fake.gateway_cut();
    house.fake.until_resumed(1).await;
    answers("after a cut").await;
    house.fake.gateway_reconnect();
    house.fake.until_resumed(2).await;
    answers("after an order to reconnect").await;
    house.fake.gateway_close(4000);
    house.fake.until_resumed(3).await;
    answers("after a close").await;
    house.fake.gateway_invalidate(false);
    house.fake.until_identified(2).await;
    house.fake.until_ready(1).await;
    answers("after a session was taken").await;
    house.close().await;
}

/// Somebody asks, and is answered.
async fn answers(house: &House, club: &Server, what: &str) {
    let mia = mia_in(club);
    let asking = async { mia.slash("/ankle history", &[]).await.answer().await };
    let answer = while_time_passes(&house.clock, asking).await;
    assert!(text(&answer).contains("No tests yet"), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_session_that_timed_out_a_new_one_is_begun_and_answers() {
    let (house, club) = House::new().await;
    answers(&house, &club, "at first").await;
    let registered = house.fake.calls("bulk_set_application_commands");
    house.fake.gateway_close(4009);
    while_time_passes(&house.clock, house.fake.until_identified(2)).await;
    house.fake.until_ready(1).await;
    answers(&house, &club, "after the session timed out").await;
    assert_eq!(house.fake.resumes(), 0, "there is nothing to resume");
    let calls = house.fake.calls("bulk_set_application_commands");
    assert_eq!(calls, registered, "the commands are registered already");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resume_that_is_refused_becomes_a_new_session_that_answers() {
    let (house, club) = House::new().await;
    answers(&house, &club, "at first").await;
    let registered = house.fake.calls("bulk_set_application_commands");
    house.fake.gateway_forgets();
    while_time_passes(&house.clock, house.fake.until_identified(2)).await;
    house.fake.until_ready(1).await;
    answers(&house, &club, "after the resume was refused").await;
    assert_eq!(house.fake.resumes(), 0);
    let calls = house.fake.calls("bulk_set_application_commands");
    assert_eq!(calls, registered, "the commands are registered already");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_goes_silent_is_noticed_and_connected_to_anew() {
    let fake = FakeDiscord::builder().heartbeat(Duration::from_millis(500));
    let (house, club) = House::with(fake, |_, _| {}).await;
    answers(&house, &club, "at first").await;
    house.fake.gateway_is_silent(true);
    house.fake.until_gone().await;
    house.fake.gateway_is_silent(false);
    while_time_passes(&house.clock, house.fake.until_identified(2)).await;
    house.fake.until_ready(1).await;
    answers(&house, &club, "after the silence").await;
    let counters = house.face.counters();
    assert_eq!(counters.gateway_restarts(), 0, "the library saw to it");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_close_that_the_library_does_not_expect_is_noticed_and_mended() {
    let (house, club) = House::new().await;
    let mia = mia_in(&club);
    house.fake.gateway_close(4010);
    let again = house.fake.until_identified(2);
    while_time_passes(&house.clock, again).await;
    house.fake.until_ready(1).await;
    assert_eq!(house.face.counters().gateway_restarts(), 1);
    let answer = mia.slash("/ankle history", &[]).await.answer().await;
    assert!(text(&answer).contains("No tests yet"));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_or_gone_deletes_nothing() {
    let (house, club) = House::new().await;
    let mia = mia_in(&club);
    mia.slash("/ankle test", &[("distance", "9cm left")])
        .await
        .answer()
        .await;
    club.goes_down();
    club.comes_back();
    club.kick_bot();
    club.add_bot();
    let history = mia.slash("/ankle history", &[]).await.answer().await;
    assert!(text(&history).contains("L 9.0"));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn as_many_shards_are_opened_as_are_recommended_and_ready_means_all_of_them() {
    let fake = FakeDiscord::builder().least_shards(2);
    let house = House::open(fake, |_, _| {}).await;
    house.fake.until_ready(1).await;
    assert!(!house.face.is_ready());
    house.fake.until_ready(2).await;
    within(async {
        while !house.face.is_ready() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_resume_brings_too_late_to_be_answered_is_not_carried_out() {
    let (house, club) = House::new().await;
    let mia = mia_in(&club);
    answers(&house, &club, "at first").await;
    house.fake.gateway_stalls();
    let test = [("distance", "9cm left")];
    let too_late = mia.slash("/ankle test", &test).await;
    house.clock.advance(SignedDuration::from_secs(8));
    house.fake.gateway_cut();
    while_time_passes(&house.clock, house.fake.until_resumed(1)).await;
    let counters = house.face.counters();
    while_time_passes(&house.clock, async {
        while counters.late() == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(too_late.took().is_none());
    // He has read that we did not respond, and does it again.
    let again = mia.slash("/ankle test", &test).await.answer().await;
    assert!(text(&again).contains("9.0 cm"));
    let history = mia.slash("/ankle history", &[]).await.answer().await;
    assert_eq!(text(&history).matches('#').count(), 1, "{}", text(&history));
    assert_eq!((counters.late(), counters.lost_answers()), (1, 0));
    house.close_with_unread().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_goes_on_after_every_close_that_leaves_it_alive() {
    let (house, club) = House::new().await;
    answers(&house, &club, "at first").await;
    for (n, code) in [1000, 4001, 4002, 4008].into_iter().enumerate() {
        house.fake.gateway_close(code);
        while_time_passes(&house.clock, house.fake.until_resumed(n + 1)).await;
        answers(&house, &club, &code.to_string()).await;
    }
    assert_eq!(house.fake.identifies(), 1);
    let calls = house.fake.calls("bulk_set_application_commands");
    assert_eq!(calls, 1, "the commands are registered already");
    assert_eq!(house.face.counters().gateway_restarts(), 0);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_all_of_discord_was_away_it_answers_again_and_registers_nothing_twice() {
    let (mut house, club) = House::new().await;
    answers(&house, &club, "at first").await;
    house.fake.go_down();
    within(async {
        while house.face.is_ready() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    house.fake.come_back().await;
    // Within ten seconds.
    while_time_passes(&house.clock, house.fake.until_ready(1)).await;
    answers(&house, &club, "after the outage").await;
    assert_eq!(house.fake.calls("bulk_set_application_commands"), 1);
    assert_eq!(house.fake.commands(None).len(), 2);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_of_ours_that_is_wrong_keeps_nobody_from_an_answer_and_lets_nothing_through_too_late()
 {
    for seconds in [-60, 60] {
        let (house, club) = House::with_clock_wrong_by(SignedDuration::from_secs(seconds)).await;
        let mia = mia_in(&club);
        let test = [("distance", "9cm left")];
        for _ in 0..2 {
            answers(&house, &club, &seconds.to_string()).await;
        }
        house.fake.gateway_stalls();
        mia.slash("/ankle test", &test).await;
        house.clock.advance(SignedDuration::from_secs(8));
        house.fake.gateway_cut();
        let counters = house.face.counters();
        while_time_passes(&house.clock, async {
            while counters.late() == 0 {
                tokio::task::yield_now().await;
            }
        })
        .await;
        answers(&house, &club, &seconds.to_string()).await;
        assert_eq!((counters.late(), counters.lost_answers()), (1, 0));
        house.close_with_unread().await;
    }
}
