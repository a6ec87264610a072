//! What is posted into the terminal's rooms without anybody asking.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ankle_core::card::Card;
use ankle_core::club::Platform;
use ankle_core::delivery::{Doubt, Falling, Sender, Way};
use ankle_core::face::{
    AccountAddress, Clock, MessageRef, Messenger, MovableClock, Place, Rights, SendError, SendKey,
};
use ankle_core::store::{Store, StoreError};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

/// The rooms, as far as they have heard something that was not shown yet.
#[derive(Default)]
struct Rooms {
    heard: Mutex<Vec<(String, News)>>,
}

/// What happened in a room.
pub enum News {
    /// A new message.
    New(Card),
    /// A message says something else now.
    Changed(Card),
    /// A message is gone.
    Removed,
}

/// Something that happened in a room, and when.
pub struct Heard {
    pub at: Timestamp,
    pub room: String,
    pub news: News,
}

/// Lets reminders fall due and posts them.
pub struct Posts {
    rooms: Arc<Rooms>,
    falling: Falling,
    sender: Sender<Rooms>,
    store: Arc<Store>,
    clock: Arc<dyn MovableClock>,
    platform: Platform,
}

/// Nobody else writes into the terminal's database.
const GLANCE: SignedDuration = SignedDuration::from_hours(24);

impl Posts {
    pub fn new(store: &Arc<Store>, clock: &Arc<dyn MovableClock>, platform: Platform) -> Self {
        let rooms: Arc<Rooms> = Arc::default();
        let bell: Arc<Notify> = Arc::default();
        let house: Arc<dyn Clock> = clock.clone();
        let way = Way {
            platform,
            spacing: SignedDuration::ZERO,
            most: None,
            minds_chats: false,
            doubt: Doubt::Keyed,
            glance: GLANCE,
            seed: 0,
        };
        let falling = Falling::new(store.clone(), house.clone(), bell.clone());
        let sender = Sender::new(rooms.clone(), store.clone(), house, bell, way);
        Self {
            rooms,
            falling,
            sender,
            store: store.clone(),
            clock: clock.clone(),
            platform,
        }
    }

    /// Posts what is due now, and after it, as the clock comes to it, what is due until an instant.
    /// Where a platform is served from the same database it posts nothing: this clock may be ahead.
    pub async fn until(&self, end: Timestamp) -> Result<Vec<Heard>, StoreError> {
        let mut all = Vec::new();
        if self.store.serves_others_than(self.platform).await? {
            return Ok(all);
        }
        loop {
            let due = self.falling.turn().await?;
            let wake = self.sender.drain().await?;
            let at = self.clock.now();
            let heard = self.rooms.heard().split_off(0);
            all.extend(
                heard
                    .into_iter()
                    .map(|(room, news)| Heard { at, room, news }),
            );
            if at >= end {
                return Ok(all);
            }
            let next = due.unwrap_or(end).min(wake).min(end);
            self.clock.move_on(next.duration_since(at));
        }
    }
}

impl Rooms {
    fn heard(&self) -> MutexGuard<'_, Vec<(String, News)>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Messenger for Rooms {
    async fn send(&self, room: &str, card: &Card, key: &SendKey) -> Result<MessageRef, SendError> {
        self.heard()
            .push((room.to_owned(), News::New(card.clone())));
        Ok(MessageRef {
            room: room.to_owned(),
            message: key.0.clone(),
        })
    }

    async fn edit(&self, message: &MessageRef, card: &Card) -> Result<(), SendError> {
        let news = News::Changed(card.clone());
        self.heard().push((message.room.clone(), news));
        Ok(())
    }

    async fn delete(&self, message: &MessageRef) -> Result<(), SendError> {
        self.heard().push((message.room.clone(), News::Removed));
        Ok(())
    }

    /// What was said cannot be changed there, nor can its buttons.
    async fn close(&self, _: &MessageRef) -> Result<(), SendError> {
        Ok(())
    }

    async fn private_room(&self, account: &str) -> Result<String, SendError> {
        Ok(private_room(account))
    }

    async fn rights(&self, _: &AccountAddress, _: &Place) -> Result<Rights, SendError> {
        Ok(Rights { organiser: true })
    }
}

/// The private room of an account.
pub fn private_room(account: &str) -> String {
    format!("private/{account}")
}
