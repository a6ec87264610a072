//! From an update to what it asks for. No I/O: what reaches us, and from whom, is decided here.

use ankle_core::club::Platform;
use ankle_core::command::{Parsed, parse_line};
use ankle_core::face::{
    AccountAddress, Asker, EventId, MessageRef, Person, Place, Request, RoomAddress, Said, Whispers,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use teloxide::types::{
    CallbackQuery, Chat, ChatKind, ChatMember, ChatMemberKind, ChatMemberUpdated,
    MaybeInaccessibleMessage, Message, MessageEntity, MessageEntityKind, PublicChatKind, ThreadId,
    Update, UpdateKind, User,
};

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
    update.chat().map_or(0, |chat| chat.id.0)
}

/// Who shows with an update that his private chat is open to us: whatever comes from there, but that he
/// has closed it.
pub fn opens_private(update: &Update) -> Option<u64> {
    let chat = update.chat().filter(|chat| chat.is_private())?;
    let closes = matches!(
        &update.kind,
        UpdateKind::MyChatMember(change) if !change.new_chat_member.is_present()
    );
    u64::try_from(chat.id.0).ok().filter(|_| !closes)
}

/// Reads an update.
pub fn read(update: Update, me: &Me, now: Timestamp) -> Happening {
    match update.kind {
        UpdateKind::Message(message) => of_message(&message, me),
        UpdateKind::EditedMessage(message) => edited(&message, update.id.0, me, now),
        UpdateKind::CallbackQuery(query) => pressed(&query, now),
        UpdateKind::MyChatMember(change) => of_our_own(&change),
        UpdateKind::ChatMember(change) => of_another(&change),
        UpdateKind::Error(_) => Happening::Unknown,
        _ => Happening::Nothing,
    }
}

fn of_message(message: &Message, me: &Me) -> Happening {
    if let Some(to) = message.migrate_to_chat_id() {
        return Happening::Moved {
            from: message.chat.id.0,
            to: to.0,
        };
    }
    if let Some(from) = message.migrate_from_chat_id() {
        return Happening::Moved {
            from: from.0,
            to: message.chat.id.0,
        };
    }
    if let Some(user) = message.left_chat_member() {
        return Happening::Left {
            chat: message.chat.id.0,
            user: user.id.0,
        };
    }
    let Some(asker) = asker(message) else {
        return Happening::Nothing;
    };
    let Some(said) = said(message, me) else {
        return Happening::Nothing;
    };
    asked(message, asker, event_of(message), said, None)
}

fn edited(message: &Message, update: u32, me: &Me, now: Timestamp) -> Happening {
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
        Asker::Person(_) => message.from.as_ref().map(|user| user.id.0),
        Asker::AnonymousOrganiser { .. } => None,
    };
    let thread = topic(message);
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
            chat: message.chat.id.0,
            thread,
            message: Some(message.id.0),
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
    Timestamp::from_second(message.date.timestamp()).unwrap_or(Timestamp::MIN)
}

/// Since when a message of ours stands as it does.
fn stands_since(message: &Message) -> Timestamp {
    let date = message.edit_date().unwrap_or(&message.date);
    Timestamp::from_second(date.timestamp()).unwrap_or(Timestamp::MIN)
}

fn pressed(query: &CallbackQuery, now: Timestamp) -> Happening {
    let (Some(data), Some(message)) = (&query.data, &query.message) else {
        return Happening::Strange(Target {
            press: Some(Press {
                id: query.id.0.clone(),
                message: 0,
            }),
            is_lost: true,
            ..Target::of_chat(0)
        });
    };
    let (chat, thread, is_lost, since) = match message {
        MaybeInaccessibleMessage::Regular(message) => {
            (&message.chat, topic(message), false, stands_since(message))
        }
        // Of such a message neither the topic nor the time is told.
        MaybeInaccessibleMessage::Inaccessible(message) => {
            let is_lost = has_topics(&message.chat);
            (&message.chat, None, is_lost, Timestamp::UNIX_EPOCH)
        }
    };
    let id = message.id().0;
    Happening::Asked(Box::new(Asked {
        request: Request {
            event: EventId(format!("telegram:press:{}", query.id.0)),
            at: now,
            asker: Asker::Person(person(&query.from)),
            place: place(chat, thread),
            said: Said::Press {
                wire: data.clone(),
                on: MessageRef {
                    room: chat.id.0.to_string(),
                    message: id.to_string(),
                },
                since,
            },
            whispers: Whispers::Elsewhere,
        },
        to: Target {
            chat: chat.id.0,
            thread,
            message: None,
            press: Some(Press {
                id: query.id.0.clone(),
                message: id,
            }),
            user: Some(query.from.id.0),
            private: chat.is_private(),
            edit_of: None,
            is_lost,
            silent: false,
        },
    }))
}

