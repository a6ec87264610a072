//! Calls to Discord: the one place that they leave through.
//!
//! The library's own sender drops `Retry-After` and the rate headers, or ignores another address: so
//! requests are made here. What a caller has to do next depends on the status, the code and whether
//! the request ever left, and just that is what it gets.

mod error;
mod limits;

use std::sync::Arc;
use std::time::Duration;

use ankle_core::card::File;
use ankle_core::face::{Clock, RetryScope, SendError};
use jiff::SignedDuration;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, USER_AGENT};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, Url};
use serde_json::Value;

use crate::interaction::Hook;
use crate::metrics::Counters;
pub use error::CallError;
use error::{classify, reason, unreached};
use limits::{Limits, Refused};

/// How long a call may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a first response may take: it is worth nothing after three seconds, and can be repeated.
const HASTE: Duration = Duration::from_millis(1_500);

/// As long as this a call waits for its turn; what would have to wait longer is told to.
const LONGEST_TURN: SignedDuration = SignedDuration::from_secs(5);

/// Discord's REST interface for one token.
pub struct Rest {
    client: Client,
    /// All that calls have in common, parsed once: with a slash at its end.
    base: Url,
    authorization: String,
    clock: Arc<dyn Clock>,
    limits: Limits,
    counters: Arc<Counters>,
}

/// A call.
#[derive(Clone, Debug)]
pub struct Call {
    method: Method,
    /// Behind `/api/v10`. It may hold an interaction's token, so it is never shown.
    path: Hidden,
    kind: Kind,
    /// What shares a limit: the method, the route, and the id that it hangs on.
    key: String,
    body: Option<Value>,
    files: Vec<File>,
}

#[derive(Clone)]
struct Hidden(String);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// Whom a call concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Us: bound to what a bot may do in a second.
    Bot,
    /// An interaction's first response.
    Callback,
    /// What comes after it. Neither of the two is bound to a bot's own limit.
    Webhook,
}

impl Call {
    /// A call of our own. `route` names its kind, `major` the channel, server or application in it.
    pub fn bot(method: Method, route: &str, major: &str, path: String) -> Self {
        Self::new(Kind::Bot, method, &format!("{route} {major}"), path)
    }

    /// An interaction's first response.
    pub fn callback(hook: &Hook, body: Value) -> Self {
        let path = format!("/interactions/{}/{}/callback", hook.id, hook.token);
        Self::new(Kind::Callback, Method::POST, "", path).with(body)
    }

    /// On the message that is an interaction's first response.
    pub fn original(method: Method, hook: &Hook) -> Self {
        let path = format!(
            "/webhooks/{}/{}/messages/@original",
            hook.application, hook.token
        );
        Self::new(
            Kind::Webhook,
            method,
            &format!("original {}", hook.id),
            path,
        )
    }

    /// One message more.
    pub fn follow_up(hook: &Hook) -> Self {
        let path = format!("/webhooks/{}/{}", hook.application, hook.token);
        Self::new(
            Kind::Webhook,
            Method::POST,
            &format!("more {}", hook.id),
            path,
        )
    }

    fn new(kind: Kind, method: Method, route: &str, path: String) -> Self {
        Self {
            key: format!("{method} {route}"),
            method,
            path: Hidden(path),
            kind,
            body: None,
            files: Vec::new(),
        }
    }

    /// The same call with a body.
    pub fn with(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// The same call with files.
    pub fn with_files(mut self, files: Vec<File>) -> Self {
        self.files = files;
        self
    }
}

impl Rest {
    /// The interface at an address, for a token.
    pub fn new(
        client: Client,
        url: &Url,
        token: &str,
        clock: Arc<dyn Clock>,
        counters: Arc<Counters>,
    ) -> Self {
        Self {
            client,
            base: beneath(url, "api/v10/"),
            authorization: format!("Bot {token}"),
            clock,
            limits: Limits::default(),
            counters,
        }
    }

    /// Makes a call, once, when its turn has come. Returns what came back.
    pub async fn call(&self, call: &Call) -> Result<Value, CallError> {
        let done = self.call_for_reason(call).await;
        done.map_err(|(error, _)| error)
    }

    /// The same. An error comes with what Discord says of it, for the operator: of a call that holds
    /// nothing of anybody's.
    pub async fn call_for_reason(&self, call: &Call) -> Result<Value, (CallError, String)> {
        let (error, body) = match self.exchange(call).await {
            Ok(Ok(body)) => return Ok(body),
            Ok(Err(refused)) => refused,
            Err(error) => (error, Value::Null),
        };
        Err((error, reason(&body)))
    }

