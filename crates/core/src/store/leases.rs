//! What only one process may do at a time.

use jiff::Timestamp;

use super::{Store, StoreError, execute, on, statements};

statements! {
    /// A tenure that goes on keeps its epoch. A process that has just started begins a new one, even
    /// if it was the holder before.
    TAKE = "insert into lease (name, holder, epoch, until) values ($1, $2, 1, $3)
        on conflict (name) do update set holder = excluded.holder, until = excluded.until,
            epoch = lease.epoch + case when lease.holder = $2 and lease.until > $4 and $5 = 0
                then 0 else 1 end
        where lease.holder = $2 or lease.until <= $4
        returning epoch";
    LEAVE = "update lease set until = 0 where name = $1 and holder = $2 and epoch = $3";
}

/// One tenure of a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Epoch(pub i64);

impl Store {
    /// Takes a lease, or goes on with it, until an instant. None while somebody else holds it.
    /// `anew` begins a new tenure in any case.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn take_lease(
        &self,
        name: &str,
        holder: &str,
        (now, until): (Timestamp, Timestamp),
        anew: bool,
    ) -> Result<Option<Epoch>, StoreError> {
        let mut tx = self.begin().await?;
        let epoch: Option<i64> = on!(tx.connection().await?, c => sqlx::query_scalar(TAKE)
            .bind(name)
            .bind(holder)
            .bind(until.as_millisecond())
            .bind(now.as_millisecond())
            .bind(i64::from(anew))
            .fetch_optional(c).await?);
        tx.commit().await?;
        Ok(epoch.map(Epoch))
    }

    /// Lets a lease go before its time, so that nobody has to wait for it.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn leave_lease(
        &self,
        name: &str,
        holder: &str,
        epoch: Epoch,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        execute!(tx, LEAVE, name, holder, epoch.0);
        tx.commit().await
    }
}
