//! How long an answer may be, and what gives way when it is too long.

use crate::card::{Block, Card, Size, Text};

/// The most a message in a room may take.
pub const ROOM: Size = Size {
    characters: 350,
    phone_lines: 12,
};

/// The most a private answer may take.
pub const PRIVATE: Size = Size {
    characters: 300,
    phone_lines: 9,
};

/// Lines in the order they are read, some of which may give way.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    lines: Vec<(Block, Wish)>,
}

/// How badly a line wants to stay: `Must` never goes, the highest number goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wish {
    Must,
    Nice(u8),
}

impl Draft {
    /// A line that stays.
    #[must_use]
    pub fn must(self, line: Text) -> Self {
        self.push(Block::Line(line), Wish::Must)
    }

    /// A line that may give way: those with the highest number go first.
    #[must_use]
    pub fn nice(self, goes: u8, line: Text) -> Self {
        self.push(Block::Line(line), Wish::Nice(goes))
    }

    /// The same draft with the line if there is one.
    #[must_use]
    pub fn maybe(self, goes: u8, line: Option<Text>) -> Self {
        match line {
            Some(line) => self.nice(goes, line),
            None => self,
        }
    }

    fn push(mut self, line: Block, wish: Wish) -> Self {
        self.lines.push((line, wish));
        self
    }

    /// The card with every line, however long.
    #[must_use]
    pub fn whole(self) -> Card {
        Card {
            blocks: self.lines.into_iter().map(|(line, _)| line).collect(),
            ..Card::default()
        }
    }

    /// The card within `limit`, and whether a line had to go.
    #[must_use]
    pub fn fit(mut self, limit: Size) -> (Card, bool) {
        let mut trimmed = false;
        loop {
            let size = Size::of_blocks(&self.lines.iter().map(|(line, _)| line));
            let last = self
                .lines
                .iter()
                .enumerate()
                .filter(|(_, (_, wish))| *wish != Wish::Must)
                .max_by_key(|(at, (_, wish))| (*wish, *at))
                .map(|(at, _)| at);
            match last {
                Some(at) if !size.fits(limit) => {
                    self.lines.remove(at);
                    trimmed = true;
                }
                _ => return (self.whole(), trimmed),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::plain;

    #[test]
    fn what_matters_least_gives_way_first() {
        let line = |c: char| Text::plain(c.to_string().repeat(38));
        let draft = Draft::default()
            .must(line('a'))
            .nice(2, line('b'))
            .nice(1, line('c'))
            .must(line('d'));
        let limit = Size {
            characters: 300,
            phone_lines: 3,
        };
        let (card, trimmed) = draft.fit(limit);
        assert!(trimmed);
        let letters: String = plain(&card)
            .lines()
            .filter_map(|l| l.chars().next())
            .collect();
        assert_eq!(letters, "acd");
    }
}
