//! What the platform does to a bot, and what its client libraries make of it: each trap once.

use std::sync::Arc;

use ankle_core::command::Bot;
use ankle_core::face::{Clock, MessageRef, Messenger, SimulatedClock};
use ankle_fakes::telegram::{Chat, FakeTelegram, Fault, Person, Place, Shown, TELEGRAM};
use ankle_telegram::{Config, Stopped, Telegram};
use serde_json::json;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::stage::{Data, Log, OnTelegram, START, told};

async fn stage() -> OnTelegram {
    OnTelegram::on(Data::sqlite().await).await
}

// Commands.

#[tokio::test]
async fn a_command_is_known_in_any_case_before_any_white_space_and_on_any_line() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    // As a member it would not get the one on a second line.
    club.promote_bot(&[]);
    let mia = stage.friend("Mia").await;
    club.join(&mia);
    let lines = [
        "/ANKLE test 9cm left",
        "/ankle\ntest 9cm left",
        "/ankle\ttest 9cm left",
        "/Ankle@Fake_BOT test 9cm left",
        "/tEsT 9cm left",
        "/test@FAKE_bot\n9cm left",
        "Good morning!\n/ankle test 9cm left",
    ];
    for (line, count) in lines.into_iter().zip(1..) {
        mia.says(&club, line).await;
        let answer = stage.latest(&club).await.unwrap();
        assert_eq!(answer.text, "Saved: Left 9.0 cm ≈ 32.4°.", "{line:?}");
        assert_eq!(stage.tests().await, count, "{line:?}");
    }
    stage.ends_well().await;
}

#[tokio::test]
async fn a_command_in_a_caption_is_known() {
    let stage = stage().await;
    let mia = stage.tg.user("Mia");
    mia.sends_photo_with_caption(&mia.dm(), "/ankle test 9cm left")
        .await;
    let answer = stage.latest(&mia.dm()).await.unwrap();
    assert!(answer.text.starts_with("Left 9.0 cm"), "{}", answer.text);
    stage.ends_well().await;
}

#[tokio::test]
async fn a_command_for_another_bot_is_none_of_ours() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    club.promote_bot(&[]);
    let mia = stage.tg.user("Mia");
    club.join(&mia);
    for line in [
        "/ankle@otherbot test 9cm",
        "/test@otherbot 9cm",
        "/weather tomorrow",
        "/test the waters",
        "I ran /ankle test 9cm",
    ] {
        mia.says(&club, line).await;
        assert!(stage.latest(&club).await.is_none(), "{line:?}");
    }
    assert_eq!(stage.tests().await, 0);
    stage.ends_well().await;
}

