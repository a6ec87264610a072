use std::cell::RefCell;
use std::sync::OnceLock;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches, Parser};

use super::normalise::{Misfit, Normalised, normalise};
use super::{Command, Refusal};
use crate::face::Said;
use crate::measure::LungeReading;

/// The whole tree, for `clap`.
#[derive(Debug, Parser)]
#[command(name = "ankle", disable_help_flag = true, disable_version_flag = true)]
#[command(disable_help_subcommand = true, infer_subcommands = false)]
struct Root {
    #[command(subcommand)]
    command: Command,
}

/// What a line says.
#[derive(Clone, Debug)]
pub enum Parsed {
    /// A command, ready to run.
    Command(Command),
    /// A command whose argument is missing: it is asked for.
    Missing {
        /// The line as far as it goes, to be completed.
        line: String,
        /// The argument.
        argument: String,
    },
}

/// The longest line that is read at all.
const MAX_LINE: usize = 8_192;

/// Reads a line, with or without `/ankle` before it.
///
/// # Errors
///
/// [`Refusal`], for a line that no command understands.
pub fn parse_line(line: &str) -> Result<Parsed, Refusal> {
    let (normalised, line) = normalised(line)?;
    parse(&normalised, line)
}

/// A line in the tree's own order, and without what stands before it.
fn normalised(line: &str) -> Result<(Normalised, &str), Refusal> {
    if line.len() > MAX_LINE {
        return Err(Refusal::TooLong);
    }
    let line = match without_prefix(line) {
        "" => "help",
        line => line,
    };
    let normalised = normalise(tree(), line).map_err(|misfit| refuse(misfit, line))?;
    Ok((normalised, line))
}

/// Reads a command that was chosen from a menu, with its options by name.
///
/// # Errors
///
/// As [`parse_line`]. A menu is older than the tree for a while after a change: what it names and the
/// tree does not have is [`Refusal::OldCommand`].
pub fn parse_named(path: &[String], values: &[(String, String)]) -> Result<Parsed, Refusal> {
    let normalised = chosen(path, values)?;
    parse(&normalised, &normalised.as_line())
}

/// The argument that a line or a choice lacks, and the line as far as it goes. It costs much less than
/// to read the whole.
pub fn lacking(said: &Said) -> Option<(String, String)> {
    let (normalised, line) = match said {
        Said::Line(line) => {
            let (normalised, line) = normalised(line).ok()?;
            (normalised, line.to_owned())
        }
        Said::Named { path, values } => {
            let normalised = chosen(path, values).ok()?;
            let line = normalised.as_line();
            (normalised, line)
        }
        _ => return None,
    };
    Some((line, missing(&normalised)?))
}

fn chosen(path: &[String], values: &[(String, String)]) -> Result<Normalised, Refusal> {
    let mut command = tree();
    for name in path {
        command = command.find_subcommand(name).ok_or(Refusal::OldCommand)?;
    }
    if command.has_subcommands() {
        return Err(Refusal::OldCommand);
    }
    if values.iter().map(|(_, value)| value.len()).sum::<usize>() > MAX_LINE {
        return Err(Refusal::TooLong);
    }
    let mut normalised = Normalised {
        path: path.to_vec(),
        options: Vec::new(),
        positionals: Vec::new(),
    };
    let named = |argument: &clap::Arg| {
        let id = argument.get_id().as_str();
        argument.get_long().unwrap_or(id).to_owned()
    };
    let is_known = |key: &String| command.get_arguments().any(|known| named(known) == *key);
    if !values.iter().all(|(key, _)| is_known(key)) {
        return Err(Refusal::OldCommand);
    }
    for argument in command.get_arguments() {
        let value = values.iter().find(|(key, _)| *key == named(argument));
        match value {
            Some((_, value)) if argument.is_positional() => {
                normalised.positionals.push(value.clone());
            }
            Some((key, value)) => normalised.options.push((key.clone(), value.clone())),
            None => {}
        }
    }
    Ok(normalised)
}

