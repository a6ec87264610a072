//! Starting and stopping the face, with one plain sentence for each mistake.

use std::sync::Arc;

use ankle_core::command::Bot;
use ankle_core::delivery::{Doubt, Leavers, Pulse, Single, Way};
use ankle_core::face::{Clock, SendError};
use ankle_core::store::Store;
use axum::Router;
use jiff::SignedDuration;
use reqwest::Url;
use serde::Deserialize;
use teloxide::payloads::{DeleteWebhook, SetWebhook};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::answer::{Desk, OnTheirWay};
use crate::api::{Api, CallError, Unknown};
use crate::config::{Config, StartError};
use crate::metrics::Counters;
use crate::rooms::Rooms;
use crate::said::Said;
use crate::standing::Standing;
use crate::transport::Transport;
use crate::update::{Me, PLATFORM};
use crate::waits::Waits;
use crate::webhook::{Webhook, route};
use crate::{doctor, menu, poll};

/// Messages to all chats together, by Telegram's pages.
const MOST_A_SECOND: usize = 30;

/// Why the face has stopped by itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stopped {
    /// The token was revoked.
    #[error("Telegram refuses TELEGRAM_TOKEN now: it was revoked. This face has stopped")]
    Token,
    /// The address for updates will not do.
    #[error("Telegram refuses TELEGRAM_WEBHOOK_URL ({told}){}. This face has stopped", advice(.told))]
    Webhook {
        /// What Telegram says.
        told: String,
    },
}

