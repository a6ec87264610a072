//! Who sees what: a room hears what it may, the rest goes to the private chat, or pops up for who
//! pressed.

use ankle_core::card::Card;
use ankle_core::club::Language;
use ankle_core::face::{
    Answer, Aside, Audience, MessageRef, Outcome, Placement, Question, SendError,
};
use ankle_core::words::{Speaker, guess_zones, welcome_card};
use jiff::SignedDuration;
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

/// The other copy of an answer that was pressed on.
pub struct Copy {
    answer: Answer,
    to: Target,
    /// Where it stands, if that is remembered.
    place: Option<Place>,
}

/// The longest text of a toast, in characters: what one reads before it fades. A house rule.
const MAX_TOAST: usize = 120;

/// How long an acknowledgement is still tried: about as long as a client shows that it waits.
const PRESS_HOLDS: SignedDuration = SignedDuration::from_secs(20);

/// How long an acknowledgement waits for what becomes of a private message.
const PRESS_SOON: SignedDuration = SignedDuration::from_secs(3);

/// After how long it is tried again.
const PRESS_AGAIN: SignedDuration = SignedDuration::from_secs(2);

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

/// What pops up for who pressed.
pub struct PopUp {
    text: String,
    /// Whether it stays until it is dismissed, rather than fade away.
    stays: bool,
}

impl PopUp {
    /// A short confirmation fades away by itself. What must be read stays, and what takes longer than it
    /// would be shown: more than a line, or than a toast's house limit.
    fn of(answer: &Answer) -> Self {
        let text = alert(&answer.card);
        let is_short = text.chars().count() <= MAX_TOAST && !text.contains('\n');
        Self {
            stays: answer.must_be_read || !is_short,
            text,
        }
    }
}

/// When a press is acknowledged.
pub enum Acknowledge {
    /// At once, with this pop-up or none.
    Now(Option<PopUp>),
    /// When it is known what has become of a private message.
    Later,
}

/// When the press that an outcome answers is acknowledged, and with what.
pub fn acknowledgement(outcome: &Outcome, to: &Target) -> Acknowledge {
    match outcome {
        Outcome::Say(answer) if begins_privately(answer, to).is_some() => Acknowledge::Later,
        Outcome::Say(answer) => Acknowledge::Now(pops_up(answer, to).then(|| PopUp::of(answer))),
        Outcome::Ask(question) => Acknowledge::Now(to.is_lost.then(|| PopUp::of(&question.answer))),
        // What it finds has to be looked at first.
        Outcome::Examine(_) => Acknowledge::Later,
        Outcome::Suggest(_) | Outcome::Quiet => Acknowledge::Now(None),
    }
}

/// Whether an answer is told to who pressed, and to nobody else in the room.
fn pops_up(answer: &Answer, to: &Target) -> bool {
    let everyone = answer.audience == Audience::Everyone;
    // In another topic it would answer nobody.
    let is_elsewhere = everyone && to.is_lost;
    over(answer, to).is_none() && (is_elsewhere || !(to.private || everyone))
}

impl Desk {
    /// Lets an outcome reach whom it is for. Returns what is to be said in another chat, and which. A press
    /// has been acknowledged, where its [`acknowledgement`] was known.
    pub async fn deliver(&self, outcome: Outcome, to: Target) -> Option<(i64, Saying)> {
        match outcome {
            Outcome::Say(answer) if begins_privately(&answer, &to).is_some() => {
                let chat = to.chat;
                let rest = Box::pin(self.say_privately(answer, to)).await?;
                return Some((chat, Saying::Rest(Box::new(rest))));
            }
            Outcome::Say(answer) => {
                self.say(&answer, &to).await;
                return self.copy_of(answer, to);
            }
            Outcome::Ask(question) => self.ask(&question, &to).await,
            Outcome::Examine(found) => {
                let card = Box::pin(doctor::examine(self, &found, &to)).await;
                let answer = Answer::private(card.clone()).with_aside(Aside::Instead(card));
                if let Some(private) = begins_privately(&answer, &to) {
                    return Some((private, saying(Outcome::Say(answer), to)));
                }
                if let Some(press) = &to.press {
                    let pop_up = pops_up(&answer, &to).then(|| PopUp::of(&answer));
                    self.acknowledge(press, pop_up).await;
                }
                self.say(&answer, &to).await;
            }
            Outcome::Suggest(_) | Outcome::Quiet => {}
        }
        None
    }

