//! Interactions: what people do with commands, buttons and forms, and how the bot answers.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::components::Modal;
use super::gateway::To;
use super::message::time;
use super::permissions::{EVERYONE, USE_EXTERNAL_APPS, VIEW_CHANNEL};
use super::state::{ChannelKind, State};
use super::timeline::{Event, What};
use super::wire::user_json;

/// How long the bot has for its first response.
pub(crate) const PATIENCE: SignedDuration = SignedDuration::from_secs(3);
/// How long the token of an interaction is good.
pub(crate) const LIFE: SignedDuration = SignedDuration::from_mins(15);

pub(crate) const COMMAND: u8 = 2;
pub(crate) const COMPONENT: u8 = 3;
pub(crate) const AUTOCOMPLETE: u8 = 4;
pub(crate) const SUBMIT: u8 = 5;

/// One interaction.
#[derive(Clone, Debug)]
pub(crate) struct Interaction {
    pub(crate) id: u64,
    pub(crate) token: String,
    pub(crate) kind: u8,
    pub(crate) at: Timestamp,
    /// When it was sent in real time.
    pub(crate) since: Instant,
    pub(crate) asker: u64,
    pub(crate) channel: u64,
    pub(crate) guild: Option<u64>,
    /// The message whose button was pressed, or that led to a form.
    pub(crate) source: Option<u64>,
    /// As a transcript has it.
    pub(crate) label: String,
    /// The type of the option that wants suggestions.
    pub(crate) option: u64,
    /// The event as it was sent.
    event: Arc<str>,
    owners: Value,
    /// Whether only the asker has installed the application.
    pub(crate) user_only: bool,
    /// Whether everything must be for the asker alone.
    pub(crate) forced_private: bool,
    pub(crate) response: Option<First>,
    pub(crate) responded: Option<Timestamp>,
    /// The message that `@original` stands for.
    pub(crate) original: Option<u64>,
    pub(crate) followups: Vec<u64>,
}

/// The first response to an interaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum First {
    /// `4`: a message.
    Message,
    /// `5`: a message will come.
    Deferred,
    /// `6`: the message with the button may change.
    Acknowledged,
    /// `7`: the message with the button has changed.
    Updated,
    /// `8`: suggestions, each with its name and its value.
    Choices(Vec<(String, Value)>),
    /// `9`: a form.
    Modal(Modal),
}

/// What is to be changed of the next interaction before it is sent.
#[derive(Default)]
pub(crate) struct Change(pub(crate) Option<Box<Changing>>);

type Changing = dyn FnOnce(&mut Value) + Send;

impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Change({})", self.0.is_some())
    }
}

/// What somebody does.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) kind: u8,
    pub(crate) asker: u64,
    pub(crate) channel: u64,
    pub(crate) data: Value,
    pub(crate) source: Option<u64>,
    pub(crate) label: String,
    pub(crate) option: u64,
    /// `integration_types` of the command.
    pub(crate) installs: Value,
}

impl State {
    /// Sends an interaction to the bot.
    pub(crate) fn ask(&mut self, ask: Ask) -> u64 {
        let id = self.new_id();
        let token = format!("{}:{id:x}", "aW50ZXJhY3Rpb246".repeat(5));
        let guild = self
            .channels
            .get(&ask.channel)
            .and_then(|channel| channel.guild);
        let owners = self.owners(&ask, guild);
        let user_only = owners["0"].is_null();
        let rights = self.channels.get(&ask.channel);
        let rights = rights.map_or(0, |channel| self.permissions(ask.asker, channel));
        let forced_private = user_only && guild.is_some() && rights & USE_EXTERNAL_APPS == 0;
        let mut event = self.event_json(&ask, id, &token, guild, &owners, rights);
        if let Some(change) = self.change.0.take() {
            change(&mut event);
        }
        let event: Arc<str> = event.to_string().into();
        let interaction = Interaction {
            id,
            token: token.clone(),
            kind: ask.kind,
            at: self.now,
            since: Instant::now(),
            asker: ask.asker,
            channel: ask.channel,
            guild,
            source: ask.source,
            label: ask.label.clone(),
            option: ask.option,
            event: Arc::clone(&event),
            owners,
            user_only,
            forced_private,
            response: None,
            responded: None,
            original: None,
            followups: Vec::new(),
        };
        self.interactions.insert(id, interaction);
        self.tokens.insert(token, id);
        if self
            .history
            .is_some_and(|most| self.interactions.len() > most)
            && let Some((_, oldest)) = self.interactions.pop_first()
        {
            self.tokens.remove(&oldest.token);
        }
        if ask.kind != AUTOCOMPLETE {
            let who = self.name(ask.asker);
            self.timeline.add(Event {
                channel: ask.channel,
                message: ask.source,
                who,
                only: Some(ask.asker),
                what: What::Did(ask.label),
            });
        }
        self.dispatch(To::Interaction(guild), "INTERACTION_CREATE", &event);
        id
    }

    /// Sends the same interaction once more.
    pub(crate) fn repeat(&mut self, id: u64) {
        let found = self.interactions.get(&id);
        if let Some((event, guild)) = found.map(|i| (Arc::clone(&i.event), i.guild)) {
            self.dispatch(To::Interaction(guild), "INTERACTION_CREATE", &event);
        }
    }

