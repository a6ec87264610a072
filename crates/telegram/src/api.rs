//! Calls to the Bot API: the library's payloads over our own transport.
//!
//! The library's own sender waits ten seconds inside a call that met a 5xx, and hides the status and
//! whether the request ever left: what a sender has to do next depends on just that.

use std::time::Duration;

use ankle_core::face::{Forbidden, RetryScope, SendError};
use axum::http::StatusCode;
use reqwest::Url;
use reqwest::multipart::{Form, Part};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use teloxide::payloads::{GetMe, GetUpdates, SendDocument};
use teloxide::requests::Payload;
use teloxide::types::{AllowedUpdate, ThreadId};
use tokio_util::sync::CancellationToken;

use crate::transport::{Answered, Transport};

/// How long any call but a long poll may take.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// How long we wait for what is only looked up.
const LOOK: Duration = Duration::from_secs(2);

/// The Bot API for one token. Never shown: its address holds the token.
pub struct Api {
    transport: Transport,
    /// All that the addresses of calls have in common: with a slash at its end.
    address: String,
    refused: CancellationToken,
}

/// A long poll. The library's own has no room for an offset beyond 31 bits.
#[derive(Serialize)]
pub struct Poll<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<i64>,
    pub limit: usize,
    pub timeout: u32,
    pub allowed_updates: &'a [AllowedUpdate],
}

/// Why a call did not do its work, and what the API says about it.
type Told = (CallError, String);

/// What every answer of the API looks like.
#[derive(Deserialize)]
struct Reply<T> {
    ok: bool,
    result: Option<T>,
    description: Option<String>,
    parameters: Option<Parameters>,
}

#[derive(Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
    migrate_to_chat_id: Option<i64>,
}

/// As much of a sent message as we need.
#[derive(Deserialize)]
pub struct Sent {
    pub message_id: i32,
}

/// Why a call did not do its work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// What every face knows.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The token is not, or no longer, good.
    #[error("the token was refused")]
    Token,
    /// Somebody else polls with this token.
    #[error("another process polls with the same token")]
    Conflict,
    /// The message is as it should be already.
    #[error("nothing to change")]
    NotModified,
    /// The message is gone, or cannot be edited any more.
    #[error("the message is gone")]
    MessageGone,
}

/// Why it is not known who we are.
#[derive(Debug, thiserror::Error)]
pub enum Unknown {
    /// The API did not say.
    #[error(transparent)]
    Call(#[from] CallError),
    /// Something answers that is not the API.
    #[error("what answers ({status}) does not look like the Bot API")]
    NotTheApi {
        /// With what.
        status: StatusCode,
    },
}

impl Api {
    /// The API at an address, for a token.
    pub fn new(transport: Transport, url: &Url, token: &str) -> Self {
        let mut address = url.clone();
        address.set_query(None);
        address.set_fragment(None);
        address.set_path(&format!("{}/bot{token}/", url.path().trim_end_matches('/')));
        Self {
            transport,
            address: address.into(),
            refused: CancellationToken::new(),
        }
    }

    /// Ends when a call has shown that the token is no good any more.
    pub async fn token_refused(&self) {
        self.refused.cancelled().await;
    }

    /// Calls a method and waits for its answer.
    pub async fn call<P, T>(&self, payload: &P) -> Result<T, CallError>
    where
        P: Payload + serde::Serialize,
        T: DeserializeOwned,
    {
        let body = serde_json::to_vec(payload).map_err(|_| SendError::Rejected)?;
        self.post(P::NAME, body, PATIENCE).await
    }

    /// The same, with what the API says if it refuses.
    pub async fn call_told<P, T>(&self, payload: &P) -> Result<T, Told>
    where
        P: Payload + serde::Serialize,
        T: DeserializeOwned,
    {
        let untold = |error: SendError| (error.into(), String::new());
        let body = serde_json::to_vec(payload).map_err(|_| untold(SendError::Rejected))?;
        let answered = self.ask(P::NAME, body, PATIENCE).await.map_err(untold)?;
        self.read(answered)
    }

