//! What waits, fails or moves on Telegram holds up nobody else, and loses nothing.

use ankle_core::face::Clock;
use ankle_fakes::telegram::Fault;
use jiff::SignedDuration;
use serde_json::json;

use crate::reminders::{SET, in_a_group, standing};
use crate::stage::{Data, OnTelegram, told};

async fn stage() -> OnTelegram {
    OnTelegram::on(Data::sqlite().await).await
}

#[tokio::test]
async fn an_order_to_wait_is_obeyed_and_the_answer_comes_once() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    let wait = stage.tg.fault(Fault::TooManyRequests(30));
    let wait = wait.on("sendMessage").in_chat(mia.id()).once();
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    wait.struck(1).await;
    let ordered = stage.clock.now();
    stage.in_time(|| !mia.dm().unread().is_empty()).await;
    let waited = stage.clock.now().duration_since(ordered);
    assert_eq!(waited.as_secs(), 30);
    stage.tg.settled().await;
    assert_eq!(mia.dm().unread().len(), 1);
    assert_eq!(stage.counters.repeated(), 0);
    stage.ends_well().await;
}

#[tokio::test]
async fn a_chat_that_has_to_wait_holds_up_no_other_however_much_it_asks() {
    let stage = stage().await;
    let (mia, jonas) = (stage.friend("Mia").await, stage.friend("Jonas").await);
    let wait = stage.tg.fault(Fault::TooManyRequests(60));
    let wait = wait.on("sendMessage").in_chat(mia.id()).until_cleared();
    for count in 1..=3 {
        mia.says(&mia.dm(), "/ankle test 9cm left").await;
        // Her answer waits, and the clock stands still.
        wait.struck(1).await;
        jonas.says(&jonas.dm(), "/ankle test 9cm left").await;
        jonas.dm().next_bot_message().await;
        assert_eq!(stage.tests().await, 2 * count);
    }
    wait.clear();
    stage.in_time(|| mia.dm().unread().len() == 3).await;
    stage.ends_well().await;
}

#[tokio::test]
async fn what_an_answer_was_told_to_wait_the_post_waits_too() {
    let (stage, club, boss) = in_a_group(SET).await;
    let posts = stage.posts();
    posts.until("2026-11-25T05:59:50Z").await;
    let wait = stage.tg.fault(Fault::TooManyRequests(60));
    let wait = wait.on("sendMessage").in_chat(club.id()).once();
    boss.says(&club, "/ankle leaderboard").await;
    wait.struck(1).await;
    stage.tg.settled().await;
    posts.until("2026-11-25T06:00:49Z").await;
    assert_eq!(standing(&club).len(), 0, "{}", stage.tg.transcript());
    posts.until("2026-11-25T06:00:50Z").await;
    assert_eq!(standing(&club).len(), 1, "{}", stage.tg.transcript());
    assert_eq!(
        posts.figures().told_to_wait(),
        0,
        "it was not tried in vain"
    );
    stage.ends_well().await;
}

#[tokio::test]
async fn what_a_post_was_told_to_wait_an_answer_waits_too() {
    let (stage, club, boss) = in_a_group(SET).await;
    let (mia, posts) = (stage.friend("Mia").await, stage.posts());
    let wait = stage.tg.fault(Fault::TooManyRequests(35));
    let wait = wait.on("sendMessage").in_chat(club.id()).once();
    posts.until("2026-11-25T06:00:10Z").await;
    wait.struck(1).await;
    club.skip_unread();
    boss.says(&club, "/ankle leaderboard").await;
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    mia.dm().next_bot_message().await;
    stage.tg.settled().await;
    posts.until("2026-11-25T06:00:34Z").await;
    assert!(club.unread().is_empty(), "{}", stage.tg.transcript());
    posts.until("2026-11-25T06:00:36Z").await;
    stage.in_time(|| club.unread().len() == 2).await;
    stage.ends_well().await;
}

#[tokio::test]
async fn a_server_error_holds_up_no_other_chat_and_is_tried_again() {
    let stage = stage().await;
    let (mia, jonas) = (stage.friend("Mia").await, stage.friend("Jonas").await);
    let broken = stage.tg.fault(Fault::ServerError(502));
    let broken = broken.on("sendMessage").in_chat(mia.id()).once();
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    broken.struck(1).await;
    jonas.says(&jonas.dm(), "/ankle test 9cm left").await;
    jonas.dm().next_bot_message().await;
    assert!(mia.dm().unread().is_empty());
    stage.in_time(|| !mia.dm().unread().is_empty()).await;
    // Nobody could know that nothing had been done: it might have come twice.
    assert_eq!(stage.counters.repeated(), 1);
    stage.ends_well().await;
}

