//! What the description's schemas let through of commands and Discord does not.

use std::collections::BTreeSet;

use serde_json::Value;

use super::rules::check_choice;
use super::schema::{Problem, list, problem, schema};

const SUBCOMMAND: u64 = 1;
const GROUP: u64 = 2;
/// How many commands of a kind there may be: slash commands, of people, of messages, entry points.
const MOST: [(u64, usize); 4] = [(1, 100), (2, 15), (3, 15), (4, 1)];
/// Characters of all names, descriptions and values of a command, the longest translation counted.
const CHARACTERS: usize = 8_000;

/// Checks a whole registration.
pub(crate) fn check_all(commands: &[Value]) -> Vec<Problem> {
    let mut problems = check_count(commands);
    for (n, command) in commands.iter().enumerate() {
        problems.extend(check_one(command, &format!("[{n}]")));
        let kind = |command: &Value| command["type"].as_u64().unwrap_or(1);
        let same = |other: &Value| other["name"] == command["name"] && kind(other) == kind(command);
        if commands[..n].iter().any(same) {
            problems.push(problem(&format!("[{n}].name"), "must not come twice"));
        }
    }
    problems
}

/// Checks that there are not too many.
pub(crate) fn check_count(commands: &[Value]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (kind, most) in MOST {
        let of_kind = |command: &&Value| command["type"].as_u64().unwrap_or(1) == kind;
        let count = commands.iter().filter(of_kind).count();
        if count > most {
            let what = format!("must be at most {most} of type {kind}, not {count}");
            problems.push(problem("", &what));
        }
    }
    problems
}

/// Checks one command.
pub(crate) fn check_one(command: &Value, path: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let at = |key: &str| {
        if path.is_empty() {
            key.to_owned()
        } else {
            format!("{path}.{key}")
        }
    };
    check_locales(command, path, &mut problems);
    match command["type"].as_u64().unwrap_or(1) {
        1 => {
            check_names(command, path, &mut problems);
            let description = command["description"].as_str().unwrap_or_default();
            if description.is_empty() {
                problems.push(problem(&at("description"), "must not be empty"));
            }
        }
        2 | 3 => {
            for key in ["description", "options"] {
                let value = &command[key];
                let empty = value.is_null() || value == "" || list(value).is_empty();
                if !empty || value.as_str().is_some_and(|text| !text.is_empty()) {
                    problems.push(problem(&at(key), "is not for commands of this type"));
                }
            }
        }
        _ => {}
    }
    check_options(&command["options"], &at("options"), 0, &mut problems);
    let length = length(command);
    if length > CHARACTERS {
        let what = format!("must have at most {CHARACTERS} characters in all, not {length}");
        problems.push(problem(path, &what));
    }
    problems
}

fn check_options(options: &Value, path: &str, depth: usize, problems: &mut Vec<Problem>) {
    let options = list(options);
    let nests = |option: &Value| matches!(option["type"].as_u64(), Some(SUBCOMMAND | GROUP));
    if options.iter().any(nests) && !options.iter().all(nests) {
        problems.push(problem(path, "must be all subcommands or none"));
    }
    let mut names = BTreeSet::new();
    let mut optional = false;
    for (n, option) in options.iter().enumerate() {
        let at = format!("{path}[{n}]");
        let name = option["name"].as_str().unwrap_or_default();
        if !names.insert(name) {
            problems.push(problem(&format!("{at}.name"), "must not come twice"));
        }
        check_names(option, &at, problems);
        check_locales(option, &at, problems);
        let kind = option["type"].as_u64().unwrap_or(0);
        let too_deep = match kind {
            GROUP => depth > 0,
            SUBCOMMAND => depth > 1,
            _ => false,
        };
        if too_deep {
            problems.push(problem(&format!("{at}.type"), "must not lie so deep"));
            continue;
        }
        if kind == GROUP
            && list(&option["options"])
                .iter()
                .any(|inner| inner["type"] != SUBCOMMAND)
        {
            problems.push(problem(&format!("{at}.options"), "must be subcommands"));
        }
        if kind == SUBCOMMAND && list(&option["options"]).iter().any(nests) {
            problems.push(problem(&format!("{at}.options"), "must not be subcommands"));
            continue;
        }
        if kind == SUBCOMMAND || kind == GROUP {
            check_options(
                &option["options"],
                &format!("{at}.options"),
                depth + 1,
                problems,
            );
            continue;
        }
        if option["required"] == true && optional {
            problems.push(problem(
                &at,
                "is required, and must stand before those that are not",
            ));
        }
        optional |= option["required"] != true;
        check_value(option, kind, &at, problems);
    }
}

