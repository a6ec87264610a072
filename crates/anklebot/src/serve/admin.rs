//! What the operator and his machines may ask: over HTTP at `ADMIN_ADDR`, and through a socket that needs
//! no port. Neither tells names, texts or tokens.

use std::io::{self, Read};
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::routing::get;
use tokio::io::AsyncWriteExt;

use super::books::Books;
use super::health::Health;

/// Who asks waits no longer.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often it is tried to let somebody in who asks, when the system does not.
const AGAIN: Duration = Duration::from_secs(1);

/// What may be asked about.
pub struct Admin {
    /// Whether it works.
    pub health: Arc<Health>,
    /// What is counted.
    pub books: Arc<Books>,
}

/// The routes.
pub fn routes(admin: Arc<Admin>) -> Router {
    Router::new()
        // Whoever can answer this, lives.
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(admin)
}

async fn ready(State(admin): State<Arc<Admin>>) -> (StatusCode, String) {
    match admin.health.troubles() {
        none if none.is_empty() => (StatusCode::OK, said(&none)),
        troubles => (StatusCode::SERVICE_UNAVAILABLE, said(&troubles)),
    }
}

async fn metrics(
    State(admin): State<Arc<Admin>>,
) -> ([(header::HeaderName, &'static str); 1], String) {
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    (
        [(header::CONTENT_TYPE, kind)],
        admin.books.page(&admin.health),
    )
}

const READY: &str = "ready";

fn said(troubles: &[String]) -> String {
    if troubles.is_empty() {
        return format!("{READY}\n");
    }
    format!("not {READY}: {}\n", troubles.join("; "))
}

/// Tells everybody who knocks how the program is, until the future is dropped.
///
/// # Errors
///
/// Only if there is no such door, which is mostly because another process has it.
pub async fn open_door(name: &str, health: &Health) -> io::Result<()> {
    let door = UnixListener::bind_addr(&address(name)?)?;
    door.set_nonblocking(true)?;
    let door = tokio::net::UnixListener::from_std(door)?;
    loop {
        let Ok((mut visitor, _)) = door.accept().await else {
            tokio::time::sleep(AGAIN).await;
            continue;
        };
        let said = said(&health.troubles());
        // Who does not listen is not waited for.
        let _ = tokio::time::timeout(PATIENCE, visitor.write_all(said.as_bytes())).await;
    }
}

/// Asks the process behind a door how it is: what it says, and whether that is good.
///
/// # Errors
///
/// If nobody answers.
pub fn knock(name: &str) -> io::Result<(String, bool)> {
    let mut door = UnixStream::connect_addr(&address(name)?)?;
    door.set_read_timeout(Some(PATIENCE))?;
    let mut said = String::new();
    door.read_to_string(&mut said)?;
    let said = said.trim_end().to_owned();
    if said.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let is_ready = said == READY;
    Ok((said, is_ready))
}

/// A name that needs no file: it goes with its process, and a container without a disk has it too.
#[cfg(target_os = "linux")]
fn address(name: &str) -> io::Result<SocketAddr> {
    use std::os::linux::net::SocketAddrExt;
    SocketAddr::from_abstract_name(name)
}

#[cfg(not(target_os = "linux"))]
fn address(name: &str) -> io::Result<SocketAddr> {
    let path = std::env::temp_dir().join(name);
    // What a process left behind that was killed stands in the way.
    if UnixStream::connect(&path).is_err() {
        let _ = std::fs::remove_file(&path);
    }
    SocketAddr::from_pathname(path)
}
