//! From an update to its answer: the work is committed first, then the answer goes out.

mod deliver;
mod owed;
mod places;
mod recent;
mod send;

use std::collections::BTreeSet;
use std::sync::Arc;

use ankle_core::club::Platform;
use ankle_core::command::{Bot, Command};
use ankle_core::face::{Answer, Asker, Clock, EventId, NotSaved, Outcome, Rights};
use ankle_core::store::{Store, StoreError};
use jiff::SignedDuration;
use teloxide::payloads::GetChatMember;
use teloxide::types::{ChatId, ChatMember, UserId};
use tokio::sync::watch;

use crate::api::Api;
use crate::messenger::address;
use crate::metrics::Counters;
use crate::rooms::{Commit, Job, Words};
use crate::said::Said;
use crate::standing::Standing;
use crate::update::{Asked, Happening, Me, PLATFORM, Press, Target, read};
use crate::waits::Waits;
use deliver::{Acknowledge, Copy, PopUp, Rest, acknowledgement, begins_privately, welcome};
pub use owed::OnTheirWay;
use recent::{Recent, Topic};
pub use send::no_preview;

/// Where updates are worked on. One for the whole face.
pub struct Desk {
    pub api: Api,
    pub bot: Arc<Bot>,
    pub store: Arc<Store>,
    pub clock: Arc<dyn Clock>,
    pub me: Me,
    pub counters: Arc<Counters>,
    pub standing: Standing,
    pub recent: Recent,
    pub on_their_way: OnTheirWay,
    pub said: Said,
    pub waits: Waits,
    /// The chats of which we have heard that they were another before.
    pub moved_to: watch::Sender<BTreeSet<i64>>,
}

/// The numbers of supergroups, as text and as numbers: below those of all other groups.
const SUPERGROUPS: &str = "-100";
const SUPERGROUPS_END: i64 = -1_000_000_000_000;

/// How often work is tried again, with a second's wait doubling in between, before the asker is told
/// that it is not saved.
const TRIES: u32 = 5;

/// What is said when the work is done.
pub enum Saying {
    /// This, to who asked.
    Answer(Box<(Outcome, Target)>),
    /// What a room hears of an answer, when its private part is done.
    Rest(Box<Rest>),
    /// The one welcome of a group.
    Welcome(Box<Welcome>),
    /// The other copy of an answer that was pressed on.
    Copy(Box<Copy>),
}

impl Saying {
    /// The private chat in which it begins, if it does.
    pub fn begins_in(&self) -> Option<i64> {
        let Self::Answer(answer) = self else {
            return None;
        };
        match &**answer {
            (Outcome::Say(answer), to) => begins_privately(answer, to),
            _ => None,
        }
    }

    /// What the press that it answers is acknowledged with, if that is known before anything is said. It
    /// waits for no queue: whoever pressed looks at a button that spins, and not for long.
    pub fn acknowledgement(&self) -> Option<(Press, Option<PopUp>)> {
        let Self::Answer(answer) = self else {
            return None;
        };
        let (outcome, to) = &**answer;
        let press = to.press.as_ref()?;
        match acknowledgement(outcome, to) {
            Acknowledge::Now(pop_up) => Some((press.clone(), pop_up)),
            Acknowledge::Later => None,
        }
    }
}

/// The welcome of a group.
pub struct Welcome {
    answer: Answer,
    to: Target,
    /// By which it is noted that it has still to be said. None if the group may turn out to be one that
    /// had been welcomed under another address: rather not at all than twice.
    event: Option<EventId>,
}

/// How long a group that is new to us may take to show that it is an old one under a new address. The
/// platform tells of both within a moment, in any order.
const MOVE_SHOWS: SignedDuration = SignedDuration::from_secs(3);

