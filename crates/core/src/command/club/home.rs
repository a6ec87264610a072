use clap::Args;

use crate::command::Refusal;
use crate::command::context::{ClubContext, Context, Failure, Handle, HandleClub};
use crate::command::posting::Named;
use crate::face::{Audience, Outcome};
use crate::words::home_card;

/// Makes a room the one that posts go to where no other is named: the one it is said in, or another.
#[derive(Clone, Debug, Args)]
pub struct Home {
    #[arg(long)]
    r#in: Option<String>,
}

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
        let (named, line) = match &self.r#in {
            Some(named) => (
                context.named_room(room, named).await?,
                format!("club home in:\"{named}\""),
            ),
            None => (Named::Met(room), "club home".to_owned()),
        };
        let home = match context.settled_room(named, line).await? {
            Ok(home) => home,
            Err(lacking) => return Ok(lacking),
        };
        context.tx.set_home(chat, home).await?;
        let card = home_card(context.say, home == room);
        Ok(context.reply_settled_first(card))
    }
}
