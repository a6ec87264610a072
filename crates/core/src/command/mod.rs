//! Commands: the grammar, and for each command one file with its arguments and its handler.
//!
//! A line takes one way: a small normaliser puts it into the form that `clap` reads, `clap` makes a
//! [`Command`] of it, and the [`Bot`] runs that in one write transaction. To add a command, write its
//! file, name it in the tree below, and add its messages to `locales/`.

mod again;
mod bot;
mod care;
mod challenge;
mod club;
mod confirm;
mod context;
mod doctor;
mod done;
mod edit;
mod entries;
mod export;
mod figures;
mod forget;
mod help;
mod history;
mod leaderboard;
mod me;
mod menu;
mod more;
mod normalise;
mod nudge;
mod otherwise;
mod owed;
mod parse;
mod posting;
mod reading;
mod refusal;
mod remind;
mod report;
mod restore;
mod share;
mod streak;
mod suggest;
mod test;
mod undo;

pub use bot::Bot;
pub use challenge::ChallengeRefusal;
pub use context::Logged;
pub use figures::{RefusedPress, Requests, Times};
pub use menu::{Menu, MenuCommand, MenuOption};
pub use otherwise::is_old_button;
pub use owed::Owed;
pub use parse::{Parsed, parse_line, parse_named};
pub use refusal::Refusal;
pub use suggest::MAX_SUGGESTIONS;

use context::{Context, Failure, Handle};

/// Declares a level of the command tree, and how its commands are found and run. A level is a
/// handler itself, so that a group stands in its parent like any command.
macro_rules! commands {
    ($(#[$doc:meta])* $tree:ident { $($(#[$attribute:meta])* $name:ident($arguments:ty),)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, clap::Subcommand)]
        pub enum $tree {
            $($(#[$attribute])* #[allow(missing_docs)] $name($arguments),)*
        }

        impl $crate::command::Handle for $tree {
            const AUDIENCE: $crate::face::Audience = $crate::face::Audience::Asker;

            fn audience(&self) -> $crate::face::Audience {
                match self {
                    $(Self::$name(arguments) => $crate::command::Handle::audience(arguments),)*
                }
            }

            fn reads_only(&self) -> bool {
                match self {
                    $(Self::$name(arguments) => $crate::command::Handle::reads_only(arguments),)*
                }
            }

            async fn run(
                self,
                context: &mut $crate::command::Context<'_>,
            ) -> Result<$crate::face::Outcome, $crate::command::Failure> {
                match self {
                    // Boxed, or whoever asks for little would hold room for the largest of all.
                    $(Self::$name(arguments) => Box::pin(arguments.run(context)).await,)*
                }
            }
        }

        impl $tree {
            /// Every command of this level by its words, and who may read its answers.
            #[cfg(test)]
            pub(in crate::command) fn audiences() -> Vec<(&'static str, $crate::face::Audience)> {
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
        Done(done::Done),
        Streak(streak::Streak),
        #[command(alias = "board")]
        Leaderboard(leaderboard::Leaderboard),
        History(history::History),
        Undo(undo::Undo),
        Edit(edit::Edit),
        #[command(subcommand)]
        Challenge(challenge::Challenge),
        #[command(subcommand)]
        Me(me::Me),
        Nudge(nudge::Nudge),
        Export(export::Export),
        Forget(forget::Forget),
        Help(help::Help),
        #[command(subcommand)]
        Club(club::Club),
        #[command(subcommand)]
        Remind(remind::Remind),
        Doctor(doctor::Doctor),
        #[command(hide = true)]
        Again(again::Again),
        #[command(hide = true)]
        Care(care::Care),
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
