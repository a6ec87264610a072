//! Starting and stopping the face, with one plain sentence for each mistake.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use ankle_core::command::Bot;
use ankle_core::delivery::{self, Doubt, Leavers};
use ankle_core::face::{Clock, SendError};
use ankle_core::store::Store;
use jiff::SignedDuration;
use reqwest::{Client, Method, Url};
use tokio_util::sync::CancellationToken;

use crate::answer::Desk;
use crate::gateway::{self, Way};
use crate::interaction::PLATFORM;
use crate::metrics::Counters;
use crate::rest::{Call, CallError, Rest};
use crate::{doctor, registration};

/// How the face is reached.
pub struct Config {
    /// The bot's token. Never logged.
    pub token: String,
    /// Another address of the API than the real one.
    pub api_url: Option<String>,
    /// The server in which commands are registered, to try them out; without one, everywhere.
    pub guild_id: Option<String>,
    /// This process's share of the servers; without one, all of them.
    pub shards: Option<ShardRange>,
}

/// A share of all servers: shards `first` to `last` of `total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShardRange {
    /// The first, counted from 0.
    pub first: u32,
    /// The last.
    pub last: u32,
    /// How many there are in all processes together.
    pub total: u32,
}

/// Why a text is no share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no share of shards")]
pub struct NoShardRange;

impl FromStr for ShardRange {
    type Err = NoShardRange;

    /// Reads `0-3/8`, or `2/8` for a single one.
    fn from_str(text: &str) -> Result<Self, NoShardRange> {
        let (range, total) = text.trim().split_once('/').ok_or(NoShardRange)?;
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let number = |text: &str| text.trim().parse::<u32>().map_err(|_| NoShardRange);
        let range = Self {
            first: number(first)?,
            last: number(last)?,
            total: number(total)?,
        };
        let fits = range.first <= range.last && range.last < range.total;
        fits.then_some(range).ok_or(NoShardRange)
    }
}

impl Config {
    /// Whether it can be right, without asking anybody.
    ///
    /// # Errors
    ///
    /// [`StartError`], naming the variable.
    pub fn check(&self) -> Result<(), StartError> {
        if !looks_like_a_token(self.bare_token()) {
            return Err(StartError::MalformedToken);
        }
        if !self.guild_id.as_deref().is_none_or(is_an_id) {
            return Err(StartError::GuildId);
        }
        self.api().map(|_| ())
    }

    fn bare_token(&self) -> &str {
        self.token.strip_prefix("Bot ").unwrap_or(&self.token)
    }

    fn api(&self) -> Result<Url, StartError> {
        address(self.api_url.as_deref().unwrap_or(REAL_API))
    }
}

/// Why the face cannot start. Each is one sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The token is none.
    #[error(
        "DISCORD_TOKEN does not look like a token: the Developer Portal gives one under Bot, in three parts with \
         dots between them"
    )]
    MalformedToken,
    /// Discord does not know the token.
    #[error(
        "Discord refuses DISCORD_TOKEN: copy it anew from the Developer Portal, or reset it there"
    )]
    RefusedToken,
    /// The address is none.
    #[error("DISCORD_API_URL is no address; it looks like https://example.org")]
    Address,
    /// The server's number is none.
    #[error(
        "DISCORD_GUILD_ID must be a server's number such as 1200000000000000000: right-click the server, Copy ID"
    )]
    GuildId,
    /// The share is none.
    #[error("DISCORD_SHARDS must be a share such as 0-3/8: shards 0 to 3 of 8")]
    Shards,
    /// TLS could not be set up.
    #[error("the connection to Discord could not be set up")]
    Client(#[source] reqwest::Error),
    /// Told to stop before it had started.
    #[error("stopped before Discord was reached")]
    Stopped,
}

