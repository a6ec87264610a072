//! `club`: what organisers set for everybody.

mod breaks;
mod deputy;
mod home;
mod settings;
mod show;

pub(super) use breaks::BreakDays;
pub(super) use deputy::DeputyReading;

use super::context::{ClubContext, Failure, HandleClub};
use crate::face::Outcome;

super::commands! {
    /// What organisers can say of their club.
    Club {
        Show(show::Show),
        Settings(settings::Settings),
        Home(home::Home),
        Break(breaks::Break),
        Deputy(deputy::Deputy),
    }
}

impl HandleClub for Club {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        match self {
            Self::Show(show) => show.run_for_club(context).await,
            Self::Settings(settings) => settings.run_for_club(context).await,
            Self::Home(home) => home.run_for_club(context).await,
            Self::Break(days) => days.run_for_club(context).await,
            Self::Deputy(deputy) => deputy.run_for_club(context).await,
        }
    }
}
