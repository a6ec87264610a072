use unicode_width::UnicodeWidthStr;

use super::{Block, Card, Span, Text};

/// The columns of a phone held upright.
const PHONE_COLUMNS: usize = 38;

/// A platform that shows instants itself is sent a mark as long as the first, and shows the second. It counts
/// where it takes more room than our words.
const TIME_SENT: &str = "<t:0000000000:s>";
const TIME_SHOWN: &str = "11/25/2026, 10:00 AM";

/// What hardly any card is longer than, in bytes.
const USUAL: usize = 512;

/// How much room a card takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Characters, line breaks included.
    pub characters: usize,
    /// Lines on a phone of 38 columns, wrapped at spaces.
    pub phone_lines: usize,
}

impl Size {
    /// The size of a card without its buttons.
    #[must_use]
    pub fn of(card: &Card) -> Self {
        Self::of_blocks(&card.blocks.iter())
    }

    /// The same, of what a card would hold.
    pub(crate) fn of_blocks<'a>(blocks: &(impl Iterator<Item = &'a Block> + Clone)) -> Self {
        let characters = |text: &str| text.chars().count();
        let lines = |text: &str| text.lines().map(phone_lines).sum::<usize>();
        let said = written(blocks.clone(), None);
        let mut size = Self {
            characters: characters(&said),
            phone_lines: lines(&said),
        };
        let mut spans = blocks.clone().flat_map(|block| &block.text().0);
        if spans.any(|span| matches!(span, Span::Time { .. })) {
            let [sent, shown] =
                [TIME_SENT, TIME_SHOWN].map(|time| written(blocks.clone(), Some(time)));
            size.characters = size.characters.max(characters(&sent));
            size.phone_lines = size.phone_lines.max(lines(&shown));
        }
        size
    }

    /// Whether it takes no more room than `limit`.
    #[must_use]
    pub fn fits(self, limit: Self) -> bool {
        self.characters <= limit.characters && self.phone_lines <= limit.phone_lines
    }
}

/// The text of a card without any markup, buttons left out.
#[must_use]
pub fn plain(card: &Card) -> String {
    written(card.blocks.iter(), None)
}

/// The same, with `time` in the place of each instant's words.
fn written<'a>(blocks: impl Iterator<Item = &'a Block>, time: Option<&str>) -> String {
    let mut lines = String::with_capacity(USUAL);
    for (at, block) in blocks.enumerate() {
        if at > 0 {
            lines.push('\n');
        }
        if matches!(block, Block::Item(_)) {
            lines.push_str("• ");
        }
        write_text(&mut lines, block.text(), time);
    }
    lines
}

/// The text of one line without any markup.
#[must_use]
pub fn plain_text(text: &Text) -> String {
    let mut words = String::new();
    write_text(&mut words, text, None);
    words
}

fn write_text(into: &mut String, text: &Text, time: Option<&str>) {
    for span in &text.0 {
        match span {
            Span::Text(words)
            | Span::Strong(words)
            | Span::Code(words)
            | Span::Name(words)
            | Span::Command(words) => into.push_str(words),
            Span::Time { words, .. } => into.push_str(time.unwrap_or(words)),
            Span::Link { label, url } => {
                for part in [label, " (", url, ")"] {
                    into.push_str(part);
                }
            }
        }
    }
}

/// How many lines a line of text takes on a phone, broken between words.
#[must_use]
pub fn phone_lines(line: &str) -> usize {
    // Nothing is wider in columns than it is long in bytes.
    if line.len() <= PHONE_COLUMNS {
        return 1;
    }
    let (mut lines, mut column) = (1, 0);
    let mut add = |width: usize| {
        let needed = if column == 0 {
            width
        } else {
            column + 1 + width
        };
        if needed <= PHONE_COLUMNS {
            column = needed;
        } else {
            let full = width.saturating_sub(1) / PHONE_COLUMNS;
            lines += full + usize::from(column > 0);
            column = width - full * PHONE_COLUMNS;
        }
    };
    // Of a word of plain letters the width is its length, so most words need no table.
    let (mut start, mut is_plain) = (0, true);
    for (at, byte) in line.bytes().enumerate() {
        if byte == b' ' {
            add(width_of(&line[start..at], is_plain));
            (start, is_plain) = (at + 1, true);
        } else {
            is_plain &= byte.is_ascii();
        }
    }
    add(width_of(&line[start..], is_plain));
    lines
}

fn width_of(word: &str, is_plain: bool) -> usize {
    if is_plain { word.len() } else { word.width() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nothing_is_wider_than_it_is_long(text in any::<String>()) {
            prop_assert!(text.width() <= text.len());
        }
    }

    #[test]
    fn not_even_what_is_drawn_wide() {
        for text in [
            "脚",
            "🦶",
            "1\u{FE0F}\u{20E3}",
            "©\u{FE0F}",
            "Ａ",
            "🏃\u{200D}♀\u{FE0F}",
        ] {
            assert!(text.width() <= text.len(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn words_are_counted_as_if_each_were_looked_up(text in "[a-c \\t\\r\\x7f🦶é脚]{0,120}") {
            let looked_up = |line: &str| {
                let (mut lines, mut column) = (1, 0);
                for width in line.split(' ').map(UnicodeWidthStr::width) {
                    let after = if column == 0 { width } else { column + 1 + width };
                    if after <= PHONE_COLUMNS {
                        column = after;
                        continue;
                    }
                    lines += usize::from(column > 0);
                    column = width;
                    while column > PHONE_COLUMNS {
                        lines += 1;
                        column -= PHONE_COLUMNS;
                    }
                }
                lines
            };
            prop_assert_eq!(phone_lines(&text), looked_up(&text));
        }
    }

    #[test]
    fn lines_break_between_words() {
        assert_eq!(phone_lines(""), 1);
        assert_eq!(phone_lines("9.0 cm · about 32.4° (3.6° per cm)"), 1);
        assert_eq!(phone_lines(&"x".repeat(38)), 1);
        assert_eq!(phone_lines(&"x".repeat(39)), 2);
        assert_eq!(
            phone_lines(&format!("{} {}", "x".repeat(30), "y".repeat(8))),
            2
        );
        assert_eq!(phone_lines(&format!("a {}", "y".repeat(77))), 4);
    }
}
