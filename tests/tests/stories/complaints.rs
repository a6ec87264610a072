//! What people complained about in bots like this one, each as a promise that is kept. The numbers
//! are those of the list that the project keeps of such complaints.

use ankle_core::face::Clock;
use ankle_fakes::telegram::{Fault, Person, PlantedFault};
use jiff::SignedDuration;

use crate::stage::{Data, OnTelegram, told};

async fn stage() -> OnTelegram {
    OnTelegram::on(Data::sqlite().await).await
}

/// As many people, in nobody's private chat.
fn people(stage: &OnTelegram, count: usize) -> Vec<Person> {
    (1..=count)
        .map(|number| stage.tg.user(&format!("Runner {number}")).speaking("en"))
        .collect()
}

#[tokio::test]
async fn complaint_15_a_group_that_becomes_a_supergroup_is_followed_by_message_and_by_error() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    for by_message in [true, false] {
        let group = stage.tg.group("Trail Friends");
        group.join(&mia);
        group.add_bot();
        mia.says(&group, "/ankle test 9cm left").await;
        let before = stage.latest(&group).await.unwrap();
        let hangs = stage.tg.fault(Fault::HangBefore).on("sendMessage");
        let hangs = hangs.in_chat(group.id()).times(usize::from(!by_message));
        if !by_message {
            mia.says(&group, "/ankle test 10cm right").await;
            hangs.struck(1).await;
        }
        let moved = group.migrate();
        hangs.release();
        if by_message {
            stage.tg.settled().await;
            mia.says(&moved, "/ankle test 10cm right").await;
        }
        let after = moved.next_bot_message().await;
        assert_eq!(after.text, "Saved: Right 10.0 cm ≈ 36.0°.");
        // The old chat is dead, and its id is asked for nothing.
        assert!(before.look().deleted || group.unread().is_empty());
        mia.presses(&after, "Undo").await.answer().await;
    }
    stage.tg.settled().await;
    assert_eq!(stage.tests().await, 2);
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_16_a_bot_that_is_thrown_out_and_comes_back_has_forgotten_nothing() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let (mia, boss) = (stage.friend("Mia").await, stage.friend("Boss").await);
    club.join(&mia);
    club.join(&boss);
    club.promote(&boss);
    boss.says(&club, "/ankle club settings zone:Berlin").await;
    mia.says(&club, "/ankle test 9cm left").await;
    stage.latest(&club).await.unwrap();
    club.kick_bot();
    stage.tg.settled().await;
    assert_eq!(stage.tests().await, 1);
    club.add_bot();
    stage.latest(&mia.dm()).await;
    mia.says(&club, "/ankle history").await;
    let history = stage.latest(&mia.dm()).await.unwrap();
    assert!(history.text.contains("L 9.0"), "{}", history.text);
    stage.latest(&boss.dm()).await;
    boss.says(&club, "/ankle club settings").await;
    let settings = stage.latest(&boss.dm()).await.unwrap();
    assert!(settings.text.contains("Europe/Berlin"), "{}", settings.text);
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_17_one_who_blocks_the_bot_stops_nobody_else() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let (mia, jonas) = (stage.friend("Mia").await, stage.friend("Jonas").await);
    club.join(&mia);
    club.join(&jonas);
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    mia.blocks_bot();
    mia.says(&club, "/ankle history").await;
    jonas.says(&club, "/ankle test 9cm left").await;
    let private = stage.latest(&jonas.dm()).await.unwrap();
    assert!(private.text.starts_with("Left 9.0 cm"), "{}", private.text);
    mia.unblocks_bot();
    mia.says(&mia.dm(), "/ankle history").await;
    let history = stage.latest(&mia.dm()).await.unwrap();
    assert!(history.text.contains("L 9.0"), "{}", history.text);
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_18_a_busy_group_within_its_limits_gets_every_answer_once_and_no_storm() {
    let stage = stage().await;
    stage.tg.limits(true);
    let club = stage.tg.supergroup("Trail Friends");
    let runners = people(&stage, 30);
    for runner in &runners {
        club.join(runner);
        runner.says(&club, "/ankle test 9cm left").await;
    }
    stage.in_time(|| club.unread().len() == 30).await;
    // One answer is on its way at a time, so each limit that is met is met once.
    let refused = stage.tg.refused_by_limits();
    assert!(refused <= 30, "{refused} refused calls for 30 answers");
    assert_eq!(stage.counters.lost_answers(), 0);
    assert_eq!(stage.tests().await, 30);
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_18_an_order_to_wait_for_hours_is_obeyed_by_giving_up() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    let wait = stage.tg.fault(Fault::TooManyRequests(10_072));
    let wait = wait.on("sendMessage").in_chat(mia.id()).until_cleared();
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    stage.tg.settled().await;
    assert_eq!((wait.hits(), stage.counters.lost_answers()), (1, 1));
    assert_eq!(stage.tests().await, 1);
    // Whatever is asked meanwhile, nothing is said before its time, nor tried.
    mia.says(&mia.dm(), "/ankle history").await;
    stage.tg.settled().await;
    assert_eq!((wait.hits(), stage.counters.lost_answers()), (1, 2));
    wait.clear();
    stage.clock.advance(SignedDuration::from_secs(10_072));
    mia.says(&mia.dm(), "/ankle history").await;
    let history = stage.latest(&mia.dm()).await.unwrap();
    assert!(history.text.contains("L 9.0"), "{}", history.text);
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_18_an_order_to_wait_for_hours_with_an_edit_holds_up_nothing_in_its_chat() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    let said = mia.says(&mia.dm(), "/ankle test 9cm left").await;
    stage.latest(&mia.dm()).await.unwrap();
    let wait = stage.tg.fault(Fault::TooManyRequests(10_072));
    let wait = wait.on("editMessageText").until_cleared();
    let from = stage.clock.now();
    mia.edits(&said, "/ankle test 10cm left").await;
    mia.says(&mia.dm(), "/ankle history").await;
    // What would have stood over the old answer is said anew, and what was asked next after it.
    let anew = mia.dm().next_bot_message().await;
    assert!(anew.text.contains("Left 10.0 cm"), "{}", anew.text);
    let history = mia.dm().next_bot_message().await;
    assert!(history.text.contains("L 10.0"), "{}", history.text);
    assert_eq!((wait.hits(), stage.counters.lost_answers()), (1, 0));
    assert_eq!(stage.clock.now(), from, "nobody waited");
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_23_an_underscore_in_a_name_breaks_no_message() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail_Friends");
    for name in [
        "mia_b", "*Mia*", "[Mia", "`Mia", "<b>Mia", "Mia & co", "M_i_a_", "\\_",
    ] {
        let mia = stage.tg.user(name);
        club.join(&mia);
        mia.says(&club, "/ankle test 9cm left").await;
        let room = stage.latest(&club).await.unwrap();
        mia.presses(&room, "Share").await.answer().await;
        let shared = stage.latest(&club).await.unwrap();
        assert_eq!(
            shared.text,
            format!(
                "{name} logged a knee-to-wall test: Left 9.0 cm ≈ 32.4°. Try yours: /ankle test"
            )
        );
        let kinds: Vec<_> = shared.entities.iter().map(|e| e.kind.as_str()).collect();
        assert_eq!(kinds, ["code"], "{name}");
    }
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_24_two_pollers_are_said_in_one_clear_line_and_back_off() {
    let log = crate::stage::Log::default();
    let _listening = log.listen();
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    let from = stage.clock.now();
    let conflict = stage.tg.fault(Fault::Conflict).on("getUpdates").times(3);
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    stage.in_time(|| conflict.hits() == 3).await;
    mia.says(&mia.dm(), "/ankle test 9cm right").await;
    stage.in_time(|| mia.dm().unread().len() == 2).await;
    let waited = stage.clock.now().duration_since(from);
    assert_eq!(waited.as_secs(), 1 + 2 + 4, "each wait is longer");
    let lines = log.lines_with("polls Telegram with this token");
    assert_eq!(
        lines.len(),
        2,
        "the first time, and when it goes on: {lines:?}"
    );
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_25_with_privacy_mode_on_a_command_with_its_name_always_arrives() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let mia = stage.friend("Mia").await;
    let other = stage.tg.other_bot("Weather");
    club.join(&mia);
    mia.says(&club, "/ankle test 9cm left").await;
    stage.latest(&club).await.unwrap();
    club.join(&other);
    other.says(&club, "Rain at six").await;
    // A bare command now goes to that other one.
    mia.says(&club, "/ankle test 10cm right").await;
    assert!(stage.latest(&club).await.is_none());
    mia.says(&club, "/ankle@fake_bot test 10cm right").await;
    stage.latest(&club).await.unwrap();
    mia.says(&club, "/ankle test 11cm left").await;
    stage.latest(&club).await.unwrap();
    assert_eq!(stage.tests().await, 3);
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_25_doctor_says_with_a_cross_what_to_change_and_then_with_a_tick_that_it_is() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let mia = stage.friend("Mia").await;
    club.join(&mia);
    mia.says(&club, "/ankle@fake_bot doctor").await;
    let private = stage.latest(&mia.dm()).await.unwrap();
    insta::assert_snapshot!(told(&private), @"
    How I fare in this room
    ✓ I may write here.
    ✗ I am no administrator. Other bots here? Make me one, without any rights.
    ✗ Privacy mode is on: a bare /ankle reaches me only if I was the last bot to write. What is picked from the menu always does.
    ✗ The club has no zone, so days go by UTC: /ankle club settings zone:Berlin
    Add me to another group
    ");
    club.promote_bot(&[]);
    mia.says(&club, "/ankle doctor").await;
    let private = stage.latest(&mia.dm()).await.unwrap();
    insta::assert_snapshot!(told(&private), @"
    How I fare in this room
    ✓ I may write here.
    ✓ I am an administrator: every command reaches me.
    ✓ Privacy mode is on, which does not matter for an administrator.
    ✗ The club has no zone, so days go by UTC: /ankle club settings zone:Berlin
    Add me to another group
    ");
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_25_doctor_says_what_it_cannot_see_just_now_and_takes_it_for_no_missing_right() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let mia = stage.friend("Mia").await;
    club.join(&mia);
    for fault in [Fault::TooManyRequests(30), Fault::ServerError(502)] {
        let faults = ["sendChatAction", "getChatMember"];
        let faults = faults.map(|method| stage.tg.fault(fault.clone()).on(method).until_cleared());
        mia.says(&club, "/ankle doctor").await;
        let private = stage.latest(&mia.dm()).await.unwrap();
        insta::allow_duplicates!(insta::assert_snapshot!(told(&private), @"
        How I fare in this room
        ? I cannot see just now whether I may write here. Ask again in a minute.
        ? I cannot see just now whether every command reaches me. Ask again in a minute.
        ✗ Privacy mode is on: a bare /ankle reaches me only if I was the last bot to write. What is picked from the menu always does.
        ✗ The club has no zone, so days go by UTC: /ankle club settings zone:Berlin
        Add me to another group
        "));
        faults.iter().for_each(PlantedFault::clear);
    }
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_25_what_an_administrator_hears_beyond_commands_is_neither_answered_nor_kept() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    club.promote_bot(&[]);
    let mia = stage.tg.user("Mia");
    club.join(&mia);
    for line in ["9cm left", "My ankle hurts", "test 9cm", "ankle test 9cm"] {
        let said = mia.says(&club, line).await;
        mia.replies(&said, "10.5 right").await;
        mia.edits(&said, "9cm right").await;
    }
    mia.sends_photo_with_caption(&club, "9cm left").await;
    assert!(stage.latest(&club).await.is_none());
    assert_eq!(stage.tests().await, 0);
    assert!(!stage.anybody().await);
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_25_what_people_say_to_each_other_below_a_post_is_neither_answered_nor_kept() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends").without_bot();
    let (boss, mia) = (stage.tg.user("Boss"), stage.tg.user("Mia"));
    club.join(&boss);
    club.join(&mia);
    boss.adds_bot(&club);
    let post = stage.latest(&club).await.unwrap();
    for line in ["haha nice", "9 weeks to go", "🦶"] {
        let said = mia.replies(&post, line).await;
        mia.edits(&said, "haha nicer").await;
    }
    assert!(stage.latest(&club).await.is_none());
    assert!(!stage.anybody().await);
    // Nor is anybody looked up for it, or for a test: only for what organisers may.
    mia.replies(&post, "9cm left").await;
    stage.latest(&club).await.unwrap();
    assert_eq!(stage.tg.calls("getChatMember"), 0);
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_26_forty_at_once_in_one_group_lose_nothing() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let runners = people(&stage, 40);
    let club = club.with(&runners.iter().collect::<Vec<_>>());
    for runner in &runners {
        runner.says(&club, "/ankle test 9cm left").await;
    }
    stage.tg.settled().await;
    assert_eq!(club.unread().len(), 40);
    assert_eq!(stage.tests().await, 40);
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_26_forty_at_once_in_as_many_groups_lose_nothing() {
    let stage = stage().await;
    let runners = people(&stage, 40);
    let clubs: Vec<_> = runners
        .iter()
        .map(|runner| stage.tg.supergroup("Trail Friends").with(&[runner]))
        .collect();
    for (runner, club) in runners.iter().zip(&clubs) {
        runner.says(club, "/ankle test 9cm left").await;
    }
    stage.tg.settled().await;
    assert!(clubs.iter().all(|club| club.unread().len() == 1));
    assert_eq!(stage.tests().await, 40);
    stage.ends_well().await;
}
