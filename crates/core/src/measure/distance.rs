use serde::{Deserialize, Serialize};

/// The distance from the tip of the big toe to the wall, in tenths of a millimetre (1 cm = 100,
/// 1 in = 254), between 0 and 25 cm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Distance(u16);

impl Distance {
    /// The farthest a lunge can reach, 25.0 cm: beyond it the shin would have to lie at 60° to 70°.
    pub const MAX: Self = Self(2_500);

    /// A distance of `dmm` tenths of a millimetre, or `None` outside 0 to 25 cm.
    #[must_use]
    pub fn from_dmm(dmm: i64) -> Option<Self> {
        u16::try_from(dmm)
            .ok()
            .map(Self)
            .filter(|d| *d <= Self::MAX)
    }

    /// Tenths of a millimetre.
    #[must_use]
    pub fn dmm(self) -> i64 {
        i64::from(self.0)
    }

    /// The rule of thumb of the knee-to-wall lunge, 3.6 degrees a centimetre.
    ///
    /// Credited to Bennell et al. 1998. Good near 8 to 11 cm; it reads too low below about 6 cm and
    /// too high above about 14 cm.
    #[must_use]
    pub fn rule_angle(self) -> Angle {
        Angle::from_millidegrees(self.dmm() * 36)
    }
}

impl TryFrom<i64> for Distance {
    type Error = String;

    fn try_from(dmm: i64) -> Result<Self, String> {
        Self::from_dmm(dmm).ok_or_else(|| format!("{dmm} is not a distance of 0 to 2,500 dmm"))
    }
}

impl From<Distance> for i64 {
    fn from(distance: Distance) -> Self {
        distance.dmm()
    }
}

/// An angle in thousandths of a degree. For showing: nothing is decided on it but the two lines
/// that the article draws in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Angle(i64);

impl Angle {
    /// An angle of so many thousandths of a degree.
    #[must_use]
    pub const fn from_millidegrees(millidegrees: i64) -> Self {
        Self(millidegrees)
    }

    /// Thousandths of a degree.
    #[must_use]
    pub const fn millidegrees(self) -> i64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_centimetres_are_thirty_two_point_four_degrees() {
        let nine = Distance::from_dmm(900).unwrap();
        assert_eq!(nine.rule_angle().millidegrees(), 32_400);
    }

    #[test]
    fn only_what_a_leg_can_do_is_a_distance() {
        assert!(Distance::from_dmm(-1).is_none());
        assert!(Distance::from_dmm(0).is_some());
        assert!(Distance::from_dmm(2_500).is_some());
        assert!(Distance::from_dmm(2_501).is_none());
        assert!(Distance::from_dmm(i64::MAX).is_none());
    }
}
