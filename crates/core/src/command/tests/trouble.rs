//! A database that fails, a handler that panics, two processes at the same event.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;

use super::talk::Talk;
use crate::card::plain;
use crate::club::Language;
use crate::command::Bot;
use crate::face::{Aside, Clock, Outcome, Said, SimulatedClock, Sleep};
use crate::store::Store;

#[tokio::test]
async fn a_database_that_fails_is_never_called_saved() {
    let talk = Talk::new().await;
    talk.say("test 9cm left").await;
    talk.store.close().await;
    let request = talk.request(Said::Line("test 9cm right".to_owned()));
    let not_saved = talk.bot.answer(&request).await.unwrap_err();
    insta::assert_snapshot!(plain(&not_saved.answer.card), @"Not saved: I couldn't reach my database. Please try again in a minute.");
    let refused = talk.say("test nine-ish").await;
    assert!(
        refused.contains("couldn't read"),
        "a refusal needs no database: {refused}"
    );
}

#[tokio::test]
async fn what_went_wrong_is_said_in_the_askers_language_and_may_be_said_in_a_room() {
    let mut talk = Talk::new().await;
    talk.locale = Some("en");
    talk.say("me settings language:de").await;
    let clock = Breaking {
        clock: talk.clock.clone(),
        breaks: true.into(),
    };
    let bot = Bot::new(talk.store.clone(), Arc::new(clock));
    let request = talk.request(Said::Line("history".to_owned()));
    let Outcome::Say(wrong) = bot.answer(&request).await.unwrap() else {
        panic!("a panic is answered");
    };
    // Its choice cannot be read without a database, but what its platform says is known.
    talk.locale = Some("de");
    talk.store.close().await;
    let request = talk.request(Said::Line("history".to_owned()));
    let not_saved = talk.bot.answer(&request).await.unwrap_err().answer;
    for answer in [wrong, not_saved] {
        assert!(plain(&answer.card).starts_with("Nicht gespeichert"));
        assert_eq!(answer.language, Language::De);
        assert_eq!(answer.aside, Aside::Instead(answer.card));
    }
}

#[tokio::test]
#[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
async fn a_server_that_goes_away_is_never_called_saved() {
    let server =
        scratch_postgres::ScratchPostgres::start(scratch_postgres::Durability::Fast).unwrap();
    let store = Arc::new(Store::open(&server.new_database().unwrap()).await.unwrap());
    let talk = Talk::on(store, "2026-11-24T10:00:00Z");
    talk.say("test 9cm left").await;
    drop(server);
    let request = talk.request(Said::Line("test 9cm right".to_owned()));
    let not_saved = talk.bot.answer(&request).await.unwrap_err();
    assert!(plain(&not_saved.answer.card).starts_with("Not saved"));
}

/// A clock that breaks once.
struct Breaking {
    clock: SimulatedClock,
    breaks: AtomicBool,
}

impl Clock for Breaking {
    fn now(&self) -> Timestamp {
        assert!(
            !self.breaks.swap(false, Ordering::Relaxed),
            "the clock is broken"
        );
        self.clock.now()
    }

    fn sleep_until(&self, at: Timestamp) -> Sleep {
        self.clock.sleep_until(at)
    }
}

#[tokio::test]
async fn a_panic_is_caught_answered_and_counted_and_leaves_nothing_behind() {
    let talk = Talk::new().await;
    let clock = Breaking {
        clock: talk.clock.clone(),
        breaks: true.into(),
    };
    let bot = Bot::new(talk.store.clone(), Arc::new(clock));
    let request = talk.request(Said::Line("test 9cm left".to_owned()));
    let Outcome::Say(answer) = bot.answer(&request).await.unwrap() else {
        panic!("a panic is answered");
    };
    insta::assert_snapshot!(plain(&answer.card), @"Not saved: something went wrong on my side, and it is noted for whoever runs me. Please try again.");
    assert_eq!(bot.panics(), 1);
    assert!(talk.say("history").await.contains("No tests yet"));
    assert!(
        talk.show(bot.answer(&request).await.unwrap())
            .contains("Left 9.0 cm")
    );
}

/// Many at once deliver the same events: each is done once, whoever was faster.
async fn race(store: Arc<Store>) {
    let talk = Arc::new(Talk::on(store, "2026-11-24T10:00:00Z"));
    let requests: Vec<_> = (0..5)
        .map(|n| {
            talk.request(Said::Line(format!(
                "test {}cm left on:\"{n} days ago\"",
                8 + n
            )))
        })
        .collect();
    let bots: Vec<_> = (0..4)
        .map(|_| Arc::new(Bot::new(talk.store.clone(), Arc::new(talk.clock.clone()))))
        .collect();
    let mut tasks = Vec::new();
    for bot in &bots {
        for request in &requests {
            let (bot, request) = (bot.clone(), request.clone());
            tasks.push(tokio::spawn(
                async move { bot.answer(&request).await.is_ok() },
            ));
        }
    }
    for task in tasks {
        assert!(task.await.unwrap());
    }
    let (tests, _) = talk.store.tests().await.unwrap();
    assert_eq!(tests, 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_event_at_several_processes_is_done_once_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/test.db", folder.path().display());
    race(Arc::new(Store::open(&url).await.unwrap())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
async fn the_same_event_at_several_processes_is_done_once_on_postgres() {
    let server = scratch_postgres::ScratchPostgres::shared().unwrap();
    race(Arc::new(
        Store::open(&server.new_database().unwrap()).await.unwrap(),
    ))
    .await;
}
