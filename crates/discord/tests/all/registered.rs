//! The commands in the menu, and what is suggested while one is typed.

use ankle_fakes::discord::{FakeDiscord, Fault};
use serde_json::{Value, json};

use crate::house::{House, mia_in, text, while_time_passes, within};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_registered_already_is_not_registered_again() {
    let (house, _) = House::new().await;
    assert_eq!(house.fake.calls("bulk_set_application_commands"), 1);
    let there = house.fake.commands(None);
    assert_eq!(there.len(), 2);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn suggestions_come_from_zones_and_from_ones_own_tests() {
    let (house, club) = House::new().await;
    let mia = mia_in(&club);
    mia.slash("/ankle test", &[("distance", "9cm left")])
        .await
        .answer()
        .await;
    let typing = mia.types("/ankle me settings", &[], "zone", "berl").await;
    assert_eq!(typing.suggestions().await, ["Europe/Berlin"]);
    let typing = mia.types("/ankle undo", &[], "entry", "").await;
    let found = typing.suggestions().await;
    assert!(
        found.len() == 1 && found[0].starts_with("Left 9.0 cm"),
        "{found:?}"
    );
    let jonas = club.channel("mobility").person("Jonas");
    let typing = jonas.types("/ankle undo", &[], "entry", "").await;
    assert!(
        typing.suggestions().await.is_empty(),
        "nobody sees another's tests"
    );
    let typing = mia.types("/ankle help", &[], "topic", "me s").await;
    assert_eq!(typing.suggestions().await, ["me show", "me settings"]);
    // The writer is busy: what only reads does not wait for it.
    let writing = house.store.begin().await.unwrap();
    let typing = mia.types("/ankle undo", &[], "entry", "").await;
    assert_eq!(typing.suggestions().await.len(), 1);
    drop(writing);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_that_fails_is_tried_again_and_holds_up_no_answer() {
    let mut fault = None;
    let house = House::open(FakeDiscord::builder(), |fake, _| {
        let plan = fake.fault(Fault::ServerError(502));
        fault = Some(plan.on("bulk_set_application_commands").until_cleared());
    })
    .await;
    house.fake.until_ready(1).await;
    let fault = fault.unwrap();
    fault.struck(1).await;
    let club = house.fake.server("Trail Friends");
    let mia = mia_in(&club);
    let history = json!([{ "name": "history", "type": 1, "options": [] }]);
    let answer = mia.slash_raw("ankle", &history).await.answer().await;
    assert!(text(&answer).contains("No tests yet"));
    fault.clear();
    while_time_passes(&house.clock, house.fake.until_registered("ankle")).await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_are_registered_in_one_scope_and_nobody_elses_are_touched() {
    let mut club = None;
    let house = House::open(FakeDiscord::builder(), |fake, config| {
        fake.register(&json!([
            { "name": "ankle", "type": 1, "description": "of yesterday" },
            { "name": "weather", "type": 1, "description": "somebody else's" },
        ]));
        let server = fake.server("Trail Friends");
        config.guild_id = Some(server.id().to_string());
        club = Some(server);
    })
    .await;
    let club = club.unwrap();
    let names = |commands: Vec<Value>| -> Vec<String> {
        let names = commands
            .iter()
            .map(|c| c["name"].as_str().unwrap().to_owned());
        names.collect()
    };
    within(async {
        while names(house.fake.commands(None)) != ["weather"] {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(
        names(house.fake.commands(Some(&club))),
        ["ankle", "ankle-club"]
    );
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_in_the_middle_of_registering_leaves_nothing_in_the_trial_server_for_ever() {
    let mut club = None;
    let mut fault = None;
    let house = House::open(FakeDiscord::builder(), |fake, config| {
        let server = fake.server("Trail Friends");
        config.guild_id = Some(server.id().to_string());
        // Discord has them, and its answer never comes.
        let plan = fake.fault(Fault::DropAfter);
        fault = Some(
            plan.on("bulk_set_guild_application_commands")
                .until_cleared(),
        );
        club = Some(server);
    })
    .await;
    let (club, fault) = (club.unwrap(), fault.unwrap());
    fault.struck(1).await;
    within(async {
        while house.fake.commands(Some(&club)).len() != 2 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    fault.clear();
    let house = house
        .killed_and_begun_anew(|config| config.guild_id = None)
        .await;
    house.fake.until_registered("ankle-club").await;
    while_time_passes(&house.clock, async {
        while !house.fake.commands(Some(&club)).is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(house.fake.commands(None).len(), 2);
    house.close().await;
}
