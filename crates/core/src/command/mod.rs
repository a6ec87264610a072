//! Commands: the grammar, and for each command one file with its arguments and its handler.
//!
//! A line takes one way: [`normalise`] puts it into the form that `clap` reads, `clap` makes a
//! [`Command`] of it, and the [`Bot`] runs that in one write transaction. To add a command, write its
//! file, name it in the tree below, and add its messages to `locales/`.

mod bot;
mod confirm;
mod context;
mod edit;
mod entries;
mod export;
mod forget;
mod help;
mod history;
mod me;
mod menu;
mod more;
mod normalise;
mod parse;
mod reading;
mod refusal;
mod report;
mod restore;
mod share;
mod test;
mod undo;

pub use bot::Bot;
pub use menu::{Menu, MenuCommand, MenuOption};
pub use parse::{Parsed, parse_line, parse_named};
pub use refusal::Refusal;

use context::{Context, Failure, Handle};

use crate::face::{Audience, Outcome};

/// Declares a level of the command tree, and how its commands are found and run.
macro_rules! commands {
    ($(#[$doc:meta])* $tree:ident { $($(#[$attribute:meta])* $name:ident($arguments:ty),)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, clap::Subcommand)]
        pub enum $tree {
            $($(#[$attribute])* #[allow(missing_docs)] $name($arguments),)*
        }

        impl $tree {
            /// Who may read the answer.
            #[must_use]
            pub fn audience(&self) -> Audience {
                match self {
                    $(Self::$name(_) => <$arguments as $crate::command::Handle>::AUDIENCE,)*
                }
            }

            pub(in crate::command) async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
                match self {
                    $(Self::$name(arguments) => arguments.run(context).await,)*
                }
            }

            /// Every command of this level by its words, and who may read its answers.
            #[cfg(test)]
            pub(in crate::command) fn audiences() -> Vec<(&'static str, Audience)> {
                vec![$((stringify!($name), <$arguments as $crate::command::Handle>::AUDIENCE)),*]
            }
        }
    };
}
use commands;

commands! {
    /// What can be said.
    Command {
        Test(test::Test),
        History(history::History),
        Undo(undo::Undo),
        Edit(edit::Edit),
        #[command(subcommand)]
        Me(me::Me),
        Export(export::Export),
        Forget(forget::Forget),
        Help(help::Help),
        #[command(hide = true)]
        More(more::More),
        #[command(hide = true)]
        Share(share::Share),
        #[command(hide = true)]
        Confirm(confirm::Confirm),
        #[command(hide = true)]
        Restore(restore::Restore),
    }
}

#[cfg(test)]
mod tests;
