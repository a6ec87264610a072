//! Configuration: the environment first, then a `.env` file, and flags to override both.

mod faces;
mod log;

use std::collections::HashMap;
use std::io::IsTerminal;

use ankle_core::store::DEFAULT_URL;
use clap::{Parser, Subcommand};
use secrecy::SecretString;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

pub use faces::{Faces, OnDiscord, OnTelegram};

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
    /// Ask the bot that runs here, with these same settings, whether it is well: says so, and exits 0 if it is
    Health,
}

/// What the program was told.
#[derive(Debug)]
pub struct Config {
    /// The URL of the database, which may hold a password.
    pub database_url: SecretString,
    /// What to do.
    pub mode: Mode,
    log: Targets,
    log_json: bool,
}

/// What to do.
#[derive(Debug)]
pub enum Mode {
    /// Chat in the terminal.
    Chat,
    /// Serve the platforms whose tokens are there.
    Serve(Faces),
    /// Ask the process that serves them how it is.
    Health(Faces),
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
    #[error("{name} must be an address and a port such as 0.0.0.0:8080, and it is {text:?}")]
    Addr {
        /// The variable.
        name: &'static str,
        /// What it is.
        text: String,
    },
    /// A pace that is none.
    #[error("{name} must be a whole number from 1 to {most}: posts a second, and it is {text:?}")]
    Pace {
        /// The variable.
        name: &'static str,
        /// What the platform bears.
        most: u16,
        /// What it is.
        text: String,
    },
    /// A webhook that nobody listens for.
    #[error("TELEGRAM_WEBHOOK_URL needs HTTP_ADDR, the address to listen on, such as 0.0.0.0:8080")]
    WebhookWithoutAddr,
    /// A setting of Discord's that cannot be used.
    #[error(transparent)]
    Discord(#[from] ankle_discord::StartError),
    /// A setting of Telegram's that cannot be used.
    #[error(transparent)]
    Telegram(#[from] ankle_telegram::StartError),
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
        let is_chat = match flags.what {
            None => !has_token,
            Some(What::Chat) => true,
            Some(What::Health) => false,
        };
        let (database, level) = if is_chat {
            (TERMINAL_DATABASE, "warn")
        } else {
            (DEFAULT_URL, "info")
        };
        let from_flag = flags.db.as_deref().map(database_url);
        let database_url = from_flag.or_else(|| environment("DATABASE_URL"));
        let database_url = database_url.unwrap_or_else(|| database.to_owned());
        let faces = || Faces::of(&environment, &database_url);
        let mode = match flags.what {
            _ if is_chat => Mode::Chat,
            Some(What::Health) => Mode::Health(faces()?),
            _ => Mode::Serve(faces()?),
        };
        let log = log::filter(environment("LOG").as_deref().unwrap_or(level));
        let log = log.parse().map_err(ConfigError::Log)?;
        let log_json = match environment("LOG_FORMAT").as_deref() {
            None | Some("text") => false,
            Some("json") => true,
            Some(other) => return Err(ConfigError::LogFormat(other.to_owned())),
        };
        Ok(Self {
            database_url: database_url.into(),
            mode,
            log,
            log_json,
        })
    }

    /// Starts the log, on standard error.
    pub fn start_log(&self) {
        let lines = tracing_subscriber::fmt::layer()
            .with_ansi(std::io::stderr().is_terminal())
            .with_writer(std::io::stderr);
        let log = tracing_subscriber::registry().with(self.log.clone());
        if self.log_json {
            log.with(lines.json()).init();
        } else {
            log.with(lines).init();
        }
    }
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
        assert!(error(("ADMIN_ADDR", "9000")).contains("ADMIN_ADDR must be an address"));
        for pace in ["0", "1001", "fast", "-3", "2.5"] {
            let said = error(("TELEGRAM_PER_SECOND", pace));
            assert!(
                said.contains("TELEGRAM_PER_SECOND must be a whole number from 1 to 1000"),
                "{said}"
            );
        }
        assert!(error(("TELEGRAM_WEBHOOK_URL", "https://x")).contains("needs HTTP_ADDR"));
        let both = [("DISCORD_TOKEN", "a.b.c"), ("DISCORD_SHARDS", "3-9/8")];
        let error = config(&[], &both).unwrap_err().to_string();
        assert!(error.contains("DISCORD_SHARDS must be a share such as 0-3/8"));
        let error = |more: &[(&str, &str)]| config(&[], more).unwrap_err().to_string();
        assert!(error(&[("DISCORD_TOKEN", "secret")]).contains("DISCORD_TOKEN does not look like"));
        assert!(
            error(&[("TELEGRAM_TOKEN", "secret")]).contains("TELEGRAM_TOKEN does not look like")
        );
        let fast = [both[0], ("DISCORD_PER_SECOND", "51")];
        assert!(error(&fast).contains("DISCORD_PER_SECOND must be a whole number from 1 to 50"));
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
            "ADMIN_ADDR",
            "COMPOSE_PROFILES",
            "DATABASE_URL",
            "DISCORD_API_URL",
            "DISCORD_GUILD_ID",
            "DISCORD_PER_SECOND",
            "DISCORD_SHARDS",
            "DISCORD_TOKEN",
            "HTTP_ADDR",
            "LOG",
            "LOG_FORMAT",
            "POSTGRES_PASSWORD",
            "TELEGRAM_API_URL",
            "TELEGRAM_PER_SECOND",
            "TELEGRAM_TOKEN",
            "TELEGRAM_WEBHOOK_URL",
        ];
        assert_eq!(names, expected);
        let flags = Flags::parse_from(["anklebot"]);
        Config::from(&flags, |name| values.get(name).cloned()).unwrap();
    }

    #[test]
    fn the_door_of_a_process_follows_from_its_settings_and_not_from_its_secrets() {
        let door = |environment: &[(&str, &str)]| match config(&[], environment).unwrap().mode {
            Mode::Serve(faces) => faces.door,
            other => panic!("{other:?}"),
        };
        let with = |token, url| door(&[("TELEGRAM_TOKEN", token), ("DATABASE_URL", url)]);
        let one = with("1:x", "postgres://u:a@host/d");
        assert_eq!(one, with("1:y", "postgres://u:b@host/d"));
        assert_ne!(one, with("2:x", "postgres://u:a@host/d"));
        assert_ne!(one, with("1:x", "postgres://u:a@host/e"));
        let asked = [
            ("TELEGRAM_TOKEN", "1:x"),
            ("DATABASE_URL", "postgres://u:a@host/d"),
        ];
        let asks = config(&["health"], &asked).unwrap().mode;
        assert!(matches!(asks, Mode::Health(faces) if faces.door == one));
    }
}
