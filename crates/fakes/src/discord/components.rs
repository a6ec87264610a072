//! Components: rows of buttons and menus, modals, and what the schemas let through of them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::schema::{Problem, list, problem};

const ROW: u64 = 1;
const BUTTON: u64 = 2;
const STRING_SELECT: u64 = 3;
const TEXT_INPUT: u64 = 4;
const CHANNEL_SELECT: u64 = 8;
const LINK: u64 = 5;
const PREMIUM: u64 = 6;
/// Rows of a message without the flag for components of the second kind.
const ROWS: usize = 5;
/// Components in all, nested ones included, with that flag.
const COMPONENTS: usize = 40;
/// Rows or labels of a modal.
const FIELDS: usize = 5;
/// Characters that a text input may ask for.
const INPUT: u64 = 4_000;

/// Something to press or to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What stands on it; an emoji if it has no label.
    pub label: String,
    /// What comes back when it is pressed; `None` for a link.
    pub custom_id: Option<String>,
    /// Where a link leads.
    pub url: Option<String>,
    /// Whether it cannot be pressed now.
    pub disabled: bool,
    /// The values of a menu, with their labels; empty for a button.
    pub options: Vec<(String, String)>,
    /// Its number in the API: 2 for a button, 3 and 5 to 8 for menus.
    pub kind: u64,
}

/// A form that pops up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modal {
    /// What comes back with it.
    pub custom_id: String,
    /// What stands above it.
    pub title: String,
    /// Its fields, top to bottom.
    pub fields: Vec<Field>,
    pub(crate) source: Value,
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// What comes back with its text.
    pub custom_id: String,
    /// What stands above it.
    pub label: String,
    /// What it holds at first.
    pub value: String,
    /// What it shows while it is empty.
    pub placeholder: String,
    /// Whether it must be filled.
    pub required: bool,
    /// The least and the most characters it takes.
    pub length: (usize, usize),
}

/// Checks the components of a message.
pub(crate) fn check(rows: &[Value], v2: bool, path: &str, problems: &mut Vec<Problem>) {
    if v2 {
        let count: usize = rows.iter().map(count).sum();
        if count > COMPONENTS {
            let what = format!("must be at most {COMPONENTS} in all, not {count}");
            problems.push(problem(path, &what));
        }
    } else {
        if rows.len() > ROWS {
            let what = format!("must be at most {ROWS} rows, not {}", rows.len());
            problems.push(problem(path, &what));
        }
        for (n, row) in rows.iter().enumerate() {
            if row["type"] != ROW {
                let what = "must be a row unless the message has the flag for other components";
                problems.push(problem(&format!("{path}[{n}].type"), what));
            }
        }
    }
    let mut seen = BTreeSet::new();
    for (n, row) in rows.iter().enumerate() {
        check_inside(row, &format!("{path}[{n}]"), &mut seen, problems);
    }
}

/// Checks a modal.
pub(crate) fn check_modal(modal: &Value, path: &str, problems: &mut Vec<Problem>) {
    let rows = list(&modal["components"]);
    if rows.len() > FIELDS {
        let what = format!("must be at most {FIELDS}, not {}", rows.len());
        problems.push(problem(&format!("{path}.components"), &what));
    }
    let mut seen = BTreeSet::new();
    for (n, row) in rows.iter().enumerate() {
        let at = format!("{path}.components[{n}]");
        if row["type"] == ROW && list(&row["components"]).len() != 1 {
            problems.push(problem(&format!("{at}.components"), "must be one"));
        }
        for (input, labelled) in inputs(row) {
            let id = input["custom_id"].as_str().unwrap_or_default();
            if !seen.insert(id.to_owned()) {
                problems.push(problem(&format!("{at}.custom_id"), "must not come twice"));
            }
            if input["type"] != TEXT_INPUT {
                continue;
            }
            let label = input["label"].as_str().unwrap_or_default();
            if labelled != label.is_empty() {
                let what = "must stand on the input in a row, and on the label around it otherwise";
                problems.push(problem(&format!("{at}.label"), what));
            }
            if label.chars().count() > 45 {
                problems.push(problem(
                    &format!("{at}.label"),
                    "must have at most 45 characters",
                ));
            }
            let least = input["min_length"].as_u64().unwrap_or(0);
            let most = input["max_length"].as_u64().unwrap_or(INPUT);
            if least > most {
                problems.push(problem(
                    &format!("{at}.min_length"),
                    "must not exceed max_length",
                ));
            }
            let value = input["value"].as_str().unwrap_or_default().chars().count();
            if value > usize::try_from(most).unwrap_or(usize::MAX) {
                problems.push(problem(
                    &format!("{at}.value"),
                    "must not exceed max_length",
                ));
            }
        }
    }
}

/// The buttons and menus of a message, row by row.
pub(crate) fn rows(components: &Value) -> Vec<Vec<Button>> {
    let mut rows = Vec::new();
    for component in list(components) {
        collect(component, &mut rows);
    }
    rows
}

/// All text that components show, line by line.
pub(crate) fn texts(components: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    for component in list(components) {
        if let Some(text) = component["content"].as_str() {
            lines.push(text.to_owned());
        }
        lines.extend(texts(&component["components"]));
    }
    lines
}

