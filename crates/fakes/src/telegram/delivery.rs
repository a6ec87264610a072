//! What happens when something is written, changed or pressed, and which of it reaches the bot.

use serde_json::{Value, json};

use super::message::{Content, Message};
use super::state::{
    ANONYMOUS_ADMIN, CHANNEL_BOT, ChatKind, ChatRecord, Member, State, Status, TELEGRAM,
};
use super::text::Rich;
use super::timeline::{Event, What};

impl State {
    /// Puts a message into its chat and delivers it to the bot if the bot may see it. Returns the
    /// message's id.
    pub(crate) fn post(&mut self, mut message: Message) -> i64 {
        let at = self.seconds();
        let author = message.from;
        let bot = author.filter(|from| self.is_other_or_our_bot(*from));
        let history = self.history;
        let chat = self.chat_mut(message.chat);
        let id = chat.next_message;
        chat.next_message += 1;
        message.id = id;
        message.at = at;
        if bot.is_some() {
            chat.last_bot = bot;
        }
        let by_our_bot = message.by_bot;
        // A test reads what the bot under test wrote; all else counts as read.
        message.read = !by_our_bot || message.is_service();
        let chat = message.chat;
        let what = self.appearance(&message);
        self.note(&message, what);
        let messages = &mut self.chat_mut(chat).messages;
        messages.insert(id, message);
        if history.is_some_and(|most| messages.len() > most) {
            messages.pop_first();
        }
        if by_our_bot {
            let reply_to = self.message(chat, id).and_then(|message| message.reply_to);
            self.ledger.sent(chat, id, reply_to);
        } else {
            self.deliver(chat, id, false);
        }
        id
    }

    /// Changes a message and delivers the change if somebody else than the bot made it.
    pub(crate) fn change(&mut self, chat: i64, id: i64, body: Rich, markup: Option<Value>) {
        let at = self.seconds();
        let Some(message) = self.message_mut(chat, id) else {
            return;
        };
        let by_our_bot = message.by_bot;
        message.body = body;
        message.markup = markup;
        message.edited_at = Some(at);
        message.revision += 1;
        let changed = message.clone();
        let (text, buttons) = (changed.body.text.clone(), changed.buttons());
        self.note(&changed, What::Edited { text, buttons });
        if by_our_bot {
            self.ledger.edited += 1;
        } else {
            self.deliver(chat, id, true);
        }
    }

    /// Takes a message away. Telegram tells bots nothing of it.
    pub(crate) fn remove(&mut self, chat: i64, id: i64) {
        let Some(message) = self.message_mut(chat, id) else {
            return;
        };
        message.deleted = true;
        let gone = message.clone();
        self.note(
            &gone,
            What::Deleted {
                text: gone.body.text.clone(),
            },
        );
    }

    /// Changes where an account stands in a chat and delivers the change: its own standing to the
    /// bot always, another's if the bot is an administrator and asked for it.
    pub(crate) fn change_member(&mut self, chat: i64, account: i64, new: Member, by: i64) {
        let record = self.chat(chat);
        let old = record.members.get(&account).cloned();
        let old = old.unwrap_or_else(|| Member::of(Status::Left));
        if old == new {
            return;
        }
        let update = json!({
            "chat": self.chat_json(record),
            "from": self.account_json(by),
            "date": self.seconds(),
            "old_chat_member": self.member_json(account, &old, record.kind),
            "new_chat_member": self.member_json(account, &new, record.kind),
        });
        let bot_is_admin = record.is_admin(self.bot.id);
        self.chat_mut(chat).members.insert(account, new);
        if account == self.bot.id {
            self.push("my_chat_member", &update);
        } else if bot_is_admin {
            self.push("chat_member", &update);
        }
    }

    /// Queues an update if the bot wants that kind.
    pub(crate) fn push(&mut self, kind: &str, body: &Value) -> Option<i64> {
        let now = self.seconds();
        self.queue.push(now, kind, body)
    }

