//! Both faces in one process: what they take together when nobody asks for anything.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::Value;

use super::LoadError;
use super::programs::{Bot, FakePlatform, count_of, folder_in, mb};

/// Where to look.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// The folder for the database; what is made there is removed
    #[arg(long, default_value = ".")]
    dir: PathBuf,
}

/// Prints how much memory the program takes with both faces on, when nothing happens.
///
/// # Errors
///
/// [`LoadError`].
pub async fn run(options: &Options) -> Result<(), LoadError> {
    let folder = folder_in(&options.dir)?;
    let telegram = ["TELEGRAM_API_URL", "TELEGRAM_TOKEN"];
    let telegram = FakePlatform::start("fake-telegram", telegram).await?;
    let discord = ["DISCORD_API_URL", "DISCORD_TOKEN"];
    let discord = FakePlatform::start("fake-discord", discord).await?;
    let mut bot = Bot::on(&[&telegram, &discord], folder.path())?;
    let polls = |counters: &Value| count_of(&counters["calls"], "getUpdates") > 0;
    telegram.until(polls).await?;
    discord
        .until(|counters| count_of(counters, "sessions") > 0)
        .await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    println!(
        "memory: {:.1} MB idle with both faces on",
        mb(bot.process().resident_kib()?)
    );
    bot.stop().await?;
    Ok(())
}
