use ankle_core::club::Language;
use ankle_core::command::{Menu, MenuCommand, MenuOption};
use ankle_core::words::{Speaker, command_words, option_words};
use serde_json::{Map, Value, json};

/// Discord's numbers for the kinds of options.
const SUBCOMMAND: u8 = 1;
const GROUP: u8 = 2;
const STRING: u8 = 3;
const CHANNEL: u8 = 7;

/// The kinds of channels that take posts: text, announcements, and threads.
pub const POSTABLE: [u64; 5] = [0, 5, 10, 11, 12];

/// More choices than this are too many to read: they are suggested while typing instead.
const MAX_CHOICES: usize = 6;

/// The right to manage a server: who has it sees the organisers' commands, unless a server decides
/// otherwise.
const MANAGE_SERVER: &str = "32";

/// The root commands as Discord registers them, computed from the grammar: `/ankle` for everybody,
/// in servers, in direct messages, and brought along to any server; `/ankle-club` for organisers,
/// in servers.
#[must_use]
pub fn registration() -> Vec<Value> {
    let mut members = root("root", "ankle", &Menu::of_members());
    members.insert("integration_types".into(), json!([0, 1]));
    members.insert("contexts".into(), json!([0, 1, 2]));
    let mut organisers = root("root-club", "ankle-club", &Menu::of_organisers());
    organisers.insert("integration_types".into(), json!([0]));
    organisers.insert("contexts".into(), json!([0]));
    organisers.insert("default_member_permissions".into(), json!(MANAGE_SERVER));
    vec![Value::Object(members), Value::Object(organisers)]
}

fn root(id: &str, name: &str, menu: &Menu) -> Map<String, Value> {
    let mut root = described(&[id.to_owned()], name);
    root.insert("type".into(), json!(1));
    let commands = menu.commands.iter().map(command).collect();
    root.insert("options".into(), commands);
    root
}

fn command(command: &MenuCommand) -> Value {
    let name = command.path.last().map_or("", String::as_str);
    let mut object = described(&command.path, name);
    let is_group = !command.children.is_empty();
    object.insert(
        "type".into(),
        json!(if is_group { GROUP } else { SUBCOMMAND }),
    );
    let options: Vec<Value> = if is_group {
        command.children.iter().map(self::command).collect()
    } else {
        command
            .options
            .iter()
            .map(|o| option(&command.path, o))
            .collect()
    };
    if !options.is_empty() {
        object.insert("options".into(), options.into());
    }
    Value::Object(object)
}

fn option(path: &[String], option: &MenuOption) -> Value {
    let mut object = Map::new();
    let kind = if option.is_room { CHANNEL } else { STRING };
    object.insert("type".into(), json!(kind));
    object.insert("name".into(), json!(option.name));
    describe(&mut object, |say| option_words(say, path, &option.name));
    if option.required {
        object.insert("required".into(), json!(true));
    }
    if option.is_room {
        object.insert("channel_types".into(), json!(POSTABLE));
    } else if option.suggests || option.choices.len() > MAX_CHOICES {
        object.insert("autocomplete".into(), json!(true));
    } else if !option.choices.is_empty() {
        let choice = |word: &String| json!({ "name": word, "value": word });
        object.insert(
            "choices".into(),
            option.choices.iter().map(choice).collect(),
        );
    }
    Value::Object(object)
}

fn described(path: &[String], name: &str) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("name".into(), json!(name));
    describe(&mut object, |say| command_words(say, path));
    object
}

fn describe(object: &mut Map<String, Value>, words: impl Fn(Speaker) -> String) {
    let english = words(Speaker::of(Language::En));
    let others: Map<String, Value> = Language::ALL
        .into_iter()
        .filter(|language| *language != Language::En)
        .map(|language| {
            (
                language.code().to_owned(),
                json!(words(Speaker::of(language))),
            )
        })
        .collect();
    object.insert("description".into(), json!(english));
    object.insert("description_localizations".into(), Value::Object(others));
}

/// What a root uses of Discord's limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Characters of names, descriptions and values, each field in its longest language; 8,000 are
    /// allowed.
    pub characters: usize,
    /// Options or commands on the fullest level; 25 are allowed.
    pub fullest_level: usize,
    /// The longest description of an option.
    pub longest_option: usize,
}

/// What a root uses of Discord's limits.
#[must_use]
pub fn usage(root: &Value) -> Usage {
    let text = |value: &Value| value.as_str().map_or(0, |text| text.chars().count());
    let localised = root["description_localizations"].as_object();
    let longest = localised.into_iter().flat_map(Map::values).map(text).max();
    let description = text(&root["description"]).max(longest.unwrap_or(0));
    let choices = root["choices"].as_array().into_iter().flatten();
    let choices: usize = choices.map(|c| text(&c["name"]) + text(&c["value"])).sum();
    let options: Vec<Usage> = root["options"]
        .as_array()
        .into_iter()
        .flatten()
        .map(usage)
        .collect();
    let is_option = is_option(root);
    Usage {
        characters: text(&root["name"])
            + description
            + choices
            + options.iter().map(|usage| usage.characters).sum::<usize>(),
        fullest_level: options
            .iter()
            .map(|usage| usage.fullest_level)
            .chain([options.len()])
            .max()
            .unwrap_or(0),
        longest_option: options
            .iter()
            .map(|usage| usage.longest_option)
            .chain([if is_option { description } else { 0 }])
            .max()
            .unwrap_or(0),
    }
}

/// Whether it is filled in, and not called.
fn is_option(node: &Value) -> bool {
    node["type"] == json!(STRING) || node["type"] == json!(CHANNEL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_the_grammar() {
        let roots = serde_json::to_string_pretty(&registration()).unwrap();
        insta::assert_snapshot!(roots);
    }

    #[test]
    fn each_root_stays_within_its_budget() {
        for root in registration() {
            let usage = usage(&root);
            println!("/{}: {usage:?}", root["name"].as_str().unwrap_or_default());
            assert!(usage.characters <= 7_500, "{usage:?}");
            assert!(usage.fullest_level <= 25, "{usage:?}");
            assert!(usage.longest_option <= 45, "{usage:?}");
        }
        let usage: Vec<_> = registration().iter().map(usage).collect();
        insta::assert_debug_snapshot!(usage);
    }

    #[test]
    fn names_are_what_discord_takes_and_required_options_come_first() {
        fn walk(node: &Value) {
            let name = node["name"].as_str().unwrap();
            let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(
                !name.is_empty() && name.len() <= 32 && name.chars().all(allowed),
                "{name}"
            );
            let options: Vec<&Value> = node["options"].as_array().into_iter().flatten().collect();
            let required: Vec<bool> = options
                .iter()
                .map(|o| o["required"] == json!(true))
                .collect();
            assert!(required.is_sorted_by(|a, b| a >= b), "{name}: {required:?}");
            let callable = |o: &&&Value| !is_option(o);
            let mixed = options.iter().filter(callable).count();
            assert!(
                mixed == 0 || mixed == options.len(),
                "{name} can be called and has subcommands"
            );
            options.into_iter().for_each(walk);
        }
        registration().iter().for_each(walk);
    }
}