/// Why the face has stopped by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stopped {
    /// The token was revoked.
    #[error("Discord refuses DISCORD_TOKEN now: it was reset. This face has stopped")]
    Token,
    /// Discord does not let us hear of servers.
    #[error(
        "Discord does not allow the bot to hear of its servers (intents). This face has stopped"
    )]
    Intents,
    /// The bot is in more servers than its shards may serve.
    #[error(
        "the bot is in too many servers for DISCORD_SHARDS: Discord wants at least {wanted} shards. This face has stopped"
    )]
    Shards {
        /// How many Discord wants.
        wanted: u32,
    },
    /// The system gives us no thread.
    #[error("no thread could be started for Discord's gateway. This face has stopped")]
    Thread,
}

/// The face, connected.
pub struct Discord {
    pub(crate) desk: Arc<Desk>,
    name: String,
    way: Way,
    guild_id: Option<String>,
    shards: Option<ShardRange>,
    token: String,
}

const REAL_API: &str = "https://discord.com";

impl Discord {
    /// Connects: checks the token and learns who we are. Without a network it keeps trying.
    ///
    /// # Errors
    ///
    /// [`StartError`], in sentences for the operator.
    pub async fn connect(
        config: &Config,
        bot: Arc<Bot>,
        store: Arc<Store>,
        clock: Arc<dyn Clock>,
        stop: &CancellationToken,
    ) -> Result<Self, StartError> {
        config.check()?;
        let (token, url) = (config.bare_token(), config.api()?);
        let client = Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .tcp_nodelay(true)
            .build()
            .map_err(StartError::Client)?;
        let counters: Arc<Counters> = Arc::default();
        let rest = Rest::new(client, &url, token, clock.clone(), counters.clone());
        let path = "/applications/@me".to_owned();
        let call = Call::bot(Method::GET, "application", "@me", path);
        let (us, name) = until_done(clock.as_ref(), stop, async || {
            let us = rest.call(&call).await?;
            let text = |key: &str| us[key].as_str().map(str::to_owned);
            // Discord always says who we are.
            let id = text("id").ok_or(SendError::Gone)?;
            let me = us["bot"]["id"].as_str().unwrap_or(&id).to_owned();
            Ok(((id, me), text("name").unwrap_or_default()))
        })
        .await?;
        let way = until_done(clock.as_ref(), stop, || gateway::way(&rest)).await?;
        let desk = Desk::new(rest, bot, store, clock, counters, us);
        Ok(Self {
            desk: Arc::new(desk),
            name,
            way,
            guild_id: config.guild_id.clone(),
            shards: config.shards,
            token: token.to_owned(),
        })
    }

    /// Our public name.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.name
    }

    /// The link by which a server takes us in.
    #[must_use]
    pub fn invite_link(&self) -> String {
        doctor::invite_link(&self.desk.application)
    }

    /// How it is sent to: 40 a second leave a fifth of what Discord bears to the rest, and it knows a
    /// message again by its key.
    #[must_use]
    pub fn way() -> delivery::Way {
        delivery::Way::per_second(PLATFORM, 40, Doubt::Keyed)
    }

    /// What is counted.
    #[must_use]
    pub fn counters(&self) -> Arc<Counters> {
        self.desk.counters.clone()
    }

    /// Whether interactions reach us.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.desk.is_ready()
    }

    /// Looks once a day whether those who count on a board are still in its server, until told to stop:
    /// who has left is named no more.
    pub async fn look_for_leavers(&self, stop: &CancellationToken) {
        let desk = &*self.desk;
        let bot = (PLATFORM, desk.application.as_str());
        let leavers = Leavers::new(desk.store.clone(), desk.clock.clone(), bot);
        leavers.keep(desk, stop.cancelled()).await;
    }

    /// Takes interactions until told to stop, then finishes what is in hand.
    ///
    /// # Errors
    ///
    /// [`Stopped`] if the face has to stop by itself.
    pub async fn run(&self, stop: &CancellationToken) -> Result<(), Stopped> {
        let (desk, server) = (self.desk.clone(), self.guild_id.clone());
        let over = CancellationToken::new();
        // Whatever ends this, ends that too.
        let _with_us = over.clone().drop_guard();
        let registering = tokio::spawn({
            let over = over.clone();
            async move { registration::keep(&desk, server.as_deref(), &over).await }
        });
        let done = gateway::run(&self.desk, &self.token, self.way.clone(), self.shards, stop).await;
        over.cancel();
        if registering.await.is_err() {
            tracing::error!("the registration of the commands has ended by itself");
        }
        self.desk.finish().await;
        done
    }
}

