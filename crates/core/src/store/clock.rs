use jiff::Timestamp;

use super::tx::Either;
use super::{Store, StoreError};

/// The one statement that asks a database for its time: what several processes set their clocks by. No
/// other may, and nothing but a clock may use it.
const SHOWN: &str = "select cast(extract(epoch from clock_timestamp()) * 1000 as bigint)";

impl Store {
    /// What the clock of a database shows that several processes share. A database of our own has the
    /// machine's, which needs no asking.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn shared_clock(&self) -> Result<Option<Timestamp>, StoreError> {
        let Either::Postgres(pool) = self.reader() else {
            return Ok(None);
        };
        let millis: i64 = sqlx::query_scalar(SHOWN).fetch_one(pool).await?;
        let shown = Timestamp::from_millisecond(millis);
        shown.map(Some).map_err(|_| StoreError::Nonsense {
            what: "a time",
            value: millis.to_string(),
        })
    }
}
