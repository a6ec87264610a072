//! `club`: what organisers set for everybody.

mod settings;

use super::context::{ClubContext, Failure, HandleClub};
use crate::face::Outcome;

super::commands! {
    /// What organisers can say of their club.
    Club {
        Settings(settings::Settings),
    }
}

impl HandleClub for Club {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        match self {
            Self::Settings(settings) => settings.run_for_club(context).await,
        }
    }
}
