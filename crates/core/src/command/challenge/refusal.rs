use crate::calendar::DayAheadError;
use crate::card::Card;
use crate::club::{ChallengeId, Title, TitleError};
use crate::command::Refusal;
use crate::command::context::Failure;
use crate::command::refusal::shortened;
use crate::words::{Arg, Speaker};

/// Why something that was asked for of a challenge is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChallengeRefusal {
    /// Not what a challenge can be called.
    Title(TitleError),
    /// Not an exercise.
    Exercise(String),
    /// Not a day.
    Day(String),
    /// Not a day that a challenge can begin on.
    Start(DayAheadError),
    /// Not a length.
    Length(String),
    /// Not a goal.
    Goal(String),
    /// No goal.
    NoGoal,
    /// One of the same name is on.
    Twice(Title),
    /// A fourth one where three are allowed.
    Enough,
    /// No such challenge in this club, or none at all.
    None,
    /// One of several, such as this one.
    Which(ChallengeId),
    /// It is over.
    Over(ChallengeId),
}

impl ChallengeRefusal {
    /// The sentence for it.
    pub(in crate::command) fn card(&self, say: Speaker) -> Card {
        let typed = |text: &str| vec![("typed", Arg::Name(shortened(text)))];
        let number = |id: ChallengeId| vec![("id", Arg::Words(id.to_string()))];
        let (id, args) = match self {
            Self::Title(TitleError::Empty) => ("title-empty", vec![]),
            Self::Title(TitleError::TooLong) => ("title-too-long", vec![]),
            Self::Title(TitleError::NotPlain) => ("title-not-plain", vec![]),
            Self::Exercise(text) => ("challenge-exercise", typed(text)),
            Self::Day(text) => ("challenge-day-unreadable", typed(text)),
            Self::Start(DayAheadError::Past) => ("challenge-past", vec![]),
            Self::Start(DayAheadError::TooFar) => ("challenge-too-far", vec![]),
            Self::Length(text) => ("challenge-length-unreadable", typed(text)),
            Self::Goal(text) => ("challenge-goal-unreadable", typed(text)),
            Self::NoGoal => ("challenge-no-goal", vec![]),
            Self::Twice(title) => ("challenge-twice", typed(title.as_str())),
            Self::Enough => ("enough-challenges", vec![]),
            Self::None => ("no-challenge", vec![]),
            Self::Which(id) => ("which-challenge", number(*id)),
            Self::Over(id) => ("challenge-over", number(*id)),
        };
        Card::line(say.say(id, &args))
    }
}

impl From<ChallengeRefusal> for Refusal {
    fn from(refusal: ChallengeRefusal) -> Self {
        Self::Challenge(refusal)
    }
}

impl From<ChallengeRefusal> for Failure {
    fn from(refusal: ChallengeRefusal) -> Self {
        Self::Refused(refusal.into())
    }
}
