//! What the fake itself says, checked against the official description.

use serde_json::Value;

use super::schema::schema;
use super::state::{ChatKind, Member, State, Status};
use super::*;

fn problems(name: &str, value: &Value) -> Vec<String> {
    let problems = schema().check_type(name, value);
    problems
        .iter()
        .map(|problem| format!("{} {}", problem.path, problem.what))
        .collect()
}

#[tokio::test]
async fn updates_fit_the_description() {
    let tg = FakeTelegram::start(Arc::new(ankle_clock::SystemClock::new())).await;
    let (mia, jonas) = (
        tg.user("Mia").with_username("mia").speaking("de"),
        tg.user("Jonas"),
    );
    let group = tg.group("Old Friends").with(&[&mia]);
    let club = group.migrate().with_username("trail_friends");
    club.join(&jonas);
    club.promote_bot(&[]);
    let topic = club.topic("Mobility");
    let message = mia.says(&topic, "/ankle https://example.org @mia").await;
    mia.edits(&message, "/ankle").await;
    mia.replies(&message, "and a reply").await;
    mia.sends_photo_with_caption(&club, "/ankle look").await;
    club.promote(&mia);
    mia.says_anonymously(&club, "/ankle").await;
    club.close_topic(&topic);
    mia.presses_stale(&message, "data").await;
    mia.deletes(&message);
    mia.presses_stale(&message, "data").await;
    let news = tg.channel("News");
    news.promote_bot(&["can_post_messages"]);
    news.discuss_in(&club);
    news.posts("Run on Sunday").await;
    mia.says(&mia.dm(), "/start").await;
    mia.blocks_bot();
    club.restrict_bot();
    club.kick_bot();
    let updates = tg
        .shared
        .read(|state| state.queue.batch(100))
        .unwrap_or_default();
    let updates: Value = serde_json::from_str(&format!("[{updates}]")).unwrap();
    let updates = updates.as_array().unwrap();
    assert!(updates.len() > 20, "{}", updates.len());
    for update in updates {
        assert_eq!(problems("Update", update), [""; 0], "{update:#}");
    }
}

#[tokio::test]
async fn a_poll_ends_when_its_client_goes_away() {
    let tg = FakeTelegram::start(Arc::new(ankle_clock::SystemClock::new())).await;
    let url = format!("{}/bot{}/getUpdates?timeout=50", tg.url(), tg.token());
    tokio::select! {
        _ = reqwest::get(url) => panic!("nothing came"),
        () = tg.until_polling() => {}
    }
    tg.until(|state| state.queue.polling == 0).await;
    tg.finish().await;
}

#[test]
fn answers_fit_the_description() {
    let mut state = State::new(jiff::Timestamp::UNIX_EPOCH, "7:token", "Bot", "fake_bot");
    assert_eq!(problems("User", &state.me_json()), [""; 0]);
    let mia = state.add_account("Mia", Some("mia"), false);
    for kind in [ChatKind::Group, ChatKind::Supergroup, ChatKind::Channel] {
        let chat = state.add_chat(kind, "Friends");
        let chat = state.chat(chat);
        assert_eq!(
            problems("ChatFullInfo", &state.full_chat_json(chat)),
            [""; 0]
        );
        for status in [
            Status::Creator,
            Status::Administrator,
            Status::Member,
            Status::Restricted,
            Status::Left,
            Status::Kicked,
        ] {
            let member = state.member_json(mia, &Member::of(status), kind);
            assert_eq!(problems("ChatMember", &member), [""; 0]);
        }
    }
}
