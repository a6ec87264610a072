//! Presses in a room: who may, what pops up, and what is too old.

use jiff::SignedDuration;

use crate::rooms::{club_with_mia, pop_up, pressed, stage};
use crate::stage::told;

#[tokio::test]
async fn somebody_elses_button_pops_up_what_to_type_and_changes_nothing() {
    let (stage, club, mia) = club_with_mia().await;
    let tom = stage.tg.user("Tom").speaking("en");
    club.join(&tom);
    mia.says(&club, "/ankle test 9cm").await;
    let room = stage.latest(&club).await.unwrap();
    for label in ["Left", "Undo", "More"] {
        let answer = pressed(&stage, &tom, &room, label).await;
        assert_eq!(
            pop_up(&answer),
            "That's somebody else's button. Log yours: /ankle test 9cm"
        );
        assert_eq!(told(&room.look()), told(&room));
    }
    assert!(club.unread().is_empty() && tom.dm().unread().is_empty());
    stage.ends_well().await;
}

#[tokio::test]
async fn more_goes_to_the_private_chat_where_that_is_open() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let mia = stage.friend("Mia").await;
    club.join(&mia);
    mia.says(&club, "/ankle test 9cm left").await;
    let room = stage.latest(&club).await.unwrap();
    stage.latest(&mia.dm()).await;
    let answer = pressed(&stage, &mia, &room, "More").await;
    assert_eq!(answer.text, "");
    let more = stage.latest(&mia.dm()).await.unwrap();
    insta::assert_snapshot!(told(&more), @"
    Your test of Tue 24 Nov
    Left 9.0 cm ≈ 32.4°
    Degrees go by the article's rule, 3.6° per cm. It is good near 8–11 cm, reads too low below 6 and too high above 14.
    In the middle range for healthy adults, just on its lower line: one test can't tell.
    Saved as your baseline. Retest in 14 days.
    The middle range is 9–13 cm: about half of healthy adults.
    Many clinics aim for 10 cm.
    A change under 1.9 cm can be measurement error, and testing yourself is noisier than that.
    Before runs: circles, then bounds. Stretch if you like.
    Same way each time: barefoot, heel down, big toe to the wall, same time of day, cold.
    ");
    assert!(club.unread().is_empty());
    stage.ends_well().await;
}

#[tokio::test]
async fn undo_pops_up_and_takes_the_buttons_away() {
    let (stage, club, mia) = club_with_mia().await;
    mia.says(&club, "/ankle test 9cm left").await;
    let room = stage.latest(&club).await.unwrap();
    let answer = pressed(&stage, &mia, &room, "Undo").await;
    // A short confirmation fades away by itself.
    assert!(!answer.alert, "{answer:?}");
    insta::assert_snapshot!(answer.text, @"Taken back: Left 9.0 cm, Tue 24 Nov (#1).");
    assert!(room.look().buttons.is_empty());
    assert_eq!(stage.tests().await, 0);
    assert!(club.unread().is_empty());
    stage.ends_well().await;
}

#[tokio::test]
async fn a_forged_or_old_press_pops_up_what_to_type_and_does_nothing() {
    let (stage, club, mia) = club_with_mia().await;
    let tom = stage.tg.user("Tom").speaking("en");
    club.join(&tom);
    mia.says(&club, "/ankle test 9cm").await;
    let room = stage.latest(&club).await.unwrap();
    let undo = room.buttons.concat();
    let undo = undo.iter().find(|button| button.label == "Undo").unwrap();
    let undo = undo.data.clone().unwrap();
    for (who, wire) in [
        (&mia, "x"),
        (&mia, "-|dance"),
        (&mia, "zz|undo"),
        (&mia, "-|undo entry:812"),
        (&tom, undo.as_str()),
        (&tom, "-|undo entry:1"),
        (&tom, "-|share 1"),
        (&tom, "-|more 1"),
        (&tom, "-|club settings zone:Berlin"),
    ] {
        let answer = who.presses_stale(&room, wire).await.answer().await;
        assert!(!pop_up(&answer).is_empty(), "{wire}");
        assert!(
            !answer.text.contains('9') || answer.text.contains("/ankle test 9cm"),
            "{answer:?}"
        );
    }
    stage.tg.settled().await;
    assert_eq!(stage.tests().await, 1);
    assert!(club.unread().is_empty());
    assert_eq!(told(&room.look()), told(&room));
    stage.ends_well().await;
}

#[tokio::test]
async fn a_press_on_a_message_that_the_bot_never_sent_pops_up_what_to_type_and_does_nothing() {
    let (stage, club, mia) = club_with_mia().await;
    mia.says(&club, "/ankle test 9cm left").await;
    stage.latest(&club).await.unwrap();
    let said = mia.says(&club, "Who is in tonight?").await;
    let private = mia.says(&mia.dm(), "/start").await;
    stage.latest(&mia.dm()).await;
    for message in [&said, &private] {
        for wire in [
            "x",
            "-|dance",
            "zz|undo",
            "2|undo",
            "-|club settings zone:Berlin",
        ] {
            let calls = stage.tg.calls("answerCallbackQuery");
            mia.presses_stale(message, wire).await.answer().await;
            stage.tg.settled().await;
            assert_eq!(stage.tg.calls("answerCallbackQuery"), calls + 1, "{wire}");
        }
    }
    assert_eq!(stage.tests().await, 1);
    assert!(club.unread().is_empty());
    stage.ends_well().await;
}

#[tokio::test]
async fn a_press_on_a_message_that_is_gone_is_done_and_told_anew() {
    let (stage, club, mia) = club_with_mia().await;
    mia.says(&club, "/ankle test 9cm").await;
    let room = stage.latest(&club).await.unwrap();
    let left = room.buttons.concat();
    let left = left.iter().find(|button| button.label == "Left").unwrap();
    mia.deletes(&room);
    let wire = left.data.clone().unwrap();
    mia.presses_stale(&room, &wire).await.answer().await;
    let anew = stage.latest(&club).await.unwrap();
    assert_eq!(anew.text, "Saved: Left 9.0 cm ≈ 32.4°.");
    stage.ends_well().await;
}

#[tokio::test]
async fn a_button_of_the_day_before_yesterday_pops_up_what_to_type() {
    let (stage, club, mia) = club_with_mia().await;
    mia.says(&club, "/ankle test 9cm").await;
    let room = stage.latest(&club).await.unwrap();
    stage.clock.advance(SignedDuration::from_hours(25));
    let answer = mia.presses(&room, "Left").await.answer().await;
    let old = "That button is too old. Type it instead: /ankle help";
    assert_eq!(pop_up(&answer), old);
    // Of what is gone nobody says how old it is, but it is remembered.
    mia.deletes(&room);
    let undo = room.buttons.concat();
    let undo = undo.iter().find(|button| button.label == "Undo").unwrap();
    let wire = undo.data.clone().unwrap();
    let answer = mia.presses_stale(&room, &wire).await.answer().await;
    assert_eq!(pop_up(&answer), old);
    assert_eq!(stage.tests().await, 1);
    stage.ends_well().await;
}
