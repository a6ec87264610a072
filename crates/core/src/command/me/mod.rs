//! `me`: what is set for a person.

mod leave;
mod pause;
mod settings;
mod show;

super::commands! {
    /// What can be said of oneself.
    Me {
        Show(show::Show),
        Settings(Box<settings::Settings>),
        #[command(alias = "freeze")]
        Pause(pause::Pause),
        Resume(pause::Resume),
        Leave(leave::Leave),
    }
}
