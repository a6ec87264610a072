//! The application's commands as registered, for all servers and for single ones.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Map, Value, json};

use super::command_rules;
use super::reply::ApiError;
use super::schema::list;
use super::state::State;

/// Commands created a day, by Discord's pages.
const CREATES: usize = 200;
const DAY: i64 = 86_400;

/// The commands, by where they hold: everywhere (`None`) or in one server.
#[derive(Debug, Default)]
pub(crate) struct Commands {
    scopes: BTreeMap<Option<u64>, Registered>,
}

#[derive(Debug, Default)]
struct Registered {
    commands: Vec<Value>,
    /// The instants, in seconds, at which commands were created lately.
    created: VecDeque<i64>,
}

impl Commands {
    /// The commands of one scope, as the API tells them.
    pub(crate) fn list(&self, scope: Option<u64>) -> &[Value] {
        self.scopes
            .get(&scope)
            .map_or(&[], |registered| &registered.commands)
    }

    /// A slash command by its name, as people in a server find it: the server's own first.
    pub(crate) fn find(&self, guild: Option<u64>, name: &str) -> Option<&Value> {
        let scopes = guild.map(Some).into_iter().chain([None]);
        let mut commands = scopes.flat_map(|scope| self.list(scope));
        commands.find(|command| command["name"] == name && command["type"] == 1)
    }

    /// The names of all slash commands in a server.
    pub(crate) fn names(&self, guild: Option<u64>) -> Vec<&str> {
        let scopes = guild.map(Some).into_iter().chain([None]);
        let commands = scopes.flat_map(|scope| self.list(scope));
        commands
            .filter_map(|command| command["name"].as_str())
            .collect()
    }
}

impl State {
    /// Replaces all commands of a scope. Those whose name stays keep their id.
    pub(crate) fn set_commands(
        &mut self,
        scope: Option<u64>,
        bodies: &[Value],
    ) -> Result<Value, ApiError> {
        let problems = command_rules::check_all(bodies);
        if !problems.is_empty() {
            return Err(ApiError::invalid(problems));
        }
        let old = self.commands.list(scope).to_vec();
        let is_new = |body: &&Value| !old.iter().any(|known| same(known, body));
        self.count_creations(scope, bodies.iter().filter(is_new).count())?;
        let told: Vec<_> = bodies
            .iter()
            .map(|body| {
                let known = old.iter().find(|known| same(known, body));
                self.told(scope, body, known)
            })
            .collect();
        self.registered(scope).commands.clone_from(&told);
        Ok(told.into())
    }

    /// Creates a command, or replaces the one of the same name.
    pub(crate) fn create_command(
        &mut self,
        scope: Option<u64>,
        body: &Value,
    ) -> Result<Value, ApiError> {
        let mut all = self.commands.list(scope).to_vec();
        let known = all.iter().position(|known| same(known, body));
        let mut with = all.clone();
        match known {
            Some(position) => with[position] = body.clone(),
            None => with.push(body.clone()),
        }
        let mut problems = command_rules::check_one(body, "");
        problems.extend(command_rules::check_count(&with));
        if !problems.is_empty() {
            return Err(ApiError::invalid(problems));
        }
        self.count_creations(scope, usize::from(known.is_none()))?;
        let told = self.told(scope, body, known.map(|position| &all[position]));
        match known {
            Some(position) => all[position] = told.clone(),
            None => all.push(told.clone()),
        }
        self.registered(scope).commands = all;
        Ok(told)
    }

    /// Changes a command: what the body leaves out stays.
    pub(crate) fn change_command(
        &mut self,
        scope: Option<u64>,
        id: &str,
        body: &Value,
    ) -> Result<Value, ApiError> {
        let all = self.commands.list(scope);
        let known = all.iter().position(|known| known["id"] == id);
        let known = known.ok_or_else(unknown_command)?;
        let mut whole = all[known].clone();
        for (key, value) in body.as_object().into_iter().flatten() {
            whole[key] = value.clone();
        }
        let problems = command_rules::check_one(&whole, "");
        if !problems.is_empty() {
            return Err(ApiError::invalid(problems));
        }
        let old = all[known].clone();
        let told = self.told(scope, &whole, Some(&old));
        self.registered(scope).commands[known] = told.clone();
        Ok(told)
    }

