//! Where answers stand, kept from one process to the next.

use sqlx::QueryBuilder;

use super::{Store, StoreError, Tx, on, statements};
use crate::club::Platform;

statements! {
    ALL = "select s.event, s.place from stands s join handled h on h.event = s.event
        where s.platform = $1 order by h.at, s.event";
}

/// As many as are noted in one statement: each is an exchange with the database.
const AT_ONCE: usize = 200;

/// The beginning and the end of that statement. What only reads is not kept under its event, and is told
/// anew.
const NOTE: (&str, &str) = (
    "insert into stands (event, platform, place) select v.column1, v.column2, v.column3 from (",
    ") as v where exists (select 1 from handled h where h.event = v.column1)
        on conflict (event) do update set place = excluded.place",
);

impl Tx {
    /// Notes where the answers to events stand, in the words of the platform's face. They are forgotten
    /// with the events.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn note_places(
        &mut self,
        platform: Platform,
        places: &[(&str, String)],
    ) -> Result<(), StoreError> {
        for some in places.chunks(AT_ONCE) {
            on!(self.connection().await?, c => {
                let mut query = QueryBuilder::new(NOTE.0);
                query.push_values(some, |mut row, (event, place)| {
                    row.push_bind(event).push_bind(platform.0).push_bind(place);
                });
                query.push(NOTE.1);
                query.build().execute(c).await?;
            });
        }
        Ok(())
    }
}

impl Store {
    /// Which events' answers stand where, the oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn places(&self, platform: Platform) -> Result<Vec<(String, String)>, StoreError> {
        Ok(on!(self.reader(), pool =>
            sqlx::query_as(ALL).bind(platform.0).fetch_all(pool).await?))
    }
}
