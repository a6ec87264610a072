//! What the platform does to a bot, and what its client libraries make of it: each trap once.

use ankle_fakes::telegram::{Chat, Person, Place, Shown, TELEGRAM};
use serde_json::json;

use crate::stage::{Data, OnTelegram, told};

pub async fn stage() -> OnTelegram {
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
