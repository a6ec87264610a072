//! The gateway: `serenity` keeps the connection, we keep an eye on it.
//!
//! The library's loop spins without ever yielding when a connection ends in a way that it does not
//! expect: closed without a reason, or with 4003, 4010 or 4011. So it runs on a thread of its own, where
//! it holds up nothing else; a thread that no longer ticks is given up, and ends by itself at the
//! library's next heartbeat. What ends the face is told apart from what is tried again.

mod library;
mod thread;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use ankle_core::delivery::{Held, Single};
use ankle_core::face::SendError;
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use tokio_util::sync::CancellationToken;

use crate::answer::Desk;
use crate::interaction::PLATFORM;
use crate::rest::{Call, CallError, Rest};
use crate::start::{ShardRange, Stopped};
use thread::{End, Link, News};

/// The way to the gateway, as Discord tells it.
#[derive(Clone, Debug)]
pub struct Way {
    url: String,
    /// As many shards as Discord recommends.
    shards: u32,
    /// As many connections as may still begin, and until when.
    left: u32,
    reset_after: SignedDuration,
}

/// How often the thread is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// After so many looks without a tick the thread is stuck: five seconds, so that a machine that is
/// busy for a moment is not taken for it.
const STUCK: u32 = 10;

/// Asks the way to the gateway. There is no other: an address that is built in would lead past the one
/// that the operator has set.
pub async fn way(rest: &Rest) -> Result<Way, CallError> {
    let call = Call::bot(Method::GET, "gateway", "bot", "/gateway/bot".to_owned());
    let answer = rest.call(&call).await?;
    let limit = &answer["session_start_limit"];
    let number = |value: &serde_json::Value, otherwise: u32| {
        value
            .as_u64()
            .and_then(|n| u32::try_from(n).ok())
            .unwrap_or(otherwise)
    };
    Ok(Way {
        url: answer["url"].as_str().ok_or(SendError::InDoubt)?.to_owned(),
        shards: number(&answer["shards"], 1).max(1),
        left: number(&limit["remaining"], 1),
        reset_after: SignedDuration::from_millis(limit["reset_after"].as_i64().unwrap_or(0).max(0)),
    })
}

/// Between two connections that begin, of all processes together: Discord ends what begins sooner. The
/// library keeps to it within a process.
const BETWEEN: SignedDuration = SignedDuration::from_secs(5);

/// How long it may take until the first shard of a process is connected, while others wait for their turn.
const FIRST: SignedDuration = SignedDuration::from_secs(30);

/// An outage that lasts longer is worth a line. Shorter ones happen every day.
const OUTAGE: SignedDuration = SignedDuration::from_secs(5);

/// The same at the start, since the last shard was connected: each begins five seconds after the other.
const NOT_REACHED: SignedDuration = SignedDuration::from_secs(12);

/// So many connections in a row that never came to be are no accident.
const TURNED_AWAY: u32 = 3;

/// Takes interactions until told to stop, or until there is no use in it.
pub async fn run(
    desk: &Arc<Desk>,
    token: &str,
    mut way: Way,
    ordered: Option<ShardRange>,
    stop: &CancellationToken,
) -> Result<(), Stopped> {
    let lease = format!("identify:{}:{}", PLATFORM.0, desk.application);
    let single = Single::new(desk.store.clone(), desk.clock.clone(), lease);
    let mut wait = SignedDuration::from_secs(1);
    let mut failures = 0;
    let mut outage = Outage::default();
    loop {
        let share = ordered.unwrap_or(ShardRange {
            first: 0,
            last: way.shards - 1,
            total: way.shards,
        });
        if way.left <= share.last - share.first {
            // One connection more than are left, and Discord resets the token.
            tracing::warn!("Discord lets no connection begin for now: waiting until it does");
            if !pause(desk, way.reset_after, stop).await {
                return Ok(());
            }
        }
        let turn = tokio::select! {
            () = stop.cancelled() => return Ok(()),
            turn = single.take(|| tracing::info!("another process is connecting to Discord: waiting until it has")) => turn,
        };
        let link = Link::start(token, &way.url, share).map_err(|_| Stopped::Thread)?;
        let signs = Signs::default();
        let keeping = async {
            let end = keep(desk, link, share, (stop, &signs), &mut outage).await;
            signs.begun.cancel();
            end
        };
        let (end, ()) = tokio::join!(keeping, give_way(desk, turn, &signs, (share, stop)));
        desk.set_ready(false);
        match end {
            End::Told if signs.given_up.is_cancelled() && !stop.is_cancelled() => {
                tracing::info!("Discord's gateway is not reached: another process may try first");
                wait = BETWEEN;
            }
            End::Told => return Ok(()),
            End::Token => return Err(Stopped::Token),
            End::Intents => return Err(Stopped::Intents),
            End::Lost { was_ready } => {
                failures += 1;
                if was_ready {
                    wait = SignedDuration::from_secs(1);
                    failures = 0;
                }
            }
        }
        desk.counters.add_gateway_restart();
        if !signs.given_up.is_cancelled() {
            tracing::warn!("the connection to Discord is made anew");
        }
        way = loop {
            if !pause(desk, wait, stop).await {
                return Ok(());
            }
            wait = wait.saturating_mul(2).min(SignedDuration::from_mins(1));
            match self::way(&desk.rest).await {
                Ok(way) => break way,
                Err(CallError::Token) => return Err(Stopped::Token),
                Err(error) => tracing::warn!(%error, "Discord does not answer. Trying again"),
            }
        };
        // A share that was right may have become too small while we ran. What Discord recommends is no
        // demand yet: only who is turned away again and again is told so.
        if ordered.is_some() && share.total < way.shards && failures >= TURNED_AWAY {
            return Err(Stopped::Shards { wanted: way.shards });
        }
    }
}

