//! From an update to its answer: the work is committed first, then the answer goes out.

mod deliver;
mod recent;
mod send;

use std::sync::Arc;

use ankle_core::club::Platform;
use ankle_core::command::{Bot, Command};
use ankle_core::face::{Asker, Clock, NotSaved, Outcome, Rights};
use ankle_core::store::{Store, StoreError};
use jiff::SignedDuration;
use teloxide::payloads::GetChatMember;
use teloxide::types::{ChatId, ChatMember, UserId};

use crate::api::Api;
use crate::metrics::Counters;
use crate::rooms::{Commit, Job};
use crate::update::{Asked, Happening, Me, PLATFORM, read};
use recent::Recent;

/// Where updates are worked on. One for the whole face.
pub struct Desk {
    pub api: Api,
    pub bot: Arc<Bot>,
    pub store: Arc<Store>,
    pub clock: Arc<dyn Clock>,
    pub me: Me,
    pub counters: Arc<Counters>,
    pub recent: Recent,
}

/// How often work is tried again, with a second's wait doubling in between, before the asker is told
/// that it is not saved.
const TRIES: u32 = 5;

impl Desk {
    /// Does an update's work and answers it.
    pub async fn serve(&self, job: Job) {
        let Job {
            update,
            committed,
            redelivered,
            answered,
        } = job;
        self.counters.add_update();
        let tell = |commit| {
            // Whoever waited for it may have given up: the work is done all the same.
            let _ = committed.send(commit);
        };
        match read(update, &self.me, self.clock.now()) {
            Happening::Asked(mut asked) => {
                self.learn_rights(&mut asked).await;
                match self.work(&asked, redelivered).await {
                    Ok(outcome) => {
                        tell(Commit::Done);
                        self.deliver(outcome, &asked.to).await;
                    }
                    Err(_) if redelivered => tell(Commit::Failed),
                    Err(not_saved) => {
                        tell(Commit::Done);
                        self.deliver(Outcome::Say(not_saved.answer), &asked.to)
                            .await;
                    }
                }
            }
            Happening::Moved { from, to } => {
                tell(commit(self.moved(from, to).await));
            }
            Happening::Left { chat, user } => {
                tell(commit(self.left(chat, user).await));
            }
            Happening::Added { chat, locale } => match self.greet(chat).await {
                Ok(first) => {
                    tell(Commit::Done);
                    if first {
                        self.welcome(chat, locale.as_deref()).await;
                    }
                }
                Err(error) => tell(commit(Err(error))),
            },
            Happening::Nothing => tell(Commit::Done),
            Happening::Unknown => {
                self.counters.add_unknown();
                tracing::warn!("an update of an unknown kind was skipped");
                tell(Commit::Done);
            }
        }
        drop(answered);
    }

    /// The work of a request. A database that is away for a moment is waited for.
    async fn work(&self, asked: &Asked, redelivered: bool) -> Result<Outcome, Box<NotSaved>> {
        let tries = if redelivered { 1 } else { TRIES };
        let mut wait = SignedDuration::from_secs(1);
        for _ in 1..tries {
            if let Ok(outcome) = self.bot.answer(&asked.request).await {
                return Ok(outcome);
            }
            self.sleep(wait).await;
            wait = wait.saturating_mul(2);
        }
        self.bot.answer(&asked.request).await.map_err(Box::new)
    }

    /// Asks the platform what the asker may do here, for the few commands that depend on it.
    async fn learn_rights(&self, asked: &mut Asked) {
        let Asker::Person(person) = &mut asked.request.asker else {
            return;
        };
        if asked.to.private || !Command::needs_rights(&asked.request.said) {
            return;
        }
        let Some(user) = asked.to.user else {
            return;
        };
        let member: Result<ChatMember, _> = self
            .api
            .call(&GetChatMember::new(ChatId(asked.to.chat), UserId(user)))
            .await;
        // Who cannot be looked up has no rights: nothing is set that should not be.
        person.rights = member.ok().map(|member| Rights {
            organiser: member.is_privileged(),
        });
    }

    /// A group has become a supergroup: its address changes, and nothing else.
    pub async fn moved(&self, from: i64, to: i64) -> Result<(), StoreError> {
        let mut tx = self.store.begin().await?;
        tx.chat_moved(PLATFORM, &from.to_string(), &to.to_string())
            .await?;
        tx.commit().await
    }

    async fn left(&self, chat: i64, user: u64) -> Result<(), StoreError> {
        let mut tx = self.store.begin().await?;
        let (user, chat) = (user.to_string(), chat.to_string());
        tx.left(PLATFORM, &user, &chat, self.clock.now()).await?;
        tx.commit().await
    }

    async fn greet(&self, chat: i64) -> Result<bool, StoreError> {
        let platform: Platform = PLATFORM;
        let mut tx = self.store.begin().await?;
        let first = tx
            .greet(platform, &chat.to_string(), self.clock.now())
            .await?;
        tx.commit().await?;
        Ok(first)
    }

    /// Sleeps on the clock of the house.
    pub async fn sleep(&self, wait: SignedDuration) {
        let now = self.clock.now();
        self.clock
            .sleep_until(now.checked_add(wait).unwrap_or(now))
            .await;
    }
}

fn commit(done: Result<(), StoreError>) -> Commit {
    match done {
        Ok(()) => Commit::Done,
        Err(error) => {
            tracing::error!(%error, "an update was not stored");
            Commit::Failed
        }
    }
}

/// Nothing remembered yet.
pub fn recent() -> Recent {
    Recent::default()
}
