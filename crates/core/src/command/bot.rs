use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::context::{ClubContext, Context, Failure, Handle, HandleClub, Seen};
use super::figures::{RefusedPress, Requests};
use super::help::organisers_example;
use super::otherwise::{EDITABLE, edited, filled, message_key, pressed, replied, unless_kept};
use super::parse::{Parsed, lacking, parse_line, parse_named};
use super::{Command, Refusal};
use crate::card::{Card, read_wire};
use crate::club::{AccountId, Language, Platform, QuestionId};
use crate::face::{
    Answer, Aside, Asker, Audience, Clock, Everywhere, Lack, Lookout, MessageRef, NotSaved,
    Outcome, Person, Place, Request, Rights, RoomAddress, Said,
};
use crate::store::{Ahead, Met, MetChat, Place as StorePlace, Store, StoreError, Tx, Visit, Who};
use crate::words::{Speaker, with_ready_made};

/// The program behind every face: takes requests, gives outcomes.
pub struct Bot {
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    requests: Arc<Requests>,
}

/// How often a transaction is run when somebody else keeps being faster.
const ATTEMPTS: usize = 4;

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
                    let sight = Some(lookout.look(&room, &request.asker).await);
                    seen.push(Seen { room, sight });
                }
                Step::Find(room) => {
                    let sight = lookout.find(&room, &request.asker).await;
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

    async fn until_nobody_is_faster(
        &self,
        request: &Request,
        seen: &[Seen],
    ) -> Result<Step, StoreError> {
        let mut attempt = 1;
        loop {
            let done = match &request.asker {
                Asker::Person(person) => self.once(request, person, seen).await,
                Asker::AnonymousOrganiser { platform, .. } => {
                    self.once_for_nobody(request, *platform, seen).await
                }
            };
            match done {
                Err(StoreError::Conflict(_)) if attempt < ATTEMPTS => attempt += 1,
                done => return done,
            }
        }
    }

    async fn once(
        &self,
        request: &Request,
        person: &Person,
        seen: &[Seen],
    ) -> Result<Step, StoreError> {
        // What needs no database to be refused is refused without one, but for the language.
        let early = match &request.said {
            Said::Line(line) => Some(parse_line(line)),
            Said::Named { path, values } => Some(parse_named(path, values)),
            _ => None,
        };
        let early = match early {
            Some(Err(refusal)) => {
                let refused = self.refuse(request, person, &refusal).await?;
                return Ok(Step::Done(refused));
            }
            Some(Ok(parsed)) => Some(parsed),
            None => None,
        };
        let now = request.at.min(self.clock.now());
        let event = request.event.0.as_str();
        let place = store_place(&request.place);
        let ahead = match &early {
            Some(Parsed::Command(Command::Test(_))) => Ahead::Likes,
            _ => Ahead::Nothing,
        };
        let meeting = self.store.meet(who(person), place, event, (ahead, now));
        let (mut tx, met) = meeting.await?;
        let visit = match met {
            Met::Before(answer) => {
                // The work may stand in the same transaction, and be lasting with it only.
                tx.commit().await?;
                return Ok(Step::Done(serde_json::from_str(&answer)?));
            }
            Met::Now(visit) => visit,
        };
        match run(&mut tx, visit, (request, person, seen), early, now).await {
            // It was not meant for us: of whoever said it nothing is kept, not even that he was there.
            Ok(Done {
                outcome: Outcome::Quiet,
                ..
            }) => {
                drop(tx);
                Ok(Step::Done(Outcome::Quiet))
            }
            Ok(Done { outcome, keep }) => {
                if let Some(account) = keep {
                    let answer = serde_json::to_string(&outcome)?;
                    tx.keep_and_commit(event, Some(account), &answer, now)
                        .await?;
                } else {
                    tx.commit().await?;
                }
                Ok(Step::Done(outcome))
            }
            Err(Failure::Refused(refusal)) => {
                drop(tx);
                let is_seen = |room: &RoomAddress| {
                    let mut seen = seen.iter().filter(|seen| seen.room == *room);
                    seen.any(|seen| seen.lack() != Some(Lack::Unknown))
                };
                let is_unseen = match &request.place {
                    Place::Room(room) => person.rights.is_none() && !is_seen(room),
                    _ => false,
                };
                let refusal = match refusal {
                    Refusal::NotOrganiser if is_unseen => Refusal::RightsUnknown,
                    refusal => refusal,
                };
                let refused = self.refuse(request, person, &refusal).await?;
                Ok(Step::Done(refused))
            }
            Err(Failure::Look(room)) => Ok(Step::Look(room)),
            Err(Failure::Find(room)) => Ok(Step::Find(room)),
            Err(Failure::Store(error)) => Err(error),
        }
    }

    /// Somebody who speaks for a chat has no account: he may set the club up, and logs nothing.
    async fn once_for_nobody(
        &self,
        request: &Request,
        platform: Platform,
        seen: &[Seen],
    ) -> Result<Step, StoreError> {
        let say = Speaker::of(language_of(request, None));
        let refuse = |refusal: Refusal| Ok(Step::Done(self.refused(&refusal, say, request)));
        let now = request.at.min(self.clock.now());
        let (parsed, is_pressed) = match &request.said {
            Said::Line(line) => (parse_line(line), false),
            Said::Edited { line, .. } => (parse_line(line), true),
            Said::Press { wire, since, .. } => (pressed((wire, *since), None, now), true),
            _ => return Ok(Step::Done(Outcome::Quiet)),
        };
        let command = match parsed {
            Ok(Parsed::Command(command)) => command,
            // Nobody could answer a question.
            Ok(Parsed::Missing { line, .. }) => {
                return refuse(
                    organisers_example(&line).map_or(Refusal::Anonymous, Refusal::SayWhole),
                );
            }
            Err(refusal) => return refuse(refusal),
        };
        let mut tx = self.store.begin().await?;
        let event = request.event.0.as_str();
        let place = store_place(&request.place);
        let hall = match tx.meet_chat(platform, place, event, now).await? {
            MetChat::Before(answer) => {
                tx.commit().await?;
                return Ok(Step::Done(serde_json::from_str(&answer)?));
            }
            MetChat::Now(hall) => hall,
        };
        if let Said::Edited {
            original, said_at, ..
        } = &request.said
            && (now.duration_since(*said_at) > EDITABLE
                || tx.answer_of(&original.0).await?.is_some())
        {
            return refuse(Refusal::EditStays);
        }
        let reads_only = command.reads_only();
        let mut context = ClubContext {
            tx: &mut tx,
            say: Speaker::of(hall.language.unwrap_or(say.language())),
            club: hall.club,
            chat: hall.chat,
            room: hall.room,
            zone: hall.zone,
            language: hall.language,
            rights: Rights { organiser: true },
            is_deputy: false,
            platform,
            own_zone: None,
            account: None,
            seen,
            now,
            pressed: is_pressed,
        };
        let done = match command {
            Command::Club(club) => club.run_for_club(&mut context).await,
            Command::Challenge(challenge) => challenge.run_for_club(&mut context).await,
            Command::Remind(remind) => remind.run_for_club(&mut context).await,
            Command::Doctor(doctor) => doctor.run_for_club(&mut context).await,
            Command::Help(help) => help.run_for_club(&mut context).await,
            Command::Leaderboard(board) => board.run_for_club(&mut context).await,
            _ => return refuse(Refusal::Anonymous),
        };
        match done {
            Ok(outcome) if reads_only => {
                tx.commit().await?;
                Ok(Step::Done(outcome))
            }
            Ok(outcome) => {
                tx.keep_and_commit(event, None, &serde_json::to_string(&outcome)?, now)
                    .await?;
                Ok(Step::Done(outcome))
            }
            Err(Failure::Refused(refusal)) => refuse(refusal),
            Err(Failure::Look(room)) => Ok(Step::Look(room)),
            Err(Failure::Find(room)) => Ok(Step::Find(room)),
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
        let (account, own) = match self.store.known_of(who(person)).await {
            Ok((account, settings)) => (account, settings.language),
            Err(error) => {
                let error = chain(&error);
                tracing::warn!(error, "a refusal goes out in the platform's language");
                (None, None)
            }
        };
        let say = Speaker::of(language_of(request, own));
        let mut outcome = self.refused(refusal, say, request);
        if let Some(answer) = outcome.answer_mut() {
            answer.owner = account;
        }
        Ok(outcome)
    }

    /// One sentence, which a room may hear too where it cannot be whispered: it repeats what was said
    /// there, and tells nothing of anybody.
    fn refused(&self, refusal: &Refusal, say: Speaker, request: &Request) -> Outcome {
        if let (Said::Press { .. }, Some(why)) = (&request.said, RefusedPress::of(refusal)) {
            self.requests.note_refused_press(why);
        }
        let answer = told_to_anyone(refusal.card(say), say).refusing();
        Outcome::Say(match request.said {
            // What stays is not written over.
            Said::Edited { .. } if *refusal != Refusal::EditStays => answer.in_place(),
            _ => answer,
        })
    }
}

/// How far a request has come.
enum Step {
    /// This is what it comes to.
    Done(Outcome),
    /// Nothing was done: it depends on what is to be seen in a room.
    Look(RoomAddress),
    /// Nothing was done: it depends on whether there is such a room.
    Find(RoomAddress),
}

/// What a handler did, and for whom its answer is kept. None where nothing was changed, or where
/// nothing may be kept: whoever is forgotten can be forgotten again.
struct Done {
    outcome: Outcome,
    keep: Option<AccountId>,
}

async fn run(
    tx: &mut Tx,
    visit: Visit,
    (request, person, seen): (&Request, &Person, &[Seen]),
    early: Option<Parsed>,
    now: Timestamp,
) -> Result<Done, Failure> {
    let account = visit.account;
    let mut context = Context {
        tx,
        visit,
        event: &request.event.0,
        logs_as: &request.event.0,
        edit: None,
        name: &person.name,
        locale: person.locale.as_deref(),
        rights: person.rights.unwrap_or_default(),
        deputy_of: None,
        platform: person.account.platform,
        seen,
        now,
        in_room: matches!(request.place, Place::Room(_)),
        whispers: request.whispers,
        pressed: false,
        below: None,
        forgotten: false,
    };
    let parsed = match (&request.said, early) {
        (_, Some(parsed)) => parsed,
        (Said::Press { wire, since, on }, None) => {
            context.pressed = true;
            context.below = Some(on);
            pressed((wire, *since), Some(account), context.now)?
        }
        (Said::Filled { line, values }, None) => filled(line, values)?,
        (Said::ReplyTo { message, text }, None) => {
            match replied(&mut context, message.as_ref(), text).await? {
                Some(parsed) => parsed,
                None => {
                    return Ok(Done {
                        outcome: Outcome::Quiet,
                        keep: None,
                    });
                }
            }
        }
        (
            Said::Edited {
                line,
                original,
                said_at,
            },
            None,
        ) => {
            context.logs_as = &original.0;
            context.pressed = true;
            match edited(&mut context, line, original, *said_at).await? {
                Some(parsed) => parsed,
                None => {
                    return Ok(Done {
                        outcome: Outcome::Quiet,
                        keep: None,
                    });
                }
            }
        }
        (Said::Line(_) | Said::Named { .. }, None) => return Err(Refusal::OldButton.into()),
    };
    let mut reads_only = false;
    let mut outcome = match parsed {
        Parsed::Command(command) => {
            reads_only = command.reads_only();
            if command.is_organisers() {
                if let Some(organiser) = organises(request, person, seen)? {
                    context.rights.organiser = organiser;
                }
                context.learn_deputy().await?;
            }
            let done = command.run(&mut context).await;
            done.map_err(|failure| unless_kept(failure, context.edit))?
        }
        Parsed::Missing { line, argument } => {
            let mut card = Card::line(context.say().say(&format!("ask-{argument}"), &[]));
            if argument == "title" {
                let today = context.of_club().today();
                card = with_ready_made(context.say(), card, today);
            }
            context.ask(card, &line, Some(&argument)).await?
        }
    };
    context.welcome_back(&mut outcome).await?;
    let owner = (!context.forgotten).then_some(account);
    if let Some(answer) = outcome.answer_mut() {
        answer.owner = owner;
        answer.language = context.say().language();
    }
    Ok(Done {
        outcome,
        keep: owner.filter(|_| !reads_only),
    })
}

/// What a reply turns out to be, only the database knows. If it is an organiser's line, and nobody has said
/// what its asker may do, his room is looked at first. None if that is said otherwise.
fn organises(request: &Request, person: &Person, seen: &[Seen]) -> Result<Option<bool>, Failure> {
    let (Said::ReplyTo { .. }, None, Place::Room(room)) =
        (&request.said, person.rights, &request.place)
    else {
        return Ok(None);
    };
    let seen = seen.iter().find(|seen| seen.room == *room);
    let seen = seen.ok_or_else(|| Failure::Look(room.clone()))?;
    Ok(Some(
        seen.sight.as_ref().is_some_and(|sight| sight.organiser),
    ))
}

impl Context<'_> {
    /// Whoever may not set up the club by his platform's rights may as its deputy.
    async fn learn_deputy(&mut self) -> Result<(), StoreError> {
        if let Some(club) = self.visit.club.filter(|_| !self.rights.organiser) {
            let is_deputy = self.tx.is_deputy(club, self.visit.person).await?;
            self.rights.organiser = is_deputy;
            self.deputy_of = is_deputy.then_some(club);
        }
        Ok(())
    }
}

