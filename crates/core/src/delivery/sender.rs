use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::compose::letter;
use super::pace::Pace;
use super::settle::Sending;
use super::single::{RENEWED, TENURE, holder, random};
use super::tenure::Tenure;
use super::{Figures, Pulse, backoff};
use crate::club::{Platform, PostId};
use crate::face::{Clock, Messenger, SendError};
use crate::store::{End, Epoch, Kind, Ready, Reason, Store, StoreError};

/// How a platform is sent to.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// The platform.
    pub platform: Platform,
    /// Between two messages.
    pub spacing: SignedDuration,
    /// How many messages a second the platform bears, if answers count among them: posts give way to them.
    pub most: Option<usize>,
    /// Whether a chat bears one a second and twenty a minute only.
    pub minds_chats: bool,
    /// What becomes of a message that may have arrived.
    pub doubt: Doubt,
    /// New rows are looked for at least so often.
    pub glance: SignedDuration,
    /// By which waits after failures differ.
    pub seed: u64,
}

/// What becomes of a message of which nobody knows whether it arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The platform knows a message again by its key: it is repeated for two minutes, and never comes
    /// twice.
    Keyed,
    /// It is repeated once, or after each of a few sudden ends, and counted: rather twice than never.
    Once,
}

impl Way {
    /// To a platform that bears so many messages a second.
    #[must_use]
    pub fn per_second(platform: Platform, messages: i32, doubt: Doubt) -> Self {
        Self {
            platform,
            spacing: spacing(messages),
            most: None,
            minds_chats: true,
            doubt,
            glance: SignedDuration::from_secs(1),
            seed: random(),
        }
    }

    /// The same, but for so many messages a second.
    #[must_use]
    pub fn at(self, messages: u16) -> Self {
        Self {
            spacing: spacing(messages.into()),
            // Whoever sets more knows of a platform that bears more, a fifth on top included.
            most: self
                .most
                .map(|most| most.max(usize::from(messages) * 5 / 4)),
            ..self
        }
    }
}

fn spacing(messages: i32) -> SignedDuration {
    SignedDuration::from_secs(1) / messages.max(1)
}

/// Sends what waits in the outbox for one platform.
pub struct Sender<M> {
    pub(super) desk: Arc<Desk<M>>,
    lease: String,
    holder: String,
    tenure: Mutex<Tenure>,
    pulse: Arc<Pulse>,
}

/// What a sender and the calls that are under way share.
pub(super) struct Desk<M> {
    pub messenger: Arc<M>,
    pub store: Arc<Store>,
    pub clock: Arc<dyn Clock>,
    pub way: Way,
    pub pace: Mutex<Pace>,
    pub figures: Arc<Figures>,
    pub bell: Arc<Notify>,
    /// Since the platform did not answer as it should: how often it was looked for, and when it is next.
    outage: Mutex<Option<Outage>>,
    /// Rows whose call is under way here.
    under_way: Mutex<HashSet<PostId>>,
}

/// The platform may be away: nothing is sent until a call that says nothing shows that it is there.
#[derive(Clone, Copy, Debug)]
struct Outage {
    looked: i64,
    again: Timestamp,
}

/// Calls at one time: no more can be in doubt after a sudden end.
pub(super) const AT_ONCE: usize = 32;

/// How long a row that cannot be read is left alone.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(1);

/// Wait after the database failed.
const RECOVER: SignedDuration = SignedDuration::from_secs(1);

