//! What the one writer promises to those who share a commit. On SQLite only: elsewhere there is no
//! line to stand in.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use tokio::task::JoinHandle;

use super::tx::Either;
use super::{Store, StoreError, Tx};

struct House {
    store: Arc<Store>,
    _folder: tempfile::TempDir,
}

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/a.db", folder.path().display());
        Self {
            store: Arc::new(Store::open(&url).await.unwrap()),
            _folder: folder,
        }
    }

    /// A transaction that has written a setting.
    async fn writing(&self, name: &str) -> Tx {
        let mut tx = self.store.begin().await.unwrap();
        tx.remember(name, "written").await.unwrap();
        tx
    }

    /// Somebody who stands in line, and then writes a setting and ends as he is told.
    async fn in_line<F>(&self, name: &'static str, end: fn(Tx) -> F) -> JoinHandle<F::Output>
    where
        F: Future<Output = Result<(), StoreError>> + Send + 'static,
    {
        let before = self.waiting();
        let store = Arc::clone(&self.store);
        let task = tokio::spawn(async move {
            let mut tx = store.begin().await?;
            tx.remember(name, "written").await?;
            end(tx).await
        });
        until(|| self.waiting() > before).await;
        task
    }

    fn waiting(&self) -> usize {
        match self.store.writers() {
            Either::Sqlite(writer) => writer.waiting(),
            Either::Postgres(_) => 0,
        }
    }

    async fn has(&self, name: &str) -> bool {
        self.store.setting(name).await.unwrap().is_some()
    }
}

async fn until(is_so: impl Fn() -> bool) {
    for _ in 0..1_000_000 {
        if is_so() {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("it never came to be so");
}

async fn commit(tx: Tx) -> Result<(), StoreError> {
    tx.commit().await
}

async fn leave(tx: Tx) -> Result<(), StoreError> {
    drop(tx);
    Ok(())
}

/// Breaks a foreign key in a way that only the commit finds out.
async fn spoil(mut tx: Tx) -> Result<(), StoreError> {
    run(&mut tx, "pragma defer_foreign_keys = on").await;
    run(
        &mut tx,
        "insert into chat (club_id, platform, external, since) values (-1, 'x', 'x', 0)",
    )
    .await;
    tx.commit().await
}

/// What the database does by itself when its disk is full.
async fn lose_all(mut tx: Tx) -> Result<(), StoreError> {
    run(&mut tx, "rollback").await;
    tx.commit().await
}

async fn run(tx: &mut Tx, sql: &'static str) {
    match tx.connection().await.unwrap() {
        Either::Sqlite(connection) => sqlx::query(sql).execute(connection).await.unwrap(),
        Either::Postgres(_) => unreachable!(),
    };
}

#[tokio::test]
async fn nobody_is_told_before_the_commit_that_he_shares() {
    let house = House::new().await;
    let first = house.writing("first").await;
    let second = house.in_line("second", commit).await;
    let third = house.in_line("third", commit).await;
    assert!(!house.has("first").await);
    first.commit().await.unwrap();
    assert!(
        house.has("first").await && house.has("third").await,
        "told too early"
    );
    second.await.unwrap().unwrap();
    third.await.unwrap().unwrap();
    assert!(house.has("second").await);
}

#[tokio::test]
async fn who_leaves_takes_nothing_of_the_others_with_him() {
    let house = House::new().await;
    let first = house.writing("first").await;
    let second = house.in_line("second", leave).await;
    let third = house.in_line("third", commit).await;
    first.commit().await.unwrap();
    second.await.unwrap().unwrap();
    third.await.unwrap().unwrap();
    assert!(house.has("first").await && house.has("third").await);
    assert!(!house.has("second").await);
}

#[tokio::test]
async fn if_the_last_leaves_the_others_are_committed_all_the_same() {
    let house = House::new().await;
    let first = house.writing("first").await;
    let last = house.in_line("last", leave).await;
    first.commit().await.unwrap();
    last.await.unwrap().unwrap();
    assert!(house.has("first").await && !house.has("last").await);
}

#[tokio::test]
async fn if_the_first_leaves_the_next_begins_anew() {
    let house = House::new().await;
    let first = house.writing("first").await;
    let next = house.in_line("next", commit).await;
    drop(first);
    next.await.unwrap().unwrap();
    assert!(house.has("next").await && !house.has("first").await);
}

#[tokio::test]
async fn a_commit_that_one_spoils_is_made_without_him() {
    let house = House::new().await;
    let first = house.writing("first").await;
    let spoiler = house.in_line("spoiler", spoil).await;
    first.commit().await.unwrap();
    assert!(spoiler.await.unwrap().is_err());
    assert!(house.has("first").await && !house.has("spoiler").await);
}

#[tokio::test]
async fn if_the_database_takes_all_back_all_are_told() {
    let house = House::new().await;
    let first = house.writing("first").await;
    let second = house.in_line("second", lose_all).await;
    let told = first.commit().await;
    assert!(matches!(told, Err(StoreError::NotCommitted)), "{told:?}");
    assert!(second.await.unwrap().is_err());
    assert!(!house.has("first").await && !house.has("second").await);
    house.writing("later").await.commit().await.unwrap();
    assert!(house.has("later").await);
}

#[tokio::test]
async fn who_gives_up_waiting_is_not_waited_for() {
    let house = House::new().await;
    let first = house.writing("first").await;
    let impatient = house.in_line("impatient", commit).await;
    let mut ending = Box::pin(first.commit());
    assert!(
        now(&mut ending).await.is_pending(),
        "it is left to the next"
    );
    impatient.abort();
    let mut done = Poll::Pending;
    for _ in 0..1_000_000 {
        done = now(&mut ending).await;
        if done.is_ready() {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert!(matches!(done, Poll::Ready(Ok(()))), "{done:?}");
    assert!(house.has("first").await && !house.has("impatient").await);
    house.writing("later").await.commit().await.unwrap();
}

/// How far something is.
async fn now<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    poll_fn(|context| Poll::Ready(Pin::new(&mut *future).poll(context))).await
}

#[tokio::test]
async fn a_connection_that_is_lost_is_made_anew() {
    let house = House::new().await;
    let mut tx = house.writing("lost").await;
    // Ends the transaction behind the writer's back, so that it cannot know how things stand.
    run(&mut tx, "rollback").await;
    drop(tx);
    house.writing("later").await.commit().await.unwrap();
    assert!(house.has("later").await && !house.has("lost").await);
}
