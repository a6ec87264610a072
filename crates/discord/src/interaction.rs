//! From an interaction to what it asks for. No I/O: who speaks, where and what is decided here.
//!
//! It is read by types of our own, which want little: the library drops an interaction whole if one field is
//! not as it knows it, and what it drops comes here too, as JSON.

use std::fmt;

use ankle_core::club::Platform;
use ankle_core::command::is_old_button;
use ankle_core::face::{
    AccountAddress, Asker, EventId, MessageRef, Person, Place, Request, Rights, RoomAddress, Said,
    Whispers,
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::doctor::right;
use crate::form::Form;

/// The word for this platform in the store.
pub const PLATFORM: Platform = Platform("discord");

/// Our two root commands.
pub const ROOTS: [&str; 2] = ["ankle", "ankle-club"];

/// When Discord's ids begin to count: the first second of 2015, in milliseconds since 1970.
const EPOCH: i64 = 1_420_070_400_000;

/// The flag of a message that only one person sees.
pub const EPHEMERAL: u64 = 1 << 6;

/// What an interaction is about.
#[derive(Debug)]
pub enum Happening {
    /// Somebody wants something.
    Asked(Box<Asked>),
    /// Somebody pressed what opens a form.
    Opens(Box<(Form, Target)>),
    /// Somebody still types.
    Types(Box<Typing>),
    /// A kind of interaction that nobody here knows, which can be told so.
    Unknown(Box<Target>),
}

/// A request, and where its answer goes.
#[derive(Debug)]
pub struct Asked {
    pub request: Request,
    pub to: Target,
}

/// An option that is being filled in.
#[derive(Debug)]
pub struct Typing {
    pub person: Person,
    pub path: Vec<String>,
    pub option: String,
    pub typed: String,
    pub to: Target,
}

/// What an interaction is answered by: its own key, which is good for a quarter of an hour.
#[derive(Clone)]
pub struct Hook {
    pub id: String,
    pub application: String,
    pub token: String,
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hook({})", self.id)
    }
}

/// Where an answer goes.
#[derive(Clone, Debug)]
pub struct Target {
    pub hook: Hook,
    /// When it happened, by the platform's clock.
    pub made: Timestamp,
    /// The same, and never later than our own clock.
    pub at: Timestamp,
    pub from: From,
    /// Whether it is a form that was filled in.
    pub is_form: bool,
    pub whereabouts: Whereabouts,
    /// The server, where we are a member.
    pub server: Option<String>,
    /// The channel, as the interaction shows it.
    pub channel: Option<Channel>,
    /// What we may do there.
    pub our_rights: Option<u64>,
    /// Who asks.
    pub user: String,
    /// Whether he may set up the server.
    pub organises: bool,
    /// His language and region.
    pub locale: Option<String>,
}

/// A channel.
#[derive(Clone, Debug)]
pub struct Channel {
    pub id: String,
    pub kind: Option<u64>,
    pub name: Option<String>,
}

/// What was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// A command from the menu.
    Command,
    /// A button or a form below a message of ours, or a form that no message opened.
    Message {
        /// Whether nobody else sees that message; none if there is none.
        own: Option<bool>,
    },
}

/// Where we are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// Alone with who asks.
    Private,
    /// In a channel of a server that took us in.
    Room,
    /// Where somebody brought us along: only he may see what we say.
    Elsewhere,
}

/// An interaction, as far as it is read.
#[derive(Debug)]
pub struct Incoming {
    pub raw: Raw,
    pub data: Data,
}

/// What was done.
#[derive(Debug)]
pub enum Data {
    /// A command was chosen, or is just being filled in.
    Command(Chosen),
    /// Something else.
    Other(Value),
}

/// A command with its options.
#[derive(Debug, Default)]
pub struct Chosen {
    /// Our roots are no part of it; any other is, so that the core finds out that there is none.
    pub path: Vec<String>,
    pub values: Vec<(String, String)>,
    /// The option that is being typed.
    pub focused: Option<String>,
}

/// All but what was done.
#[derive(Debug, Deserialize)]
pub struct Raw {
    pub id: String,
    pub application_id: String,
    #[serde(rename = "type")]
    pub kind: u8,
    pub token: String,
    pub guild_id: Option<String>,
    pub channel_id: Option<String>,
    pub channel: Option<RawChannel>,
    pub member: Option<RawMember>,
    pub user: Option<RawUser>,
    pub message: Option<RawMessage>,
    pub app_permissions: Option<String>,
    pub locale: Option<String>,
    pub context: Option<u8>,
    #[serde(rename = "authorizing_integration_owners")]
    pub owners: Option<Owners>,
}

