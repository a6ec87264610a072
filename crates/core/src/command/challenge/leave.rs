use clap::Args;

use super::Which;
use super::join::told;
use crate::command::context::{Context, Failure, Handle};
use crate::command::reading::which_challenge;
use crate::face::{Audience, Outcome};
use crate::words::JoinNews;

/// Takes part in a challenge no more.
#[derive(Clone, Debug, Args)]
pub struct Leave {
    #[arg(long, value_parser = which_challenge)]
    challenge: Option<Which>,
}

impl Handle for Leave {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let mut of_club = context.of_club();
        let challenge = of_club.open_challenge(self.challenge.as_ref()).await?;
        let course = of_club.tx.course(&challenge).await?;
        let person = context.visit.person;
        let left = context.tx.leave_challenge(challenge.id, person).await?;
        let news = if left {
            JoinNews::Left
        } else {
            JoinNews::WasNotIn
        };
        Ok(told(context, &challenge, &course, news))
    }
}
