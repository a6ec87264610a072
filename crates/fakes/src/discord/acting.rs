//! What a person's client does before anything reaches the bot: it offers the commands that are
//! registered, checks their options, and knows which buttons can be pressed.

use serde_json::{Value, json};

use super::components::Modal;
use super::interactions::{AUTOCOMPLETE, Ask, COMMAND, COMPONENT, SUBMIT};
use super::options::{names, option};
use super::permissions::{USE_APPLICATION_COMMANDS, VIEW_CHANNEL};
use super::schema::list;
use super::state::{ChannelKind, State};

const SUBCOMMAND: u64 = 1;
const GROUP: u64 = 2;
const BUTTON: u64 = 2;
const STRING_SELECT: u64 = 3;

/// A command line that somebody types.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Typed<'a> {
    pub(crate) asker: u64,
    pub(crate) channel: u64,
    /// As in `/ankle me show`.
    pub(crate) line: &'a str,
    pub(crate) options: &'a [(&'a str, &'a str)],
    /// The option that is being typed and wants suggestions.
    pub(crate) focused: Option<&'a str>,
}

/// Somebody on a message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct On {
    pub(crate) asker: u64,
    pub(crate) channel: u64,
    pub(crate) message: u64,
}

impl State {
    /// The use of a command, or why a client would not send it.
    pub(crate) fn typed(&self, typed: Typed<'_>) -> Result<Ask, String> {
        let channel = self
            .channels
            .get(&typed.channel)
            .ok_or("the channel is gone")?;
        let mut words = typed.line.trim_start_matches('/').split_whitespace();
        let name = words.next().unwrap_or_default();
        let command = self.commands.find(channel.guild, name).ok_or_else(|| {
            let known = self.commands.names(channel.guild).join(", ");
            format!("there is no command /{name} among: {known}")
        })?;
        self.may_use(typed.asker, typed.channel, command)?;
        let mut level = command;
        let mut path = Vec::new();
        for word in words {
            let inner = list(&level["options"]).iter();
            let mut inner = inner.filter(|option| nests(option));
            let next = inner.find(|option| option["name"] == word);
            level = next.ok_or_else(|| format!("there is no {word} in {}", typed.line))?;
            path.push(level);
        }
        if list(&level["options"]).iter().any(nests) {
            let names = names(list(&level["options"]));
            return Err(format!("{} needs one of: {names}", typed.line));
        }
        let mut resolved = json!({});
        let mut options = self.options(level, typed, channel.guild, &mut resolved)?;
        for level in path.iter().rev() {
            options = json!([{"type": level["type"], "name": level["name"], "options": options}]);
        }
        let mut data = json!({"id": command["id"], "name": command["name"], "type": 1});
        if !path.is_empty() || !list(&options).is_empty() {
            data["options"] = options;
        }
        if resolved
            .as_object()
            .is_some_and(|resolved| !resolved.is_empty())
        {
            data["resolved"] = resolved;
        }
        if let Some(guild) = command.get("guild_id") {
            data["guild_id"] = guild.clone();
        }
        let mut label = typed.line.to_owned();
        for (name, value) in typed.options {
            label = format!("{label} {name}:{value}");
        }
        let focused = typed.focused.and_then(|name| option(level, name));
        Ok(Ask {
            kind: if focused.is_some() {
                AUTOCOMPLETE
            } else {
                COMMAND
            },
            asker: typed.asker,
            channel: typed.channel,
            data,
            source: None,
            label,
            option: focused
                .and_then(|option| option["type"].as_u64())
                .unwrap_or(0),
            installs: command["integration_types"].clone(),
        })
    }

    /// A press of a button, or a choice from a menu.
    pub(crate) fn pressed(&self, on: On, label: &str, values: &[&str]) -> Result<Ask, String> {
        let found = self.message(on.channel, on.message);
        let found = found.filter(|found| !found.deleted && found.is_for(on.asker));
        let found = found.ok_or("there is no such message to see")?;
        let buttons = found.picture().buttons.concat();
        let labels: Vec<_> = buttons.iter().map(|button| button.label.as_str()).collect();
        let missing = format!("there is no button {label:?} among {labels:?}");
        let button = buttons
            .iter()
            .find(|button| button.label == label)
            .ok_or(missing)?;
        if button.disabled {
            return Err(format!("{label:?} is switched off"));
        }
        let id = button.custom_id.as_deref();
        let id = id.ok_or_else(|| format!("{label:?} sends nothing to the bot"))?;
        let mut chosen = Vec::new();
        for value in values {
            let option = button
                .options
                .iter()
                .find(|(known, shown)| known == value || shown == value);
            match option {
                Some((known, _)) => chosen.push(known.as_str()),
                None if button.kind == STRING_SELECT => {
                    return Err(format!("{label:?} has no option {value:?}"));
                }
                None => chosen.push(value),
            }
        }
        let mut shown = format!("[{label}]");
        if button.kind != BUTTON {
            shown = format!("[{label}: {}]", values.join(", "));
        }
        Ok(component(on, id, button.kind, &chosen, shown))
    }

