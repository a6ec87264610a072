use super::{Store, StoreError, Tx, execute, on, statements};

/// The setting that holds the newest migration a program must know.
pub(super) const OLDEST_PROGRAM: &str = "oldest_program";

statements! {
    READ = "select value from setting where name = $1";
    WRITE = "insert into setting (name, value) values ($1, $2)
        on conflict (name) do update set value = excluded.value";
}

impl Store {
    /// What the program remembers under a name.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        on!(self.reader(), pool => Ok(
            sqlx::query_scalar(READ).bind(name).fetch_optional(pool).await?
        ))
    }
}

impl Tx {
    /// Remembers a value under a name.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn remember(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        execute!(self, WRITE, name, value);
        Ok(())
    }
}
