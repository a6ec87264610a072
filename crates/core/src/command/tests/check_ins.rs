use super::talk::Talk;
use crate::face::{Outcome, Said};

/// A press on a button of a post.
async fn press_post(talk: &Talk, line: &str) -> String {
    talk.press_wire(format!("-|{line}")).await
}

#[tokio::test]
async fn an_exercise_counts_once_a_day_and_sets_are_added() {
    let talk = Talk::new().await;
    insta::assert_snapshot!(talk.say("done calf-raise").await, @"
    ✓ Done, day 1! The group sees your first name on today's list. Rather not? /ankle me settings
    [Undo]
    ");
    insta::assert_snapshot!(talk.say("done calf-raise,calf-stretch").await, @"
    ✓ Stretch. 1 day this week. Slip? /ankle undo
    [Undo]
    ");
    insta::assert_snapshot!(talk.say("done raises 3x15").await, @"Already counted today ✓ (sets added)");
    insta::assert_snapshot!(talk.say("/done both").await, @"Already counted today ✓");
    insta::assert_snapshot!(talk.say("done circles on:yesterday sets:2").await, @"
    ✓ Circles for Mon 23 Nov. 2 days this week. Slip? /ankle undo
    [Undo]
    ");
    insta::assert_snapshot!(talk.say("history check-ins").await, @"
    Your check-ins, newest first
    • 24 Nov · raises ×3 #1, stretch #2
    • 23 Nov · circles ×2 #3
    ");
    insta::assert_snapshot!(talk.say("done").await, @"? Which exercise? Reply with calf-raise, calf-stretch, both, ankle-circles, bound or foam-roll.");
    insta::assert_snapshot!(talk.reply("bounds").await, @"
    ✓ Bounds. 2 days this week. Slip? /ankle undo
    [Undo]
    ");
}

#[tokio::test]
async fn days_are_counted_in_the_week_of_the_day_that_is_checked_in() {
    let talk = Talk::new().await;
    talk.say("done both").await;
    // To a Monday.
    talk.days(6);
    insta::assert_snapshot!(talk.say("done bound on:yesterday").await, @"
    ✓ Bounds for Sun 29 Nov. 2 days that week. Slip? /ankle undo
    [Undo]
    ");
    insta::assert_snapshot!(talk.say("done both").await, @"
    ✓ Stretch and raises. 1 day this week. Slip? /ankle undo
    [Undo]
    ");
}

#[tokio::test]
async fn a_slip_is_taken_back_and_put_back() {
    let talk = Talk::new().await;
    talk.say("test 9cm left").await;
    talk.say("done both").await;
    insta::assert_snapshot!(talk.say("undo").await, @"
    Taken back: Stretch, Tue 24 Nov (#2) · Raises, Tue 24 Nov (#3).
    [Put it back]
    ");
    insta::assert_snapshot!(talk.press("Put it back").await, @"Back again: Stretch, Tue 24 Nov (#2) · Raises, Tue 24 Nov (#3).");
    talk.say("undo 2").await;
    insta::assert_snapshot!(talk.say("history check-ins").await, @"
    Your check-ins, newest first
    • 24 Nov · raises #3
    ");
    talk.say("done calf-stretch").await;
    insta::assert_snapshot!(talk.say("undo 2").await, @"
    Already taken back: Stretch, Tue 24 Nov (#2).
    [Put it back]
    ");
    let back = talk.press("Put it back").await;
    assert!(back.starts_with("Back again"), "it counts already: {back}");
    talk.say("undo").await;
    talk.say("undo").await;
    assert!(
        talk.say("undo").await.contains("Left 9.0 cm"),
        "then the test"
    );
    assert!(talk.say("history check-ins").await.contains("No check-ins"));
    let mut jonas = talk;
    jonas.who = "Jonas";
    assert!(jonas.say("undo 2").await.contains("You have no test #2"));
}

#[tokio::test]
async fn a_press_on_a_post_counts_for_its_date_until_the_pressers_next_day() {
    let mut talk = Talk::new().await;
    talk.say("me settings zone:Honolulu").await;
    // In Kiritimati the 25th has begun; in Honolulu it is midnight, and days begin at three.
    let line = "done both on:2026-11-25 post:7";
    insta::assert_snapshot!(press_post(&talk, line).await, @"
    ✓ Done, day 1! The group sees your first name on today's list. Rather not? /ankle me settings
    [Undo]
    ");
    insta::assert_snapshot!(press_post(&talk, line).await, @"Already counted for Wed 25 Nov ✓");
    assert!(talk.say("history check-ins").await.contains("25 Nov"));
    talk.who = "Jonas";
    talk.say("me settings zone:Auckland").await;
    insta::assert_snapshot!(press_post(&talk, "done raise on:2026-11-23 post:7").await, @"That post's day is over. For today: /ankle done calf-raise. Nothing was saved.");
    let forged = press_post(&talk, "done raise on:2026-12-24 post:7").await;
    assert!(forged.contains("too old"), "{forged}");
    let undated = press_post(&talk, "done raise post:7").await;
    assert!(undated.contains("too old"), "{undated}");
}

#[tokio::test]
async fn what_waits_for_a_symptom_must_be_read_and_what_is_done_need_not() {
    let talk = Talk::new().await;
    let must_be_read = async || {
        let press = talk.press_of("-|done all on:2026-11-24 post:7");
        match talk.bot.answer(&talk.request(press)).await.unwrap() {
            Outcome::Say(answer) => answer.must_be_read,
            other => panic!("{other:?}"),
        }
    };
    assert!(!must_be_read().await);
    talk.say("test 6cm left hurts").await;
    assert!(must_be_read().await);
}

#[tokio::test]
async fn what_pops_up_is_short_enough_in_every_language() {
    for language in crate::club::Language::ALL {
        let mut talk = Talk::new().await;
        talk.locale = Some(language.code());
        let line = "done all on:2026-11-24 post:7";
        let first = press_post(&talk, line).await;
        talk.say("undo").await;
        let later = press_post(&talk, line).await;
        let again = press_post(&talk, line).await;
        talk.who = "Jonas";
        talk.say("test 6cm left sharp pain heel").await;
        let held = press_post(&talk, line).await;
        for (toast, most) in [(first, 120), (later, 120), (again, 120), (held, 200)] {
            // A pop-up has no buttons.
            let toast = toast.split("\n[").next().unwrap_or_default();
            assert!(toast.chars().count() <= most, "{toast}");
        }
    }
}

#[tokio::test]
async fn with_pain_only_circles_count_and_the_rest_waits() {
    let talk = Talk::new().await;
    talk.say("done calf-stretch").await;
    talk.say("test 6cm left sharp pain heel").await;
    insta::assert_snapshot!(talk.say("done raises and circles").await, @"
    ✓ Circles counted. Raises: not before Thu 26 Nov, as you told me of pain on Tue 24 Nov.
    [Undo]
    ");
    insta::assert_snapshot!(talk.say("done bound").await, @"Not counted. Bounds: not before Thu 26 Nov, as you told me of pain on Tue 24 Nov.");
    insta::assert_snapshot!(talk.say("done raises on:yesterday").await, @"
    ✓ Raises for Mon 23 Nov. 2 days this week. Slip? /ankle undo
    [Undo]
    ");
    insta::assert_snapshot!(talk.say("history check-ins").await, @"
    Your check-ins, newest first
    • 24 Nov · stretch #1, circles #3
    • 23 Nov · raises #4
    ");
    talk.days(3);
    assert!(talk.say("done bound").await.contains("✓ Bounds."));
}

#[tokio::test]
async fn a_streak_is_good_weeks_in_a_row_and_a_pause_breaks_none() {
    let talk = Talk::new().await;
    insta::assert_snapshot!(talk.say("streak").await, @"No streak yet: four days in a week make a good one. /ankle done calf-raise");
    for _ in 0..4 {
        talk.say("done calf-raise").await;
        talk.days(1);
    }
    insta::assert_snapshot!(talk.say("streak").await, @"
    1 good week in a row · 1 of all times
    This week: 4 days, a good one ✓
    ");
    talk.days(3);
    insta::assert_snapshot!(talk.say("streak").await, @"
    1 good week in a row · 1 of all times
    This week: 0 of 4 days for a good one
    ");
    insta::assert_snapshot!(talk.say("me pause until:2026-12-13").await, @"Paused until Sun 13 Dec, that day included: no reminders for you, and your streak waits. Sooner: /ankle me resume");
    insta::assert_snapshot!(talk.say("streak").await, @"
    1 good week in a row · 1 of all times
    This week: 0 of 4 days for a good one
    Rest until Mon 14 Dec: nothing breaks meanwhile.
    ");
    talk.days(14);
    insta::assert_snapshot!(talk.say("streak").await, @"
    1 good week in a row · 1 of all times
    This week: 0 of 4 days for a good one
    ");
    talk.days(7);
    insta::assert_snapshot!(talk.say("streak").await, @"
    New week. 1 good week so far.
    This week: 0 of 4 days for a good one
    ");
    talk.say("me settings streak:days").await;
    insta::assert_snapshot!(talk.say("streak").await, @"
    New start. 4 days so far.
    This week: 0 of 4 days for a good one
    ");
    insta::assert_snapshot!(talk.say("me pause on:yesterday").await, @"Mon 21 Dec is frozen: a day of rest breaks no streak, and adds nothing to it.");
    insta::assert_snapshot!(talk.say("me pause").await, @"Paused: no reminders for you, and your streak waits. Back again: /ankle me resume");
    insta::assert_snapshot!(talk.say("me resume").await, @"Welcome back. Your streak goes on where it was.");
    insta::assert_snapshot!(talk.say("me resume").await, @"You had no pause. A break? /ankle me pause until:2026-12-10");
}

#[tokio::test]
async fn complaint_30_a_frozen_day_is_found_in_the_help_keeps_a_streak_and_counts_for_nothing() {
    let talk = Talk::new().await;
    talk.say("me settings streak:days").await;
    talk.say("done both").await;
    talk.days(2);
    insta::assert_snapshot!(talk.say("help me pause").await, @"
    /ankle me pause: Rest: freeze a day, or pause for longer
    • until: The last day: fri, 2w, 2026-12-10
    • on: One day to freeze: today, yesterday
    Example: /ankle me pause until:2026-12-10
    ");
    insta::assert_snapshot!(talk.say("me freeze on:yesterday").await, @"Wed 25 Nov is frozen: a day of rest breaks no streak, and adds nothing to it.");
    talk.say("done both").await;
    insta::assert_snapshot!(talk.say("streak").await, @"
    2 days in a row · 2 of all times
    This week: 2 of 4 days for a good one
    ");
    // Of two days that are missed one frozen day saves nothing.
    talk.days(3);
    talk.say("me pause on:yesterday").await;
    talk.say("done both").await;
    insta::assert_snapshot!(talk.say("streak").await, @"
    1 day in a row · 3 of all times
    This week: 3 of 4 days for a good one
    ");
}

#[tokio::test]
async fn complaint_28_half_past_midnight_belongs_to_yesterday() {
    let talk = Talk::new().await;
    talk.say("me settings zone:Berlin").await;
    talk.clock
        .advance(jiff::SignedDuration::from_mins(13 * 60 + 30));
    talk.say("done calf-raise").await;
    insta::assert_snapshot!(talk.say("history check-ins").await, @"
    Your check-ins, newest first
    • 24 Nov · raises #1
    ");
}

#[tokio::test]
async fn what_cannot_be_checked_in_is_refused_in_one_sentence() {
    let talk = Talk::new().await;
    for line in [
        "done pushups",
        "done raise on:2020-01-01",
        "done raise on:tomorrow",
        "done raise sets:0",
        "done raise sets:many",
        "me pause until:yesterday",
        "me pause until:2030-01-01",
        "me pause on:yesterday until:fri",
    ] {
        let said = talk.say(line).await;
        assert!(said.contains("Nothing was"), "{line}: {said}");
    }
    assert!(talk.say("history check-ins").await.contains("No check-ins"));
}

#[tokio::test]
async fn check_ins_are_exported_and_forgotten() {
    let talk = Talk::new().await;
    talk.say("done calf-raise sets:3").await;
    talk.say("me pause").await;
    let request = talk.request(Said::Line("export".to_owned()));
    let crate::face::Outcome::Say(answer) = talk.bot.answer(&request).await.unwrap() else {
        panic!("an export is an answer");
    };
    let [json, csv] = answer.card.files.as_slice() else {
        panic!("two files");
    };
    assert!(json.content.contains("\"exercise\": \"calf-raise\""));
    assert!(
        csv.content.contains("done,,,,,,,,calf-raise,3,live"),
        "{}",
        csv.content
    );
    talk.say("forget confirm:yes").await;
    assert!(talk.say("history check-ins").await.contains("No check-ins"));
    assert!(talk.say("done calf-raise").await.contains("day 1"));
}
