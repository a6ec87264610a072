//! The options of a command, as a client checks and sends them.

use serde_json::{Value, json};

use super::acting::Typed;
use super::schema::list;
use super::state::State;
use super::wire::{role_json, user_json};

impl State {
    /// What stands in `options` for what was typed; people, channels and roles go to `resolved`.
    pub(super) fn options(
        &self,
        level: &Value,
        typed: Typed<'_>,
        guild: Option<u64>,
        resolved: &mut Value,
    ) -> Result<Value, String> {
        let known = list(&level["options"]);
        let mut options = Vec::new();
        for (name, value) in typed.options {
            let option = option(level, name);
            let missing = format!(
                "{} has no option {name} among: {}",
                typed.line,
                names(known)
            );
            let option = option.ok_or(missing)?;
            let focused = typed.focused == Some(name);
            let mut sent = json!({"type": option["type"], "name": name});
            // While somebody types, anything may stand there.
            sent["value"] = if focused {
                json!(value)
            } else {
                self.value(option, value, guild, resolved)
                    .map_err(|what| format!("{} {name}:{value}: {what}", typed.line))?
            };
            if focused {
                sent["focused"] = true.into();
            }
            options.push(sent);
        }
        if typed.focused.is_none() {
            let given = |name: &Value| typed.options.iter().any(|(given, _)| name == given);
            let mut needed = known.iter().filter(|option| option["required"] == true);
            if let Some(missing) = needed.find(|option| !given(&option["name"])) {
                return Err(format!(
                    "{} needs the option {}",
                    typed.line, missing["name"]
                ));
            }
        }
        Ok(options.into())
    }

    /// A value as a client would send it for an option.
    fn value(
        &self,
        option: &Value,
        text: &str,
        guild: Option<u64>,
        resolved: &mut Value,
    ) -> Result<Value, String> {
        let choices = list(&option["choices"]);
        if !choices.is_empty() {
            let fits = |choice: &&Value| choice["name"] == text || plain(&choice["value"]) == text;
            let choice = choices.iter().find(fits);
            let choice = choice.ok_or_else(|| format!("choose one of: {}", names(choices)))?;
            return Ok(choice["value"].clone());
        }
        let number = |what: &str| format!("is not {what}");
        let value = match option["type"].as_u64().unwrap_or(0) {
            3 => {
                let length = text.chars().count() as u64;
                let least = option["min_length"].as_u64().unwrap_or(0);
                let most = option["max_length"].as_u64().unwrap_or(6_000);
                if length < least || length > most {
                    return Err(format!("takes {least} to {most} characters"));
                }
                json!(text)
            }
            4 => json!(text.parse::<i64>().map_err(|_| number("a whole number"))?),
            5 => json!(text.parse::<bool>().map_err(|_| number("true or false"))?),
            10 => json!(text.parse::<f64>().map_err(|_| number("a number"))?),
            6 | 9 => {
                let account = self.account_named(text).ok_or_else(|| number("anybody"))?;
                let key = account.to_string();
                let user = self.accounts.get(&account).map(user_json);
                resolved["users"][&key] = user.into();
                let guild = guild.and_then(|guild| self.guilds.get(&guild));
                if let Some(member) = guild.and_then(|guild| guild.members.get(&account)) {
                    let mut told = self.member_json(account, member);
                    if let Some(told) = told.as_object_mut() {
                        told.remove("user");
                        told.remove("deaf");
                        told.remove("mute");
                    }
                    told["permissions"] = "0".into();
                    resolved["members"][&key] = told;
                }
                json!(key)
            }
            7 => {
                let mut channels = self.channels.values();
                let found = channels.find(|known| known.guild == guild && known.name == text);
                let found = found.ok_or_else(|| number("a channel"))?;
                let types = list(&option["channel_types"]);
                if !types.is_empty() && !types.iter().any(|kind| *kind == found.kind.number()) {
                    return Err(number("such a channel"));
                }
                let mut told = self.channel_json(found);
                told["permissions"] = "0".into();
                resolved["channels"][found.id.to_string()] = told;
                json!(found.id.to_string())
            }
            8 => {
                let guild = guild.and_then(|guild| self.guilds.get(&guild));
                let mut roles = guild.into_iter().flat_map(|guild| guild.roles.values());
                let role = roles
                    .find(|role| role.name == text)
                    .ok_or_else(|| number("a role"))?;
                resolved["roles"][role.id.to_string()] = role_json(role, 0);
                json!(role.id.to_string())
            }
            _ => return Err("is of a type that this fake does not know".to_owned()),
        };
        let within = |least: &Value, most: &Value| {
            let given = value.as_f64();
            let below = given
                .zip(least.as_f64())
                .is_some_and(|(given, least)| given < least);
            let above = given
                .zip(most.as_f64())
                .is_some_and(|(given, most)| given > most);
            !below && !above
        };
        if within(&option["min_value"], &option["max_value"]) {
            Ok(value)
        } else {
            Err("is out of bounds".to_owned())
        }
    }
}

/// The option of that name, of a command or a subcommand.
pub(super) fn option<'a>(level: &'a Value, name: &str) -> Option<&'a Value> {
    list(&level["options"])
        .iter()
        .find(|option| option["name"] == name)
}

/// The names of options or choices, for a message.
pub(super) fn names(options: &[Value]) -> String {
    let names: Vec<_> = options
        .iter()
        .filter_map(|option| option["name"].as_str())
        .collect();
    names.join(", ")
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