impl Desk {
    /// Does an update's work. Returns what is left to say.
    pub async fn serve(&self, job: Job) -> Option<Words> {
        let Job {
            update,
            committed,
            redelivered,
            answered,
        } = job;
        self.counters.add_update();
        let mut event = None;
        let (done, saying) = match read(update, &self.me, self.clock.now()) {
            Happening::Asked(mut asked) => {
                self.recollect(&mut asked).await;
                self.learn_rights(&mut asked).await;
                match self.work(&asked, redelivered).await {
                    Ok(outcome) if !matches!(outcome, Outcome::Quiet) => {
                        self.on_their_way.begin(&asked.request.event, &asked.to);
                        event = Some(asked.request.event);
                        (Commit::Done, Some(answer(outcome, asked.to)))
                    }
                    Ok(outcome) => (Commit::Done, Some(answer(outcome, asked.to))),
                    Err(_) if redelivered => (Commit::Failed, None),
                    Err(not_saved) => {
                        let outcome = Outcome::Say(not_saved.answer);
                        (Commit::Done, Some(answer(outcome, asked.to)))
                    }
                }
            }
            // What is rare is boxed: every update's future would hold room for it.
            Happening::Moved { from, to } => (commit(Box::pin(self.moved(from, to)).await), None),
            Happening::Left { chat, user } => (commit(Box::pin(self.left(chat, user)).await), None),
            Happening::Added { chat, locale } => {
                match Box::pin(self.greet(chat, locale.as_deref())).await {
                    Ok(Some(welcome)) => {
                        event.clone_from(&welcome.event);
                        (Commit::Done, Some(Saying::Welcome(Box::new(welcome))))
                    }
                    greeted => (commit(greeted.map(|_| ())), None),
                }
            }
            Happening::MayWrite { chat } => (commit(Box::pin(self.may_write(chat)).await), None),
            Happening::Strange(to) => {
                self.counters.add_unknown();
                (Commit::Done, Some(answer(Outcome::Quiet, to)))
            }
            Happening::Nothing => (Commit::Done, None),
            Happening::Unknown => {
                self.counters.add_unknown();
                tracing::warn!("an update of an unknown kind was skipped");
                (Commit::Done, None)
            }
        };
        // Whoever waited for it may have given up: the work is done all the same.
        let _ = committed.send(done);
        saying.map(|saying| Words {
            event,
            saying,
            answered: Some(answered),
        })
    }

    /// Says in one chat what is left to say. Returns what is then to be said in another.
    pub async fn say_all(&self, words: Words) -> Option<(i64, Words)> {
        let Words {
            event,
            saying,
            answered,
        } = words;
        let (chat, saying) = match saying {
            Saying::Answer(answer) => {
                let (outcome, to) = *answer;
                self.deliver(outcome, to).await?
            }
            Saying::Rest(rest) => {
                Box::pin(self.say_rest(*rest)).await;
                return None;
            }
            Saying::Welcome(welcome) => {
                let Welcome { answer, to, event } = *welcome;
                if event.is_some() || !self.has_moved_here(to.chat).await {
                    Box::pin(self.say(&answer, &to)).await;
                }
                return None;
            }
            Saying::Copy(copy) => {
                Box::pin(self.say_copy(*copy)).await;
                return None;
            }
        };
        let rest = Words {
            event,
            saying,
            answered,
        };
        Some((chat, rest))
    }

    /// The work of a request. A database that is away for a moment is waited for.
    async fn work(&self, asked: &Asked, redelivered: bool) -> Result<Outcome, Box<NotSaved>> {
        let tries = if redelivered { 1 } else { TRIES };
        let mut wait = SignedDuration::from_secs(1);
        for _ in 1..tries {
            if let Ok(outcome) = self.bot.answer_seeing(&asked.request, self).await {
                return Ok(outcome);
            }
            self.sleep(wait).await;
            wait = wait.saturating_mul(2);
        }
        self.bot
            .answer_seeing(&asked.request, self)
            .await
            .map_err(Box::new)
    }

    /// What we remember of a message that we are not shown any more: since when it stood, and its topic,
    /// which of a post is written down too.
    async fn recollect(&self, asked: &mut Asked) {
        if let Some(press) = &asked.to.press
            && let Some(since) = self.recent.stood_since((asked.to.chat, press.message))
        {
            asked.stood_since(since);
        }
        self.find_topic(asked).await;
    }

