//! Reminders, from falling due to the room: at the right time, once, and quietly. The numbers are those
//! of the list of complaints that the project keeps.

use ankle_fakes::discord;
use ankle_fakes::discord::Server;
use ankle_fakes::telegram::{Chat, Fault, Person, Shown};

use crate::stage::{Data, OnDiscord, OnTelegram, told, told_on_discord};

/// A group whose organiser has set a reminder, and the bot in it.
pub async fn in_a_group(line: &str) -> (OnTelegram, Chat, Person) {
    let stage = OnTelegram::on(Data::sqlite().await).await;
    let boss = stage.friend("Boss").await;
    let club = stage.tg.supergroup("Trail Friends");
    club.join(&boss);
    club.promote(&boss);
    boss.says(&club, line).await;
    stage.tg.settled().await;
    club.skip_unread();
    boss.dm().skip_unread();
    (stage, club, boss)
}

/// A server whose organiser has set a reminder in a channel.
async fn on_a_server(line: &str) -> (OnDiscord, Server, discord::Channel) {
    let stage = OnDiscord::on(Data::sqlite().await).await;
    let club = stage.discord.server("Trail Friends");
    let channel = club.channel("mobility");
    let boss = club.organiser("Boss").in_channel(&channel);
    stage.types(&boss, line).await.answer().await;
    channel.skip_unread();
    (stage, club, channel)
}

pub const SET: &str = "/ankle remind set 07:00 zone:Berlin";
const SET_HERE: &str = "/ankle-club remind set 07:00 zone:Berlin";

/// What stands in a chat.
pub fn standing(chat: &Chat) -> Vec<Shown> {
    let mut all = chat.bot_messages();
    all.retain(|shown| !shown.deleted && shown.text.starts_with("Ankle minutes"));
    all
}

fn standing_in(channel: &discord::Channel) -> Vec<discord::Shown> {
    let mut all = channel.bot_messages();
    all.retain(|shown| !shown.deleted && !shown.ephemeral);
    all
}

