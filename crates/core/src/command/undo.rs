use clap::Args;

use super::context::{Context, Failure, Handle};
use super::reading::{EntryIds, entry_ids};
use crate::card::Card;
use crate::club::{Entry, Standing};
use crate::face::{Answer, Audience, Outcome};
use crate::store::{Change, What};
use crate::words::undone_card;

/// Takes back the last test, or one by its number.
#[derive(Clone, Debug, Args)]
pub struct Undo {
    #[arg(long, value_parser = entry_ids)]
    entry: Option<EntryIds>,
}

impl Handle for Undo {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let entries = match &self.entry {
            Some(ids) => context.own_entries(ids).await?,
            None => context.tx.latest(context.visit.person).await?,
        };
        let say = context.say();
        if entries.is_empty() {
            let card = Card::line(say.say("nothing-to-undo", &[]));
            return Ok(context.reply(Answer::private(card)));
        }
        let before = entries
            .iter()
            .all(|entry| entry.standing == Standing::Undone);
        context
            .set_standing(&entries, Standing::Undone, What::Undo)
            .await?;
        let card = undone_card(say, &entries, before, context.today());
        Ok(context.reply(Answer::private(card)))
    }
}

impl Context<'_> {
    /// Gives entries a standing, where they do not have it yet.
    pub async fn set_standing(
        &mut self,
        entries: &[Entry],
        standing: Standing,
        what: What,
    ) -> Result<(), Failure> {
        for before in entries.iter().filter(|entry| entry.standing != standing) {
            let mut after = before.clone();
            after.standing = standing;
            let change = Change {
                what,
                event: self.event,
                now: self.now,
            };
            self.tx.change(before, &after, change).await?;
        }
        Ok(())
    }
}