#[derive(Debug, Deserialize)]
pub struct RawChannel {
    #[serde(rename = "type")]
    pub kind: Option<u64>,
    pub name: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct RawMember {
    pub user: Option<RawUser>,
    pub permissions: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct RawUser {
    pub id: String,
    pub username: String,
    pub global_name: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct RawMessage {
    id: String,
    flags: Option<u64>,
    edited_timestamp: Option<String>,
}

/// For whom we were installed where it happened.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(from = "Map<String, Value>")]
pub struct Owners {
    /// Whether anybody is named.
    pub any: bool,
    /// Whether the server took us in.
    pub server: bool,
}

impl std::convert::From<Map<String, Value>> for Owners {
    fn from(owners: Map<String, Value>) -> Self {
        Self {
            any: !owners.is_empty(),
            server: owners.contains_key("0"),
        }
    }
}

impl Incoming {
    /// From JSON. None if it has not even what an answer needs.
    pub fn of_json(interaction: &Value) -> Option<Self> {
        let raw = Raw::deserialize(interaction).ok()?;
        let data = &interaction["data"];
        let data = match raw.kind {
            2 | 4 => Data::Command(chosen(data)),
            _ => Data::Other(data.clone()),
        };
        Some(Self { raw, data })
    }

    /// What it asks for. None if it does not say who asks.
    pub fn read(self, now: Timestamp) -> Option<Happening> {
        let Self { raw, data } = self;
        let (data, command) = match data {
            Data::Command(command) => (Value::Null, command),
            Data::Other(data) => (data, Chosen::default()),
        };
        happening(&raw, &data, command, now)
    }
}

fn happening(raw: &Raw, data: &Value, command: Chosen, now: Timestamp) -> Option<Happening> {
    let form = Form::of_id(text(&data["custom_id"])).filter(|_| raw.kind == 5);
    let (to, person) = target(raw, form.as_ref(), now)?;
    let mut event = format!("discord:{}", raw.id);
    let said = match (raw.kind, form) {
        (2, _) => Said::Named {
            path: command.path,
            values: command.values,
        },
        (3, _) => match Form::of_opener(text(&data["custom_id"])) {
            Some(form) if !is_old_button(stands_since(raw, to.at), to.at) => {
                return Some(Happening::Opens(Box::new((form, to))));
            }
            _ => pressed(raw, to.at, text(&data["custom_id"])),
        },
        (4, _) => return Some(Happening::Types(Box::new(typing(command, person, to)))),
        (5, Some(form)) => {
            // Of each person's own, so that nobody is told another's answer.
            event = format!("discord:form:{}:{}", form.origin, to.user);
            Said::Filled {
                values: fields(data),
                line: form.line,
            }
        }
        // A form of nobody's: the core says so, as of any old button.
        (5, None) => pressed(raw, to.at, ""),
        _ => return Some(Happening::Unknown(Box::new(to))),
    };
    Some(Happening::Asked(Box::new(Asked {
        request: Request {
            event: EventId(event),
            at: to.at,
            asker: Asker::Person(person),
            place: place(raw, to.whereabouts),
            said,
            whispers: Whispers::Here,
        },
        to,
    })))
}

/// Where the answer goes, and who asks.
fn target(raw: &Raw, form: Option<&Form>, now: Timestamp) -> Option<(Target, Person)> {
    let of_member = raw.member.as_ref().and_then(|member| member.user.as_ref());
    let user = of_member.or(raw.user.as_ref())?;
    let whereabouts = whereabouts(raw, form);
    let bits = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<u64>().ok());
    let theirs = raw.member.as_ref().and_then(|m| bits(&m.permissions));
    let organises = whereabouts == Whereabouts::Room
        && theirs.is_some_and(|all| all & (right::ADMINISTRATOR | right::MANAGE_GUILD) != 0);
    let made = happened(&raw.id).unwrap_or(now);
    let to = Target {
        made,
        at: made.min(now),
        hook: Hook {
            id: raw.id.clone(),
            application: raw.application_id.clone(),
            token: raw.token.clone(),
        },
        from: match (raw.kind, &raw.message) {
            (3 | 5, Some(message)) => From::Message {
                own: Some(message.flags.unwrap_or(0) & EPHEMERAL != 0),
            },
            (3 | 5, None) => From::Message { own: None },
            _ => From::Command,
        },
        is_form: raw.kind == 5,
        whereabouts,
        server: raw
            .guild_id
            .clone()
            .filter(|_| whereabouts == Whereabouts::Room),
        channel: raw.channel_id.clone().map(|id| Channel {
            id,
            kind: raw.channel.as_ref().and_then(|channel| channel.kind),
            name: raw
                .channel
                .as_ref()
                .and_then(|channel| channel.name.clone()),
        }),
        our_rights: bits(&raw.app_permissions),
        user: user.id.clone(),
        organises,
        locale: raw.locale.clone(),
    };
    let person = Person {
        account: AccountAddress {
            platform: PLATFORM,
            external: user.id.clone(),
        },
        // A nickname belongs to one server, and is not carried to another.
        name: user
            .global_name
            .clone()
            .unwrap_or_else(|| user.username.clone()),
        handle: Some(user.username.clone()),
        locale: raw.locale.clone(),
        rights: Some(Rights {
            organiser: organises,
        }),
    };
    Some((to, person))
}

/// Since when the message of a press stands as it does. What belongs to no message is as new as the press.
fn stands_since(raw: &Raw, at: Timestamp) -> Timestamp {
    let Some(message) = &raw.message else {
        return at;
    };
    let sent = happened(&message.id).unwrap_or(Timestamp::UNIX_EPOCH);
    let edited = message.edited_timestamp.as_ref();
    let edited = edited.and_then(|text| text.parse().ok());
    edited.map_or(sent, |edited: Timestamp| edited.max(sent))
}

fn pressed(raw: &Raw, at: Timestamp, wire: &str) -> Said {
    let message = raw.message.as_ref();
    Said::Press {
        wire: wire.to_owned(),
        on: MessageRef {
            room: raw.channel_id.clone().unwrap_or_default(),
            message: message.map_or_else(String::new, |message| message.id.clone()),
        },
        since: stands_since(raw, at),
    }
}

fn typing(command: Chosen, person: Person, to: Target) -> Typing {
    let option = command.focused.unwrap_or_default();
    let mut values = command.values.into_iter();
    let typed = values.find(|(name, _)| *name == option);
    Typing {
        person,
        path: command.path,
        typed: typed.map_or_else(String::new, |(_, typed)| typed),
        option,
        to,
    }
}

/// When an id was made.
fn happened(id: &str) -> Option<Timestamp> {
    let id: i64 = id.parse().ok()?;
    Timestamp::from_millisecond((id >> 22) + EPOCH).ok()
}

/// In a server that did not take us in, somebody brought us along; so does who uses us in a
/// conversation with others.
fn whereabouts(raw: &Raw, form: Option<&Form>) -> Whereabouts {
    if form.is_some_and(|form| form.elsewhere) {
        return Whereabouts::Elsewhere;
    }
    match (&raw.guild_id, raw.context) {
        (None, Some(2)) => Whereabouts::Elsewhere,
        (None, _) => Whereabouts::Private,
        (Some(_), _) => {
            let known = raw.owners.filter(|owners| owners.any);
            let took_us_in = known.is_none_or(|owners| owners.server);
            if took_us_in {
                Whereabouts::Room
            } else {
                Whereabouts::Elsewhere
            }
        }
    }
}

fn place(raw: &Raw, whereabouts: Whereabouts) -> Place {
    let channel = raw.channel_id.clone();
    match (whereabouts, &raw.guild_id, channel) {
        (Whereabouts::Private, _, Some(room)) => Place::Private { room },
        (Whereabouts::Room, Some(server), Some(room)) => Place::Room(RoomAddress {
            chat: server.clone(),
            room,
        }),
        _ => Place::Elsewhere,
    }
}

/// The beginning of a command's path.
pub fn path_from(root: &str) -> Vec<String> {
    let is_ours = ROOTS.contains(&root);
    (!is_ours).then(|| root.to_owned()).into_iter().collect()
}

/// A command as JSON tells it.
fn chosen(data: &Value) -> Chosen {
    let mut path = path_from(text(&data["name"]));
    let mut options = &data["options"];
    while let Some(inner) = inner_level(options) {
        path.push(text(&inner["name"]).to_owned());
        options = &inner["options"];
    }
    let options = options.as_array().map_or(&[][..], Vec::as_slice);
    let value = |option: &Value| (text(&option["name"]).to_owned(), plain(&option["value"]));
    let is_focused = |option: &&Value| option["focused"].as_bool() == Some(true);
    let focused = options.iter().find(is_focused);
    Chosen {
        path,
        values: options.iter().map(value).collect(),
        focused: focused.map(|option| text(&option["name"]).to_owned()),
    }
}

/// The command or group that is the only thing on a level.
fn inner_level(options: &Value) -> Option<&Value> {
    let first = options.get(0)?;
    matches!(first["type"].as_u64(), Some(1 | 2)).then_some(first)
}

/// The fields of a form, in rows or labelled.
fn fields(data: &Value) -> Vec<(String, String)> {
    let rows = data["components"].as_array().into_iter().flatten();
    rows.flat_map(|row| {
        let inside = row["components"].as_array().into_iter().flatten();
        inside.chain(row.get("component"))
    })
    .map(|field| (text(&field["custom_id"]).to_owned(), plain(&field["value"])))
    .collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// What was typed, as text: numbers come as numbers.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
#[path = "interaction_tests.rs"]
pub(crate) mod tests;
