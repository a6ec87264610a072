//! People, and what they do.

use std::sync::Arc;

use serde_json::{Value, json};

use super::acting::{On, Typed, component, filled};
use super::components::Modal;
use super::interactions::{Ask, COMMAND};
use super::place::Channel;
use super::read::{Interaction, MessageHandle, Shown};
use super::state::{Account, State};
use super::timeline::Event;
use super::world::Shared;

/// An account of a person.
#[derive(Clone, Debug)]
pub struct User {
    pub(crate) shared: Arc<Shared>,
    pub(crate) id: u64,
}

/// A person in a channel: what they do there, and what they see.
#[derive(Clone, Debug)]
pub struct Person {
    pub(crate) shared: Arc<Shared>,
    pub(crate) id: u64,
    pub(crate) channel: u64,
}

impl User {
    /// The account's id.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Sets the language of the client, as in `de` or `en-GB`.
    #[must_use]
    pub fn speaking(self, locale: &str) -> Self {
        self.account(|account| locale.clone_into(&mut account.locale));
        self
    }

    /// Installs the application for this account, so that its commands are at hand everywhere.
    #[must_use]
    pub fn with_app(self) -> Self {
        self.account(|account| account.installed = true);
        self
    }

    /// Takes another name.
    pub fn renames(&self, name: &str) {
        self.account(|account| name.clone_into(&mut account.name));
    }

    /// Lets the bot write in private no more: it gets 50007.
    pub fn closes_dms(&self) {
        self.account(|account| account.dm_open = false);
    }

    /// Lets the bot write in private again.
    pub fn opens_dms(&self) {
        self.account(|account| account.dm_open = true);
    }

    /// This person in the private channel with the bot.
    #[must_use]
    pub fn dm(&self) -> Person {
        let channel = self.shared.write(|state| state.dm(self.id));
        self.at(channel)
    }

    /// This person in a channel. Does not let them join its server.
    #[must_use]
    pub fn in_channel(&self, channel: &Channel) -> Person {
        self.at(channel.id)
    }

    fn at(&self, channel: u64) -> Person {
        Person {
            shared: Arc::clone(&self.shared),
            id: self.id,
            channel,
        }
    }

    fn account(&self, change: impl FnOnce(&mut Account)) {
        self.shared
            .write(|state| state.accounts.get_mut(&self.id).map(change));
    }
}

impl Person {
    /// The account's id.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The account.
    #[must_use]
    pub fn user(&self) -> User {
        User {
            shared: Arc::clone(&self.shared),
            id: self.id,
        }
    }

    /// The channel.
    #[must_use]
    pub fn channel(&self) -> Channel {
        Channel {
            shared: Arc::clone(&self.shared),
            id: self.channel,
        }
    }

    /// Sets the language of the client, as in `de` or `en-GB`.
    #[must_use]
    pub fn speaking(self, locale: &str) -> Self {
        let _ = self.user().speaking(locale);
        self
    }

    /// Uses a command, as in `slash("/ankle test", &[("reading", "9cm")])`. A choice may be named
    /// by its name or its value; people, channels and roles by their names.
    ///
    /// # Panics
    /// If a client would not send it: the command is not registered or not for this person and
    /// place, or its options do not fit.
    pub async fn slash(&self, line: &str, options: &[(&str, &str)]) -> Interaction {
        match self.try_slash(line, options).await {
            Ok(interaction) => interaction,
            Err(why) => panic!("{why}"),
        }
    }

    /// The same, or why a client would not send it.
    ///
    /// # Errors
    /// If the command is not registered or not for this person and place, or its options do not
    /// fit.
    pub async fn try_slash(
        &self,
        line: &str,
        options: &[(&str, &str)],
    ) -> Result<Interaction, String> {
        let typed = self.typed(line, options, None);
        let id = self
            .shared
            .write(|state| state.typed(typed).map(|ask| state.ask(ask)));
        Ok(self.sent(id?).await)
    }

    /// Types into an option that wants suggestions; the other options are those filled so far.
    ///
    /// # Panics
    /// If there is no such command, or the option wants none.
    pub async fn types(
        &self,
        line: &str,
        filled: &[(&str, &str)],
        option: &str,
        text: &str,
    ) -> Interaction {
        let mut options = filled.to_vec();
        options.push((option, text));
        let typed = self.typed(line, &options, Some(option));
        let id = self
            .shared
            .write(|state| state.typed(typed).map(|ask| state.ask(ask)));
        match id {
            Ok(id) => self.sent(id).await,
            Err(why) => panic!("{why}"),
        }
    }

    /// Uses a command as an old client would, which knows one that is registered no more: nothing
    /// is checked. `options` is what stands in `data.options`.
    pub async fn slash_raw(&self, name: &str, options: &Value) -> Interaction {
        let data = json!({"id": "1", "name": name, "type": 1, "options": options});
        let ask = Ask {
            kind: COMMAND,
            asker: self.id,
            channel: self.channel,
            data,
            source: None,
            label: format!("/{name}"),
            option: 0,
            installs: Value::Null,
        };
        let id = self.shared.write(|state| state.ask(ask));
        self.sent(id).await
    }

