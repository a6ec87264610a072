//! `me`: what is set for a person.

mod settings;
mod show;

use super::context::{Context, Failure, Handle};
use crate::face::{Audience, Outcome};

super::commands! {
    /// What can be said of oneself.
    Me {
        Show(show::Show),
        Settings(Box<settings::Settings>),
    }
}

impl Handle for Me {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        Self::run(self, context).await
    }
}
