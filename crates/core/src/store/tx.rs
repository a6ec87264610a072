use sqlx::{PgPool, Postgres, SqlitePool, Transaction};

use super::logging::Waiting;
use super::writer::{Ending, Turn, Writer};
use super::{Like, StoreError};

/// The same thing for one database or the other.
pub(super) enum Either<S, P> {
    /// For SQLite.
    Sqlite(S),
    /// For PostgreSQL.
    Postgres(P),
}

/// Connections to one database or the other.
pub(super) type Pool = Either<SqlitePool, PgPool>;

/// What writes to one database or the other.
pub(super) type Writers = Either<Writer, PgPool>;

/// A write transaction. Dropped without [`Tx::commit`], it leaves nothing behind.
pub struct Tx {
    pub(super) inner: Either<Turn, Transaction<'static, Postgres>>,
    /// The like tests of an account, if they were read when it was met and no test was logged or
    /// changed since.
    pub(super) ahead: Option<(i64, Vec<Like>)>,
    /// The number that the next entry gets, if it is known: SQLite's one writer can tell it before.
    pub(super) next_entry: Option<i64>,
    /// Entries that are written with whatever is run next. Each exchange with SQLite's thread costs more
    /// than most statements.
    pub(super) waiting: Option<Waiting>,
}

impl Tx {
    pub(super) async fn begin(writers: &Writers) -> Result<Self, StoreError> {
        let mut tx = Self::prepare(writers).await?;
        if let Either::Sqlite(turn) = &mut tx.inner {
            turn.begin().await?;
        }
        Ok(tx)
    }

    /// As [`Tx::begin`], but on SQLite nothing has begun yet: its first statement is to begin it.
    pub(super) async fn prepare(writers: &Writers) -> Result<Self, StoreError> {
        let inner = match writers {
            Either::Sqlite(writer) => Either::Sqlite(writer.turn().await?),
            // Boxed, or every transaction's future would hold room for connecting, SQLite's too.
            Either::Postgres(pool) => Either::Postgres(Box::pin(pool.begin()).await?),
        };
        Ok(Self {
            inner,
            ahead: None,
            next_entry: None,
            waiting: None,
        })
    }

    /// The connection, for [`on!`](super::on), after what waits has been written.
    pub(super) async fn connection(
        &mut self,
    ) -> Result<Either<&mut sqlx::SqliteConnection, &mut sqlx::PgConnection>, StoreError> {
        match &mut self.inner {
            Either::Sqlite(turn) => {
                if let Some(waiting) = self.waiting.take() {
                    // Boxed, for it is rare, and every handler's future would hold room for it.
                    Box::pin(waiting.write(turn.connection())).await?;
                }
                Ok(Either::Sqlite(turn.connection()))
            }
            Either::Postgres(tx) => Ok(Either::Postgres(&mut **tx)),
        }
    }

    /// After a statement that ended a turn at SQLite's writer.
    pub(super) async fn ended(self, ending: Ending) -> Result<(), StoreError> {
        match self.inner {
            Either::Sqlite(turn) => turn.ended(ending).await,
            Either::Postgres(tx) => Ok(tx.commit().await?),
        }
    }

    /// Makes everything lasting that was done in it. When this returns, it survives a power cut.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: then nothing of it was kept.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        self.connection().await?;
        match self.inner {
            Either::Sqlite(turn) => turn.end().await,
            Either::Postgres(tx) => Ok(tx.commit().await?),
        }
    }
}
