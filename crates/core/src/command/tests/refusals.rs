use jiff::SignedDuration;

use super::talk::Talk;
use crate::command::Command;
use crate::face::Said;

#[tokio::test]
async fn what_cannot_be_is_refused_with_a_way_out_and_nothing_is_stored() {
    let talk = Talk::new().await;
    talk.say("me settings unit:cm").await;
    let mut lines = Vec::new();
    let digits = "9".repeat(4_000);
    for line in [
        "/ankle test nine-ish",
        "/ankle test -1cm",
        "/ankle test 27",
        "/ankle test 27 left warm",
        "/ankle test 11in",
        "/ankle test 1e308",
        &format!("/ankle test {digits}"),
        "/ankle test \"",
        "/ankle test 9cm on:tomorrow",
        "/ankle test 9cm on:2027-01-01",
        "/ankle test 9cm on:2025-01-01",
        "/ankle test 9cm side:up",
        "/ankle test 9cm left side:right",
        "/ankle test 9cm state:hot",
        "/ankle test 9 9 9 9",
        "/ankle test left 9 10 right",
        "/ankle test left",
        "/ankle tset 9cm",
        "/ankle 9cm",
        "/ankle frobnicate",
        "/ankle history now",
        "/ankle undo x",
        "/ankle me frobnicate",
        "/ankle me settings zone:Berln",
        "/ankle me settings zone:xyzzy",
        "/ankle me settings language:klingon",
        "/ankle me settings unit:furlong",
        "/ankle me settings day-start:13:00",
        "/ankle me settings age:200",
        "/ankle help xyzzy",
        "/ankle test 9cm on:today on:yesterday",
        "/ankle export pdf",
        "/ankle test 9cm 🦶",
    ] {
        let shown: String = line.chars().take(60).collect();
        lines.push(format!("> {shown}\n{}\n", talk.say(line).await));
    }
    insta::assert_snapshot!(lines.join("\n"));
    assert!(talk.say("history").await.contains("No tests yet"));
}

#[tokio::test]
async fn each_odd_form_of_the_documents_does_what_they_say() {
    let talk = Talk::new().await;
    talk.say("me settings unit:cm").await;
    for (line, first) in [
        ("test 3 1/2\"", "3.5 in (8.9 cm) · about 32.0°"),
        (
            "test left 3 1/2\" right 4\"",
            "Left 3.5 in (8.9 cm) ≈ 32.0° · Right 4.0 in (10.2 cm) ≈ 36.6°",
        ),
        ("test ９ｃｍ left warm", "Left 9.0 cm ≈ 32.4°"),
        ("test \"9cm\" —on:yesterday left", "Left 9.0 cm ≈ 32.4°"),
        ("test on:\"2 days ago\" 9cm left", "Left 9.0 cm ≈ 32.4°"),
        (
            "test --on 2026-11-20 --state=warm 9cm right",
            "Right 9.0 cm ≈ 32.4°",
        ),
        (
            "test side: both on: fri 9cm",
            "Left 9.0 cm ≈ 32.4° · Right 9.0 cm ≈ 32.4°",
        ),
        (
            "/Ankle TEST 9CM LINKS",
            "Left 9.0 cm ≈ 32.4° · Right 10.2 cm ≈ 36.6°",
        ),
        ("L9 9.4 9.2 R10,5 warm", "I don't know"),
        (
            "test L9 9.4 9.2 R10,5 warm",
            "Left 9.2 cm ≈ 33.1° · Right 10.5 cm ≈ 37.8°",
        ),
    ] {
        let answer = talk.say(line).await;
        assert!(answer.starts_with(first), "{line}\n{answer}");
    }
}

#[tokio::test]
async fn somebody_elses_button_and_entry_are_out_of_reach() {
    let mut talk = Talk::new().await;
    talk.say("test 9cm").await;
    talk.who = "Jonas";
    insta::assert_snapshot!(talk.press("Left").await, @"That's somebody else's button. Log yours: /ankle test 9cm");
    insta::assert_snapshot!(talk.say("undo 1").await, @"You have no test #1. /ankle history shows yours. Nothing was changed.");
    insta::assert_snapshot!(talk.say("edit 1 left").await, @"You have no test #1. /ankle history shows yours. Nothing was changed.");
    for forged in ["", "x", "-|", "-|rm -rf", "zzz|undo", "1|share 1"] {
        let answer = talk.press_wire(forged).await;
        assert!(answer.starts_with("That"), "{forged}: {answer}");
    }
}

