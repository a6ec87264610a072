//! Discord on a server: what a channel hears, what only its asker sees, and what people complained about
//! in bots like this one, each as a promise that is kept. The numbers are those of the list that the
//! project keeps of such complaints.

use ankle_fakes::discord::permissions::{
    ATTACH_FILES, EMBED_LINKS, SEND_MESSAGES, SEND_MESSAGES_IN_THREADS, VIEW_CHANNEL,
};
use ankle_fakes::discord::{Channel, Fault, First, Server, Shown};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::stage::{Data, Log, OnDiscord, told_on_discord as told};

/// A server with a channel, and the bot in it.
async fn stage() -> (OnDiscord, Server) {
    let stage = OnDiscord::on(Data::sqlite().await).await;
    let club = stage.discord.server("Trail Friends");
    (stage, club)
}

const HOSTILE: &str = "<b>_*[x](y)@everyone <@1> <#1> `a` ||s|| \u{202e}txet";

#[tokio::test]
async fn a_channel_hears_only_what_is_shared() {
    let (stage, club) = stage().await;
    let channel = club.channel("mobility");
    let (mia, jonas) = (channel.person("Mia"), channel.person("Jonas"));
    let private = [
        "/ankle test 9cm",
        "/ankle test left 9 right 10.5",
        "/ankle test 6cm left sharp pain heel",
        "/ankle history",
        "/ankle me show",
        "/ankle edit 1 9.4",
        "/ankle undo",
        "/ankle export",
        "/ankle help",
        "/ankle test nine-ish",
        "/ankle test",
        "/ankle me settings zone:Berlin",
        "/ankle forget",
    ];
    for line in private {
        stage.types(&mia, line).await.first().await;
        stage.discord.settled().await;
        assert_eq!(
            jonas.sees().len(),
            0,
            "{line} was heard:\n{}",
            jonas.screen()
        );
    }
    assert_eq!(stage.discord.late(), []);

    let answer = stage
        .types(&mia, "/ankle test left 9.4 right 10.5")
        .await
        .answer()
        .await;
    assert!(answer.ephemeral);
    let shared = mia.press(&answer, "Share").await.answer().await;
    assert!(!shared.ephemeral);
    let heard: Vec<_> = jonas.sees().iter().map(told).collect();
    insta::assert_snapshot!(heard.join("\n"), @"Mia logged a knee-to-wall test: Left 9.4 cm ≈ 33.8° · Right 10.5 cm ≈ 37.8°. Try yours: `/ankle test`");
    // What is shared says no band, and nothing of what hurt.
    assert!(!channel.transcript().contains("pain"));
    stage.ends_well().await;
}

