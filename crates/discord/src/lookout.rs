//! Where we may write: in the channel of an interaction it says so itself, elsewhere it is tried by showing
//! that we type.

use ankle_core::face::{Asker, Lack, Lookout, RoomAddress, SendError, Sight};
use reqwest::Method;
use serde_json::Value;

use crate::answer::Desk;
use crate::doctor::right;
use crate::interaction::{Target, Whereabouts};
use crate::messenger::plain;
use crate::rest::Call;

/// Looks for who asks.
pub struct From<'a> {
    pub desk: &'a Desk,
    pub to: &'a Target,
}

/// The kinds of channels that are threads.
const THREADS: [u64; 3] = [10, 11, 12];

impl Lookout for From<'_> {
    async fn look(&self, room: &RoomAddress, _: &Asker) -> Sight {
        let here = self.to.channel.as_ref();
        if self.to.whereabouts == Whereabouts::Private
            && here.is_some_and(|here| here.id == room.room)
        {
            // We are talking there.
            return Sight::default();
        }
        if let (Some(here), Some(ours)) = (here.filter(|at| at.id == room.room), self.to.our_rights)
        {
            let may = |right| ours & (right | right::ADMINISTRATOR) != 0;
            let send = match here.kind {
                Some(kind) if THREADS.contains(&kind) => right::SEND_IN_THREADS,
                _ => right::SEND,
            };
            let needed = [
                (right::VIEW, Lack::See),
                (send, Lack::Write),
                (right::EMBED, Lack::Embed),
            ];
            let mut lacks = needed.into_iter().filter(|(right, _)| !may(*right));
            return Sight {
                lack: lacks.next().map(|(_, lack)| lack),
                name: here.name.as_deref().map(shown),
                organiser: self.to.organises,
            };
        }
        match self.elsewhere(&room.room).await {
            Ok(channel) => Sight {
                lack: None,
                name: channel["name"].as_str().map(shown),
                organiser: self.to.organises,
            },
            Err(error) => Sight {
                organiser: self.to.organises,
                ..Sight::lacking(Lack::from(&error))
            },
        }
    }
}

impl From<'_> {
    async fn elsewhere(&self, room: &str) -> Result<Value, SendError> {
        let rest = &self.desk.rest;
        let path = format!("/channels/{room}/typing");
        let call = Call::bot(Method::POST, "typing", room, path);
        rest.call(&call).await.map_err(plain)?;
        let path = format!("/channels/{room}");
        let call = Call::bot(Method::GET, "channel", room, path);
        rest.call(&call).await.map_err(plain)
    }
}

fn shown(name: &str) -> String {
    format!("#{name}")
}
