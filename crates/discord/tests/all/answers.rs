//! Who hears what, and when.

use ankle_core::face::Clock;
use ankle_fakes::discord::{Fault, First, Scope};
use jiff::SignedDuration;
use serde_json::json;

use crate::house::{House, mia_in, text, while_time_passes};

#[tokio::test(flavor = "multi_thread")]
async fn a_test_is_answered_to_its_asker_alone_and_shared_by_a_press() {
    let (house, club) = House::new().await;
    let mia = mia_in(&club);
    let asked = mia.slash("/ankle test", &[("distance", "9cm")]).await;
    let answer = asked.answer().await;
    assert!(answer.ephemeral);
    assert!(text(&answer).contains("9.0 cm") && text(&answer).ends_with("Which leg was it?"));
    let sided = mia.press(&answer, "Left").await;
    assert_eq!(sided.first().await, First::Updated, "over the question");
    let answer = sided.answer().await;
    assert!(
        answer.ephemeral && text(&answer).starts_with("Left 9.0 cm"),
        "{}",
        text(&answer)
    );
    let shared = mia.press(&answer, "Share").await.answer().await;
    assert!(!shared.ephemeral);
    assert_eq!(
        text(&shared),
        "Mia logged a knee-to-wall test: Left 9.0 cm ≈ 32.4°. Try yours: `/ankle test`"
    );
    assert!(shared.pings.is_nobody());
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_database_away_for_long_it_is_put_off_in_time_and_answered_later() {
    let (house, club) = House::new().await;
    let mia = mia_in(&club);
    let ana = club.channel("mobility").person("Ana");
    let writing = house.store.begin().await.unwrap();
    let asked = mia.slash("/ankle test", &[("distance", "9cm left")]).await;
    let other = ana.slash("/ankle history", &[]).await;
    house.clock.advance(SignedDuration::from_secs(2));
    for asked in [&asked, &other] {
        assert_eq!(asked.first().await, First::Deferred);
        assert!(asked.took().unwrap() <= SignedDuration::from_millis(2_500));
    }
    drop(writing);
    let answer = while_time_passes(&house.clock, asked.answer()).await;
    assert!(answer.ephemeral && text(&answer).starts_with("Left 9.0 cm"));
    let answer = while_time_passes(&house.clock, other.answer()).await;
    assert!(answer.ephemeral && text(&answer).contains("No tests yet"));
    assert_eq!(house.face.counters().deferred(), 2);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_that_takes_long_keeps_its_message_until_the_answer_comes() {
    let (house, club) = House::new().await;
    let mia = mia_in(&club);
    let answer = mia
        .slash("/ankle test", &[("distance", "9cm")])
        .await
        .answer()
        .await;
    let writing = house.store.begin().await.unwrap();
    let pressed = mia.press(&answer, "Left").await;
    house.clock.advance(SignedDuration::from_secs(2));
    assert_eq!(pressed.first().await, First::Acknowledged);
    drop(writing);
    let edited = while_time_passes(&house.clock, answer.next_edit()).await;
    assert!(text(&edited).starts_with("Left 9.0 cm"));
    // What is for all is put off to all.
    let writing = house.store.begin().await.unwrap();
    let pressed = mia.press(&edited, "Share").await;
    house.clock.advance(SignedDuration::from_secs(2));
    assert_eq!(pressed.first().await, First::Deferred);
    drop(writing);
    let shared = while_time_passes(&house.clock, pressed.answer()).await;
    assert!(!shared.ephemeral && text(&shared).starts_with("Mia logged"));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_promised_to_all_and_is_for_one_is_told_to_him_alone() {
    let (house, club) = House::new().await;
    let mia = mia_in(&club);
    let answer = mia
        .slash("/ankle test", &[("distance", "9cm left")])
        .await
        .answer()
        .await;
    mia.press(&answer, "Undo").await.answer().await;
    let writing = house.store.begin().await.unwrap();
    let wire = format!(
        "{}|share 1",
        answer
            .custom_id("Share")
            .unwrap()
            .split('|')
            .next()
            .unwrap()
    );
    let pressed = mia.press_forged(&answer, &wire).await;
    house.clock.advance(SignedDuration::from_secs(2));
    assert_eq!(pressed.first().await, First::Deferred);
    drop(writing);
    let told = while_time_passes(&house.clock, pressed.follow_up(0)).await;
    assert!(
        told.ephemeral && text(&told).contains("taken back"),
        "{}",
        text(&told)
    );
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_form_completes_for_all_is_put_off_to_all() {
    let (house, club) = House::new().await;
    let channel = club.channel("mobility");
    let boss = club.organiser("Boss").in_channel(&channel);
    let bare = json!([{ "name": "challenge", "type": 2, "options": [{ "name": "create", "type": 1, "options": [] }] }]);
    let form = boss.slash_raw("ankle-club", &bare).await.form().await;
    assert_eq!(form.title, "/ankle-club challenge create");
    let writing = house.store.begin().await.unwrap();
    let sent = boss.submit(&form, &[("title", "raises-30")]).await;
    house.clock.advance(SignedDuration::from_secs(2));
    assert_eq!(sent.first().await, First::Deferred);
    drop(writing);
    let told = while_time_passes(&house.clock, sent.answer()).await;
    assert!(!told.ephemeral, "{}", text(&told));
    assert!(
        text(&told).contains("30 days of calf raises"),
        "{}",
        text(&told)
    );
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interaction_delivered_twice_is_answered_once() {
    let (house, club) = House::new().await;
    let mia = mia_in(&club);
    let asked = mia.slash("/ankle test", &[("distance", "9cm left")]).await;
    asked.again().await;
    asked.answer().await;
    house
        .fake
        .until_called("create_interaction_response", 2)
        .await;
    let history = mia.slash("/ankle history", &[]).await.answer().await;
    assert_eq!(text(&history).matches('#').count(), 1, "{}", text(&history));
    assert_eq!(house.face.counters().lost_answers(), 0);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_response_that_may_have_arrived_is_repeated_and_was_there_once() {
    let (house, club) = House::new().await;
    let mia = mia_in(&club);
    for fault in [
        Fault::DropAfter,
        Fault::ServerErrorAfter(502),
        Fault::ServerError(503),
        Fault::DropBefore,
    ] {
        let _ = house
            .fake
            .fault(fault.clone())
            .on("create_interaction_response")
            .once();
        let asked = mia.slash("/ankle history", &[]).await;
        let answer = while_time_passes(&house.clock, asked.answer()).await;
        assert!(text(&answer).contains("No tests yet"), "{fault:?}");
    }
    assert_eq!(house.face.counters().lost_answers(), 0);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_or_foreign_button_says_so_kindly_and_does_nothing() {
    let (house, club) = House::new().await;
    let mia = mia_in(&club);
    let jonas = club.channel("mobility").person("Jonas");
    let answer = mia
        .slash("/ankle test", &[("distance", "9cm left")])
        .await
        .answer()
        .await;
    let undo = answer.custom_id("Undo").unwrap().to_owned();
    for wire in [
        undo.as_str(),
        "-|undo 1",
        "-|nonsense",
        "!!",
        "?rx|a|b",
        "zz|forget confirm:yes",
    ] {
        let refused = jonas.press_forged(&answer, wire).await;
        let refused = match refused.first().await {
            First::Updated => panic!("{wire} wrote over what is somebody else's"),
            _ => refused.answer().await,
        };
        assert!(refused.ephemeral, "{wire}");
    }
    let history = mia.slash("/ankle history", &[]).await.answer().await;
    assert!(text(&history).contains("L 9.0"));
    house.close_with_unread().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_menu_is_told_so_and_a_missing_argument_opens_a_form() {
    let (house, club) = House::new().await;
    let mia = mia_in(&club);
    let old = mia
        .slash_raw(
            "ankle",
            &json!([{ "name": "stretch", "type": 1, "options": [] }]),
        )
        .await;
    let told = old.answer().await;
    assert!(told.ephemeral && text(&told).starts_with("This command has changed."));
    let older = mia.slash_raw("ankle-test", &json!([])).await.answer().await;
    assert!(text(&older).starts_with("This command has changed."));
    let bare = json!([{ "name": "test", "type": 1, "options": [{ "name": "on", "type": 3, "value": "yesterday" }] }]);
    let form = mia.slash_raw("ankle", &bare).await.form().await;
    assert_eq!(form.title, "/ankle test");
    let first = mia
        .submit(&form, &[("distance", "9cm left")])
        .await
        .answer()
        .await;
    assert!(first.ephemeral && text(&first).contains("9.0 cm"));
    let second = mia
        .submit(&form, &[("distance", "12cm left")])
        .await
        .answer()
        .await;
    assert_eq!(
        text(&second),
        text(&first),
        "a form answered twice is one event"
    );
    let history = mia.slash("/ankle history", &[]).await.answer().await;
    assert_eq!(text(&history).matches('#').count(), 1);
    assert!(
        text(&history).contains("23 Nov"),
        "the option came along: {}",
        text(&history)
    );
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_in_a_form_is_told_beside_the_question_which_stays() {
    let (house, club) = House::new().await;
    let ana = club.organiser("Ana").in_channel(&club.channel("mobility"));
    let zone = [("zone", "Europe/Berlin")];
    let set = ana.slash("/ankle-club club settings", &zone).await;
    set.answer().await;
    set.follow_up(0).await;
    let list = ana.slash("/ankle challenge list", &[]).await.answer().await;
    let asked = ana.press_forged(&list, "-|challenge create").await;
    let question = asked.answer().await;
    let before = text(&question);
    let fills = async |title: &str| {
        let form = ana.press(&question, "Answer").await.form().await;
        let field = form.fields[0].custom_id.clone();
        ana.submit(&form, &[(&field, title)]).await
    };
    for slip in ["<@1> https://example.org", "\"\""] {
        let told = fills(slip).await;
        assert_eq!(told.first().await, First::Message, "{slip}");
        let told = told.answer().await;
        assert!(
            told.ephemeral && told.labels().is_empty(),
            "{}",
            text(&told)
        );
        assert_eq!(text(&question.look()), before);
    }
    let begun = fills("Calves goal:45").await;
    assert!(text(&begun.answer().await).contains("Calves"));
    house.close_with_unread().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_comes_with_its_files() {
    let (house, club) = House::new().await;
    let mia = mia_in(&club);
    mia.slash("/ankle test", &[("distance", "9cm left")])
        .await
        .answer()
        .await;
    let export = mia.slash("/ankle export", &[]).await.answer().await;
    assert!(
        export.ephemeral && export.files.len() == 2,
        "{:?}",
        export.files
    );
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_files_that_are_refused_is_told_so_alone() {
    let (house, club) = House::new().await;
    let mia = mia_in(&club);
    let too_large = house.fake.fault(Fault::Error(413, 40_005));
    let _ = too_large.on("create_interaction_response").once();
    let answer = mia.slash("/ankle export", &[]).await.answer().await;
    assert!(answer.ephemeral && answer.files.is_empty());
    assert_eq!(
        text(&answer),
        "I couldn't send you anklebot-2026-11-24.json, anklebot-2026-11-24.csv. Please ask for it again later."
    );
    assert_eq!(house.face.counters().lost_answers(), 1);
    let again = mia.slash("/ankle export", &[]).await.answer().await;
    assert_eq!(again.files.len(), 2);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_come_out_as_text_and_ping_nobody() {
    let (house, club) = House::new().await;
    for name in [
        "@everyone",
        "<@123> <#1> </a:1>",
        "<b>_*[x](y)@here",
        "`a` ||b|| ~~c~~",
        "# head > q",
    ] {
        let person = club.channel("mobility").person(name);
        let answer = person
            .slash("/ankle test", &[("distance", "9cm left")])
            .await
            .answer()
            .await;
        let shared = person.press(&answer, "Share").await.answer().await;
        assert!(shared.pings.is_nobody(), "{name}");
        let me = person.slash("/ankle me show", &[]).await.answer().await;
        assert!(me.pings.is_nobody(), "{name}");
        let typed = person
            .slash("/ankle test", &[("distance", name)])
            .await
            .answer()
            .await;
        assert!(typed.ephemeral && typed.pings.is_nobody(), "{name}");
    }
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_and_refused_as_expired_is_counted_and_stays_done() {
    let (house, club) = House::new().await;
    let mia = mia_in(&club);
    let expired = house.fake.fault(Fault::NotFound(10_062));
    let expired = expired.on("create_interaction_response").once();
    mia.slash("/ankle test", &[("distance", "9cm left")]).await;
    expired.struck(1).await;
    let history = mia.slash("/ankle history", &[]).await.answer().await;
    assert!(text(&history).contains("L 9.0"));
    let counters = house.face.counters();
    assert_eq!((counters.late(), counters.lost_answers()), (0, 1));
    house.close_with_unread().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_to_wait_with_a_first_response_is_obeyed_while_it_can_still_be_given() {
    let (house, club) = House::new().await;
    let mia = mia_in(&club);
    let calls = || house.fake.calls("create_interaction_response");
    let limited = |seconds| {
        let fault = house
            .fake
            .fault(Fault::TooManyRequests(Scope::User, seconds));
        fault.on("create_interaction_response").once()
    };
    let _ = limited(1.5);
    let asked = mia.slash("/ankle history", &[]).await;
    let answer = while_time_passes(&house.clock, asked.answer()).await;
    assert!(text(&answer).contains("No tests yet"));
    assert!(asked.took().unwrap() >= SignedDuration::from_millis(1_500));
    assert_eq!(calls(), 2);
    // What would come too late is given up, and nobody is asked again and again.
    let limited = limited(60.0);
    mia.slash("/ankle test", &[("distance", "9cm left")]).await;
    limited.struck(1).await;
    while_time_passes(&house.clock, async {
        while house.face.counters().lost_answers() == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(calls(), 3);
    let history = mia.slash("/ankle history", &[]).await.answer().await;
    assert!(text(&history).contains("L 9.0"), "it was done all the same");
    assert_eq!(house.face.counters().invalid_requests(), 2);
    house.close_with_unread().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_to_wait_with_a_message_more_is_obeyed() {
    let (house, club) = House::new().await;
    let ana = club.organiser("Ana").in_channel(&club.channel("mobility"));
    let limited = Fault::TooManyRequests(Scope::User, 4.0);
    let limited = house.fake.fault(limited).on("execute_webhook").once();
    let asked = ana.slash("/ankle history", &[]).await;
    asked.answer().await;
    limited.struck(1).await;
    let before = house.clock.now();
    let more = while_time_passes(&house.clock, asked.follow_up(0)).await;
    assert!(text(&more).contains("Set me up?"));
    let waited = house.clock.now().duration_since(before);
    assert!(waited >= SignedDuration::from_millis(3_900), "{waited}");
    assert_eq!(house.fake.calls("execute_webhook"), 2);
    house.close().await;
}
