//! Logging a session's tests. PostgreSQL gives the entries their numbers. SQLite's one writer knows them
//! beforehand, so there they are written together with what is run next.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Execute, Sqlite, SqliteConnection};

use super::exchange::run;
use super::tx::Either;
use super::{StoreError, Tx, on, rows, statements};
use crate::calendar::Zone;
use crate::club::{AccountId, ChatId, Entry, EntryId, Standing};
use crate::measure::{Distance, Side, State, Unit};

macro_rules! log {
    () => {
        "insert into entry (account_id, kind, day, zone, logged_at, chat_id, event, standing,
            side, state, reach_dmm, tries, spread_dmm, typed, unit, hurts)
        values ($1, 'lunge', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
    };
}

/// The number of the next entry, before it is written. SQLite alone keeps it there.
macro_rules! next_entry {
    () => {
        "select coalesce(max(seq), 0) + 1 from sqlite_sequence where name = 'entry'"
    };
}

/// Writes an entry whose number is known.
macro_rules! write_entry {
    ($values:literal) => {
        concat!(
            "insert into entry (id, account_id, kind, day, zone, logged_at, chat_id, event, standing,
                side, state, reach_dmm, tries, spread_dmm, typed, unit, hurts) values ",
            $values
        )
    };
}
macro_rules! write_one {
    () => {
        write_entry!(
            "($1, $2, 'lunge', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
        )
    };
}

/// The same for two. Each has a statement of its own: before one that writes several rows SQLite copies all
/// pages that it changes, to be able to take back the first when the second fails.
macro_rules! write_two {
    () => {
        concat!(
            write_one!(),
            "; ",
            write_entry!(
                "($17, $18, 'lunge', $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31,
                    $32)"
            )
        )
    };
}
pub(super) use {next_entry, write_entry, write_one, write_two};

const NEXT_ENTRY: &str = next_entry!();
const WRITE_TWO: &str = write_two!();

/// Binds what an entry says, in the order of its columns.
macro_rules! bind_entry {
    ($query:expr, $entry:expr) => {
        $query
            .bind($entry.day.to_string())
            .bind($entry.zone.name())
            .bind($entry.now.as_millisecond())
            .bind($entry.chat.map(|chat| chat.0))
            .bind($entry.event)
            .bind($entry.standing.word())
            .bind($entry.side.map(Side::word))
            .bind($entry.state.word())
            .bind($entry.distance.dmm())
            .bind(i64::from($entry.tries))
            .bind($entry.spread)
            .bind($entry.typed)
            .bind($entry.unit.symbol())
            .bind($entry.hurts)
    };
}

statements! {
    LOG = concat!(log!(), " returning id");
    LOG_BOTH = concat!(
        log!(),
        ", ($1, 'lunge', $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)
        returning id"
    );
    WRITE_ONE = write_one!();
}

/// An entry to be logged.
#[derive(Clone, Debug)]
pub struct NewEntry<'a> {
    /// The local day it counts for.
    pub day: Date,
    /// Where that day is.
    pub zone: &'a Zone,
    /// The present instant.
    pub now: Timestamp,
    /// Where it was logged, if in a chat.
    pub chat: Option<ChatId>,
    /// The event that logs it.
    pub event: &'a str,
    /// Whether it counts.
    pub standing: Standing,
    /// Which leg, if known.
    pub side: Option<Side>,
    /// Cold or warm.
    pub state: State,
    /// The mean of the tries.
    pub distance: Distance,
    /// How many tries.
    pub tries: u8,
    /// How far the tries lie apart, in tenths of a millimetre.
    pub spread: i64,
    /// The numbers as typed.
    pub typed: &'a str,
    /// The unit they were read in.
    pub unit: Unit,
    /// The runner speaks of pain.
    pub hurts: bool,
}

impl NewEntry<'_> {
    fn counts_as(&self, other: &Self) -> bool {
        (self.day, self.standing) == (other.day, other.standing)
    }

    /// The entry as it stands in the log.
    fn logged(&self, id: i64) -> Entry {
        Entry {
            id: EntryId(id),
            day: self.day,
            zone: self.zone.clone(),
            logged_at: self.now,
            standing: self.standing,
            side: self.side,
            state: self.state,
            distance: self.distance,
            tries: self.tries,
            spread: self.spread,
            typed: self.typed.to_owned(),
            unit: self.unit,
            event: self.event.to_owned(),
        }
    }
}

