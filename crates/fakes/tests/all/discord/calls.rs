//! The HTTP API, with a bare client: errors, limits, files, commands.

use ankle_fakes::discord::permissions::{EMBED_LINKS, SEND_MESSAGES, VIEW_CHANNEL};
use jiff::SignedDuration;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::client::{Socket, commands, start, start_with};
use ankle_fakes::discord::FakeDiscord;

const NOTHING: Value = Value::Null;

#[tokio::test]
async fn a_token_and_a_user_agent_are_needed() {
    let (discord, _clock, bot) = start().await;
    assert_eq!(bot.ok("GET", "/users/@me", &NOTHING).await["bot"], true);
    let stranger = bot.with_token("x");
    assert_eq!(
        stranger.error("GET", "/users/@me", &NOTHING).await,
        (401, 0)
    );
    // Where the gateway is may be asked by anybody.
    stranger.ok("GET", "/gateway", &NOTHING).await;
    let plain = reqwest::get(format!("{}/api/v10/gateway", discord.url()))
        .await
        .unwrap();
    assert_eq!(plain.status(), 403);
    assert_eq!(plain.json::<Value>().await.unwrap()["code"], 40333);
    assert_eq!(discord.take_violations().len(), 1);
    assert_eq!(discord.invalid_calls(), 2);
    discord.revoke_token();
    assert_eq!(bot.error("GET", "/users/@me", &NOTHING).await, (401, 0));
    assert_eq!(bot.error("GET", "/telepathy", &NOTHING).await, (404, 0));
    assert_eq!(discord.take_violations().len(), 1);
    discord.finish().await;
}

#[tokio::test]
async fn errors_follow_from_the_state_of_the_world() {
    let (discord, _clock, bot) = start_with(FakeDiscord::builder().limits(false)).await;
    let club = discord.server("Trail Friends");
    let room = club.channel("mobility");
    let messages = format!("/channels/{}/messages", room.id());
    let hello = json!({"content": "hello"});
    assert_eq!(
        bot.error("POST", "/channels/5/messages", &hello).await,
        (404, 10003)
    );
    assert_eq!(bot.error("GET", "/guilds/5", &NOTHING).await, (404, 10004));
    let gone = format!("{messages}/5");
    assert_eq!(bot.error("PATCH", &gone, &hello).await, (404, 10008));
    assert_eq!(bot.error("DELETE", &gone, &NOTHING).await, (404, 10008));
    let member = format!("/guilds/{}/members", club.id());
    assert_eq!(
        bot.error("GET", &format!("{member}/5"), &NOTHING).await,
        (404, 10013)
    );
    let mia = discord.user("Mia");
    let member = format!("{member}/{}", mia.id());
    assert_eq!(bot.error("GET", &member, &NOTHING).await, (404, 10007));
    club.join(&mia);
    assert_eq!(
        bot.ok("GET", &member, &NOTHING).await["user"]["username"],
        "mia"
    );

    room.deny_bot(EMBED_LINKS);
    bot.says(room.id(), &hello).await;
    let embed = json!({"embeds": [{"title": "hello"}]});
    assert_eq!(bot.error("POST", &messages, &embed).await, (403, 50013));
    room.deny_everyone(SEND_MESSAGES);
    assert_eq!(bot.error("POST", &messages, &hello).await, (403, 50013));
    room.allow_bot(SEND_MESSAGES);
    bot.says(room.id(), &hello).await;
    room.deny_bot(VIEW_CHANNEL);
    assert_eq!(bot.error("POST", &messages, &hello).await, (403, 50001));
    room.allow_bot(VIEW_CHANNEL);
    let thread = room.thread("calves");
    let said = bot.says(thread.id(), &hello).await;
    thread.archive();
    let path = format!("/channels/{}/messages", thread.id());
    let said = format!("{path}/{}", said["id"].as_str().unwrap());
    assert_eq!(bot.error("PATCH", &said, &hello).await, (400, 50083));
    assert_eq!(bot.error("DELETE", &said, &NOTHING).await, (400, 50083));
    bot.says(thread.id(), &hello).await;
    assert_eq!(bot.call("DELETE", &said, &NOTHING).await.0, 204);
    thread.lock();
    assert_eq!(bot.error("POST", &path, &hello).await, (400, 50083));
    club.kick_bot();
    assert_eq!(bot.error("POST", &messages, &hello).await, (403, 50001));
    let guild = format!("/guilds/{}", club.id());
    assert_eq!(bot.error("GET", &guild, &NOTHING).await, (404, 10004));
    club.add_bot();
    bot.says(room.id(), &hello).await;
    room.delete();
    assert_eq!(bot.error("POST", &messages, &hello).await, (404, 10003));

    let recipient = json!({"recipient_id": mia.id().to_string()});
    let dm = bot.ok("POST", "/users/@me/channels", &recipient).await;
    let dm = format!("/channels/{}/messages", dm["id"].as_str().unwrap());
    bot.ok("POST", &dm, &hello).await;
    mia.closes_dms();
    assert_eq!(bot.error("POST", &dm, &hello).await, (403, 50007));
    let nobody = json!({"recipient_id": "5"});
    assert_eq!(
        bot.error("POST", "/users/@me/channels", &nobody).await,
        (404, 10013)
    );
    discord.finish_with_unread().await;
}

