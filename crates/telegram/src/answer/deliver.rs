//! Who sees what: a room hears what it may, the rest goes to the private chat, or pops up for who
//! pressed.

use ankle_core::card::Card;
use ankle_core::club::Language;
use ankle_core::face::{
    Answer, Aside, Audience, MessageRef, Outcome, Placement, Question, SendError,
};
use ankle_core::words::{Speaker, guess_zones, welcome_card};
use teloxide::payloads::AnswerCallbackQuery;
use teloxide::types::{CallbackQueryId, InlineKeyboardButton, InlineKeyboardMarkup};

use super::recent::{Place, Stands};
use super::send::Envelope;
use super::{Desk, Saying, answer as saying};
use crate::api::CallError;
use crate::doctor;
use crate::render::{MAX_ALERT, alert, keyboard};
use crate::update::{Press, Target};

/// What a room hears of an answer whose private part is done, or was tried in vain.
pub struct Rest {
    answer: Answer,
    to: Target,
    privately: Private,
}

/// What became of the private part of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Private {
    /// It stands there.
    Told(Place),
    /// The private chat is closed to us: its owner can open it.
    Closed,
    /// It did not get there for another reason, of which nobody can be blamed.
    Failed,
}

impl Private {
    fn place(self) -> Option<Place> {
        match self {
            Self::Told(place) => Some(place),
            Self::Closed | Self::Failed => None,
        }
    }
}

/// The private chat in which an answer begins: in a room, that of its asker if it is for him alone.
/// Only when that is done it is known what the room is to hear, and nobody there waits for it.
pub fn begins_privately(answer: &Answer, to: &Target) -> Option<i64> {
    if to.private || answer.audience == Audience::Everyone {
        return None;
    }
    if to.press.is_some() && (over(answer, to).is_some() || !wants_more(answer)) {
        return None;
    }
    Some(Envelope::private(to.user?).chat)
}

/// What stands over the message that was pressed on, if anything does.
fn over<'a>(answer: &'a Answer, to: &Target) -> Option<&'a Card> {
    match &answer.aside {
        _ if answer.placement != Placement::InPlace || to.is_lost => None,
        _ if to.private || answer.audience == Audience::Everyone => Some(&answer.card),
        Aside::Always(aside) => Some(aside),
        _ => None,
    }
}

/// Whether a pop-up is too small for it: it is long, or can be pressed on.
fn wants_more(answer: &Answer) -> bool {
    let card = &answer.card;
    let whole = ankle_core::card::plain(card).encode_utf16().count() <= MAX_ALERT;
    // What a room may hear of it as a whole is said as soon as it is said.
    let is_no_secret = matches!(
        &answer.aside,
        Aside::Instead(aside) if aside.blocks.len() == card.blocks.len()
    );
    let no_buttons = card.buttons.is_empty() || answer.spares_buttons;
    let says_all = whole && card.files.is_empty() && no_buttons;
    !is_no_secret && !says_all
}

impl Desk {
    /// Lets an outcome reach whom it is for. Returns what is to be said in another chat, and which.
    pub async fn deliver(&self, outcome: Outcome, to: Target) -> Option<(i64, Saying)> {
        match outcome {
            Outcome::Say(answer) if begins_privately(&answer, &to).is_some() => {
                let chat = to.chat;
                let rest = self.say_privately(answer, to).await?;
                return Some((chat, Saying::Rest(Box::new(rest))));
            }
            Outcome::Say(answer) => self.say(&answer, &to).await,
            Outcome::Ask(question) => self.ask(&question, &to).await,
            Outcome::Examine(found) => {
                let card = doctor::examine(self, &found, &to).await;
                let answer = Answer::private(card.clone()).with_aside(Aside::Instead(card));
                if let Some(private) = begins_privately(&answer, &to) {
                    return Some((private, saying(Outcome::Say(answer), to)));
                }
                self.say(&answer, &to).await;
            }
            Outcome::Suggest(_) | Outcome::Quiet => {
                if let Some(press) = &to.press {
                    self.acknowledge(press, None).await;
                }
            }
        }
        None
    }

    async fn ask(&self, question: &Question, to: &Target) {
        if let (Some(press), true) = (&to.press, to.is_lost) {
            return self
                .acknowledge(press, Some(alert(&question.answer.card)))
                .await;
        }
        if let Some(press) = &to.press {
            self.acknowledge(press, None).await;
        }
        let mut envelope = here(to);
        envelope.force_reply = question.argument.is_some();
        let answer = &question.answer;
        let owner = answer.owner.map(|account| account.0);
        let sent = self
            .send_card(&envelope, told(answer), &answer.card.buttons, owner)
            .await;
        let Some(message) = self.or_lost(sent) else {
            return;
        };
        let message = MessageRef {
            room: to.chat.to_string(),
            message: message.to_string(),
        };
        if let Err(error) = self.bot.asked_in(question.id, &message).await {
            tracing::error!(%error, "a question was not tied to its message");
        }
    }

