//! The HTTP side: listening, routing, and going wrong on demand.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State as Shares};
use axum::http::{StatusCode, header::CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tower_service::Service;

use super::body::Given;
use super::calls::CallRecord;
use super::faults::{Fault, Strike};
use super::methods::{self, Params};
use super::reply::{Answer, ApiError, json_response, response};
use super::schema::{Method, schema};
use super::webhook;
use super::world::Shared;

/// A server that listens until it is dropped; then all its connections close.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    tasks: [JoinHandle<()>; 2],
}

/// Marks a response that is never sent: the connection closes instead.
#[derive(Clone, Copy, Debug)]
struct Dropped;

impl Server {
    /// Listens on a port of this machine; 0 lets the system choose one.
    pub(crate) async fn start(shared: &Arc<Shared>, more: Router, port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let router = Router::new()
            .route("/{bot}/{method}", any(api))
            .with_state(Arc::clone(shared))
            .merge(more);
        let tasks = [
            tokio::spawn(listen(listener, router)),
            tokio::spawn(webhook::deliver(Arc::clone(shared))),
        ];
        Ok(Self { address, tasks })
    }
}

impl Server {
    /// Begins to close the port and all connections.
    pub(crate) fn close(&self) {
        for task in &self.tasks {
            task.abort();
        }
    }

    /// Ends when all is closed: then the port is free.
    pub(crate) async fn closed(mut self) {
        self.close();
        for task in &mut self.tasks {
            // It was aborted, which is what it says.
            let _ = task.await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.close();
    }
}

async fn listen(listener: TcpListener, router: Router) {
    // Owned here, so that the connections end with the listener.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    // Small answers must not wait for more to come.
                    let _ = stream.set_nodelay(true);
                    connections.spawn(serve(stream, router.clone()));
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, router: Router) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut router = router.clone();
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
    // A connection that breaks is the client's business.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn api(
    Shares(shared): Shares<Arc<Shared>>,
    Path((bot, method)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Infallible> {
    Ok(match call(&shared, &bot, &method, request).await {
        Ok(response) => response,
        Err(error) => response(&Err(error)),
    })
}

async fn call(
    shared: &Arc<Shared>,
    bot: &str,
    name: &str,
    request: Request,
) -> Result<Response, ApiError> {
    let token = bot.strip_prefix("bot").filter(|token| token.contains(':'));
    let token = token.ok_or_else(|| ApiError::new(404, "Not Found"))?;
    if shared.read(|state| state.bot.token != token) {
        return Err(ApiError::new(401, "Unauthorized"));
    }
    let Some(method) = schema().method(name) else {
        let what = "there is no such method".to_owned();
        shared.write(|state| state.calls.violate(name, what));
        return Err(ApiError::new(404, "Not Found"));
    };
    let given = Given::read(request).await?;
    let chat = chat_of(shared, &given);
    shared.write(|state| state.calls.came(&method.name));
    let checked = schema().check_call(method, &given).map_err(|problems| {
        let problems: Vec<_> = problems
            .iter()
            .map(|p| format!("{} {}", p.path, p.what))
            .collect();
        let error = ApiError::bad(&problems[0]);
        shared.write(|state| {
            for problem in problems {
                state.calls.violate(&method.name, problem);
            }
        });
        error
    });
    let checked = checked.map(|values| Params {
        values,
        files: given.files,
    });
    let strike = shared.write(|state| state.faults.strike(&method.name, chat));
    if let Some(strike) = strike {
        return go_wrong(shared, method, chat, checked, strike).await;
    }
    on_the_way(shared).await;
    let answer = perform(shared, method, chat, checked).await;
    on_the_way(shared).await;
    Ok(response(&answer))
}

/// Lets a call take its time.
async fn on_the_way(shared: &Shared) {
    let latency = shared.read(|state| state.latency);
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
}

/// Does what the call asks for, and keeps how it ended.
async fn perform(
    shared: &Arc<Shared>,
    method: &Method,
    chat: Option<i64>,
    checked: Result<Params, ApiError>,
) -> Answer {
    let answer = match &checked {
        Ok(params) => methods::run(shared, &method.name, params).await,
        Err(error) => Err(error.clone()),
    };
    let (code, description) = match &answer {
        Ok(_) => (200, String::new()),
        Err(error) => (error.code, error.description.clone()),
    };
    shared.write(|state| {
        if let Err(error) = &answer
            && error.violation
        {
            state.calls.violate(&method.name, error.description.clone());
        }
        let method = method.name.clone();
        state.calls.ended(CallRecord {
            method,
            chat,
            code,
            description,
        });
    });
    answer
}

async fn go_wrong(
    shared: &Arc<Shared>,
    method: &Method,
    chat: Option<i64>,
    checked: Result<Params, ApiError>,
    strike: Strike,
) -> Result<Response, ApiError> {
    if let Some(error) = strike.fault.error() {
        shared.write(|state| {
            let (method, code) = (method.name.clone(), error.code);
            let description = error.description.clone();
            state.calls.ended(CallRecord {
                method,
                chat,
                code,
                description,
            });
        });
        return Err(error);
    }
    match &strike.fault {
        Fault::ServerError(code) => return Ok(html_page(*code)),
        Fault::DropBefore => return Ok(dropped()),
        Fault::HangBefore => {
            strike.released().await;
            return Ok(response(&perform(shared, method, chat, checked).await));
        }
        _ => {}
    }
    let answer = perform(shared, method, chat, checked).await;
    Ok(match &strike.fault {
        Fault::DropAfter => dropped(),
        Fault::ServerErrorAfter(code) => html_page(*code),
        Fault::Malformed => json_response(200, r#"{"ok":true,"result":{"mess"#.to_owned()),
        _ => {
            strike.released().await;
            response(&answer)
        }
    })
}

/// The chat a call is about; that of the message, for the answer to a press.
fn chat_of(shared: &Shared, given: &Given) -> Option<i64> {
    given.chat().or_else(|| {
        let query = given.values.get("callback_query_id")?.as_str()?;
        shared.read(|state| state.queries.get(query).map(|query| query.chat))
    })
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
         </center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    );
    (status, [(CONTENT_TYPE, "text/html")], page).into_response()
}
