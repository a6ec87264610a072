use clap::Args;

use crate::calendar::{DayReading, DayStart, local_day};
use crate::club::{Pause as Resting, Reminder, ReminderId};
use crate::command::Refusal;
use crate::command::context::{ClubContext, Context, Failure, Handle, HandleClub};
use crate::command::reading::{day, reminder};
use crate::face::{Audience, Outcome};
use crate::words::{ReminderNews, reminder_card, reminder_removed_card};

/// Lets a reminder rest: until a day, that day included, or until it is told to go on.
#[derive(Clone, Debug, Args)]
pub struct Pause {
    #[arg(long, value_parser = reminder)]
    reminder: Option<ReminderId>,
    #[arg(long, value_parser = day)]
    until: Option<DayReading>,
}

/// Lets a reminder go on.
#[derive(Clone, Debug, Args)]
pub struct Resume {
    #[arg(long, value_parser = reminder)]
    reminder: Option<ReminderId>,
}

/// Removes a reminder.
#[derive(Clone, Debug, Args)]
pub struct Remove {
    #[arg(long, value_parser = reminder)]
    reminder: Option<ReminderId>,
}

/// A pause can be planned this far ahead, in days.
const PAUSE_AHEAD: i64 = 366;

impl Handle for Pause {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        self.run_for_club(&mut context.of_club()).await
    }
}

impl HandleClub for Pause {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        let reminder = context.reminder(self.reminder).await?;
        let today = local_day(context.now, &reminder.zone, DayStart::default());
        let pause = match self.until {
            None => Resting::Open,
            Some(until) => {
                let last = until.resolve_ahead(today, PAUSE_AHEAD);
                Resting::Until(last.map_err(Refusal::AheadDay)?)
            }
        };
        change(context, reminder, Some(pause), ReminderNews::Paused).await
    }
}

impl Handle for Resume {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        self.run_for_club(&mut context.of_club()).await
    }
}

impl HandleClub for Resume {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        let reminder = context.reminder(self.reminder).await?;
        change(context, reminder, None, ReminderNews::Resumed).await
    }
}

impl Handle for Remove {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        self.run_for_club(&mut context.of_club()).await
    }
}

impl HandleClub for Remove {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        let reminder = context.reminder(self.reminder).await?;
        context.tx.close_posts(reminder.id, context.now).await?;
        context.tx.remove_reminder(reminder.id).await?;
        let card = reminder_removed_card(context.say, reminder.id);
        Ok(context.reply_settled_first(card))
    }
}

async fn change(
    context: &mut ClubContext<'_>,
    mut reminder: Reminder,
    pause: Option<Resting>,
    news: ReminderNews,
) -> Result<Outcome, Failure> {
    let breaks = context.breaks().await?;
    let (schedule, zone) = (&reminder.schedule, &reminder.zone);
    let next = Reminder::next_after(schedule, zone, pause, &breaks, context.now);
    context.tx.pause_reminder(reminder.id, pause, next).await?;
    (reminder.pause, reminder.next) = (pause, next);
    let reader = &context.reader();
    let card = reminder_card(context.say, &reminder, news, reader);
    Ok(context.reply_settled_first(card))
}
