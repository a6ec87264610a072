//! Stories about anklebot: a few lines of what was said, and what came back.
//!
//! The stories in `told` are told once and played in the terminal, on Telegram and on Discord, on both
//! databases; the others are about what only a platform does to a bot.

mod stage;

mod challenges;
mod complaints;
mod discord;
mod edits;
mod group;
mod hostile;
mod month;
mod nudges;
mod organisers;
mod polling;
mod presses;
mod processes;
mod reminders;
mod rooms;
mod told;
mod traps;
mod waiting;
mod webhook;
mod welcome;
mod year;
