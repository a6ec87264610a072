//! Serving the platforms: start each face whose token is set, and stop them all together.

mod admin;
mod books;
mod calibrate;
mod daily;
mod health;
mod lines;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ankle_core::command::Bot;
use ankle_core::delivery::{Falling, Pulse, Sender, Way};
use ankle_core::face::{Clock, Messenger, SystemClock};
use ankle_core::store::{Store, StoreError};
use ankle_discord::Discord;
use ankle_telegram::Telegram;
use axum::Router;
use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::config::{Faces, OnDiscord, OnTelegram};
use admin::Admin;
pub use admin::knock;
use books::Books;
use calibrate::Calibrator;
use health::Health;
pub use lines::data_line;

/// Why serving ended. Each is one sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The database did not answer at the start.
    #[error("the database could be opened but not read")]
    Store(#[from] StoreError),
    /// Discord could not be started.
    #[error(transparent)]
    Discord(#[from] ankle_discord::StartError),
    /// Discord has stopped by itself.
    #[error(transparent)]
    DiscordStopped(#[from] ankle_discord::Stopped),
    /// Telegram could not be started.
    #[error(transparent)]
    Telegram(#[from] ankle_telegram::StartError),
    /// Telegram has stopped by itself.
    #[error(transparent)]
    TelegramStopped(#[from] ankle_telegram::Stopped),
    /// Somebody else listens there.
    #[error("{name} {address} cannot be listened on: see that the port is free and allowed")]
    Listen {
        /// The variable.
        name: &'static str,
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// Nobody would ever be able to stop us.
    #[error("the signals of the system cannot be listened to")]
    Signals(#[source] std::io::Error),
}

impl ServeError {
    /// Whether a face has stopped that had been served: the others go on.
    fn is_one_face_gone(&self) -> bool {
        matches!(self, Self::DiscordStopped(_) | Self::TelegramStopped(_))
    }
}

const DISCORD: &str = "Discord";
const TELEGRAM: &str = "Telegram";

/// How long what is in hand may take when we are told to stop.
const FAREWELL: Duration = Duration::from_secs(8);

/// How often what need not be kept is swept away.
const SWEEP: SignedDuration = SignedDuration::from_hours(1);

/// Loops that look every second stand still if they have not for so long: a database that is ill is waited
/// for some ten seconds. House rules, both.
const STILL: SignedDuration = SignedDuration::from_secs(30);

/// A poll takes up to 35 seconds, and the longest wait after a failure is 64.
const POLL_STILL: SignedDuration = SignedDuration::from_mins(2);

/// How often it is tried to be the one whom `anklebot health` asks.
const DOOR_AGAIN: SignedDuration = SignedDuration::from_secs(10);

/// What every face is served with.
struct House {
    bot: Arc<Bot>,
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    /// Rings when there is something to send.
    bell: Arc<Notify>,
    stop: CancellationToken,
    admin: Arc<Admin>,
}

/// Serves until told to stop by a signal, or until no face is left. A face that cannot be started stops
/// all of it; one that stops later does not.
///
/// # Errors
///
/// [`ServeError`], in sentences for the operator.
pub async fn run(faces: &Faces, store: &Arc<Store>) -> Result<(), ServeError> {
    let machine = Arc::new(SystemClock::new());
    let mut calibrator = Calibrator::new(store, &machine);
    if let Some(calibrator) = &mut calibrator {
        // Before anything is done by it.
        calibrator.begin().await;
    }
    let clock: Arc<dyn Clock> = machine;
    println!("{}", data_line(store, clock.now()).await?);
    let stop = CancellationToken::new();
    stop_on_signals(&stop)?;
    let bot = Arc::new(Bot::new(store.clone(), clock.clone()));
    let admin = Arc::new(Admin {
        health: Arc::new(Health::new(clock.clone(), stop.clone())),
        books: Arc::new(Books::new(bot.requests())),
    });
    let house = House {
        bot,
        store: store.clone(),
        clock: clock.clone(),
        bell: Arc::default(),
        stop: stop.clone(),
        admin: admin.clone(),
    };
    let health = &admin.health;
    if let Some(address) = faces.admin_addr {
        let listener = listen("ADMIN_ADDR", address).await?;
        let routes = admin::routes(admin.clone());
        House::serves(listener, routes, "ADMIN_ADDR", house.stop.clone());
    }
    if faces.discord.is_some() {
        health.expects(DISCORD);
    }
    if faces.telegram.is_some() {
        health.expects(TELEGRAM);
    }
    let falling = Falling::new(store.clone(), clock.clone(), house.bell.clone());
    health.watch("falling", falling.pulse(), Some(STILL));
    admin.books.falls(falling.falls());
    let swept = Arc::new(Pulse::new(clock.now()));
    health.watch("sweeping", swept.clone(), Some(SWEEP * 2));
    // They go with the runtime, or when they are dropped.
    let mut beside = JoinSet::new();
    if let Some(calibrator) = calibrator {
        health.watch("calibrating", calibrator.pulse(), None);
        beside.spawn(calibrator.run());
    }
    beside.spawn({
        let stop = stop.clone();
        async move { falling.run(stop.cancelled()).await }
    });
    beside.spawn(sweep(store.clone(), clock.clone(), stop.clone(), swept));
    beside.spawn(daily::keep(admin.books.clone(), clock.clone()));
    beside.spawn(door(faces.door.clone(), health.clone(), clock));
    let running = all(faces, &house);
    tokio::pin!(running);
    let done = tokio::select! {
        done = &mut running => done,
        () = async { stop.cancelled().await; tokio::time::sleep(FAREWELL).await } => {
            tracing::warn!("stopped before everything in hand was done: what was confirmed is stored, the rest may have to be said again");
            Ok(())
        }
    };
    drop(beside);
    done
}

/// Answers who asks how the program is. Where another answers, it is this one's turn when that is gone.
async fn door(name: String, health: Arc<Health>, clock: Arc<dyn Clock>) {
    let mut said = false;
    while let Err(error) = admin::open_door(&name, &health).await {
        if !said {
            said = true;
            tracing::warn!(
                %error,
                "`anklebot health` is not answered by this process: another with the very same settings may run on \
                 this machine; an ADMIN_ADDR of its own tells it apart"
            );
        }
        let next = clock.now().checked_add(DOOR_AGAIN);
        clock.sleep_until(next.unwrap_or(Timestamp::MAX)).await;
    }
}

/// Serves every face, and waits for the last.
async fn all(faces: &Faces, house: &House) -> Result<(), ServeError> {
    let discord = async {
        let on = faces.discord.as_ref()?;
        let done = house.or_all_stop(discord(on, house).await);
        house.admin.health.is_gone(DISCORD);
        Some(done)
    };
    let telegram = async {
        let on = faces.telegram.as_ref()?;
        let done = house.or_all_stop(telegram(on, house).await);
        house.admin.health.is_gone(TELEGRAM);
        Some(done)
    };
    let (discord, telegram) = tokio::join!(discord, telegram);
    how_it_ended([discord, telegram].into_iter().flatten().collect())
}

/// What could not be started is what the operator has to hear of. If one face stopped by itself and
/// another went on until it was told to stop, all is well.
fn how_it_ended(mut ends: Vec<Result<(), ServeError>>) -> Result<(), ServeError> {
    let could_not_start =
        |end: &Result<(), ServeError>| end.as_ref().is_err_and(|error| !error.is_one_face_gone());
    if let Some(at) = ends.iter().position(could_not_start) {
        return ends.swap_remove(at);
    }
    if ends.iter().any(Result::is_ok) {
        return Ok(());
    }
    ends.pop().unwrap_or(Ok(()))
}

impl House {
    /// A mistake in the configuration stops everything; a face that is gone is said, and the rest goes on.
    fn or_all_stop(&self, done: Result<(), ServeError>) -> Result<(), ServeError> {
        match &done {
            Ok(()) => {}
            Err(error) if error.is_one_face_gone() => tracing::error!("{error}"),
            Err(_) => self.stop.cancel(),
        }
        done
    }

    /// Sends for a face until it stops.
    fn sends<M: Messenger + 'static>(
        &self,
        face: &Arc<M>,
        way: Way,
        face_stops: &CancellationToken,
    ) -> JoinHandle<()> {
        let (face, bell) = (face.clone(), self.bell.clone());
        let sender = Sender::new(face, self.store.clone(), self.clock.clone(), bell, way);
        let platform = way.platform.0;
        let Admin { health, books } = &*self.admin;
        health.watch(&format!("sending:{platform}"), sender.pulse(), Some(STILL));
        books.sends(platform, sender.figures());
        let stops = face_stops.clone();
        tokio::spawn(async move { sender.run(stops.cancelled()).await })
    }

    /// Serves routes until told to stop.
    fn serves(listener: TcpListener, routes: Router, name: &'static str, stop: CancellationToken) {
        let served = axum::serve(listener, routes)
            .with_graceful_shutdown(async move { stop.cancelled().await });
        tokio::spawn(async move {
            if let Err(error) = served.await {
                tracing::error!(%error, "{name} is not served any more");
            }
        });
    }

    fn parts(&self) -> (Arc<Bot>, Arc<Store>, Arc<dyn Clock>) {
        (self.bot.clone(), self.store.clone(), self.clock.clone())
    }
}

async fn discord(on: &OnDiscord, house: &House) -> Result<(), ServeError> {
    let config = on.config();
    let (bot, store, clock) = house.parts();
    let connected = Discord::connect(&config, bot, store, clock, &house.stop).await;
    let discord = match connected {
        Err(ankle_discord::StartError::Stopped) => return Ok(()),
        connected => Arc::new(connected?),
    };
    println!(
        "Discord: {}. Add it to a server: {}",
        discord.username(),
        discord.invite_link()
    );
    let face_stops = house.stop.child_token();
    let way = Discord::way();
    let way = on.per_second.map_or(way, |pace| way.at(pace));
    let sending = house.sends(&discord, way, &face_stops);
    let Admin { health, books } = &*house.admin;
    let (asked, counters) = (discord.clone(), discord.counters());
    health.runs(DISCORD, move || asked.is_ready());
    books.counts("discord", Box::new(move || counters.all()));
    let running = async {
        let done = discord.run(&house.stop).await;
        face_stops.cancel();
        done
    };
    let (done, ()) = tokio::join!(running, discord.look_for_leavers(&face_stops));
    finished(sending).await;
    Ok(done?)
}

async fn telegram(on: &OnTelegram, house: &House) -> Result<(), ServeError> {
    let config = on.config();
    let listener = match on.http_addr {
        Some(address) if config.webhook_url.is_some() => Some(listen("HTTP_ADDR", address).await?),
        _ => None,
    };
    let (bot, store, clock) = house.parts();
    let connected = Telegram::connect(&config, bot, store, clock, &house.stop).await;
    let telegram = match connected {
        Err(ankle_telegram::StartError::Stopped) => return Ok(()),
        connected => Arc::new(connected?),
    };
    println!("{}", lines::introduction(&telegram));
    let face_stops = house.stop.child_token();
    if let (Some(listener), Some(route)) = (listener, telegram.route()) {
        // A face that has stopped takes no updates: they wait at Telegram for one that works.
        House::serves(listener, route, "the webhook", face_stops.clone());
    }
    let way = Telegram::way();
    let way = on.per_second.map_or(way, |pace| way.at(pace));
    let sending = house.sends(&telegram, way, &face_stops);
    let Admin { health, books } = &*house.admin;
    let (asked, counters) = (telegram.clone(), telegram.counters());
    health.runs(TELEGRAM, move || asked.is_ready());
    health.watch("polling:telegram", telegram.pulse(), Some(POLL_STILL));
    books.counts("telegram", Box::new(move || counters.all()));
    let running = async {
        let done = telegram.run(&house.stop).await;
        face_stops.cancel();
        done
    };
    let (done, ()) = tokio::join!(running, telegram.look_for_leavers(&face_stops));
    finished(sending).await;
    Ok(done?)
}

/// Waits for a sender to finish what is under way.
async fn finished(sending: JoinHandle<()>) {
    if let Err(error) = sending.await {
        tracing::error!(%error, "a sender has ended by itself");
    }
}

async fn listen(name: &'static str, address: SocketAddr) -> Result<TcpListener, ServeError> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|cause| ServeError::Listen {
        name,
        address,
        cause,
    })
}

async fn sweep(
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
    swept: Arc<Pulse>,
) {
    while !stop.is_cancelled() {
        let now = clock.now();
        match store.sweep(now).await {
            Ok(()) => swept.beat(now),
            Err(error) => {
                tracing::warn!(%error, "old answers were not swept away; the next sweep takes them");
            }
        }
        let next = now.checked_add(SWEEP).unwrap_or(Timestamp::MAX);
        clock.sleep_until(next).await;
    }
}

/// The first signal stops us in order; the second at once.
fn stop_on_signals(stop: &CancellationToken) -> Result<(), ServeError> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).map_err(ServeError::Signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(ServeError::Signals)?;
    let stop = stop.clone();
    tokio::spawn(async move {
        for _ in 0..2 {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if stop.is_cancelled() {
                std::process::exit(130);
            }
            tracing::info!("told to stop: finishing what is in hand");
            stop.cancel();
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_face_gone_is_no_failure_and_one_that_cannot_start_is() {
        let gone = || Err(ServeError::DiscordStopped(ankle_discord::Stopped::Token));
        let wrong = || {
            Err(ServeError::Telegram(
                ankle_telegram::StartError::RefusedToken,
            ))
        };
        assert!(how_it_ended(vec![gone(), Ok(())]).is_ok());
        assert!(how_it_ended(vec![gone()]).is_err());
        let end = how_it_ended(vec![gone(), wrong()]).unwrap_err();
        assert!(matches!(end, ServeError::Telegram(_)));
        assert!(how_it_ended(vec![Ok(()), wrong()]).is_err());
    }
}
