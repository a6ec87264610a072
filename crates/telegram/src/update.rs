//! From an update to what it asks for. No I/O: what reaches us, and from whom, is decided here.

use ankle_core::club::Platform;
use ankle_core::command::{Parsed, parse_line};
use ankle_core::face::{
    AccountAddress, Asker, EventId, MessageRef, Person, Place, Request, RoomAddress, Said, Whispers,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use teloxide::types::ThreadId;

use crate::incoming::{self, Change, Chat, Entity, EntityKind, Kind, Message, Update, User};

/// The word for this platform in the store.
pub const PLATFORM: Platform = Platform("telegram");

/// Accounts behind which nobody stands: anonymous administrators, channels, Telegram itself.
const NOBODY: [u64; 3] = [1_087_968_824, 136_817_688, 777_000];

/// Who we are.
#[derive(Clone, Debug)]
pub struct Me {
    /// Our account.
    pub id: u64,
    /// Our public name, without `@`.
    pub username: String,
    /// Privacy mode is off.
    pub reads_all: bool,
}

/// What an update is about.
#[derive(Debug)]
pub enum Happening {
    /// Somebody wants something.
    Asked(Box<Asked>),
    /// A group has become a supergroup.
    Moved { from: i64, to: i64 },
    /// Somebody has left a chat.
    Left { chat: i64, user: u64 },
    /// We were added to a group, by somebody who speaks some language.
    Added { chat: i64, locale: Option<String> },
    /// We were in a group and were not allowed to write there, and now we are.
    MayWrite { chat: i64 },
    /// A press on something that is none of ours: nobody but us can end its waiting.
    Strange(Target),
    /// Nothing for us: chatter, other bots, service messages.
    Nothing,
    /// A kind of update that nobody here knows.
    Unknown,
}

/// A request, and where its answer goes.
#[derive(Debug)]
pub struct Asked {
    pub request: Request,
    pub to: Target,
}

/// Where an answer goes.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Target {
    /// The chat.
    pub chat: i64,
    /// The topic, if it is not the general one.
    pub thread: Option<ThreadId>,
    /// The message that asks, to be replied to; none for a press.
    pub message: Option<i32>,
    /// The press, and the message under which it happened.
    pub press: Option<Press>,
    /// Who asks; none where nobody stands behind it.
    pub user: Option<u64>,
    /// Whether this is the asker's private chat.
    pub private: bool,
    /// The event that an edit is an edit of.
    pub edit_of: Option<EventId>,
    /// The topic is not known: nothing can be said there.
    #[serde(default)]
    pub is_lost: bool,
    /// Nobody asked for it, so it makes no sound.
    #[serde(default)]
    pub silent: bool,
}

impl Target {
    /// A chat, as a whole.
    pub fn of_chat(chat: i64) -> Self {
        Self {
            chat,
            thread: None,
            message: None,
            press: None,
            user: None,
            private: false,
            edit_of: None,
            is_lost: false,
            silent: false,
        }
    }
}

/// A press.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Press {
    pub id: String,
    pub message: i32,
}

/// The chat whose queue an update waits in: one chat's updates are answered in order.
pub fn queue_of(update: &Update) -> i64 {
    update.chat().map_or(0, |chat| chat.id)
}

/// Who shows with an update that his private chat is open to us: whatever comes from there, but that he
/// has closed it.
pub fn opens_private(update: &Update) -> Option<u64> {
    let chat = update.chat().filter(|chat| chat.is_private())?;
    let closes = matches!(
        &update.kind,
        Kind::OurRights(change) if !change.new.is_present()
    );
    u64::try_from(chat.id).ok().filter(|_| !closes)
}

/// Reads an update.
pub fn read(update: Update, me: &Me, now: Timestamp) -> Happening {
    match update.kind {
        Kind::Message(message) => of_message(&message, me),
        Kind::Edited(message) => edited(&message, update.id, me, now),
        Kind::Press(press) => pressed(&press, now),
        Kind::OurRights(change) => of_our_own(&change),
        Kind::TheirRights(change) => of_another(&change),
        Kind::Unasked => Happening::Nothing,
        Kind::Unknown => Happening::Unknown,
    }
}

