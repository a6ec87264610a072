use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::FutureExt;
use jiff::Timestamp;

use super::context::{Context, Failure};
use super::parse::{Parsed, parse_line, parse_named};
use super::{Command, Refusal};
use crate::card::{Card, read_wire};
use crate::club::{Language, QuestionId, Standing};
use crate::face::{
    Answer, Asker, Audience, Clock, EventId, MessageRef, NotSaved, Outcome, Person, Place, Request,
    Said,
};
use crate::store::{Met, Place as StorePlace, Store, StoreError, Tx, Visit, What, Who};
use crate::words::Speaker;

/// The program behind every face: takes requests, gives outcomes.
pub struct Bot {
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    panics: AtomicU64,
}

/// How often a transaction is run when somebody else keeps being faster.
const ATTEMPTS: usize = 4;

/// How long an edited command still replaces what it logged.
const EDITABLE: jiff::SignedDuration = jiff::SignedDuration::from_hours(48);

impl Bot {
    /// A bot on a store and a clock.
    #[must_use]
    pub fn new(store: Arc<Store>, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            clock,
            panics: AtomicU64::new(0),
        }
    }

    /// Does what a request asks, once, however often it is delivered. When this returns `Ok`, what
    /// the outcome says is stored.
    ///
    /// # Errors
    ///
    /// [`NotSaved`] if the database did not do its work: nothing is stored, and the platform may
    /// deliver the request again.
    pub async fn answer(&self, request: &Request) -> Result<Outcome, NotSaved> {
        let work = AssertUnwindSafe(self.attempts(request))
            .catch_unwind()
            .await;
        let language = language_of(request, None);
        let say = Speaker::of(language);
        match work {
            Ok(Ok(outcome)) => Ok(outcome),
            Ok(Err(error)) => {
                tracing::error!(error = chain(&error), "a request was not done");
                Err(NotSaved {
                    answer: Answer::private(Card::line(say.say("not-saved", &[]))),
                    cause: Box::new(error),
                })
            }
            Err(_) => {
                // The panic itself has been reported where it happened. Its transaction is undone,
                // and delivering the request again would only repeat it.
                self.panics.fetch_add(1, Ordering::Relaxed);
                tracing::error!("a handler panicked");
                let card = Card::line(say.say("went-wrong", &[]));
                Ok(Outcome::Say(Answer::private(card)))
            }
        }
    }

    /// Ties a question to the message that asks it, so that a reply finds it.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn asked_in(
        &self,
        question: QuestionId,
        message: &MessageRef,
    ) -> Result<(), StoreError> {
        let mut tx = self.store.begin().await?;
        tx.tie(question, &message_key(message)).await?;
        tx.commit().await
    }

    /// How many handlers have panicked since the start.
    #[must_use]
    pub fn panics(&self) -> u64 {
        self.panics.load(Ordering::Relaxed)
    }

    async fn attempts(&self, request: &Request) -> Result<Outcome, StoreError> {
        let Asker::Person(person) = &request.asker else {
            return Ok(answer_nobody(request));
        };
        let mut attempt = 1;
        loop {
            match self.once(request, person).await {
                Err(StoreError::Conflict(_)) if attempt < ATTEMPTS => attempt += 1,
                done => return done,
            }
        }
    }

    async fn once(&self, request: &Request, person: &Person) -> Result<Outcome, StoreError> {
        // What needs no database to be refused is refused without one, but for the language.
        let early = match &request.said {
            Said::Line(line) => Some(parse_line(line)),
            Said::Named { path, values } => Some(parse_named(path, values)),
            _ => None,
        };
        let early = match early {
            Some(Err(refusal)) => return self.refuse(request, person, &refusal).await,
            Some(Ok(parsed)) => Some(parsed),
            None => None,
        };
        let now = request.at.min(self.clock.now());
        let event = request.event.0.as_str();
        let mut tx = self.store.begin().await?;
        let visit = match tx
            .meet(who(person), store_place(&request.place), event, now)
            .await?
        {
            Met::Before(answer) => return Ok(serde_json::from_str(&answer)?),
            Met::Now(visit) => visit,
        };
        match run(&mut tx, visit, request, person, early, now).await {
            Ok(Done { outcome, account }) => {
                let answer = serde_json::to_string(&outcome)?;
                tx.keep(event, account, &answer, now).await?;
                tx.commit().await?;
                Ok(outcome)
            }
            Err(Failure::Refused(refusal)) => {
                drop(tx);
                self.refuse(request, person, &refusal).await
            }
            Err(Failure::Store(error)) => Err(error),
        }
    }

    /// A refusal leaves nothing behind, so it may be given again and again.
    async fn refuse(
        &self,
        request: &Request,
        person: &Person,
        refusal: &Refusal,
    ) -> Result<Outcome, StoreError> {
        let own = match self.store.settings_of(who(person)).await {
            Ok(settings) => settings.language,
            Err(error) => {
                tracing::warn!(
                    error = chain(&error),
                    "a refusal goes out in the platform's language"
                );
                None
            }
        };
        let say = Speaker::of(language_of(request, own));
        let answer = Answer::private(refusal.card(say));
        Ok(Outcome::Say(match request.said {
            Said::Edited { .. } => answer.in_place(),
            _ => answer,
        }))
    }
}