    /// Presses the button with this label.
    ///
    /// # Panics
    /// If this person sees no such button, or it cannot be pressed.
    pub async fn press(&self, message: &MessageHandle, label: &str) -> Interaction {
        self.pick(message, label, &[]).await
    }

    /// Chooses from the menu with this placeholder.
    ///
    /// # Panics
    /// If this person sees no such menu, or it has no such option.
    pub async fn pick(&self, message: &MessageHandle, menu: &str, values: &[&str]) -> Interaction {
        let id = self.shared.write(|state| {
            let ask = state.pressed(self.on(message), menu, values)?;
            Ok::<_, String>(state.ask(ask))
        });
        match id {
            Ok(id) => self.sent(id).await,
            Err(why) => panic!("{why}"),
        }
    }

    /// Sends a press of a button that is not there: a client may lag behind, and may send anything.
    pub async fn press_forged(&self, message: &MessageHandle, custom_id: &str) -> Interaction {
        let id = self.shared.write(|state| {
            let label = format!("[{custom_id}]");
            let ask = component(self.on(message), custom_id, 2, &[], label);
            state.ask(ask)
        });
        self.sent(id).await
    }

    /// Fills the form that an interaction brought and sends it off. Fields are named by what
    /// stands above them, or by their id; the others keep what they hold.
    ///
    /// # Panics
    /// If there is no such field, or what it takes does not fit.
    pub async fn submit(&self, form: &Form, fields: &[(&str, &str)]) -> Interaction {
        let id = self.shared.write(|state| {
            let ask = filled(self.id, self.channel, form.source, &form.modal, fields)?;
            Ok::<_, String>(state.ask(ask))
        });
        match id {
            Ok(id) => self.sent(id).await,
            Err(why) => panic!("{why}"),
        }
    }

    /// Dismisses an ephemeral message.
    pub fn dismiss(&self, message: &MessageHandle) {
        self.shared.write(|state| {
            if let Some(message) = state.message_mut(message.channel, message.id) {
                message.deleted |= message.only == Some(self.id);
            }
        });
    }

    /// The messages that this person sees here, oldest first.
    #[must_use]
    pub fn sees(&self) -> Vec<Shown> {
        self.shared.read(|state| {
            let channel = state.channels.get(&self.channel);
            let messages = channel
                .into_iter()
                .flat_map(|channel| channel.messages.values());
            let messages = messages.filter(|message| !message.deleted && message.is_for(self.id));
            messages
                .map(|message| Shown::of(&self.shared, message))
                .collect()
        })
    }

    /// Those messages as text; what only this person sees is marked.
    #[must_use]
    pub fn screen(&self) -> String {
        self.shared.write(|state| {
            let channel = state.channels.get_mut(&self.channel);
            let messages = channel
                .into_iter()
                .flat_map(|channel| channel.messages.values_mut());
            let seen = messages.filter(|message| !message.deleted && message.is_for(self.id));
            let seen: Vec<_> = seen
                .map(|message| {
                    message.read = true;
                    message.clone()
                })
                .collect();
            let lines: Vec<_> = seen
                .iter()
                .map(|message| state.message_words(message))
                .collect();
            lines.join("\n")
        })
    }

    /// Waits for the next message of the bot that this person sees here and no test has read.
    ///
    /// # Panics
    /// If none comes within ten seconds.
    pub async fn next_message(&self) -> Shown {
        let what = "a message of the bot";
        let found = |state: &mut State| {
            let channel = state.channels.get_mut(&self.channel)?;
            let mut messages = channel.messages.values_mut();
            let next = messages.find(|message| {
                !message.read && !message.deleted && message.is_for(self.id) && !message.loading()
            })?;
            next.read = true;
            Some(Shown::of(&self.shared, next))
        };
        self.shared.wait(what, found).await
    }

    /// All that this person saw here, ever, as text: what they did, what only they saw, and what
    /// everybody did.
    #[must_use]
    pub fn transcript(&self) -> String {
        let mine = |event: &Event| {
            event.channel == self.channel && event.only.is_none_or(|only| only == self.id)
        };
        self.shared.read(|state| state.words(mine))
    }

    fn typed<'a>(
        &self,
        line: &'a str,
        options: &'a [(&'a str, &'a str)],
        focused: Option<&'a str>,
    ) -> Typed<'a> {
        Typed {
            asker: self.id,
            channel: self.channel,
            line,
            options,
            focused,
        }
    }

    fn on(&self, message: &MessageHandle) -> On {
        On {
            asker: self.id,
            channel: message.channel,
            message: message.id,
        }
    }

    async fn sent(&self, id: u64) -> Interaction {
        // Lets whoever waits for it run before the test goes on.
        tokio::task::yield_now().await;
        Interaction {
            shared: Arc::clone(&self.shared),
            id,
        }
    }
}

/// A form that has popped up.
#[derive(Clone, Debug)]
pub struct Form {
    pub(crate) modal: Modal,
    pub(crate) source: Option<u64>,
}

impl std::ops::Deref for Form {
    type Target = Modal;

    fn deref(&self) -> &Modal {
        &self.modal
    }
}
