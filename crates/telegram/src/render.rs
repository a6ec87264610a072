//! Cards as Telegram's HTML and inline keyboards. Every name is escaped here, and only here.

use ankle_core::card::{Block, Button, Card, Span, plain_text};
use teloxide::types::{InlineKeyboardButton, InlineKeyboardMarkup};

/// The longest text of a message, in UTF-16 units of what is seen.
const MAX_TEXT: usize = 4_096;

/// The longest text of an alert.
pub const MAX_ALERT: usize = 200;

/// A card as messages: one, unless it is too long, and then cut between blocks. Only a block that is longer
/// than a message by itself is cut, and loses its markup.
pub fn messages(card: &Card) -> Vec<String> {
    let mut written = Written::default();
    for block in &card.blocks {
        let plain = plain_text(block.text());
        let seen = units(&plain) + 2;
        if seen < MAX_TEXT {
            write_block(written.line(seen), block);
        } else {
            for part in parts(&plain, MAX_TEXT - 2) {
                escape(written.line(units(part)), part);
            }
        }
    }
    written.messages.push(written.html);
    written.messages
}

/// What is written of a card so far.
#[derive(Default)]
struct Written {
    messages: Vec<String>,
    /// The message that is being written, and how many units of it are seen.
    html: String,
    length: usize,
}

impl Written {
    /// Begins a line of so many units: in the message that is being written if it fits, else in the next.
    fn line(&mut self, seen: usize) -> &mut String {
        let units = seen + 1;
        if self.length > 0 && self.length + units > MAX_TEXT {
            self.messages.push(std::mem::take(&mut self.html));
            self.length = 0;
        }
        if self.length > 0 {
            self.html.push('\n');
        }
        self.length += units;
        &mut self.html
    }
}

/// A text in parts of so many units at most.
fn parts(text: &str, most: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut length) = (0, 0);
    for (at, c) in text.char_indices() {
        if length + c.len_utf16() > most {
            parts.push(&text[start..at]);
            (start, length) = (at, 0);
        }
        length += c.len_utf16();
    }
    parts.push(&text[start..]);
    parts
}

