//! Accounts, servers and channels.

use serde_json::{Value, json};

use super::Call;
use super::messages::access;
use crate::discord::reply::{Answer, ApiError};
use crate::discord::state::{Guild, State};
use crate::discord::wire::{guild_json, role_json, user_json};

pub(super) fn create_dm(state: &mut State, call: &Call) -> Answer {
    let recipient = call.given.json["recipient_id"].as_str();
    let recipient = recipient.and_then(|id| id.parse().ok()).unwrap_or(0);
    let account = state.accounts.get(&recipient);
    let account = account.ok_or_else(|| ApiError::new(404, 10013, "Unknown User"))?;
    if account.bot {
        return Err(ApiError::new(
            403,
            50007,
            "Cannot send messages to this user",
        ));
    }
    let channel = state.dm(recipient);
    let channel = state.channels.get(&channel);
    Ok(channel.map(|channel| state.channel_json(channel)))
}

pub(super) fn user(state: &mut State, call: &Call) -> Answer {
    let account = state.accounts.get(&call.id("user_id"));
    let account = account.ok_or_else(|| ApiError::new(404, 10013, "Unknown User"))?;
    Ok(Some(user_json(account)))
}

pub(super) fn channel(state: &mut State, call: &Call) -> Answer {
    let id = call.id("channel_id");
    access(state, id, 0)?;
    let channel = state
        .channels
        .get(&id)
        .ok_or_else(ApiError::unknown_channel)?;
    Ok(Some(state.channel_json(channel)))
}

pub(super) fn guild(state: &mut State, call: &Call) -> Answer {
    let guild = find(state, call)?;
    let mut told = guild_json(guild);
    if call.flag("with_counts") {
        told["approximate_member_count"] = guild.members.len().into();
        told["approximate_presence_count"] = guild.members.len().into();
    }
    Ok(Some(told))
}

pub(super) fn member(state: &mut State, call: &Call) -> Answer {
    let guild = find(state, call)?;
    let id = call.id("user_id");
    let member = guild.members.get(&id);
    let member = member.ok_or_else(|| {
        let known = state.accounts.contains_key(&id);
        let (code, message) = if known {
            (10007, "Unknown Member")
        } else {
            (10013, "Unknown User")
        };
        ApiError::new(404, code, message)
    })?;
    Ok(Some(state.member_json(id, member)))
}

pub(super) fn roles(state: &mut State, call: &Call) -> Answer {
    let guild = find(state, call)?;
    let roles = guild.roles.values().enumerate();
    Ok(Some(roles.map(|(n, role)| role_json(role, n)).collect()))
}

pub(super) fn channels(state: &mut State, call: &Call) -> Answer {
    let guild = find(state, call)?;
    let channels = state
        .channels
        .values()
        .filter(|channel| channel.guild == Some(guild.id) && !channel.is_thread());
    Ok(Some(
        channels
            .map(|channel| state.channel_json(channel))
            .collect(),
    ))
}

pub(super) fn my_guilds(state: &State) -> Value {
    let guilds = state
        .guilds
        .values()
        .filter(|guild| state.bot_is_in(guild.id));
    guilds
        .map(|guild| {
            let rights = state.base_permissions(state.bot.id, guild.id);
            json!({"id": guild.id.to_string(), "name": guild.name, "icon": null, "banner": null,
                "owner": false, "permissions": rights.to_string(), "features": []})
        })
        .collect()
}

pub(super) fn leave(state: &mut State, call: &Call) -> Answer {
    let guild = find(state, call)?.id;
    state.remove_bot(guild);
    Ok(None)
}

/// The server of the path. A bot sees only those it is in.
fn find<'a>(state: &'a State, call: &Call) -> Result<&'a Guild, ApiError> {
    let guild = call.id("guild_id");
    let found = state
        .guilds
        .get(&guild)
        .filter(|guild| state.bot_is_in(guild.id));
    found.ok_or_else(ApiError::unknown_guild)
}

impl State {
    /// Takes the bot out of a server, with the role that it had there.
    pub(crate) fn remove_bot(&mut self, guild: u64) {
        let bot = self.bot.id;
        if let Some(record) = self.guilds.get_mut(&guild) {
            record.members.remove(&bot);
            record.has_commands = false;
            record.roles.retain(|_, role| role.of_bot != Some(bot));
        }
        self.tell_guild_gone(guild, false);
    }
}
