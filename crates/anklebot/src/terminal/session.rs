//! Who speaks where, and what becomes of a line.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ankle_core::calendar::Zone;
use ankle_core::card::{Button, Card};
use ankle_core::club::Platform;
use ankle_core::command::Bot;
use ankle_core::face::{
    AccountAddress, Answer, Asker, Audience, EventId, MessageRef, MovableClock, Outcome, Person,
    Place, Placement, Request, Rights, RoomAddress, Said, Whispers,
};
use ankle_core::store::{Store, StoreError, Who};
use ankle_core::words::{Check, Speaker, doctor_card};
use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};

use super::draw::{Style, clean};
use super::posts::{Heard, News, Posts, private_room};
use crate::serve::data_line;

/// The terminal's own commands, for completion and for the greeting.
pub const OWN_COMMANDS: [(&str, &str); 6] = [
    ("/as", "speak as somebody else: /as Mia"),
    ("/room", "go to a room: /room track"),
    ("/dm", "talk privately"),
    ("/press", "press a button: /press 1"),
    ("/tick", "let time pass: /tick 07:00, /tick 14d"),
    ("/quit", "leave"),
];

const PLATFORM: Platform = Platform("terminal");
const CLUB: &str = "terminal";

/// The setting that holds by how much the terminal's clock is ahead.
const OFFSET: &str = "terminal_offset_ms";

/// A conversation.
pub struct Session {
    bot: Bot,
    posts: Posts,
    store: Arc<Store>,
    clock: Arc<dyn MovableClock>,
    ahead: SignedDuration,
    style: Style,
    name: String,
    locale: Option<String>,
    /// The room; none in private.
    room: Option<String>,
    events: u64,
    started: Timestamp,
    /// The buttons that can be pressed.
    buttons: Vec<Pressable>,
    /// Those of the latest post, which is for everybody.
    post_buttons: Vec<Pressable>,
    saved_all: bool,
    /// Where whoever let time pass last lives.
    zone: Zone,
    /// Where files are saved.
    folder: PathBuf,
}

/// A button that was shown.
#[derive(Clone)]
struct Pressable {
    label: String,
    /// How it travels.
    wire: String,
    /// Since when it is shown.
    since: Timestamp,
}

/// What becomes of a line.
pub enum Step {
    /// Show this and go on.
    Show(String),
    /// End.
    Quit,
}

/// The buttons of a card that is shown since then.
fn pressable(card: &Card, owner: Option<i64>, since: Timestamp) -> Vec<Pressable> {
    let buttons = card.buttons.iter().flatten();
    let pressable = |button: &Button| Pressable {
        label: button.label.clone(),
        wire: button.wire(owner),
        since,
    };
    buttons.map(pressable).collect()
}

