//! A bare client, which sends what it is told.

use std::sync::Arc;

use ankle_clock::SimulatedClock;
use ankle_fakes::telegram::FakeTelegram;
use serde_json::{Value, json};

/// A bare client of the API.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
}

impl Client {
    pub(crate) fn new(tg: &FakeTelegram) -> Self {
        let http = reqwest::Client::new();
        Self {
            http,
            base: format!("{}/bot{}", tg.url(), tg.token()),
        }
    }

    /// Calls a method with a JSON body; what comes back is the status and the body.
    pub(crate) async fn call(&self, method: &str, params: &Value) -> (u16, Value) {
        self.try_call(method, params).await.unwrap()
    }

    pub(crate) async fn try_call(
        &self,
        method: &str,
        params: &Value,
    ) -> reqwest::Result<(u16, Value)> {
        let request = self
            .http
            .post(format!("{}/{method}", self.base))
            .json(params);
        let response = request.send().await?;
        let status = response.status().as_u16();
        let text = response.text().await?;
        Ok((
            status,
            serde_json::from_str(&text).unwrap_or(Value::String(text)),
        ))
    }

    /// Calls a method that must succeed, and returns its result.
    pub(crate) async fn ok(&self, method: &str, params: &Value) -> Value {
        let (status, mut body) = self.call(method, params).await;
        assert_eq!(status, 200, "{method}: {body}");
        body["result"].take()
    }

    /// Calls a method that must fail, and returns the description of the error.
    pub(crate) async fn error(&self, method: &str, params: &Value) -> String {
        let (status, body) = self.call(method, params).await;
        assert_ne!(status, 200, "{method}: {body}");
        assert_eq!(body["error_code"], status, "{body}");
        body["description"].as_str().unwrap_or_default().to_owned()
    }

    /// What waits for the bot, acknowledging it.
    pub(crate) async fn updates(&self) -> Vec<Value> {
        let updates = self.ok("getUpdates", &json!({})).await;
        let updates = updates.as_array().cloned().unwrap_or_default();
        let ids = updates
            .iter()
            .filter_map(|update| update["update_id"].as_i64());
        if let Some(highest) = ids.max() {
            let offset = highest + 1;
            self.ok("getUpdates", &json!({"offset": offset, "limit": 1}))
                .await;
        }
        updates
    }

    /// What waits for the bot, each as its kind and its text.
    pub(crate) async fn heard(&self) -> Vec<String> {
        self.updates().await.iter().map(brief).collect()
    }

    pub(crate) async fn says(&self, chat: i64, text: &str) -> Value {
        self.ok("sendMessage", &json!({"chat_id": chat, "text": text}))
            .await
    }

    pub(crate) async fn form(&self, method: &str, form: reqwest::multipart::Form) -> Value {
        let request = self
            .http
            .post(format!("{}/{method}", self.base))
            .multipart(form);
        request.send().await.unwrap().json().await.unwrap()
    }

    pub(crate) async fn raw(&self, path: &str, kind: &str, body: &str) -> (u16, Value) {
        let request = self.http.post(format!("{}{path}", self.base));
        let request = request.header("content-type", kind).body(body.to_owned());
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.json().await.unwrap_or_default())
    }
}

/// A fake, its clock, and a client.
pub(crate) async fn start() -> (FakeTelegram, SimulatedClock, Client) {
    let clock = SimulatedClock::new("2026-11-24T07:00:00Z".parse().unwrap());
    let tg = FakeTelegram::start(Arc::new(clock.clone())).await;
    let client = Client::new(&tg);
    (tg, clock, client)
}

fn brief(update: &Value) -> String {
    let fields = update.as_object().unwrap();
    let (kind, body) = fields
        .iter()
        .find(|(name, _)| *name != "update_id")
        .unwrap();
    let text = ["text", "caption", "data"]
        .iter()
        .find_map(|name| body[*name].as_str());
    let services = [
        "new_chat_members",
        "left_chat_member",
        "forum_topic_created",
        "forum_topic_closed",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
    ];
    let service = services.iter().find(|name| !body[**name].is_null());
    let status = body["new_chat_member"]["status"].as_str();
    match text.or(status).or(service.copied()) {
        Some(text) => format!("{kind} {text}"),
        None => kind.clone(),
    }
}
