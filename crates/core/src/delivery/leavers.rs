//! Who has left a chat. Not every platform tells of everybody: so whoever counts on a board is asked for,
//! once a day.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::Single;
use crate::club::{ChatId, Platform};
use crate::face::Clock;
use crate::store::{Store, StoreError};

/// How long after it a chat is looked through again.
const EVERY: SignedDuration = SignedDuration::from_hours(20);

/// How often it is looked whether one is to be looked through, and how long after a look-up that failed.
const LOOK: SignedDuration = SignedDuration::from_mins(10);

/// How long a chat of which nothing can be said just now is left alone: it holds up no other.
const AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// Between two look-ups: posts and answers go first.
const BETWEEN: SignedDuration = SignedDuration::from_millis(250);

/// What a platform says of somebody in a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// He is in it.
    Here,
    /// He is not.
    Left,
    /// It says nothing of him.
    Unknown,
    /// We are not in it any more: nobody there reads anything.
    ChatGone,
    /// It says nothing of the whole chat just now.
    ChatUnwell,
    /// It cannot be asked just now.
    NotNow,
}

/// Who can say whether somebody is still in a chat.
pub trait Roll: Send + Sync {
    /// Looks somebody up, by the names that the platform has for the chat and for him.
    fn look_up(&self, chat: &str, account: &str) -> impl Future<Output = Found> + Send;
}

/// Looks through chats for those who have left.
pub struct Leavers {
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    platform: Platform,
    single: Single,
}

impl Leavers {
    /// For a bot of a platform, as the platform calls it.
    #[must_use]
    pub fn new(
        store: Arc<Store>,
        clock: Arc<dyn Clock>,
        (platform, bot): (Platform, &str),
    ) -> Self {
        let lease = format!("leavers:{}:{bot}", platform.0);
        Self {
            single: Single::new(store.clone(), clock.clone(), lease),
            store,
            clock,
            platform,
        }
    }

    /// Looks for leavers until told to stop. Of several processes one does it.
    pub async fn keep(&self, roll: &impl Roll, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        loop {
            let mut held = tokio::select! {
                () = &mut stop => return,
                held = self.single.take(|| tracing::debug!("another process looks for leavers")) => held,
            };
            let stopped = tokio::select! {
                () = &mut stop => true,
                // Boxed, for whoever runs it would hold room for all that it calls.
                () = Box::pin(self.rounds(roll)) => false,
                () = held.keep() => false,
            };
            held.leave().await;
            if stopped {
                return;
            }
        }
    }

    async fn rounds(&self, roll: &impl Roll) {
        loop {
            self.sleep(LOOK).await;
            loop {
                match self.round(roll).await {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(error) => {
                        tracing::info!(%error, "who has left a chat is looked for later");
                        break;
                    }
                }
            }
        }
    }

    /// Looks through the chat that has waited longest. Tells whether there may be another.
    async fn round(&self, roll: &impl Roll) -> Result<bool, StoreError> {
        let began = self.clock.now();
        let due = began.checked_sub(EVERY).unwrap_or(Timestamp::MIN);
        let found = self.store.chat_to_look_through(self.platform, due).await?;
        let Some((chat, external)) = found else {
            return Ok(false);
        };
        for account in self.store.who_counts_in(chat).await? {
            match roll.look_up(&external, &account).await {
                // Of whom nothing is said, nothing is known.
                Found::Here | Found::Unknown => {}
                Found::Left => self.left(&external, &account).await?,
                Found::ChatGone => break,
                Found::ChatUnwell => {
                    let later = due.checked_add(AGAIN).unwrap_or(began);
                    self.looked_through(chat, later).await?;
                    return Ok(true);
                }
                Found::NotNow => return Ok(false),
            }
            self.sleep(BETWEEN).await;
        }
        self.looked_through(chat, began).await?;
        Ok(true)
    }

    async fn left(&self, chat: &str, account: &str) -> Result<(), StoreError> {
        let mut tx = self.store.begin().await?;
        tx.left(self.platform, account, chat, self.clock.now())
            .await?;
        tx.commit().await
    }

    async fn looked_through(&self, chat: ChatId, at: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.store.begin().await?;
        tx.looked_through(chat, at).await?;
        tx.commit().await
    }

    async fn sleep(&self, wait: SignedDuration) {
        let until = self.clock.now().checked_add(wait);
        self.clock
            .sleep_until(until.unwrap_or(Timestamp::MAX))
            .await;
    }
}