#[tokio::test]
async fn a_call_that_hangs_holds_up_no_other_chat() {
    let stage = stage().await;
    let (mia, jonas) = (stage.friend("Mia").await, stage.friend("Jonas").await);
    let hangs = stage.tg.fault(Fault::HangBefore);
    let hangs = hangs.on("sendMessage").in_chat(mia.id()).once();
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    hangs.struck(1).await;
    jonas.says(&jonas.dm(), "/ankle test 9cm left").await;
    jonas.dm().next_bot_message().await;
    assert!(mia.dm().unread().is_empty());
    hangs.release();
    mia.dm().next_bot_message().await;
    assert_eq!(stage.counters.repeated(), 0);
    stage.ends_well().await;
}

#[tokio::test]
async fn what_happens_in_one_members_private_chat_holds_up_nobody_else_in_the_group() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let (mia, jonas) = (stage.friend("Mia").await, stage.friend("Jonas").await);
    club.join(&mia);
    club.join(&jonas);
    for fault in [Fault::TooManyRequests(60), Fault::HangBefore] {
        let trouble = stage.tg.fault(fault).on("sendMessage");
        let trouble = trouble.in_chat(mia.id()).once();
        let from = stage.clock.now();
        mia.says(&club, "/ankle test 9cm left").await;
        trouble.struck(1).await;
        jonas.says(&club, "/ankle test 10cm left").await;
        let room = club.next_bot_message().await;
        assert_eq!(room.text, "Saved: Left 10.0 cm ≈ 36.0°.");
        jonas.dm().next_bot_message().await;
        assert!(mia.dm().unread().is_empty() && club.unread().is_empty());
        assert_eq!(stage.clock.now(), from, "nobody waited");
        trouble.release();
        stage.in_time(|| !club.unread().is_empty()).await;
        let room = stage.latest(&club).await.unwrap();
        assert_eq!(room.text, "Saved: Left 9.0 cm ≈ 32.4°.");
        assert_eq!(mia.dm().unread().len(), 1);
        mia.dm().skip_unread();
    }
    stage.ends_well().await;
}

#[tokio::test]
async fn a_group_that_has_to_wait_holds_up_nobodys_private_chat() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let (mia, jonas) = (stage.friend("Mia").await, stage.friend("Jonas").await);
    club.join(&mia);
    club.join(&jonas);
    let wait = stage.tg.fault(Fault::TooManyRequests(60));
    let wait = wait.on("sendMessage").in_chat(club.id()).once();
    mia.says(&club, "/ankle test 9cm left").await;
    wait.struck(1).await;
    jonas.says(&club, "/ankle test 10cm left").await;
    jonas.dm().next_bot_message().await;
    assert!(club.unread().is_empty());
    stage.in_time(|| club.unread().len() == 2).await;
    let told: Vec<_> = club.unread().iter().map(told).collect();
    assert!(told[0].starts_with("Saved: Left 9.0 cm"), "{told:?}");
    stage.ends_well().await;
}

#[tokio::test]
async fn a_press_is_acknowledged_however_long_its_group_has_to_wait() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let (mia, ana) = (stage.tg.user("Mia"), stage.tg.user("Ana"));
    club.join(&mia);
    club.join(&ana);
    mia.says(&club, "/ankle test 9cm left").await;
    let room = stage.latest(&club).await.unwrap();
    let wait = stage.tg.fault(Fault::TooManyRequests(30));
    let wait = wait.on("sendMessage").in_chat(club.id()).once();
    ana.says(&club, "/ankle test 8cm left").await;
    wait.struck(1).await;
    // No time passes.
    let answer = mia.presses(&room, "Undo").await.answer().await;
    assert!(answer.text.starts_with("Taken back"), "{answer:?}");
    assert!(club.unread().is_empty());
    stage.in_time(|| club.unread().len() == 1).await;
    stage.tg.settled().await;
    assert!(room.look().buttons.is_empty());
    stage.ends_well().await;
}

#[tokio::test]
async fn a_press_is_acknowledged_although_its_answer_has_to_wait_for_the_private_chat() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let mia = stage.friend("Mia").await;
    club.join(&mia);
    mia.says(&club, "/ankle test 9cm left").await;
    let room = stage.latest(&club).await.unwrap();
    mia.dm().skip_unread();
    let wait = stage.tg.fault(Fault::TooManyRequests(30));
    let wait = wait.on("sendMessage").in_chat(mia.id()).once();
    let press = mia.presses(&room, "More").await;
    wait.struck(1).await;
    stage.clock.advance(SignedDuration::from_secs(3));
    assert_eq!(press.answer().await.text, "");
    assert!(mia.dm().unread().is_empty());
    stage.in_time(|| mia.dm().unread().len() == 1).await;
    stage.ends_well().await;
}

