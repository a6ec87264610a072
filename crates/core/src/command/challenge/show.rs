use clap::{Args, ValueEnum};

use super::Which;
use crate::club::PersonId;
use crate::command::context::{ClubContext, Context, Failure, Handle, HandleClub};
use crate::command::reading::which_challenge;
use crate::face::{Answer, Audience, Outcome};
use crate::words::{challenge_card, challenge_more_card, own_days_card};

/// Shows where a challenge stands: its bar, and each one's days.
#[derive(Clone, Debug, Args)]
pub struct Show {
    #[arg(long, value_parser = which_challenge)]
    challenge: Option<Which>,
    /// What the buttons of a challenge say.
    #[arg(long, hide = true)]
    show: Option<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    Mine,
    More,
}

impl Handle for Show {
    const AUDIENCE: Audience = Audience::Everyone;
    const READS_ONLY: bool = true;

    fn audience(&self) -> Audience {
        if self.show.is_some() {
            Audience::Asker
        } else {
            Self::AUDIENCE
        }
    }

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let person = context.visit.person;
        self.answer(&mut context.of_club(), Some(person)).await
    }
}

impl HandleClub for Show {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        self.answer(context, None).await
    }
}

impl Show {
    async fn answer(
        self,
        context: &mut ClubContext<'_>,
        person: Option<PersonId>,
    ) -> Result<Outcome, Failure> {
        let challenge = context.any_challenge(self.challenge.as_ref()).await?;
        let report = context.report(challenge).await?;
        Ok(Outcome::Say(match self.show {
            None => Answer::public(challenge_card(context.say_to_room(), &report, false)),
            Some(Part::More) => Answer::private(challenge_more_card(context.say, &report)),
            Some(Part::Mine) => {
                let (challenge, course) = (&report.challenge, &report.course);
                let scores = context.tx.challenge_scores(challenge, course).await?;
                let own = scores.iter().find(|one| Some(one.person) == person);
                let days = own.map(|one| one.score);
                Answer::private(own_days_card(context.say, &report, days))
            }
        }))
    }
}
