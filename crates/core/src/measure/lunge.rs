use serde::{Deserialize, Serialize};

use super::number::round_half_up;
use super::{Amount, Distance, Unit};

/// At most three tries a leg are averaged, as Bennell et al. did.
pub const MAX_TRIES: usize = 3;

/// A leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The left one.
    Left,
    /// The right one.
    Right,
}

impl Side {
    /// The other leg.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }

    /// The word for it in commands and in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
        }
    }
}

/// A side as typed: one leg, or both alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SideReading {
    /// One leg.
    One(Side),
    /// The same number for both legs.
    Both,
}

impl SideReading {
    /// The legs it names.
    #[must_use]
    pub fn sides(self) -> &'static [Side] {
        match self {
            Self::One(Side::Left) => &[Side::Left],
            Self::One(Side::Right) => &[Side::Right],
            Self::Both => &[Side::Left, Side::Right],
        }
    }

    /// The side that a word names, in any case and any language we speak.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word.to_lowercase().as_str() {
            "l" | "left" | "li" | "links" | "linke" | "linker" | "linkes" | "izq" | "izquierda"
            | "izquierdo" => Some(Self::One(Side::Left)),
            "r" | "right" | "re" | "rechts" | "rechte" | "rechter" | "rechtes" | "der"
            | "derecha" | "derecho" => Some(Self::One(Side::Right)),
            "b" | "both" | "beide" | "beides" | "ambos" | "ambas" => Some(Self::Both),
            _ => None,
        }
    }
}

/// Whether the ankle had been warmed up. Only like is compared with like.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Before any exercise: how a test is taken unless said otherwise.
    #[default]
    Cold,
    /// After a warm-up or a run.
    Warm,
}

impl State {
    /// The word for it in commands and in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cold => "cold",
            Self::Warm => "warm",
        }
    }

    /// The state that a word names, in any case and any language we speak.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            // As they are stored, and mostly typed.
            "cold" => Some(Self::Cold),
            "warm" => Some(Self::Warm),
            _ => match word.to_lowercase().as_str() {
                "cold" | "kalt" | "frío" | "frio" => Some(Self::Cold),
                "warm" | "warmed" | "caliente" => Some(Self::Warm),
                _ => None,
            },
        }
    }
}

/// A line of numbers as typed: form only. Units and unknown sides are settled by whoever knows the
/// runner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LungeReading {
    /// One or two legs, each with its tries; one leg of an unknown side stands alone.
    pub legs: Vec<Leg>,
    /// The state, if the line named one.
    pub state: Option<State>,
    /// The line speaks of pain.
    pub hurts: bool,
}

/// The tries of one leg as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Which leg, if the line said so.
    pub side: Option<Side>,
    /// One to three numbers, each with its unit if one was named for it.
    pub tries: Vec<(Amount, Option<Unit>)>,
    /// The numbers as they were typed.
    pub typed: String,
}

/// One leg's test: the mean of its tries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Which leg, if known.
    pub side: Option<Side>,
    /// The mean, rounded once.
    pub distance: Distance,
    /// How many tries it is the mean of.
    pub tries: u8,
    /// How far the tries lie apart, in tenths of a millimetre.
    pub spread: i64,
    /// The numbers as they were typed.
    pub typed: String,
    /// The unit they were read in.
    pub unit: Unit,
}

/// A number that no ankle can reach, and what may have been meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Impossible {
    /// Below zero.
    Negative {
        /// The numbers as typed.
        typed: String,
    },
    /// Beyond 25 cm.
    TooFar {
        /// The numbers as typed.
        typed: String,
        /// The unit they were read in.
        unit: Unit,
        /// The unit in which they would make sense.
        meant: Option<Unit>,
    },
}

impl LungeReading {
    /// Whether any number came with a unit.
    #[must_use]
    pub fn names_a_unit(&self) -> bool {
        self.legs
            .iter()
            .flat_map(|leg| &leg.tries)
            .any(|(_, unit)| unit.is_some())
    }

    /// Two numbers without a side: left and right, or two tries of one leg? Nobody can know.
    #[must_use]
    pub fn is_a_pair_or_two_tries(&self) -> bool {
        matches!(self.legs.as_slice(), [leg] if leg.side.is_none() && leg.tries.len() == 2)
    }

    /// The tests that it means for a runner whose bare numbers are in `unit`.
    ///
    /// # Errors
    ///
    /// [`Impossible`] if a number is below zero or beyond 25 cm; a unit is never converted silently.
    pub fn reaches(&self, unit: Unit) -> Result<Vec<Reach>, Impossible> {
        self.legs.iter().map(|leg| leg.reach(unit)).collect()
    }
}

impl Leg {
    /// The mean of the tries, for a runner whose bare numbers are in `bare`.
    ///
    /// # Errors
    ///
    /// As [`LungeReading::reaches`].
    pub fn reach(&self, bare: Unit) -> Result<Reach, Impossible> {
        let mut sum = (0_u128, 1_u128);
        let mut each = Vec::with_capacity(self.tries.len());
        for (amount, unit) in &self.tries {
            let unit = unit.unwrap_or(bare);
            if amount.is_negative() {
                let typed = self.typed.clone();
                return Err(Impossible::Negative { typed });
            }
            let distance = Distance::from_dmm(amount.dmm(unit))
                .ok_or_else(|| too_far(&self.typed, *amount, unit))?;
            let (numerator, denominator) = amount.dmm_fraction(unit);
            sum = (sum.0 * denominator + numerator * sum.1, sum.1 * denominator);
            each.push(distance);
        }
        let count = each.len().max(1) as u128;
        // A mean of distances lies between them, so it is a distance.
        let mean = Distance::from_dmm(round_half_up(sum.0, sum.1 * count)).unwrap_or(Distance::MAX);
        let widest = each.iter().max().map_or(0, |d| d.dmm());
        let narrowest = each.iter().min().map_or(0, |d| d.dmm());
        Ok(Reach {
            side: self.side,
            distance: mean,
            tries: u8::try_from(each.len()).unwrap_or(u8::MAX),
            spread: widest - narrowest,
            typed: self.typed.clone(),
            unit: self
                .tries
                .iter()
                .find_map(|(_, unit)| *unit)
                .unwrap_or(bare),
        })
    }
}

fn too_far(typed: &str, amount: Amount, unit: Unit) -> Impossible {
    let smaller = match unit {
        Unit::In => Some(Unit::Cm),
        Unit::Cm => Some(Unit::Mm),
        Unit::Mm => None,
    };
    let meant = smaller.filter(|unit| Distance::from_dmm(amount.dmm(*unit)).is_some());
    Impossible::TooFar {
        typed: typed.to_owned(),
        unit,
        meant,
    }
}
