//! The menu of commands and the bot's descriptions.

use serde_json::{Value, json};

use super::Params;
use crate::telegram::commands::{MenuCommand, Scope};
use crate::telegram::reply::{Answer, ApiError};
use crate::telegram::state::State;
use crate::telegram::text::utf16_len;

pub(super) fn set(state: &mut State, params: &Params) -> Answer {
    let (scope, language) = place(state, params)?;
    let items = params
        .get("commands")
        .and_then(Value::as_array)
        .map(Vec::as_slice);
    let items = items.unwrap_or_default();
    if items.len() > 100 {
        return Err(ApiError::violation("too many commands"));
    }
    let mut commands = Vec::new();
    for item in items {
        let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
        let command = MenuCommand {
            command: text("command"),
            description: text("description"),
        };
        let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !(1..=32).contains(&command.command.len()) || !command.command.chars().all(fine) {
            return Err(ApiError::violation("BOT_COMMAND_INVALID"));
        }
        if !(1..=256).contains(&utf16_len(command.description.trim())) {
            return Err(ApiError::violation("BOT_COMMAND_DESCRIPTION_INVALID"));
        }
        let repeated = commands
            .iter()
            .any(|other: &MenuCommand| other.command == command.command);
        if repeated {
            return Err(ApiError::violation("BOT_COMMAND_INVALID"));
        }
        commands.push(command);
    }
    state.commands.set(scope, &language, commands);
    Ok(json!(true).into())
}

pub(super) fn get(state: &State, params: &Params) -> Answer {
    let (scope, language) = place(state, params)?;
    let commands = state.commands.get(&scope, &language).unwrap_or_default();
    let list: Value = commands
        .iter()
        .map(|item| json!({"command": item.command, "description": item.description}))
        .collect();
    Ok(list.into())
}

pub(super) fn delete(state: &mut State, params: &Params) -> Answer {
    let (scope, language) = place(state, params)?;
    state.commands.delete(&scope, &language);
    Ok(json!(true).into())
}

pub(super) fn describe(state: &mut State, params: &Params, name: &str, most: usize) -> Answer {
    let text = params.text(name).unwrap_or_default();
    if utf16_len(text) > most {
        return Err(ApiError::violation(&format!("{name} is too long")));
    }
    state.commands.describe(name, &language(params)?, text);
    Ok(json!(true).into())
}

fn place(state: &State, params: &Params) -> Result<(Scope, String), ApiError> {
    let scope = match params.get("scope") {
        None => Scope::Default,
        Some(json) => Scope::read(json).ok_or_else(|| ApiError::bad("chat not found"))?,
    };
    if let Some(chat) = scope.chat()
        && !state.chats.contains_key(&chat)
    {
        return Err(ApiError::bad("chat not found"));
    }
    Ok((scope, language(params)?))
}

fn language(params: &Params) -> Result<String, ApiError> {
    let language = params.text("language_code").unwrap_or_default();
    let two_letters = language.len() == 2 && language.chars().all(|c| c.is_ascii_lowercase());
    if language.is_empty() || two_letters {
        Ok(language.to_owned())
    } else {
        Err(ApiError::violation("invalid language code specified"))
    }
}