    async fn say(&self, answer: &Answer, to: &Target) {
        if let Some(press) = &to.press {
            return self.say_to_presser(answer, to, press).await;
        }
        let here = self.place(answer, to, &answer.card).await;
        self.note(to, here, None);
    }

    /// Remembers where an answer stands.
    fn note(&self, to: &Target, here: Option<Place>, privately: Option<Place>) {
        if let Some(event) = to.edit_of.clone().or_else(|| event_of(to)) {
            self.recent.answered(&event, Stands { here, privately });
        }
    }

    /// In a room, to its asker alone: what is for his private chat. Returns what the room hears of it.
    async fn say_privately(&self, answer: Answer, to: Target) -> Option<Rest> {
        if let Some(press) = &to.press {
            self.pop_up(&answer, &to, press).await;
            let in_place = answer.placement == Placement::InPlace;
            return in_place.then_some(Rest {
                answer,
                to,
                privately: Private::Failed,
            });
        }
        let privately = match self.privately(&answer, &to).await {
            Ok(place) => Private::Told(place),
            Err(error) if is_closed(&error) => Private::Closed,
            Err(error) => {
                self.counters.add_lost_answer();
                tracing::info!(%error, "an answer did not reach a private chat");
                Private::Failed
            }
        };
        let place = privately.place();
        let is_all = place.is_some() && !matches!(answer.aside, Aside::Always(_));
        let former = to.edit_of.as_ref().filter(|_| !is_all);
        let here = former.and_then(|event| self.recent.stands(event).here);
        self.note(&to, here, place);
        (!is_all).then_some(Rest {
            answer,
            to,
            privately,
        })
    }

    /// What a room hears of an answer to one of those in it.
    pub async fn say_rest(&self, rest: Rest) {
        let Rest {
            answer,
            to,
            privately,
        } = rest;
        if let Some(press) = &to.press {
            return self.drop_buttons((to.chat, press.message)).await;
        }
        let here = match &answer.aside {
            Aside::Always(aside) => {
                let is_closed = privately == Private::Closed;
                let link = is_closed.then(|| self.link_to_us(&answer)).flatten();
                self.place_with(&answer, &to, aside, link).await
            }
            Aside::Instead(aside) => self.place(&answer, &to, aside).await,
            Aside::Nothing => {
                self.invite_to_talk(&answer, &to, privately).await;
                None
            }
        };
        self.note(&to, here, privately.place());
    }

    /// Where it was asked: over the former answer to an edited line, else as a message of its own.
    async fn place(&self, answer: &Answer, to: &Target, card: &Card) -> Option<(i64, i32)> {
        self.place_with(answer, to, card, None).await
    }

    /// The same with one button more, which leads to the private chat.
    async fn place_with(
        &self,
        answer: &Answer,
        to: &Target,
        card: &Card,
        link: Option<InlineKeyboardButton>,
    ) -> Option<(i64, i32)> {
        let owner = answer.owner.map(|account| account.0);
        let keyboard = match (keyboard(&card.buttons, owner), link) {
            (Some(keyboard), Some(link)) => Some(keyboard.append_row([link])),
            (None, Some(link)) => Some(InlineKeyboardMarkup::new([[link]])),
            (keyboard, None) => keyboard,
        };
        let former = to
            .edit_of
            .as_ref()
            .and_then(|event| self.recent.stands(event).here);
        if let Some(place) = former.filter(|_| answer.placement == Placement::InPlace)
            && self.edit_with(place, card, keyboard.clone()).await.is_ok()
        {
            return Some(place);
        }
        let sent = self
            .send_with(&here(to), (card, answer.language), keyboard)
            .await;
        self.or_lost(sent).map(|message| (to.chat, message))
    }

    /// To the asker's private chat, if that is open to us.
    async fn privately(&self, answer: &Answer, to: &Target) -> Result<(i64, i32), SendError> {
        let user = to.user.ok_or(SendError::Gone)?;
        let now = self.clock.now();
        if self.recent.is_closed(user, now) {
            return Err(SendError::Gone);
        }
        let owner = answer.owner.map(|account| account.0);
        let mut rows = answer.card.buttons.clone();
        for row in &mut rows {
            row.retain(|button| !button.needs_room);
        }
        rows.retain(|row| !row.is_empty());
        let former = to
            .edit_of
            .as_ref()
            .and_then(|event| self.recent.stands(event).privately);
        if let Some(place) = former
            && self
                .edit_card(place, &answer.card, &rows, owner)
                .await
                .is_ok()
        {
            return Ok(place);
        }
        let envelope = Envelope::private(user);
        let sent = self.send_card(&envelope, told(answer), &rows, owner).await;
        match &sent {
            Err(error) if is_closed(error) => self.recent.closed(user, now),
            _ => self.recent.opened(user),
        }
        sent.map(|message| (envelope.chat, message))
    }

