//! Rooms that cannot be reached, or that have moved.

use super::*;

#[tokio::test]
async fn complaints_16_and_19_a_room_that_is_lost_is_told_of_once_privately_and_comes_back() {
    let stage = Stage::new(Doubt::Once).await;
    stage.room("club", "07:00", "Berlin").await;
    let shut = || Err(SendError::Forbidden(Forbidden::Write));
    stage.wire.answers([shut(), Ok(()), shut(), shut()]);
    stage.until("2026-11-28T12:00:00Z").await;
    assert_eq!(
        stage.wire.times(),
        ["25 06:00:00 send dm-mia", "28 06:00:00 send club"]
    );
    insta::assert_snapshot!(stage.wire.told.lock().unwrap()[0].text, @"
    I couldn't post a reminder this morning: I may not write there.
    It is reminder #1 07:00 daily (Berlin). You hear of it this once.
    ");
    stage.wire.answers([Err(SendError::Gone)]);
    stage.until("2026-11-29T12:00:00Z").await;
    assert_eq!(
        stage.wire.what().last().unwrap(),
        "send dm-mia",
        "news again"
    );
    // Let in again within the grace of a post, the room gets it after all.
    stage.wire.answers([Err(SendError::Gone)]);
    stage.until("2026-11-30T06:30:00Z").await;
    let mut tx = stage.store.begin().await.unwrap();
    tx.revive_chat(HERE, "club", stage.clock.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    stage.until("2026-11-30T06:31:00Z").await;
    assert!(
        stage
            .wire
            .times()
            .contains(&"30 06:30:00 send club".to_owned())
    );
}

#[tokio::test]
async fn who_set_another_reminder_of_a_lost_room_hears_of_it_too_and_each_once() {
    let stage = Stage::new(Doubt::Once).await;
    stage.room("club", "07:00", "UTC").await;
    set_by(&stage.store, &stage.clock, "tom", "club", "08:00", "UTC").await;
    let gone = || Err(SendError::Gone);
    let lost = [gone(), Ok(()), gone(), Ok(()), gone(), gone()];
    stage.wire.answers(lost.clone());
    stage.until("2026-11-26T12:00:00Z").await;
    assert_eq!(stage.wire.what(), ["send dm-mia", "send dm-tom"]);
    stage.until("2026-11-27T12:00:00Z").await;
    stage.wire.told.lock().unwrap().clear();
    stage.wire.answers(lost);
    stage.until("2026-11-29T12:00:00Z").await;
    assert_eq!(
        stage.wire.what(),
        ["send dm-mia", "send dm-tom"],
        "news again"
    );
}

#[tokio::test]
async fn a_test_that_comes_through_makes_the_next_failure_news() {
    let stage = Stage::new(Doubt::Once).await;
    let id = stage.room("club", "07:00", "UTC").await;
    stage
        .wire
        .answers([Err(SendError::Gone), Ok(()), Ok(()), Err(SendError::Gone)]);
    stage.until("2026-11-25T12:00:00Z").await;
    let mut tx = stage.store.begin().await.unwrap();
    let reminder = tx.reminder(id).await.unwrap().unwrap();
    tx.test_post(&reminder, stage.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    stage.until("2026-11-26T12:00:00Z").await;
    assert_eq!(
        stage.wire.what(),
        ["send dm-mia", "send club", "send dm-mia"]
    );
}

#[tokio::test]
async fn of_a_failed_post_whose_setter_has_left_the_deputies_hear_and_else_it_is_counted() {
    for deputy in [true, false] {
        let stage = Stage::new(Doubt::Once).await;
        stage.room("club", "07:00", "UTC").await;
        let now = stage.clock.now();
        let mut tx = stage.store.begin().await.unwrap();
        let who = Who {
            platform: HERE,
            external: "ana",
            name: "Ana",
            locale: None,
            handle: None,
        };
        let place = At::Room {
            chat: "club",
            room: "club",
        };
        let Met::Now(ana) = tx.meet(who, place, "deputy", now).await.unwrap() else {
            panic!()
        };
        if deputy {
            let club = ana.club.unwrap();
            tx.name_deputy(club, ana.account, now).await.unwrap();
        }
        tx.left(HERE, "mia", "club", now).await.unwrap();
        tx.commit().await.unwrap();
        stage.wire.answers([Err(SendError::Gone)]);
        stage.until("2026-11-25T12:00:00Z").await;
        let figures = stage.sender.figures();
        let heard = stage.wire.what();
        if deputy {
            assert_eq!(
                (&heard[..], figures.untold()),
                (&["send dm-ana".to_owned()][..], 0)
            );
        } else {
            assert_eq!((heard.len(), figures.untold()), (0, 1));
        }
    }
}

#[tokio::test]
async fn complaint_19_a_room_that_is_lost_for_good_is_tried_once_a_week_and_revived_at_any_time() {
    let stage = Stage::new(Doubt::Once).await;
    stage.room("club", "07:00", "UTC").await;
    let gone = || Err(SendError::Gone);
    let first = [gone(), Ok(())].into_iter();
    let lost = std::iter::repeat_with(gone).take(100);
    stage.wire.answers(first.chain(lost));
    // All but the notice.
    let tries = || 101 - stage.wire.answers.lock().unwrap().len();
    stage.until("2026-12-02T12:00:00Z").await;
    assert_eq!(tries(), 7, "on each day of a week");
    stage.until("2026-12-30T12:00:00Z").await;
    assert_eq!(tries(), 11, "and once in each of four more");
    assert_eq!(stage.falling.falls().left_out(), 25);
    // Let in again, it gets what is still in time.
    stage.until("2026-12-31T07:20:00Z").await;
    let before = tries();
    stage.wire.answers.lock().unwrap().clear();
    let mut tx = stage.store.begin().await.unwrap();
    let revived = tx.revive_chat(HERE, "club", stage.clock.now()).await;
    assert_eq!((revived.unwrap(), before), (1, 11));
    tx.commit().await.unwrap();
    stage.until("2027-01-01T07:20:00Z").await;
    assert_eq!(
        stage.wire.times(),
        [
            "25 07:00:00 send dm-mia",
            "31 07:20:00 send club",
            "01 07:00:00 send club",
            "01 07:00:00 delete post:38"
        ]
    );
}

#[tokio::test]
async fn complaint_15_a_chat_that_moved_gets_its_post_at_its_new_address() {
    let stage = Stage::new(Doubt::Once).await;
    stage.room("old", "07:00", "Berlin").await;
    let chat = "new".to_owned();
    stage.wire.answers([Err(SendError::Moved { chat })]);
    stage.until("2026-11-26T12:00:00Z").await;
    assert_eq!(stage.wire.what()[..2], ["send new", "send new"]);
}