    /// Sends a file, which goes as a form.
    pub async fn send_file(
        &self,
        chat: i64,
        thread: Option<ThreadId>,
        name: &str,
        content: &str,
    ) -> Result<Sent, CallError> {
        let file = Part::text(content.to_owned()).file_name(name.to_owned());
        let mut form = Form::new()
            .text("chat_id", chat.to_string())
            .part("document", file);
        if let Some(ThreadId(id)) = thread {
            form = form.text("message_thread_id", id.0.to_string());
        }
        let address = self.address_of(SendDocument::NAME);
        let answered = self.transport.post_form(address, form, PATIENCE).await?;
        self.read(answered).map_err(untold)
    }

    /// Looks something up that an update's work waits for, and with it its chat: so not for long.
    pub async fn look_up<P, T>(&self, payload: &P) -> Result<T, CallError>
    where
        P: Payload + serde::Serialize,
        T: DeserializeOwned,
    {
        let body = serde_json::to_vec(payload).map_err(|_| SendError::Rejected)?;
        self.post(P::NAME, body, LOOK).await
    }

    /// Waits for updates, each of which is read on its own: one that makes no sense spoils no other.
    pub async fn updates(&self, payload: &Poll<'_>) -> Result<Vec<Box<RawValue>>, CallError> {
        let body = serde_json::to_vec(payload).map_err(|_| SendError::Rejected)?;
        let wait = Duration::from_secs(u64::from(payload.timeout));
        self.post(GetUpdates::NAME, body, wait + PATIENCE).await
    }

    /// Asks who we are: the first call, by which it shows whether the API is there at all.
    pub async fn ourselves<T: DeserializeOwned>(&self) -> Result<T, Unknown> {
        let call = self.ask(GetMe::NAME, b"{}".to_vec(), PATIENCE);
        let (status, bytes) = call.await.map_err(CallError::from)?;
        if !status.is_server_error() && serde_json::from_slice::<Reply<Value>>(&bytes).is_err() {
            return Err(Unknown::NotTheApi { status });
        }
        Ok(read(status, &bytes).map_err(untold)?)
    }

    async fn post<T: DeserializeOwned>(
        &self,
        method: &str,
        body: Vec<u8>,
        patience: Duration,
    ) -> Result<T, CallError> {
        let answered = self.ask(method, body, patience).await?;
        self.read(answered).map_err(untold)
    }

    fn read<T: DeserializeOwned>(&self, (status, bytes): Answered) -> Result<T, Told> {
        let read = read(status, &bytes);
        // A 404 is also said of a method that a server of one's own does not know.
        if status == StatusCode::UNAUTHORIZED && matches!(read, Err((CallError::Token, _))) {
            self.refused.cancel();
        }
        read
    }

    async fn ask(
        &self,
        method: &str,
        body: Vec<u8>,
        patience: Duration,
    ) -> Result<Answered, SendError> {
        let address = self.address_of(method);
        self.transport.post(address, body, patience).await
    }

