//! Servers and channels, as a test holds them.

use std::sync::Arc;

use super::gateway::To;
use super::people::{Person, User};
use super::permissions::MANAGE_GUILD;
use super::read::{MessageHandle, Shown};
use super::state::{self, ChannelKind, Guild, Overwrite, State};
use super::timeline::Event;
use super::world::Shared;

/// A server.
#[derive(Clone, Debug)]
pub struct Server {
    pub(crate) shared: Arc<Shared>,
    pub(crate) id: u64,
}

/// A channel, a thread, or a private channel.
#[derive(Clone, Debug)]
pub struct Channel {
    pub(crate) shared: Arc<Shared>,
    pub(crate) id: u64,
}

impl Server {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Sets its language, as in `de`.
    #[must_use]
    pub fn speaking(self, locale: &str) -> Self {
        self.set(|guild| locale.clone_into(&mut guild.locale));
        self
    }

    /// The text channel of that name, new if there is none.
    pub fn channel(&self, name: &str) -> Channel {
        self.place(ChannelKind::Text, name)
    }

    /// The announcement channel of that name, new if there is none.
    pub fn announcements(&self, name: &str) -> Channel {
        self.place(ChannelKind::Announcement, name)
    }

    /// The voice channel of that name, new if there is none.
    pub fn voice(&self, name: &str) -> Channel {
        self.place(ChannelKind::Voice, name)
    }

    /// The category of that name, new if there is none.
    pub fn category(&self, name: &str) -> Channel {
        self.place(ChannelKind::Category, name)
    }

    /// Somebody in this server who may manage it; new if nobody has that name.
    #[must_use]
    pub fn organiser(&self, name: &str) -> User {
        let user = self.member(name);
        let role = self.role("Organisers", MANAGE_GUILD);
        self.give(&user, role);
        user
    }

    /// Somebody in this server; new if nobody has that name.
    #[must_use]
    pub fn member(&self, name: &str) -> User {
        let id = self.shared.write(|state| state.person(name, Some(self.id)));
        User {
            shared: Arc::clone(&self.shared),
            id,
        }
    }

    /// Lets somebody join.
    pub fn join(&self, user: &User) {
        self.shared
            .write(|state| state.add_member(self.id, user.id));
    }

    /// Lets somebody leave.
    pub fn part(&self, user: &User) {
        self.set(|guild| guild.members.remove(&user.id));
    }

    /// The role of that name, new if there is none, with these permissions.
    pub fn role(&self, name: &str, permissions: u64) -> u64 {
        self.shared.write(|state| {
            let guild = state.guilds.get(&self.id);
            let mut roles = guild.into_iter().flat_map(|guild| guild.roles.values());
            let known = roles.find(|role| role.name == name).map(|role| role.id);
            known.unwrap_or_else(|| state.add_role(self.id, name, permissions))
        })
    }

    /// Lets everybody mention a role.
    pub fn make_mentionable(&self, role: u64) {
        self.set(|guild| {
            guild
                .roles
                .get_mut(&role)
                .map(|role| role.mentionable = true)
        });
    }

    /// Gives somebody a role.
    pub fn give(&self, user: &User, role: u64) {
        self.set(|guild| {
            guild
                .members
                .get_mut(&user.id)
                .map(|m| m.roles.insert(role))
        });
    }

    /// Takes a role from somebody.
    pub fn take(&self, user: &User, role: u64) {
        self.set(|guild| {
            guild
                .members
                .get_mut(&user.id)
                .map(|m| m.roles.remove(&role))
        });
    }

    /// Sets what everybody may.
    pub fn let_everyone(&self, permissions: u64) {
        self.set(|guild| {
            let everyone = guild.id;
            guild
                .roles
                .get_mut(&everyone)
                .map(|role| role.permissions = permissions)
        });
    }

    /// Adds the bot.
    pub fn add_bot(&self) {
        self.shared.write(|state| {
            state.add_bot(self.id);
            state.tell_guild(self.id);
        });
    }

    /// Throws the bot out.
    pub fn kick_bot(&self) {
        self.shared.write(|state| state.remove_bot(self.id));
    }

    /// An outage of Discord's: the server is not available.
    pub fn goes_down(&self) {
        self.set(|guild| guild.available = false);
        self.shared
            .write(|state| state.tell_guild_gone(self.id, true));
    }

    /// The end of the outage.
    pub fn comes_back(&self) {
        self.set(|guild| guild.available = true);
        self.shared.write(|state| state.tell_guild(self.id));
    }

    /// Deletes the server with all in it.
    pub fn delete(&self) {
        self.shared.write(|state| {
            state.guilds.remove(&self.id);
            state
                .channels
                .retain(|_, channel| channel.guild != Some(self.id));
            state.tell_guild_gone(self.id, false);
        });
    }

    fn place(&self, kind: ChannelKind, name: &str) -> Channel {
        let id = self.shared.write(|state| {
            let mut known = state.channels.values();
            let known = known.find(|channel| {
                channel.guild == Some(self.id) && channel.name == name && !channel.is_thread()
            });
            if let Some(known) = known {
                return known.id;
            }
            let id = state.add_channel(kind, Some(self.id), name);
            state.tell_channel(id, "CREATE");
            id
        });
        Channel {
            shared: Arc::clone(&self.shared),
            id,
        }
    }

    fn set<T>(&self, change: impl FnOnce(&mut Guild) -> T) {
        self.shared
            .write(|state| state.guilds.get_mut(&self.id).map(change));
    }
}

