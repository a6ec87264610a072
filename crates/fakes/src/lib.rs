//! Fakes of the chat platforms, for tests of the real adapters.
//!
//! Each speaks its platform's protocol over real HTTP, keeps a small world of people and rooms,
//! checks what it is asked against the platform's official description, delivers and refuses as
//! the platform does, and goes wrong on demand. They know nothing of the bot they serve; all that
//! they share with it is the clock.

#![allow(
    clippy::must_use_candidate,
    reason = "what people do returns a handle, which a test is free to ignore"
)]

pub mod discord;
pub mod telegram;
