//! Large groups do not say who has left them: so each is looked up.

use ankle_core::delivery::{Found, Roll};
use ankle_core::face::SendError;
use teloxide::payloads::GetChatMember;
use teloxide::types::{ChatId, ChatMember, UserId};

use crate::answer::Desk;
use crate::api::CallError;

impl Roll for Desk {
    async fn look_up(&self, chat: &str, user: &str) -> Found {
        let (Ok(chat), Ok(user)) = (chat.parse(), user.parse()) else {
            return Found::Unknown;
        };
        let payload = GetChatMember::new(ChatId(chat), UserId(user));
        match self.api.look_up::<_, ChatMember>(&payload).await {
            Ok(member) if member.is_present() => Found::Here,
            Ok(_) => Found::Left,
            // To one who is no administrator it need not say anything of others.
            Err(CallError::Send(SendError::Rejected)) => Found::Unknown,
            Err(CallError::Send(
                SendError::Gone | SendError::Forbidden(_) | SendError::Moved { .. },
            )) => Found::ChatGone,
            Err(CallError::Send(SendError::Away | SendError::InDoubt)) => Found::ChatUnwell,
            Err(error) => {
                tracing::debug!(%error, "a member cannot be looked up just now");
                Found::NotNow
            }
        }
    }
}
