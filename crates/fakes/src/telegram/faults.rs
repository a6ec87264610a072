//! What can go wrong on demand.

use std::sync::Arc;

use tokio::sync::watch;

use super::reply::ApiError;
use super::world::Shared;

/// Something that goes wrong with a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 429 with this `retry_after`, in seconds.
    TooManyRequests(u64),
    /// 403: the user has blocked the bot.
    Blocked,
    /// 403: the bot was kicked from the basic group.
    KickedFromGroup,
    /// 403: the bot was kicked from the supergroup.
    KickedFromSupergroup,
    /// 403: the bot is not a member of the supergroup.
    NotAMember,
    /// 400 `TOPIC_CLOSED`.
    TopicClosed,
    /// 400: the group has become this supergroup.
    Migrated(i64),
    /// 400: no right to send text messages to the chat.
    NoRightsToWrite,
    /// 409: another process polls.
    Conflict,
    /// 401: the token was revoked.
    Unauthorized,
    /// Any other error: a code and a description.
    Error(u16, String),
    /// A status of 5xx with a page of HTML, as a proxy in front of the API gives it. Nothing is done.
    ServerError(u16),
    /// The same, but all is done.
    ServerErrorAfter(u16),
    /// Nothing is done, and no answer comes until the fault is released; then the call goes on.
    HangBefore,
    /// All is done, but no answer comes until the fault is released.
    HangAfter,
    /// The connection closes before anything is done.
    DropBefore,
    /// The connection closes after all is done.
    DropAfter,
    /// All is done, but the answer breaks off in the middle of its JSON.
    Malformed,
}

/// A fault being described; one of [`once`](Self::once), [`times`](Self::times) and
/// [`until_cleared`](Self::until_cleared) puts it in place.
#[must_use = "a fault strikes only once it is in place: say once(), times(n) or until_cleared()"]
#[derive(Debug)]
pub struct FaultPlan {
    shared: Arc<Shared>,
    fault: Fault,
    method: Option<String>,
    chat: Option<i64>,
}

/// A fault in place.
#[derive(Clone, Debug)]
pub struct PlantedFault {
    shared: Arc<Shared>,
    id: u64,
    gate: watch::Sender<bool>,
}

/// All faults in place, in the order of planting.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    planted: Vec<Planted>,
    next: u64,
}

/// A fault that strikes a call, and the gate that opens when it is released.
#[derive(Clone, Debug)]
pub(crate) struct Strike {
    pub(crate) fault: Fault,
    pub(crate) gate: watch::Receiver<bool>,
}

#[derive(Debug)]
struct Planted {
    id: u64,
    fault: Fault,
    method: Option<String>,
    chat: Option<i64>,
    left: Option<usize>,
    hits: usize,
    /// Kept here too, so that calls hang although the test has dropped its handle.
    gate: watch::Sender<bool>,
}

impl FaultPlan {
    pub(crate) fn new(shared: Arc<Shared>, fault: Fault) -> Self {
        Self {
            shared,
            fault,
            method: None,
            chat: None,
        }
    }

    /// Only calls of this method, as in `sendMessage`.
    pub fn on(mut self, method: &str) -> Self {
        self.method = Some(method.to_lowercase());
        self
    }

    /// Only calls about this chat.
    pub fn in_chat(mut self, chat: i64) -> Self {
        self.chat = Some(chat);
        self
    }

    /// The next such call.
    pub fn once(self) -> PlantedFault {
        self.times(1)
    }

    /// The next `n` such calls.
    pub fn times(self, n: usize) -> PlantedFault {
        self.plant(Some(n))
    }

    /// Every such call, until [`PlantedFault::clear`].
    pub fn until_cleared(self) -> PlantedFault {
        self.plant(None)
    }

