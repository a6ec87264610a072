//! The operations of the API, once a call has passed the check against the description.

mod callback;
mod commands;
mod messages;
mod webhooks;
mod world;

use serde_json::{Value, json};

use super::body::Given;
use super::reply::{Answer, ApiError};
use super::schema::PathParts;
use super::state::State;

/// A call that fits the description.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) operation: String,
    pub(crate) parts: PathParts,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) given: Given,
}

impl Call {
    /// An id in the path.
    pub(crate) fn id(&self, name: &str) -> u64 {
        self.parts
            .get(name)
            .and_then(|id| id.parse().ok())
            .unwrap_or(0)
    }

    fn part(&self, name: &str) -> &str {
        self.parts.get(name).map_or("", String::as_str)
    }

    fn query(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    fn flag(&self, name: &str) -> bool {
        matches!(self.query(name), Some("true" | "True" | "1"))
    }
}

/// Does what a call asks for.
pub(crate) fn run(state: &mut State, call: &Call) -> Answer {
    match call.operation.as_str() {
        "get_gateway" => Ok(Some(json!({"url": state.gateway_url()}))),
        "get_bot_gateway" => Ok(Some(bot_gateway(state))),
        "get_my_user" => Ok(Some(state.me_json())),
        "get_my_application" | "get_my_oauth2_application" => Ok(Some(state.application_json())),
        "create_interaction_response" => callback::respond(state, call),
        "list_application_commands"
        | "list_guild_application_commands"
        | "bulk_set_application_commands"
        | "bulk_set_guild_application_commands"
        | "create_application_command"
        | "create_guild_application_command"
        | "get_application_command"
        | "get_guild_application_command"
        | "update_application_command"
        | "update_guild_application_command"
        | "delete_application_command"
        | "delete_guild_application_command" => commands::run(state, call),
        "create_message" => messages::create(state, call),
        "update_message" => messages::update(state, call),
        "delete_message" => messages::delete(state, call),
        "get_message" => messages::get(state, call),
        "list_messages" => messages::list(state, call),
        "trigger_typing_indicator" => messages::typing(state, call),
        "execute_webhook"
        | "get_original_webhook_message"
        | "update_original_webhook_message"
        | "delete_original_webhook_message"
        | "get_webhook_message"
        | "update_webhook_message"
        | "delete_webhook_message" => webhooks::run(state, call),
        "create_dm" => world::create_dm(state, call),
        "get_user" => world::user(state, call),
        "get_channel" => world::channel(state, call),
        "get_guild" => world::guild(state, call),
        "get_guild_member" => world::member(state, call),
        "list_guild_roles" => world::roles(state, call),
        "list_guild_channels" => world::channels(state, call),
        "list_my_guilds" => Ok(Some(world::my_guilds(state))),
        "leave_guild" => world::leave(state, call),
        other => Err(unable(other)),
    }
}

impl State {
    /// Where the gateway is.
    pub(crate) fn gateway_url(&self) -> String {
        format!("ws://127.0.0.1:{}/gateway", self.port)
    }
}

fn bot_gateway(state: &State) -> Value {
    let total = state.gateway.budget;
    let remaining = total.saturating_sub(state.gateway.identifies);
    json!({
        "url": state.gateway_url(),
        "shards": state.gateway.least_shards,
        "session_start_limit": {"total": total, "remaining": remaining,
            "reset_after": 86_400_000, "max_concurrency": 1},
    })
}

fn unable(operation: &str) -> ApiError {
    let message = format!("this fake does not know how to {operation}");
    ApiError::new(501, 0, &message).into_violation()
}
