//! Exercises: which there are, in which dose, and how a habit of them is counted.

mod catalogue;
mod diary;
mod reading;
mod streak;

pub use catalogue::{Dose, Exercise, Exercises, Origin, PAIN_HOLDS};
pub use diary::{Diary, DiaryError, Mark, Tally, Tested};
pub use reading::{DoneReading, ExerciseReadError};
pub use streak::{DAYS_OF_A_GOOD_WEEK, Rest, Streak, StreakRule};