/// Somebody who speaks for a chat has no account: nothing can be logged for him.
fn answer_nobody(request: &Request) -> Outcome {
    let say = Speaker::of(language_of(request, None));
    Outcome::Say(Answer::private(Refusal::Anonymous.card(say)))
}

/// What a handler did, and whose answer it is.
struct Done {
    outcome: Outcome,
    account: Option<crate::club::AccountId>,
}

async fn run(
    tx: &mut Tx,
    visit: Visit,
    request: &Request,
    person: &Person,
    early: Option<Parsed>,
    now: Timestamp,
) -> Result<Done, Failure> {
    let account = visit.account;
    let mut context = Context {
        tx,
        visit,
        event: &request.event.0,
        logs_as: &request.event.0,
        name: &person.name,
        locale: person.locale.as_deref(),
        now,
        in_room: matches!(request.place, Place::Room(_)),
        pressed: false,
        forgotten: false,
    };
    let parsed = match (&request.said, early) {
        (_, Some(parsed)) => parsed,
        (Said::Press { wire, .. }, None) => {
            context.pressed = true;
            pressed(&context, wire)?
        }
        (Said::Filled { line, values }, None) => filled(line, values)?,
        (Said::ReplyTo { message, text }, None) => {
            replied(&mut context, message.as_ref(), text).await?
        }
        (Said::Edited { line, original }, None) => {
            match edited(&mut context, line, original).await? {
                Some(parsed) => {
                    context.logs_as = &original.0;
                    context.pressed = true;
                    parsed
                }
                None => {
                    return Ok(Done {
                        outcome: Outcome::Quiet,
                        account: Some(account),
                    });
                }
            }
        }
        (Said::Line(_) | Said::Named { .. }, None) => return Err(Refusal::OldButton.into()),
    };
    let outcome = match parsed {
        Parsed::Command(command) => command.run(&mut context).await?,
        Parsed::Missing { line, argument } => {
            let card = Card::line(context.say().say(&format!("ask-{argument}"), &[]));
            context.ask(card, &line, Some(&argument)).await?
        }
    };
    let account = (!context.forgotten).then_some(account);
    let mut outcome = outcome;
    if let Some(answer) = outcome.answer_mut() {
        answer.owner = account;
    }
    Ok(Done { outcome, account })
}

/// A press goes through the same grammar and the same rights as a typed line.
fn pressed(context: &Context<'_>, wire: &str) -> Result<Parsed, Failure> {
    let (owner, line) = read_wire(wire).map_err(|_| Refusal::OldButton)?;
    if owner.is_some_and(|owner| owner != context.visit.account.0) {
        return Err(Refusal::ForeignButton.into());
    }
    let parsed = parse_line(line).map_err(|_| Refusal::OldButton)?;
    Ok(parsed)
}

