use serde::{Deserialize, Serialize};

use crate::calendar::Zone;
use crate::card::Card;
use crate::club::{AccountId, Language, QuestionId};

/// What comes of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Say this.
    Say(Answer),
    /// Ask this: in the conversation, by a form, or by both.
    Ask(Question),
    /// Suggest these while the asker still types.
    Suggest(Vec<Choice>),
    /// Look at what the platform lets us do here, and answer the asker privately with
    /// [`doctor_card`](crate::words::doctor_card): only the adapter can know.
    Examine(Examination),
    /// Say nothing: it was not meant for us, or there is nothing to say.
    Quiet,
}

/// Something to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Who may read it.
    pub audience: Audience,
    /// Where it goes.
    pub placement: Placement,
    /// The card.
    pub card: Card,
    /// Whose its buttons are, for [`Button::wire`](crate::card::Button::wire); none for somebody
    /// of whom nothing is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<AccountId>,
    /// The language it is in, for what an adapter has to add.
    #[serde(default)]
    pub language: Language,
    /// What the room may hear, where a platform cannot whisper into it.
    #[serde(default)]
    pub aside: Aside,
    /// Whether its buttons may be left out where they have no place, as in a pop-up: its words name what
    /// can be typed instead.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub spares_buttons: bool,
    /// Whether its reader must not miss it, so that it may not fade away by itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub must_be_read: bool,
    /// Whether it says that nothing was done: then what asked for it may be asked again, and stays.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refuses: bool,
}

/// What a room may hear of an answer that is for the asker alone, on a platform that cannot whisper
/// into a room. The card itself then goes to the private conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aside {
    /// Nothing but where to find the answer.
    #[default]
    Nothing,
    /// This, if the private conversation is not open.
    Instead(Card),
    /// This in any case: the question stood in the room already.
    Always(Card),
}

/// Who may read an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everybody in the room.
    Everyone,
    /// Only who asked.
    Asker,
}

/// Where an answer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Placement {
    /// A message of its own.
    New,
    /// Over the message whose button was pressed, or that answered the line before its edit.
    InPlace,
}

/// A question: an argument is missing, or a line can be read in two ways.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// By which [`Bot::asked_in`](crate::command::Bot::asked_in) ties it to the message that asks.
    pub id: QuestionId,
    /// What is asked, with the buttons that answer it. Only the asker may read it.
    pub answer: Answer,
    /// The line that is being completed.
    pub line: String,
    /// The argument that is missing, for a form's field; none if only the buttons answer it.
    pub argument: Option<String>,
}

/// What the core knows when an organiser asks what is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Examination {
    /// The language to answer in.
    pub language: Language,
    /// The club's zone, if it is set.
    pub zone: Option<Zone>,
}

/// A suggestion while typing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What is shown.
    pub label: String,
    /// What is filled in.
    pub value: String,
}

impl Outcome {
    /// The answer or question in it, if it says anything.
    pub fn answer_mut(&mut self) -> Option<&mut Answer> {
        match self {
            Self::Say(answer) | Self::Ask(Question { answer, .. }) => Some(answer),
            Self::Suggest(_) | Self::Examine(_) | Self::Quiet => None,
        }
    }
}

impl Answer {
    /// For the asker alone, as a message of its own.
    #[must_use]
    pub fn private(card: Card) -> Self {
        Self {
            audience: Audience::Asker,
            placement: Placement::New,
            card,
            owner: None,
            language: Language::default(),
            aside: Aside::Nothing,
            spares_buttons: false,
            must_be_read: false,
            refuses: false,
        }
    }

    /// For everybody in the room, as a message of its own.
    #[must_use]
    pub fn public(card: Card) -> Self {
        Self {
            audience: Audience::Everyone,
            ..Self::private(card)
        }
    }

    /// The same answer over the message whose button was pressed.
    #[must_use]
    pub fn in_place(mut self) -> Self {
        self.placement = Placement::InPlace;
        self
    }

    /// The same answer with what the room may hear.
    #[must_use]
    pub fn with_aside(mut self, aside: Aside) -> Self {
        self.aside = aside;
        self
    }

    /// The same answer, which must not fade away by itself.
    #[must_use]
    pub fn to_be_read(mut self) -> Self {
        self.must_be_read = true;
        self
    }

    /// The same answer, which says that nothing was done.
    #[must_use]
    pub fn refusing(mut self) -> Self {
        self.refuses = true;
        self
    }

    /// The same answer, whose buttons may be left out.
    #[must_use]
    pub fn sparing_buttons(mut self) -> Self {
        self.spares_buttons = true;
        self
    }
}

/// The work of a request was not done, and nothing of it is stored. The answer says so; the
/// platform may deliver the request again.
#[derive(Debug, thiserror::Error)]
#[error("nothing was saved")]
pub struct NotSaved {
    /// What to tell the asker.
    pub answer: Answer,
    /// Why.
    #[source]
    pub cause: Box<dyn std::error::Error + Send + Sync>,
}
