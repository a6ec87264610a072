//! What challenges say by themselves, sent as reminders are.

use jiff::civil::Date;

use super::*;

/// A challenge of two days from the 25th on, in the club of a room; with a goal of four.
async fn challenge(stage: &Stage, room: &str) {
    challenge_of(stage, room, ("Two days", date(2026, 11, 25), 2)).await;
}

async fn challenge_of(stage: &Stage, room: &str, (title, first, days): (&str, Date, u16)) {
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
    let title = title.parse().unwrap();
    let new = NewChallenge {
        club,
        title: &title,
        exercises: Exercises::NONE.with(Exercise::CalfRaise),
        first,
        days,
        goal: 4,
        room: None,
    };
    let made = tx.new_challenge(&new, Some(visit.account), now).await;
    let id = made.unwrap();
    tx.move_challenges(club, now).await.unwrap();
    tx.join_challenge(id, visit.account, now).await.unwrap();
    tx.commit().await.unwrap();
}

/// What posts have said of challenges: the day of each, and the line.
fn lines(stage: &Stage, title: &str) -> Vec<String> {
    let told = stage.wire.told.lock().unwrap();
    let posts = told.iter().filter(|told| told.what.starts_with("send"));
    let posts = posts.filter(|told| told.text.starts_with("Ankle"));
    let lines = posts.flat_map(|told| {
        let day = told
            .text
            .lines()
            .next()
            .unwrap()
            .replace("Ankle minutes", &told.what);
        let lines = told.text.lines().filter(|line| line.starts_with(title));
        lines
            .map(move |line| format!("{day}: {line}"))
            .collect::<Vec<_>>()
    });
    lines.collect()
}

#[tokio::test]
async fn a_weekly_post_has_what_a_challenge_says_in_the_week_around_it() {
    let stage = Stage::new(Doubt::Keyed).await;
    stage.room("club", "07:00 tue", "UTC").await;
    stage.room("sunday", "07:00 sun", "UTC").await;
    for room in ["club", "sunday"] {
        challenge_of(&stage, room, ("Roll", date(2026, 11, 30), 30)).await;
    }
    stage.until("2027-01-10T00:00:00Z").await;
    insta::assert_snapshot!(lines(&stage, "Roll").join("\n"), @"
    send club · Tue 1 Dec: Roll: day 2 of 30, goal 4 days together.
    send sunday · Sun 6 Dec: Roll: day 7 of 30, goal 4 days together.
    send club · Tue 15 Dec: Roll: past half-way, 0 of 4 days.
    send sunday · Sun 20 Dec: Roll: past half-way, 0 of 4 days.
    send sunday · Sun 27 Dec: Roll: ends on Tue 29 Dec, 0 of 4 days.
    send club · Tue 29 Dec: Roll: last day, 0 of 4 days.
    ");
}

#[tokio::test]
async fn in_a_room_with_two_reminders_each_line_is_in_one_post() {
    let stage = Stage::new(Doubt::Keyed).await;
    stage.room("club", "07:00", "UTC").await;
    stage.room("club", "07:00 wed,sat", "UTC").await;
    stage.room("club", "19:00 tue", "UTC").await;
    challenge_of(&stage, "club", ("Roll", date(2026, 11, 25), 7)).await;
    stage.until("2026-12-10T00:00:00Z").await;
    insta::assert_snapshot!(lines(&stage, "Roll").join("\n"), @"
    send club · Wed 25 Nov: Roll: day 1 of 7, goal 4 days together.
    send club · Sat 28 Nov: Roll: half-way, 0 of 4 days.
    send club · Tue 1 Dec: Roll: last day, 0 of 4 days.
    ");
}

#[tokio::test]
async fn a_challenge_made_after_the_post_of_its_first_day_is_told_of_in_the_next() {
    let stage = Stage::new(Doubt::Keyed).await;
    stage.room("club", "07:00", "UTC").await;
    stage.until("2026-11-25T12:00:00Z").await;
    challenge_of(&stage, "club", ("Roll", date(2026, 11, 25), 4)).await;
    stage.until("2026-12-10T00:00:00Z").await;
    insta::assert_snapshot!(lines(&stage, "Roll").join("\n"), @"
    send club · Thu 26 Nov: Roll: day 2 of 4, goal 4 days together.
    send club · Thu 26 Nov: Roll: half-way, 0 of 4 days.
    send club · Sat 28 Nov: Roll: last day, 0 of 4 days.
    ");
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
async fn complaint_33_who_leaves_is_named_no_more_in_the_results_that_stand() {
    let stage = Stage::new(Doubt::Keyed).await;
    stage.room("club", "22:00", "UTC").await;
    challenge(&stage, "club").await;
    let mut tx = stage.store.begin().await.unwrap();
    let who = Who {
        platform: HERE,
        external: "mia",
        name: "Mia",
        locale: Some("en"),
        handle: None,
    };
    let place = At::Room {
        chat: "club",
        room: "club",
    };
    let now = stage.clock.now();
    let Met::Now(mia) = tx.meet(who, place, "done", now).await.unwrap() else {
        panic!()
    };
    let done = NewCheckIn {
        day: date(2026, 11, 25),
        zone: &"UTC".parse().unwrap(),
        now,
        chat: mia.chat,
        event: "done",
        exercise: Exercise::CalfRaise,
        sets: None,
    };
    tx.check_in(mia.account, &done).await.unwrap();
    tx.commit().await.unwrap();
    stage.until("2026-11-27T12:10:00Z").await;
    let last = || stage.wire.told.lock().unwrap().last().unwrap().clone();
    assert!(last().text.starts_with("Results") && last().text.contains("Mia"));
    let result = last();
    let mut tx = stage.store.begin().await.unwrap();
    tx.left(HERE, "mia", "club", stage.clock.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    stage.until("2026-11-27T12:11:00Z").await;
    let told = stage.wire.told.lock().unwrap().clone();
    let mut edits = told.iter().filter(|told| told.what.starts_with("edit"));
    let edit = edits.rfind(|told| told.text.starts_with("Results"));
    let edit = edit.unwrap();
    assert!(edit.what.starts_with("edit result:") && edit.at > result.at);
    assert!(!edit.text.contains("Mia"), "{}", edit.text);
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
