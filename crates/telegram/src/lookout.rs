//! Where we may write, seen by showing there that we type.

use ankle_core::face::{Asker, Lack, Lookout, RoomAddress, Sight};
use serde::Deserialize;
use teloxide::payloads::{GetChat, GetChatMember, SendChatAction};
use teloxide::types::{ChatAction, ChatId, ChatMember, UserId};

use crate::answer::Desk;
use crate::messenger::{address, plain};

/// What we want to know of a chat.
#[derive(Deserialize)]
struct Titled {
    title: Option<String>,
}

impl Lookout for Desk {
    async fn look(&self, room: &RoomAddress, asker: &Asker) -> Sight {
        let Some((chat, thread)) = address(&room.room) else {
            return Sight::lacking(Lack::Gone);
        };
        let mut payload = SendChatAction::new(chat, ChatAction::Typing);
        payload.message_thread_id = thread;
        let typed = self.api.look_up::<_, bool>(&payload).await.map_err(plain);
        let titled: Option<Titled> = match typed {
            Ok(_) => self.api.look_up(&GetChat::new(chat)).await.ok(),
            Err(_) => None,
        };
        Sight {
            lack: typed.err().as_ref().map(Lack::from),
            name: titled.and_then(|chat| chat.title),
            chat_name: None,
            organiser: !chat.is_user() && self.organises(chat, asker).await,
        }
    }
}

impl Desk {
    async fn organises(&self, chat: ChatId, asker: &Asker) -> bool {
        let Asker::Person(person) = asker else {
            return true;
        };
        let Ok(user) = person.account.external.parse() else {
            return false;
        };
        let payload = GetChatMember::new(chat, UserId(user));
        let member: Result<ChatMember, _> = self.api.look_up(&payload).await;
        // Who cannot be looked up has no rights.
        member.is_ok_and(|member| member.is_privileged())
    }
}
