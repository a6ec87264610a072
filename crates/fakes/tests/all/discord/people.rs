//! What people can and cannot do, and what a test reads back.

use serde_json::json;

use super::client::{Socket, callback, commands, start};
use ankle_fakes::discord::permissions::{USE_APPLICATION_COMMANDS, VIEW_CHANNEL};

#[tokio::test]
async fn a_client_sends_only_what_is_registered() {
    let (discord, _clock, bot) = start().await;
    let club = discord.server("Trail Friends");
    let mia = club.channel("mobility").person("Mia");
    assert_eq!(
        mia.try_slash("/ankle help", &[]).await.unwrap_err(),
        "there is no command /ankle among: "
    );
    bot.register(&commands()).await;
    let long = "x".repeat(21);
    for (line, options, why) in [
        (
            "/ankle test",
            vec![],
            "/ankle test needs the option \"reading\"",
        ),
        ("/ankle", vec![], "/ankle needs one of: test, help, me"),
        ("/ankle fly", vec![], "there is no fly in /ankle fly"),
        (
            "/ankle help",
            vec![("x", "1")],
            "/ankle help has no option x among: ",
        ),
        (
            "/ankle test",
            vec![("reading", long.as_str())],
            "/ankle test reading:xxxxxxxxxxxxxxxxxxxxx: takes 0 to 20 characters",
        ),
        (
            "/ankle test",
            vec![("reading", "9"), ("side", "both")],
            "/ankle test side:both: choose one of: left, right",
        ),
        (
            "/ankle test",
            vec![("reading", "9"), ("times", "many")],
            "/ankle test times:many: is not a whole number",
        ),
        (
            "/ankle test",
            vec![("reading", "9"), ("times", "6")],
            "/ankle test times:6: is out of bounds",
        ),
        ("/ankle-club", vec![], "Mia may not use /ankle-club"),
    ] {
        assert_eq!(mia.try_slash(line, &options).await.unwrap_err(), why);
    }
    let lena = club.organiser("Lena");
    assert!(
        lena.in_channel(&club.channel("mobility"))
            .try_slash("/ankle-club", &[])
            .await
            .is_ok()
    );
    assert!(lena.dm().try_slash("/ankle-club", &[]).await.is_err());
    club.channel("mobility")
        .deny_everyone(USE_APPLICATION_COMMANDS);
    assert!(mia.try_slash("/ankle help", &[]).await.is_err());
    club.channel("secret").deny_everyone(VIEW_CHANNEL);
    assert!(
        club.channel("secret")
            .person("Mia")
            .try_slash("/ankle help", &[])
            .await
            .is_err()
    );
    discord.finish_with_unread().await;
}

#[tokio::test]
async fn a_command_of_an_older_registration_still_reaches_the_bot() {
    let (discord, _clock, bot) = start().await;
    let mia = discord
        .server("Trail Friends")
        .channel("mobility")
        .person("Mia");
    let mut socket = Socket::ready(&discord).await;
    let asked = mia.slash_raw("knee", &json!([])).await;
    let event = socket.event("INTERACTION_CREATE").await;
    assert_eq!(event["data"]["name"], "knee");
    let body = json!({"type": 4, "data": {"content": "That is gone", "flags": 64}});
    bot.ok("POST", &callback(&event), &body).await;
    assert_eq!(asked.answer().await.to_string(), "That is gone");
    discord.finish().await;
}

#[tokio::test]
#[should_panic(expected = "there is no such message to see")]
async fn nobody_presses_what_only_another_sees() {
    let (discord, _clock, bot) = start().await;
    let room = discord.server("Trail Friends").channel("mobility");
    bot.register(&commands()).await;
    let mut socket = Socket::ready(&discord).await;
    let asked = room.person("Mia").slash("/ankle help", &[]).await;
    let event = socket.event("INTERACTION_CREATE").await;
    let body = json!({"type": 4, "data": {"content": "For you", "flags": 64, "components": [
        {"type": 1, "components": [{"type": 2, "style": 1, "label": "A", "custom_id": "a"}]}]}});
    bot.ok("POST", &callback(&event), &body).await;
    let answer = asked.answer().await;
    room.person("Jonas").press(&answer, "A").await;
}

#[tokio::test]
#[should_panic(expected = "the bot wrote what nobody read")]
async fn a_test_that_leaves_messages_unread_fails() {
    let (discord, _clock, bot) = start().await;
    let room = discord.server("Trail Friends").channel("mobility");
    bot.says(room.id(), &json!({"content": "hello"})).await;
    discord.finish().await;
}

#[tokio::test]
#[should_panic(expected = "create_message: contents is not a key of this object")]
async fn a_test_with_violations_fails() {
    let (discord, _clock, bot) = start().await;
    let room = discord.server("Trail Friends").channel("mobility");
    let path = format!("/channels/{}/messages", room.id());
    let body = json!({"content": "a", "contents": "b"});
    assert_eq!(bot.error("POST", &path, &body).await, (400, 50035));
    discord.finish_with_unread().await;
}

#[tokio::test]
#[should_panic(expected = "without a response in time")]
async fn a_test_that_leaves_somebody_waiting_fails() {
    let (discord, clock, bot) = start().await;
    let mia = discord
        .server("Trail Friends")
        .channel("mobility")
        .person("Mia");
    bot.register(&commands()).await;
    mia.slash("/ankle help", &[]).await;
    clock.advance(jiff::SignedDuration::from_secs(4));
    discord.finish().await;
}

#[tokio::test]
async fn pings_follow_what_is_allowed() {
    let (discord, _clock, bot) = start().await;
    let club = discord.server("Trail Friends");
    let room = club.channel("mobility");
    let mia = club.member("Mia");
    let role = club.role("Runners", 0);
    club.make_mentionable(role);
    let content = format!("<@{}> <@&{role}> @everyone", mia.id());
    let mut pings = Vec::new();
    for allowed in [
        json!(null),
        json!({"parse": []}),
        json!({"parse": ["roles"]}),
        json!({"users": [mia.id().to_string()]}),
    ] {
        let embed = json!([{"description": content}]);
        let body = json!({"content": content, "embeds": embed, "allowed_mentions": allowed});
        bot.says(room.id(), &body).await;
        // Six messages would be too many for one channel at one instant.
        discord.limits(false);
        pings.push(room.next_message().await.pings);
    }
    let ids = |n: usize| {
        (
            pings[n].users.contains(&mia.id()),
            pings[n].roles.contains(&role),
        )
    };
    assert_eq!(
        (0..4).map(ids).collect::<Vec<_>>(),
        [(true, true), (false, false), (false, true), (true, false)]
    );
    assert!(!pings[0].everyone);
    room.allow_bot(ankle_fakes::discord::permissions::MENTION_EVERYONE);
    bot.says(room.id(), &json!({"content": "@everyone"})).await;
    assert!(room.next_message().await.pings.everyone);
    bot.says(room.id(), &json!({"embeds": [{"description": content}]}))
        .await;
    assert!(room.next_message().await.pings.is_nobody());
    assert_eq!(discord.pings().len(), 4);
    discord.finish().await;
}