fn of_our_own(change: &ChatMemberUpdated) -> Happening {
    let (old, new) = (&change.old_chat_member, &change.new_chat_member);
    let chat = change.chat.id.0;
    if !(change.chat.is_group() || change.chat.is_supergroup()) {
        Happening::Nothing
    } else if !old.is_present() && new.is_present() {
        Happening::Added {
            chat,
            locale: change.from.language_code.clone(),
        }
    } else if !may_write(old) && may_write(new) {
        Happening::MayWrite { chat }
    } else {
        Happening::Nothing
    }
}

fn of_another(change: &ChatMemberUpdated) -> Happening {
    let member = &change.new_chat_member;
    if member.is_present() {
        return Happening::Nothing;
    }
    Happening::Left {
        chat: change.chat.id.0,
        user: member.user.id.0,
    }
}

fn may_write(member: &ChatMember) -> bool {
    let is_mute = matches!(&member.kind, ChatMemberKind::Restricted(may) if !may.can_send_messages);
    member.is_present() && !is_mute
}

/// The name of a message: the same for its edits, and however often it is delivered.
fn event_of(message: &Message) -> EventId {
    EventId(format!("telegram:{}:{}", message.chat.id.0, message.id.0))
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
    let is_somebody = !user.is_bot && !NOBODY.contains(&user.id.0);
    is_somebody.then(|| Asker::Person(person(user)))
}

fn person(user: &User) -> Person {
    Person {
        account: AccountAddress {
            platform: PLATFORM,
            external: user.id.0.to_string(),
        },
        name: user.first_name.clone(),
        handle: user.username.clone(),
        locale: user.language_code.clone(),
        rights: None,
    }
}

/// What is said to us, if anything is. Whoever forwards a message does not say what it says.
fn said(message: &Message, me: &Me) -> Option<Said> {
    if message.forward_origin().is_some() {
        return None;
    }
    let text = message.text().or(message.caption())?;
    let entities = message.entities().or(message.caption_entities());
    if let Some(command) = command(text, entities.unwrap_or_default(), me) {
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
                room: message.chat.id.0.to_string(),
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
    let to = message.reply_to_message()?;
    let ours = to.from.as_ref().is_some_and(|user| user.id.0 == me.id);
    let opens_topic = topic(message).is_some_and(|thread| thread.0 == to.id);
    (ours && !opens_topic).then_some(to.id.0)
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
fn command(text: &str, entities: &[MessageEntity], me: &Me) -> Option<Command> {
    let units: Vec<u16> = text.encode_utf16().collect();
    for entity in entities
        .iter()
        .filter(|e| e.kind == MessageEntityKind::BotCommand)
    {
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
fn with_mentions(rest: &[u16], start: usize, entities: &[MessageEntity]) -> String {
    let mut line = String::new();
    let mut done = 0;
    for entity in entities {
        let MessageEntityKind::TextMention { user } = &entity.kind else {
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
        line.extend(["<@", &user.id.0.to_string(), ">"]);
        done = until;
    }
    line.push_str(&String::from_utf16_lossy(
        rest.get(done..).unwrap_or_default(),
    ));
    line
}

/// The topic of a message; the general one is addressed by naming none.
fn topic(message: &Message) -> Option<ThreadId> {
    let thread = message.thread_id.filter(|_| message.is_topic_message)?;
    (thread.0.0 != 1).then_some(thread)
}

fn has_topics(chat: &Chat) -> bool {
    let ChatKind::Public(public) = &chat.kind else {
        return false;
    };
    matches!(&public.kind, PublicChatKind::Supergroup(group) if group.is_forum)
}

fn place(chat: &Chat, thread: Option<ThreadId>) -> Place {
    if chat.is_private() {
        let room = chat.id.0.to_string();
        return Place::Private { room };
    }
    room(chat.id.0, thread)
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
            let entities: Vec<MessageEntity> = serde_json::from_value(entities).unwrap();
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
