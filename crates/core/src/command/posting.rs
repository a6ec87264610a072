//! Whether a room can be posted in, before anything is promised for it.

use super::Refusal;
use super::context::{ClubContext, Failure};
use crate::club::RoomId;
use crate::face::{Answer, Aside, Outcome};
use crate::store::NewQuestion;

/// How long one may take to put a room right, and still press the button of the same line.
const WAITS: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

impl ClubContext<'_> {
    /// Nothing if a room can be posted in; else what is missing, and a button that says the line again.
    pub async fn cannot_post(
        &mut self,
        room: RoomId,
        line: String,
    ) -> Result<Option<Outcome>, Failure> {
        let Some(lack) = self.lack_in(room).await? else {
            self.tx.room_reached(room).await?;
            return Ok(None);
        };
        let Some(account) = self.account else {
            return Err(Refusal::CannotPost(lack, Some(line)).into());
        };
        let question = NewQuestion {
            account,
            room: self.room,
            line: &line,
            argument: None,
            until: self.now.checked_add(WAITS).unwrap_or(self.now),
        };
        let id = self.tx.ask(&question).await?;
        let again = format!("again {}", id.0);
        let card = Refusal::CannotPost(lack, Some(again)).card(self.say);
        let answer = Answer::private(card.clone()).with_aside(Aside::Instead(card));
        Ok(Some(self.reply(answer)))
    }
}
