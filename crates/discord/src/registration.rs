//! The registration of our two commands: asked for, compared, and written only if it differs. Never in
//! the way of answering.

use std::collections::BTreeSet;

use ankle_core::delivery::Single;
use ankle_core::face::SendError;
use ankle_core::store::StoreError;
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

use crate::answer::Desk;
use crate::interaction::{PLATFORM, ROOTS};
use crate::rest::{Call, CallError};
use crate::tree::registration;

/// Under which the servers are remembered in which commands may be registered for trying out, with
/// commas between them.
const TRIED_IN: &str = "discord_commands_in";

/// How long what is refused for good is left alone: it will not be taken without a new version, or on
/// another day.
const SELDOM: SignedDuration = SignedDuration::from_hours(6);

/// Where commands are registered.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Scope {
    /// Everywhere.
    Global,
    /// In one server, where a change shows at once.
    Server(String),
}

/// Registers the commands in one scope and takes them out of the other, as often as it takes: in both,
/// each would show twice. Of several processes one does it at a time.
pub async fn keep(desk: &Desk, server: Option<&str>, stop: &CancellationToken) {
    let lease = format!("register:{}:{}", PLATFORM.0, desk.application);
    let single = Single::new(desk.store.clone(), desk.clock.clone(), lease);
    let mut wait = SignedDuration::from_secs(2);
    let mut said = None;
    loop {
        let mut held = tokio::select! {
            () = stop.cancelled() => return,
            held = single.take(|| tracing::debug!("another process registers the commands")) => held,
        };
        let tried = tokio::select! {
            () = stop.cancelled() => None,
            tried = both_scopes(desk, server) => Some(tried),
            () = held.keep() => None,
        };
        held.leave().await;
        let error = match tried {
            None if stop.is_cancelled() => return,
            None => continue,
            Some(Ok(())) => return,
            Some(Err(error)) => error,
        };
        let is_outside = matches!(
            error,
            Error::Call(CallError::Send(SendError::Gone | SendError::Forbidden(_)))
        );
        if server.is_some() && is_outside {
            tracing::warn!(
                "the bot is not in the server of DISCORD_GUILD_ID, so no commands are registered there: \
                 add it with the link above, or correct the number"
            );
        } else if let Error::Refused(reason) = &error {
            if said.as_ref() != Some(reason) {
                tracing::error!(
                    reason,
                    "Discord refuses the commands, so its menu shows what was registered before, or nothing. \
                     Trying again every six hours"
                );
                said = Some(reason.clone());
            }
        } else {
            tracing::info!(%error, "the commands are registered later");
        }
        let ordered = match &error {
            Error::Call(CallError::Send(SendError::RetryAfter { after, .. })) => {
                SignedDuration::try_from(*after).ok()
            }
            Error::Refused(_) => Some(SELDOM),
            _ => None,
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = desk.sleep(ordered.unwrap_or(wait).max(wait)) => {}
        }
        wait = wait.saturating_mul(2).min(SignedDuration::from_mins(10));
    }
}

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error("Discord does not take them: {0}")]
    Refused(String),
    #[error("the database cannot be asked where commands were registered before")]
    Store(#[from] StoreError),
}

async fn both_scopes(desk: &Desk, server: Option<&str>) -> Result<(), Error> {
    let noted = desk.store.setting(TRIED_IN).await?.unwrap_or_default();
    let before: BTreeSet<&str> = noted.split(',').filter(|id| !id.is_empty()).collect();
    let after: BTreeSet<&str> = server.into_iter().collect();
    // First the note, then the commands: whatever ends us in between, they are found again.
    let meanwhile = &before | &after;
    note(desk, &before, &meanwhile).await?;
    let scope = server.map_or(Scope::Global, |id| Scope::Server(id.to_owned()));
    register(desk, &scope).await?;
    if scope != Scope::Global {
        clear(desk, &Scope::Global).await?;
    }
    for old in &before - &after {
        match clear(desk, &Scope::Server(old.to_owned())).await {
            // A server that we are not in any more shows nothing.
            Ok(()) | Err(CallError::Send(SendError::Gone | SendError::Forbidden(_))) => {}
            Err(error) => return Err(error.into()),
        }
    }
    note(desk, &meanwhile, &after).await
}

/// Remembers in which servers commands may be.
async fn note(desk: &Desk, before: &BTreeSet<&str>, now: &BTreeSet<&str>) -> Result<(), Error> {
    if before == now {
        return Ok(());
    }
    let now: Vec<_> = now.iter().copied().collect();
    let mut tx = desk.store.begin().await?;
    tx.remember(TRIED_IN, &now.join(",")).await?;
    Ok(tx.commit().await?)
}

async fn register(desk: &Desk, scope: &Scope) -> Result<(), Error> {
    let there = commands(desk, scope).await?;
    let ours = registration();
    if are_the_same(&there, &ours) {
        tracing::debug!("the commands are registered already");
        return Ok(());
    }
    let call = call(desk, scope, Method::PUT, "").with(Value::Array(ours));
    match desk.rest.call_for_reason(&call).await {
        Ok(_) => {}
        Err((CallError::Send(SendError::Rejected), reason)) => return Err(Error::Refused(reason)),
        Err((error, _)) => return Err(error.into()),
    }
    tracing::info!("the commands are registered");
    Ok(())
}

