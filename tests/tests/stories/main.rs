//! Stories about anklebot: a few lines of what was said, and what came back.
//!
//! The stories in `told` are told once and played in the terminal and on Telegram, on both
//! databases; the others are about what only a platform does to a bot.

mod stage;

mod complaints;
mod group;
mod rooms;
mod told;
mod traps;
