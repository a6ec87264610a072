//! What has to be known before anything is promised for a room: whether it can be posted in, and where
//! it is.

use super::Refusal;
use super::context::{ClubContext, Failure, Seen};
use crate::card::Card;
use crate::club::{AccountId, RoomId};
use crate::face::{Answer, Aside, Lack, Outcome, RoomAddress};
use crate::store::NewQuestion;
use crate::words::which_zone_card;

/// How long one may take to put a room right, and still press the button of the same line.
const WAITS: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// The room that a line is about.
#[derive(Clone, Debug)]
pub(super) enum Named {
    /// One that was met.
    Met(RoomId),
    /// One of the chat in which nobody has spoken yet, as the platform calls it. It was looked at.
    New(String),
}

impl ClubContext<'_> {
    /// The room that `in:` names, seen from another. One that nobody has spoken in yet is looked for, and
    /// not noted yet.
    pub async fn named_room(&mut self, here: RoomId, named: &str) -> Result<Named, Failure> {
        let Some(chat) = self.chat else {
            return Ok(Named::Met(here));
        };
        if named.trim().eq_ignore_ascii_case("here") {
            return Ok(Named::Met(here));
        }
        let external = named.trim_matches(['<', '>', '#', ' ']);
        if let Some(room) = self.tx.room_of(chat, external).await? {
            return Ok(Named::Met(room));
        }
        let (of, _) = self.tx.address_of(here).await?;
        let (Some(of), false) = (of, external.is_empty()) else {
            return Err(Refusal::RoomUnknown(named.to_owned()).into());
        };
        let address = RoomAddress {
            chat: of,
            room: external.to_owned(),
        };
        match self.seen.iter().find(|seen| seen.room == address) {
            Some(seen) if seen.sight.is_some() => Ok(Named::New(address.room)),
            Some(_) => Err(Refusal::RoomUnknown(named.to_owned()).into()),
            None => Err(Failure::Find(address)),
        }
    }

    /// The room itself if it can be posted in, and noted if it is new; else what is missing, and a button
    /// that says the line again.
    pub async fn settled_room(
        &mut self,
        named: Named,
        line: String,
    ) -> Result<Result<RoomId, Outcome>, Failure> {
        let room = match named {
            Named::Met(room) => room,
            Named::New(external) => {
                if let Some(lack) = self.lack_in_new(&external) {
                    return Ok(Err(self.lacks(lack, line).await?));
                }
                let chat = self.chat.ok_or(Refusal::NoClub)?;
                let platform = self.platform;
                self.tx
                    .note_room(chat, platform, &external, self.now)
                    .await?
            }
        };
        Ok(match self.cannot_post(room, line).await? {
            Some(lacking) => Err(lacking),
            None => Ok(room),
        })
    }

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
        Ok(Some(self.lacks(lack, line).await?))
    }

    fn lack_in_new(&self, external: &str) -> Option<Lack> {
        let seen = self.seen.iter().find(|seen| seen.room.room == external);
        seen.and_then(Seen::lack)
    }

    async fn lacks(&mut self, lack: Lack, line: String) -> Result<Outcome, Failure> {
        let Some(account) = self.account else {
            return Err(Refusal::CannotPost(lack, Some(line)).into());
        };
        let again = self.again(account, &line).await?;
        let card = Refusal::CannotPost(lack, Some(again)).card(self.say);
        Ok(self.tells(card))
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
        let answer = Answer::private(card.clone()).with_aside(Aside::Instead(card));
        self.reply(answer.to_be_read())
    }
}
