use clap::Args;
use clap::builder::TypedValueParser;
use jiff::ToSpan;
use jiff::civil::Date;

use super::ChallengeRefusal;
use crate::calendar::DayReading;
use crate::club::{ClubId, LONGEST_CHALLENGE, MOST_CHALLENGES, ReadyMade, Title};
use crate::command::Refusal;
use crate::command::context::{ClubContext, Context, Failure, Handle, HandleClub};
use crate::command::reading::{
    Listed, challenge_day, challenge_exercises, challenge_goal, challenge_length, challenge_title,
};
use crate::exercise::{DoneReading, Exercise};
use crate::face::{Answer, Audience, Outcome};
use crate::store::NewChallenge;
use crate::words::{challenge_card, ready_made_title};

/// Starts a challenge: a ready-made one by its name alone, or one of the club's own.
#[derive(Clone, Debug, Args)]
pub struct Create {
    #[arg(value_parser = challenge_title)]
    title: Naming,
    #[arg(long, value_parser = Listed(&["both", "calf-stretch", "calf-raise", "warmup", "foam-roll", "all"]).try_map(|typed| challenge_exercises(&typed)))]
    exercise: Option<DoneReading>,
    #[arg(long, value_parser = challenge_day)]
    from: Option<DayReading>,
    #[arg(long, value_parser = challenge_length)]
    r#for: Option<u16>,
    #[arg(long, value_parser = challenge_goal)]
    goal: Option<u32>,
}

/// What a challenge is to be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Naming {
    /// As one that is ready-made.
    Ready(ReadyMade),
    /// As was typed.
    Own(Title),
}

/// How long a challenge is if nobody says so.
const USUAL_DAYS: u16 = 30;

/// Who has done something within so many days counts as active.
const ACTIVE_DAYS: i64 = 14;

impl Handle for Box<Create> {
    const AUDIENCE: Audience = Audience::Everyone;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        self.run_for_club(&mut context.of_club()).await
    }
}

impl HandleClub for Box<Create> {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        let (club, _) = context.club_and_zone()?;
        if !context.rights.organiser {
            return Err(Refusal::NotOrganiser.into());
        }
        let today = context.today();
        let first = self.from.unwrap_or(DayReading::Ago(0));
        let first = first
            .resolve_ahead(today, i64::from(LONGEST_CHALLENGE))
            .map_err(ChallengeRefusal::Start)?;
        let (title, days, exercises, goal) = match self.title {
            Naming::Ready(ready) => {
                let title = ready_made_title(context.say_to_room(), ready);
                let goal = match self.goal {
                    Some(goal) => goal,
                    None => ready.goal(active(context, club, today).await?),
                };
                let title = title.parse().map_err(ChallengeRefusal::Title)?;
                (title, ready.days(), ready.exercises(), goal)
            }
            Naming::Own(title) => {
                let goal = self.goal.ok_or(ChallengeRefusal::NoGoal)?;
                (title, USUAL_DAYS, Exercise::ALL.into_iter().collect(), goal)
            }
        };
        let on = context.tx.challenges(club).await?;
        if on.iter().any(|one| one.title.key() == title.key()) {
            return Err(ChallengeRefusal::Twice(title).into());
        }
        if on.len() >= MOST_CHALLENGES {
            return Err(ChallengeRefusal::Enough.into());
        }
        let new = NewChallenge {
            club,
            title: &title,
            exercises: self.exercise.map_or(exercises, |read| read.exercises),
            first,
            days: self.r#for.unwrap_or(days),
            goal,
            room: context.room,
        };
        let id = context
            .tx
            .new_challenge(&new, context.account, context.now)
            .await?;
        context.tx.move_challenges(club, context.now).await?;
        let challenge = context
            .tx
            .challenge(id)
            .await?
            .ok_or(ChallengeRefusal::None)?;
        let report = context.report(challenge).await?;
        let card = challenge_card(context.say_to_room(), &report, true);
        Ok(Outcome::Say(Answer::public(card)))
    }
}

/// How many of a club have done something lately.
async fn active(context: &mut ClubContext<'_>, club: ClubId, today: Date) -> Result<u32, Failure> {
    let since = today.saturating_sub((ACTIVE_DAYS - 1).days());
    let members = context.tx.member_diaries(club).await?;
    let active = members
        .iter()
        .filter(|one| one.done.tally(since, today).days > 0);
    Ok(u32::try_from(active.count()).unwrap_or(u32::MAX))
}
