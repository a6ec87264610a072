//! The load driver: how much anklebot bears, and what it costs, in figures.
//!
//! `cargo run --release -p stories --bin load -- core`, and, after `cargo build --release
//! --workspace`, the same with `telegram`, `discord` or `both`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use stories::load::{self, LoadError};

/// Measures how much anklebot bears, and prints the figures.
#[derive(Debug, Parser)]
#[command(name = "load")]
struct Arguments {
    #[command(subcommand)]
    part: Part,
}

#[derive(Debug, Subcommand)]
enum Part {
    /// The core on its database, with no platform before it.
    Core(load::core::Options),
    /// The whole bot on Telegram, with the fake in a process of its own.
    Telegram(load::telegram::Options),
    /// The whole bot on Discord, with the fake in a process of its own.
    Discord(load::discord::Options),
    /// Both faces in one process, when nothing happens.
    Both(load::both::Options),
    /// Looking for what is due among very many reminders, on both databases.
    Rooms(load::rooms::Options),
    /// Very many rooms due at one instant of a simulated clock, on both platforms.
    Drain(load::drain::Options),
    /// Very many rooms due at one instant of the real clock, while people ask.
    Rush(load::rush::Options),
    /// Sudden ends in the middle of a drain, on both platforms at once.
    Kills(load::kills::Options),
    /// A simulated year in many zones, with sudden ends, pauses and outages.
    Year(load::year::Options),
    /// Every board of a large club among very many entries, on both databases.
    Boards(load::boards::Options),
    /// In the bot's place: the least that its work costs here. Started by `telegram`.
    #[command(hide = true)]
    Least,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("load: {}.", load::chain(&error));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), LoadError> {
    // As the program's own.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(LoadError::Runtime)?;
    runtime.block_on(load::until_interrupted(async {
        match &arguments.part {
            Part::Core(options) => load::core::run(options).await,
            Part::Telegram(options) => load::telegram::run(options).await,
            Part::Discord(options) => load::discord::run(options).await,
            Part::Both(options) => load::both::run(options).await,
            Part::Rooms(options) => load::rooms::run(options).await,
            Part::Drain(options) => load::drain::run(options).await,
            Part::Rush(options) => load::rush::run(options).await,
            Part::Kills(options) => load::kills::run(options).await,
            Part::Year(options) => load::year::run(options).await,
            Part::Boards(options) => load::boards::run(options).await,
            Part::Least => load::least::run(),
        }
    }))
}
