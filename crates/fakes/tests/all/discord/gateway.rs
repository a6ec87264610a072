//! The gateway, with a bare client.

use ankle_fakes::discord::FakeDiscord;
use serde_json::{Value, json};

use super::client::{Socket, commands, identify, start, start_with};

#[tokio::test]
async fn a_session_begins_with_the_servers() {
    let (discord, _clock, _) = start().await;
    let club = discord.server("Trail Friends");
    let _ = club.channel("mobility").thread("calves");
    let down = discord.server("Down");
    down.goes_down();
    let mut socket = Socket::connect(&discord).await;
    socket.send(&json!({"op": 1, "d": null})).await;
    assert_eq!(socket.next().await.unwrap()["op"], 11);
    socket.send(&identify(&discord)).await;
    let ready = socket.event("READY").await;
    assert_eq!(ready["guilds"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        ready["application"]["id"],
        discord.application_id().to_string()
    );
    let told = socket.event("GUILD_CREATE").await;
    assert_eq!(
        (&told["name"], &told["threads"][0]["name"]),
        (&json!("Trail Friends"), &json!("calves"))
    );
    down.comes_back();
    assert_eq!(socket.event("GUILD_CREATE").await["name"], "Down");
    down.goes_down();
    assert_eq!(socket.event("GUILD_DELETE").await["unavailable"], true);
    club.channel("new");
    assert_eq!(socket.event("CHANNEL_CREATE").await["name"], "new");
    club.channel("new").delete();
    assert_eq!(socket.event("CHANNEL_DELETE").await["name"], "new");
    club.kick_bot();
    assert_eq!(socket.event("GUILD_DELETE").await.get("unavailable"), None);
    discord.server("New");
    assert_eq!(socket.event("GUILD_CREATE").await["name"], "New");
    assert_eq!((discord.identifies(), discord.heartbeats()), (1, 1));
    discord.finish().await;
}

#[tokio::test]
async fn a_wrong_hello_is_closed_with_the_right_code() {
    let builder = FakeDiscord::builder().least_shards(2);
    let (discord, _clock, _) = start_with(builder).await;
    let with = |change: Value| {
        let mut frame = identify(&discord);
        frame["d"]["shard"] = json!([0, 2]);
        for (key, value) in change.as_object().unwrap() {
            frame["d"][key] = value.clone();
        }
        frame
    };
    for (frame, code) in [
        (json!({"op": 99}), 4001),
        (json!({"op": 3, "d": {}}), 4003),
        (with(json!({"token": "x"})), 4004),
        (with(json!({"shard": [2, 2]})), 4010),
        (with(json!({"shard": [0, 1]})), 4011),
        (with(json!({"intents": 1_u64 << 40})), 4013),
        (with(json!({"intents": 2})), 4014),
    ] {
        let mut socket = Socket::connect(&discord).await;
        socket.send(&frame).await;
        assert_eq!(socket.closed().await, code, "{frame}");
    }
    let mut socket = Socket::connect(&discord).await;
    let good = with(json!({}));
    socket.send(&good).await;
    socket.event("READY").await;
    socket.send(&good).await;
    assert_eq!(socket.closed().await, 4005);
    let mut socket = Socket::connect(&discord).await;
    socket.send(&json!({"op": 1, "d": "x".repeat(5000)})).await;
    assert_eq!(socket.closed().await, 4002);
    let mut socket = Socket::connect(&discord).await;
    for _ in 0..121 {
        socket.send(&json!({"op": 1, "d": null})).await;
    }
    assert_eq!(socket.closed().await, 4008);
    assert_eq!(discord.take_violations().len(), 2);
    discord.finish().await;
}

#[tokio::test]
async fn what_was_missed_comes_with_the_resume() {
    let (discord, _clock, bot) = start().await;
    let mia = discord
        .server("Trail Friends")
        .channel("mobility")
        .person("Mia");
    bot.register(&commands()).await;
    let mut socket = Socket::ready(&discord).await;
    socket.event("GUILD_CREATE").await;
    let resume = json!({"op": 6, "d": {"token": discord.token(), "session_id": socket.session,
        "seq": socket.seq}});
    mia.slash("/ankle help", &[]).await;
    let seen = socket.event("INTERACTION_CREATE").await;
    discord.gateway_cut();
    assert_eq!(socket.closed().await, 1006);
    discord.until_gone().await;
    mia.slash("/ankle test", &[("reading", "9cm")]).await;

    let mut socket = Socket::connect(&discord).await;
    socket.send(&resume).await;
    let again = socket.event("INTERACTION_CREATE").await;
    assert_eq!(again["id"], seen["id"]);
    let missed = socket.event("INTERACTION_CREATE").await;
    assert_eq!(missed["data"]["options"][0]["name"], "test");
    socket.event("RESUMED").await;
    assert_eq!((discord.identifies(), discord.resumes()), (1, 1));

    discord.gateway_invalidate(true);
    assert_eq!(socket.next().await.unwrap()["d"], true);
    discord.gateway_reconnect();
    assert_eq!(socket.next().await.unwrap()["op"], 7);
    discord.gateway_invalidate(false);
    assert_eq!(socket.next().await.unwrap()["op"], 9);
    let mut socket = Socket::connect(&discord).await;
    socket.send(&resume).await;
    assert_eq!(socket.next().await.unwrap(), json!({"op": 9, "d": false}));
    discord.finish_with_unread().await;
}

#[tokio::test]
async fn frames_are_compressed_on_request() {
    let (discord, _clock, _) = start().await;
    discord.server("Trail Friends");
    let mut socket = Socket::connect(&discord).await;
    let mut frame = identify(&discord);
    frame["d"]["compress"] = true.into();
    socket.send(&frame).await;
    socket.event("GUILD_CREATE").await;
    assert_eq!(discord.compressed_frames(), 2);
    let mut plain = Socket::ready(&discord).await;
    plain.event("GUILD_CREATE").await;
    assert_eq!(discord.compressed_frames(), 2);
    discord.finish().await;
}

#[tokio::test]
async fn each_shard_hears_of_its_own_servers() {
    let (discord, clock, bot) = start().await;
    let clubs = [discord.server("One"), discord.server("Two")];
    bot.register(&commands()).await;
    let mut shards = Vec::new();
    for shard in 0..2 {
        let mut socket = Socket::connect(&discord).await;
        let mut frame = identify(&discord);
        frame["d"]["shard"] = json!([shard, 2]);
        socket.send(&frame).await;
        let ready = socket.event("READY").await;
        assert_eq!(ready["guilds"].as_array().map(Vec::len), Some(1));
        shards.push(socket);
        clock.advance(jiff::SignedDuration::from_secs(5));
    }
    assert_eq!(discord.violations(), []);
    for club in &clubs {
        let shard = usize::try_from((club.id() >> 22) % 2).unwrap();
        club.channel("mobility")
            .person("Mia")
            .slash("/ankle help", &[])
            .await;
        let event = shards[shard].event("INTERACTION_CREATE").await;
        assert_eq!(event["guild_id"], club.id().to_string());
    }
    discord.user("Mia").dm().slash("/ankle help", &[]).await;
    let event = shards[0].event("INTERACTION_CREATE").await;
    assert_eq!(event["context"], 1);

    let mut hasty = Socket::connect(&discord).await;
    let mut frame = identify(&discord);
    frame["d"]["shard"] = json!([0, 2]);
    hasty.send(&frame).await;
    hasty.event("READY").await;
    let mut hasty = Socket::connect(&discord).await;
    frame["d"]["shard"] = json!([1, 2]);
    hasty.send(&frame).await;
    hasty.event("READY").await;
    assert_eq!(discord.take_violations().len(), 1);
    discord.finish_with_unread().await;
}

#[tokio::test]
async fn a_gateway_may_refuse_be_silent_or_close() {
    let (discord, _clock, _) = start_with(FakeDiscord::builder().identify_budget(2)).await;
    discord.gateway_refuses(true);
    assert!(Socket::try_connect(&discord).await.is_err());
    discord.gateway_refuses(false);
    let mut socket = Socket::ready(&discord).await;
    discord.gateway_is_silent(true);
    socket.send(&json!({"op": 1, "d": null})).await;
    discord.until(|state| state.heartbeats() == 1).await;
    discord.raw_frame(r#"{"op": 42}"#);
    assert_eq!(socket.next().await.unwrap()["op"], 42);
    discord.raw_event("INTERACTION_CREATE", &json!({"type": 2}));
    assert_eq!(socket.event("INTERACTION_CREATE").await, json!({"type": 2}));
    discord.gateway_close(4009);
    assert_eq!(socket.closed().await, 4009);
    Socket::ready(&discord).await;
    let mut socket = Socket::connect(&discord).await;
    socket.send(&identify(&discord)).await;
    assert_eq!(socket.closed().await, 4004);
    discord.finish().await;
}
