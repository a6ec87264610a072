//! What a test reads back, and how it ends.

use serde_json::json;

use super::client::start;

#[tokio::test]
#[should_panic(expected = "the bot wrote what nobody read")]
async fn a_test_that_leaves_messages_unread_fails() {
    let (tg, _clock, bot) = start().await;
    let club = tg.supergroup("Trail Friends");
    bot.says(club.id(), "hello").await;
    tg.finish().await;
}

#[tokio::test]
#[should_panic(expected = "sendMessage: text is required")]
async fn a_test_with_violations_fails() {
    let (tg, _clock, bot) = start().await;
    let club = tg.supergroup("Trail Friends");
    bot.call("sendMessage", &json!({"chat_id": club.id()}))
        .await;
    tg.finish_with_unread().await;
}

#[tokio::test]
async fn each_message_is_read_once() {
    let (tg, _clock, bot) = start().await;
    let club = tg.supergroup("Trail Friends");
    bot.says(club.id(), "one").await;
    bot.says(club.id(), "two").await;
    assert_eq!(club.next_bot_message().await.text, "one");
    assert_eq!(club.next_bot_message().await.to_string(), "two");
    bot.says(club.id(), "three").await;
    club.skip_unread();
    tg.finish().await;
}

#[tokio::test]
async fn a_person_sees_what_nobody_else_does() {
    let (tg, _clock, bot) = start().await;
    let mia = tg.user("Mia");
    let club = tg.supergroup("Trail Friends").with(&[&mia]);
    mia.says(&mia.dm(), "/start").await;
    bot.says(mia.id(), "Hi Mia").await;
    let press = mia.presses_stale(&mia.dm().bot_messages()[0], "gone").await;
    bot.ok(
        "answerCallbackQuery",
        &json!({"callback_query_id": press.query_id()}),
    )
    .await;
    bot.says(club.id(), "for all").await;
    insta::assert_snapshot!(mia.transcript(), @r#"
    Mia: /start
    Bot: Hi Mia
    Mia pressed [gone]
    Mia saw nothing
    "#);
    assert_eq!(club.transcript(), "Bot: for all");
    tg.until(|state| state.messages(club.id()).len() == 1).await;
    tg.finish_with_unread().await;
}
