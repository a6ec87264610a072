//! Serving the platforms: start each face whose token is set, and stop them all together.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ankle_core::calendar::Zone;
use ankle_core::command::Bot;
use ankle_core::delivery::{Falling, Sender, Way};
use ankle_core::face::{Clock, Messenger, SystemClock};
use ankle_core::store::{Store, StoreError};
use ankle_discord::Discord;
use ankle_telegram::Telegram;
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::config::{Faces, OnDiscord, OnTelegram};

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
    #[error("HTTP_ADDR {address} cannot be listened on: see that the port is free and allowed")]
    Listen {
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

/// How long what is in hand may take when we are told to stop.
const FAREWELL: Duration = Duration::from_secs(8);

/// How often what need not be kept is swept away.
const SWEEP: SignedDuration = SignedDuration::from_hours(1);

/// What every face is served with.
struct House {
    bot: Arc<Bot>,
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    /// Rings when there is something to send.
    bell: Arc<Notify>,
    stop: CancellationToken,
}

/// Serves until told to stop by a signal, or until no face is left. A face that cannot be started stops
/// all of it; one that stops later does not.
///
/// # Errors
///
/// [`ServeError`], in sentences for the operator.
pub async fn run(faces: &Faces, store: &Arc<Store>) -> Result<(), ServeError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    println!("{}", data_line(store, clock.now()).await?);
    let stop = CancellationToken::new();
    stop_on_signals(&stop)?;
    let house = House {
        bot: Arc::new(Bot::new(store.clone(), clock.clone())),
        store: store.clone(),
        clock: clock.clone(),
        bell: Arc::default(),
        stop: stop.clone(),
    };
    let falling = Falling::new(store.clone(), clock.clone(), house.bell.clone());
    let falling = tokio::spawn({
        let stop = stop.clone();
        async move { falling.run(stop.cancelled()).await }
    });
    let sweeping = tokio::spawn(sweep(store.clone(), clock, stop.clone()));
    let running = all(faces, &house);
    tokio::pin!(running);
    let done = tokio::select! {
        done = &mut running => done,
        () = async { stop.cancelled().await; tokio::time::sleep(FAREWELL).await } => {
            tracing::warn!("stopped before everything in hand was done: what was confirmed is stored, the rest may have to be said again");
            Ok(())
        }
    };
    sweeping.abort();
    falling.abort();
    done
}

/// Serves every face, and waits for the last.
async fn all(faces: &Faces, house: &House) -> Result<(), ServeError> {
    let discord = async {
        let on = faces.discord.as_ref()?;
        Some(house.or_all_stop(discord(on, house).await))
    };
    let telegram = async {
        let on = faces.telegram.as_ref()?;
        Some(house.or_all_stop(telegram(on, house).await))
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
        let stops = face_stops.clone();
        tokio::spawn(async move { sender.run(stops.cancelled()).await })
    }

    fn parts(&self) -> (Arc<Bot>, Arc<Store>, Arc<dyn Clock>) {
        (self.bot.clone(), self.store.clone(), self.clock.clone())
    }
}

async fn discord(on: &OnDiscord, house: &House) -> Result<(), ServeError> {
    let config = ankle_discord::Config {
        token: on.token.expose_secret().to_owned(),
        api_url: on.api_url.clone(),
        guild_id: on.guild_id.clone(),
        shards: on.shards,
    };
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
    let sending = house.sends(&discord, Discord::way(), &face_stops);
    let done = discord.run(&house.stop).await;
    face_stops.cancel();
    finished(sending).await;
    Ok(done?)
}

async fn telegram(on: &OnTelegram, house: &House) -> Result<(), ServeError> {
    let config = ankle_telegram::Config {
        token: on.token.expose_secret().to_owned(),
        api_url: on.api_url.clone(),
        webhook_url: on.webhook_url.clone(),
    };
    let listener = match on.http_addr {
        Some(address) if config.webhook_url.is_some() => Some(listen(address).await?),
        _ => None,
    };
    let (bot, store, clock) = house.parts();
    let connected = Telegram::connect(&config, bot, store, clock, &house.stop).await;
    let telegram = match connected {
        Err(ankle_telegram::StartError::Stopped) => return Ok(()),
        connected => Arc::new(connected?),
    };
    println!("{}", introduction(&telegram));
    if let (Some(listener), Some(route)) = (listener, telegram.route()) {
        let stop = house.stop.clone();
        let served = axum::serve(listener, route)
            .with_graceful_shutdown(async move { stop.cancelled().await });
        tokio::spawn(async move {
            if let Err(error) = served.await {
                tracing::error!(%error, "the webhook is not served any more");
            }
        });
    }
    let face_stops = house.stop.child_token();
    let sending = house.sends(&telegram, Telegram::way(), &face_stops);
    let done = telegram.run(&house.stop).await;
    face_stops.cancel();
    finished(sending).await;
    Ok(done?)
}

/// Waits for a sender to finish what is under way.
async fn finished(sending: JoinHandle<()>) {
    if let Err(error) = sending.await {
        tracing::error!(%error, "a sender has ended by itself");
    }
}

/// The first line: where the data is, and what is in it.
///
/// # Errors
///
/// [`StoreError`].
pub async fn data_line(store: &Store, now: Timestamp) -> Result<String, StoreError> {
    let (tests, latest) = store.tests().await?;
    let day = |at: Timestamp| Zone::utc().rules().to_datetime(at).date();
    let latest = latest.and_then(|millis| Timestamp::from_millisecond(millis).ok());
    let content = match latest {
        None => "no tests yet".to_owned(),
        Some(at) => {
            let plural = if tests == 1 { "" } else { "s" };
            let last = if day(at) == day(now) {
                "today".to_owned()
            } else {
                day(at).to_string()
            };
            format!("{} test{plural}, last {last}", with_thousands(tests))
        }
    };
    Ok(match (store.file(), store.is_new()) {
        (Some(file), true) => format!("New database created at {}", file.display()),
        (Some(file), false) => format!("Database: {} ({content})", file.display()),
        (None, _) => format!("Database: PostgreSQL ({content})"),
    })
}

fn with_thousands(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Who we are on Telegram, how a group takes us in, and what privacy mode means there.
fn introduction(telegram: &Telegram) -> String {
    let privacy = if telegram.reads_all() {
        "Privacy mode is off: every command reaches the bot."
    } else {
        "Privacy mode is on: where other bots are, make it an admin without any rights, or pick /ankle from \
         the menu."
    };
    format!(
        "Telegram: @{}. Add it to a group: {}\n{privacy}",
        telegram.username(),
        telegram.invite_link()
    )
}

async fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|cause| ServeError::Listen { address, cause })
}

async fn sweep(store: Arc<Store>, clock: Arc<dyn Clock>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let now = clock.now();
        if let Err(error) = store.sweep(now).await {
            tracing::warn!(%error, "old answers were not swept away; the next sweep takes them");
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

    #[test]
    fn large_numbers_are_grouped() {
        let shown = [0, 12, 999, 1_204, 1_234_567].map(with_thousands);
        assert_eq!(shown, ["0", "12", "999", "1,204", "1,234,567"]);
    }
}
