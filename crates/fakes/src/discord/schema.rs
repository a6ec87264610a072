//! The official description of the HTTP API: which operations there are, and the checking of
//! values against its schemas.
//!
//! The description is in the format `OpenAPI` 3.1, so its schemas are JSON Schema. Only what it uses is
//! understood here. Beyond the schemas, a key that an object does not declare is a problem:
//! Discord ignores such a key, and so a slip of the pen would be lost.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::{Map, Value};

static SPEC: &str = include_str!("../../specs/discord-openapi.json");

/// What Discord documents and takes, but the description leaves out.
const UNDESCRIBED: [(&str, &str); 3] = [
    ("ApplicationCommandCreateRequest", "nsfw"),
    ("ApplicationCommandUpdateRequest", "nsfw"),
    ("ApplicationCommandPatchRequestPartial", "nsfw"),
];

/// The operations and schemas of the API.
#[derive(Debug)]
pub(crate) struct Schema {
    operations: Vec<Operation>,
    types: Map<String, Value>,
}

/// One operation: a method on a path.
#[derive(Debug)]
pub(crate) struct Operation {
    /// As the description calls it, like `create_message`.
    pub(crate) name: String,
    method: String,
    path: Vec<String>,
    body: Option<Value>,
    /// What it answers when all is well.
    #[cfg(test)]
    pub(crate) answer: Option<Value>,
}

/// Something that does not fit the description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Where, as in `data.embeds[0].title`; empty for the whole body.
    pub(crate) path: String,
    /// What, as a short phrase.
    pub(crate) what: String,
}

/// The variable parts of a path, by name.
pub(crate) type PathParts = HashMap<String, String>;

/// The embedded description, read once.
pub(crate) fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::read(SPEC))
}

impl Schema {
    /// The operation that a request is for. `path` is without `/api/v10`.
    pub(crate) fn route(&self, method: &str, path: &str) -> Option<(&Operation, PathParts)> {
        let parts: Vec<_> = path.trim_matches('/').split('/').collect();
        let fitting = self.operations.iter().filter_map(|operation| {
            let parts = operation.fits(method, &parts)?;
            Some((operation, parts))
        });
        // `messages/@original` also fits `messages/{message_id}`: fewer variable parts win.
        fitting.min_by_key(|(_, parts)| parts.len())
    }

    /// Checks the body of an operation.
    pub(crate) fn check_body(&self, operation: &Operation, body: &Value) -> Vec<Problem> {
        let mut problems = Vec::new();
        if let Some(schema) = &operation.body {
            self.check(schema, None, body, "", &mut problems);
        }
        problems
    }

    /// Checks a value against a named type.
    pub(crate) fn check_type(&self, name: &str, value: &Value, path: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        match self.types.get(name) {
            Some(schema) => self.check(schema, Some(name), value, path, &mut problems),
            None => problems.push(problem(path, &format!("is of an unknown type {name}"))),
        }
        problems
    }

    #[cfg(test)]
    pub(crate) fn check_answer(&self, operation: &str, value: &Value) -> Vec<Problem> {
        let found = self.operations.iter().find(|known| known.name == operation);
        let mut problems = Vec::new();
        if let Some(schema) = found.and_then(|operation| operation.answer.as_ref()) {
            self.check(schema, None, value, "", &mut problems);
        }
        problems
    }

    /// The constants of a type that is a closed list of texts.
    pub(crate) fn constants(&self, name: &str) -> Vec<&str> {
        let choices = self.types.get(name).map(|schema| &schema["oneOf"]);
        let choices = choices.and_then(Value::as_array).into_iter().flatten();
        choices
            .filter_map(|choice| choice["const"].as_str())
            .collect()
    }

    fn read(text: &str) -> Self {
        let mut spec: Value = serde_json::from_str(text).expect("the embedded description is JSON");
        let types = spec["components"]["schemas"].take();
        let Value::Object(types) = types else {
            panic!("the embedded description has schemas");
        };
        let mut operations = Vec::new();
        for (path, methods) in entries(&spec["paths"]) {
            for (method, body) in entries(methods) {
                let Some(name) = body["operationId"].as_str() else {
                    continue;
                };
                let content = &body["requestBody"]["content"]["application/json"]["schema"];
                operations.push(Operation {
                    name: name.to_owned(),
                    method: method.to_uppercase(),
                    path: path
                        .trim_matches('/')
                        .split('/')
                        .map(str::to_owned)
                        .collect(),
                    body: (!content.is_null()).then(|| content.clone()),
                    #[cfg(test)]
                    answer: answer(&body["responses"]),
                });
            }
        }
        Self { operations, types }
    }

