use clap::Args;

use super::context::{Context, Failure, Handle};
use super::reading::{EntryIds, entry_ids};
use crate::club::Standing;
use crate::face::{Answer, Audience, Outcome};
use crate::store::What;
use crate::words::{confirmed_card, lunge_card};

/// Confirms an unlikely value: what its button says.
#[derive(Clone, Debug, Args)]
pub struct Confirm {
    #[arg(value_parser = entry_ids)]
    entry: EntryIds,
}

impl Handle for Confirm {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let entries = context.own_standing_entries(&self.entry).await?;
        context
            .set_standing(&entries, Standing::Live, What::Confirm)
            .await?;
        let card = if entries.iter().any(|entry| entry.side.is_none()) {
            let entries = context.own_standing_entries(&self.entry).await?;
            lunge_card(context.say(), &context.report_on(&entries).await?)
        } else {
            confirmed_card(context.say(), &entries, context.today())
        };
        Ok(context.reply(Answer::private(card)))
    }
}
