//! The program itself, as its users start it.

mod serving;
mod terminal;