impl Session {
    /// A conversation on a database, at the time that its clock had reached.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn start(
        store: &Arc<Store>,
        clock: Arc<dyn MovableClock>,
        style: Style,
    ) -> Result<Self, StoreError> {
        let stored = store
            .setting(OFFSET)
            .await?
            .and_then(|text| text.parse().ok());
        let ahead = SignedDuration::from_millis(stored.unwrap_or(0));
        clock.move_on(ahead);
        Ok(Self {
            bot: Bot::new(store.clone(), clock.clone()),
            posts: Posts::new(store, &clock, PLATFORM),
            store: store.clone(),
            started: clock.now(),
            clock,
            ahead,
            style,
            name: own_name(),
            locale: own_locale(),
            room: Some("trail-friends".to_owned()),
            events: 0,
            buttons: Vec::new(),
            post_buttons: Vec::new(),
            saved_all: true,
            zone: Zone::utc(),
            folder: PathBuf::new(),
        })
    }

    /// Saves files in a folder, instead of where the program was started.
    #[must_use]
    pub fn saving_in(mut self, folder: &Path) -> Self {
        self.folder = folder.to_path_buf();
        self
    }

    /// The time on the terminal's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// At most six lines for who has just arrived.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn greeting(&self) -> Result<String, StoreError> {
        let data = data_line(&self.store, self.clock.now()).await?;
        let own = OWN_COMMANDS.map(|(command, _)| command).join("  ");
        Ok(format!(
            "anklebot in your terminal: no token, no server, the same bot.\n\
             {}\n\
             Try: /ankle test 9cm left, then /ankle history. All it can do: /ankle help\n\
             You are {} in a room with others. {}",
            self.style.quiet(&data),
            clean(&self.name),
            self.style.quiet(&format!("Play the club: {own}")),
        ))
    }

    /// Who speaks where.
    pub fn prompt(&self) -> String {
        let place = self
            .room
            .as_ref()
            .map_or("private".to_owned(), |room| format!("#{}", clean(room)));
        format!("{}@{place}> ", clean(&self.name))
    }

    /// Whether everything that was asked for was saved.
    pub fn saved_all(&self) -> bool {
        self.saved_all
    }

    /// Takes a line: one of the terminal's own commands, or something said to the bot.
    pub async fn take(&mut self, line: &str) -> Step {
        let line = line.trim();
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        let shown = match word.to_lowercase().as_str() {
            "" => String::new(),
            "/quit" | "/exit" => return Step::Quit,
            "/as" if rest.is_empty() => "Who? /as Mia".to_owned(),
            "/as" => {
                rest.clone_into(&mut self.name);
                // The post in the room is everybody's; an answer was somebody else's.
                self.buttons.clone_from(&self.post_buttons);
                self.whereabouts()
            }
            "/room" if rest.is_empty() => "Which room? /room track".to_owned(),
            "/room" => {
                self.buttons.clear();
                self.room = Some(rest.trim_start_matches('#').to_owned());
                self.whereabouts()
            }
            "/dm" => {
                self.buttons.clear();
                self.room = None;
                self.whereabouts()
            }
            "/press" => self.press(rest).await,
            "/tick" => self.tick(rest).await,
            _ if line.starts_with('/') => self.say(Said::Line(line.to_owned())).await,
            _ => {
                let text = line.to_owned();
                self.say(Said::ReplyTo {
                    message: None,
                    text,
                })
                .await
            }
        };
        Step::Show(self.with_posts(shown).await)
    }

    /// What is shown, and below it what was posted meanwhile.
    async fn with_posts(&mut self, shown: String) -> String {
        let posted = match self.posts.until(self.clock.now()).await {
            Ok(heard) if heard.is_empty() => return shown,
            Ok(heard) => {
                let who = self.account().external;
                if let Ok((_, settings)) = self.store.known_of(self.who(&who)).await {
                    self.zone = settings.zone.unwrap_or_else(Zone::utc);
                }
                self.posted(heard)
            }
            Err(error) => self.not_posted(&error),
        };
        let parts = [shown, posted];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("\n")
    }

    /// Posts, each with when and where it came. The buttons of the last can be pressed.
    fn posted(&mut self, heard: Vec<Heard>) -> String {
        let mut lines = Vec::new();
        for Heard { at, room, news } in heard {
            let what = match &news {
                News::New(_) => "posted",
                News::Changed(_) => "changed",
                News::Removed => "an earlier post is removed",
            };
            let time = self
                .zone
                .rules()
                .to_datetime(at)
                .strftime("%a %-d %b, %H:%M");
            let place = match room.strip_prefix("private/") {
                Some(name) => format!("privately to {}", clean(name)),
                None => format!("in #{}", clean(&room)),
            };
            lines.push(self.style.quiet(&format!("{time} {place}: {what}")));
            if let News::New(card) | News::Changed(card) = &news {
                let buttons = pressable(card, None, at);
                if !buttons.is_empty() {
                    if !room.starts_with("private/") {
                        self.post_buttons.clone_from(&buttons);
                    }
                    self.buttons = buttons;
                }
                lines.push(self.style.card(card));
            }
        }
        lines.join("\n")
    }

    fn not_posted(&mut self, error: &StoreError) -> String {
        tracing::error!(%error, "nothing was posted");
        self.saved_all = false;
        "Nothing was posted: the database did not answer.".to_owned()
    }

    fn whereabouts(&self) -> String {
        let place = match &self.room {
            Some(room) => format!("in #{}", clean(room)),
            None => "in private".to_owned(),
        };
        self.style
            .quiet(&format!("You are {} {place}.", clean(&self.name)))
    }

    async fn press(&mut self, which: &str) -> String {
        let by_number = which
            .parse()
            .ok()
            .and_then(|n: usize| self.buttons.get(n.checked_sub(1)?));
        let by_label = || {
            let which = which.to_lowercase();
            let mut all = self.buttons.iter().chain(&self.post_buttons);
            all.find(|button| button.label.to_lowercase() == which)
        };
        let Some(Pressable { wire, since, .. }) = by_number.or_else(by_label) else {
            let buttons: Vec<_> = self
                .buttons
                .iter()
                .map(|button| button.label.as_str())
                .collect();
            return if buttons.is_empty() {
                "There is no button to press.".to_owned()
            } else {
                format!(
                    "Which one? /press 1 to /press {} ({})",
                    buttons.len(),
                    buttons.join(", ")
                )
            };
        };
        let on = MessageRef {
            room: self.room.clone().unwrap_or_default(),
            message: "latest".to_owned(),
        };
        let (wire, since) = (wire.clone(), *since);
        self.say(Said::Press { wire, on, since }).await
    }

    async fn say(&mut self, said: Said) -> String {
        let request = self.request(said);
        match self.bot.answer(&request).await {
            Ok(Outcome::Say(answer)) => self.show(&answer),
            Ok(Outcome::Ask(question)) => self.show(&question.answer),
            Ok(Outcome::Examine(found)) => {
                let say = Speaker::of(found.language);
                let mut checks = vec![Check::fine("doctor-write")];
                if self.room.is_some() {
                    checks.push(Check::of_zone(found.zone.as_ref()));
                }
                let card = doctor_card(say, &checks, None);
                self.show(&Answer::private(card))
            }
            Ok(Outcome::Suggest(_) | Outcome::Quiet) => String::new(),
            Err(not_saved) => {
                self.saved_all = false;
                self.show(&not_saved.answer)
            }
        }
    }

    fn request(&mut self, said: Said) -> Request {
        self.events += 1;
        let event = format!(
            "terminal:{}:{}:{}",
            self.started.as_nanosecond(),
            std::process::id(),
            self.events
        );
        Request {
            event: EventId(event),
            at: self.clock.now(),
            asker: Asker::Person(Person {
                account: self.account(),
                name: self.name.clone(),
                handle: Some(self.name.clone()),
                locale: self.locale.clone(),
                // Whoever plays a whole club organises it, too.
                rights: Some(Rights { organiser: true }),
            }),
            place: match &self.room {
                Some(room) => Place::Room(RoomAddress {
                    chat: CLUB.to_owned(),
                    room: room.clone(),
                }),
                None => Place::Private {
                    room: private_room(&self.name.to_lowercase()),
                },
            },
            said,
            whispers: Whispers::Elsewhere,
        }
    }

    fn account(&self) -> AccountAddress {
        AccountAddress {
            platform: PLATFORM,
            external: self.name.to_lowercase(),
        }
    }

    fn show(&mut self, answer: &Answer) -> String {
        let card = &answer.card;
        if !card.buttons.is_empty() || answer.placement == Placement::InPlace {
            let owner = answer.owner.map(|account| account.0);
            self.buttons = pressable(card, owner, self.clock.now());
        }
        let mut shown = self.style.card(card);
        if self.room.is_some() && answer.audience == Audience::Asker {
            shown = format!("{}\n{shown}", self.style.quiet("(only you see this)"));
        }
        for line in save_files(card, &self.folder) {
            shown.push('\n');
            shown.push_str(&line);
        }
        shown
    }

    /// Lets time pass: to the next such moment on the asker's clock, or by so many hours or days.
    /// It never runs back, and what has been let pass stays passed after a restart.
    async fn tick(&mut self, to: &str) -> String {
        match self.store.serves_others_than(PLATFORM).await {
            Ok(false) => {}
            Ok(true) => {
                return "This database serves a real club: time is not to be played with here."
                    .into();
            }
            Err(error) => return self.not_moved(&error),
        }
        let zone = match self
            .store
            .known_of(self.who(&self.account().external))
            .await
        {
            Ok((_, settings)) => settings.zone.unwrap_or_else(Zone::utc),
            Err(error) => return self.not_moved(&error),
        };
        let now = self.clock.now();
        let Some(then) = next_moment(to, now, &zone) else {
            return "To when? /tick 07:00 or /tick 14d".to_owned();
        };
        let ahead = self.ahead + then.duration_since(now);
        let stored = async {
            let mut tx = self.store.begin().await?;
            tx.remember(OFFSET, &ahead.as_millis().to_string()).await?;
            tx.commit().await
        };
        if let Err(error) = stored.await {
            return self.not_moved(&error);
        }
        self.ahead = ahead;
        self.zone = zone.clone();
        let posted = match self.posts.until(then).await {
            Ok(heard) => self.posted(heard),
            Err(error) => self.not_posted(&error),
        };
        self.clock.move_on(then.duration_since(self.clock.now()));
        let local = zone.rules().to_datetime(then);
        let time = self.style.quiet(&format!(
            "It is {} in {}.",
            local.strftime("%a %-d %b %Y, %H:%M"),
            zone.city()
        ));
        let parts = [posted, time];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("\n")
    }

    fn not_moved(&mut self, error: &StoreError) -> String {
        tracing::error!(%error, "time was not moved");
        self.saved_all = false;
        "The clock was not moved: the database did not answer.".to_owned()
    }

    fn who<'a>(&'a self, external: &'a str) -> Who<'a> {
        Who {
            platform: PLATFORM,
            external,
            name: &self.name,
            locale: self.locale.as_deref(),
            handle: None,
        }
    }
}

