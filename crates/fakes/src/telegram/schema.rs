//! The official description of the Bot API, and the checking of values against it.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::{Map, Value};

use super::body::Given;

static SPEC: &str = include_str!("../../specs/telegram-bot-api.json");

/// The methods and types of the Bot API.
#[derive(Debug)]
pub(crate) struct Schema {
    /// By name in lower case, since the API does not mind the case of a method's name.
    methods: HashMap<String, Method>,
    types: HashMap<String, Type>,
}

/// One method: its proper name and its parameters.
#[derive(Debug)]
pub(crate) struct Method {
    pub(crate) name: String,
    fields: Vec<Field>,
}

/// Something that does not fit the description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Where, as in `reply_markup.inline_keyboard[0][1].text`.
    pub(crate) path: String,
    /// What, as a short phrase.
    pub(crate) what: String,
}

#[derive(Debug)]
enum Type {
    Record(Vec<Field>),
    Union(Vec<Kind>),
}

#[derive(Debug)]
struct Field {
    name: String,
    kinds: Vec<Kind>,
    required: bool,
    /// The only value this field may have: what tells the members of a union apart.
    constant: Option<String>,
}

#[derive(Debug)]
enum Kind {
    Integer,
    Float,
    Text,
    Boolean,
    File,
    List(Box<Kind>),
    Named(String),
}

/// The embedded description, read once.
pub(crate) fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::read(SPEC))
}

impl Schema {
    /// The method of that name, in any case.
    pub(crate) fn method(&self, name: &str) -> Option<&Method> {
        self.methods.get(&name.to_lowercase())
    }

    /// Checks what was given for a method and turns values that came as text (from a form) into
    /// the values they stand for.
    pub(crate) fn check_call(
        &self,
        method: &Method,
        given: &Given,
    ) -> Result<Map<String, Value>, Vec<Problem>> {
        let mut params = Map::new();
        let mut problems = Vec::new();
        for (name, value) in &given.values {
            let Some(field) = method.fields.iter().find(|field| field.name == *name) else {
                problems.push(problem(name, "is not a parameter of this method"));
                continue;
            };
            let value = if given.as_text.contains(name) {
                typed(field, value)
            } else {
                value.clone()
            };
            self.check_field(field, &value, name, &mut problems);
            params.insert(name.clone(), value);
        }
        for name in given.files.keys() {
            let direct = method.fields.iter().find(|field| field.name == *name);
            match direct {
                Some(field) if field.takes_file() => {
                    params.insert(name.clone(), Value::String(format!("attach://{name}")));
                }
                Some(_) => problems.push(problem(name, "does not take a file")),
                None if given.mentions_file(name) => {}
                None => problems.push(problem(name, "is a file that no parameter mentions")),
            }
        }
        for field in &method.fields {
            if field.required && !params.contains_key(&field.name) {
                problems.push(problem(&field.name, "is required"));
            }
        }
        if problems.is_empty() {
            Ok(params)
        } else {
            Err(problems)
        }
    }

    /// Whether a type has a field of that name.
    pub(crate) fn has_field(&self, name: &str, field: &str) -> bool {
        match self.types.get(name) {
            Some(Type::Record(fields)) => fields.iter().any(|known| known.name == field),
            Some(Type::Union(_)) | None => false,
        }
    }

    /// Checks a value against a named type. Used to check what the fake itself says.
    #[cfg(test)]
    pub(crate) fn check_type(&self, name: &str, value: &Value) -> Vec<Problem> {
        let mut problems = Vec::new();
        self.check(&Kind::Named(name.to_owned()), value, name, &mut problems);
        problems
    }

    fn read(text: &str) -> Self {
        let spec: Value = serde_json::from_str(text).expect("the embedded description is JSON");
        let methods = entries(&spec["methods"])
            .map(|(name, body)| {
                let method = Method {
                    name: name.clone(),
                    fields: fields(body),
                };
                (name.to_lowercase(), method)
            })
            .collect();
        let types = entries(&spec["types"])
            .map(|(name, body)| {
                let subtypes = strings(&body["subtypes"]);
                let body = if subtypes.is_empty() {
                    Type::Record(fields(body))
                } else {
                    Type::Union(subtypes.iter().map(|kind| Kind::read(kind)).collect())
                };
                (name.clone(), body)
            })
            .collect();
        Self { methods, types }
    }

    fn check_field(&self, field: &Field, value: &Value, path: &str, problems: &mut Vec<Problem>) {
        if let Some(constant) = &field.constant
            && value.as_str() != Some(constant)
        {
            problems.push(problem(path, &format!("must be \"{constant}\"")));
            return;
        }
        self.check_any(&field.kinds, value, path, problems);
    }

