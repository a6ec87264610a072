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
            let lack = if self.desk.is_absent(&room.chat).await {
                Some(Lack::Absent)
            } else {
                lack(ours, here.kind)
            };
            return Sight {
                lack,
                name: here.name.as_deref().map(shown),
                chat_name: self.desk.server_name(&room.chat).await,
                organiser: self.to.organises,
            };
        }
        match self.desk.channel(&room.room).await {
            Ok(channel) => self.seen(&channel).await,
            Err(error) => self.hidden(room, &error).await,
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
            Err(error) => Some(self.hidden(room, &error).await),
        }
    }
}

impl From<'_> {
    /// What is to be seen of a channel that is not the interaction's.
    async fn seen(&self, channel: &Value) -> Sight {
        let server = channel["guild_id"].as_str().unwrap_or_default();
        match self.desk.lack_in(channel).await {
            Ok(lack) => Sight {
                lack,
                name: channel["name"].as_str().map(shown),
                chat_name: self.desk.server_name(server).await,
                organiser: self.to.organises,
            },
            Err(error) => self.lacking(&error),
        }
    }

    /// A channel that cannot be looked at may be one of a server that we are not in.
    async fn hidden(&self, room: &RoomAddress, error: &SendError) -> Sight {
        let is_servers = room.chat != room.room;
        let hides = matches!(error, SendError::Gone | SendError::Forbidden(_));
        let mut sight = self.lacking(error);
        if hides && is_servers && self.desk.is_absent(&room.chat).await {
            sight.lack = Some(Lack::Absent);
        }
        sight
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
