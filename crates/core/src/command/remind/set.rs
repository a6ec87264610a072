use clap::builder::TypedValueParser;
use clap::{Args, ValueEnum};

use crate::calendar::{Rule, Schedule, TimeOfDay, Weekdays, Zone};
use crate::card::Card;
use crate::club::{BoardTime, MOST_REMINDERS, Reminder};
use crate::command::Refusal;
use crate::command::context::{ClubContext, Context, Failure, Handle, HandleClub};
use crate::command::posting::Named;
use crate::command::reading::{Listed, exercises, post_board, weekdays, when, zone};
use crate::exercise::{DoneReading, Exercise};
use crate::face::{Audience, Outcome};
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
    #[arg(long, ignore_case = true)]
    keep: Option<Keep>,
    #[arg(long)]
    r#in: Option<String>,
}

/// Which posts stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Keep {
    /// The latest.
    Latest,
    /// All.
    All,
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

impl Set {
    /// The line that says the same.
    fn line(&self) -> String {
        let time = match &self.time {
            When::At(time) => time.to_string(),
            When::Cron(schedule) => match schedule.rule() {
                Rule::Cron(line) => format!("\"{line}\""),
                Rule::Weekly { .. } => schedule.to_string(),
            },
        };
        let days = self.days.map(|days| match days {
            Weekdays::DAILY => "daily".to_owned(),
            Weekdays::WORKDAYS => "mon-fri".to_owned(),
            days => days.to_string(),
        });
        let exercise = self.exercise.as_ref().map(|read| read.exercises.words());
        let board = self
            .board
            .map(|board| board.0.map_or("off", BoardTime::word));
        let options = [
            ("days", days),
            ("exercise", exercise),
            (
                "zone",
                self.zone.as_ref().map(|zone| zone.name().to_owned()),
            ),
            ("board", board.map(str::to_owned)),
            (
                "keep",
                (self.keep == Some(Keep::All)).then(|| "all".to_owned()),
            ),
            ("in", self.r#in.as_ref().map(|room| format!("\"{room}\""))),
        ];
        let given = options
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?)));
        let said = given.map(|(key, value)| format!(" {key}:{value}"));
        format!("remind set {time}{}", said.collect::<String>())
    }
}

impl Handle for Box<Set> {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        self.run_for_club(&mut context.of_club()).await
    }
}

impl HandleClub for Box<Set> {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        let here = context.organised_room()?;
        let line = self.line();
        let zone = self.zone.or_else(|| context.zone.clone());
        let Some(zone) = zone else {
            return context.which_zone(&line).await;
        };
        let schedule = match (self.time, self.days) {
            (When::At(time), days) => Schedule::weekly(time, days.unwrap_or(Weekdays::DAILY)),
            (When::Cron(schedule), None) => schedule,
            (When::Cron(_), Some(_)) => return Err(Refusal::DaysTwice.into()),
        };
        let named = match (&self.r#in, context.chat) {
            (Some(named), _) => context.named_room(here, named).await?,
            (None, Some(chat)) => Named::Met(context.tx.home(chat).await?.unwrap_or(here)),
            (None, None) => Named::Met(here),
        };
        let both = [Exercise::CalfStretch, Exercise::CalfRaise]
            .into_iter()
            .collect();
        let exercises = self.exercise.map_or(both, |read| read.exercises);
        let board = self.board.map_or(Some(BoardTime::Week), |board| board.0);
        let keeps = self.keep == Some(Keep::All);
        if let Named::Met(room) = named {
            let all = context.tx.reminders(room).await?;
            let enough = all.len() >= MOST_REMINDERS;
            // Said or pressed twice, it is one: nobody wants two posts at once.
            let same = all.into_iter().find(|one| {
                (&one.schedule, &one.zone) == (&schedule, &zone)
                    && (one.exercises, one.board, one.keeps) == (exercises, board, keeps)
            });
            if let Some(same) = same {
                let card = card(context, &same, ReminderNews::Same);
                return Ok(context.reply_settled_first(card));
            }
            if enough {
                return Err(Refusal::EnoughReminders.into());
            }
        }
        let room = match context.settled_room(named, line).await? {
            Ok(room) => room,
            Err(lacking) => return Ok(lacking),
        };
        let breaks = context.breaks().await?;
        let next = Reminder::next_after(&schedule, &zone, None, &breaks, context.now);
        let new = NewReminder {
            room,
            schedule: &schedule,
            zone: &zone,
            exercises,
            board,
            keeps,
            next,
        };
        if let (None, Some(club)) = (&context.zone, context.club) {
            // Whoever says where the club's reminders live has said where the club does.
            context
                .tx
                .set_club(club, Some(&zone), context.language)
                .await?;
            context.tx.move_challenges(club, context.now).await?;
        }
        let by = context.account;
        let id = context.tx.set_reminder(&new, by, context.now).await?;
        let reminder = Reminder {
            id,
            room,
            exercises,
            board,
            keeps,
            pause: None,
            next,
            schedule,
            zone,
        };
        let mut card = card(context, &reminder, ReminderNews::Set);
        if self.r#in.is_none() && room != here {
            card = card.with(context.say.say("reminder-home", &[]));
        }
        Ok(context.reply_settled_first(card))
    }
}

fn card(context: &ClubContext<'_>, reminder: &Reminder, news: ReminderNews) -> Card {
    reminder_card(context.say, reminder, news, &context.reader())
}