impl<M: Messenger + 'static> Sender<M> {
    /// By a messenger, from a store. The bell wakes it when there is something to send.
    #[must_use]
    pub fn new(
        messenger: Arc<M>,
        store: Arc<Store>,
        clock: Arc<dyn Clock>,
        bell: Arc<Notify>,
        way: Way,
    ) -> Self {
        let holder = holder(&store);
        let pulse = Arc::new(Pulse::new(clock.now()));
        let desk = Desk {
            messenger,
            store,
            clock,
            way,
            pace: Mutex::new(Pace::new(way.spacing, way.minds_chats)),
            figures: Arc::default(),
            bell,
            outage: Mutex::default(),
            under_way: Mutex::default(),
        };
        Self {
            desk: Arc::new(desk),
            lease: format!("send:{}", way.platform.0),
            holder,
            tenure: Mutex::default(),
            pulse,
        }
    }

    /// How it sends.
    #[must_use]
    pub fn way(&self) -> Way {
        self.desk.way
    }

    /// What is counted.
    #[must_use]
    pub fn figures(&self) -> Arc<Figures> {
        self.desk.figures.clone()
    }

    /// Beats whenever it has looked.
    #[must_use]
    pub fn pulse(&self) -> Arc<Pulse> {
        self.pulse.clone()
    }

    /// Sends until told to stop; then waits for the calls that are under way, and lets its lease go.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        let mut calls = JoinSet::new();
        loop {
            while calls.try_join_next().is_some() {}
            let rung = self.desk.bell.notified();
            let wake = self.turn(&mut calls).await;
            if wake.is_ok() {
                self.pulse.beat(self.desk.clock.now());
            }
            let wake = wake.unwrap_or_else(|error| {
                tracing::error!(%error, "nothing could be sent; trying again");
                self.after(RECOVER)
            });
            tokio::select! {
                () = &mut stop => break,
                () = rung => {}
                _ = calls.join_next(), if !calls.is_empty() => {}
                () = self.desk.clock.sleep_until(wake) => {}
            }
        }
        while calls.join_next().await.is_some() {}
        let epoch = self.tenure().epoch;
        if let Some(epoch) = epoch
            && let Err(error) = self
                .desk
                .store
                .leave_lease(&self.lease, &self.holder, epoch)
                .await
        {
            tracing::warn!(%error, "the lease of a sender was not let go; it ends by itself");
        }
    }

    /// Sends all that can be sent now, one after the other, and waits until it is done. Returns when to
    /// look again.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn drain(&self) -> Result<Timestamp, StoreError> {
        loop {
            let mut calls = JoinSet::new();
            let wake = self.turn(&mut calls).await?;
            let sent = !calls.is_empty();
            while calls.join_next().await.is_some() {}
            if !sent && wake > self.desk.clock.now() {
                return Ok(wake);
            }
        }
    }

    pub(super) fn tenure(&self) -> MutexGuard<'_, Tenure> {
        self.tenure.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends what can be sent now. Returns when to look again.
    async fn turn(&self, calls: &mut JoinSet<()>) -> Result<Timestamp, StoreError> {
        let desk = &self.desk;
        let (store, platform) = (&desk.store, desk.way.platform);
        let (waiting, sending) = store.soonest(platform).await?;
        let now = desk.clock.now();
        let mut wake = self.after(desk.way.glance);
        if let Some((tried, of)) = sending {
            let known = self.tenure().epoch;
            if known.is_none() {
                self.hold(now).await?;
            }
            let doubt = tried.checked_add(self.doubt_after(of)).unwrap_or(now);
            if doubt > now {
                wake = wake.min(doubt);
            } else if self.hold(now).await?.is_some() && self.settle_doubts(now).await? {
                return Ok(now);
            }
        }
        let Some(waiting) = waiting else {
            return Ok(wake);
        };
        if desk.under_way().len() >= AT_ONCE {
            // A call that ends wakes us.
            return Ok(wake);
        }
        let next = desk.pace().next().max(waiting);
        if next > now {
            return Ok(wake.min(next));
        }
        let Some(epoch) = self.hold(now).await? else {
            return Ok(wake);
        };
        if let Some(again) = desk.away_until(now).await {
            return Ok(wake.min(again));
        }
        for row in store.ready(platform, now, AT_ONCE).await? {
            if row.expires <= now {
                self.expire(&row, now).await?;
                continue;
            }
            let free = desk.chat_free_at(&row.chat, now);
            if free > now {
                let mut tx = store.begin().await?;
                tx.put_off(row.id, free).await?;
                tx.commit().await?;
                continue;
            }
            if desk.is_away() {
                return Ok(now);
            }
            let next = desk.pace().next();
            if next > now {
                return Ok(wake.min(next));
            }
            if !desk.has_room(now) {
                return Ok(wake.min(self.after(desk.way.spacing)));
            }
            if desk.under_way().len() >= AT_ONCE {
                return Ok(wake);
            }
            let id = row.id;
            match self.send(row, epoch, now, calls).await {
                Ok(true) => {}
                // Somebody else has it, and perhaps the lease.
                Ok(false) => self.tenure().renewed = None,
                Err(error @ (StoreError::Nonsense { .. } | StoreError::Answer(_))) => {
                    self.set_aside(id, now, &error).await?;
                }
                Err(error) => return Err(error),
            }
        }
        // What is next is known when it is asked for.
        Ok(now)
    }

    /// A row that this version cannot read holds up nobody: it is looked at again until it expires.
    async fn set_aside(
        &self,
        id: PostId,
        now: Timestamp,
        error: &StoreError,
    ) -> Result<(), StoreError> {
        tracing::error!(%error, row = id.0, "a row of the outbox cannot be read");
        let mut tx = self.desk.store.begin().await?;
        let again = now.checked_add(LOOK_AGAIN).unwrap_or(now);
        tx.put_off(id, again).await?;
        tx.commit().await
    }

    /// The epoch under which rows may be claimed, if the lease is ours.
    async fn hold(&self, now: Timestamp) -> Result<Option<Epoch>, StoreError> {
        let begun = {
            let tenure = self.tenure();
            let fresh = |at| now.duration_since(at) < RENEWED;
            if tenure.epoch.is_some() && tenure.renewed.is_some_and(fresh) {
                return Ok(tenure.epoch);
            }
            // What an earlier process of this name did is over.
            !tenure.own.is_empty()
        };
        let times = (now, self.after(TENURE));
        let store = &self.desk.store;
        let epoch = store
            .take_lease(&self.lease, &self.holder, times, !begun)
            .await?;
        self.tenure().note(epoch, now);
        Ok(epoch)
    }

    async fn expire(&self, row: &Ready, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.desk.store.begin().await?;
        let expired = tx.expire(row.id, now).await?;
        tx.commit().await?;
        if expired && matches!(row.kind, Some(Kind::Post | Kind::Result)) {
            self.desk.figures.add_expired();
            tracing::warn!(post = row.id.0, "a post came too late to be sent");
        }
        Ok(())
    }

    /// Claims a row and sends it, without waiting for what comes of it. Tells whether it was to be had.
    async fn send(
        &self,
        row: Ready,
        epoch: Epoch,
        now: Timestamp,
        calls: &mut JoinSet<()>,
    ) -> Result<bool, StoreError> {
        let desk = &self.desk;
        let mut tx = desk.store.begin().await?;
        let Some(parcel) = tx.claim(row.id, (&self.lease, epoch), now).await? else {
            return Ok(false);
        };
        if desk.key_is_forgotten(&parcel, now) {
            if parcel.reason != Some(Reason::Away) {
                let end = (End::Failed, Reason::InDoubt);
                tx.end_sending(row.id, epoch, end).await?;
                desk.give_up(tx, row.id, now).await?;
                return Ok(true);
            }
            desk.repeats(row.id);
        }
        match letter(&mut tx, &parcel, now).await? {
            Err(end) => {
                tx.end_sending(row.id, epoch, end).await?;
                tx.commit().await?;
            }
            Ok(letter) => {
                tx.commit().await?;
                desk.pace().leaves(&row.chat, now);
                let under_way = UnderWay::begin(desk, row.id);
                let sending = Sending {
                    parcel,
                    epoch,
                    chat: row.chat,
                };
                calls.spawn(async move {
                    under_way.desk.send(sending, letter).await;
                });
            }
        }
        Ok(true)
    }

    fn after(&self, wait: SignedDuration) -> Timestamp {
        let now = self.desk.clock.now();
        now.checked_add(wait).unwrap_or(Timestamp::MAX)
    }
}

