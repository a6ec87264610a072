use ankle_core::command::Command;
use ankle_core::face::Audience;
use proptest::prelude::*;
use serde_json::json;

use super::*;

/// An interaction as Discord sends it, made a minute after ten on a November morning.
pub(crate) fn interaction(kind: u8, data: &Value) -> Value {
    json!({
        "id": id_at("2026-11-24T10:01:00Z").to_string(),
        "application_id": "100",
        "type": kind,
        "token": "secret-token",
        "version": 1,
        "data": data,
        "guild_id": "200",
        "channel_id": "300",
        "channel": { "id": "300", "type": 0, "name": "mobility", "permissions": "274878008320" },
        "locale": "de",
        "entitlements": [],
        "attachment_size_limit": 10_485_760,
        "app_permissions": "274878008320",
        "context": 0,
        "authorizing_integration_owners": { "0": "200" },
        "member": {
            "user": user(),
            "nick": "Captain", "roles": [], "joined_at": "2026-01-01T00:00:00Z",
            "deaf": false, "mute": false, "flags": 0, "permissions": "2048",
        },
    })
}

fn user() -> Value {
    json!({ "id": "400", "username": "mia", "global_name": "Mia", "discriminator": "0", "avatar": null })
}

pub(crate) fn test_command(options: &Value) -> Value {
    json!({ "id": "500", "name": "ankle", "type": 1,
        "options": [{ "name": "test", "type": 1, "options": options }] })
}

fn id_at(at: &str) -> i64 {
    (at.parse::<Timestamp>().unwrap().as_millisecond() - EPOCH) << 22
}

fn now() -> Timestamp {
    "2026-11-24T10:01:01Z".parse().unwrap()
}

fn read(interaction: &Value, now: Timestamp) -> Option<Happening> {
    Incoming::of_json(interaction)?.read(now)
}

fn asked(interaction: &Value) -> Asked {
    match read(interaction, now()) {
        Some(Happening::Asked(asked)) => *asked,
        other => panic!("{other:?}"),
    }
}

fn nine() -> Value {
    test_command(&json!([{ "name": "distance", "type": 3, "value": "9cm" }]))
}

#[test]
fn a_command_becomes_a_request() {
    let asked = asked(&interaction(2, &nine()));
    let request = &asked.request;
    assert!(request.event.0.starts_with("discord:") && request.event.0.len() > 20);
    assert_eq!(request.at, "2026-11-24T10:01:00Z".parse().unwrap());
    let Asker::Person(person) = &request.asker else {
        panic!("{request:?}");
    };
    assert_eq!(person.name, "Mia", "not the nickname of one server");
    assert_eq!(
        (person.account.external.as_str(), person.locale.as_deref()),
        ("400", Some("de"))
    );
    assert_eq!(person.rights, Some(Rights { organiser: false }));
    let room = RoomAddress {
        chat: "200".into(),
        room: "300".into(),
    };
    assert_eq!(request.place, Place::Room(room));
    let said = Said::Named {
        path: vec!["test".into()],
        values: vec![("distance".into(), "9cm".into())],
    };
    assert_eq!(request.said, said);
    assert_eq!(Command::audience_of(&request.said), Audience::Asker);
}

#[test]
fn groups_and_numbers_are_read_too_and_an_unknown_root_reaches_the_core() {
    let said = |data: Value| asked(&interaction(2, &data)).request.said;
    let group = json!({ "id": "5", "name": "ankle-club", "type": 1, "options": [
        { "name": "club", "type": 2, "options": [
            { "name": "settings", "type": 1, "options": [{ "name": "zone", "type": 4, "value": 7 }] }] }] });
    assert_eq!(
        said(group),
        Said::Named {
            path: vec!["club".into(), "settings".into()],
            values: vec![("zone".into(), "7".into())],
        }
    );
    let old = said(json!({ "id": "5", "name": "stretch", "type": 1 }));
    assert_eq!(
        old,
        Said::Named {
            path: vec!["stretch".into()],
            values: vec![]
        }
    );
}

#[test]
fn an_id_from_the_future_is_taken_for_now() {
    let mut later = interaction(2, &nine());
    later["id"] = json!(id_at("2026-11-24T10:05:00Z").to_string());
    assert_eq!(asked(&later).request.at, now());
    later["id"] = json!("no number");
    assert_eq!(asked(&later).request.at, now());
}

#[test]
fn where_we_are_decides_who_may_hear_it() {
    let place = |change: &dyn Fn(&mut Value)| {
        let mut interaction = interaction(2, &nine());
        change(&mut interaction);
        let asked = asked(&interaction);
        (asked.to.whereabouts, asked.request.place)
    };
    let alone = |interaction: &mut Value, context: u8| {
        let object = interaction.as_object_mut().unwrap();
        object.remove("guild_id");
        object.remove("member");
        object.insert("user".into(), user());
        object.insert("context".into(), json!(context));
    };
    let dm = place(&|i| alone(i, 1));
    assert_eq!(
        dm,
        (Whereabouts::Private, Place::Private { room: "300".into() })
    );
    let group = place(&|i| alone(i, 2));
    assert_eq!(
        group,
        (Whereabouts::Elsewhere, Place::Elsewhere),
        "others read along there"
    );
    let brought = place(&|i| i["authorizing_integration_owners"] = json!({ "1": "400" }));
    assert_eq!(brought, (Whereabouts::Elsewhere, Place::Elsewhere));
    let both = place(&|i| i["authorizing_integration_owners"] = json!({ "0": "200", "1": "400" }));
    assert_eq!(both.0, Whereabouts::Room);
    let unsaid = place(&|i| i["authorizing_integration_owners"] = json!({}));
    assert_eq!(unsaid.0, Whereabouts::Room);
}

