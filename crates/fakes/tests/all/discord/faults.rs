//! Going wrong on demand.

use std::sync::Arc;

use ankle_fakes::discord::{Fault, Scope};
use serde_json::{Value, json};

use super::client::{Client, start};

const NOTHING: Value = Value::Null;

#[tokio::test]
async fn errors_strike_where_they_were_planted() {
    let (discord, _clock, bot) = start().await;
    let club = discord.server("Trail Friends");
    let (room, other) = (club.channel("mobility"), club.channel("other"));
    let hello = json!({"content": "hello"});
    let path = format!("/channels/{}/messages", room.id());
    let forbidden = discord
        .fault(Fault::Forbidden(50013))
        .in_channel(room.id())
        .once();
    bot.says(other.id(), &hello).await;
    assert_eq!(bot.error("POST", &path, &hello).await, (403, 50013));
    bot.says(room.id(), &hello).await;
    assert_eq!(forbidden.hits(), 1);
    for (fault, status, code) in [
        (Fault::Unauthorized, 401, 0),
        (Fault::NotFound(10003), 404, 10003),
        (Fault::Error(400, 20028), 400, 20028),
    ] {
        discord.fault(fault).on("create_message").once();
        assert_eq!(bot.error("POST", &path, &hello).await, (status, code));
    }
    for (scope, invalid) in [(Scope::User, 1), (Scope::Global, 1), (Scope::Shared, 0)] {
        let before = discord.invalid_calls();
        discord
            .fault(Fault::TooManyRequests(scope, 1.5))
            .on("create_message")
            .once();
        let (status, headers, body) = bot.call("POST", &path, &hello).await;
        assert_eq!((status, &body["retry_after"]), (429, &json!(1.5)));
        assert_eq!(headers["retry-after"], "2");
        assert_eq!(body["global"], scope == Scope::Global);
        assert_eq!(discord.invalid_calls() - before, invalid);
    }
    assert_eq!(room.bot_messages().len(), 1);
    discord.finish_with_unread().await;
}

#[tokio::test]
async fn a_page_a_drop_and_half_an_answer() {
    let (discord, _clock, bot) = start().await;
    let room = discord.server("Trail Friends").channel("mobility");
    let path = format!("/channels/{}/messages", room.id());
    let hello = json!({"content": "hello"});
    for (fault, sent) in [
        (Fault::ServerError(502), 0),
        (Fault::ServerErrorAfter(503), 1),
        (Fault::Malformed, 2),
    ] {
        discord.fault(fault).on("create_message").once();
        let (_, _, body) = bot.call("POST", &path, &hello).await;
        assert!(body.is_string(), "{body}");
        assert_eq!(room.bot_messages().len(), sent);
    }
    for (fault, sent) in [(Fault::DropBefore, 2), (Fault::DropAfter, 3)] {
        discord.fault(fault).on("create_message").once();
        assert!(bot.try_call("POST", &path, &hello).await.is_err());
        assert_eq!(room.bot_messages().len(), sent);
    }
    discord.finish_with_unread().await;
}

#[tokio::test]
async fn a_call_hangs_until_it_is_released() {
    let (discord, _clock, bot) = start().await;
    let room = discord.server("Trail Friends").channel("mobility");
    let path = format!("/channels/{}/messages", room.id());
    for (fault, sent) in [(Fault::HangBefore, 0), (Fault::HangAfter, 2)] {
        let hang = discord.fault(fault).on("create_message").once();
        let (bot, path) = (bot.clone(), path.clone());
        let call = tokio::spawn(async move {
            bot.call("POST", &path, &json!({"content": "hello"}))
                .await
                .0
        });
        hang.struck(1).await;
        if sent > 0 {
            discord.until(|state| state.bot_messages() == sent).await;
        }
        assert_eq!(room.bot_messages().len(), sent);
        hang.release();
        assert_eq!(call.await.unwrap(), 200);
    }
    discord.finish_with_unread().await;
}

#[tokio::test]
async fn the_whole_platform_goes_down_and_comes_back() {
    let (mut discord, _clock, bot) = start().await;
    discord.go_down();
    assert!(bot.try_call("GET", "/gateway", &NOTHING).await.is_err());
    discord.come_back().await;
    assert_eq!(bot.call("GET", "/gateway", &NOTHING).await.0, 200);
    discord.finish().await;
}

#[tokio::test]
async fn ten_thousand_invalid_calls_close_the_door() {
    let clock = Arc::new(ankle_clock::SystemClock::new());
    let discord = ankle_fakes::discord::FakeDiscord::start(clock).await;
    let bot = Client::new(&discord);
    discord.invalid_calls_happen(10_000);
    let (status, _, body) = bot.call("GET", "/users/@me", &NOTHING).await;
    assert_eq!(status, 429);
    assert!(
        body.as_str()
            .is_some_and(|page| page.contains("cloudflare")),
        "{body}"
    );
    discord.finish().await;
}
