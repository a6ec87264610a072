//! The thread on which the library keeps the connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use serde_json::{Value, json};
use serenity::all::{
    ConnectionStage, Context, Event, GatewayIntents, Interaction, RawEventHandler, ShardId,
};
use serenity::async_trait;
use serenity::gateway::{GatewayError, ShardManager, ShardManagerOptions};
use serenity::http::HttpBuilder;
use serenity::prelude::{RwLock, TypeMap};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Mutex, oneshot};
use tokio_util::sync::CancellationToken;

use super::library::of_command;
use crate::interaction::Incoming;
use crate::start::ShardRange;

/// What comes over a connection.
#[derive(Debug)]
pub enum News {
    /// This shard is connected, with a new session.
    Ready(u32),
    /// Somebody did something; none if it makes no sense.
    Interaction(Option<Box<Incoming>>),
    /// Somebody did something that the library could not read.
    Unread(Value),
    /// The connection ended.
    Ended(End),
}

/// Why a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// We were told to stop.
    Told,
    /// The token is not good any more.
    Token,
    /// We may not hear of what we ask for.
    Intents,
    /// For anything else: it is made anew.
    Lost {
        /// Whether it had been connected at all.
        was_ready: bool,
    },
}

impl End {
    /// The same, with what only the listener knows.
    pub fn after(self, was_ready: bool) -> Self {
        match self {
            Self::Lost { .. } => Self::Lost { was_ready },
            end => end,
        }
    }
}

/// A connection on a thread of its own.
pub struct Link {
    pub news: UnboundedReceiver<News>,
    ticks: Arc<AtomicU64>,
    connected: Arc<AtomicBool>,
    stop: CancellationToken,
    farewell: CancellationToken,
    done: Option<oneshot::Receiver<()>>,
}

/// How often the thread shows that it is alive.
const TICK: Duration = Duration::from_millis(250);

/// How long a farewell may take.
const FAREWELL: Duration = Duration::from_secs(1);

impl Link {
    /// Begins a connection.
    pub fn start(token: &str, url: &str, share: ShardRange) -> std::io::Result<Self> {
        let (send, news) = unbounded_channel();
        let ticks: Arc<AtomicU64> = Arc::default();
        let connected: Arc<AtomicBool> = Arc::default();
        let (stop, farewell) = (CancellationToken::new(), CancellationToken::new());
        let (finished, done) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let work = work(
            token.to_owned(),
            url.to_owned(),
            share,
            Thread {
                news: send,
                ticks: ticks.clone(),
                connected: connected.clone(),
                stop: stop.clone(),
                farewell: farewell.clone(),
            },
        );
        std::thread::Builder::new()
            .name("discord-gateway".to_owned())
            .spawn(move || {
                runtime.block_on(work);
                drop(finished);
            })?;
        Ok(Self {
            news,
            ticks,
            connected,
            stop,
            farewell,
            done: Some(done),
        })
    }

    /// How often the thread has shown that it is alive.
    pub fn ticks(&self) -> u64 {
        self.ticks.load(Ordering::Relaxed)
    }

    /// Whether every shard was connected just now.
    pub fn is_connected(&self) -> bool {
        self.connected.load(Ordering::Relaxed)
    }

    /// A shard has said that it is: that is newer than what was noted.
    pub fn note_connected(&self) {
        self.connected.store(true, Ordering::Relaxed);
    }

    /// Takes leave of Discord, and waits for it a little.
    pub async fn stop(&mut self) {
        self.farewell.cancel();
        self.stop.cancel();
        if let Some(done) = self.done.take() {
            let _ = tokio::time::timeout(FAREWELL * 2, done).await;
        }
    }
}

