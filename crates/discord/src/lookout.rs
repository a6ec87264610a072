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
use crate::tree::POSTABLE;

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
            Err(error) => self.lacking(&error),
        }
    }

    /// What is no id is not asked for, nor is anything told of a channel that is another server's.
    async fn find(&self, room: &RoomAddress, asker: &Asker) -> Option<Sight> {
        if room.room.parse::<u64>().is_err() {
            return None;
        }
        match self.channel(&room.room).await {
            Ok(channel) => {
                let kind = channel["type"].as_u64();
                let takes_posts = kind.is_some_and(|kind| POSTABLE.contains(&kind));
                let is_here = channel["guild_id"].as_str() == Some(room.chat.as_str());
                if is_here && takes_posts {
                    Some(self.look(room, asker).await)
                } else {
                    None
                }
            }
            Err(SendError::Gone | SendError::Rejected) => None,
            Err(error) => Some(self.lacking(&error)),
        }
    }
}

impl From<'_> {
    async fn elsewhere(&self, room: &str) -> Result<Value, SendError> {
        let rest = &self.desk.rest;
        let path = format!("/channels/{room}/typing");
        let call = Call::bot(Method::POST, "typing", room, path);
        rest.call(&call).await.map_err(plain)?;
        self.channel(room).await
    }

    async fn channel(&self, room: &str) -> Result<Value, SendError> {
        let path = format!("/channels/{room}");
        let call = Call::bot(Method::GET, "channel", room, path);
        self.desk.rest.call(&call).await.map_err(plain)
    }

    fn lacking(&self, error: &SendError) -> Sight {
        Sight {
            organiser: self.to.organises,
            ..Sight::lacking(Lack::from(error))
        }
    }
}

fn shown(name: &str) -> String {
    format!("#{name}")
}
