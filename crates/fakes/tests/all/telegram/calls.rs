//! What calls do, and which are refused.

use jiff::SignedDuration;
use serde_json::json;

use super::client::start;

#[tokio::test]
async fn a_method_is_known_in_any_case_and_an_unknown_one_is_not() {
    let (tg, _clock, bot) = start().await;
    assert_eq!(bot.ok("GETme", &json!({})).await["username"], "fake_bot");
    let (status, body) = bot.call("sendTelepathy", &json!({})).await;
    assert_eq!(
        (status, body["description"].as_str()),
        (404, Some("Not Found"))
    );
    let violations = tg.take_violations();
    assert_eq!(
        violations[0].to_string(),
        "sendTelepathy: there is no such method"
    );
    tg.finish().await;
}

#[tokio::test]
async fn all_three_kinds_of_body_are_read() {
    let (tg, _clock, bot) = start().await;
    let mia = tg.user("Mia");
    tg.limits(false);
    mia.says(&mia.dm(), "/start").await;
    bot.says(mia.id(), "json").await;
    let form = format!(
        "chat_id={}&text=form%20body&disable_notification=true",
        mia.id()
    );
    let kind = "application/x-www-form-urlencoded";
    assert_eq!(bot.raw("/sendMessage", kind, &form).await.0, 200);
    let query = format!("/sendMessage?chat_id={}&text=query", mia.id());
    assert_eq!(bot.raw(&query, "text/plain", "").await.0, 200);
    let parts = reqwest::multipart::Form::new().text("chat_id", mia.id().to_string());
    let answer = bot
        .form("sendMessage", parts.text("text", "multipart"))
        .await;
    assert_eq!(answer["ok"], true);
    assert_eq!(
        bot.raw("/sendMessage", "application/json", "{").await.0,
        400
    );
    let shown: Vec<_> = mia
        .dm()
        .bot_messages()
        .iter()
        .map(|m| (m.text.clone(), m.silent))
        .collect();
    let expected = [("json", false), ("form body", true), ("query", false)];
    assert_eq!(
        shown[..3],
        expected.map(|(text, silent)| (text.to_owned(), silent))
    );
    tg.finish_with_unread().await;
}

