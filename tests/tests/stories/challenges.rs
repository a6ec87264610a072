//! Challenges, from their first day to their results: told once, and played in a room of the terminal, in
//! a group and on a server, on both databases.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ankle_core::face::SimulatedClock;
use ankle_fakes::discord::{self, Channel};
use ankle_fakes::telegram::{Chat, Person};
use ankle_telegram::Telegram;
use anklebot::terminal::{Session, Step, Style};

use crate::stage::{Data, OnDiscord, OnTelegram, Posts, START, told, told_on_discord};

/// A room of a club in which people talk, and in which time passes.
trait Hall {
    /// Somebody says a line there, after the name of the bot. Returns what everybody hears of it, and
    /// what he hears alone.
    async fn says(&mut self, who: &str, line: &str) -> String;
    /// Somebody presses a button of the latest message that has it: there, or before him alone.
    async fn presses(&mut self, who: &str, label: &str) -> String;
    /// Time passes until an instant, less than a day away. Returns what comes by itself: there, and to
    /// somebody alone.
    async fn until(&mut self, time: &str, whom: &str) -> String;
    /// What stands there of what begins so.
    async fn stands(&mut self, begin: &str) -> usize;
    /// The story is over.
    async fn ends(self);
}

/// The page that a story is written on.
struct Play<H> {
    hall: H,
    page: String,
}

impl<H: Hall> Play<H> {
    async fn says(&mut self, who: &str, line: &str) {
        let answer = self.hall.says(who, line).await;
        self.write(&format!("{who}: {line}"), &answer);
    }

    /// Lines that are not what the story is about.
    async fn says_aside(&mut self, who: &str, lines: &[&str]) {
        for line in lines {
            self.hall.says(who, line).await;
        }
    }

    async fn presses(&mut self, who: &str, label: &str) {
        let answer = self.hall.presses(who, label).await;
        self.write(&format!("{who} presses {label}"), &answer);
    }

    async fn until(&mut self, time: &str, whom: &str) {
        let posted = self.hall.until(time, whom).await;
        self.write(&format!("({time})"), &posted);
    }

    fn write(&mut self, what: &str, answer: &str) {
        let lines = answer.lines().map(|line| format!("    {line}\n"));
        let answer: String = lines.collect();
        self.page += &[what, &answer, ""].join("\n");
    }
}

/// Four days with a goal: somebody private leads, and who is second catches up when the last day is over.
async fn story<H: Hall>(hall: H, name: &str) {
    let mut story = Play {
        hall,
        page: String::new(),
    };
    let set_up = [
        "club settings zone:Berlin",
        "remind set 07:00 exercise:calf-raise",
        "club home",
    ];
    story.says_aside("Boss", &set_up).await;
    story
        .says_aside("Ana", &["me settings privacy:hidden"])
        .await;
    let create =
        "challenge create Four days of raises exercise:calf-raise from:2026-11-25 for:4d goal:8";
    story.says("Boss", create).await;
    story.presses("Mia", "Join").await;
    story.presses("Ana", "Join").await;
    story.until("2026-11-25T06:00:00Z", "Ana").await;
    story.presses("Jonas", "Join").await;
    for who in ["Mia", "Jonas", "Ana"] {
        story.says_aside(who, &["done raise"]).await;
    }
    story.until("2026-11-26T06:00:00Z", "Ana").await;
    for who in ["Mia", "Jonas", "Ana"] {
        story.says_aside(who, &["done raise", "done raise"]).await;
    }
    story.until("2026-11-27T06:00:00Z", "Ana").await;
    story.says_aside("Ana", &["done raise"]).await;
    story.until("2026-11-28T06:00:00Z", "Ana").await;
    story.says("Mia", "challenge").await;
    story.presses("Ana", "My days").await;
    story.until("2026-11-28T17:00:00Z", "Ana").await;
    story.presses("Ana", "Show my name").await;
    story.until("2026-11-29T06:00:00Z", "Ana").await;
    story
        .says_aside("Jonas", &["done raise on:yesterday"])
        .await;
    story.until("2026-11-29T11:00:00Z", "Ana").await;
    story.says_aside("Mia", &["done raise on:yesterday"]).await;
    story.until("2026-11-30T10:00:00Z", "Ana").await;
    assert_eq!(story.hall.stands("Results").await, 1, "they stay");
    story.says("Mia", "challenge").await;
    story.says("Tom", "challenge join challenge:1").await;
    story.hall.ends().await;
    insta::with_settings!({ snapshot_suffix => "", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, story.page);
    });
}