/// A card as the text of an alert: no markup, cut if it must be.
pub fn alert(card: &Card) -> String {
    let text = ankle_core::card::plain(card);
    if units(&text) <= MAX_ALERT {
        return text;
    }
    let mut kept = String::new();
    let mut length = 0;
    for c in text.chars() {
        length += c.len_utf16();
        if length >= MAX_ALERT {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

/// The keyboard of a card, for its asker.
pub fn keyboard(rows: &[Vec<Button>], owner: Option<i64>) -> Option<InlineKeyboardMarkup> {
    if rows.is_empty() {
        return None;
    }
    let button =
        |button: &Button| InlineKeyboardButton::callback(button.label.clone(), button.wire(owner));
    Some(InlineKeyboardMarkup::new(
        rows.iter()
            .map(|row| row.iter().map(button).collect::<Vec<_>>()),
    ))
}

/// The length of a text as Telegram counts it.
fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

fn write_block(html: &mut String, block: &Block) {
    let (open, close) = match block {
        Block::Title(_) => ("<b>", "</b>"),
        Block::Line(_) => ("", ""),
        Block::Item(_) => ("• ", ""),
    };
    html.push_str(open);
    for span in &block.text().0 {
        write_span(html, span);
    }
    html.push_str(close);
}

fn write_span(html: &mut String, span: &Span) {
    match span {
        Span::Text(words) | Span::Time { words, .. } => escape(html, words),
        Span::Strong(words) => within(html, "<b>", "</b>", words),
        Span::Code(words) | Span::Command(words) => within(html, "<code>", "</code>", words),
        Span::Name(name) => write_name(html, name),
        Span::Link { label, url } => {
            html.push_str("<a href=\"");
            escape(html, url);
            within(html, "\">", "</a>", label);
        }
    }
}

fn within(html: &mut String, open: &str, close: &str, words: &str) {
    html.push_str(open);
    escape(html, words);
    html.push_str(close);
}

/// A name is text and nothing else: what Telegram would make a mention, a link or a command of
/// stands as code, and what runs from right to left keeps to itself. So it brings no mark of its own
/// that turns text around, nor one that ends what holds it, and it stays on its line.
fn write_name(html: &mut String, name: &str) {
    let links = |c: char| matches!(c, '@' | '/' | '#' | '$' | '.' | ':');
    let turns =
        |c: char| matches!(u32::from(c), 0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFE);
    let steers = |c: &char| matches!(u32::from(*c), 0x061C | 0x200E..=0x200F | 0x202A..=0x202E | 0x2066..=0x2069);
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let kept = name.chars().filter(|c| !steers(c));
    let name: String = kept.map(|c| if breaks(c) { ' ' } else { c }).collect();
    let (is_turned, is_linked) = (name.contains(turns), name.contains(links));
    if is_linked {
        html.push_str("<code>");
    }
    if is_turned {
        html.push('\u{2068}');
    }
    escape(html, &name);
    if is_turned {
        html.push('\u{2069}');
    }
    if is_linked {
        html.push_str("</code>");
    }
}

/// Text as HTML.
fn escape(html: &mut String, text: &str) {
    html.reserve(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            // The API refuses it in any text.
            '\0' => html.push('\u{FFFD}'),
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use ankle_core::card::Text;
    use proptest::prelude::*;

    use super::*;

    fn named(name: &str) -> Card {
        Card::line(Text(vec![
            Span::Name(name.to_owned()),
            Span::Text(" says ".to_owned()),
            Span::Command("/ankle test".to_owned()),
        ]))
    }

    #[test]
    fn a_name_is_no_markup_no_mention_and_turns_nothing_around() {
        let html = messages(&named("<b>_*[x](y)&\"")).remove(0);
        assert_eq!(
            html,
            "&lt;b&gt;_*[x](y)&amp;&quot; says <code>/ankle test</code>"
        );
        let html = messages(&named("@everyone")).remove(0);
        assert!(html.starts_with("<code>@everyone</code>"), "{html}");
        let html = messages(&named("\u{202e}evil")).remove(0);
        assert!(html.starts_with("evil says"), "{html}");
        let html = messages(&named("Mia\u{2069}\u{202e}\n\u{61c}B")).remove(0);
        assert!(html.starts_with("Mia B says"), "{html}");
        // It ends no isolate but the one that is put around it.
        let html = messages(&named("مريم\u{2069}\u{202e}")).remove(0);
        assert!(html.starts_with("\u{2068}مريم\u{2069} says"), "{html}");
    }

    #[test]
    fn a_long_card_is_cut_between_blocks() {
        let line = |c: &str| Text::plain(c.repeat(3_000));
        let card = Card::line(line("a")).with(line("b")).with(line("c"));
        let lengths: Vec<_> = messages(&card).iter().map(String::len).collect();
        assert_eq!(lengths, [3_000, 3_000, 3_000]);
        let flags = Card::line(Text::plain("🦶".repeat(3_000)));
        assert_eq!(messages(&flags).len(), 2, "two units each");
    }

    #[test]
    fn an_alert_keeps_to_two_hundred_units() {
        let long = alert(&Card::line(Text::plain("🦶".repeat(300))));
        assert!(
            units(&long) <= MAX_ALERT && long.ends_with('…'),
            "{}",
            units(&long)
        );
        assert_eq!(alert(&Card::line(Text::plain("short"))), "short");
    }

    proptest! {
        #[test]
        fn no_name_opens_a_tag(name in any::<String>()) {
            let html = messages(&named(&name)).concat();
            let bare = html.replace("<code>", "").replace("</code>", "");
            prop_assert!(!bare.contains('<') && !bare.contains('>'));
        }

        #[test]
        fn no_message_is_longer_than_telegram_takes(lines in proptest::collection::vec("\\PC{0,5000}", 0..4)) {
            let card = lines.iter().fold(Card::default(), |card, line| card.with(Text::plain(line.clone())));
            for message in messages(&card) {
                let seen = message.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
                prop_assert!(units(&seen) <= MAX_TEXT);
            }
        }
    }
}
