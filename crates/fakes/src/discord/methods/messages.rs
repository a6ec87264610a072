//! Messages in channels.

use serde_json::Value;

use super::Call;
use crate::discord::body::Upload;
use crate::discord::message::Origin;
use crate::discord::permissions::{
    ATTACH_FILES, EMBED_LINKS, READ_MESSAGE_HISTORY, SEND_MESSAGES, SEND_MESSAGES_IN_THREADS,
    VIEW_CHANNEL,
};
use crate::discord::reply::{Answer, ApiError};
use crate::discord::rules::{self, For};
use crate::discord::schema;
use crate::discord::state::{ChannelKind, State};

/// For how long a nonce tells a repeated message from a new one, in seconds. Discord says "in the
/// past few minutes".
const NONCE: i64 = 180;

pub(super) fn create(state: &mut State, call: &Call) -> Answer {
    let (body, files) = (&call.given.json, &call.given.files);
    let problems = rules::check(body, files, For::Channel, "");
    if !problems.is_empty() {
        return Err(ApiError::invalid(problems));
    }
    let id = call.id("channel_id");
    let channel = state
        .channels
        .get(&id)
        .ok_or_else(ApiError::unknown_channel)?;
    let mut needed = if channel.is_thread() {
        SEND_MESSAGES_IN_THREADS
    } else {
        SEND_MESSAGES
    };
    if !schema::list(&body["embeds"]).is_empty() {
        needed |= EMBED_LINKS;
    }
    if !files.is_empty() {
        needed |= ATTACH_FILES;
    }
    access(state, id, needed)?;
    if channel.locked {
        return Err(archived());
    }
    if channel.kind == ChannelKind::Dm {
        let open = channel.recipients.iter().all(|id| {
            let account = state.accounts.get(id);
            account.is_some_and(|account| account.dm_open)
        });
        if !open {
            return Err(ApiError::new(
                403,
                50007,
                "Cannot send messages to this user",
            ));
        }
    }
    refuse_empty(body, files)?;
    let nonce = &body["nonce"];
    if body["enforce_nonce"] == true {
        let since = state.now.as_second() - NONCE;
        let mut messages = channel.messages.values().rev();
        let same =
            messages.find(|message| message.nonce == *nonce && message.interaction.is_none());
        if let Some(same) = same.filter(|same| same.at.as_second() >= since) {
            return Ok(Some(state.message_json(same)));
        }
    }
    if let Some(reference) = body["message_reference"]["message_id"].as_str() {
        let known = reference.parse().ok().and_then(|to| state.message(id, to));
        let lenient = body["message_reference"]["fail_if_not_exists"] == false;
        if known.is_none_or(|known| known.deleted || known.only.is_some()) && !lenient {
            let at = "message_reference.message_id";
            return Err(ApiError {
                violation: false,
                ..ApiError::invalid(vec![schema::problem(at, "is unknown")])
            });
        }
    }
    let origin = Origin {
        channel: id,
        interaction: None,
        only: None,
    };
    let message = state.post(body, files, origin);
    if let Some(channel) = state.channels.get_mut(&id) {
        channel.archived = false;
    }
    tell(state, id, message)
}

pub(super) fn update(state: &mut State, call: &Call) -> Answer {
    let (body, files) = (&call.given.json, &call.given.files);
    let problems = rules::check(body, files, For::Edit, "");
    if !problems.is_empty() {
        return Err(ApiError::invalid(problems));
    }
    let (channel, id) = find(state, call, 0)?;
    refuse_archived(state, channel)?;
    refuse_emptying(state, channel, id, call, body)?;
    state.change(channel, id, body, files);
    tell(state, channel, id)
}

pub(super) fn delete(state: &mut State, call: &Call) -> Answer {
    let (channel, id) = find(state, call, 0)?;
    refuse_archived(state, channel)?;
    state.remove(channel, id);
    Ok(None)
}

pub(super) fn get(state: &mut State, call: &Call) -> Answer {
    let (channel, id) = find(state, call, READ_MESSAGE_HISTORY)?;
    tell(state, channel, id)
}