/// How far a connection is.
#[derive(Default)]
struct Signs {
    /// A shard is connected: the gateway can be reached from here.
    reached: CancellationToken,
    /// All shards are, or the connection has ended without.
    begun: CancellationToken,
    /// It is not to be waited for any longer.
    given_up: CancellationToken,
}

/// Lets another process connect, once we have: not sooner than Discord bears it. Who does not reach the
/// gateway at all, because of a firewall of his own, lets the others have their turn before he tries again.
async fn give_way(
    desk: &Desk,
    mut turn: Held<'_>,
    signs: &Signs,
    (share, stop): (ShardRange, &CancellationToken),
) {
    let shards = i32::try_from(share.last - share.first + 1).unwrap_or(i32::MAX);
    let all = FIRST.saturating_add(BETWEEN.saturating_mul(shards));
    if turn.is_shared() {
        tokio::select! {
            () = turn.keep() => {}
            () = stop.cancelled() => {}
            () = async {
                signs.begun.cancelled().await;
                desk.sleep(BETWEEN).await;
            } => {}
            () = async {
                tokio::select! {
                    // What is there stays, and the rest may come late.
                    () = signs.reached.cancelled() => desk.sleep(all).await,
                    () = desk.sleep(FIRST) => {
                        signs.given_up.cancel();
                        signs.begun.cancelled().await;
                    }
                }
            } => {}
        }
    }
    turn.leave().await;
}

/// Waits. Says whether to go on.
async fn pause(desk: &Desk, wait: SignedDuration, stop: &CancellationToken) -> bool {
    tokio::select! {
        () = stop.cancelled() => false,
        () = desk.sleep(wait) => true,
    }
}

/// Takes what comes over a connection, until it ends or is given up.
async fn keep(
    desk: &Arc<Desk>,
    mut link: Link,
    share: ShardRange,
    (stop, signs): (&CancellationToken, &Signs),
    outage: &mut Outage,
) -> End {
    // A shard may come more than once: it may have to begin anew.
    let mut ready = BTreeSet::new();
    let mut look = tokio::time::interval(LOOK);
    let mut looks_without_a_tick = 0;
    let mut ticks = 0;
    loop {
        tokio::select! {
            () = stop.cancelled() => {
                desk.set_ready(false);
                link.stop().await;
                // What came before the connection closed is still answered.
                while let Ok(news) = link.news.try_recv() {
                    take(desk, news);
                }
                return End::Told;
            }
            // Nothing has begun, so there is nothing to take leave of.
            () = signs.given_up.cancelled() => return End::Told,
            news = link.news.recv() => match news {
                Some(News::Ready(number)) => {
                    link.note_connected();
                    let is_new = ready.insert(number);
                    signs.reached.cancel();
                    outage.moves(desk.clock.now());
                    if is_new && (share.first..=share.last).all(|number| ready.contains(&number)) {
                        tracing::info!(shards = ready.len(), "Discord's gateway is connected");
                        desk.set_ready(true);
                        signs.begun.cancel();
                        outage.ends();
                    }
                }
                Some(News::Ended(end)) => return end.after(!ready.is_empty()),
                Some(news) => take(desk, news),
                None => return End::Lost { was_ready: !ready.is_empty() },
            },
            _ = look.tick() => {
                let all = (share.first..=share.last).all(|number| ready.contains(&number));
                let connected = all && link.is_connected();
                desk.set_ready(connected);
                outage.look(connected, desk.clock.now());
                let now = link.ticks();
                looks_without_a_tick = if now == ticks { looks_without_a_tick + 1 } else { 0 };
                ticks = now;
                if looks_without_a_tick >= STUCK {
                    tracing::warn!("the connection to Discord is stuck and given up");
                    return End::Lost { was_ready: !ready.is_empty() };
                }
            }
        }
    }
}

/// A time without a connection, which the library ends by itself.
#[derive(Default)]
struct Outage {
    /// Whether there has been a connection at all.
    was_connected: bool,
    since: Option<Timestamp>,
    said: bool,
}

impl Outage {
    /// Says once that it lasts, and then that it is over.
    fn look(&mut self, connected: bool, now: Timestamp) {
        if connected {
            if self.said {
                tracing::info!("Discord's gateway is connected again");
            }
            return self.ends();
        }
        let lasts = now.duration_since(*self.since.get_or_insert(now));
        if self.said {
            return;
        }
        if self.was_connected && lasts >= OUTAGE {
            self.said = true;
            tracing::warn!("Discord's gateway is lost: connecting again");
        } else if !self.was_connected && lasts >= NOT_REACHED {
            self.said = true;
            tracing::warn!(
                "Discord's gateway is not reached, although its API is: does a firewall or a proxy let no WebSocket \
                 (wss) through? Trying again"
            );
        }
    }

    /// One shard more is there.
    fn moves(&mut self, now: Timestamp) {
        self.since = Some(now);
    }

    fn ends(&mut self) {
        *self = Self {
            was_connected: true,
            ..Self::default()
        };
    }
}

fn take(desk: &Arc<Desk>, news: News) {
    match news {
        News::Interaction(interaction) => desk.take(interaction.map(|incoming| *incoming)),
        News::Unread(interaction) => desk.take_unread(&interaction),
        News::Ready(_) | News::Ended(_) => {}
    }
}
