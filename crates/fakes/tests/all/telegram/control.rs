//! The control API for load tests.

use std::sync::Arc;

use ankle_clock::SystemClock;
use ankle_fakes::telegram::FakeTelegram;
use serde_json::{Value, json};

use super::client::Client;

#[tokio::test]
async fn injected_messages_are_counted_until_their_replies() {
    let builder = FakeTelegram::builder().control().limits(false).history(50);
    let tg = builder.start(Arc::new(SystemClock::new())).await.unwrap();
    let bot = Client::new(&tg);
    let http = reqwest::Client::new();
    let post = async |path: &str, body: Value| -> Value {
        let request = http
            .post(format!("{}/control/{path}", tg.url()))
            .json(&body);
        request.send().await.unwrap().json().await.unwrap()
    };
    let users = post("users", json!({"count": 10})).await["ids"].take();
    let chats = post("chats", json!({"count": 2, "members": users})).await["ids"].take();
    let injection =
        json!({"users": users, "chats": chats, "text": "/ankle test {n}cm", "count": 200});
    assert_eq!(post("inject", injection).await["injected"], 200);
    let mut heard = 0;
    loop {
        let updates = bot.updates().await;
        if updates.is_empty() {
            break;
        }
        for update in updates {
            let message = &update["message"];
            let send = json!({"chat_id": message["chat"]["id"], "text": "ok",
                "reply_parameters": {"message_id": message["message_id"]}});
            bot.ok("sendMessage", &send).await;
            heard += 1;
        }
    }
    assert_eq!(heard, 200);
    let url = format!("{}/control/counters", tg.url());
    let counters: Value = http.get(url).send().await.unwrap().json().await.unwrap();
    for (name, count) in [
        ("injected", 200),
        ("updates_acknowledged", 200),
        ("messages_sent", 200),
    ] {
        assert_eq!(counters[name], count, "{name} in {counters}");
    }
    assert!(post("inject", json!({"users": [1]})).await["error"].is_string());
    let url = format!("{}/control/dump", tg.url());
    let dump: Value = http.get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(dump["violations"], json!([]));
    assert_eq!(dump["chats"].as_array().map(Vec::len), Some(12));
    let rated = json!({"users": users, "count": 20, "rate": 1000});
    assert_eq!(post("inject", rated).await["injected"], 20);
}
