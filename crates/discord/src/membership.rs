//! What we may do in a channel, computed as Discord does: the roles together, then what the channel says of
//! all, of our roles, and of us.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use ankle_core::face::{Lack, SendError};
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::Value;

use crate::answer::Desk;
use crate::doctor::right;
use crate::messenger::plain;
use crate::render::cut;
use crate::rest::Call;

/// The kinds of channels that are threads.
const THREADS: [u64; 3] = [10, 11, 12];

/// How long it is believed: for one press or two. Whoever puts a role right and says so is looked at anew.
const BELIEVED: SignedDuration = SignedDuration::from_secs(3);

/// The longest name of a server that is told, in Discord's units.
const MAX_SERVER: usize = 40;

/// As many servers are remembered at once.
const REMEMBERED: usize = 100;

/// We in a server.
#[derive(Debug)]
pub struct Membership {
    server: String,
    name: Option<String>,
    me: String,
    roles: HashSet<String>,
    /// What we may where a channel says nothing else.
    base: u64,
}

/// The servers that were looked at just now.
#[derive(Default)]
pub struct Memberships(Mutex<HashMap<String, (Timestamp, Arc<Membership>)>>);

impl Desk {
    /// What we lack in a channel to post there.
    pub async fn lack_in(&self, channel: &Value) -> Result<Option<Lack>, SendError> {
        let Some(server) = channel["guild_id"].as_str() else {
            // A private conversation.
            return Ok(None);
        };
        let we = match self.membership(server).await {
            Err(SendError::Gone | SendError::Forbidden(_)) => return Ok(Some(Lack::Absent)),
            we => we?,
        };
        let kind = channel["type"].as_u64();
        let is_thread = is_thread(kind);
        let ours = match channel["parent_id"].as_str().filter(|_| is_thread) {
            // A thread goes by what its channel says.
            Some(parent) => we.rights_in(&self.channel(parent).await?),
            None => we.rights_in(channel),
        };
        let is_locked = channel["thread_metadata"]["locked"] == true;
        if is_locked && !may(ours, right::MANAGE_THREADS) {
            return Ok(Some(Lack::TopicClosed));
        }
        Ok(lack(ours, kind))
    }

    /// Whether we are not in a server, although our commands may be: an interaction looks the same there.
    pub async fn is_absent(&self, server: &str) -> bool {
        let we = self.membership(server).await;
        matches!(we, Err(SendError::Gone | SendError::Forbidden(_)))
    }

    /// What people call a server: of two with a channel of that name a notice has to say which.
    pub async fn server_name(&self, server: &str) -> Option<String> {
        self.membership(server).await.ok()?.name.clone()
    }

    /// A channel, as Discord shows it.
    pub async fn channel(&self, room: &str) -> Result<Value, SendError> {
        let path = format!("/channels/{room}");
        let call = Call::bot(Method::GET, "channel", room, path);
        self.rest.call(&call).await.map_err(plain)
    }

    async fn membership(&self, server: &str) -> Result<Arc<Membership>, SendError> {
        let now = self.clock.now();
        if let Some(known) = self.memberships.get(server, now) {
            return Ok(known);
        }
        let get = |route: &str, path: String| {
            let call = Call::bot(Method::GET, route, server, path);
            async move { self.rest.call(&call).await.map_err(plain) }
        };
        let guild = get("guild", format!("/guilds/{server}")).await?;
        let member = format!("/guilds/{server}/members/{}", self.me);
        let member = get("member", member).await?;
        let found = Arc::new(Membership::read(&guild, &member, &self.me));
        self.memberships.put(server, now, found.clone());
        Ok(found)
    }
}

impl Memberships {
    fn get(&self, server: &str, now: Timestamp) -> Option<Arc<Membership>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, found) = known.get(server)?;
        (now.duration_since(*since) < BELIEVED).then(|| found.clone())
    }

    fn put(&self, server: &str, now: Timestamp, found: Arc<Membership>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(server.to_owned(), (now, found));
    }
}

impl Membership {
    fn read(guild: &Value, member: &Value, me: &str) -> Self {
        let server = guild["id"].as_str().unwrap_or_default().to_owned();
        let roles = member["roles"].as_array().into_iter().flatten();
        let roles: HashSet<_> = roles.filter_map(Value::as_str).map(str::to_owned).collect();
        let all = guild["roles"].as_array().into_iter().flatten();
        // The role of all has the server's number.
        let ours = all.filter(|role| {
            let id = role["id"].as_str().unwrap_or_default();
            id == server || roles.contains(id)
        });
        let base = ours.fold(0, |all, role| all | bits(&role["permissions"]));
        let owns = guild["owner_id"].as_str() == Some(me);
        Self {
            server,
            name: guild["name"].as_str().map(|name| cut(name, MAX_SERVER)),
            me: me.to_owned(),
            roles,
            base: if owns { right::ADMINISTRATOR } else { base },
        }
    }

