use super::talk::Talk;
use crate::club::Platform;
use crate::command::Menu;
use crate::face::{AccountAddress, Asker, Person, Said};

const CREATE: &str =
    r#"challenge create "30 days of calf raises" exercise:calf-raise from:mon for:30d goal:450"#;

async fn organiser() -> Talk {
    let mut talk = Talk::new().await;
    talk.organiser = true;
    talk.say("club settings zone:Berlin language:en").await;
    talk
}

async fn press_as(talk: &mut Talk, who: &'static str, number: usize) -> String {
    let wire = talk.wire(number);
    talk.who = who;
    talk.press_wire(wire).await
}

#[tokio::test]
async fn the_buttons_of_a_challenge_outlive_a_day() {
    let mut talk = organiser().await;
    talk.say(CREATE).await;
    talk.days(3);
    let joined = press_as(&mut talk, "Ana", 1).await;
    assert!(joined.starts_with("You're in"), "{joined}");
}

#[tokio::test]
async fn complaint_34_a_challenge_is_created_joined_and_shown_with_its_bar_and_each_ones_days() {
    let mut talk = organiser().await;
    insta::assert_snapshot!(talk.say(CREATE).await, @"
    (to all) New challenge: 30 days of calf raises
    Mon 30 Nov – Tue 29 Dec (Berlin), 30 days
    Counts once a day: raises
    ░░░░░░░░░░ 0 of 450 days together
    Nobody is in yet: press below, or /ankle challenge join 1
    [Join] [My days] [Leave]
    ");
    insta::assert_snapshot!(press_as(&mut talk, "Jonas", 1).await, @"You're in: 30 days of calf raises. Days count from Mon 30 Nov on.");
    talk.organiser = false;
    talk.say("challenge show").await;
    press_as(&mut talk, "Ana", 1).await;
    insta::assert_snapshot!(talk.say("challenge join").await, @"You're in already: 30 days of calf raises.");
    talk.days(6);
    for (who, days) in [("Ana", 3), ("Jonas", 3), ("Li", 1)] {
        talk.who = who;
        talk.say("challenge join calf raises").await;
        talk.say("challenge join 30 days of calf-raises").await;
        for day in ["raise,stretch", "raise on:yesterday", "raise on:2026-11-28"]
            .iter()
            .take(days)
        {
            talk.say(&format!("done {day}")).await;
        }
        talk.say("done bound").await;
    }
    insta::assert_snapshot!(talk.say("challenge").await, @"
    (to all) 30 days of calf raises
    Mon 30 Nov – Tue 29 Dec (Berlin), day 1 of 30
    Counts once a day: raises
    ░░░░░░░░░░ 3 of 450 days together
    1  Jonas 1, Ana 1, Li 1
    3 people are in.
    Ranked by showing up, not by centimetres.
    [Join] [My days] [Leave]
    ");
    insta::assert_snapshot!(press_as(&mut talk, "Li", 2).await, @"30 days of calf raises: 1 day of yours. You are number 1, of 3.");
    insta::assert_snapshot!(talk.say("challenge leave").await, @"You're out: 30 days of calf raises. Your check-ins stay yours.");
    insta::assert_snapshot!(talk.say("challenge list").await, @"
    (to all) Challenges (Berlin)
    • #1 30 days of calf raises · 30 Nov – 29 Dec · 2 of 450
    [Join #1]
    ");
}

#[tokio::test]
async fn one_of_the_ready_made_starts_with_a_press_on_the_next_monday_there() {
    let mut talk = organiser().await;
    // Two in the morning of Monday the 30th in Auckland: with days from three on, still Sunday.
    talk.say("club settings zone:Auckland").await;
    talk.say("done raise").await;
    talk.clock
        .advance(jiff::SignedDuration::from_hours(5 * 24 + 3));
    insta::assert_snapshot!(talk.say("challenge list").await, @r#"
    (to all) No challenge here yet.
    Start one with a press, from Monday on, or your own: /ankle challenge create "Raise June" for:30d goal:450
    [Raises · 30d] [Stretch · 30d] [Stretch and raises · 28d] [Circles and bounds · 14d] [Foam roll · 14d]
    "#);
    insta::assert_snapshot!(talk.press("Stretch · 30d").await, @"
    (to all) New challenge: 30 days of calf stretches
    Mon 30 Nov – Tue 29 Dec (Auckland), 30 days
    Counts once a day: stretch
    ░░░░░░░░░░ 0 of 50 days together
    Nobody is in yet: press below, or /ankle challenge join 1
    [Join] [My days] [Leave]
    ");
    insta::assert_snapshot!(talk.say("challenge create").await, @r#"
    ? What is it called? Reply with "30 days of calf raises" exercise:calf-raise for:30d goal:450, or start one with a press.
    [Raises · 30d] [Stretch · 30d] [Stretch and raises · 28d] [Circles and bounds · 14d] [Foam roll · 14d]
    "#);
    insta::assert_snapshot!(talk.press("Raises · 30d").await, @"
    (to all) New challenge: 30 days of calf raises
    Mon 30 Nov – Tue 29 Dec (Auckland), 30 days
    Counts once a day: raises
    ░░░░░░░░░░ 0 of 50 days together
    Nobody is in yet: press below, or /ankle challenge join 2
    [Join] [My days] [Leave]
    ");
    talk.who = "Mia";
    assert!(
        talk.say("challenge create raises-30 for:9d")
            .await
            .contains("is on already")
    );
    let own = talk
        .say("challenge create roll-14 for:9d goal:30 exercise:bound from:today")
        .await;
    assert!(
        own.contains("day 1 of 9") && own.contains("0 of 30") && own.contains("bounds"),
        "{own}"
    );
}

#[tokio::test]
async fn what_cannot_be_is_one_sentence_and_what_exists_stays() {
    let mut talk = organiser().await;
    talk.say(CREATE).await;
    talk.say("challenge join").await;
    let before = (
        talk.say("challenge show").await,
        talk.say("challenge list").await,
    );
    let long = format!("challenge create {} goal:5", "a".repeat(41));
    let lines = [
        CREATE,
        "challenge create \"30 DAYS of calf-raises\" goal:5",
        "challenge create x goal:5 from:yesterday",
        "challenge create x goal:5 from:2026-11-23",
        "challenge create x goal:5 from:2028-11-23",
        "challenge create x goal:5 from:someday",
        "challenge create x goal:5 for:0d",
        "challenge create x goal:5 for:0",
        "challenge create x goal:5 for:-3d",
        "challenge create x goal:5 for:367d",
        "challenge create x goal:5 for:9999w",
        "challenge create x goal:5 for:ever",
        "challenge create x goal:0",
        "challenge create x goal:-450",
        "challenge create x goal:99999999999999999999",
        "challenge create x goal:some",
        "challenge create x",
        "challenge create x goal:5 exercise:pushups",
        "challenge create \"@everyone raise\" goal:5",
        "challenge create \"<b>raise</b>\" goal:5",
        "challenge create \"see https://x.y\" goal:5",
        "challenge create ??? goal:5",
        long.as_str(),
        "challenge join 7",
        "challenge join nothing",
        "challenge leave 7",
        "challenge show 99999999999",
        "challenge cancel 7",
        "challenge name yes",
        "challenge name yes challenge:7",
    ];
    for line in lines {
        let said = talk.say(line).await;
        assert!(said.contains("Nothing was changed"), "{line}: {said}");
        let after = (
            talk.say("challenge show").await,
            talk.say("challenge list").await,
        );
        assert_eq!(after, before, "{line}");
    }
    for title in ["two", "three"] {
        talk.say(&format!("challenge create {title} goal:5")).await;
    }
    assert!(
        talk.say("challenge create four goal:5")
            .await
            .contains("Three challenges")
    );
    for line in ["show", "join", "leave", "cancel"] {
        let said = talk.say(&format!("challenge {line}")).await;
        assert!(said.contains("Several are on"), "{line}: {said}");
    }
    talk.organiser = false;
    for line in ["challenge create x goal:5", "challenge cancel two"] {
        assert!(talk.say(line).await.contains("Only organisers"), "{line}");
    }
    talk.organiser = true;
    insta::assert_snapshot!(talk.say("challenge cancel two").await, @"(to all) Called off: two. What you checked in stays.");
    assert!(
        talk.say("challenge join two")
            .await
            .contains("I find no such challenge")
    );
}

#[tokio::test]
async fn nobody_joins_after_the_end_and_the_results_stay() {
    let mut talk = organiser().await;
    talk.say("challenge create \"Two days\" exercise:calf-raise for:2d goal:4")
        .await;
    talk.say("challenge join").await;
    talk.say("done raise").await;
    talk.days(2);
    talk.who = "Jonas";
    insta::assert_snapshot!(talk.say("challenge join").await, @"That challenge is over, and its results stay: /ankle challenge show 1. Nothing was changed.");
    talk.who = "Mia";
    // Until noon there, back-dated days count.
    talk.say("done raise on:yesterday").await;
    talk.clock.advance(jiff::SignedDuration::from_hours(1));
    talk.store
        .challenges_fall_due(talk.bot.now(), 9)
        .await
        .unwrap();
    talk.say("done raise").await;
    insta::assert_snapshot!(talk.say("challenge show 1").await, @"
    (to all) Results: Two days
    Tue 24 Nov – Wed 25 Nov (Berlin), 2 days
    █████░░░░░ 2 of 4 days together
    1  Mia 2
    1 person took part. Thanks for showing up.
    Ranked by showing up, not by centimetres.
    [My days]
    ");
    for line in ["join", "leave", "cancel", "name yes"] {
        let said = talk.say(&format!("challenge {line} challenge:1")).await;
        assert!(said.contains("That challenge is over"), "{line}: {said}");
    }
    talk.say("challenge create \"Two days\" for:2d goal:4")
        .await;
    assert!(
        talk.say("challenge show").await.contains("day 1 of 2"),
        "the one that is on"
    );
    let kept = talk.say("challenge show 1").await;
    assert!(
        kept.contains("Results: Two days") && kept.contains("Mia 2"),
        "{kept}"
    );
}

#[tokio::test]
async fn who_is_private_counts_in_the_total_and_learns_his_days_alone() {
    let mut talk = organiser().await;
    talk.say("challenge create Raise exercise:calf-raise goal:4")
        .await;
    for who in ["Mia", "Jonas"] {
        talk.who = who;
        talk.say("challenge join").await;
        talk.say("done raise").await;
    }
    talk.say("done raise on:yesterday").await;
    talk.say("me settings privacy:hidden").await;
    let shown = talk.say("challenge").await;
    assert!(
        shown.contains("2 of 4") && shown.contains("Mia 1"),
        "{shown}"
    );
    assert!(
        shown.contains("2 people are in") && !shown.contains("Jonas"),
        "{shown}"
    );
    let own = press_as(&mut talk, "Jonas", 2).await;
    assert!(own.contains("Raise: 1 day of yours"), "{own}");
}

#[tokio::test]
async fn who_speaks_for_a_chat_starts_a_challenge_and_takes_part_in_none() {
    let talk = organiser().await;
    let say = async |line: &str| {
        let mut request = talk.request(Said::Line(line.to_owned()));
        request.asker = Asker::AnonymousOrganiser {
            platform: Platform("test"),
            locale: None,
        };
        talk.send(&request).await
    };
    assert!(say(CREATE).await.contains("New challenge"));
    assert!(say("challenge").await.contains("30 days of calf raises"));
    assert!(say("challenge list").await.contains("#1"));
    let joined = say("challenge join").await;
    assert!(!joined.contains("You're in"), "{joined}");
    assert!(say("challenge cancel").await.contains("Called off"));
}

#[tokio::test]
async fn challenges_are_suggested_by_number_and_name() {
    let talk = organiser().await;
    talk.say(CREATE).await;
    talk.say("challenge create Rolling goal:4").await;
    let path = ["challenge", "join"].map(str::to_owned);
    let person = Person {
        account: AccountAddress {
            platform: Platform("test"),
            external: "mia".to_owned(),
        },
        name: "Mia".to_owned(),
        locale: None,
        rights: None,
        handle: None,
    };
    let suggested = async |typed: &str| {
        let all = talk.bot.suggest(&person, &path, "challenge", typed).await;
        let all = all.unwrap().into_iter();
        all.map(|one| format!("{} = {}", one.label, one.value))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        suggested("").await,
        ["#2 Rolling = 2", "#1 30 days of calf raises = 1"]
    );
    assert_eq!(suggested("calf").await, ["#1 30 days of calf raises = 1"]);
    assert_eq!(suggested("#2").await, ["#2 Rolling = 2"]);
    assert!(suggested("\u{e000}%'").await.is_empty());
}

#[test]
fn members_and_organisers_have_each_their_part_of_the_group() {
    let names = |menu: Menu| {
        let group = menu
            .commands
            .into_iter()
            .find(|one| one.path == ["challenge"]);
        let children = group.unwrap().children.into_iter();
        children.map(|one| one.path[1].clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(Menu::of_members()), ["list", "show", "join", "leave"]);
    assert_eq!(names(Menu::of_organisers()), ["create", "cancel"]);
}