macro_rules! everywhere {
    ($($face:ident: $hall:ident, $name:literal;)*) => {$(
        mod $face {
            use super::*;

            #[tokio::test]
            async fn a_challenge_from_its_first_day_to_its_results_on_sqlite() {
                story($hall::on(Data::sqlite().await).await, $name).await;
            }

            #[tokio::test]
            #[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
            async fn a_challenge_from_its_first_day_to_its_results_on_postgres() {
                story($hall::on(Data::postgres().await).await, $name).await;
            }
        }
    )*};
}

everywhere! {
    in_the_terminal: AtTheTerminal, "a_challenge_in_the_terminal";
    in_a_group: InAGroup, "a_challenge_in_a_group";
    on_a_server: OnAServer, "a_challenge_on_a_server";
}

/// A room of the terminal.
struct AtTheTerminal {
    session: Session,
    who: String,
    _files: tempfile::TempDir,
    _data: Data,
}

impl AtTheTerminal {
    async fn on(data: Data) -> Self {
        let clock = Arc::new(SimulatedClock::new(START.parse().unwrap()));
        let style = Style::for_output(false);
        let session = Session::start(&data.store, clock, style).await.unwrap();
        let files = tempfile::tempdir().unwrap();
        Self {
            session: session.saving_in(files.path()),
            who: String::new(),
            _files: files,
            _data: data,
        }
    }

    /// Buttons stay with who had them before him.
    async fn become_who(&mut self, who: &str) {
        if self.who != who {
            self.take(&format!("/as {who}")).await;
            who.clone_into(&mut self.who);
        }
    }

    async fn take(&mut self, line: &str) -> String {
        match self.session.take(line).await {
            Step::Show(text) => text,
            Step::Quit => String::new(),
        }
    }
}

impl Hall for AtTheTerminal {
    async fn says(&mut self, who: &str, line: &str) -> String {
        self.become_who(who).await;
        self.take(&format!("/ankle {line}")).await
    }

    async fn presses(&mut self, who: &str, label: &str) -> String {
        if self.who != who {
            let line = match label {
                "Join" => "challenge join",
                "My days" => "challenge show challenge:1 show:mine",
                other => panic!("{other}: nothing to press"),
            };
            return self.says(who, line).await;
        }
        self.take(&format!("/press {label}")).await
    }

    async fn until(&mut self, time: &str, whom: &str) -> String {
        self.become_who(whom).await;
        self.take(&format!("/tick {}", &time[11..16])).await
    }

    async fn stands(&mut self, _: &str) -> usize {
        // A terminal keeps what it has shown.
        1
    }

    async fn ends(self) {}
}

/// A group.
struct InAGroup {
    stage: OnTelegram,
    posts: Posts<Telegram>,
    club: Chat,
    people: HashMap<String, Person>,
}

impl InAGroup {
    async fn on(data: Data) -> Self {
        let stage = OnTelegram::on(data).await;
        let club = stage.tg.supergroup("Trail Friends");
        let mut people = HashMap::new();
        for name in ["Boss", "Mia", "Jonas", "Ana", "Tom"] {
            let person = stage.friend(name).await;
            club.join(&person);
            people.insert(name.to_owned(), person);
        }
        club.promote(&people["Boss"]);
        stage.tg.settled().await;
        club.skip_unread();
        Self {
            posts: stage.posts(),
            stage,
            club,
            people,
        }
    }

    /// What is new: in the group, and to somebody alone.
    async fn news(&self, whom: &str) -> String {
        self.stage.tg.settled().await;
        let dm = self.people[whom].dm();
        let here = self.club.unread();
        let here = here.iter().map(told);
        let alone = dm.unread().into_iter();
        let alone = alone.map(|one| format!("(to {whom}) {}", told(&one)));
        let all: Vec<_> = here.chain(alone).collect();
        self.club.skip_unread();
        dm.skip_unread();
        all.join("\n")
    }
}

impl Hall for InAGroup {
    async fn says(&mut self, who: &str, line: &str) -> String {
        let person = &self.people[who];
        person.says(&self.club, &format!("/ankle {line}")).await;
        self.news(who).await
    }

    async fn presses(&mut self, who: &str, label: &str) -> String {
        let person = &self.people[who];
        let mut all = self.club.bot_messages();
        all.extend(person.dm().bot_messages());
        all.retain(|one| !one.deleted && one.labels().contains(&label));
        let on = all.pop().expect("something to press");
        let answer = person.presses(&on, label).await.answer().await;
        assert!(answer.text.chars().count() <= 120, "{}", answer.text);
        let more = self.news(who).await;
        let now = on.look();
        let changed = if now.text == on.text {
            String::new()
        } else {
            told(&now)
        };
        let parts = [answer.text, more, changed];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("\n")
    }