    fn rights_in(&self, channel: &Value) -> u64 {
        if self.base & right::ADMINISTRATOR != 0 {
            return self.base;
        }
        let overwrites = channel["permission_overwrites"].as_array();
        let overwrites = overwrites.map_or(&[][..], Vec::as_slice);
        let id = |over: &Value| over["id"].as_str().unwrap_or_default().to_owned();
        let mut ours = self.base;
        let mut apply = |fits: &dyn Fn(&str) -> bool| {
            let fitting = overwrites.iter().filter(|over| fits(&id(over)));
            let (allow, deny) = fitting.fold((0, 0), |(allow, deny), over| {
                (allow | bits(&over["allow"]), deny | bits(&over["deny"]))
            });
            ours = ours & !deny | allow;
        };
        apply(&|id| id == self.server);
        apply(&|id| id != self.server && self.roles.contains(id));
        apply(&|id| id == self.me);
        ours
    }
}

/// The first thing that we lack to post, by our rights and the kind of channel.
pub fn lack(ours: u64, kind: Option<u64>) -> Option<Lack> {
    let send = if is_thread(kind) {
        right::SEND_IN_THREADS
    } else {
        right::SEND
    };
    let needed = [
        (right::VIEW, Lack::See),
        (send, Lack::Write),
        (right::EMBED, Lack::Embed),
    ];
    let mut lacks = needed.into_iter().filter(|(right, _)| !may(ours, *right));
    lacks.next().map(|(_, lack)| lack)
}

fn may(ours: u64, right: u64) -> bool {
    ours & (right | right::ADMINISTRATOR) != 0
}

fn is_thread(kind: Option<u64>) -> bool {
    kind.is_some_and(|kind| THREADS.contains(&kind))
}

fn bits(value: &Value) -> u64 {
    let text = value.as_str();
    text.and_then(|text| text.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const POSTS: u64 = right::VIEW | right::SEND | right::EMBED;

    fn we(everyone: u64, role: u64, owner: &str) -> Membership {
        let guild = json!({ "id": "1", "owner_id": owner, "roles": [
            { "id": "1", "permissions": everyone.to_string() },
            { "id": "2", "permissions": role.to_string() },
            { "id": "3", "permissions": right::ADMINISTRATOR.to_string() },
        ]});
        Membership::read(&guild, &json!({ "roles": ["2"] }), "9")
    }

    fn over(id: &str, allow: u64, deny: u64) -> Value {
        json!({ "id": id, "allow": allow.to_string(), "deny": deny.to_string() })
    }

    fn lacks(we: &Membership, overwrites: &[Value]) -> Option<Lack> {
        lack(
            we.rights_in(&json!({ "permission_overwrites": overwrites })),
            Some(0),
        )
    }

    #[test]
    fn roles_come_together_and_a_channel_takes_and_gives() {
        assert_eq!(lacks(&we(POSTS, 0, "5"), &[]), None);
        assert_eq!(
            lacks(&we(right::VIEW, right::EMBED | right::SEND, "5"), &[]),
            None
        );
        assert_eq!(
            lacks(&we(right::VIEW, right::SEND, "5"), &[]),
            Some(Lack::Embed)
        );
        let all_may = we(POSTS, 0, "5");
        let hidden = over("1", 0, right::VIEW);
        assert_eq!(
            lacks(&all_may, std::slice::from_ref(&hidden)),
            Some(Lack::See)
        );
        // What is said of a role goes before what is said of all, and of us before both.
        let role = over("2", right::VIEW, right::SEND);
        assert_eq!(
            lacks(&all_may, &[role.clone(), hidden.clone()]),
            Some(Lack::Write)
        );
        let us = over("9", right::SEND, 0);
        assert_eq!(lacks(&all_may, &[us, role, hidden]), None);
        let others = over("4", 0, POSTS);
        assert_eq!(lacks(&all_may, &[others]), None);
    }

    #[test]
    fn an_owner_or_administrator_may_whatever_a_channel_says() {
        let nothing = over("1", 0, u64::MAX);
        for we in [we(0, 0, "9"), we(0, right::ADMINISTRATOR, "5")] {
            assert_eq!(lacks(&we, std::slice::from_ref(&nothing)), None);
        }
    }

    #[test]
    fn a_thread_has_a_right_of_its_own() {
        let ours = right::VIEW | right::EMBED | right::SEND;
        assert_eq!(lack(ours, Some(11)), Some(Lack::Write));
        assert_eq!(lack(ours | right::SEND_IN_THREADS, Some(11)), None);
    }
}
