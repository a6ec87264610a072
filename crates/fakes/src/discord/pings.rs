//! Whom a message pings: the mentions in its content, by what `allowed_mentions` lets through.

use std::collections::BTreeSet;

use serde_json::Value;

use super::message::Message;
use super::permissions::MENTION_EVERYONE;
use super::rules::COMPONENTS_V2;
use super::schema::list;
use super::state::State;

/// Whom a message pings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pings {
    /// Accounts, by id.
    pub users: BTreeSet<u64>,
    /// Roles, by id.
    pub roles: BTreeSet<u64>,
    /// `@everyone` or `@here`.
    pub everyone: bool,
}

impl Pings {
    /// Whether it pings nobody.
    #[must_use]
    pub fn is_nobody(&self) -> bool {
        *self == Self::default()
    }
}

impl State {
    /// Whom a message pings. Embeds never ping; text components do. Without `allowed_mentions`, an
    /// answer to an interaction pings only people, and a plain message all it mentions. A reply
    /// pings nobody more: all messages here are the bot's.
    pub(crate) fn pings(&self, message: &Message, allowed: &Value) -> Pings {
        let mut text = message.content.clone();
        if message.flags & COMPONENTS_V2 != 0 {
            for line in super::components::texts(&message.components) {
                text.push('\n');
                text.push_str(&line);
            }
        }
        let mentioned = Mentioned::read(&text);
        let parses = |kind: &str| match allowed["parse"].as_array() {
            Some(parse) => parse.iter().any(|parsed| parsed == kind),
            None if allowed.is_null() => kind == "users" || message.interaction.is_none(),
            None => false,
        };
        let listed = |kind: &str| -> BTreeSet<u64> {
            let ids = list(&allowed[kind]).iter().filter_map(Value::as_str);
            ids.filter_map(|id| id.parse().ok()).collect()
        };
        let through = |kind: &str, mentioned: BTreeSet<u64>| -> BTreeSet<u64> {
            if parses(kind) {
                return mentioned;
            }
            mentioned.intersection(&listed(kind)).copied().collect()
        };
        let channel = self.channels.get(&message.channel);
        let rights = channel.map_or(0, |channel| self.bot_permissions(channel));
        let may = rights & MENTION_EVERYONE != 0;
        let guild = channel.and_then(|channel| channel.guild);
        let guild = guild.and_then(|guild| self.guilds.get(&guild));
        let users = through("users", mentioned.users);
        let mut roles = through("roles", mentioned.roles);
        roles.retain(|role| {
            let role = guild.and_then(|guild| guild.roles.get(role));
            role.is_some_and(|role| role.mentionable || may)
        });
        Pings {
            users: users
                .into_iter()
                .filter(|id| self.accounts.contains_key(id))
                .collect(),
            roles,
            everyone: mentioned.everyone && parses("everyone") && may,
        }
    }
}

/// What a text mentions.
#[derive(Debug, Default)]
struct Mentioned {
    users: BTreeSet<u64>,
    roles: BTreeSet<u64>,
    everyone: bool,
}

impl Mentioned {
    fn read(text: &str) -> Self {
        let mut found = Self::default();
        let text = without_code(text);
        for (at, _) in text.match_indices("<@") {
            let Some((inner, _)) = text[at + 2..].split_once('>') else {
                continue;
            };
            if let Some(role) = inner.strip_prefix('&') {
                found.roles.extend(role.parse::<u64>());
            } else {
                let user = inner.strip_prefix('!').unwrap_or(inner);
                found.users.extend(user.parse::<u64>());
            }
        }
        let escaped = |at: usize| text[..at].ends_with('\\');
        let everyone = ["@everyone", "@here"].iter().any(|word| {
            let mut found = text.match_indices(word);
            found.any(|(at, _)| !escaped(at))
        });
        found.everyone = everyone;
        found
    }
}

/// The text without its code, in which nothing is a mention.
fn without_code(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    while let Some(start) = rest.find('`') {
        let ticks = rest[start..]
            .bytes()
            .take_while(|byte| *byte == b'`')
            .count();
        let fence = &rest[start..start + ticks];
        let inside = &rest[start + ticks..];
        kept.push_str(&rest[..start]);
        if let Some(end) = inside.find(fence) {
            rest = &inside[end + ticks..];
        } else {
            kept.push_str(fence);
            rest = inside;
        }
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_are_found_outside_code() {
        let found = Mentioned::read("<@12> <@!13> <@&14> `<@15>` ```\n<@16>``` ` <@17> \\@here");
        assert_eq!(found.users, BTreeSet::from([12, 13, 17]));
        assert_eq!(found.roles, BTreeSet::from([14]));
        assert!(!found.everyone);
        assert!(Mentioned::read("hi @everyone").everyone);
        assert!(Mentioned::read("<@x> <@").users.is_empty());
    }
}