#[tokio::test]
async fn start_is_help_with_a_payload_or_without() {
    let stage = stage().await;
    let mia = stage.tg.user("Mia").speaking("en");
    mia.says(&mia.dm(), "/start").await;
    let bare = stage.latest(&mia.dm()).await.unwrap();
    insta::assert_snapshot!(told(&bare), @"
    anklebot: knee-to-wall tests for running groups
    One line logs a test: /ankle test 9cm, or left 9 right 10.5
    • /ankle test: Log a knee-to-wall test
    • /ankle done: Check in: an exercise was done
    • /ankle streak: How you keep at it, week by week
    • /ankle leaderboard: The club's board
    • /ankle history: Your tests or check-ins, newest first
    • /ankle undo: Take back your last test or check-in
    • /ankle edit: Correct a test
    • /ankle challenge list: The challenges that are on
    • /ankle challenge show: A challenge: its bar and each one's days
    • /ankle challenge join: Take part in a challenge
    • /ankle challenge leave: Take part no more
    • /ankle me show: What is set for you
    • /ankle me settings: Set your zone, unit, language, privacy
    • /ankle me pause: Rest: freeze a day, or pause for longer
    • /ankle me resume: Go on after a pause
    • /ankle me leave: Leave this club's boards
    • /ankle nudge: A reminder for you alone: 19:00, off, show
    • /ankle export: All your data as JSON and CSV
    • /ankle forget: Delete all your data
    • /ankle help: What I can do
    • /ankle challenge create: Start a challenge for the club
    • /ankle challenge cancel: Call a challenge off
    • /ankle club show: What is set for the club
    • /ankle club settings: Set the club's zone and language (organisers)
    • /ankle club home: Let reminders come in this room (organisers)
    • /ankle club break: Give the club a break (organisers)
    • /ankle club deputy: Who else may set up the club (organisers)
    • /ankle remind set: Set a daily reminder for this room
    • /ankle remind list: The reminders here, and when they come
    • /ankle remind preview: See a reminder before the room does
    • /ankle remind test: Post a reminder once now, as a test
    • /ankle remind pause: Let a reminder rest
    • /ankle remind resume: Let a reminder go on
    • /ankle remind remove: Remove a reminder
    • /ankle doctor: What works in this room, and what to change
    A slip? /ankle undo. Not a doctor: I log and compare, I never diagnose.
    More about one: /ankle help test
    ");
    mia.says(&mia.dm(), "/start hello").await;
    let with_payload = stage.latest(&mia.dm()).await.unwrap();
    assert_eq!(told(&with_payload), told(&bare));
    stage.ends_well().await;
}

// Topics.

#[tokio::test]
async fn an_answer_stays_in_its_topic_and_general_has_no_number() {
    let stage = stage().await;
    let forum = stage.tg.forum("Trail Friends");
    let mia = stage.friend("Mia").await;
    forum.join(&mia);
    let tests = forum.topic("Tests");
    mia.says(&tests, "/ankle test 9cm left").await;
    let there = stage.latest(&forum).await.unwrap();
    assert_eq!(there.thread, Some(tests.id()));
    mia.says(&forum, "/ankle test 9cm left").await;
    let general = stage.latest(&forum).await.unwrap();
    assert_eq!(general.thread, None);
    // What a press in a topic brings about stays there, too.
    mia.presses(&there, "Share").await.answer().await;
    let shared = stage.latest(&forum).await.unwrap();
    assert_eq!(shared.thread, Some(tests.id()));
    stage.ends_well().await;
}

#[tokio::test]
async fn what_replies_to_nothing_in_a_topic_that_we_opened_is_no_reply_to_us() {
    let stage = stage().await;
    let forum = stage.tg.forum("Trail Friends");
    // Nobody else is there: the bot opens it, and every message in it seems to reply to that.
    let tests = forum.topic("Tests");
    forum.promote_bot(&[]);
    let mia = stage.friend("Mia").await;
    forum.join(&mia);
    mia.says(&tests, "9cm left").await;
    assert!(stage.latest(&forum).await.is_none());
    assert_eq!(stage.tests().await, 0);
    mia.says(&tests, "/ankle test 9cm left").await;
    let answer = stage.latest(&forum).await.unwrap();
    mia.replies(&answer, "10cm right").await;
    stage.latest(&forum).await.unwrap();
    assert_eq!(stage.tests().await, 2);
    stage.ends_well().await;
}

/// Somebody has logged a test somewhere: what its button to share says, and under which message it is.
async fn share(
    who: &Person,
    (place, group): (&impl Place, &Chat),
    stage: &OnTelegram,
) -> (String, Shown) {
    who.says(place, "/ankle test 9cm left").await;
    let answer = stage.latest(group).await.unwrap();
    let buttons = answer.buttons.concat();
    let share = buttons.iter().find(|button| button.label == "Share");
    (share.unwrap().data.clone().unwrap(), answer)
}

/// A button whose answer the room hears, and that holds as long as a challenge does.
const SHOW: &str = "-|challenge show challenge:1";

async fn create_challenge(who: &Person, forum: &Chat, stage: &OnTelegram) {
    let line = "/ankle challenge create Raises exercise:calf-raise from:mon for:30d goal:450";
    who.says(forum, line).await;
    stage.latest(forum).await.unwrap();
}

#[tokio::test]
async fn a_press_on_what_is_gone_from_a_topic_is_answered_there_as_long_as_that_is_remembered() {
    let stage = stage().await;
    let forum = stage.tg.forum("Trail Friends");
    let mia = stage.friend("Mia").await;
    forum.join(&mia);
    forum.promote(&mia);
    let tests = forum.topic("Tests");
    let thread = |shown: Option<Shown>| shown.unwrap().thread;
    let (wire, answer) = share(&mia, (&tests, &forum), &stage).await;
    mia.deletes(&answer);
    mia.presses_stale(&answer, &wire).await.answer().await;
    assert_eq!(thread(stage.latest(&forum).await), Some(tests.id()));
    // What was said in General is answered in General.
    let (wire, answer) = share(&mia, (&forum, &forum), &stage).await;
    mia.deletes(&answer);
    mia.presses_stale(&answer, &wire).await.answer().await;
    assert_eq!(thread(stage.latest(&forum).await), None);
    // Once it is forgotten, a pop-up is all there is: in another topic nobody would know why.
    let (wire, answer) = share(&mia, (&tests, &forum), &stage).await;
    create_challenge(&mia, &forum, &stage).await;
    let stage = stage.restarted().await;
    mia.deletes(&answer);
    let pop_up = mia.presses_stale(&answer, SHOW).await.answer().await;
    assert!(pop_up.alert && pop_up.text.contains("Raises"), "{pop_up:?}");
    // Nor is it known any more when it was said.
    let pop_up = mia.presses_stale(&answer, &wire).await.answer().await;
    assert!(
        pop_up.alert && pop_up.text.contains("too old"),
        "{pop_up:?}"
    );
    assert!(stage.latest(&forum).await.is_none());
    stage.ends_well().await;
}

#[tokio::test]
async fn the_topic_of_a_post_that_is_gone_is_known_after_a_restart_too() {
    let stage = stage().await;
    let forum = stage.tg.forum("Trail Friends");
    let boss = stage.friend("Boss").await;
    forum.join(&boss);
    forum.promote(&boss);
    let tests = forum.topic("Tests");
    boss.says(&tests, "/ankle remind set 07:00 zone:Berlin")
        .await;
    stage.tg.settled().await;
    stage.posts().until("2026-11-25T06:00:00Z").await;
    let post = stage.latest(&forum).await.unwrap();
    assert_eq!(post.thread, Some(tests.id()));
    create_challenge(&boss, &forum, &stage).await;
    let stage = stage.restarted().await;
    boss.deletes(&post);
    // A client may send anything: this is a button whose answer the room hears.
    boss.presses_stale(&post, SHOW).await.answer().await;
    let shared = stage.latest(&forum).await.unwrap();
    assert_eq!(shared.thread, Some(tests.id()));
    stage.ends_well().await;
}

// Edited commands.

#[tokio::test]
async fn an_edited_command_replaces_entry_and_answer_in_a_private_chat() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    let line = mia.says(&mia.dm(), "/ankle test 9cm left").await;
    let answer = stage.latest(&mia.dm()).await.unwrap();
    mia.edits(&line, "/ankle test 12cm left").await;
    let edited = answer.next_edit().await;
    assert!(edited.text.starts_with("Left 12.0 cm"), "{}", edited.text);
    assert_eq!(stage.latest(&mia.dm()).await.map(|shown| shown.text), None);
    assert_eq!(stage.tests().await, 1);
    stage.ends_well().await;
}

