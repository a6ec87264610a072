//! Telegram in a group: what the room hears, and what only its asker does.

use crate::stage::{Data, OnTelegram, told};

#[tokio::test]
async fn a_room_hears_the_numbers_and_the_private_chat_the_rest() {
    let stage = OnTelegram::on(Data::sqlite().await).await;
    let mia = stage.tg.user("Mia");
    let club = stage.tg.supergroup("Trail Friends");
    club.join(&mia);
    mia.says(&mia.dm(), "/start").await;
    stage.latest(&mia.dm()).await;

    mia.says(&club, "/ankle test 9cm").await;
    let room = stage.latest(&club).await.unwrap();
    insta::assert_snapshot!(told(&room), @"
    Saved: 9.0 cm ≈ 32.4°.
    Which leg was it?
    [Left] [Right] [Both] [Undo] [More]
    ");
    let private = stage.latest(&mia.dm()).await.unwrap();
    insta::assert_snapshot!(told(&private), @"
    9.0 cm · about 32.4° (3.6° per cm)
    In the middle range for healthy adults, right on its lower line: one test can't tell.
    Saved as your baseline. Retest in 14 days.
    Before runs: 10 ankle circles each way.
    Which leg was it?
    [Left] [Right] [Both] [Undo] [More]
    ");

    mia.presses(&room, "Left").await.answer().await;
    stage.tg.settled().await;
    insta::assert_snapshot!(told(&room.look()), @"
    Saved: Left 9.0 cm ≈ 32.4°.
    [Share] [Undo] [More]
    ");
    // The long form says what follows from it.
    insta::assert_snapshot!(told(&private.look()), @"
    Left 9.0 cm ≈ 32.4°
    In the middle range for healthy adults, just on its lower line: one test can't tell.
    Saved as your baseline. Retest in 14 days.
    Before runs: circles, then bounds. Stretch if you like.
    [Undo] [More]
    ");
    mia.presses(&room, "Share").await.answer().await;
    let shared = stage.latest(&club).await.unwrap();
    insta::assert_snapshot!(told(&shared), @"Mia logged a knee-to-wall test: Left 9.0 cm ≈ 32.4°. Try yours: /ankle test");
    let (tg, _) = stage.stop().await;
    tg.finish_with_unread().await;
}

#[tokio::test]
async fn who_slips_away_from_a_large_group_is_on_its_board_no_more() {
    let stage = OnTelegram::on(Data::sqlite().await).await;
    let club = stage.tg.supergroup("Trail Friends");
    let mut people = Vec::new();
    for name in ["Mia", "Jonas", "Ana"] {
        let person = stage.friend(name).await;
        club.join(&person);
        person.says(&club, "/ankle done calf-raise").await;
        stage.tg.settled().await;
        people.push(person);
    }
    let [mia, jonas, ana] = people.as_slice() else {
        panic!("three")
    };
    let board = async || {
        mia.says(&club, "/ankle leaderboard").await;
        stage.latest(&club).await.unwrap().text
    };
    club.slips_away(jonas);
    stage.tg.settled().await;
    assert!(board().await.contains("Jonas"), "nobody has told us");
    stage.looks_for_leavers().await;
    let names = board().await;
    assert!(names.contains("Ana") && !names.contains("Jonas"), "{names}");
    // An administrator is told at once.
    club.promote_bot(&[]);
    club.slips_away(ana);
    stage.tg.settled().await;
    let names = board().await;
    assert!(names.contains("Mia") && !names.contains("Ana"), "{names}");
    let (tg, _) = stage.stop().await;
    tg.finish_with_unread().await;
}

#[tokio::test]
async fn a_question_that_is_answered_in_the_private_chat_is_answered_in_the_room_too() {
    let stage = OnTelegram::on(Data::sqlite().await).await;
    let club = stage.tg.supergroup("Trail Friends");
    let mia = stage.friend("Mia").await;
    club.join(&mia);
    mia.says(&club, "/ankle test 9cm").await;
    let room = stage.latest(&club).await.unwrap();
    let private = stage.latest(&mia.dm()).await.unwrap();
    mia.presses(&private, "Right").await.answer().await;
    stage.tg.settled().await;
    insta::assert_snapshot!(told(&room.look()), @"
    Saved: Right 9.0 cm ≈ 32.4°.
    [Undo] [More]
    ");
    assert!(private.look().text.starts_with("Right 9.0 cm"));
    assert!(club.unread().is_empty() && mia.dm().unread().is_empty());
    stage.ends_well().await;
}

#[tokio::test]
async fn the_long_form_of_an_answered_question_comes_to_a_private_chat_that_was_opened_meanwhile() {
    let stage = OnTelegram::on(Data::sqlite().await).await;
    let club = stage.tg.supergroup("Trail Friends");
    let mia = stage.tg.user("Mia").speaking("en");
    club.join(&mia);
    mia.says(&club, "/ankle test 9cm").await;
    let room = stage.latest(&club).await.unwrap();
    mia.says(&mia.dm(), "/start").await;
    stage.latest(&mia.dm()).await;
    mia.presses(&room, "Left").await.answer().await;
    stage.tg.settled().await;
    let private = stage.latest(&mia.dm()).await.unwrap();
    assert!(private.text.starts_with("Left 9.0 cm"), "{}", private.text);
    stage.ends_well().await;
}
