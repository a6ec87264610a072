//! Who is who: persons, accounts, clubs, chats, rooms, and what they wish.
//!
//! Three levels: a **person** has accounts, one on each platform at least; a **club** has chats (a
//! server, a group); a chat has **rooms** (channels, topics), and an account may have a private
//! room. Which platforms there are is no business of the core: a [`Platform`] is a word.

mod board;
mod challenge;
mod check_in;
mod course;
mod entry;
mod ids;
mod language;
mod reminder;
mod settings;

pub use board::{Board, BoardKind, BoardTime, NAMES_THAT_HIDE, Place, Score, first_name};
pub use challenge::{
    Challenge, ChallengeDay, ChallengeStanding, ChallengeState, HIGHEST_GOAL, LONGEST_CHALLENGE,
    LONGEST_TITLE, MOST_CHALLENGES, ReadyMade, Title, TitleError, filled,
};
pub use check_in::CheckIn;
pub use course::{Course, Phase};
pub use entry::{Entry, Standing};
pub use ids::{
    AccountId, ChallengeId, ChatId, ClubId, EntryId, PersonId, Platform, PostId, QuestionId,
    ReminderId, RoomId,
};
pub use language::Language;
pub use reminder::{LastPost, MOST_REMINDERS, Pause, Reminder, last_day_of_break};
pub use settings::{AgeGroup, Privacy, Settings};
