//! The methods of the API, once a call has passed the check against the description.

mod chats;
mod edit;
mod menu;
mod send;
mod target;
mod updates;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::body::Upload;
use super::queries::PressAnswer;
use super::reply::{Answer, ApiError};
use super::state::State;
use super::text::utf16_len;
use super::world::Shared;

/// The checked parameters of a call.
#[derive(Debug, Default)]
pub(crate) struct Params {
    pub(crate) values: Map<String, Value>,
    pub(crate) files: BTreeMap<String, Upload>,
}

impl Params {
    fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    fn number(&self, name: &str) -> Option<i64> {
        self.get(name)?.as_i64()
    }

    fn flag(&self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool).unwrap_or(false)
    }
}

/// Does what a call asks for.
pub(crate) async fn run(shared: &Arc<Shared>, method: &str, params: &Params) -> Answer {
    if method == "getUpdates" {
        return updates::get_updates(shared, params).await;
    }
    shared.write(|state| run_at_once(state, method, params))
}

fn run_at_once(state: &mut State, method: &str, params: &Params) -> Answer {
    match method {
        "getMe" => Ok(state.me_json().into()),
        "setWebhook" => updates::set_webhook(state, params),
        "deleteWebhook" => Ok(updates::delete_webhook(state, params).into()),
        "getWebhookInfo" => Ok(updates::webhook_info(state).into()),
        "sendMessage" => send::message(state, params),
        "sendPhoto" => send::photo(state, params),
        "sendDocument" => send::document(state, params),
        "sendChatAction" => send::chat_action(state, params),
        "editMessageText" => edit::text(state, params),
        "editMessageCaption" => edit::caption(state, params),
        "editMessageReplyMarkup" => edit::markup(state, params),
        "deleteMessage" => edit::delete(state, params),
        "answerCallbackQuery" => answer_callback_query(state, params),
        "getChat" => chats::chat(state, params),
        "getChatMember" => chats::member(state, params),
        "getChatMemberCount" => chats::count(state, params),
        "getChatAdministrators" => chats::administrators(state, params),
        "leaveChat" => chats::leave(state, params),
        "setMyCommands" => menu::set(state, params),
        "getMyCommands" => menu::get(state, params),
        "deleteMyCommands" => menu::delete(state, params),
        "setMyDescription" => menu::describe(state, params, "description", 512),
        "setMyShortDescription" => menu::describe(state, params, "short_description", 120),
        _ => Err(ApiError::violation(&format!(
            "this fake does not know how to {method}"
        ))),
    }
}

fn answer_callback_query(state: &mut State, params: &Params) -> Answer {
    let text = params.text("text").unwrap_or_default();
    if utf16_len(text) > 200 {
        return Err(ApiError::violation("MESSAGE_TOO_LONG"));
    }
    let answer = PressAnswer {
        text: text.to_owned(),
        alert: params.flag("show_alert"),
        url: params.text("url").map(str::to_owned),
    };
    state.answer_press(params.text("callback_query_id").unwrap_or_default(), answer)?;
    Ok(json!(true).into())
}