/// Entries that have their numbers, and are still to be written.
pub(super) struct Waiting {
    /// How many: one or both legs.
    pub count: Count,
    /// What they say, in the order of [`write_one!`].
    pub arguments: SqliteArguments,
}

/// How many entries wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    /// One: 16 arguments.
    One,
    /// Two: 32 arguments.
    Two,
}

impl Count {
    /// How many statements write them.
    pub const fn statements(self) -> usize {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }
}

impl Waiting {
    /// Writes them, in an exchange of its own.
    pub async fn write(self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let sql = match self.count {
            Count::One => WRITE_ONE,
            Count::Two => WRITE_TWO,
        };
        let query = sqlx::query_with(sql, self.arguments);
        run(connection, query, self.count.statements()).await?;
        Ok(())
    }
}

impl Tx {
    /// Logs the tests of a session, the first with the lowest number, and returns them as they stand in
    /// the log.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] if somebody else wrote for the account at the same moment.
    pub async fn log(
        &mut self,
        account: AccountId,
        session: &[NewEntry<'_>],
    ) -> Result<Vec<Entry>, StoreError> {
        for (at, entry) in session.iter().enumerate() {
            let is_new = !session[..at].iter().any(|other| entry.counts_as(other));
            if entry.standing == Standing::Live && is_new {
                self.write_test_day(account, entry.day).await?;
            }
        }
        self.ahead = None;
        let mut logged = Vec::with_capacity(session.len());
        // Both legs at most, in each statement.
        for some in session.chunks(2) {
            let ids = match self.inner {
                Either::Sqlite(_) => self.log_later(account, some).await?,
                Either::Postgres(_) => self.log_now(account, some).await?,
            };
            logged.extend(some.iter().zip(ids).map(|(entry, id)| entry.logged(id)));
        }
        Ok(logged)
    }

    async fn log_now(
        &mut self,
        account: AccountId,
        some: &[NewEntry<'_>],
    ) -> Result<Vec<i64>, StoreError> {
        let mut ids: Vec<i64> = on!(self.connection().await?, c => match some {
            [one, other] => {
                let query = sqlx::query_scalar(LOG_BOTH).bind(account.0);
                bind_entry!(bind_entry!(query, one), other).fetch_all(c).await?
            }
            [one, ..] => {
                let query = sqlx::query_scalar(LOG).bind(account.0);
                bind_entry!(query, one).fetch_all(c).await?
            }
            [] => Vec::new(),
        });
        // Numbers are given in order, but rows may come back in any.
        ids.sort_unstable();
        if ids.len() == some.len() {
            Ok(ids)
        } else {
            Err(rows::nonsense("logged entries", ids.len()))
        }
    }

    /// With one writer it is known which numbers the entries will have.
    async fn log_later(
        &mut self,
        account: AccountId,
        some: &[NewEntry<'_>],
    ) -> Result<Vec<i64>, StoreError> {
        let known = self.next_entry;
        let connection = self.connection().await?;
        let first = match known {
            Some(first) => first,
            None => on!(connection, c => sqlx::query_scalar(NEXT_ENTRY).fetch_one(c).await?),
        };
        let ids: Vec<i64> = (first..).take(some.len()).collect();
        let count = match some {
            [] => return Ok(Vec::new()),
            [_] => Count::One,
            _ => Count::Two,
        };
        let mut query = sqlx::query::<Sqlite>(WRITE_TWO);
        for (id, entry) in ids.iter().zip(some) {
            query = bind_entry!(query.bind(*id).bind(account.0), entry);
        }
        self.next_entry = ids.last().map(|last| last + 1);
        self.waiting = Some(Waiting {
            count,
            arguments: query
                .take_arguments()
                .map_err(sqlx::Error::Encode)?
                .unwrap_or_default(),
        });
        Ok(ids)
    }
}
