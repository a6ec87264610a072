use clap::Args;

use super::context::{Context, Failure, Handle};
use super::reading::{EntryIds, entry_ids};
use crate::face::{Answer, Audience, Outcome};
use crate::words::share_card;

/// Tells the room a result: what its button says. Never the band.
#[derive(Clone, Debug, Args)]
pub struct Share {
    #[arg(value_parser = entry_ids)]
    entry: EntryIds,
}

impl Handle for Share {
    const AUDIENCE: Audience = Audience::Everyone;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let entries = context.own_standing_entries(&self.entry).await?;
        let card = share_card(context.say_to_room(), context.name, &entries);
        Ok(Outcome::Say(if context.in_room {
            Answer::public(card)
        } else {
            Answer::private(card)
        }))
    }
}
