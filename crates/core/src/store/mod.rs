//! The store: the only room with SQL, on SQLite and on PostgreSQL.
//!
//! One SQL text serves both databases. Each statement runs on the native driver of the one that is
//! in use, so both are type-checked; one suite of tests runs every method on both.
//!
//! Writing happens in a [`Tx`]: on SQLite there is one writer, which begins `IMMEDIATE` and commits
//! with one `fsync`, so that what was confirmed survives a power cut.

mod boards;
mod breaks;
mod challenge_ends;
mod challenges;
mod chats;
mod checkins;
mod clock;
mod copy;
mod deputies;
mod diaries;
mod entries;
mod error;
mod exchange;
mod falling;
#[cfg(any(test, feature = "load"))]
mod filling;
mod handled;
mod identity;
mod leases;
mod leavers;
mod logging;
mod lost_rooms;
mod moves;
mod nudges;
mod open;
mod outbox;
mod owed;
mod parcel;
mod personal;
mod questions;
mod reminders;
mod rows;
mod settings;
mod stands;
mod tx;
mod write_times;
mod writer;

pub use boards::Member;
pub use breaks::breaks_since;
pub use challenges::{NewChallenge, PostOf};
pub use chats::{Beginnings, Hall, MetChat};
pub use checkins::{CHECK_INS_PAGE, NewCheckIn};
pub use deputies::{Called, Known};
pub use entries::{Change, HISTORY_PAGE, Like, What};
pub use error::{OpenError, StoreError};
pub use falling::{Fallen, GRACE, POST_AHEAD, READ_FOR, too_late};
#[cfg(any(test, feature = "load"))]
pub use filling::{Crowd, Delivered};
pub use identity::{Ahead, Met, Place, Visit, Who};
pub use leases::Epoch;
pub use logging::NewEntry;
pub use nudges::Nudged;
pub use open::{DEFAULT_URL, Store};
pub use outbox::{Doubtful, End, Ready};
pub use owed::OwedRow;
pub use parcel::{Kind, Parcel, Reason, Subject};
pub use personal::Export;
pub use questions::{Asked, NewQuestion};
pub use reminders::NewReminder;
pub use tx::Tx;
pub use write_times::WriteTimes;

/// Runs a body on whichever database a transaction or a pool belongs to.
macro_rules! on {
    ($either:expr, $connection:ident => $body:expr) => {
        match $either {
            crate::store::tx::Either::Sqlite($connection) => $body,
            crate::store::tx::Either::Postgres($connection) => $body,
        }
    };
}
use on;

/// Runs a statement of a transaction that returns no rows, and tells how many it touched.
macro_rules! execute {
    ($tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        match $tx.connection().await? {
            crate::store::tx::Either::Sqlite(connection) => {
                let query = sqlx::query($sql)$(.bind($value))*;
                crate::store::exchange::run(connection, query, 1).await?.rows_affected()
            }
            crate::store::tx::Either::Postgres(connection) => sqlx::query($sql)
                $(.bind($value))*
                .execute(connection)
                .await?
                .rows_affected(),
        }
    };
}
use execute;

/// Declares SQL statements, and lists them so that a test can prepare each on both databases.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:expr;)*) => {
        $($(#[$doc])* pub(super) const $name: &str = $sql;)*
        #[cfg(test)]
        pub(super) const STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}
use statements;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod writer_tests;
