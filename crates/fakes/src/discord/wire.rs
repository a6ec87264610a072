//! Accounts, servers, members, roles and channels as the API tells them.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::message::time;
use super::state::{Account, Channel, ChannelKind, Guild, Member, Role, State};

impl State {
    /// The bot as it sees itself.
    pub(crate) fn me_json(&self) -> Value {
        let bot = self.accounts.get(&self.bot.id);
        let mut told = bot.map_or(Value::Null, user_json);
        told["mfa_enabled"] = true.into();
        told["verified"] = true.into();
        told["email"] = Value::Null;
        told["locale"] = "en-US".into();
        told
    }

    /// The application as it sees itself.
    pub(crate) fn application_json(&self) -> Value {
        let bot = self.accounts.get(&self.bot.id);
        let bot = bot.map(user_json);
        let servers = self
            .guilds
            .keys()
            .filter(|guild| self.bot_is_in(**guild))
            .count();
        json!({
            "id": self.bot.id.to_string(),
            "name": self.name(self.bot.id),
            "icon": null,
            "description": "",
            "type": null,
            "summary": "",
            "bot": bot,
            "bot_public": true,
            "bot_require_code_grant": false,
            "verify_key": "0".repeat(64),
            "flags": 0,
            "hook": true,
            "max_participants": null,
            "approximate_guild_count": servers,
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "redirect_uris": [],
            "interactions_endpoint_url": null,
            "role_connections_verification_url": null,
            "event_webhooks_status": 1,
            "owner": bot,
            "team": null,
            "flags_new": "0",
            "eligible_oauth2_scopes": [],
            "integration_types_config": {"0": {}, "1": {}},
            "explicit_content_filter": 0,
        })
    }

    /// A server, with its channels, as the gateway brings it to a bot that is in it.
    pub(crate) fn guild_create_json(&self, guild: &Guild, channels: &[&Channel]) -> Value {
        let mut told = guild_json(guild);
        let told_of = |threads: bool| {
            let channels = channels
                .iter()
                .filter(|channel| channel.is_thread() == threads);
            channels
                .map(|channel| self.channel_json(channel))
                .collect::<Vec<_>>()
        };
        let me = guild.members.get(&self.bot.id);
        told["joined_at"] = me.map(|me| time(me.joined)).into();
        told["large"] = (guild.members.len() > 250).into();
        told["unavailable"] = false.into();
        told["member_count"] = guild.members.len().into();
        // Without the intent for members, only the bot itself is listed.
        let me = me.map(|me| self.member_json(self.bot.id, me));
        told["members"] = me.into_iter().collect();
        told["channels"] = told_of(false).into();
        told["threads"] = told_of(true).into();
        for key in [
            "voice_states",
            "presences",
            "stage_instances",
            "guild_scheduled_events",
            "soundboard_sounds",
        ] {
            told[key] = json!([]);
        }
        told
    }

    /// The channels of each server.
    pub(crate) fn channels_by_guild(&self) -> HashMap<u64, Vec<&Channel>> {
        let mut all: HashMap<_, Vec<_>> = HashMap::new();
        for channel in self.channels.values() {
            if let Some(guild) = channel.guild {
                all.entry(guild).or_default().push(channel);
            }
        }
        all
    }

    /// Somebody in a server.
    pub(crate) fn member_json(&self, account: u64, member: &Member) -> Value {
        let roles: Vec<_> = member.roles.iter().map(ToString::to_string).collect();
        json!({
            "user": self.accounts.get(&account).map(user_json),
            "nick": member.nick,
            "avatar": null,
            "banner": null,
            "roles": roles,
            "joined_at": time(member.joined),
            "premium_since": null,
            "communication_disabled_until": null,
            "deaf": false,
            "mute": false,
            "flags": 0,
            "pending": false,
        })
    }