    /// The interaction as its messages tell of it.
    pub(crate) fn metadata_json(&self, id: u64) -> Option<Value> {
        let interaction = self.interactions.get(&id)?;
        let asker = self.accounts.get(&interaction.asker)?;
        let mut told = json!({
            "id": id.to_string(),
            "type": interaction.kind,
            "user": user_json(asker),
            "authorizing_integration_owners": interaction.owners,
        });
        match interaction.kind {
            COMMAND => told["name"] = interaction.name().into(),
            COMPONENT => {
                told["interacted_message_id"] = interaction.source.map(|id| id.to_string()).into();
            }
            SUBMIT => {
                told["triggering_interaction_metadata"] = json!({"id": id.to_string(), "type": 2,
                    "user": user_json(asker), "name": "",
                    "authorizing_integration_owners": interaction.owners});
            }
            _ => {}
        }
        Some(told)
    }

    /// By whose leave the application is here: the server's (or, in private, anybody's: 0), and
    /// the asker's own.
    fn owners(&self, ask: &Ask, guild: Option<u64>) -> Value {
        let takes = |kind: u64| {
            let types = ask.installs.as_array();
            types.is_none_or(|types| types.iter().any(|known| *known == kind))
        };
        let mut owners = json!({});
        let kind = self.channels.get(&ask.channel).map(|channel| channel.kind);
        match guild {
            Some(guild) if self.has_commands(guild) && takes(0) => {
                owners["0"] = guild.to_string().into();
            }
            None if kind == Some(ChannelKind::Dm) && takes(0) => owners["0"] = "0".into(),
            _ => {}
        }
        let installed = self
            .accounts
            .get(&ask.asker)
            .is_some_and(|account| account.installed);
        if installed && takes(1) {
            owners["1"] = ask.asker.to_string().into();
        }
        owners
    }

    fn event_json(
        &self,
        ask: &Ask,
        id: u64,
        token: &str,
        guild: Option<u64>,
        owners: &Value,
        rights: u64,
    ) -> Value {
        let asker = self.accounts.get(&ask.asker);
        let locale = asker.map_or("en-US", |asker| asker.locale.as_str());
        let mut told = json!({
            "id": id.to_string(),
            "application_id": self.bot.id.to_string(),
            "type": ask.kind,
            "token": token,
            "version": 1,
            "data": ask.data,
            "channel_id": ask.channel.to_string(),
            "locale": locale,
            "entitlements": [],
            "entitlement_sku_ids": [],
            "attachment_size_limit": 10_485_760,
            "authorizing_integration_owners": owners,
        });
        if let Some(channel) = self.channels.get(&ask.channel) {
            told["context"] = match channel.kind {
                ChannelKind::Dm => 1.into(),
                ChannelKind::GroupDm => 2.into(),
                _ => 0.into(),
            };
            let mut partial = self.channel_json(channel);
            if let Some(partial) = partial.as_object_mut() {
                partial.remove("permission_overwrites");
                partial.insert("permissions".to_owned(), rights.to_string().into());
            }
            told["channel"] = partial;
            // An application that a person brought along may there what the person lets it.
            let app = match guild {
                // Nothing is documented of one whose commands alone were added: it seems to be well.
                Some(guild) if !self.bot_is_in(guild) && self.has_commands(guild) => EVERYONE,
                Some(guild) if !self.bot_is_in(guild) => rights & !VIEW_CHANNEL,
                _ => self.bot_permissions(channel),
            };
            told["app_permissions"] = app.to_string().into();
        }
        let record = guild.and_then(|guild| self.guilds.get(&guild));
        if let Some(record) = record {
            told["guild_id"] = record.id.to_string().into();
            told["guild_locale"] = record.locale.clone().into();
            told["guild"] = json!({"id": record.id.to_string(), "locale": record.locale,
                "features": []});
            if let Some(member) = record.members.get(&ask.asker) {
                let mut member = self.member_json(ask.asker, member);
                member["permissions"] = rights.to_string().into();
                told["member"] = member;
            }
        }
        if told["member"].is_null() {
            if let Some(told) = told.as_object_mut() {
                told.remove("member");
            }
            told["user"] = asker.map(user_json).into();
        }
        let source = ask
            .source
            .and_then(|source| self.message(ask.channel, source));
        if let Some(source) = source {
            told["message"] = self.message_json(source);
        }
        told
    }
}

impl Interaction {
    /// Whether its time for a first response is over.
    pub(crate) fn is_late(&self, now: Timestamp) -> bool {
        self.response.is_none() && now.duration_since(self.at) > PATIENCE
    }

    /// Whether its token is too old.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        now.duration_since(self.at) > LIFE
    }
}

/// How long an interaction waited for its first response, on the injected clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Its id.
    pub interaction: u64,
    /// What was done, as in `/ankle test reading:9cm`.
    pub label: String,
    /// When it was done.
    pub at: String,
    /// How long it took; `None`: there was none so far.
    pub took: Option<SignedDuration>,
}

impl Interaction {
    /// The first word of a command.
    fn name(&self) -> &str {
        let name = self.label.trim_start_matches('/');
        name.split(' ').next().unwrap_or(name)
    }

    pub(crate) fn wait(&self) -> Wait {
        Wait {
            interaction: self.id,
            label: self.label.clone(),
            at: time(self.at),
            took: self.responded.map(|at| at.duration_since(self.at)),
        }
    }
}
