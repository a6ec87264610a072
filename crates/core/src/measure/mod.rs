//! What a tape measure says: distances, angles, sides, states, and how runners type them.
//!
//! Everything is exact integer arithmetic. A [`Distance`] is made once, when a line is read, and
//! every decision of the program runs on it; an [`Angle`] is only for showing.

mod distance;
mod lunge;
mod number;
mod read;

pub use distance::{Angle, Distance};
pub use lunge::{Impossible, Leg, LungeReading, MAX_TRIES, Reach, Side, SideReading, State};
pub use number::{Amount, Unit};
pub use read::ReadError;
