//! Where we are, what we may do there, and what we say unasked.

use ankle_core::card::{Card, Text};
use ankle_core::face::{Forbidden, Messenger, SendError, SendKey};
use ankle_fakes::discord::{FakeDiscord, Fault, Scope, permissions};

use jiff::SignedDuration;

use crate::house::{House, mia_in, text, while_time_passes, within};

#[tokio::test(flavor = "multi_thread")]
async fn an_organisers_first_command_also_brings_the_set_up_once() {
    let (house, club) = House::new().await;
    let ana = club.organiser("Ana");
    let ana = ana.in_channel(&club.channel("mobility"));
    let asked = ana.slash("/ankle history", &[]).await;
    asked.answer().await;
    let offer = asked.follow_up(0).await;
    assert!(
        offer.ephemeral && text(&offer).contains("Set me up?"),
        "{}",
        text(&offer)
    );
    let set = ana.press(&offer, "New York").await.answer().await;
    assert!(text(&set).contains("America/New\\_York"), "{}", text(&set));
    let again = ana.slash("/ankle history", &[]).await;
    again.answer().await;
    let doctor = ana.slash("/ankle-club doctor", &[]).await.answer().await;
    assert!(text(&doctor).contains("✓ The club's zone is set."));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_up_that_did_not_arrive_comes_with_the_next_command() {
    let (house, club) = House::new().await;
    let ana = club.organiser("Ana").in_channel(&club.channel("mobility"));
    let lost = house.fake.fault(Fault::NotFound(10_015));
    let lost = lost.on("execute_webhook").once();
    ana.slash("/ankle history", &[]).await.answer().await;
    lost.struck(1).await;
    within(async {
        while house.face.counters().lost_answers() == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    // It is given up a moment after it is counted.
    let offered = || ana.screen().contains("Set me up?");
    within(async {
        while !offered() {
            ana.slash("/ankle history", &[]).await.answer().await;
            house.fake.settled().await;
        }
    })
    .await;
    ana.slash("/ankle history", &[]).await.answer().await;
    house.fake.settled().await;
    assert_eq!(ana.screen().matches("Set me up?").count(), 1);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_up_guesses_no_zone_after_one_was_set_and_speaks_the_language_that_was_chosen() {
    let (house, club) = House::new().await;
    let ana = club.organiser("Ana");
    let german = [("language", "de")];
    let chosen = ana.dm().slash("/ankle me settings", &german).await;
    chosen.answer().await;
    let ana = ana.in_channel(&club.channel("mobility"));
    let zone = [("zone", "Europe/Lisbon")];
    let asked = ana.slash("/ankle-club club settings", &zone).await;
    let set = asked.answer().await;
    assert!(text(&set).contains("Europe/Lisbon"), "{}", text(&set));
    let offer = asked.follow_up(0).await;
    assert!(offer.labels().is_empty(), "{:?}", offer.labels());
    assert!(text(&offer).contains("/ankle-club remind set 07:00"));
    assert!(
        text(&offer).starts_with("Das siehst nur du"),
        "{}",
        text(&offer)
    );
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_says_right_by_right_what_works_here() {
    let (house, club) = House::new().await;
    let channel = club.channel("mobility");
    let ana = club.organiser("Ana").in_channel(&channel);
    channel.deny_bot(permissions::SEND_MESSAGES | permissions::EMBED_LINKS);
    let asked = ana.slash("/ankle-club doctor", &[]).await;
    let doctor = text(&asked.answer().await);
    asked.follow_up(0).await;
    for line in [
        "✓ I see this channel.",
        "✗ I may not send messages here",
        "✗ I may not embed links",
        "✓ I may attach files.",
        "✗ The club has no zone",
    ] {
        assert!(doctor.contains(line), "{line} in {doctor}");
    }
    assert!(
        doctor.contains("scope=bot+applications.commands&permissions=274877959168"),
        "{doctor}"
    );
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_only_our_commands_are_nothing_is_promised_and_doctor_has_the_link_that_takes_us_in()
{
    let (house, _) = House::new().await;
    let club = house.fake.server_with_commands_only("Road Friends");
    let _ = club.channel("board");
    let ana = club.organiser("Ana").in_channel(&club.channel("mobility"));
    let says = async |line: &str, options: &[(&str, &str)]| {
        let line = format!("/ankle-club {line}");
        let answer = ana.slash(&line, options).await.answer().await;
        house.fake.settled().await;
        text(&answer)
    };
    let doctor = says("doctor", &[]).await;
    assert!(doctor.contains("✗ Only my commands are here"), "{doctor}");
    assert!(
        !doctor.contains('✓') && doctor.contains("scope=bot"),
        "{doctor}"
    );
    let time = [("time", "07:00"), ("zone", "Europe/Berlin")];
    let refused = says("remind set", &time).await;
    assert!(refused.contains("only my commands are here"), "{refused}");
    let elsewhere = says("remind set", &[time[0], time[1], ("in", "board")]).await;
    assert!(
        elsewhere.contains("only my commands are here"),
        "{elsewhere}"
    );
    assert!(says("remind list", &[]).await.contains("No reminders"));
    club.add_bot();
    house.clock.advance(SignedDuration::from_secs(5));
    let saved = says("remind set", &time).await;
    assert!(saved.contains("Saved: `#1`"), "{saved}");
    house.close_with_unread().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_somebody_brought_us_along_all_is_for_him_alone_and_no_club_is_made() {
    let (house, _) = House::new().await;
    let abroad = house.fake.foreign_server("Elsewhere");
    let zoe = house.fake.user("Zoe").with_app();
    abroad.join(&zoe);
    let zoe = zoe.in_channel(&abroad.channel("general"));
    let answer = zoe
        .slash("/ankle test", &[("distance", "9cm left")])
        .await
        .answer()
        .await;
    assert!(answer.ephemeral);
    assert!(!answer.labels().contains(&"Share"), "{:?}", answer.labels());
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_conversation_needs_no_server() {
    let (house, club) = House::new().await;
    let dm = club.member("Mia").dm();
    let answer = dm
        .slash("/ankle test", &[("distance", "9cm left")])
        .await
        .answer()
        .await;
    assert!(!answer.ephemeral, "nobody else reads along");
    let undone = dm.press(&answer, "Undo").await.answer().await;
    assert!(text(&undone).starts_with("Taken back"));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_is_silent_pings_nobody_and_comes_once_however_often_it_is_sent() {
    let (house, club) = House::new().await;
    let channel = club.channel("mobility");
    let room = channel.id().to_string();
    let card = Card::line(Text::plain("Ankle minutes @everyone"));
    let key = SendKey("post:4711".to_owned());
    let sent = house.face.send(&room, &card, &key).await.unwrap();
    let again = house.face.send(&room, &card, &key).await.unwrap();
    assert_eq!(sent, again);
    let post = channel.next_message().await;
    assert!(post.silent && post.pings.is_nobody());
    house
        .face
        .edit(&sent, &Card::line(Text::plain("Done today: 1")))
        .await
        .unwrap();
    assert_eq!(text(&post.look()), "Done today: 1");
    house.face.delete(&sent).await.unwrap();
    house.face.delete(&sent).await.unwrap();
    assert_eq!(house.face.edit(&sent, &card).await, Err(SendError::Gone));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_the_way_of_a_post_is_told_apart() {
    let (house, club) = House::new().await;
    let channel = club.channel("mobility");
    let room = channel.id().to_string();
    let card = Card::line(Text::plain("x"));
    let send = async |key: &str| {
        let key = SendKey(key.to_owned());
        house.face.send(&room, &card, &key).await
    };
    channel.deny_bot(permissions::SEND_MESSAGES);
    assert_eq!(send("1").await, Err(SendError::Forbidden(Forbidden::Write)));
    channel.deny_bot(permissions::VIEW_CHANNEL);
    assert_eq!(send("2").await, Err(SendError::Forbidden(Forbidden::See)));
    channel.allow_bot(permissions::VIEW_CHANNEL | permissions::SEND_MESSAGES);
    for (fault, error) in [
        (Fault::ServerError(502), SendError::Away),
        (Fault::DropAfter, SendError::InDoubt),
    ] {
        let _ = house.fake.fault(fault).on("create_message").once();
        assert_eq!(send("3").await, Err(error));
    }
    let _ = house
        .fake
        .fault(Fault::TooManyRequests(Scope::Global, 60.0))
        .on("create_message")
        .once();
    assert!(
        matches!(send("4").await, Err(SendError::RetryAfter { after, .. }) if after.as_secs() == 60)
    );
    let before = house.fake.calls("create_message");
    assert!(
        matches!(send("5").await, Err(SendError::RetryAfter { .. })),
        "a pause of all is kept"
    );
    assert_eq!(house.fake.calls("create_message"), before);
    let mia = mia_in(&club);
    let answer = mia.slash("/ankle history", &[]).await.answer().await;
    assert!(answer.ephemeral, "answers go on");
    channel.delete();
    house.clock.advance(jiff::SignedDuration::from_mins(2));
    assert_eq!(send("6").await, Err(SendError::Gone));
    house.close_with_unread().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limits_of_a_channel_are_waited_for_and_never_passed() {
    let (house, club) = House::with(FakeDiscord::builder().limits(true), |_, _| {}).await;
    let channel = club.channel("mobility");
    let room = channel.id().to_string();
    let card = Card::line(Text::plain("x"));
    for n in 0..12 {
        let key = SendKey(format!("post:{n}"));
        while_time_passes(&house.clock, house.face.send(&room, &card, &key))
            .await
            .unwrap();
    }
    assert_eq!(house.fake.refused_by_limits(), 0);
    house.close_with_unread().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_manages_the_server_may_set_it_up() {
    use ankle_core::club::Platform;
    use ankle_core::face::{AccountAddress, Place, RoomAddress};
    let (house, club) = House::new().await;
    let (ana, mia) = (club.organiser("Ana"), club.member("Mia"));
    let place = Place::Room(RoomAddress {
        chat: club.id().to_string(),
        room: club.channel("mobility").id().to_string(),
    });
    for (id, organises) in [(ana.id(), true), (mia.id(), false)] {
        let asker = AccountAddress {
            platform: Platform("discord"),
            external: id.to_string(),
        };
        let rights = house.face.rights(&asker, &place).await.unwrap();
        assert_eq!(rights.organiser, organises);
    }
    house.close().await;
}