    fn check(
        &self,
        schema: &Value,
        name: Option<&str>,
        value: &Value,
        path: &str,
        problems: &mut Vec<Problem>,
    ) {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap_or_default();
            match self.types.get(name) {
                Some(schema) => self.check(schema, Some(name), value, path, problems),
                None => problems.push(problem(path, "is of an unknown type")),
            }
            return;
        }
        for all in list(&schema["allOf"]) {
            self.check(all, None, value, path, problems);
        }
        for union in ["oneOf", "anyOf"] {
            if let Some(choices) = schema[union].as_array() {
                self.check_union(choices, value, path, problems);
            }
        }
        if let Some(choices) = schema["enum"].as_array()
            && !choices.contains(value)
        {
            problems.push(problem(path, &format!("must be one of {}", words(choices))));
        }
        if let Some(constant) = schema.get("const")
            && constant != value
        {
            problems.push(problem(path, &format!("must be {constant}")));
        }
        if !fits_kind(&schema["type"], value) {
            if !is_permissions(path, value) && !is_plain_id(schema, value) {
                let what = format!("must be of type {}", kinds(&schema["type"]));
                problems.push(problem(path, &what));
            }
            return;
        }
        match value {
            Value::String(text) => check_text(schema, text, path, problems),
            Value::Number(_) => check_number(schema, value, path, problems),
            Value::Array(items) => self.check_list(schema, items, path, problems),
            Value::Object(fields) => self.check_fields(schema, name, fields, path, problems),
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// One of the choices must fit. If none does, the one that came closest tells what is wrong.
    fn check_union(
        &self,
        choices: &[Value],
        value: &Value,
        path: &str,
        problems: &mut Vec<Problem>,
    ) {
        let mut closest: Option<Vec<Problem>> = None;
        for choice in choices {
            let mut found = Vec::new();
            self.check(choice, None, value, path, &mut found);
            if found.is_empty() {
                return;
            }
            if closest
                .as_ref()
                .is_none_or(|best| depth(&found, path) > depth(best, path))
            {
                closest = Some(found);
            }
        }
        let constants: Vec<_> = choices.iter().filter_map(|c| c.get("const")).collect();
        if constants.len() == choices.len() {
            let constants: Vec<_> = constants.into_iter().cloned().collect();
            let what = format!("must be one of {}", words(&constants));
            problems.push(problem(path, &what));
        } else {
            problems.extend(closest.into_iter().flatten());
        }
    }

    fn check_list(&self, schema: &Value, items: &[Value], path: &str, problems: &mut Vec<Problem>) {
        between(
            schema,
            ["minItems", "maxItems"],
            items.len(),
            "entries",
            path,
            problems,
        );
        if schema["uniqueItems"] == true {
            let twice = |(n, item): (usize, &Value)| items[..n].contains(item);
            if items.iter().enumerate().any(twice) {
                problems.push(problem(path, "must not hold the same twice"));
            }
        }
        if let Some(each) = schema.get("items") {
            for (n, item) in items.iter().enumerate() {
                self.check(each, None, item, &format!("{path}[{n}]"), problems);
            }
        }
    }

    fn check_fields(
        &self,
        schema: &Value,
        name: Option<&str>,
        fields: &Map<String, Value>,
        path: &str,
        problems: &mut Vec<Problem>,
    ) {
        between(
            schema,
            ["minProperties", "maxProperties"],
            fields.len(),
            "keys",
            path,
            problems,
        );
        for required in list(&schema["required"]).iter().filter_map(Value::as_str) {
            if !fields.contains_key(required) {
                problems.push(problem(&join(path, required), "is required"));
            }
        }
        let declared = &schema["properties"];
        for (key, value) in fields {
            let at = join(path, key);
            if let Some(schema) = declared.get(key) {
                self.check(schema, None, value, &at, problems);
            } else if let Some(rest) = schema.get("additionalProperties") {
                if rest.is_object() {
                    self.check(rest, None, value, &at, problems);
                }
            } else if declared.is_object() && !says_nothing(value) {
                let documented = UNDESCRIBED
                    .iter()
                    .any(|(of, known)| name == Some(*of) && key == known);
                if !documented {
                    problems.push(problem(&at, "is not a key of this object"));
                }
            }
        }
    }
}

impl Operation {
    fn fits(&self, method: &str, parts: &[&str]) -> Option<PathParts> {
        if self.method != method || self.path.len() != parts.len() {
            return None;
        }
        let mut found = PathParts::new();
        for (expected, given) in self.path.iter().zip(parts) {
            match expected.strip_prefix('{') {
                Some(name) => {
                    let name = name.trim_end_matches('}');
                    let number = given.bytes().all(|byte| byte.is_ascii_digit());
                    if name.ends_with("_id") && !number {
                        return None;
                    }
                    found.insert(name.to_owned(), (*given).to_owned());
                }
                None if expected == given => {}
                None => return None,
            }
        }
        Some(found)
    }
}

fn check_text(schema: &Value, text: &str, path: &str, problems: &mut Vec<Problem>) {
    let length = text.chars().count();
    between(
        schema,
        ["minLength", "maxLength"],
        length,
        "characters",
        path,
        problems,
    );
    // The two patterns of the description both mean a number without leading zeros.
    if schema.get("pattern").is_some() || schema["format"] == "snowflake" {
        let number = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty();
        if !number || (text.len() > 1 && text.starts_with('0')) {
            problems.push(problem(path, "must be an id"));
        }
    }
    if schema["format"] == "uri" {
        let known = ["http://", "https://", "discord://", "attachment://"];
        let rest = known.iter().find_map(|start| text.strip_prefix(start));
        if rest.is_none_or(|rest| rest.is_empty() || rest.contains(char::is_whitespace)) {
            problems.push(problem(path, "must be a URL"));
        }
    }
    if schema["format"] == "date-time" && text.parse::<jiff::Timestamp>().is_err() {
        problems.push(problem(path, "must be a date and time"));
    }
}

fn check_number(schema: &Value, value: &Value, path: &str, problems: &mut Vec<Problem>) {
    let Some(number) = value.as_f64() else { return };
    if schema["minimum"]
        .as_f64()
        .is_some_and(|least| number < least)
    {
        problems.push(problem(
            path,
            &format!("must be at least {}", schema["minimum"]),
        ));
    }
    if schema["maximum"].as_f64().is_some_and(|most| number > most) {
        problems.push(problem(
            path,
            &format!("must be at most {}", schema["maximum"]),
        ));
    }
}

fn between(
    schema: &Value,
    names: [&str; 2],
    count: usize,
    of: &str,
    path: &str,
    problems: &mut Vec<Problem>,
) {
    let limit = |name: &str| schema[name].as_u64().and_then(|n| usize::try_from(n).ok());
    let [least, most] = names.map(limit);
    if let Some(least) = least.filter(|least| count < *least) {
        let what = format!("must have at least {least} {of}, not {count}");
        problems.push(problem(path, &what));
    }
    if let Some(most) = most.filter(|most| count > *most) {
        let what = format!("must have at most {most} {of}, not {count}");
        problems.push(problem(path, &what));
    }
}

fn fits_kind(kind: &Value, value: &Value) -> bool {
    match kind {
        Value::String(kind) => match kind.as_str() {
            "null" => value.is_null(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            _ => false,
        },
        Value::Array(kinds) => kinds.iter().any(|kind| fits_kind(kind, value)),
        _ => true,
    }
}

/// The description has permissions as a number; Discord's pages have them as a number in a text,
/// and that is what clients send.
fn is_permissions(path: &str, value: &Value) -> bool {
    path.ends_with("default_member_permissions")
        && value
            .as_str()
            .is_some_and(|text| text.parse::<u64>().is_ok())
}

/// An id is a text in the description, but a number is taken too: `"attachments": [{"id": 0}]`
/// stands on Discord's own pages.
fn is_plain_id(schema: &Value, value: &Value) -> bool {
    schema["format"] == "snowflake" && value.is_u64()
}

/// `null`, `false` and the empty list: client libraries write them for what they do not use.
fn says_nothing(value: &Value) -> bool {
    value.is_null() || *value == false || value.as_array().is_some_and(Vec::is_empty)
}

/// How well a choice of a union fits: the one whose discriminator fits was meant, then the one
/// whose first problem lies deepest.
fn depth(problems: &[Problem], base: &str) -> usize {
    let type_path = join(base, "type");
    let other = |problem: &Problem| {
        problem.path == type_path
            || (problem.path == base && problem.what.starts_with("must be of type"))
    };
    if problems.iter().any(other) {
        return 0;
    }
    problems.iter().map(|p| p.path.len() + 1).min().unwrap_or(0)
}

pub(crate) fn problem(path: &str, what: &str) -> Problem {
    Problem {
        path: path.to_owned(),
        what: what.to_owned(),
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// The entries of a list, or none.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn words(values: &[Value]) -> String {
    let words: Vec<_> = values.iter().map(ToString::to_string).collect();
    words.join(", ")
}

fn kinds(kind: &Value) -> String {
    match kind {
        Value::Array(kinds) => kinds
            .iter()
            .map(kinds_of_one)
            .collect::<Vec<_>>()
            .join(" or "),
        one => kinds_of_one(one),
    }
}

fn kinds_of_one(kind: &Value) -> String {
    kind.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
fn answer(responses: &Value) -> Option<Value> {
    let good = entries(responses)
        .find(|(code, _)| code.starts_with('2'))?
        .1;
    let schema = &good["content"]["application/json"]["schema"];
    (!schema.is_null()).then(|| schema.clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(method: &str, path: &str, body: &Value) -> Vec<String> {
        let (operation, _) = schema().route(method, path).unwrap();
        let problems = schema().check_body(operation, body);
        problems
            .iter()
            .map(|p| format!("{} {}", p.path, p.what))
            .collect()
    }

    #[test]
    fn a_path_leads_to_its_operation() {
        let name = |method: &str, path: &str| {
            let found = schema().route(method, path);
            found.map(|(operation, _)| operation.name.as_str())
        };
        assert_eq!(name("POST", "/channels/5/messages"), Some("create_message"));
        assert_eq!(
            name("PATCH", "/webhooks/5/abc.def/messages/@original"),
            Some("update_original_webhook_message")
        );
        assert_eq!(
            name("PATCH", "/webhooks/5/abc/messages/7"),
            Some("update_webhook_message")
        );
        assert_eq!(name("GET", "/users/@me"), Some("get_my_user"));
        assert_eq!(name("GET", "/users/5x"), None);
        assert_eq!(name("PUT", "/telepathy"), None);
    }

    #[test]
    fn a_proper_body_passes() {
        let body = json!({"type": 4, "data": {"content": "hi", "flags": 64,
            "embeds": [{"title": "t", "fields": [{"name": "a", "value": "b"}]}],
            "components": [{"type": 1, "components": [
                {"type": 2, "style": 1, "label": "Left", "custom_id": "l"}]}]}});
        assert_eq!(check("POST", "/interactions/5/x/callback", &body), [""; 0]);
        let commands = json!([{"name": "ankle", "description": "d", "type": 1, "nsfw": false,
            "default_member_permissions": "32", "integration_types": [0, 1],
            "options": [{"type": 1, "name": "test", "description": "d", "choices": [],
                "options": [{"type": 3, "name": "reading", "description": "d"}]}]}]);
        assert_eq!(check("PUT", "/applications/5/commands", &commands), [""; 0]);
    }

    #[test]
    fn what_is_too_long_missing_wrong_or_unknown_is_told() {
        let long = "x".repeat(257);
        let body = json!({"type": 4, "data": {"contents": "hi", "embeds": [{"title": long,
            "fields": [{"value": "b"}]}], "components": [{"type": 1, "components": [
                {"type": 2, "style": 9, "label": "Left", "custom_id": ""}]}]}});
        assert_eq!(
            check("POST", "/interactions/5/x/callback", &body),
            [
                "data.components[0].components[0].custom_id must have at least 1 characters, not 0",
                "data.components[0].components[0].style must be one of 1, 2, 3, 4, 5, 6",
                "data.contents is not a key of this object",
                "data.embeds[0].fields[0].name is required",
                "data.embeds[0].title must have at most 256 characters, not 257",
            ]
        );
        let dm = json!({"recipient_id": "05"});
        assert_eq!(
            check("POST", "/users/@me/channels", &dm),
            ["recipient_id must be an id"]
        );
    }
}