    /// The private chat is not open: how to open it, and nothing else. Where it is, and something else was
    /// in the way, there is nothing to open.
    async fn invite_to_talk(&self, answer: &Answer, to: &Target, privately: Private) {
        let say = Speaker::of(answer.language);
        let (id, link) = match privately {
            Private::Failed => ("private-not-reached", None),
            Private::Closed | Private::Told(_) => ("open-private", self.link_to_us(answer)),
        };
        let card = Card::line(say.say(id, &[]));
        let keyboard = link.map(|button| InlineKeyboardMarkup::new([[button]]));
        let sent = self
            .send_with(&here(to), (&card, answer.language), keyboard)
            .await;
        self.or_lost(sent);
    }

    /// A button that opens the private chat.
    fn link_to_us(&self, answer: &Answer) -> Option<InlineKeyboardButton> {
        let link = format!("https://t.me/{}?start=hello", self.me.username);
        let label = Speaker::of(answer.language).label("button-open-private");
        let url = reqwest::Url::parse(&link).ok()?;
        Some(InlineKeyboardButton::url(label, url))
    }

    async fn say_to_presser(&self, answer: &Answer, to: &Target, press: &Press) {
        let owner = answer.owner.map(|account| account.0);
        let place = (to.chat, press.message);
        let in_place = answer.placement == Placement::InPlace;
        let everyone = answer.audience == Audience::Everyone;
        if let Some(card) = over(answer, to) {
            self.acknowledge(press, None).await;
            match self.edit_card(place, card, &card.buttons, owner).await {
                Ok(()) => return,
                Err(CallError::MessageGone) => {}
                Err(error) => tracing::debug!(%error, "an answer goes out anew"),
            }
            let sent = self
                .send_card(&here(to), (card, answer.language), &card.buttons, owner)
                .await;
            self.or_lost(sent);
        } else if everyone && to.is_lost {
            // In another topic it would answer nobody.
            self.acknowledge(press, Some(alert(&answer.card))).await;
        } else if to.private || everyone {
            self.acknowledge(press, None).await;
            let sent = self
                .send_card(&here(to), told(answer), &answer.card.buttons, owner)
                .await;
            self.or_lost(sent);
        } else {
            self.pop_up(answer, to, press).await;
            if in_place {
                self.drop_buttons(place).await;
            }
        }
    }

    /// For who pressed in a room, and for nobody else there: the private chat where it is open and
    /// the answer is long or can be pressed on, else a pop-up.
    async fn pop_up(&self, answer: &Answer, to: &Target, press: &Press) {
        if wants_more(answer) && self.privately(answer, to).await.is_ok() {
            return self.acknowledge(press, None).await;
        }
        self.acknowledge(press, Some(alert(&answer.card))).await;
    }

    /// Ends the waiting of who pressed, with a pop-up or without.
    async fn acknowledge(&self, press: &Press, text: Option<String>) {
        let mut payload = AnswerCallbackQuery::new(CallbackQueryId(press.id.clone()));
        payload.show_alert = text.as_ref().map(|_| true);
        payload.text = text;
        if let Err(error) = self.api.call::<_, bool>(&payload).await {
            tracing::debug!(%error, "a press was not acknowledged");
        }
    }

    /// The one welcome of a group: silent, with a guess at its zone.
    pub async fn welcome(&self, chat: i64, locale: Option<&str>) {
        let (language, guess, neighbours) = guess_zones(locale);
        let card = welcome_card(Speaker::of(language), &guess, &neighbours);
        let envelope = Envelope {
            chat,
            thread: None,
            reply_to: None,
            silent: true,
            force_reply: false,
        };
        let sent = self
            .send_card(&envelope, (&card, language), &card.buttons, None)
            .await;
        self.or_lost(sent);
    }

    /// An answer that could not be given is counted; what it told of is stored.
    fn or_lost(&self, sent: Result<i32, SendError>) -> Option<i32> {
        match sent {
            Ok(message) => Some(message),
            Err(error) => {
                self.counters.add_lost_answer();
                tracing::info!(%error, "an answer could not be given");
                None
            }
        }
    }
}

/// Whether a private chat is closed to us, so that only its owner can open it.
fn is_closed(error: &SendError) -> bool {
    matches!(error, SendError::Forbidden(_) | SendError::Gone)
}

/// What an answer says, and in which language.
fn told(answer: &Answer) -> (&Card, Language) {
    (&answer.card, answer.language)
}

/// Where it was asked; in a group as a reply, so that it is clear to whom.
fn here(to: &Target) -> Envelope {
    Envelope {
        chat: to.chat,
        thread: to.thread,
        reply_to: to.message.filter(|_| !to.private),
        silent: false,
        force_reply: false,
    }
}

/// The event of a message that may be edited later.
fn event_of(to: &Target) -> Option<ankle_core::face::EventId> {
    let message = to.message?;
    Some(ankle_core::face::EventId(format!(
        "telegram:{}:{message}",
        to.chat
    )))
}
