//! What a knee-to-wall test means: bands, near lines, the gap between the legs, change or noise.
//!
//! Pure functions from distances to findings; the words for them are chosen in `words/`. Every
//! threshold names its source or says that it is a house rule. Decisions run on distances, never on
//! rounded degrees.

mod band;
mod change;
mod findings;
mod gap;

pub use band::{Band, Edge, Near, OddValue};
pub use change::{Change, Comparison, Past, Verdict};
pub use findings::{Findings, LegFinding, LegTest, assess};
pub use gap::{Gap, GapSize};

/// The minimal detectable change of the lunge in trained hands, 1.9 cm (Powden et al. 2015). Testing
/// oneself is probably noisier, so this is a floor.
pub const MINIMAL_DETECTABLE_CHANGE_DMM: i64 = 190;

#[cfg(test)]
mod worked_examples;
