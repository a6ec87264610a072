use clap::Args;

use crate::command::Refusal;
use crate::command::context::{ClubContext, Context, Failure, Handle, HandleClub};
use crate::face::{Answer, Audience, Outcome};
use crate::words::{ClubReport, Home, club_show_card};

/// Shows what is set for a club.
#[derive(Clone, Debug, Args)]
pub struct Show {}

impl Handle for Show {
    const AUDIENCE: Audience = Audience::Asker;
    const READS_ONLY: bool = true;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        self.run_for_club(&mut context.of_club()).await
    }
}

impl HandleClub for Show {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        let club = context.club.ok_or(Refusal::NoClub)?;
        let home = match context.chat {
            Some(chat) => context.tx.home(chat).await?,
            None => None,
        };
        let home = match home {
            None => Home::Unset,
            Some(home) if Some(home) == context.room => Home::Here,
            Some(_) => Home::Elsewhere,
        };
        let today = context.today();
        let reminders = context.tx.reminders_of_club(club).await?;
        let breaks = context.tx.breaks(club, today).await?;
        let deputies = context.tx.deputies(club).await?;
        let deputies: Vec<String> = deputies.into_iter().map(|one| one.name).collect();
        let report = ClubReport {
            zone: context.zone.as_ref(),
            language: context.language,
            home,
            reminders: reminders.len(),
            next: reminders
                .iter()
                .filter_map(|one| one.next)
                .min_by_key(|next| next.at),
            breaks: &breaks,
            deputies: &deputies,
            now: context.now,
            today,
        };
        let card = club_show_card(context.say, &report, &context.reader());
        Ok(context.reply(Answer::private(card)))
    }
}