/// What to do about an address that Telegram refuses, as far as its words show what is wrong with it.
fn advice(told: &str) -> &'static str {
    let told = told.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| told.contains(word));
    if says(&["port"]) {
        ": its port must be 443, 80, 88 or 8443"
    } else if says(&["reserved", "ip address", "private"]) {
        ": its name must lead to an address that can be reached from the internet"
    } else if says(&["certificate", "ssl", "tls"]) {
        ": its certificate must be one that browsers trust, for just this name"
    } else if says(&["https"]) {
        ": it must begin with https://"
    } else {
        ""
    }
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
        config.check()?;
        let url = config.api()?;
        let webhook = config.webhook()?;
        let webhook = webhook.map(|url| (url, Webhook::of_token(&config.token)));
        let transport = Transport::to(&url).map_err(StartError::Client)?;
        let api = Api::new(transport, &url, &config.token);
        let me = ourselves(&api, clock.as_ref(), stop).await?;
        let desk = Arc::new(Desk {
            api,
            bot,
            store,
            standing: Standing::new(clock.now()),
            clock,
            me,
            counters: Arc::default(),
            recent: crate::answer::recent(),
            on_their_way: OnTheirWay::default(),
            said: Said::default(),
            waits: Waits::default(),
            moved_to: tokio::sync::watch::Sender::default(),
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

    /// Whether updates reach us, or will when it is our turn to poll.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.desk.standing.is_ready()
    }

    /// Beats with each poll, and rests while another process polls or updates come by themselves.
    #[must_use]
    pub fn pulse(&self) -> Arc<Pulse> {
        self.desk.standing.pulse()
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
        self.desk.standing.is_away();
        menu.abort();
        self.rooms.finish().await;
        self.desk.note_places().await;
        done
    }

    /// Looks once a day whether those who count on a board are still in its group, until told to stop: who
    /// has left is named no more. Of a small group we hear at once.
    pub async fn look_for_leavers(&self, stop: &CancellationToken) {
        let desk = &*self.desk;
        let bot = desk.me.id.to_string();
        let leavers = Leavers::new(desk.store.clone(), desk.clock.clone(), (PLATFORM, &bot));
        leavers.keep(desk, stop.cancelled()).await;
    }

    /// Polls whenever it is our turn. Who has the lease polls; a process that waits for it is there for
    /// when that one is gone.
    async fn poll(&self, stop: &CancellationToken) -> Result<(), Stopped> {
        let desk = &self.desk;
        let lease = format!("poll:{}:{}", PLATFORM.0, desk.me.id);
        let single = Single::new(desk.store.clone(), desk.clock.clone(), lease);
        loop {
            let somebody_has_it = || {
                tracing::info!(
                    "another process polls Telegram: this one takes over when that one is gone"
                );
                desk.standing.waits();
            };
            let mut held = tokio::select! {
                () = stop.cancelled() => return Ok(()),
                held = single.take(somebody_has_it) => held,
            };
            desk.standing.is_away();
            let ours = stop.child_token();
            let polling = self.poll_while(&ours, stop);
            tokio::pin!(polling);
            let done = tokio::select! {
                done = &mut polling => done,
                () = held.keep() => {
                    tracing::warn!("another process may poll Telegram now: this one waits for its turn");
                    ours.cancel();
                    polling.await
                }
            };
            held.leave().await;
            if done.is_err() || stop.is_cancelled() {
                return done;
            }
        }
    }

    async fn poll_while(
        &self,
        ours: &CancellationToken,
        stop: &CancellationToken,
    ) -> Result<(), Stopped> {
        let payload = DeleteWebhook::new();
        self.until_done(ours, || self.desk.api.call::<_, bool>(&payload))
            .await?;
        let (desk, rooms) = (self.desk.clone(), self.rooms.clone());
        let (ours, stop) = (ours.clone(), stop.clone());
        // In a task of its own, so that what wakes it wakes nothing around it. The outermost task of all
        // cannot even be woken without a call to the operating system.
        let polling = tokio::spawn(async move { poll::run(&desk, &rooms, &ours, &stop).await });
        match AbortOnDropHandle::new(polling).await {
            Ok(done) => done,
            Err(ended) => std::panic::resume_unwind(ended.into_panic()),
        }
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
        self.set_webhook(&payload, stop).await?;
        if !stop.is_cancelled() {
            self.desk.standing.waits();
        }
        // No poll will tell that the token is no good any more.
        let done = tokio::select! {
            () = self.give_owed_in_turn(stop) => Ok(()),
            () = self.desk.api.token_refused() => Err(Stopped::Token),
        };
        // What comes now is for another process, or for this one when it is back: it is delivered again.
        self.rooms.close();
        self.desk.note_owed().await;
        done
    }

    /// Gives what processes before this one have left, and what one beside it leaves that dies. One process
    /// does: what another still has in hand is its own to give. Ends when told to stop.
    async fn give_owed_in_turn(&self, stop: &CancellationToken) {
        let desk = &self.desk;
        let lease = format!("owed:{}:{}", PLATFORM.0, desk.me.id);
        let single = Single::new(desk.store.clone(), desk.clock.clone(), lease);
        loop {
            let mut held = tokio::select! {
                () = stop.cancelled() => return,
                held = single.take(|| {}) => held,
            };
            poll::give_owed(desk, &self.rooms).await;
            let is_over = tokio::select! {
                () = stop.cancelled() => true,
                () = held.keep() => false,
            };
            if is_over {
                return held.leave().await;
            }
        }
    }

    /// Says where updates are to go, as long as it can still be taken.
    async fn set_webhook(
        &self,
        payload: &SetWebhook,
        stop: &CancellationToken,
    ) -> Result<(), Stopped> {
        let mut wait = SignedDuration::from_secs(1);
        loop {
            let Err((error, told)) = self.desk.api.call_told::<_, bool>(payload).await else {
                return Ok(());
            };
            match error {
                CallError::Token => return Err(Stopped::Token),
                CallError::Send(SendError::RetryAfter { after, .. }) => {
                    let ordered = SignedDuration::try_from(after).unwrap_or_default();
                    wait = wait.max(ordered);
                    tracing::warn!("Telegram wants the webhook later. Trying again");
                }
                CallError::Send(SendError::NotSent | SendError::Away | SendError::InDoubt)
                | CallError::Conflict => {
                    tracing::warn!(%error, "Telegram cannot be reached. Trying again");
                }
                // A name that is new is not known everywhere at once.
                _ if told.contains("resolve host") => tracing::warn!(
                    "Telegram does not find TELEGRAM_WEBHOOK_URL yet ({told}). Trying again"
                ),
                _ => return Err(Stopped::Webhook { told }),
            }
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = self.desk.sleep(wait) => {}
            }
            wait = wait.saturating_mul(2).min(SignedDuration::from_mins(1));
        }
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
        let error = match api.ourselves::<Ourselves>().await {
            Ok(me) => {
                return Ok(Me {
                    id: me.id,
                    username: me.username,
                    reads_all: me.can_read_all_group_messages,
                });
            }
            Err(Unknown::Call(CallError::Token)) => return Err(StartError::RefusedToken),
            Err(error) => error,
        };
        match error {
            error @ Unknown::NotTheApi { .. } => tracing::warn!(
                "{error}: see that TELEGRAM_API_URL is right, and that no proxy answers instead. Trying again"
            ),
            Unknown::Call(CallError::Send(SendError::NotSent)) => {
                tracing::warn!("Telegram cannot be reached: is there a network? Trying again");
            }
            Unknown::Call(error) => {
                tracing::warn!(%error, "Telegram does not answer. Trying again");
            }
        }
        let now = clock.now();
        tokio::select! {
            () = stop.cancelled() => return Err(StartError::Stopped),
            () = clock.sleep_until(now.checked_add(wait).unwrap_or(now)) => {}
        }
        wait = wait.saturating_mul(2).min(SignedDuration::from_mins(1));
    }
}
