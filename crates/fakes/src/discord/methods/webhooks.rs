//! What follows the first response to an interaction: its messages, through its token.

use serde_json::Value;

use super::Call;
use super::callback::origin;
use super::messages::{refuse_empty, refuse_emptying, tell};
use crate::discord::interactions::{First, Interaction};
use crate::discord::reply::{Answer, ApiError};
use crate::discord::rules::{self, For, LOADING};
use crate::discord::state::State;

/// How many follow-ups an application may send that only the asker has installed.
const FOLLOW_UPS: usize = 5;

pub(super) fn run(state: &mut State, call: &Call) -> Answer {
    let found = state.tokens.get(call.part("webhook_token"));
    let found = found.and_then(|id| state.interactions.get(id));
    let interaction = found.filter(|interaction| {
        call.id("webhook_id") == state.bot.id
            && !interaction.is_over(state.now)
            && interaction.response.is_some()
    });
    let interaction = interaction.ok_or_else(ApiError::unknown_webhook)?.clone();
    match call.operation.as_str() {
        "execute_webhook" => follow_up(state, &interaction, call),
        "get_original_webhook_message" | "get_webhook_message" => {
            let id = message(state, &interaction, call)?;
            tell(state, interaction.channel, id)
        }
        "update_original_webhook_message" | "update_webhook_message" => {
            let id = message(state, &interaction, call)?;
            edit(state, &interaction, id, call)
        }
        _ => {
            let id = message(state, &interaction, call)?;
            state.remove(interaction.channel, id);
            Ok(None)
        }
    }
}

fn follow_up(state: &mut State, interaction: &Interaction, call: &Call) -> Answer {
    let (body, files) = (&call.given.json, &call.given.files);
    let problems = rules::check(body, files, For::Reply, "");
    if !problems.is_empty() {
        return Err(ApiError::invalid(problems));
    }
    refuse_empty(body, files)?;
    // After a deferral, the first follow-up takes the place of what was to come, whatever its flags.
    let waiting = interaction.original.filter(|id| {
        let message = state.message(interaction.channel, *id);
        interaction.response == Some(First::Deferred)
            && message.is_some_and(|message| message.flags & LOADING != 0 && !message.deleted)
    });
    if let Some(waiting) = waiting {
        state.change(interaction.channel, waiting, &without_flags(body), files);
        return tell(state, interaction.channel, waiting);
    }
    if interaction.user_only && interaction.followups.len() >= FOLLOW_UPS {
        let message = "This interaction hit the maximum number of follow up messages.";
        return Err(ApiError::new(400, 40094, message));
    }
    let origin = origin(interaction, body);
    let id = state.post(body, files, origin);
    if let Some(interaction) = state.interactions.get_mut(&interaction.id) {
        interaction.followups.push(id);
    }
    tell(state, interaction.channel, id)
}

fn edit(state: &mut State, interaction: &Interaction, id: u64, call: &Call) -> Answer {
    let (body, files) = (&call.given.json, &call.given.files);
    let problems = rules::check(body, files, For::Edit, "");
    if !problems.is_empty() {
        return Err(ApiError::invalid(problems));
    }
    refuse_emptying(state, interaction.channel, id, call, body)?;
    state.change(interaction.channel, id, body, files);
    tell(state, interaction.channel, id)
}

/// The message that a path means: `@original`, or one that this interaction brought.
fn message(state: &State, interaction: &Interaction, call: &Call) -> Result<u64, ApiError> {
    let id = if call.operation.contains("original") {
        interaction.original
    } else {
        let id = call.id("message_id");
        let own = interaction.original == Some(id) || interaction.followups.contains(&id);
        own.then_some(id)
    };
    let message = id.and_then(|id| state.message(interaction.channel, id));
    let message = message.filter(|message| !message.deleted);
    message
        .map(|message| message.id)
        .ok_or_else(ApiError::unknown_message)
}

fn without_flags(body: &Value) -> Value {
    let mut body = body.clone();
    if let Some(body) = body.as_object_mut() {
        body.remove("flags");
    }
    body
}
