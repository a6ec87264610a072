use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Board, BoardKind, BoardTime, ChallengeId, ClubId, Course, Phase, Score};
use crate::calendar::Zone;
use crate::exercise::{Diary, Exercise, Exercises};

/// What a club does together for a stretch of days: days with one of the exercises, added up towards a
/// goal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Its number, shown to people.
    pub id: ChallengeId,
    /// Whose it is.
    pub club: ClubId,
    /// What it is called.
    pub title: Title,
    /// What counts: a day with any of them.
    pub exercises: Exercises,
    /// The day that it was set to begin on.
    pub first: Date,
    /// How many days it has, those of breaks not among them.
    pub days: u16,
    /// How many days of everybody together are aimed at.
    pub goal: u32,
    /// How far it is.
    pub state: ChallengeState,
}

/// How far a challenge is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChallengeState {
    /// It waits for its first day, or runs, or for its results.
    Open,
    /// Its results stand, and stay as they are.
    Over {
        /// Its last day, breaks included.
        last: Date,
        /// What everybody did together.
        total: u32,
        /// How many had joined.
        joined: u32,
    },
    /// It was called off.
    Cancelled,
}

/// What a challenge is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title(String);

/// Why a text is no title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TitleError {
    /// No letter and no digit in it.
    #[error("nothing to call it by")]
    Empty,
    /// More than [`LONGEST_TITLE`] characters.
    #[error("too long")]
    TooLong,
    /// Marks, links, mentions, or characters that are not seen.
    #[error("more than plain words")]
    NotPlain,
}

/// The longest title, in characters: about a line of a phone.
pub const LONGEST_TITLE: usize = 40;

/// Most challenges of a club that are not over. A house rule: they fit into one short list.
pub const MOST_CHALLENGES: usize = 3;

/// The longest challenge, in days, and how far ahead it can begin.
pub const LONGEST_CHALLENGE: u16 = 366;

/// The highest goal: a thousand people, every day of a year.
pub const HIGHEST_GOAL: u32 = 366_000;

impl Title {
    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two titles share that people take for the same.
    #[must_use]
    pub fn key(&self) -> String {
        let kept = self.0.chars().filter(|c| c.is_alphanumeric());
        kept.flat_map(char::to_lowercase).collect()
    }
}

impl fmt::Display for Title {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Reads plain words of any language. Whatever a platform could take for more than words is none of
/// them: a title stands in posts that nobody asked for.
impl FromStr for Title {
    type Err = TitleError;

    fn from_str(typed: &str) -> Result<Self, TitleError> {
        let words: Vec<&str> = typed.split_whitespace().collect();
        let title = words.join(" ");
        if !title.chars().all(is_plain) || title.contains("://") || has_a_pile(&title) {
            return Err(TitleError::NotPlain);
        }
        if !title.chars().any(char::is_alphanumeric) {
            return Err(TitleError::Empty);
        }
        if title.chars().count() > LONGEST_TITLE {
            return Err(TitleError::TooLong);
        }
        Ok(Self(title))
    }
}

fn is_plain(c: char) -> bool {
    let is_mark = matches!(
        c,
        '@' | '`' | '<' | '>' | '|' | '\\' | '*' | '_' | '~' | '"'
    );
    // Invisible: fillers, joiners, marks of direction, private use, tags.
    let is_unseen = matches!(u32::from(c),
        0xAD | 0x34F | 0x61C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F
        | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164 | 0xE000..=0xF8FF
        | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0xE0000..=0x10_FFFF);
    !c.is_control() && !is_mark && !is_unseen
}

/// Whether marks are heaped on a letter, as no language does: three or more.
fn has_a_pile(text: &str) -> bool {
    let is_mark = |c: char| {
        matches!(u32::from(c),
            0x300..=0x36F | 0x483..=0x489 | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF
            | 0xFE20..=0xFE2F)
    };
    let mut run = 0;
    text.chars().any(|c| {
        run = if is_mark(c) { run + 1 } else { 0 };
        run > 2
    })
}

impl Challenge {
    /// On how many of its days somebody did what counts.
    #[must_use]
    pub fn days_done(&self, course: &Course, diary: &Diary) -> u32 {
        let counts = |day: &Date| {
            let done = diary.on(*day);
            course.number(*day).is_some() && self.exercises.iter().any(|one| done.contains(one))
        };
        let last = course.last();
        let days = course.first().series(1.day());
        let days = days.take_while(|day| *day <= last).filter(counts);
        u32::try_from(days.count()).unwrap_or(u32::MAX)
    }
}

/// Where a challenge stands: what everybody did together, and each one's days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChallengeStanding {
    /// Each one's days, ranked as boards are.
    pub board: Board,
    /// What everybody did together, named or not.
    pub total: u32,
    /// How many have joined.
    pub joined: u32,
}

