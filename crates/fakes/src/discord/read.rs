//! Messages and interactions, as a test holds and reads them.

use std::fmt::{self, Display, Formatter};
use std::ops::Deref;
use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::Value;

use super::components::Button;
use super::interactions::First;
use super::message::{Attachment, Message};
use super::people::Form;
use super::pings::Pings;
use super::rules::{LOADING, SUPPRESS_NOTIFICATIONS};
use super::schema::list;
use super::state::State;
use super::timeline::Picture;
use super::transcript::picture_words;
use super::world::Shared;

/// A message, by its channel and id.
#[derive(Clone, Debug)]
pub struct MessageHandle {
    pub(crate) shared: Arc<Shared>,
    pub(crate) channel: u64,
    pub(crate) id: u64,
}

/// A message as it was when somebody looked.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Shown {
    handle: MessageHandle,
    picture: Picture,
    /// Its content.
    pub content: String,
    /// Its embeds, as they were sent.
    pub embeds: Vec<Value>,
    /// Its components, as they were sent.
    pub components: Vec<Value>,
    /// Its buttons and menus, row by row.
    pub buttons: Vec<Vec<Button>>,
    /// Its files.
    pub files: Vec<Attachment>,
    /// All its flags.
    pub flags: u64,
    /// Whether only one person sees it.
    pub ephemeral: bool,
    /// Whether it came without a sound (`SUPPRESS_NOTIFICATIONS`).
    pub silent: bool,
    /// Whether it was edited.
    pub edited: bool,
    /// Whether it is gone.
    pub deleted: bool,
    /// The id of the message it replies to.
    pub reply_to: Option<u64>,
    /// Whom it pings.
    pub pings: Pings,
    revision: u64,
}

/// Something that a person did, and what came of it.
#[derive(Clone, Debug)]
pub struct Interaction {
    pub(crate) shared: Arc<Shared>,
    pub(crate) id: u64,
}

impl MessageHandle {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Its channel's id.
    #[must_use]
    pub fn channel_id(&self) -> u64 {
        self.channel
    }

    /// The message as it is now.
    ///
    /// # Panics
    /// If its channel is gone, or keeps only its latest messages, and this is none of them.
    #[must_use]
    pub fn look(&self) -> Shown {
        let shown = self.shared.read(|state| {
            let message = state
                .channels
                .get_mut(&self.channel)?
                .messages
                .get_mut(&self.id)?;
            message.read = true;
            Some(Shown::of(&self.shared, message))
        });
        shown.expect("the message is kept")
    }

    /// Waits until it is gone.
    ///
    /// # Panics
    /// If that takes more than ten seconds.
    pub async fn is_deleted(&self) {
        let what = format!("message {} to be deleted", self.id);
        let gone = |state: &mut State| {
            let message = state.message(self.channel, self.id);
            message.is_none_or(|message| message.deleted).then_some(())
        };
        self.shared.wait(&what, gone).await;
    }
}

impl Shown {
    pub(crate) fn of(shared: &Arc<Shared>, message: &Message) -> Self {
        let picture = message.picture();
        Self {
            handle: MessageHandle {
                shared: Arc::clone(shared),
                channel: message.channel,
                id: message.id,
            },
            content: message.content.clone(),
            embeds: list(&message.embeds).to_vec(),
            components: list(&message.components).to_vec(),
            buttons: picture.buttons.clone(),
            files: message.attachments.clone(),
            flags: message.flags,
            ephemeral: message.only.is_some(),
            silent: message.flags & SUPPRESS_NOTIFICATIONS != 0,
            edited: message.edited.is_some(),
            deleted: message.deleted,
            reply_to: message.reply_to,
            pings: message.pings.clone(),
            revision: message.revision,
            picture,
        }
    }

    /// The labels of its buttons, in order.
    #[must_use]
    pub fn labels(&self) -> Vec<&str> {
        let buttons = self.buttons.iter().flatten();
        buttons.map(|button| button.label.as_str()).collect()
    }

    /// What comes back when the button with this label is pressed.
    #[must_use]
    pub fn custom_id(&self, label: &str) -> Option<&str> {
        let mut buttons = self.buttons.iter().flatten();
        let button = buttons.find(|button| button.label == label)?;
        button.custom_id.as_deref()
    }