    async fn ask(&self, question: &Question, to: &Target) {
        if to.press.is_some() && to.is_lost {
            return;
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

    pub async fn say(&self, answer: &Answer, to: &Target) {
        if let Some(press) = &to.press {
            return Box::pin(self.say_to_presser(answer, to, press)).await;
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
            Box::pin(self.tell_presser(&answer, &to, press)).await;
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

    /// To who pressed in a room, in his private chat, or in a pop-up if that is not open.
    async fn tell_presser(&self, answer: &Answer, to: &Target, press: &Press) {
        let telling = self.privately(answer, to);
        tokio::pin!(telling);
        tokio::select! {
            biased;
            told = &mut telling => {
                let pop_up = told.is_err().then(|| PopUp::of(answer));
                self.acknowledge(press, pop_up).await;
            }
            // It has to wait, but who pressed does not.
            () = self.sleep(PRESS_SOON) => {
                self.acknowledge(press, None).await;
                self.or_lost(telling.await.map(|(_, message)| message));
            }
        }
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
            .send_with(&place_of(answer, to), (card, answer.language), keyboard)
            .await;
        self.or_lost(sent).map(|message| (to.chat, message))
    }

    /// To the asker's private chat, if that is open to us.
    async fn privately(&self, answer: &Answer, to: &Target) -> Result<Place, SendError> {
        let former = to
            .edit_of
            .as_ref()
            .and_then(|event| self.recent.stands(event).privately);
        self.privately_over(former, answer, to).await
    }

    /// The same over a message that stands there already, if one does.
    async fn privately_over(
        &self,
        former: Option<Place>,
        answer: &Answer,
        to: &Target,
    ) -> Result<Place, SendError> {
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

    /// What a press brings about beside its acknowledgement.
    async fn say_to_presser(&self, answer: &Answer, to: &Target, press: &Press) {
        let owner = answer.owner.map(|account| account.0);
        let place = (to.chat, press.message);
        let in_place = answer.placement == Placement::InPlace;
        if let Some(card) = over(answer, to) {
            match self.edit_card(place, card, &card.buttons, owner).await {
                Ok(()) => return,
                Err(CallError::MessageGone) => {}
                Err(error) => tracing::debug!(%error, "an answer goes out anew"),
            }
            let envelope = place_of(answer, to);
            let sent = self
                .send_card(&envelope, (card, answer.language), &card.buttons, owner)
                .await;
            self.or_lost(sent);
        } else if !pops_up(answer, to) {
            let envelope = place_of(answer, to);
            let sent = self
                .send_card(&envelope, told(answer), &answer.card.buttons, owner)
                .await;
            self.or_lost(sent);
        } else if in_place && answer.audience == Audience::Asker {
            self.drop_buttons(place).await;
        }
    }

    /// The other copy of an answer that was just written over the one that was pressed on: an answer in a
    /// room has a long form in the private chat, and the other way round.
    fn copy_of(&self, answer: Answer, to: Target) -> Option<(i64, Saying)> {
        let press = to.press.as_ref()?;
        if !matches!(answer.aside, Aside::Always(_)) || over(&answer, &to).is_none() {
            return None;
        }
        let place = self.recent.other_copy((to.chat, press.message));
        let chat = match place {
            Some((chat, _)) => chat,
            // Its long form is told nowhere yet, as far as we remember.
            None if !to.private => Envelope::private(to.user?).chat,
            None => return None,
        };
        Some((chat, Saying::Copy(Box::new(Copy { answer, to, place }))))
    }

    /// Puts the other copy right.
    pub async fn say_copy(&self, copy: Copy) {
        let Copy { answer, to, place } = copy;
        let done = match (&answer.aside, place) {
            (Aside::Always(aside), Some(place)) if to.private => {
                let owner = answer.owner.map(|account| account.0);
                let edited = self.edit_card(place, aside, &aside.buttons, owner).await;
                edited.map_err(|error| error.to_string())
            }
            _ => {
                let told = self.privately_over(place, &answer, &to).await;
                told.map(|_| ()).map_err(|error| error.to_string())
            }
        };
        if let Err(error) = done {
            tracing::debug!(error, "the other copy of an answer stays as it was");
        }
    }

    /// Ends the waiting of who pressed, with a pop-up or without. As long as he may still look at it, what is
    /// in the way is waited for.
    pub async fn acknowledge(&self, press: &Press, pop_up: Option<PopUp>) {
        let mut payload = AnswerCallbackQuery::new(CallbackQueryId(press.id.clone()));
        let is_all = pop_up.is_some();
        if let Some(pop_up) = pop_up {
            payload.show_alert = pop_up.stays.then_some(true);
            payload.text = Some(pop_up.text);
        }
        let started = self.clock.now();
        let mut doubted = false;
        loop {
            let error = match self.api.call::<_, bool>(&payload).await {
                Ok(_) => return,
                // It had arrived the first time: a press is answered once.
                Err(CallError::Send(SendError::Rejected)) if doubted => return,
                Err(error) => error,
            };
            let wait = match &error {
                CallError::Send(SendError::RetryAfter { after, .. }) => {
                    SignedDuration::try_from(*after).unwrap_or(PRESS_HOLDS)
                }
                CallError::Send(SendError::NotSent) => PRESS_AGAIN,
                CallError::Send(SendError::Away | SendError::InDoubt) => {
                    doubted = true;
                    PRESS_AGAIN
                }
                _ => PRESS_HOLDS,
            };
            let waited = self.clock.now().duration_since(started);
            if waited.saturating_add(wait) < PRESS_HOLDS {
                self.sleep(wait).await;
                continue;
            }
            if is_all {
                self.counters.add_lost_answer();
            }
            tracing::debug!(%error, "a press was not acknowledged");
            return;
        }
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

/// The one welcome of a group: silent, with a guess at its zone.
pub fn welcome(chat: i64, locale: Option<&str>) -> (Answer, Target) {
    let (language, guess, neighbours) = guess_zones(locale);
    let card = welcome_card(Speaker::of(language), &guess, &neighbours);
    let answer = Answer {
        language,
        ..Answer::public(card)
    };
    let to = Target {
        silent: true,
        ..Target::of_chat(chat)
    };
    (answer, to)
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
        silent: to.silent,
        force_reply: false,
    }
}

/// The same for an answer: what is for all of a group makes no sound.
fn place_of(answer: &Answer, to: &Target) -> Envelope {
    Envelope {
        silent: answer.audience == Audience::Everyone && !to.private,
        ..here(to)
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
