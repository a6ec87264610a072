//! Reminders on a stage: what falls due is sent by the real sender, through the real adapter.

use std::sync::Arc;

use ankle_core::delivery::{Falling, Figures, Sender, Way};
use ankle_core::face::{Clock, Messenger, SimulatedClock};
use ankle_core::store::Store;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

/// What a process does beside answering people.
pub struct Posts<M> {
    clock: SimulatedClock,
    falling: Falling,
    sender: Sender<M>,
}

impl<M: Messenger + 'static> Posts<M> {
    pub fn of(face: &Arc<M>, store: &Arc<Store>, clock: &SimulatedClock, way: Way) -> Self {
        let house: Arc<dyn Clock> = Arc::new(clock.clone());
        let bell: Arc<Notify> = Arc::default();
        let way = Way {
            // Time passes from what is due to what is due.
            glance: SignedDuration::from_hours(6),
            ..way
        };
        let sender = Sender::new(
            face.clone(),
            store.clone(),
            house.clone(),
            bell.clone(),
            way,
        );
        Self {
            clock: clock.clone(),
            falling: Falling::new(store.clone(), house, bell),
            sender,
        }
    }

    /// Lets time pass, and posts what falls due on the way.
    pub async fn until(&self, time: &str) {
        let end: Timestamp = time.parse().unwrap();
        loop {
            let due = self.falling.turn().await.unwrap().unwrap_or(end);
            let wake = self.sender.drain().await.unwrap();
            if self.clock.now() >= end {
                return;
            }
            self.clock.advance_to(due.min(wake).min(end));
        }
    }

    /// Does what is to be done now. Returns when to look again, at the end at the latest.
    pub async fn step(&self, end: Timestamp) -> Timestamp {
        let due = self.falling.turn().await.unwrap().unwrap_or(end);
        let wake = self.sender.drain().await.unwrap();
        due.min(wake).min(end)
    }

    pub fn figures(&self) -> Arc<Figures> {
        self.sender.figures()
    }
}
