//! What can go wrong on demand.

use std::sync::Arc;

use tokio::sync::watch;

use super::reply::{ApiError, Scope};
use super::world::Shared;

/// Something that goes wrong with a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// 429 of this scope, with so many seconds to wait.
    TooManyRequests(Scope, f64),
    /// 401: the token was revoked.
    Unauthorized,
    /// 403 with this code, like 50001 or 50013.
    Forbidden(u32),
    /// 404 with this code, like 10003 or 10008.
    NotFound(u32),
    /// Any other error: a status and a code.
    Error(u16, u32),
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
    operation: Option<String>,
    channel: Option<u64>,
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
    operation: Option<String>,
    channel: Option<u64>,
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
            operation: None,
            channel: None,
        }
    }

    /// Only calls of this operation, as the official description calls it, like `create_message`
    /// or `create_interaction_response`.
    pub fn on(mut self, operation: &str) -> Self {
        self.operation = Some(operation.to_owned());
        self
    }

    /// Only calls about this channel.
    pub fn in_channel(mut self, channel: u64) -> Self {
        self.channel = Some(channel);
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
                operation: self.operation,
                channel: self.channel,
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
    pub(crate) fn strike(&mut self, operation: &str, channel: Option<u64>) -> Option<Strike> {
        let planted = self.planted.iter_mut().find(|planted| {
            planted.left != Some(0)
                && planted
                    .operation
                    .as_deref()
                    .is_none_or(|only| only == operation)
                && planted.channel.is_none_or(|only| Some(only) == channel)
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
            Self::TooManyRequests(scope, seconds) => ApiError::limited(*scope, *seconds),
            Self::Unauthorized => ApiError::unauthorized(),
            Self::Forbidden(code) => ApiError::new(403, *code, "Forbidden on demand"),
            Self::NotFound(code) => ApiError::new(404, *code, "Not found on demand"),
            Self::Error(status, code) => ApiError::new(*status, *code, "Failed on demand"),
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
