use clap::Args;

use crate::calendar::DayReading;
use crate::command::Refusal;
use crate::command::context::{Context, Failure, Handle};
use crate::command::reading::day;
use crate::command::refusal::CHECK_IN_DAYS;
use crate::exercise::Rest;
use crate::face::{Answer, Audience, Outcome};
use crate::words::{paused_card, resumed_card};

/// Rests: no streak breaks, nothing is asked. One day, until a day, or until further notice.
#[derive(Clone, Debug, Args)]
pub struct Pause {
    #[arg(long, value_parser = day)]
    until: Option<DayReading>,
    #[arg(long, value_parser = day)]
    on: Option<DayReading>,
}

/// Goes on after a pause.
#[derive(Clone, Debug, Args)]
pub struct Resume {}

/// A pause can be planned this far ahead, in days.
const PAUSE_AHEAD: i64 = 366;

impl Handle for Pause {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let today = context.today();
        let rest = match (self.on, self.until) {
            (Some(_), Some(_)) => return Err(Refusal::PauseTwice.into()),
            (Some(on), None) => {
                let day = on
                    .resolve(today, CHECK_IN_DAYS)
                    .map_err(Refusal::CheckInDay)?;
                Rest {
                    first: day,
                    last: Some(day),
                }
            }
            (None, until) => {
                let last = until
                    .map(|until| until.resolve_ahead(today, PAUSE_AHEAD))
                    .transpose()
                    .map_err(Refusal::AheadDay)?;
                // Whoever pauses again says how long it is now.
                context.tx.resume(context.visit.person, today).await?;
                Rest { first: today, last }
            }
        };
        context
            .tx
            .rest(context.visit.person, rest, context.now)
            .await?;
        let card = paused_card(context.say(), rest, today);
        Ok(context.reply(Answer::private(card)))
    }
}

impl Handle for Resume {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let was = context
            .tx
            .resume(context.visit.person, context.today())
            .await?;
        let card = resumed_card(context.say(), was);
        Ok(context.reply(Answer::private(card)))
    }
}