fn of_message(message: &Message, me: &Me) -> Happening {
    let chat = message.chat.id;
    if let Some(to) = message.migrate_to_chat_id {
        return Happening::Moved { from: chat, to };
    }
    if let Some(from) = message.migrate_from_chat_id {
        return Happening::Moved { from, to: chat };
    }
    if let Some(user) = &message.left_chat_member {
        let user = user.id;
        return Happening::Left { chat, user };
    }
    let Some(asker) = asker(message) else {
        return Happening::Nothing;
    };
    let Some(said) = said(message, me) else {
        return Happening::Nothing;
    };
    asked(message, asker, event_of(message), said, None)
}

fn edited(message: &Message, update: i64, me: &Me, now: Timestamp) -> Happening {
    let line = match said(message, me) {
        Some(Said::Line(line)) => Some(line),
        Some(Said::ReplyTo { text, .. }) => bare_line(text, message.chat.is_private()),
        _ => None,
    };
    let (Some(asker), Some(line)) = (asker(message), line) else {
        return Happening::Nothing;
    };
    let original = event_of(message);
    let event = EventId(format!("telegram:edit:{update}"));
    let said = Said::Edited {
        line,
        original: original.clone(),
        said_at: said_at(message),
    };
    let mut happening = asked(message, asker, event, said, Some(original));
    if let Happening::Asked(asked) = &mut happening {
        asked.request.at = now;
    }
    happening
}

/// What was typed without a command, as the command that it stands for. What reads as none is left alone in
/// a group, where people also talk to each other below our messages.
fn bare_line(text: String, private: bool) -> Option<String> {
    let is_ours = |line: &str| matches!(parse_line(line), Ok(Parsed::Command(_)));
    let as_test = format!("test {text}");
    if !is_ours(&text) && is_ours(&as_test) {
        return Some(as_test);
    }
    (private || is_ours(&text)).then_some(text)
}

fn asked(
    message: &Message,
    asker: Asker,
    event: EventId,
    said: Said,
    edit_of: Option<EventId>,
) -> Happening {
    let user = match &asker {
        Asker::Person(_) => message.from.as_ref().map(|user| user.id),
        Asker::AnonymousOrganiser { .. } => None,
    };
    let thread = message.topic();
    Happening::Asked(Box::new(Asked {
        request: Request {
            event,
            at: said_at(message),
            asker,
            place: place(&message.chat, thread),
            said,
            whispers: Whispers::Elsewhere,
        },
        to: Target {
            chat: message.chat.id,
            thread,
            message: Some(message.id),
            press: None,
            user,
            private: message.chat.is_private(),
            edit_of,
            is_lost: false,
            silent: false,
        },
    }))
}

/// When a message was sent, however often it was edited since.
fn said_at(message: &Message) -> Timestamp {
    Timestamp::from_second(message.date).unwrap_or(Timestamp::MIN)
}

/// Since when a message of ours stands as it does.
fn stands_since(message: &Message) -> Timestamp {
    let date = message.edit_date.unwrap_or(message.date);
    Timestamp::from_second(date).unwrap_or(Timestamp::MIN)
}

fn pressed(press: &incoming::Press, now: Timestamp) -> Happening {
    let (Some(data), Some(message)) = (&press.data, &press.message) else {
        return Happening::Strange(Target {
            press: Some(Press {
                id: press.id.clone(),
                message: 0,
            }),
            is_lost: true,
            ..Target::of_chat(0)
        });
    };
    let (chat, id, thread) = (&message.chat, message.id, message.topic());
    // Of a message that is kept from us neither the topic nor the time is told.
    let is_lost = message.is_kept_from_us() && chat.has_topics();
    let since = stands_since(message);
    Happening::Asked(Box::new(Asked {
        request: Request {
            event: EventId(format!("telegram:press:{}", press.id)),
            at: now,
            asker: Asker::Person(person(&press.from)),
            place: place(chat, thread),
            said: Said::Press {
                wire: data.clone(),
                on: MessageRef {
                    room: chat.id.to_string(),
                    message: id.to_string(),
                },
                since,
            },
            whispers: Whispers::Elsewhere,
        },
        to: Target {
            chat: chat.id,
            thread,
            message: None,
            press: Some(Press {
                id: press.id.clone(),
                message: id,
            }),
            user: Some(press.from.id),
            private: chat.is_private(),
            edit_of: None,
            is_lost,
            silent: false,
        },
    }))
}

