//! What organisers see of their reminders: before one is promised, and when something goes wrong.

use ankle_fakes::discord;
use ankle_fakes::telegram::{Chat, Person, Shown};

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
    Next: Wed 25 Nov 07:00 (Berlin).
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
    Next: <t:1795586400:s>.
    ");
    // From elsewhere, into a channel that is hidden from the bot meanwhile.
    channel.deny_bot(discord::permissions::VIEW_CHANNEL);
    let board = club.channel("board");
    let boss = boss.user().in_channel(&board);
    let line = format!("{line} days:mon in:{}", channel.id());
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
async fn a_channel_that_nobody_has_spoken_in_is_picked_for_reminders_and_as_the_home() {
    let stage = OnDiscord::on(Data::sqlite().await).await;
    let club = stage.discord.server("Trail Friends");
    let here = club.channel("mobility");
    let boss = club.organiser("Boss").in_channel(&here);
    let says = async |line: &str| {
        let asked = stage.types(&boss, &format!("/ankle-club {line}")).await;
        told_on_discord(&asked.answer().await)
    };
    let (board, home) = (club.channel("board"), club.channel("home"));
    insta::assert_snapshot!(says("remind set 07:00 zone:Berlin in:board").await, @"
    Saved: `#1` 07:00 daily (Berlin) · Stretch and raises
    Next: <t:1795586400:s>.
    ");
    insta::assert_snapshot!(says("club home in:home").await, @"Saved: reminders you set from now on come in that room, unless `in:` names another. Those you have stay where they are.");
    // In a line that was typed it is a mention.
    let saved = says(&format!("remind set 08:00 in:<#{}>", board.id())).await;
    assert!(saved.contains("Saved: `#2`"), "{saved}");
    says("remind set 09:00").await;
    for (channel, reminders) in [(&board, vec!["#1", "#2"]), (&home, vec!["#3"])] {
        let there = boss.user().in_channel(channel);
        let list = stage.types(&there, "/ankle-club remind list").await;
        let list = told_on_discord(&list.answer().await);
        for reminder in ["#1", "#2", "#3"] {
            let is_there = reminders.contains(&reminder);
            assert_eq!(list.contains(reminder), is_there, "{list}");
        }
    }
    stage.ends_well().await;
}

#[tokio::test]
async fn a_channel_that_takes_no_posts_or_is_not_of_this_server_is_refused_and_not_noted() {
    let stage = OnDiscord::on(Data::sqlite().await).await;
    let club = stage.discord.server("Trail Friends");
    let boss = club.organiser("Boss").in_channel(&club.channel("mobility"));
    let gone = club.channel("gone");
    gone.delete();
    let others = stage.discord.server("Road Friends").channel("board");
    let ids = [
        club.voice("talk").id(),
        club.category("rooms").id(),
        gone.id(),
        others.id(),
    ];
    let mentions = ids.map(|id| format!("<#{id}>"));
    let calls = |method| stage.discord.calls(method);
    for named in mentions.iter().map(String::as_str).chain(["#nowhere"]) {
        for line in ["remind set 07:00 zone:Berlin", "club home"] {
            let line = format!("/ankle-club {line} in:{named}");
            let said = stage.types(&boss, &line).await.answer().await;
            let said = told_on_discord(&said);
            assert!(said.starts_with("I find no room"), "{line}: {said}");
        }
    }
    assert_eq!(calls("trigger_typing_indicator"), 0);
    assert_eq!(calls("get_channel"), 8, "what is no id is not asked for");
    // One that is closed to the bot may be opened meanwhile.
    let board = club.channel("board");
    board.deny_bot(discord::permissions::SEND_MESSAGES);
    let line = "/ankle-club remind set 07:00 zone:Berlin in:board";
    let refused = stage.types(&boss, line).await.answer().await;
    insta::assert_snapshot!(told_on_discord(&refused), @"
    I can't post there: I may not write in it. Nothing was saved.
    [Check again]
    ");
    let list = stage.types(&boss, "/ankle-club remind list").await;
    assert!(told_on_discord(&list.answer().await).contains("No reminders"));
    board.allow_bot(discord::permissions::SEND_MESSAGES);
    let saved = boss.press(&refused, "Check again").await.answer().await;
    assert!(told_on_discord(&saved).contains("Saved: `#1`"));
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
    Next: Wed 25 Nov 07:00 (Berlin).
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

#[tokio::test]
async fn who_answers_an_organisers_question_by_reply_needs_the_rights_for_it() {
    let (stage, club, boss) = group_on(Data::sqlite().await).await;
    let mia = stage.friend("Mia").await;
    club.join(&mia);
    for (line, answer) in [
        ("/ankle remind set zone:Berlin", "07:00"),
        ("/ankle challenge create", "\"Calves\" goal:45"),
    ] {
        mia.says(&club, line).await;
        let question = stage.latest(&club).await.unwrap();
        mia.replies(&question, answer).await;
        let refused = stage.latest(&mia.dm()).await.unwrap();
        let text = refused.text;
        assert!(text.starts_with("Only organisers"), "{line}: {text}");
    }
    boss.says(&club, "/ankle remind set zone:Berlin").await;
    let question = stage.latest(&club).await.unwrap();
    insta::assert_snapshot!(told(&question), @"At what time? Reply with 07:00, or 7pm days:mon-fri.");
    boss.replies(&question, "07:00").await;
    let saved = stage.latest(&boss.dm()).await.unwrap();
    insta::assert_snapshot!(told(&saved), @"
    Saved: #1 07:00 daily (Berlin) · Stretch and raises
    Next: Wed 25 Nov 07:00 (Berlin).
    ");
    boss.says(&club, "/ankle challenge create").await;
    let question = stage.latest(&club).await.unwrap();
    boss.replies(&question, "\"Calves\" goal:45").await;
    let begun = stage.latest(&club).await.unwrap();
    assert!(begun.text.contains("Calves"), "{}", begun.text);
    stage.ends_well().await;
}

/// What a private chat has heard that was not read yet.
fn heard(person: &Person) -> Vec<Shown> {
    let heard = person.dm().unread();
    person.dm().skip_unread();
    heard
}

#[tokio::test]
async fn who_set_a_reminder_and_the_deputy_hear_once_that_it_failed_and_put_it_right() {
    let (stage, club, boss) = group_on(Data::sqlite().await).await;
    let ana = stage.friend("Ana").await.with_username("ana_runs");
    club.join(&ana);
    ana.says(&club, "/ankle streak").await;
    stage.latest(&ana.dm()).await;
    boss.says(&club, "/ankle club deputy @Ana_Runs").await;
    let named = stage.latest(&boss.dm()).await.unwrap();
    insta::assert_snapshot!(told(&named), @"
    Ana may set up this club now, and hears when something goes wrong. If /ankle-club is hidden in a menu, open it to deputies in the server's settings.
    Deputies: Ana
    ");
    boss.says(&club, "/ankle remind set 07:00 zone:Berlin")
        .await;
    stage.latest(&boss.dm()).await;
    let posts = stage.posts();
    club.restrict_bot();
    posts.until("2026-11-25T06:30:00Z").await;
    let told_boss = heard(&boss);
    insta::assert_snapshot!(told(&told_boss[0]), @"
    I couldn't post in Trail Friends this morning: I may not write there.
    It is reminder #1 07:00 daily (Berlin). You hear of it this once.
    [I fixed it] [Pause it]
    ");
    let told_ana = heard(&ana);
    assert_eq!((told_boss.len(), told_ana.len()), (1, 1));
    assert_eq!(told(&told_ana[0]), told(&told_boss[0]));
    // Too early: nothing is put right by saying so.
    ana.presses(&told_ana[0], "I fixed it").await.answer().await;
    let still = stage.latest(&ana.dm()).await.unwrap();
    insta::assert_snapshot!(told(&still), @"
    I can't post there: I may not write in it. Nothing was saved.
    [Check again]
    ");
    club.promote_bot(&[]);
    ana.presses(&still, "Check again").await.answer().await;
    stage.tg.settled().await;
    // The right to write has reached us by itself: today's is on its way already.
    insta::assert_snapshot!(told(&still.look()), @"
    Thanks. I may write there again.
    Next: Thu 26 Nov 07:00 (Berlin).
    ");
    club.skip_unread();
    posts.until("2026-11-25T06:31:00Z").await;
    let post = stage.latest(&club).await.unwrap();
    assert!(
        post.text.starts_with("Ankle minutes · Wed 25 Nov · late"),
        "{}",
        post.text
    );
    // A stranger who has the button all the same may nothing with it.
    let eve = stage.friend("Eve").await;
    let data = "-|care pause 1";
    eve.says(&eve.dm(), "/help").await;
    let any = stage.latest(&eve.dm()).await.unwrap();
    eve.presses_stale(&any, data).await.answer().await;
    let refused = stage.latest(&eve.dm()).await.unwrap();
    assert!(refused.text.contains("Only organisers"), "{}", refused.text);
    boss.presses(&told_boss[0], "Pause it").await.answer().await;
    stage.tg.settled().await;
    insta::assert_snapshot!(told(&told_boss[0].look()), @"
    Paused: #1 07:00 daily (Berlin) · Stretch and raises
    It rests until you say /ankle remind resume 1
    ");
    posts.until("2026-11-27T12:00:00Z").await;
    assert!(heard(&boss).is_empty() && heard(&ana).is_empty());
    stage.ends_well().await;
}

#[tokio::test]
async fn a_deputy_who_leaves_the_group_is_none_any_more() {
    let (stage, club, boss) = group_on(Data::sqlite().await).await;
    let ana = stage.friend("Ana").await.with_username("ana_runs");
    club.join(&ana);
    ana.says(&club, "/ankle streak").await;
    boss.says(&club, "/ankle club deputy @ana_runs").await;
    stage.tg.settled().await;
    ana.says(&club, "/ankle remind list").await;
    let may = stage.latest(&ana.dm()).await.unwrap();
    assert!(may.text.contains("No reminders"), "{}", may.text);
    club.leave(&ana);
    stage.tg.settled().await;
    club.join(&ana);
    ana.says(&club, "/ankle remind list").await;
    let may_not = stage.latest(&ana.dm()).await.unwrap();
    assert!(may_not.text.contains("Only organisers"), "{}", may_not.text);
    stage.ends_well().await;
}

#[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
#[tokio::test]
async fn on_a_server_a_deputy_is_named_by_a_mention_and_hears_of_a_failed_post() {
    let stage = OnDiscord::on(Data::postgres().await).await;
    let club = stage.discord.server("Trail Friends");
    let channel = club.channel("mobility");
    let boss = club.organiser("Boss").in_channel(&channel);
    let ana = club.member("Ana").in_channel(&channel);
    stage.types(&ana, "/ankle streak").await.answer().await;
    let line = format!("/ankle-club club deputy <@{}>", ana.user().id());
    let named = stage.types(&boss, &line).await.answer().await;
    insta::assert_snapshot!(told_on_discord(&named), @"
    Ana may set up this club now, and hears when something goes wrong. If /ankle-club is hidden in a menu, open it to deputies in the server's settings.
    Deputies: Ana
    ");
    let line = "/ankle-club remind set 19:00 zone:Berlin";
    stage.types(&boss, line).await.answer().await;
    channel.deny_bot(discord::permissions::SEND_MESSAGES);
    let posts = stage.posts();
    posts.until("2026-11-24T18:05:00Z").await;
    let dm = ana.user().dm();
    let notice = dm.sees().pop().unwrap();
    insta::assert_snapshot!(told_on_discord(&notice), @r#"
    I couldn't post in \#mobility (Trail Friends) this evening: I may not write there.
    It is reminder `#1` 19:00 daily (Berlin). You hear of it this once.
    [I fixed it] [Pause it]
    "#);
    let still = dm.press(&notice, "I fixed it").await.answer().await;
    insta::assert_snapshot!(told_on_discord(&still), @"
    I can't post there: I may not write in it. Nothing was saved.
    [Check again]
    ");
    channel.allow_bot(discord::permissions::SEND_MESSAGES);
    let fixed = dm.press(&still, "Check again").await.answer().await;
    insta::assert_snapshot!(told_on_discord(&fixed), @"Thanks. Today's comes in a moment.");
    posts.until("2026-11-24T18:06:00Z").await;
    let post = channel.bot_messages().pop().unwrap();
    assert!(told_on_discord(&post).contains("Tue 24 Nov"));
    stage.ends_well().await;
}

#[tokio::test]
async fn after_a_week_without_a_press_who_set_it_is_asked_once_whether_weekly_will_do() {
    let (stage, club, boss) = group_on(Data::sqlite().await).await;
    boss.says(&club, "/ankle remind set 07:00 zone:Berlin keep:all")
        .await;
    stage.latest(&boss.dm()).await;
    let posts = stage.posts();
    posts.until("2026-12-01T12:00:00Z").await;
    assert!(heard(&boss).is_empty(), "{}", stage.tg.transcript());
    posts.until("2026-12-04T12:00:00Z").await;
    let asked = heard(&boss);
    assert_eq!(asked.len(), 1, "{}", stage.tg.transcript());
    insta::assert_snapshot!(told(&asked[0]), @"
    Nobody pressed in Trail Friends this week. Weekly instead?
    It is reminder #1 07:00 daily (Berlin). You hear of it this once.
    [Weekly] [Keep] [Stop]
    ");
    let posted = club.bot_messages();
    let stand = posted.iter().filter(|shown| !shown.deleted).count();
    assert_eq!(stand, 10, "all posts stay");
    boss.presses(&asked[0], "Weekly").await.answer().await;
    stage.tg.settled().await;
    insta::assert_snapshot!(told(&asked[0].look()), @"
    Saved: #1 07:00 Mon (Berlin) · Stretch and raises · all posts stay
    Next: Mon 7 Dec 07:00 (Berlin).
    ");
    boss.says(&club, "/ankle remind list").await;
    let list = stage.latest(&boss.dm()).await.unwrap();
    insta::assert_snapshot!(told(&list), @"
    Reminders in this room
    • #1 07:00 Mon (Berlin) · Stretch and raises · all posts stay · next Mon 7 Dec 07:00, Mon 14 Dec 07:00, Mon 21 Dec 07:00 · last today 07:00
    ");
    posts.until("2026-12-31T12:00:00Z").await;
    assert!(heard(&boss).is_empty());
    let all = club.bot_messages().into_iter();
    assert_eq!(all.filter(|shown| !shown.deleted).count(), 14);
    stage.ends_well().await;
}

#[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
#[tokio::test]
async fn the_first_post_of_a_week_tells_what_all_did_together_and_a_press_is_a_sign_of_life() {
    let stage = OnDiscord::on(Data::postgres().await).await;
    let club = stage.discord.server("Trail Friends");
    let channel = club.channel("mobility");
    let boss = club.organiser("Boss").in_channel(&channel);
    let line = "/ankle-club remind set 07:00 zone:Berlin";
    stage.types(&boss, line).await.answer().await;
    let posts = stage.posts();
    for (until, name) in [
        ("2026-11-25T06:00:00Z", "Mia"),
        ("2026-11-26T06:00:00Z", "Tom"),
        ("2026-11-27T06:00:00Z", "Mia"),
    ] {
        posts.until(until).await;
        let post = channel.bot_messages().pop().unwrap();
        let presser = channel.person(name);
        presser.press(&post, "✓ Both").await.answer().await;
    }
    let latest = || told_on_discord(&channel.bot_messages().pop().unwrap());
    posts.until("2026-11-30T06:00:00Z").await;
    insta::assert_snapshot!(latest(), @"
    **Ankle minutes · Mon 30 Nov**
    • Calf stretch: 30 s straight, 30 s bent, each leg. 3 sets
    • Calf raises on a step: up, then 10 slow seconds down, heels below the edge. 3 × 15
    New? 1 × 8 is a fine start. Skip them with heel pain or a fresh sprain; sharp pain means stop.
    Last week: 2 people, 6 check-ins together.
    [✓ Stretch] [✓ Raises] [✓ Both]
    ");
    posts.until("2026-12-01T06:00:00Z").await;
    assert!(!latest().contains("Last week"), "{}", latest());
    let preview = stage.types(&boss, "/ankle-club remind preview").await;
    let preview = told_on_discord(&preview.answer().await);
    assert!(!preview.contains("Last week"), "{preview}");
    let quiet = |shown: &discord::Shown| told_on_discord(shown).contains("Nobody pressed");
    let dm = boss.user().dm();
    posts.until("2026-12-04T12:00:00Z").await;
    assert!(!dm.sees().iter().any(quiet));
    posts.until("2026-12-06T12:00:00Z").await;
    assert_eq!(dm.sees().iter().filter(|shown| quiet(shown)).count(), 1);
    stage.ends_well().await;
}
