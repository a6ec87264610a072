//! The webhook: our own route, which answers 200 when an update's work is committed.

use std::sync::Arc;

use axum::Router;
use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::routing::post;
use futures_util::StreamExt;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use tokio::sync::{mpsc, oneshot};

use crate::answer::Desk;
use crate::incoming::Update;
use crate::metrics::Counters;
use crate::poll::ANSWERS_WAIT;
use crate::rooms::{Commit, Job, Rooms};
use crate::update::queue_of;

/// No update is as long as this.
const MAX_BODY: usize = 1 << 20;

/// Where updates are posted, and the secret that comes with them. Both follow from the token, so
/// that every process knows them and nobody else does.
pub struct Webhook {
    /// The path, with its slash.
    pub path: String,
    pub(crate) secret: String,
}

impl Webhook {
    /// Derives path and secret from a token.
    #[must_use]
    pub fn of_token(token: &str) -> Self {
        Self {
            path: format!("/telegram/{}", derive(token, "path")),
            secret: derive(token, "secret"),
        }
    }

    /// The secret, which only Telegram is told.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.secret
    }
}

/// HMAC-SHA-256 of a purpose under the token, in hexadecimal digits.
fn derive(token: &str, purpose: &str) -> String {
    use std::fmt::Write;
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(token.as_bytes()) else {
        return String::new();
    };
    mac.update(b"anklebot webhook ");
    mac.update(purpose.as_bytes());
    let mut hex = String::with_capacity(64);
    for byte in mac.finalize().into_bytes() {
        // Writing into a string does not fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

struct Door {
    desk: Arc<Desk>,
    rooms: Arc<Rooms>,
    secret: String,
}

/// The route for a webhook.
pub(crate) fn route(desk: Arc<Desk>, rooms: Arc<Rooms>, webhook: &Webhook) -> Router {
    let door = Arc::new(Door {
        desk,
        rooms,
        secret: webhook.secret.clone(),
    });
    Router::new()
        .route(&webhook.path, post(take))
        .with_state(door)
}

async fn take(State(door): State<Arc<Door>>, request: Request) -> StatusCode {
    let body = match admit(request, &door.secret, &door.desk.counters).await {
        Ok(body) => body,
        Err(status) => return status,
    };
    if door.rooms.is_closed() {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    let Ok(update) = serde_json::from_slice::<Update>(&body) else {
        // It would make no more sense the next time.
        tracing::warn!("an update that makes no sense was skipped");
        door.desk.counters.add_unknown();
        return StatusCode::OK;
    };
    let (committed, commit) = oneshot::channel();
    let (answered, mut all_answered) = mpsc::channel(1);
    let chat = queue_of(&update);
    let job = Job {
        update,
        committed,
        redelivered: true,
        answered,
    };
    door.rooms.push(&door.desk, chat, job);
    match commit.await {
        Ok(Commit::Done) => {
            let answered = tokio::time::timeout(ANSWERS_WAIT, all_answered.recv());
            if answered.await.is_err() {
                door.desk.note_owed().await;
            }
            StatusCode::OK
        }
        Ok(Commit::Failed) | Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// The body of a call of Telegram's. Of a stranger's nothing is read, and of one that is too long no more
/// than shows it.
async fn admit(request: Request, secret: &str, counters: &Counters) -> Result<Vec<u8>, StatusCode> {
    let given = request.headers().get("x-telegram-bot-api-secret-token");
    let is_right = given.is_some_and(|given| bool::from(given.as_bytes().ct_eq(secret.as_bytes())));
    if !is_right {
        counters.add_webhook_refused();
        return Err(StatusCode::UNAUTHORIZED);
    }
    let too_long = || {
        counters.add_webhook_too_long();
        StatusCode::PAYLOAD_TOO_LARGE
    };
    let body = request.into_body();
    if body.size_hint().lower() > MAX_BODY as u64 {
        return Err(too_long());
    }
    let mut pieces = body.into_data_stream();
    let mut whole = Vec::new();
    while let Some(piece) = pieces.next().await {
        // It broke off: nobody is there to hear this.
        let piece = piece.map_err(|_| StatusCode::BAD_REQUEST)?;
        if whole.len() + piece.len() > MAX_BODY {
            return Err(too_long());
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::body::{Body, Bytes};
    use futures_util::stream;

    use super::*;

    const PIECE: usize = 1 << 16;

    /// A call with ten megabytes, of whose length it says nothing, and how many pieces of it were read.
    fn endless(secret: Option<&str>) -> (Request, Arc<AtomicUsize>) {
        let read = Arc::<AtomicUsize>::default();
        let count = read.clone();
        let pieces = stream::iter(0..160).map(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
            Ok::<_, Infallible>(Bytes::from(vec![b' '; PIECE]))
        });
        (call(secret, Body::from_stream(pieces)), read)
    }

    fn call(secret: Option<&str>, body: Body) -> Request {
        let mut request = Request::builder();
        if let Some(secret) = secret {
            request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
        }
        request.body(body).unwrap()
    }

    #[tokio::test]
    async fn of_a_strangers_call_nothing_is_read_and_it_is_counted() {
        let counters = Counters::default();
        for secret in [None, Some(""), Some("wrong"), Some("right, but longer")] {
            let (request, read) = endless(secret);
            let refused = admit(request, "right", &counters).await;
            assert_eq!(refused, Err(StatusCode::UNAUTHORIZED));
            assert_eq!(read.load(Ordering::Relaxed), 0);
        }
        assert_eq!(counters.webhook_refused(), 4);
        assert_eq!(counters.webhook_too_long(), 0);
    }

    #[tokio::test]
    async fn a_call_that_is_too_long_is_not_read_to_its_end_and_is_counted() {
        let counters = Counters::default();
        let (request, read) = endless(Some("right"));
        let refused = admit(request, "right", &counters).await;
        assert_eq!(refused, Err(StatusCode::PAYLOAD_TOO_LARGE));
        assert_eq!(read.load(Ordering::Relaxed), MAX_BODY / PIECE + 1);
        // What says so beforehand is not read at all.
        let told = call(Some("right"), Body::from(vec![b' '; MAX_BODY + 1]));
        let refused = admit(told, "right", &counters).await;
        assert_eq!(refused, Err(StatusCode::PAYLOAD_TOO_LARGE));
        assert_eq!(counters.webhook_too_long(), 2);
        let longest = call(Some("right"), Body::from(vec![b' '; MAX_BODY]));
        let whole = admit(longest, "right", &counters).await;
        assert_eq!(whole.map(|whole| whole.len()), Ok(MAX_BODY));
        assert_eq!(counters.webhook_too_long() + counters.webhook_refused(), 2);
    }

    #[test]
    fn path_and_secret_follow_from_the_token_and_do_not_show_it() {
        let webhook = Webhook::of_token("123:abc");
        assert_eq!(webhook.path, Webhook::of_token("123:abc").path);
        assert_ne!(webhook.path, Webhook::of_token("123:abd").path);
        assert!(!webhook.path.contains(&webhook.secret) && !webhook.path.contains("123:abc"));
        assert!(
            webhook.secret.len() == 64 && webhook.secret.bytes().all(|b| b.is_ascii_hexdigit())
        );
    }
}
