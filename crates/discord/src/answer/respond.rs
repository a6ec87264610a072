//! The first response to an interaction, and what comes after it.

use ankle_core::card::File;
use ankle_core::face::{Audience, SendError};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Desk, after};
use crate::interaction::{EPHEMERAL, From, Target, Whereabouts};
use crate::messenger::SILENT;
use crate::render::Draft;
use crate::rest::{Call, CallError};

/// An answer that is being given.
pub struct Reply<'a> {
    pub to: &'a Target,
    pub stage: Stage,
}

/// How far the first response is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// There is none yet.
    Open,
    /// It says that the answer will come, to the asker alone or to all.
    PutOff { privately: bool },
    /// It says so of the message whose button was pressed, which stays as it is.
    PressPutOff,
    /// It is given: what is said further are messages more.
    Given,
    /// It cannot be given any more.
    Lost,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is there.
    Given,
    /// Discord does not take it as it is: another may still be given in its place.
    Refused,
    /// Nothing can be given any more.
    Lost,
}

/// How a call may be repeated of which nobody knows whether it was carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Again {
    /// As often as it takes: the second time changes nothing.
    Freely,
    /// The same, and what is gone already is as it should be.
    ToNothing,
    /// Once: rather twice than never, and it is counted.
    Once,
}

/// How often a call is tried that surely, or perhaps, was not carried out.
const TRIES: u32 = 6;

/// How often a first response is tried: it is worth nothing after three seconds.
const FIRST_TRIES: u32 = 4;

/// How long a first response is worth something, from when an interaction was made, and how long it is tried
/// at the least.
const ALIVE: SignedDuration = SignedDuration::from_secs(3);
const LEAST: SignedDuration = SignedDuration::from_secs(1);

/// No answer is worth waiting for longer than this.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(5);

impl<'a> Reply<'a> {
    /// To somebody, of whom nothing has been said yet.
    pub fn to(to: &'a Target) -> Self {
        Self {
            to,
            stage: Stage::Open,
        }
    }

    /// Whether the message that a press or a form belongs to may be written over: nobody else sees it.
    pub fn may_edit(&self) -> bool {
        match self.to.from {
            From::Message { own: Some(own) } => own || self.to.whereabouts == Whereabouts::Private,
            From::Message { own: None } | From::Command => false,
        }
    }
}

impl Desk {
    /// Puts an answer off: to its audience, which cannot be changed afterwards.
    pub async fn put_off(&self, reply: &mut Reply<'_>, audience: Audience) {
        match self.try_put_off(reply, audience).await {
            Ok(()) | Err(CallError::AnsweredBefore) => {}
            Err(error) => {
                self.lost(&error);
            }
        }
    }

    /// The same. If Discord does not take it, nothing can be said any more.
    pub async fn try_put_off(
        &self,
        reply: &mut Reply<'_>,
        audience: Audience,
    ) -> Result<(), CallError> {
        self.counters.add_deferred();
        let to = reply.to;
        let privately = audience == Audience::Asker || to.whereabouts == Whereabouts::Elsewhere;
        let (response, stage) = match to.from {
            From::Message { own: Some(_) } if privately => {
                (json!({ "type": 6 }), Stage::PressPutOff)
            }
            _ => {
                // A promise takes no other flag.
                let flags = flags(to, privately) & EPHEMERAL;
                let response = json!({ "type": 5, "data": { "flags": flags } });
                (response, Stage::PutOff { privately })
            }
        };
        let done = self.try_respond(to, response, Vec::new()).await;
        reply.stage = if done.is_ok() { stage } else { Stage::Lost };
        done
    }

    /// Gives a first response. Says what became of it.
    pub async fn respond(&self, to: &Target, response: Value, files: Vec<File>) -> Fate {
        match self.try_respond(to, response, files).await {
            Ok(()) => Fate::Given,
            Err(CallError::AnsweredBefore) => Fate::Lost,
            Err(error) => self.lost(&error),
        }
    }

