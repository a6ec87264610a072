//! How the platforms are reached.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::SocketAddr;

use ankle_discord::ShardRange;
use secrecy::{ExposeSecret, SecretString};

use super::ConfigError;

/// How the platforms are reached: at least one of them.
#[derive(Debug, Default)]
pub struct Faces {
    /// How Discord is reached, if it is turned on.
    pub discord: Option<OnDiscord>,
    /// How Telegram is reached, if it is turned on.
    pub telegram: Option<OnTelegram>,
    /// Where the operator may ask how the program is.
    pub admin_addr: Option<SocketAddr>,
    /// The same without a port: the name of a socket that only this machine has.
    pub door: String,
}

/// How Discord is reached.
#[derive(Debug)]
pub struct OnDiscord {
    /// The bot's token.
    pub token: SecretString,
    /// Another address of its API.
    pub api_url: Option<String>,
    /// The server in which commands are registered, to try them out.
    pub guild_id: Option<String>,
    /// This process's share of the servers.
    pub shards: Option<ShardRange>,
    /// How many posts may leave in a second.
    pub per_second: Option<u16>,
}

/// How Telegram is reached.
#[derive(Debug)]
pub struct OnTelegram {
    /// The bot's token.
    pub token: SecretString,
    /// Another address of its API.
    pub api_url: Option<String>,
    /// The public address that updates are posted to.
    pub webhook_url: Option<String>,
    /// Where we listen for them.
    pub http_addr: Option<SocketAddr>,
    /// How many posts may leave in a second.
    pub per_second: Option<u16>,
}

impl OnDiscord {
    /// The same, for the face.
    #[must_use]
    pub fn config(&self) -> ankle_discord::Config {
        ankle_discord::Config {
            token: self.token.expose_secret().to_owned(),
            api_url: self.api_url.clone(),
            guild_id: self.guild_id.clone(),
            shards: self.shards,
        }
    }
}

impl OnTelegram {
    /// The same, for the face.
    #[must_use]
    pub fn config(&self) -> ankle_telegram::Config {
        ankle_telegram::Config {
            token: self.token.expose_secret().to_owned(),
            api_url: self.api_url.clone(),
            webhook_url: self.webhook_url.clone(),
        }
    }
}

/// Discord bears fifty calls a second of a bot; Telegram as many as were bought.
const DISCORD_BEARS: u16 = 50;
const TELEGRAM_BEARS: u16 = 1_000;

impl Faces {
    /// Reads them.
    pub(super) fn of(
        environment: &impl Fn(&str) -> Option<String>,
        database_url: &str,
    ) -> Result<Self, ConfigError> {
        let mut faces = Self {
            discord: on_discord(environment)?,
            telegram: on_telegram(environment)?,
            admin_addr: address(environment, "ADMIN_ADDR")?,
            door: String::new(),
        };
        faces.door = faces.door(database_url);
        Ok(faces)
    }

    /// A name that follows from the settings and holds no secret: anybody on this machine can read it.
    fn door(&self, database_url: &str) -> String {
        let mut hasher = DefaultHasher::new();
        // What stands before the host is a name and a password.
        database_url.rsplit('@').next().hash(&mut hasher);
        if let Some(on) = &self.discord {
            on.token.expose_secret().split('.').next().hash(&mut hasher);
            on.shards
                .map(|s| (s.first, s.last, s.total))
                .hash(&mut hasher);
        }
        if let Some(on) = &self.telegram {
            on.token.expose_secret().split(':').next().hash(&mut hasher);
            on.http_addr.hash(&mut hasher);
        }
        self.admin_addr.hash(&mut hasher);
        if let (true, Ok(folder)) = (database_url.starts_with("sqlite:"), std::env::current_dir()) {
            folder.hash(&mut hasher);
        }
        format!("anklebot-{:016x}", hasher.finish())
    }
}

fn on_discord(
    environment: &impl Fn(&str) -> Option<String>,
) -> Result<Option<OnDiscord>, ConfigError> {
    let Some(token) = environment("DISCORD_TOKEN") else {
        return Ok(None);
    };
    let shards = environment("DISCORD_SHARDS").map(|text| text.parse());
    let on = OnDiscord {
        token: token.into(),
        api_url: environment("DISCORD_API_URL"),
        guild_id: environment("DISCORD_GUILD_ID"),
        shards: shards
            .transpose()
            .map_err(|_| ankle_discord::StartError::Shards)?,
        per_second: pace(environment, "DISCORD_PER_SECOND", DISCORD_BEARS)?,
    };
    on.config().check()?;
    Ok(Some(on))
}

fn on_telegram(
    environment: &impl Fn(&str) -> Option<String>,
) -> Result<Option<OnTelegram>, ConfigError> {
    let Some(token) = environment("TELEGRAM_TOKEN") else {
        return Ok(None);
    };
    let on = OnTelegram {
        token: token.into(),
        api_url: environment("TELEGRAM_API_URL"),
        webhook_url: environment("TELEGRAM_WEBHOOK_URL"),
        http_addr: address(environment, "HTTP_ADDR")?,
        per_second: pace(environment, "TELEGRAM_PER_SECOND", TELEGRAM_BEARS)?,
    };
    if on.webhook_url.is_some() && on.http_addr.is_none() {
        return Err(ConfigError::WebhookWithoutAddr);
    }
    on.config().check()?;
    Ok(Some(on))
}

fn address(
    environment: &impl Fn(&str) -> Option<String>,
    name: &'static str,
) -> Result<Option<SocketAddr>, ConfigError> {
    let read = |text: String| text.parse().map_err(|_| ConfigError::Addr { name, text });
    environment(name).map(read).transpose()
}

fn pace(
    environment: &impl Fn(&str) -> Option<String>,
    name: &'static str,
    most: u16,
) -> Result<Option<u16>, ConfigError> {
    let Some(text) = environment(name) else {
        return Ok(None);
    };
    let number = text.parse().ok().filter(|n| (1..=most).contains(n));
    let number = number.ok_or(ConfigError::Pace { name, most, text })?;
    Ok(Some(number))
}
