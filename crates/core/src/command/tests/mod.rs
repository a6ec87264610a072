mod budget;
mod check_ins;
mod grammar;
mod logging;
mod person;
mod refusals;
mod talk;
mod trouble;