#[test]
fn who_may_manage_the_server_organises_and_nobody_does_elsewhere() {
    let organises = |bits: &str, elsewhere: bool| {
        let mut interaction = interaction(2, &nine());
        interaction["member"]["permissions"] = json!(bits);
        if elsewhere {
            interaction["authorizing_integration_owners"] = json!({ "1": "400" });
        }
        asked(&interaction).to.organises
    };
    assert!(organises("32", false) && organises("8", false));
    assert!(!organises("2048", false) && !organises("32", true) && !organises("x", false));
}

#[test]
fn a_button_is_a_press_and_knows_whether_others_see_its_message() {
    let mut press = interaction(3, &json!({ "custom_id": "b4|undo 1", "component_type": 2 }));
    press["message"] = json!({ "id": "900", "flags": 64 });
    let own = asked(&press);
    let on = MessageRef {
        room: "300".into(),
        message: "900".into(),
    };
    assert_eq!(
        own.request.said,
        Said::Press {
            wire: "b4|undo 1".into(),
            on,
            since: happened("900").unwrap(),
        }
    );
    assert_eq!(own.to.from, From::Message { own: Some(true) });
    press["message"]["edited_timestamp"] = json!("2026-11-24T09:00:00.5+00:00");
    let said = asked(&press).request.said;
    let edited = "2026-11-24T09:00:00.5Z".parse().unwrap();
    assert!(matches!(said, Said::Press { since, .. } if since == edited));
    press["message"]["flags"] = json!(0);
    assert_eq!(asked(&press).to.from, From::Message { own: Some(false) });
}

#[test]
fn a_form_is_one_event_however_often_it_is_answered() {
    let form = Form {
        origin: "77".into(),
        elsewhere: true,
        argument: "distance".into(),
        line: "test".into(),
    };
    let opener = interaction(
        3,
        &json!({ "custom_id": form.opener(), "component_type": 2 }),
    );
    assert!(matches!(read(&opener, now()), Some(Happening::Opens(opens)) if opens.0 == form));
    let mut old = opener.clone();
    old["message"] = json!({ "id": "900" });
    let Some(Happening::Asked(old)) = read(&old, now()) else {
        panic!("a form opened after years");
    };
    assert!(matches!(old.request.said, Said::Press { .. }));
    let filled = |id: &str, user: &str| {
        let rows = json!([{ "type": 1, "components": [{ "type": 4, "custom_id": "distance", "value": "9cm" }] }]);
        let mut filled = interaction(5, &json!({ "custom_id": form.id(), "components": rows }));
        filled["id"] = json!(id);
        filled["member"]["user"]["id"] = json!(user);
        asked(&filled)
    };
    let first = filled("1001", "400");
    assert_eq!(
        first.request.said,
        Said::Filled {
            line: "test".into(),
            values: vec![("distance".into(), "9cm".into())],
        }
    );
    assert_eq!(
        first.to.whereabouts,
        Whereabouts::Elsewhere,
        "as where it was opened"
    );
    assert_eq!(filled("1002", "400").request.event, first.request.event);
    assert_ne!(
        filled("1003", "401").request.event,
        first.request.event,
        "nobody reads another's answer"
    );
}

#[test]
fn a_forged_form_is_an_old_button() {
    let forged = interaction(5, &json!({ "custom_id": "!rx|a|b", "components": [] }));
    let said = asked(&forged).request.said;
    assert!(matches!(said, Said::Press { wire, .. } if wire.is_empty()));
}

#[test]
fn what_is_typed_is_told_by_its_focus() {
    let options = json!([
        { "name": "distance", "type": 3, "value": "9cm" },
        { "name": "on", "type": 3, "value": "yest", "focused": true },
    ]);
    match read(&interaction(4, &test_command(&options)), now()) {
        Some(Happening::Types(typing)) => {
            assert_eq!(
                (typing.option.as_str(), typing.typed.as_str()),
                ("on", "yest")
            );
            assert_eq!(typing.path, ["test"]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_unknown_kind_can_be_told_so_and_a_ruin_cannot() {
    assert!(matches!(
        read(&interaction(9, &json!({})), now()),
        Some(Happening::Unknown(_))
    ));
    for ruin in [json!(null), json!({}), json!({ "id": 5 }), json!([])] {
        assert!(read(&ruin, now()).is_none());
    }
}

#[test]
fn the_token_of_an_interaction_never_prints() {
    let asked = asked(&interaction(2, &nine()));
    assert!(!format!("{asked:?}").contains("secret"));
}

proptest! {
    #[test]
    fn no_id_of_a_button_or_form_makes_the_reader_panic(id in any::<String>()) {
        for kind in [3, 5] {
            let data = json!({ "custom_id": id, "component_type": 2, "components": [{ "components": [7] }] });
            prop_assert!(read(&interaction(kind, &data), now()).is_some());
        }
    }
}
