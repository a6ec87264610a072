use clap::Args;

use super::context::{Context, Failure, Handle};
use super::reading::{EntryIds, entry_ids};
use crate::face::{Answer, Audience, Outcome};
use crate::words::more_card;

/// All there is to say about a test: what its button says.
#[derive(Clone, Debug, Args)]
pub struct More {
    #[arg(value_parser = entry_ids)]
    entry: EntryIds,
}

impl Handle for More {
    const AUDIENCE: Audience = Audience::Asker;
    const READS_ONLY: bool = true;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let entries = context.own_standing_entries(&self.entry).await?;
        let report = context.report_on(&entries).await?;
        Ok(Outcome::Say(Answer::private(more_card(
            context.say(),
            &report,
        ))))
    }
}
