use clap::{Args, ValueEnum};

use super::Refusal;
use super::context::{Context, Failure, Handle, lack_in};
use super::reading::reminder;
use crate::calendar::{Rule, Schedule, Weekdays};
use crate::club::{Pause, Reminder, ReminderId, RoomId};
use crate::exercise::Rest;
use crate::face::{Answer, Audience, Lack, Outcome};
use crate::store::breaks_since;
use crate::words::{ReminderNews, fixed_card, kept_card, reminder_card};

/// What the buttons below a notice say, in the private chat of who cares for a reminder.
#[derive(Clone, Debug, Args)]
pub struct Care {
    #[arg(ignore_case = true)]
    what: What,
    #[arg(value_parser = reminder)]
    reminder: ReminderId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// Its room is put right.
    Fixed,
    /// It rests.
    Pause,
    /// It comes once a week.
    Weekly,
    /// It stays as it is.
    Keep,
}

impl Handle for Care {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let one = context.tx.reminder(self.reminder).await?;
        let mut one = one.ok_or(Refusal::NoReminder)?;
        let hall = context.tx.hall(one.room).await?;
        let (hall, platform) = hall.ok_or(Refusal::NoReminder)?;
        let person = context.visit.person;
        let organises = context.rights.organiser && hall.chat == context.visit.chat;
        if !organises && !context.tx.cares_for(one.id, person).await? {
            return Err(Refusal::NotOrganiser.into());
        }
        let changes = matches!(self.what, What::Pause | What::Weekly);
        if changes && !organises && platform == context.platform.0 {
            still_organises(context, one.room).await?;
        }
        let breaks = match hall.club {
            Some(club) => context.tx.breaks(club, breaks_since(context.now)).await?,
            None => Vec::new(),
        };
        let reader = &context.reader();
        let card = match self.what {
            What::Fixed => {
                // A room of another platform is beyond this one's eyes.
                if platform == context.platform.0
                    && let Some(lack) = lack_in(context.tx, context.seen, one.room).await?
                {
                    let again = format!("care fixed {}", one.id);
                    return Err(Refusal::CannotPost(lack, Some(again)).into());
                }
                context.tx.room_reached(one.room).await?;
                let revived = context.tx.revive_room(one.room, context.now).await?;
                fixed_card(context.say(), &one, revived > 0, reader)
            }
            What::Pause => {
                (one.pause, one.next) = (Some(Pause::Open), None);
                context.tx.pause_reminder(one.id, one.pause, None).await?;
                reminder_card(context.say(), &one, ReminderNews::Paused, reader)
            }
            What::Weekly => {
                weekly(context, &mut one, &breaks).await?;
                reminder_card(context.say(), &one, ReminderNews::Set, reader)
            }
            What::Keep => kept_card(context.say(), &one, reader),
        };
        Ok(context.reply(Answer::private(card)))
    }
}

/// Whoever set a reminder hears of it as long as he is there; but he may have lost the right to change it. In
/// a room that nobody can look into it is his still.
async fn still_organises(context: &mut Context<'_>, room: RoomId) -> Result<(), Failure> {
    let sees_nothing = matches!(
        lack_in(context.tx, context.seen, room).await?,
        Some(Lack::Gone | Lack::See | Lack::Unknown)
    );
    if sees_nothing || context.of_room(room).await?.rights.organiser {
        Ok(())
    } else {
        Err(Refusal::NotOrganiser.into())
    }
}

/// Once a week from now on: on the first of its days, at its time.
async fn weekly(
    context: &mut Context<'_>,
    one: &mut Reminder,
    breaks: &[Rest],
) -> Result<(), Failure> {
    let (time, day) = match one.schedule.rule() {
        Rule::Weekly { time, days } => (Some(*time), days.iter().next()),
        Rule::Cron(_) => {
            let next = one.schedule.next(&one.zone, context.now);
            let civil = next.map(|next| next.civil);
            let time = civil.and_then(|civil| civil.strftime("%H:%M").to_string().parse().ok());
            (time, civil.map(jiff::civil::DateTime::weekday))
        }
    };
    let (Some(time), Some(day)) = (time, day) else {
        return Err(Refusal::NoReminder.into());
    };
    one.schedule = Schedule::weekly(time, Weekdays::only(day));
    one.next = Reminder::next_after(&one.schedule, &one.zone, one.pause, breaks, context.now);
    let (schedule, next) = (&one.schedule, one.next);
    context.tx.change_schedule(one.id, schedule, next).await?;
    Ok(())
}
