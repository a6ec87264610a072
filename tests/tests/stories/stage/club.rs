//! A club on a stage: people who talk in its room, and what is posted there as time passes.

use std::sync::Arc;

use ankle_core::calendar::Zone;
use ankle_core::face::{Clock, SimulatedClock};
use ankle_fakes::{discord, telegram};
use anklebot::terminal::{Session, Step, Style};
use jiff::Timestamp;
use jiff::civil::Time;

use super::{Data, OnDiscord, OnTelegram, Posts, START, told, told_on_discord, without_numbers};

/// A club's room on a face. Its clocks are Berlin's.
pub trait Club {
    /// Somebody says a line in the room. Returns all that comes of it, in the room or to the asker.
    async fn says(&mut self, who: &str, line: &str) -> String;
    /// Somebody presses a button of the latest post. Returns what comes up for the presser.
    async fn presses(&mut self, who: &str, label: &str) -> String;
    /// Time passes until clocks in Berlin next show so. Returns what was posted, in the room or to
    /// somebody alone, as it stands then.
    async fn until(&mut self, time: &str) -> String;
    /// The bot is thrown out, where that can be.
    async fn throws_the_bot_out(&mut self);
    /// The bot is let in again.
    async fn lets_the_bot_in(&mut self);
    /// The story is over.
    async fn ends(self);
}

const NAME: &str = "Trail Friends";

/// Who may set things up.
const ORGANISER: &str = "Boss";

/// The next instant at which clocks in Berlin show so.
fn next(clock: &SimulatedClock, time: &str) -> Timestamp {
    let berlin: Zone = "Berlin".parse().unwrap();
    let time: Time = format!("{time}:00").parse().unwrap();
    let now = clock.now();
    let mut day = berlin.rules().to_datetime(now).date();
    loop {
        let ambiguous = berlin.rules().to_ambiguous_timestamp(day.to_datetime(time));
        let at = ambiguous.compatible().unwrap();
        if at > now {
            return at;
        }
        day = day.tomorrow().unwrap();
    }
}

/// Messages, each below the other.
fn page(messages: impl IntoIterator<Item = String>) -> String {
    messages.into_iter().collect::<Vec<_>>().join("\n---\n")
}

/// In the terminal, where the same person plays everybody.
pub struct ClubInTerminal {
    session: Session,
    who: String,
    _data: Data,
}

impl ClubInTerminal {
    pub async fn on(data: Data) -> Self {
        let clock = Arc::new(SimulatedClock::new(START.parse().unwrap()));
        let style = Style::for_output(false);
        let session = Session::start(&data.store, clock, style).await.unwrap();
        let mut club = Self {
            session,
            who: String::new(),
            _data: data,
        };
        // The time is Berlin's for whoever lets it pass.
        club.says(ORGANISER, "/ankle me settings zone:Berlin").await;
        club
    }

    async fn take(&mut self, line: &str) -> String {
        match self.session.take(line).await {
            Step::Show(text) => without_numbers(&text),
            Step::Quit => String::new(),
        }
    }

    async fn becomes(&mut self, who: &str) {
        if self.who != who {
            self.take(&format!("/as {who}")).await;
            who.clone_into(&mut self.who);
        }
    }
}

impl Club for ClubInTerminal {
    async fn says(&mut self, who: &str, line: &str) -> String {
        self.becomes(who).await;
        self.take(line).await
    }

    async fn presses(&mut self, who: &str, label: &str) -> String {
        self.becomes(who).await;
        self.take(&format!("/press {label}")).await
    }

    async fn until(&mut self, time: &str) -> String {
        self.becomes(ORGANISER).await;
        self.take(&format!("/tick {time}")).await
    }

    async fn throws_the_bot_out(&mut self) {}

    async fn lets_the_bot_in(&mut self) {}

    async fn ends(self) {}
}

/// In a group on Telegram.
pub struct ClubOnTelegram {
    stage: OnTelegram,
    posts: Posts<ankle_telegram::Telegram>,
    room: telegram::Chat,
    people: Vec<(String, telegram::Person)>,
    post: Option<telegram::Shown>,
}

impl ClubOnTelegram {
    pub async fn on(data: Data) -> Self {
        let stage = OnTelegram::on(data).await;
        let room = stage.tg.supergroup(NAME);
        let boss = stage.friend(ORGANISER).await;
        room.join(&boss);
        room.promote(&boss);
        stage.latest(&room).await;
        Self {
            posts: stage.posts(),
            stage,
            room,
            people: vec![(ORGANISER.to_owned(), boss)],
            post: None,
        }
    }

    async fn person(&mut self, who: &str) -> telegram::Person {
        let known = self.people.iter().find(|(name, _)| name == who);
        if let Some((_, person)) = known {
            return person.clone();
        }
        let person = self.stage.friend(who).await;
        self.room.join(&person);
        self.people.push((who.to_owned(), person.clone()));
        person
    }

