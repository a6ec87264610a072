use jiff::Timestamp;

use super::{StoreError, Tx, execute, on, statements};
use crate::club::{AccountId, QuestionId, RoomId};

statements! {
    ASK = "insert into asked (account_id, room_id, line, argument, until)
        values ($1, $2, $3, $4, $5) returning id";
    TIE = "update asked set message = $2 where id = $1";
    BY_MESSAGE = "select id, line, argument from asked
        where account_id = $1 and message = $2 and until >= $3
        order by id desc limit 1";
    OPEN_HERE = "select id, line, argument from asked
        where account_id = $1 and coalesce(room_id, 0) = $2 and until >= $3
        order by id desc limit 1";
    LINE_OF = "select line, room_id from asked where id = $1 and account_id = $2 and until >= $3";
    ANSWERED = "delete from asked where account_id = $1 and coalesce(room_id, 0) = $2";
}

/// A question to be asked.
#[derive(Clone, Debug)]
pub struct NewQuestion<'a> {
    /// Who is asked.
    pub account: AccountId,
    /// Where.
    pub room: Option<RoomId>,
    /// The line that is being completed.
    pub line: &'a str,
    /// The argument that is missing; none if only buttons answer it.
    pub argument: Option<&'a str>,
    /// Until when an answer is taken.
    pub until: Timestamp,
}

/// A question that waits.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Asked {
    /// Its number.
    pub id: i64,
    /// The line that is being completed.
    pub line: String,
    /// The argument that is missing.
    pub argument: Option<String>,
}

impl Tx {
    /// Notes a question.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn ask(&mut self, question: &NewQuestion<'_>) -> Result<QuestionId, StoreError> {
        let id: i64 = on!(self.connection().await?, c => sqlx::query_scalar(ASK)
            .bind(question.account.0)
            .bind(question.room.map(|room| room.0))
            .bind(question.line)
            .bind(question.argument)
            .bind(question.until.as_millisecond())
            .fetch_one(c).await?);
        Ok(QuestionId(id))
    }

    /// Notes which message asks a question.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn tie(&mut self, question: QuestionId, message: &str) -> Result<(), StoreError> {
        execute!(self, TIE, question.0, message);
        Ok(())
    }

    /// The line of an account's question, and the room it was for, if it still waits.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn line_of(
        &mut self,
        question: QuestionId,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Option<(String, Option<RoomId>)>, StoreError> {
        let row: Option<(String, Option<i64>)> = on!(self.connection().await?, c =>
            sqlx::query_as(LINE_OF)
                .bind(question.0).bind(account.0).bind(now.as_millisecond())
                .fetch_optional(c).await?);
        Ok(row.map(|(line, room)| (line, room.map(RoomId))))
    }

    /// The open question that a message asks, or without a message the latest in this room.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn question(
        &mut self,
        account: AccountId,
        room: Option<RoomId>,
        message: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<Asked>, StoreError> {
        let now = now.as_millisecond();
        let room = room.map_or(0, |room| room.0);
        Ok(match message {
            Some(message) => on!(self.connection().await?, c => sqlx::query_as(BY_MESSAGE)
                .bind(account.0).bind(message).bind(now).fetch_optional(c).await?),
            None => on!(self.connection().await?, c => sqlx::query_as(OPEN_HERE)
                .bind(account.0).bind(room).bind(now).fetch_optional(c).await?),
        })
    }

    /// Drops the questions to an account in a room: one is answered, or talk has moved on.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`].
    pub async fn answered(
        &mut self,
        account: AccountId,
        room: Option<RoomId>,
    ) -> Result<(), StoreError> {
        execute!(self, ANSWERED, account.0, room.map_or(0, |room| room.0));
        Ok(())
    }
}
