//! SQLite's one writer, and how those who wait for it share a commit.
//!
//! A commit costs an `fsync`, and there is one writer. So whoever ends while others wait leaves his
//! transaction open to the next: each but the first has a savepoint of its own, the last commits for
//! all, and nobody is told that his work is done before it is. Under no load nobody waits, and each
//! commits for himself.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use ankle_clock::Stopwatch;
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection, SqlitePool};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use super::StoreError;
use super::exchange::run;
use super::write_times::WriteTimes;

/// The beginning of a turn where no transaction is open. A macro, so that a statement can follow in
/// the same breath: each exchange with the writer's thread costs more than most statements.
macro_rules! opening {
    ($($sql:expr)?) => {
        concat!("begin immediate; ", $($sql)?)
    };
}
/// The beginning of a turn within the transaction of others.
macro_rules! joining {
    ($($sql:expr)?) => {
        concat!("savepoint turn; ", $($sql)?)
    };
}
pub(super) use {joining, opening};

const COMMIT: &str = "commit";
const RELEASE: &str = "release turn";
const UNDO: &str = "rollback to turn; release turn";
const UNDO_ALL: &str = "rollback";

/// How many share a commit at most. At some tenths of a millisecond each, that keeps a transaction
/// within 20 ms.
const GROUP: usize = 16;

/// A transaction that took as long is worth a line: nobody else could write meanwhile.
const SLOW: Duration = Duration::from_secs(1);

/// The one writer.
pub(super) struct Writer(Arc<Shared>);

struct Shared {
    pool: SqlitePool,
    state: Arc<Mutex<State>>,
    waiting: AtomicUsize,
    arrived: AtomicU64,
    times: Arc<WriteTimes>,
}

struct State {
    /// None before the first turn, and after one that left it in doubt.
    connection: Option<PoolConnection<Sqlite>>,
    /// The open transaction, since its beginning.
    open: Option<Stopwatch>,
    times: Arc<WriteTimes>,
    /// Who waits for the commit of the open transaction.
    group: Vec<oneshot::Sender<()>>,
    /// Who arrived before this need not try: the database was waited for in vain meanwhile.
    in_vain: u64,
}

/// One transaction's turn at the writer. Dropped before its end, it leaves nothing behind.
pub(super) struct Turn {
    shared: Arc<Shared>,
    state: Option<OwnedMutexGuard<State>>,
    has_begun: bool,
}

/// How a turn ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The next goes on with the transaction that this turn began: nothing is to be run.
    Leave,
    /// The next goes on with the transaction: [`RELEASE`] is to be run.
    Release,
    /// The transaction ends: [`COMMIT`] is to be run.
    Commit,
}

impl Writer {
    /// A writer over a pool of one connection.
    pub fn new(pool: SqlitePool) -> Self {
        let times = Arc::new(WriteTimes::default());
        Self(Arc::new(Shared {
            pool,
            times: times.clone(),
            state: Arc::new(Mutex::new(State {
                connection: None,
                open: None,
                times,
                group: Vec::new(),
                in_vain: 0,
            })),
            waiting: AtomicUsize::new(0),
            arrived: AtomicU64::new(0),
        }))
    }

    /// Waits for a turn. Nothing has begun yet.
    pub async fn turn(&self) -> Result<Turn, StoreError> {
        let shared = Arc::clone(&self.0);
        let ticket = shared.arrived.fetch_add(1, Ordering::SeqCst);
        let place = Place::in_line(&shared);
        let mut state = Arc::clone(&shared.state).lock_owned().await;
        place.served();
        if state.open.is_none() && ticket < state.in_vain {
            return Err(StoreError::Unavailable(sqlx::Error::PoolTimedOut));
        }
        if state.connection.is_none() {
            state.connection = Some(shared.pool.acquire().await?);
        }
        Ok(Turn {
            shared,
            state: Some(state),
            has_begun: false,
        })
    }

    /// How long its transactions took.
    pub fn times(&self) -> &WriteTimes {
        &self.0.times
    }

    /// How many stand in line.
    #[cfg(test)]
    pub fn waiting(&self) -> usize {
        self.0.waiting.load(Ordering::SeqCst)
    }

    /// Closes the connection, after what is under way is done.
    pub async fn close(&self) {
        let mut state = self.0.state.lock().await;
        // Whoever left the transaction to somebody who will not come is told all the same.
        if !state.group.is_empty() {
            state.commit().await;
        }
        state.abandon();
        drop(state);
        self.0.pool.close().await;
    }
}

impl Turn {
    /// Begins, in an exchange of its own.
    pub async fn begin(&mut self) -> Result<(), StoreError> {
        let sql = if self.begins() {
            opening!()
        } else {
            joining!()
        };
        let done = run(self.connection(), sqlx::query(sql), 1).await;
        self.begun(done.map(|_| ()))
    }

    /// Whether this turn begins the transaction, with [`opening!`], or joins it, with [`joining!`].
    /// What is run next must be one of the two, and [`Turn::begun`] must hear what came of it.
    pub fn begins(&mut self) -> bool {
        self.has_begun = true;
        let state = self.state();
        let begins = state.open.is_none();
        state.open.get_or_insert_with(Stopwatch::start);
        begins
    }

