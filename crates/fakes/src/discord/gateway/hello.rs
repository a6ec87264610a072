//! Identifying and resuming.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{GUILDS, Session};
use crate::discord::state::State;

/// A client counts from when it begins to connect; how long that takes differs from one time to the next.
const ON_THE_WAY: Duration = Duration::from_millis(500);

/// The time between two shards that identify, by Discord's pages, with a `max_concurrency` of 1.
const PAUSE: Duration = Duration::from_secs(5);
/// The highest intent that there is: polls in private channels.
const LAST_INTENT: u64 = 25;
/// Members, presences, the content of messages.
const PRIVILEGED: u64 = 1 << 1 | 1 << 8 | 1 << 15;

const AUTHENTICATION_FAILED: u16 = 4004;
const ALREADY_AUTHENTICATED: u16 = 4005;
const INVALID_SEQUENCE: u16 = 4007;
const INVALID_SHARD: u16 = 4010;
const SHARDING_REQUIRED: u16 = 4011;
const INVALID_INTENTS: u16 = 4013;
const DISALLOWED_INTENTS: u16 = 4014;

impl State {
    /// Starts a session, or says with which code to close.
    pub(super) fn identify(&mut self, connection: u64, d: &Value) -> Result<(), u16> {
        if self.session_of(connection).is_some() {
            return Err(ALREADY_AUTHENTICATED);
        }
        if !self.is_token(&d["token"]) {
            return Err(AUTHENTICATION_FAILED);
        }
        let number = |value: &Value| value.as_u64();
        let (shard, shards) = match d["shard"].as_array().map(Vec::as_slice) {
            None => (0, 1),
            Some([shard, shards]) => match (number(shard), number(shards)) {
                (Some(shard), Some(shards)) if shard < shards => (shard, shards),
                _ => return Err(INVALID_SHARD),
            },
            Some(_) => return Err(INVALID_SHARD),
        };
        if shards < self.gateway.least_shards {
            return Err(SHARDING_REQUIRED);
        }
        let intents = number(&d["intents"]).filter(|intents| *intents < 1 << (LAST_INTENT + 1));
        let intents = intents.ok_or(INVALID_INTENTS)?;
        if intents & PRIVILEGED & !self.gateway.granted != 0 {
            return Err(DISALLOWED_INTENTS);
        }
        self.count_identify(shard)?;
        self.start_session(connection, shard, shards, intents, d["compress"] == true);
        Ok(())
    }

    /// Goes on with a session: `Ok(false)` if it cannot be resumed.
    pub(super) fn resume(&mut self, connection: u64, d: &Value) -> Result<bool, u16> {
        if self.session_of(connection).is_some() {
            return Err(ALREADY_AUTHENTICATED);
        }
        if !self.is_token(&d["token"]) {
            return Err(AUTHENTICATION_FAILED);
        }
        let id = d["session_id"].as_str().unwrap_or_default();
        let seq = d["seq"].as_u64().unwrap_or(0);
        let Some(session) = self.gateway.sessions.get_mut(id) else {
            return Ok(false);
        };
        if seq > session.seq {
            return Err(INVALID_SEQUENCE);
        }
        if !session.reaches_back_to(seq) {
            self.gateway.forget(id);
            return Ok(false);
        }
        session.sent = seq;
        session.connection = Some(connection);
        session.push(&"\"t\":\"RESUMED\",\"d\":{\"_trace\":[]}".into());
        self.gateway.resumes += 1;
        if let Some(connection) = self.gateway.connections.get_mut(&connection) {
            connection.session = Some(id.to_owned());
        }
        Ok(true)
    }

    pub(super) fn session_of(&self, connection: u64) -> Option<&Session> {
        let connection = self.gateway.connections.get(&connection)?;
        self.gateway.sessions.get(connection.session.as_ref()?)
    }

    fn is_token(&self, given: &Value) -> bool {
        let given = given.as_str().unwrap_or_default();
        let given = given.strip_prefix("Bot ").unwrap_or(given);
        given == self.bot.token && !self.bot.revoked
    }

    /// Counts one more identify. Two shards that do not wait for each other break a rule; the same
    /// shard again is a program that was started again, which cannot know of the one before.
    fn count_identify(&mut self, shard: u64) -> Result<(), u16> {
        self.gateway.identifies += 1;
        if self.gateway.identifies > self.gateway.budget {
            self.bot.revoked = true;
            return Err(AUTHENTICATION_FAILED);
        }
        let last = self.gateway.last_identify;
        if let Some((other, real, clock)) = last.filter(|(other, ..)| *other != shard) {
            // The bot may wait by a clock that stands still here: either way of waiting counts.
            let soon = real.elapsed() + ON_THE_WAY < PAUSE
                && self.now.duration_since(clock).as_secs() < PAUSE.as_secs().cast_signed();
            if soon {
                let what =
                    format!("shard {shard} identified less than five seconds after shard {other}");
                self.calls.violate("gateway", what);
            }
        }
        self.gateway.last_identify = Some((shard, Instant::now(), self.now));
        Ok(())
    }

    fn start_session(
        &mut self,
        connection: u64,
        shard: u64,
        shards: u64,
        intents: u64,
        compress: bool,
    ) {
        let id = format!("{:032x}", self.new_id());
        let mut session = Session {
            id: id.clone(),
            shard,
            shards,
            intents,
            compress,
            seq: 0,
            sent: 0,
            events: std::collections::VecDeque::new(),
            connection: Some(connection),
        };
        let guilds = self
            .guilds
            .values()
            .filter(|guild| self.bot_is_in(guild.id));
        let guilds = guilds.filter(|guild| (guild.id >> 22) % shards == shard);
        let guilds: Vec<_> = guilds.map(|guild| (guild.id, guild.available)).collect();
        let listed = guilds.iter();
        let listed = listed.map(|(id, _)| json!({"id": id.to_string(), "unavailable": true}));
        let ready = json!({
            "v": 10,
            "user": self.me_json(),
            "user_settings": {},
            "private_channels": [],
            "relationships": [],
            "presences": [],
            "guilds": listed.collect::<Vec<_>>(),
            "session_type": "normal",
            "session_id": id,
            "resume_gateway_url": self.gateway_url(),
            "shard": [shard, shards],
            "application": {"id": self.bot.id.to_string(), "flags": 0},
            "geo_ordered_rtc_regions": [],
            "_trace": [],
        });
        session.push(&format!("\"t\":\"READY\",\"d\":{ready}").into());
        if intents & GUILDS != 0 {
            let mut channels = self.channels_by_guild();
            for (id, _) in guilds.iter().filter(|(_, available)| *available) {
                if let Some(guild) = self.guilds.get(id) {
                    let channels = channels.remove(id).unwrap_or_default();
                    let told = self.guild_create_json(guild, &channels);
                    session.push(&format!("\"t\":\"GUILD_CREATE\",\"d\":{told}").into());
                }
            }
        }
        self.gateway.sessions.insert(id.clone(), session);
        if let Some(connection) = self.gateway.connections.get_mut(&connection) {
            connection.session = Some(id);
        }
    }
}