    /// The topic of a message that we are not shown any more: as we remember it, or, of a post, as it is
    /// written down.
    async fn find_topic(&self, asked: &mut Asked) {
        let Some(press) = asked.to.press.as_ref().filter(|_| asked.to.is_lost) else {
            return;
        };
        let (chat, message) = (asked.to.chat, press.message);
        if let Some(Topic(thread)) = self.recent.topic((chat, message)) {
            return asked.is_in(thread);
        }
        let (group, number) = (chat.to_string(), message.to_string());
        let post = self.store.room_of_message(PLATFORM, &group, &number);
        match post.await {
            Ok(Some(room)) => {
                if let Some((_, thread)) = address(&room) {
                    asked.is_in(thread);
                }
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "the topic of a message was not looked up"),
        }
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
        let payload = GetChatMember::new(ChatId(asked.to.chat), UserId(user));
        let member: Result<ChatMember, _> = Box::pin(self.api.look_up(&payload)).await;
        // Who cannot be looked up has no rights, and is told so: nothing is set that should not be.
        person.rights = member.ok().map(|member| Rights {
            organiser: member.is_privileged(),
        });
    }

    /// A group has become a supergroup: its address changes, and nothing else.
    pub async fn moved(&self, from: i64, to: i64) -> Result<(), StoreError> {
        let mut tx = self.store.begin().await?;
        tx.chat_moved(PLATFORM, &from.to_string(), &to.to_string())
            .await?;
        tx.commit().await?;
        self.waits.moved(from, to);
        self.moved_to.send_modify(|chats| {
            chats.insert(to);
        });
        Ok(())
    }

    /// Waits for as long as it may take until a chat shows to be one that has moved. Tells whether it is.
    async fn has_moved_here(&self, chat: i64) -> bool {
        let mut moved = self.moved_to.subscribe();
        tokio::select! {
            biased;
            known = moved.wait_for(|chats| chats.contains(&chat)) => known.is_ok(),
            () = self.sleep(MOVE_SHOWS) => false,
        }
    }

    async fn left(&self, chat: i64, user: u64) -> Result<(), StoreError> {
        let mut tx = self.store.begin().await?;
        let (user, chat) = (user.to_string(), chat.to_string());
        tx.left(PLATFORM, &user, &chat, self.clock.now()).await?;
        tx.commit().await
    }

    /// Notes that a group is welcomed, and that this has still to be said. None if it has been already. A
    /// supergroup may be one that has moved, while we know of a group that could have become one.
    async fn greet(&self, chat: i64, locale: Option<&str>) -> Result<Option<Welcome>, StoreError> {
        let platform: Platform = PLATFORM;
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        // Where somebody has spoken to us already, we need not say who we are.
        let known = tx.knows_chat(platform, &chat.to_string()).await?;
        let first = tx
            .greet(platform, &chat.to_string(), self.clock.now())
            .await?;
        // What could not be posted while we were away may still be in time.
        tx.revive_chat(platform, &chat.to_string(), self.clock.now())
            .await?;
        if !first || known {
            tx.commit().await?;
            return Ok(None);
        }
        let (answer, to) = welcome(chat, locale);
        let event = EventId(format!("telegram:welcome:{chat}"));
        let may_have_moved =
            chat < SUPERGROUPS_END && tx.knows_chat_beside(platform, SUPERGROUPS).await?;
        let is_owed = !may_have_moved && tx.answer_of(&event.0).await?.is_none();
        if is_owed {
            let said = serde_json::to_string(&Outcome::Say(answer.clone()))?;
            let target = serde_json::to_string(&to)?;
            tx.keep(&event.0, None, &said, now).await?;
            tx.owe(platform, (&event.0, &target), now).await?;
        }
        tx.commit().await?;
        if is_owed {
            self.on_their_way.begin_noted(&event, &to);
        }
        Ok(Some(Welcome {
            answer,
            to,
            event: is_owed.then_some(event),
        }))
    }

    /// What could not be posted while we were not allowed to write may still be in time. Who we are was
    /// said when we came.
    async fn may_write(&self, chat: i64) -> Result<(), StoreError> {
        let mut tx = self.store.begin().await?;
        tx.revive_chat(PLATFORM, &chat.to_string(), self.clock.now())
            .await?;
        tx.commit().await
    }

    /// Sleeps on the clock of the house.
    pub async fn sleep(&self, wait: SignedDuration) {
        let now = self.clock.now();
        self.clock
            .sleep_until(now.checked_add(wait).unwrap_or(now))
            .await;
    }
}

fn answer(outcome: Outcome, to: Target) -> Saying {
    Saying::Answer(Box::new((outcome, to)))
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