    /// A channel.
    pub(crate) fn channel_json(&self, channel: &Channel) -> Value {
        let last = channel
            .messages
            .values()
            .rev()
            .find(|message| message.only.is_none());
        let last = last.map(|message| message.id.to_string());
        let mut told = json!({
            "id": channel.id.to_string(),
            "type": channel.kind.number(),
            "flags": 0,
            "last_message_id": last,
        });
        let Some(guild) = channel.guild else {
            let people = channel
                .recipients
                .iter()
                .filter_map(|id| self.accounts.get(id));
            let people: Vec<_> = people.map(user_json).collect();
            told["recipients"] = people.into();
            if channel.kind == ChannelKind::GroupDm {
                told["name"] = channel.name.clone().into();
                told["icon"] = Value::Null;
                told["owner_id"] = channel.recipients.first().map(ToString::to_string).into();
            }
            return told;
        };
        told["guild_id"] = guild.to_string().into();
        told["name"] = channel.name.clone().into();
        told["parent_id"] = channel.parent.map(|parent| parent.to_string()).into();
        told["rate_limit_per_user"] = 0.into();
        told["nsfw"] = false.into();
        if channel.is_thread() {
            told["owner_id"] = self.bot.id.to_string().into();
            told["message_count"] = channel.messages.len().into();
            told["member_count"] = 2.into();
            told["total_message_sent"] = channel.messages.len().into();
            told["thread_metadata"] = json!({"archived": channel.archived, "locked": channel.locked,
                "auto_archive_duration": 1440, "archive_timestamp": time(self.now)});
        } else {
            let overwrites = channel.overwrites.iter().map(|over| {
                json!({"id": over.id.to_string(), "type": u8::from(!over.role),
                    "allow": over.allow.to_string(), "deny": over.deny.to_string()})
            });
            told["topic"] = Value::Null;
            told["position"] = 0.into();
            told["permission_overwrites"] = overwrites.collect();
        }
        told
    }
}

/// An account as everybody sees it.
pub(crate) fn user_json(account: &Account) -> Value {
    let username = username(&account.name);
    let mut told = json!({
        "id": account.id.to_string(),
        "username": username,
        "discriminator": "0",
        "global_name": account.name,
        "avatar": null,
        "banner": null,
        "accent_color": null,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": null,
    });
    if account.bot {
        told["bot"] = true.into();
        told["global_name"] = Value::Null;
        told["username"] = account.name.clone().into();
    }
    told
}

/// A server, with all that `GET /guilds/{id}` tells.
pub(crate) fn guild_json(guild: &Guild) -> Value {
    let roles = guild.roles.values().enumerate();
    let roles: Vec<_> = roles.map(|(n, role)| role_json(role, n)).collect();
    json!({
        "id": guild.id.to_string(),
        "name": guild.name,
        "icon": null,
        "home_header": null,
        "splash": null,
        "discovery_splash": null,
        "owner_id": guild.owner.to_string(),
        "region": "rotterdam",
        "afk_channel_id": null,
        "afk_timeout": 300,
        "widget_enabled": false,
        "widget_channel_id": null,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "roles": roles,
        "emojis": [],
        "stickers": [],
        "features": [],
        "mfa_level": 0,
        "application_id": null,
        "system_channel_id": null,
        "system_channel_flags": 0,
        "rules_channel_id": null,
        "safety_alerts_channel_id": null,
        "public_updates_channel_id": null,
        "max_presences": null,
        "max_members": 25_000_000,
        "max_video_channel_users": 25,
        "max_stage_video_channel_users": 50,
        "vanity_url_code": null,
        "description": null,
        "banner": null,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": false,
        "preferred_locale": guild.locale,
        "nsfw": false,
        "nsfw_level": 0,
        "incidents_data": null,
    })
}

/// A role; `position` counts from `@everyone` up.
pub(crate) fn role_json(role: &Role, position: usize) -> Value {
    let mut told = json!({
        "id": role.id.to_string(),
        "name": role.name,
        "description": null,
        "permissions": role.permissions.to_string(),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": null, "tertiary_color": null},
        "hoist": false,
        "managed": role.of_bot.is_some(),
        "mentionable": role.mentionable,
        "icon": null,
        "unicode_emoji": null,
        "flags": 0,
    });
    if let Some(bot) = role.of_bot {
        told["tags"] = json!({"bot_id": bot.to_string()});
    }
    told
}

/// A name in the form of a username.
fn username(name: &str) -> String {
    let plain = name.to_lowercase();
    let plain: String = plain.chars().filter(char::is_ascii_alphanumeric).collect();
    if plain.is_empty() {
        "runner".to_owned()
    } else {
        plain
    }
}
