//! The program itself, as its users start it.

mod both;
mod serving;
mod terminal;