/// A link that is given up leaves its thread to end by itself, without a farewell: the library's own
/// would wait for ever on a connection that has ended.
impl Drop for Link {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

struct Thread {
    news: UnboundedSender<News>,
    ticks: Arc<AtomicU64>,
    connected: Arc<AtomicBool>,
    stop: CancellationToken,
    farewell: CancellationToken,
}

async fn work(token: String, url: String, share: ShardRange, thread: Thread) {
    let Thread {
        news,
        ticks,
        connected,
        stop,
        farewell,
    } = thread;
    tokio::spawn(async move {
        loop {
            ticks.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(TICK).await;
        }
    });
    let ear = Arc::new(Ear { news: news.clone() });
    // It never calls anything: the gateway's address is known, and calls are ours.
    let http = HttpBuilder::new(&token).ratelimiter_disabled(true).build();
    let (manager, mut ended) = ShardManager::new(ShardManagerOptions {
        data: Arc::new(RwLock::new(TypeMap::new())),
        event_handlers: Vec::new(),
        raw_event_handlers: vec![ear],
        shard_index: 0,
        shard_init: 0,
        shard_total: 0,
        ws_url: Arc::new(Mutex::new(url)),
        http: Arc::new(http),
        intents: GatewayIntents::GUILDS,
        presence: None,
    });
    manager
        .set_shards(share.first, share.last - share.first + 1, share.total)
        .await;
    if manager.initialize().is_err() {
        let _ = news.send(News::Ended(End::Lost { was_ready: false }));
        return;
    }
    tokio::spawn(watch(manager.clone(), share, connected));
    let end = tokio::select! {
        ended = ended.next() => end(ended.as_ref()),
        () = stop.cancelled() => {
            if farewell.is_cancelled() {
                let _ = tokio::time::timeout(FAREWELL, manager.shutdown_all()).await;
            }
            End::Told
        }
    };
    let _ = news.send(News::Ended(end));
}

/// Notes whether every shard is connected. The library tells nobody when it begins to connect anew.
async fn watch(manager: Arc<ShardManager>, share: ShardRange, connected: Arc<AtomicBool>) {
    loop {
        let runners = manager.runners.lock().await;
        let is_connected = |shard| {
            let runner = runners.get(&ShardId(shard));
            runner.is_some_and(|runner| runner.stage == ConnectionStage::Connected)
        };
        let all = (share.first..=share.last).all(is_connected);
        connected.store(all, Ordering::Relaxed);
        drop(runners);
        tokio::time::sleep(TICK).await;
    }
}

fn end(ended: Option<&Result<(), GatewayError>>) -> End {
    match ended {
        Some(Err(GatewayError::InvalidAuthentication)) => End::Token,
        Some(Err(GatewayError::InvalidGatewayIntents | GatewayError::DisallowedGatewayIntents)) => {
            End::Intents
        }
        _ => End::Lost { was_ready: false },
    }
}

/// Hears everything that comes, and passes on what is for us.
struct Ear {
    news: UnboundedSender<News>,
}

#[async_trait]
impl RawEventHandler for Ear {
    async fn raw_event(&self, _: Context, event: Event) {
        if let Some(news) = of_event(event) {
            let _ = self.news.send(news);
        }
    }
}

fn of_event(event: Event) -> Option<News> {
    match event {
        Event::Ready(event) => {
            let shard = event.ready.shard.map_or(0, |shard| shard.id.0);
            Some(News::Ready(shard))
        }
        Event::InteractionCreate(event) => Some(News::Interaction(
            incoming(&event.interaction).map(Box::new),
        )),
        Event::Unknown(event) if event.kind == "INTERACTION_CREATE" => {
            Some(News::Unread(event.value))
        }
        _ => None,
    }
}

/// An interaction, as far as the library has kept it. It leaves out the kind.
fn incoming(interaction: &Interaction) -> Option<Incoming> {
    let kind = u8::from(interaction.kind());
    if let Interaction::Command(command) | Interaction::Autocomplete(command) = interaction {
        return Some(of_command(command, kind));
    }
    let mut value = serde_json::to_value(interaction).ok()?;
    value
        .as_object_mut()?
        .insert("type".to_owned(), json!(kind));
    Incoming::of_json(&value)
}

#[cfg(test)]
#[path = "thread_tests.rs"]
mod tests;
