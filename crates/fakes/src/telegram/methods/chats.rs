//! Asking about chats, and leaving them.

use serde_json::{Value, json};

use super::{Params, target};
use crate::telegram::reply::{Answer, ApiError};
use crate::telegram::state::{ChatKind, Member, State, Status};

pub(super) fn chat(state: &State, params: &Params) -> Answer {
    let chat = target::reachable(state, params)?;
    Ok(state.full_chat_json(state.chat(chat)).into())
}

pub(super) fn member(state: &State, params: &Params) -> Answer {
    let id = target::reachable(state, params)?;
    let chat = state.chat(id);
    let account = params.number("user_id").unwrap_or_default();
    if !state.accounts.contains_key(&account) {
        return Err(ApiError::bad("PARTICIPANT_ID_INVALID"));
    }
    let member = chat.members.get(&account).cloned();
    let member = member.unwrap_or_else(|| Member::of(Status::Left));
    Ok(state.member_json(account, &member, chat.kind).into())
}

pub(super) fn count(state: &State, params: &Params) -> Answer {
    let id = target::reachable(state, params)?;
    let members = state.chat(id).members.values();
    let present = members.filter(|member| member.status.is_present()).count();
    Ok(json!(present).into())
}

pub(super) fn administrators(state: &State, params: &Params) -> Answer {
    let id = target::reachable(state, params)?;
    let chat = state.chat(id);
    if chat.kind == ChatKind::Private {
        return Err(ApiError::bad(
            "there are no administrators in the private chat",
        ));
    }
    let admins: Value = chat
        .members
        .iter()
        .filter(|(account, _)| chat.is_admin(**account))
        // Other bots are not listed.
        .filter(|(account, _)| {
            **account == state.bot.id || !state.accounts.get(account).is_some_and(|a| a.is_bot)
        })
        .map(|(account, member)| state.member_json(*account, member, chat.kind))
        .collect();
    Ok(admins.into())
}

pub(super) fn leave(state: &mut State, params: &Params) -> Answer {
    let id = target::reachable(state, params)?;
    if state.chat(id).kind == ChatKind::Private {
        return Err(ApiError::bad("can't leave a private chat"));
    }
    let bot = state.bot.id;
    state.change_member(id, bot, Member::of(Status::Left), bot);
    Ok(json!(true).into())
}
