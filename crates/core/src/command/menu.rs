use super::parse::tree;
use super::suggest::{names_a_room, source};

/// The tree of commands as menus and help show it: what follows from the grammar, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Menu {
    /// The commands of the first level.
    pub commands: Vec<MenuCommand>,
}

/// A command, or a group of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuCommand {
    /// Its words from the root: `["me", "settings"]`.
    pub path: Vec<String>,
    /// What it takes; none for a group.
    pub options: Vec<MenuOption>,
    /// The commands of a group.
    pub children: Vec<MenuCommand>,
}

/// An argument or option of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuOption {
    /// Its name.
    pub name: String,
    /// Whether the command needs it.
    pub required: bool,
    /// What can be chosen; empty where anything can be typed.
    pub choices: Vec<String>,
    /// Whether [`Bot::suggest`](super::Bot::suggest) knows something to fill in.
    pub suggests: bool,
    /// Whether it names a room of the chat, which a platform may let one pick.
    pub is_room: bool,
}

/// The commands that are for organisers; of a group that is for all, some.
const ORGANISERS: [&[&str]; 5] = [
    &["club"],
    &["remind"],
    &["doctor"],
    &["challenge", "create"],
    &["challenge", "cancel"],
];

impl Menu {
    /// What everybody can say.
    #[must_use]
    pub fn of_members() -> Self {
        Self::of(|path| !is_for_organisers(path))
    }

    /// What organisers can say besides.
    #[must_use]
    pub fn of_organisers() -> Self {
        Self::of(is_for_organisers)
    }

    fn of(wanted: impl Fn(&[String]) -> bool) -> Self {
        let mut commands = visible(tree(), &[]);
        commands.retain_mut(|command| {
            let is_group = !command.children.is_empty();
            command.children.retain(|child| wanted(&child.path));
            !command.children.is_empty() || (!is_group && wanted(&command.path))
        });
        Self { commands }
    }

    /// Every command that can be called, groups left out.
    #[must_use]
    pub fn callable(&self) -> Vec<&MenuCommand> {
        self.commands
            .iter()
            .flat_map(MenuCommand::callable)
            .collect()
    }
}

fn is_for_organisers(path: &[String]) -> bool {
    ORGANISERS.iter().any(|words| {
        let same = words.iter().zip(path).all(|(word, name)| word == name);
        same && words.len() <= path.len()
    })
}

impl MenuCommand {
    fn callable(&self) -> Vec<&Self> {
        if self.children.is_empty() {
            vec![self]
        } else {
            self.children.iter().flat_map(Self::callable).collect()
        }
    }
}

fn visible(command: &clap::Command, path: &[String]) -> Vec<MenuCommand> {
    command
        .get_subcommands()
        .filter(|child| !child.is_hide_set())
        .map(|child| {
            let mut path = path.to_vec();
            path.push(child.get_name().to_owned());
            MenuCommand {
                options: options(child),
                children: visible(child, &path),
                path,
            }
        })
        .collect()
}

fn options(command: &clap::Command) -> Vec<MenuOption> {
    command
        .get_arguments()
        .filter(|argument| !argument.is_hide_set())
        .map(|argument| {
            let parser = argument.get_value_parser();
            let choices = parser.possible_values().into_iter().flatten();
            let name = argument.get_long().unwrap_or(argument.get_id().as_str());
            MenuOption {
                suggests: source(name).is_some(),
                is_room: names_a_room(name),
                name: name.to_owned(),
                required: argument.is_required_set(),
                choices: choices.map(|value| value.get_name().to_owned()).collect(),
            }
        })
        .collect()
}
