//! Telegram where it calls the bot instead of being asked: what was not taken comes again, and is done once.

use std::time::Duration;

use ankle_fakes::telegram::Fault;
use serde_json::{Value, json};

use crate::stage::{Data, OnTelegram, told};

/// An update with a command that nobody has typed.
fn command(number: i64) -> Value {
    let mia = json!({ "id": 77, "is_bot": false, "first_name": "Mia", "language_code": "en" });
    json!({
        "update_id": number,
        "message": {
            "message_id": number,
            "date": 1_795_514_400,
            "chat": { "id": 77, "type": "private", "first_name": "Mia" },
            "from": mia,
            "text": "/ankle streak",
            "entities": [{ "type": "bot_command", "offset": 0, "length": 6 }],
        },
    })
}

#[tokio::test]
async fn without_a_database_a_call_is_refused_and_delivered_again_when_there_is_one() {
    let stage = OnTelegram::called(Data::sqlite().await).await;
    let club = stage.tg.supergroup("Trail Friends");
    let mia = stage.friend("Mia").await;
    club.join(&mia);
    stage.tg.settled().await;
    stage.data.store.close().await;
    assert_eq!(stage.posted(&command(7)).await, 503);
    mia.says(&club, "/ankle test 9cm left").await;
    // Who cannot be served is not told so: it is only late.
    assert_eq!(stage.posted(&command(8)).await, 503);
    assert!(club.unread().is_empty() && stage.tg.pending_updates() > 0);

    let stage = stage.restarted().await;
    let room = stage.latest(&club).await.unwrap();
    assert_eq!(room.text, "Saved: Left 9.0 cm ≈ 32.4°.");
    assert_eq!(stage.tests().await, 1);
    assert_eq!(club.bot_messages().len(), 1);
    stage.ends_well().await;
}

#[tokio::test]
async fn a_bot_that_is_stopping_finishes_what_it_has_taken_and_takes_no_more() {
    let stage = OnTelegram::called(Data::sqlite().await).await;
    let mia = stage.friend("Mia").await;
    let hangs = stage.tg.fault(Fault::HangBefore).on("sendMessage");
    let hangs = hangs.in_chat(mia.id()).once();
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    hangs.struck(1).await;
    assert_eq!(stage.posted(&command(7)).await, 200);
    stage.begins_to_stop();
    let refused = async {
        while stage.posted(&command(8)).await != 503 {
            tokio::task::yield_now().await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(10), refused).await;
    assert!(in_time.is_ok(), "it takes what comes for as long as it can");
    assert!(mia.dm().unread().is_empty());
    hangs.release();
    let stage = stage.restarted().await;
    let answer = stage.latest(&mia.dm()).await.unwrap();
    assert!(told(&answer).starts_with("Left 9.0 cm"), "{answer:?}");
    assert_eq!(stage.tests().await, 1);
    stage.ends_well().await;
}
