use clap::Args;

use super::context::{Context, Failure, Handle, HandleClub};
use super::parse::{Parsed, parse_line};
use super::reading::{question, zone};
use super::{Command, Refusal};
use crate::calendar::Zone;
use crate::club::QuestionId;
use crate::face::{Audience, Outcome};

/// Says an organiser's line once more that could not be done when he said it.
#[derive(Clone, Debug, Args)]
pub struct Again {
    #[arg(value_parser = question)]
    question: QuestionId,
    /// The zone that the line did not say.
    #[arg(long, hide = true, value_parser = zone)]
    zone: Option<Zone>,
}

impl Handle for Again {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let account = context.visit.account;
        let asked = context.tx.line_of(self.question, account, context.now);
        let (mut line, room) = asked.await?.ok_or(Refusal::OldButton)?;
        if let Some(zone) = self.zone {
            line = format!("{line} zone:{}", zone.name());
        }
        let elsewhere = room.filter(|_| room != context.visit.room);
        let mut club = match elsewhere {
            // He reads it in private: whether he may still set up the room is to be seen there.
            Some(room) => context.of_room(room).await?,
            None => context.of_club(),
        };
        match parse_line(&line) {
            Ok(Parsed::Command(Command::Remind(remind))) => remind.run_for_club(&mut club).await,
            Ok(Parsed::Command(Command::Club(home))) => home.run_for_club(&mut club).await,
            _ => Err(Refusal::OldButton.into()),
        }
    }
}
