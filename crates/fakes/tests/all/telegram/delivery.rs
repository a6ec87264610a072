//! Which updates reach the bot.

use ankle_fakes::telegram::{FakeTelegram, MessageHandle};
use serde_json::json;

use super::client::{Client, start};

/// Mia writes something; whether the bot hears of it.
async fn hears(bot: &Client) -> bool {
    !bot.heard().await.is_empty()
}

#[tokio::test]
async fn with_privacy_mode_a_group_member_hears_only_what_is_meant_for_it() {
    let (tg, _clock, bot) = start().await;
    let (mia, poll) = (tg.user("Mia"), tg.other_bot("Pollbot"));
    let club = tg.supergroup("Trail Friends").with(&[&mia, &poll]);
    mia.says(&club, "good morning").await;
    mia.says(&club, "try /ankle").await;
    assert!(!hears(&bot).await);
    mia.says(&club, "/ankle test 9cm").await;
    assert!(hears(&bot).await, "no bot has spoken yet");
    poll.says(&club, "A new poll!").await;
    mia.says(&club, "/ankle test 9cm").await;
    assert!(!hears(&bot).await, "another bot spoke last");
    mia.says(&club, "/ankle@FAKE_bot test 9cm").await;
    assert!(hears(&bot).await, "addressed, in any case");
    mia.says(&club, "/ankle@fake_bott test 9cm").await;
    assert!(!hears(&bot).await, "addressed to another");
    bot.says(club.id(), "hello").await;
    mia.says(&club, "/ankle").await;
    assert!(hears(&bot).await, "our bot spoke last");
    let answer = club.next_bot_message().await;
    mia.replies(&answer, "10.5 right").await;
    assert!(hears(&bot).await, "a reply to our bot");
    mia.sends_photo_with_caption(&club, "/ankle look").await;
    assert!(hears(&bot).await, "a command in a caption");
    tg.finish().await;
}

#[tokio::test]
async fn an_administrator_and_a_bot_without_privacy_mode_hear_all_but_bots() {
    for admin in [true, false] {
        let (tg, _clock, bot) = start().await;
        let (mia, poll) = (tg.user("Mia"), tg.other_bot("Pollbot"));
        let club = tg.supergroup("Trail Friends").with(&[&mia, &poll]);
        if admin {
            club.promote_bot(&[]);
        } else {
            tg.bot_reads_all(true);
        }
        bot.updates().await;
        mia.says(&club, "good morning").await;
        poll.says(&club, "/ankle@fake_bot").await;
        assert_eq!(bot.heard().await, ["message good morning"]);
        let me = bot.ok("getMe", &json!({})).await;
        assert_eq!(me["can_read_all_group_messages"], !admin);
        tg.finish().await;
    }
}

#[tokio::test]
async fn edits_follow_the_same_rule() {
    let (tg, _clock, bot) = start().await;
    let mia = tg.user("Mia");
    let club = tg.supergroup("Trail Friends").with(&[&mia]);
    let message = mia.says(&club, "/ankle test 9cm").await;
    mia.edits(&message, "/ankle test 9.5cm").await;
    mia.edits(&message, "never mind").await;
    assert_eq!(
        bot.heard().await,
        [
            "message /ankle test 9cm",
            "edited_message /ankle test 9.5cm"
        ]
    );
    tg.finish().await;
}

