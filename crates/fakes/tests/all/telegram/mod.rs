//! The fake Telegram over its HTTP API.

mod calls;
mod client;
mod control;
mod delivery;
mod faults;
mod people;
mod poll;
mod teloxide;
mod webhook;