fn of_our_own(change: &Change) -> Happening {
    let (old, new) = (&change.old, &change.new);
    let chat = change.chat.id;
    if !change.chat.is_group() {
        Happening::Nothing
    } else if !old.is_present() && new.is_present() {
        Happening::Added {
            chat,
            locale: change.from.language_code.clone(),
        }
    } else if !old.may_write() && new.may_write() {
        Happening::MayWrite { chat }
    } else {
        Happening::Nothing
    }
}

fn of_another(change: &Change) -> Happening {
    let member = &change.new;
    if member.is_present() {
        return Happening::Nothing;
    }
    Happening::Left {
        chat: change.chat.id,
        user: member.user.id,
    }
}

/// The name of a message: the same for its edits, and however often it is delivered.
fn event_of(message: &Message) -> EventId {
    EventId(format!("telegram:{}:{}", message.chat.id, message.id))
}

/// Who says it. Other bots, channels and Telegram itself say nothing to us; whoever hides behind the
/// group is one of its administrators.
fn asker(message: &Message) -> Option<Asker> {
    if let Some(behind) = &message.sender_chat {
        return (behind.id == message.chat.id).then_some(Asker::AnonymousOrganiser {
            platform: PLATFORM,
            locale: None,
        });
    }
    let user = message.from.as_ref()?;
    let is_somebody = !user.is_bot && !NOBODY.contains(&user.id);
    is_somebody.then(|| Asker::Person(person(user)))
}

fn person(user: &User) -> Person {
    Person {
        account: AccountAddress {
            platform: PLATFORM,
            external: user.id.to_string(),
        },
        name: user.first_name.clone(),
        handle: user.username.clone(),
        locale: user.language_code.clone(),
        rights: None,
    }
}

/// What is said to us, if anything is. Whoever forwards a message does not say what it says.
fn said(message: &Message, me: &Me) -> Option<Said> {
    if message.is_forwarded() {
        return None;
    }
    let (text, entities) = message.text()?;
    if let Some(command) = command(text, entities, me) {
        // In a group, a client says it by itself for whoever adds us by our link: the welcome answers that.
        if command.starts && !message.chat.is_private() {
            return None;
        }
        return command
            .is_for_us(message.chat.is_private())
            .then_some(Said::Line(command.line));
    }
    if let Some(to) = reply_to_us(message, me) {
        return Some(Said::ReplyTo {
            message: Some(MessageRef {
                room: message.chat.id.to_string(),
                message: to.to_string(),
            }),
            text: text.to_owned(),
        });
    }
    message.chat.is_private().then(|| Said::ReplyTo {
        message: None,
        text: text.to_owned(),
    })
}

/// The message of ours that is replied to. In a topic, what replies to nothing replies to the
/// message that opened it.
fn reply_to_us(message: &Message, me: &Me) -> Option<i32> {
    let to = message.replies_to.as_ref()?;
    let ours = to.from.as_ref().is_some_and(|user| user.id == me.id);
    let opens_topic = message.topic().is_some_and(|thread| thread.0.0 == to.id);
    (ours && !opens_topic).then_some(to.id)
}

/// A command in a message, from its slash to the message's end.
struct Command {
    line: String,
    /// `/ankle`, or a command with our name behind it.
    by_name: bool,
    /// `/start`, with which a private chat begins.
    starts: bool,
}

impl Command {
    /// In a group, a short command that names nobody may be another bot's: it is ours only if it
    /// reads as a whole line of ours.
    fn is_for_us(&self, private: bool) -> bool {
        self.by_name || private || matches!(parse_line(&self.line), Ok(Parsed::Command(_)))
    }
}

