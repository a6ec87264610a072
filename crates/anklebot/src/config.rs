//! Configuration: the environment first, then a `.env` file, and flags to override both.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::net::SocketAddr;

use ankle_core::store::DEFAULT_URL;
use ankle_discord::{ShardRange, StartError};
use clap::{Parser, Subcommand};
use secrecy::SecretString;
use tracing_subscriber::EnvFilter;

/// The database of the terminal, unless told otherwise: a playground never touches real data.
const TERMINAL_DATABASE: &str = "sqlite://anklebot-demo.db";

/// Logs knee-to-wall tests and answers them. Serves the platforms whose tokens are set; with no token
/// and no subcommand: a chat in the terminal.
#[derive(Debug, Parser)]
#[command(name = "anklebot", version)]
struct Flags {
    /// The database: a file, or a URL (sqlite://… or postgres://…). Overrides `DATABASE_URL`.
    #[arg(long, global = true, value_name = "FILE or URL")]
    db: Option<String>,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum What {
    /// Chat with the bot in the terminal (what happens without any token, too)
    Chat,
}

/// What the program was told.
#[derive(Debug)]
pub struct Config {
    /// The URL of the database, which may hold a password.
    pub database_url: SecretString,
    /// What to do.
    pub mode: Mode,
    log: String,
    log_json: bool,
}

/// What to do.
#[derive(Debug)]
pub enum Mode {
    /// Chat in the terminal.
    Chat,
    /// Serve the platforms whose tokens are there.
    Serve(Faces),
}

/// How the platforms are reached: at least one of them.
#[derive(Debug, Default)]
pub struct Faces {
    /// How Discord is reached, if it is turned on.
    pub discord: Option<OnDiscord>,
    /// How Telegram is reached, if it is turned on.
    pub telegram: Option<OnTelegram>,
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
}

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The `.env` file has a line that says nothing.
    #[error("the file .env cannot be read; each of its lines is NAME=value")]
    DotEnv(#[source] dotenvy::Error),
    /// The log filter says nothing.
    #[error("LOG must be error, warn, info, debug or trace, or a filter such as ankle_core=debug")]
    Log(#[source] tracing_subscriber::filter::ParseError),
    /// The log format is none.
    #[error("LOG_FORMAT must be text or json, and it is {0:?}")]
    LogFormat(String),
    /// An address to listen on that is none.
    #[error("HTTP_ADDR must be an address and a port such as 0.0.0.0:8080, and it is {0:?}")]
    HttpAddr(String),
    /// A webhook that nobody listens for.
    #[error("TELEGRAM_WEBHOOK_URL needs HTTP_ADDR, the address to listen on, such as 0.0.0.0:8080")]
    WebhookWithoutAddr,
    /// A setting of Discord's that cannot be used.
    #[error(transparent)]
    Discord(#[from] StartError),
}

impl Config {
    /// Reads flags, environment and `.env`. Wrong flags and `--help` end the program here.
    ///
    /// # Errors
    ///
    /// [`ConfigError`], naming the variable.
    pub fn load() -> Result<Self, ConfigError> {
        let flags = Flags::parse();
        let file = dot_env(".env")?;
        let environment = |name: &str| {
            let set = std::env::var(name).ok().or_else(|| file.get(name).cloned());
            set.filter(|value| !value.is_empty())
        };
        Self::from(&flags, environment)
    }

    fn from(
        flags: &Flags,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let has_token = ["DISCORD_TOKEN", "TELEGRAM_TOKEN"]
            .iter()
            .any(|name| environment(name).is_some());
        let mode = match flags.what {
            None if has_token => Mode::Serve(Faces {
                discord: on_discord(&environment)?,
                telegram: on_telegram(&environment)?,
            }),
            _ => Mode::Chat,
        };
        let (database, level) = match mode {
            Mode::Chat => (TERMINAL_DATABASE, "warn"),
            Mode::Serve(_) => (DEFAULT_URL, "info"),
        };
        let from_flag = flags.db.as_deref().map(database_url);
        let database_url = from_flag.or_else(|| environment("DATABASE_URL"));
        let log = filter(environment("LOG").as_deref().unwrap_or(level));
        EnvFilter::try_new(&log).map_err(ConfigError::Log)?;
        let log_json = match environment("LOG_FORMAT").as_deref() {
            None | Some("text") => false,
            Some("json") => true,
            Some(other) => return Err(ConfigError::LogFormat(other.to_owned())),
        };
        Ok(Self {
            database_url: database_url.unwrap_or_else(|| database.to_owned()).into(),
            mode,
            log,
            log_json,
        })
    }

    /// Starts the log, on standard error.
    pub fn start_log(&self) {
        let filter = EnvFilter::new(&self.log);
        let log = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_ansi(std::io::stderr().is_terminal())
            .with_writer(std::io::stderr);
        if self.log_json {
            log.json().init();
        } else {
            log.init();
        }
    }
}

fn on_discord(
    environment: &impl Fn(&str) -> Option<String>,
) -> Result<Option<OnDiscord>, ConfigError> {
    let Some(token) = environment("DISCORD_TOKEN") else {
        return Ok(None);
    };
    let shards = environment("DISCORD_SHARDS").map(|text| text.parse());
    Ok(Some(OnDiscord {
        token: token.into(),
        api_url: environment("DISCORD_API_URL"),
        guild_id: environment("DISCORD_GUILD_ID"),
        shards: shards.transpose().map_err(|_| StartError::Shards)?,
    }))
}

fn on_telegram(
    environment: &impl Fn(&str) -> Option<String>,
) -> Result<Option<OnTelegram>, ConfigError> {
    let Some(token) = environment("TELEGRAM_TOKEN") else {
        return Ok(None);
    };
    let http_addr = match environment("HTTP_ADDR") {
        Some(text) => Some(text.parse().map_err(|_| ConfigError::HttpAddr(text))?),
        None => None,
    };
    let webhook_url = environment("TELEGRAM_WEBHOOK_URL");
    if webhook_url.is_some() && http_addr.is_none() {
        return Err(ConfigError::WebhookWithoutAddr);
    }
    Ok(Some(OnTelegram {
        token: token.into(),
        api_url: environment("TELEGRAM_API_URL"),
        webhook_url,
        http_addr,
    }))
}

/// A level alone is for our own crates: libraries are capped at `warn` unless they are named. What
/// serenity warns of holds whole messages of the gateway, so of it only errors are logged.
fn filter(log: &str) -> String {
    if log.contains(['=', ',']) {
        return log.to_owned();
    }
    format!(
        "warn,serenity=error,ankle_core={log},ankle_discord={log},ankle_telegram={log},anklebot={log}"
    )
}

/// A URL as it is; a file as the URL of a SQLite database.
fn database_url(db: &str) -> String {
    if db.contains("://") {
        return db.to_owned();
    }
    let path = db
        .replace('%', "%25")
        .replace('?', "%3F")
        .replace('#', "%23");
    format!("sqlite://{path}")
}

fn dot_env(file: &str) -> Result<HashMap<String, String>, ConfigError> {
    let lines = match dotenvy::from_path_iter(file) {
        Ok(lines) => lines,
        Err(error) if error.not_found() => return Ok(HashMap::new()),
        Err(error) => return Err(ConfigError::DotEnv(error)),
    };
    lines
        .map(|line| line.map_err(ConfigError::DotEnv))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    fn config(flags: &[&str], environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let flags = Flags::parse_from(["anklebot"].iter().chain(flags));
        Config::from(&flags, |name| {
            let found = environment.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn flags_go_before_the_environment_and_a_path_is_a_file() {
        let url = |flags: &[&str], environment: &[(&str, &str)]| {
            let config = config(flags, environment).unwrap();
            config.database_url.expose_secret().to_owned()
        };
        let environment = [("DATABASE_URL", "postgres://x@y/z")];
        assert_eq!(url(&[], &[]), TERMINAL_DATABASE);
        assert_eq!(url(&["chat"], &environment), "postgres://x@y/z");
        assert_eq!(
            url(&["--db", "a b?.db"], &environment),
            "sqlite://a b%3F.db"
        );
        assert_eq!(
            url(&["chat", "--db", "sqlite://x.db"], &[]),
            "sqlite://x.db"
        );
    }

    #[test]
    fn a_wrong_value_is_named_in_a_sentence() {
        let error = |name, value| config(&[], &[(name, value)]).unwrap_err().to_string();
        assert!(error("LOG_FORMAT", "xml").contains("LOG_FORMAT must be text or json"));
        assert!(error("LOG", "ankle_core=loud").contains("LOG must be"));
        let both = |more| [("TELEGRAM_TOKEN", "1:x"), more];
        let error = |more| config(&[], &both(more)).unwrap_err().to_string();
        assert!(error(("HTTP_ADDR", "here")).contains("HTTP_ADDR must be an address"));
        assert!(error(("TELEGRAM_WEBHOOK_URL", "https://x")).contains("needs HTTP_ADDR"));
        let both = [("DISCORD_TOKEN", "a.b.c"), ("DISCORD_SHARDS", "3-9/8")];
        let error = config(&[], &both).unwrap_err().to_string();
        assert!(error.contains("DISCORD_SHARDS must be a share such as 0-3/8"));
    }

    #[test]
    fn a_token_turns_a_face_on_and_never_prints() {
        let token = [
            ("TELEGRAM_TOKEN", "1:secret"),
            ("DATABASE_URL", "postgres://u:secret@h/d"),
        ];
        let serving = config(&[], &token).unwrap();
        assert!(matches!(serving.mode, Mode::Serve(_)));
        assert!(!format!("{serving:?}").contains("secret"));
        let both = config(&[], &[token[0], ("DISCORD_TOKEN", "a.secret.c")]).unwrap();
        assert!(
            matches!(&both.mode, Mode::Serve(faces) if faces.discord.is_some() && faces.telegram.is_some())
        );
        assert!(!format!("{both:?}").contains("secret"));
        let chat = config(&["chat"], &token).unwrap();
        assert!(matches!(chat.mode, Mode::Chat));
    }

    #[test]
    fn the_example_file_can_be_loaded_and_names_what_is_read() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.env.example");
        let text = std::fs::read_to_string(path).unwrap();
        let lines: Vec<_> = text
            .lines()
            .map(|line| {
                line.strip_prefix("#")
                    .filter(|l| l.contains('=') && !l.starts_with(' '))
                    .unwrap_or(line)
            })
            .collect();
        let text = lines.join("\n");
        let values: Result<HashMap<_, _>, _> = dotenvy::from_read_iter(text.as_bytes()).collect();
        let values = values.unwrap();
        let mut names: Vec<_> = values.keys().map(String::as_str).collect();
        names.sort_unstable();
        // Two of them are for Compose: see docker-compose.yml.
        let expected = [
            "COMPOSE_PROFILES",
            "DATABASE_URL",
            "DISCORD_API_URL",
            "DISCORD_GUILD_ID",
            "DISCORD_SHARDS",
            "DISCORD_TOKEN",
            "HTTP_ADDR",
            "LOG",
            "LOG_FORMAT",
            "POSTGRES_PASSWORD",
            "TELEGRAM_API_URL",
            "TELEGRAM_TOKEN",
            "TELEGRAM_WEBHOOK_URL",
        ];
        assert_eq!(names, expected);
        let flags = Flags::parse_from(["anklebot"]);
        Config::from(&flags, |name| values.get(name).cloned()).unwrap();
    }

    #[test]
    fn libraries_are_quiet_unless_they_are_named() {
        assert_eq!(
            filter("info"),
            "warn,serenity=error,ankle_core=info,ankle_discord=info,ankle_telegram=info,anklebot=info"
        );
        assert_eq!(filter("sqlx=debug"), "sqlx=debug");
    }
}
