//! Configuration: the environment first, then a `.env` file, and flags to override both.

use std::collections::HashMap;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// The database of the terminal, unless told otherwise: a playground never touches real data.
const TERMINAL_DATABASE: &str = "sqlite://anklebot-demo.db";

/// Logs knee-to-wall tests and answers them. With no token and no subcommand: a chat in the
/// terminal.
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
    /// Chat with the bot in the terminal (what happens without a subcommand, too)
    Chat,
}

/// What the program was told.
#[derive(Debug)]
pub struct Config {
    /// The URL of the database. May hold a password: never logged.
    pub database_url: String,
    log: String,
    log_json: bool,
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
        let (Some(What::Chat) | None) = flags.what;
        let from_flag = flags.db.as_deref().map(database_url);
        let database_url = from_flag.or_else(|| environment("DATABASE_URL"));
        let log = filter(environment("LOG").as_deref().unwrap_or("warn"));
        EnvFilter::try_new(&log).map_err(ConfigError::Log)?;
        let log_json = match environment("LOG_FORMAT").as_deref() {
            None | Some("text") => false,
            Some("json") => true,
            Some(other) => return Err(ConfigError::LogFormat(other.to_owned())),
        };
        Ok(Self {
            database_url: database_url.unwrap_or_else(|| TERMINAL_DATABASE.to_owned()),
            log,
            log_json,
        })
    }

    /// Starts the log, on standard error.
    pub fn start_log(&self) {
        let filter = EnvFilter::new(&self.log);
        let log = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr);
        if self.log_json {
            log.json().init();
        } else {
            log.init();
        }
    }
}

/// A level alone is for our own crates: libraries are capped at `warn` unless they are named.
fn filter(log: &str) -> String {
    if log.contains(['=', ',']) {
        return log.to_owned();
    }
    format!("warn,ankle_core={log},anklebot={log}")
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
    let lines = match dotenvy::from_filename_iter(file) {
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
            config(flags, environment).unwrap().database_url
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
        assert_eq!(names, ["DATABASE_URL", "LOG", "LOG_FORMAT"]);
        let flags = Flags::parse_from(["anklebot"]);
        Config::from(&flags, |name| values.get(name).cloned()).unwrap();
    }

    #[test]
    fn libraries_are_quiet_unless_they_are_named() {
        assert_eq!(filter("info"), "warn,ankle_core=info,anklebot=info");
        assert_eq!(filter("sqlx=debug"), "sqlx=debug");
    }
}
