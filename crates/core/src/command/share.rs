use clap::Args;

use super::context::{Context, Failure, Handle};
use super::reading::{EntryIds, entry_ids};
use crate::club::{AccountId, Entry, RoomId};
use crate::face::{Answer, Audience, Outcome};
use crate::measure::Side;
use crate::words::{share_card, shared_before_card};

/// Tells the room a result, once: what its button says. Never the band.
#[derive(Clone, Debug, Args)]
pub struct Share {
    #[arg(value_parser = entry_ids)]
    entry: EntryIds,
}

impl Handle for Share {
    const AUDIENCE: Audience = Audience::Everyone;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let entries = context.own_standing_entries(&self.entry).await?;
        let card = share_card(context.say_to_room(), context.name, &entries);
        let Some(room) = context.visit.room.filter(|_| context.in_room) else {
            return Ok(Outcome::Say(Answer::private(card)));
        };
        // Once a room. It is kept as answers are, which is longer than the button can be pressed.
        let account = context.visit.account;
        let shared = shared(account, room, &entries);
        if context.tx.answer_of(&shared).await?.is_some() {
            let card = shared_before_card(context.say());
            return Ok(Outcome::Say(Answer::private(card)));
        }
        let (tx, now) = (&mut *context.tx, context.now);
        tx.keep(&shared, Some(account), "", now).await?;
        Ok(Outcome::Say(Answer::public(card)))
    }
}

/// What a room was told of these results, as an event's name. A result that was corrected since is another.
fn shared(account: AccountId, room: RoomId, entries: &[Entry]) -> String {
    let each = entries.iter().map(|entry| {
        let side = entry.side.map_or("", Side::word);
        format!("{}={side}{}", entry.id, entry.distance.dmm())
    });
    let each = each.collect::<Vec<_>>().join(",");
    format!("shared:{}:{}:{each}", account.0, room.0)
}
