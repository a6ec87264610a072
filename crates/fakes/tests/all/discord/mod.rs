//! The fake Discord over its HTTP API and its gateway.

mod client;
mod interactions;
mod people;
mod serenity;