    /// It is repeated if it may not have arrived: Discord then says that it had. An order to wait is obeyed
    /// as long as the interaction lives.
    async fn try_respond(
        &self,
        to: &Target,
        response: Value,
        files: Vec<File>,
    ) -> Result<(), CallError> {
        let call = Call::callback(&to.hook, response).with_files(files);
        // Whatever our clock says, there is a moment for a second try.
        let started = self.clock.now();
        let lives = after(to.at, ALIVE).max(after(started, LEAST));
        let mut doubted = false;
        let mut tries = 0;
        loop {
            tries += 1;
            let error = match self.rest.call(&call).await {
                Ok(_) => return Ok(()),
                Err(CallError::AnsweredBefore) if doubted => return Ok(()),
                Err(error) => error,
            };
            let wait = match &error {
                CallError::Send(SendError::RetryAfter { after, .. }) => {
                    SignedDuration::try_from(*after).unwrap_or(SignedDuration::MAX)
                }
                CallError::Send(SendError::Away | SendError::InDoubt | SendError::NotSent) => {
                    SignedDuration::from_millis(50 << tries)
                }
                _ => return Err(error),
            };
            doubted |= error == SendError::Away.into() || error == SendError::InDoubt.into();
            if tries >= FIRST_TRIES || after(self.clock.now(), wait) > lives {
                return Err(error);
            }
            self.sleep(wait).await;
        }
    }

    /// Writes over the first response, or over the message whose button was pressed.
    pub async fn write_over(&self, to: &Target, draft: Draft) -> Fate {
        let mut body = draft.body;
        body["attachments"] = attachments(&draft.files);
        let call = Call::original(Method::PATCH, &to.hook).with(body);
        self.persist(to, &call.with_files(draft.files), Again::Freely)
            .await
    }

    /// Takes the first response away.
    pub async fn take_away(&self, to: &Target) -> Fate {
        let call = Call::original(Method::DELETE, &to.hook);
        self.persist(to, &call, Again::ToNothing).await
    }

    /// Says one thing more.
    pub async fn say_more(&self, to: &Target, draft: Draft, privately: bool) -> Fate {
        let mut body = draft.body;
        body["flags"] = json!(flags(to, privately));
        let call = Call::follow_up(&to.hook).with(body);
        self.persist(to, &call.with_files(draft.files), Again::Once)
            .await
    }

    /// Makes a call as often as it takes.
    async fn persist(&self, to: &Target, call: &Call, again: Again) -> Fate {
        let mut doubted = false;
        let mut tries = 0;
        loop {
            tries += 1;
            let error = match self.rest.call(call).await {
                Ok(_) => return Fate::Given,
                Err(CallError::MessageGone) if again == Again::ToNothing => return Fate::Given,
                Err(error) => error,
            };
            let wait = match &error {
                CallError::Send(SendError::RetryAfter { after, .. }) => {
                    SignedDuration::try_from(*after).ok()
                }
                CallError::Send(SendError::NotSent) => Some(backoff(tries)),
                CallError::Send(SendError::Away | SendError::InDoubt) if again != Again::Once => {
                    Some(backoff(tries))
                }
                CallError::Send(SendError::Away | SendError::InDoubt) if !doubted => {
                    self.counters.add_repeated();
                    doubted = true;
                    Some(backoff(tries))
                }
                _ => None,
            };
            let waited = self.clock.now().duration_since(to.at);
            match wait {
                Some(wait) if tries < TRIES && waited + wait <= LONGEST_WAIT => {
                    self.sleep(wait).await;
                }
                _ => return self.lost(&error),
            }
        }
    }

    /// An answer that could not be given is counted; what it told of is stored.
    fn lost(&self, error: &CallError) -> Fate {
        self.counters.add_lost_answer();
        tracing::info!(%error, "an answer could not be given");
        match error {
            CallError::Send(SendError::Rejected) => Fate::Refused,
            _ => Fate::Lost,
        }
    }
}

/// The flags of a message: in a private conversation nobody else reads along, and what is for all makes no
/// sound.
pub fn flags(to: &Target, privately: bool) -> u64 {
    match to.whereabouts {
        Whereabouts::Private => 0,
        Whereabouts::Room | Whereabouts::Elsewhere if privately => EPHEMERAL,
        Whereabouts::Room | Whereabouts::Elsewhere => SILENT,
    }
}

/// The files of an edited message: these, and none that it had.
pub fn attachments(files: &[File]) -> Value {
    let one = |(at, file): (usize, &File)| json!({ "id": at, "filename": file.name });
    files.iter().enumerate().map(one).collect()
}

fn backoff(tries: u32) -> SignedDuration {
    SignedDuration::from_millis(250_i64 << tries.min(6))
}
