//! What has to be known before anything is promised for a room: whether it can be posted in, and where
//! it is.

use super::Refusal;
use super::context::{ClubContext, Failure};
use crate::card::Card;
use crate::club::{AccountId, RoomId};
use crate::face::{Answer, Aside, Outcome};
use crate::store::NewQuestion;
use crate::words::which_zone_card;

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
        let again = self.again(account, &line).await?;
        let card = Refusal::CannotPost(lack, Some(again)).card(self.say);
        Ok(Some(self.tells(card)))
    }

    /// Asks where a line is meant, with a button for each of the likeliest zones.
    pub async fn which_zone(&mut self, line: &str) -> Result<Outcome, Failure> {
        let Some(account) = self.account else {
            return Err(Refusal::WhichZone.into());
        };
        let again = self.again(account, line).await?;
        Ok(self.tells(which_zone_card(self.say, &again)))
    }

    /// The line of a button that says a line again, also in private.
    async fn again(&mut self, account: AccountId, line: &str) -> Result<String, Failure> {
        let question = NewQuestion {
            account,
            room: self.room,
            line,
            argument: None,
            until: self.now.checked_add(WAITS).unwrap_or(self.now),
        };
        let id = self.tx.ask(&question).await?;
        Ok(format!("again {}", id.0))
    }

    fn tells(&self, card: Card) -> Outcome {
        self.reply(Answer::private(card.clone()).with_aside(Aside::Instead(card)))
    }
}