    /// The value must fit one of the kinds; if none fits, the nearest one's problems are told.
    fn check_any(&self, kinds: &[Kind], value: &Value, path: &str, problems: &mut Vec<Problem>) {
        let mut nearest: Option<Vec<Problem>> = None;
        for kind in kinds {
            let mut found = Vec::new();
            self.check(kind, value, path, &mut found);
            if found.is_empty() {
                return;
            }
            let nearer = |best: &Vec<Problem>| depth(&found) > depth(best);
            if nearest.as_ref().is_none_or(nearer) {
                nearest = Some(found);
            }
        }
        match nearest {
            Some(found) if kinds.len() == 1 || depth(&found) > path.len() => problems.extend(found),
            _ => {
                let names: Vec<_> = kinds.iter().map(Kind::describe).collect();
                problems.push(problem(path, &format!("must be {}", names.join(" or "))));
            }
        }
    }

    fn check(&self, kind: &Kind, value: &Value, path: &str, problems: &mut Vec<Problem>) {
        let fits = match kind {
            Kind::Integer => value.is_i64() || value.is_u64(),
            Kind::Float => value.is_number(),
            Kind::Text | Kind::File => value.is_string(),
            Kind::Boolean => value.is_boolean(),
            Kind::List(item) => {
                for (index, value) in value.as_array().into_iter().flatten().enumerate() {
                    self.check(item, value, &format!("{path}[{index}]"), problems);
                }
                value.is_array()
            }
            Kind::Named(name) => match self.types.get(name) {
                Some(Type::Union(kinds)) => {
                    self.check_any(kinds, value, path, problems);
                    true
                }
                Some(Type::Record(fields)) => {
                    if let Value::Object(object) = value {
                        self.check_record(fields, object, path, problems);
                    }
                    value.is_object()
                }
                // A name the description does not explain cannot be checked.
                None => true,
            },
        };
        if !fits {
            problems.push(problem(path, &format!("must be {}", kind.describe())));
        }
    }

    fn check_record(
        &self,
        fields: &[Field],
        object: &Map<String, Value>,
        path: &str,
        problems: &mut Vec<Problem>,
    ) {
        for (name, value) in object {
            let path = format!("{path}.{name}");
            match fields.iter().find(|field| field.name == *name) {
                // A field that is null counts as not given.
                Some(field) if !field.required && value.is_null() => {}
                Some(field) => self.check_field(field, value, &path, problems),
                None => problems.push(problem(&path, "is not a field of this type")),
            }
        }
        for field in fields {
            if field.required && !object.contains_key(&field.name) {
                problems.push(problem(&format!("{path}.{}", field.name), "is required"));
            }
        }
    }
}

impl Field {
    fn takes_file(&self) -> bool {
        self.kinds.iter().any(|kind| matches!(kind, Kind::File))
    }
}

impl Kind {
    fn read(name: &str) -> Self {
        if let Some(item) = name.strip_prefix("Array of ") {
            return Self::List(Box::new(Self::read(item)));
        }
        match name {
            "Integer" => Self::Integer,
            "Float" => Self::Float,
            "String" => Self::Text,
            "Boolean" | "True" => Self::Boolean,
            "InputFile" => Self::File,
            other => Self::Named(other.to_owned()),
        }
    }

    fn describe(&self) -> String {
        match self {
            Self::Integer => "an Integer".to_owned(),
            Self::Float => "a Float".to_owned(),
            Self::Text => "a String".to_owned(),
            Self::Boolean => "a Boolean".to_owned(),
            Self::File => "a file".to_owned(),
            Self::List(item) => format!("an Array of {}", item.describe()),
            Self::Named(name) => format!("an object {name}"),
        }
    }
}

/// What a text from a form stands for.
fn typed(field: &Field, value: &Value) -> Value {
    let Value::String(text) = value else {
        return value.clone();
    };
    let parsed = field.kinds.iter().find_map(|kind| match kind {
        Kind::Integer => text.parse::<i64>().ok().map(Value::from),
        Kind::Float => text.parse::<f64>().ok().map(Value::from),
        Kind::Boolean => match text.to_lowercase().as_str() {
            "true" | "1" => Some(Value::Bool(true)),
            "false" | "0" => Some(Value::Bool(false)),
            _ => None,
        },
        Kind::List(_) | Kind::Named(_) => serde_json::from_str(text).ok(),
        Kind::Text | Kind::File => None,
    });
    parsed.unwrap_or_else(|| value.clone())
}