#[tokio::test]
async fn an_edit_after_a_restart_goes_over_the_answer_that_was_given_before_it() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    let said = mia.says(&mia.dm(), "/ankle test 9cm left").await;
    let answer = stage.latest(&mia.dm()).await.unwrap();
    let stage = stage.restarted().await;
    mia.edits(&said, "/ankle test 10cm left").await;
    stage.tg.settled().await;
    let text = answer.look().text;
    assert!(text.starts_with("Left 10.0 cm"), "{text}");
    assert_eq!(mia.dm().unread().len(), 0, "{}", stage.tg.transcript());
    stage.ends_well().await;
}

#[tokio::test]
async fn an_edited_line_without_a_command_is_treated_as_one_with_it() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let mia = stage.friend("Mia").await;
    club.join(&mia);
    let line = mia.says(&mia.dm(), "9cm left").await;
    let answer = stage.latest(&mia.dm()).await.unwrap();
    mia.edits(&line, "9.5cm left").await;
    let edited = answer.next_edit().await;
    assert!(edited.text.starts_with("Left 9.5 cm"), "{}", edited.text);
    mia.edits(&line, "nine and a half").await;
    let kept = edited.next_edit().await;
    insta::assert_snapshot!(kept.text, @"I can't take that edit, so your test stays as it was. Try /ankle test 9cm.");

    mia.says(&club, "/ankle test 9cm right").await;
    let room = stage.latest(&club).await.unwrap();
    mia.dm().skip_unread();
    let reply = mia.replies(&room, "10cm left").await;
    let answer = stage.latest(&club).await.unwrap();
    mia.edits(&reply, "10.5cm left").await;
    stage.tg.settled().await;
    assert_eq!(answer.look().text, "Saved: Left 10.5 cm ≈ 37.8°.");
    assert_eq!(stage.tests().await, 3);
    // What was chatter and stays chatter is none of ours.
    let chatter = mia.replies(&room, "haha").await;
    mia.edits(&chatter, "haha nice").await;
    assert!(stage.latest(&club).await.is_none());
    stage.ends_well().await;
}

