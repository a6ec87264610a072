//! From an interaction to its answer: the work is committed first, then the answer goes out.

mod deliver;
mod lateness;
mod respond;

use std::collections::HashSet;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ankle_core::club::Language;
use ankle_core::command::{Bot, Command};
use ankle_core::face::{Answer, Audience, Choice, Clock, NotSaved, Outcome, Person, Request};
use ankle_core::store::Store;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio_util::task::TaskTracker;

use crate::doctor;
use crate::form::Form;
use crate::interaction::{Asked, From, Happening, Incoming, Target, Typing, Whereabouts};
use crate::lookout;
use crate::membership::Memberships;
use crate::metrics::Counters;
use crate::render::cut;
use crate::rest::{CallError, Rest};
use crate::turns::{Turn, Turns};
use lateness::{PlatformTime, Seldom};
use respond::Reply;

/// Where interactions are worked on. One for the whole face.
pub struct Desk {
    pub rest: Rest,
    pub bot: Arc<Bot>,
    pub store: Arc<Store>,
    pub clock: Arc<dyn Clock>,
    pub counters: Arc<Counters>,
    /// Our application's number.
    pub application: String,
    /// Our bot's, which is another for old applications.
    pub me: String,
    pub memberships: Memberships,
    turns: Arc<Turns>,
    tasks: TaskTracker,
    ready: AtomicBool,
    /// Servers whose set-up card is known to have been shown, or is just being shown.
    set_up: Mutex<HashSet<String>>,
    platform_time: PlatformTime,
    of_late: Seldom,
    of_unknown: Seldom,
}

/// After this, counted from when an interaction was made, it is put off: its first response is due
/// after three seconds.
const PUT_OFF: SignedDuration = SignedDuration::from_secs(2);

/// Suggestions that take longer are none: nobody waits for them while typing.
const SUGGEST: SignedDuration = SignedDuration::from_millis(1_500);

/// How often work is tried again, with a second's wait doubling in between, before the asker is told
/// that it is not saved. An interaction can be answered for a quarter of an hour.
const TRIES: u32 = 5;

/// As many servers are remembered as set up; the rest is asked of the database.
const REMEMBERED: usize = 10_000;

/// The longest name and value of a suggestion.
const MAX_CHOICE: usize = 100;

impl Desk {
    /// A desk with nothing on it.
    pub fn new(
        rest: Rest,
        bot: Arc<Bot>,
        store: Arc<Store>,
        clock: Arc<dyn Clock>,
        counters: Arc<Counters>,
        (application, me): (String, String),
    ) -> Self {
        Self {
            rest,
            bot,
            store,
            clock,
            counters,
            application,
            me,
            memberships: Memberships::default(),
            turns: Arc::default(),
            tasks: TaskTracker::new(),
            ready: AtomicBool::new(false),
            set_up: Mutex::default(),
            platform_time: PlatformTime::default(),
            of_late: Seldom::default(),
            of_unknown: Seldom::default(),
        }
    }

    /// Takes an interaction that the library could not read. We want less of it than the library does.
    pub fn take_unread(self: &Arc<Self>, interaction: &Value) {
        self.counters.add_unknown();
        self.warn_of_unknown("the library could not read an interaction");
        self.counters.add_interaction();
        let incoming = Incoming::of_json(interaction);
        if let Some(happening) = incoming.and_then(|incoming| incoming.read(self.clock.now())) {
            self.begin(happening);
        }
    }

    /// Takes an interaction. Everything else happens in a task of its own: nobody waits for anybody.
    pub fn take(self: &Arc<Self>, incoming: Option<Incoming>) {
        self.counters.add_interaction();
        let happening = incoming.and_then(|incoming| incoming.read(self.clock.now()));
        if matches!(happening, None | Some(Happening::Unknown(_))) {
            self.counters.add_unknown();
            self.warn_of_unknown("an interaction made no sense or is of an unknown kind");
        }
        if let Some(happening) = happening {
            self.begin(happening);
        }
    }

    fn warn_of_unknown(&self, what: &str) {
        if self.of_unknown.is_time(self.clock.now()) {
            let so_far = self.counters.unknown();
            tracing::warn!(so_far, "{what}");
        }
    }

    fn begin(self: &Arc<Self>, happening: Happening) {
        let desk = self.clone();
        match happening {
            Happening::Asked(asked) => {
                let age = self.platform_time.age(asked.to.made, self.clock.now());
                let turn = self.turns.take(&asked.to.user);
                self.tasks
                    .spawn(async move { desk.serve(*asked, age, turn).await });
            }
            Happening::Opens(form) => {
                self.tasks
                    .spawn(async move { desk.open(&form.0, &form.1).await });
            }
            Happening::Types(typing) => {
                self.tasks.spawn(async move { desk.suggest(*typing).await });
            }
            Happening::Unknown(to) => {
                self.tasks.spawn(async move { desk.shrug(&to).await });
            }
        }
    }

