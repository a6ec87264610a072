use super::talk::Talk;
use crate::face::{Outcome, Said};

#[tokio::test]
async fn settings_are_shown_changed_and_obeyed() {
    let talk = Talk::new().await;
    insta::assert_snapshot!(talk.say("me").await, @"
    Mia
    Zone: not set, so UTC · day from 03:00
    Unit: not set · language: English
    Age group: not set · boards: first name shown
    No tests yet · /ankle export · /ankle forget
    Change: /ankle me settings zone:Berlin
    ");
    insta::assert_snapshot!(talk.say("me settings zone:berlin unit:in language:de day-start:4 age:60+ privacy:hidden").await, @"
    Mia
    Zone: Europe/Berlin (jetzt 11:00) · Tag ab 04:00
    Einheit: in · Deutsch
    Altersgruppe: 60+ · Listen: gezählt, nicht genannt
    Kein Test · /ankle export · /ankle forget
    Gespeichert.
    ");
    talk.clock
        .advance_to("2026-11-25T02:30:00Z".parse().unwrap());
    let test = talk.say("test left 4").await;
    assert!(test.starts_with("Links 4,0 Zoll (10,2 cm)"), "{test}");
    assert!(talk.say("history").await.contains("24. Nov"));
}

#[tokio::test]
async fn forgetting_asks_first_and_then_leaves_nothing() {
    let talk = Talk::new().await;
    talk.say("test 9cm left").await;
    insta::assert_snapshot!(talk.say("forget").await, @"
    This deletes all that I know of you: one test, your check-ins, your settings, your name. It can't be undone. /ankle export first?
    [Delete everything] [Keep it]
    ");
    insta::assert_snapshot!(talk.press("Keep it").await, @"Kept as it is.");
    talk.say("forget").await;
    insta::assert_snapshot!(talk.press("Delete everything").await, @"Done: everything I knew of you is deleted.");
    insta::assert_snapshot!(talk.say("history").await, @"No tests yet. It takes two minutes: /ankle test 9cm");
    let next = talk.say("test 9cm left").await;
    assert!(next.contains("baseline"), "{next}");
    assert!(
        talk.say("history").await.ends_with("#2"),
        "an id is never used twice"
    );
}

#[tokio::test]
async fn an_export_holds_the_tests_as_json_and_csv() {
    let talk = Talk::new().await;
    talk.say("test left 3 1/2\" right 10cm warm").await;
    let outcome = talk
        .bot
        .answer(&talk.request(Said::Line("export".to_owned())))
        .await
        .unwrap();
    let Outcome::Say(answer) = outcome else {
        panic!("{outcome:?}")
    };
    let [json, csv] = answer.card.files.as_slice() else {
        panic!("{:?}", answer.card.files)
    };
    assert_eq!(
        (json.name.as_str(), csv.name.as_str()),
        ("anklebot-2026-11-24.json", "anklebot-2026-11-24.csv")
    );
    let all: serde_json::Value = serde_json::from_str(&json.content).unwrap();
    assert_eq!(all["entry"][0]["reach_dmm"], 889);
    assert_eq!(all["account"][0]["name"], "Mia");
    insta::assert_snapshot!(csv.content, @r#"
    id,day,zone,kind,side,state,cm,tries,spread_cm,typed,unit,exercise,sets,standing,logged_at
    1,2026-11-24,UTC,lunge,left,warm,8.89,1,0.00,"3 1/2""",in,,,live,2026-11-24T10:00:00Z
    2,2026-11-24,UTC,lunge,right,warm,10.00,1,0.00,10cm,cm,,,live,2026-11-24T10:00:00Z
    "#);
    assert!(talk.say("export csv").await.starts_with("2 entries"));
}

#[tokio::test]
async fn help_names_every_command_and_shows_how_a_test_is_done() {
    let talk = Talk::new().await;
    insta::assert_snapshot!(talk.say("/ankle").await);
    insta::assert_snapshot!(talk.say("/ankle help test").await);
    insta::assert_snapshot!(talk.say("/ankle help me settings").await);
}

#[tokio::test]
async fn exports_do_not_grow_by_being_asked_for() {
    let talk = Talk::new().await;
    talk.say("test 9cm left").await;
    let mut sizes = Vec::new();
    for _ in 0..4 {
        let request = talk.request(Said::Line("export json".to_owned()));
        let Outcome::Say(answer) = talk.bot.answer(&request).await.unwrap() else {
            panic!("an export is said");
        };
        sizes.push(answer.card.files[0].content.len());
    }
    assert_eq!(sizes[0], sizes[3], "{sizes:?}");
}