#[tokio::test]
async fn a_forwarded_command_is_not_that_of_who_forwards_it() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    // As a member it would not get the one that it did not write.
    club.promote_bot(&[]);
    let mia = stage.friend("Mia").await;
    let tom = stage.friend("Tom").await;
    club.join(&mia);
    club.join(&tom);
    let line = mia.says(&club, "/ankle test 9cm left").await;
    stage.latest(&club).await.unwrap();
    mia.dm().skip_unread();
    tom.forwards(&line, &club).await;
    tom.forwards(&line, &tom.dm()).await;
    stage.tg.settled().await;
    assert!(club.unread().is_empty() && tom.dm().unread().is_empty());
    assert_eq!(stage.tests().await, 1);
    stage.ends_well().await;
}

#[tokio::test]
async fn a_day_that_is_corrected_in_a_line_shows_in_its_answer() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    let test = mia.says(&mia.dm(), "/ankle test 9cm left on:mon").await;
    let answer = stage.latest(&mia.dm()).await.unwrap();
    mia.edits(&test, "/ankle test 9cm left on:sun").await;
    let edited = answer.next_edit().await.text;
    let day = "Left 9.0 cm ≈ 32.4° · Sun 22 Nov";
    assert_eq!(edited.lines().next(), Some(day));
    let done = mia.says(&mia.dm(), "/ankle done calf-raise on:mon").await;
    let answer = stage.latest(&mia.dm()).await.unwrap();
    mia.edits(&done, "/ankle done calf-raise on:sun").await;
    let edited = answer.next_edit().await.text;
    assert!(edited.starts_with("✓ Raises for Sun 22 Nov."), "{edited}");
    assert_eq!(stage.tests().await, 1);
    stage.ends_well().await;
}

