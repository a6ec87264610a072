//! What is too late, too much, too long, or unlike anything that is known.

use ankle_fakes::discord::{Fault, First};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::house::{House, mia_in, text, while_time_passes, within};

/// Waits until an answer is given up, and counted.
async fn lost(house: &House, times: u64) {
    while_time_passes(&house.clock, async {
        while house.face.counters().lost_answers() < times {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_after_a_quarter_of_an_hour_is_stored_and_its_answer_given_up_at_once() {
    let (house, club) = House::new().await;
    let mia = mia_in(&club);
    let first = mia.slash("/ankle test", &[("distance", "9cm left")]).await;
    let first = first.answer().await;
    let undo = first.custom_id("Undo").unwrap().to_owned();
    let owner = undo.split('|').next().unwrap();
    // One answer is to stand where it was promised, another as a message more.
    let writing = house.store.begin().await.unwrap();
    let test = mia
        .slash("/ankle test", &[("distance", "10cm right")])
        .await;
    let beside = mia.press_forged(&first, &format!("{owner}|undo 999")).await;
    house.clock.advance(SignedDuration::from_secs(2));
    assert_eq!(test.first().await, First::Deferred);
    assert_eq!(beside.first().await, First::Acknowledged);
    house.clock.advance(SignedDuration::from_mins(16));
    drop(writing);
    lost(&house, 2).await;
    let calls = ["update_original_webhook_message", "execute_webhook"];
    assert_eq!(calls.map(|call| house.fake.calls(call)), [1, 1]);
    let history = mia.slash("/ankle history", &[]).await.answer().await;
    assert!(text(&history).contains("R 10.0"), "{}", text(&history));
    house.close_with_unread().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_message_too_many_where_somebody_brought_us_along_is_not_sent_again_and_again() {
    let (house, _) = House::new().await;
    let abroad = house.fake.foreign_server("Elsewhere");
    let zoe = house.fake.user("Zoe").with_app();
    abroad.join(&zoe);
    let zoe = zoe.in_channel(&abroad.channel("general"));
    let test = zoe.slash("/ankle test", &[("distance", "9cm left")]).await;
    let answer = test.answer().await;
    let undo = answer.custom_id("Undo").unwrap().to_owned();
    let owner = undo.split('|').next().unwrap();
    let enough = house.fake.fault(Fault::Error(400, 40_094));
    let enough = enough.on("execute_webhook").until_cleared();
    let writing = house.store.begin().await.unwrap();
    let pressed = zoe
        .press_forged(&answer, &format!("{owner}|undo 999"))
        .await;
    house.clock.advance(SignedDuration::from_secs(2));
    assert_eq!(pressed.first().await, First::Acknowledged);
    drop(writing);
    lost(&house, 1).await;
    assert_eq!(enough.hits(), 1);
    let history = zoe.slash("/ankle history", &[]).await.answer().await;
    assert!(history.ephemeral && text(&history).contains("L 9.0"));
    house.close_with_unread().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_library_cannot_read_is_counted_once_and_answered_if_it_can_be() {
    let (house, club) = House::new().await;
    let (mia, jonas) = (mia_in(&club), club.channel("mobility").person("Jonas"));
    house
        .fake
        .raw_event("INTERACTION_CREATE", &json!({ "id": "1" }));
    house
        .fake
        .raw_event("INTERACTION_CREATE", &json!(["nonsense"]));
    let counters = house.face.counters();
    within(async {
        while counters.unknown() < 2 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    house.fake.change_next(|event| {
        let event = event.as_object_mut().unwrap();
        event.remove("entitlements");
        event.insert("tomorrow".to_owned(), json!({ "new": true }));
    });
    let answer = mia.slash("/ankle history", &[]).await.answer().await;
    assert!(text(&answer).contains("No tests yet"));
    assert_eq!(counters.unknown(), 3);
    // What has no kind that is known can still be told so.
    house.fake.change_next(|event| event["type"] = json!(99));
    let shrugged = mia.slash("/ankle history", &[]).await.answer().await;
    assert!(text(&shrugged).starts_with("This command has changed."));
    assert_eq!(counters.unknown(), 4);
    let answer = jonas.slash("/ankle history", &[]).await.answer().await;
    assert!(text(&answer).contains("No tests yet"));
    assert_eq!(counters.lost_answers(), 0);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_below_a_message_of_an_unknown_kind_is_answered() {
    let (house, club) = House::new().await;
    let mia = mia_in(&club);
    let answer = mia.slash("/ankle test", &[("distance", "9cm")]).await;
    let answer = answer.answer().await;
    let shapes: [fn(&mut Value); 3] = [
        |message| message["type"] = json!(99),
        |message| {
            message["components"] = json!([{ "type": 17, "id": 1, "components": [
                { "type": 10, "id": 2, "content": "x" }, { "type": 98, "id": 3, "new": [] }] }]);
        },
        |message| {
            message["embeds"] = json!([{ "type": "hologram", "new": 1 }]);
            message["flags"] = json!(u64::from(u32::MAX));
        },
    ];
    for (n, shape) in shapes.into_iter().enumerate() {
        house
            .fake
            .change_next(move |event| shape(&mut event["message"]));
        let pressed = mia.press(&answer, "More").await.answer().await;
        assert!(text(&pressed).contains("9.0 cm"), "{n}: {}", text(&pressed));
    }
    house.close_with_unread().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_longer_than_it_may_be_is_refused_and_delays_nobody() {
    let (house, club) = House::new().await;
    let (mia, jonas) = (mia_in(&club), club.channel("mobility").person("Jonas"));
    for length in [201, 6_001, 60_000] {
        let long = "9 ".repeat(length / 2);
        let option = json!([{ "name": "test", "type": 1, "options": [
            { "name": "distance", "type": 3, "value": long }] }]);
        let refused = mia.slash_raw("ankle", &option).await;
        let other = jonas.slash("/ankle history", &[]).await.answer().await;
        assert!(text(&other).contains("No tests yet"));
        let refused = refused.answer().await;
        assert!(refused.ephemeral && text(&refused).chars().count() <= 300);
        // A field of a form.
        let bare = json!([{ "name": "test", "type": 1, "options": [] }]);
        let form = mia.slash_raw("ankle", &bare).await.form().await;
        let typed = long.clone();
        house.fake.change_next(move |event| {
            event["data"]["components"][0]["components"][0]["value"] = json!(typed);
        });
        let refused = mia
            .submit(&form, &[("distance", "9cm")])
            .await
            .answer()
            .await;
        assert!(refused.ephemeral && text(&refused).chars().count() <= 300);
        // What is still being typed.
        house.fake.change_next(move |event| {
            let command = &mut event["data"]["options"][0];
            command["options"][0]["options"][0]["value"] = json!(long);
        });
        let typing = mia.types("/ankle me settings", &[], "zone", "b").await;
        assert!(typing.suggestions().await.is_empty(), "{length}");
    }
    let history = mia.slash("/ankle history", &[]).await.answer().await;
    assert!(
        text(&history).contains("No tests yet"),
        "{}",
        text(&history)
    );
    assert_eq!(house.face.counters().deferred(), 0);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_server_too_a_button_of_yesterday_does_nothing_and_says_what_to_type() {
    let (house, club) = House::new().await;
    let ana = club.organiser("Ana").in_channel(&club.channel("mobility"));
    let asked = ana.slash("/ankle history", &[]).await;
    let history = asked.answer().await;
    let offer = asked.follow_up(0).await;
    let opens = ana.press_forged(&history, "-|challenge create").await;
    let question = opens.answer().await;
    house.clock.advance(SignedDuration::from_hours(25));
    for (shown, label) in [(&offer, "New York"), (&question, "Answer")] {
        let late = ana.press(shown, label).await.answer().await;
        let said = text(&late);
        assert!(
            late.ephemeral && said.starts_with("That button is too old."),
            "{label}: {said}"
        );
    }
    let doctor = ana.slash("/ankle-club doctor", &[]).await.answer().await;
    assert!(text(&doctor).contains("✗ The club has no zone"));
    house.close().await;
}
