//! The first response to an interaction.

use serde_json::{Value, json};

use super::Call;
use crate::discord::components::{self, Modal};
use crate::discord::interactions::{AUTOCOMPLETE, First, Interaction, SUBMIT};
use crate::discord::message::Origin;
use crate::discord::reply::{Answer, ApiError};
use crate::discord::rules::{self, EPHEMERAL, For, LOADING};
use crate::discord::schema::{Problem, list, problem};
use crate::discord::state::State;
use crate::discord::timeline::{Event, What};

const MESSAGE: u64 = 4;
const DEFER: u64 = 5;
const ACKNOWLEDGE: u64 = 6;
const UPDATE: u64 = 7;
const CHOICES: u64 = 8;
const MODAL: u64 = 9;

pub(super) fn respond(state: &mut State, call: &Call) -> Answer {
    let id = call.id("interaction_id");
    let found = state.interactions.get(&id);
    let found = found.filter(|interaction| interaction.token == call.part("interaction_token"));
    let interaction = found.ok_or_else(ApiError::unknown_interaction)?.clone();
    if interaction.is_late(state.now) {
        return Err(ApiError::unknown_interaction());
    }
    let body = &call.given.json;
    let kind = body["type"].as_u64().unwrap_or(0);
    let problems = check(&interaction, kind, call);
    if !problems.is_empty() {
        return Err(ApiError::invalid(problems));
    }
    if interaction.response.is_some() {
        let message = "Interaction has already been acknowledged.";
        return Err(ApiError::new(400, 40060, message));
    }
    let first = perform(state, &interaction, kind, call)?;
    let now = state.now;
    state.ledger.answered(id, interaction.since);
    if let Some(interaction) = state.interactions.get_mut(&id) {
        interaction.response = Some(first);
        interaction.responded = Some(now);
    }
    if call.flag("with_response") {
        return Ok(Some(told(state, id, kind)));
    }
    Ok(None)
}

fn check(interaction: &Interaction, kind: u64, call: &Call) -> Vec<Problem> {
    let body = &call.given.json;
    let data = &body["data"];
    let files = &call.given.files;
    let on_message = interaction.source.is_some();
    let fits = match kind {
        MESSAGE | DEFER => interaction.kind != AUTOCOMPLETE,
        ACKNOWLEDGE | UPDATE => on_message,
        CHOICES => interaction.kind == AUTOCOMPLETE,
        MODAL => interaction.kind != AUTOCOMPLETE && interaction.kind != SUBMIT,
        _ => false,
    };
    if !fits {
        return vec![problem("type", "does not fit this kind of interaction")];
    }
    match kind {
        MESSAGE => rules::check(data, files, For::Reply, "data"),
        DEFER => rules::check(data, files, For::Deferral, "data"),
        UPDATE => rules::check(data, files, For::Edit, "data"),
        CHOICES => {
            let choices = list(&data["choices"]);
            rules::check_choices(choices, interaction.option, "data.choices")
        }
        MODAL => {
            let mut problems = Vec::new();
            components::check_modal(data, "data", &mut problems);
            problems
        }
        _ => Vec::new(),
    }
}

fn perform(
    state: &mut State,
    interaction: &Interaction,
    kind: u64,
    call: &Call,
) -> Result<First, ApiError> {
    let id = interaction.id;
    let mut data = call.given.json["data"].clone();
    let files = &call.given.files;
    let set_original = |state: &mut State, message: u64| {
        if let Some(interaction) = state.interactions.get_mut(&id) {
            interaction.original = Some(message);
        }
    };
    match kind {
        MESSAGE | DEFER => {
            if kind == MESSAGE {
                super::messages::refuse_empty(&data, files)?;
            } else {
                let flags = data["flags"].as_u64().unwrap_or(0);
                data = json!({"flags": flags | LOADING});
            }
            let origin = origin(interaction, &data);
            let message = state.post(&data, files, origin);
            set_original(state, message);
            Ok(if kind == MESSAGE {
                First::Message
            } else {
                First::Deferred
            })
        }
        ACKNOWLEDGE | UPDATE => {
            let source = interaction.source.unwrap_or(0);
            set_original(state, source);
            if kind == ACKNOWLEDGE {
                return Ok(First::Acknowledged);
            }
            super::messages::refuse_emptying(state, interaction.channel, source, call, &data)?;
            state.change(interaction.channel, source, &data, files);
            Ok(First::Updated)
        }
        CHOICES => {
            let choices = list(&data["choices"]).iter().map(|choice| {
                let name = choice["name"].as_str().unwrap_or_default().to_owned();
                (name, choice["value"].clone())
            });
            let choices: Vec<_> = choices.collect();
            let names = choices.iter().map(|(name, _)| name.clone()).collect();
            show(state, interaction, What::Suggested(names));
            Ok(First::Choices(choices))
        }
        _ => {
            let modal = Modal::read(&data);
            let labels = modal
                .fields
                .iter()
                .map(|field| field.label.clone())
                .collect();
            let title = modal.title.clone();
            show(state, interaction, What::Asked { title, labels });
            Ok(First::Modal(modal))
        }
    }
}

fn show(state: &mut State, interaction: &Interaction, what: What) {
    let who = state.name(state.bot.id);
    state.timeline.add(Event {
        channel: interaction.channel,
        message: None,
        who,
        only: Some(interaction.asker),
        what,
    });
}

/// Where an answer to an interaction goes, and who sees it.
pub(super) fn origin(interaction: &Interaction, data: &Value) -> Origin {
    let private = data["flags"].as_u64().unwrap_or(0) & EPHEMERAL != 0;
    Origin {
        channel: interaction.channel,
        interaction: Some(interaction.id),
        only: (private || interaction.forced_private).then_some(interaction.asker),
    }
}

/// What `with_response` wants to know.
fn told(state: &State, id: u64, kind: u64) -> Value {
    let Some(interaction) = state.interactions.get(&id) else {
        return json!({});
    };
    let message = interaction
        .original
        .and_then(|id| state.message(interaction.channel, id));
    let mut told = json!({"interaction": {"id": id.to_string(), "type": interaction.kind}});
    if let Some(message) = message {
        told["interaction"]["response_message_id"] = message.id.to_string().into();
        told["interaction"]["response_message_loading"] = (message.flags & LOADING != 0).into();
        told["interaction"]["response_message_ephemeral"] = message.only.is_some().into();
        told["resource"] = json!({"type": kind});
        if kind == MESSAGE || kind == UPDATE {
            told["resource"]["message"] = state.message_json(message);
        }
    }
    told
}