#[tokio::test]
async fn breaches_are_refused_and_kept() {
    let (tg, _clock, bot) = start().await;
    let club = tg.supergroup("Trail Friends");
    let id = club.id();
    let long = "x".repeat(4097);
    let calls = [
        ("sendMessage", json!({"chat_id": id})),
        ("sendMessage", json!({"chat_id": id, "text": "  "})),
        ("sendMessage", json!({"chat_id": id, "text": long})),
        (
            "sendMessage",
            json!({"chat_id": id, "text": "<b>x", "parse_mode": "HTML"}),
        ),
        (
            "sendMessage",
            json!({"chat_id": id, "text": "x", "message_thread_id": 1}),
        ),
        (
            "sendMessage",
            json!({"chat_id": id, "text": "x", "reply_to_message_id": 1}),
        ),
        (
            "answerCallbackQuery",
            json!({"callback_query_id": "1", "text": "x".repeat(201)}),
        ),
        (
            "setMyCommands",
            json!({"commands": [{"command": "Ankle", "description": "x"}]}),
        ),
        (
            "setMyCommands",
            json!({"commands": [{"command": "ankle", "description": ""}]}),
        ),
        (
            "sendPoll",
            json!({"chat_id": id, "question": "x", "options": []}),
        ),
    ];
    for (method, params) in &calls {
        assert_eq!(bot.call(method, params).await.0, 400, "{method} {params}");
    }
    let violations: Vec<_> = tg
        .take_violations()
        .iter()
        .map(ToString::to_string)
        .collect();
    insta::assert_snapshot!(violations.join("\n"), @r#"
    sendMessage: text is required
    sendMessage: Bad Request: message text is empty
    sendMessage: Bad Request: message is too long
    sendMessage: Bad Request: can't parse entities: Can't find end tag corresponding to start tag "b"
    sendMessage: Bad Request: message thread not found
    sendMessage: reply_to_message_id is not a parameter of this method
    answerCallbackQuery: Bad Request: MESSAGE_TOO_LONG
    setMyCommands: Bad Request: BOT_COMMAND_INVALID
    setMyCommands: Bad Request: BOT_COMMAND_DESCRIPTION_INVALID
    sendPoll: Bad Request: this fake does not know how to sendPoll
    "#);
    assert_eq!(club.transcript(), "");
    tg.finish().await;
}

#[tokio::test]
async fn lengths_are_counted_in_what_people_see() {
    let (tg, _clock, bot) = start().await;
    let club = tg.supergroup("Trail Friends");
    let send = |text: String| json!({"chat_id": club.id(), "text": text, "parse_mode": "HTML"});
    bot.ok(
        "sendMessage",
        &send(format!("<b>{}</b>", "&lt;".repeat(4096))),
    )
    .await;
    bot.ok("sendMessage", &send("🦶".repeat(2048))).await;
    let error = bot.error("sendMessage", &send("🦶".repeat(2049))).await;
    assert_eq!(error, "Bad Request: message is too long");
    assert_eq!(tg.take_violations().len(), 1);
    tg.finish_with_unread().await;
}

#[tokio::test]
async fn a_sent_message_is_kept_with_what_people_see() {
    let (tg, _clock, bot) = start().await;
    let club = tg.supergroup("Trail Friends");
    let mia = tg.user("Mia");
    club.join(&mia);
    let question = mia.says(&club, "/ankle test 9cm").await;
    bot.ok(
        "sendMessage",
        &json!({
            "chat_id": club.id(), "parse_mode": "HTML", "disable_notification": true,
            "text": "<b>9.0 cm</b> · about 32.4° &lt;ok&gt;\nWhich leg was it?",
            "reply_parameters": {"message_id": question.id()},
            "reply_markup": {"inline_keyboard": [
                [{"text": "Left", "callback_data": "l"}, {"text": "Right", "callback_data": "r"}],
                [{"text": "Guide", "url": "https://example.org/guide"}],
            ]},
        }),
    )
    .await;
    let shown = club.next_bot_message().await;
    assert_eq!(shown.entities.len(), 1);
    assert_eq!((shown.silent, shown.reply_to), (true, Some(question.id())));
    assert_eq!(shown.labels(), ["Left", "Right", "Guide"]);
    insta::assert_snapshot!(club.transcript(), @r#"
    -- Mia joined
    Mia: /ankle test 9cm
    Bot (silent, to Mia): 9.0 cm · about 32.4° <ok>
      Which leg was it?
      [Left] [Right]
      [Guide -> https://example.org/guide]
    "#);
    tg.finish().await;
}

#[tokio::test]
async fn edits_change_what_is_there_and_only_that() {
    let (tg, _clock, bot) = start().await;
    let club = tg.supergroup("Trail Friends");
    let sent = bot.says(club.id(), "one").await;
    let shown = club.next_bot_message().await;
    let edit =
        |text: &str| json!({"chat_id": club.id(), "message_id": sent["message_id"], "text": text});
    let error = bot.error("editMessageText", &edit("one")).await;
    assert!(
        error.starts_with("Bad Request: message is not modified"),
        "{error}"
    );
    bot.ok("editMessageText", &edit("two")).await;
    let shown = shown.next_edit().await;
    assert_eq!((shown.text.as_str(), shown.edited), ("two", true));
    let keyboard = json!({"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]});
    let params = json!({"chat_id": club.id(), "message_id": shown.id(), "reply_markup": keyboard});
    bot.ok("editMessageReplyMarkup", &params).await;
    assert_eq!(shown.next_edit().await.labels(), ["A"]);
    let missing = json!({"chat_id": club.id(), "message_id": 99, "text": "x"});
    assert_eq!(
        bot.error("editMessageText", &missing).await,
        "Bad Request: message to edit not found"
    );
    let delete = json!({"chat_id": club.id(), "message_id": shown.id()});
    bot.ok("deleteMessage", &delete).await;
    shown.is_deleted().await;
    assert_eq!(
        bot.error("deleteMessage", &delete).await,
        "Bad Request: message to delete not found"
    );
    let target = json!({"message_id": shown.id()});
    let reply = json!({"chat_id": club.id(), "text": "x", "reply_parameters": target});
    assert_eq!(
        bot.error("sendMessage", &reply).await,
        "Bad Request: message to be replied not found"
    );
    tg.finish().await;
}

#[tokio::test]
async fn photos_and_documents_keep_their_bytes() {
    let (tg, _clock, bot) = start().await;
    let club = tg.supergroup("Trail Friends");
    let form = |field: &'static str, bytes: &'static [u8]| {
        let part = reqwest::multipart::Part::bytes(bytes).file_name("a.bin");
        reqwest::multipart::Form::new()
            .text("chat_id", club.id().to_string())
            .text("caption", "see")
            .part(field, part)
    };
    let photo = bot
        .form("sendPhoto", form("photo", b"\x89PNG\r\n\x1a\n.."))
        .await;
    assert_eq!(photo["ok"], true, "{photo}");
    let document = bot.form("sendDocument", form("document", b"day;cm")).await;
    assert_eq!(document["result"]["document"]["file_name"], "a.bin");
    let shown = club.next_bot_message().await;
    assert_eq!(shown.photo.as_deref(), Some(&b"\x89PNG\r\n\x1a\n.."[..]));
    let shown = club.next_bot_message().await;
    assert_eq!(
        shown.document,
        Some(("a.bin".to_owned(), b"day;cm".to_vec()))
    );
    let wrong = bot.form("sendPhoto", form("photo", b"no picture")).await;
    assert_eq!(wrong["description"], "Bad Request: IMAGE_PROCESS_FAILED");
    assert_eq!(tg.take_violations().len(), 1);
    tg.finish().await;
}

#[tokio::test]
async fn limits_hold_on_the_injected_clock() {
    let (tg, clock, bot) = start().await;
    let club = tg.supergroup("Trail Friends");
    let send = json!({"chat_id": club.id(), "text": "x"});
    for _ in 0..3 {
        bot.ok("sendMessage", &send).await;
    }
    let (status, body) = bot.call("sendMessage", &send).await;
    assert_eq!(
        (status, &body["parameters"]),
        (429, &json!({"retry_after": 1}))
    );
    clock.advance(SignedDuration::from_secs(1));
    bot.ok("sendMessage", &send).await;
    assert_eq!(tg.refused_by_limits(), 1);
    tg.limits(false);
    for _ in 0..40 {
        bot.ok("sendMessage", &send).await;
    }
    tg.finish_with_unread().await;
}

#[tokio::test]
async fn a_bot_writes_only_where_it_may() {
    let (tg, _clock, bot) = start().await;
    let mia = tg.user("Mia");
    let send = |chat: i64| json!({"chat_id": chat, "text": "x"});
    assert_eq!(
        bot.error("sendMessage", &send(mia.id())).await,
        "Forbidden: bot can't initiate conversation with a user"
    );
    mia.says(&mia.dm(), "/start").await;
    bot.says(mia.id(), "hello").await;
    mia.blocks_bot();
    assert_eq!(
        bot.error("sendMessage", &send(mia.id())).await,
        "Forbidden: bot was blocked by the user"
    );
    let club = tg.supergroup("Trail Friends");
    club.restrict_bot();
    assert_eq!(
        bot.error("sendMessage", &send(club.id())).await,
        "Bad Request: not enough rights to send text messages to the chat"
    );
    club.kick_bot();
    assert_eq!(
        bot.error("sendMessage", &send(club.id())).await,
        "Forbidden: bot was kicked from the supergroup chat"
    );
    assert_eq!(
        bot.error("sendMessage", &send(-5)).await,
        "Bad Request: chat not found"
    );
    let group = tg.group("Old Friends");
    let new = group.migrate();
    let (status, body) = bot.call("sendMessage", &send(group.id())).await;
    assert_eq!(
        (status, &body["parameters"]["migrate_to_chat_id"]),
        (400, &json!(new.id()))
    );
    bot.says(new.id(), "still here").await;
    tg.finish_with_unread().await;
}

#[tokio::test]
async fn topics_are_addressed_by_their_thread() {
    let (tg, _clock, bot) = start().await;
    let club = tg.forum("Trail Friends");
    let topic = club.topic("Mobility");
    let send = json!({"chat_id": club.id(), "text": "x", "message_thread_id": topic.id()});
    assert_eq!(bot.ok("sendMessage", &send).await["is_topic_message"], true);
    assert_eq!(topic.next_bot_message().await.thread, Some(topic.id()));
    club.close_topic(&topic);
    assert_eq!(
        bot.error("sendMessage", &send).await,
        "Bad Request: TOPIC_CLOSED"
    );
    club.reopen_topic(&topic);
    club.delete_topic(&topic);
    assert_eq!(
        bot.error("sendMessage", &send).await,
        "Bad Request: message thread not found"
    );
    bot.says(club.id(), "in General").await;
    assert_eq!(club.next_bot_message().await.thread, None);
    tg.finish().await;
}

#[tokio::test]
async fn menus_are_kept_by_scope_and_language() {
    let (tg, _clock, bot) = start().await;
    let club = tg.supergroup("Trail Friends");
    let (mia, lea) = (tg.user("Mia").speaking("de-AT"), tg.user("Lea"));
    club.join(&mia);
    let menu = |word: &str| json!([{"command": word, "description": "x"}]);
    let groups = json!({"type": "all_group_chats"});
    bot.ok("setMyCommands", &json!({"commands": menu("start")}))
        .await;
    bot.ok(
        "setMyCommands",
        &json!({"commands": menu("ankle"), "scope": groups}),
    )
    .await;
    let german = json!({"commands": menu("ankle_de"), "scope": groups, "language_code": "de"});
    bot.ok("setMyCommands", &german).await;
    let first = |menu: Vec<ankle_fakes::telegram::MenuCommand>| menu[0].command.clone();
    assert_eq!(first(mia.menu_in(&club)), "ankle_de");
    assert_eq!(first(lea.menu_in(&club)), "ankle");
    assert_eq!(first(mia.menu_in(&mia.dm())), "start");
    let kept = bot.ok("getMyCommands", &json!({"scope": groups})).await;
    assert_eq!(kept, menu("ankle"));
    bot.ok("deleteMyCommands", &json!({"scope": groups})).await;
    assert_eq!(tg.menu(&groups, ""), None);
    tg.finish().await;
}

#[tokio::test]
async fn members_are_told_with_their_rights() {
    let (tg, _clock, bot) = start().await;
    let club = tg.supergroup("Trail Friends");
    let (ana, mia) = (tg.user("Ana"), tg.user("Mia"));
    let club = club.with(&[&ana, &mia]);
    club.promote(&ana);
    club.promote_bot(&[]);
    let ask = |user: i64| json!({"chat_id": club.id(), "user_id": user});
    assert_eq!(
        bot.ok("getChatMember", &ask(mia.id())).await["status"],
        "member"
    );
    let member = bot.ok("getChatMember", &ask(ana.id())).await;
    assert_eq!(
        (&member["status"], &member["can_delete_messages"]),
        (&json!("administrator"), &json!(true))
    );
    let me = bot.ok("getChatMember", &ask(tg.bot_id())).await;
    assert_eq!(me["can_delete_messages"], false);
    let admins = bot
        .ok("getChatAdministrators", &json!({"chat_id": club.id()}))
        .await;
    assert_eq!(admins.as_array().map(Vec::len), Some(2));
    bot.ok("leaveChat", &json!({"chat_id": club.id()})).await;
    assert_eq!(
        bot.error("getChat", &json!({"chat_id": club.id()})).await,
        "Forbidden: bot is not a member of the supergroup chat"
    );
    tg.finish().await;
}
