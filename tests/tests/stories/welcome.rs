//! What a group sees of the bot when it comes: the welcome, and what `doctor` says.

use jiff::SignedDuration;

use crate::rooms::{pop_up, pressed, stage};
use crate::stage::told;

// Doctor.

#[tokio::test]
async fn doctor_knows_each_state_of_a_room() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends");
    let mia = stage.friend("Mia").await;
    club.join(&mia);
    mia.says(&mia.dm(), "/ankle doctor").await;
    let private = stage.latest(&mia.dm()).await.unwrap();
    insta::assert_snapshot!(told(&private), @"
    How I fare in this room
    ✓ This is our private chat: everything reaches me.
    Add me to another group
    ");
    club.restrict_bot();
    mia.says(&club, "/ankle@fake_bot doctor").await;
    let restricted = stage.latest(&mia.dm()).await.unwrap();
    insta::assert_snapshot!(told(&restricted), @"
    How I fare in this room
    ✗ I may not write here: give me the right to send messages.
    ✗ I am no administrator. Other bots here? Make me one, without any rights.
    ✗ Privacy mode is on: a bare /ankle reaches me only if I was the last bot to write. What is picked from the menu always does.
    ✗ The club has no zone, so days go by UTC: /ankle club settings zone:Berlin
    Add me to another group
    ");
    // The room hears nothing of it in any case but one: its asker has no private chat.
    assert!(club.bot_messages().is_empty());
    stage.ends_well().await;
}

#[tokio::test]
async fn doctor_knows_that_privacy_mode_is_off() {
    let stage = stage().await;
    // It is changed while the bot runs.
    stage.tg.bot_reads_all(true);
    let club = stage.tg.supergroup("Trail Friends");
    let mia = stage.tg.user("Mia").speaking("en");
    club.join(&mia);
    mia.says(&club, "/ankle doctor").await;
    let here = stage.latest(&club).await.unwrap();
    insta::assert_snapshot!(told(&here), @"
    How I fare in this room
    ✓ I may write here.
    ✓ I am no administrator, and need not be one.
    ✓ Privacy mode is off: every command reaches me. What is not for me I don't read.
    ✗ The club has no zone, so days go by UTC: /ankle club settings zone:Berlin
    Add me to another group
    ");
    stage.ends_well().await;
}

// The welcome.

#[tokio::test]
async fn a_group_is_welcomed_once_and_silently_and_only_an_administrator_sets_its_zone() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends").without_bot();
    let (boss, tom) = (
        stage.tg.user("Boss").speaking("de"),
        stage.tg.user("Tom").speaking("en"),
    );
    club.join(&boss);
    club.join(&tom);
    club.promote(&boss);
    boss.adds_bot(&club);
    let welcome = stage.latest(&club).await.unwrap();
    insta::assert_snapshot!(told(&welcome), @"
    Hallo, ich bin anklebot. Ich logge Knöcheltests und poste, wenn ihr mögt, am Tag eine stille Dehn-Erinnerung.
    Probier: /ankle test 9cm
    Noch andere Bots hier? Macht mich zum Admin ohne Rechte, oder wählt /ankle im Menü.
    Für Admins: wählt unten eine Zeitzone. Ich tippe auf Berlin.
    [Berlin] [Vienna] [Zurich] [London]
    ");
    assert!(welcome.silent);

    let member = pressed(&stage, &tom, &welcome, "Berlin").await;
    insta::assert_snapshot!(pop_up(&member), @"Only organisers can change that. Yours: /ankle me settings");
    assert_eq!(told(&welcome.look()), told(&welcome));
    let admin = pressed(&stage, &boss, &welcome, "Berlin").await;
    insta::assert_snapshot!(pop_up(&admin), @"
    Was für diesen Verein eingestellt ist
    Zone: Europe/Berlin (jetzt 11:00)
    Sprache: nicht gesetzt
    Gespeichert.
    ");
    assert!(welcome.look().buttons.is_empty());

    boss.removes_bot(&club);
    boss.adds_bot(&club);
    assert!(stage.latest(&club).await.is_none());
    stage.ends_well().await;
}

#[tokio::test]
async fn a_group_that_takes_the_bot_in_by_its_link_hears_one_silent_welcome_and_no_more() {
    let stage = stage().await;
    let club = stage.tg.supergroup("Trail Friends").without_bot();
    let boss = stage.tg.user("Boss").speaking("en");
    club.join(&boss);
    boss.follows(&stage.invite_link(), &club).await;
    stage.tg.settled().await;
    let heard = club.unread();
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert!(heard[0].silent && heard[0].text.starts_with("Hi, I'm anklebot."));
    assert!(!stage.anybody().await);

    // Links that were passed on before hand something over. If that is heard first, it is no greeting.
    let early = stage.tg.supergroup("Hill Friends");
    early.join(&boss);
    boss.says(&early, "/start@fake_bot true").await;
    boss.says(&early, "/start").await;
    assert!(stage.latest(&early).await.is_none());
    early.kick_bot();
    boss.adds_bot(&early);
    let welcome = stage.latest(&early).await.unwrap();
    assert!(welcome.silent, "{welcome:?}");
    stage.ends_well().await;
}

#[tokio::test]
async fn a_group_that_moves_is_not_welcomed_again_in_whatever_order_the_bot_hears_of_it() {
    let stage = stage().await;
    let boss = stage.tg.user("Boss").speaking("en");
    for tells_first in [None, Some(true), Some(false)] {
        let group = stage.tg.group("Trail Friends").without_bot();
        group.join(&boss);
        group.make_owner(&boss);
        boss.adds_bot(&group);
        stage.latest(&group).await.unwrap();
        let moved = match tells_first {
            None => group.migrate(),
            Some(first) => group.migrate_telling(first),
        };
        assert!(stage.latest(&moved).await.is_none(), "{tells_first:?}");
        // Nor when it has had time to say it.
        stage.clock.advance(SignedDuration::from_mins(1));
        moved.kick_bot();
        moved.add_bot();
        assert!(stage.latest(&moved).await.is_none(), "{tells_first:?}");
    }
    // A supergroup that is none of these is welcomed, if a moment later.
    stage.tg.group("Old Friends").without_bot().add_bot();
    stage.tg.settled().await;
    let other = stage.tg.supergroup("Hill Friends").without_bot();
    other.join(&boss);
    boss.adds_bot(&other);
    stage.in_time(|| !other.unread().is_empty()).await;
    stage.ends_well().await;
}
