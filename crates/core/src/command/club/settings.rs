use clap::Args;
use clap::builder::TypedValueParser;

use crate::calendar::Zone;
use crate::club::Language;
use crate::command::Refusal;
use crate::command::context::{ClubContext, Context, Failure, Handle, HandleClub};
use crate::command::reading::{Listed, language, zone};
use crate::face::{Answer, Audience, Outcome};
use crate::words::{club_card, club_saved_card, reminders_followed};

/// Sets what holds for a club's rooms: the zone its days go by, and its language.
#[derive(Clone, Debug, Args)]
pub struct Settings {
    #[arg(long, value_parser = zone)]
    zone: Option<Zone>,
    #[arg(long, value_parser = Listed(&["en", "de"]).try_map(language))]
    language: Option<Language>,
}

impl Handle for Settings {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        self.run_for_club(&mut context.of_club()).await
    }
}

impl HandleClub for Settings {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        let club = context.club.ok_or(Refusal::NoClub)?;
        let changes = self.zone.is_some() || self.language.is_some();
        if changes && !context.rights.organiser {
            return Err(Refusal::NotOrganiser.into());
        }
        let mut in_short =
            club_saved_card(context.say, self.zone.as_ref(), self.language, context.now);
        let zone = self.zone.or_else(|| context.zone.clone());
        let language = self.language.or(context.language);
        let mut followed = Vec::new();
        if changes {
            context.tx.set_club(club, zone.as_ref(), language).await?;
            if let (Some(from), Some(to)) = (&context.zone, &zone)
                && from != to
            {
                let zones = (from, to);
                followed = context.tx.follow_zone(club, zones, context.now).await?;
            }
            context.tx.move_challenges(club, context.now).await?;
        }
        let mut card = club_card(context.say, zone.as_ref(), language, context.now, changes);
        if let (Some(zone), false) = (&zone, followed.is_empty()) {
            let line = reminders_followed(context.say, followed.len(), zone);
            in_short = in_short.with(line.clone());
            card = card.with(line);
        }
        Ok(if changes {
            context.reply_settled(card, in_short)
        } else {
            context.reply(Answer::private(card))
        })
    }
}