/// Takes our commands out of a scope, and nobody else's.
async fn clear(desk: &Desk, scope: &Scope) -> Result<(), CallError> {
    for command in commands(desk, scope).await? {
        let is_ours = command["name"]
            .as_str()
            .is_some_and(|name| ROOTS.contains(&name));
        let Some(id) = command["id"].as_str().filter(|_| is_ours) else {
            continue;
        };
        let call = call(desk, scope, Method::DELETE, &format!("/{id}"));
        match desk.rest.call(&call).await {
            Ok(_) | Err(CallError::Send(SendError::Gone)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn commands(desk: &Desk, scope: &Scope) -> Result<Vec<Value>, CallError> {
    let there = desk
        .rest
        .call(&call(desk, scope, Method::GET, "?with_localizations=true"))
        .await?;
    match there {
        Value::Array(there) => Ok(there),
        _ => Err(SendError::InDoubt.into()),
    }
}

fn call(desk: &Desk, scope: &Scope, method: Method, rest: &str) -> Call {
    let application = &desk.application;
    let (major, scope) = match scope {
        Scope::Global => (application.as_str(), String::new()),
        Scope::Server(id) => (id.as_str(), format!("/guilds/{id}")),
    };
    let path = format!("/applications/{application}{scope}/commands{rest}");
    Call::bot(method, "commands", major, path)
}

/// Whether what is registered is what we would register, whatever Discord has added to it.
fn are_the_same(there: &[Value], ours: &[Value]) -> bool {
    there.len() == ours.len()
        && ours.iter().all(|command| {
            let same = there.iter().find(|other| other["name"] == command["name"]);
            same.is_some_and(|same| normal(same) == normal(command))
        })
}

/// A command or an option by what we say of it: ids, versions and defaults go.
fn normal(value: &Value) -> Value {
    let mut kept = Map::new();
    let Some(object) = value.as_object() else {
        return value.clone();
    };
    for (key, value) in object {
        let value = match key.as_str() {
            "name"
            | "description"
            | "description_localizations"
            | "name_localizations"
            | "default_member_permissions"
            | "type"
            | "value" => value.clone(),
            "required" | "autocomplete" if value == &json!(true) => json!(true),
            "options" | "choices" => each(value, normal),
            "integration_types" | "contexts" | "channel_types" => sorted(value),
            _ => continue,
        };
        let says_nothing = value.is_null()
            || value.as_array().is_some_and(Vec::is_empty)
            || value.as_object().is_some_and(Map::is_empty);
        if !says_nothing {
            kept.insert(key.clone(), value);
        }
    }
    Value::Object(kept)
}

fn each(value: &Value, normal: impl Fn(&Value) -> Value) -> Value {
    let all = value.as_array().into_iter().flatten();
    Value::Array(all.map(normal).collect())
}

fn sorted(value: &Value) -> Value {
    let mut all: Vec<u64> = value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_u64)
        .collect();
    all.sort_unstable();
    json!(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Discord gives back of a command: everything that may be said of it.
    fn as_discord_shows(value: &Value) -> Value {
        let mut object = value.as_object().unwrap().clone();
        let is_root = object.contains_key("contexts");
        let nested = object.remove("options");
        let defaults = if is_root {
            json!({ "id": "1", "application_id": "2", "version": "3", "dm_permission": true, "nsfw": false,
                "name_localizations": null, "default_member_permissions": null })
        } else {
            json!({ "name_localizations": null })
        };
        for (key, default) in defaults.as_object().unwrap() {
            object.entry(key.clone()).or_insert(default.clone());
        }
        if let Some(contexts) = object.get_mut("contexts").and_then(Value::as_array_mut) {
            contexts.reverse();
        }
        if object.get("autocomplete").is_none() && object["type"] == 3 {
            object.insert("autocomplete".into(), json!(false));
            object.entry("required").or_insert(json!(false));
        }
        if let Some(Value::Array(options)) = nested {
            object.insert(
                "options".into(),
                options.iter().map(as_discord_shows).collect(),
            );
        }
        Value::Object(object)
    }

    #[test]
    fn what_discord_adds_makes_no_difference() {
        let ours = registration();
        let mut there: Vec<Value> = ours.iter().map(as_discord_shows).collect();
        there.reverse();
        assert!(are_the_same(&there, &ours));
    }

    #[test]
    fn any_word_more_or_less_makes_one() {
        let ours = registration();
        let there = || -> Vec<Value> { ours.iter().map(as_discord_shows).collect() };
        let differs = |change: &dyn Fn(&mut Vec<Value>)| {
            let mut there = there();
            change(&mut there);
            !are_the_same(&there, &ours)
        };
        assert!(differs(&|there| there.truncate(1)));
        assert!(differs(&|there| there.push(json!({ "name": "old" }))));
        assert!(differs(&|there| there[0]["description"] = json!("x")));
        assert!(differs(&|there| there[0]["contexts"] = json!([0])));
        assert!(differs(&|there| {
            let club = &mut there[1]["options"];
            let all = club.as_array_mut().unwrap().iter_mut();
            let commands = all.filter_map(|group| group["options"].as_array_mut());
            let options = commands
                .flatten()
                .filter_map(|one| one["options"].as_array_mut());
            for option in options.flatten() {
                option.as_object_mut().unwrap().remove("channel_types");
            }
        }));
        assert!(differs(
            &|there| there[1]["default_member_permissions"] = json!("8")
        ));
        assert!(differs(
            &|there| there[0]["options"][0]["options"][0]["required"] = json!(false)
        ));
        assert!(differs(&|there| {
            there[0]["options"].as_array_mut().unwrap().swap(0, 1);
        }));
        assert!(differs(
            &|there| there[0]["description_localizations"]["de"] = json!("x")
        ));
    }
}
