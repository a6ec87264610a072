//! What the platform lets us do in a room.

use ankle_core::card::Card;
use ankle_core::face::{Examination, Forbidden, SendError};
use ankle_core::words::{Check, Speaker, doctor_card};
use serde::Deserialize;
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
        let reads_all = reads_all(desk).await;
        // Either of the two will do, so only what lacks both is to be changed.
        checks.push(match (is_admin, reads_all) {
            (Some(true), _) => Check::fine("doctor-admin"),
            (Some(false), true) => Check::fine("doctor-needs-no-admin"),
            (Some(false), false) => Check::wrong("doctor-no-admin"),
            (None, _) => Check::unseen("doctor-admin-unseen"),
        });
        checks.push(match (is_admin, reads_all) {
            (_, true) => Check::fine("doctor-sees-all"),
            (Some(true), false) => Check::fine("doctor-private-mode-admin"),
            (_, false) => Check::wrong("doctor-private-mode"),
        });
        checks.push(Check::of_zone(found.zone.as_ref()));
    }
    let invite = invite_link(&desk.me.username);
    doctor_card(Speaker::of(found.language), &checks, Some(&invite))
}

/// Whether privacy mode is off, as it is now: it is changed while we run. If nobody can say, as it was.
async fn reads_all(desk: &Desk) -> bool {
    let now = desk.api.ourselves::<Reads>().await;
    now.map_or(desk.me.reads_all, |now| now.can_read_all_group_messages)
}

/// As much of ourselves as may change.
#[derive(Deserialize)]
struct Reads {
    #[serde(default)]
    can_read_all_group_messages: bool,
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