fn check_value(option: &Value, kind: u64, path: &str, problems: &mut Vec<Problem>) {
    let choices = list(&option["choices"]);
    if option["autocomplete"] == true && !choices.is_empty() {
        let at = format!("{path}.autocomplete");
        problems.push(problem(&at, "must not stand beside choices"));
    }
    for (n, choice) in choices.iter().enumerate() {
        let at = format!("{path}.choices[{n}]");
        check_choice(choice, kind, &at, problems);
        check_locales(choice, &at, problems);
        for key in ["name", "value"] {
            if choices[..n].iter().any(|other| other[key] == choice[key]) {
                problems.push(problem(&format!("{at}.{key}"), "must not come twice"));
            }
        }
    }
    for [least, most] in [["min_length", "max_length"], ["min_value", "max_value"]] {
        if let (Some(low), Some(high)) = (option[least].as_f64(), option[most].as_f64())
            && low > high
        {
            problems.push(problem(
                &format!("{path}.{least}"),
                &format!("must not exceed {most}"),
            ));
        }
    }
}

/// `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$`, in lower case where there is one.
fn check_names(named: &Value, path: &str, problems: &mut Vec<Problem>) {
    let plain = ("name".to_owned(), &named["name"]);
    let translated = named["name_localizations"]
        .as_object()
        .into_iter()
        .flatten();
    let translated =
        translated.map(|(locale, name)| (format!("name_localizations.{locale}"), name));
    for (key, name) in std::iter::once(plain).chain(translated) {
        let name = name.as_str().unwrap_or_default();
        let marks = |c: char| {
            // Vowel signs of Devanagari and Thai are no letters, but belong to words.
            matches!(c, '-' | '_' | '\'' | '\u{900}'..='\u{97f}' | '\u{e00}'..='\u{e7f}')
        };
        let fits = name.chars().all(|c| c.is_alphanumeric() || marks(c));
        let at = if path.is_empty() {
            key
        } else {
            format!("{path}.{key}")
        };
        if !fits {
            problems.push(problem(&at, "must be letters, digits, - _ '"));
        } else if name.to_lowercase() != name {
            problems.push(problem(&at, "must be in lower case"));
        }
    }
}

fn check_locales(translated: &Value, path: &str, problems: &mut Vec<Problem>) {
    let known = schema().constants("AvailableLocalesEnum");
    for key in ["name_localizations", "description_localizations"] {
        for (locale, _) in translated[key].as_object().into_iter().flatten() {
            if !known.contains(&locale.as_str()) {
                let at = format!("{path}.{key}.{locale}");
                problems.push(problem(
                    at.trim_start_matches('.'),
                    "is no locale of Discord",
                ));
            }
        }
    }
}

