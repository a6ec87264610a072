mod asks;
mod attempt;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use self::attempt::Step;
use super::Refusal;
use super::context::Seen;
use super::figures::Requests;
use super::otherwise::message_key;
use crate::card::Card;
use crate::club::{Language, QuestionId};
use crate::face::{
    Answer, Aside, Asker, Clock, Everywhere, Lack, Lookout, MessageRef, NotSaved, Outcome, Person,
    Place, Request,
};
use crate::store::{Place as StorePlace, Store, StoreError, Who};
use crate::words::Speaker;

/// The program behind every face: takes requests, gives outcomes.
pub struct Bot {
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    requests: Arc<Requests>,
}

/// How often a request is begun for which a lookout may be asked in between: a line that is said again from
/// elsewhere concerns the room it was first said in, and the one that it names.
const LOOKS: usize = 3;

impl Bot {
    /// A bot on a store and a clock.
    #[must_use]
    pub fn new(store: Arc<Store>, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            clock,
            requests: Arc::default(),
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
        self.answer_seeing(request, &Everywhere).await
    }

    /// The same for a face that has to look where it may write. No transaction is open while it does.
    ///
    /// # Errors
    ///
    /// As [`Bot::answer`].
    pub async fn answer_seeing(
        &self,
        request: &Request,
        lookout: &impl Lookout,
    ) -> Result<Outcome, NotSaved> {
        let mut seen = Vec::new();
        for _ in 0..LOOKS {
            match self.answer_knowing(request, &seen).await? {
                Step::Done(outcome) => return Ok(outcome),
                Step::Look(room) => {
                    let sight = Some(Box::pin(lookout.look(&room, &request.asker)).await);
                    seen.push(Seen { room, sight });
                }
                Step::Find(room) => {
                    let sight = Box::pin(lookout.find(&room, &request.asker)).await;
                    seen.push(Seen { room, sight });
                }
            }
        }
        let say = Speaker::of(language_of(request, None));
        Ok(self.refused(&Refusal::cannot_post(Lack::Unknown), say, request))
    }

    async fn answer_knowing(&self, request: &Request, seen: &[Seen]) -> Result<Step, NotSaved> {
        let timed = async {
            let started = self.clock.now();
            let step = self.attempts(request, seen).await?;
            Ok((step, self.clock.now().duration_since(started)))
        };
        let work = AssertUnwindSafe(timed).catch_unwind().await;
        match work {
            Ok(Ok((step, took))) => {
                if matches!(step, Step::Done(_)) {
                    self.requests.note_answer(took);
                }
                Ok(step)
            }
            Ok(Err(error)) => {
                let error: StoreError = error;
                self.requests.note_not_saved();
                tracing::error!(error = chain(&error), "a request was not done");
                // What language the asker has chosen stands where we cannot read just now.
                let say = Speaker::of(language_of(request, None));
                Err(NotSaved {
                    answer: told_to_anyone(Card::line(say.say("not-saved", &[])), say).refusing(),
                    cause: Box::new(error),
                })
            }
            Err(_) => {
                // The panic itself has been reported where it happened. Its transaction is undone,
                // and delivering the request again would only repeat it.
                self.requests.note_panic();
                tracing::error!("a handler panicked");
                let own = match &request.asker {
                    Asker::Person(person) => {
                        let known = self.store.known_of(who(person)).await;
                        known.ok().and_then(|(_, settings)| settings.language)
                    }
                    Asker::AnonymousOrganiser { .. } => None,
                };
                let say = Speaker::of(language_of(request, own));
                let card = Card::line(say.say("went-wrong", &[]));
                Ok(Step::Done(Outcome::Say(
                    told_to_anyone(card, say).refusing(),
                )))
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

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// How many handlers have panicked since the start.
    #[must_use]
    pub fn panics(&self) -> u64 {
        self.requests.panics()
    }

    /// What is counted.
    #[must_use]
    pub fn requests(&self) -> Arc<Requests> {
        self.requests.clone()
    }

    /// Boxed, so that all commands are compiled in this crate alone: a future that is not is compiled
    /// again in each crate that waits for it.
    fn attempts<'a>(
        &'a self,
        request: &'a Request,
        seen: &'a [Seen],
    ) -> BoxFuture<'a, Result<Step, StoreError>> {
        Box::pin(self.until_nobody_is_faster(request, seen))
    }
}

fn who(person: &Person) -> Who<'_> {
    Who {
        platform: person.account.platform,
        external: &person.account.external,
        name: &person.name,
        locale: person.locale.as_deref(),
        handle: person.handle.as_deref(),
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

/// For the asker, and where he cannot be told alone for his room: it tells nothing of anybody.
fn told_to_anyone(card: Card, say: Speaker) -> Answer {
    let answer = Answer::private(card.clone()).with_aside(Aside::Instead(card));
    let answer = answer.to_be_read();
    Answer {
        language: say.language(),
        ..answer
    }
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
