use clap::Args;
use clap::builder::TypedValueParser;

use crate::calendar::{Schedule, TimeOfDay, Weekdays, Zone};
use crate::club::{BoardTime, MOST_REMINDERS, Reminder};
use crate::command::Refusal;
use crate::command::context::{Context, Failure, Handle};
use crate::command::reading::{Listed, exercises, post_board, weekdays, when, zone};
use crate::exercise::{DoneReading, Exercise};
use crate::face::{Answer, Audience, Outcome};
use crate::store::NewReminder;
use crate::words::{ReminderNews, reminder_card};

/// Sets a reminder for a room.
#[derive(Clone, Debug, Args)]
pub struct Set {
    #[arg(value_parser = when)]
    time: When,
    #[arg(long, value_parser = weekdays)]
    days: Option<Weekdays>,
    #[arg(long, value_parser = Listed(&["both", "calf-stretch", "calf-raise", "warmup", "foam-roll", "all"]).try_map(|typed| exercises(&typed)))]
    exercise: Option<DoneReading>,
    #[arg(long, value_parser = zone)]
    zone: Option<Zone>,
    #[arg(long, value_parser = Listed(&["week", "today", "month", "all", "off"]).try_map(|typed| post_board(&typed)))]
    board: Option<PostBoard>,
    #[arg(long)]
    r#in: Option<String>,
}

/// When, as typed.
#[derive(Clone, Debug)]
pub enum When {
    /// A time of day.
    At(TimeOfDay),
    /// A cron line.
    Cron(Schedule),
}

/// The board of a post, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostBoard(pub Option<BoardTime>);

impl Handle for Box<Set> {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let here = context.organised_room()?;
        let zone = self.zone.or_else(|| context.visit.club_zone.clone());
        let zone = zone.ok_or(Refusal::WhichZone)?;
        let schedule = match (self.time, self.days) {
            (When::At(time), days) => Schedule::weekly(time, days.unwrap_or(Weekdays::DAILY)),
            (When::Cron(schedule), None) => schedule,
            (When::Cron(_), Some(_)) => return Err(Refusal::DaysTwice.into()),
        };
        let room = match (&self.r#in, context.visit.chat) {
            (Some(named), Some(chat)) => {
                let external = named.trim_matches(['<', '>', '#', ' ']);
                let known = context.tx.room_of(chat, external).await?;
                known.ok_or_else(|| Refusal::RoomUnknown(named.clone()))?
            }
            (None, Some(chat)) => context.tx.home(chat).await?.unwrap_or(here),
            (_, None) => here,
        };
        if context.tx.reminders(room).await?.len() >= MOST_REMINDERS {
            return Err(Refusal::EnoughReminders.into());
        }
        let both = [Exercise::CalfStretch, Exercise::CalfRaise]
            .into_iter()
            .collect();
        let breaks = context.breaks().await?;
        let next = Reminder::next_after(&schedule, &zone, None, &breaks, context.now);
        let new = NewReminder {
            room,
            schedule: &schedule,
            zone: &zone,
            exercises: self.exercise.map_or(both, |read| read.exercises),
            board: self.board.map_or(Some(BoardTime::Week), |board| board.0),
            next,
        };
        let by = Some(context.visit.account);
        let id = context.tx.set_reminder(&new, by, context.now).await?;
        let reminder = Reminder {
            id,
            room,
            exercises: new.exercises,
            board: new.board,
            pause: None,
            next,
            schedule,
            zone,
        };
        let reader = (&context.zone_or_utc(), context.today());
        let mut card = reminder_card(context.say(), &reminder, ReminderNews::Set, reader);
        if self.r#in.is_none() && room != here {
            card = card.with(context.say().say("reminder-home", &[]));
        }
        Ok(context.reply(Answer::private(card)))
    }
}
