//! The network side: listening, routing, and going wrong on demand.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Request, State as Shares};
use axum::http::header::{
    AUTHORIZATION, CONNECTION, CONTENT_TYPE, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, UPGRADE,
    USER_AGENT,
};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tower_service::Service;

use super::body::Given;
use super::calls::CallRecord;
use super::faults::{Fault, Strike};
use super::gateway::socket;
use super::limits::Standing;
use super::methods::{self, Call};
use super::reply::{Answer, ApiError, Scope, json_response, response};
use super::schema::{Operation, PathParts, schema};
use super::state::State;
use super::world::Shared;

/// A server that listens until it is dropped; then all its connections close.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    task: JoinHandle<()>,
}

/// Marks a response that is never sent: the connection closes instead.
#[derive(Clone, Copy, Debug)]
struct Dropped;

/// Where a request leaves its connection when it becomes a WebSocket.
type Upgrades = mpsc::UnboundedSender<OnUpgrade>;

impl Server {
    /// Listens on a port of this machine; 0 lets the system choose one.
    pub(crate) async fn start(shared: &Arc<Shared>, more: Router, port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        shared.write(|state| state.port = address.port());
        let router = Router::new()
            .route("/api/v10/{*path}", any(api))
            .route("/gateway", get(gateway))
            .route("/gateway/", get(gateway))
            .fallback(stray)
            .with_state(Arc::clone(shared))
            .merge(more);
        let task = tokio::spawn(listen(listener, router, Arc::clone(shared)));
        Ok(Self { address, task })
    }

    /// Begins to close the port and all connections.
    pub(crate) fn close(&self) {
        self.task.abort();
    }

    /// Ends when all is closed: then the port is free.
    pub(crate) async fn closed(mut self) {
        self.close();
        // It was aborted, which is what it says.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.close();
    }
}

async fn listen(listener: TcpListener, router: Router, shared: Arc<Shared>) {
    // Owned here, so that the connections end with the listener.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    // Small answers must not wait for more to come.
                    let _ = stream.set_nodelay(true);
                    connections.spawn(serve(stream, router.clone(), Arc::clone(&shared)));
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, router: Router, shared: Arc<Shared>) {
    let (upgrades, mut taken) = mpsc::unbounded_channel();
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        let mut router = router.clone();
        request
            .extensions_mut()
            .insert::<Upgrades>(upgrades.clone());
        async move {
            let Ok(response) = Service::call(&mut router, request.map(Body::new)).await;
            let dropped = response.extensions().get::<Dropped>().is_some();
            // An error of the service makes hyper close the connection without a word.
            if dropped {
                Err(io::Error::other("dropped on demand"))
            } else {
                Ok(response)
            }
        }
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // A connection that breaks is the client's business.
    let _ = connection.with_upgrades().await;
    // Served here, so that it too ends with the listener.
    if let Ok(upgrade) = taken.try_recv()
        && let Ok(io) = upgrade.await
    {
        socket::serve(shared, io).await;
    }
}

/// Makes a WebSocket of a connection.
async fn gateway(
    Shares(shared): Shares<Arc<Shared>>,
    Extension(upgrades): Extension<Upgrades>,
    mut request: Request,
) -> Response {
    if shared.read(|state| state.gateway.refusing) {
        return html_page(503);
    }
    let query = request.uri().query().unwrap_or_default();
    let version = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "v");
    if version.is_none_or(|(_, version)| version != "10") {
        let what = "the gateway speaks version 10 here: ?v=10".to_owned();
        shared.write(|state| state.calls.violate("gateway", what));
    }
    let key = request.headers().get(SEC_WEBSOCKET_KEY);
    let key = key.map(|key| derive_accept_key(key.as_bytes()));
    let upgrade = request.extensions_mut().remove::<OnUpgrade>();
    let (Some(key), Some(upgrade)) = (key, upgrade) else {
        return StatusCode::UPGRADE_REQUIRED.into_response();
    };
    // The connection that takes it is the one that this request came on.
    let _ = upgrades.send(upgrade);
    let headers = [
        (CONNECTION, "Upgrade".to_owned()),
        (UPGRADE, "websocket".to_owned()),
        (SEC_WEBSOCKET_ACCEPT, key),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
}