    /// Ends when everything that was taken is answered.
    pub async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Whether interactions reach us.
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }

    /// Notes whether interactions reach us.
    pub fn set_ready(&self, ready: bool) {
        self.ready.store(ready, Ordering::Relaxed);
    }

    /// Sleeps on the clock of the house.
    pub async fn sleep(&self, wait: SignedDuration) {
        self.clock.sleep_until(after(self.clock.now(), wait)).await;
    }

    async fn serve(&self, asked: Asked, age: SignedDuration, turn: Turn) {
        let Asked { request, to } = asked;
        let mut reply = Reply::to(&to);
        if to.from == From::Command
            && let Some((line, argument)) = Command::lacks(&request.said)
        {
            let form = Form {
                origin: to.hook.id.clone(),
                elsewhere: to.whereabouts == Whereabouts::Elsewhere,
                argument,
                line,
            };
            // Boxed, as is all that is rare: every command's future would hold room for it.
            return Box::pin(self.open(&form, &to)).await;
        }
        let done = if age < PUT_OFF {
            self.work_in_time(&request, &mut reply, turn).await
        } else {
            let audience = Command::audience_of(&request.said);
            if !Box::pin(self.put_off_alive(&mut reply, audience)).await {
                return;
            }
            self.work(&request, &to, turn).await
        };
        let is_saved = done.is_ok();
        let outcome = done.unwrap_or_else(|not_saved| Outcome::Say(not_saved.answer));
        self.deliver(outcome, &mut reply).await;
        if is_saved {
            self.offer_set_up(&mut reply).await;
        }
    }

    /// Does the work of a request. If it takes so long that nobody could be answered after it, it is put off.
    async fn work_in_time(
        &self,
        request: &Request,
        reply: &mut Reply<'_>,
        turn: Turn,
    ) -> Result<Outcome, Box<NotSaved>> {
        let mut work = pin!(self.work(request, reply.to, turn));
        let in_time = tokio::select! {
            biased;
            done = &mut work => Some(done),
            () = self.clock.sleep_until(after(reply.to.at, PUT_OFF)) => None,
        };
        if let Some(done) = in_time {
            return done;
        }
        // Read only now: that costs as much as the command itself.
        let audience = Command::audience_of(&request.said);
        // The work goes on meanwhile.
        tokio::join!(work, Box::pin(self.put_off(reply, audience))).0
    }

    /// What is put off at once is put off before anything is done: if Discord does not take that, nobody
    /// can be answered any more, so he has read that we did not respond and does it again. What a resumed
    /// session brings may be that old; our own clock may be wrong, and Discord's word is not.
    async fn put_off_alive(&self, reply: &mut Reply<'_>, audience: Audience) -> bool {
        match self.try_put_off(reply, audience).await {
            Ok(()) => true,
            // It is carried out, or was, by whoever answered.
            Err(CallError::AnsweredBefore) => false,
            Err(error) => {
                self.counters.add_late();
                if self.of_late.is_time(self.clock.now()) {
                    let so_far = self.counters.late();
                    tracing::warn!(%error, so_far, "what came too late to be answered was not carried out");
                }
                false
            }
        }
    }

    /// The work of a request, in its asker's order. A database that is away for a moment is waited for.
    async fn work(
        &self,
        request: &Request,
        to: &Target,
        mut turn: Turn,
    ) -> Result<Outcome, Box<NotSaved>> {
        turn.come().await;
        let eyes = lookout::From { desk: self, to };
        let mut wait = SignedDuration::from_secs(1);
        for _ in 1..TRIES {
            if let Ok(outcome) = self.bot.answer_seeing(request, &eyes).await {
                return Ok(self.examined(outcome, to).await);
            }
            self.sleep(wait).await;
            wait = wait.saturating_mul(2);
        }
        match self.bot.answer_seeing(request, &eyes).await {
            Ok(outcome) => Ok(self.examined(outcome, to).await),
            Err(not_saved) => Err(Box::new(not_saved)),
        }
    }

    /// What is to be looked at belongs to the work: it may take its time.
    async fn examined(&self, outcome: Outcome, to: &Target) -> Outcome {
        let Outcome::Examine(found) = outcome else {
            return outcome;
        };
        let is_absent = match &to.server {
            Some(server) => Box::pin(self.is_absent(server)).await,
            None => false,
        };
        let card = doctor::examine(&found, to, &self.application, is_absent);
        Outcome::Say(Answer::private(card))
    }

    /// Opens a form, which is a first response by itself.
    async fn open(&self, form: &Form, to: &Target) {
        let response = form.response(language(to));
        self.respond(to, response, Vec::new()).await;
    }

    async fn suggest(&self, typing: Typing) {
        let Typing {
            person,
            path,
            option,
            typed,
            to,
        } = typing;
        let choices = tokio::select! {
            biased;
            choices = self.choices(&person, &path, &option, &typed) => choices,
            () = self.clock.sleep_until(after(to.at, SUGGEST)) => Vec::new(),
        };
        let fits = |choice: &Choice| {
            let length = choice.value.encode_utf16().count();
            (1..=MAX_CHOICE).contains(&length) && !choice.label.is_empty()
        };
        let shown = |choice: &Choice| json!({ "name": cut(&choice.label, MAX_CHOICE), "value": choice.value });
        let choices: Vec<_> = choices
            .iter()
            .filter(|choice| fits(choice))
            .map(shown)
            .collect();
        let response = json!({ "type": 8, "data": { "choices": choices } });
        self.respond(&to, response, Vec::new()).await;
    }

    async fn choices(
        &self,
        person: &Person,
        path: &[String],
        option: &str,
        typed: &str,
    ) -> Vec<Choice> {
        let suggested = self.bot.suggest(person, path, option, typed).await;
        suggested.unwrap_or_else(|error| {
            tracing::warn!(%error, "nothing is suggested");
            Vec::new()
        })
    }

    /// Takes it on to show a server's organisers how to set it up. Says whether nobody in this process has.
    fn takes_on_set_up(&self, server: &str) -> bool {
        let mut set_up = self.set_up();
        if set_up.len() >= REMEMBERED {
            set_up.clear();
        }
        set_up.insert(server.to_owned())
    }

    fn set_up(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.set_up.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The language of who asks, before he is looked up.
pub fn language(to: &Target) -> Language {
    let locale = to.locale.as_deref();
    locale.and_then(Language::of_locale).unwrap_or_default()
}

fn after(at: Timestamp, wait: SignedDuration) -> Timestamp {
    at.checked_add(wait).unwrap_or(Timestamp::MAX)
}
