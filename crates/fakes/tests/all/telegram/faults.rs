//! Going wrong on demand.

use ankle_fakes::telegram::Fault;
use serde_json::{Value, json};

use super::client::start;

#[tokio::test]
async fn errors_strike_the_calls_they_are_meant_for() {
    let (tg, _clock, bot) = start().await;
    let (club, other) = (
        tg.supergroup("Trail Friends"),
        tg.supergroup("Road Runners"),
    );
    let send = |chat: i64| json!({"chat_id": chat, "text": "x"});
    let fault = tg
        .fault(Fault::TooManyRequests(8))
        .on("sendMessage")
        .in_chat(club.id())
        .times(2);
    bot.ok("sendMessage", &send(other.id())).await;
    bot.ok("getMe", &json!({})).await;
    for _ in 0..2 {
        let (status, body) = bot.call("sendMessage", &send(club.id())).await;
        assert_eq!(
            (status, &body["parameters"]["retry_after"]),
            (429, &json!(8))
        );
    }
    bot.ok("sendMessage", &send(club.id())).await;
    assert_eq!(fault.hits(), 2);

    let faults = [
        (
            Fault::Blocked,
            403,
            "Forbidden: bot was blocked by the user",
        ),
        (
            Fault::KickedFromGroup,
            403,
            "Forbidden: bot was kicked from the group chat",
        ),
        (
            Fault::NotAMember,
            403,
            "Forbidden: bot is not a member of the supergroup chat",
        ),
        (Fault::TopicClosed, 400, "Bad Request: TOPIC_CLOSED"),
        (Fault::Unauthorized, 401, "Unauthorized"),
        (Fault::Error(420, "odd".to_owned()), 420, "odd"),
    ];
    for (fault, code, text) in faults {
        let fault = tg.fault(fault).until_cleared();
        let (status, body) = bot.call("getMe", &json!({})).await;
        assert_eq!((status, body["description"].as_str()), (code, Some(text)));
        fault.clear();
    }
    bot.ok("getMe", &json!({})).await;
    tg.finish_with_unread().await;
}

#[tokio::test]
async fn answers_get_lost_before_or_after_the_deed() {
    let (tg, _clock, bot) = start().await;
    let club = tg.supergroup("Trail Friends");
    let send = json!({"chat_id": club.id(), "text": "x"});
    let said = || club.bot_messages().len();

    tg.fault(Fault::DropBefore).once();
    assert!(bot.try_call("sendMessage", &send).await.is_err());
    assert_eq!(said(), 0);
    tg.fault(Fault::DropAfter).once();
    assert!(bot.try_call("sendMessage", &send).await.is_err());
    assert_eq!(said(), 1);
    tg.fault(Fault::ServerError(502)).once();
    let (status, body) = bot.call("sendMessage", &send).await;
    assert_eq!(status, 502);
    assert!(matches!(body, Value::String(page) if page.starts_with("<html>")));
    assert_eq!(said(), 1);
    tg.fault(Fault::Malformed).once();
    let (status, body) = bot.call("sendMessage", &send).await;
    assert!(status == 200 && body.is_string(), "{body}");
    assert_eq!(said(), 2);
    tg.fault(Fault::ServerErrorAfter(504)).once();
    assert_eq!(bot.call("sendMessage", &send).await.0, 504);
    assert_eq!(said(), 3);
    tg.finish_with_unread().await;
}

#[tokio::test]
async fn a_call_hangs_until_it_is_released() {
    for (fault, done) in [(Fault::HangBefore, 0), (Fault::HangAfter, 1)] {
        let (tg, _clock, bot) = start().await;
        let club = tg.supergroup("Trail Friends");
        let fault = tg.fault(fault).on("sendMessage").once();
        let hanging = {
            let (bot, chat) = (bot.clone(), club.id());
            tokio::spawn(async move { bot.says(chat, "x").await })
        };
        fault.struck(1).await;
        if done == 1 {
            club.next_bot_message().await;
        }
        assert_eq!(club.bot_messages().len(), done);
        fault.release();
        hanging.await.unwrap();
        assert_eq!(club.bot_messages().len(), 1);
        tg.finish_with_unread().await;
    }
}

#[tokio::test]
async fn a_call_hangs_although_nobody_holds_the_fault() {
    let (tg, _clock, bot) = start().await;
    let club = tg.supergroup("Trail Friends");
    tg.fault(Fault::HangAfter).on("sendMessage").once();
    let hanging = bot.says(club.id(), "x");
    tokio::select! {
        _ = hanging => panic!("the call was to hang"),
        shown = club.next_bot_message() => assert_eq!(shown.text, "x"),
    }
    tg.finish().await;
}

#[tokio::test]
async fn updates_come_twice_late_again_and_of_unknown_kinds() {
    let (tg, _clock, bot) = start().await;
    let mia = tg.user("Mia");
    let dm = mia.dm();
    tg.next_update_twice();
    mia.says(&dm, "one").await;
    assert_eq!(bot.heard().await, ["message one", "message one"]);
    tg.repeat_update();
    assert_eq!(bot.heard().await, ["message one"]);
    tg.next_update_late();
    mia.says(&dm, "two").await;
    assert_eq!(bot.heard().await, [""; 0]);
    mia.says(&dm, "three").await;
    assert_eq!(bot.heard().await, ["message three", "message two"]);
    tg.unknown_update();
    assert_eq!(bot.heard().await, ["purple_elephant"]);
    tg.finish().await;
}

#[tokio::test]
async fn an_outage_closes_the_port_and_loses_nothing() {
    let (mut tg, _clock, bot) = start().await;
    let mia = tg.user("Mia");
    tg.go_down();
    mia.says(&mia.dm(), "/start").await;
    assert!(bot.try_call("getMe", &json!({})).await.is_err());
    tg.come_back().await;
    assert_eq!(bot.heard().await, ["message /start"]);
    tg.finish().await;
}
