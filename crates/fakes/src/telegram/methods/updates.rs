//! Getting updates: the long poll, and the webhook's settings.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use super::Params;
use crate::telegram::faults::CONFLICT;
use crate::telegram::queue::BATCH;
use crate::telegram::reply::{Answer, ApiError, Success};
use crate::telegram::schema::schema;
use crate::telegram::state::State;
use crate::telegram::webhook::Webhook;
use crate::telegram::world::Shared;

/// The longest time a poll waits.
const LONGEST_WAIT: u64 = 50;

/// Waits, in real time, for updates. A poll that waits gives way to a later one: it is told of a
/// conflict, as the real API does it.
pub(super) async fn get_updates(shared: &Arc<Shared>, params: &Params) -> Answer {
    let limit = match params.number("limit") {
        None => BATCH,
        Some(limit) => usize::try_from(limit)
            .ok()
            .filter(|limit| (1..=BATCH).contains(limit))
            .ok_or_else(|| ApiError::violation("limit must be from 1 to 100"))?,
    };
    let wait = params.number("timeout").unwrap_or(0);
    let wait = u64::try_from(wait).map_err(|_| ApiError::violation("timeout is negative"))?;
    check_allowed(params)?;
    let end = Instant::now() + Duration::from_secs(wait.min(LONGEST_WAIT));
    let mut changes = shared.changes();
    let turn = shared.write(|state| {
        refuse_beside_webhook(state)?;
        remember_allowed(state, params);
        if let Some(offset) = params.number("offset") {
            let now = state.seconds();
            state.queue.acknowledge(offset, now);
        }
        state.queue.polling += 1;
        // Only a poll that has to wait ends the one that waits already.
        if wait > 0 && state.queue.is_drained() {
            state.queue.poll += 1;
        }
        Ok(state.queue.poll)
    })?;
    let _polling = Polling(shared);
    loop {
        let batch = shared.read(|state| {
            if state.webhook.is_some() {
                return Err(ApiError::new(
                    409,
                    "Conflict: terminated by setWebhook request",
                ));
            }
            if state.queue.poll != turn {
                return Err(ApiError::new(409, CONFLICT));
            }
            Ok(state.queue.batch(limit))
        })?;
        if let Some(batch) = batch {
            return Ok(Success::Raw(format!("[{batch}]")));
        }
        if timeout_at(end, changes.changed()).await.is_err() {
            return Ok(json!([]).into());
        }
    }
}

/// A poll that has come and has no answer yet; it also ends when the client goes away.
struct Polling<'a>(&'a Shared);

impl Drop for Polling<'_> {
    fn drop(&mut self) {
        self.0.write(|state| state.queue.polling -= 1);
    }
}

pub(super) fn set_webhook(state: &mut State, params: &Params) -> Answer {
    let url = params.text("url").unwrap_or_default();
    if url.is_empty() {
        return Ok(delete_webhook(state, params).into());
    }
    // The real default is 40; with one connection, all updates come in order.
    let connections = params.number("max_connections").unwrap_or(1);
    let connections = usize::try_from(connections)
        .ok()
        .filter(|connections| (1..=100).contains(connections))
        .ok_or_else(|| ApiError::violation("max_connections must be from 1 to 100"))?;
    let webhook = Webhook::new(url, params.text("secret_token"), connections)
        .map_err(|what| ApiError::violation(&format!("bad webhook: {what}")))?;
    check_allowed(params)?;
    remember_allowed(state, params);
    if params.flag("drop_pending_updates") {
        state.queue.drop_all();
    }
    state.webhook = Some(webhook);
    Ok(json!(true).into())
}

pub(super) fn delete_webhook(state: &mut State, params: &Params) -> Value {
    state.webhook = None;
    if params.flag("drop_pending_updates") {
        state.queue.drop_all();
    }
    json!(true)
}

pub(super) fn webhook_info(state: &State) -> Value {
    let mut info = json!({
        "url": "", "has_custom_certificate": false, "pending_update_count": state.queue.len(),
    });
    if let Some(webhook) = &state.webhook {
        info["url"] = json!(webhook.url);
        info["max_connections"] = json!(webhook.connections);
        if let Some((at, error)) = &webhook.last_error {
            info["last_error_date"] = json!(at);
            info["last_error_message"] = json!(error);
        }
    }
    if !state.queue.allowed.is_empty() {
        info["allowed_updates"] = json!(state.queue.allowed);
    }
    info
}

fn refuse_beside_webhook(state: &State) -> Result<(), ApiError> {
    if state.webhook.is_none() {
        return Ok(());
    }
    Err(ApiError::new(
        409,
        "Conflict: can't use getUpdates method while webhook is active; \
         use deleteWebhook to delete the webhook first",
    ))
}

/// The real API ignores a kind it does not know, and the bot waits for it in vain.
fn check_allowed(params: &Params) -> Result<(), ApiError> {
    let kinds = params.get("allowed_updates").and_then(Value::as_array);
    let mut kinds = kinds.into_iter().flatten().filter_map(Value::as_str);
    match kinds.find(|kind| *kind == "update_id" || !schema().has_field("Update", kind)) {
        None => Ok(()),
        Some(kind) => Err(ApiError::violation(&format!(
            "there are no updates of kind {kind}"
        ))),
    }
}

/// What is not given stays as it was; an empty list is the default.
fn remember_allowed(state: &mut State, params: &Params) {
    if let Some(kinds) = params.get("allowed_updates").and_then(Value::as_array) {
        let kinds = kinds
            .iter()
            .filter_map(|kind| kind.as_str().map(str::to_owned));
        state.queue.allowed = kinds.collect();
    }
}
