use clap::Args;
use clap::builder::TypedValueParser;
use jiff::ToSpan;
use jiff::civil::Date;

use super::context::{Context, Failure, Handle};
use super::reading::{Listed, day, exercises, post, sets};
use super::refusal::{CHECK_IN_DAYS, Refusal};
use crate::calendar::{DayReading, local_day, monday_of};
use crate::club::{CheckIn, PostId};
use crate::exercise::{DoneReading, Exercise, Exercises, PAIN_HOLDS};
use crate::face::{Answer, Aside, Audience, Outcome};
use crate::store::{Change, NewCheckIn, POST_AHEAD, READ_FOR, What};
use crate::words::{DoneReport, Waiting, done_aside, done_card};

/// Checks in: an exercise was done.
#[derive(Clone, Debug, Args)]
pub struct Done {
    #[arg(value_parser = Listed(&["ankle-circles", "calf-stretch", "calf-raise", "bound", "foam-roll", "both"]).try_map(|typed| exercises(&typed)))]
    exercise: DoneReading,
    #[arg(long, value_parser = sets)]
    sets: Option<u8>,
    #[arg(long, value_parser = day)]
    on: Option<DayReading>,
    /// The post whose button this is.
    #[arg(long, hide = true, value_parser = post)]
    post: Option<PostId>,
}

impl Done {
    /// Whether a post's button says it.
    pub(super) fn is_of_post(&self) -> bool {
        self.post.is_some()
    }
}

impl Handle for Done {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let today = context.today();
        let said_on = context.said_on();
        let day = match (self.on, self.post) {
            // Only a post's own button says this, and only where that post stands.
            (Some(DayReading::On(date)), Some(post)) if context.pressed => {
                let here = (context.visit.chat, context.visit.account);
                if context.tx.is_another_post(post, date, here).await? {
                    return Err(Refusal::OldButton.into());
                }
                day_of_post(date, today, self.exercise.exercises)?
            }
            (Some(reading), None) => reading
                .resolve(said_on, CHECK_IN_DAYS)
                .map_err(Refusal::CheckInDay)?,
            (None, None) => said_on,
            (_, Some(_)) => return Err(Refusal::OldButton.into()),
        };
        let waiting = waiting(context, day, self.exercise.exercises);
        let do_now = waiting.as_ref().map_or(self.exercise.exercises, |some| {
            let held = |done: Exercises, one| done.without(one);
            some.exercises.iter().fold(self.exercise.exercises, held)
        });
        let sets = self.sets.or(self.exercise.sets);
        let first = !context.tx.has_checked_in(context.visit.person).await?;
        let mut report = DoneReport {
            counted: Exercises::NONE,
            again: Exercises::NONE,
            sets_added: false,
            waiting,
            first,
            shown: context.visit.settings.privacy,
            days_of_week: 0,
            day,
            today,
            entries: Vec::new(),
        };
        let before = context.tx.checked_in(context.visit.person, day).await?;
        for exercise in do_now.iter() {
            if let Some(one) = before.iter().find(|one| one.exercise == exercise) {
                report.again = report.again.with(exercise);
                report.sets_added |= add_sets(context, one, sets).await?;
            } else {
                let one = check_in(context, exercise, day, sets).await?;
                report.counted = report.counted.with(exercise);
                report.entries.push(one.id);
            }
        }
        if let (Some(post), Some(chat), Some(on)) = (self.post, context.visit.chat, context.below) {
            let now = context.now;
            context
                .tx
                .pressed_below(post, chat, &on.message, now)
                .await?;
        }
        if !report.counted.is_empty() {
            context.posts_changed(day).await?;
            if let Some(post) = self.post {
                context.tx.post_changed(post, context.now).await?;
                context.tx.pressed(post).await?;
            }
        }
        let diary = context.tx.diary(context.visit.person).await?;
        let monday = monday_of(day);
        report.days_of_week = diary.tally(monday, monday.saturating_add(6.days())).days;
        let card = done_card(context.say(), &report);
        let mut answer = Answer::private(card);
        // What waits for a symptom is not done, whatever else counts.
        answer.must_be_read = report.waiting.is_some();
        // A press on a post leaves the post alone.
        Ok(if self.post.is_some() {
            Outcome::Say(answer.sparing_buttons())
        } else {
            let aside = done_aside(context.say_to_room());
            context.reply(answer.with_aside(Aside::Always(aside)))
        })
    }
}

impl Context<'_> {
    /// What the asker has done on a day has changed: its posts will say so, and so will those that came since,
    /// whose boards count that day too.
    pub async fn posts_changed(&mut self, day: Date) -> Result<(), Failure> {
        let today = self.today();
        let is_recent = day >= today.saturating_sub(READ_FOR.days());
        let last = if is_recent {
            day.max(today.saturating_add(POST_AHEAD.days()))
        } else {
            day
        };
        let person = self.visit.person;
        Ok(self.tx.posts_changed(person, (day, last), self.now).await?)
    }

    /// How the asker is named has changed, or whether he is: the posts that stand will say so.
    pub async fn all_posts_changed(&mut self) -> Result<(), Failure> {
        let (person, today) = (self.visit.person, self.today());
        Ok(self.tx.all_posts_changed(person, today, self.now).await?)
    }
}

/// A press counts for the post's own date, until the next day of who presses begins.
fn day_of_post(date: Date, today: Date, pressed: Exercises) -> Result<Date, Refusal> {
    if today > date {
        Err(Refusal::PostOver(pressed.words()))
    } else if date > today.saturating_add(POST_AHEAD.days()) {
        Err(Refusal::OldButton)
    } else {
        Ok(date)
    }
}

/// What waits because of pain that holds, if the day is not before it.
fn waiting(context: &Context<'_>, day: Date, exercises: Exercises) -> Option<Waiting> {
    let hurt_at = context.visit.hurt_at?;
    let until = hurt_at.checked_add(PAIN_HOLDS).ok()?;
    let start = context.visit.settings.day_start.unwrap_or_default();
    let local = |at| local_day(at, &context.zone_or_utc(), start);
    let waits: Exercises = exercises
        .iter()
        .filter(|one| one.waits_with_pain())
        .collect();
    let holds = context.now < until && day >= local(hurt_at) && !waits.is_empty();
    holds.then(|| Waiting {
        exercises: waits,
        since: local(hurt_at),
        until: local(until),
    })
}

async fn check_in(
    context: &mut Context<'_>,
    exercise: Exercise,
    day: Date,
    sets: Option<u8>,
) -> Result<CheckIn, Failure> {
    let zone = context.zone_or_utc();
    let new = NewCheckIn {
        day,
        zone: &zone,
        now: context.now,
        chat: context.visit.chat,
        event: context.logs_as,
        exercise,
        sets,
    };
    Ok(context.tx.check_in(context.visit.account, &new).await?)
}

/// More sets of what was checked in already. Tells whether there are any. What is edited has added
/// its own before.
async fn add_sets(
    context: &mut Context<'_>,
    before: &CheckIn,
    sets: Option<u8>,
) -> Result<bool, Failure> {
    let replaces = context.edit.and_then(|edit| edit.replaces);
    let Some(more) = sets.filter(|_| replaces.is_none()) else {
        return Ok(false);
    };
    let after = CheckIn {
        sets: Some(before.sets.unwrap_or(0).saturating_add(more)),
        ..before.clone()
    };
    let change = Change {
        what: What::Edit,
        event: context.event,
        now: context.now,
    };
    context.tx.change_check_in(before, &after, change).await?;
    Ok(true)
}
