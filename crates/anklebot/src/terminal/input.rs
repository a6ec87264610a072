//! Lines from a person with an editor, completion and a history; or from a pipe, one by one.

use std::io::{self, BufRead, StdinLock};
use std::path::PathBuf;

use ankle_core::command::Menu;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{Context, Editor, Helper, Highlighter, Hinter, Validator};

use super::session::OWN_COMMANDS;

/// Where lines come from.
pub enum Input {
    /// A person.
    Person(Box<Editor<Completion, FileHistory>>),
    /// A pipe or a file.
    Pipe(StdinLock<'static>),
}

impl Input {
    /// Opens the input, with what was typed in earlier sessions if a person types.
    pub fn open(is_terminal: bool) -> io::Result<Self> {
        if !is_terminal {
            return Ok(Self::Pipe(io::stdin().lock()));
        }
        let mut editor = Editor::new().map_err(io::Error::other)?;
        editor.set_helper(Some(Completion::new()));
        if let Some(file) = history_file() {
            // The first session has no history yet.
            let _ = editor.load_history(&file);
        }
        Ok(Self::Person(Box::new(editor)))
    }

    /// The next line, or `None` at the end.
    pub fn next(&mut self, prompt: &str) -> io::Result<Option<String>> {
        match self {
            Self::Person(editor) => match editor.readline(prompt) {
                Ok(line) => {
                    editor.add_history_entry(&line).map_err(io::Error::other)?;
                    Ok(Some(line))
                }
                Err(ReadlineError::Eof | ReadlineError::Interrupted) => Ok(None),
                Err(error) => Err(io::Error::other(error)),
            },
            Self::Pipe(pipe) => {
                let mut bytes = Vec::new();
                let length = pipe.read_until(b'\n', &mut bytes)?;
                // Bytes that are no text are shown as such and refused by whoever reads the line.
                let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
                Ok((length > 0).then_some(line))
            }
        }
    }

    /// Keeps the history for the next session.
    pub fn close(&mut self) {
        if let (Self::Person(editor), Some(file)) = (self, history_file())
            && let Err(error) = editor.save_history(&file)
        {
            tracing::info!(%error, "the history of this session was not kept");
        }
    }
}

fn history_file() -> Option<PathBuf> {
    let home = std::env::home_dir()?;
    home.is_dir().then(|| home.join(".anklebot-history"))
}

/// Completes what begins a command.
#[derive(Helper, Hinter, Validator, Highlighter)]
pub struct Completion {
    lines: Vec<String>,
}

impl Completion {
    fn new() -> Self {
        let menu = Menu::of_members();
        let ankle = menu
            .callable()
            .into_iter()
            .map(|c| format!("/ankle {}", c.path.join(" ")));
        let own = OWN_COMMANDS
            .iter()
            .map(|(command, _)| (*command).to_owned());
        Self {
            lines: ankle.chain(own).collect(),
        }
    }

    fn matching(&self, begun: &str) -> Vec<String> {
        let fits = |line: &&String| line.starts_with(begun) && *line != begun;
        self.lines.iter().filter(fits).cloned().collect()
    }
}

impl Completer for Completion {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        let begun = line.get(..position).unwrap_or_default();
        Ok((0, self.matching(begun)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_a_command_is_completed() {
        let completion = Completion::new();
        assert_eq!(completion.matching("/ankle te"), ["/ankle test"]);
        assert_eq!(
            completion.matching("/ankle me s"),
            ["/ankle me show", "/ankle me settings"]
        );
        assert_eq!(completion.matching("/r"), ["/room"]);
        assert!(completion.matching("/ankle test 9").is_empty());
    }
}
