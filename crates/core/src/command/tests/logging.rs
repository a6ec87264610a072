use super::talk::Talk;
use crate::face::{Request, Said};

#[tokio::test]
async fn a_first_test_asks_which_leg_and_the_press_settles_it() {
    let talk = Talk::new().await;
    insta::assert_snapshot!(talk.say("/ankle test 9cm").await, @"
    9.0 cm · about 32.4° (3.6° per cm)
    In the middle range for healthy adults, right on its lower line: one test can't tell.
    Saved as your baseline. Retest in 14 days.
    Before runs: 10 ankle circles each way.
    Which leg was it?
    [Left] [Right] [Both] [Undo] [More]
    ");
    insta::assert_snapshot!(talk.press("Left").await, @"
    Left 9.0 cm ≈ 32.4°
    In the middle range for healthy adults, just on its lower line: one test can't tell.
    Saved as your baseline. Retest in 14 days.
    Before runs: circles, then bounds. Stretch if you like.
    [Share] [Undo] [More]
    ");
    insta::assert_snapshot!(talk.press("Share").await, @"(to all) Mia logged a knee-to-wall test: Left 9.0 cm ≈ 32.4°. Try yours: /ankle test");
    insta::assert_snapshot!(talk.say("history").await, @"
    Your knee-to-wall tests in cm, newest first
    • 24 Nov · L 9.0 · #1
    ");
}

#[tokio::test]
async fn a_room_is_told_a_result_once_until_it_is_corrected() {
    let mut talk = Talk::new().await;
    talk.say("test 9cm left").await;
    let share = talk.wire(1);
    assert!(
        talk.press_wire(share.clone())
            .await
            .starts_with("(to all) Mia")
    );
    insta::assert_snapshot!(talk.press_wire(share.clone()).await, @"Shared already.");
    insta::assert_snapshot!(talk.say("share 1").await, @"Shared already.");
    talk.room = "kitchen";
    assert!(talk.say("share 1").await.starts_with("(to all) Mia"));
    talk.room = "mobility";
    talk.say("edit 1 9.4").await;
    assert!(talk.press_wire(share).await.contains("9.4 cm"));
}

#[tokio::test]
async fn both_legs_of_one_number_become_two_entries() {
    let talk = Talk::new().await;
    talk.say("test 9.4cm").await;
    let both = talk.press("Both").await;
    assert!(
        both.starts_with("Left 9.4 cm ≈ 33.8° · Right 9.4 cm ≈ 33.8°"),
        "{both}"
    );
    insta::assert_snapshot!(talk.say("history").await, @"
    Your knee-to-wall tests in cm, newest first
    • 24 Nov · L 9.4 R 9.4 · #1 #2
    ");
}

#[tokio::test]
async fn a_fortnight_later_both_legs_are_compared() {
    let talk = Talk::new().await;
    talk.say("test L9.2 R9").await;
    talk.days(14);
    insta::assert_snapshot!(talk.say("test left 9.4 right 10.5").await, @"
    Left 9.4 cm ≈ 33.8° · Right 10.5 cm ≈ 37.8°
    Both in the middle range.
    Left: steady. Right: +1.5 cm, leaning up, but still inside measurement error.
    Side gap 1.1 cm: small and common.
    Before runs: circles, then bounds. Stretch if you like.
    [Share] [Undo] [More]
    ");
    insta::assert_snapshot!(talk.say("history").await, @"
    Your knee-to-wall tests in cm, newest first
    • 8 Dec · L 9.4 R 10.5 · #3 #4
    • 24 Nov · L 9.2 R 9.0 · #1 #2
    Since 24 Nov: L +0.2, R +1.5 cm. Under 1.9 cm is measurement error.
    ");
}

#[tokio::test]
async fn a_leg_that_follows_joins_the_session_of_the_first() {
    let talk = Talk::new().await;
    talk.say("test left 9.4").await;
    let second = talk.say("test right 10.5").await;
    assert!(
        second.starts_with("Left 9.4 cm ≈ 33.8° · Right 10.5 cm ≈ 37.8°"),
        "{second}"
    );
    assert!(second.contains("Side gap 1.1 cm"), "{second}");
}

#[tokio::test]
async fn example_10_the_same_drop_from_cold_to_warm_gets_no_verdict() {
    let talk = Talk::new().await;
    talk.say("test R 11.0").await;
    talk.days(14);
    let warm = talk.say("test R 9.0 warm").await;
    assert!(warm.contains("First warm test"), "{warm}");
    let cold = talk.say("test R 9.0").await;
    assert!(cold.contains("Lower than last time (−2.0)"), "{cold}");
    assert!(!cold.contains("clinician"), "{cold}");
    talk.days(1);
    let again = talk.say("test R 8.9").await;
    assert!(again.contains("please see a clinician"), "{again}");
}

#[tokio::test]
async fn an_unlikely_value_waits_for_a_press_or_a_second_test() {
    let talk = Talk::new().await;
    let first = talk.say("test left 18.5").await;
    assert!(first.contains("[It's right] [Undo]"), "{first}");
    assert!(talk.say("history").await.contains("L 18.5 (unconfirmed)"));
    talk.say("test left 18.5 warm").await;
    insta::assert_snapshot!(talk.press("It's right").await, @"Confirmed: Left 18.5 cm, Tue 24 Nov (#2). It counts now.");
    talk.days(1);
    let second = talk.say("test left 17.9").await;
    assert!(!second.contains("It's right"), "{second}");
    let history = talk.say("history").await;
    assert!(!history.contains("unconfirmed"), "{history}");
}

#[tokio::test]
async fn undo_takes_back_a_whole_test_and_can_be_taken_back() {
    let talk = Talk::new().await;
    talk.say("test left 9 right 10").await;
    insta::assert_snapshot!(talk.say("undo").await, @"
    Taken back: Left 9.0 cm, Tue 24 Nov (#1) · Right 10.0 cm, Tue 24 Nov (#2).
    [Put it back]
    ");
    insta::assert_snapshot!(talk.say("history").await, @"No tests yet. It takes two minutes: /ankle test 9cm");
    talk.say("undo 1").await;
    insta::assert_snapshot!(talk.press("Put it back").await, @"Back again: Left 9.0 cm, Tue 24 Nov (#1).");
    insta::assert_snapshot!(talk.say("/ankle undo #1").await, @"
    Taken back: Left 9.0 cm, Tue 24 Nov (#1).
    [Put it back]
    ");
    insta::assert_snapshot!(talk.say("undo 1").await, @"
    Already taken back: Left 9.0 cm, Tue 24 Nov (#1).
    [Put it back]
    ");
    insta::assert_snapshot!(talk.say("undo").await, @"There is nothing to take back. Log a test: /ankle test 9cm");
    insta::assert_snapshot!(talk.say("undo 99").await, @"You have no test #99. /ankle history shows yours. Nothing was changed.");
}

#[tokio::test]
async fn an_edit_corrects_numbers_side_state_unit_and_day() {
    let talk = Talk::new().await;
    talk.say("test 9.4cm left").await;
    let says = |history: &str, what: &str| assert!(history.contains(what), "{history}");
    talk.say("edit 1 9.8").await;
    says(&talk.say("history").await, "24 Nov · L 9.8 · #1");
    talk.say("edit 1 right").await;
    says(&talk.say("history").await, "24 Nov · R 9.8 · #1");
    talk.say("edit 1 warm").await;
    says(&talk.say("history").await, "24 Nov · R 9.8 · warm · #1");
    talk.say("edit 1 9,9 on:yesterday").await;
    says(&talk.say("history").await, "23 Nov · R 9.9 · warm · #1");
    talk.say("edit 1 left 3 1/2 in cold").await;
    says(&talk.say("history").await, "23 Nov · L 8.9 · #1");
    insta::assert_snapshot!(talk.say("edit 1 left").await, @"That is what it says already: Left 8.9 cm, Mon 23 Nov (#1).");
    insta::assert_snapshot!(talk.say("edit 1 blue").await, @r#"I couldn't read "blue". Try /ankle edit 812 9.5cm, left or warm. Nothing was changed."#);
    insta::assert_snapshot!(talk.say("edit x 9").await, @r#""x" is no number of a test. /ankle history shows them. Nothing was changed."#);
    insta::assert_snapshot!(talk.say("edit 1 left 9 right 10").await, @"One number for one test, please: /ankle edit 812 9.5cm. Nothing was changed.");
    insta::assert_snapshot!(talk.say("edit 1").await, @"? What shall it say? Reply with 9.5cm, left, or warm.");
    let replied = talk.reply("9.1").await;
    assert!(replied.starts_with("Left 9.1 cm"), "{replied}");
}

#[tokio::test]
async fn a_missing_number_is_asked_for_and_the_reply_completes_the_line() {
    let talk = Talk::new().await;
    insta::assert_snapshot!(talk.say("/ankle test on:yesterday").await, @"? How far is your big toe from the wall? Reply with 9cm, or left 9 right 10.5.");
    let answer = talk.reply("left 9,5").await;
    assert!(answer.starts_with("Left 9.5 cm ≈ 34.2°"), "{answer}");
    assert!(talk.say("history").await.contains("23 Nov"));
    let bare = talk.reply("10.5 right").await;
    assert!(bare.contains("Right 10.5 cm"), "{bare}");
}

#[tokio::test]
async fn two_numbers_without_a_side_save_nothing_until_somebody_says_what_they_are() {
    let talk = Talk::new().await;
    insta::assert_snapshot!(talk.say("test 9 10.5 warm").await, @"
    ? Two numbers: left and right, or two tries of one leg? Nothing is saved yet.
    [Left 9, right 10.5] [Two tries, left] [Two tries, right]
    ");
    assert!(talk.say("history").await.contains("No tests yet"));
    talk.say("test 9 10.5 warm").await;
    let pair = talk.press("Left 9, right 10.5").await;
    assert!(
        pair.starts_with("Left 9.0 cm ≈ 32.4° · Right 10.5 cm"),
        "{pair}"
    );
    assert!(talk.say("history").await.contains("L 9.0 R 10.5 · warm"));
}

#[tokio::test]
async fn a_first_short_bare_number_may_be_inches_and_the_answer_is_remembered() {
    let talk = Talk::new().await;
    insta::assert_snapshot!(talk.say("test 4").await, @"
    4.0 cm · about 14.4° (the rule reads low here)
    That is a short reach. Did you mean 4 inches (10.2 cm)?
    [Yes, inches] [No, cm]
    ");
    let inches = talk.press("Yes, inches").await;
    assert!(
        inches.starts_with("4.0 in (10.2 cm) · about 36.6°"),
        "{inches}"
    );
    let next = talk.say("test left 4 1/2").await;
    assert!(next.starts_with("Left 4.5 in (11.4 cm) ≈ 41.1°"), "{next}");

    let mut other = Talk::new().await;
    other.say("test 6 left").await;
    let cm = other.press("No, cm").await;
    assert!(cm.starts_with("Left 6.0 cm ≈ 21.6°"), "{cm}");
    assert!(other.say("test 5 right").await.starts_with("Left 6.0 cm"));
    other.who = "Jo";
    other.locale = Some("en-US");
    let american = other.say("test 9 left").await;
    assert!(
        american.contains("Did you mean 9 inches (22.9 cm)?"),
        "{american}"
    );
    assert!(other.say("test 9cm left").await.contains("middle range"));
    assert!(other.say("test 9 right").await.contains("middle range"));
}

#[tokio::test]
async fn an_event_delivered_twice_is_done_once_and_answered_alike() {
    let talk = Talk::new().await;
    let request = talk.request(Said::Line("test 9cm left".to_owned()));
    let first = talk.send(&request).await;
    assert_eq!(talk.send(&request).await, first);
    assert!(talk.say("history").await.ends_with("· L 9.0 · #1"));
}

#[tokio::test]
async fn an_edited_command_replaces_what_it_logged() {
    let talk = Talk::new().await;
    let original = talk.request(Said::Line("test 9cm left".to_owned()));
    talk.send(&original).await;
    let edit = |line: &str| edit_of(&original, line);
    let edited = talk.send(&talk.request(edit("test 9.5cm left"))).await;
    assert!(edited.starts_with("Left 9.5 cm"), "{edited}");
    let again = talk.send(&talk.request(edit("test 9.6cm left"))).await;
    assert!(again.starts_with("Left 9.6 cm"), "{again}");
    assert!(talk.say("history").await.ends_with("· L 9.6 · #3"));
    for nonsense in ["test nine-ish", "test 95cm", "test", "frobnicate"] {
        assert_eq!(
            talk.send(&talk.request(edit(nonsense))).await,
            "I can't take that edit, so your test stays as it was. Try /ankle test 9cm."
        );
    }
    assert_eq!(talk.send(&talk.request(edit("undo"))).await, "(quiet)");
    assert!(talk.say("history").await.ends_with("· L 9.6 · #3"));
    talk.days(3);
    assert_eq!(
        talk.send(&talk.request(edit("test 9.7cm left"))).await,
        "(quiet)"
    );

    let refused = talk.request(Said::Line("test nine-ish".to_owned()));
    talk.send(&refused).await;
    for line in ["test 9cm right", "test 9.1cm right"] {
        let said = edit_of(&refused, line);
        let answer = talk.send(&talk.request(said)).await;
        assert!(answer.contains("Right 9."), "{answer}");
    }
    let history = talk.say("history").await;
    assert!(!history.contains("R 9.0"), "{history}");
}

/// A request's line, corrected.
fn edit_of(original: &Request, line: &str) -> Said {
    Said::Edited {
        line: line.to_owned(),
        original: original.event.clone(),
        said_at: original.at,
    }
}

#[tokio::test]
async fn an_edited_command_keeps_its_day_unless_it_names_another() {
    let talk = Talk::new().await;
    let said = [
        ("test 9cm left", "test 9.5cm left"),
        (
            "test 10cm right on:yesterday",
            "test 10.5cm right on:yesterday",
        ),
        ("test 11cm left warm", "test 11.5cm left warm on:2026-11-20"),
        ("test nine", "test 12cm right warm"),
        ("done calf-raise", "done calf-stretch"),
    ];
    let mut originals = Vec::new();
    for (line, _) in said {
        let request = talk.request(Said::Line(line.to_owned()));
        talk.send(&request).await;
        originals.push(request);
        talk.clock.advance(jiff::SignedDuration::from_secs(1));
    }
    talk.clock.advance(jiff::SignedDuration::from_hours(20));
    for (request, (_, line)) in originals.iter().zip(said) {
        talk.send(&talk.request(edit_of(request, line))).await;
    }
    insta::assert_snapshot!(talk.say("history").await, @"
    Your knee-to-wall tests in cm, newest first
    • 24 Nov · L 9.5 · #5
    • 24 Nov · R 12.0 · warm · #8
    • 23 Nov · R 10.5 · #6
    • 20 Nov · L 11.5 · warm · #7
    ");
    insta::assert_snapshot!(talk.say("history check-ins").await, @"
    Your check-ins, newest first
    • 24 Nov · stretch #9
    ");
}

#[tokio::test]
async fn a_day_alone_is_corrected_by_an_edit_and_what_was_logged_moves_there() {
    let talk = Talk::new().await;
    let test = talk.request(Said::Line("test 9cm on:yesterday".to_owned()));
    talk.send(&test).await;
    let done = talk.request(Said::Line("done calf-raise on:mon".to_owned()));
    talk.send(&done).await;
    let edit = async |of: &Request, line: &str| {
        let said = edit_of(of, line);
        talk.send(&talk.request(said)).await
    };
    insta::assert_snapshot!(edit(&test, "test 9cm on:sat").await, @"
    9.0 cm · about 32.4° (3.6° per cm) · Sat 21 Nov
    In the middle range for healthy adults, right on its lower line: one test can't tell.
    Before runs: 10 ankle circles each way.
    Which leg was it?
    [Left] [Right] [Both] [Undo] [More]
    ");
    insta::assert_snapshot!(edit(&done, "done calf-raise on:sun").await, @"
    ✓ Raises for Sun 22 Nov. 1 day that week. Slip? /ankle undo
    [Undo]
    ");
    insta::assert_snapshot!(talk.say("history").await, @"
    Your knee-to-wall tests in cm, newest first
    • 21 Nov · ? 9.0 · #3
    ");
    insta::assert_snapshot!(talk.say("history check-ins").await, @"
    Your check-ins, newest first
    • 22 Nov · raises #4
    ");
    let today = edit(&test, "test 9cm").await;
    assert!(!today.contains("Nov"), "{today}");
    assert!(
        edit(&done, "done calf-raise")
            .await
            .starts_with("✓ Raises. 1 day")
    );
    // Still to come, or too long ago: nothing moves.
    insta::assert_snapshot!(edit(&test, "test 9cm on:2026-12-24").await, @"I can't take that edit, so your test stays as it was. Try /ankle test 9cm.");
    insta::assert_snapshot!(edit(&done, "done calf-raise on:fri").await, @"I can't take that edit, so your check-in stays as it was. Try /ankle done calf-raise.");
    assert!(talk.say("history").await.ends_with("• 24 Nov · ? 9.0 · #5"));
    let check_ins = talk.say("history check-ins").await;
    assert!(check_ins.ends_with("• 24 Nov · raises #6"), "{check_ins}");
}

#[tokio::test]
async fn an_edited_check_in_replaces_what_it_checked_in() {
    let talk = Talk::new().await;
    let original = talk.request(Said::Line("done calf-raise sets:3".to_owned()));
    talk.send(&original).await;
    let edit = async |line: &str| talk.send(&talk.request(edit_of(&original, line))).await;
    insta::assert_snapshot!(edit("done both sets:2").await, @"
    ✓ Stretch and raises. 1 day this week. Slip? /ankle undo
    [Undo]
    ");
    insta::assert_snapshot!(edit("done pushups").await, @"I can't take that edit, so your check-in stays as it was. Try /ankle done calf-raise.");
    insta::assert_snapshot!(talk.say("history check-ins").await, @"
    Your check-ins, newest first
    • 24 Nov · stretch ×2 #2, raises ×2 #3
    ");
    edit("done foam-roll").await;
    insta::assert_snapshot!(talk.say("history check-ins").await, @"
    Your check-ins, newest first
    • 24 Nov · foam roll #4
    ");
    edit("test 9cm left").await;
    insta::assert_snapshot!(talk.say("history check-ins").await, @"No check-ins here. After the exercise: /ankle done calf-raise");
    assert!(talk.say("history").await.ends_with("· L 9.0 · #5"));
}

#[tokio::test]
async fn a_question_is_answered_by_an_edit_of_its_line_but_not_twice() {
    let talk = Talk::new().await;
    for (line, whole, reply) in [
        ("test", "test 9cm left", "9cm right"),
        ("done", "done calf-raise", "calf-stretch"),
    ] {
        let asked = talk.request(Said::Line(line.to_owned()));
        assert!(talk.send(&asked).await.starts_with("? "));
        talk.clock.advance(jiff::SignedDuration::from_mins(20));
        let edited = talk.send(&talk.request(edit_of(&asked, whole))).await;
        assert!(!edited.contains("(quiet)"), "{edited}");
        talk.clock.advance(jiff::SignedDuration::from_mins(1));
        let asked = talk.request(Said::Line(line.to_owned()));
        talk.send(&asked).await;
        talk.reply(reply).await;
        let edited = talk.send(&talk.request(edit_of(&asked, whole))).await;
        assert_eq!(edited, "(quiet)", "{line} was answered by a reply");
    }
    let history = talk.say("history").await;
    assert!(history.ends_with("· L 9.0 R 9.0 · #1 #2"), "{history}");
}

#[tokio::test]
async fn pain_holds_for_two_days_whatever_is_pressed_or_logged() {
    let talk = Talk::new().await;
    insta::assert_snapshot!(talk.say("test 6cm sharp pain heel").await, @"
    6.0 cm · about 21.6° (3.6° per cm)
    Thanks for saying so. Your number is saved. Please stop testing, and see a clinician before you test again.
    Which leg was it?
    [Left] [Right] [Both] [Undo] [More]
    ");
    let quiet = |answer: &str| {
        let silent = !["range", "raises", "baseline", "Share", "runs"]
            .iter()
            .any(|word| answer.contains(word));
        assert!(answer.contains("see a clinician") && silent, "{answer}");
    };
    quiet(&talk.press("Left").await);
    quiet(&talk.say("more 1").await);
    quiet(&talk.say("edit 1 6.2").await);
    quiet(&talk.say("test right 10").await);
    talk.days(2);
    assert!(talk.say("test right 10").await.contains("teady"));
    let mut other = Talk::new().await;
    other.say("test 6cm left hurts").await;
    other.say("undo").await;
    assert!(
        other.say("test 6cm left").await.contains("baseline"),
        "what is taken back hurts no more"
    );
    other.who = "Jo";
    assert!(
        other
            .say("test 6cm left, no pain")
            .await
            .contains("baseline")
    );
}

#[tokio::test]
async fn inches_named_once_do_not_change_what_bare_numbers_are() {
    let talk = Talk::new().await;
    talk.say("test left 9.4").await;
    assert!(talk.say("test right 3 1/2\"").await.contains("3.5 in"));
    assert!(talk.say("test left 9.5").await.starts_with("Left 9.5 cm"));
}

#[tokio::test]
async fn every_test_stands_on_some_page_of_the_history_however_many_a_day_has() {
    let talk = Talk::new().await;
    for day in 0..6 {
        for n in 0..7 {
            let line = format!("test left {}.{n}cm on:\"{day} days ago\"", 9 + day % 2);
            talk.say(&line).await;
        }
    }
    let mut pages = vec![talk.say("history").await];
    while pages.last().is_some_and(|page| page.contains("[Older]")) {
        assert!(pages.len() < 20, "{pages:#?}");
        pages.push(talk.press("Older").await);
    }
    let all = pages.concat();
    for id in 1..=42 {
        let mark = format!("#{id}");
        let stands = all
            .split(|c: char| c.is_whitespace() || c == '•')
            .any(|word| word == mark);
        assert!(stands, "{mark}\n{all}");
    }
}

#[tokio::test]
async fn the_buttons_of_two_numbers_say_what_was_typed() {
    for (line, first) in [
        (
            "test 3 1/2\" 4\"",
            "Left 3.5 in (8.9 cm) ≈ 32.0° · Right 4.0 in (10.2 cm)",
        ),
        ("test 9 cm 10 cm", "Left 9.0 cm ≈ 32.4° · Right 10.0 cm"),
        (
            "test 3 1/2 4 1/4 in",
            "Left 3.5 in (8.9 cm) ≈ 32.0° · Right 4.25 in (10.8 cm)",
        ),
    ] {
        let talk = Talk::new().await;
        talk.say(line).await;
        let wire = talk.wire(1);
        let answer = talk.press_wire(wire).await;
        assert!(answer.starts_with(first), "{line}\n{answer}");
    }
    let talk = Talk::new().await;
    talk.say("test 9 10 sharp pain").await;
    assert!(
        talk.press("Left 9, right 10")
            .await
            .contains("see a clinician")
    );
}

#[tokio::test]
async fn what_waited_to_be_confirmed_still_waits_after_an_undo() {
    let talk = Talk::new().await;
    talk.say("test 18.5cm left").await;
    talk.press("Undo").await;
    talk.press("Put it back").await;
    assert!(talk.say("history").await.contains("L 18.5 (unconfirmed)"));
    talk.say("test 10cm right").await;
    let confirmed = talk.press("It's right").await;
    assert!(
        confirmed.starts_with("Confirmed: Left 18.5 cm"),
        "{confirmed}"
    );
    talk.days(1);
    let agreed = talk.say("test left 18.6").await;
    assert!(
        agreed.contains("Plenty of range") && agreed.contains("Steady"),
        "{agreed}"
    );
    let other = Talk::new().await;
    let unknown = other.say("test 18.5cm").await;
    assert!(
        unknown.contains("[Left] [Right] [Both] [It's right] [Undo]"),
        "{unknown}"
    );
    assert!(!unknown.contains("baseline"), "{unknown}");
}

#[tokio::test]
async fn only_a_first_test_is_called_a_baseline_and_a_days_value_is_its_last() {
    let talk = Talk::new().await;
    talk.say("test left 9cm").await;
    let right = talk.say("test 10cm right").await;
    assert!(
        !right.contains("second test"),
        "the left was tested once: {right}"
    );
    talk.say("test left 11cm").await;
    talk.days(14);
    assert!(!talk.say("test 12cm").await.contains("baseline"));
    assert!(talk.say("test left 11cm").await.contains("Steady."));
    assert!(talk.say("history").await.contains("L ±0.0"));
}

#[tokio::test]
async fn both_legs_of_a_press_are_taken_back_together() {
    let talk = Talk::new().await;
    talk.say("test right 11cm").await;
    talk.say("test 10cm").await;
    let both = talk.press("Both").await;
    assert!(
        both.starts_with("Left 10.0 cm ≈ 36.0° · Right 10.0 cm"),
        "{both}"
    );
    let undone = talk.say("undo").await;
    assert!(
        undone.contains("Left 10.0 cm") && undone.contains("Right 10.0 cm"),
        "{undone}"
    );
}

#[tokio::test]
async fn pain_in_an_edit_is_heard() {
    let talk = Talk::new().await;
    talk.say("test left 10cm").await;
    assert!(
        talk.say("edit 1 10cm hurts")
            .await
            .contains("see a clinician")
    );
    assert!(
        talk.say("test right 10cm")
            .await
            .contains("see a clinician")
    );
}
