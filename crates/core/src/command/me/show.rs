use clap::Args;

use crate::command::context::{Context, Failure, Handle};
use crate::face::{Answer, Audience, Outcome};
use crate::words::{Profile, profile_card};

/// Shows what is set.
#[derive(Clone, Debug, Args)]
pub struct Show {}

impl Handle for Show {
    const AUDIENCE: Audience = Audience::Asker;
    const READS_ONLY: bool = true;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        show(context, false).await
    }
}

/// The profile, after something was saved or not.
pub(super) async fn show(context: &mut Context<'_>, saved: bool) -> Result<Outcome, Failure> {
    let say = context.say();
    let profile = Profile {
        name: context.name.to_owned(),
        settings: context.visit.settings.clone(),
        club_zone: context.visit.club_zone.clone(),
        language: say.language(),
        tests: context.tx.count(context.visit.person).await?,
        now: context.now,
    };
    Ok(context.reply(Answer::private(profile_card(say, &profile, saved))))
}
