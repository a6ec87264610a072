use std::collections::BTreeMap;

use clap::Args;

use crate::club::ReminderId;
use crate::command::Refusal;
use crate::command::context::{ClubContext, Context, Failure, Handle, HandleClub};
use crate::command::reading::reminder;
use crate::face::{Answer, Audience, Outcome};
use crate::words::reminders_card;

/// Lists a room's reminders, when each comes next, and what came of its last post.
#[derive(Clone, Debug, Args)]
pub struct List {
    /// What the button for the rest says.
    #[arg(long, hide = true, value_parser = reminder)]
    from: Option<ReminderId>,
}

impl Handle for List {
    const AUDIENCE: Audience = Audience::Asker;
    const READS_ONLY: bool = true;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        // The list may have been given privately: its button is pressed there.
        if let (Some(next), None) = (self.from, context.visit.club) {
            let next = context.tx.reminder(next).await?;
            let room = next.ok_or(Refusal::NoReminder)?.room;
            return self.run_for_club(&mut context.of_room(room).await?).await;
        }
        self.run_for_club(&mut context.of_club()).await
    }
}

impl HandleClub for List {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        let (all, whose) = context.reminders_here().await?;
        let mut lasts = BTreeMap::new();
        for one in &all {
            if let Some(last) = context.tx.last_post(one.id).await? {
                lasts.insert(one.id, last);
            }
        }
        let breaks = context.breaks().await?;
        let reader = &context.reader();
        let times = (breaks.as_slice(), context.now);
        let card = reminders_card(context.say, (&all, &lasts, whose), self.from, times, reader);
        Ok(context.reply(Answer::private(card)))
    }
}