/// The next moment when clocks in a zone show `07:00`, or the one after `14d` or `3h`.
fn next_moment(typed: &str, now: Timestamp, zone: &Zone) -> Option<Timestamp> {
    let number = |digits: &str| {
        digits
            .parse::<i64>()
            .ok()
            .filter(|n| (1..=10_000).contains(n))
    };
    if let Some(days) = typed.strip_suffix('d').and_then(number) {
        return now.checked_add(SignedDuration::from_hours(24 * days)).ok();
    }
    if let Some(hours) = typed.strip_suffix('h').and_then(number) {
        return now.checked_add(SignedDuration::from_hours(hours)).ok();
    }
    let (hour, minute) = typed.split_once(':').unwrap_or((typed, "0"));
    let time = Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?;
    let mut day = zone.rules().to_datetime(now).date();
    loop {
        let ambiguous = zone.rules().to_ambiguous_timestamp(day.to_datetime(time));
        let at = ambiguous.compatible().ok()?;
        if at > now {
            return Some(at);
        }
        day = day.tomorrow().ok()?;
    }
}

/// Writes a card's files where the program was started, never over another one.
fn save_files(card: &Card, folder: &Path) -> Vec<String> {
    card.files
        .iter()
        .map(|file| match save(folder, &file.name, &file.content) {
            Ok(path) => format!("Saved as {path}"),
            Err(error) => format!("{} could not be saved: {error}", file.name),
        })
        .collect()
}

