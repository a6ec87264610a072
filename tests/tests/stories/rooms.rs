//! Who sees what in a room: what everybody may hear, what only its asker does, and what pops up.

use ankle_fakes::telegram::{Chat, Fault, Person, PressAnswer, Shown};

use crate::stage::{Data, OnTelegram, told};

/// The longest text that pops up.
pub const MAX_ALERT: usize = 200;

pub async fn stage() -> OnTelegram {
    OnTelegram::on(Data::sqlite().await).await
}

/// A stage with a club, somebody in it who has never written to the bot, and a stranger to both.
pub async fn club_with_mia() -> (OnTelegram, Chat, Person) {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let mia = stage.tg.user("Mia").speaking("en");
    club.join(&mia);
    (stage, club, mia)
}

/// Presses, and waits until everything that comes of it has come.
pub async fn pressed(stage: &OnTelegram, who: &Person, on: &Shown, label: &str) -> PressAnswer {
    let answer = who.presses(on, label).await.answer().await;
    stage.tg.settled().await;
    answer
}

/// An answer that pops up, within what the platform shows.
pub fn pop_up(answer: &PressAnswer) -> &str {
    assert!(answer.alert, "it does not pop up: {answer:?}");
    assert!(answer.text.encode_utf16().count() <= MAX_ALERT);
    &answer.text
}

// Answers to what is typed in a room.

