//! What challenges say by themselves, sent as reminders are.

use super::*;

/// A challenge of two days from the 25th on, in the club of a room; with a goal of four.
async fn challenge(stage: &Stage, room: &str) {
    let now = stage.clock.now();
    let who = Who {
        platform: HERE,
        external: "mia",
        name: "Mia",
        locale: Some("en"),
        handle: None,
    };
    let place = At::Room { chat: room, room };
    let mut tx = stage.store.begin().await.unwrap();
    let met = tx.meet(who, place, "challenge", now).await.unwrap();
    let Met::Now(visit) = met else {
        panic!("{met:?}")
    };
    let club = visit.club.unwrap();
    let title = "Two days".parse().unwrap();
    let new = NewChallenge {
        club,
        title: &title,
        exercises: Exercises::NONE.with(Exercise::CalfRaise),
        first: date(2026, 11, 25),
        days: 2,
        goal: 4,
        room: None,
    };
    let made = tx.new_challenge(&new, Some(visit.account), now).await;
    let id = made.unwrap();
    tx.move_challenges(club, now).await.unwrap();
    tx.join_challenge(id, visit.account, now).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn results_come_at_noon_into_the_room_of_a_reminder_and_no_later_post_removes_them() {
    let stage = Stage::new(Doubt::Keyed).await;
    stage.room("club", "07:00", "UTC").await;
    challenge(&stage, "club").await;
    stage.wire.answers([
        Ok(()),
        Ok(()),
        Ok(()),
        Ok(()),
        Ok(()),
        Err(SendError::NotSent),
        Err(SendError::InDoubt),
    ]);
    stage.until("2026-11-29T06:00:00Z").await;
    let times = stage.wire.times();
    let first = times.iter().position(|told| told.contains("27 12:00"));
    assert!(first.is_some(), "{times:#?}");
    let told = stage.wire.told.lock().unwrap().clone();
    let results: Vec<_> = told
        .iter()
        .filter(|told| told.text.starts_with("Results"))
        .collect();
    assert_eq!(results.len(), 1, "known again by its key: {times:#?}");
    assert_eq!(results[0].what, "send club");
    assert_eq!(stage.states(Kind::Result).await, [("sent".to_owned(), 1)]);
    assert!(
        !times.iter().any(|told| told.contains("delete result")),
        "{times:#?}"
    );
    assert_eq!(
        stage.states(Kind::Ask).await,
        [],
        "nobody has done anything"
    );
}

#[tokio::test]
async fn whoever_made_a_challenge_is_told_once_if_its_results_cannot_be_posted() {
    let stage = Stage::new(Doubt::Once).await;
    stage.room("club", "22:00", "UTC").await;
    challenge(&stage, "club").await;
    stage.until("2026-11-27T11:00:00Z").await;
    let before = stage.wire.what().len();
    stage
        .wire
        .answers([Err(SendError::Forbidden(Forbidden::Write))]);
    stage.until("2026-11-27T21:00:00Z").await;
    assert_eq!(stage.wire.what()[before..], ["send dm-mia"]);
    insta::assert_snapshot!(stage.wire.told.lock().unwrap().last().unwrap().text, @r#"I couldn't post the results of "Two days": I may not write in its room. They are kept: /ankle challenge show 1"#);
    assert_eq!(
        stage.states(Kind::Result).await,
        [("unreachable".to_owned(), 1)]
    );
}

#[tokio::test]
async fn complaint_9_results_that_were_missed_come_late_within_two_hours_or_are_kept_alone() {
    for (back, state) in [("13:59", "sent"), ("14:01", "expired")] {
        let stage = Stage::new(Doubt::Once).await;
        stage.room("club", "22:00", "UTC").await;
        challenge(&stage, "club").await;
        let back = format!("2026-11-27T{back}:00Z");
        stage.clock.advance_to(back.parse().unwrap());
        stage.until(&back).await;
        assert_eq!(
            stage.states(Kind::Result).await,
            [(state.to_owned(), 1)],
            "{back}"
        );
    }
}
