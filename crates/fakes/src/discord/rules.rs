//! What the description's schemas let through and Discord does not: messages, their embeds, and
//! the answers to autocompletion. Components and commands have rules of their own beside this.

use serde_json::Value;

use super::body::Upload;
use super::components;
use super::schema::{Problem, list, problem};

/// No link previews. May be set on any message and by any edit.
pub(crate) const SUPPRESS_EMBEDS: u64 = 1 << 2;
/// Only one person sees it.
pub(crate) const EPHEMERAL: u64 = 1 << 6;
/// The bot is thinking.
pub(crate) const LOADING: u64 = 1 << 7;
/// No sound.
pub(crate) const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;
/// The components are the whole message.
pub(crate) const COMPONENTS_V2: u64 = 1 << 15;

/// Characters in the content of a message. The description has 4000 for channels, which is what
/// paying people get.
const CONTENT: usize = 2_000;
/// Characters in all embeds of a message together.
const EMBEDS: usize = 6_000;
const CHOICE: usize = 100;

/// What a message's body is for: each takes its own flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum For {
    /// A plain message in a channel.
    Channel,
    /// An answer to an interaction, or a follow-up.
    Reply,
    /// `5`: an answer that will come.
    Deferral,
    /// A change of a message.
    Edit,
}

/// Checks the body of a message, whose keys lie under `path`.
pub(crate) fn check(body: &Value, files: &[Upload], what: For, path: &str) -> Vec<Problem> {
    let at = |key: &str| {
        if path.is_empty() {
            key.to_owned()
        } else {
            format!("{path}.{key}")
        }
    };
    let mut problems = Vec::new();
    let flags = body["flags"].as_u64().unwrap_or(0);
    let allowed = match what {
        For::Channel => SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2,
        For::Reply => SUPPRESS_EMBEDS | EPHEMERAL | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2,
        For::Deferral => EPHEMERAL,
        For::Edit => SUPPRESS_EMBEDS | COMPONENTS_V2,
    };
    if flags & !allowed != 0 {
        let what = format!("must not have the flags {:#x} here", flags & !allowed);
        problems.push(problem(&at("flags"), &what));
    }
    let content = body["content"].as_str().unwrap_or_default();
    let length = content.chars().count();
    if length > CONTENT {
        let what = format!("must have at most {CONTENT} characters, not {length}");
        problems.push(problem(&at("content"), &what));
    }
    let embeds = list(&body["embeds"]);
    for (n, embed) in embeds.iter().enumerate() {
        check_embed(
            embed,
            files,
            &format!("{}[{n}]", at("embeds")),
            &mut problems,
        );
    }
    let total: usize = embeds.iter().map(embed_length).sum();
    if total > EMBEDS {
        let what = format!("must have at most {EMBEDS} characters together, not {total}");
        problems.push(problem(&at("embeds"), &what));
    }
    let v2 = flags & COMPONENTS_V2 != 0;
    if v2 && (!content.is_empty() || !embeds.is_empty()) {
        let what = "must not stand beside content or embeds with this flag";
        problems.push(problem(&at("components"), what));
    }
    components::check(
        list(&body["components"]),
        v2,
        &at("components"),
        &mut problems,
    );
    check_mentions(
        &body["allowed_mentions"],
        &at("allowed_mentions"),
        &mut problems,
    );
    check_files(
        list(&body["attachments"]),
        files,
        what,
        &at("attachments"),
        &mut problems,
    );
    if body["enforce_nonce"] == true && body["nonce"].is_null() {
        problems.push(problem(&at("nonce"), "is required with enforce_nonce"));
    }
    problems
}

/// Checks the choices that answer an autocompletion for an option of this type.
pub(crate) fn check_choices(choices: &[Value], option: u64, path: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (n, choice) in choices.iter().enumerate() {
        let at = format!("{path}[{n}]");
        check_choice(choice, option, &at, &mut problems);
    }
    problems
}

/// Checks one choice of an option of this type, whether registered or suggested.
pub(crate) fn check_choice(choice: &Value, option: u64, path: &str, problems: &mut Vec<Problem>) {
    let value = &choice["value"];
    let name = choice["name"].as_str().unwrap_or_default();
    if name.trim().is_empty() {
        problems.push(problem(&format!("{path}.name"), "must not be empty"));
    }
    let at = format!("{path}.value");
    let fits = match option {
        3 => value.is_string(),
        4 => value.is_i64() || value.is_u64(),
        _ => value.is_number(),
    };
    if !fits {
        problems.push(problem(&at, "must be of the type of its option"));
    }
    if let Some(text) = value.as_str() {
        let length = text.chars().count();
        if length > CHOICE {
            let what = format!("must have at most {CHOICE} characters, not {length}");
            problems.push(problem(&at, &what));
        }
        if text.is_empty() {
            problems.push(problem(&at, "must not be empty"));
        }
    }
}

fn check_embed(embed: &Value, files: &[Upload], path: &str, problems: &mut Vec<Problem>) {
    let said = [
        "title",
        "description",
        "fields",
        "image",
        "thumbnail",
        "author",
        "footer",
    ];
    let empty = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    if said.iter().all(|key| empty(&embed[*key])) {
        problems.push(problem(path, "must say something"));
    }
    for (n, field) in list(&embed["fields"]).iter().enumerate() {
        for key in ["name", "value"] {
            // Discord trims both before it looks.
            if field[key]
                .as_str()
                .is_some_and(|text| text.trim().is_empty())
            {
                let at = format!("{path}.fields[{n}].{key}");
                problems.push(problem(&at, "must not be empty"));
            }
        }
    }
    for (key, inner) in [
        ("image", "url"),
        ("thumbnail", "url"),
        ("footer", "icon_url"),
    ] {
        let url = embed[key][inner].as_str().unwrap_or_default();
        let name = url.strip_prefix("attachment://");
        if name.is_some_and(|name| files.iter().all(|file| file.name != name)) {
            let at = format!("{path}.{key}.{inner}");
            problems.push(problem(&at, "names a file that did not come along"));
        }
    }
}

fn embed_length(embed: &Value) -> usize {
    let length = |value: &Value| value.as_str().map_or(0, |text| text.trim().chars().count());
    let fields = list(&embed["fields"]).iter();
    let fields: usize = fields
        .map(|field| length(&field["name"]) + length(&field["value"]))
        .sum();
    length(&embed["title"])
        + length(&embed["description"])
        + length(&embed["author"]["name"])
        + length(&embed["footer"]["text"])
        + fields
}

fn check_mentions(mentions: &Value, path: &str, problems: &mut Vec<Problem>) {
    let parse = list(&mentions["parse"]);
    for kind in ["users", "roles"] {
        if parse.iter().any(|parsed| parsed == kind) && !list(&mentions[kind]).is_empty() {
            let what = format!("must not both parse and list {kind}");
            problems.push(problem(path, &what));
        }
    }
}

fn check_files(
    listed: &[Value],
    files: &[Upload],
    what: For,
    path: &str,
    problems: &mut Vec<Problem>,
) {
    if files.len() > 10 {
        problems.push(problem(path, "must be at most 10"));
    }
    for (n, entry) in listed.iter().enumerate() {
        let id = entry["id"]
            .as_str()
            .map_or_else(|| entry["id"].to_string(), str::to_owned);
        let came = files.iter().any(|file| file.part == format!("files[{id}]"));
        // An edit also lists, by its own id, what should stay.
        if !came && what != For::Edit {
            problems.push(problem(
                &format!("{path}[{n}].id"),
                "names no file that came along",
            ));
        }
    }
}
