//! What the platform lets us do in a room.

use ankle_core::card::Card;
use ankle_core::face::{Examination, Forbidden, SendError};
use ankle_core::words::{Check, Speaker, doctor_card};
use teloxide::payloads::{GetChatMember, SendChatAction};
use teloxide::types::{ChatAction, ChatId, ChatMember, UserId};

use crate::answer::Desk;
use crate::api::CallError;
use crate::update::Target;

/// Looks at a room, and says what works there and what to change.
pub async fn examine(desk: &Desk, found: &Examination, to: &Target) -> Card {
    let mut checks = Vec::new();
    if to.private {
        checks.push(Check::fine("doctor-private"));
    } else {
        checks.push(may_write(desk, to).await);
        let payload = GetChatMember::new(ChatId(to.chat), UserId(desk.me.id));
        let us: Option<ChatMember> = desk.api.call(&payload).await.ok();
        let is_admin = us.map(|us| us.is_privileged());
        checks.push(match (is_admin, desk.me.reads_all) {
            (Some(true), _) => Check::fine("doctor-admin"),
            (_, true) => Check::fine("doctor-sees-all"),
            (Some(false), false) => Check::wrong("doctor-private-mode"),
            (None, false) => Check::unseen("doctor-admin-unseen"),
        });
        checks.push(Check::of_zone(found.zone.as_ref()));
    }
    let invite = invite_link(&desk.me.username);
    doctor_card(Speaker::of(found.language), &checks, Some(&invite))
}

/// Whether we may write in just this topic: asked by showing that we type there.
async fn may_write(desk: &Desk, to: &Target) -> Check {
    let mut payload = SendChatAction::new(ChatId(to.chat), ChatAction::Typing);
    payload.message_thread_id = to.thread;
    match desk.api.call::<_, bool>(&payload).await {
        Ok(_) => Check::fine("doctor-write"),
        Err(CallError::Send(SendError::Forbidden(Forbidden::TopicClosed))) => {
            Check::wrong("doctor-topic-closed")
        }
        Err(CallError::Send(SendError::Forbidden(_) | SendError::Gone | SendError::Rejected)) => {
            Check::wrong("doctor-no-write")
        }
        // It is busy, broken or away: that says nothing about what we may do.
        Err(_) => Check::unseen("doctor-write-unseen"),
    }
}

/// The link by which a group takes us in. It has nothing to hand over, so a client that takes us in has
/// nothing to say in the group.
pub fn invite_link(username: &str) -> String {
    format!("https://t.me/{username}?startgroup")
}