#[tokio::test]
async fn a_button_below_an_answer_is_too_old_after_a_day() {
    let talk = Talk::new().await;
    talk.say("test 9cm").await;
    let [left, more] = [1, 5].map(|number| talk.wire(number));
    talk.clock.advance(SignedDuration::from_hours(24));
    assert!(!talk.press_wire(&left).await.contains("too old"));
    talk.say("test 9cm").await;
    let right = talk.wire(2);
    talk.clock
        .advance(SignedDuration::from_hours(24) + SignedDuration::from_secs(1));
    for wire in [right, more, "-|club settings zone:Berlin".to_owned()] {
        let refused = talk.press_wire(wire).await;
        assert_eq!(
            refused,
            "That button is too old. Type it instead: /ankle help"
        );
    }
    assert!(!talk.say("history").await.contains("R 9.0"));
}

#[tokio::test]
async fn what_says_itself_when_it_is_over_may_be_pressed_after_days() {
    let mut talk = Talk::new().await;
    talk.organiser = true;
    talk.say("remind set 07:00 zone:Berlin").await;
    talk.days(2);
    for line in [
        "care fixed 1",
        "care weekly 1",
        "care keep 1",
        "care pause 1",
        "done raise on:2026-11-26 post:7",
    ] {
        let answer = talk.press_wire(format!("-|{line}")).await;
        assert!(!answer.contains("too old"), "{line}: {answer}");
    }
}

#[tokio::test]
async fn a_press_that_does_nothing_is_counted_by_its_reason() {
    let mut talk = Talk::new().await;
    talk.say("test 9cm").await;
    talk.who = "Jonas";
    talk.press("Left").await;
    for wire in [
        "-|rm -rf",
        "x",
        "-|done raise on:2026-11-22 post:7",
        "-|done raise on:2026-11-24 post:7",
    ] {
        talk.press_wire(wire).await;
    }
    talk.say("done nonsense").await;
    let refused = talk.bot.requests().refused_presses();
    let refused = refused.map(|(why, n)| (why.word(), n));
    assert_eq!(refused, [("foreign", 1), ("old", 2), ("over", 1)]);
}

#[tokio::test]
async fn a_menu_that_is_older_than_the_commands_is_told_so() {
    let talk = Talk::new().await;
    let named = async |path: &[&str], values: &[(&str, &str)]| {
        let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        let said = Said::Named {
            path: path.iter().map(|word| (*word).to_owned()).collect(),
            values: values.iter().map(own).collect(),
        };
        talk.send(&talk.request(said)).await
    };
    let old =
        "This command has changed. Type /ankle again; it may take a minute. Nothing was saved.";
    assert_eq!(named(&["stretch"], &[]).await, old);
    assert_eq!(named(&["me"], &[]).await, old);
    assert_eq!(named(&[], &[]).await, old);
    let unknown = [("distance", "9cm"), ("shoe", "left")];
    assert_eq!(
        named(&["test"], &unknown).await,
        old,
        "no option is passed over in silence"
    );
    assert!(
        named(&["test"], &[("distance", "9cm left")])
            .await
            .starts_with("Left 9.0 cm")
    );
}

#[test]
fn a_form_asks_for_what_is_missing_and_keeps_what_was_given() {
    let said = |values: &[(&str, &str)]| Said::Named {
        path: vec!["test".to_owned()],
        values: values
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect(),
    };
    let lacks = |values| Command::lacks(&said(values));
    let asked = |line: &str| Some((line.to_owned(), "distance".to_owned()));
    assert_eq!(lacks(&[]), asked("test"));
    assert_eq!(lacks(&[("on", "yesterday")]), asked("test on:yesterday"));
    assert_eq!(lacks(&[("on", "24 nov")]), asked("test on:\"24 nov\""));
    assert_eq!(lacks(&[("distance", "9cm")]), None);
}
