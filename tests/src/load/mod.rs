//! The load driver: each part of it puts one layer of anklebot under load and prints figures.
//!
//! It judges nothing. Whoever compares two versions runs both on the same machine, at a quiet
//! moment, several times.

mod crowd;
mod data;
mod drive;
mod figures;
mod machine;
mod programs;
mod seed;
mod stand;
mod table;

pub mod boards;
pub mod both;
pub mod core;
pub mod discord;
pub mod drain;
pub mod kills;
pub mod least;
pub mod rooms;
pub mod rush;
pub mod telegram;
pub mod year;

use std::path::PathBuf;

use ankle_core::store::{OpenError, StoreError};

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The program could not start.
    #[error("the driver could not start its threads")]
    Runtime(#[source] std::io::Error),
    /// The folder for the database does not do.
    #[error("the folder {} cannot be used", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// A path that cannot stand in a database's address.
    #[error("the folder {} is not named in UTF-8; choose another with --dir", path.display())]
    FolderName {
        /// The folder.
        path: PathBuf,
    },
    /// The system does not say what is to be measured.
    #[error("{file} does not say what this driver needs; it runs on Linux only")]
    Machine {
        /// Where it should stand.
        file: String,
    },
    /// The database could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no PostgreSQL to be measured.
    #[error("there is no PostgreSQL server; --only sqlite does without")]
    Postgres(#[from] scratch_postgres::Unavailable),
    /// The core did not do a command.
    #[error("the core refused what was to be measured: {0}")]
    Refused(String),
    /// Somebody's data are in the database.
    #[error("the database holds tests already; the driver fills only an empty one")]
    InUse,
    /// The core did something else than log the tests.
    #[error("{expected} values were to be logged, {found} are there: the figures mean nothing")]
    NotLogged {
        /// How many should be there.
        expected: u64,
        /// How many are there.
        found: u64,
    },
    /// The programs to be measured are not there.
    #[error("{name} is not built beside this driver: cargo build --release --workspace")]
    NotBuilt {
        /// The program.
        name: String,
    },
    /// A program could not be started.
    #[error("a program to be measured could not be started")]
    Program(#[source] std::io::Error),
    /// The fake could not be reached.
    #[error("the fake platform could not be reached")]
    Fake(#[source] reqwest::Error),
    /// The fake or the program did not do what was expected within two minutes.
    #[error("a program that is measured did not answer as expected")]
    Answer,
    /// A bug of the driver.
    #[error("a task of the driver ended before its work was done")]
    Task(#[from] tokio::task::JoinError),
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
}

/// Does the work unless Ctrl-C is pressed first; then what it made is removed all the same.
///
/// # Errors
///
/// Those of the work, and [`LoadError::Interrupted`].
pub async fn until_interrupted(
    work: impl Future<Output = Result<(), LoadError>>,
) -> Result<(), LoadError> {
    let mut interrupted = std::pin::pin!(tokio::signal::ctrl_c());
    let mut work = std::pin::pin!(work);
    std::future::poll_fn(|context| {
        if interrupted.as_mut().poll(context).is_ready() {
            return std::task::Poll::Ready(Err(LoadError::Interrupted));
        }
        work.as_mut().poll(context)
    })
    .await
}

/// An error and what lies behind it, in one sentence.
#[must_use]
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut sentence = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        sentence.push_str(": ");
        sentence.push_str(&error.to_string());
        cause = error.source();
    }
    sentence
}
