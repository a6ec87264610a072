//! Delivery to a webhook.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::client::start;

type Got = mpsc::UnboundedSender<(Option<String>, Value)>;

/// A webhook that passes on what it gets; it refuses the tries that `refuses` picks by number.
async fn receiver(got: Got, refuses: fn(usize) -> bool) -> String {
    let tries = Arc::new(AtomicUsize::new(0));
    let receive = move |headers: HeaderMap, update: Bytes| async move {
        if refuses(tries.fetch_add(1, Ordering::SeqCst)) {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
        let secret = headers.get("x-telegram-bot-api-secret-token");
        let secret = secret
            .and_then(|secret| secret.to_str().ok())
            .map(str::to_owned);
        let update = serde_json::from_slice(&update).unwrap();
        got.send((secret, update)).unwrap();
        StatusCode::OK
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/telegram", listener.local_addr().unwrap());
    let router = Router::new().route("/telegram", post(receive));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

#[tokio::test]
async fn updates_are_posted_in_order_until_they_are_taken() {
    let (tg, _clock, bot) = start().await;
    let (got, mut updates) = mpsc::unbounded_channel();
    let url = receiver(got, |n| n % 2 == 0).await;
    let mia = tg.user("Mia");
    mia.says(&mia.dm(), "one").await;
    bot.ok("setWebhook", &json!({"url": url, "secret_token": "s3cret"}))
        .await;
    mia.says(&mia.dm(), "two").await;
    for text in ["one", "two"] {
        let (secret, update) = updates.recv().await.unwrap();
        assert_eq!(secret.as_deref(), Some("s3cret"));
        assert_eq!(update["message"]["text"], text);
    }
    tg.settled().await;
    let info = bot.ok("getWebhookInfo", &json!({})).await;
    assert_eq!(info["url"], url);
    assert!(info["last_error_message"].as_str().unwrap().contains("503"));
    assert_eq!(bot.call("getUpdates", &json!({})).await.0, 409);
    bot.ok("deleteWebhook", &json!({})).await;
    bot.ok("getUpdates", &json!({})).await;
    tg.finish().await;
}

#[tokio::test]
async fn several_connections_keep_the_order_of_each_chat() {
    let (tg, _clock, bot) = start().await;
    let (got, mut updates) = mpsc::unbounded_channel();
    let url = receiver(got, |_| false).await;
    let people = [tg.user("Mia"), tg.user("Jonas"), tg.user("Ana")];
    bot.ok("setWebhook", &json!({"url": url, "max_connections": 8}))
        .await;
    for n in 0..20 {
        for person in &people {
            person.says(&person.dm(), &format!("{n}")).await;
        }
    }
    tg.settled().await;
    let mut next = std::collections::BTreeMap::new();
    for _ in 0..60 {
        let (_, update) = updates.recv().await.unwrap();
        let chat = update["message"]["chat"]["id"].as_i64().unwrap();
        let next = next.entry(chat).or_insert(0);
        assert_eq!(update["message"]["text"], next.to_string());
        *next += 1;
    }
    tg.finish().await;
}

#[tokio::test]
async fn a_webhook_that_makes_no_sense_is_refused() {
    let (tg, _clock, bot) = start().await;
    for params in [
        json!({"url": "not an address"}),
        json!({"url": "https://example.org/"}),
        json!({"url": "http://127.0.0.1/", "secret_token": "not allowed!"}),
        json!({"url": "http://127.0.0.1/", "max_connections": 101}),
    ] {
        assert_eq!(bot.call("setWebhook", &params).await.0, 400);
    }
    assert_eq!(tg.take_violations().len(), 4);
    tg.finish().await;
}
