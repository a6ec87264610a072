use std::future::Future;

use super::{Asker, Forbidden, RoomAddress, SendError};

/// The eyes of a face, for what only a platform knows: the core asks before it promises a post.
pub trait Lookout: Sync {
    /// Looks at a room of the platform that the request came from, for who asks.
    fn look(&self, room: &RoomAddress, asker: &Asker) -> impl Future<Output = Sight> + Send;

    /// Looks for a room that somebody named and nobody has spoken in yet. None if the chat has no such room
    /// that takes posts, or if the platform cannot be asked for one.
    fn find(
        &self,
        _room: &RoomAddress,
        _asker: &Asker,
    ) -> impl Future<Output = Option<Sight>> + Send {
        async { None }
    }
}

/// What was seen of a room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// What we lack there to post.
    pub lack: Option<Lack>,
    /// What people call the room, if it has a name. Anything at all may stand here.
    pub name: Option<String>,
    /// What people call the chat that it is in, if that is another name.
    pub chat_name: Option<String>,
    /// Whether who asks may set up the chat that it is in.
    pub organiser: bool,
}

/// Why nothing can be posted in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// We do not see it.
    See,
    /// We may not write there.
    Write,
    /// We may not embed there, so that posts would be empty.
    Embed,
    /// Its topic is closed.
    TopicClosed,
    /// We are not in its chat: only our commands are.
    Absent,
    /// It, or we in it, are no more.
    Gone,
    /// The person does not want to hear from us.
    Blocked,
    /// The platform did not say.
    Unknown,
}

impl Sight {
    /// Of a room in which nothing can be posted.
    #[must_use]
    pub fn lacking(lack: Lack) -> Self {
        Self {
            lack: Some(lack),
            ..Self::default()
        }
    }
}

impl From<&SendError> for Lack {
    /// What a call that did not do its work says of the room it was for.
    fn from(error: &SendError) -> Self {
        match error {
            SendError::Gone | SendError::Moved { .. } => Self::Gone,
            SendError::Forbidden(Forbidden::See) => Self::See,
            SendError::Forbidden(Forbidden::TopicClosed) => Self::TopicClosed,
            SendError::Forbidden(Forbidden::Blocked) => Self::Blocked,
            SendError::Forbidden(Forbidden::Write | Forbidden::Other(_)) | SendError::Rejected => {
                Self::Write
            }
            SendError::RetryAfter { .. }
            | SendError::TooOld
            | SendError::NotSent
            | SendError::Away
            | SendError::InDoubt => Self::Unknown,
        }
    }
}

/// For a face on which everything can be written everywhere.
#[derive(Clone, Copy, Debug)]
pub struct Everywhere;

impl Lookout for Everywhere {
    async fn look(&self, _: &RoomAddress, _: &Asker) -> Sight {
        Sight {
            organiser: true,
            ..Sight::default()
        }
    }
}
