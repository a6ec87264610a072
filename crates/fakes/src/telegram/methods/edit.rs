//! Changing and deleting.

use serde_json::{Value, json};

use super::target;
use super::{Params, send};
use crate::telegram::keyboard;
use crate::telegram::message::{Content, Message};
use crate::telegram::reply::{Answer, ApiError};
use crate::telegram::state::{ChatKind, State};
use crate::telegram::text::Rich;

/// How long a message can be deleted, in seconds.
const DELETABLE: i64 = 48 * 60 * 60;

pub(super) fn text(state: &mut State, params: &Params) -> Answer {
    let body = send::read_text(params)?;
    let markup = keyboard::check(params.get("reply_markup"))?;
    let message = editable(state, params)?;
    if message.content != Content::Text {
        return Err(ApiError::bad("there is no text in the message to edit"));
    }
    change(state, &message, body, markup)
}

pub(super) fn caption(state: &mut State, params: &Params) -> Answer {
    let body = send::read_caption(params)?;
    let markup = keyboard::check(params.get("reply_markup"))?;
    let message = editable(state, params)?;
    if message.content == Content::Text {
        return Err(ApiError::bad("there is no caption in the message to edit"));
    }
    change(state, &message, body, markup)
}

pub(super) fn markup(state: &mut State, params: &Params) -> Answer {
    let markup = keyboard::check(params.get("reply_markup"))?;
    let message = editable(state, params)?;
    let body = message.body.clone();
    change(state, &message, body, markup)
}

pub(super) fn delete(state: &mut State, params: &Params) -> Answer {
    let chat = target::reachable(state, params)?;
    let id = params.number("message_id").unwrap_or_default();
    let found = state.message(chat, id).filter(|message| !message.deleted);
    let Some(message) = found else {
        return Err(ApiError::bad("message to delete not found"));
    };
    let own = message.by_bot;
    let record = state.chat(chat);
    let in_private = record.kind == ChatKind::Private;
    let allowed = own || in_private || record.has_right(state.bot.id, "can_delete_messages");
    if !allowed || message.at + DELETABLE < state.seconds() {
        return Err(ApiError::bad("message can't be deleted"));
    }
    state.remove(chat, id);
    Ok(json!(true).into())
}

/// The message that a call wants to edit, if the bot may.
fn editable(state: &State, params: &Params) -> Result<Message, ApiError> {
    if params.get("inline_message_id").is_some() {
        return Err(ApiError::bad("MESSAGE_ID_INVALID"));
    }
    let chat = target::reachable(state, params)?;
    let Some(id) = params.number("message_id") else {
        return Err(ApiError::violation("message identifier is not specified"));
    };
    let found = state.message(chat, id).filter(|message| !message.deleted);
    match found {
        None => Err(ApiError::bad("message to edit not found")),
        Some(message) if !message.by_bot || message.is_service() => {
            Err(ApiError::bad("message can't be edited"))
        }
        Some(message) => Ok(message.clone()),
    }
}

fn change(state: &mut State, old: &Message, body: Rich, markup: Option<Value>) -> Answer {
    if old.body == body && old.markup == markup {
        return Err(ApiError::bad(
            "message is not modified: specified new message content and reply markup are exactly \
             the same as a current content and reply markup of the message",
        ));
    }
    state.change(old.chat, old.id, body, markup);
    let changed = state
        .message(old.chat, old.id)
        .map(|message| state.message_json(message));
    Ok(changed.unwrap_or(Value::Null).into())
}
