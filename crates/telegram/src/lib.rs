//! The Telegram face of anklebot.
//!
//! It is thin: updates become [`Request`](ankle_core::face::Request)s, outcomes become calls.
//! Updates arrive by long poll or by webhook, wait in a queue for each chat, and are acknowledged
//! when their work is committed. Platform types do not leave this crate.

mod answer;
mod api;
mod config;
mod doctor;
mod incoming;
mod leavers;
mod lookout;
mod menu;
mod messenger;
mod metrics;
mod poll;
mod render;
mod rooms;
mod said;
mod standing;
mod start;
mod transport;
mod update;
mod waits;
mod webhook;

pub use config::{Config, StartError};
pub use metrics::Counters;
pub use start::{Stopped, Telegram};
pub use webhook::Webhook;