    /// What is new in the room, and to everybody alone.
    async fn news(&mut self) -> Vec<String> {
        self.stage.tg.settled().await;
        let heard = self.room.unread();
        self.room.skip_unread();
        let mut posts = heard.iter().filter(|shown| shown.silent && !shown.deleted);
        self.post = posts.next_back().cloned().or(self.post.take());
        let mut new: Vec<_> = heard.iter().map(|shown| told(&shown.look())).collect();
        for (name, person) in &self.people {
            let private = person.dm().unread();
            person.dm().skip_unread();
            let private = private.iter().map(told);
            new.extend(private.map(|text| format!("(to {name}) {text}")));
        }
        new
    }
}

impl Club for ClubOnTelegram {
    async fn says(&mut self, who: &str, line: &str) -> String {
        let person = self.person(who).await;
        person.says(&self.room, line).await;
        page(self.news().await)
    }

    async fn presses(&mut self, who: &str, label: &str) -> String {
        let person = self.person(who).await;
        let post = self.post.clone().expect("a post");
        let toast = person.presses(&post, label).await.answer().await;
        let mut all = vec![toast.text];
        all.extend(self.news().await);
        page(all)
    }

    async fn until(&mut self, time: &str) -> String {
        let end = next(&self.stage.clock, time);
        let before = self.post.as_ref().map(|post| post.look().text);
        self.posts.until(&end.to_string()).await;
        let mut new = self.news().await;
        if new.is_empty()
            && let Some(post) = self.post.as_ref().map(|post| post.look())
            && Some(&post.text) != before.as_ref()
        {
            new.push(told(&post));
        }
        page(new)
    }

    async fn throws_the_bot_out(&mut self) {
        self.room.kick_bot();
        self.stage.tg.settled().await;
    }

    async fn lets_the_bot_in(&mut self) {
        self.room.readd_bot();
        self.stage.tg.settled().await;
    }

    async fn ends(self) {
        self.stage.ends_well().await;
    }
}

/// In a channel on Discord.
pub struct ClubOnDiscord {
    stage: OnDiscord,
    posts: Posts<ankle_discord::Discord>,
    server: discord::Server,
    room: discord::Channel,
    /// The messages that have been shown, and what they said.
    known: Vec<(u64, String)>,
    private: Vec<(String, usize)>,
    post: Option<discord::Shown>,
}

impl ClubOnDiscord {
    pub async fn on(data: Data) -> Self {
        let stage = OnDiscord::on(data).await;
        let server = stage.discord.server(NAME);
        let room = server.channel("mobility");
        let _ = server.organiser(ORGANISER);
        Self {
            posts: stage.posts(),
            stage,
            server,
            room,
            known: Vec::new(),
            private: vec![(ORGANISER.to_owned(), 0)],
            post: None,
        }
    }

    fn person(&mut self, who: &str) -> discord::Person {
        if !self.private.iter().any(|(name, _)| name == who) {
            let _ = self.server.member(who);
            self.private.push((who.to_owned(), 0));
        }
        self.room.person(who).speaking("en-GB")
    }

    fn news(&mut self) -> Vec<String> {
        let mut new = Vec::new();
        for shown in self.room.bot_messages() {
            let text = told_on_discord(&shown);
            let entry = (shown.id(), text.clone());
            if shown.deleted || shown.ephemeral || self.known.contains(&entry) {
                continue;
            }
            self.known.retain(|(id, _)| *id != shown.id());
            self.known.push(entry);
            self.post = Some(shown);
            new.push(text);
        }
        for (name, seen) in &mut self.private {
            let all = self.stage.discord.user(name).dm().sees();
            let private = all.iter().skip(*seen).map(told_on_discord);
            new.extend(private.map(|text| format!("(to {name}) {text}")));
            *seen = all.len();
        }
        new
    }
}

impl Club for ClubOnDiscord {
    async fn says(&mut self, who: &str, line: &str) -> String {
        let person = self.person(who);
        let line = on_which_root(line);
        let answer = self.stage.types(&person, &line).await.answer().await;
        self.stage.discord.settled().await;
        let answer = told_on_discord(&answer);
        let mut new = self.news();
        new.retain(|text| *text != answer);
        new.insert(0, answer);
        page(new)
    }

    async fn presses(&mut self, who: &str, label: &str) -> String {
        let person = self.person(who);
        let post = self.post.clone().expect("a post");
        let answer = person.press(&post, label).await.answer().await;
        self.stage.discord.settled().await;
        let mut all = vec![told_on_discord(&answer)];
        all.extend(self.news());
        page(all)
    }

    async fn until(&mut self, time: &str) -> String {
        let end = next(&self.stage.clock, time);
        self.posts.until(&end.to_string()).await;
        self.stage.discord.settled().await;
        page(self.news())
    }

    async fn throws_the_bot_out(&mut self) {
        self.server.kick_bot();
        self.stage.discord.settled().await;
    }

    async fn lets_the_bot_in(&mut self) {
        self.server.add_bot();
        self.stage.discord.settled().await;
    }

    async fn ends(self) {
        self.stage.ends_well().await;
    }
}

/// Organisers have a command of their own on Discord.
fn on_which_root(line: &str) -> String {
    let of_organisers = ["remind", "club", "challenge create", "challenge cancel"];
    let rest = line.strip_prefix("/ankle ").unwrap_or_default();
    if of_organisers.iter().any(|path| rest.starts_with(path)) {
        format!("/ankle-club {rest}")
    } else {
        line.to_owned()
    }
}
