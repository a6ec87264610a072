//! Delivering updates to a webhook.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::uri::{PathAndQuery, Scheme, Uri};
use axum::http::{Request, header};
use http_body_util::BodyExt;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::queue::Due;
use super::state::State;
use super::world::Shared;

/// How long the bot may take to answer.
const PATIENCE: Duration = Duration::from_mins(1);
/// The first pause after a failure; it doubles each time.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Where updates go, and what became of the last one that could not be delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Webhook {
    pub(crate) url: String,
    secret: Option<String>,
    authority: String,
    path: String,
    /// How many updates may be on their way at once.
    pub(crate) connections: usize,
    pub(crate) last_error: Option<(i64, String)>,
}

impl Webhook {
    /// Checks the address and the secret. The real API wants HTTPS; here it is plain HTTP.
    pub(crate) fn new(url: &str, secret: Option<&str>, connections: usize) -> Result<Self, String> {
        let uri: Uri = url
            .parse()
            .map_err(|_| "the address cannot be read".to_owned())?;
        if uri.scheme() != Some(&Scheme::HTTP) {
            return Err("this fake delivers over plain http:// only".to_owned());
        }
        let authority = uri
            .authority()
            .ok_or("the address has no host")?
            .to_string();
        let fine = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if let Some(secret) = secret
            && !((1..=256).contains(&secret.len()) && secret.chars().all(fine))
        {
            return Err("secret token contains unallowed characters".to_owned());
        }
        Ok(Self {
            url: url.to_owned(),
            secret: secret.map(str::to_owned),
            authority,
            path: uri
                .path_and_query()
                .map_or("/", PathAndQuery::as_str)
                .to_owned(),
            connections,
            last_error: None,
        })
    }

    fn is_same(&self, other: &Self) -> bool {
        self.url == other.url
            && self.secret == other.secret
            && self.connections == other.connections
    }
}

/// Posts updates, each until it is taken, for as long as the fake lives. What belongs to one lane
/// is posted in order; one connection, which is the rule here, keeps the order of all.
pub(crate) async fn deliver(shared: Arc<Shared>) {
    let mut changes = shared.changes();
    let mut round = Round::default();
    loop {
        shared.read(|state| round.start(state));
        tokio::select! {
            alive = changes.changed() => {
                if alive.is_err() {
                    return;
                }
            }
            Some(Ok(posted)) = round.posts.join_next() => {
                shared.write(|state| round.end(state, posted));
            }
        }
    }
}

/// What is on its way to one webhook.
#[derive(Debug, Default)]
struct Round {
    webhook: Option<Webhook>,
    posts: JoinSet<Posted>,
    /// The lanes that an update is on its way from.
    busy: BTreeSet<(u8, i64)>,
    /// How long to wait before the next try, where the last one failed.
    pauses: BTreeMap<(u8, i64), Duration>,
    connections: Arc<Connections>,
}

/// An update that was posted, with success or without.
#[derive(Debug)]
struct Posted {
    due: Due,
    outcome: Result<(), String>,
}

impl Round {
    /// Posts what may be posted now.
    fn start(&mut self, state: &State) {
        let same = match (&self.webhook, &state.webhook) {
            (Some(old), Some(new)) => old.is_same(new),
            (None, None) => true,
            _ => false,
        };
        if !same {
            *self = Self {
                webhook: state.webhook.clone(),
                ..Self::default()
            };
        }
        let Some(webhook) = &self.webhook else {
            return;
        };
        while self.posts.len() < webhook.connections {
            let Some(due) = state.queue.due(&self.busy) else {
                return;
            };
            self.busy.insert(due.lane);
            let pause = self.pauses.get(&due.lane).copied();
            self.posts.spawn(post(
                Arc::clone(&self.connections),
                webhook.clone(),
                due,
                pause,
            ));
        }
    }

    fn end(&mut self, state: &mut State, posted: Posted) {
        let now = state.seconds();
        let Posted { due, outcome } = posted;
        self.busy.remove(&due.lane);
        match outcome {
            Ok(()) => {
                self.pauses.remove(&due.lane);
                state.queue.taken(due.id);
            }
            Err(error) => {
                let last = self.pauses.get(&due.lane);
                let pause = last.map_or(FIRST_PAUSE, |last| (*last * 2).min(LONGEST_PAUSE));
                self.pauses.insert(due.lane, pause);
                if let Some(webhook) = &mut state.webhook {
                    webhook.last_error = Some((now, error));
                }
            }
        }
    }
}

/// Connections that are open and idle.
type Connections = Mutex<Vec<SendRequest<Body>>>;

async fn post(
    connections: Arc<Connections>,
    webhook: Webhook,
    due: Due,
    pause: Option<Duration>,
) -> Posted {
    if let Some(pause) = pause {
        sleep(pause).await;
    }
    let exchange = exchange(&connections, &webhook, &due.raw);
    let late = || Err("Read timeout expired".to_owned());
    let outcome = timeout(PATIENCE, exchange).await.unwrap_or_else(|_| late());
    Posted { due, outcome }
}

async fn exchange(
    connections: &Connections,
    webhook: &Webhook,
    update: &str,
) -> Result<(), String> {
    let idle = lock(connections).pop().filter(|idle| !idle.is_closed());
    let mut sender = match idle {
        Some(sender) => sender,
        None => connect(&webhook.authority).await?,
    };
    sender.ready().await.map_err(|error| error.to_string())?;
    let mut request = Request::post(&webhook.path)
        .header(header::HOST, &webhook.authority)
        .header(header::CONTENT_TYPE, "application/json");
    if let Some(secret) = &webhook.secret {
        request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
    }
    let request = request
        .body(Body::from(update.to_owned()))
        .map_err(|error| error.to_string())?;
    let response = sender
        .send_request(request)
        .await
        .map_err(|error| error.to_string())?;
    let status = response.status();
    response
        .into_body()
        .collect()
        .await
        .map_err(|error| error.to_string())?;
    lock(connections).push(sender);
    if status.is_success() {
        Ok(())
    } else {
        Err(format!("Wrong response from the webhook: {status}"))
    }
}

fn lock(connections: &Connections) -> MutexGuard<'_, Vec<SendRequest<Body>>> {
    connections.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn connect(authority: &str) -> Result<SendRequest<Body>, String> {
    let address = if authority.contains(':') {
        authority.to_owned()
    } else {
        format!("{authority}:80")
    };
    let stream = TcpStream::connect(address)
        .await
        .map_err(|_| "Connection refused".to_owned())?;
    let (sender, connection) = handshake(TokioIo::new(stream))
        .await
        .map_err(|error| error.to_string())?;
    // It ends when the sender is dropped or the other side closes.
    tokio::spawn(connection);
    Ok(sender)
}