#[tokio::test]
async fn an_edited_command_replaces_both_answers_of_a_room() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let mia = stage.friend("Mia").await;
    club.join(&mia);
    let line = mia.says(&club, "/ankle test 9cm left").await;
    let room = stage.latest(&club).await.unwrap();
    let private = stage.latest(&mia.dm()).await.unwrap();
    mia.edits(&line, "/ankle test 12cm left").await;
    stage.tg.settled().await;
    insta::assert_snapshot!(told(&room.look()), @"
    Saved: Left 12.0 cm ≈ 43.2°.
    [Share] [Undo] [More]
    ");
    insta::assert_snapshot!(told(&private.look()), @"
    Left 12.0 cm ≈ 43.2°
    In the middle range (about half of healthy adults: 9–13 cm).
    Saved as your baseline. Retest in 14 days.
    Before runs: circles, then bounds. Stretch if you like.
    [Undo] [More]
    ");
    assert!(club.unread().is_empty() && mia.dm().unread().is_empty());
    assert_eq!(stage.tests().await, 1);
    stage.ends_well().await;
}

#[tokio::test]
async fn a_slip_that_is_edited_away_runs_as_new() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    let line = mia.says(&mia.dm(), "/ankle test nine").await;
    let refusal = stage.latest(&mia.dm()).await.unwrap();
    assert!(
        refusal.text.ends_with("Nothing was saved."),
        "{}",
        refusal.text
    );
    mia.edits(&line, "/ankle test 9cm left").await;
    let answer = refusal.next_edit().await;
    assert!(answer.text.starts_with("Left 9.0 cm"), "{}", answer.text);
    assert_eq!(stage.tests().await, 1);
    stage.ends_well().await;
}

#[tokio::test]
async fn an_edit_that_cannot_be_read_leaves_the_test_and_says_so() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    let line = mia.says(&mia.dm(), "/ankle test 9cm left").await;
    let answer = stage.latest(&mia.dm()).await.unwrap();
    mia.edits(&line, "/ankle test nine left").await;
    let edited = answer.next_edit().await;
    insta::assert_snapshot!(told(&edited), @"I can't take that edit, so your test stays as it was. Try /ankle test 9cm.");
    mia.edits(&line, "/ankle test 9.5cm left").await;
    let edited = edited.next_edit().await;
    assert!(edited.text.starts_with("Left 9.5 cm"), "{}", edited.text);
    assert_eq!(stage.tests().await, 1);
    stage.ends_well().await;
}

#[tokio::test]
async fn a_line_that_got_a_question_is_made_whole_by_an_edit() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    let line = mia.says(&mia.dm(), "/ankle test").await;
    stage.latest(&mia.dm()).await.unwrap();
    mia.edits(&line, "/ankle test 9cm left").await;
    let answer = stage.latest(&mia.dm()).await.unwrap();
    assert!(answer.text.starts_with("Left 9.0 cm"), "{}", answer.text);
    assert_eq!(stage.tests().await, 1);
    stage.ends_well().await;
}

// Who is nobody.

#[tokio::test]
async fn an_anonymous_administrator_sets_up_and_logs_nothing() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let boss = stage.tg.user("Boss");
    club.join(&boss);
    club.promote_anonymously(&boss);
    boss.says(&club, "/ankle test 9cm").await;
    let refusal = stage.latest(&club).await.unwrap();
    insta::assert_snapshot!(told(&refusal), @"I can't tell who you are here, so I log nothing. Write as yourself: /ankle test 9cm");
    boss.says(&club, "/ankle help test").await;
    let help = stage.latest(&club).await.unwrap();
    assert!(help.text.contains("/ankle test left 9"), "{}", help.text);
    boss.says(&club, "/board").await;
    let board = stage.latest(&club).await.unwrap();
    assert!(!board.text.contains("I can't tell"), "{}", board.text);
    boss.says(&club, "/ankle remind set").await;
    let whole = stage.latest(&club).await.unwrap();
    insta::assert_snapshot!(told(&whole), @"Something is missing there. Say it in one line: /ankle remind set 07:00 days:mon-fri zone:Berlin");
    boss.says(&club, "/ankle club settings zone:Berlin").await;
    let saved = stage.latest(&club).await.unwrap();
    insta::assert_snapshot!(told(&saved), @"
    What is set for this club
    Zone: Europe/Berlin (now 11:00)
    Language: not set
    Saved.
    ");
    assert_eq!(stage.tests().await, 0);
    assert!(!stage.anybody().await);
    stage.ends_well().await;
}

