use std::path::PathBuf;

/// Why the store did not do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database could not be reached, read or written.
    #[error("the database did not do its work")]
    Unavailable(#[source] sqlx::Error),
    /// Somebody else wrote the same thing at the same moment: the transaction is to be run again.
    #[error("somebody else was faster")]
    Conflict(#[source] sqlx::Error),
    /// The transaction could not be made lasting together with others that shared its commit.
    #[error("the transaction was not committed")]
    NotCommitted,
    /// The database holds something that this program cannot have written.
    #[error("the database holds {what} that makes no sense: {value:?}")]
    Nonsense {
        /// What it is.
        what: &'static str,
        /// What stands there.
        value: String,
    },
    /// An answer could not be written down or read back.
    #[error("a stored answer cannot be read")]
    Answer(#[from] serde_json::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code = match &error {
            sqlx::Error::Database(database) => database.code().unwrap_or_default().into_owned(),
            _ => return Self::Unavailable(error),
        };
        // SQLite's extended codes for a key that is there already; PostgreSQL's SQLSTATEs for that,
        // a serialization failure and a deadlock.
        match code.as_str() {
            "1555" | "2067" | "23505" | "40001" | "40P01" => Self::Conflict(error),
            _ => Self::Unavailable(error),
        }
    }
}

/// Why a database could not be opened. The sentences are for the operator.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address is neither of SQLite nor of PostgreSQL.
    #[error("DATABASE_URL must be sqlite://FILE or postgres://…, and it begins with {scheme:?}")]
    Scheme {
        /// What it begins with; the rest may hold a password.
        scheme: String,
    },
    /// The address begins well and goes on badly.
    #[error(
        "DATABASE_URL cannot be read; it looks like sqlite://anklebot.db or postgres://user@host/name"
    )]
    Address(#[source] sqlx::Error),
    /// The file cannot be opened.
    #[error("the database file {} cannot be opened: see that its folder is there and that {} may write in it", path.display(), this_user())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: sqlx::Error,
    },
    /// The file holds something else.
    #[error("the file {} is no database: name another with --db or DATABASE_URL", path.display())]
    NoDatabase {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: sqlx::Error,
    },
    /// The server cannot be reached.
    #[error("the PostgreSQL server of DATABASE_URL cannot be reached")]
    Server(#[source] sqlx::Error),
    /// It could not be seen how far the tables have come.
    #[error("the database could be opened, but it cannot be seen how far its tables have come")]
    Begin(#[source] sqlx::Error),
    /// There is no copy from before the tables are brought up to date.
    #[error(
        "the tables have to be brought up to date, and no copy could be made before, at {}: see that its folder \
         may be written in and has room for the database once more. Nothing was changed",
        path.display()
    )]
    Copy {
        /// Where it was to be.
        path: PathBuf,
        /// Why.
        #[source]
        cause: sqlx::Error,
    },
    /// The tables could not be brought up to date.
    #[error("the tables of the database could not be brought up to date")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// A newer program has changed the database in a way that this one does not understand.
    #[error(
        "this database was changed by a newer anklebot (it needs at least migration {needed}); start that one"
    )]
    TooNew {
        /// The migration that a program must know.
        needed: i64,
    },
    /// It could be opened, but not read.
    #[error("the database could be opened but not read")]
    Read(#[source] StoreError),
}

/// The user that the program runs as, by its number, which is what a container's volume goes by.
fn this_user() -> String {
    #[cfg(unix)]
    if let Ok(own) = std::fs::metadata("/proc/self") {
        use std::os::unix::fs::MetadataExt;
        return format!("this user (uid {})", own.uid());
    }
    "this user".to_owned()
}
