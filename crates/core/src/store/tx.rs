use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};

use super::StoreError;

/// The same thing for one database or the other.
pub(super) enum Either<S, P> {
    /// For SQLite.
    Sqlite(S),
    /// For PostgreSQL.
    Postgres(P),
}

/// Connections to one database or the other.
pub(super) type Pool = Either<SqlitePool, PgPool>;

/// A write transaction. Dropped without [`Tx::commit`], it leaves nothing behind.
pub struct Tx {
    inner: Either<Transaction<'static, Sqlite>, Transaction<'static, Postgres>>,
}

impl Tx {
    pub(super) async fn begin(pool: &Pool) -> Result<Self, StoreError> {
        let inner = match pool {
            Either::Sqlite(pool) => Either::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
            Either::Postgres(pool) => Either::Postgres(pool.begin().await?),
        };
        Ok(Self { inner })
    }

    /// The connection, for [`on!`](super::on).
    pub(super) fn connection(
        &mut self,
    ) -> Either<&mut sqlx::SqliteConnection, &mut sqlx::PgConnection> {
        match &mut self.inner {
            Either::Sqlite(tx) => Either::Sqlite(&mut **tx),
            Either::Postgres(tx) => Either::Postgres(&mut **tx),
        }
    }

    /// Makes everything lasting that was done in it. When this returns, it survives a power cut.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: then nothing of it was kept.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self.inner {
            Either::Sqlite(tx) => tx.commit().await?,
            Either::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}