/// A request that leads nowhere is a client that dials the wrong address.
async fn stray(Shares(shared): Shares<Arc<Shared>>, request: Request) -> Response {
    let what = format!("{} is not under /api/v10", request.uri().path());
    shared.write(|state| state.calls.violate("nowhere", what));
    response(&Err(ApiError::not_found()))
}

async fn api(
    Shares(shared): Shares<Arc<Shared>>,
    request: Request,
) -> Result<Response, Infallible> {
    let banned = shared.read(|state| {
        let now = state.now;
        state.limits.banned(now)
    });
    if let Some(seconds) = banned {
        let mut page = html_page(429);
        page.headers_mut()
            .insert(HeaderName::from_static("retry-after"), seconds.into());
        return Ok(page);
    }
    let answered = call(&shared, request).await;
    let answered = answered.unwrap_or_else(|error| response(&Err(error)));
    let shared_limit = answered.headers().get("x-ratelimit-scope");
    let shared_limit = shared_limit.is_some_and(|scope| scope == "shared");
    if matches!(answered.status().as_u16(), 401 | 403 | 429) && !shared_limit {
        shared.write(|state| {
            let now = state.now;
            state.limits.note_invalid(now);
        });
    }
    Ok(answered)
}

async fn call(shared: &Arc<Shared>, request: Request) -> Result<Response, ApiError> {
    let method = request.method().to_string();
    let path = request
        .uri()
        .path()
        .trim_start_matches("/api/v10")
        .to_owned();
    let query = request.uri().query().unwrap_or_default();
    let query = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    if !is_client(request.headers()) {
        let message = "internal network error";
        let error = ApiError::new(403, 40333, message);
        shared.write(|state| {
            let what = "the User-Agent must begin with \"DiscordBot (\"".to_owned();
            state.calls.violate(&path, what);
        });
        return Err(error);
    }
    let Some((operation, parts)) = schema().route(&method, &path) else {
        let what = "there is no such operation".to_owned();
        shared.write(|state| state.calls.violate(&format!("{method} {path}"), what));
        return Err(ApiError::not_found());
    };
    shared.write(|state| state.calls.came(&operation.name));
    authorize(shared, operation, &parts, request.headers())?;
    let given = Given::read(request).await;
    let call = given.and_then(|given| {
        let problems = schema().check_body(operation, &given.json);
        let call = Call {
            operation: operation.name.clone(),
            parts: parts.clone(),
            query,
            given,
        };
        if problems.is_empty() {
            Ok(call)
        } else {
            Err(ApiError::invalid(problems))
        }
    });
    let channel = parts.get("channel_id").and_then(|id| id.parse().ok());
    let channel = channel.or_else(|| shared.read(|state| channel_of(state, &parts)));
    let strike = shared.write(|state| state.faults.strike(&operation.name, channel));
    if let Some(strike) = strike {
        return go_wrong(shared, operation, channel, &parts, call, strike).await;
    }
    on_the_way(shared).await;
    let answer = perform(shared, operation, channel, &parts, &call);
    on_the_way(shared).await;
    Ok(answer)
}

/// Lets a call take its time.
async fn on_the_way(shared: &Shared) {
    let latency = shared.read(|state| state.latency);
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
}

/// Discord lets only clients through that say what they are.
fn is_client(headers: &HeaderMap) -> bool {
    let agent = headers
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok());
    agent.is_some_and(|agent| agent.starts_with("DiscordBot ("))
}

