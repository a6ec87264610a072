//! Telegram's rooms and what is said in them on purpose: hostile names and texts, and everything that a
//! room ever hears, read for what is private.

use ankle_core::face::Clock;
use ankle_fakes::telegram::{Chat, Person, Shown};
use jiff::SignedDuration;

use crate::rooms::{club_with_mia, pressed, stage};
use crate::stage::OnTelegram;

// Names and texts.

#[tokio::test]
async fn a_hostile_name_comes_out_as_that_name_and_pings_nobody() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let emoji = "🦶".repeat(60);
    for name in [
        "<b>_*[x](y)@everyone",
        "@all_members",
        "https://evil.example/x",
        "evil.example",
        "/ankle forget",
        "#tag $USD mail@evil.example",
        "\u{202e}reversed",
        "שלום",
        emoji.as_str(),
    ] {
        let mia = stage.tg.user(name).speaking("en");
        club.join(&mia);
        mia.says(&club, "/ankle test 9cm left").await;
        let room = stage.latest(&club).await.unwrap();
        pressed(&stage, &mia, &room, "Share").await;
        let shared = stage.latest(&club).await.unwrap();
        let bare = shared.text.replace(['\u{2068}', '\u{2069}'], "");
        let seen = name.replace('\u{202e}', "");
        assert!(bare.starts_with(&format!("{seen} logged")), "{bare}");
        assert!(harmless(&shared), "{:?}", shared.entities);
    }
    stage.ends_well().await;
}

#[tokio::test]
async fn a_hostile_line_comes_out_as_text_and_pings_nobody() {
    let (stage, club, mia) = club_with_mia().await;
    for text in [
        "<b>_*[x](y)@everyone".to_owned(),
        "@mia_runs".to_owned(),
        "https://evil.example/x".to_owned(),
        "on:@everyone 9cm".to_owned(),
        "9cm /forget".to_owned(),
        "\u{202e}cm9".to_owned(),
        "🦶".repeat(200),
        "9 ".repeat(2_000),
        "x".repeat(4_084),
    ] {
        mia.says(&club, &format!("/ankle test {text}")).await;
        let room = stage.latest(&club).await.unwrap();
        assert!(room.text.contains("Nothing was saved"), "{}", room.text);
        assert!(room.text.chars().count() <= 350, "{}", room.text);
        assert!(harmless(&room), "{} {:?}", room.text, room.entities);
    }
    assert_eq!(stage.tests().await, 0);
    stage.ends_well().await;
}

/// Whether nothing in a message leads anywhere, runs anything or calls anybody.
fn harmless(shown: &Shown) -> bool {
    let leads = [
        "mention",
        "text_mention",
        "url",
        "text_link",
        "bot_command",
        "hashtag",
        "cashtag",
        "email",
    ];
    !shown
        .entities
        .iter()
        .any(|entity| leads.contains(&entity.kind.as_str()))
}

// All that a room ever hears.

/// What is typed on a busy day.
const BUSY: &[&str] = &[
    "/ankle test 6cm left sharp pain heel",
    "/ankle test 9cm",
    "/ankle test 3",
    "/ankle test 18.5cm right",
    "/ankle test left 7 right 12.5",
    "/ankle test 9 10",
    "/ankle test warm 10cm left",
    "/ankle test nine",
    "/ankle test 9cm on:yesterday",
    "/ankle edit 1 9.5",
    "/ankle history",
    "/ankle me",
    "/ankle me settings zone:Vienna age:60+",
    "/ankle export",
    "/ankle undo",
    "/ankle doctor",
    "/ankle help test",
    "/ankle tset 9",
    "/ankle done both",
    "/ankle done raise sets:3",
    "/ankle history check-ins",
    "/ankle streak",
    "/ankle nudge 19:00",
    "/ankle nudge show",
    "/ankle me pause until:2027-01-31",
    "/ankle me resume",
    "/ankle leaderboard",
    "/ankle leaderboard tests",
    "/ankle leaderboard progress",
    "/ankle challenge list",
    "/ankle challenge join",
    "/ankle challenge show",
    "/ankle challenge show show:mine",
    "/ankle challenge leave",
    "/ankle me leave",
];

/// Words of what a room never hears.
const PRIVATE: &[&str] = &[
    // Bands, advice, comparisons.
    "range",
    "reach,",
    "shorter",
    "limited",
    "short ",
    "healthy",
    "line:",
    "circles",
    "bounds",
    "stretch",
    "baseline",
    "Retest",
    "measurement",
    "gain",
    "Steady",
    "steady",
    "Lower",
    "clinician",
    "physio",
    "Unusually",
    "unlikely",
    "unconfirmed",
    // Pain.
    "pain",
    "hurt",
    "Hurt",
    "Thanks for saying",
    // History, settings, what is known of somebody.
    "newest first",
    " Nov",
    "Since",
    "· #",
    "Age",
    "Unit",
    "Vienna",
    "Taken back",
    "tests ·",
    "deletes",
    "entries",
];