#[tokio::test]
async fn a_button_of_the_day_before_yesterday_says_what_to_type() {
    let (stage, club) = stage().await;
    let channel = club.channel("mobility");
    let mia = channel.person("Mia");
    let dm = mia.user().dm();
    let answer = stage.types(&dm, "/ankle test 9cm").await.answer().await;
    stage.clock.advance(SignedDuration::from_hours(25));
    let late = dm.press(&answer, "Left").await.answer().await;
    insta::assert_snapshot!(told(&late), @"That button is too old. Type it instead: `/ankle help`");
    let again = stage.types(&dm, "/ankle test 9cm").await.answer().await;
    let done = dm.press(&again, "Left").await.answer().await;
    assert!(!told(&done).contains("too old"), "{}", told(&done));
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_41_hostile_words_come_out_as_they_are_and_ping_nobody_in_any_field() {
    let (stage, club) = stage().await;
    let channel = club.channel("mobility");
    let mia = channel.person("Mia");
    mia.user().renames(HOSTILE);
    let lines = [
        ("/ankle test", "distance", HOSTILE),
        ("/ankle test", "distance", "9cm left"),
        ("/ankle edit", "change", "@everyone"),
        ("/ankle help", "topic", "@here"),
        ("/ankle me settings", "zone", "<@&1>@everyone"),
    ];
    for (line, option, value) in lines {
        let options = [(option, value), ("entry", "1")];
        let options = if line == "/ankle edit" {
            &options[..]
        } else {
            &options[..1]
        };
        match mia.try_slash(line, options).await {
            Ok(sent) => assert_ne!(sent.first().await, First::Deferred),
            // The option has another name: nothing was typed into it.
            Err(why) => panic!("{why}"),
        }
    }
    let answer = stage
        .types(&mia, "/ankle test right 10cm")
        .await
        .answer()
        .await;
    let shared = mia.press(&answer, "Share").await.answer().await;
    // Marks that turn the rest of a line around are left out of names.
    insta::assert_snapshot!(told(&shared), @r"\<b\>\_\*\[x\]\(y\)\@everyone \<\@1\> \<\#1\> \`a\` \|\|s\|\| txet logged a knee-to-wall test: Right 10.0 cm ≈ 36.0°. Try yours: `/ankle test`");
    assert_eq!(
        stage.discord.pings(),
        [],
        "complaint 41: the bot pinged @everyone from user text"
    );
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_13_a_reconnect_doubles_no_handler_and_registers_nothing_again() {
    let (stage, club) = stage().await;
    let mia = club.channel("mobility").person("Mia");
    for times in 1..=3 {
        stage.discord.gateway_reconnect();
        stage.discord.until_resumed(times).await;
    }
    stage
        .types(&mia, "/ankle test 9cm left")
        .await
        .answer()
        .await;
    stage.discord.settled().await;
    assert_eq!(stage.tests().await, 1);
    assert_eq!(stage.discord.calls("create_interaction_response"), 1);
    assert_eq!(stage.discord.calls("bulk_set_application_commands"), 1);
    stage.ends_well().await;
}

#[tokio::test]
async fn who_has_left_the_server_is_on_its_board_no_more_a_day_later() {
    let (stage, club) = stage().await;
    let channel = club.channel("mobility");
    let (mia, jonas) = (channel.person("Mia"), channel.person("Jonas"));
    for person in [&mia, &jonas] {
        stage
            .types(person, "/ankle done calf-raise")
            .await
            .answer()
            .await;
    }
    let board = async || {
        let asked = stage.types(&mia, "/ankle leaderboard").await;
        told(&asked.answer().await)
    };
    club.part(&club.member("Jonas"));
    assert!(board().await.contains("Jonas"), "nobody has told us");
    // A server of which nothing can be said just now is looked through an hour later.
    let fault = stage.discord.fault(Fault::Error(500, 0));
    fault.on("get_guild_member").once();
    stage.looks_for_leavers().await;
    let names = board().await;
    assert!(names.contains("Mia") && !names.contains("Jonas"), "{names}");
    assert_eq!(stage.discord.calls("get_guild_member"), 3);
    // Whoever comes back is a member with his next word.
    club.join(&club.member("Jonas"));
    stage.types(&jonas, "/ankle streak").await.answer().await;
    assert!(board().await.contains("Jonas"));
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_19_what_is_refused_for_good_is_not_tried_for_ever() {
    let (stage, club) = stage().await;
    let (mia, jonas) = (
        club.channel("a").person("Mia"),
        club.channel("b").person("Jonas"),
    );
    let refused = stage
        .discord
        .fault(Fault::Error(403, 50001))
        .on("create_interaction_response");
    let refused = refused.in_channel(mia.channel().id()).until_cleared();
    stage.types(&mia, "/ankle test 9cm left").await;
    refused.struck(1).await;
    stage
        .types(&jonas, "/ankle test 9cm left")
        .await
        .answer()
        .await;
    for _ in 0..100 {
        let _ = stage.clock.step();
        tokio::task::yield_now().await;
    }
    assert_eq!(refused.hits(), 1);
    assert_eq!((stage.counters.lost_answers(), stage.tests().await), (1, 2));
    let (discord, ..) = stage.stop().await;
    discord.finish_with_unread().await;
}

#[tokio::test]
async fn complaint_20_doctor_says_which_permission_is_missing_in_this_channel() {
    let (stage, club) = stage().await;
    let channel = club.channel("mobility");
    channel.deny_bot(SEND_MESSAGES | EMBED_LINKS | ATTACH_FILES);
    let boss = club.organiser("Boss").in_channel(&channel);
    let answer = stage
        .types(&boss, "/ankle-club doctor")
        .await
        .answer()
        .await;
    assert!(answer.ephemeral);
    insta::assert_snapshot!(told(&answer), @"
    **How I fare in this room**
    ✓ I see this channel.
    ✗ I may not send messages here: answers work, posts don't. Give me the right to send messages.
    ✓ I may write in threads.
    ✗ I may not embed links, so my posts would be empty: give me that right.
    ✗ I may not attach files, so posts have no pictures: give me that right.
    ✗ The club has no zone, so days go by UTC: `/ankle-club club settings zone:Berlin`
    [Add me to another group](https://discord.com/oauth2/authorize?client_id=1100000000000000001&scope=bot+applications.commands&permissions=274877959168)
    ");
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_21_nobody_reads_that_the_application_did_not_respond() {
    let (stage, club) = stage().await;
    let channel = club.channel("mobility");
    let stalled = stage.data.store.begin().await.unwrap();
    let runners: Vec<_> = (0..20)
        .map(|n| channel.person(&format!("Runner {n}")))
        .collect();
    let mut asked = Vec::new();
    for runner in &runners {
        asked.push(stage.types(runner, "/ankle test left 9 right 10").await);
    }
    stage
        .in_time(|| asked.iter().all(|asked| asked.first_so_far().is_some()))
        .await;
    for asked in &asked {
        assert_eq!(asked.first().await, First::Deferred);
        assert!(asked.took().unwrap() <= SignedDuration::from_millis(2_500));
    }
    drop(stalled);
    for asked in &asked {
        let answer = asked.answer().await;
        assert!(
            answer.ephemeral && told(&answer).starts_with("Left 9.0 cm"),
            "{answer}"
        );
    }
    assert_eq!(stage.tests().await, 40);
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_22_commands_are_in_one_scope_and_shown_once() {
    let (stage, club) = stage().await;
    let names: Vec<_> = stage
        .discord
        .commands(None)
        .iter()
        .map(|c| c["name"].clone())
        .collect();
    assert_eq!(names, ["ankle", "ankle-club"]);
    assert_eq!(stage.discord.commands(Some(&club)).len(), 0);
    let stage = stage.restarted().await;
    stage
        .discord
        .until_called("list_application_commands", 2)
        .await;
    assert_eq!(
        stage.discord.calls("bulk_set_application_commands"),
        1,
        "nothing had changed"
    );
    stage.ends_well().await;
}

#[tokio::test]
async fn complaint_40_times_are_shown_in_the_readers_own_zone() {
    let (stage, club) = stage().await;
    let boss = club.organiser("Boss").in_channel(&club.channel("mobility"));
    let says = async |line: &str| told(&stage.types(&boss, line).await.answer().await);
    // A moment is the platform's to show, with no word of whose time it is.
    insta::assert_snapshot!(says("/ankle-club remind set 07:00 zone:Berlin").await, @"
    Saved: `#1` 07:00 daily (Berlin) · Stretch and raises
    Next: <t:1795586400:s>.
    ");
    insta::assert_snapshot!(says("/ankle-club remind list").await, @"
    **Reminders in this room**
    • `#1` 07:00 daily (Berlin) · Stretch and raises · next <t:1795586400:s>, <t:1795672800:s>, <t:1795759200:s>
    ");
    insta::assert_snapshot!(says("/ankle-club club show").await, @"
    **What is set for this club**
    Zone: Europe/Berlin (now 11:00)
    Language: not set
    Home: none
    Reminders: 1, next <t:1795586400:s>
    Break: none
    ");
    // The echo of a zone is the clock there: whoever meant another one sees it at once.
    let echo = says("/ankle me settings zone:Tokyo").await;
    assert!(echo.contains("Zone: Asia/Tokyo (now 19:00)"), "{echo}");
    let echo = says("/ankle-club club settings zone:Lisbon").await;
    assert!(echo.contains("Zone: Europe/Lisbon (now 10:00)"), "{echo}");
    insta::assert_snapshot!(says("/ankle-club remind resume").await, @"
    On again: `#1` 07:00 daily (Lisbon) · Stretch and raises
    Next: <t:1795590000:s>.
    ");
    stage.ends_well().await;
}

#[tokio::test]
async fn what_a_channel_is_told_of_boards_and_challenges_makes_no_sound() {
    let (stage, club) = stage().await;
    let channel = club.channel("mobility");
    let boss = club.organiser("Boss").in_channel(&channel);
    let lines = [
        "/ankle-club challenge create raises-30",
        "/ankle challenge show 1",
        "/ankle leaderboard",
        "/ankle-club challenge cancel 1",
    ];
    for line in lines {
        let heard = stage.types(&boss, line).await.answer().await;
        assert!(heard.silent && !heard.ephemeral, "{line}: {}", told(&heard));
    }
    stage.ends_well().await;
}

#[tokio::test]
async fn a_result_is_shared_once_though_the_program_starts_anew_between_two_presses() {
    let (stage, club) = stage().await;
    let channel = club.channel("mobility");
    let (mia, jonas) = (channel.person("Mia"), channel.person("Jonas"));
    let asked = stage.types(&mia, "/ankle test 9cm left").await;
    let answer = asked.answer().await;
    mia.press(&answer, "Share").await.answer().await;
    let stage = stage.restarted().await;
    let again = mia.press(&answer, "Share").await.answer().await;
    assert!(again.ephemeral);
    insta::assert_snapshot!(told(&again), @"Shared already.");
    stage.discord.settled().await;
    assert_eq!(jonas.sees().len(), 1, "what was shared");
    stage.ends_well().await;
}

#[tokio::test]
async fn another_process_goes_on_where_the_first_one_stopped() {
    let (stage, club) = stage().await;
    let mia = club.channel("mobility").person("Mia");
    stage
        .types(&mia, "/ankle test 9cm left")
        .await
        .answer()
        .await;
    let stage = stage.restarted().await;
    let history = stage.types(&mia, "/ankle history").await.answer().await;
    assert!(told(&history).contains("L 9.0"), "{history}");
    stage.ends_well().await;
}

#[tokio::test]
async fn a_channel_in_which_posts_would_be_empty_is_promised_nothing_from_wherever_it_is_asked() {
    let (stage, club) = stage().await;
    let board = club.channel("board");
    let boss = club.organiser("Boss").in_channel(&club.channel("mobility"));
    let says = async |line: &str| {
        let asked = stage.types(&boss, &format!("/ankle-club {line}")).await;
        asked.answer().await
    };
    board.deny_bot(EMBED_LINKS);
    let refused = says("remind set 19:00 zone:Berlin in:board").await;
    insta::assert_snapshot!(told(&refused), @"
    I can't post there: I may not embed links, so my posts would be empty. Nothing was saved.
    [Check again]
    ");
    assert!(told(&says("club home in:board").await).contains("embed"));
    board.allow_bot(EMBED_LINKS);
    let saved = boss.press(&refused, "Check again").await.answer().await;
    assert!(told(&saved).contains("Saved: `#1`"), "{}", told(&saved));
    board.deny_everyone(VIEW_CHANNEL);
    let hidden = says("remind set 20:00 in:board").await;
    assert!(told(&hidden).contains("I don't see that channel"));
    board.allow_bot(VIEW_CHANNEL);
    board.deny_bot(EMBED_LINKS);
    let posts = stage.posts();
    posts.until("2026-11-24T18:05:00Z").await;
    let dm = boss.user().dm();
    let notice = dm.sees().pop().unwrap();
    let still = dm.press(&notice, "I fixed it").await.answer().await;
    assert!(told(&still).contains("embed"), "{}", told(&still));
    board.allow_bot(EMBED_LINKS);
    let fixed = dm.press(&still, "Check again").await.answer().await;
    assert!(told(&fixed).starts_with("Thanks."), "{}", told(&fixed));
    assert_eq!(stage.discord.calls("trigger_typing_indicator"), 0);
    posts.until("2026-11-24T18:06:00Z").await;
    let post = board.bot_messages().pop().unwrap();
    assert!(told(&post).contains("Tue 24 Nov"));
    stage.ends_well().await;
}

#[tokio::test]
async fn a_thread_is_looked_at_by_its_own_right_and_by_what_its_channel_says() {
    let (stage, club) = stage().await;
    let channel = club.channel("mobility");
    let (thread, locked) = (channel.thread("mornings"), channel.thread("old"));
    locked.lock();
    let boss = club.organiser("Boss").in_channel(&channel);
    let says = async |thread: &Channel| {
        let line = format!(
            "/ankle-club remind set 07:00 zone:Berlin in:<#{}>",
            thread.id()
        );
        told(&stage.types(&boss, &line).await.answer().await)
    };
    channel.deny_bot(SEND_MESSAGES_IN_THREADS);
    assert!(says(&thread).await.contains("I may not write in it"));
    channel.allow_bot(SEND_MESSAGES_IN_THREADS);
    channel.deny_bot(SEND_MESSAGES);
    assert!(says(&thread).await.contains("Saved: `#1`"));
    let closed = says(&locked).await;
    assert!(closed.contains("closed"), "{closed}");
    stage.ends_well().await;
}

#[tokio::test]
async fn a_registration_that_is_refused_for_good_is_said_once_with_its_reason_and_tried_seldom() {
    for code in [50_035, 30_034] {
        let log = Log::default();
        let _listening = log.listen();
        let (discord, clock) = OnDiscord::prepared().await;
        let fault = discord.fault(Fault::Error(400, code));
        let fault = fault.on("bulk_set_application_commands").until_cleared();
        let stage = OnDiscord::with(discord, clock, Data::sqlite().await).await;
        let said = || log.lines_with("Discord refuses the commands");
        while said().is_empty() {
            tokio::task::yield_now().await;
        }
        stage.discord.until_ready(1).await;
        let mia = stage.discord.server("Trail Friends").channel("mobility");
        let history = json!([{ "name": "history", "type": 1, "options": [] }]);
        let asked = mia.person("Mia").slash_raw("ankle", &history).await;
        assert!(told(&asked.answer().await).contains("No tests yet"));
        stage.clock.advance(SignedDuration::from_hours(5));
        stage.discord.settled().await;
        assert_eq!(fault.hits(), 1, "{code}");
        stage.clock.advance(SignedDuration::from_hours(1));
        fault.struck(2).await;
        stage.discord.settled().await;
        assert_eq!(said().len(), 1, "{:?}", said());
        assert!(said()[0].contains(&format!("({code})")), "{:?}", said());
        assert!(said()[0].contains("ERROR"), "{:?}", said());
        fault.clear();
        let is_there = || stage.discord.commands(None).len() == 2;
        stage.in_time(is_there).await;
        stage.ends_well().await;
    }
}

/// What fits an option that is not the one in question.
fn sample(option: &str) -> &'static str {
    match option {
        "distance" => "9cm left",
        "change" => "9.5cm",
        "entry" | "challenge" | "reminder" => "1",
        "time" => "07:00",
        "zone" => "Europe/Berlin",
        "exercise" => "calf-raise",
        "title" => "Calves",
        "goal" => "45",
        "dates" => "2026-12-01..2026-12-08",
        "who" => "<@1>",
        _ => "x",
    }
}

/// The commands of a root, each with its path and its options.
fn leaves(node: &Value, path: &str) -> Vec<(String, Vec<Value>)> {
    let path = format!("{path} {}", node["name"].as_str().unwrap());
    let options = node["options"].as_array().cloned().unwrap_or_default();
    if options
        .iter()
        .any(|option| option["type"].as_u64() < Some(3))
    {
        return options
            .iter()
            .flat_map(|inner| leaves(inner, &path))
            .collect();
    }
    vec![(path.trim().to_owned(), options)]
}

/// What is no text of a message must not be one: nobody is called, and marks are escaped.
fn calls_nobody(answer: &Shown, what: &str) -> String {
    let said = told(answer);
    assert!(
        answer.pings.is_nobody() && answer.ephemeral,
        "{what}: {said}"
    );
    for mention in ["@everyone", "<@1>", "<@&2>", "@here"] {
        let escaped = format!("\\{}", mention.replace('<', "<\\").replace('>', "\\>"));
        let bare = said.replace(&escaped, "");
        assert!(!bare.contains(mention), "{what}: {said}");
    }
    format!("{what}: {}", said.lines().next().unwrap_or_default())
}

#[tokio::test]
async fn complaint_41_everyone_in_every_option_of_every_command_comes_back_as_text() {
    const EVERYONE: &str = "@everyone <@1> <@&2> @here";
    let (stage, club) = stage().await;
    let boss = club.organiser("Boss").in_channel(&club.channel("mobility"));
    let start = "/ankle-club remind set 07:00 zone:Berlin";
    for line in [start, "/ankle test 9cm left", "/ankle done calf-raise"] {
        stage.types(&boss, line).await.answer().await;
    }
    let mut page = Vec::new();
    let roots = stage.discord.commands(None);
    for (path, options) in roots.iter().flat_map(|root| leaves(root, "")) {
        let (root, rest) = path.split_once(' ').unwrap();
        let sends = async |values: Vec<Value>| {
            let nested = rest.rsplit(' ').fold(
                json!(values),
                |inner, word| json!([{ "type": 1, "name": word, "options": inner }]),
            );
            boss.slash_raw(root, &nested).await
        };
        for field in &options {
            let given = options
                .iter()
                .filter(|option| option["name"] == field["name"] || option["required"] == true);
            let values = given.map(|option| {
                let name = option["name"].as_str().unwrap();
                let is_field = option["name"] == field["name"];
                let value = if is_field { EVERYONE } else { sample(name) };
                json!({ "type": 3, "name": name, "value": value })
            });
            let answer = sends(values.collect()).await.answer().await;
            let what = format!("/{path} {}", field["name"].as_str().unwrap());
            page.push(calls_nobody(&answer, &what));
        }
        if options.iter().any(|option| option["required"] == true) {
            let form = sends(Vec::new()).await.form().await;
            let field = form.fields[0].custom_id.clone();
            let filled = boss.submit(&form, &[(&field, EVERYONE)]).await;
            let what = format!("/{path}, its form");
            match filled.first().await {
                // Another is missing.
                First::Modal(_) => {}
                _ => page.push(calls_nobody(&filled.answer().await, &what)),
            }
        }
    }
    insta::assert_snapshot!("everyone_in_every_option", page.join("\n"));
    assert_eq!(stage.discord.pings(), []);
    stage.ends_well().await;
}