    /// What comes back of a call: its body, or an error with that.
    async fn exchange(&self, call: &Call) -> Result<Result<Value, (CallError, Value)>, CallError> {
        self.turn(call).await?;
        let request = self.request(call)?;
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => return Err(self.note(unreached(&error).into())),
        };
        let status = response.status();
        let headers = response.headers().clone();
        let now = self.clock.now();
        // A first response is made once: nothing can be learned from it for another.
        if call.kind != Kind::Callback {
            self.limits.learn(&call.key, &headers, now);
        }
        let body = match response.bytes().await {
            Ok(body) => body,
            Err(_) if status.is_success() && call.method != Method::GET => {
                return Ok(Ok(Value::Null));
            }
            Err(_) => return Err(self.note(SendError::InDoubt.into())),
        };
        let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        if status.is_success() {
            return Ok(Ok(body));
        }
        let error = classify(status, &headers, &body, call.kind);
        self.heed(&error, call, &headers, status.as_u16());
        Ok(Err((self.note(error), body)))
    }

    /// Waits until a call may leave.
    async fn turn(&self, call: &Call) -> Result<(), CallError> {
        let started = self.clock.now();
        loop {
            let now = self.clock.now();
            let Err(until) = self.limits.may_leave(call.kind, &call.key, now) else {
                return Ok(());
            };
            let wait = until.duration_since(now);
            // A first response does not wait here: whoever gives it knows how long it is worth something.
            if call.kind == Kind::Callback || now.duration_since(started) + wait > LONGEST_TURN {
                return Err(SendError::RetryAfter {
                    after: wait.try_into().unwrap_or_default(),
                    scope: RetryScope::Unsaid,
                }
                .into());
            }
            self.clock.sleep_until(until).await;
        }
    }

    fn request(&self, call: &Call) -> Result<reqwest::RequestBuilder, CallError> {
        let patience = match call.kind {
            Kind::Callback => HASTE,
            Kind::Bot | Kind::Webhook => PATIENCE,
        };
        let path = call.path.0.trim_start_matches('/');
        let url = self.base.join(path).map_err(|_| SendError::Rejected)?;
        let request = self
            .client
            .request(call.method.clone(), url)
            .header(USER_AGENT, serenity::constants::USER_AGENT)
            .timeout(patience);
        let request = match call.kind {
            Kind::Bot => request.header(AUTHORIZATION, &self.authorization),
            Kind::Callback | Kind::Webhook => request,
        };
        let Some(body) = &call.body else {
            return Ok(request);
        };
        if call.files.is_empty() {
            return Ok(request
                .header(CONTENT_TYPE, "application/json")
                .body(body.to_string()));
        }
        let mut form = Form::new();
        let json = Part::text(body.to_string()).mime_str("application/json");
        form = form.part("payload_json", json.map_err(|_| SendError::Rejected)?);
        for (at, file) in call.files.iter().enumerate() {
            let part = Part::bytes(file.content.clone().into_bytes()).file_name(file.name.clone());
            form = form.part(format!("files[{at}]"), part);
        }
        Ok(request.multipart(form))
    }

    /// Does what an error orders: waits are noted, and so is what Discord counts against us.
    fn heed(&self, error: &CallError, call: &Call, headers: &HeaderMap, status: u16) {
        let now = self.clock.now();
        let shared = headers
            .get("x-ratelimit-scope")
            .is_some_and(|scope| scope == "shared");
        if matches!(status, 401 | 403 | 429) && !shared {
            self.counters.add_invalid_request();
            self.limits.count_invalid(now);
        }
        if let CallError::Send(SendError::RetryAfter { after, scope }) = error {
            let until = now
                .checked_add(SignedDuration::try_from(*after).unwrap_or_default())
                .unwrap_or(now);
            // What refuses a first response as a whole is no counter of ours: it stands before Discord.
            let refused: &[_] = match (scope, call.kind) {
                (RetryScope::All, Kind::Callback) => &[Refused::All, Refused::Responses],
                (RetryScope::All, _) => &[Refused::All],
                (_, Kind::Callback) => &[],
                _ => &[Refused::Key(&call.key)],
            };
            for refused in refused {
                self.limits.refused(*refused, now, until);
            }
        }
    }

    fn note(&self, error: CallError) -> CallError {
        match &error {
            CallError::Send(SendError::Away | SendError::InDoubt) => self.counters.add_in_doubt(),
            CallError::Send(SendError::Rejected | SendError::Forbidden(_) | SendError::Gone) => {
                self.counters.add_refused_call();
            }
            _ => {}
        }
        error
    }
}

/// What stands below an address, whether that ends with a slash or not.
fn beneath(url: &Url, path: &str) -> Url {
    let mut whole = url.clone();
    whole.set_path(&format!("{}/{path}", url.path().trim_end_matches('/')));
    whole
}