    pub(crate) fn delete_command(&mut self, scope: Option<u64>, id: &str) -> Result<(), ApiError> {
        let commands = &mut self.registered(scope).commands;
        let position = commands.iter().position(|known| known["id"] == id);
        commands.remove(position.ok_or_else(unknown_command)?);
        Ok(())
    }

    fn registered(&mut self, scope: Option<u64>) -> &mut Registered {
        self.commands.scopes.entry(scope).or_default()
    }

    fn count_creations(&mut self, scope: Option<u64>, new: usize) -> Result<(), ApiError> {
        let now = self.now.as_second();
        let created = &mut self.registered(scope).created;
        created.retain(|at| *at > now - DAY);
        if created.len() + new > CREATES {
            let message = "Max number of daily application command creates has been reached (200)";
            return Err(ApiError::new(400, 30034, message));
        }
        created.extend(std::iter::repeat_n(now, new));
        Ok(())
    }

    /// A command as the API tells it, with the id it had.
    fn told(&mut self, scope: Option<u64>, body: &Value, known: Option<&Value>) -> Value {
        let mut told = cleaned(body);
        let defaults = json!({
            "type": 1, "description": "", "nsfw": false, "default_member_permissions": null,
            "contexts": null, "integration_types": [0], "dm_permission": true,
            "name_localizations": null, "description_localizations": null,
        });
        for (key, value) in defaults.as_object().into_iter().flatten() {
            if told[key].is_null() {
                told[key] = value.clone();
            }
        }
        // Whatever it came as, it goes out as a text.
        if let Some(number) = told["default_member_permissions"].as_u64() {
            told["default_member_permissions"] = number.to_string().into();
        }
        if scope.is_some()
            && let Some(told) = told.as_object_mut()
        {
            told.remove("dm_permission");
        }
        let same = known.is_some_and(|known| {
            let but_ids = |value: &Value| {
                let mut value = value.clone();
                for key in ["id", "version", "application_id", "guild_id"] {
                    value[key] = Value::Null;
                }
                value
            };
            but_ids(known) == but_ids(&told)
        });
        let version = self.new_id().to_string();
        let id = known.map_or_else(|| self.new_id().to_string(), |known| text(&known["id"]));
        told["version"] = match known {
            Some(known) if same => known["version"].clone(),
            _ => version.into(),
        };
        told["id"] = id.into();
        told["application_id"] = self.bot.id.to_string().into();
        if let Some(guild) = scope {
            told["guild_id"] = guild.to_string().into();
        }
        told
    }
}

/// A command without its dictionaries of translations, as lists are told unless asked otherwise.
pub(crate) fn without_translations(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(without_translations).collect(),
        Value::Object(fields) => {
            let kept = fields
                .iter()
                .filter(|(key, _)| !key.ends_with("_localizations"));
            let kept = kept.map(|(key, value)| (key.clone(), without_translations(value)));
            Value::Object(kept.collect())
        }
        other => other.clone(),
    }
}

pub(crate) fn unknown_command() -> ApiError {
    ApiError::new(404, 10063, "Unknown application command")
}

fn same(known: &Value, body: &Value) -> bool {
    let kind = |value: &Value| value["type"].as_u64().unwrap_or(1);
    known["name"] == body["name"] && kind(known) == kind(body)
}

/// What Discord gives back of a command: nothing empty, nothing that is off.
fn cleaned(value: &Value) -> Value {
    let Some(fields) = value.as_object() else {
        return value.clone();
    };
    let mut kept = Map::new();
    for (key, value) in fields {
        let empty = value.is_null() || *value == Value::Bool(false);
        if empty || (value.is_array() && list(value).is_empty()) {
            continue;
        }
        let value = match key.as_str() {
            "options" | "choices" => list(value).iter().map(cleaned).collect(),
            _ => value.clone(),
        };
        kept.insert(key.clone(), value);
    }
    Value::Object(kept)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
