use clap::Args;

use crate::card::Card;
use crate::command::Refusal;
use crate::command::context::{Context, Failure, Handle};
use crate::face::{Answer, Audience, Outcome};

/// Leaves a club's boards, until one presses or commands there again. What was logged stays one's own.
#[derive(Clone, Debug, Args)]
pub struct Leave {}

impl Handle for Leave {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let club = context.visit.club.ok_or(Refusal::NoClub)?;
        let person = context.visit.person;
        context.all_posts_changed().await?;
        context.tx.leave_club(club, person, context.now).await?;
        let card = Card::line(context.say().say("club-left", &[]));
        Ok(context.reply(Answer::private(card)))
    }
}
