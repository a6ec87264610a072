//! Starting and stopping the face, with one plain sentence for each mistake.

use std::sync::Arc;
use std::time::Duration;

use ankle_core::command::Bot;
use ankle_core::delivery::{Doubt, Way};
use ankle_core::face::{Clock, SendError};
use ankle_core::store::Store;
use axum::Router;
use jiff::SignedDuration;
use reqwest::{Client, Url};
use serde::Deserialize;
use teloxide::payloads::{DeleteWebhook, GetMe, SetWebhook};
use tokio_util::sync::CancellationToken;

use crate::answer::Desk;
use crate::api::{Api, CallError};
use crate::metrics::Counters;
use crate::rooms::Rooms;
use crate::said::Said;
use crate::update::{Me, PLATFORM};
use crate::webhook::{Webhook, route};
use crate::{doctor, menu, poll};

/// Messages to all chats together, by Telegram's pages.
const MOST_A_SECOND: usize = 30;

/// How the face is reached.
pub struct Config {
    /// The token from @`BotFather`. Never logged.
    pub token: String,
    /// Another address of the Bot API than the real one.
    pub api_url: Option<String>,
    /// The public address that updates are posted to; without one, they are polled for.
    pub webhook_url: Option<String>,
}

/// Why the face cannot start. Each is one sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The token is none.
    #[error(
        "TELEGRAM_TOKEN does not look like a token: @BotFather gives one such as 123456789:AAE…"
    )]
    MalformedToken,
    /// Telegram does not know the token.
    #[error(
        "Telegram refuses TELEGRAM_TOKEN: copy it anew from @BotFather, or make a new one there"
    )]
    RefusedToken,
    /// The address is none.
    #[error("{name} is no address; it looks like https://example.org")]
    Address {
        /// The variable.
        name: &'static str,
    },
    /// TLS could not be set up.
    #[error("the connection to Telegram could not be set up")]
    Client(#[source] reqwest::Error),
    /// Told to stop before it had started.
    #[error("stopped before Telegram was reached")]
    Stopped,
}

/// Why the face has stopped by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stopped {
    /// The token was revoked.
    #[error("Telegram refuses TELEGRAM_TOKEN now: it was revoked. This face has stopped")]
    Token,
}

/// The face, connected.
pub struct Telegram {
    pub(crate) desk: Arc<Desk>,
    rooms: Arc<Rooms>,
    webhook: Option<(Url, Webhook)>,
}

/// As much of ourselves as we need to know.
#[derive(Deserialize)]
struct Ourselves {
    id: u64,
    username: String,
    #[serde(default)]
    can_read_all_group_messages: bool,
}

const REAL_API: &str = "https://api.telegram.org";

