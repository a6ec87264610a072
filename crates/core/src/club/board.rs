use jiff::civil::Date;

use super::{PersonId, Privacy};
use crate::calendar::{Zone, monday_of};

/// What a board counts. Showing up, never centimetres.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum BoardKind {
    /// Each exercise of each day.
    #[default]
    CheckIns,
    /// Good weeks in a row.
    Streak,
    /// Days with a knee-to-wall test.
    Tests,
}

/// The time that a board looks back on, up to the club's own day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum BoardTime {
    /// The present day.
    Today,
    /// From Monday on.
    #[default]
    Week,
    /// From the first of the month on.
    Month,
    /// All there is.
    All,
}

/// A member with what he has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// Who.
    pub person: PersonId,
    /// What he calls himself.
    pub name: String,
    /// Whether boards may name him.
    pub privacy: Privacy,
    /// What is counted. Nobody stands on a board with none.
    pub score: u32,
}

/// A place on a board, which several can share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Competition rank: 1, 2, 2, 4.
    pub rank: u32,
    /// What those who share it have done.
    pub score: u32,
    /// The names of those who may be named, always in the same order.
    pub names: Vec<String>,
    /// How many share it unnamed.
    pub unnamed: u32,
}

/// A club's board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// What it counts.
    pub kind: BoardKind,
    /// The time it looks back on.
    pub time: BoardTime,
    /// The club's own day, its last.
    pub today: Date,
    /// Where that day is.
    pub zone: Zone,
    /// Best first.
    pub places: Vec<Place>,
    /// How many people did anything.
    pub people: u32,
    /// What they did together.
    pub total: u32,
}

/// From this many names on, those who are not named take a place too: before, a gap between two names
/// would tell who they are.
pub const NAMES_THAT_HIDE: usize = 10;

impl BoardKind {
    /// The word for it in commands.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::CheckIns => "check-ins",
            Self::Streak => "streak",
            Self::Tests => "tests",
        }
    }
}

impl BoardTime {
    /// The word for it in commands.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Week => "week",
            Self::Month => "month",
            Self::All => "all",
        }
    }

    /// The time of a word from the database.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Today, Self::Week, Self::Month, Self::All]
            .into_iter()
            .find(|time| time.word() == word)
    }

    /// The first day of it.
    #[must_use]
    pub fn first_day(self, today: Date) -> Date {
        match self {
            Self::Today => today,
            Self::Week => monday_of(today),
            Self::Month => today.first_of_month(),
            Self::All => Date::constant(1, 1, 1),
        }
    }
}

impl Board {
    /// Ranks a club's members.
    #[must_use]
    pub fn of(
        kind: BoardKind,
        time: BoardTime,
        (today, zone): (Date, Zone),
        mut scores: Vec<Score>,
    ) -> Self {
        scores.retain(|one| one.score > 0);
        let people = u32::try_from(scores.len()).unwrap_or(u32::MAX);
        let total = scores.iter().map(|one| one.score).sum();
        let shown = |one: &Score| one.privacy == Privacy::Shown;
        if scores.iter().filter(|one| shown(one)).count() < NAMES_THAT_HIDE {
            scores.retain(shown);
        }
        scores.sort_by(|a, b| b.score.cmp(&a.score).then(a.person.cmp(&b.person)));
        let mut places = Vec::new();
        let mut rank = 1;
        for group in scores.chunk_by(|a, b| a.score == b.score) {
            let names: Vec<_> = group
                .iter()
                .filter(|one| shown(one))
                .map(|one| one.name.clone())
                .collect();
            let size = u32::try_from(group.len()).unwrap_or(u32::MAX);
            let listed = u32::try_from(names.len()).unwrap_or(u32::MAX);
            places.push(Place {
                rank,
                score: group[0].score,
                names,
                unnamed: size - listed,
            });
            rank += size;
        }
        Self {
            kind,
            time,
            today,
            zone,
            places,
            people,
            total,
        }
    }

    /// The rank of somebody with that score, whether the board names him or not.
    #[must_use]
    pub fn rank_of(&self, score: u32) -> u32 {
        let better = self.places.iter().filter(|place| place.score > score);
        let size =
            |place: &Place| place.unnamed + u32::try_from(place.names.len()).unwrap_or(u32::MAX);
        1 + better.map(size).sum::<u32>()
    }

