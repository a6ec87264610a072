use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::copy::before_migration;
use super::settings::OLDEST_PROGRAM;
use super::tx::{Either, Pool, Writers};
use super::writer::Writer;
use super::{OpenError, StoreError, Tx, WriteTimes, on, statements};

/// The database of a program that was told nothing.
pub const DEFAULT_URL: &str = "sqlite://anklebot.db";

/// The tables, step by step. A database that a newer program has taken further is accepted:
/// migrations only add, and what an older program could not live with raises the setting
/// `oldest_program`.
pub(super) fn sqlite() -> Migrator {
    let mut migrator = sqlx::migrate!("../../migrations/sqlite");
    migrator.set_ignore_missing(true);
    migrator
}

fn postgres() -> Migrator {
    let mut migrator = sqlx::migrate!("../../migrations/postgres");
    migrator.set_ignore_missing(true);
    migrator
}

/// How long a statement waits for a locked file or a free connection.
const PATIENCE: Duration = Duration::from_secs(5);

statements! {
    TESTS = "select count(*) as n, cast(max(logged_at) as bigint) as latest from entry
        where kind = 'lunge' and standing <> 'undone'";
}

/// An open database.
pub struct Store {
    write: Writers,
    read: Pool,
    file: Option<PathBuf>,
    is_new: bool,
}

impl Store {
    /// Opens the database of a URL, `sqlite://FILE` or `postgres://…`, and brings its tables up to
    /// date. A SQLite file that is not there is made.
    ///
    /// # Errors
    ///
    /// [`OpenError`], in sentences for the operator.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let scheme = url.split(':').next().unwrap_or_default();
        let store = match scheme {
            "sqlite" if is_a_file(url) => Self::open_sqlite(url).await?,
            "postgres" | "postgresql" => Self::open_postgres(url).await?,
            _ => {
                let scheme: String = scheme.chars().take(12).collect();
                return Err(OpenError::Scheme { scheme });
            }
        };
        store.refuse_if_too_new().await?;
        Ok(store)
    }

    async fn open_sqlite(url: &str) -> Result<Self, OpenError> {
        let options = SqliteConnectOptions::from_str(url)
            .map_err(OpenError::Address)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // What a savepoint sets aside need not go through a file that nobody will read.
            .pragma("temp_store", "memory")
            // A megabyte for each connection: the operating system keeps the file's pages too.
            .pragma("cache_size", "-1000")
            .busy_timeout(PATIENCE)
            // What is slow is said by the writer, in a sentence instead of a page of SQL.
            .disable_statement_logging();
        let path = options.get_filename().to_path_buf();
        let is_new = !path.exists();
        let cannot_open = |cause| {
            let path = absolute(&path);
            if is_no_database(&cause) {
                OpenError::NoDatabase { path, cause }
            } else {
                OpenError::File { path, cause }
            }
        };
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            // A file does not hang up: asking it each time is a round trip for nothing.
            .test_before_acquire(false)
            .acquire_timeout(PATIENCE)
            .connect_with(options.clone())
            .await
            .map_err(cannot_open)?;
        let migrator = sqlite();
        before_migration(&write, &absolute(&path), &migrator).await?;
        migrator.run(&write).await.map_err(OpenError::Migrate)?;
        let read = SqlitePoolOptions::new()
            .max_connections(4)
            .test_before_acquire(false)
            .acquire_timeout(PATIENCE)
            .connect_with(options.create_if_missing(false).read_only(true))
            .await
            .map_err(cannot_open)?;
        Ok(Self {
            write: Either::Sqlite(Writer::new(write)),
            read: Either::Sqlite(read),
            file: Some(absolute(&path)),
            is_new,
        })
    }

    async fn open_postgres(url: &str) -> Result<Self, OpenError> {
        let patience = PATIENCE.as_millis().to_string();
        let options = PgConnectOptions::from_str(url)
            .map_err(OpenError::Address)?
            // Who waits for a lock, or for a server that is ill, must not wait for ever.
            .options([
                ("statement_timeout", patience.as_str()),
                ("lock_timeout", &patience),
                // Pages are in memory or on a disk without moving parts: to read one here and one there
                // is no reason to read a whole table.
                ("random_page_cost", "1.1"),
                // To compile a statement takes longer than any of ours.
                ("jit", "off"),
            ])
            .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(10)
            .acquire_timeout(PATIENCE)
            .connect_with(options)
            .await
            .map_err(OpenError::Server)?;
        postgres().run(&pool).await.map_err(OpenError::Migrate)?;
        Ok(Self {
            write: Either::Postgres(pool.clone()),
            read: Either::Postgres(pool),
            file: None,
            is_new: false,
        })
    }

    async fn refuse_if_too_new(&self) -> Result<(), OpenError> {
        let needed = self
            .setting(OLDEST_PROGRAM)
            .await
            .map_err(OpenError::Read)?;
        let needed = needed.and_then(|n| n.parse().ok()).unwrap_or(0);
        let known = sqlite().iter().map(|step| step.version).max();
        if needed > known.unwrap_or(0) {
            return Err(OpenError::TooNew { needed });
        }
        Ok(())
    }

    /// Begins a write transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        Tx::begin(&self.write).await
    }

    pub(super) fn writers(&self) -> &Writers {
        &self.write
    }

    /// For reading outside a transaction.
    pub(super) fn reader(&self) -> &Pool {
        &self.read
    }

    /// The file, if it is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Whether the file was made just now.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// How many tests it holds, and when the latest was logged (milliseconds since 1970).
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn tests(&self) -> Result<(i64, Option<i64>), StoreError> {
        on!(self.reader(), pool => Ok(sqlx::query_as(TESTS).fetch_one(pool).await?))
    }

    /// How long SQLite's write transactions took; none on another database.
    #[must_use]
    pub fn write_times(&self) -> Option<&WriteTimes> {
        match &self.write {
            Either::Sqlite(writer) => Some(writer.times()),
            Either::Postgres(_) => None,
        }
    }

    /// Closes every connection, after what is under way is done.
    pub async fn close(&self) {
        if let Some(times) = self.write_times() {
            tracing::debug!("write transactions: {times}");
        }
        on!(&self.read, pool => pool.close().await);
        on!(&self.write, writer => writer.close().await);
    }
}