#[tokio::test]
async fn an_acknowledgement_that_fails_for_a_moment_is_tried_again_and_a_lost_one_is_counted() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let mia = stage.tg.user("Mia");
    club.join(&mia);
    mia.says(&club, "/ankle test 9cm left").await;
    let room = stage.latest(&club).await.unwrap();
    for fault in [
        Fault::TooManyRequests(2),
        Fault::ServerError(502),
        Fault::DropBefore,
        Fault::DropAfter,
    ] {
        let fault = stage.tg.fault(fault).on("answerCallbackQuery").once();
        mia.presses(&room, "More").await;
        let calls = stage.tg.calls("answerCallbackQuery");
        stage
            .in_time(|| stage.tg.calls("answerCallbackQuery") >= calls + 2)
            .await;
        assert_eq!(fault.hits(), 1);
    }
    stage.in_time(|| mia.toasts().len() == 4).await;
    assert_eq!(stage.counters.lost_answers(), 0);
    let refused = Fault::Error(400, "Bad Request: query is too old".to_owned());
    stage.tg.fault(refused).on("answerCallbackQuery").once();
    mia.presses(&room, "More").await;
    stage.in_time(|| stage.counters.lost_answers() == 1).await;
    stage.ends_well().await;
}

#[tokio::test]
async fn a_press_on_what_is_none_of_ours_is_acknowledged_too() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    let from = json!({ "id": mia.id(), "is_bot": false, "first_name": "Mia" });
    let calls = stage.tg.calls("answerCallbackQuery");
    for more in [
        json!({ "inline_message_id": "abc", "data": "x" }),
        json!({ "inline_message_id": "abc", "game_short_name": "x" }),
    ] {
        let mut query = json!({ "id": "77", "from": from, "chat_instance": "1" });
        let fields = query.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        stage.tg.raw_update("callback_query", &query);
    }
    stage
        .tg
        .until_called("answerCallbackQuery", calls + 2)
        .await;
    assert_eq!(stage.counters.unknown(), 2);
    stage.ends_well().await;
}

#[tokio::test]
async fn a_look_up_that_hangs_holds_up_nobody_else_and_sets_nothing() {
    let stage = stage().await;
    let (boss, jonas) = (stage.friend("Boss").await, stage.friend("Jonas").await);
    let club = stage.tg.supergroup("Trail Friends");
    club.join(&boss);
    club.promote(&boss);
    let hangs = stage.tg.fault(Fault::HangBefore);
    let hangs = hangs.on("getChatMember").in_chat(club.id()).once();
    boss.says(&club, "/ankle club settings zone:Berlin").await;
    hangs.struck(1).await;
    for count in 1..=3 {
        jonas.says(&jonas.dm(), "/ankle test 9cm left").await;
        jonas.dm().next_bot_message().await;
        assert_eq!(stage.tests().await, count);
    }
    let told_boss = boss.dm().next_bot_message().await;
    assert!(
        told(&told_boss).contains("I cannot see just now whether you are an organiser"),
        "{told_boss:?}"
    );
    hangs.release();
    stage.ends_well().await;
}

#[tokio::test]
async fn a_connection_that_drops_costs_no_answer_and_doubles_at_most_one() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    for (fault, came) in [(Fault::DropBefore, 1), (Fault::DropAfter, 2)] {
        let repeated = stage.counters.repeated();
        stage.tg.fault(fault).on("sendMessage").once();
        mia.says(&mia.dm(), "/ankle test 9cm left").await;
        stage.in_time(|| mia.dm().unread().len() == came).await;
        stage.tg.settled().await;
        assert_eq!(mia.dm().unread().len(), came);
        mia.dm().skip_unread();
        assert_eq!(stage.counters.repeated(), repeated + 1);
    }
    assert_eq!(stage.tests().await, 2);
    stage.ends_well().await;
}

#[tokio::test]
async fn an_answer_of_the_platform_that_breaks_off_is_a_doubt_and_a_poll_that_does_loses_nothing() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    stage.tg.fault(Fault::Malformed).on("sendMessage").once();
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    stage.in_time(|| mia.dm().unread().len() == 2).await;
    assert_eq!(stage.counters.repeated(), 1);
    stage.tg.until_polling().await;
    mia.dm().skip_unread();
    stage.tg.fault(Fault::Malformed).on("getUpdates").times(2);
    for _ in 0..2 {
        mia.says(&mia.dm(), "/ankle test 9cm left").await;
        stage.in_time(|| !mia.dm().unread().is_empty()).await;
        mia.dm().skip_unread();
    }
    stage.in_time(|| stage.tg.pending_updates() == 0).await;
    assert_eq!(stage.tests().await, 3);
    stage.ends_well().await;
}

