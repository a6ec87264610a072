use super::talk::{Talk, message};
use crate::club::Platform;
use crate::face::{Asker, Place, RoomAddress, Said};

async fn organiser() -> Talk {
    let mut talk = Talk::new().await;
    talk.organiser = true;
    talk
}

#[tokio::test]
async fn a_club_is_shown_in_one_short_card() {
    let mut talk = organiser().await;
    insta::assert_snapshot!(talk.say("club").await, @"
    What is set for this club
    Zone: not set. Organisers: /ankle club settings zone:Berlin
    Language: not set
    Home: none
    Reminders: none
    Break: none
    ");
    talk.say("club settings zone:Berlin language:en").await;
    talk.say("remind set 07:00 days:mon-fri").await;
    talk.say("remind set 18:20 days:tue,thu exercise:warmup")
        .await;
    talk.say("club home").await;
    talk.say("club break 2026-12-20..2027-01-03").await;
    insta::assert_snapshot!(talk.say("club show").await, @"
    What is set for this club
    Zone: Europe/Berlin (now 11:00)
    Language: English
    Home: this room
    Reminders: 2, next Tue 24 Nov 18:20 (Berlin)
    Break: Sun 20 Dec – Sun 3 Jan 2027
    ");
    talk.room = "kitchen";
    talk.organiser = false;
    assert!(
        talk.say("club show")
            .await
            .contains("another room of yours")
    );
}

#[tokio::test]
async fn reminders_that_went_by_the_clubs_zone_follow_it_and_no_date_is_posted_twice() {
    let talk = organiser().await;
    talk.say("club settings zone:Berlin").await;
    talk.say("remind set 07:00").await;
    talk.say("remind set 12:00 zone:Tokyo").await;
    // Today's is posted; in New York the same hour of that date is still to come.
    talk.clock.advance(jiff::SignedDuration::from_hours(20));
    let due = "2026-11-25T06:00:00Z".parse().unwrap();
    let fallen = talk.store.fall_due(due, 9).await.unwrap();
    assert_eq!((fallen.due, fallen.waiting), (2, 1));
    insta::assert_snapshot!(talk.say("club settings zone:New_York").await, @"
    What is set for this club
    Zone: America/New_York (now 01:00)
    Language: not set
    Saved.
    One reminder follows: its hour is New York time now.
    ");
    insta::assert_snapshot!(talk.say("remind list").await, @"
    Reminders in this room
    • #1 07:00 daily (New York) · Stretch and raises · next Thu 26 Nov 07:00, Fri 27 Nov 07:00, Sat 28 Nov 07:00 · one is on its way
    [More]
    ");
    let same = talk.say("club settings zone:New_York language:en").await;
    assert!(!same.contains("follow"), "{same}");
    let back = talk.say("club settings zone:Berlin").await;
    assert!(back.contains("One reminder follows"), "{back}");
}

#[tokio::test]
async fn reminders_rest_in_a_break_and_come_again_when_it_is_taken_back() {
    let talk = organiser().await;
    talk.say("club settings zone:Berlin").await;
    talk.say("remind set 07:00 days:daily").await;
    insta::assert_snapshot!(talk.say("club break").await, @"
    Break: none
    To plan one: /ankle club break 2026-08-01..2026-08-21
    ");
    insta::assert_snapshot!(talk.say("club break 2026-11-25..2026-11-30").await, @"
    Break: Wed 25 Nov – Mon 30 Nov
    Saved: reminders rest, no streak breaks. Take it back: /ankle club break none
    ");
    insta::assert_snapshot!(talk.say("remind list").await, @"
    Reminders in this room
    • #1 07:00 daily (Berlin) · Stretch and raises · next Tue 1 Dec 07:00, Wed 2 Dec 07:00, Thu 3 Dec 07:00
    ");
    insta::assert_snapshot!(talk.say("remind set 19:00 days:fri,tue").await, @"
    Saved: #2 19:00 Tue, Fri (Berlin) · Stretch and raises
    Next: Tue 24 Nov 19:00 (Berlin).
    ");
    insta::assert_snapshot!(talk.say("remind pause reminder:2 until:2026-12-01").await, @"
    Paused: #2 19:00 Tue, Fri (Berlin) · Stretch and raises
    Next: Fri 4 Dec 19:00 (Berlin).
    ");
    insta::assert_snapshot!(talk.say("remind resume reminder:2").await, @"
    On again: #2 19:00 Tue, Fri (Berlin) · Stretch and raises
    Next: Tue 24 Nov 19:00 (Berlin).
    ");
    insta::assert_snapshot!(talk.say("club break 1.12.-5.12.").await, @"
    Break: Wed 25 Nov – Sat 5 Dec
    Saved: reminders rest, no streak breaks. Take it back: /ankle club break none
    ");
    insta::assert_snapshot!(talk.say("club break 2026-12-01 to 2026-12-05").await, @"
    Break: Wed 25 Nov – Sat 5 Dec
    Saved: reminders rest, no streak breaks. Take it back: /ankle club break none
    ");
    insta::assert_snapshot!(talk.say("club break").await, @"
    Break: Wed 25 Nov – Sat 5 Dec
    Take it back: /ankle club break none
    ");
    insta::assert_snapshot!(talk.say("club break none").await, @"No break any more: reminders come again.");
    insta::assert_snapshot!(talk.say("club break none").await, @"There is no break to take back.");
    insta::assert_snapshot!(talk.say("remind list").await, @"
    Reminders in this room
    • #1 07:00 daily (Berlin) · Stretch and raises · next Wed 25 Nov 07:00, Thu 26 Nov 07:00, Fri 27 Nov 07:00
    • #2 19:00 Tue, Fri (Berlin) · Stretch and raises · next Tue 24 Nov 19:00, Fri 27 Nov 19:00, Tue 1 Dec 19:00
    ");
}

#[tokio::test]
async fn no_post_falls_due_in_a_break_and_no_streak_breaks() {
    let talk = organiser().await;
    talk.say("club settings zone:Berlin").await;
    talk.say("remind set 07:00 days:daily").await;
    let week = async || {
        for _ in 0..4 {
            talk.say("done calf-raise").await;
            talk.days(1);
        }
        talk.days(3);
    };
    week().await;
    while talk.store.fall_due(talk.bot.now(), 9).await.unwrap().due > 0 {}
    talk.say("club break today..20d").await;
    talk.days(20);
    let fallen = talk.store.fall_due(talk.bot.now(), 9).await.unwrap();
    assert_eq!((fallen.due, fallen.waiting, fallen.too_late), (0, 0, 0));
    talk.days(1);
    week().await;
    insta::assert_snapshot!(talk.say("streak").await, @"
    2 good weeks in a row · 2 of all times
    This week: 0 of 4 days for a good one
    ");
}

#[tokio::test]
async fn a_break_that_cannot_be_is_one_sentence_and_what_exists_stays() {
    let mut talk = organiser().await;
    talk.say("remind set 7 zone:Berlin").await;
    talk.say("club break 2026-12-20..2027-01-03").await;
    let before = (talk.say("club").await, talk.say("remind list").await);
    let lines = [
        "club break soon",
        "club break 2026-12-20..",
        "club break ..2026-12-20",
        "club break 2026-11-01..2026-12-01",
        "club break yesterday",
        "club break 2026-12-05..2026-12-01",
        "club break 2026-12-05..2028-12-01",
        "club break 2099-01-01",
        "club break 31.2.",
        "club break today..today..today",
    ];
    for line in lines {
        let said = talk.say(line).await;
        assert!(said.contains("Nothing was changed"), "{line}: {said}");
        let after = (talk.say("club").await, talk.say("remind list").await);
        assert_eq!(after, before, "{line}");
    }
    for day in ["2027-02-01", "2027-03-01", "2027-04-01", "2027-05-01"] {
        let said = talk.say(&format!("club break {day}")).await;
        assert!(said.contains("Saved"), "{said}");
    }
    assert!(
        talk.say("club break 2027-06-01")
            .await
            .contains("Five breaks")
    );
    let within = talk.say("club break 2027-05-01..2027-05-09").await;
    assert!(
        within.contains("Saved"),
        "a longer one is no sixth: {within}"
    );
    talk.organiser = false;
    for line in ["club break today", "club break none", "club home"] {
        assert!(talk.say(line).await.contains("Only organisers"), "{line}");
    }
    assert!(talk.say("club break").await.contains("Sun 20 Dec"));
}

#[tokio::test]
async fn here_is_here_also_where_there_is_a_home() {
    let mut talk = organiser().await;
    talk.say("club settings zone:Berlin").await;
    talk.say("club home").await;
    talk.room = "track";
    assert!(talk.say("remind set 7").await.contains("in:here"));
    let here = talk.say("remind set 18:20 in:here").await;
    assert!(
        here.contains("Saved") && !here.contains("home room"),
        "{here}"
    );
    assert!(talk.say("remind list").await.contains("18:20"));
}

#[tokio::test]
async fn a_home_is_where_reminders_come_unless_another_room_is_named() {
    let mut talk = organiser().await;
    talk.say("club settings zone:Berlin").await;
    talk.room = "kitchen";
    talk.say("remind set 6").await;
    talk.room = "mobility";
    insta::assert_snapshot!(talk.say("club home").await, @"Saved: reminders you set from now on come in this room, unless in: names another. Those you have stay where they are.");
    talk.room = "organisers";
    insta::assert_snapshot!(talk.say("remind set 7").await, @"
    Saved: #2 07:00 daily (Berlin) · Stretch and raises
    Next: Wed 25 Nov 07:00 (Berlin).
    It comes in your home room, not here: for that, add in:here.
    ");
    insta::assert_snapshot!(talk.say("remind set 8 in:#kitchen").await, @"
    Saved: #3 08:00 daily (Berlin) · Stretch and raises
    Next: Wed 25 Nov 08:00 (Berlin).
    ");
    insta::assert_snapshot!(talk.say("remind list").await, @"
    Reminders in your home room
    • #2 07:00 daily (Berlin) · Stretch and raises · next Wed 25 Nov 07:00, Thu 26 Nov 07:00, Fri 27 Nov 07:00
    ");
    insta::assert_snapshot!(talk.say("remind pause").await, @"
    Paused: #2 07:00 daily (Berlin) · Stretch and raises
    It rests until you say /ankle remind resume 2
    ");
    insta::assert_snapshot!(talk.say("remind resume").await, @"
    On again: #2 07:00 daily (Berlin) · Stretch and raises
    Next: Wed 25 Nov 07:00 (Berlin).
    ");
    insta::assert_snapshot!(talk.say("remind remove 3").await, @"Removed: #3.");
    talk.room = "kitchen";
    insta::assert_snapshot!(talk.say("remind list").await, @"
    Reminders in this room
    • #1 06:00 daily (Berlin) · Stretch and raises · next Wed 25 Nov 06:00, Thu 26 Nov 06:00, Fri 27 Nov 06:00
    ");
    talk.say("club home").await;
    talk.room = "mobility";
    assert!(talk.say("club").await.contains("another room of yours"));
    assert!(
        talk.say("remind list").await.contains("#2"),
        "what is set stays"
    );
}

#[tokio::test]
async fn who_speaks_for_a_chat_sets_its_home_and_its_breaks() {
    let talk = organiser().await;
    let say = async |line: &str| {
        let mut request = talk.request(Said::Line(line.to_owned()));
        request.asker = Asker::AnonymousOrganiser {
            platform: Platform("test"),
            locale: None,
        };
        talk.send(&request).await
    };
    insta::assert_snapshot!(say("club home").await, @"Saved: reminders you set from now on come in this room, unless in: names another. Those you have stay where they are.");
    insta::assert_snapshot!(say("club break 2026-12-20..2027-01-03").await, @"
    Break: Sun 20 Dec – Sun 3 Jan 2027
    Saved: reminders rest, no streak breaks. Take it back: /ankle club break none
    ");
    insta::assert_snapshot!(say("club").await, @"
    What is set for this club
    Zone: not set. Organisers: /ankle club settings zone:Berlin
    Language: not set
    Home: this room
    Reminders: none
    Break: Sun 20 Dec – Sun 3 Jan 2027
    ");
    let mut elsewhere = talk.request(Said::Line("club home".to_owned()));
    elsewhere.asker = Asker::AnonymousOrganiser {
        platform: Platform("test"),
        locale: None,
    };
    elsewhere.place = Place::Elsewhere;
    assert!(talk.send(&elsewhere).await.contains("That is for a club"));
    let mut other = talk.request(Said::Line("club".to_owned()));
    other.place = Place::Room(RoomAddress {
        chat: "road-friends".to_owned(),
        room: message().room + "-2",
    });
    let other = talk.send(&other).await;
    assert!(
        other.contains("Home: none") && other.contains("Break: none"),
        "{other}"
    );
}

#[tokio::test]
async fn who_speaks_for_a_chat_is_helped_sees_the_board_and_is_told_what_is_missing() {
    let mut talk = organiser().await;
    talk.say("done calf-raise").await;
    talk.anonymous = true;
    let help = talk.say("help").await;
    assert!(help.starts_with("(to all) anklebot"), "{help}");
    let topic = talk.say("help remind set").await;
    assert!(topic.contains("/ankle remind set 07:00"), "{topic}");
    let board = talk.say("leaderboard").await;
    assert!(
        board.starts_with("(to all) ") && board.contains("Mia"),
        "{board}"
    );
    insta::assert_snapshot!(talk.say("leaderboard show:mine").await, @"I can't tell who you are here, so I log nothing. Write as yourself: /ankle test 9cm");
    insta::assert_snapshot!(talk.say("/ankle test").await, @"I can't tell who you are here, so I log nothing. Write as yourself: /ankle test 9cm");
    insta::assert_snapshot!(talk.say("/ankle Remind set zone:Berlin").await, @"Something is missing there. Say it in one line: /ankle remind set 07:00 days:mon-fri zone:Berlin");
    let create = talk.say("challenge create").await;
    assert!(
        create.contains("in one line: /ankle challenge create"),
        "{create}"
    );
}

#[tokio::test]
async fn an_edited_line_of_who_speaks_for_a_chat_runs_after_a_slip_and_is_answered_in_any_case() {
    let mut talk = organiser().await;
    talk.anonymous = true;
    let slip = talk.request(Said::Line("club settings zone:Berln".to_owned()));
    talk.send(&slip).await;
    let edit = |line: &str| Said::Edited {
        line: line.to_owned(),
        original: slip.event.clone(),
        said_at: slip.at,
    };
    let saved = talk
        .send(&talk.request(edit("club settings zone:Berlin")))
        .await;
    assert!(saved.contains("Zone: Europe/Berlin"), "{saved}");
    let done = talk.request(Said::Line("remind set 07:00".to_owned()));
    let saved = talk.send(&done).await;
    assert!(saved.starts_with("Saved: #1"), "{saved}");
    let again = Said::Edited {
        line: "remind set 08:00".to_owned(),
        original: done.event.clone(),
        said_at: done.at,
    };
    insta::assert_snapshot!(talk.send(&talk.request(again)).await, @"What you said first is done, and an edit does not change it. Say the new line as a message of its own. What is set: /ankle club");
    let all = talk.say("remind list").await;
    assert!(all.contains("07:00") && !all.contains("08:00"), "{all}");
}

#[tokio::test]
async fn an_organiser_names_a_deputy_who_may_then_set_up_the_club() {
    let mut talk = organiser().await;
    talk.say("club settings zone:Berlin").await;
    talk.who = "Ana";
    talk.say("streak").await;
    talk.who = "Mia";
    insta::assert_snapshot!(talk.say("club deputy").await, @"No deputies. Name one: /ankle club deputy @ana");
    (talk.who, talk.organiser) = ("Ana", false);
    let not_yet = talk.say("remind set 7").await;
    assert!(not_yet.contains("Only organisers"), "{not_yet}");
    (talk.who, talk.organiser) = ("Mia", true);
    insta::assert_snapshot!(talk.say("club deputy @ana").await, @"
    Ana may set up this club now, and hears when something goes wrong. If /ankle-club is hidden in a menu, open it to deputies in the server's settings.
    Deputies: Ana
    ");
    insta::assert_snapshot!(talk.say("club deputy @ANA").await, @"
    Ana may set up this club now, and hears when something goes wrong. If /ankle-club is hidden in a menu, open it to deputies in the server's settings.
    Deputies: Ana
    ");
    let show = talk.say("club show").await;
    assert!(show.ends_with("Deputies: Ana"), "{show}");
    (talk.who, talk.organiser) = ("Ana", false);
    for (line, part) in [
        ("remind set 7", "Saved: #1"),
        ("club home", "Saved: reminders"),
        ("remind pause", "Paused: #1"),
        ("club deputy", "Deputies: Ana"),
        ("club deputy @ana", "Only organisers themselves"),
        ("club deputy remove @ana", "Only organisers themselves"),
    ] {
        let said = talk.say(line).await;
        assert!(said.contains(part), "{line}: {said}");
    }
    (talk.who, talk.organiser) = ("Mia", true);
    insta::assert_snapshot!(talk.say("club deputy remove <@ana>").await, @"
    Ana is no deputy any more.
    No deputies. Name one: /ankle club deputy @ana
    ");
    insta::assert_snapshot!(talk.say("club deputy remove ana").await, @"
    Ana was no deputy.
    No deputies. Name one: /ankle club deputy @ana
    ");
    (talk.who, talk.organiser) = ("Ana", false);
    assert!(talk.say("remind list").await.contains("Only organisers"));
}

#[tokio::test]
async fn what_people_call_themselves_makes_nobody_a_deputy() {
    let mut talk = organiser().await;
    talk.say("club settings zone:Berlin").await;
    // Eve calls herself Ana; her handle is her own.
    talk.who = "Eve";
    let mut request = talk.request(Said::Line("streak".to_owned()));
    let Asker::Person(eve) = &mut request.asker else {
        unreachable!()
    };
    eve.name = "@ana".to_owned();
    talk.send(&request).await;
    talk.who = "Mia";
    for hostile in [
        "@ana",
        "<@>",
        "<@!>",
        "@",
        "' or 1=1 --",
        "remove",
        "<b>x</b>",
    ] {
        let said = talk.say(&format!("club deputy {hostile}")).await;
        assert!(said.contains("Nothing was changed"), "{hostile}: {said}");
        assert_eq!(said.lines().count(), 1, "{hostile}: {said}");
    }
    assert!(talk.say("club deputy eve").await.contains("Deputies: @ana"));
}

#[tokio::test]
async fn a_handle_belongs_to_whoever_has_it_now() {
    let mut talk = organiser().await;
    let as_ana = |talk: &Talk| {
        let mut request = talk.request(Said::Line("streak".to_owned()));
        if let Asker::Person(person) = &mut request.asker {
            person.handle = Some("Ana".to_owned());
        }
        request
    };
    for who in ["Jo", "Kim"] {
        talk.who = who;
        talk.send(&as_ana(&talk)).await;
    }
    talk.who = "Mia";
    let named = talk.say("club deputy @ana").await;
    assert!(named.contains("Deputies: Kim"), "{named}");
}
