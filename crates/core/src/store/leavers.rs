//! Who is to be looked for, where a platform does not tell of those who leave.

use jiff::Timestamp;

use super::{Store, StoreError, Tx, execute, on, statements};
use crate::club::{ChatId, Platform};

statements! {
    UNSEEN_LONGEST = "select id, external from chat where platform = $1 and looked_at <= $2
        order by looked_at, id limit 1";
    /// Whoever has logged anything, or organises.
    COUNTED = "select a.external from seen s join account a on a.id = s.account_id
        where s.chat_id = $1 and s.left_at is null and (
            exists (select 1 from entry e where e.account_id = a.id)
            or exists (select 1 from deputy d where d.account_id = a.id))
        order by a.id";
    LOOKED = "update chat set looked_at = $2 where id = $1";
}

impl Store {
    /// The chat of a platform whose members were looked at longest ago, and not since an instant: its
    /// number, and what the platform calls it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn chat_to_look_through(
        &self,
        platform: Platform,
        not_since: Timestamp,
    ) -> Result<Option<(ChatId, String)>, StoreError> {
        let found: Option<(i64, String)> = on!(self.reader(), pool =>
            sqlx::query_as(UNSEEN_LONGEST).bind(platform.0).bind(not_since.as_millisecond())
                .fetch_optional(pool).await?);
        Ok(found.map(|(id, external)| (ChatId(id), external)))
    }

    /// Who counts on the boards of a chat, or organises there, as the platform calls them.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn who_counts_in(&self, chat: ChatId) -> Result<Vec<String>, StoreError> {
        Ok(on!(self.reader(), pool =>
            sqlx::query_scalar(COUNTED).bind(chat.0).fetch_all(pool).await?))
    }
}

impl Tx {
    /// A chat's members have been looked at.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn looked_through(&mut self, chat: ChatId, now: Timestamp) -> Result<(), StoreError> {
        execute!(self, LOOKED, chat.0, now.as_millisecond());
        Ok(())
    }
}
