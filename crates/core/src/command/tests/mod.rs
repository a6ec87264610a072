mod budget;
mod grammar;
mod logging;
mod person;
mod refusals;
mod talk;
mod trouble;
