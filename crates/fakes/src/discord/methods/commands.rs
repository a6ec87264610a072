//! Registering commands.

use serde_json::Value;

use super::Call;
use crate::discord::commands::{unknown_command, without_translations};
use crate::discord::reply::{Answer, ApiError};
use crate::discord::schema::list;
use crate::discord::state::State;

pub(super) fn run(state: &mut State, call: &Call) -> Answer {
    if call.id("application_id") != state.bot.id {
        return Err(ApiError::new(404, 10002, "Unknown Application"));
    }
    let scope = call
        .parts
        .contains_key("guild_id")
        .then(|| call.id("guild_id"));
    if scope.is_some_and(|guild| !state.bot_is_in(guild)) {
        return Err(ApiError::missing_access());
    }
    let body = &call.given.json;
    let id = call.part("command_id");
    let found = state
        .commands
        .list(scope)
        .iter()
        .find(|known| known["id"] == id);
    match call.operation.split('_').next().unwrap_or_default() {
        "list" => {
            let all: Value = state.commands.list(scope).into();
            let full = call.flag("with_localizations");
            Ok(Some(if full {
                all
            } else {
                without_translations(&all)
            }))
        }
        "bulk" => state.set_commands(scope, list(body)).map(Some),
        "create" => state.create_command(scope, body).map(Some),
        "get" => found.cloned().map(Some).ok_or_else(unknown_command),
        "update" => state.change_command(scope, id, body).map(Some),
        _ => state.delete_command(scope, id).map(|()| None),
    }
}
