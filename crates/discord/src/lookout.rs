//! Where we may write: in the channel of an interaction it says so itself, elsewhere it is computed from our
//! roles and from what the channel says.

use ankle_core::face::{Asker, Lack, Lookout, RoomAddress, SendError, Sight};
use serde_json::Value;

use crate::answer::Desk;
use crate::interaction::{Target, Whereabouts};
use crate::membership::lack;
use crate::tree::POSTABLE;

/// Looks for who asks.
pub struct From<'a> {
    pub desk: &'a Desk,
    pub to: &'a Target,
}

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
            return Sight {
                lack: lack(ours, here.kind),
                name: here.name.as_deref().map(shown),
                organiser: self.to.organises,
            };
        }
        match self.desk.channel(&room.room).await {
            Ok(channel) => self.seen(&channel).await,
            Err(error) => self.lacking(&error),
        }
    }

    /// What is no id is not asked for, nor is anything told of a channel that is another server's.
    async fn find(&self, room: &RoomAddress, _: &Asker) -> Option<Sight> {
        if room.room.parse::<u64>().is_err() {
            return None;
        }
        match self.desk.channel(&room.room).await {
            Ok(channel) => {
                let kind = channel["type"].as_u64();
                let takes_posts = kind.is_some_and(|kind| POSTABLE.contains(&kind));
                let is_here = channel["guild_id"].as_str() == Some(room.chat.as_str());
                if is_here && takes_posts {
                    Some(self.seen(&channel).await)
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
    /// What is to be seen of a channel that is not the interaction's.
    async fn seen(&self, channel: &Value) -> Sight {
        match self.desk.lack_in(channel).await {
            Ok(lack) => Sight {
                lack,
                name: channel["name"].as_str().map(shown),
                organiser: self.to.organises,
            },
            Err(error) => self.lacking(&error),
        }
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