    /// Notes what came of the beginning.
    pub fn begun<T>(&mut self, done: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        done.map_err(|error| {
            if is_held(&error) && self.state().group.is_empty() {
                // Somebody else holds the file. It was waited for long enough for all who stand in
                // line now.
                self.state().in_vain = self.shared.arrived.load(Ordering::SeqCst);
            }
            error.into()
        })
    }

    /// The connection.
    pub fn connection(&mut self) -> &mut SqliteConnection {
        let connection = self.state().connection.as_mut();
        connection.expect("a turn has a connection to its end")
    }

    /// How this turn is to end, if its last statement were run now.
    pub fn ending(&mut self) -> Ending {
        let others_wait = self.shared.waiting.load(Ordering::SeqCst) > 0;
        match self.state().group.len() {
            0 if others_wait => Ending::Leave,
            others if others_wait && others + 1 < GROUP => Ending::Release,
            _ => Ending::Commit,
        }
    }

    /// Ends, in an exchange of its own. When this returns, the work is lasting.
    pub async fn end(mut self) -> Result<(), StoreError> {
        let ending = self.ending();
        let sql = match ending {
            Ending::Leave => return self.ended(ending).await,
            Ending::Release => RELEASE,
            Ending::Commit => COMMIT,
        };
        run(self.connection(), sqlx::query(sql), 1).await?;
        self.ended(ending).await
    }

    /// After a statement that ended the turn: waits until the work is lasting.
    pub async fn ended(mut self, ending: Ending) -> Result<(), StoreError> {
        let Some(mut state) = self.state.take() else {
            return Ok(());
        };
        match ending {
            Ending::Commit => {
                state.committed();
                Ok(())
            }
            Ending::Leave | Ending::Release => {
                let (lasting, told) = oneshot::channel();
                state.group.push(lasting);
                drop(state);
                told.await.map_err(|_| StoreError::NotCommitted)
            }
        }
    }

    fn state(&mut self) -> &mut State {
        self.state
            .as_mut()
            .expect("a turn has its state to its end")
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(mut state) = self.state.take() else {
            return;
        };
        if !self.has_begun && state.group.is_empty() {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            // The program is ending. A closed connection leaves nothing behind either.
            state.abandon();
            return;
        };
        let (shared, has_begun) = (Arc::clone(&self.shared), self.has_begun);
        runtime.spawn(async move {
            if has_begun {
                state.undo_turn().await;
            }
            state.commit_if_last(&shared).await;
        });
    }
}

impl State {
    /// Takes back the present turn alone, or, if that cannot be, the whole transaction.
    async fn undo_turn(&mut self) {
        if self.group.is_empty() {
            self.undo_all().await;
        } else if self.run(UNDO).await.is_err() {
            // The database has taken the transaction back by itself.
            self.undo_all().await;
        }
    }

    async fn undo_all(&mut self) {
        if self.run(UNDO_ALL).await.is_err() {
            self.abandon();
        }
        self.closed();
        self.group.clear();
    }

    async fn commit_if_last(&mut self, shared: &Shared) {
        if !self.group.is_empty() && shared.waiting.load(Ordering::SeqCst) == 0 {
            self.commit().await;
        }
    }

    async fn commit(&mut self) {
        match self.run(COMMIT).await {
            Ok(()) => self.committed(),
            Err(error) => {
                tracing::error!(%error, "a shared commit failed");
                self.undo_all().await;
            }
        }
    }

    fn committed(&mut self) {
        self.closed();
        for waits in self.group.drain(..) {
            // Whoever no longer waits has no need to know.
            let _ = waits.send(());
        }
    }

    /// Closes a connection of which nobody knows in what state it is.
    fn abandon(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            connection.close_on_drop();
        }
        self.closed();
        self.group.clear();
    }

    /// No transaction is open any more.
    fn closed(&mut self) {
        if let Some(open) = self.open.take() {
            let took = open.elapsed();
            self.times.note(took);
            if took >= SLOW {
                let seconds = took.as_secs_f64();
                tracing::warn!(
                    "writing to the database took {seconds:.1} s: is the disk busy, or does another \
                     program hold the file?"
                );
            }
        }
    }

    async fn run(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        let connection = self.connection.as_mut();
        let connection = connection.ok_or(sqlx::Error::WorkerCrashed)?;
        sqlx::query(sql)
            .execute(&mut **connection)
            .await
            .map(|_| ())
    }
}

/// Whether another program has the database: SQLite's codes for busy and locked.
fn is_held(error: &sqlx::Error) -> bool {
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| {
        code.parse::<u32>()
            .is_ok_and(|code| matches!(code & 0xff, 5 | 6))
    })
}

/// A place in the line. Who leaves it unserved may have been relied on to commit for others.
struct Place<'a>(Option<&'a Arc<Shared>>);

impl<'a> Place<'a> {
    fn in_line(shared: &'a Arc<Shared>) -> Self {
        shared.waiting.fetch_add(1, Ordering::SeqCst);
        Self(Some(shared))
    }

    fn served(mut self) {
        if let Some(shared) = self.0.take() {
            shared.waiting.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let Some(shared) = self.0.take() else { return };
        shared.waiting.fetch_sub(1, Ordering::SeqCst);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let shared = Arc::clone(shared);
            runtime.spawn(async move {
                let mut state = shared.state.lock().await;
                state.commit_if_last(&shared).await;
            });
        }
    }
}
