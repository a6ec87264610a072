//! Discord: the real adapter, the real store, a fake platform.

use std::collections::HashMap;
use std::sync::Arc;

use ankle_core::club::Platform;
use ankle_core::command::Bot;
use ankle_core::face::{Clock, SimulatedClock};
use ankle_discord::{Config, Counters, Discord, Stopped};
use ankle_fakes::discord::{Channel, FakeDiscord, First, Form, Interaction, Person, Shown};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{Data, PATIENCE, Posts, START, Stage};

/// The word for it in the store.
const PLATFORM: Platform = Platform("discord");

/// The bot at the gateway of a fake.
pub struct OnDiscord {
    pub discord: FakeDiscord,
    pub clock: SimulatedClock,
    pub counters: Arc<Counters>,
    pub data: Data,
    face: Arc<Discord>,
    stop: CancellationToken,
    running: JoinHandle<Result<(), Stopped>>,
    people: HashMap<String, Latest>,
    /// Where stories are played; without, everybody is alone with the bot.
    channel: Option<Channel>,
}

/// What somebody has before him.
#[derive(Default)]
struct Latest {
    shown: Option<Shown>,
    form: Option<Form>,
}

impl OnDiscord {
    pub async fn on(data: Data) -> Self {
        let (discord, clock) = Self::prepared().await;
        let stage = Self::with(discord, clock, data).await;
        stage.discord.until_ready(1).await;
        stage.discord.until_registered("ankle-club").await;
        stage
    }

    /// A fake and its clock, before the bot connects.
    pub async fn prepared() -> (FakeDiscord, SimulatedClock) {
        let clock = SimulatedClock::new(START.parse().unwrap());
        let discord = FakeDiscord::start(Arc::new(clock.clone())).await;
        discord.limits(false);
        (discord, clock)
    }

    /// On a fake that was prepared before the bot connects.
    pub async fn with(discord: FakeDiscord, clock: SimulatedClock, data: Data) -> Self {
        let stop = CancellationToken::new();
        let house: Arc<dyn Clock> = Arc::new(clock.clone());
        let bot = Arc::new(Bot::new(data.store.clone(), house.clone()));
        let config = Config {
            token: discord.token(),
            api_url: Some(discord.url()),
            guild_id: None,
            shards: None,
        };
        let face = Discord::connect(&config, bot, data.store.clone(), house, &stop).await;
        let face = Arc::new(face.unwrap());
        let counters = face.counters();
        let running = tokio::spawn({
            let (stop, face) = (stop.clone(), face.clone());
            async move { face.run(&stop).await }
        });
        Self {
            discord,
            clock,
            counters,
            data,
            face,
            stop,
            running,
            people: HashMap::new(),
            channel: None,
        }
    }

    /// The same, with everybody in one channel of a server.
    pub fn in_a_channel(mut self) -> Self {
        let server = self.discord.server("Trail Friends");
        self.channel = Some(server.channel("mobility"));
        self
    }

    /// What a process does beside answering people, begun anew.
    pub fn posts(&self) -> Posts<Discord> {
        Posts::of(&self.face, &self.data.store, &self.clock, Discord::way())
    }

    /// Looks through every server for who has left it, as a process does within a day.
    pub async fn looks_for_leavers(&self) {
        let stop = CancellationToken::new();
        let looking = self.face.look_for_leavers(&stop);
        let looked = self.data.looked_through(PLATFORM, &self.clock, &stop);
        let in_time = tokio::time::timeout(PATIENCE, async { tokio::join!(looking, looked) }).await;
        assert!(in_time.is_ok(), "{}", self.discord.transcript());
    }

    /// Stops the bot, which may take some of the clock's time, and hands out what is left.
    pub async fn stop(self) -> (FakeDiscord, Data, Result<(), Stopped>) {
        self.stop.cancel();
        self.in_time(|| self.running.is_finished()).await;
        (self.discord, self.data, self.running.await.unwrap())
    }

    /// Ends the story: the bot stops by itself in good order, and broke no rule of the API.
    pub async fn ends_well(self) {
        let (discord, _, done) = self.stop().await;
        assert_eq!(done, Ok(()));
        assert_eq!(discord.late(), []);
        discord.finish_with_unread().await;
    }

    /// Another process takes over, on the same database.
    pub async fn restarted(self) -> Self {
        let clock = self.clock.clone();
        let (discord, mut data, _) = self.stop().await;
        data.reopen().await;
        let stage = Self::with(discord, clock, data).await;
        stage.discord.until_identified(2).await;
        stage
    }

