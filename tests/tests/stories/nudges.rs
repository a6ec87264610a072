//! A runner's own reminder: in the private chat, when it is wanted, and quiet when it is not.

use ankle_fakes::telegram::Person;

use crate::stage::{Data, InTerminal, OnDiscord, OnTelegram, Stage, told, told_on_discord};

/// Somebody who has set a nudge for the evening.
async fn nudged(data: Data) -> (OnTelegram, Person) {
    let stage = OnTelegram::on(data).await;
    let mia = stage.friend("Mia").await;
    mia.says(&mia.dm(), "/ankle me settings zone:Berlin").await;
    stage.latest(&mia.dm()).await;
    mia.says(&mia.dm(), "/ankle nudge 19:00").await;
    let set = stage.latest(&mia.dm()).await.unwrap();
    assert!(set.text.starts_with("Saved: 19:00 daily"), "{}", set.text);
    (stage, mia)
}

#[tokio::test]
async fn complaint_31_a_nudge_comes_in_the_evening_and_not_when_all_is_done_or_in_a_pause() {
    let (stage, mia) = nudged(Data::sqlite().await).await;
    let posts = stage.posts();
    posts.until("2026-11-24T17:59:59Z").await;
    assert!(mia.dm().unread().is_empty());
    posts.until("2026-11-24T18:00:00Z").await;
    let nudge = mia.dm().unread().remove(0);
    mia.dm().skip_unread();
    assert!(nudge.silent);
    insta::assert_snapshot!(told(&nudge), @"
    Your nudge · Tue 24 Nov
    • Calf stretch: 30 s straight, 30 s bent, each leg. 3 sets
    • Calf raises on a step: up, then 10 slow seconds down, heels below the edge. 3 × 15
    New? 1 × 8 is a fine start. Skip them with heel pain or a fresh sprain; sharp pain means stop.
    [✓ Stretch] [✓ Raises] [✓ Both]
    ");
    mia.presses(&nudge, "✓ Stretch").await.answer().await;
    stage.tg.settled().await;
    assert!(nudge.look().text.starts_with("✓ "), "{}", nudge.look().text);
    // The next evening one of the two is done already, the one after both are.
    stage
        .clock
        .advance_to("2026-11-25T10:00:00Z".parse().unwrap());
    mia.says(&mia.dm(), "/ankle done raise").await;
    stage.latest(&mia.dm()).await;
    posts.until("2026-11-25T18:00:00Z").await;
    let nudge = stage.latest(&mia.dm()).await.unwrap();
    assert_eq!(nudge.labels(), ["✓ Stretch"], "{}", nudge.text);
    stage
        .clock
        .advance_to("2026-11-26T10:00:00Z".parse().unwrap());
    mia.says(&mia.dm(), "/ankle done both").await;
    stage.latest(&mia.dm()).await;
    posts.until("2026-11-26T20:00:00Z").await;
    assert!(mia.dm().unread().is_empty(), "{}", stage.tg.transcript());
    mia.says(&mia.dm(), "/ankle me pause").await;
    stage.latest(&mia.dm()).await;
    posts.until("2026-11-28T20:00:00Z").await;
    assert!(mia.dm().unread().is_empty(), "{}", stage.tg.transcript());
    mia.says(&mia.dm(), "/ankle me resume").await;
    stage.latest(&mia.dm()).await;
    // With pain nothing is asked that could hurt.
    stage
        .clock
        .advance_to("2026-11-29T10:00:00Z".parse().unwrap());
    mia.says(&mia.dm(), "/ankle test 9cm left sharp pain heel")
        .await;
    stage.latest(&mia.dm()).await;
    posts.until("2026-11-29T20:00:00Z").await;
    assert!(mia.dm().unread().is_empty(), "{}", stage.tg.transcript());
    posts.until("2026-12-01T18:00:00Z").await;
    assert!(stage.latest(&mia.dm()).await.is_some());
    stage.ends_well().await;
}

#[tokio::test]
async fn a_break_of_the_club_leaves_a_nudge_alone() {
    let (stage, mia) = nudged(Data::sqlite().await).await;
    let club = stage.tg.supergroup("Trail Friends");
    club.join(&mia);
    club.promote(&mia);
    mia.says(&club, "/ankle club break today..2w").await;
    stage.latest(&mia.dm()).await;
    stage.posts().until("2026-11-24T18:00:00Z").await;
    assert!(stage.latest(&mia.dm()).await.is_some());
    stage.ends_well().await;
}

#[tokio::test]
async fn who_has_blocked_the_bot_is_left_in_peace_and_told_when_he_comes_back() {
    let (stage, mia) = nudged(Data::sqlite().await).await;
    mia.blocks_bot();
    let posts = stage.posts();
    posts.until("2026-11-26T20:00:00Z").await;
    assert_eq!(posts.figures().untold(), 0);
    mia.unblocks_bot();
    mia.says(&mia.dm(), "/ankle streak").await;
    let back = stage.latest(&mia.dm()).await.unwrap();
    insta::assert_snapshot!(told(&back), @"
    No streak yet: four days in a week make a good one. /ankle done calf-raise
    Your nudge stopped: this chat was closed to me.
    [Nudge me again]
    ");
    posts.until("2026-11-27T20:00:00Z").await;
    assert!(mia.dm().unread().is_empty());
    mia.presses(&back, "Nudge me again").await.answer().await;
    stage.tg.settled().await;
    insta::assert_snapshot!(told(&back.look()), @"
    Saved: 19:00 daily (Berlin) · Stretch and raises
    Next: Sat 28 Nov 19:00, your time.
    Not on days when it is done already, nor while you rest. No more: /ankle nudge off
    ");
    mia.dm().skip_unread();
    posts.until("2026-11-28T20:00:00Z").await;
    assert!(
        stage
            .latest(&mia.dm())
            .await
            .unwrap()
            .text
            .starts_with("Your nudge")
    );
    stage.ends_well().await;
}

#[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
#[tokio::test]
async fn on_a_server_a_nudge_is_set_in_the_private_chat_and_comes_there() {
    let stage = OnDiscord::on(Data::postgres().await).await;
    let club = stage.discord.server("Trail Friends");
    let channel = club.channel("mobility");
    let mia = channel.person("Mia");
    stage
        .types(&mia, "/ankle me settings zone:Berlin")
        .await
        .answer()
        .await;
    let refused = stage.types(&mia, "/ankle nudge 19:00").await.answer().await;
    insta::assert_snapshot!(told_on_discord(&refused), @"A nudge comes in our private chat, which is not open. Write to me there: `/ankle nudge 19:00`. Nothing was changed.");
    let dm = mia.user().dm();
    let set = stage.types(&dm, "/ankle nudge 19:00").await.answer().await;
    insta::assert_snapshot!(told_on_discord(&set), @"
    Saved: 19:00 daily (Berlin) · Stretch and raises
    Next: <t:1795543200:s>.
    Not on days when it is done already, nor while you rest. No more: `/ankle nudge off`
    ");
    stage.posts().until("2026-11-24T18:00:00Z").await;
    let nudge = dm.sees().pop().unwrap();
    assert!(told_on_discord(&nudge).starts_with("**Your nudge"));
    let done = dm.press(&nudge, "✓ Both").await.answer().await;
    assert!(told_on_discord(&done).starts_with("✓ "));
    stage.ends_well().await;
}

#[tokio::test]
async fn in_the_terminal_a_nudge_comes_when_the_clock_is_let_run() {
    let mut stage = InTerminal::on(Data::sqlite().await).await;
    stage.says("Mia", "/ankle me settings zone:Berlin").await;
    stage.says("Mia", "/ankle nudge 19:00").await;
    let came = stage.says("Mia", "/tick 19:05").await;
    assert!(came.contains("Your nudge · Tue 24 Nov"), "{came}");
}
