use clap::Args;

use crate::command::context::{ClubContext, Context, Failure, Handle, HandleClub};
use crate::face::{Answer, Audience, Outcome};
use crate::words::reminders_card;

/// Lists a room's reminders, and when each comes next.
#[derive(Clone, Debug, Args)]
pub struct List {}

impl Handle for List {
    const AUDIENCE: Audience = Audience::Asker;
    const READS_ONLY: bool = true;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        self.run_for_club(&mut context.of_club()).await
    }
}

impl HandleClub for List {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        let (all, whose) = context.reminders_here().await?;
        let breaks = context.breaks().await?;
        let reader = (&context.reader_zone(), context.reader_today);
        let card = reminders_card(context.say, (&all, whose), &breaks, context.now, reader);
        Ok(context.reply(Answer::private(card)))
    }
}