/// The token of an interaction is enough for what belongs to it; all else needs the bot's.
fn authorize(
    shared: &Shared,
    operation: &Operation,
    parts: &PathParts,
    headers: &HeaderMap,
) -> Result<(), ApiError> {
    let own = ["webhook_token", "interaction_token"];
    if own.iter().any(|name| parts.contains_key(*name)) || operation.name == "get_gateway" {
        return Ok(());
    }
    let given = headers
        .get(AUTHORIZATION)
        .and_then(|given| given.to_str().ok());
    let given = given.and_then(|given| given.strip_prefix("Bot "));
    let good = shared.read(|state| given == Some(&state.bot.token) && !state.bot.revoked);
    if good {
        Ok(())
    } else {
        Err(ApiError::unauthorized())
    }
}

/// Does what the call asks for, within the limits, and keeps how it ended.
fn perform(
    shared: &Shared,
    operation: &Operation,
    channel: Option<u64>,
    parts: &PathParts,
    call: &Result<Call, ApiError>,
) -> Response {
    let (answer, standing) = shared.write(|state| {
        let now = state.now;
        let (standing, admitted) = state.limits.admit(now, &operation.name, parts);
        let answer = match (admitted, call) {
            (Err(refused), _) => Err(refused),
            (Ok(()), Ok(call)) => methods::run(state, call),
            (Ok(()), Err(error)) => Err(error.clone()),
        };
        keep(state, operation, channel, &answer);
        (answer, standing)
    });
    with_standing(&answer, &standing)
}

fn keep(state: &mut State, operation: &Operation, channel: Option<u64>, answer: &Answer) {
    let (status, code) = match answer {
        Ok(Some(_)) => (200, 0),
        Ok(None) => (204, 0),
        Err(error) => (error.status, error.code),
    };
    if let Err(error) = answer
        && error.violation
    {
        for what in error.words() {
            state.calls.violate(&operation.name, what);
        }
    }
    state.calls.ended(CallRecord {
        operation: operation.name.clone(),
        channel,
        status,
        code,
    });
}

fn with_standing(answer: &Answer, standing: &Standing) -> Response {
    let mut response = response(answer);
    let limited = answer.as_ref().err().and_then(|error| error.limited);
    // The limit over all calls is no bucket's.
    if limited.is_none_or(|limited| limited.scope != Scope::Global) {
        standing.write(response.headers_mut());
    }
    response
}

async fn go_wrong(
    shared: &Arc<Shared>,
    operation: &Operation,
    channel: Option<u64>,
    parts: &PathParts,
    call: Result<Call, ApiError>,
    strike: Strike,
) -> Result<Response, ApiError> {
    if let Some(error) = strike.fault.error() {
        let answer = Err(error);
        shared.write(|state| keep(state, operation, channel, &answer));
        return Ok(response(&answer));
    }
    match &strike.fault {
        Fault::ServerError(code) => return Ok(html_page(*code)),
        Fault::DropBefore => return Ok(dropped()),
        Fault::HangBefore => {
            strike.released().await;
            return Ok(perform(shared, operation, channel, parts, &call));
        }
        _ => {}
    }
    let answered = perform(shared, operation, channel, parts, &call);
    Ok(match &strike.fault {
        Fault::DropAfter => dropped(),
        Fault::ServerErrorAfter(code) => html_page(*code),
        Fault::Malformed => json_response(200, r#"{"id":"12345","mess"#.to_owned()),
        _ => {
            strike.released().await;
            answered
        }
    })
}

/// The channel that a call is about when its path names only an interaction.
fn channel_of(state: &State, parts: &PathParts) -> Option<u64> {
    let token = parts
        .get("webhook_token")
        .or_else(|| parts.get("interaction_token"))?;
    let interaction = state.interactions.get(state.tokens.get(token)?)?;
    Some(interaction.channel)
}

fn dropped() -> Response {
    let mut response = Response::default();
    response.extensions_mut().insert(Dropped);
    response
}

fn html_page(code: u16) -> Response {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_GATEWAY);
    let page = format!(
        "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}</h1>\
         </center>\r\n<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n"
    );
    (status, [(CONTENT_TYPE, "text/html")], page).into_response()
}
