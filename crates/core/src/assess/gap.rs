use crate::measure::{Distance, Side};

/// The difference between the legs in one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// In tenths of a millimetre, never negative.
    pub dmm: i64,
    /// How it is spoken of.
    pub size: GapSize,
    /// The leg that reaches less far, if they differ.
    pub shorter: Option<Side>,
    /// How much it moved since the last session with both legs, if by 1.5 cm or more: positive is a
    /// longer left leg.
    pub moved: Option<i64>,
}

/// How a difference between the legs is spoken of. About two thirds of healthy people are within
/// 1.5 cm (Hoch and McKeon 2011); 1.0 cm is what cannot be told from measurement error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapSize {
    /// Up to 1.0 cm.
    Even,
    /// Up to 1.5 cm.
    Small,
    /// Under 3.0 cm.
    Noticeable,
    /// 3.0 cm or more.
    Large,
}

/// The minimal detectable change of a side difference, 1.5 cm (Chisholm et al. 2012).
const MOVED_DMM: i64 = 150;

impl Gap {
    /// The gap of a session, and of the session with both legs before it.
    #[must_use]
    pub fn of(legs: (Distance, Distance), before: Option<(Distance, Distance)>) -> Self {
        let signed = difference(legs);
        let dmm = signed.abs();
        Self {
            dmm,
            size: match dmm {
                ..=100 => GapSize::Even,
                101..=150 => GapSize::Small,
                151..=299 => GapSize::Noticeable,
                _ => GapSize::Large,
            },
            shorter: match signed {
                0 => None,
                1.. => Some(Side::Right),
                _ => Some(Side::Left),
            },
            moved: before
                .map(|legs| signed - difference(legs))
                .filter(|moved| moved.abs() >= MOVED_DMM),
        }
    }
}

fn difference((left, right): (Distance, Distance)) -> i64 {
    left.dmm() - right.dmm()
}
