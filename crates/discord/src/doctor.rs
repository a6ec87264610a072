//! What the platform lets us do in a channel.

use ankle_core::card::Card;
use ankle_core::face::Examination;
use ankle_core::words::{Check, Speaker, doctor_card};

use crate::interaction::{Target, Whereabouts};

/// Discord's bits for what we want to do where we are a member.
pub mod right {
    /// Everything.
    pub const ADMINISTRATOR: u64 = 1 << 3;
    /// To set up the server.
    pub const MANAGE_GUILD: u64 = 1 << 5;
    /// To see a channel.
    pub const VIEW: u64 = 1 << 10;
    /// To write into it.
    pub const SEND: u64 = 1 << 11;
    /// Cards are embeds.
    pub const EMBED: u64 = 1 << 14;
    /// Pictures are files.
    pub const ATTACH: u64 = 1 << 15;
    /// To write into threads that are closed.
    pub const MANAGE_THREADS: u64 = 1 << 34;
    /// To write into its threads.
    pub const SEND_IN_THREADS: u64 = 1 << 38;
}

/// What the invite link asks for: the least that posts need.
const WANTED: u64 =
    right::VIEW | right::SEND | right::EMBED | right::ATTACH | right::SEND_IN_THREADS;

/// What is looked at, right by right, and what is said of it.
const CHECKS: [(u64, &str, &str); 5] = [
    (right::VIEW, "doctor-see", "doctor-no-see"),
    (right::SEND, "doctor-send", "doctor-no-send"),
    (
        right::SEND_IN_THREADS,
        "doctor-threads",
        "doctor-no-threads",
    ),
    (right::EMBED, "doctor-embeds", "doctor-no-embeds"),
    (right::ATTACH, "doctor-files", "doctor-no-files"),
];

/// Says what works in a channel, and what to change. What we may do there comes with the interaction, but it
/// means nothing where only our commands were added, and not we.
pub fn examine(found: &Examination, to: &Target, application: &str, is_absent: bool) -> Card {
    let mut checks = Vec::new();
    match to.whereabouts {
        Whereabouts::Room if is_absent => checks.push(Check::wrong("doctor-commands-only")),
        Whereabouts::Private => checks.push(Check::fine("doctor-private")),
        Whereabouts::Elsewhere => checks.push(Check::wrong("doctor-guest")),
        Whereabouts::Room => {
            let ours = to.our_rights.unwrap_or(0);
            let may = |right| ours & (right | right::ADMINISTRATOR) != 0;
            checks.extend(CHECKS.map(|(right, fine, wrong)| {
                if may(right) {
                    Check::fine(fine)
                } else {
                    Check::wrong(wrong)
                }
            }));
            checks.push(Check::of_zone(found.zone.as_ref()));
        }
    }
    let invite = invite_link(application);
    doctor_card(Speaker::of(found.language), &checks, Some(&invite))
}

/// The link by which a server takes us in: both scopes, and the least rights.
pub fn invite_link(application: &str) -> String {
    format!(
        "https://discord.com/oauth2/authorize?client_id={application}&scope=bot+applications.commands&permissions={WANTED}"
    )
}