impl Telegram {
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
        if !looks_like_a_token(&config.token) {
            return Err(StartError::MalformedToken);
        }
        let url = address(
            "TELEGRAM_API_URL",
            config.api_url.as_deref().unwrap_or(REAL_API),
        )?;
        let webhook = config
            .webhook_url
            .as_deref()
            .map(|url| address("TELEGRAM_WEBHOOK_URL", url))
            .transpose()?
            .map(|url| (url, Webhook::of_token(&config.token)));
        let client = Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .tcp_nodelay(true)
            .build()
            .map_err(StartError::Client)?;
        let api = Api::new(client, &url, &config.token);
        let me = ourselves(&api, clock.as_ref(), stop).await?;
        let desk = Arc::new(Desk {
            api,
            bot,
            store,
            clock,
            me,
            counters: Arc::default(),
            recent: crate::answer::recent(),
            said: Said::default(),
        });
        Ok(Self {
            desk,
            rooms: Arc::default(),
            webhook,
        })
    }

    /// Our public name.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.desk.me.username
    }

    /// The link by which a group takes us in.
    #[must_use]
    pub fn invite_link(&self) -> String {
        doctor::invite_link(self.username())
    }

    /// Whether privacy mode is off.
    #[must_use]
    pub fn reads_all(&self) -> bool {
        self.desk.me.reads_all
    }

    /// What is counted.
    #[must_use]
    pub fn counters(&self) -> Arc<Counters> {
        self.desk.counters.clone()
    }

    /// How it is sent to: 25 a second leave a sixth of what Telegram bears to answers, more if they need it,
    /// and it does not know a message again.
    #[must_use]
    pub fn way() -> Way {
        Way {
            most: Some(MOST_A_SECOND),
            ..Way::per_second(PLATFORM, 25, Doubt::Once)
        }
    }

    /// The route for the webhook, if there is one: to be served before [`Telegram::run`].
    #[must_use]
    pub fn route(&self) -> Option<Router> {
        let (_, webhook) = self.webhook.as_ref()?;
        Some(route(self.desk.clone(), self.rooms.clone(), webhook))
    }

    /// Takes updates until told to stop, then finishes what is in hand.
    ///
    /// # Errors
    ///
    /// [`Stopped`] if the face has to stop by itself.
    pub async fn run(&self, stop: &CancellationToken) -> Result<(), Stopped> {
        let desk = self.desk.clone();
        let menu = tokio::spawn(async move { menu::set(&desk).await });
        let done = match &self.webhook {
            Some((url, webhook)) => self.be_called(url, webhook, stop).await,
            None => self.poll(stop).await,
        };
        menu.abort();
        self.rooms.finish().await;
        done
    }

    async fn poll(&self, stop: &CancellationToken) -> Result<(), Stopped> {
        let payload = DeleteWebhook::new();
        self.until_done(stop, || self.desk.api.call::<_, bool>(&payload))
            .await?;
        poll::run(&self.desk, &self.rooms, stop).await
    }

    async fn be_called(
        &self,
        url: &Url,
        webhook: &Webhook,
        stop: &CancellationToken,
    ) -> Result<(), Stopped> {
        let mut address = url.clone();
        address.set_path(&format!(
            "{}{}",
            url.path().trim_end_matches('/'),
            webhook.path
        ));
        let mut payload = SetWebhook::new(address);
        payload.secret_token = Some(webhook.secret.clone());
        payload.allowed_updates = Some(poll::WANTED.to_vec());
        self.until_done(stop, || self.desk.api.call::<_, bool>(&payload))
            .await?;
        stop.cancelled().await;
        Ok(())
    }

    /// Repeats a call until it is done, or there is no use in it.
    async fn until_done<F>(
        &self,
        stop: &CancellationToken,
        call: impl Fn() -> F,
    ) -> Result<(), Stopped>
    where
        F: Future<Output = Result<bool, CallError>>,
    {
        let mut wait = SignedDuration::from_secs(1);
        loop {
            match call().await {
                Ok(_) => return Ok(()),
                Err(CallError::Token) => return Err(Stopped::Token),
                Err(error) => tracing::warn!(%error, "Telegram cannot be reached. Trying again"),
            }
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = self.desk.sleep(wait) => {}
            }
            wait = wait.saturating_mul(2).min(SignedDuration::from_mins(1));
        }
    }
}

async fn ourselves(
    api: &Api,
    clock: &dyn Clock,
    stop: &CancellationToken,
) -> Result<Me, StartError> {
    let mut wait = SignedDuration::from_secs(1);
    loop {
        let error = match api.call::<_, Ourselves>(&GetMe::new()).await {
            Ok(me) => {
                return Ok(Me {
                    id: me.id,
                    username: me.username,
                    reads_all: me.can_read_all_group_messages,
                });
            }
            Err(CallError::Token) => return Err(StartError::RefusedToken),
            Err(error) => error,
        };
        match error {
            CallError::Send(SendError::NotSent) => {
                tracing::warn!("Telegram cannot be reached: is there a network? Trying again");
            }
            error => tracing::warn!(%error, "Telegram does not answer. Trying again"),
        }
        let now = clock.now();
        tokio::select! {
            () = stop.cancelled() => return Err(StartError::Stopped),
            () = clock.sleep_until(now.checked_add(wait).unwrap_or(now)) => {}
        }
        wait = wait.saturating_mul(2).min(SignedDuration::from_mins(1));
    }
}

fn looks_like_a_token(token: &str) -> bool {
    let Some((id, secret)) = token.split_once(':') else {
        return false;
    };
    let safe = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    !id.is_empty()
        && id.bytes().all(|b| b.is_ascii_digit())
        && !secret.is_empty()
        && secret.bytes().all(safe)
}

fn address(name: &'static str, text: &str) -> Result<Url, StartError> {
    let url = Url::parse(text).ok();
    url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or(StartError::Address { name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_told_from_what_is_none() {
        assert!(looks_like_a_token("123456789:AAE_x-y"));
        for none in ["", "abc", ":x", "1:", "12a:xyz", "123:a b", "123:a/b"] {
            assert!(!looks_like_a_token(none), "{none}");
        }
    }
}
