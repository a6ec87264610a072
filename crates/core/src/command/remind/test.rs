use clap::Args;

use crate::card::Card;
use crate::club::ReminderId;
use crate::command::context::{ClubContext, Context, Failure, Handle, HandleClub};
use crate::command::reading::reminder;
use crate::face::{Audience, Outcome};

/// Posts a reminder once now, marked as a test.
#[derive(Clone, Debug, Args)]
pub struct Test {
    #[arg(long, value_parser = reminder)]
    reminder: Option<ReminderId>,
}

impl Handle for Test {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        self.run_for_club(&mut context.of_club()).await
    }
}

impl HandleClub for Test {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        let reminder = context.reminder(self.reminder).await?;
        context.tx.test_post(&reminder, context.now).await?;
        let card = Card::line(context.say.say("reminder-tested", &[]));
        Ok(context.reply_settled_first(card))
    }
}