impl Command {
    /// Whether it asks who may set up the club.
    fn is_organisers(&self) -> bool {
        match self {
            Self::Club(_) | Self::Remind(_) | Self::Again(_) | Self::Care(_) => true,
            Self::Challenge(challenge) => challenge.needs_rights(),
            _ => false,
        }
    }

    /// Whether an answer depends on what the asker may do in the place, so that an adapter which is
    /// not told it by the platform has to ask. What a reply is, only the database knows: for those few
    /// that are an organiser's, the [`Lookout`] is asked.
    #[must_use]
    pub fn needs_rights(said: &Said) -> bool {
        let parsed = match said {
            Said::Line(line) | Said::Edited { line, .. } => parse_line(line),
            Said::Press { wire, .. } => match read_wire(wire) {
                Ok((_, line)) => parse_line(line),
                Err(_) => return false,
            },
            Said::ReplyTo { .. } | Said::Named { .. } | Said::Filled { .. } => return false,
        };
        matches!(parsed, Ok(Parsed::Command(command)) if command.is_organisers())
    }

    /// The argument that a command lacks, and the line as far as it goes: what a form can ask for at
    /// once, before anybody is looked up.
    #[must_use]
    pub fn lacks(said: &Said) -> Option<(String, String)> {
        lacking(said)
    }

    /// Who may read the answer to a line, before it is known: what a platform must decide when it
    /// puts the asker off.
    #[must_use]
    pub fn audience_of(said: &Said) -> Audience {
        let parsed = match said {
            Said::Line(line) | Said::Edited { line, .. } => parse_line(line),
            Said::Filled { line, values } => filled(line, values),
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
