use clap::Args;

use super::context::{Context, Failure, Handle};
use crate::exercise::Streak as Count;
use crate::face::{Answer, Audience, Outcome};
use crate::words::{StreakReport, streak_card};

/// Shows how somebody keeps at it.
#[derive(Clone, Debug, Args)]
pub struct Streak {}

impl Handle for Streak {
    const AUDIENCE: Audience = Audience::Asker;
    const READS_ONLY: bool = true;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let (person, today) = (context.visit.person, context.today());
        let diary = context.tx.diary(person).await?;
        let rests = context.tx.rests(person).await?;
        let rule = context.visit.settings.streak;
        let report = StreakReport {
            streak: Count::of(&diary, &rests, rule, today),
            rule,
            rest: rests.into_iter().find(|rest| rest.covers(today)),
            today,
        };
        let card = streak_card(context.say(), &report);
        Ok(context.reply(Answer::private(card)))
    }
}
