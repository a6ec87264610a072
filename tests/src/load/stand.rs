//! A platform with rooms that are reminded and people who ask: the fake as a program of its own.

use std::collections::HashMap;

use ankle_core::club::Platform;
use serde_json::{Value, json};

use super::LoadError;
use super::drain::TITLE;
use super::programs::{FakePlatform, count_of};
use super::seed::Room;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Side {
    Telegram,
    Discord,
}

impl Side {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Telegram => "Telegram",
            Self::Discord => "Discord",
        }
    }

    pub(super) const fn platform(self) -> Platform {
        match self {
            Self::Telegram => Platform("telegram"),
            Self::Discord => Platform("discord"),
        }
    }

    /// How many posts a second leave.
    pub(super) const fn rate(self) -> u32 {
        match self {
            Self::Telegram => 25,
            Self::Discord => 40,
        }
    }
}

/// The platform.
pub(super) struct Stand {
    pub(super) side: Side,
    pub(super) fake: FakePlatform,
}

impl Stand {
    /// A platform that enforces its limits.
    pub(super) async fn start(side: Side, flags: &[&str]) -> Result<Self, LoadError> {
        let fake = match side {
            Side::Telegram => {
                let names = ["TELEGRAM_API_URL", "TELEGRAM_TOKEN"];
                FakePlatform::with("fake-telegram", names, flags).await?
            }
            Side::Discord => {
                let names = ["DISCORD_API_URL", "DISCORD_TOKEN"];
                FakePlatform::with("fake-discord", names, flags).await?
            }
        };
        Ok(Self { side, fake })
    }

    /// Rooms with the bot in them, each of a chat of its own.
    pub(super) async fn rooms(&self, count: u32) -> Result<Vec<Room>, LoadError> {
        let (path, list) = match self.side {
            Side::Telegram => ("chats", "ids"),
            Side::Discord => ("servers", "servers"),
        };
        let made = self.fake.post(path, &json!({ "count": count })).await?;
        let rooms = made[list].as_array().ok_or(LoadError::Answer)?;
        let room = |made: &Value| match self.side {
            Side::Telegram => Some((made.to_string(), made.to_string())),
            Side::Discord => {
                let channel = made["channels"][0].as_str()?;
                Some((made["id"].as_str()?.to_owned(), channel.to_owned()))
            }
        };
        let rooms: Option<Vec<_>> = rooms.iter().map(room).collect();
        rooms.ok_or(LoadError::Answer)
    }

    /// People who ask: in their private chats, or on a server of their own.
    pub(super) async fn people(&self, count: u32) -> Result<People<'_>, LoadError> {
        let asking = match self.side {
            Side::Telegram => {
                let made = self.fake.post("users", &json!({ "count": count })).await?;
                json!({ "users": made["ids"], "text": "/ankle test left 9.4cm right 10.5cm" })
            }
            Side::Discord => {
                let body = json!({ "count": 1, "channels": 5, "members": count });
                let made = self.fake.post("servers", &body).await?;
                json!({
                    "servers": [made["servers"][0]["id"]],
                    "command": "/ankle test",
                    "options": { "distance": "left 9.4cm right 10.5cm" },
                })
            }
        };
        Ok(People {
            stand: self,
            asking,
        })
    }

    /// Waits until the bot takes what people say.
    pub(super) async fn until_up(&self) -> Result<(), LoadError> {
        let up = |counters: &Value| match self.side {
            Side::Telegram => count_of(&counters["calls"], "getUpdates") > 0,
            Side::Discord => {
                count_of(counters, "sessions") > 0
                    && count_of(&counters["calls"], "bulk_set_application_commands") > 0
            }
        };
        self.fake.until(up).await
    }

    /// How many messages were made so far, or tried.
    pub(super) fn sends(&self, counters: &Value) -> u64 {
        let method = match self.side {
            Side::Telegram => "sendMessage",
            Side::Discord => "create_message",
        };
        count_of(&counters["calls"], method)
    }

    /// How many posts stand in each room that has any.
    pub(super) async fn posts(&self) -> Result<HashMap<String, usize>, LoadError> {
        let all = self.fake.get("messages").await?;
        let mut posts = HashMap::new();
        for message in all.as_array().ok_or(LoadError::Answer)? {
            let room = match self.side {
                Side::Telegram => message["chat"]["id"].to_string(),
                Side::Discord => message["channel_id"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
            };
            if message.to_string().contains(TITLE) {
                *posts.entry(room).or_default() += 1;
            }
        }
        Ok(posts)
    }
}

/// People who ask.
pub(super) struct People<'a> {
    stand: &'a Stand,
    asking: Value,
}

impl People<'_> {
    /// Lets them ask so often, at a pace. Returns when all have asked.
    pub(super) async fn ask(&self, count: u32, a_second: u32) -> Result<(), LoadError> {
        let mut body = self.asking.clone();
        body["count"] = count.into();
        body["rate"] = a_second.into();
        self.stand.fake.post("inject", &body).await.map(|_| ())
    }

    /// How long they waited, in milliseconds: how many of them, and p50, p99, the longest.
    pub(super) fn waited(&self, counters: &Value) -> (u64, [f64; 3]) {
        let waited = match self.stand.side {
            Side::Telegram => &counters["reply_microseconds"],
            Side::Discord => &counters["answer_microseconds"],
        };
        let ms = |name: &str| waited[name].as_f64().unwrap_or(0.0) / 1e3;
        (count_of(waited, "count"), [ms("p50"), ms("p99"), ms("max")])
    }
}

/// How many rooms have no post, and how many posts there are too many.
pub(super) fn lost_and_doubled(rooms: &[Room], posts: &HashMap<String, usize>) -> (usize, usize) {
    let count = |room: &Room| posts.get(&room.1).copied().unwrap_or(0);
    let lost = rooms.iter().filter(|room| count(room) == 0).count();
    let doubled = rooms.iter().map(|room| count(room).saturating_sub(1)).sum();
    (lost, doubled)
}
