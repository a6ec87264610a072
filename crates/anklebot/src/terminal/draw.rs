//! Cards as text, with colour on a terminal and without on a pipe.

use ankle_core::card::{Block, Card, Span, Text};
use anstyle::{AnsiColor, Style as Ansi};

/// How things look.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    coloured: bool,
}

impl Style {
    /// Colours for a terminal, unless `NO_COLOR` is set.
    #[must_use]
    pub fn for_output(is_terminal: bool) -> Self {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            coloured: is_terminal && !unwanted,
        }
    }

    /// Text that matters less.
    #[must_use]
    pub fn quiet(self, text: &str) -> String {
        self.paint(Ansi::new().dimmed(), text)
    }

    /// A card, its buttons numbered from `first_button` on.
    #[must_use]
    pub fn card(self, card: &Card) -> String {
        let mut lines: Vec<String> = card.blocks.iter().map(|block| self.block(block)).collect();
        let mut number = 1;
        for row in &card.buttons {
            let mut labels = Vec::new();
            for button in row {
                let label = format!("[{number}] {}", clean(&button.label));
                labels
                    .push(self.paint(Ansi::new().fg_color(Some(AnsiColor::Green.into())), &label));
                number += 1;
            }
            lines.push(labels.join("  "));
        }
        lines.join("\n")
    }

    fn block(self, block: &Block) -> String {
        match block {
            Block::Title(text) => self.paint(Ansi::new().bold(), &self.text(text)),
            Block::Line(text) => self.text(text),
            Block::Item(text) => format!("• {}", self.text(text)),
        }
    }

    fn text(self, text: &Text) -> String {
        text.0.iter().map(|span| self.span(span)).collect()
    }

    fn span(self, span: &Span) -> String {
        match span {
            Span::Text(words) | Span::Name(words) | Span::Time { words, .. } => clean(words),
            Span::Strong(words) => self.paint(Ansi::new().bold(), &clean(words)),
            Span::Code(words) => self.quiet(&clean(words)),
            Span::Command(line) => self.paint(
                Ansi::new().fg_color(Some(AnsiColor::Cyan.into())),
                &clean(line),
            ),
            Span::Link { label, url } => format!("{} ({})", clean(label), clean(url)),
        }
    }

    fn paint(self, style: Ansi, text: &str) -> String {
        if self.coloured {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}

/// Nothing that people call themselves may steer the terminal or turn its text around.
pub fn clean(text: &str) -> String {
    let steers =
        |c: char| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .map(|c| if steers(c) { '\u{FFFD}' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        let name = Text(vec![Span::Name(
            "\u{1b}[2J<b>_*[x](y)\u{202e}@everyone".to_owned(),
        )]);
        let plain = Style { coloured: false };
        assert_eq!(
            plain.card(&Card::line(name)),
            "\u{FFFD}[2J<b>_*[x](y)\u{FFFD}@everyone"
        );
    }

    #[test]
    fn colour_is_put_around_commands_on_a_terminal_only() {
        let card = Card::line(Text(vec![Span::Command("/ankle help".to_owned())]));
        assert_eq!(Style { coloured: false }.card(&card), "/ankle help");
        assert_eq!(
            Style { coloured: true }.card(&card),
            "\u{1b}[36m/ankle help\u{1b}[0m"
        );
    }
}