    /// Lets time pass, from one who waits to the next, until it is as the test wants it.
    pub async fn in_time(&self, wanted: impl Fn() -> bool) {
        let passes = async {
            while !wanted() {
                let _ = self.clock.step();
                tokio::task::yield_now().await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, passes).await;
        assert!(
            in_time.is_ok(),
            "waited in vain\n{}",
            self.discord.transcript()
        );
    }

    /// How many tests are stored.
    pub async fn tests(&self) -> i64 {
        self.data.store.tests().await.unwrap().0
    }

    /// Somebody types a line into the command's menu, as far as his client lets him: what it would
    /// not send comes as from an old client.
    pub async fn types(&self, person: &Person, line: &str) -> Interaction {
        let commands = self.discord.commands(None);
        let menu = Typed::of(&commands, line);
        let options: Vec<_> = menu.options.iter().map(|(k, v)| (&**k, &**v)).collect();
        match person.try_slash(&menu.path, &options).await {
            Ok(sent) => sent,
            Err(_) => person.slash_raw(menu.root, &menu.raw).await,
        }
    }

    fn latest(&mut self, who: &str) -> (Person, &mut Latest) {
        let person = match &self.channel {
            Some(channel) => channel.person(who).speaking("en-GB"),
            None => self.discord.user(who).speaking("en-GB").dm(),
        };
        (person, self.people.entry(who.to_owned()).or_default())
    }

    async fn read(&mut self, who: &str, interaction: Interaction) -> String {
        if let First::Modal(_) = interaction.first().await {
            let form = interaction.form().await;
            let title = form.title.clone();
            let fields: Vec<_> = form.fields.iter().map(|f| f.label.clone()).collect();
            self.latest(who).1.form = Some(form);
            return format!("{title}\n[{}: ____]", fields.join(", "));
        }
        let shown = interaction.answer().await;
        let mut text = told_on_discord(&shown);
        if self.channel.is_some() {
            let all = if shown.ephemeral { "" } else { "(to all) " };
            let over = match interaction.first().await {
                First::Updated => "(over it) ",
                _ => "",
            };
            text = format!("{all}{over}{text}");
        }
        self.latest(who).1.shown = Some(shown);
        text
    }
}

/// A line as somebody types it into Discord's menu.
struct Typed<'a> {
    root: &'a str,
    path: String,
    options: Vec<(String, String)>,
    /// The options as an old client would send them, which checks nothing.
    raw: Value,
}

impl<'a> Typed<'a> {
    fn of(commands: &[Value], line: &'a str) -> Self {
        let mut words = line.trim_start_matches('/').split_whitespace().peekable();
        let root = words.next().unwrap_or_default();
        let mut path = vec![root];
        let list = |level: &Value| level["options"].as_array().cloned().unwrap_or_default();
        let known = commands.iter().find(|command| command["name"] == root);
        let mut options_here = known.map(list).unwrap_or_default();
        while let Some(word) = words.peek() {
            let is_nested = |o: &&Value| o["name"] == *word && o["type"].as_u64() < Some(3);
            let Some(next) = options_here.iter().find(is_nested).cloned() else {
                break;
            };
            path.push(words.next().unwrap_or_default());
            options_here = list(&next);
        }
        // Of a group somebody picks what shows it.
        if options_here
            .iter()
            .any(|o| o["name"] == "show" && o["type"] == 1)
        {
            path.push("show");
            options_here.clear();
        }
        let is_known = |name: &str| options_here.iter().any(|o| o["name"] == name);
        let mut options = Vec::new();
        let mut plain = Vec::new();
        for word in words {
            match word.split_once(':').filter(|(key, _)| is_known(key)) {
                Some((key, value)) => options.push((key.to_owned(), value.to_owned())),
                None => plain.push(word),
            }
        }
        let mut required = options_here
            .iter()
            .filter(|o| o["required"] == true)
            .peekable();
        let mut plain = plain.into_iter();
        while let Some(option) = required.next() {
            let rest = if required.peek().is_some() {
                plain.next().map(str::to_owned)
            } else {
                let rest: Vec<_> = plain.by_ref().collect();
                (!rest.is_empty()).then(|| rest.join(" "))
            };
            options.extend(rest.map(|rest| (name_of(option), rest)));
        }
        let mut free = options_here.iter().filter(|o| o["required"] != true);
        for word in plain {
            let option = free.next().map_or_else(|| word.to_owned(), name_of);
            options.push((option, word.to_owned()));
        }
        let mut raw: Vec<_> = options
            .iter()
            .map(|(name, value)| json!({ "type": 3, "name": name, "value": value }))
            .collect();
        let mut nested: Vec<_> = path[1..].iter().map(|word| (*word).to_owned()).collect();
        if path.len() == 1 {
            // No client knows such a command; an old one may have.
            nested = options
                .drain(..1.min(options.len()))
                .map(|(_, word)| word)
                .collect();
            raw = raw.into_iter().skip(1).collect();
        }
        for word in nested.iter().rev() {
            raw = vec![json!({ "type": 1, "name": word, "options": raw })];
        }
        Self {
            root,
            path: format!("/{}", path.join(" ")),
            options,
            raw: Value::Array(raw),
        }
    }
}

fn name_of(option: &Value) -> String {
    option["name"].as_str().unwrap_or_default().to_owned()
}

/// A message as stories tell it: its text with Discord's marks in it, and its buttons in brackets.
pub fn told_on_discord(shown: &Shown) -> String {
    let mut lines: Vec<_> = shown.content.lines().map(str::to_owned).collect();
    for embed in &shown.embeds {
        let text = embed["description"].as_str().unwrap_or_default();
        lines.extend(text.lines().map(str::to_owned));
    }
    let labels: Vec<_> = shown.labels().iter().map(|l| format!("[{l}]")).collect();
    lines.push(labels.join(" "));
    lines.join("\n").trim_end().to_owned()
}

impl Stage for OnDiscord {
    async fn says(&mut self, who: &str, line: &str) -> String {
        let (person, latest) = self.latest(who);
        let sent = match latest.form.take() {
            Some(form) if !line.starts_with('/') => {
                let field = form.fields[0].label.clone();
                person.submit(&form, &[(&field, line)]).await
            }
            _ => self.types(&person, line).await,
        };
        self.read(who, sent).await
    }

    async fn presses(&mut self, who: &str, label: &str) -> String {
        let (person, latest) = self.latest(who);
        let shown = latest.shown.clone().expect("something to press");
        let pressed = person.press(&shown, label).await;
        self.read(who, pressed).await
    }

    fn days(&mut self, days: i64) {
        self.clock.advance(SignedDuration::from_hours(24 * days));
    }

    async fn ends(self) {
        self.ends_well().await;
    }
}
