//! The program: it starts what [`anklebot`] holds, and says in one sentence why it stopped.

use std::process::ExitCode;
use std::sync::Arc;

use ankle_core::store::{OpenError, Store};
use anklebot::config::{Config, ConfigError, Mode};
use anklebot::{serve, terminal};
use secrecy::ExposeSecret;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(stop) => {
            // One sentence for the operator; what lies behind it is in the log.
            eprintln!("anklebot: {stop}.");
            if let Some(cause) = std::error::Error::source(&stop) {
                tracing::info!(?cause, "stopped");
            }
            ExitCode::FAILURE
        }
    }
}

/// Why the program stops. Each is one sentence for whoever started it.
#[derive(Debug, thiserror::Error)]
enum Stop {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("the program could not start its threads")]
    Runtime(#[source] std::io::Error),
    #[error(transparent)]
    Serve(#[from] serve::ServeError),
    #[error(transparent)]
    Terminal(#[from] terminal::TerminalError),
}

/// How long the database may take to be closed.
const CLOSING: std::time::Duration = std::time::Duration::from_secs(1);

fn run() -> Result<ExitCode, Stop> {
    let config = Config::load()?;
    config.start_log();
    let faces = match &config.mode {
        Mode::Health(faces) => return Ok(health(&faces.door)),
        Mode::Serve(faces) => Some(faces),
        Mode::Chat => None,
    };
    // One thread beside the database's own. With more, most of a command's CPU time is threads waking
    // each other; see "Figures" in CONTRIBUTING.md. What takes long is to be given to a blocking task.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Stop::Runtime)?;
    let store = runtime.block_on(Store::open(config.database_url.expose_secret()))?;
    let store = Arc::new(store);
    let saved_all = match faces {
        None => terminal::run(&runtime, &store)?,
        Some(faces) => {
            runtime.block_on(serve::run(faces, &store))?;
            true
        }
    };
    // A server that does not answer must not hold us up: what was confirmed is stored.
    let _ = runtime.block_on(async { tokio::time::timeout(CLOSING, store.close()).await });
    runtime.shutdown_background();
    Ok(if saved_all {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Asks the process that serves these settings how it is.
fn health(door: &str) -> ExitCode {
    match serve::knock(door) {
        Ok((said, true)) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Ok((said, false)) => {
            println!("{said}");
            ExitCode::FAILURE
        }
        Err(error) => {
            tracing::debug!(%error, "nobody answers");
            println!("not ready: no anklebot with these settings answers here");
            ExitCode::FAILURE
        }
    }
}
