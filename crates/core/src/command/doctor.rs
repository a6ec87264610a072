use clap::Args;

use super::context::{ClubContext, Context, Failure, Handle, HandleClub};
use crate::face::{Audience, Examination, Outcome};

/// Says what works in this room, and what to change.
#[derive(Clone, Debug, Args)]
pub struct Doctor {}

impl Handle for Doctor {
    const AUDIENCE: Audience = Audience::Asker;
    const READS_ONLY: bool = true;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        self.run_for_club(&mut context.of_club()).await
    }
}

impl HandleClub for Doctor {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        Ok(Outcome::Examine(Examination {
            language: context.say.language(),
            zone: context.zone.clone(),
        }))
    }
}
