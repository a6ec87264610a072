use super::talk::Talk;
use crate::face::{Lack, Sight};
use crate::store::Kind;

async fn organiser() -> Talk {
    let mut talk = Talk::new().await;
    talk.organiser = true;
    talk
}

#[tokio::test]
async fn a_reminder_is_set_listed_seen_and_removed() {
    let talk = organiser().await;
    talk.say("me settings zone:Lisbon").await;
    insta::assert_snapshot!(talk.say("remind list").await, @"No reminders in this room. /ankle remind set 07:00 days:mon-fri sets one.");
    insta::assert_snapshot!(talk.say("remind set 07:00 days:mon-fri exercise:calf-raise,calf-stretch zone:Europe/Berlin board:week in:#mobility").await, @"
    Saved: #1 07:00 Mon–Fri (Berlin) · Stretch and raises
    Next: Wed 25 Nov 06:00, your time.
    ");
    insta::assert_snapshot!(talk.say("remind list").await, @"
    Reminders in this room
    • #1 07:00 Mon–Fri (Berlin) · Stretch and raises · next Wed 25 Nov 06:00, Thu 26 Nov 06:00, Fri 27 Nov 06:00 (your time)
    ");
    talk.say("done both").await;
    insta::assert_snapshot!(talk.say("remind preview").await, @"
    Ankle minutes · Tue 24 Nov
    • Calf stretch: 30 s straight, 30 s bent, each leg. 3 sets
    • Calf raises on a step: up, then 10 slow seconds down, heels below the edge. 3 × 15
    New? 1 × 8 is a fine start. Skip them with heel pain or a fresh sprain; sharp pain means stop.
    Done today: 1 · Mia
    This week: Mia 2
    ");
    insta::assert_snapshot!(talk.say("/ankle remind set \"0 7,19 * * 0\" zone:Berlin board:off exercise:warmup").await, @"
    Saved: #2 0 7,19 * * sun (Berlin) · Circles and bounds
    Next: Sun 29 Nov 06:00, your time.
    ");
    insta::assert_snapshot!(talk.say("remind pause until:2026-12-10").await, @"Which one? /ankle remind list shows their numbers: /ankle remind pause reminder:3. Nothing was changed.");
    insta::assert_snapshot!(talk.say("remind pause reminder:1 until:2026-12-10").await, @"
    Paused: #1 07:00 Mon–Fri (Berlin) · Stretch and raises
    Next: Fri 11 Dec 06:00, your time.
    ");
    insta::assert_snapshot!(talk.say("remind pause reminder:#2").await, @"
    Paused: #2 0 7,19 * * sun (Berlin) · Circles and bounds
    It rests until you say /ankle remind resume 2
    ");
    insta::assert_snapshot!(talk.say("remind list").await, @"
    Reminders in this room
    • #1 07:00 Mon–Fri (Berlin) · Stretch and raises · next Fri 11 Dec 06:00, Mon 14 Dec 06:00, Tue 15 Dec 06:00 (your time)
    • #2 0 7,19 * * sun (Berlin) · Circles and bounds · paused
    ");
    insta::assert_snapshot!(talk.say("remind resume 1").await, @"
    On again: #1 07:00 Mon–Fri (Berlin) · Stretch and raises
    Next: Wed 25 Nov 06:00, your time.
    ");
    insta::assert_snapshot!(talk.say("remind preview 2").await, @"
    Ankle minutes · Tue 24 Nov
    • Ankle circles: up on one foot's toes, 10 circles each way with the other. Both sides
    • Bounds: leap forward, other knee up, land softly, 30 s. 3 sets
    Skip it with pain or a fresh sprain; sharp pain means stop.
    Done today: 1 · Mia
    ");
    insta::assert_snapshot!(talk.say("remind remove 2").await, @"Removed: #2.");
    insta::assert_snapshot!(talk.say("remind remove 2").await, @"There is no such reminder here. /ankle remind list shows them. Nothing was changed.");
}

#[tokio::test]
async fn the_preview_of_a_weeks_first_post_tells_what_all_did_the_week_before() {
    let talk = organiser().await;
    talk.say("remind set 7 zone:Berlin").await;
    talk.say("done both").await;
    assert!(!talk.say("remind preview").await.contains("Last week"));
    // To a Monday, before its post.
    talk.days(5);
    talk.clock.advance(jiff::SignedDuration::from_hours(19));
    talk.store.fall_due(talk.bot.now(), 9).await.unwrap();
    insta::assert_snapshot!(talk.say("remind preview").await, @"
    Ankle minutes · Mon 30 Nov
    • Calf stretch: 30 s straight, 30 s bent, each leg. 3 sets
    • Calf raises on a step: up, then 10 slow seconds down, heels below the edge. 3 × 15
    New? 1 × 8 is a fine start. Skip them with heel pain or a fresh sprain; sharp pain means stop.
    Last week: 1 person, 2 check-ins together.
    ");
}

#[tokio::test]
async fn the_list_says_what_came_of_the_last_post_of_each_reminder() {
    let talk = organiser().await;
    talk.say("remind set 7 zone:Berlin").await;
    talk.say("remind set 19 zone:Berlin").await;
    talk.clock
        .advance(jiff::SignedDuration::from_hours(24 - 4 - 2));
    // It is 5 in the morning there: the post of the evening was missed for too long.
    talk.store.fall_due(talk.bot.now(), 9).await.unwrap();
    insta::assert_snapshot!(talk.say("remind list").await, @"
    Reminders in this room
    • #1 07:00 daily (Berlin) · Stretch and raises · next Wed 25 Nov 07:00, Thu 26 Nov 07:00, Fri 27 Nov 07:00
    [More]
    ");
    talk.clock.advance(jiff::SignedDuration::from_hours(2));
    talk.store.fall_due(talk.bot.now(), 9).await.unwrap();
    insta::assert_snapshot!(talk.say("remind list").await, @"
    Reminders in this room
    • #1 07:00 daily (Berlin) · Stretch and raises · next Thu 26 Nov 07:00, Fri 27 Nov 07:00, Sat 28 Nov 07:00 · one is on its way
    [More]
    ");
    talk.say("me settings language:de").await;
    insta::assert_snapshot!(talk.say("remind list").await, @"
    Erinnerungen in diesem Raum
    • #1 07:00 täglich (Berlin) · Dehnen und Wadenheben · nächste Do 26. Nov 07:00, Fr 27. Nov 07:00, Sa 28. Nov 07:00 · eine ist unterwegs
    [Mehr]
    ");
    // After a week nobody knows any more.
    talk.days(8);
    talk.store.sweep(talk.bot.now()).await.unwrap();
    let said = talk.say("remind list").await;
    assert!(!said.contains("nicht gesendet"), "{said}");
}

#[tokio::test]
async fn complaint_39_a_missing_time_is_asked_for_and_without_a_zone_nothing_is_set() {
    let talk = organiser().await;
    insta::assert_snapshot!(talk.say("remind set").await, @"? At what time? Reply with 07:00, or 7pm days:mon-fri.");
    insta::assert_snapshot!(talk.reply("7pm days:tue,thu").await, @"
    Where is that? Try /ankle remind set 07:00 zone:Berlin, or set the club's: /ankle club settings zone:Berlin. Nothing was changed.
    [London] [Berlin] [New York] [Los Angeles]
    ");
    assert!(talk.say("remind list").await.contains("No reminders"));
    talk.say("remind set 7pm days:tue,thu").await;
    insta::assert_snapshot!(talk.press("Berlin").await, @"
    Saved: #1 19:00 Tue, Thu (Berlin) · Stretch and raises
    Next: Tue 24 Nov 19:00 (Berlin).
    ");
}

#[tokio::test]
async fn a_reminder_that_is_said_or_pressed_twice_is_one() {
    let talk = organiser().await;
    talk.say("remind set 7 days:mon").await;
    let berlin = talk.wire_of("Berlin");
    for said in ["Saved: #1", "Set already: #1"] {
        let answer = talk.press_wire(berlin.clone()).await;
        assert!(answer.contains(said), "{answer}");
    }
    let others = [
        "remind set 7 days:mon,tue",
        "remind set 7 days:mon board:off",
        "remind set 7 days:mon exercise:bound",
        "remind set 7 days:mon zone:Tokyo",
    ];
    for (other, id) in others.into_iter().zip(2..) {
        let set = talk.say(other).await;
        assert!(set.contains(&format!("Saved: #{id}")), "{set}");
    }
    // Though five are there: what is set is no sixth.
    let rests = talk.say("remind pause reminder:1").await;
    assert!(rests.contains("Paused"), "{rests}");
    insta::assert_snapshot!(talk.say("remind set 07:00 days:mon").await, @"
    Set already: #1 07:00 Mon (Berlin) · Stretch and raises
    It rests until you say /ankle remind resume 1
    ");
    assert!(talk.say("remind set 8").await.contains("Five reminders"));
}

#[tokio::test]
async fn bad_input_is_one_sentence_and_what_exists_stays() {
    let mut talk = organiser().await;
    talk.say("remind set 7 zone:Berlin").await;
    let before = talk.say("remind list").await;
    let lines = [
        "remind set 7 zone:Berln",
        "remind set 25:00 zone:Berlin",
        "remind set 7 days:someday zone:Berlin",
        "remind set \"0 7 31 2 *\" zone:Berlin",
        "remind set \"* * * * *\" zone:Berlin",
        "remind set \"0 7 * * x\" zone:Berlin",
        "remind set \"0 7 * * 1\" days:mon zone:Berlin",
        "remind set 7 in:#nowhere zone:Berlin",
        "remind set 7 board:never zone:Berlin",
        "remind set 7 exercise:pushups zone:Berlin",
        "remind pause reminder:99",
        "remind pause reminder:x",
        "remind pause until:yesterday",
    ];
    for line in lines {
        let said = talk.say(line).await;
        assert!(
            said.contains("Nothing was") || said.contains("nothing"),
            "{line}: {said}"
        );
        assert_eq!(talk.say("remind list").await, before, "{line}");
    }
    for time in ["8", "9", "10", "11"] {
        assert!(
            talk.say(&format!("remind set {time} zone:Berlin"))
                .await
                .contains("Saved")
        );
    }
    assert!(
        talk.say("remind set 12 zone:Berlin")
            .await
            .contains("Five reminders")
    );
    let first = talk.say("remind list").await;
    assert!(
        first.contains("#1") && first.contains("next") && first.contains("More"),
        "{first}"
    );
    let rest = talk.say("remind list from:5").await;
    assert!(
        rest.contains("#5") && rest.contains("next") && !rest.contains("#4"),
        "{rest}"
    );
    assert!(talk.say("remind remove").await.contains("Which one?"));
    talk.organiser = false;
    for line in [
        "remind set 7 zone:Berlin",
        "remind list",
        "remind preview",
        "remind remove 1",
    ] {
        assert!(talk.say(line).await.contains("Only organisers"), "{line}");
    }
}

#[tokio::test]
async fn an_organiser_tries_a_reminder_out_and_others_do_not() {
    let talk = organiser().await;
    talk.say("remind set 7 zone:Berlin").await;
    insta::assert_snapshot!(talk.say("remind test").await, @"It comes into the room in a moment, marked as a test.");
    let tests = || async { talk.store.outbox_states(Kind::Test).await.unwrap() };
    assert_eq!(tests().await, [("waiting".to_owned(), 1)]);
}

#[tokio::test]
async fn a_press_that_counts_changes_its_post_and_one_that_does_not_leaves_it() {
    let talk = organiser().await;
    talk.say("remind set 7 zone:Berlin").await;
    talk.say("remind test").await;
    let line = "done calf-raise on:2026-11-24 post:1";
    for _ in 0..2 {
        talk.press_wire(format!("-|{line}")).await;
        let edits = talk.store.outbox_states(Kind::Edit).await.unwrap();
        assert_eq!(edits, [("waiting".to_owned(), 1)]);
    }
}

#[tokio::test]
async fn a_post_is_pressed_where_it_stands_for_its_own_date_and_is_not_typed() {
    let mut talk = organiser().await;
    talk.say("remind set 7 zone:Berlin").await;
    talk.clock.advance(jiff::SignedDuration::from_hours(24));
    talk.store
        .fall_due("2026-11-25T06:00:00Z".parse().unwrap(), 9)
        .await
        .unwrap();
    let pressed = |date: &str| format!("done raise on:{date} post:1");
    for refused in [
        talk.say(&pressed("2026-11-25")).await,
        talk.press_wire(format!("-|{}", pressed("2026-11-26")))
            .await,
    ] {
        assert!(refused.contains("too old"), "{refused}");
    }
    talk.room = "private";
    let elsewhere = talk
        .press_wire(format!("-|{}", pressed("2026-11-25")))
        .await;
    assert!(elsewhere.contains("too old"), "{elsewhere}");
    talk.room = "mobility";
    let counted = talk
        .press_wire(format!("-|{}", pressed("2026-11-25")))
        .await;
    assert!(counted.contains("Done, day 1"), "{counted}");
}

#[tokio::test]
async fn nothing_is_promised_for_a_room_in_which_nothing_can_be_posted() {
    let mut talk = organiser().await;
    talk.sight = Sight::lacking(Lack::Write);
    insta::assert_snapshot!(talk.say("remind set 7 zone:Berlin").await, @"
    I can't post there: I may not write in it. Nothing was saved.
    [Check again]
    ");
    let again = talk.press("Check again").await;
    assert!(again.contains("I may not write in it."), "{again}");
    let none = talk.say("remind list").await;
    assert!(none.contains("No reminders"), "{none}");
    let home = talk.say("club home").await;
    assert!(home.contains("I may not write in it."), "{home}");
    talk.sight = Sight::default();
    assert!(talk.press("Check again").await.contains("Saved: reminders"));
    talk.sight = Sight::lacking(Lack::TopicClosed);
    let long = "remind set 7pm days:tue,thu exercise:calf-raise,foam-roll zone:Port-au-Prince board:month in:mobility";
    insta::assert_snapshot!(talk.say(long).await, @"
    I can't post there: its topic is closed. Nothing was saved.
    [Check again]
    ");
    talk.sight = Sight::default();
    insta::assert_snapshot!(talk.press("Check again").await, @"
    Saved: #1 19:00 Tue, Thu (Port-au-Prince) · Raises and foam roll
    Next: Tue 24 Nov 19:00 (Port-au-Prince).
    ");
}

#[tokio::test]
async fn a_room_nobody_has_spoken_in_is_taken_when_it_is_found_and_can_be_posted_in() {
    let mut talk = organiser().await;
    insta::assert_snapshot!(talk.say("remind set 7 zone:Berlin in:<#77>").await, @r#"I find no room "<#77>" here that takes posts. Say it in the room you mean, without in:. Nothing was changed."#);
    let home = talk.say("club home in:77").await;
    assert!(home.contains("I find no room"), "{home}");
    talk.found = Some(Sight::lacking(Lack::Write));
    insta::assert_snapshot!(talk.say("remind set 7 zone:Berlin in:<#77>").await, @"
    I can't post there: I may not write in it. Nothing was saved.
    [Check again]
    ");
    // Until it can be posted in, nothing is noted of it: it has to be found again.
    talk.found = None;
    let again = talk.press("Check again").await;
    assert!(again.contains("I find no room"), "{again}");
    let home = talk.say("club home in:77").await;
    assert!(home.contains("I find no room"), "{home}");
    talk.found = Some(Sight {
        name: Some("#board".to_owned()),
        ..Sight::default()
    });
    insta::assert_snapshot!(talk.say("remind set 7 zone:Berlin in:<#77>").await, @"
    Saved: #1 07:00 daily (Berlin) · Stretch and raises
    Next: Wed 25 Nov 07:00 (Berlin).
    ");
    talk.found = None;
    insta::assert_snapshot!(talk.say("club home in:#board").await, @"Saved: reminders you set from now on come in that room, unless in: names another. Those you have stay where they are.");
    insta::assert_snapshot!(talk.say("remind set 8 zone:Berlin").await, @"
    Saved: #2 08:00 daily (Berlin) · Stretch and raises
    Next: Wed 25 Nov 08:00 (Berlin).
    It comes in your home room, not here: for that, add in:here.
    ");
    insta::assert_snapshot!(talk.say("club home").await, @"Saved: reminders you set from now on come in this room, unless in: names another. Those you have stay where they are.");
}

#[tokio::test]
async fn a_line_that_is_said_again_elsewhere_sees_the_room_it_names_too() {
    let mut talk = organiser().await;
    talk.found = Some(Sight::lacking(Lack::Write));
    talk.say("remind set 7 zone:Berlin in:board").await;
    talk.room = "private";
    talk.sight = Sight {
        organiser: true,
        ..Sight::default()
    };
    talk.found = Some(talk.sight.clone());
    let saved = talk.press("Check again").await;
    assert!(saved.contains("Saved: #1"), "{saved}");
}

#[tokio::test]
async fn a_line_that_is_said_again_is_whose_it_was_and_only_for_a_day() {
    let mut talk = organiser().await;
    talk.sight = Sight::lacking(Lack::Write);
    let long =
        "remind set 7 days:tue exercise:calf-raise,foam-roll zone:Berlin board:month in:mobility";
    talk.say(long).await;
    talk.sight = Sight::default();
    talk.organiser = false;
    assert!(talk.press("Check again").await.contains("Only organisers"));
    talk.organiser = true;
    talk.who = "Eve";
    assert!(talk.say("again 1").await.contains("too old"));
    talk.who = "Mia";
    talk.days(1);
    for said in ["Saved: #1", "Set already: #1"] {
        assert!(talk.say("again 1").await.contains(said), "{said}");
    }
    talk.clock.advance(jiff::SignedDuration::from_secs(1));
    assert!(talk.say("again 1").await.contains("too old"));
}

#[tokio::test]
async fn whoever_speaks_for_the_chat_sets_its_reminders_and_nobody_is_noted_for_it() {
    let mut talk = organiser().await;
    talk.anonymous = true;
    insta::assert_snapshot!(talk.say("remind set 7 zone:Berlin").await, @"
    Saved: #1 07:00 daily (Berlin) · Stretch and raises
    Next: Wed 25 Nov 07:00 (Berlin).
    ");
    let lines = [
        ("remind list", "#1 07:00 daily"),
        ("remind preview", "Ankle minutes"),
        ("remind pause", "Paused: #1"),
        ("remind resume", "On again: #1"),
        ("remind test", "in a moment"),
        ("remind remove 1", "Removed: #1"),
    ];
    for (line, part) in lines {
        let said = talk.say(line).await;
        assert!(said.contains(part), "{line}: {said}");
    }
    assert!(
        talk.say("done both")
            .await
            .contains("I can't tell who you are")
    );
}

#[tokio::test]
async fn who_cares_for_a_reminder_answers_its_notice_and_nobody_else_does() {
    let mut talk = organiser().await;
    talk.say("remind set 7 zone:Berlin days:tue,thu").await;
    talk.organiser = false;
    talk.sight = Sight::lacking(Lack::TopicClosed);
    insta::assert_snapshot!(talk.say("care fixed 1").await, @"
    I can't post there: its topic is closed. Nothing was saved.
    [Check again]
    ");
    talk.sight = Sight::default();
    insta::assert_snapshot!(talk.press("Check again").await, @"
    Thanks. I may write there again.
    Next: Thu 26 Nov 07:00 (Berlin).
    ");
    for what in ["pause", "weekly"] {
        let said = talk.say(&format!("care {what} 1")).await;
        assert!(said.contains("Only organisers"), "no longer one: {said}");
    }
    talk.sight.organiser = true;
    insta::assert_snapshot!(talk.say("care weekly 1").await, @"
    Saved: #1 07:00 Tue (Berlin) · Stretch and raises
    Next: Tue 1 Dec 07:00 (Berlin).
    ");
    insta::assert_snapshot!(talk.say("care keep 1").await, @"
    It stays as it is.
    Next: Tue 1 Dec 07:00 (Berlin).
    ");
    talk.sight = Sight::lacking(Lack::Gone);
    insta::assert_snapshot!(talk.say("care pause 1").await, @"
    Paused: #1 07:00 Tue (Berlin) · Stretch and raises
    It rests until you say /ankle remind resume 1
    ");
    talk.who = "Eve";
    for what in ["fixed", "pause", "weekly", "keep"] {
        let said = talk.say(&format!("care {what} 1")).await;
        assert!(said.contains("Only organisers"), "{what}: {said}");
        let said = talk.say(&format!("care {what} 99")).await;
        assert!(said.contains("no such reminder"), "{what}: {said}");
    }
}