    async fn until(&mut self, time: &str, whom: &str) -> String {
        self.posts.until(time).await;
        let mut new = self.club.unread().into_iter();
        assert!(new.all(|one| one.silent));
        self.news(whom).await
    }

    async fn stands(&mut self, begin: &str) -> usize {
        let all = self.club.bot_messages().into_iter();
        all.filter(|one| !one.deleted && one.text.starts_with(begin))
            .count()
    }

    async fn ends(self) {
        drop(self.posts);
        self.stage.ends_well().await;
    }
}

/// A channel of a server.
struct OnAServer {
    stage: OnDiscord,
    posts: Posts<ankle_discord::Discord>,
    channel: Channel,
    boss: discord::Person,
    heard: HashSet<u64>,
}

impl OnAServer {
    async fn on(data: Data) -> Self {
        let stage = OnDiscord::on(data).await;
        let club = stage.discord.server("Trail Friends");
        let channel = club.channel("mobility");
        let boss = club.organiser("Boss").in_channel(&channel);
        Self {
            posts: stage.posts(),
            stage,
            channel,
            boss,
            heard: HashSet::new(),
        }
    }

    fn person(&self, who: &str) -> discord::Person {
        if who == "Boss" {
            self.boss.clone()
        } else {
            self.channel.person(who)
        }
    }

    fn standing(&self) -> Vec<discord::Shown> {
        let mut all = self.channel.bot_messages();
        all.retain(|one| !one.ephemeral);
        all
    }

    fn alone(&self, who: &str) -> Vec<discord::Shown> {
        self.stage.discord.user(who).dm().sees()
    }

    /// What of it is new.
    fn hear(&mut self, mut all: Vec<discord::Shown>) -> Vec<discord::Shown> {
        all.retain(|one| self.heard.insert(one.id()));
        all
    }

    /// What an interaction says: to all, or to who asked.
    async fn told(&mut self, who: &str, sent: discord::Interaction) -> String {
        let answer = sent.answer().await;
        self.stage.discord.settled().await;
        self.hear(self.standing());
        self.hear(self.alone(who));
        let text = told_on_discord(&answer);
        if answer.ephemeral {
            format!("(to {who}) {text}")
        } else {
            text
        }
    }
}

impl Hall for OnAServer {
    async fn says(&mut self, who: &str, line: &str) -> String {
        let for_organisers = ["club", "remind", "challenge create", "challenge cancel"];
        let organises = for_organisers.iter().any(|words| line.starts_with(words));
        let root = if organises { "/ankle-club" } else { "/ankle" };
        let person = self.person(who);
        let sent = self.stage.types(&person, &format!("{root} {line}")).await;
        self.told(who, sent).await
    }

    async fn presses(&mut self, who: &str, label: &str) -> String {
        let has = |one: &discord::Shown| one.labels().contains(&label);
        let alone = self.alone(who).into_iter().rfind(has);
        let here = self
            .standing()
            .into_iter()
            .rfind(|one| !one.deleted && has(one));
        let sent = match (alone, here) {
            (Some(on), _) => self.stage.discord.user(who).dm().press(&on, label).await,
            (None, Some(on)) => self.person(who).press(&on, label).await,
            (None, None) => panic!("nothing to press"),
        };
        self.told(who, sent).await
    }

    async fn until(&mut self, time: &str, whom: &str) -> String {
        self.posts.until(time).await;
        self.stage.discord.settled().await;
        let here = self.hear(self.standing());
        assert!(here.iter().all(|one| one.silent));
        let alone = self.hear(self.alone(whom));
        let alone = alone
            .iter()
            .map(|one| format!("(to {whom}) {}", told_on_discord(one)));
        let all: Vec<_> = here.iter().map(told_on_discord).chain(alone).collect();
        all.join("\n")
    }

    async fn stands(&mut self, begin: &str) -> usize {
        let all = self.standing().into_iter();
        let begins = |one: &discord::Shown| {
            told_on_discord(one)
                .trim_start_matches('*')
                .starts_with(begin)
        };
        all.filter(|one| !one.deleted && begins(one)).count()
    }

    async fn ends(self) {
        drop(self.posts);
        self.stage.ends_well().await;
    }
}
