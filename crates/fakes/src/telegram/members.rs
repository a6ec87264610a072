//! Who is in a chat, and with which rights.

use serde_json::json;

use super::people::Person;
use super::place::{Chat, actor, say};
use super::state::{Member, State, Status};
use super::wire::RIGHTS;

impl Chat {
    /// Somebody joins, and the chat says so.
    pub fn join(&self, person: &Person) {
        self.set(|state, id| add(state, id, person.id, person.id));
    }

    /// Somebody leaves, and the chat says so.
    pub fn leave(&self, person: &Person) {
        self.set(|state, id| remove(state, id, person.id, person.id, Status::Left));
    }

    /// Somebody leaves a large group, which says so to nobody but its administrators.
    pub fn slips_away(&self, person: &Person) {
        self.set(|state, id| {
            state.change_member(id, person.id, Member::of(Status::Left), person.id);
        });
    }

    /// Somebody is thrown out.
    pub fn kick(&self, person: &Person) {
        self.set(|state, id| {
            let by = actor(state, id, person.id);
            remove(state, id, person.id, by, Status::Kicked);
        });
    }

    /// Makes somebody an administrator with all rights.
    pub fn promote(&self, person: &Person) {
        self.stand(person.id, administrator(&RIGHTS));
    }

    /// Makes somebody an administrator who writes in the group's name.
    pub fn promote_anonymously(&self, person: &Person) {
        let member = Member {
            anonymous: true,
            ..administrator(&RIGHTS)
        };
        self.stand(person.id, member);
    }

    /// Makes somebody the owner.
    pub fn make_owner(&self, person: &Person) {
        self.stand(person.id, Member::of(Status::Creator));
    }

    /// Takes an administrator's rights away.
    pub fn demote(&self, person: &Person) {
        self.stand(person.id, Member::of(Status::Member));
    }

    /// Forbids somebody to write.
    pub fn restrict(&self, person: &Person) {
        self.stand(person.id, Member::of(Status::Restricted));
    }

    /// Makes the bot an administrator with these rights, as the API names them; often none.
    pub fn promote_bot(&self, rights: &[&str]) {
        self.stand_bot(administrator(rights));
    }

    /// Takes the bot's rights away.
    pub fn demote_bot(&self) {
        self.stand_bot(Member::of(Status::Member));
    }

    /// Forbids the bot to write.
    pub fn restrict_bot(&self) {
        self.stand_bot(Member::of(Status::Restricted));
    }

    /// Throws the bot out.
    pub fn kick_bot(&self) {
        self.set(|state, id| {
            let bot = state.bot.id;
            let by = actor(state, id, bot);
            remove(state, id, bot, by, Status::Kicked);
        });
    }

    /// Puts the bot in, for the first time or again.
    pub fn add_bot(&self) {
        self.set(|state, id| {
            let bot = state.bot.id;
            let by = actor(state, id, bot);
            add(state, id, bot, by);
        });
    }

    /// Gives the chat another title, and says so.
    pub fn rename(&self, title: &str) {
        self.set(|state, id| {
            title.clone_into(&mut state.chat_mut(id).title);
            let by = actor(state, id, state.bot.id);
            let shown = format!("{} renamed the chat to {title}", state.name(by));
            say(state, id, by, "new_chat_title", json!(title), &shown);
        });
    }

    /// Puts the bot in again.
    pub fn readd_bot(&self) {
        self.add_bot();
    }

    fn stand(&self, account: i64, member: Member) {
        self.set(|state, id| {
            let by = actor(state, id, account);
            state.change_member(id, account, member, by);
        });
    }

    fn stand_bot(&self, member: Member) {
        let bot = self.shared.read(|state| state.bot.id);
        self.stand(bot, member);
    }
}

impl Person {
    /// Puts the bot into a chat.
    pub fn adds_bot(&self, chat: &Chat) {
        chat.set(|state, id| add(state, id, state.bot.id, self.id));
    }

    /// Throws the bot out of a chat.
    pub fn removes_bot(&self, chat: &Chat) {
        chat.set(|state, id| remove(state, id, state.bot.id, self.id, Status::Kicked));
    }
}

fn administrator(rights: &[&str]) -> Member {
    let mut member = Member::of(Status::Administrator);
    member.rights = rights.iter().map(|right| (*right).to_owned()).collect();
    // Every administrator has this one.
    member.rights.insert("can_manage_chat".to_owned());
    member
}

fn add(state: &mut State, chat: i64, account: i64, by: i64) {
    state.change_member(chat, account, Member::of(Status::Member), by);
    let value = json!([state.account_json(account)]);
    let shown = format!("{} joined", state.name(account));
    say(state, chat, by, "new_chat_members", value, &shown);
}

fn remove(state: &mut State, chat: i64, account: i64, by: i64, status: Status) {
    let value = state.account_json(account);
    let verb = if status == Status::Kicked {
        "was removed"
    } else {
        "left"
    };
    let shown = format!("{} {verb}", state.name(account));
    // First the message: afterwards, a bot that was removed would not get it.
    say(state, chat, by, "left_chat_member", value, &shown);
    state.change_member(chat, account, Member::of(status), by);
}
