use clap::Args;

use super::{ChallengeRefusal, Which};
use crate::club;
use crate::command::context::{Context, Failure, Handle};
use crate::command::reading::which_challenge;
use crate::face::{Answer, Aside, Audience, Outcome};
use crate::words::{JoinNews, joined_card};

/// Takes part in a challenge.
#[derive(Clone, Debug, Args)]
pub struct Join {
    #[arg(long, value_parser = which_challenge)]
    challenge: Option<Which>,
}

impl Handle for Join {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let mut of_club = context.of_club();
        let challenge = of_club.open_challenge(self.challenge.as_ref()).await?;
        let today = of_club.today();
        let course = of_club.tx.course(&challenge).await?;
        if today > course.last() {
            return Err(ChallengeRefusal::Over(challenge.id).into());
        }
        let (id, person) = (challenge.id, context.visit.person);
        let news = if context.tx.has_joined(id, person).await? {
            JoinNews::WasIn
        } else {
            let account = context.visit.account;
            context.tx.join_challenge(id, account, context.now).await?;
            JoinNews::Joined
        };
        Ok(told(context, &challenge, &course, news))
    }
}

/// What came of it: a press leaves the message alone that it was on.
pub(super) fn told(
    context: &mut Context<'_>,
    challenge: &club::Challenge,
    course: &club::Course,
    news: JoinNews,
) -> Outcome {
    let (say, room) = (context.say(), context.say_to_room());
    let today = context.of_club().today();
    let card = joined_card(say, challenge, course, news, today);
    let aside = joined_card(room, challenge, course, news, today);
    Outcome::Say(Answer::private(card).with_aside(Aside::Instead(aside)))
}
