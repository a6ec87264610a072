//! Which chat a call means, and what the bot may do there.

use serde_json::Value;

use super::Params;
use crate::telegram::reply::ApiError;
use crate::telegram::state::{ChatKind, ChatRecord, State, Status};

/// What is to be sent, as the API names it where there is no right to send it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sending {
    Text,
    Photo,
    Document,
}

/// The chat that `chat_id` names.
pub(super) fn chat(state: &State, params: &Params) -> Result<i64, ApiError> {
    let not_found = || ApiError::bad("chat not found");
    let id = match params.get("chat_id") {
        None => return Err(ApiError::violation("chat_id is empty")),
        Some(Value::String(text)) => match (text.parse::<i64>(), text.strip_prefix('@')) {
            (Ok(id), _) => id,
            (_, Some(name)) => {
                let named = |chat: &&ChatRecord| {
                    chat.username
                        .as_ref()
                        .is_some_and(|own| own.eq_ignore_ascii_case(name))
                };
                state.chats.values().find(named).ok_or_else(not_found)?.id
            }
            _ => return Err(not_found()),
        },
        Some(other) => other.as_i64().ok_or_else(not_found)?,
    };
    let Some(chat) = state.chats.get(&id) else {
        if state.accounts.contains_key(&id) {
            return Err(ApiError::forbidden(
                "bot can't initiate conversation with a user",
            ));
        }
        return Err(not_found());
    };
    match chat.migrated_to {
        Some(to) => Err(ApiError::migrated(to)),
        None => Ok(id),
    }
}

/// The chat that `chat_id` names, if the bot is in it.
pub(super) fn reachable(state: &State, params: &Params) -> Result<i64, ApiError> {
    let id = chat(state, params)?;
    let chat = state.chat(id);
    let status = chat.status(state.bot.id);
    if chat.kind == ChatKind::Private {
        let gone = state
            .accounts
            .get(&id)
            .is_some_and(|account| account.deactivated);
        return match status {
            _ if gone => Err(ApiError::forbidden("user is deactivated")),
            Status::Kicked => Err(ApiError::forbidden("bot was blocked by the user")),
            Status::Left => Err(ApiError::forbidden(
                "bot can't initiate conversation with a user",
            )),
            _ => Ok(id),
        };
    }
    let kind = chat.kind.name();
    match status {
        Status::Kicked => Err(ApiError::forbidden(&format!(
            "bot was kicked from the {kind} chat"
        ))),
        Status::Left => Err(ApiError::forbidden(&format!(
            "bot is not a member of the {kind} chat"
        ))),
        _ => Ok(id),
    }
}

/// Whether the bot may write into the chat.
pub(super) fn may_write(state: &State, id: i64, what: Sending) -> Result<(), ApiError> {
    let (chat, bot) = (state.chat(id), state.bot.id);
    if chat.kind == ChatKind::Channel {
        return if chat.has_right(bot, "can_post_messages") {
            Ok(())
        } else {
            Err(ApiError::bad(
                "need administrator rights in the channel chat",
            ))
        };
    }
    let restricted = chat.status(bot) == Status::Restricted;
    if restricted || (chat.admins_only && chat.kind != ChatKind::Private && !chat.is_admin(bot)) {
        let what = match what {
            Sending::Text => "text messages",
            Sending::Photo => "photos",
            Sending::Document => "documents",
        };
        return Err(ApiError::bad(&format!(
            "not enough rights to send {what} to the chat"
        )));
    }
    Ok(())
}

/// The topic a message goes to, given the message it replies to.
pub(super) fn thread(
    state: &State,
    id: i64,
    params: &Params,
    reply_to: Option<i64>,
) -> Result<Option<i64>, ApiError> {
    let chat = state.chat(id);
    let thread = match params.number("message_thread_id") {
        // General has no id of its own: it is meant when none is given.
        Some(1) => return Err(ApiError::violation("message thread not found")),
        Some(thread) if chat.topics.contains_key(&thread) => Some(thread),
        Some(_) => return Err(ApiError::bad("message thread not found")),
        None => reply_to
            .and_then(|id| chat.messages.get(&id))
            .and_then(|message| message.thread),
    };
    let closed = match thread {
        Some(thread) => chat.topics.get(&thread).is_some_and(|topic| topic.closed),
        None => chat.general_closed,
    };
    if closed && !chat.has_right(state.bot.id, "can_manage_topics") {
        return Err(ApiError::bad("TOPIC_CLOSED"));
    }
    Ok(thread)
}

/// The message a message replies to.
pub(super) fn reply_to(state: &State, id: i64, params: &Params) -> Result<Option<i64>, ApiError> {
    let Some(reply) = params.get("reply_parameters") else {
        return Ok(None);
    };
    let target = reply["message_id"].as_i64().unwrap_or_default();
    if state
        .message(id, target)
        .is_some_and(|message| !message.deleted)
    {
        return Ok(Some(target));
    }
    // In a long run, what was there long ago is no longer kept.
    let first = state
        .chat(id)
        .messages
        .first_key_value()
        .map(|(first, _)| *first);
    if state.history.is_some() && first.is_some_and(|first| (1..first).contains(&target)) {
        return Ok(Some(target));
    }
    if reply["allow_sending_without_reply"].as_bool() == Some(true) {
        return Ok(None);
    }
    Err(ApiError::bad("message to be replied not found"))
}