#[tokio::test]
async fn a_bucket_tells_where_it_stands_and_refuses_when_it_is_full() {
    let (discord, clock, bot) = start().await;
    let room = discord.server("Trail Friends").channel("mobility");
    let path = format!("/channels/{}/messages", room.id());
    let hello = json!({"content": "hello"});
    for left in (0..5).rev() {
        let (status, headers, _) = bot.call("POST", &path, &hello).await;
        assert_eq!(status, 200);
        assert_eq!(headers["x-ratelimit-limit"], "5");
        assert_eq!(headers["x-ratelimit-remaining"], left.to_string());
        assert!(headers.contains_key("x-ratelimit-bucket"));
    }
    clock.advance(SignedDuration::from_millis(1500));
    let (status, headers, body) = bot.call("POST", &path, &hello).await;
    assert_eq!(status, 429);
    assert_eq!(headers["retry-after"], "4");
    assert_eq!(headers["x-ratelimit-scope"], "user");
    assert_eq!(headers["x-ratelimit-reset-after"], "3.500");
    assert_eq!(
        (&body["retry_after"], &body["global"]),
        (&json!(3.5), &json!(false))
    );
    clock.advance(SignedDuration::from_millis(3500));
    assert_eq!(bot.call("POST", &path, &hello).await.0, 200);
    assert_eq!(
        (discord.refused_by_limits(), discord.invalid_calls()),
        (1, 1)
    );
    room.skip_unread();
    discord.finish().await;
}

#[tokio::test]
async fn fifty_calls_a_second_are_the_most_but_interactions_do_not_count() {
    let (discord, _clock, bot) = start().await;
    let mia = discord
        .server("Trail Friends")
        .channel("mobility")
        .person("Mia");
    bot.register(&commands()).await;
    let mut socket = Socket::ready(&discord).await;
    for _ in 0..49 {
        assert_eq!(bot.call("GET", "/users/@me", &NOTHING).await.0, 200);
    }
    let (status, headers, body) = bot.call("GET", "/gateway", &NOTHING).await;
    assert_eq!(
        (status, &headers["x-ratelimit-scope"].to_str().unwrap()),
        (429, &"global")
    );
    assert_eq!(headers["x-ratelimit-global"], "true");
    assert_eq!(body["global"], true);
    mia.slash("/ankle help", &[]).await;
    let event = socket.event("INTERACTION_CREATE").await;
    let body = json!({"type": 4, "data": {"content": "Help"}});
    assert_eq!(bot.respond(&event, &body).await.0, 204);
    discord.finish_with_unread().await;
}

#[tokio::test]
async fn the_same_nonce_brings_the_same_message() {
    let (discord, clock, bot) = start().await;
    let club = discord.server("Trail Friends");
    let room = club.channel("mobility");
    let body = json!({"content": "Calf raises", "nonce": "post:1", "enforce_nonce": true});
    let first = bot.says(room.id(), &body).await;
    assert_eq!(first["nonce"], "post:1");
    assert_eq!(bot.says(room.id(), &body).await["id"], first["id"]);
    let elsewhere = bot.says(club.channel("other").id(), &body).await;
    assert_ne!(elsewhere["id"], first["id"]);
    let plain = json!({"content": "Calf raises", "nonce": "post:1"});
    assert_ne!(bot.says(room.id(), &plain).await["id"], first["id"]);
    clock.advance(SignedDuration::from_mins(10));
    assert_ne!(bot.says(room.id(), &body).await["id"], first["id"]);
    assert_eq!(room.bot_messages().len(), 3);
    discord.finish_with_unread().await;
}

#[tokio::test]
async fn files_come_in_a_form() {
    let (discord, _clock, bot) = start().await;
    let room = discord.server("Trail Friends").channel("mobility");
    let form = |body: &Value| {
        let file = Part::bytes(b"\x89PNG".to_vec()).file_name("chart.png");
        let file = file.mime_str("image/png").unwrap();
        Form::new()
            .text("payload_json", body.to_string())
            .part("files[0]", file)
    };
    let path = format!("/channels/{}/messages", room.id());
    let body = json!({"attachments": [{"id": "0", "description": "Your angle over a month"}],
        "embeds": [{"image": {"url": "attachment://chart.png"}}]});
    let (status, _, told) = bot.form("POST", &path, form(&body)).await;
    assert_eq!(status, 200, "{told}");
    assert_eq!(told["attachments"][0]["filename"], "chart.png");
    let shown = room.next_message().await;
    assert_eq!(shown.files[0].bytes, b"\x89PNG");
    assert_eq!(shown.files[0].description, "Your angle over a month");
    let message = format!("{path}/{}", shown.id());
    let bare = json!({"content": "Without", "embeds": [], "attachments": []});
    bot.ok("PATCH", &message, &bare).await;
    assert!(shown.next_edit().await.files.is_empty());
    let other = json!({"embeds": [{"image": {"url": "attachment://other.png"}}]});
    assert_eq!(bot.form("POST", &path, form(&other)).await.0, 400);
    assert_eq!(discord.take_violations().len(), 1);
    discord.finish().await;
}

