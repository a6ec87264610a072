use clap::Args;

use super::context::{Context, Failure, Handle};
use super::reading::{EntryIds, entry_ids};
use crate::club::Standing;
use crate::face::{Answer, Audience, Outcome};
use crate::store::What;
use crate::words::restored_card;

/// Puts back what was taken back: what its button says.
#[derive(Clone, Debug, Args)]
pub struct Restore {
    #[arg(value_parser = entry_ids)]
    entry: EntryIds,
}

impl Handle for Restore {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let entries = context.own_entries(&self.entry).await?;
        let undone: Vec<_> = entries
            .iter()
            .filter(|entry| entry.standing == Standing::Undone)
            .cloned()
            .collect();
        for entry in &undone {
            let standing = context.tx.undone_from(entry.id).await?;
            let one = std::slice::from_ref(entry);
            context.set_standing(one, standing, What::Restore).await?;
        }
        let card = restored_card(context.say(), &entries, context.today());
        Ok(context.reply(Answer::private(card)))
    }
}
