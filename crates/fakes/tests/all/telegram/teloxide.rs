//! The client library that the adapter uses, against the fake.

use ankle_fakes::telegram::FakeTelegram;
use teloxide::prelude::*;
use teloxide::types::{
    AllowedUpdate, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, LinkPreviewOptions,
    ParseMode, ReplyParameters, UpdateKind,
};
use teloxide::{ApiError, RequestError};

use super::client::start;

fn client(tg: &FakeTelegram) -> Bot {
    Bot::new(tg.token()).set_api_url(tg.url().parse().unwrap())
}

fn keyboard() -> InlineKeyboardMarkup {
    InlineKeyboardMarkup::new([
        vec![
            InlineKeyboardButton::callback("Left", "l"),
            InlineKeyboardButton::callback("Right", "r"),
        ],
        vec![InlineKeyboardButton::url(
            "Guide",
            "https://example.org".parse().unwrap(),
        )],
    ])
}

#[tokio::test]
async fn a_whole_conversation_breaks_no_rule() {
    let (tg, _clock, _) = start().await;
    let bot = client(&tg);
    let mia = tg.user("Mia").with_username("mia_runs");
    let club = tg.supergroup("Trail Friends").with(&[&mia]);

    let me = bot.get_me().await.unwrap();
    assert_eq!(me.username(), "fake_bot");
    mia.says(&club, "/ankle test 9cm").await;
    let allowed = [
        AllowedUpdate::Message,
        AllowedUpdate::CallbackQuery,
        AllowedUpdate::MyChatMember,
    ];
    let updates = bot
        .get_updates()
        .timeout(5)
        .allowed_updates(allowed)
        .await
        .unwrap();
    let UpdateKind::Message(question) = &updates[0].kind else {
        panic!("not a message: {updates:?}");
    };
    assert_eq!(question.text(), Some("/ankle test 9cm"));

    let sent = bot
        .send_message(question.chat.id, "<b>9.0 cm</b> · about 32.4°")
        .parse_mode(ParseMode::Html)
        .disable_notification(true)
        .reply_parameters(ReplyParameters::new(question.id).allow_sending_without_reply())
        .link_preview_options(LinkPreviewOptions {
            is_disabled: true,
            url: None,
            prefer_small_media: false,
            prefer_large_media: false,
            show_above_text: false,
        })
        .reply_markup(keyboard())
        .await
        .unwrap();
    let shown = club.next_bot_message().await;
    mia.presses(&shown, "Left").await;
    let offset = updates[0].id.as_offset();
    let updates = bot.get_updates().offset(offset).timeout(5).await.unwrap();
    let UpdateKind::CallbackQuery(query) = &updates[0].kind else {
        panic!("not a press: {updates:?}");
    };
    assert_eq!(query.data.as_deref(), Some("l"));
    bot.answer_callback_query(query.id.clone())
        .text("Saved")
        .show_alert(true)
        .await
        .unwrap();
    bot.edit_message_text(sent.chat.id, sent.id, "<i>Left</i> 9.0 cm")
        .parse_mode(ParseMode::Html)
        .reply_markup(keyboard())
        .await
        .unwrap();
    bot.edit_message_reply_markup(sent.chat.id, sent.id)
        .await
        .unwrap();
    bot.send_photo(
        sent.chat.id,
        InputFile::memory(&b"\x89PNG\r\n\x1a\n.."[..]).file_name("chart.png"),
    )
    .caption("Your <b>chart</b>")
    .parse_mode(ParseMode::Html)
    .await
    .unwrap();
    assert_eq!(club.next_bot_message().await.text, "Your chart");
    bot.get_updates()
        .offset(updates[0].id.as_offset())
        .limit(1)
        .timeout(0)
        .await
        .unwrap();
    tg.settled().await;
    insta::assert_snapshot!(club.full_transcript(), @r#"
    Mia: /ankle test 9cm
    Bot (silent, to Mia): 9.0 cm · about 32.4°
      [Left] [Right]
      [Guide -> https://example.org/]
    Mia pressed [Left]
    Mia was alerted: Saved
    Bot edited: Left 9.0 cm
      [Left] [Right]
      [Guide -> https://example.org/]
    Bot edited: Left 9.0 cm
    Bot: <photo> Your chart
    "#);
    tg.finish().await;
}

#[tokio::test]
async fn every_kind_of_update_is_understood() {
    let (tg, _clock, _) = start().await;
    let bot = client(&tg);
    let (mia, jonas) = (tg.user("Mia").speaking("de"), tg.user("Jonas"));
    bot.get_updates()
        .allowed_updates([
            AllowedUpdate::Message,
            AllowedUpdate::EditedMessage,
            AllowedUpdate::ChannelPost,
            AllowedUpdate::CallbackQuery,
            AllowedUpdate::MyChatMember,
            AllowedUpdate::ChatMember,
        ])
        .await
        .unwrap();
    let group = tg.group("Old Friends").with(&[&mia]);
    let club = group.migrate();
    club.join(&jonas);
    club.promote_bot(&["can_delete_messages"]);
    club.promote(&mia);
    club.restrict(&jonas);
    let topic = club.topic("Mobility");
    let message = mia.says(&topic, "/ankle see https://example.org 🦶").await;
    mia.edits(&message, "/ankle").await;
    mia.replies(&message, "and a reply").await;
    mia.sends_photo_with_caption(&club, "/ankle look").await;
    mia.says_anonymously(&club, "/ankle").await;
    club.close_topic(&topic);
    club.reopen_topic(&topic);
    club.kick(&jonas);
    let news = tg.channel("News");
    news.promote_bot(&[]);
    news.discuss_in(&club);
    news.posts("Run on Sunday").await;
    news.says_in(&club, "hello").await;
    mia.says(&mia.dm(), "/start").await;
    mia.blocks_bot();
    mia.unblocks_bot();
    bot.send_message(ChatId(mia.id()), "x")
        .reply_markup(keyboard())
        .await
        .unwrap();
    let shown = mia.dm().next_bot_message().await;
    mia.presses(&shown, "Left").await;
    bot.delete_message(ChatId(mia.id()), teloxide::types::MessageId(2))
        .await
        .unwrap();
    mia.presses_stale(&shown, "l").await;
    club.demote_bot();
    club.restrict_bot();
    club.kick_bot();
    club.readd_bot();

    let updates = bot.get_updates().await.unwrap();
    for update in &updates {
        assert!(!matches!(update.kind, UpdateKind::Error(_)), "{update:?}");
    }
    assert_eq!(updates.len(), tg.pending_updates());
    tg.unknown_update();
    let updates = bot
        .get_updates()
        .offset(updates[updates.len() - 1].id.as_offset())
        .await
        .unwrap();
    assert!(matches!(updates[0].kind, UpdateKind::Error(_)));
    tg.finish().await;
}

#[tokio::test]
async fn errors_are_understood_too() {
    let (tg, _clock, _) = start().await;
    let bot = client(&tg);
    let mia = tg.user("Mia");
    mia.says(&mia.dm(), "/start").await;
    let chat = ChatId(mia.id());
    for _ in 0..3 {
        bot.send_message(chat, "x").await.unwrap();
    }
    let error = bot.send_message(chat, "x").await.unwrap_err();
    assert!(matches!(error, RequestError::RetryAfter(after) if after.seconds() == 1));
    tg.limits(false);
    mia.blocks_bot();
    let error = bot.send_message(chat, "x").await.unwrap_err();
    assert!(matches!(error, RequestError::Api(ApiError::BotBlocked)));
    let group = tg.group("Old Friends");
    let new = group.migrate();
    let error = bot.send_message(ChatId(group.id()), "x").await.unwrap_err();
    assert!(matches!(error, RequestError::MigrateToChatId(id) if id.0 == new.id()));
    let wrong = Bot::new("1:wrong").set_api_url(tg.url().parse().unwrap());
    let error = wrong.get_me().await.unwrap_err();
    assert!(matches!(error, RequestError::Api(ApiError::InvalidToken)));
    tg.finish_with_unread().await;
}

#[tokio::test]
async fn menus_and_members_are_understood() {
    use teloxide::types::{BotCommand, BotCommandScope};
    let (tg, _clock, _) = start().await;
    let bot = client(&tg);
    let ana = tg.user("Ana");
    let club = tg.supergroup("Trail Friends").with(&[&ana]);
    club.make_owner(&ana);
    bot.set_my_commands([BotCommand::new("ankle", "Log a test")])
        .scope(BotCommandScope::AllGroupChats)
        .language_code("de")
        .await
        .unwrap();
    bot.get_my_commands()
        .scope(BotCommandScope::AllGroupChats)
        .await
        .unwrap();
    let chat = ChatId(club.id());
    assert!(bot.get_chat(chat).await.unwrap().is_supergroup());
    assert_eq!(bot.get_chat_administrators(chat).await.unwrap().len(), 1);
    let owner = bot
        .get_chat_member(chat, UserId(ana.id().unsigned_abs()))
        .await
        .unwrap();
    assert!(owner.is_owner());
    bot.delete_my_commands()
        .scope(BotCommandScope::AllGroupChats)
        .await
        .unwrap();
    bot.set_my_short_description()
        .short_description("Ankles")
        .await
        .unwrap();
    bot.get_webhook_info().await.unwrap();
    bot.delete_webhook().await.unwrap();
    bot.send_document(chat, InputFile::memory("a;b").file_name("a.csv"))
        .await
        .unwrap();
    bot.leave_chat(chat).await.unwrap();
    tg.finish_with_unread().await;
}

/// A bot as small as can be: it echoes, and acknowledges what it has handled.
async fn echo(bot: Bot) {
    let mut offset = 0;
    loop {
        let Ok(updates) = bot.get_updates().offset(offset).timeout(10).await else {
            return;
        };
        for update in updates {
            offset = update.id.as_offset();
            if let UpdateKind::Message(message) = update.kind
                && let Some(text) = message.text().and_then(|text| text.strip_prefix("/echo "))
            {
                let reply = ReplyParameters::new(message.id);
                bot.send_message(message.chat.id, text)
                    .reply_parameters(reply)
                    .await
                    .unwrap();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_in_a_loop_answers_and_keeps_quiet() {
    let (tg, _clock, _) = start().await;
    let running = tokio::spawn(echo(client(&tg)));
    let (mia, jonas) = (tg.user("Mia"), tg.user("Jonas"));
    let club = tg.supergroup("Trail Friends").with(&[&mia, &jonas]);
    mia.says(&club, "/echo one").await;
    assert_eq!(club.next_bot_message().await.text, "one");
    jonas.says(&club, "just talking").await;
    jonas.says(&club, "/silence").await;
    tg.settled().await;
    assert!(club.unread().is_empty());
    for n in 0..20 {
        let person = tg.user(&format!("Runner {n}"));
        person.says(&person.dm(), &format!("/echo {n}")).await;
        assert_eq!(person.dm().next_bot_message().await.text, n.to_string());
    }
    running.abort();
    insta::assert_snapshot!(club.transcript(), @r#"
    Mia: /echo one
    Bot (to Mia): one
    Jonas: just talking
    Jonas: /silence
    "#);
    tg.finish().await;
}
