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
