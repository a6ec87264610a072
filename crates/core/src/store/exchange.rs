//! Exchanges with SQLite's driver. It works in a thread of its own, and each result that it hands over
//! is two threads waking each other: that costs more than most statements.

use futures_util::TryStreamExt;
use sqlx::sqlite::SqliteQueryResult;
use sqlx::{Either, Execute, Executor, Sqlite, SqliteConnection};

/// Runs a text of so many statements. It does not wait, as the driver's own `execute` does, to be told
/// that nothing comes after the last.
pub(super) async fn run<'q>(
    connection: &mut SqliteConnection,
    query: impl Execute<'q, Sqlite> + 'q,
    statements: usize,
) -> Result<SqliteQueryResult, sqlx::Error> {
    let mut results = connection.fetch_many(query);
    let mut done = SqliteQueryResult::default();
    let mut left = statements;
    while left > 0 {
        match results.try_next().await? {
            Some(Either::Left(result)) => {
                done = result;
                left -= 1;
            }
            Some(Either::Right(_)) => {}
            None => break,
        }
    }
    Ok(done)
}
