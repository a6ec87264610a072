//! One attempt at a request: a transaction, from who asks to the answer that is kept.

use jiff::Timestamp;

use super::{Bot, chain, language_of, store_place, told_to_anyone, who};
use crate::card::Card;
use crate::club::{AccountId, Platform};
use crate::command::context::{ClubContext, Context, Failure, Handle, HandleClub, Seen};
use crate::command::figures::RefusedPress;
use crate::command::help::organisers_example;
use crate::command::otherwise::{EDITABLE, edited, filled, pressed, replied, unless_kept};
use crate::command::parse::{Parsed, parse_line, parse_named};
use crate::command::{Command, Refusal};
use crate::face::{Asker, Lack, Outcome, Person, Place, Request, Rights, RoomAddress, Said};
use crate::store::{Ahead, Met, MetChat, StoreError, Tx, Visit};
use crate::words::{Speaker, with_ready_made};

/// How often a transaction is run when somebody else keeps being faster.
const ATTEMPTS: usize = 4;

impl Bot {
    pub(super) async fn until_nobody_is_faster(
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
    pub(super) fn refused(&self, refusal: &Refusal, say: Speaker, request: &Request) -> Outcome {
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
pub(super) enum Step {
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
            match Box::pin(edited(&mut context, line, original, *said_at)).await? {
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