/// SQLite's code for a file that holds something else.
fn is_no_database(error: &sqlx::Error) -> bool {
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| code == "26")
}

/// What is kept in memory only would be called saved and be gone.
fn is_a_file(url: &str) -> bool {
    let path = url.strip_prefix("sqlite://").unwrap_or_default();
    !path.is_empty() && !path.starts_with(':') && !path.contains("mode=memory")
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file as it was before a step, with something in it.
    async fn before_step(step: i64, url: &str, filled: &[&'static str]) {
        let options = SqliteConnectOptions::from_str(url)
            .unwrap()
            .create_if_missing(true)
            .foreign_keys(true);
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        let mut before = sqlite();
        before.migrations.to_mut().retain(|one| one.version < step);
        before.run(&pool).await.unwrap();
        for sql in filled {
            sqlx::query(*sql).execute(&pool).await.unwrap();
        }
        pool.close().await;
    }

    /// Tests of two accounts, on days across a leap day and the end of a month; one does not count.
    const TESTS: [&str; 4] = [
        "insert into person (id, privacy, since) values (1, 'shown', 0)",
        "insert into account (id, person_id, platform, external, name, since)
            values (1, 1, 'x', 'a', 'Mia', 0), (2, 1, 'x', 'b', 'Mia', 0)",
        "insert into entry (account_id, kind, day, zone, logged_at, event, standing)
            values (1, 'lunge', '2024-02-28', 'UTC', 0, 'a', 'live'),
                (1, 'lunge', '2024-03-01', 'UTC', 0, 'b', 'live'),
                (1, 'lunge', '2024-03-01', 'UTC', 0, 'c', 'live'),
                (1, 'lunge', '2024-03-04', 'UTC', 0, 'd', 'undone'),
                (2, 'lunge', '2024-03-02', 'UTC', 0, 'e', 'live')",
        "insert into entry (account_id, kind, day, zone, logged_at, event, standing, exercise)
            values (1, 'done', '2024-03-02', 'UTC', 0, 'f', 'live', 'calf-raise')",
    ];

    async fn has_the_days_of_its_tests(store: &Store) {
        let mut tx = store.begin().await.unwrap();
        let rows: Vec<(i64, String, String)> = crate::store::on!(tx.connection().await.unwrap(), c =>
            sqlx::query_as("select account_id, first_day, days from tested order by account_id")
                .fetch_all(c).await.unwrap());
        let row =
            |(account, first, days): &(i64, String, String)| format!("{account} {first} {days}");
        let rows: Vec<_> = rows.iter().map(row).collect();
        assert_eq!(rows, ["1 2024-02-28 101", "2 2024-03-02 1"]);
    }

    #[tokio::test]
    async fn the_days_of_earlier_tests_are_written_down_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/a.db", folder.path().display());
        before_step(15, &url, &TESTS).await;
        has_the_days_of_its_tests(&Store::open(&url).await.unwrap()).await;
    }

    #[tokio::test]
    #[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
    async fn the_days_of_earlier_tests_are_written_down_on_a_server() {
        let server = scratch_postgres::ScratchPostgres::shared().unwrap();
        let url = server.new_database().unwrap();
        let pool = sqlx::PgPool::connect(&url).await.unwrap();
        let mut before = postgres();
        before.migrations.to_mut().retain(|one| one.version < 15);
        before.run(&pool).await.unwrap();
        for sql in TESTS {
            sqlx::query(sql).execute(&pool).await.unwrap();
        }
        pool.close().await;
        has_the_days_of_its_tests(&Store::open(&url).await.unwrap()).await;
    }

    /// Of the migration that lays the answers out anew, which has to drop the table they stood in.
    #[tokio::test]
    async fn answers_that_are_kept_and_owed_outlive_their_tables() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/a.db", folder.path().display());
        let filled = [
            "insert into handled (event, answer, at) values ('b', 'two', 1), ('a', 'one', 2)",
            "insert into owed (event, platform, target, since) values ('a', 'x', 'there', 3)",
        ];
        before_step(13, &url, &filled).await;
        let store = Store::open(&url).await.unwrap();
        let owed = store.owed(crate::club::Platform("x")).await.unwrap();
        assert_eq!(owed.len(), 1);
        assert_eq!((&*owed[0].event, &*owed[0].answer), ("a", "one"));
        let mut tx = store.begin().await.unwrap();
        assert_eq!(tx.answer_of("b").await.unwrap().as_deref(), Some("two"));
    }
}
