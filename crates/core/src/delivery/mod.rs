//! Saying what nobody asked for at that moment: reminders fall due, and are sent at a pace that every
//! platform bears.
//!
//! [`Falling`] puts what is due into the outbox. A [`Sender`] a platform takes it out again, under a
//! lease, so that of several processes one sends. A row is claimed before its call and settled after
//! it: whatever dies in between is found in the outbox, and it is known what may have been said.
//! [`Single`] is such a lease for whatever else only one process may do.

mod backoff;
mod compose;
mod doubts;
mod falling;
mod figures;
mod leavers;
mod pace;
mod pulse;
mod sender;
mod settle;
mod single;
mod tenure;

pub use falling::Falling;
pub use figures::{Falls, Figures, Lateness};
pub use leavers::{Found, Leavers, Roll};
pub use pulse::Pulse;
pub use sender::{Doubt, Sender, Way};
pub use single::{Held, Single};

#[cfg(test)]
mod sender_tests;
#[cfg(test)]
mod single_tests;