#[tokio::test]
async fn bots_channels_and_telegram_itself_are_never_persons() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    club.promote_bot(&[]);
    let channel = stage.tg.channel("Trail News");
    channel.discuss_in(&club);
    channel.posts("/ankle test 9cm").await;
    channel.says_in(&club, "/ankle test 9cm").await;
    stage.tg.settled().await;
    // No bot gets to see what another one says, as things are; should that change:
    let from = |id: i64, is_bot: bool| json!({"id": id, "is_bot": is_bot, "first_name": "X"});
    for from in [from(4_711, true), from(TELEGRAM, false)] {
        stage.tg.raw_update(
            "message",
            &json!({
                "message_id": 900, "date": 1_795_000_000, "from": from, "text": "/ankle test 9cm",
                "chat": {"id": club.id(), "type": "supergroup", "title": "Trail Friends"},
                "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
            }),
        );
    }
    assert!(stage.latest(&club).await.is_none());
    assert_eq!(stage.tests().await, 0);
    assert!(!stage.anybody().await);
    stage.ends_well().await;
}

// Polling.

#[tokio::test]
async fn another_poller_is_a_conflict_that_ends_with_it() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    let before = stage.counters.poll_failures();
    let conflict = stage.tg.fault(Fault::Conflict).on("getUpdates").times(5);
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    stage.in_time(|| conflict.hits() == 5).await;
    mia.says(&mia.dm(), "/ankle test 9cm right").await;
    stage.in_time(|| mia.dm().unread().len() == 2).await;
    assert_eq!(stage.counters.poll_failures(), before + 5);
    stage.ends_well().await;
}

#[tokio::test]
async fn a_revoked_token_ends_the_face_with_a_reason() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    let revoked = stage.tg.fault(Fault::Unauthorized).until_cleared();
    mia.says(&mia.dm(), "/ankle history").await;
    revoked.struck(1).await;
    let (tg, _, done) = stage.ended().await;
    assert_eq!(done, Err(Stopped::Token));
    tg.finish_with_unread().await;
}

/// A bot that is called instead of polling, as it runs.
async fn called_instead(
    tg: &FakeTelegram,
    clock: &SimulatedClock,
    data: &Data,
) -> (Arc<Telegram>, JoinHandle<Result<(), Stopped>>) {
    let house: Arc<dyn Clock> = Arc::new(clock.clone());
    let bot = Arc::new(Bot::new(data.store.clone(), house.clone()));
    let config = Config {
        token: tg.token(),
        api_url: Some(tg.url()),
        // Nothing is said to it, so nobody listens there.
        webhook_url: Some("http://127.0.0.1:9".to_owned()),
    };
    let stop = CancellationToken::new();
    let face = Telegram::connect(&config, bot, data.store.clone(), house, &stop).await;
    let face = Arc::new(face.unwrap());
    let running = tokio::spawn({
        let face = face.clone();
        async move { face.run(&stop).await }
    });
    (face, running)
}

#[tokio::test]
async fn a_token_that_is_revoked_ends_a_face_that_is_called_too() {
    let (tg, clock) = OnTelegram::prepared().await;
    let data = Data::sqlite().await;
    let (face, running) = called_instead(&tg, &clock, &data).await;
    tg.until_called("setWebhook", 1).await;
    let revoked = tg.fault(Fault::Unauthorized).until_cleared();
    let gone = MessageRef {
        room: "1".to_owned(),
        message: "1".to_owned(),
    };
    assert!(face.delete(&gone).await.is_err());
    revoked.struck(1).await;
    while !running.is_finished() {
        let _ = clock.step();
        tokio::task::yield_now().await;
    }
    assert_eq!(running.await.unwrap(), Err(Stopped::Token));
    assert!(!face.is_ready());
    tg.finish_with_unread().await;
}