/// A form's fields complete the line they were opened for.
fn filled(line: &str, values: &[(String, String)]) -> Result<Parsed, Failure> {
    let values: Vec<_> = values.iter().map(|(_, value)| value.as_str()).collect();
    Ok(parse_line(&format!("{line} {}", values.join(" ")))?)
}

/// A reply answers the question that its message asks, or is a bare line.
async fn replied(
    context: &mut Context<'_>,
    message: Option<&MessageRef>,
    text: &str,
) -> Result<Parsed, Failure> {
    let key = message.map(message_key);
    let (account, room) = (context.visit.account, context.visit.room);
    let asked = context
        .tx
        .question(account, room, key.as_deref(), context.now)
        .await?;
    match asked {
        Some(asked) if asked.argument.is_some() => {
            let parsed = parse_line(&format!("{} {text}", asked.line))?;
            context.tx.answered(account, room).await?;
            Ok(parsed)
        }
        _ => match parse_line(text) {
            Err(Refusal::UnknownCommand { .. }) => Ok(parse_line(&format!("test {text}"))?),
            parsed => Ok(parsed?),
        },
    }
}

/// An edited test replaces what it logged; from a refusal the line runs as new. Everything else was
/// done and stays done.
async fn edited(
    context: &mut Context<'_>,
    line: &str,
    original: &EventId,
) -> Result<Option<Parsed>, Failure> {
    let was_handled = context.tx.answer_of(&original.0).await?.is_some();
    let parsed = parse_line(line)?;
    if !was_handled {
        return Ok(Some(parsed));
    }
    if !matches!(parsed, Parsed::Command(Command::Test(_))) {
        return Ok(None);
    }
    let logged = context
        .tx
        .logged_by(context.visit.person, &original.0)
        .await?;
    let recent = logged
        .iter()
        .all(|entry| context.now.duration_since(entry.logged_at) <= EDITABLE);
    if logged.is_empty() || !recent {
        return Ok(None);
    }
    context
        .set_standing(&logged, Standing::Undone, What::Edit)
        .await?;
    Ok(Some(parsed))
}

impl Command {
    /// Who may read the answer to a line, before it is known: what a platform must decide when it
    /// puts the asker off.
    #[must_use]
    pub fn audience_of(said: &Said) -> Audience {
        let parsed = match said {
            Said::Line(line) | Said::Edited { line, .. } | Said::Filled { line, .. } => {
                parse_line(line)
            }
            Said::Named { path, values } => parse_named(path, values),
            Said::Press { wire, .. } => match read_wire(wire) {
                Ok((_, line)) => parse_line(line),
                Err(_) => return Audience::Asker,
            },
            Said::ReplyTo { .. } => return Audience::Asker,
        };
        match parsed {
            Ok(Parsed::Command(command)) => command.audience(),
            _ => Audience::Asker,
        }
    }
}

fn who(person: &Person) -> Who<'_> {
    Who {
        platform: person.account.platform,
        external: &person.account.external,
        name: &person.name,
        locale: person.locale.as_deref(),
    }
}

fn store_place(place: &Place) -> StorePlace<'_> {
    match place {
        Place::Private { room } => StorePlace::Private { room },
        Place::Room(address) => StorePlace::Room {
            chat: &address.chat,
            room: &address.room,
        },
        Place::Elsewhere => StorePlace::Elsewhere,
    }
}

fn language_of(request: &Request, own: Option<Language>) -> Language {
    let locale = match &request.asker {
        Asker::Person(person) => person.locale.as_deref(),
        Asker::AnonymousOrganiser { locale, .. } => locale.as_deref(),
    };
    own.or_else(|| locale.and_then(Language::of_locale))
        .unwrap_or_default()
}

fn message_key(message: &MessageRef) -> String {
    format!("{}/{}", message.room, message.message)
}

/// An error and its causes, for the log.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
