//! Commands that are edited on Telegram: the answer changes with them.

use crate::stage::told;
use crate::traps::stage;

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
