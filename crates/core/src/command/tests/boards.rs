use super::talk::{Talk, message};
use crate::club::Platform;
use crate::face::Said;

/// A club with a few check-ins: Mia 6 in all, Ana and Jonas 5, Li 1.
async fn club() -> Talk {
    let mut talk = Talk::new().await;
    for (who, lines) in [
        (
            "Mia Müller",
            ["done all", "done raise on:yesterday"].as_slice(),
        ),
        ("Jonas", &["done all"]),
        ("Ana", &["done all"]),
        ("Li", &["done stretch", "test 9cm left", "test 9.5cm right"]),
    ] {
        talk.who = who;
        for line in lines {
            talk.say(line).await;
        }
    }
    talk
}

async fn press_as(talk: &mut Talk, who: &'static str, number: usize) -> String {
    let wire = talk.wire(number);
    talk.who = who;
    talk.press_wire(wire).await
}

#[tokio::test]
async fn a_board_shows_three_places_the_total_and_ones_own_rank_privately() {
    let mut talk = club().await;
    insta::assert_snapshot!(talk.say("leaderboard").await, @"
    (to all) Check-ins · Mon to today (UTC)
    1  Mia 6
    2  Jonas 5, Ana 5
    4  Li 1
    4 people, 17 check-ins together.
    Ranked by showing up, not by centimetres.
    [My rank]
    ");
    insta::assert_snapshot!(press_as(&mut talk, "Li", 1).await, @"
    Check-ins · Mon to today (UTC)
    You are number 4, of 4, with 1 check-in.
    4 more to the next place.
    ");
    insta::assert_snapshot!(talk.say("leaderboard today").await, @"
    (to all) Check-ins · Tue 24 Nov (UTC)
    1  Mia 5, Jonas 5, Ana 5
    4  Li 1
    4 people, 16 check-ins together.
    Ranked by showing up, not by centimetres.
    [My rank]
    ");
    insta::assert_snapshot!(talk.say("leaderboard tests month").await, @"
    (to all) Days with a test · 1 Nov to today (UTC)
    1  Li 1
    1 person, 1 test day together.
    Ranked by showing up, not by centimetres.
    [My rank]
    ");
    insta::assert_snapshot!(press_as(&mut talk, "Ana", 1).await, @"Not on this board yet. Two minutes and a tape: /ankle test 9cm");
    insta::assert_snapshot!(talk.say("leaderboard streak").await, @"
    (to all) Streaks · good weeks in a row (UTC)
    Nobody yet. Be the first: /ankle done calf-raise
    ");
    insta::assert_snapshot!(talk.say("leaderboard show:more all").await, @"
    Check-ins · all time (UTC)
    1  Mia 6
    2  Jonas 5, Ana 5
    4  Li 1
    4 people, 17 check-ins together.
    Ranked by showing up, not by centimetres.
    ");
    talk.say("undo").await;
    assert!(!talk.say("leaderboard all").await.contains("Ana"));
}

#[tokio::test]
async fn who_hides_counts_in_the_total_and_learns_his_rank_all_the_same() {
    let mut talk = club().await;
    talk.who = "Mia Müller";
    talk.say("me settings privacy:hidden").await;
    insta::assert_snapshot!(talk.say("leaderboard").await, @"
    (to all) Check-ins · Mon to today (UTC)
    1  Jonas 5, Ana 5
    3  Li 1
    4 people, 17 check-ins together.
    Ranked by showing up, not by centimetres.
    [My rank]
    ");
    insta::assert_snapshot!(press_as(&mut talk, "Mia Müller", 1).await, @"
    Check-ins · Mon to today (UTC)
    You are number 1, of 4, with 6 check-ins.
    ");
}

#[tokio::test]
async fn complaint_33_who_left_is_gone_from_the_board_and_back_with_a_word() {
    let mut talk = club().await;
    let mut tx = talk.store.begin().await.unwrap();
    let platform = crate::club::Platform("test");
    let now = crate::face::Clock::now(&talk.clock);
    tx.left(platform, "jonas", "trail-friends", now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    talk.who = "Li";
    assert!(!talk.say("leaderboard").await.contains("Jonas"));
    talk.who = "Jonas";
    assert!(talk.say("leaderboard").await.contains("Jonas 5"));
}

#[tokio::test]
async fn complaint_35_a_boards_day_is_the_clubs_and_says_so() {
    let mut talk = club().await;
    let mut tx = talk.store.begin().await.unwrap();
    let who = crate::store::Who {
        platform: crate::club::Platform("test"),
        external: "li",
        name: "Li",
        locale: None,
        handle: None,
    };
    let place = crate::store::Place::Room {
        chat: "trail-friends",
        room: "mobility",
    };
    let now = crate::face::Clock::now(&talk.clock);
    let met = tx.meet(who, place, "x", now).await.unwrap();
    let crate::store::Met::Now(visit) = met else {
        panic!("{met:?}")
    };
    // Two in the morning of the 25th there: with days from three on, still the 24th.
    let zone = "Auckland".parse().unwrap();
    tx.set_club(visit.club.unwrap(), Some(&zone), None)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    talk.clock.advance(jiff::SignedDuration::from_hours(3));
    talk.who = "Li";
    insta::assert_snapshot!(talk.say("leaderboard today").await, @"
    (to all) Check-ins · Tue 24 Nov (Auckland)
    1  Mia 5, Jonas 5, Ana 5
    4  Li 1
    4 people, 16 check-ins together.
    Ranked by showing up, not by centimetres.
    [My rank]
    ");
    talk.clock.advance(jiff::SignedDuration::from_hours(1));
    insta::assert_snapshot!(talk.say("leaderboard today").await, @"
    (to all) Check-ins · Wed 25 Nov (Auckland)
    Nobody yet. Be the first: /ankle done calf-raise
    ");
}

#[tokio::test]
async fn complaint_27_a_day_is_the_same_for_entry_board_and_streak_wherever_somebody_lives() {
    let mut talk = Talk::new().await;
    // At 14:00 UTC it is Tuesday in Berlin and Los Angeles, and Wednesday in Kiritimati.
    talk.clock.advance(jiff::SignedDuration::from_hours(4));
    let people = [
        ("Mia", "Berlin"),
        ("Ana", "Los_Angeles"),
        ("Tekau", "Kiritimati"),
    ];
    for (who, zone) in people {
        talk.who = who;
        talk.say(&format!("me settings zone:{zone}")).await;
        talk.say("done raise").await;
    }
    insta::assert_snapshot!(talk.say("leaderboard today").await, @"
    (to all) Check-ins · Tue 24 Nov (UTC)
    1  Mia 1, Ana 1
    2 people, 2 check-ins together.
    Ranked by showing up, not by centimetres.
    [My rank]
    ");
    for (who, day) in [("Mia", "24 Nov"), ("Ana", "24 Nov"), ("Tekau", "25 Nov")] {
        talk.who = who;
        let history = talk.say("history check-ins").await;
        assert!(history.contains(day), "{who}: {history}");
        let streak = talk.say("streak").await;
        assert!(streak.contains("1 of 4 days"), "{who}: {streak}");
        let again = talk.say("done raise").await;
        assert!(again.starts_with("Already counted today"), "{who}: {again}");
    }
    talk.clock.advance(jiff::SignedDuration::from_hours(24));
    insta::assert_snapshot!(talk.say("leaderboard today").await, @"
    (to all) Check-ins · Wed 25 Nov (UTC)
    1  Tekau 1
    1 person, 1 check-in together.
    Ranked by showing up, not by centimetres.
    [My rank]
    ");
}

#[tokio::test]
async fn a_crowded_board_with_long_names_still_fits_a_phone() {
    let mut talk = Talk::new().await;
    let names: Vec<&'static str> = (0..24)
        .map(|n| {
            let name = format!(
                "{}Wolfeschlegelsteinhausenbergerdorff",
                ["Ü", "W", "M"][n % 3]
            );
            &*Box::leak(format!("{name}{n} Schmidt").into_boxed_str())
        })
        .collect();
    for (at, name) in names.into_iter().enumerate() {
        talk.who = name;
        let line = ["done all", "done both,bound", "done both", "done raise"][at % 4];
        talk.say(line).await;
    }
    let board = talk.say("leaderboard").await;
    insta::assert_snapshot!(board, @"
    (to all) Check-ins · Mon to today (UTC)
    1  ÜWolfeschle… 5, WWolfeschle… 5, MWolfeschle… 5 +3
    7  WWolfeschle… 3, MWolfeschle… 3, ÜWolfeschle… 3 +3
    13  MWolfeschle… 2, ÜWolfeschle… 2, WWolfeschle… 2 +3
    24 people, 66 check-ins together.
    Ranked by showing up, not by centimetres.
    [My rank] [More]
    ");
    assert!(board.chars().count() < 400, "{board}");
}

#[tokio::test]
async fn who_leaves_a_club_is_on_no_board_of_it_until_he_comes_again() {
    let mut talk = Talk::new().await;
    talk.say("done both").await;
    talk.who = "Tom";
    talk.say("done both").await;
    insta::assert_snapshot!(talk.say("me leave").await, @"You have left this club's boards, until you press or say something here again. Your entries stay yours.");
    talk.who = "Mia";
    let board = talk.say("leaderboard").await;
    assert!(
        !board.contains("Tom") && board.contains("1 person"),
        "{board}"
    );
    talk.who = "Tom";
    let streak = talk.say("streak").await;
    assert!(streak.contains("1 of 4 days"), "{streak}");
    let board = talk.say("leaderboard").await;
    assert!(board.contains("2 people"), "{board}");
    talk.room = "private";
    let nowhere = talk.say("me leave").await;
    assert!(nowhere.contains("for a club"), "{nowhere}");
}

#[tokio::test]
async fn who_only_chats_below_a_message_of_ours_is_not_met_and_comes_back_to_no_board() {
    let mut talk = Talk::new().await;
    let chatter = |talk: &Talk| {
        talk.request(Said::ReplyTo {
            message: Some(message()),
            text: "haha nice".to_owned(),
        })
    };
    assert_eq!(talk.send(&chatter(&talk)).await, "(quiet)");
    let nobody = Platform("none");
    assert!(!talk.store.serves_others_than(nobody).await.unwrap());
    let mut tx = talk.store.begin().await.unwrap();
    let chat = tx.knows_chat(Platform("test"), "trail-friends").await;
    assert!(!chat.unwrap());
    drop(tx);

    talk.say("done both").await;
    talk.who = "Tom";
    talk.say("done both").await;
    talk.say("me leave").await;
    assert_eq!(talk.send(&chatter(&talk)).await, "(quiet)");
    talk.who = "Mia";
    let board = talk.say("leaderboard").await;
    assert!(board.contains("1 person"), "{board}");
}

#[tokio::test]
async fn board_is_short_for_leaderboard() {
    let talk = Talk::new().await;
    talk.say("done calf-raise").await;
    let board = talk.say("/ankle leaderboard tests week").await;
    for line in [
        "/board tests week",
        "/ankle board tests week",
        "Board tests week",
    ] {
        assert_eq!(talk.say(line).await, board, "{line}");
    }
    let help = talk.say("help leaderboard").await;
    assert_eq!(talk.say("help board").await, help);
}

#[tokio::test]
async fn boards_stand_still_while_the_club_has_a_break() {
    let mut talk = club().await;
    talk.organiser = true;
    talk.say("club break today..tomorrow").await;
    let mut boards = Vec::new();
    for line in [
        "leaderboard week",
        "leaderboard tests all",
        "remind set 7 zone:UTC",
        "remind preview",
    ] {
        boards.push(talk.say(line).await);
    }
    insta::assert_snapshot!(boards.join("\n---\n"), @"
    (to all) Check-ins · Mon to today (UTC)
    1  Mia 1
    1 person, 1 check-in together.
    Ranked by showing up, not by centimetres.
    [My rank]
    ---
    (to all) Days with a test · all time (UTC)
    Nobody yet. Two minutes and a tape: /ankle test 9cm
    ---
    Saved: #1 07:00 daily (UTC) · Stretch and raises
    Next: Thu 26 Nov 07:00 (UTC).
    ---
    Ankle minutes · Tue 24 Nov
    • Calf stretch: 30 s straight, 30 s bent, each leg. 3 sets
    • Calf raises on a step: up, then 10 slow seconds down, heels below the edge. 3 × 15
    New? 1 × 8 is a fine start. Skip them with heel pain or a fresh sprain; sharp pain means stop.
    This week: Mia 1
    ");
    talk.say("club break none").await;
    let again = talk.say("leaderboard week").await;
    assert!(again.contains("Mia 6"), "{again}");
}