/// Repeats a call until it is done, or there is no use in it.
async fn until_done<T>(
    clock: &dyn Clock,
    stop: &CancellationToken,
    call: impl AsyncFn() -> Result<T, CallError>,
) -> Result<T, StartError> {
    let mut wait = SignedDuration::from_secs(1);
    loop {
        let tried = tokio::select! {
            () = stop.cancelled() => return Err(StartError::Stopped),
            tried = call() => tried,
        };
        let ordered = match tried {
            Ok(done) => return Ok(done),
            Err(CallError::Token) => return Err(StartError::RefusedToken),
            Err(CallError::Send(SendError::NotSent)) => {
                tracing::warn!("Discord cannot be reached: is there a network? Trying again");
                None
            }
            // Not even a token that is refused gets this from the real one.
            Err(CallError::Send(SendError::Gone)) => {
                tracing::warn!(
                    "what answers does not look like Discord's API: see that DISCORD_API_URL is right, and that no \
                     proxy answers instead. Trying again"
                );
                None
            }
            Err(error) => {
                tracing::warn!(%error, "Discord does not answer. Trying again");
                match error {
                    CallError::Send(SendError::RetryAfter { after, .. }) => {
                        SignedDuration::try_from(after).ok()
                    }
                    _ => None,
                }
            }
        };
        let now = clock.now();
        let until = now.checked_add(ordered.unwrap_or(wait)).unwrap_or(now);
        tokio::select! {
            () = stop.cancelled() => return Err(StartError::Stopped),
            () = clock.sleep_until(until) => {}
        }
        wait = wait.saturating_mul(2).min(SignedDuration::from_mins(1));
    }
}

fn looks_like_a_token(token: &str) -> bool {
    let safe = |part: &str| {
        let safe = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
        !part.is_empty() && part.bytes().all(safe)
    };
    token.split('.').count() == 3 && token.split('.').all(safe)
}

fn is_an_id(text: &str) -> bool {
    text.parse::<u64>().is_ok_and(|id| id > 0) && text.bytes().all(|b| b.is_ascii_digit())
}

fn address(text: &str) -> Result<Url, StartError> {
    let url = Url::parse(text).ok();
    url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or(StartError::Address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_told_from_what_is_none() {
        assert!(looks_like_a_token(
            "MTk4NjIy.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7k_-W"
        ));
        for none in ["", "abc", "a.b", "a..b", "a.b.c.d", "a.b.c d", "123:AAE"] {
            assert!(!looks_like_a_token(none), "{none}");
        }
    }

    #[test]
    fn a_share_is_told_from_what_is_none() {
        let range = |first, last, total| Ok(ShardRange { first, last, total });
        assert_eq!("0-3/8".parse(), range(0, 3, 8));
        assert_eq!(" 2 / 8".parse(), range(2, 2, 8));
        for none in ["", "3", "0-8/8", "3-0/8", "x/8", "0-3", "0/0", "-1/8"] {
            assert_eq!(none.parse::<ShardRange>(), Err(NoShardRange), "{none}");
        }
    }

    #[test]
    fn an_address_and_a_servers_number_are_told_from_what_is_none() {
        assert!(address("https://discord.com").is_ok());
        for none in ["", "discord", "ftp://x", "wss://x"] {
            assert!(address(none).is_err(), "{none}");
        }
        assert!(is_an_id("1200000000000000000"));
        for none in ["", "0", "x", "-5", "+5", "99999999999999999999"] {
            assert!(!is_an_id(none), "{none}");
        }
    }
}
