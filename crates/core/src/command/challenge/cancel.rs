use clap::Args;

use super::{ChallengeRefusal, Which};
use crate::command::Refusal;
use crate::command::context::{ClubContext, Context, Failure, Handle, HandleClub};
use crate::command::reading::which_challenge;
use crate::face::{Answer, Audience, Outcome};
use crate::words::challenge_cancelled_card;

/// Calls a challenge off. One that is over stays.
#[derive(Clone, Debug, Args)]
pub struct Cancel {
    #[arg(long, value_parser = which_challenge)]
    challenge: Option<Which>,
}

impl Handle for Cancel {
    const AUDIENCE: Audience = Audience::Everyone;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        self.run_for_club(&mut context.of_club()).await
    }
}

impl HandleClub for Cancel {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        context.club_and_zone()?;
        if !context.rights.organiser {
            return Err(Refusal::NotOrganiser.into());
        }
        let challenge = context.open_challenge(self.challenge.as_ref()).await?;
        if !context.tx.cancel_challenge(challenge.id).await? {
            return Err(ChallengeRefusal::Over(challenge.id).into());
        }
        let card = challenge_cancelled_card(context.say_to_room(), &challenge);
        Ok(Outcome::Say(Answer::public(card)))
    }
}
