//! Messages and presses, as a test holds and reads them.

use std::fmt::{self, Display, Formatter};
use std::ops::Deref;
use std::sync::Arc;

use super::message::{Button, Content, Message};
use super::queries::PressAnswer;
use super::state::State;
use super::text::Entity;
use super::transcript;
use super::world::Shared;

/// A message, by its chat and number.
#[derive(Clone, Debug)]
pub struct MessageHandle {
    pub(crate) shared: Arc<Shared>,
    pub(crate) chat: i64,
    pub(crate) id: i64,
}

/// A message as it was when somebody looked.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Shown {
    handle: MessageHandle,
    /// The visible text or caption.
    pub text: String,
    /// What the text is made of.
    pub entities: Vec<Entity>,
    /// Its buttons, row by row.
    pub buttons: Vec<Vec<Button>>,
    /// Whether it came without a sound.
    pub silent: bool,
    /// Whether it was edited.
    pub edited: bool,
    /// Whether it is gone.
    pub deleted: bool,
    /// Whether it asks for a reply (`ForceReply`).
    pub force_reply: bool,
    /// The number of the message it replies to.
    pub reply_to: Option<i64>,
    /// The topic it stands in.
    pub thread: Option<i64>,
    /// The bytes of its photo.
    pub photo: Option<Vec<u8>>,
    /// The name and the bytes of its document.
    pub document: Option<(String, Vec<u8>)>,
    revision: u64,
}

/// A press of a button.
#[derive(Clone, Debug)]
pub struct Press {
    pub(crate) shared: Arc<Shared>,
    pub(crate) query: String,
}

impl MessageHandle {
    pub(crate) fn new(shared: &Arc<Shared>, chat: i64, id: i64) -> Self {
        Self {
            shared: Arc::clone(shared),
            chat,
            id,
        }
    }

    /// Its number in its chat.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Its chat.
    #[must_use]
    pub fn chat_id(&self) -> i64 {
        self.chat
    }

    /// The message as it is now.
    ///
    /// # Panics
    /// If the chat keeps only its latest messages, and this is none of them.
    #[must_use]
    pub fn look(&self) -> Shown {
        let shown = self.shared.read(|state| {
            let message = state.message(self.chat, self.id)?;
            Some(Shown::of(&self.shared, state, message))
        });
        shown.expect("the message is kept")
    }

    /// Waits until it is gone.
    ///
    /// # Panics
    /// If that takes more than ten seconds.
    pub async fn is_deleted(&self) {
        let what = format!("message {} in {} to be deleted", self.id, self.chat);
        let gone = |state: &mut State| {
            let message = state.message(self.chat, self.id);
            message.is_none_or(|message| message.deleted).then_some(())
        };
        self.shared.wait(&what, gone).await;
    }
}

impl Shown {
    pub(crate) fn of(shared: &Arc<Shared>, state: &State, message: &Message) -> Self {
        let file = |id: &String| state.files.get(id);
        let (photo, document) = match &message.content {
            Content::Photo(id) => (file(id).map(|file| file.bytes.clone()), None),
            Content::Document(id) => (
                None,
                file(id).map(|file| (file.name.clone(), file.bytes.clone())),
            ),
            Content::Text | Content::Service { .. } => (None, None),
        };
        let markup = message.markup.as_ref();
        Self {
            handle: MessageHandle::new(shared, message.chat, message.id),
            text: message.body.text.clone(),
            entities: message.entities().to_vec(),
            buttons: message.buttons(),
            silent: message.silent,
            edited: message.revision > 0,
            deleted: message.deleted,
            force_reply: markup.is_some_and(|markup| markup["force_reply"] == true),
            reply_to: message.reply_to,
            thread: message.thread,
            photo,
            document,
            revision: message.revision,
        }
    }

    /// The labels of its buttons, in order.
    #[must_use]
    pub fn labels(&self) -> Vec<&str> {
        self.buttons
            .iter()
            .flatten()
            .map(|button| button.label.as_str())
            .collect()
    }

    /// Waits until it was edited after this look at it, and looks again.
    ///
    /// # Panics
    /// If that takes more than ten seconds.
    pub async fn next_edit(&self) -> Self {
        let (chat, id, seen) = (self.handle.chat, self.handle.id, self.revision);
        let shared = &self.handle.shared;
        let what = format!("message {id} in {chat} to be edited");
        shared
            .wait(&what, |state| {
                let message = state.message(chat, id)?;
                (message.revision > seen).then(|| Self::of(shared, state, message))
            })
            .await
    }
}

impl Press {
    /// The id of the callback query.
    #[must_use]
    pub fn query_id(&self) -> &str {
        &self.query
    }

    /// What the bot answered.
    ///
    /// # Panics
    /// If no answer comes within ten seconds.
    pub async fn answer(&self) -> PressAnswer {
        self.shared
            .wait("a press to be answered", |state| {
                state.queries.get(&self.query)?.answer.clone()
            })
            .await
    }

    /// What the bot answered, if it has.
    #[must_use]
    pub fn answer_so_far(&self) -> Option<PressAnswer> {
        self.shared
            .read(|state| state.queries.get(&self.query)?.answer.clone())
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
        if self.photo.is_some() {
            writeln!(f, "<photo>")?;
        }
        if let Some((name, _)) = &self.document {
            writeln!(f, "<document {name}>")?;
        }
        f.write_str(&self.text)?;
        f.write_str(&transcript::rows(&self.buttons, "\n"))
    }
}
