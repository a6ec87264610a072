//! What organisers see of their reminders: before one is promised, and when something goes wrong.

use ankle_fakes::discord;
use ankle_fakes::telegram::{Chat, Person};

use crate::stage::{Data, OnDiscord, OnTelegram, told, told_on_discord};

/// A group with an organiser whose private chat is open.
async fn group_on(data: Data) -> (OnTelegram, Chat, Person) {
    let stage = OnTelegram::on(data).await;
    let boss = stage.friend("Boss").await;
    let club = stage.tg.supergroup("Trail Friends");
    club.join(&boss);
    club.promote(&boss);
    club.skip_unread();
    (stage, club, boss)
}

#[tokio::test]
async fn a_group_that_does_not_let_the_bot_write_is_told_so_before_anything_is_saved() {
    let (stage, club, boss) = group_on(Data::sqlite().await).await;
    club.restrict_bot();
    boss.says(&club, "/ankle remind set 07:00 zone:Berlin")
        .await;
    let refused = stage.latest(&boss.dm()).await.unwrap();
    insta::assert_snapshot!(told(&refused), @"
    I can't post there: I may not write in it. Nothing was saved.
    [Check again]
    ");
    boss.says(&club, "/ankle remind list").await;
    let none = stage.latest(&boss.dm()).await.unwrap();
    assert!(none.text.contains("No reminders"), "{}", none.text);
    boss.presses(&refused, "Check again").await.answer().await;
    stage.tg.settled().await;
    assert_eq!(told(&refused.look()), told(&refused));
    club.promote_bot(&[]);
    // From the private chat, for the room it was said in; as long as he may set it up.
    club.demote(&boss);
    boss.presses(&refused, "Check again").await.answer().await;
    let not_his = stage.latest(&boss.dm()).await.unwrap();
    assert!(not_his.text.contains("Only organisers"), "{}", not_his.text);
    club.promote(&boss);
    boss.presses(&refused, "Check again").await.answer().await;
    stage.tg.settled().await;
    let saved = refused.look();
    insta::assert_snapshot!(told(&saved), @"
    Saved: #1 07:00 daily (Berlin) · Stretch and raises
    Next: Wed 25 Nov 06:00, your time.
    ");
    stage.ends_well().await;
}

#[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
#[tokio::test]
async fn a_channel_that_is_closed_to_the_bot_is_checked_again_by_a_button() {
    let stage = OnDiscord::on(Data::postgres().await).await;
    let club = stage.discord.server("Trail Friends");
    let channel = club.channel("mobility");
    let boss = club.organiser("Boss").in_channel(&channel);
    channel.deny_bot(discord::permissions::SEND_MESSAGES);
    let line = "/ankle-club remind set 07:00 zone:Berlin";
    let refused = stage.types(&boss, line).await.answer().await;
    insta::assert_snapshot!(told_on_discord(&refused), @"
    I can't post there: I may not write in it. Nothing was saved.
    [Check again]
    ");
    channel.allow_bot(discord::permissions::SEND_MESSAGES);
    let saved = boss.press(&refused, "Check again").await.answer().await;
    insta::assert_snapshot!(told_on_discord(&saved), @"
    Saved: `#1` 07:00 daily (Berlin) · Stretch and raises
    Next: Wed 25 Nov 06:00, your time.
    ");
    // From elsewhere, into a channel that is hidden from the bot meanwhile.
    channel.deny_bot(discord::permissions::VIEW_CHANNEL);
    let board = club.channel("board");
    let boss = boss.user().in_channel(&board);
    let line = format!("{line} in:{}", channel.id());
    let refused = stage.types(&boss, &line).await.answer().await;
    insta::assert_snapshot!(told_on_discord(&refused), @"
    I can't post there: I don't see that channel. Nothing was saved.
    [Check again]
    ");
    channel.allow_bot(discord::permissions::VIEW_CHANNEL);
    let saved = boss.press(&refused, "Check again").await.answer().await;
    assert!(told_on_discord(&saved).contains("Saved: `#2`"));
    stage.ends_well().await;
}

#[tokio::test]
async fn an_anonymous_organiser_sets_a_reminder_and_logs_nothing() {
    let (stage, club, boss) = group_on(Data::sqlite().await).await;
    club.promote_anonymously(&boss);
    boss.says_anonymously(&club, "/ankle remind set 07:00 zone:Berlin")
        .await;
    let saved = stage.latest(&club).await.unwrap();
    insta::assert_snapshot!(told(&saved), @"
    Saved: #1 07:00 daily (Berlin) · Stretch and raises
    Next: Wed 25 Nov 06:00, your time.
    ");
    let posts = stage.posts();
    posts.until("2026-11-25T06:00:00Z").await;
    let post = stage.latest(&club).await.unwrap();
    assert!(post.text.starts_with("Ankle minutes"), "{}", post.text);
    boss.says_anonymously(&club, "/ankle remind pause").await;
    let paused = stage.latest(&club).await.unwrap();
    assert!(paused.text.starts_with("Paused: #1"), "{}", paused.text);
    stage.ends_well().await;
}
