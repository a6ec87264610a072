//! Who may set a club up beside those whom its platform knows as organisers.

use jiff::Timestamp;

use super::{StoreError, Tx, execute, on, statements};
use crate::club::{AccountId, ClubId, PersonId, Platform, ReminderId};

/// An account that was met in a club, and has not left it.
macro_rules! met_where {
    ($condition:literal) => {
        concat!(
            "select a.id, a.name from account a
            join seen s on s.account_id = a.id and s.left_at is null
            join chat c on c.id = s.chat_id
            where c.club_id = $1 and a.platform = $2 and ",
            $condition,
            " limit 1"
        )
    };
}

statements! {
    BY_HANDLE = met_where!("a.handle = $3");
    BY_EXTERNAL = met_where!("a.external = $3");
    NAME = "insert into deputy (club_id, account_id, since) values ($1, $2, $3)
        on conflict (club_id, account_id) do nothing";
    UNNAME = "delete from deputy where club_id = $1 and account_id = $2";
    DEPUTIES = "select a.id, a.name from deputy d join account a on a.id = d.account_id
        where d.club_id = $1 order by d.since, a.id";
    IS_DEPUTY = "select exists (
            select 1 from deputy d join account a on a.id = d.account_id
            where d.club_id = $1 and a.person_id = $2
        )";
    /// Whoever set it and has not left, and the deputies of its club.
    CARES = "select exists (
            select 1 from account a where a.person_id = $2 and (
                a.id in (
                    select p.account_id from reminder_setter p
                    join reminder m on m.id = p.reminder_id
                    join room r on r.id = m.room_id
                    join seen s on s.account_id = p.account_id and s.chat_id = r.chat_id
                    where p.reminder_id = $1 and s.left_at is null
                )
                or a.id in (
                    select d.account_id from reminder m
                    join room r on r.id = m.room_id
                    join chat c on c.id = r.chat_id
                    join deputy d on d.club_id = c.club_id
                    where m.id = $1
                )
            )
        )";
    /// Whoever has left all chats of a club is no deputy there any more.
    RESIGN = "delete from deputy where account_id =
            (select id from account where platform = $1 and external = $2)
        and club_id = (select club_id from chat where platform = $1 and external = $3)
        and not exists (
            select 1 from seen s join chat c on c.id = s.chat_id
            where s.account_id = deputy.account_id and c.club_id = deputy.club_id
                and s.left_at is null)";
}

/// By what an account is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Called<'a> {
    /// What its platform calls it.
    External(&'a str),
    /// By which others call it there, in lower case.
    Handle(&'a str),
}

/// Somebody who was met in a club.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// His account.
    pub id: AccountId,
    /// What he calls himself.
    pub name: String,
}

impl From<(i64, String)> for Known {
    fn from((id, name): (i64, String)) -> Self {
        Self {
            id: AccountId(id),
            name,
        }
    }
}

impl Tx {
    /// Who is meant by a name or a mention, if he was met in a club and has not left it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn met_in(
        &mut self,
        club: ClubId,
        platform: Platform,
        called: Called<'_>,
    ) -> Result<Option<Known>, StoreError> {
        let (sql, called) = match called {
            Called::External(external) => (BY_EXTERNAL, external),
            Called::Handle(handle) => (BY_HANDLE, handle),
        };
        let found: Option<(i64, String)> = on!(self.connection().await?, c => sqlx::query_as(sql)
            .bind(club.0).bind(platform.0).bind(called)
            .fetch_optional(c).await?);
        Ok(found.map(Known::from))
    }

    /// Makes somebody a deputy. Tells whether he was none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn name_deputy(
        &mut self,
        club: ClubId,
        account: AccountId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let now = now.as_millisecond();
        Ok(execute!(self, NAME, club.0, account.0, now) == 1)
    }

    /// Somebody is a deputy no more. Tells whether he was one.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn drop_deputy(
        &mut self,
        club: ClubId,
        account: AccountId,
    ) -> Result<bool, StoreError> {
        Ok(execute!(self, UNNAME, club.0, account.0) == 1)
    }

    /// The deputies of a club, as they were named.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn deputies(&mut self, club: ClubId) -> Result<Vec<Known>, StoreError> {
        let all: Vec<(i64, String)> = on!(self.connection().await?, c =>
            sqlx::query_as(DEPUTIES).bind(club.0).fetch_all(c).await?);
        Ok(all.into_iter().map(Known::from).collect())
    }

    /// Whether somebody is a deputy of a club.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn is_deputy(&mut self, club: ClubId, person: PersonId) -> Result<bool, StoreError> {
        on!(self.connection().await?, c => Ok(sqlx::query_scalar(IS_DEPUTY)
            .bind(club.0).bind(person.0).fetch_one(c).await?))
    }

    /// Whether a reminder is somebody's to care for: he set it, or is a deputy of its club.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn cares_for(
        &mut self,
        reminder: ReminderId,
        person: PersonId,
    ) -> Result<bool, StoreError> {
        on!(self.connection().await?, c => Ok(sqlx::query_scalar(CARES)
            .bind(reminder.0).bind(person.0).fetch_one(c).await?))
    }
}