    /// Notes for the transcript what people saw of a message.
    pub(crate) fn note(&mut self, message: &Message, what: What) {
        let who = match (message.sender_chat, message.from) {
            (Some(chat), _) => self.chats.get(&chat).map(|chat| chat.title.clone()),
            (None, Some(from)) => Some(self.name(from)),
            (None, None) => None,
        };
        self.timeline.add(Event {
            chat: message.chat,
            thread: message.thread,
            message: Some(message.id),
            who: who.unwrap_or_default(),
            only: None,
            what,
        });
    }

    /// Delivers a message that somebody else than the bot wrote, if the bot may see it.
    fn deliver(&mut self, chat: i64, id: i64, edited: bool) {
        let Some(message) = self.message(chat, id) else {
            return;
        };
        let record = self.chat(chat);
        if !self.reaches_bot(record, message) {
            return;
        }
        let kind = match (record.kind, edited) {
            (ChatKind::Channel, false) => "channel_post",
            (ChatKind::Channel, true) => "edited_channel_post",
            (_, false) => "message",
            (_, true) => "edited_message",
        };
        if self.queue.allows(kind) {
            let body = self.message_json(message);
            self.push(kind, &body);
        }
    }

    /// Telegram's rule of what a bot sees. In a group, with privacy mode on and without being an
    /// administrator, it sees what is meant for it.
    fn reaches_bot(&self, chat: &ChatRecord, message: &Message) -> bool {
        let bot = self.bot.id;
        if !self.bot_is_in(chat) {
            return false;
        }
        match chat.kind {
            ChatKind::Private => return true,
            ChatKind::Channel => return chat.is_admin(bot),
            ChatKind::Group | ChatKind::Supergroup => {}
        }
        if message.is_service() {
            return true;
        }
        // Bots never see what other bots write.
        if message
            .from
            .is_some_and(|from| self.is_other_or_our_bot(from))
        {
            return false;
        }
        if !self.bot.privacy || chat.is_admin(bot) {
            return true;
        }
        let replies_to_bot = message
            .reply_to
            .and_then(|id| chat.messages.get(&id))
            .is_some_and(|target| target.by_bot);
        replies_to_bot || self.is_command_for_bot(chat, message)
    }

    /// A command that names the bot, or one that names nobody while the bot was the last to speak.
    fn is_command_for_bot(&self, chat: &ChatRecord, message: &Message) -> bool {
        let Some(command) = message.body.command() else {
            return false;
        };
        let Some((_, addressee)) = command.split_once('@') else {
            return chat.last_bot.is_none_or(|last| last == self.bot.id);
        };
        let me = self
            .accounts
            .get(&self.bot.id)
            .and_then(|me| me.username.as_deref());
        me.is_some_and(|me| me.eq_ignore_ascii_case(addressee))
    }

    /// Whether an account is a bot that somebody runs; those that stand for anonymous admins and
    /// for channels only look like bots.
    fn is_other_or_our_bot(&self, account: i64) -> bool {
        !matches!(account, ANONYMOUS_ADMIN | CHANNEL_BOT | TELEGRAM)
            && self
                .accounts
                .get(&account)
                .is_some_and(|account| account.is_bot)
    }

    fn appearance(&self, message: &Message) -> What {
        let attachment = match &message.content {
            Content::Service { shown, .. } => {
                return What::Service {
                    text: shown.clone(),
                };
            }
            Content::Text => None,
            Content::Photo(_) => Some("photo"),
            Content::Document(_) => Some("document"),
        };
        let target = message
            .reply_to
            .and_then(|id| self.message(message.chat, id));
        What::Said {
            text: message.body.text.clone(),
            buttons: message.buttons(),
            attachment,
            silent: message.silent,
            to: target
                .and_then(|target| target.from)
                .map(|from| self.name(from)),
        }
    }
}