#[tokio::test]
async fn messages_are_listed_and_read() {
    let (discord, clock, bot) = start().await;
    let room = discord.server("Trail Friends").channel("mobility");
    let path = format!("/channels/{}/messages", room.id());
    for text in ["one", "two", "three"] {
        bot.says(room.id(), &json!({"content": text})).await;
        clock.advance(SignedDuration::from_secs(1));
    }
    let all = bot.ok("GET", &path, &NOTHING).await;
    assert_eq!(all[0]["content"], "three");
    let last = all[0]["id"].as_str().unwrap();
    let two = bot
        .ok("GET", &format!("{path}?before={last}&limit=1"), &NOTHING)
        .await;
    assert_eq!(two.as_array().map(Vec::len), Some(1));
    assert_eq!(two[0]["content"], "two");
    let one = bot.ok("GET", &format!("{path}/{last}"), &NOTHING).await;
    assert_eq!(one["timestamp"], "2026-11-24T07:00:02+00:00");
    // The id itself names the time.
    let id: u64 = last.parse().unwrap();
    let millis = i64::try_from(id >> 22).unwrap() + 1_420_070_400_000;
    assert_eq!(
        millis,
        "2026-11-24T07:00:02Z"
            .parse::<jiff::Timestamp>()
            .unwrap()
            .as_millisecond()
    );
    room.skip_unread();
    discord.finish().await;
}

#[tokio::test]
async fn commands_keep_their_ids_and_come_back_tidied() {
    let (discord, _clock, bot) = start().await;
    let club = discord.server("Trail Friends");
    let path = format!("/applications/{}/commands", bot.app);
    let command = json!([{"name": "ankle", "description": "Ankles",
        "description_localizations": {"de": "Knöchel"}, "options": [
        {"type": 3, "name": "side", "description": "s", "required": false, "choices": []}]}]);
    let first = bot.register(&command).await;
    assert_eq!(first[0]["description_localizations"]["de"], "Knöchel");
    let option = json!({"type": 3, "name": "side", "description": "s"});
    assert_eq!(first[0]["options"][0], option);
    let again = bot.register(&command).await;
    assert_eq!(first, again);
    let listed = bot.ok("GET", &path, &NOTHING).await;
    assert!(listed[0].get("description_localizations").is_none());
    let listed = bot
        .ok("GET", &format!("{path}?with_localizations=true"), &NOTHING)
        .await;
    assert_eq!(listed, again);

    let id = first[0]["id"].as_str().unwrap();
    let patched = json!({"description": "Your ankles"});
    let patched = bot.ok("PATCH", &format!("{path}/{id}"), &patched).await;
    assert_eq!(patched["id"], first[0]["id"]);
    assert_ne!(patched["version"], first[0]["version"]);
    let created = json!({"name": "knee", "description": "Knees"});
    bot.ok("POST", &path, &created).await;
    assert_eq!(discord.commands(None).len(), 2);
    bot.ok("DELETE", &format!("{path}/{id}"), &NOTHING).await;
    assert_eq!(
        bot.error("GET", &format!("{path}/{id}"), &NOTHING).await,
        (404, 10063)
    );

    let guild = format!("/applications/{}/guilds/{}/commands", bot.app, club.id());
    let there = bot.ok("PUT", &guild, &command).await;
    assert_eq!(there[0]["guild_id"], club.id().to_string());
    assert_eq!(discord.commands(Some(&club)).len(), 1);
    let foreign = discord.foreign_server("Elsewhere");
    let foreign = format!("/applications/{}/guilds/{}/commands", bot.app, foreign.id());
    assert_eq!(bot.error("PUT", &foreign, &command).await, (403, 50001));
    let other = "/applications/5/commands";
    assert_eq!(bot.error("PUT", other, &command).await, (404, 10002));
    discord.finish().await;
}

#[tokio::test]
async fn two_hundred_new_commands_a_day_are_the_most() {
    let (discord, clock, bot) = start_with(FakeDiscord::builder().limits(false)).await;
    let batch = |start: usize| -> Value {
        let command = |n: usize| json!({"name": format!("c{n}"), "description": "d"});
        (start..start + 100).map(command).collect()
    };
    bot.register(&batch(0)).await;
    bot.register(&batch(100)).await;
    let path = format!("/applications/{}/commands", bot.app);
    assert_eq!(bot.error("PUT", &path, &batch(200)).await, (400, 30034));
    bot.register(&batch(100)).await;
    clock.advance(SignedDuration::from_hours(24));
    bot.register(&batch(200)).await;
    discord.finish().await;
}
