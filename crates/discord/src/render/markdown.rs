//! Spans as Discord's markdown.

use std::fmt::Write;
use std::sync::LazyLock;

use ankle_core::card::{Span, Text};
use ankle_core::command::Menu;

/// More marks than this on one letter are there to spill over other lines.
const MAX_MARKS: usize = 3;

/// A text as markdown.
pub fn text(text: &Text) -> String {
    let mut markdown = String::new();
    for span in &text.0 {
        push_span(&mut markdown, span);
    }
    markdown
}

/// A line's markdown, so that nothing at its start makes a list, a heading or a quotation of it.
pub fn line(markdown: &str) -> String {
    let digits = markdown.bytes().take_while(u8::is_ascii_digit).count();
    let after = markdown[digits..].chars().next();
    let lists = |rest: &str| rest.starts_with(". ") || rest.starts_with(") ");
    if digits > 0 && lists(&markdown[digits..]) {
        return format!("{}\\{}", &markdown[..digits], &markdown[digits..]);
    }
    if digits == 0 && matches!(after, Some('#' | '-' | '+')) {
        return format!("\\{markdown}");
    }
    markdown.to_owned()
}

/// The length of a text as Discord counts it, on the safe side: its clients count UTF-16 units.
pub fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// A text cut to so many units, with an ellipsis if it was longer.
pub fn cut(text: &str, most: usize) -> String {
    if units(text) <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut length = 0;
    for c in text.chars() {
        length += c.len_utf16();
        if length >= most {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

/// A text without markup in escaped slices of so many units at most.
pub fn slices(text: &str, most: usize) -> Vec<String> {
    let mut all = Vec::new();
    let mut part = String::new();
    let mut length = 0;
    for c in text.chars() {
        let units = c.len_utf16() + usize::from(is_markup(c));
        if length + units > most {
            all.push(std::mem::take(&mut part));
            length = 0;
        }
        length += units;
        push_escaped(&mut part, c);
    }
    all.push(part);
    all
}

fn push_span(markdown: &mut String, span: &Span) {
    match span {
        Span::Text(words) => push_all_escaped(markdown, words),
        Span::Strong(words) => {
            markdown.push_str("**");
            push_all_escaped(markdown, words);
            markdown.push_str("**");
        }
        Span::Code(words) => markdown.push_str(&code(words)),
        Span::Command(line) => markdown.push_str(&code(&as_typed_here(line))),
        Span::Name(name) => markdown.push_str(&self::name(name)),
        // The short date and time: the long ones fill a phone's line.
        Span::Time { at, .. } => {
            // Writing into a string does not fail.
            let _ = write!(markdown, "<t:{}:s>", at.as_second());
        }
        Span::Link { label, url } => {
            markdown.push('[');
            push_all_escaped(markdown, label);
            markdown.push_str("](");
            let is_part = |c: &char| !c.is_whitespace() && !matches!(c, '<' | '>' | '(' | ')');
            markdown.extend(url.chars().filter(is_part));
            markdown.push(')');
        }
    }
}

/// A command as it is typed on this platform: organisers' commands have a root of their own. It stands
/// as code and not as a mention that can be tapped: most carry arguments, which a mention cannot, and a
/// stored answer may be said again when ids have changed.
pub fn as_typed_here(line: &str) -> String {
    static MENUS: LazyLock<[Menu; 2]> =
        LazyLock::new(|| [Menu::of_members(), Menu::of_organisers()]);
    let Some(rest) = line.strip_prefix("/ankle ") else {
        return line.to_owned();
    };
    let words: Vec<&str> = rest.split_whitespace().collect();
    let has = |menu: &Menu| {
        let mut groups = menu.commands.iter();
        groups.any(|group| group.path.first().map(String::as_str) == words.first().copied())
    };
    let [members, organisers] = &*MENUS;
    let is_theirs = organisers.callable().iter().any(|command| {
        let path = &command.path;
        path.len() <= words.len() && path.iter().zip(&words).all(|(word, typed)| word == typed)
    });
    // Of a group that both have a part of, only what is named is theirs.
    if is_theirs || (has(organisers) && !has(members)) {
        format!("/ankle-club {rest}")
    } else {
        line.to_owned()
    }
}

/// Code ends at a backtick, which nothing escapes: so there is none in it.
fn code(words: &str) -> String {
    let words = words.replace('`', "ˋ");
    format!("`{words}`")
}

/// A name is text and nothing else: no markup, mention, link, list or emoji; it stays on its line, keeps
/// its direction to itself, and does not spill over others.
fn name(name: &str) -> String {
    let mut markdown = String::with_capacity(name.len() + 8);
    let mut marks = 0;
    let mut turns = false;
    for c in name.chars() {
        match u32::from(c) {
            // What turns text around and is not seen itself.
            0x061C | 0x200E | 0x200F | 0x202A..=0x202E | 0x2066..=0x2069 => continue,
            0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFE => turns = true,
            _ => {}
        }
        if is_mark(c) {
            marks += 1;
            if marks > MAX_MARKS {
                continue;
            }
        } else {
            marks = 0;
        }
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
            markdown.push(' ');
            continue;
        }
        if c.is_ascii_punctuation() && !matches!(c, '\'' | ',' | '"' | '&' | '%' | '?' | '!') {
            markdown.push('\\');
        }
        markdown.push(c);
    }
    if turns {
        markdown = format!("\u{2068}{markdown}\u{2069}");
    }
    markdown
}

/// Marks that are put over or under a letter.
fn is_mark(c: char) -> bool {
    matches!(u32::from(c), 0x0300..=0x036F | 0x0483..=0x0489 | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF
        | 0x20D0..=0x20FF | 0xFE20..=0xFE2F)
}

/// Words of ours: what is markup anywhere in a line is escaped.
fn push_all_escaped(markdown: &mut String, words: &str) {
    markdown.reserve(words.len());
    for c in words.chars() {
        push_escaped(markdown, c);
    }
}

fn push_escaped(markdown: &mut String, c: char) {
    if is_markup(c) {
        markdown.push('\\');
    }
    markdown.push(c);
}

/// What is markup wherever it stands.
fn is_markup(c: char) -> bool {
    matches!(
        c,
        '\\' | '*' | '_' | '~' | '`' | '|' | '[' | ']' | '<' | '>' | '@'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn span(span: &Span) -> String {
        text(&Text(vec![span.clone()]))
    }

    /// What Discord shows of escaped text: a backslash before punctuation goes, and shields it.
    fn seen(markdown: &str) -> String {
        let mut seen = String::new();
        let mut chars = markdown
            .chars()
            .filter(|c| !matches!(c, '\u{2068}' | '\u{2069}'))
            .peekable();
        while let Some(c) = chars.next() {
            match chars.peek() {
                Some(next) if c == '\\' && !next.is_alphanumeric() && !next.is_whitespace() => {
                    seen.extend(chars.next());
                }
                _ => seen.push(c),
            }
        }
        seen
    }

    /// What no backslash shields.
    fn bare(markdown: &str) -> String {
        let mut bare = String::new();
        let mut chars = markdown.chars();
        while let Some(c) = chars.next() {
            if c == '\\' {
                chars.next();
            } else {
                bare.push(c);
            }
        }
        bare
    }

    #[test]
    fn a_name_comes_out_as_that_text() {
        for hostile in [
            "<b>_*[x](y)@everyone",
            "<@123> <#1> <@&5>",
            "</a:1>",
            "`code` ``` ``",
            "||spoiler||",
            "> quote",
            "# head",
            "- list",
            "1. list",
            ":foot: <:x:1>",
            "https://evil.example/x",
            "discord.gg/x",
            "back\\slash\\",
            "¯\\_(ツ)_/¯",
            "<t:0:R>",
            "~~gone~~ __under__",
        ] {
            assert_eq!(seen(&name(hostile)), hostile);
            let bare = bare(&name(hostile));
            assert!(
                !bare.contains([
                    '*', '_', '`', '|', '<', '>', '@', '#', '[', ':', '~', '-', '.'
                ]),
                "{bare}"
            );
        }
    }

    #[test]
    fn a_name_keeps_to_its_line_and_its_direction() {
        assert_eq!(name("a\n> b\r\u{2028}c"), "a \\> b  c");
        assert_eq!(name("\u{202e}evil\u{2069}"), "evil");
        assert_eq!(name("مريم"), "\u{2068}مريم\u{2069}");
        let zalgo = format!("Z{}a", "\u{0300}".repeat(40));
        assert_eq!(name(&zalgo), "Z\u{0300}\u{0300}\u{0300}a");
        assert_eq!(name("Zoë Müller-Łęcki"), "Zoë Müller\\-Łęcki");
    }

    #[test]
    fn a_command_is_said_as_it_is_typed_here() {
        let command = |line: &str| span(&Span::Command(line.to_owned()));
        assert_eq!(command("/ankle test 9cm"), "`/ankle test 9cm`");
        assert_eq!(
            command("/ankle club settings zone:Berlin"),
            "`/ankle-club club settings zone:Berlin`"
        );
        assert_eq!(command("/ankle doctor"), "`/ankle-club doctor`");
        assert_eq!(
            command("/ankle challenge cancel 3"),
            "`/ankle-club challenge cancel 3`"
        );
        assert_eq!(
            command("/ankle challenge join 3"),
            "`/ankle challenge join 3`"
        );
        assert_eq!(command("left 9 right 10.5"), "`left 9 right 10.5`");
        assert_eq!(code("a`b"), "`aˋb`");
    }

    #[test]
    fn a_line_is_no_list_heading_or_quotation() {
        assert_eq!(line("1. Mia"), "1\\. Mia");
        assert_eq!(line("# x"), "\\# x");
        assert_eq!(line("- x"), "\\- x");
        assert_eq!(line("9.0 cm"), "9.0 cm");
        assert_eq!(line("Left 9"), "Left 9");
    }

    #[test]
    fn a_time_is_shown_where_the_reader_is() {
        let at = jiff::Timestamp::from_second(1_700_000_000).unwrap();
        let words = "Tue 14 Nov 22:13 (London)".to_owned();
        assert_eq!(span(&Span::Time { at, words }), "<t:1700000000:s>");
    }

    proptest! {
        #[test]
        fn no_name_has_markup_left(any in any::<String>()) {
            let bare = bare(&name(&any));
            prop_assert!(!bare.contains(['*', '_', '`', '|', '<', '>', '@', '#', '[', ':', '~', '\n']));
        }

        #[test]
        fn what_is_cut_fits(any in any::<String>(), most in 2_usize..60) {
            prop_assert!(units(&cut(&any, most)) <= most);
            for slice in slices(&any, most) {
                prop_assert!(units(&slice) <= most);
            }
        }
    }
}