#[tokio::test]
async fn comings_and_goings_are_told() {
    let (tg, _clock, bot) = start().await;
    let (mia, jonas) = (tg.user("Mia"), tg.user("Jonas"));
    let club = tg.group("Trail Friends").with(&[&mia]).without_bot();
    mia.adds_bot(&club);
    let added = bot.updates().await;
    assert_eq!(added[0]["my_chat_member"]["from"]["id"], mia.id());
    club.join(&jonas);
    club.leave(&jonas);
    club.kick_bot();
    mia.says(&club, "/ankle").await;
    club.readd_bot();
    mia.says(&mia.dm(), "/start").await;
    mia.blocks_bot();
    mia.unblocks_bot();
    let new = club.migrate();
    mia.says(&new, "/ankle").await;
    insta::assert_snapshot!(bot.heard().await.join("\n"), @r#"
    message new_chat_members
    message left_chat_member
    message left_chat_member
    my_chat_member kicked
    my_chat_member member
    message new_chat_members
    message /start
    my_chat_member kicked
    my_chat_member member
    message migrate_to_chat_id
    message migrate_from_chat_id
    message /ankle
    "#);
    tg.finish().await;
}

#[tokio::test]
async fn other_members_changes_are_told_only_to_an_administrator_who_asked() {
    let (tg, _clock, bot) = start().await;
    let mia = tg.user("Mia");
    let club = tg.supergroup("Trail Friends").with(&[&mia]);
    bot.ok("getUpdates", &json!({"allowed_updates": ["chat_member"]}))
        .await;
    club.promote(&mia);
    assert!(!hears(&bot).await);
    club.promote_bot(&[]);
    club.demote(&mia);
    assert_eq!(bot.heard().await, ["chat_member member"]);
    tg.finish().await;
}

#[tokio::test]
async fn presses_are_delivered_and_answered_once_and_in_time() {
    let (tg, clock, bot) = start().await;
    let mia = tg.user("Mia");
    let club = tg.supergroup("Trail Friends").with(&[&mia]);
    let message = with_button(&tg, &bot, club.id()).await;
    let press = mia.presses(&message, "Left").await;
    assert_eq!(bot.heard().await, ["callback_query left"]);
    let answer =
        json!({"callback_query_id": press.query_id(), "text": "Saved", "show_alert": true});
    bot.ok("answerCallbackQuery", &answer).await;
    assert_eq!(press.answer().await.text, "Saved");
    let too_old =
        "Bad Request: query is too old and response timeout expired or query ID is invalid";
    assert_eq!(bot.error("answerCallbackQuery", &answer).await, too_old);
    let late = mia.presses(&message, "Left").await;
    clock.advance(jiff::SignedDuration::from_secs(61));
    let answer = json!({"callback_query_id": late.query_id()});
    assert_eq!(bot.error("answerCallbackQuery", &answer).await, too_old);
    assert_eq!(mia.toasts().len(), 1);
    insta::assert_snapshot!(club.full_transcript(), @r#"
    Bot: Which leg?
      [Left]
    Mia pressed [Left]
    Mia was alerted: Saved
    Mia pressed [Left]
    "#);
    tg.finish_with_unread().await;
}

#[tokio::test]
async fn anonymous_administrators_and_channels_write_under_other_names() {
    let (tg, _clock, bot) = start().await;
    let ana = tg.user("Ana");
    let club = tg.supergroup("Trail Friends").with(&[&ana]);
    club.promote(&ana);
    ana.says_anonymously(&club, "/ankle remind set 07:30").await;
    let news = tg.channel("Club news");
    news.says_in(&club, "/ankle").await;
    news.discuss_in(&club);
    news.posts("not for a member").await;
    news.promote_bot(&["can_post_messages"]);
    news.posts("for an administrator").await;
    bot.says(news.id(), "our post").await;
    let updates = bot.updates().await;
    let group = club.id();
    assert_eq!(
        updates[0]["message"]["from"]["username"],
        "GroupAnonymousBot"
    );
    assert_eq!(updates[0]["message"]["sender_chat"]["id"], group);
    assert_eq!(updates[1]["message"]["sender_chat"]["type"], "channel");
    assert_eq!(
        updates[2]["my_chat_member"]["new_chat_member"]["can_post_messages"],
        true
    );
    assert_eq!(updates[3]["channel_post"]["text"], "for an administrator");
    assert_eq!(updates.len(), 4);
    insta::assert_snapshot!(tg.transcript(), @r#"
    Trail Friends | Trail Friends: /ankle remind set 07:30
    Trail Friends | Club news: /ankle
    Club news | Club news: not for a member
    Trail Friends | Club news: not for a member
    Club news | Club news: for an administrator
    Trail Friends | Club news: for an administrator
    Club news | Club news: our post
    "#);
    tg.finish_with_unread().await;
}

#[tokio::test]
async fn an_administrator_may_always_write_anonymously() {
    let (tg, _clock, bot) = start().await;
    let ana = tg.user("Ana");
    let club = tg.supergroup("Trail Friends").with(&[&ana]);
    club.promote_anonymously(&ana);
    let message = ana.says(&club, "/ankle").await;
    ana.edits(&message, "/ankle doctor").await;
    let updates = bot.updates().await;
    assert_eq!(updates[1]["edited_message"]["sender_chat"]["id"], club.id());
    let ask = json!({"chat_id": club.id(), "user_id": ana.id()});
    assert_eq!(bot.ok("getChatMember", &ask).await["is_anonymous"], true);
    tg.finish().await;
}

#[tokio::test]
async fn a_message_in_a_topic_names_its_thread() {
    let (tg, _clock, bot) = start().await;
    let mia = tg.user("Mia");
    let club = tg.forum("Trail Friends").with(&[&mia]);
    let topic = club.topic("Mobility");
    mia.says(&topic, "/ankle").await;
    mia.says(&club, "/ankle").await;
    let updates = bot.updates().await;
    assert!(!updates[0]["message"]["forum_topic_created"].is_null());
    assert_eq!(updates[1]["message"]["message_thread_id"], topic.id());
    assert_eq!(
        updates[1]["message"]["reply_to_message"]["message_id"],
        topic.id()
    );
    assert!(updates[2]["message"]["message_thread_id"].is_null());
    tg.finish().await;
}

async fn with_button(tg: &FakeTelegram, bot: &Client, chat: i64) -> MessageHandle {
    let keyboard = json!({"inline_keyboard": [[{"text": "Left", "callback_data": "left"}]]});
    let send = json!({"chat_id": chat, "text": "Which leg?", "reply_markup": keyboard});
    let message = bot.ok("sendMessage", &send).await;
    tg.message(chat, message["message_id"].as_i64().unwrap())
}