impl Channel {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The person of that name, here. Somebody new is made and joins the server; somebody known
    /// joins it too.
    #[must_use]
    pub fn person(&self, name: &str) -> Person {
        let id = self.shared.write(|state| {
            let guild = state
                .channels
                .get(&self.id)
                .and_then(|channel| channel.guild);
            state.person(name, guild)
        });
        Person {
            shared: Arc::clone(&self.shared),
            id,
            channel: self.id,
        }
    }

    /// A new public thread of this channel.
    #[must_use]
    pub fn thread(&self, name: &str) -> Channel {
        let id = self.shared.write(|state| {
            let guild = state
                .channels
                .get(&self.id)
                .and_then(|channel| channel.guild);
            let id = state.add_channel(ChannelKind::Thread, guild, name);
            if let Some(thread) = state.channels.get_mut(&id) {
                thread.parent = Some(self.id);
            }
            state.tell_channel(id, "CREATE");
            id
        });
        Channel {
            shared: Arc::clone(&self.shared),
            id,
        }
    }

    /// Takes these permissions from the bot, here.
    pub fn deny_bot(&self, permissions: u64) {
        let bot = self.shared.read(|state| state.bot.id);
        self.overwrite(bot, false, 0, permissions);
    }

    /// Gives these permissions to the bot, here.
    pub fn allow_bot(&self, permissions: u64) {
        let bot = self.shared.read(|state| state.bot.id);
        self.overwrite(bot, false, permissions, 0);
    }

    /// Takes these permissions from everybody, here.
    pub fn deny_everyone(&self, permissions: u64) {
        let guild = self.shared.read(|state| {
            state
                .channels
                .get(&self.id)
                .and_then(|channel| channel.guild)
        });
        self.overwrite(guild.unwrap_or(0), true, 0, permissions);
    }

    /// Archives a thread. A message wakes it up again.
    pub fn archive(&self) {
        self.set(|channel| channel.archived = true);
    }

    /// Archives a thread and locks it: no message wakes it up.
    pub fn lock(&self) {
        self.set(|channel| (channel.archived, channel.locked) = (true, true));
    }

    /// Deletes it.
    pub fn delete(&self) {
        self.shared.write(|state| {
            let told = state.channels.get(&self.id).map(|channel| {
                let kind = if channel.is_thread() {
                    "THREAD"
                } else {
                    "CHANNEL"
                };
                (kind, channel.guild, state.channel_json(channel).to_string())
            });
            state.channels.remove(&self.id);
            if let Some((kind, Some(guild), told)) = told {
                state.dispatch(To::GuildEvent(guild), &format!("{kind}_DELETE"), &told);
            }
        });
    }

    /// The messages of the bot that everybody sees here, oldest first.
    #[must_use]
    pub fn bot_messages(&self) -> Vec<Shown> {
        self.shared.read(|state| {
            let channel = state.channels.get(&self.id);
            let messages = channel
                .into_iter()
                .flat_map(|channel| channel.messages.values());
            let messages = messages.filter(|message| !message.deleted && message.only.is_none());
            messages
                .map(|message| Shown::of(&self.shared, message))
                .collect()
        })
    }

    /// Waits for the next message of the bot that everybody sees here and no test has read.
    ///
    /// # Panics
    /// If none comes within ten seconds.
    pub async fn next_message(&self) -> Shown {
        let found = |state: &mut State| {
            let channel = state.channels.get_mut(&self.id)?;
            let mut messages = channel.messages.values_mut();
            let next = messages.find(|message| {
                !message.read && !message.deleted && message.only.is_none() && !message.loading()
            })?;
            next.read = true;
            Some(Shown::of(&self.shared, next))
        };
        self.shared.wait("a message of the bot", found).await
    }

    /// Takes all messages here as read.
    pub fn skip_unread(&self) {
        self.set(|channel| {
            for message in channel.messages.values_mut() {
                message.read = true;
            }
        });
    }

    /// All that this channel ever showed to everybody in it, as text.
    #[must_use]
    pub fn transcript(&self) -> String {
        let here = |event: &Event| event.channel == self.id && event.only.is_none();
        self.shared.read(|state| state.words(here))
    }

    /// All that happened in this channel, for whomever, as text.
    #[must_use]
    pub fn full_transcript(&self) -> String {
        self.shared
            .read(|state| state.words(|event| event.channel == self.id))
    }

    /// A message here, by its id.
    #[must_use]
    pub fn message(&self, id: u64) -> MessageHandle {
        MessageHandle {
            shared: Arc::clone(&self.shared),
            channel: self.id,
            id,
        }
    }

    fn overwrite(&self, id: u64, role: bool, allow: u64, deny: u64) {
        self.set(|channel| {
            let known = channel.overwrites.iter_mut().find(|over| over.id == id);
            let over = if let Some(known) = known {
                known
            } else {
                channel.overwrites.push(Overwrite {
                    id,
                    role,
                    allow: 0,
                    deny: 0,
                });
                // It was just put there.
                let last = channel.overwrites.len() - 1;
                &mut channel.overwrites[last]
            };
            over.allow = (over.allow | allow) & !deny;
            over.deny = (over.deny | deny) & !allow;
        });
        self.shared
            .write(|state| state.tell_channel(self.id, "UPDATE"));
    }

    fn set(&self, change: impl FnOnce(&mut state::Channel)) {
        self.shared
            .write(|state| state.channels.get_mut(&self.id).map(change));
    }
}

impl State {
    /// The person of that name, in a server if one is named.
    pub(crate) fn person(&mut self, name: &str, guild: Option<u64>) -> u64 {
        let id = self
            .account_named(name)
            .unwrap_or_else(|| self.add_account(name));
        if let Some(guild) = guild {
            self.add_member(guild, id);
        }
        id
    }
}
