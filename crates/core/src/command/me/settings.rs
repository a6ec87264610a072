use clap::Args;
use clap::builder::TypedValueParser;

use super::show::show;
use crate::calendar::{DayStart, Zone};
use crate::club::{AgeGroup, Language, Privacy};
use crate::command::context::{Context, Failure, Handle};
use crate::command::reading::{Listed, day_start, language, unit, zone};
use crate::exercise::StreakRule;
use crate::face::{Audience, Outcome};
use crate::measure::Unit;

/// Sets what concerns the asker alone.
#[derive(Clone, Debug, Args)]
pub struct Settings {
    #[arg(long, value_parser = zone)]
    zone: Option<Zone>,
    #[arg(long, value_parser = Listed(&["cm", "in"]).try_map(unit))]
    unit: Option<Unit>,
    #[arg(long, value_parser = Listed(&["en", "de"]).try_map(language))]
    language: Option<Language>,
    #[arg(long, value_parser = day_start)]
    day_start: Option<DayStart>,
    #[arg(long, ignore_case = true)]
    age: Option<AgeGroup>,
    #[arg(long, ignore_case = true)]
    privacy: Option<Privacy>,
    #[arg(long, ignore_case = true)]
    streak: Option<StreakRule>,
}

impl Handle for Box<Settings> {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let settings = &mut context.visit.settings;
        let before = settings.clone();
        settings.zone = self.zone.or_else(|| settings.zone.take());
        settings.unit = self.unit.or(settings.unit);
        settings.language = self.language.or(settings.language);
        settings.day_start = self.day_start.or(settings.day_start);
        settings.age = self.age.or(settings.age);
        settings.privacy = self.privacy.unwrap_or(settings.privacy);
        settings.streak = self.streak.unwrap_or(settings.streak);
        let saved = *settings != before;
        if saved {
            let settings = settings.clone();
            context.tx.set(context.visit.person, &settings).await?;
            if settings.privacy != before.privacy {
                context.all_posts_changed().await?;
            }
            if settings.zone != before.zone {
                context.move_nudge().await?;
            }
        }
        show(context, saved).await
    }
}
