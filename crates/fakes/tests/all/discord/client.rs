//! Bare clients of the API and of the gateway, which send what they are told.

use std::io::Read;
use std::sync::Arc;

use ankle_clock::SimulatedClock;
use ankle_fakes::discord::{Builder, FakeDiscord};
use futures_util::{SinkExt, StreamExt};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

/// What every client of Discord says it is.
const AGENT: &str = "DiscordBot (https://example.org, 0)";

/// A bare client of the HTTP API.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    token: String,
    pub(crate) app: u64,
}

/// What came back: status, headers, body.
pub(crate) type Back = (u16, HeaderMap, Value);

impl Client {
    pub(crate) fn new(discord: &FakeDiscord) -> Self {
        let http = reqwest::Client::builder()
            .user_agent(AGENT)
            .build()
            .unwrap();
        Self {
            http,
            base: format!("{}/api/v10", discord.url()),
            token: discord.token(),
            app: discord.application_id(),
        }
    }

    /// The same with another token.
    pub(crate) fn with_token(&self, token: &str) -> Self {
        let token = token.to_owned();
        Self {
            token,
            ..self.clone()
        }
    }

    pub(crate) async fn try_call(
        &self,
        method: &str,
        path: &str,
        body: &Value,
    ) -> reqwest::Result<Back> {
        let method = method.parse().unwrap();
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        request = request.header("authorization", format!("Bot {}", self.token));
        if !body.is_null() {
            request = request.json(body);
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = response.text().await?;
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Ok((status, headers, body))
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: &Value) -> Back {
        self.try_call(method, path, body).await.unwrap()
    }

    /// A call that must succeed; its body.
    pub(crate) async fn ok(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, _, answer) = self.call(method, path, body).await;
        assert!(status < 300, "{method} {path}: {status} {answer}");
        answer
    }

    /// A call that must fail; its status and Discord's code.
    pub(crate) async fn error(&self, method: &str, path: &str, body: &Value) -> (u16, u64) {
        let (status, _, answer) = self.call(method, path, body).await;
        assert!(status >= 300, "{method} {path}: {status} {answer}");
        (status, answer["code"].as_u64().unwrap_or(0))
    }

    pub(crate) async fn form(
        &self,
        method: &str,
        path: &str,
        form: reqwest::multipart::Form,
    ) -> Back {
        let method = method.parse().unwrap();
        let request = self.http.request(method, format!("{}{path}", self.base));
        let request = request.header("authorization", format!("Bot {}", self.token));
        let response = request.multipart(form).send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        (status, headers, response.json().await.unwrap_or_default())
    }

    pub(crate) async fn says(&self, channel: u64, body: &Value) -> Value {
        self.ok("POST", &format!("/channels/{channel}/messages"), body)
            .await
    }

    /// Answers an interaction that came over the gateway.
    pub(crate) async fn respond(&self, event: &Value, body: &Value) -> Back {
        self.call("POST", &callback(event), body).await
    }

    pub(crate) fn webhook(&self, event: &Value, rest: &str) -> String {
        format!(
            "/webhooks/{}/{}{rest}",
            self.app,
            event["token"].as_str().unwrap()
        )
    }

    pub(crate) async fn register(&self, commands: &Value) -> Value {
        self.ok(
            "PUT",
            &format!("/applications/{}/commands", self.app),
            commands,
        )
        .await
    }
}

/// Where an interaction is answered.
pub(crate) fn callback(event: &Value) -> String {
    let text = |key: &str| event[key].as_str().unwrap().to_owned();
    format!("/interactions/{}/{}/callback", text("id"), text("token"))
}

/// A bare client of the gateway.
#[derive(Debug)]
pub(crate) struct Socket {
    stream: WebSocketStream<TcpStream>,
    /// The latest number.
    pub(crate) seq: Value,
    pub(crate) session: Value,
}

impl Socket {
    pub(crate) async fn connect(discord: &FakeDiscord) -> Self {
        Self::try_connect(discord).await.unwrap()
    }