/// A call under way. However it ends, its place is free again.
struct UnderWay<M: Messenger> {
    desk: Arc<Desk<M>>,
    id: PostId,
}

impl<M: Messenger> UnderWay<M> {
    fn begin(desk: &Arc<Desk<M>>, id: PostId) -> Self {
        desk.under_way().insert(id);
        Self {
            desk: desk.clone(),
            id,
        }
    }
}

impl<M: Messenger> Drop for UnderWay<M> {
    fn drop(&mut self) {
        self.desk.under_way().remove(&self.id);
    }
}

impl<M: Messenger> Desk<M> {
    /// If the platform may be away, looks for it when it is time to. Returns when it will again.
    async fn away_until(&self, now: Timestamp) -> Option<Timestamp> {
        let outage = (*self.outage())?;
        if outage.again > now {
            return Some(outage.again);
        }
        let silent = matches!(
            self.messenger.is_there().await,
            Err(SendError::Away | SendError::InDoubt | SendError::NotSent)
        );
        if !silent {
            // What it refuses, it refuses because it is there.
            self.is_back();
            return None;
        }
        let looked = outage.looked + 1;
        let again = self.again_at(PostId(0), looked);
        *self.outage() = Some(Outage { looked, again });
        Some(again)
    }

    fn chat_free_at(&self, chat: &str, now: Timestamp) -> Timestamp {
        let told = self.messenger.waits_until(chat, now);
        self.pace().chat_free_at(chat).max(told.unwrap_or(now))
    }

    fn has_room(&self, now: Timestamp) -> bool {
        let said = self.messenger.said_lately(now);
        let room = |most| self.pace().has_room(most, said, now);
        self.way.most.is_none_or(room)
    }
}

impl<M> Desk<M> {
    pub(super) fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn outage(&self) -> MutexGuard<'_, Option<Outage>> {
        self.outage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_away(&self) -> bool {
        self.outage().is_some()
    }

    pub(super) fn is_back(&self) {
        *self.outage() = None;
    }

    /// A call was not answered as it should be.
    pub(super) fn seems_away(&self) {
        let again = self.clock.now();
        self.outage().get_or_insert(Outage { looked: 0, again });
    }

    pub(super) fn is_under_way(&self, id: PostId) -> bool {
        self.under_way().contains(&id)
    }

    fn under_way(&self) -> MutexGuard<'_, HashSet<PostId>> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// When a row is tried again that surely did not arrive.
    pub(super) fn again_at(&self, id: PostId, attempts: i64) -> Timestamp {
        let wait = backoff::wait(self.way.seed, id.0, attempts);
        let now = self.clock.now();
        now.checked_add(wait).unwrap_or(Timestamp::MAX)
    }
}