    /// The least score that stands before this one, if there is any.
    #[must_use]
    pub fn next_above(&self, score: u32) -> Option<u32> {
        let above = self.places.iter().map(|place| place.score);
        above.filter(|other| *other > score).min()
    }
}

/// The first name of somebody, as a board shows it: up to the first blank, and not too long.
#[must_use]
pub fn first_name(name: &str) -> String {
    /// Three of them and their scores fit on a line of a phone.
    const LONGEST: usize = 12;
    let first = name.split_whitespace().next().unwrap_or(name);
    if first.chars().count() <= LONGEST {
        return first.to_owned();
    }
    let kept: String = first.chars().take(LONGEST - 1).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn board(scores: &[(u32, Privacy)]) -> Board {
        let scores = scores.iter().zip(0..).map(|((score, privacy), id)| Score {
            person: PersonId(id),
            name: format!("n{id}"),
            privacy: *privacy,
            score: *score,
        });
        let today = (date(2026, 11, 24), Zone::utc());
        Board::of(
            BoardKind::CheckIns,
            BoardTime::Week,
            today,
            scores.collect(),
        )
    }

    fn shown(scores: &[u32]) -> Board {
        let all: Vec<_> = scores.iter().map(|s| (*s, Privacy::Shown)).collect();
        board(&all)
    }

    #[test]
    fn complaint_32_ranks_are_1_2_2_4_and_rows_do_not_shuffle() {
        let board = shown(&[4, 5, 6, 5, 0, 4]);
        let rows: Vec<_> = board
            .places
            .iter()
            .map(|p| format!("{} {} {}", p.rank, p.names.join(","), p.score))
            .collect();
        assert_eq!(rows, ["1 n2 6", "2 n1,n3 5", "4 n0,n5 4"]);
        assert_eq!((board.people, board.total), (5, 24));
        assert_eq!((board.rank_of(5), board.rank_of(1)), (2, 6));
        assert_eq!((board.next_above(4), board.next_above(6)), (Some(5), None));
    }

    #[test]
    fn who_is_not_named_hides_behind_ten_names_or_in_the_total() {
        let mut scores = vec![(9, Privacy::Hidden)];
        scores.extend((1..=9).map(|score| (score, Privacy::Shown)));
        let few = board(&scores);
        assert!(few.places.iter().all(|place| place.unnamed == 0));
        assert_eq!(
            (few.people, few.places[0].rank, few.places[1].rank),
            (10, 1, 2)
        );
        scores.push((1, Privacy::Shown));
        let many = board(&scores);
        assert_eq!((many.places[0].unnamed, many.places[1].rank), (1, 3));
    }

    #[test]
    fn a_time_begins_where_people_think_it_does() {
        let today = date(2026, 11, 24);
        let first = |time: BoardTime| time.first_day(today).to_string();
        assert_eq!(first(BoardTime::Today), "2026-11-24");
        assert_eq!(first(BoardTime::Week), "2026-11-23");
        assert_eq!(first(BoardTime::Month), "2026-11-01");
        assert_eq!(first_name("Mia Müller"), "Mia");
        assert_eq!(first_name("Wolfeschlegelsteinhausen"), "Wolfeschleg…");
        assert_eq!(first_name(""), "");
    }

    proptest! {
        #[test]
        fn a_rank_is_one_more_than_how_many_are_better(
            scores in prop::collection::vec((0_u32..9, any::<bool>()), 0..40)
        ) {
            let scores: Vec<_> = scores
                .into_iter()
                .map(|(score, hide)| (score, if hide { Privacy::Hidden } else { Privacy::Shown }))
                .collect();
            let board = board(&scores);
            let done = || scores.iter().filter(|(score, _)| *score > 0);
            prop_assert_eq!(board.total, done().map(|(score, _)| score).sum::<u32>());
            prop_assert_eq!(board.people as usize, done().count());
            let named = done().filter(|(_, privacy)| *privacy == Privacy::Shown).count();
            let ranked = |score: u32| done()
                .filter(|(other, privacy)| {
                    *other > score && (named >= NAMES_THAT_HIDE || *privacy == Privacy::Shown)
                })
                .count();
            for place in &board.places {
                prop_assert_eq!(place.rank as usize, 1 + ranked(place.score));
                prop_assert_eq!(board.rank_of(place.score), place.rank);
            }
            prop_assert!(board.places.is_sorted_by(|a, b| a.score > b.score && a.rank < b.rank));
            prop_assert_eq!(board.places.iter().map(|p| p.names.len()).sum::<usize>(), named);
        }
    }
}
