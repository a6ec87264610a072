//! What the platform lets us do in a room, and a guess at where a group lives.

use ankle_core::calendar::Zone;
use ankle_core::card::Card;
use ankle_core::club::Language;
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
        let is_admin = us.is_some_and(|us| us.is_privileged());
        checks.push(match (is_admin, desk.me.reads_all) {
            (true, _) => Check::fine("doctor-admin"),
            (false, true) => Check::fine("doctor-sees-all"),
            (false, false) => Check::wrong("doctor-private-mode"),
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
        Err(_) => Check::wrong("doctor-no-write"),
    }
}

/// The link by which a group takes us in.
pub fn invite_link(username: &str) -> String {
    format!("https://t.me/{username}?startgroup=true")
}

/// A language, the zone it is likeliest spoken in, and three neighbours.
pub fn guess(locale: Option<&str>) -> (Language, Zone, Vec<Zone>) {
    let language = locale.and_then(Language::of_locale).unwrap_or_default();
    let region = locale
        .and_then(|locale| locale.split_once(['-', '_']))
        .map(|(_, region)| region);
    let cities = match (language, region) {
        (Language::De, Some("AT")) => ["Vienna", "Berlin", "Zurich", "London"],
        (Language::De, Some("CH")) => ["Zurich", "Berlin", "Vienna", "Paris"],
        (Language::De, _) => ["Berlin", "Vienna", "Zurich", "London"],
        (Language::En, Some("US")) => ["New_York", "Chicago", "Denver", "Los_Angeles"],
        (Language::En, _) => ["London", "Berlin", "New_York", "Los_Angeles"],
    };
    let mut zones = cities.iter().filter_map(|city| city.parse::<Zone>().ok());
    let guess = zones.next().unwrap_or_else(Zone::utc);
    (language, guess, zones.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guess_is_a_city_with_three_neighbours() {
        for locale in [
            None,
            Some("de"),
            Some("de-AT"),
            Some("de-CH"),
            Some("en-US"),
            Some("xx"),
        ] {
            let (_, guess, neighbours) = guess(locale);
            assert_ne!(guess.name(), "UTC", "{locale:?}");
            assert_eq!(neighbours.len(), 3, "{locale:?}");
        }
    }
}
