//! Answering interactions, with a bare client.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::client::{Client, Socket, callback, commands, start};
use ankle_fakes::discord::{FakeDiscord, First, Person};

const NOTHING: Value = Value::Null;

/// A fake with commands, a bot at its gateway, and Mia in a room.
async fn club() -> (
    FakeDiscord,
    ankle_clock::SimulatedClock,
    Client,
    Socket,
    Person,
) {
    let (discord, clock, bot) = start().await;
    let mia = discord
        .server("Trail Friends")
        .channel("mobility")
        .person("Mia");
    bot.register(&commands()).await;
    let socket = Socket::ready(&discord).await;
    (discord, clock, bot, socket, mia)
}

#[tokio::test]
async fn an_interaction_looks_like_discords() {
    let (_discord, _clock, _bot, mut socket, mia) = club().await;
    mia.slash(
        "/ankle test",
        &[("reading", "9cm"), ("side", "left"), ("times", "3")],
    )
    .await;
    let event = socket.event("INTERACTION_CREATE").await;
    let options = json!([{"type": 1, "name": "test", "options": [
        {"type": 3, "name": "reading", "value": "9cm"},
        {"type": 3, "name": "side", "value": "l"},
        {"type": 4, "name": "times", "value": 3}]}]);
    assert_eq!(event["data"]["options"], options);
    assert_eq!((&event["type"], &event["context"]), (&json!(2), &json!(0)));
    assert_eq!(event["member"]["user"]["global_name"], "Mia");
    assert_eq!(
        event["authorizing_integration_owners"],
        json!({"0": event["guild_id"]})
    );
    for key in [
        "id",
        "token",
        "app_permissions",
        "channel_id",
        "guild_locale",
        "locale",
    ] {
        assert!(event[key].is_string(), "{key}: {event}");
    }
    assert!(event["member"]["permissions"].is_string() && event["user"].is_null());
    mia.slash("/ankle help", &[]).await;
    let event = socket.event("INTERACTION_CREATE").await;
    assert_eq!(
        event["data"]["options"],
        json!([{"type": 1, "name": "help", "options": []}])
    );
}

#[tokio::test]
async fn after_three_seconds_nobody_waits_any_more() {
    let (discord, clock, bot, mut socket, mia) = club().await;
    let asked = mia.slash("/ankle help", &[]).await;
    let event = socket.event("INTERACTION_CREATE").await;
    clock.advance(SignedDuration::from_secs(3));
    assert!(!asked.has_failed());
    clock.advance(SignedDuration::from_millis(1));
    assert!(asked.has_failed());
    let body = json!({"type": 4, "data": {"content": "late"}});
    assert_eq!(
        bot.error("POST", &callback(&event), &body).await,
        (404, 10062)
    );
    assert_eq!(
        bot.error("POST", &bot.webhook(&event, ""), &body["data"])
            .await,
        (404, 10015)
    );
    assert_eq!(discord.late()[0].label, "/ankle help");
    discord.finish_with_unread().await;
}

#[tokio::test]
async fn an_interaction_is_answered_once() {
    let (discord, clock, bot, mut socket, mia) = club().await;
    let asked = mia.slash("/ankle help", &[]).await;
    let event = socket.event("INTERACTION_CREATE").await;
    clock.advance(SignedDuration::from_millis(400));
    let body = json!({"type": 4, "data": {"content": "Help"}});
    let (status, _, _) = bot.respond(&event, &body).await;
    assert_eq!(status, 204);
    assert_eq!(asked.took(), Some(SignedDuration::from_millis(400)));
    asked.again().await;
    let again = socket.event("INTERACTION_CREATE").await;
    assert_eq!(again, event);
    assert_eq!(
        bot.error("POST", &callback(&again), &body).await,
        (400, 40060)
    );
    let unknown = format!("/interactions/{}/x/callback", event["id"].as_str().unwrap());
    assert_eq!(bot.error("POST", &unknown, &body).await, (404, 10062));
    assert_eq!(asked.answer().await.content, "Help");
    discord.finish().await;
}

