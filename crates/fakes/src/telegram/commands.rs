//! The menus of commands the bot has set, and which of them somebody sees.

use std::collections::BTreeMap;

use serde_json::Value;

use super::state::{ChatKind, State};

/// A command in a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuCommand {
    /// Its word, without the slash.
    pub command: String,
    /// What stands beside it.
    pub description: String,
}

/// For whom a menu is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    Default,
    AllPrivateChats,
    AllGroupChats,
    AllChatAdministrators,
    Chat(i64),
    ChatAdministrators(i64),
    ChatMember(i64, i64),
}

/// The menus and descriptions, by scope and language.
#[derive(Debug, Default)]
pub(crate) struct Commands {
    menus: BTreeMap<(Scope, String), Vec<MenuCommand>>,
    descriptions: BTreeMap<(String, String), String>,
}

impl Scope {
    /// Reads a `BotCommandScope` that fits the description.
    pub(crate) fn read(json: &Value) -> Option<Self> {
        let id = |name: &str| {
            json[name]
                .as_i64()
                .or_else(|| json[name].as_str()?.parse().ok())
        };
        Some(match json["type"].as_str()? {
            "all_private_chats" => Self::AllPrivateChats,
            "all_group_chats" => Self::AllGroupChats,
            "all_chat_administrators" => Self::AllChatAdministrators,
            "chat" => Self::Chat(id("chat_id")?),
            "chat_administrators" => Self::ChatAdministrators(id("chat_id")?),
            "chat_member" => Self::ChatMember(id("chat_id")?, id("user_id")?),
            _ => Self::Default,
        })
    }

    pub(crate) fn chat(self) -> Option<i64> {
        match self {
            Self::Chat(chat) | Self::ChatAdministrators(chat) | Self::ChatMember(chat, _) => {
                Some(chat)
            }
            _ => None,
        }
    }
}

impl Commands {
    pub(crate) fn set(&mut self, scope: Scope, language: &str, commands: Vec<MenuCommand>) {
        self.menus.insert((scope, language.to_owned()), commands);
    }

    pub(crate) fn get(&self, scope: &Scope, language: &str) -> Option<&[MenuCommand]> {
        self.menus
            .get(&(*scope, language.to_owned()))
            .map(Vec::as_slice)
    }

    pub(crate) fn delete(&mut self, scope: &Scope, language: &str) {
        self.menus.remove(&(*scope, language.to_owned()));
    }

    pub(crate) fn describe(&mut self, name: &str, language: &str, text: &str) {
        self.descriptions
            .insert((name.to_owned(), language.to_owned()), text.to_owned());
    }

    pub(crate) fn description(&self, name: &str, language: &str) -> Option<&str> {
        self.descriptions
            .get(&(name.to_owned(), language.to_owned()))
            .map(String::as_str)
    }
}

impl State {
    /// The menu that an account sees in a chat: the nearest scope that has one, in the account's
    /// language if there is one, else for all languages.
    pub(crate) fn menu(&self, chat: i64, account: i64) -> Vec<MenuCommand> {
        let record = self.chat(chat);
        let mut scopes = Vec::new();
        if record.kind == ChatKind::Private {
            scopes.extend([Scope::Chat(chat), Scope::AllPrivateChats]);
        } else {
            let admin = record.is_admin(account);
            scopes.push(Scope::ChatMember(chat, account));
            scopes.extend(admin.then_some(Scope::ChatAdministrators(chat)));
            scopes.push(Scope::Chat(chat));
            scopes.extend(admin.then_some(Scope::AllChatAdministrators));
            scopes.push(Scope::AllGroupChats);
        }
        scopes.push(Scope::Default);
        let language = self
            .accounts
            .get(&account)
            .and_then(|account| account.language.clone());
        let language = language.unwrap_or_default();
        // A client says `en-US`, a menu is for `en`.
        let language = language.split('-').next().unwrap_or_default();
        let menus = scopes
            .iter()
            .flat_map(|scope| [(scope, language), (scope, "")]);
        let mut found = menus.filter_map(|(scope, language)| self.commands.get(scope, language));
        found
            .find(|menu| !menu.is_empty())
            .unwrap_or_default()
            .to_vec()
    }
}
