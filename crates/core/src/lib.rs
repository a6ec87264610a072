//! The core of anklebot: the domain, the grammar, the words and the store that every face shares.
//!
//! Each module is a room with its own business, and data flows one way:
//!
//! update → [`face::Request`] → [`command`] (one write transaction in the [`store`]) → findings of
//! [`assess`] → [`words`] → [`card::Card`] → the adapter draws it.
//!
//! and of what nobody asks for: clock → occurrences → outbox → card → [`face::Messenger`], in
//! [`delivery`].
//!
//! The pure rooms ([`measure`], [`assess`], [`calendar`], [`exercise`], [`club`], [`card`]) do no I/O, ask for no
//! time and are never `async`. No platform is named anywhere in this crate. A test holds all of it.

pub mod assess;
pub mod calendar;
pub mod card;
pub mod club;
pub mod command;
pub mod delivery;
pub mod exercise;
pub mod face;
pub mod measure;
pub mod store;
pub mod words;