/// The tree as `clap` knows it, built once.
pub(super) fn tree() -> &'static clap::Command {
    static TREE: OnceLock<clap::Command> = OnceLock::new();
    TREE.get_or_init(|| {
        let mut tree = Root::command();
        tree.build();
        tree
    })
}

thread_local! {
    /// `clap` changes its tree while it parses, and a copy for each line would cost more than the
    /// line: so each thread keeps one.
    static PARSER: RefCell<clap::Command> = RefCell::new(tree().clone());
}

fn without_prefix(line: &str) -> &str {
    let line = line.trim();
    let line = line.strip_prefix('/').unwrap_or(line);
    let end = line.find(char::is_whitespace).unwrap_or(line.len());
    let word = &line[..end];
    if ["ankle", "ankle-club"]
        .iter()
        .any(|root| word.eq_ignore_ascii_case(root))
    {
        line[end..].trim_start()
    } else {
        line
    }
}

fn parse(normalised: &Normalised, line: &str) -> Result<Parsed, Refusal> {
    if let Some(argument) = missing(normalised) {
        return Ok(Parsed::Missing {
            line: line.to_owned(),
            argument,
        });
    }
    PARSER
        .with_borrow_mut(|parser| parser.try_get_matches_from_mut(normalised.arguments()))
        .and_then(|mut matches| Root::from_arg_matches_mut(&mut matches))
        .map(|root| Parsed::Command(root.command))
        .map_err(|error| translate(&error, normalised, line))
}

fn missing(normalised: &Normalised) -> Option<String> {
    let mut command = tree();
    for name in &normalised.path {
        command = command.find_subcommand(name)?;
    }
    let argument = command
        .get_positionals()
        .nth(normalised.positionals.len())?;
    Some(argument.get_id().as_str().to_owned())
}

fn refuse(misfit: Misfit, line: &str) -> Refusal {
    match misfit {
        Misfit::Twice { option } => Refusal::OptionTwice(option),
        Misfit::TooMuch { path, left } if path.is_empty() => unknown(&left, line),
        Misfit::TooMuch { path, left } => Refusal::TooMuch {
            typed: left,
            command: path.join(" "),
        },
    }
}

/// From `clap`'s kinds and our own typed errors to one sentence; none of `clap`'s text is shown.
fn translate(error: &clap::Error, normalised: &Normalised, line: &str) -> Refusal {
    let ours = std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<Refusal>());
    if let Some(refusal) = ours {
        return refusal.clone();
    }
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    };
    match error.kind() {
        ErrorKind::InvalidValue => Refusal::Choice {
            typed: context(ContextKind::InvalidValue),
            choices: context(ContextKind::ValidValue),
        },
        ErrorKind::InvalidSubcommand if !normalised.path.is_empty() => Refusal::UnknownCommand {
            typed: line.to_owned(),
            meant: Some(format!("help {}", normalised.path.join(" "))),
        },
        _ => unknown(line, line),
    }
}

/// No command of ours: a test without its word, a slip of the finger, or something else.
fn unknown(typed: &str, line: &str) -> Refusal {
    let first = typed.split_whitespace().next().unwrap_or(typed);
    let reads_as_a_test = line.parse::<LungeReading>().is_ok();
    let meant = if reads_as_a_test {
        Some(format!("test {line}"))
    } else {
        nearest(first).map(|name| {
            let rest = line.trim_start().strip_prefix(first).unwrap_or_default();
            format!("{name}{rest}")
        })
    };
    Refusal::UnknownCommand {
        typed: if reads_as_a_test { line } else { first }.to_owned(),
        meant,
    }
}

fn nearest(word: &str) -> Option<String> {
    let word = word.to_lowercase();
    tree()
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .map(|command| {
            (
                strsim::jaro_winkler(command.get_name(), &word),
                command.get_name(),
            )
        })
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name.to_owned())
}
