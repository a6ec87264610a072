//! The webhook: our own route, which answers 200 when an update's work is committed.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use teloxide::types::Update;
use tokio::sync::{mpsc, oneshot};

use crate::answer::Desk;
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
    /// The secret.
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
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(door)
}

async fn take(State(door): State<Arc<Door>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let secret = headers.get("x-telegram-bot-api-secret-token");
    let is_right =
        secret.is_some_and(|given| bool::from(given.as_bytes().ct_eq(door.secret.as_bytes())));
    if !is_right {
        door.desk.counters.add_webhook_refused();
        return StatusCode::UNAUTHORIZED;
    }
    let Ok(update) = serde_json::from_slice::<Update>(&body) else {
        // It would make no more sense the next time.
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

#[cfg(test)]
mod tests {
    use super::*;

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