fn save(folder: &Path, name: &str, content: &str) -> std::io::Result<String> {
    use std::io::Write;
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "txt"));
    for number in 1..1_000 {
        let path = match number {
            1 => name.to_owned(),
            _ => format!("{stem}-{number}.{ending}"),
        };
        match std::fs::File::create_new(folder.join(&path)) {
            Ok(mut file) => {
                file.write_all(content.as_bytes())?;
                return Ok(folder.join(path).display().to_string());
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(std::io::ErrorKind::AlreadyExists.into())
}

/// The name of who sits at the terminal.
fn own_name() -> String {
    let name = std::env::var("USER").unwrap_or_default();
    if name.is_empty() {
        "runner".to_owned()
    } else {
        name
    }
}

/// The language of the terminal. Its region says nothing of how its owner measures.
fn own_locale() -> Option<String> {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))?;
    let language = set.split(['_', '.', '@']).next()?;
    (language.len() == 2).then(|| language.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_passes_to_the_next_such_moment_and_never_back() {
        let berlin: Zone = "Berlin".parse().unwrap();
        let now: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let next = |typed| next_moment(typed, now, &berlin).map(|at| at.to_string());
        assert_eq!(next("12:00").as_deref(), Some("2026-11-24T11:00:00Z"));
        assert_eq!(next("11:00").as_deref(), Some("2026-11-25T10:00:00Z"));
        assert_eq!(next("7").as_deref(), Some("2026-11-25T06:00:00Z"));
        assert_eq!(next("14d").as_deref(), Some("2026-12-08T10:00:00Z"));
        assert_eq!(next("3h").as_deref(), Some("2026-11-24T13:00:00Z"));
        for nonsense in ["", "25:00", "x", "-3d", "0h", "7:60", "99999999999d"] {
            assert_eq!(next(nonsense), None, "{nonsense}");
        }
    }
}