#[tokio::test]
async fn a_room_never_hears_what_is_private_however_busy_it_is() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends").without_bot();
    let (mia, ana) = (stage.friend("Mia").await, stage.friend("Ana").await);
    let (tom, boss) = (
        stage.tg.user("Tom").speaking("en"),
        stage.tg.user("Boss").speaking("en"),
    );
    for person in [&mia, &ana, &tom, &boss] {
        club.join(person);
    }
    club.promote(&boss);
    boss.adds_bot(&club);
    let welcome = stage.latest(&club).await.unwrap();
    pressed(&stage, &boss, &welcome, "London").await;
    boss.says(&club, "/ankle remind set 07:00").await;
    let challenge =
        "/ankle challenge create Raises exercise:calf-raise from:tomorrow for:60d goal:450";
    boss.says(&club, challenge).await;
    stage.tg.settled().await;
    club.skip_unread();
    let posts = stage.posts();
    // Mia's and Ana's private chats are open, Tom's is not, and he has a bad day.
    for line in BUSY {
        for person in [&mia, &ana, &tom] {
            let said = person.says(&club, line).await;
            stage.tg.settled().await;
            for answer in club.unread() {
                if !is_for_all(&answer.text) {
                    press_all(&stage, &boss, &answer).await;
                }
                press_all(&stage, person, &answer).await;
                // Taken back last, and only by whose it is.
                undo(&stage, person, &answer).await;
            }
            club.skip_unread();
            if line.contains("test 9cm") {
                person.edits(&said, "/ankle test 12cm left").await;
                stage.tg.settled().await;
            }
        }
        let tomorrow = stage.clock.now() + SignedDuration::from_hours(24);
        posts.until(&tomorrow.to_string()).await;
        for post in club.unread() {
            for person in [&mia, &ana, &tom] {
                press_all(&stage, person, &post).await;
            }
        }
        club.skip_unread();
    }
    tom.says(&club, "/ankle forget").await;
    stage.tg.settled().await;

    // What it says of itself is no secret.
    let heard = by_bot(&club).replace(&club.bot_messages()[0].text, "");
    assert!(heard.matches("Saved: ").count() > 10, "{heard}");
    assert!(heard.matches("Noted").count() > 2, "{heard}");
    let stands = |shown: &Shown| shown.text.starts_with("Ankle minutes");
    assert!(club.bot_messages().iter().any(stands));
    for private in PRIVATE {
        assert!(!heard.contains(private), "{private:?} was heard:\n{heard}");
    }
    assert!(
        club.bot_messages()
            .iter()
            .all(|shown| shown.document.is_none())
    );
    for shown in club.bot_messages() {
        assert!(shown.text.chars().count() <= 350, "{}", shown.text);
    }
    // Nor does somebody else's press find anything out.
    let curious = boss.toasts();
    assert!(curious.len() > 30);
    for toast in curious.iter().skip(1) {
        let foreign = "That's somebody else's button. Log yours: /ankle test 9cm";
        assert!(toast.text.is_empty() || toast.text == foreign, "{toast:?}");
    }
    stage.ends_well().await;
}

/// Whether it is said to everybody in the room: a post, a board, a challenge.
fn is_for_all(text: &str) -> bool {
    [
        "Ankle minutes",
        "Check-ins ·",
        "Tests ·",
        "Raises",
        "New challenge",
        "Challenges (",
    ]
    .iter()
    .any(|beginning| text.starts_with(beginning))
}

/// Takes back what a message tells of, if it can be.
async fn undo(stage: &OnTelegram, who: &Person, shown: &Shown) {
    let now = shown.look();
    if now.labels().contains(&"Undo") {
        pressed(stage, who, &now, "Undo").await;
    }
}

/// Presses each button of a message, as long as it has it.
async fn press_all(stage: &OnTelegram, who: &Person, shown: &Shown) {
    for label in shown.labels() {
        let now = shown.look();
        let can = now
            .buttons
            .iter()
            .flatten()
            .any(|b| b.label == label && b.data.is_some());
        if can && label != "Undo" {
            pressed(stage, who, &now, label).await;
        }
    }
}

/// All that the bot ever said in a chat to one of those there, however soon it took it back.
fn by_bot(chat: &Chat) -> String {
    use ankle_fakes::telegram::What;
    let mut all = String::new();
    for event in chat.shown().iter().filter(|event| event.who == "Bot") {
        if let What::Said { text, buttons, .. } | What::Edited { text, buttons } = &event.what {
            if is_for_all(text) {
                assert!(!text.contains("cm ") && !text.contains('°'), "{text}");
                continue;
            }
            all += text;
            all += "\n";
            for button in buttons.iter().flatten() {
                all += &button.label;
                all += "\n";
            }
            all += "\n";
        }
    }
    all
}