    fn address_of(&self, method: &str) -> String {
        [&self.address, method].concat()
    }
}

fn untold((error, _): Told) -> CallError {
    error
}

fn read<T: DeserializeOwned>(status: StatusCode, bytes: &[u8]) -> Result<T, Told> {
    let reply: Reply<T> = match serde_json::from_slice(bytes) {
        Ok(reply) => reply,
        // A proxy's error page: nobody knows what stands behind it.
        Err(_) if is_away(status) => return Err((SendError::Away.into(), String::new())),
        Err(_) => return Err((SendError::InDoubt.into(), String::new())),
    };
    match reply.result {
        Some(result) if reply.ok => Ok(result),
        _ => {
            let description = reply.description.unwrap_or_default();
            let error = classify(status, &description, reply.parameters);
            Err((error, description))
        }
    }
}

/// Whether the API, or what stands in front of it, says that it is out of order. A front end that has waited
/// for an answer in vain says 504, and means something else.
fn is_away(status: StatusCode) -> bool {
    status.is_server_error() && status != StatusCode::GATEWAY_TIMEOUT
}

/// What an error of the API means. Its texts are no contract, so the status and the typed
/// parameters go first.
fn classify(status: StatusCode, description: &str, parameters: Option<Parameters>) -> CallError {
    let text = description.to_lowercase();
    let says = |part: &str| text.contains(part);
    if let Some(parameters) = parameters {
        if let Some(seconds) = parameters.retry_after {
            return SendError::RetryAfter {
                after: Duration::from_secs(seconds),
                scope: RetryScope::Unsaid,
            }
            .into();
        }
        if let Some(chat) = parameters.migrate_to_chat_id {
            return SendError::Moved {
                chat: chat.to_string(),
            }
            .into();
        }
    }
    match status.as_u16() {
        401 | 404 => CallError::Token,
        409 => CallError::Conflict,
        429 => SendError::RetryAfter {
            after: Duration::from_secs(1),
            scope: RetryScope::Unsaid,
        }
        .into(),
        500.. if is_away(status) => SendError::Away.into(),
        500.. => SendError::InDoubt.into(),
        403 if says("blocked by the user") || says("can't initiate") || says("deactivated") => {
            SendError::Forbidden(Forbidden::Blocked).into()
        }
        403 => SendError::Gone.into(),
        _ if says("not modified") => CallError::NotModified,
        _ if says("message to edit not found") || says("message can't be edited") => {
            CallError::MessageGone
        }
        _ if says("message to delete not found") => CallError::MessageGone,
        // After two days.
        _ if says("message can't be deleted") => SendError::TooOld.into(),
        _ if says("chat not found") || says("group chat was deleted") => SendError::Gone.into(),
        _ if says("topic_closed") => SendError::Forbidden(Forbidden::TopicClosed).into(),
        _ if says("thread not found") => SendError::Gone.into(),
        _ if says("not enough rights") || says("have no rights") => {
            SendError::Forbidden(Forbidden::Write).into()
        }
        _ => SendError::Rejected.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16, description: &str) -> CallError {
        classify(StatusCode::from_u16(status).unwrap(), description, None)
    }

    #[test]
    fn each_refusal_has_its_own_consequence() {
        let blocked = CallError::Send(SendError::Forbidden(Forbidden::Blocked));
        assert_eq!(
            error(403, "Forbidden: bot was blocked by the user"),
            blocked
        );
        assert_eq!(
            error(
                403,
                "Forbidden: bot can't initiate conversation with a user"
            ),
            blocked
        );
        let gone = CallError::Send(SendError::Gone);
        assert_eq!(
            error(403, "Forbidden: bot was kicked from the group chat"),
            gone
        );
        assert_eq!(error(403, "Forbidden: something quite new"), gone);
        assert_eq!(error(400, "Bad Request: chat not found"), gone);
        let closed = CallError::Send(SendError::Forbidden(Forbidden::TopicClosed));
        assert_eq!(error(400, "Bad Request: TOPIC_CLOSED"), closed);
        let write = CallError::Send(SendError::Forbidden(Forbidden::Write));
        assert_eq!(
            error(
                400,
                "Bad Request: not enough rights to send text messages to the chat"
            ),
            write
        );
        assert_eq!(
            error(400, "Bad Request: message can't be deleted for everyone"),
            SendError::TooOld.into()
        );
        assert_eq!(error(401, "Unauthorized"), CallError::Token);
        assert_eq!(
            error(409, "Conflict: terminated by other getUpdates"),
            CallError::Conflict
        );
        assert_eq!(error(502, "Bad Gateway"), CallError::Send(SendError::Away));
        assert_eq!(
            error(504, "Gateway Timeout"),
            CallError::Send(SendError::InDoubt)
        );
        assert_eq!(
            error(400, "Bad Request: can't parse entities"),
            SendError::Rejected.into()
        );
    }

    #[test]
    fn typed_parameters_go_before_words() {
        let parameters = Parameters {
            retry_after: Some(8),
            migrate_to_chat_id: None,
        };
        let error = classify(StatusCode::TOO_MANY_REQUESTS, "x", Some(parameters));
        assert!(matches!(
            error,
            CallError::Send(SendError::RetryAfter { after, .. }) if after.as_secs() == 8
        ));
        let parameters = Parameters {
            retry_after: None,
            migrate_to_chat_id: Some(-1_001),
        };
        let error = classify(StatusCode::BAD_REQUEST, "upgraded", Some(parameters));
        assert_eq!(
            error,
            SendError::Moved {
                chat: "-1001".into()
            }
            .into()
        );
    }
}