fn problem(path: &str, what: &str) -> Problem {
    Problem {
        path: path.to_owned(),
        what: what.to_owned(),
    }
}

/// How deep inside the value the first problem lies: the deepest reading is the one that was meant.
fn depth(problems: &[Problem]) -> usize {
    problems.first().map_or(0, |problem| {
        // A wrong discriminator means that another member of the union was meant.
        if problem.what.starts_with("must be \"") {
            0
        } else {
            problem.path.len()
        }
    })
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn strings(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

fn fields(body: &Value) -> Vec<Field> {
    let items = body["fields"].as_array().into_iter().flatten();
    items
        .map(|field| Field {
            name: field["name"].as_str().unwrap_or_default().to_owned(),
            kinds: strings(&field["types"])
                .iter()
                .map(|kind| Kind::read(kind))
                .collect(),
            required: field["required"].as_bool().unwrap_or(false),
            constant: constant(field),
        })
        .collect()
}

/// The description states a constant only in prose: `must be chat`, `always "creator"`.
fn constant(field: &Value) -> Option<String> {
    if !matches!(field["name"].as_str()?, "type" | "source" | "status") {
        return None;
    }
    let text = field["description"].as_str()?;
    let (_, tail) = text
        .split_once(", must be ")
        .or_else(|| text.split_once(", always "))?;
    let word = tail.trim_matches(|c: char| !c.is_alphanumeric());
    let simple = word.chars().all(|c| c.is_alphanumeric() || c == '_');
    (simple && !word.is_empty()).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(method: &str, params: &Value) -> Vec<String> {
        let method = schema().method(method).unwrap();
        let given = Given::from_json(params.as_object().unwrap().clone());
        match schema().check_call(method, &given) {
            Ok(_) => Vec::new(),
            Err(problems) => problems
                .iter()
                .map(|p| format!("{} {}", p.path, p.what))
                .collect(),
        }
    }

    #[test]
    fn a_method_is_found_in_any_case() {
        assert_eq!(schema().method("SENDmessage").unwrap().name, "sendMessage");
        assert!(schema().method("sendTelepathy").is_none());
    }

    #[test]
    fn a_proper_call_passes() {
        let call = json!({
            "chat_id": -100, "text": "hi", "link_preview_options": {"is_disabled": true},
            "reply_markup": {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]},
            "reply_parameters": {"message_id": 5, "allow_sending_without_reply": true},
        });
        assert_eq!(check("sendMessage", &call), [""; 0]);
        assert_eq!(
            check("sendMessage", &json!({"chat_id": "@club", "text": "hi"})),
            [""; 0]
        );
        let scope = json!({"commands": [{"command": "a", "description": "b"}],
                           "scope": {"type": "chat", "chat_id": 5}});
        assert_eq!(check("setMyCommands", &scope), [""; 0]);
    }

    #[test]
    fn unknown_missing_and_wrong_parameters_are_told() {
        let call = json!({"chat_id": true, "colour": "red"});
        assert_eq!(
            check("sendMessage", &call),
            [
                "chat_id must be an Integer or a String",
                "colour is not a parameter of this method",
                "text is required",
            ]
        );
    }

    #[test]
    fn nested_objects_are_checked_to_the_ground() {
        let call = json!({
            "chat_id": 1, "text": "hi",
            "reply_markup": {"inline_keyboard": [[{"text": 5, "callback": "a"}]]},
        });
        let button = "reply_markup.inline_keyboard[0][0]";
        assert_eq!(
            check("sendMessage", &call),
            [
                format!("{button}.callback is not a field of this type"),
                format!("{button}.text must be a String"),
            ]
        );
        let call = json!({"commands": [], "scope": {"type": "everywhere"}});
        assert_eq!(check("setMyCommands", &call).len(), 1);
        let call = json!({"commands": [], "scope": {"type": "chat"}});
        assert_eq!(check("setMyCommands", &call), ["scope.chat_id is required"]);
    }

    #[test]
    fn text_from_a_form_becomes_what_it_stands_for() {
        let method = schema().method("sendMessage").unwrap();
        let given = Given::from_form([
            ("chat_id".to_owned(), "-5".to_owned()),
            ("text".to_owned(), "12".to_owned()),
            ("disable_notification".to_owned(), "True".to_owned()),
            (
                "reply_markup".to_owned(),
                r#"{"inline_keyboard":[]}"#.to_owned(),
            ),
        ]);
        let params = schema().check_call(method, &given).unwrap();
        assert_eq!(
            Value::Object(params),
            json!({"chat_id": -5, "text": "12", "disable_notification": true,
                   "reply_markup": {"inline_keyboard": []}})
        );
    }
}
