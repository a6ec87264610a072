use clap::Args;
use clap::builder::TypedValueParser;

use super::Refusal;
use super::context::{Context, Failure, Handle, lack_in};
use super::reading::{Listed, exercises, nudge, weekdays};
use crate::calendar::{Schedule, TimeOfDay, Weekdays};
use crate::club::{Reminder, RoomId};
use crate::exercise::{DoneReading, Exercise};
use crate::face::{Answer, Audience, Outcome};
use crate::store::NewReminder;
use crate::words::{NudgeNews, nudge_set_card, with_stopped_nudge};

/// A reminder of one's own, in the private chat: its time, `off`, or `show`.
#[derive(Clone, Debug, Args)]
pub struct Nudge {
    #[arg(value_parser = nudge)]
    time: NudgeReading,
    #[arg(long, value_parser = weekdays)]
    days: Option<Weekdays>,
    #[arg(long, value_parser = Listed(&["both", "calf-stretch", "calf-raise", "warmup", "foam-roll", "all"]).try_map(|typed| exercises(&typed)))]
    exercise: Option<DoneReading>,
}

/// What is wanted of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NudgeReading {
    /// That it comes at a time.
    At(TimeOfDay),
    /// That it comes again, as it was.
    On,
    /// That it comes no more.
    Off,
    /// To know of it.
    Show,
}

impl Handle for Nudge {
    const AUDIENCE: Audience = Audience::Asker;

    fn reads_only(&self) -> bool {
        self.time == NudgeReading::Show
    }

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let person = context.visit.person;
        let before = context.tx.nudge_of(person).await?;
        let (one, news) = match self.time {
            NudgeReading::Show => (before, NudgeNews::Shown),
            NudgeReading::Off => {
                let news = if before.is_some() {
                    NudgeNews::Off
                } else {
                    NudgeNews::Shown
                };
                context.tx.drop_nudges(person).await?;
                (None, news)
            }
            NudgeReading::On => match before {
                Some(mut one) => {
                    writable(context, one.room).await?;
                    let (schedule, zone) = (&one.schedule, &one.zone);
                    let next = Reminder::next_after(schedule, zone, None, &[], context.now);
                    context.tx.pause_reminder(one.id, None, next).await?;
                    (one.pause, one.next) = (None, next);
                    (Some(one), NudgeNews::Set)
                }
                None => (None, NudgeNews::Shown),
            },
            NudgeReading::At(time) => (Some(self.set(context, time).await?), NudgeNews::Set),
        };
        let card = nudge_set_card(context.say(), one.as_ref(), news, &context.reader());
        Ok(context.reply(Answer::private(card)))
    }
}

impl Nudge {
    async fn set(self, context: &mut Context<'_>, time: TimeOfDay) -> Result<Reminder, Failure> {
        let zone = context.zone().cloned().ok_or(Refusal::NudgeZone)?;
        let account = context.visit.account;
        let room = context.tx.private_room(account).await?;
        let room = room.ok_or(Refusal::NudgeNeedsPrivate)?;
        writable(context, room).await?;
        context.tx.drop_nudges(context.visit.person).await?;
        let schedule = Schedule::weekly(time, self.days.unwrap_or(Weekdays::DAILY));
        let both = [Exercise::CalfStretch, Exercise::CalfRaise];
        let new = NewReminder {
            room,
            schedule: &schedule,
            zone: &zone,
            exercises: self
                .exercise
                .map_or_else(|| both.into_iter().collect(), |read| read.exercises),
            board: None,
            keeps: false,
            next: schedule.next(&zone, context.now),
        };
        let id = context.tx.set_reminder(&new, None, context.now).await?;
        let set = context.tx.reminder(id).await?;
        Ok(set.ok_or(Refusal::NoReminder)?)
    }
}

/// Refuses where the private chat is closed to us.
async fn writable(context: &mut Context<'_>, room: RoomId) -> Result<(), Failure> {
    if lack_in(context.tx, context.seen, room).await?.is_some() {
        return Err(Refusal::NudgeNeedsPrivate.into());
    }
    context.tx.room_reached(room).await?;
    Ok(())
}

impl Context<'_> {
    /// Whoever lives elsewhere now is nudged by the clock of that place.
    pub async fn move_nudge(&mut self) -> Result<(), Failure> {
        let person = self.visit.person;
        let (Some(zone), Some(one)) = (self.zone().cloned(), self.tx.nudge_of(person).await?)
        else {
            return Ok(());
        };
        let next = Reminder::next_after(&one.schedule, &zone, one.pause, &[], self.now);
        self.tx.change_zone(one.id, &zone, next).await?;
        Ok(())
    }

    /// Who comes back after his private chat was closed to us is told that his nudge has stopped.
    pub async fn welcome_back(&mut self, outcome: &mut Outcome) -> Result<(), Failure> {
        let (true, Some(room)) = (self.visit.was_lost && !self.forgotten, self.visit.room) else {
            return Ok(());
        };
        let Some(answer) = outcome.answer_mut() else {
            return Ok(());
        };
        self.tx.room_reached(room).await?;
        let stopped = self.tx.nudge_of(self.visit.person).await?;
        if stopped.is_some_and(|one| one.pause.is_some()) {
            let card = std::mem::take(&mut answer.card);
            answer.card = with_stopped_nudge(self.say(), card);
        }
        Ok(())
    }
}
