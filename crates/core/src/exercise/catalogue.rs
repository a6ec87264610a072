use std::fmt;

use serde::{Deserialize, Serialize};

/// An exercise that can be checked in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exercise {
    /// On the toes of one foot, circling the other ankle.
    AnkleCircles,
    /// Up on a step, and slowly down until the heels are below its edge.
    CalfRaise,
    /// At a wall: the back leg straight, then bent.
    CalfStretch,
    /// Jumping forward from one foot to the other.
    Bound,
    /// Rolling the calf on a foam roller.
    FoamRoll,
}

/// How much of an exercise makes a session of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dose {
    /// Circles one way, and as many the other, with each ankle.
    Circles {
        /// How many each way.
        each_way: u8,
    },
    /// Sets of raises, each lowered slowly.
    Raises {
        /// How many sets.
        sets: u8,
        /// How many raises a set.
        times: u8,
        /// How long the way down takes, in seconds.
        lowering: u8,
    },
    /// Sets of two holds with each leg.
    Holds {
        /// How many sets.
        sets: u8,
        /// With the back leg straight, in seconds.
        straight: u8,
        /// With the back leg bent, in seconds.
        bent: u8,
    },
    /// Sets of a time.
    Timed {
        /// The fewest sets.
        sets: u8,
        /// The most sets.
        most_sets: u8,
        /// The shortest a set, in seconds.
        seconds: u8,
        /// The longest a set, in seconds.
        most_seconds: u8,
    },
}

/// Where a dose comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// From the article.
    Article,
    /// From studies: the article gives none.
    Studies,
}

/// How long pain during a test holds, if nobody speaks of it again.
pub const PAIN_HOLDS: jiff::SignedDuration = jiff::SignedDuration::from_hours(48);

impl Exercise {
    /// All of them, in the order of a session.
    pub const ALL: [Self; 5] = [
        Self::AnkleCircles,
        Self::CalfStretch,
        Self::CalfRaise,
        Self::Bound,
        Self::FoamRoll,
    ];

    /// Its name in commands and in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::AnkleCircles => "ankle-circles",
            Self::CalfRaise => "calf-raise",
            Self::CalfStretch => "calf-stretch",
            Self::Bound => "bound",
            Self::FoamRoll => "foam-roll",
        }
    }

    /// Its shortest name that commands understand, for buttons.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::AnkleCircles => "circles",
            Self::CalfRaise => "raise",
            Self::CalfStretch => "stretch",
            Self::Bound => "bound",
            Self::FoamRoll => "roll",
        }
    }

    /// The exercise of a name from the database.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// How much of it makes a session.
    #[must_use]
    pub const fn dose(self) -> Dose {
        match self {
            Self::AnkleCircles => Dose::Circles { each_way: 10 },
            Self::CalfRaise => Dose::Raises {
                sets: 3,
                times: 15,
                lowering: 10,
            },
            Self::CalfStretch => Dose::Holds {
                sets: 3,
                straight: 30,
                bent: 30,
            },
            Self::Bound => Dose::Timed {
                sets: 3,
                most_sets: 3,
                seconds: 30,
                most_seconds: 30,
            },
            // One to three sets of 30 to 120 s: a review of foam rolling, PMC8998857.
            Self::FoamRoll => Dose::Timed {
                sets: 1,
                most_sets: 3,
                seconds: 30,
                most_seconds: 120,
            },
        }
    }

    /// Where its dose comes from.
    #[must_use]
    pub const fn origin(self) -> Origin {
        match self {
            Self::FoamRoll => Origin::Studies,
            _ => Origin::Article,
        }
    }

    /// How often a day it may be done at most: the stretch three times if the calves are tight.
    #[must_use]
    pub const fn most_a_day(self) -> u8 {
        match self {
            Self::CalfStretch => 3,
            _ => 1,
        }
    }

    /// Whether it waits while somebody has spoken of pain. Only the circles are gentle enough; where
    /// it hurts is not known, and a stretch or a roller can be as wrong as a load.
    #[must_use]
    pub const fn waits_with_pain(self) -> bool {
        !matches!(self, Self::AnkleCircles)
    }

    const fn bit(self) -> u8 {
        match self {
            Self::AnkleCircles => 1,
            Self::CalfRaise => 2,
            Self::CalfStretch => 4,
            Self::Bound => 8,
            Self::FoamRoll => 16,
        }
    }
}

/// Some of the exercises.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Exercises(u8);

impl Exercises {
    /// None of them.
    pub const NONE: Self = Self(0);

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether one is among them.
    #[must_use]
    pub const fn contains(self, one: Exercise) -> bool {
        self.0 & one.bit() != 0
    }

    /// These, and one more.
    #[must_use]
    pub const fn with(self, one: Exercise) -> Self {
        Self(self.0 | one.bit())
    }

    /// These, but one.
    #[must_use]
    pub const fn without(self, one: Exercise) -> Self {
        Self(self.0 & !one.bit())
    }

    /// These and those.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// They, in the order of a session.
    pub fn iter(self) -> impl Iterator<Item = Exercise> {
        Exercise::ALL
            .into_iter()
            .filter(move |one| self.contains(*one))
    }

    /// Their names with commas between: `calf-stretch,calf-raise`.
    #[must_use]
    pub fn words(self) -> String {
        let words: Vec<_> = self.iter().map(Exercise::word).collect();
        words.join(",")
    }

    pub(super) const fn bits(self) -> u8 {
        self.0
    }

    pub(super) const fn from_bits(bits: u8) -> Option<Self> {
        if bits < 32 { Some(Self(bits)) } else { None }
    }
}

impl FromIterator<Exercise> for Exercises {
    fn from_iter<I: IntoIterator<Item = Exercise>>(all: I) -> Self {
        all.into_iter().fold(Self::NONE, Self::with)
    }
}

impl fmt::Debug for Exercises {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_doses_are_the_articles() {
        assert_eq!(
            Exercise::AnkleCircles.dose(),
            Dose::Circles { each_way: 10 }
        );
        let raises = Dose::Raises {
            sets: 3,
            times: 15,
            lowering: 10,
        };
        assert_eq!(Exercise::CalfRaise.dose(), raises);
        let stretch = Dose::Holds {
            sets: 3,
            straight: 30,
            bent: 30,
        };
        assert_eq!(Exercise::CalfStretch.dose(), stretch);
        let bounds = Dose::Timed {
            sets: 3,
            most_sets: 3,
            seconds: 30,
            most_seconds: 30,
        };
        assert_eq!(Exercise::Bound.dose(), bounds);
        assert_eq!(Exercise::FoamRoll.origin(), Origin::Studies);
        assert_eq!(Exercise::CalfStretch.most_a_day(), 3);
    }

    #[test]
    fn only_circles_go_on_with_pain() {
        let go_on: Vec<_> = Exercise::ALL
            .into_iter()
            .filter(|one| !one.waits_with_pain())
            .collect();
        assert_eq!(go_on, [Exercise::AnkleCircles]);
    }

    #[test]
    fn a_set_holds_what_was_put_into_it() {
        let some: Exercises = [Exercise::CalfRaise, Exercise::AnkleCircles]
            .into_iter()
            .collect();
        assert_eq!(some.words(), "ankle-circles,calf-raise");
        assert_eq!(some.len(), 2);
        let rest = some.without(Exercise::CalfRaise);
        assert!(!rest.contains(Exercise::CalfRaise) && !rest.is_empty());
        for one in Exercise::ALL {
            assert_eq!(Exercise::from_word(one.word()), Some(one));
        }
    }
}