/// The first command at the start of a line that is not another bot's, in any case.
fn command(text: &str, entities: &[Entity], me: &Me) -> Option<Command> {
    let units: Vec<u16> = text.encode_utf16().collect();
    for entity in entities.iter().filter(|e| e.kind == EntityKind::BotCommand) {
        let starts_a_line =
            entity.offset == 0 || units.get(entity.offset - 1) == Some(&u16::from(b'\n'));
        let end = entity.offset.checked_add(entity.length)?;
        let (Some(word), Some(rest)) = (units.get(entity.offset..end), units.get(end..)) else {
            continue;
        };
        if !starts_a_line {
            continue;
        }
        let word = String::from_utf16_lossy(word);
        let (name, to) = word.split_once('@').unwrap_or((&word, ""));
        if !to.is_empty() && !to.eq_ignore_ascii_case(&me.username) {
            continue;
        }
        let starts = name.eq_ignore_ascii_case("/start");
        let rest = with_mentions(rest, end, entities);
        let line = if starts {
            "/help".to_owned()
        } else {
            format!("{name} {}", rest.trim()).trim_end().to_owned()
        };
        return Some(Command {
            line,
            starts,
            by_name: !to.is_empty() || name.eq_ignore_ascii_case("/ankle"),
        });
    }
    None
}

/// Whoever has no public name is mentioned by what he calls himself: his number stands for it in the
/// line, as in `<@42>`. The offsets of entities count from the message's start.
fn with_mentions(rest: &[u16], start: usize, entities: &[Entity]) -> String {
    let mut line = String::new();
    let mut done = 0;
    for entity in entities {
        let (EntityKind::TextMention, Some(user)) = (entity.kind, &entity.user) else {
            continue;
        };
        let Some(from) = entity
            .offset
            .checked_sub(start)
            .filter(|from| *from >= done)
        else {
            continue;
        };
        let until = from.saturating_add(entity.length);
        let (Some(before), true) = (rest.get(done..from), until <= rest.len()) else {
            continue;
        };
        line.push_str(&String::from_utf16_lossy(before));
        line.extend(["<@", &user.id.to_string(), ">"]);
        done = until;
    }
    line.push_str(&String::from_utf16_lossy(
        rest.get(done..).unwrap_or_default(),
    ));
    line
}

fn place(chat: &Chat, thread: Option<ThreadId>) -> Place {
    if chat.is_private() {
        let room = chat.id.to_string();
        return Place::Private { room };
    }
    room(chat.id, thread)
}

fn room(chat: i64, thread: Option<ThreadId>) -> Place {
    let id = chat.to_string();
    Place::Room(RoomAddress {
        room: match thread {
            Some(thread) => format!("{id}/{}", thread.0.0),
            None => id.clone(),
        },
        chat: id,
    })
}

impl Asked {
    /// Since when the message of a press stands is known after all.
    pub fn stood_since(&mut self, known: Timestamp) {
        if let Said::Press { since, .. } = &mut self.request.said {
            *since = known.max(*since);
        }
    }

    /// The topic of a press is known after all.
    pub fn is_in(&mut self, thread: Option<ThreadId>) {
        self.request.place = room(self.to.chat, thread);
        (self.to.thread, self.to.is_lost) = (thread, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_mention_without_a_public_name_stands_in_the_line_by_its_number() {
        let text = "/ankle club deputy 🏃 Ana B now";
        let user = json!({ "id": 42, "is_bot": false, "first_name": "Ana B" });
        let entities = json!([
            { "type": "bot_command", "offset": 0, "length": 6 },
            { "type": "text_mention", "offset": 22, "length": 5, "user": user },
        ]);
        let me = Me {
            id: 1,
            username: "fake_bot".to_owned(),
            reads_all: false,
        };
        let line = |entities: serde_json::Value| {
            let entities: Vec<Entity> = serde_json::from_value(entities).unwrap();
            command(text, &entities, &me).unwrap().line
        };
        assert_eq!(line(entities.clone()), "/ankle club deputy 🏃 <@42> now");
        // What points beyond the text, or into what is past, changes nothing.
        for offset in [0, 27, 99] {
            let mut odd = entities.clone();
            odd[1]["offset"] = json!(offset);
            assert_eq!(line(odd), text, "{offset}");
        }
    }
}
