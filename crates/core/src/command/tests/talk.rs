use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};

use crate::card::plain;
use crate::club::Platform;
use crate::command::Bot;
use crate::face::{
    AccountAddress, Answer, Asker, Audience, Clock, EventId, Lookout, MessageRef, Outcome, Person,
    Place, Request, Rights, RoomAddress, Said, Sight, SimulatedClock, Whispers,
};
use crate::store::Store;

/// A conversation with the bot on a database of its own.
pub(super) struct Talk {
    pub bot: Bot,
    pub clock: SimulatedClock,
    pub store: Arc<Store>,
    folder: Option<tempfile::TempDir>,
    pub who: &'static str,
    pub locale: Option<&'static str>,
    pub organiser: bool,
    /// The room; `private` is his own.
    pub room: &'static str,
    /// What is seen of every room.
    pub sight: Sight,
    /// What is seen of a room that is named and was never met; none if there is no such room.
    pub found: Option<Sight>,
    /// Speaks for the chat, without an account.
    pub anonymous: bool,
    events: AtomicU32,
    last: Mutex<Vec<(String, String)>>,
    last_at: Mutex<Timestamp>,
}

impl Talk {
    /// On a SQLite database of its own.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/test.db", folder.path().display());
        let store = Arc::new(Store::open(&url).await.unwrap());
        let mut talk = Self::on(store, "2026-11-24T10:00:00Z");
        talk.folder = Some(folder);
        talk
    }

    /// On a database that is open already.
    pub fn on(store: Arc<Store>, start: &str) -> Self {
        let start = start.parse().unwrap();
        let clock = SimulatedClock::new(start);
        Self {
            bot: Bot::new(store.clone(), Arc::new(clock.clone())),
            clock,
            store,
            folder: None,
            who: "Mia",
            locale: None,
            organiser: false,
            room: "mobility",
            sight: Sight::default(),
            found: None,
            anonymous: false,
            events: AtomicU32::new(0),
            last: Mutex::new(Vec::new()),
            last_at: Mutex::new(start),
        }
    }

    pub fn request(&self, said: Said) -> Request {
        let number = self.events.fetch_add(1, Ordering::Relaxed);
        Request {
            event: EventId(format!("test:{number}")),
            at: self.clock.now(),
            asker: if self.anonymous {
                Asker::AnonymousOrganiser {
                    platform: Platform("test"),
                    locale: None,
                }
            } else {
                Asker::Person(Person {
                    account: AccountAddress {
                        platform: Platform("test"),
                        external: self.who.to_lowercase(),
                    },
                    name: self.who.to_owned(),
                    handle: Some(self.who.to_owned()),
                    locale: self.locale.map(str::to_owned),
                    rights: Some(Rights {
                        organiser: self.organiser,
                    }),
                })
            },
            place: if self.room == "private" {
                Place::Private {
                    room: format!("private/{}", self.who.to_lowercase()),
                }
            } else {
                Place::Room(RoomAddress {
                    chat: "trail-friends".to_owned(),
                    room: self.room.to_owned(),
                })
            },
            said,
            whispers: Whispers::Elsewhere,
        }
    }

    pub async fn send(&self, request: &Request) -> String {
        self.show(self.bot.answer_seeing(request, self).await.unwrap())
    }

    pub fn show(&self, outcome: Outcome) -> String {
        let (mark, answer) = match outcome {
            Outcome::Say(answer) => ("", answer),
            Outcome::Ask(question) => ("? ", question.answer),
            Outcome::Suggest(_) => return "suggestions".to_owned(),
            Outcome::Examine(found) => return format!("{found:?}"),
            Outcome::Quiet => return "(quiet)".to_owned(),
        };
        let Answer {
            audience,
            card,
            owner,
            ..
        } = answer;
        let mark = if audience == Audience::Everyone {
            "(to all) "
        } else {
            mark
        };
        if !card.buttons.is_empty() {
            *self.last_at.lock().unwrap() = self.clock.now();
        }
        let buttons = card.buttons.iter().flatten();
        *self.last.lock().unwrap() = buttons
            .map(|b| (b.label.clone(), b.wire(owner.map(|account| account.0))))
            .collect();
        let labels: Vec<_> = card
            .buttons
            .iter()
            .flatten()
            .map(|b| format!("[{}]", b.label))
            .collect();
        format!("{mark}{}\n{}", plain(&card), labels.join(" "))
            .trim_end()
            .to_owned()
    }

    pub async fn say(&self, line: &str) -> String {
        self.send(&self.request(Said::Line(line.to_owned()))).await
    }

    pub async fn press(&self, label: &str) -> String {
        self.press_wire(self.wire_of(label)).await
    }

    /// What a press on a button below the latest answer sends.
    pub fn wire_of(&self, label: &str) -> String {
        let last = self.last.lock().unwrap();
        let button = last.iter().find(|(l, _)| l == label);
        let (_, wire) = button.unwrap_or_else(|| panic!("no button {label} in {last:?}"));
        wire.clone()
    }

    /// Presses what stood below the latest answer, or might have.
    pub async fn press_wire(&self, wire: impl Into<String>) -> String {
        self.send(&self.request(self.press_of(wire))).await
    }

    pub fn press_of(&self, wire: impl Into<String>) -> Said {
        Said::Press {
            wire: wire.into(),
            on: message(),
            since: *self.last_at.lock().unwrap(),
        }
    }

    pub async fn reply(&self, text: &str) -> String {
        let text = text.to_owned();
        self.send(&self.request(Said::ReplyTo {
            message: None,
            text,
        }))
        .await
    }

    /// How the button of this number travels, counted from 1, on the latest card.
    pub fn wire(&self, number: usize) -> String {
        self.last.lock().unwrap()[number - 1].1.clone()
    }

    pub fn days(&self, days: i64) {
        self.clock.advance(SignedDuration::from_hours(24 * days));
    }
}

impl Lookout for Talk {
    async fn look(&self, _: &RoomAddress, _: &Asker) -> Sight {
        self.sight.clone()
    }

    async fn find(&self, _: &RoomAddress, _: &Asker) -> Option<Sight> {
        self.found.clone()
    }
}

pub(super) fn message() -> MessageRef {
    MessageRef {
        room: "mobility".to_owned(),
        message: "1".to_owned(),
    }
}
