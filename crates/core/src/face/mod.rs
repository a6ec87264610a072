//! The contract between the core and its faces: what an adapter hands in, and what it gets back.
//!
//! An **adapter** turns what happens on its platform into [`Request`]s, gives each to
//! [`Bot::answer`](crate::command::Bot::answer), and draws the [`Outcome`]. It holds no state of
//! its own that matters: whatever must survive a restart is in the store.
//!
//! What an adapter owes:
//!
//! 1. **A name for every event** ([`EventId`]), the same each time the platform delivers it. The
//!    core does an event's work once and repeats its answer as often as it is asked.
//! 2. **Acknowledge after the answer.** [`Bot::answer`](crate::command::Bot::answer) returns after
//!    the commit. An update is acknowledged when it has returned, whatever it returned, unless it
//!    returned an error: then the platform shall deliver again.
//! 3. **One room in order.** Requests of one room are answered one after the other; rooms do not
//!    wait for each other.
//! 4. **Names are data.** Every [`Span::Name`](crate::card::Span::Name) is escaped by the renderer,
//!    and no message may mention anybody who did not ask for it.
//! 5. **Audience.** What is for [`Audience::Asker`] is shown to nobody else. Where the platform
//!    cannot whisper, [`Answer::aside`] is what the room may hear.
//! 6. **Buttons** travel as [`Button::wire`](crate::card::Button::wire) and come back as
//!    [`Said::Press`], with the time since when they stood there. Their owner and their age are checked by
//!    the core.
//! 7. **Look before it is promised.** Where something may be posted is seen by the adapter alone: it hands
//!    its [`Lookout`] to [`Bot::answer_seeing`](crate::command::Bot::answer_seeing).
//!
//! The way back, for what nobody asked for at that moment, is the [`Messenger`].

mod lookout;
mod messenger;
mod outcome;
mod request;

pub use ankle_clock::{Calibration, Clock, MovableClock, SimulatedClock, Sleep, SystemClock};
pub use lookout::{Everywhere, Lack, Lookout, Sight};
pub use messenger::{Forbidden, MessageRef, Messenger, RetryScope, SendError, SendKey};
pub use outcome::{
    Answer, Aside, Audience, Choice, Examination, NotSaved, Outcome, Placement, Question,
};
pub use request::{
    AccountAddress, Asker, EventId, Person, Place, Request, Rights, RoomAddress, Said, Whispers,
};
