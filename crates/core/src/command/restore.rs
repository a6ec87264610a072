use clap::Args;

use super::context::{Context, Failure, Handle};
use super::reading::{EntryIds, entry_ids};
use crate::club::{CheckIn, Standing};
use crate::face::{Answer, Audience, Outcome};
use crate::store::What;
use crate::words::{check_ins_restored_card, restored_card};

/// Puts back what was taken back: what its button says.
#[derive(Clone, Debug, Args)]
pub struct Restore {
    #[arg(value_parser = entry_ids)]
    entry: EntryIds,
}

impl Handle for Restore {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let check_ins = context.own_check_ins(&self.entry).await?;
        if !check_ins.is_empty() {
            return restore_check_ins(context, &check_ins).await;
        }
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

/// What was checked in again meanwhile counts already.
async fn restore_check_ins(context: &mut Context<'_>, all: &[CheckIn]) -> Result<Outcome, Failure> {
    for one in all {
        let on_day = context.tx.checked_in(context.visit.person, one.day).await?;
        if !on_day.iter().any(|other| other.exercise == one.exercise) {
            context
                .set_check_in(one, Standing::Live, What::Restore)
                .await?;
        }
    }
    let card = check_ins_restored_card(context.say(), all, context.today());
    Ok(context.reply(Answer::private(card)))
}