#[tokio::test]
async fn a_deferred_answer_is_filled_in_later() {
    let (discord, clock, bot, mut socket, mia) = club().await;
    let asked = mia.slash("/ankle help", &[]).await;
    let event = socket.event("INTERACTION_CREATE").await;
    bot.respond(&event, &json!({"type": 5, "data": {"flags": 64}}))
        .await;
    clock.advance(SignedDuration::from_mins(14));
    let original = bot.webhook(&event, "/messages/@original");
    assert_eq!(bot.ok("GET", &original, &NOTHING).await["flags"], 64 | 128);
    let edited = bot
        .ok("PATCH", &original, &json!({"content": "Help"}))
        .await;
    assert_eq!(edited["flags"], 64);
    assert!(asked.answer().await.ephemeral);
    let more = bot
        .ok(
            "POST",
            &bot.webhook(&event, ""),
            &json!({"content": "More"}),
        )
        .await;
    let more = bot.webhook(
        &event,
        &format!("/messages/{}", more["id"].as_str().unwrap()),
    );
    bot.ok("PATCH", &more, &json!({"content": "Much more"}))
        .await;
    assert_eq!(asked.follow_up(0).await.content, "Much more");
    bot.ok("DELETE", &original, &NOTHING).await;
    assert_eq!(bot.error("GET", &original, &NOTHING).await, (404, 10008));
    clock.advance(SignedDuration::from_mins(2));
    assert_eq!(bot.error("GET", &more, &NOTHING).await, (404, 10015));
    insta::assert_snapshot!(mia.channel().full_transcript(), @r#"
    Mia: /ankle help
    Bot (only Mia) is thinking
    Bot (only Mia): Help
    Bot: More
    Bot edited: Much more
    Bot deleted: Help
    "#);
    discord.finish().await;
}

#[tokio::test]
async fn the_first_follow_up_takes_the_place_of_a_deferred_answer() {
    let (discord, _clock, bot, mut socket, mia) = club().await;
    let asked = mia.slash("/ankle help", &[]).await;
    let event = socket.event("INTERACTION_CREATE").await;
    bot.respond(&event, &json!({"type": 5})).await;
    let body = json!({"content": "Help", "flags": 64});
    bot.ok("POST", &bot.webhook(&event, ""), &body).await;
    let answer = asked.answer().await;
    assert_eq!((answer.content.as_str(), answer.ephemeral), ("Help", false));
    discord.finish().await;
}

#[tokio::test]
async fn a_button_changes_its_message_or_shows_a_form() {
    let (discord, _clock, bot, mut socket, mia) = club().await;
    let button = |label: &str| {
        json!([{"type": 1, "components": [
        {"type": 2, "style": 1, "label": label, "custom_id": label}]}])
    };
    let body = json!({"content": "Done?", "components": button("Done")});
    bot.says(mia.channel().id(), &body).await;
    let post = mia.next_message().await;
    let pressed = mia.press(&post, "Done").await;
    let event = socket.event("INTERACTION_CREATE").await;
    assert_eq!(event["data"]["custom_id"], "Done");
    assert_eq!(event["message"]["content"], "Done?");
    let body = json!({"type": 7, "data": {"content": "1 done", "components": button("Undo")}});
    let told = bot
        .ok(
            "POST",
            &format!("{}?with_response=true", callback(&event)),
            &body,
        )
        .await;
    assert_eq!(told["resource"]["message"]["content"], "1 done");
    assert_eq!(pressed.answer().await.labels(), ["Undo"]);

    let pressed = mia.press(&post, "Undo").await;
    let event = socket.event("INTERACTION_CREATE").await;
    let modal = json!({"type": 9, "data": {"custom_id": "m", "title": "Why?", "components": [
        {"type": 18, "label": "Reason", "component":
            {"type": 4, "custom_id": "r", "style": 1, "min_length": 2, "max_length": 9}}]}});
    bot.respond(&event, &modal).await;
    let form = pressed.form().await;
    assert_eq!(
        (form.title.as_str(), form.fields[0].label.as_str()),
        ("Why?", "Reason")
    );
    let sent = mia.submit(&form, &[("Reason", "rain")]).await;
    let event = socket.event("INTERACTION_CREATE").await;
    assert_eq!(event["type"], 5);
    assert_eq!(event["data"]["components"][0]["component"]["value"], "rain");
    bot.respond(&event, &json!({"type": 6})).await;
    assert_eq!(sent.first().await, First::Acknowledged);
    let original = bot.webhook(&event, "/messages/@original");
    bot.ok("PATCH", &original, &json!({"content": "0 done"}))
        .await;
    assert_eq!(post.look().content, "0 done");

    mia.press_forged(&post, "gone").await;
    let event = socket.event("INTERACTION_CREATE").await;
    let body = json!({"type": 4, "data": {"content": "That is over", "flags": 64}});
    bot.respond(&event, &body).await;
    let jonas = mia.channel().person("Jonas");
    assert_eq!(jonas.screen(), "Bot: 0 done\n  [Undo]");
    assert_eq!(
        mia.screen(),
        "Bot: 0 done\n  [Undo]\nBot (only Mia): That is over"
    );
    discord.finish().await;
}

#[tokio::test]
async fn suggestions_must_fit_their_option() {
    let (discord, _clock, bot, mut socket, mia) = club().await;
    let typing = mia.types("/ankle me zone", &[], "name", "Ber").await;
    let event = socket.event("INTERACTION_CREATE").await;
    assert_eq!(event["type"], 4);
    let option = &event["data"]["options"][0]["options"][0]["options"][0];
    assert_eq!(option["value"], "Ber");
    assert_eq!(option["focused"], true);
    for wrong in [
        json!({"type": 8, "data": {"choices": [{"name": "n", "value": 5}]}}),
        json!({"type": 8, "data": {"choices": [{"name": "n", "value": "v".repeat(101)}]}}),
        json!({"type": 4, "data": {"content": "no"}}),
    ] {
        assert_eq!(
            bot.error("POST", &callback(&event), &wrong).await,
            (400, 50035),
            "{wrong}"
        );
    }
    assert_eq!(discord.take_violations().len(), 3);
    let body = json!({"type": 8, "data": {"choices": [{"name": "Berlin", "value": "b"}]}});
    bot.respond(&event, &body).await;
    assert_eq!(typing.suggestions().await, ["Berlin"]);
    discord.finish().await;
}

#[tokio::test]
async fn people_bring_the_application_along() {
    let (discord, _clock, bot, mut socket, _) = club().await;
    let room = discord.foreign_server("Elsewhere").channel("general");
    let mia = room.person("Mia");
    assert!(mia.try_slash("/ankle help", &[]).await.is_err());
    let user = mia.user().with_app();
    let asked = mia.slash("/ankle help", &[]).await;
    let event = socket.event("INTERACTION_CREATE").await;
    let owner = json!({"1": user.id().to_string()});
    assert_eq!(event["authorizing_integration_owners"], owner);
    assert_eq!(event["context"], 0);
    bot.respond(&event, &json!({"type": 4, "data": {"content": "Help"}}))
        .await;
    assert!(!asked.answer().await.ephemeral);
    for n in 0..6 {
        let more = bot
            .call(
                "POST",
                &bot.webhook(&event, ""),
                &json!({"content": "More"}),
            )
            .await;
        assert_eq!(more.0 == 200, n < 5, "{n}: {more:?}");
        // The limit on calls would come first.
        discord.limits(false);
    }
    room.skip_unread();

    room.deny_everyone(ankle_fakes::discord::permissions::USE_EXTERNAL_APPS);
    let asked = mia.slash("/ankle help", &[]).await;
    let event = socket.event("INTERACTION_CREATE").await;
    bot.respond(&event, &json!({"type": 4, "data": {"content": "Help"}}))
        .await;
    assert!(asked.answer().await.ephemeral);

    let friends = discord.group_dm("friends", &[&user, &discord.user("Jonas")]);
    user.in_channel(&friends).slash("/ankle help", &[]).await;
    let event = socket.event("INTERACTION_CREATE").await;
    assert_eq!(
        (&event["context"], &event["guild_id"]),
        (&json!(2), &NOTHING)
    );
    user.dm().slash("/ankle help", &[]).await;
    let event = socket.event("INTERACTION_CREATE").await;
    assert_eq!(event["context"], 1);
    assert_eq!(event["authorizing_integration_owners"]["0"], "0");
    assert_eq!(event["user"]["id"], user.id().to_string());
    discord.finish().await;
}
