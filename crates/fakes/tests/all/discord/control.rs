//! The control API for load tests.

use std::sync::Arc;

use ankle_clock::SystemClock;
use ankle_fakes::discord::FakeDiscord;
use serde_json::{Value, json};

use super::client::{Client, Socket, callback, commands};

#[tokio::test]
async fn injected_commands_are_counted_until_their_answers() {
    let builder = FakeDiscord::builder().control().limits(false).history(50);
    let discord = builder.start(Arc::new(SystemClock::new())).await.unwrap();
    let bot = Client::new(&discord);
    bot.register(&commands()).await;
    let mut socket = Socket::ready(&discord).await;
    let answering = tokio::spawn(async move {
        for _ in 0..120 {
            let event = socket.event("INTERACTION_CREATE").await;
            let body = json!({"type": 4, "data": {"content": "ok"}});
            bot.ok("POST", &callback(&event), &body).await;
        }
        socket
    });
    let http = reqwest::Client::new();
    let post = async |path: &str, body: Value| -> Value {
        let request = http
            .post(format!("{}/control/{path}", discord.url()))
            .json(&body);
        request.send().await.unwrap().json().await.unwrap()
    };
    let get = async |path: &str| -> Value {
        let request = http.get(format!("{}/control/{path}", discord.url()));
        request.send().await.unwrap().json().await.unwrap()
    };
    let made = post("servers", json!({"count": 2, "channels": 2, "members": 3})).await;
    let servers: Vec<_> = made["servers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| &s["id"])
        .collect();
    let injection = json!({"command": "/ankle test", "options": {"reading": "{n}cm"},
        "servers": servers, "count": 100, "window": 8});
    let done = post("inject", injection).await;
    assert_eq!((&done["injected"], &done["lost"]), (&json!(100), &json!(0)));
    let injection = json!({"command": "/ankle help", "servers": servers, "count": 20,
        "rate": 1000});
    assert_eq!(post("inject", injection).await["lost"], 0);
    drop(answering.await.unwrap());
    let counters = get("counters").await;
    for (name, count) in [
        ("injected", 120),
        ("messages_posted", 120),
        ("violations", 0),
    ] {
        assert_eq!(counters[name], count, "{name} in {counters}");
    }
    assert_eq!(counters["answer_microseconds"]["count"], 120);
    assert_eq!(get("answers").await.as_array().map(Vec::len), Some(120));
    assert_eq!(get("violations").await, json!([]));
    let dump = get("dump").await;
    assert_eq!(dump["channels"].as_array().map(Vec::len), Some(4));
    let unknown = json!({"command": "/knee", "servers": servers});
    assert!(post("inject", unknown).await["error"].is_string());
    assert!(post("inject", json!({"servers": []})).await["error"].is_string());
    assert!(post("gateway", json!({"do": "dance"})).await["error"].is_string());
    post("reset", json!({})).await;
    assert_eq!(get("counters").await["injected"], 0);
}