#[tokio::test]
async fn with_the_private_chat_closed_a_result_says_its_numbers_and_pops_up_the_rest() {
    let (stage, club, mia) = club_with_mia().await;
    mia.says(&club, "/ankle test 9cm left").await;
    let room = stage.latest(&club).await.unwrap();
    insta::assert_snapshot!(told(&room), @"
    Saved: Left 9.0 cm ≈ 32.4°.
    [Share] [Undo] [More] [Open our private chat]
    ");
    let more = pressed(&stage, &mia, &room, "More").await;
    insta::assert_snapshot!(pop_up(&more), @"
    Your test of Tue 24 Nov
    Left 9.0 cm ≈ 32.4°
    Degrees go by the article's rule, 3.6° per cm. It is good near 8–11 cm, reads too low below 6 and too high above 14.
    In the middle range for healthy adults…
    ");
    assert!(club.unread().is_empty() && mia.dm().unread().is_empty());
    stage.ends_well().await;
}

#[tokio::test]
async fn a_closed_private_chat_is_not_tried_again_and_again() {
    let (stage, club, mia) = club_with_mia().await;
    for _ in 0..3 {
        mia.says(&club, "/ankle history").await;
        stage.latest(&club).await.unwrap();
    }
    let refused = stage.tg.call_log();
    let refused = refused.iter().filter(|call| call.code == 403);
    assert_eq!(refused.count(), 1);
    stage.ends_well().await;
}

#[tokio::test]
async fn a_refusal_goes_to_the_private_chat_or_stands_where_the_line_stood() {
    let (stage, club, mia) = club_with_mia().await;
    mia.says(&club, "/ankle test nine").await;
    let room = stage.latest(&club).await.unwrap();
    insta::assert_snapshot!(told(&room), @r#"I couldn't read "nine". Try /ankle test 9cm, or left 9 right 10.5. Nothing was saved."#);
    mia.says(&mia.dm(), "/start").await;
    stage.latest(&mia.dm()).await;
    mia.says(&club, "/ankle test nine").await;
    let private = stage.latest(&mia.dm()).await.unwrap();
    assert_eq!(private.text, room.text);
    assert!(club.unread().is_empty());
    stage.ends_well().await;
}

#[tokio::test]
async fn what_is_somebodys_own_is_only_invited_to_with_the_private_chat_closed() {
    let (stage, club, mia) = club_with_mia().await;
    mia.says(&club, "/ankle test 9cm left").await;
    stage.latest(&club).await;
    for line in [
        "/ankle history",
        "/ankle me",
        "/ankle me settings zone:Berlin",
        "/ankle export",
        "/ankle undo",
        "/ankle forget",
    ] {
        mia.says(&club, line).await;
        let room = stage.latest(&club).await.unwrap();
        assert_eq!(room.text, "I can only tell you that privately.", "{line}");
        let button = &room.buttons[0][0];
        assert_eq!(button.label, "Open our private chat");
        let link = button.url.as_deref();
        assert_eq!(link, Some("https://t.me/fake_bot?start=hello"), "{line}");
        assert!(room.document.is_none());
    }
    stage.ends_well().await;
}

#[tokio::test]
async fn an_organiser_whose_private_chat_is_closed_reads_in_the_room_what_was_saved() {
    let (stage, club, boss) = club_with_mia().await;
    club.promote(&boss);
    let ana = stage.tg.user("Ana").with_username("ana");
    club.join(&ana);
    ana.says(&club, "/ankle done stretch").await;
    stage.tg.settled().await;
    club.skip_unread();
    let mut heard = Vec::new();
    for line in [
        "/ankle club settings zone:Berlin language:de",
        "/ankle club settings language:en",
        "/ankle club home",
        "/ankle club break 2026-12-20..2027-01-03",
        "/ankle club break none",
        "/ankle club break none",
        "/ankle club deputy @ana",
        "/ankle club deputy off @ana",
        "/ankle remind set 07:00",
        "/ankle remind pause",
        "/ankle remind resume",
        "/ankle remind test",
        "/ankle remind remove",
        // Nothing was saved here.
        "/ankle club show",
    ] {
        boss.says(&club, line).await;
        stage.tg.settled().await;
        let told: Vec<_> = club.unread().iter().map(told).collect();
        club.skip_unread();
        heard.push(told.join("\n"));
    }
    insta::assert_snapshot!(heard.join("\n"), @"
    Saved. Zone: Europe/Berlin (now 11:00) · Language: Deutsch
    Saved. Language: English
    Saved: reminders you set from now on come in this room, unless in: names another. Those you have stay where they are.
    Break: Sun 20 Dec – Sun 3 Jan 2027
    Saved: reminders rest, no streak breaks. Take it back: /ankle club break none
    No break any more: reminders come again.
    There is no break to take back.
    Ana may set up this club now, and hears when something goes wrong. If /ankle-club is hidden in a menu, open it to deputies in the server's settings.
    Ana is no deputy any more.
    Saved: #1 07:00 daily (Berlin) · Stretch and raises
    Paused: #1 07:00 daily (Berlin) · Stretch and raises
    On again: #1 07:00 daily (Berlin) · Stretch and raises
    It comes into the room in a moment, marked as a test.
    Removed: #1.
    I can only tell you that privately.
    [Open our private chat]
    ");
    stage.ends_well().await;
}

#[tokio::test]
async fn whoever_cannot_be_told_alone_that_nothing_was_saved_reads_it_where_he_asked() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let tom = stage.tg.user("Tom").speaking("de");
    club.join(&tom);
    stage.data.store.close().await;
    tom.says(&club, "/ankle test 9cm left").await;
    stage.in_time(|| !club.unread().is_empty()).await;
    let room = stage.latest(&club).await.unwrap();
    insta::assert_snapshot!(told(&room), @"Nicht gespeichert: meine Datenbank ist nicht erreichbar. Bitte gleich noch einmal.");
    stage.ends_well().await;
}

#[tokio::test]
async fn a_private_chat_that_is_open_and_was_not_reached_is_not_called_closed() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let mia = stage.friend("Mia").await;
    club.join(&mia);
    let odd = || Fault::Error(400, "Bad Request: something quite new".to_owned());
    let fault = stage.tg.fault(odd()).on("sendMessage");
    fault.in_chat(mia.dm().id()).once();
    mia.says(&club, "/ankle history").await;
    let room = stage.latest(&club).await.unwrap();
    insta::assert_snapshot!(told(&room), @"I couldn't send you that privately just now. Please ask again in a minute.");
    assert_eq!(stage.counters.lost_answers(), 1);
    let fault = stage.tg.fault(odd()).on("sendMessage");
    fault.in_chat(mia.dm().id()).once();
    mia.says(&club, "/ankle test 9cm left").await;
    let room = stage.latest(&club).await.unwrap();
    insta::assert_snapshot!(told(&room), @"
    Saved: Left 9.0 cm ≈ 32.4°.
    [Share] [Undo] [More]
    ");
    // It is open, so the next answer goes there.
    mia.says(&club, "/ankle history").await;
    stage.latest(&mia.dm()).await.unwrap();
    assert!(club.unread().is_empty());
    stage.ends_well().await;
}

#[tokio::test]
async fn an_export_asked_for_in_a_room_comes_with_its_files_to_the_private_chat() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let mia = stage.friend("Mia").await;
    club.join(&mia);
    mia.says(&club, "/ankle export").await;
    stage.tg.settled().await;
    let files: Vec<_> = mia
        .dm()
        .unread()
        .into_iter()
        .filter_map(|shown| shown.document)
        .collect();
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["anklebot-2026-11-24.json", "anklebot-2026-11-24.csv"]
    );
    assert!(club.bot_messages().is_empty());
    stage.ends_well().await;
}

#[tokio::test]
async fn pain_is_never_spoken_of_in_a_room() {
    let (stage, club, mia) = club_with_mia().await;
    mia.says(&club, "/ankle test 6cm left sharp pain heel")
        .await;
    let room = stage.latest(&club).await.unwrap();
    insta::assert_snapshot!(told(&room), @"
    Saved: Left 6.0 cm ≈ 21.6°.
    [Share] [Undo] [More] [Open our private chat]
    ");
    mia.says(&mia.dm(), "/start").await;
    stage.latest(&mia.dm()).await;
    mia.says(&club, "/ankle test 6cm left hurts").await;
    let room = stage.latest(&club).await.unwrap();
    insta::assert_snapshot!(told(&room), @"
    Saved: Left 6.0 cm ≈ 21.6°.
    [Share] [Undo] [More]
    ");
    let private = stage.latest(&mia.dm()).await.unwrap();
    insta::assert_snapshot!(told(&private), @"
    Left 6.0 cm ≈ 21.6°
    Thanks for saying so. Your number is saved. Please stop testing, and see a clinician before you test again.
    [Undo]
    ");
    stage.ends_well().await;
}

#[tokio::test]
async fn an_export_that_has_to_wait_comes_whole() {
    let stage = stage().await;
    let mia = stage.friend("Mia").await;
    let wait = stage.tg.fault(Fault::TooManyRequests(7));
    wait.on("sendDocument").once();
    mia.says(&mia.dm(), "/ankle export").await;
    let files = || {
        mia.dm()
            .unread()
            .into_iter()
            .filter(|shown| shown.document.is_some())
    };
    stage.in_time(|| files().count() == 2).await;
    assert_eq!(stage.counters.lost_answers(), 0);
    stage.ends_well().await;
}

#[tokio::test]
async fn an_export_that_meets_a_server_error_comes_whole_and_no_room_hears_of_a_closed_chat() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let mia = stage.friend("Mia").await;
    club.join(&mia);
    let files = || {
        let new = mia.dm().unread().into_iter();
        new.filter(|shown| shown.document.is_some()).count()
    };
    stage
        .tg
        .fault(Fault::ServerError(502))
        .on("sendDocument")
        .once();
    mia.says(&club, "/ankle export").await;
    stage.in_time(|| files() == 2).await;
    stage.tg.settled().await;
    assert_eq!(
        (stage.counters.repeated(), stage.counters.lost_answers()),
        (1, 0)
    );
    // What fails for good is counted, and is not taken for a chat that is closed.
    mia.dm().skip_unread();
    let refused = Fault::Error(400, "Bad Request: file is too strange".to_owned());
    stage.tg.fault(refused).on("sendDocument").once();
    mia.says(&club, "/ankle export").await;
    stage.in_time(|| files() == 1).await;
    stage.tg.settled().await;
    assert_eq!(stage.counters.lost_answers(), 1);
    assert!(club.bot_messages().is_empty());
    // Whoever asked hears of it where the file should have come.
    let told = mia.dm().bot_messages().pop().unwrap();
    insta::assert_snapshot!(told.text, @"I couldn't send you anklebot-2026-11-24.json. Please ask for it again later.");
    stage.ends_well().await;
}

#[tokio::test]
async fn what_a_room_is_told_of_boards_and_challenges_makes_no_sound() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let boss = stage.friend("Boss").await;
    club.join(&boss);
    club.promote(&boss);
    club.skip_unread();
    let lines = [
        "/ankle challenge create raises-30",
        "/ankle challenge show 1",
        "/ankle leaderboard",
        "/ankle challenge cancel 1",
    ];
    for line in lines {
        boss.says(&club, line).await;
        let heard = stage.latest(&club).await.unwrap();
        assert!(heard.silent, "{line}: {}", heard.text);
    }
    // What is for him alone does.
    boss.says(&club, "/ankle test 9cm left").await;
    let result = stage.latest(&boss.dm()).await.unwrap();
    assert!(!result.silent, "{}", result.text);
    stage.ends_well().await;
}
