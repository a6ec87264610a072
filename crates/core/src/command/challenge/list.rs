use clap::Args;

use crate::club::Challenge;
use crate::command::context::{ClubContext, Context, Failure, Handle, HandleClub};
use crate::face::{Answer, Audience, Outcome};
use crate::words::{ChallengeReport, challenges_card};

/// Lists the challenges that are on, and the latest that are over.
#[derive(Clone, Debug, Args)]
pub struct List {}

/// As many that are over as the list shows at most.
const OVER: u16 = 2;

impl Handle for List {
    const AUDIENCE: Audience = Audience::Everyone;
    const READS_ONLY: bool = true;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        self.run_for_club(&mut context.of_club()).await
    }
}

impl HandleClub for List {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        let (club, zone) = context.club_and_zone()?;
        let on = context.tx.challenges(club).await?;
        let over = context.tx.challenges_over(club, OVER).await?;
        let on = reports(context, on).await?;
        let over = reports(context, over).await?;
        let (today, organiser) = (context.today(), context.rights.organiser);
        let say = context.say_to_room();
        let card = challenges_card(say, &on, &over, organiser, (today, &zone));
        // In the room, where its buttons are meant for everybody and know whose club it is.
        Ok(Outcome::Say(Answer::public(card)))
    }
}

async fn reports(
    context: &mut ClubContext<'_>,
    all: Vec<Challenge>,
) -> Result<Vec<ChallengeReport>, Failure> {
    let mut reports = Vec::with_capacity(all.len());
    for one in all {
        reports.push(context.report(one).await?);
    }
    Ok(reports)
}
