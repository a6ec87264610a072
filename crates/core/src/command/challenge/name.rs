use clap::{Args, ValueEnum};

use super::{ChallengeRefusal, Which};
use crate::club::ChallengeState;
use crate::command::context::{Context, Failure, Handle};
use crate::command::reading::which_challenge;
use crate::face::{Answer, Audience, Outcome};
use crate::words::named_card;

/// Whether the results of a challenge may name somebody whom boards do not: what the buttons say of the
/// question that is asked before they come. Said in private, so it needs no club.
#[derive(Clone, Debug, Args)]
pub struct Name {
    #[arg(value_enum, ignore_case = true)]
    named: YesNo,
    #[arg(long, value_parser = which_challenge)]
    challenge: Option<Which>,
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum YesNo {
    Yes,
    No,
}

impl Handle for Name {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let id = self.challenge.and_then(|which| which.id);
        let id = id.ok_or(ChallengeRefusal::None)?;
        let challenge = context.tx.challenge(id).await?;
        let challenge = challenge.ok_or(ChallengeRefusal::None)?;
        let named = self.named == YesNo::Yes;
        match challenge.state {
            ChallengeState::Open => {}
            ChallengeState::Over { .. } => return Err(ChallengeRefusal::Over(id).into()),
            ChallengeState::Cancelled => return Err(ChallengeRefusal::None.into()),
        }
        let person = context.visit.person;
        if !context.tx.name_in_results(id, person, named).await? {
            return Err(ChallengeRefusal::None.into());
        }
        Ok(context.reply(Answer::private(named_card(context.say(), named))))
    }
}