pub(super) fn list(state: &mut State, call: &Call) -> Answer {
    let id = call.id("channel_id");
    access(state, id, READ_MESSAGE_HISTORY)?;
    let number = |name: &str| call.query(name).and_then(|text| text.parse::<u64>().ok());
    let limit = number("limit").unwrap_or(50);
    if !(1..=100).contains(&limit) {
        let problem = schema::problem("limit", "must be between 1 and 100");
        return Err(ApiError::invalid(vec![problem]));
    }
    let channel = state
        .channels
        .get(&id)
        .ok_or_else(ApiError::unknown_channel)?;
    let seen = |id: u64| {
        number("before").is_none_or(|before| id < before)
            && number("after").is_none_or(|after| id > after)
    };
    let messages = channel.messages.values().rev();
    let messages = messages.filter(|message| !message.deleted && message.only.is_none());
    let messages = messages.filter(|message| seen(message.id));
    let messages = messages.take(usize::try_from(limit).unwrap_or(50));
    Ok(Some(
        messages
            .map(|message| state.message_json(message))
            .collect(),
    ))
}

pub(super) fn typing(state: &mut State, call: &Call) -> Answer {
    access(state, call.id("channel_id"), SEND_MESSAGES)?;
    Ok(None)
}

/// Refuses a message that shows nothing.
pub(super) fn refuse_empty(body: &Value, files: &[Upload]) -> Result<(), ApiError> {
    let content = body["content"].as_str().unwrap_or_default();
    let lists = ["embeds", "components", "sticker_ids"];
    let empty = content.trim().is_empty()
        && lists.iter().all(|key| schema::list(&body[*key]).is_empty())
        && files.is_empty()
        && body["poll"].is_null();
    if empty { Err(empty_message()) } else { Ok(()) }
}

/// Refuses a change that would leave a message with nothing to show.
pub(super) fn refuse_emptying(
    state: &State,
    channel: u64,
    id: u64,
    call: &Call,
    body: &Value,
) -> Result<(), ApiError> {
    let Some(message) = state.message(channel, id) else {
        return Ok(());
    };
    let mut after = message.clone();
    if let Some(content) = body.get("content") {
        let content = content.as_str().unwrap_or_default();
        content.trim().clone_into(&mut after.content);
    }
    if let Some(embeds) = body.get("embeds") {
        after.embeds = embeds.clone();
    }
    if let Some(components) = body.get("components") {
        after.components = components.clone();
    }
    if body
        .get("attachments")
        .is_some_and(|listed| schema::list(listed).is_empty())
    {
        after.attachments.clear();
    }
    if after.is_empty() && call.given.files.is_empty() {
        return Err(empty_message());
    }
    Ok(())
}

/// Whether the bot may do this in a channel: an error of Discord's otherwise.
pub(super) fn access(state: &State, channel: u64, needed: u64) -> Result<(), ApiError> {
    let channel = state
        .channels
        .get(&channel)
        .ok_or_else(ApiError::unknown_channel)?;
    if channel.kind == ChannelKind::GroupDm {
        return Err(ApiError::missing_access());
    }
    let rights = state.bot_permissions(channel);
    if rights & VIEW_CHANNEL == 0 {
        return Err(ApiError::missing_access());
    }
    if rights & needed != needed {
        return Err(ApiError::missing_permissions());
    }
    Ok(())
}

/// The message of the path. All are the bot's own, so nothing more than seeing the channel is
/// needed to change one.
fn find(state: &State, call: &Call, needed: u64) -> Result<(u64, u64), ApiError> {
    let channel = call.id("channel_id");
    access(state, channel, needed)?;
    let message = state.message(channel, call.id("message_id"));
    // What only one person sees is no message of the channel.
    let message = message.filter(|message| !message.deleted && message.only.is_none());
    let message = message.ok_or_else(ApiError::unknown_message)?;
    Ok((channel, message.id))
}

pub(super) fn tell(state: &State, channel: u64, id: u64) -> Answer {
    let message = state
        .message(channel, id)
        .ok_or_else(ApiError::unknown_message)?;
    Ok(Some(state.message_json(message)))
}

/// In an archived thread nothing is changed.
fn refuse_archived(state: &State, channel: u64) -> Result<(), ApiError> {
    let channel = state.channels.get(&channel);
    if channel.is_some_and(|channel| channel.archived) {
        return Err(archived());
    }
    Ok(())
}

fn archived() -> ApiError {
    ApiError::new(400, 50083, "Thread is archived")
}

fn empty_message() -> ApiError {
    ApiError::new(400, 50006, "Cannot send an empty message").into_violation()
}
