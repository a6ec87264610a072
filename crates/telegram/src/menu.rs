//! The menu of commands, per scope and language. Never in the way of answering.

use ankle_core::club::Language;
use ankle_core::words::{Speaker, command_words};
use jiff::SignedDuration;
use teloxide::payloads::SetMyCommands;
use teloxide::types::{BotCommand, BotCommandScope};

use crate::answer::Desk;

/// The commands of each scope: at most eight in groups.
const MENUS: [(BotCommandScope, &[&str]); 3] = [
    (
        BotCommandScope::AllPrivateChats,
        &[
            "test", "done", "streak", "history", "undo", "edit", "me", "export", "forget", "help",
        ],
    ),
    (
        BotCommandScope::AllGroupChats,
        &[
            "ankle",
            "test",
            "done",
            "streak",
            "leaderboard",
            "undo",
            "me",
            "help",
        ],
    ),
    (
        BotCommandScope::AllChatAdministrators,
        &[
            "ankle",
            "test",
            "done",
            "leaderboard",
            "me",
            "club",
            "doctor",
            "help",
        ],
    ),
];

/// Sets every menu, as often as it takes.
pub async fn set(desk: &Desk) {
    for (scope, names) in MENUS {
        for language in Language::ALL {
            let payload = menu(scope.clone(), names, language);
            let mut wait = SignedDuration::from_secs(2);
            while let Err(error) = desk.api.call::<_, bool>(&payload).await {
                tracing::info!(%error, "a menu is set later");
                desk.sleep(wait).await;
                wait = wait.saturating_mul(2).min(SignedDuration::from_mins(10));
            }
        }
    }
}

fn menu(scope: BotCommandScope, names: &[&str], language: Language) -> SetMyCommands {
    let say = Speaker::of(language);
    let command = |name: &&str| {
        let path = if *name == "ankle" { "root" } else { name };
        BotCommand::new(*name, command_words(say, &[path.to_owned()]))
    };
    let mut payload = SetMyCommands::new(names.iter().map(command));
    payload.scope = Some(scope);
    // English is what everybody sees whose language we do not speak.
    payload.language_code = (language != Language::En).then(|| language.code().to_owned());
    payload
}