impl Modal {
    /// Reads the modal of a callback.
    pub(crate) fn read(data: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut fields = Vec::new();
        for row in list(&data["components"]) {
            for (input, labelled) in inputs(row) {
                let label = if labelled {
                    &row["label"]
                } else {
                    &input["label"]
                };
                let number = |key: &str, otherwise: u64| {
                    let number = input[key].as_u64().unwrap_or(otherwise);
                    usize::try_from(number).unwrap_or(usize::MAX)
                };
                fields.push(Field {
                    custom_id: text(&input["custom_id"]),
                    label: text(label),
                    value: text(&input["value"]),
                    placeholder: text(&input["placeholder"]),
                    required: input["required"].as_bool().unwrap_or(true),
                    length: (number("min_length", 0), number("max_length", INPUT)),
                });
            }
        }
        Self {
            custom_id: text(&data["custom_id"]),
            title: text(&data["title"]),
            fields,
            source: data.clone(),
        }
    }
}

fn check_inside(
    component: &Value,
    path: &str,
    seen: &mut BTreeSet<String>,
    problems: &mut Vec<Problem>,
) {
    let kind = component["type"].as_u64().unwrap_or(0);
    if let Some(id) = component["custom_id"].as_str()
        && !seen.insert(id.to_owned())
    {
        let at = format!("{path}.custom_id");
        problems.push(problem(&at, "must not come twice in a message"));
    }
    match kind {
        ROW => {
            let inner = list(&component["components"]);
            let menus = inner.iter().filter(|inner| inner["type"] != BUTTON).count();
            if menus > 0 && inner.len() > 1 {
                let what = "must be one menu, or buttons";
                problems.push(problem(&format!("{path}.components"), what));
            }
        }
        BUTTON => check_button(component, path, problems),
        STRING_SELECT..=CHANNEL_SELECT => check_menu(component, path, problems),
        _ => {}
    }
    for key in ["components", "items"] {
        for (n, inner) in list(&component[key]).iter().enumerate() {
            check_inside(inner, &format!("{path}.{key}[{n}]"), seen, problems);
        }
    }
    if component["accessory"].is_object() {
        let at = format!("{path}.accessory");
        check_inside(&component["accessory"], &at, seen, problems);
    }
}

fn check_button(button: &Value, path: &str, problems: &mut Vec<Problem>) {
    let style = button["style"].as_u64().unwrap_or(0);
    let has = |key: &str| !button[key].is_null();
    let mut wants = |key: &str, wanted: bool| {
        if has(key) != wanted {
            let what = if wanted {
                "is required on this style"
            } else {
                "is not for this style"
            };
            problems.push(problem(&format!("{path}.{key}"), what));
        }
    };
    wants("custom_id", style != LINK && style != PREMIUM);
    wants("url", style == LINK);
    wants("sku_id", style == PREMIUM);
    let label = button["label"].as_str().unwrap_or_default();
    if style != PREMIUM && label.trim().is_empty() && !has("emoji") {
        problems.push(problem(path, "must have a label or an emoji"));
    }
}

fn check_menu(menu: &Value, path: &str, problems: &mut Vec<Problem>) {
    let least = menu["min_values"].as_u64().unwrap_or(1);
    let most = menu["max_values"].as_u64().unwrap_or(1);
    if least > most {
        problems.push(problem(
            &format!("{path}.min_values"),
            "must not exceed max_values",
        ));
    }
    if menu["type"] != STRING_SELECT {
        return;
    }
    let options = list(&menu["options"]);
    let at = format!("{path}.options");
    if options.is_empty() {
        problems.push(problem(&at, "must not be empty"));
    }
    if most > options.len() as u64 {
        problems.push(problem(
            &format!("{path}.max_values"),
            "must not exceed the options",
        ));
    }
    for (n, option) in options.iter().enumerate() {
        if options[..n]
            .iter()
            .any(|other| other["value"] == option["value"])
        {
            problems.push(problem(&format!("{at}[{n}].value"), "must not come twice"));
        }
    }
}

/// The inputs of a row or a label, and whether a label stands around them.
fn inputs(row: &Value) -> Vec<(&Value, bool)> {
    if row["component"].is_object() {
        return vec![(&row["component"], true)];
    }
    list(&row["components"])
        .iter()
        .map(|input| (input, false))
        .collect()
}

fn count(component: &Value) -> usize {
    let accessory = usize::from(component["accessory"].is_object());
    let inner: usize = list(&component["components"]).iter().map(count).sum();
    1 + accessory + inner
}

fn collect(component: &Value, all: &mut Vec<Vec<Button>>) {
    if component["type"] == ROW {
        all.push(
            list(&component["components"])
                .iter()
                .map(read_button)
                .collect(),
        );
        return;
    }
    if component["accessory"]["type"] == BUTTON {
        all.push(vec![read_button(&component["accessory"])]);
    }
    for inner in list(&component["components"]) {
        collect(inner, all);
    }
}

fn read_button(button: &Value) -> Button {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let kind = button["type"].as_u64().unwrap_or(0);
    let label = if kind == BUTTON {
        text(&button["label"]).or_else(|| text(&button["emoji"]["name"]))
    } else {
        text(&button["placeholder"])
    };
    let options = list(&button["options"]).iter().map(|option| {
        let value = |key: &str| text(&option[key]).unwrap_or_default();
        (value("value"), value("label"))
    });
    Button {
        label: label.unwrap_or_default(),
        custom_id: text(&button["custom_id"]),
        url: text(&button["url"]),
        disabled: button["disabled"] == true,
        options: options.collect(),
        kind,
    }
}
