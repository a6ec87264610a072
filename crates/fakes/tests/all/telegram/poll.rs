//! The long poll.

use serde_json::json;

use super::client::start;

#[tokio::test]
async fn a_poll_waits_and_returns_at_once_when_something_comes() {
    let (tg, _clock, bot) = start().await;
    let mia = tg.user("Mia");
    let waiting = {
        let bot = bot.clone();
        tokio::spawn(async move { bot.ok("getUpdates", &json!({"timeout": 50})).await })
    };
    tg.until_polling().await;
    mia.says(&mia.dm(), "/start").await;
    let updates = waiting.await.unwrap();
    assert_eq!(updates[0]["message"]["text"], "/start");
    assert_eq!(tg.pending_updates(), 1);
    let offset = updates[0]["update_id"].as_i64().unwrap() + 1;
    bot.ok("getUpdates", &json!({"offset": offset})).await;
    tg.settled().await;
    tg.finish().await;
}

#[tokio::test]
async fn a_poll_gives_way_to_a_second_one() {
    let (tg, _clock, bot) = start().await;
    let first = {
        let bot = bot.clone();
        tokio::spawn(async move { bot.error("getUpdates", &json!({"timeout": 50})).await })
    };
    tg.until_polling().await;
    assert_eq!(
        bot.ok("getUpdates", &json!({})).await,
        json!([]),
        "a short poll disturbs nobody"
    );
    let second = tokio::spawn(async move { bot.ok("getUpdates", &json!({"timeout": 50})).await });
    let error = first.await.unwrap();
    assert!(
        error.starts_with("Conflict: terminated by other getUpdates request"),
        "{error}"
    );
    tg.unknown_update();
    assert_eq!(second.await.unwrap().as_array().map(Vec::len), Some(1));
    tg.finish().await;
}

#[tokio::test]
async fn the_kinds_asked_for_are_remembered() {
    let (tg, _clock, bot) = start().await;
    let mia = tg.user("Mia");
    let club = tg.supergroup("Trail Friends").with(&[&mia]);
    bot.ok("getUpdates", &json!({"allowed_updates": ["message"]}))
        .await;
    club.promote_bot(&[]);
    let message = mia.says(&club, "one").await;
    mia.edits(&message, "two").await;
    assert_eq!(bot.heard().await, ["message one"]);
    bot.ok("getUpdates", &json!({"allowed_updates": []})).await;
    mia.edits(&message, "three").await;
    assert_eq!(bot.heard().await, ["edited_message three"]);
    let misspelt = json!({"allowed_updates": ["messages"]});
    assert_eq!(bot.call("getUpdates", &misspelt).await.0, 400);
    assert_eq!(tg.take_violations().len(), 1);
    tg.finish().await;
}

#[tokio::test]
async fn a_limit_splits_what_waits() {
    let (tg, _clock, bot) = start().await;
    let mia = tg.user("Mia");
    for n in 0..3 {
        mia.says(&mia.dm(), &format!("/n{n}")).await;
    }
    let two = bot.ok("getUpdates", &json!({"limit": 2})).await;
    assert_eq!(two.as_array().map(Vec::len), Some(2));
    assert_eq!(bot.call("getUpdates", &json!({"limit": 0})).await.0, 400);
    assert_eq!(tg.take_violations().len(), 1);
    tg.finish().await;
}
