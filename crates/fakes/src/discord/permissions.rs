//! Permissions: their bits, and how roles and overwrites make them.

use super::state::{Channel, State};

/// Everything, whatever a channel says.
pub const ADMINISTRATOR: u64 = 1 << 3;
/// Managing the server: what marks an organiser.
pub const MANAGE_GUILD: u64 = 1 << 5;
/// Seeing a channel at all.
pub const VIEW_CHANNEL: u64 = 1 << 10;
/// Writing.
pub const SEND_MESSAGES: u64 = 1 << 11;
/// Deleting what others wrote.
pub const MANAGE_MESSAGES: u64 = 1 << 13;
/// Embeds in what one writes.
pub const EMBED_LINKS: u64 = 1 << 14;
/// Files in what one writes.
pub const ATTACH_FILES: u64 = 1 << 15;
/// Reading what was written before.
pub const READ_MESSAGE_HISTORY: u64 = 1 << 16;
/// Pinging `@everyone` and roles that cannot be mentioned.
pub const MENTION_EVERYONE: u64 = 1 << 17;
/// Using commands of applications.
pub const USE_APPLICATION_COMMANDS: u64 = 1 << 31;
/// Writing in threads.
pub const SEND_MESSAGES_IN_THREADS: u64 = 1 << 38;
/// Letting applications that one brought along answer for everybody to see.
pub const USE_EXTERNAL_APPS: u64 = 1 << 50;

/// What everybody may in a fresh server.
pub const EVERYONE: u64 = VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | USE_APPLICATION_COMMANDS
    | SEND_MESSAGES_IN_THREADS
    | USE_EXTERNAL_APPS;

/// All that this fake knows of.
const ALL: u64 = EVERYONE | ADMINISTRATOR | MANAGE_GUILD | MANAGE_MESSAGES | MENTION_EVERYONE;

impl State {
    /// What somebody may in a channel, as Discord computes it: the roles together, then the
    /// channel's overwrites for everybody, for the roles, for the member.
    pub(crate) fn permissions(&self, account: u64, channel: &Channel) -> u64 {
        let Some(guild) = channel.guild.and_then(|guild| self.guilds.get(&guild)) else {
            // In a private channel one may all that makes sense there.
            return EVERYONE;
        };
        let Some(member) = guild.members.get(&account) else {
            return 0;
        };
        let base = self.base_permissions(account, guild.id);
        if base & ADMINISTRATOR != 0 {
            return ALL;
        }
        let over = match channel.parent.and_then(|parent| self.channels.get(&parent)) {
            Some(parent) if channel.is_thread() => &parent.overwrites,
            _ => &channel.overwrites,
        };
        let mut allowed = base;
        let mut apply = |fits: &dyn Fn(u64) -> bool| {
            let fitting = over.iter().filter(|over| fits(over.id));
            let (allow, deny) = fitting.fold((0, 0), |(allow, deny), over| {
                (allow | over.allow, deny | over.deny)
            });
            allowed = allowed & !deny | allow;
        };
        apply(&|id| id == guild.id);
        apply(&|id| id != guild.id && member.roles.contains(&id));
        apply(&|id| id == account);
        if allowed & VIEW_CHANNEL == 0 {
            0
        } else {
            allowed
        }
    }

    /// What somebody may in a server, before the overwrites of channels.
    pub(crate) fn base_permissions(&self, account: u64, guild: u64) -> u64 {
        let Some(guild) = self.guilds.get(&guild) else {
            return 0;
        };
        let Some(member) = guild.members.get(&account) else {
            return 0;
        };
        if guild.owner == account {
            return ALL;
        }
        let roles = guild.roles.values();
        let own = roles.filter(|role| role.id == guild.id || member.roles.contains(&role.id));
        let base = own.fold(0, |all, role| all | role.permissions);
        if base & ADMINISTRATOR == 0 { base } else { ALL }
    }

    /// What the bot may in a channel; nothing in a server it is not in.
    pub(crate) fn bot_permissions(&self, channel: &Channel) -> u64 {
        self.permissions(self.bot.id, channel)
    }
}