    pub(crate) async fn try_connect(
        discord: &FakeDiscord,
    ) -> Result<Self, tokio_tungstenite::tungstenite::Error> {
        let address = discord.url().trim_start_matches("http://").to_owned();
        let stream = TcpStream::connect(&address).await?;
        let url = format!("ws://{address}/gateway?v=10&encoding=json");
        let (socket, _) = tokio_tungstenite::client_async(url, stream).await?;
        let mut socket = Self {
            stream: socket,
            seq: Value::Null,
            session: Value::Null,
        };
        assert_eq!(socket.next().await.unwrap()["op"], 10);
        Ok(socket)
    }

    /// Connects and identifies as the only shard, with the intent for servers.
    pub(crate) async fn ready(discord: &FakeDiscord) -> Self {
        let mut socket = Self::connect(discord).await;
        socket.send(&identify(discord)).await;
        let ready = socket.event("READY").await;
        socket.session = ready["session_id"].clone();
        socket
    }

    pub(crate) async fn send(&mut self, frame: &Value) {
        self.stream
            .send(Message::Text(frame.to_string()))
            .await
            .unwrap();
    }

    /// The next frame, or the code that the connection closed with (1006 if none).
    pub(crate) async fn next(&mut self) -> Result<Value, u16> {
        loop {
            let text = match self.stream.next().await {
                Some(Ok(Message::Text(text))) => text,
                Some(Ok(Message::Binary(bytes))) => {
                    let mut text = String::new();
                    let mut decoder = flate2::read::ZlibDecoder::new(&bytes[..]);
                    decoder.read_to_string(&mut text).unwrap();
                    text
                }
                Some(Ok(Message::Close(frame))) => {
                    return Err(frame.map_or(1005, |frame| frame.code.into()));
                }
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => return Err(1006),
            };
            let frame: Value = serde_json::from_str(&text).unwrap();
            if frame["s"].is_u64() {
                self.seq = frame["s"].clone();
            }
            return Ok(frame);
        }
    }

    /// The next event of that name; others are passed over.
    pub(crate) async fn event(&mut self, name: &str) -> Value {
        loop {
            let mut frame = self.next().await.unwrap();
            if frame["t"] == name {
                return frame["d"].take();
            }
        }
    }

    /// The code that the connection closes with.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }
}

/// An IDENTIFY for the only shard.
pub(crate) fn identify(discord: &FakeDiscord) -> Value {
    json!({"op": 2, "d": {"token": discord.token(), "intents": 1, "compress": false,
        "properties": {"os": "linux", "browser": "x", "device": "x"}}})
}

/// Commands to play with.
pub(crate) fn commands() -> Value {
    json!([
        {"name": "ankle", "description": "Ankles", "contexts": [0, 1, 2],
         "integration_types": [0, 1], "options": [
            {"type": 1, "name": "test", "description": "Log a test", "options": [
                {"type": 3, "name": "reading", "description": "9cm", "required": true,
                 "max_length": 20},
                {"type": 3, "name": "side", "description": "Which leg", "choices": [
                    {"name": "left", "value": "l"}, {"name": "right", "value": "r"}]},
                {"type": 4, "name": "times", "description": "How often", "max_value": 5}]},
            {"type": 1, "name": "help", "description": "Help"},
            {"type": 2, "name": "me", "description": "Yourself", "options": [
                {"type": 1, "name": "zone", "description": "Your zone", "options": [
                    {"type": 3, "name": "name", "description": "Zone", "autocomplete": true}]}]}]},
        {"name": "ankle-club", "description": "Clubs", "default_member_permissions": "32",
         "contexts": [0]}
    ])
}

/// A fake, its clock, and a client.
pub(crate) async fn start() -> (FakeDiscord, SimulatedClock, Client) {
    start_with(FakeDiscord::builder()).await
}

pub(crate) async fn start_with(builder: Builder) -> (FakeDiscord, SimulatedClock, Client) {
    let clock = SimulatedClock::new("2026-11-24T07:00:00Z".parse().unwrap());
    let discord = builder.start(Arc::new(clock.clone())).await.unwrap();
    let client = Client::new(&discord);
    (discord, clock, client)
}
