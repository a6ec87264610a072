use clap::Args;
use jiff::ToSpan;

use super::context::{Context, Failure, Handle};
use super::reading::{EntryIds, entry_ids};
use crate::card::Card;
use crate::club::{CheckIn, Entry, Standing};
use crate::face::{Answer, Audience, Outcome};
use crate::store::{Change, What};
use crate::words::{check_ins_undone_card, undone_card};

/// Takes back the last test or check-in, or one by its number.
#[derive(Clone, Debug, Args)]
pub struct Undo {
    #[arg(long, value_parser = entry_ids)]
    entry: Option<EntryIds>,
}

impl Handle for Undo {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let check_ins = match &self.entry {
            Some(ids) => context.own_check_ins(ids).await?,
            None => context.latest_check_ins().await?,
        };
        let entries = match &self.entry {
            Some(_) if !check_ins.is_empty() => Vec::new(),
            Some(ids) => context.own_entries(ids).await?,
            None => context.tx.latest(context.visit.person).await?,
        };
        let last_test = entries.iter().map(|entry| entry.id).max();
        let last_check_in = check_ins.iter().map(|one| one.id).max();
        if last_check_in > last_test {
            return undo_check_ins(context, &check_ins).await;
        }
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

async fn undo_check_ins(context: &mut Context<'_>, all: &[CheckIn]) -> Result<Outcome, Failure> {
    let before = all.iter().all(|one| one.standing == Standing::Undone);
    for one in all {
        context
            .set_check_in(one, Standing::Undone, What::Undo)
            .await?;
    }
    let card = check_ins_undone_card(context.say(), all, before, context.today());
    Ok(context.reply(Answer::private(card)))
}

impl Context<'_> {
    /// What was checked in last, if that is not long ago.
    async fn latest_check_ins(&mut self) -> Result<Vec<CheckIn>, Failure> {
        /// Further back, somebody who just says `undo` means something else.
        const DAYS_BACK: i64 = 14;
        let since = self.today().saturating_sub(DAYS_BACK.days());
        Ok(self.tx.latest_check_ins(self.visit.person, since).await?)
    }

    /// Gives a check-in a standing, if it does not have it yet.
    pub async fn set_check_in(
        &mut self,
        before: &CheckIn,
        standing: Standing,
        what: What,
    ) -> Result<(), Failure> {
        if before.standing == standing {
            return Ok(());
        }
        let after = CheckIn {
            standing,
            ..before.clone()
        };
        let change = Change {
            what,
            event: self.event,
            now: self.now,
        };
        self.tx.change_check_in(before, &after, change).await?;
        self.posts_changed(before.day).await
    }

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
