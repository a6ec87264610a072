//! What the program is made of: its configuration, the faces whose tokens are set, and the terminal,
//! which needs none. A library, so that stories can be told in the terminal without a process.

pub mod config;
pub mod serve;
pub mod terminal;
