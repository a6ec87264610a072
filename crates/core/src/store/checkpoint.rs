//! Moving what SQLite's log holds into the file. SQLite would do it within somebody's commit, who then
//! waits for hundreds of pages; here it is done beside the writer, on a connection of its own.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use sqlx::SqlitePool;

/// After how many turns. A page that many commands wrote in is moved once: the more turns, the less work,
/// and the longer the log.
const EVERY: usize = 500;

/// A log longer than this, in pages, is to be begun anew. It can be only when all of it has been moved
/// and nobody has added to it meanwhile.
const LONG: i64 = 4_000;

/// What SQLite itself does at a commit if a log is as long as this, should none of this have worked.
pub(super) const LAST_RESORT: &str = "8000";

const MOVE: &str = "pragma wal_checkpoint(passive)";

/// When the log was last moved, and whether it is being moved.
#[derive(Debug, Default)]
pub(super) struct Checkpoints {
    turns: AtomicUsize,
    is_under_way: AtomicBool,
    moved: AtomicUsize,
}

/// Whether the writer has to stand still for the log to be begun anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Log {
    /// It may go on.
    Fine,
    /// It is long, and there was more in it than was moved.
    Long,
}

impl Checkpoints {
    /// Counts turns. True for one of those who count: he is to see to it that the log is moved, and to
    /// say so when it is [`done`](Self::done).
    pub fn are_due_after(&self, turns: usize) -> bool {
        let all = self.turns.fetch_add(turns, Ordering::Relaxed) + turns;
        all >= EVERY && !self.is_under_way.swap(true, Ordering::AcqRel)
    }

    /// The log has been moved, or it could not be.
    pub fn done(&self) {
        self.turns.store(0, Ordering::Relaxed);
        self.moved.fetch_add(1, Ordering::Relaxed);
        self.is_under_way.store(false, Ordering::Release);
    }

    /// How often that was so.
    #[cfg(test)]
    pub fn moved(&self) -> usize {
        self.moved.load(Ordering::Relaxed)
    }
}

/// Moves what can be moved without keeping anybody waiting.
pub(super) async fn move_log(pool: &SqlitePool) -> Result<Log, sqlx::Error> {
    let (_, pages, moved): (i64, i64, i64) = sqlx::query_as(MOVE).fetch_one(pool).await?;
    tracing::debug!(pages, moved, "the log has been moved into the file");
    Ok(if pages > LONG { Log::Long } else { Log::Fine })
}
