//! The Discord face of anklebot.
//!
//! It is thin: interactions become [`Request`](ankle_core::face::Request)s, outcomes become calls.
//! Interactions arrive over the gateway, which `serenity` speaks; every call leaves through one
//! function of ours. An interaction is answered when its work is committed, or put off two seconds
//! after it was made. Platform types do not leave this crate.

mod answer;
mod doctor;
mod form;
mod gateway;
mod interaction;
mod leavers;
mod lookout;
mod membership;
mod messenger;
mod metrics;
mod registration;
mod render;
mod rest;
mod start;
mod tree;
mod turns;

pub use metrics::Counters;
pub use start::{Config, Discord, ShardRange, StartError, Stopped};
pub use tree::{Usage, registration, usage};