#[tokio::test]
async fn an_address_that_telegram_refuses_is_said_so_and_what_can_pass_is_waited_for() {
    let (tg, clock) = OnTelegram::prepared().await;
    let data = Data::sqlite().await;
    let ports = "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443";
    let new = "Bad Request: bad webhook: Failed to resolve host: Name or service not known";
    let refuse = |what: &str| Fault::Error(400, what.to_owned());
    let faults = [
        Fault::TooManyRequests(3),
        Fault::ServerError(502),
        refuse(new),
        refuse(ports),
    ];
    let planted = faults.map(|fault| tg.fault(fault).on("setWebhook").once());
    let (_, running) = called_instead(&tg, &clock, &data).await;
    while !running.is_finished() {
        let _ = clock.step();
        tokio::task::yield_now().await;
    }
    assert!(planted.iter().all(|planted| planted.hits() == 1));
    let stopped = running.await.unwrap().unwrap_err();
    insta::assert_snapshot!(stopped, @"Telegram refuses TELEGRAM_WEBHOOK_URL (Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443): its port must be 443, 80, 88 or 8443. This face has stopped");
    // Each reason has its own advice, and one that nobody knows has none.
    let mut told = Vec::new();
    for why in [
        "IP address 192.168.1.2 is reserved",
        "An HTTPS URL must be provided for webhook",
        "Something quite new",
    ] {
        let refused = refuse(&format!("Bad Request: bad webhook: {why}"));
        tg.fault(refused).on("setWebhook").once();
        let (_, running) = called_instead(&tg, &clock, &data).await;
        told.push(running.await.unwrap().unwrap_err().to_string());
    }
    insta::assert_snapshot!(told.join("\n"), @"
    Telegram refuses TELEGRAM_WEBHOOK_URL (Bad Request: bad webhook: IP address 192.168.1.2 is reserved): its name must lead to an address that can be reached from the internet. This face has stopped
    Telegram refuses TELEGRAM_WEBHOOK_URL (Bad Request: bad webhook: An HTTPS URL must be provided for webhook): it must begin with https://. This face has stopped
    Telegram refuses TELEGRAM_WEBHOOK_URL (Bad Request: bad webhook: Something quite new). This face has stopped
    ");
    tg.finish_with_unread().await;
}

#[tokio::test]
async fn without_a_network_it_tries_until_there_is_one() {
    let clock = SimulatedClock::new(START.parse().unwrap());
    let mut tg = FakeTelegram::start(Arc::new(clock.clone())).await;
    tg.go_down();
    let data = Data::sqlite().await;
    let house: Arc<dyn Clock> = Arc::new(clock.clone());
    let bot = Arc::new(Bot::new(data.store.clone(), house.clone()));
    let config = Config {
        token: tg.token(),
        api_url: Some(tg.url()),
        webhook_url: None,
    };
    let stop = CancellationToken::new();
    let connecting = tokio::spawn({
        let (store, stop) = (data.store.clone(), stop.clone());
        async move { Telegram::connect(&config, bot, store, house, &stop).await }
    });
    // It sleeps, so it has tried in vain; and again.
    for _ in 0..3 {
        while clock.step().is_none() {
            tokio::task::yield_now().await;
        }
    }
    assert!(!connecting.is_finished());
    tg.come_back().await;
    while !connecting.is_finished() {
        let _ = clock.step();
        tokio::task::yield_now().await;
    }
    let telegram = connecting.await.unwrap().unwrap();
    assert_eq!(telegram.username(), "fake_bot");
    tg.finish().await;
}

#[tokio::test]
async fn an_outage_is_survived_and_nothing_said_in_it_is_lost() {
    let mut stage = stage().await;
    let mia = stage.friend("Mia").await;
    stage.tg.go_down();
    stage.in_time(|| stage.counters.poll_failures() >= 3).await;
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    stage.tg.come_back().await;
    stage.in_time(|| !mia.dm().unread().is_empty()).await;
    assert_eq!(stage.tests().await, 1);
    stage.ends_well().await;
}

#[tokio::test]
async fn an_update_of_an_unknown_kind_is_skipped_and_counted() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    stage.tg.unknown_update();
    stage.tg.raw_update("message", &json!({"nonsense": true}));
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    stage.latest(&mia.dm()).await.unwrap();
    assert_eq!(stage.counters.unknown(), 2);
    stage.ends_well().await;
}

