//! The fake Discord over its HTTP API and its gateway.

mod calls;
mod client;
mod control;
mod faults;
mod gateway;
mod interactions;
mod people;
mod rules;
mod serenity;