    fn plant(self, left: Option<usize>) -> PlantedFault {
        let gate = watch::Sender::new(false);
        let id = self.shared.write(|state| {
            let faults = &mut state.faults;
            faults.next += 1;
            faults.planted.push(Planted {
                id: faults.next,
                fault: self.fault,
                method: self.method,
                chat: self.chat,
                left,
                hits: 0,
                gate: gate.clone(),
            });
            faults.next
        });
        PlantedFault {
            shared: self.shared,
            id,
            gate,
        }
    }
}

impl PlantedFault {
    /// How many calls it has struck.
    #[must_use]
    pub fn hits(&self) -> usize {
        self.shared.read(|state| state.faults.hits(self.id))
    }

    /// Waits until it has struck `n` calls.
    pub async fn struck(&self, n: usize) {
        let what = format!("a fault to strike {n} times");
        self.shared
            .wait(&what, |state| {
                (state.faults.hits(self.id) >= n).then_some(())
            })
            .await;
    }

    /// Ends it: no further call is struck, and calls that hang go on.
    pub fn clear(&self) {
        self.shared.write(|state| state.faults.clear(self.id));
        self.release();
    }

    /// Lets the calls that hang go on; further calls are still struck, but hang no more.
    pub fn release(&self) {
        self.gate.send_replace(true);
    }
}

impl Faults {
    /// The fault that strikes this call, if any.
    pub(crate) fn strike(&mut self, method: &str, chat: Option<i64>) -> Option<Strike> {
        let planted = self.planted.iter_mut().find(|planted| {
            planted.left != Some(0)
                && planted
                    .method
                    .as_deref()
                    .is_none_or(|only| only == method.to_lowercase())
                && planted.chat.is_none_or(|only| Some(only) == chat)
        })?;
        planted.hits += 1;
        planted.left = planted.left.map(|left| left - 1);
        Some(Strike {
            fault: planted.fault.clone(),
            gate: planted.gate.subscribe(),
        })
    }

    fn clear(&mut self, id: u64) {
        for planted in self.planted.iter_mut().filter(|planted| planted.id == id) {
            planted.left = Some(0);
        }
    }

    fn hits(&self, id: u64) -> usize {
        let planted = self.planted.iter().find(|planted| planted.id == id);
        planted.map_or(0, |planted| planted.hits)
    }
}

impl Fault {
    /// The error it answers with, if it answers with one of the API's own.
    pub(crate) fn error(&self) -> Option<ApiError> {
        let error = match self {
            Self::TooManyRequests(seconds) => ApiError::too_many(*seconds),
            Self::Blocked => ApiError::forbidden("bot was blocked by the user"),
            Self::KickedFromGroup => ApiError::forbidden("bot was kicked from the group chat"),
            Self::KickedFromSupergroup => {
                ApiError::forbidden("bot was kicked from the supergroup chat")
            }
            Self::NotAMember => ApiError::forbidden("bot is not a member of the supergroup chat"),
            Self::TopicClosed => ApiError::bad("TOPIC_CLOSED"),
            Self::Migrated(to) => ApiError::migrated(*to),
            Self::NoRightsToWrite => {
                ApiError::bad("not enough rights to send text messages to the chat")
            }
            Self::Conflict => ApiError::new(409, CONFLICT),
            Self::Unauthorized => ApiError::new(401, "Unauthorized"),
            Self::Error(code, description) => ApiError::new(*code, description.clone()),
            Self::ServerError(_)
            | Self::ServerErrorAfter(_)
            | Self::HangBefore
            | Self::HangAfter
            | Self::DropBefore
            | Self::DropAfter
            | Self::Malformed => return None,
        };
        Some(error)
    }
}

impl Strike {
    /// Waits until the fault is released.
    pub(crate) async fn released(mut self) {
        // The test is over when the gate is gone: the call may as well go on.
        let _ = self.gate.wait_for(|open| *open).await;
    }
}

pub(crate) const CONFLICT: &str = "Conflict: terminated by other getUpdates request; \
    make sure that only one bot instance is running";
