//! The fakes, used as their clients and their tests use them.

mod discord;
mod telegram;