#[tokio::test]
async fn an_update_without_a_number_is_said_once_asked_for_rarely_and_gone_past() {
    let log = Log::default();
    let _listening = log.listen();
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    stage.tg.update_without_number();
    stage.in_time(|| stage.counters.unknown() >= 5).await;
    let waits = stage
        .clock
        .next_sleeper()
        .map(|at| at.duration_since(stage.clock.now()));
    assert!(waits.is_none_or(|wait| wait.as_secs() >= 8), "{waits:?}");
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    stage.in_time(|| !mia.dm().unread().is_empty()).await;
    stage.in_time(|| stage.tg.pending_updates() == 0).await;
    assert_eq!(log.lines_with("an update without a number").len(), 1);
    stage.ends_well().await;
}

#[tokio::test]
async fn updates_are_gone_past_however_high_their_numbers_are() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    for number in [i64::from(i32::MAX), i64::from(u32::MAX), 1 << 40] {
        stage.tg.next_update_number(number);
        mia.says(&mia.dm(), "/ankle test 9cm left").await;
        mia.says(&mia.dm(), "/ankle test 9cm left").await;
        stage.tg.settled().await;
    }
    // What the library cannot read is counted.
    assert_eq!(stage.counters.unknown(), 3);
    assert_eq!(stage.tests().await, 3);
    stage.ends_well().await;
}

#[tokio::test]
async fn what_comes_twice_or_late_is_done_once_and_the_answer_repeated() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    stage.tg.next_update_twice();
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    stage.tg.settled().await;
    let answers = mia.dm().unread();
    let texts: Vec<_> = answers.iter().map(|shown| shown.text.as_str()).collect();
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
    assert_eq!(stage.tests().await, 1);
    mia.dm().skip_unread();

    stage.tg.next_update_late();
    mia.says(&mia.dm(), "/ankle test 10cm right").await;
    mia.says(&mia.dm(), "/ankle test 9.5cm left").await;
    stage.tg.settled().await;
    assert_eq!(stage.tests().await, 3);
    mia.dm().skip_unread();

    stage.tg.repeat_update();
    stage.tg.settled().await;
    assert_eq!(stage.tests().await, 3);
    stage.ends_well().await;
}

// What is acknowledged is stored.

#[tokio::test]
async fn without_a_database_the_asker_hears_that_nothing_was_saved() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    stage.data.store.close().await;
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    stage.in_time(|| !mia.dm().unread().is_empty()).await;
    let answer = stage.latest(&mia.dm()).await.unwrap();
    insta::assert_snapshot!(told(&answer), @"Not saved: I couldn't reach my database. Please try again in a minute.");
    stage.ends_well().await;
}

#[tokio::test]
async fn what_the_database_did_not_take_is_not_acknowledged_and_comes_again() {
    let stage = stage().await;
    let group = stage.tg.group("Trail Friends");
    let mia = stage.friend("Mia").await;
    group.join(&mia);
    mia.says(&group, "/ankle test 9cm left").await;
    stage.latest(&group).await;
    mia.dm().skip_unread();
    stage.data.store.close().await;
    let moved = group.migrate();
    mia.says(&mia.dm(), "/ankle test 8cm left").await;
    let heard = || mia.dm().unread().len();
    stage.in_time(|| heard() > 0).await;
    let polls = stage.tg.calls("getUpdates");
    stage
        .in_time(|| stage.tg.calls("getUpdates") >= polls + 3)
        .await;
    assert!(
        stage.tg.pending_updates() > 0,
        "it is offered again and again"
    );
    assert_eq!(heard(), 1, "what comes along with it is known");

    let stage = stage.restarted().await;
    stage.tg.settled().await;
    mia.says(&moved, "/ankle history").await;
    stage.latest(&mia.dm()).await.unwrap();
    stage.ends_well().await;
}