/// The characters of a command that count towards its limit.
fn length(part: &Value) -> usize {
    let chars = |value: &Value| value.as_str().map_or(0, |text| text.chars().count());
    let longest = |key: &str| {
        let others = part[format!("{key}_localizations")]
            .as_object()
            .into_iter()
            .flatten();
        let others = others.map(|(_, text)| chars(text)).max().unwrap_or(0);
        chars(&part[key]).max(others)
    };
    let inner = ["options", "choices"]
        .iter()
        .flat_map(|key| list(&part[*key]));
    let inner: usize = inner.map(length).sum();
    longest("name") + longest("description") + chars(&part["value"]) + inner
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(command: &Value) -> Vec<String> {
        let problems = check_one(command, "");
        problems
            .iter()
            .map(|p| format!("{} {}", p.path, p.what))
            .collect()
    }

    #[test]
    fn names_are_words_in_lower_case() {
        for name in ["Ankle", "an kle", "ankle!"] {
            assert_eq!(
                check(&json!({"name": name, "description": "d"})).len(),
                1,
                "{name}"
            );
        }
        for name in ["ankle-club", "gehen_1", "дом", "टखना", "ข้อเท้า", "足首"]
        {
            assert_eq!(
                check(&json!({"name": name, "description": "d"})),
                [""; 0],
                "{name}"
            );
        }
    }

    #[test]
    fn what_the_schemas_let_through_is_told() {
        let option = |name: &str, required: bool| json!({"type": 3, "name": name, "description": "d", "required": required});
        let command = json!({"name": "ankle", "description": "d",
            "description_localizations": {"de-DE": "x"},
            "options": [option("a", false), option("b", true), option("b", false),
                {"type": 3, "name": "c", "description": "d", "autocomplete": true,
                 "choices": [{"name": "n", "value": "v".repeat(101)}, {"name": "n", "value": 3}]}]});
        assert_eq!(
            check(&command),
            [
                "description_localizations.de-DE is no locale of Discord",
                "options[1] is required, and must stand before those that are not",
                "options[2].name must not come twice",
                "options[3].autocomplete must not stand beside choices",
                "options[3].choices[0].value must have at most 100 characters, not 101",
                "options[3].choices[1].value must be of the type of its option",
                "options[3].choices[1].name must not come twice",
            ]
        );
    }

    #[test]
    fn subcommands_stand_alone_and_at_most_two_deep() {
        let sub = json!({"type": 1, "name": "s", "description": "d"});
        let group = json!({"type": 2, "name": "g", "description": "d", "options": [sub]});
        let good = json!({"name": "a", "description": "d", "options": [sub, group]});
        assert_eq!(check(&good), [""; 0]);
        let deep = json!({"type": 2, "name": "h", "description": "d", "options": [group]});
        let bad = json!({"name": "a", "description": "d", "options": [deep]});
        assert!(!check(&bad).is_empty());
        let mixed = json!({"type": 3, "name": "x", "description": "d"});
        let mixed = json!({"name": "a", "description": "d", "options": [sub, mixed]});
        assert_eq!(check(&mixed), ["options must be all subcommands or none"]);
    }

    #[test]
    fn a_command_has_at_most_8000_characters_in_its_longest_translations() {
        let option = |n: usize| {
            json!({"type": 3, "name": format!("o{n:02}"), "description": "d".repeat(100),
                "choices": (0..25).map(|c| json!({"name": format!("c{c:02}"),
                    "value": format!("{c:03}")})).collect::<Vec<_>>()})
        };
        let mut command = json!({"name": "ankle", "description": "d",
            "options": (0..25).map(option).collect::<Vec<_>>()});
        assert_eq!(check(&command), [""; 0]);
        for option in command["options"].as_array_mut().unwrap() {
            option["choices"][0]["name"] = "n".repeat(100).into();
        }
        command["options"][0]["description_localizations"] = json!({"de": "d".repeat(101)});
        assert_eq!(
            check(&command),
            [" must have at most 8000 characters in all, not 8757"]
        );
    }

    #[test]
    fn a_hundred_commands_are_the_most() {
        let command = |n: usize| json!({"name": format!("c{n}"), "description": "d"});
        let commands: Vec<_> = (0..101).map(command).collect();
        assert_eq!(check_all(&commands[..100]), []);
        assert_eq!(check_all(&commands).len(), 1);
    }
}
