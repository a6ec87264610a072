//! The program itself, as its users start it.

mod both;
mod packaging;
mod processes;
mod serving;
mod terminal;
