use clap::Args;

use crate::command::Refusal;
use crate::command::context::{ClubContext, Context, Failure, Handle, HandleClub};
use crate::face::{Answer, Audience, Outcome};
use crate::words::home_card;

/// Makes the room it is said in the one that posts go to where no other is named.
#[derive(Clone, Debug, Args)]
pub struct Home {}

impl Handle for Home {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        self.run_for_club(&mut context.of_club()).await
    }
}

impl HandleClub for Home {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        let (Some(chat), Some(room)) = (context.chat, context.room) else {
            return Err(Refusal::NoClub.into());
        };
        if !context.rights.organiser {
            return Err(Refusal::NotOrganiser.into());
        }
        if let Some(lacking) = context.cannot_post(room, "club home".to_owned()).await? {
            return Ok(lacking);
        }
        context.tx.set_home(chat, room).await?;
        let card = home_card(context.say);
        Ok(context.reply(Answer::private(card)))
    }
}
