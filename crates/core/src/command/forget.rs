use clap::{Args, ValueEnum};

use super::context::{Context, Failure, Handle};
use crate::card::Card;
use crate::face::{Answer, Audience, Outcome};
use crate::words::forget_card;

/// Deletes all that is stored of the asker, after asking.
#[derive(Clone, Debug, Args)]
pub struct Forget {
    #[arg(long, ignore_case = true)]
    confirm: Option<YesNo>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum YesNo {
    Yes,
    No,
}

impl Handle for Forget {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let say = context.say();
        let card = match self.confirm {
            None => forget_card(say, context.tx.count(context.visit.person).await?),
            Some(YesNo::No) => Card::line(say.say("kept", &[])),
            Some(YesNo::Yes) => {
                context.all_posts_changed().await?;
                context.tx.forget(context.visit.person).await?;
                context.forgotten = true;
                Card::line(say.say("forget-done", &[]))
            }
        };
        Ok(context.reply(Answer::private(card)))
    }
}