    /// Waits until it was edited after this look at it, and looks again.
    ///
    /// # Panics
    /// If that takes more than ten seconds.
    pub async fn next_edit(&self) -> Self {
        let (channel, id, seen) = (self.handle.channel, self.handle.id, self.revision);
        let shared = &self.handle.shared;
        let what = format!("message {id} to be edited");
        let changed = |state: &mut State| {
            let message = state.message_mut(channel, id)?;
            (message.revision > seen).then(|| {
                message.read = true;
                Self::of(shared, message)
            })
        };
        shared.wait(&what, changed).await
    }
}

impl Interaction {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Its token.
    #[must_use]
    pub fn token(&self) -> String {
        self.shared.read(|state| {
            let interaction = state.interactions.get(&self.id);
            interaction
                .map(|interaction| interaction.token.clone())
                .unwrap_or_default()
        })
    }

    /// Delivers the very same interaction once more.
    pub async fn again(&self) {
        self.shared.write(|state| state.repeat(self.id));
        tokio::task::yield_now().await;
    }

    /// The first response, once there is one.
    ///
    /// # Panics
    /// If none comes within ten seconds.
    pub async fn first(&self) -> First {
        let found = |state: &mut State| state.interactions.get(&self.id)?.response.clone();
        self.shared.wait("a first response", found).await
    }

    /// The first response so far.
    #[must_use]
    pub fn first_so_far(&self) -> Option<First> {
        self.shared
            .read(|state| state.interactions.get(&self.id)?.response.clone())
    }

    /// The message that answers: at once, or after the bot has been thinking; for a button whose
    /// message changes, that message.
    ///
    /// # Panics
    /// If none comes within ten seconds.
    pub async fn answer(&self) -> Shown {
        let found = |state: &mut State| {
            let interaction = state.interactions.get(&self.id)?;
            if interaction.response == Some(First::Acknowledged) {
                return None;
            }
            let (channel, id) = (interaction.channel, interaction.original?);
            let message = state.message_mut(channel, id)?;
            (message.flags & LOADING == 0).then(|| {
                message.read = true;
                Shown::of(&self.shared, message)
            })
        };
        self.shared.wait("an answer", found).await
    }

    /// The `n`-th follow-up (from 0).
    ///
    /// # Panics
    /// If it does not come within ten seconds.
    pub async fn follow_up(&self, n: usize) -> Shown {
        let found = |state: &mut State| {
            let interaction = state.interactions.get(&self.id)?;
            let (channel, id) = (interaction.channel, *interaction.followups.get(n)?);
            let message = state.message_mut(channel, id)?;
            message.read = true;
            Some(Shown::of(&self.shared, message))
        };
        self.shared.wait("a follow-up", found).await
    }

    /// The form that pops up.
    ///
    /// # Panics
    /// If none comes within ten seconds, or something else does.
    pub async fn form(&self) -> Form {
        let first = self.first().await;
        let First::Modal(modal) = first else {
            panic!("not a form: {first:?}");
        };
        let source = self
            .shared
            .read(|state| state.interactions.get(&self.id)?.source);
        Form { modal, source }
    }

    /// The names of the suggestions.
    ///
    /// # Panics
    /// If none come within ten seconds, or something else does.
    pub async fn suggestions(&self) -> Vec<String> {
        let first = self.first().await;
        let First::Choices(choices) = first else {
            panic!("no suggestions: {first:?}");
        };
        choices.into_iter().map(|(name, _)| name).collect()
    }

    /// How long the first response took, on the injected clock.
    #[must_use]
    pub fn took(&self) -> Option<SignedDuration> {
        self.shared
            .read(|state| state.interactions.get(&self.id)?.wait().took)
    }

    /// Whether its client shows "The application did not respond".
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.shared.read(|state| {
            let now = state.now;
            let interaction = state.interactions.get(&self.id);
            interaction.is_some_and(|interaction| interaction.is_late(now))
        })
    }
}

impl Deref for Shown {
    type Target = MessageHandle;

    fn deref(&self) -> &MessageHandle {
        &self.handle
    }
}

impl Display for Shown {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(picture_words(&self.picture, "\n").trim_start())
    }
}

impl Message {
    pub(crate) fn loading(&self) -> bool {
        self.flags & LOADING != 0
    }
}
