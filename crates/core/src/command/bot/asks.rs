//! What a line asks for, before anything is done.

use crate::card::read_wire;
use crate::command::Command;
use crate::command::context::Handle;
use crate::command::otherwise::filled;
use crate::command::parse::{Parsed, lacking, parse_line, parse_named};
use crate::face::{Audience, Said};

impl Command {
    /// Whether it asks who may set up the club.
    pub(super) fn is_organisers(&self) -> bool {
        match self {
            Self::Club(_) | Self::Remind(_) | Self::Again(_) | Self::Care(_) => true,
            Self::Challenge(challenge) => challenge.needs_rights(),
            _ => false,
        }
    }

    /// Whether an answer depends on what the asker may do in the place, so that an adapter which is
    /// not told it by the platform has to ask. What a reply is, only the database knows: for those few
    /// that are an organiser's, the [`Lookout`](crate::face::Lookout) is asked.
    #[must_use]
    pub fn needs_rights(said: &Said) -> bool {
        let parsed = match said {
            Said::Line(line) | Said::Edited { line, .. } => parse_line(line),
            Said::Press { wire, .. } => match read_wire(wire) {
                Ok((_, line)) => parse_line(line),
                Err(_) => return false,
            },
            Said::ReplyTo { .. } | Said::Named { .. } | Said::Filled { .. } => return false,
        };
        matches!(parsed, Ok(Parsed::Command(command)) if command.is_organisers())
    }

    /// The argument that a command lacks, and the line as far as it goes: what a form can ask for at
    /// once, before anybody is looked up.
    #[must_use]
    pub fn lacks(said: &Said) -> Option<(String, String)> {
        lacking(said)
    }

    /// Who may read the answer to a line, before it is known: what a platform must decide when it
    /// puts the asker off.
    #[must_use]
    pub fn audience_of(said: &Said) -> Audience {
        let parsed = match said {
            Said::Line(line) | Said::Edited { line, .. } => parse_line(line),
            Said::Filled { line, values } => filled(line, values),
            Said::Named { path, values } => parse_named(path, values),
            Said::Press { wire, .. } => match read_wire(wire) {
                Ok((_, line)) => parse_line(line),
                Err(_) => return Audience::Asker,
            },
            Said::ReplyTo { .. } => return Audience::Asker,
        };
        match parsed {
            Ok(Parsed::Command(command)) => command.audience(),
            _ => Audience::Asker,
        }
    }
}
