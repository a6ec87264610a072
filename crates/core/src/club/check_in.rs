use jiff::Timestamp;
use jiff::civil::Date;

use super::{AccountId, EntryId, Standing};
use crate::exercise::Exercise;

/// An exercise that somebody did, in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckIn {
    /// Its number, shown to people.
    pub id: EntryId,
    /// The account that checked in.
    pub account: AccountId,
    /// The local day it counts for.
    pub day: Date,
    /// When it was logged.
    pub logged_at: Timestamp,
    /// Live, or taken back.
    pub standing: Standing,
    /// The exercise.
    pub exercise: Exercise,
    /// How many sets, if that was said.
    pub sets: Option<u8>,
    /// The event that logged it: all that it logged is taken back together.
    pub event: String,
}
