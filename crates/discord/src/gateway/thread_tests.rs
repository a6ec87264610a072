use ankle_core::face::{Clock, Said, SystemClock};
use serde_json::{Value, json};

use super::*;
use crate::interaction::tests::{interaction, test_command};
use crate::interaction::{Happening, Incoming};

/// What becomes of an interaction on its way through the library.
fn through(interaction: &Value) -> News {
    let event = json!({ "t": "INTERACTION_CREATE", "d": interaction });
    of_event(serde_json::from_value(event).unwrap()).unwrap()
}

fn said(interaction: &Value) -> String {
    said_in(Incoming::of_json(interaction).unwrap())
}

fn said_in(incoming: Incoming) -> String {
    match incoming.read(SystemClock::new().now()) {
        Some(Happening::Asked(asked)) => format!("{asked:?}"),
        other => format!("{other:?}"),
    }
}

fn command() -> Value {
    let options = json!([{ "name": "distance", "type": 3, "value": "9cm" }]);
    interaction(2, &test_command(&options))
}

#[test]
fn the_library_passes_on_what_we_read() {
    let typing = json!([
        { "name": "distance", "type": 3, "value": "9cm" },
        { "name": "on", "type": 3, "value": "yest", "focused": true },
    ]);
    let all_kinds = json!([
        { "name": "text", "type": 3, "value": "9cm" },
        { "name": "whole", "type": 4, "value": 9 },
        { "name": "either", "type": 5, "value": true },
        { "name": "user", "type": 6, "value": "601" },
        { "name": "channel", "type": 7, "value": "602" },
        { "name": "role", "type": 8, "value": "603" },
        { "name": "number", "type": 10, "value": 9.5 },
        { "name": "round", "type": 10, "value": 9.0 },
    ]);
    let group = json!({ "id": "5", "name": "ankle-club", "type": 1, "options": [
        { "name": "remind", "type": 2, "options": [{ "name": "set", "type": 1, "options": all_kinds }] },
    ] });
    let other = json!({ "id": "5", "name": "old", "type": 1, "options": [] });
    let mut brought_along = command();
    brought_along["authorizing_integration_owners"] = json!({ "1": "400" });
    let mut nobodys = command();
    nobodys["authorizing_integration_owners"] = json!({});
    for sent in [
        command(),
        interaction(2, &test_command(&all_kinds)),
        interaction(2, &group),
        interaction(2, &other),
        interaction(4, &test_command(&typing)),
        brought_along,
        nobodys,
    ] {
        let News::Interaction(Some(passed)) = through(&sent) else {
            panic!("{sent}");
        };
        assert_eq!(said_in(*passed), said(&sent));
    }
}

#[test]
fn a_form_passes_through_the_library() {
    let rows = json!([{ "type": 1, "components": [{ "type": 4, "custom_id": "distance", "value": "9cm" }] }]);
    let sent = interaction(
        5,
        &json!({ "custom_id": "!r77|distance|test", "components": rows }),
    );
    let passed = match through(&sent) {
        News::Interaction(Some(passed)) => said_in(*passed),
        News::Unread(passed) => said(&passed),
        other => panic!("{other:?}"),
    };
    assert_eq!(passed, said(&sent));
    assert!(passed.contains("9cm"));
}

#[test]
fn what_the_library_cannot_read_is_read_by_us_and_counted() {
    // A subcommand without options: the library wants the key even if there is nothing to say.
    let bare = json!({ "id": "5", "name": "ankle", "type": 1, "options": [{ "name": "history", "type": 1 }] });
    let mut sent = interaction(2, &bare);
    let News::Unread(passed) = through(&sent) else {
        panic!("{sent}");
    };
    assert!(
        matches!(Incoming::of_json(&passed).unwrap().read(SystemClock::new().now()), Some(Happening::Asked(asked))
        if matches!(&asked.request.said, Said::Named { path, .. } if path == &["history"]))
    );
    // A field of tomorrow is missing, or of another type.
    for key in ["entitlements", "attachment_size_limit", "version"] {
        sent = command();
        sent.as_object_mut().unwrap().remove(key);
        let News::Unread(passed) = through(&sent) else {
            panic!("{key}");
        };
        assert_eq!(said(&passed), said(&command()), "{key}");
    }
}

#[test]
fn what_is_no_interaction_is_left_alone() {
    let news = |event: Value| of_event(serde_json::from_value(event).unwrap());
    assert!(
        news(json!({ "t": "GUILD_DELETE", "d": { "id": "1", "unavailable": true } })).is_none()
    );
    assert!(news(json!({ "t": "SOMETHING_NEW", "d": {} })).is_none());
}

#[test]
fn each_end_has_its_own_consequence() {
    assert_eq!(
        end(Some(&Err(GatewayError::InvalidAuthentication))),
        End::Token
    );
    assert_eq!(
        end(Some(&Err(GatewayError::DisallowedGatewayIntents))),
        End::Intents
    );
    assert_eq!(
        end(Some(&Err(GatewayError::InvalidGatewayIntents))),
        End::Intents
    );
    let lost = End::Lost { was_ready: false };
    assert_eq!(end(Some(&Err(GatewayError::OverloadedShard))), lost);
    assert_eq!(end(Some(&Ok(()))), lost);
    assert_eq!(end(None), lost);
}