impl ChallengeStanding {
    /// Of everybody who joined, whoever has done nothing yet among them.
    #[must_use]
    pub fn of(scores: Vec<Score>, today: (Date, Zone)) -> Self {
        let joined = u32::try_from(scores.len()).unwrap_or(u32::MAX);
        let board = Board::of(BoardKind::CheckIns, BoardTime::All, today, scores);
        Self {
            total: board.total,
            joined,
            board,
        }
    }

    /// The same with what was written down when the challenge ended: whoever is forgotten since is still
    /// part of what all did together, and of nothing else.
    #[must_use]
    pub fn frozen(mut self, total: u32, joined: u32) -> Self {
        (self.total, self.joined) = (total, joined);
        self
    }
}

/// What a challenge has a post say of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChallengeDay {
    /// Its number.
    pub id: ChallengeId,
    /// What it is called.
    pub title: Title,
    /// What of it.
    pub phase: Phase,
    /// Which of its days it is.
    pub day: u16,
    /// Its last.
    pub last: Date,
    /// How many days it has.
    pub days: u16,
    /// What everybody has done together.
    pub total: u32,
    /// What is aimed at.
    pub goal: u32,
}

/// How many of so many cells a bar fills. The last one only at the goal.
#[must_use]
pub fn filled(total: u32, goal: u32, cells: u32) -> u32 {
    let part = u64::from(total) * u64::from(cells) / u64::from(goal.max(1));
    u32::try_from(part).unwrap_or(cells).min(cells)
}

/// A challenge that needs no more than a press.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadyMade {
    /// Calf raises for thirty days.
    Raises,
    /// Calf stretches for thirty days.
    Stretch,
    /// Both for four weeks.
    Both,
    /// The warm-up for two weeks.
    WarmUp,
    /// Foam rolling for two weeks.
    Roll,
}

impl ReadyMade {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Raises,
        Self::Stretch,
        Self::Both,
        Self::WarmUp,
        Self::Roll,
    ];

    /// Its name in commands.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Raises => "raises-30",
            Self::Stretch => "stretch-30",
            Self::Both => "both-28",
            Self::WarmUp => "warmup-14",
            Self::Roll => "roll-14",
        }
    }

    /// The one of a name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase();
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// How many days it has.
    #[must_use]
    pub const fn days(self) -> u16 {
        match self {
            Self::Raises | Self::Stretch => 30,
            Self::Both => 28,
            Self::WarmUp | Self::Roll => 14,
        }
    }

    /// What counts.
    #[must_use]
    pub fn exercises(self) -> Exercises {
        let all: &[Exercise] = match self {
            Self::Raises => &[Exercise::CalfRaise],
            Self::Stretch => &[Exercise::CalfStretch],
            Self::Both => &[Exercise::CalfRaise, Exercise::CalfStretch],
            Self::WarmUp => &[Exercise::AnkleCircles, Exercise::Bound],
            Self::Roll => &[Exercise::FoamRoll],
        };
        all.iter().copied().collect()
    }

    /// A goal for a club in which so many have been active lately: half of its days for each, and for
    /// three at the least, rounded up to tens. A house rule: to be reached without anybody missing sleep.
    #[must_use]
    pub fn goal(self, active: u32) -> u32 {
        let half = active.clamp(3, 1_000) * u32::from(self.days()) / 2;
        half.div_ceil(10) * 10
    }
}

#[cfg(test)]
#[path = "challenge_tests.rs"]
mod tests;
