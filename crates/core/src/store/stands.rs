//! Where answers stand, kept from one process to the next.

use super::{Store, StoreError, Tx, execute, on, statements};
use crate::club::Platform;

statements! {
    /// What only reads is not kept under its event, and is told anew.
    NOTE = "insert into stands (event, platform, place)
        select $1, $2, $3 where exists (select 1 from handled where event = $1)
        on conflict (event) do update set place = excluded.place";
    ALL = "select event, place from stands where platform = $1";
}

impl Tx {
    /// Notes where the answer to an event stands, in the words of the platform's face. It is forgotten
    /// with the event.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn note_place(
        &mut self,
        platform: Platform,
        event: &str,
        place: &str,
    ) -> Result<(), StoreError> {
        execute!(self, NOTE, event, platform.0, place);
        Ok(())
    }
}

impl Store {
    /// Which events' answers stand where, in no order.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn places(&self, platform: Platform) -> Result<Vec<(String, String)>, StoreError> {
        Ok(on!(self.reader(), pool =>
            sqlx::query_as(ALL).bind(platform.0).fetch_all(pool).await?))
    }
}