#[tokio::test]
async fn a_group_that_moves_keeps_its_history_its_zone_and_its_welcome() {
    let stage = stage().await;
    let group = stage.tg.group("Trail Friends");
    let (mia, boss) = (stage.friend("Mia").await, stage.friend("Boss").await);
    group.join(&mia);
    group.join(&boss);
    group.promote(&boss);
    boss.says(&group, "/ankle club settings zone:Berlin").await;
    mia.says(&group, "/ankle test 9cm left").await;
    stage.latest(&group).await;
    let moved = group.migrate();
    // Before the bot has heard of it, or just after.
    mia.says(&moved, "/ankle test 10cm right").await;
    stage.latest(&moved).await.unwrap();
    boss.says(&moved, "/ankle club settings").await;
    stage.latest(&moved).await;
    let settings = boss.dm().unread().pop().unwrap();
    insta::assert_snapshot!(told(&settings), @"
    What is set for this club
    Zone: Europe/Berlin (now 11:00)
    Language: not set
    Change: /ankle club settings zone:Berlin
    ");
    stage.latest(&mia.dm()).await;
    mia.says(&moved, "/ankle history").await;
    let history = stage.latest(&mia.dm()).await.unwrap();
    insta::assert_snapshot!(told(&history), @"
    Your knee-to-wall tests in cm, newest first
    • 24 Nov · L 9.0 R 10.0 · #1 #2
    ");
    assert_eq!(stage.tests().await, 2);
    stage.ends_well().await;
}

#[tokio::test]
async fn an_answer_follows_a_group_that_moves_while_it_is_on_its_way() {
    let stage = stage().await;
    let group = stage.tg.group("Trail Friends");
    let mia = stage.friend("Mia").await;
    group.join(&mia);
    let hangs = stage.tg.fault(Fault::HangBefore);
    let hangs = hangs.on("sendMessage").in_chat(group.id()).once();
    mia.says(&group, "/ankle test 9cm left").await;
    hangs.struck(1).await;
    let moved = group.migrate();
    hangs.release();
    let answer = moved.next_bot_message().await;
    assert_eq!(answer.text, "Saved: Left 9.0 cm ≈ 32.4°.");
    mia.presses(&answer, "Undo").await.answer().await;
    stage.tg.settled().await;
    assert_eq!(stage.tests().await, 0);
    stage.ends_well().await;
}

#[tokio::test]
async fn a_room_that_is_closed_to_us_costs_its_answer_and_nothing_else() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let mia = stage.friend("Mia").await;
    club.join(&mia);
    let faults = [
        Fault::KickedFromGroup,
        Fault::KickedFromSupergroup,
        Fault::NotAMember,
        Fault::TopicClosed,
        Fault::NoRightsToWrite,
        Fault::Error(403, "Forbidden: something quite new".to_owned()),
        Fault::Error(400, "Bad Request: CHAT_SOMETHING_NEW".to_owned()),
    ];
    for (fault, count) in faults.into_iter().zip(1..) {
        let closed = stage.tg.fault(fault.clone()).on("sendMessage");
        let closed = closed.in_chat(club.id()).once();
        mia.says(&club, "/ankle test 9cm left").await;
        let private = stage.latest(&mia.dm()).await.unwrap();
        assert!(private.text.contains("9.0 cm"), "{fault:?}");
        assert!(club.unread().is_empty(), "{fault:?}");
        assert_eq!(closed.hits(), 1, "{fault:?} is tried again");
        assert_eq!(stage.counters.lost_answers(), count, "{fault:?}");
    }
    mia.says(&club, "/ankle test 9cm left").await;
    stage.latest(&club).await.unwrap();
    stage.ends_well().await;
}

#[tokio::test]
async fn whoever_blocks_us_is_answered_where_the_question_stood() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let mia = stage.friend("Mia").await;
    club.join(&mia);
    mia.blocks_bot();
    mia.says(&club, "/ankle test 9cm left").await;
    let room = stage.latest(&club).await.unwrap();
    assert_eq!(room.text, "Saved: Left 9.0 cm ≈ 32.4°.");
    mia.unblocks_bot();
    mia.says(&mia.dm(), "/ankle history").await;
    stage.latest(&mia.dm()).await.unwrap();
    stage.ends_well().await;
}