#[tokio::test]
async fn a_group_gets_one_quiet_post_a_day_and_presses_show_in_it() {
    let (stage, club, _) = in_a_group(SET).await;
    let posts = stage.posts();
    posts.until("2026-11-25T05:59:59Z").await;
    assert_eq!(standing(&club).len(), 0, "never early");
    posts.until("2026-11-25T06:00:00Z").await;
    let post = standing(&club).remove(0);
    assert!(post.silent);
    insta::assert_snapshot!(told(&post), @"
    Ankle minutes · Wed 25 Nov
    • Calf stretch: 30 s straight, 30 s bent, each leg. 3 sets
    • Calf raises on a step: up, then 10 slow seconds down, heels below the edge. 3 × 15
    New? 1 × 8 is a fine start. Skip them with heel pain or a fresh sprain; sharp pain means stop.
    [✓ Stretch] [✓ Raises] [✓ Both]
    ");
    let mia = stage.tg.user("Mia");
    club.join(&mia);
    let toast = mia.presses(&post, "✓ Raises").await.answer().await;
    insta::assert_snapshot!(toast.text, @"✓ Done, day 1! The group sees your first name on today's list. Rather not? /ankle me settings");
    mia.presses(&post, "✓ Raises").await.answer().await;
    stage.tg.settled().await;
    posts.until("2026-11-25T06:00:02Z").await;
    let changed = post.look();
    assert!(
        changed.edited && changed.text.contains("Done today: 1 · Mia"),
        "{}",
        changed.text
    );
    assert_eq!(changed.labels(), post.labels());
    posts.until("2026-11-26T12:00:00Z").await;
    let all = standing(&club);
    assert_eq!(
        all.len(),
        1,
        "yesterday's is gone:\n{}",
        stage.tg.transcript()
    );
    assert!(all[0].text.starts_with("Ankle minutes · Thu 26 Nov"));
    stage.ends_well().await;
}

#[tokio::test]
async fn a_channel_gets_one_quiet_post_a_day_and_presses_show_in_it() {
    let (stage, _, channel) = on_a_server(SET_HERE).await;
    let posts = stage.posts();
    posts.until("2026-11-25T06:00:00Z").await;
    let post = standing_in(&channel).remove(0);
    assert!(post.silent);
    insta::assert_snapshot!(told_on_discord(&post), @"
    **Ankle minutes · Wed 25 Nov**
    • Calf stretch: 30 s straight, 30 s bent, each leg. 3 sets
    • Calf raises on a step: up, then 10 slow seconds down, heels below the edge. 3 × 15
    New? 1 × 8 is a fine start. Skip them with heel pain or a fresh sprain; sharp pain means stop.
    [✓ Stretch] [✓ Raises] [✓ Both]
    ");
    let mia = channel.person("Mia");
    let answer = mia.press(&post, "✓ Both").await.answer().await;
    assert!(answer.ephemeral);
    stage.discord.settled().await;
    posts.until("2026-11-25T06:01:00Z").await;
    let changed = told_on_discord(&post.look());
    assert!(changed.contains("Done today: 1 · Mia"), "{changed}");
    posts.until("2026-11-26T12:00:00Z").await;
    let all = standing_in(&channel);
    assert_eq!(all.len(), 1, "{}", stage.discord.transcript());
    assert!(told_on_discord(&all[0]).contains("Thu 26 Nov"));
    stage.ends_well().await;
}

#[tokio::test]
async fn a_slip_on_a_post_in_a_channel_is_undone_by_the_button_below_its_answer() {
    let (stage, _, channel) = on_a_server(SET_HERE).await;
    let posts = stage.posts();
    posts.until("2026-11-25T06:00:00Z").await;
    let post = standing_in(&channel).remove(0);
    let mia = channel.person("Mia");
    let counted = mia.press(&post, "✓ Raises").await.answer().await;
    assert!(counted.ephemeral);
    assert_eq!(counted.labels(), ["Undo"]);
    let undone = mia.press(&counted, "Undo").await.answer().await;
    assert!(undone.ephemeral);
    insta::assert_snapshot!(told_on_discord(&undone), @"
    Taken back: Raises, Wed 25 Nov (#1).
    [Put it back]
    ");
    stage.discord.settled().await;
    posts.until("2026-11-25T06:01:00Z").await;
    let after = told_on_discord(&post.look());
    assert!(!after.contains("Mia"), "{after}");
    stage.ends_well().await;
}

#[tokio::test]
async fn a_press_on_a_post_in_a_group_pops_up_though_the_private_chat_is_open() {
    let (stage, club, _) = in_a_group(SET).await;
    let posts = stage.posts();
    posts.until("2026-11-25T06:00:00Z").await;
    let post = standing(&club).remove(0);
    let mia = stage.tg.user("Mia");
    club.join(&mia);
    mia.says(&mia.dm(), "/start").await;
    stage.latest(&mia.dm()).await;
    let before = mia.dm().bot_messages().len();
    let toast = mia.presses(&post, "✓ Raises").await.answer().await;
    assert!(toast.text.starts_with("✓ Done, day 1!"), "{}", toast.text);
    assert!(!toast.alert, "it fades away by itself");
    let again = mia.presses(&post, "✓ Raises").await.answer().await;
    assert!(again.text.starts_with("Already"), "{}", again.text);
    assert!(!again.alert, "it fades away by itself");
    stage.tg.settled().await;
    assert_eq!(mia.dm().bot_messages().len(), before);
    stage.ends_well().await;
}

#[tokio::test]
async fn a_post_follows_what_is_typed_taken_back_and_hidden() {
    let (stage, _, channel) = on_a_server(SET_HERE).await;
    let posts = stage.posts();
    posts.until("2026-11-25T06:00:00Z").await;
    let post = standing_in(&channel).remove(0);
    let (mia, jonas) = (channel.person("Mia"), channel.person("Jonas"));
    let mut seconds = 0;
    let mut after = async |who: &discord::Person, line: &str| {
        stage.types(who, line).await.answer().await;
        stage.discord.settled().await;
        seconds += 15;
        posts
            .until(&format!(
                "2026-11-25T06:{:02}:{:02}Z",
                seconds / 60,
                seconds % 60
            ))
            .await;
        let text = told_on_discord(&post.look());
        text.lines()
            .find(|line| line.starts_with("Done today"))
            .unwrap_or("nobody")
            .to_owned()
    };
    assert_eq!(
        after(&mia, "/ankle done calf-raise").await,
        "Done today: 1 · Mia"
    );
    assert_eq!(
        after(&jonas, "/ankle done both").await,
        "Done today: 2 · Jonas, Mia"
    );
    assert_eq!(
        after(&mia, "/ankle me settings privacy:hidden").await,
        "Done today: 2 · Jonas +1"
    );
    assert_eq!(after(&jonas, "/ankle undo").await, "Done today: 1");
    assert_eq!(after(&mia, "/ankle me leave").await, "nobody");
    stage.ends_well().await;
}

#[tokio::test]
async fn what_is_checked_in_for_yesterday_or_taken_back_shows_on_todays_board() {
    let (stage, _, channel) = on_a_server(&format!("{SET_HERE} board:week")).await;
    let posts = stage.posts();
    posts.until("2026-11-25T06:00:00Z").await;
    let post = standing_in(&channel).remove(0);
    let mia = channel.person("Mia");
    let after = [
        (
            "/ankle done calf-raise on:yesterday",
            true,
            "2026-11-25T06:01:00Z",
        ),
        ("/ankle undo", false, "2026-11-25T06:02:00Z"),
    ];
    for (line, counts, time) in after {
        stage.types(&mia, line).await.answer().await;
        stage.discord.settled().await;
        posts.until(time).await;
        let text = told_on_discord(&post.look());
        assert_eq!(text.contains("This week: Mia 1"), counts, "{line}: {text}");
    }
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_33_who_leaves_a_group_is_gone_from_the_post_that_stands_there() {
    let (stage, club, _) = in_a_group(SET).await;
    let posts = stage.posts();
    posts.until("2026-11-25T06:00:00Z").await;
    let post = standing(&club).remove(0);
    let mia = stage.tg.user("Mia");
    club.join(&mia);
    mia.presses(&post, "✓ Both").await.answer().await;
    stage.tg.settled().await;
    posts.until("2026-11-25T06:01:00Z").await;
    assert!(post.look().text.contains("Done today: 1 · Mia"));
    club.leave(&mia);
    stage.tg.settled().await;
    posts.until("2026-11-25T06:02:00Z").await;
    assert!(!post.look().text.contains("Mia"), "{}", post.look().text);
    stage.ends_well().await;
}

#[tokio::test]
async fn the_post_of_a_reminder_that_is_removed_loses_its_buttons_and_keeps_its_count() {
    let (stage, club, boss) = in_a_group(SET).await;
    let posts = stage.posts();
    posts.until("2026-11-25T06:00:00Z").await;
    let post = standing(&club).remove(0);
    let mia = stage.tg.user("Mia");
    club.join(&mia);
    mia.presses(&post, "✓ Both").await.answer().await;
    stage.tg.settled().await;
    posts.until("2026-11-25T06:01:00Z").await;
    boss.says(&club, "/ankle remind remove").await;
    stage.tg.settled().await;
    posts.until("2026-11-25T06:02:00Z").await;
    let closed = post.look();
    assert!(!closed.deleted && closed.text.contains("Done today: 1 · Mia"));
    assert_eq!(closed.labels(), [] as [&str; 0]);
    stage.ends_well().await;
}

#[tokio::test]
async fn on_a_server_the_post_of_a_reminder_that_is_removed_loses_its_buttons_too() {
    let (stage, club, channel) = on_a_server(SET_HERE).await;
    let posts = stage.posts();
    posts.until("2026-11-25T06:00:00Z").await;
    let post = standing_in(&channel).remove(0);
    let boss = club.organiser("Ana").in_channel(&channel);
    stage
        .types(&boss, "/ankle-club remind remove")
        .await
        .answer()
        .await;
    posts.until("2026-11-25T06:02:00Z").await;
    let closed = post.look();
    assert_eq!(closed.labels(), [] as [&str; 0]);
    assert!(told_on_discord(&closed).contains("Wed 25 Nov"));
    stage.ends_well().await;
}

#[tokio::test]
async fn complaints_1_to_4_across_a_change_of_the_clocks_each_day_has_one_post_at_its_time() {
    let (stage, club, _) = in_a_group("/ankle remind set 02:30 zone:Berlin").await;
    let posts = stage.posts();
    posts.until("2027-03-26T12:00:00Z").await;
    let mut before = stage.tg.calls("sendMessage");
    for (time, title) in [
        ("2027-03-27T01:30:01Z", "Sat 27 Mar"),
        ("2027-03-28T01:30:01Z", "Sun 28 Mar"),
        ("2027-03-29T00:30:01Z", "Mon 29 Mar"),
    ] {
        posts.until(time).await;
        let all = standing(&club);
        assert_eq!(all.len(), 1);
        assert!(all[0].text.contains(title), "{time}: {}", all[0].text);
        before += 1;
        assert_eq!(stage.tg.calls("sendMessage"), before, "{time}");
    }
    stage.ends_well().await;
}

#[tokio::test]
async fn remind_test_posts_once_now_and_says_that_it_is_a_test() {
    let (stage, club, boss) = in_a_group(SET).await;
    boss.says(&club, "/ankle remind test").await;
    stage.tg.settled().await;
    let posts = stage.posts();
    posts.until("2026-11-24T10:01:00Z").await;
    let all = standing(&club);
    assert_eq!(all.len(), 1);
    assert!(
        all[0].silent
            && all[0]
                .text
                .starts_with("Ankle minutes · Tue 24 Nov · test\n")
    );
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_14_a_restart_in_the_middle_of_sending_doubles_nothing_on_discord() {
    let (stage, _, channel) = on_a_server(SET_HERE).await;
    // Discord has the message, and the answer to it never comes.
    let cut = discord::Fault::DropAfter;
    let struck = stage.discord.fault(cut).on("create_message").once();
    stage.posts().until("2026-11-25T06:00:00Z").await;
    assert_eq!(struck.hits(), 1);
    let posts = stage.posts();
    posts.until("2026-11-25T06:01:00Z").await;
    assert_eq!(
        standing_in(&channel).len(),
        1,
        "{}",
        stage.discord.transcript()
    );
    assert_eq!(posts.figures().posts(), 1, "and it is known to be there");
    assert_eq!(posts.figures().repeats(), 0);
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_12_telegram_repeats_once_counts_it_and_both_posts_take_presses() {
    let (stage, club, _) = in_a_group(SET).await;
    let struck = stage.tg.fault(Fault::DropAfter).on("sendMessage").once();
    let posts = stage.posts();
    posts.until("2026-11-25T06:05:00Z").await;
    assert_eq!(struck.hits(), 1);
    let all = standing(&club);
    assert_eq!((all.len(), posts.figures().repeats()), (2, 1));
    let people = ["Mia", "Jonas"].map(|name| stage.tg.user(name));
    for (person, post) in people.iter().zip(&all) {
        club.join(person);
        person.presses(post, "✓ Stretch").await.answer().await;
    }
    stage.tg.settled().await;
    posts.until("2026-11-25T06:06:00Z").await;
    let known = all[1].look().text;
    assert!(known.contains("Done today: 2 · "), "{known}");
    assert_eq!(
        standing(&club).len(),
        1,
        "a press shows which is one too many"
    );
    stage.ends_well().await;
}

#[tokio::test]
async fn a_post_of_which_nobody_knew_that_it_had_arrived_is_known_by_a_press() {
    let (stage, club, _) = in_a_group(SET).await;
    let struck = stage.tg.fault(Fault::DropAfter).on("sendMessage").times(2);
    let posts = stage.posts();
    posts.until("2026-11-25T06:05:00Z").await;
    assert_eq!((struck.hits(), posts.figures().given_up()), (2, 1));
    let mia = stage.tg.user("Mia");
    club.join(&mia);
    let pressed = standing(&club).remove(0);
    mia.presses(&pressed, "✓ Stretch").await.answer().await;
    stage.tg.settled().await;
    posts.until("2026-11-25T06:06:00Z").await;
    let known = pressed.look().text;
    assert!(known.contains("Done today: 1 · Mia"), "{known}");
    posts.until("2026-11-26T12:00:00Z").await;
    assert!(pressed.look().deleted, "and goes with the next");
    stage.ends_well().await;
}

#[tokio::test]
async fn a_post_that_is_too_old_to_be_removed_loses_its_buttons_once() {
    for (days, first, then) in [
        ("mon", "2026-11-30T12:00:00Z", "2026-12-07T12:00:00Z"),
        ("mon-fri", "2026-11-27T12:00:00Z", "2026-11-30T12:00:00Z"),
    ] {
        let (stage, club, _) = in_a_group(&format!("{SET} days:{days}")).await;
        let posts = stage.posts();
        posts.until(first).await;
        let old = standing(&club).pop().unwrap();
        assert_eq!(old.labels().len(), 3);
        posts.until(then).await;
        let closed = old.look();
        assert!(!closed.deleted && closed.labels().is_empty(), "{days}");
        assert_eq!(closed.text, old.text);
        let all = standing(&club);
        assert_eq!((all.len(), all[1].labels().len()), (2, 3), "{days}");
        let tries = stage.tg.calls("deleteMessage");
        posts.until("2026-12-18T12:00:00Z").await;
        let later = stage.tg.calls("deleteMessage") - tries;
        let removals = if days == "mon" { 1 } else { 14 };
        assert_eq!(later, removals, "{days}: the old one is left alone");
        stage.ends_well().await;
    }
}

#[tokio::test]
async fn complaint_16_a_bot_that_is_thrown_out_tells_one_human_and_posts_again_when_let_in() {
    let (stage, club, boss) = in_a_group(SET).await;
    let posts = stage.posts();
    club.kick_bot();
    posts.until("2026-11-26T12:00:00Z").await;
    let told_boss: Vec<_> = boss.dm().unread().iter().map(told).collect();
    insta::assert_snapshot!(told_boss.join("\n---\n"), @"
    I couldn't post in Trail Friends this morning: the room is gone, or I am no longer in it.
    It is reminder #1 07:00 daily (Berlin). You hear of it this once.
    [I fixed it] [Pause it]
    ");
    posts.until("2026-11-27T06:20:00Z").await;
    club.readd_bot();
    stage.tg.settled().await;
    posts.until("2026-11-27T06:21:00Z").await;
    let all = standing(&club);
    assert_eq!(
        all.len(),
        1,
        "today's, still in time:\n{}",
        stage.tg.transcript()
    );
    assert!(all[0].text.contains("Fri 27 Nov · late"), "{}", all[0].text);
    posts.until("2026-11-28T12:00:00Z").await;
    assert!(standing(&club)[0].text.contains("Sat 28 Nov"));
    let (tg, done) = stage.stop().await;
    assert_eq!(done, Ok(()));
    tg.finish_with_unread().await;
}

#[tokio::test]
async fn a_bot_that_may_write_again_posts_what_is_still_in_time_and_welcomes_nobody() {
    let (stage, club, _) = in_a_group(SET).await;
    let posts = stage.posts();
    club.restrict_bot();
    posts.until("2026-11-25T06:20:00Z").await;
    assert_eq!(standing(&club).len(), 0);
    club.demote_bot();
    stage.tg.settled().await;
    posts.until("2026-11-25T06:21:00Z").await;
    let all = standing(&club);
    assert_eq!(all.len(), 1, "{}", stage.tg.transcript());
    assert!(all[0].text.contains("Wed 25 Nov · late"), "{}", all[0].text);
    assert_eq!(club.unread().len(), 1, "the post, and no welcome");
    stage.ends_well().await;
}

#[tokio::test]
async fn a_channel_without_a_right_is_told_of_once_to_who_set_its_reminder() {
    let (stage, _, channel) = on_a_server(SET_HERE).await;
    channel.deny_bot(discord::permissions::SEND_MESSAGES);
    let posts = stage.posts();
    posts.until("2026-11-26T12:00:00Z").await;
    let boss = stage.discord.user("Boss").dm();
    let heard: Vec<_> = boss.sees().iter().map(told_on_discord).collect();
    insta::assert_snapshot!(heard.join("\n---\n"), @r#"
    I couldn't post in \#mobility (Trail Friends) this morning: I may not write there.
    It is reminder `#1` 07:00 daily (Berlin). You hear of it this once.
    [I fixed it] [Pause it]
    "#);
    channel.allow_bot(discord::permissions::SEND_MESSAGES);
    posts.until("2026-11-27T12:00:00Z").await;
    assert_eq!(standing_in(&channel).len(), 1);
    stage.ends_well().await;
}

#[tokio::test]
async fn a_thread_gets_its_post_itself_and_wakes_up_for_it() {
    let stage = OnDiscord::on(Data::sqlite().await).await;
    let club = stage.discord.server("Trail Friends");
    let channel = club.channel("mobility");
    let thread = channel.thread("ankles");
    let boss = club.organiser("Boss").in_channel(&thread);
    stage.types(&boss, SET_HERE).await.answer().await;
    let posts = stage.posts();
    posts.until("2026-11-25T12:00:00Z").await;
    thread.archive();
    posts.until("2026-11-26T12:00:00Z").await;
    let there = standing_in(&thread);
    assert_eq!(there.len(), 1, "{}", stage.discord.transcript());
    assert!(told_on_discord(&there[0]).contains("Thu 26 Nov"));
    assert_eq!(standing_in(&channel).len(), 0, "never another channel");
    let mia = thread.person("Mia");
    // What cannot be changed in a thread that sleeps again is nobody's news.
    thread.archive();
    let answer = mia.press(&there[0], "✓ Both").await.answer().await;
    assert!(told_on_discord(&answer).contains("✓ Done, day 1!"));
    posts.until("2026-11-26T13:00:00Z").await;
    let heard = || stage.discord.user("Boss").dm().sees().len();
    assert_eq!(heard(), 0);
    thread.lock();
    posts.until("2026-11-27T12:00:00Z").await;
    assert_eq!(heard(), 1, "a locked one is a room that is closed to us");
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_18_an_order_to_wait_is_obeyed_and_no_post_is_lost() {
    let (stage, club, _) = in_a_group(SET).await;
    let struck = stage
        .tg
        .fault(Fault::TooManyRequests(35))
        .on("sendMessage")
        .once();
    let posts = stage.posts();
    posts.until("2026-11-25T06:00:34Z").await;
    assert_eq!((struck.hits(), standing(&club).len()), (1, 0));
    posts.until("2026-11-25T06:00:35Z").await;
    assert_eq!(standing(&club).len(), 1);
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_15_a_group_that_became_a_supergroup_gets_its_post_there() {
    let stage = OnTelegram::on(Data::sqlite().await).await;
    let boss = stage.friend("Boss").await;
    let group = stage.tg.group("Trail Friends");
    group.join(&boss);
    group.promote(&boss);
    boss.says(&group, SET).await;
    stage.tg.settled().await;
    let posts = stage.posts();
    posts.until("2026-11-25T06:00:10Z").await;
    assert_eq!(standing(&group).len(), 1, "{}", stage.tg.transcript());
    let supergroup = group.migrate();
    // The post from before the move cannot be taken away any more, and what is set must outlive the attempt.
    for (day, posted) in [("2026-11-26", 1), ("2026-11-27", 1), ("2026-11-28", 1)] {
        posts.until(&format!("{day}T06:00:10Z")).await;
        let standing = standing(&supergroup).len();
        assert_eq!(standing, posted, "{day}: {}", stage.tg.transcript());
    }
    boss.says(&supergroup, "/ankle remind list").await;
    let list = stage.latest(&boss.dm()).await.unwrap();
    assert!(list.text.contains("#1 07:00"), "{}", list.text);
    stage.ends_well().await;
}