    fn may_use(&self, asker: u64, channel: u64, command: &Value) -> Result<(), String> {
        let name = format!("/{}", command["name"].as_str().unwrap_or_default());
        let channel = self.channels.get(&channel).ok_or("the channel is gone")?;
        let rights = self.permissions(asker, channel);
        if rights & VIEW_CHANNEL == 0 {
            return Err(format!("{} does not see this channel", self.name(asker)));
        }
        if rights & USE_APPLICATION_COMMANDS == 0 {
            return Err(format!("{} may not use commands here", self.name(asker)));
        }
        let context = match channel.kind {
            ChannelKind::Dm => 1,
            ChannelKind::GroupDm => 2,
            _ => 0,
        };
        let contexts = command["contexts"].as_array();
        let here = contexts.is_none_or(|known| known.iter().any(|one| *one == context));
        let in_private = command["dm_permission"] != false;
        if !here || (context != 0 && contexts.is_none() && !in_private) {
            return Err(format!("{name} is not offered in such a place"));
        }
        let takes = |kind: u64| {
            list(&command["integration_types"])
                .iter()
                .any(|one| *one == kind)
        };
        let installed = self
            .accounts
            .get(&asker)
            .is_some_and(|account| account.installed);
        let by_server = match channel.guild {
            Some(guild) => self.has_commands(guild),
            None => channel.kind == ChannelKind::Dm,
        };
        if !(by_server && takes(0) || installed && takes(1)) {
            return Err(format!(
                "{name} is not installed here, nor by {}",
                self.name(asker)
            ));
        }
        let needed = command["default_member_permissions"].as_str();
        let needed = needed.and_then(|bits| bits.parse::<u64>().ok());
        if let (Some(needed), Some(guild)) = (needed, channel.guild) {
            let base = self.base_permissions(asker, guild);
            // No bit at all means: administrators only.
            let may = base & needed == needed && needed != 0;
            if !may && base & super::permissions::ADMINISTRATOR == 0 {
                return Err(format!("{} may not use {name}", self.name(asker)));
            }
        }
        Ok(())
    }
}

/// A press that sends anything at all.
pub(crate) fn component(on: On, custom_id: &str, kind: u64, values: &[&str], label: String) -> Ask {
    let mut data = json!({"custom_id": custom_id, "component_type": kind, "id": 2});
    if kind != BUTTON {
        data["values"] = json!(values);
    }
    Ask {
        kind: COMPONENT,
        asker: on.asker,
        channel: on.channel,
        data,
        source: Some(on.message),
        label,
        option: 0,
        installs: Value::Null,
    }
}

/// A filled form. `fields` are named by what stands above them, or by their id.
pub(crate) fn filled(
    asker: u64,
    channel: u64,
    source: Option<u64>,
    modal: &Modal,
    fields: &[(&str, &str)],
) -> Result<Ask, String> {
    let known = |name: &str| {
        let mut known = modal.fields.iter();
        known.any(|field| field.label == name || field.custom_id == name)
    };
    if let Some((name, _)) = fields.iter().find(|(name, _)| !known(name)) {
        return Err(format!("the form has no field {name:?}"));
    }
    let mut values = Vec::new();
    for field in &modal.fields {
        let given = fields
            .iter()
            .find(|(name, _)| field.label == *name || field.custom_id == *name)
            .map_or(field.value.as_str(), |(_, value)| value);
        let length = given.chars().count();
        if given.is_empty() && field.required {
            return Err(format!("{:?} must be filled", field.label));
        }
        let (least, most) = field.length;
        if !given.is_empty() && (length < least || length > most) {
            return Err(format!(
                "{:?} takes {least} to {most} characters",
                field.label
            ));
        }
        values.push((field.custom_id.as_str(), given));
    }
    let value = |id: &Value| {
        let found = values.iter().find(|(known, _)| id == known);
        found.map_or("", |(_, value)| value)
    };
    let rows = list(&modal.source["components"])
        .iter()
        .enumerate()
        .map(|(n, row)| {
            let input = |input: &Value, id: usize| {
                json!({"type": input["type"], "id": id, "custom_id": input["custom_id"],
                "value": value(&input["custom_id"])})
            };
            if row["component"].is_object() {
                return json!({"type": row["type"], "id": 2 * n + 1,
                "component": input(&row["component"], 2 * n + 2)});
            }
            let inputs = list(&row["components"]).iter();
            let inputs: Vec<_> = inputs.map(|one| input(one, 2 * n + 2)).collect();
            json!({"type": row["type"], "id": 2 * n + 1, "components": inputs})
        });
    let data = json!({"custom_id": modal.custom_id, "components": rows.collect::<Vec<_>>()});
    let shown = values.iter().map(|(id, value)| {
        let field = modal.fields.iter().find(|field| field.custom_id == *id);
        format!(
            "{}: {value}",
            field.map_or("", |field| field.label.as_str())
        )
    });
    let shown = shown.collect::<Vec<_>>().join("; ");
    Ok(Ask {
        kind: SUBMIT,
        asker,
        channel,
        data,
        source,
        label: format!("[{}: {shown}]", modal.title),
        option: 0,
        installs: Value::Null,
    })
}

fn nests(option: &Value) -> bool {
    matches!(option["type"].as_u64(), Some(SUBCOMMAND | GROUP))
}
