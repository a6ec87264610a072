//! Reading the HTML of `parse_mode`: visible text and entities, or the error the API tells.

use super::text::{Entity, utf16_len};

/// A tag that is open.
#[derive(Debug)]
struct Open {
    tag: String,
    /// What it makes; `None` for a `code` that only names the language of a `pre`.
    entity: Option<Entity>,
}

/// Reads `source`; the error is what follows `can't parse entities: `.
pub(crate) fn parse(source: &str) -> Result<(String, Vec<Entity>), String> {
    let mut parser = Parser::default();
    let mut at = 0;
    while let Some(next) = source[at..].chars().next() {
        at = match next {
            '&' => parser.reference(source, at),
            '<' if source[at..].starts_with("</") => parser.end_tag(source, at)?,
            '<' => parser.start_tag(source, at)?,
            other => {
                parser.push(other);
                at + other.len_utf8()
            }
        };
    }
    if let Some(open) = parser.open.pop() {
        return Err(format!(
            "Can't find end tag corresponding to start tag \"{}\"",
            open.tag
        ));
    }
    parser
        .entities
        .sort_by_key(|entity| (entity.offset, std::cmp::Reverse(entity.length)));
    Ok((parser.text, parser.entities))
}

#[derive(Debug, Default)]
struct Parser {
    text: String,
    /// How long `text` is in UTF-16 units.
    units: usize,
    open: Vec<Open>,
    entities: Vec<Entity>,
}

impl Parser {
    fn push(&mut self, c: char) {
        self.text.push(c);
        self.units += c.len_utf16();
    }

    /// `&lt;` and its like; what is no known reference stays as it is.
    fn reference(&mut self, source: &str, at: usize) -> usize {
        let (c, end) = decode(source, at).unwrap_or(('&', at + 1));
        self.push(c);
        end
    }

    fn start_tag(&mut self, source: &str, at: usize) -> Result<usize, String> {
        let unclosed = || format!("Unclosed start tag at byte offset {at}");
        let end = find_tag_end(source, at).ok_or_else(unclosed)?;
        let inside = &source[at + 1..end];
        let name_end = inside.find(char::is_whitespace).unwrap_or(inside.len());
        let tag = inside[..name_end].to_lowercase();
        let attributes = attributes(&inside[name_end..], at)?;
        let attribute = |name: &str| {
            attributes
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.as_str())
        };
        let unsupported = || format!("Unsupported start tag \"{tag}\" at byte offset {at}");
        let kind = match tag.as_str() {
            "b" | "strong" => "bold",
            "i" | "em" => "italic",
            "u" | "ins" => "underline",
            "s" | "strike" | "del" => "strikethrough",
            "tg-spoiler" => "spoiler",
            "span" if attribute("class") == Some("tg-spoiler") => "spoiler",
            "span" => {
                return Err(format!(
                    "Tag \"span\" must have class \"tg-spoiler\" at byte offset {at}"
                ));
            }
            "a" => "text_link",
            "code" => "code",
            "pre" => "pre",
            "blockquote" if attributes.iter().any(|(key, _)| key == "expandable") => {
                "expandable_blockquote"
            }
            "blockquote" => "blockquote",
            "tg-emoji" => "custom_emoji",
            _ => return Err(unsupported()),
        };
        let mut entity = Entity::new(kind, self.units, 0);
        match kind {
            "text_link" => link(&mut entity, attribute("href")),
            "custom_emoji" => {
                let id = attribute("emoji-id").filter(|id| id.parse::<i64>().is_ok());
                entity.custom_emoji = Some(
                    id.ok_or("Invalid custom emoji identifier specified")?
                        .to_owned(),
                );
            }
            _ => {}
        }
        let language = attribute("class").and_then(|class| class.strip_prefix("language-"));
        let entity = match (kind, language, self.open.last_mut()) {
            (
                "code",
                Some(language),
                Some(Open {
                    entity: Some(pre), ..
                }),
            ) if pre.kind == "pre" && pre.offset == self.units => {
                pre.language = Some(language.to_owned());
                None
            }
            _ => Some(entity),
        };
        self.open.push(Open { tag, entity });
        Ok(end + 1)
    }

    fn end_tag(&mut self, source: &str, at: usize) -> Result<usize, String> {
        let Some(length) = source[at..].find('>') else {
            return Err(format!("Unclosed end tag at byte offset {at}"));
        };
        let found = source[at + 2..at + length].trim_end().to_lowercase();
        let Some(open) = self.open.pop() else {
            return Err(format!("Unexpected end tag at byte offset {at}"));
        };
        if !found.is_empty() && found != open.tag {
            return Err(format!(
                "Unmatched end tag at byte offset {at}, expected \"</{}>\", found \"</{found}>\"",
                open.tag
            ));
        }
        if let Some(mut entity) = open.entity {
            entity.length = self.units - entity.offset;
            if entity.kind == "text_link" && entity.url.is_none() && entity.user.is_none() {
                let start = byte_of_unit(&self.text, entity.offset);
                link(&mut entity, Some(&self.text[start..]));
            }
            let reachable = entity.kind != "text_link" || entity.url.is_some();
            if entity.length > 0 && (reachable || entity.user.is_some()) {
                self.entities.push(entity);
            }
        }
        Ok(at + length + 1)
    }
}

/// Where the tag that starts at `at` ends: its `>`, quoted values apart.
fn find_tag_end(source: &str, at: usize) -> Option<usize> {
    let mut quote = None;
    for (index, c) in source[at..].char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at + index),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

fn attributes(mut rest: &str, tag_at: usize) -> Result<Vec<(String, String)>, String> {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Ok(found);
        }
        let end = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        let name = rest[..end].to_lowercase();
        if name.is_empty() {
            return Err(format!(
                "Empty attribute name in the tag at byte offset {tag_at}"
            ));
        }
        rest = rest[end..].trim_start();
        let Some(value) = rest.strip_prefix('=') else {
            found.push((name, String::new()));
            continue;
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, after) = if let Some(quote) = quote {
            let unclosed = || format!("Unclosed start tag at byte offset {tag_at}");
            value[1..].split_once(quote).ok_or_else(unclosed)?
        } else {
            value.split_at(value.find(char::is_whitespace).unwrap_or(value.len()))
        };
        found.push((name, decode_all(value)));
        rest = after;
    }
}

fn decode_all(text: &str) -> String {
    let mut decoded = String::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let (c, end) = match decode(text, at) {
            Some(found) if c == '&' => found,
            _ => (c, at + c.len_utf8()),
        };
        decoded.push(c);
        at = end;
    }
    decoded
}

/// The character that the reference at `at` stands for, and where the reference ends.
fn decode(source: &str, at: usize) -> Option<(char, usize)> {
    let rest = source[at..].strip_prefix('&')?;
    let length = rest.find(';').filter(|length| *length <= 10)?;
    let name = &rest[..length];
    let c = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code).filter(|c| *c != '\0')?
        }
    };
    Some((c, at + 1 + length + 1))
}

/// Points a link at its address: a mention of a user, or a page. An address that is none of both
/// makes no link, as the API does it.
fn link(entity: &mut Entity, href: Option<&str>) {
    let Some(href) = href.filter(|href| !href.is_empty()) else {
        return;
    };
    let user = href
        .strip_prefix("tg://user?id=")
        .and_then(|id| id.parse().ok());
    if let Some(user) = user {
        "text_mention".clone_into(&mut entity.kind);
        entity.user = Some(user);
    } else if is_address(href) {
        entity.url = Some(href.to_owned());
    }
}

/// Whether this can be a link or a button's address.
pub(crate) fn is_address(text: &str) -> bool {
    let lower = text.to_lowercase();
    let tail = ["http://", "https://", "tg://", "ton://", "mailto:"]
        .iter()
        .find_map(|scheme| lower.strip_prefix(scheme));
    match tail {
        Some(tail) => !tail.is_empty() && !tail.contains(char::is_whitespace),
        None => !lower.contains(char::is_whitespace) && lower.contains('.') && !lower.contains(':'),
    }
}

/// Where the `unit`-th UTF-16 unit of a text starts, in bytes.
fn byte_of_unit(text: &str, unit: usize) -> usize {
    let mut seen = 0;
    for (index, c) in text.char_indices() {
        if seen >= unit {
            return index;
        }
        seen += c.len_utf16();
    }
    debug_assert!(utf16_len(text) <= unit, "an entity lies outside its text");
    text.len()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use proptest::prelude::*;

    use super::*;

    fn shape(source: &str) -> Result<String, String> {
        let (text, entities) = parse(source)?;
        let mut shape = text;
        for entity in entities {
            let (kind, offset, length) = (entity.kind, entity.offset, entity.length);
            let _ = write!(shape, " {kind}@{offset}+{length}");
        }
        Ok(shape)
    }

    #[test]
    fn tags_become_entities_counted_in_utf16() {
        assert_eq!(shape("a<b>b</b>"), Ok("ab bold@1+1".into()));
        assert_eq!(
            shape("🦶<i>x<u>y</u></i>"),
            Ok("🦶xy italic@2+2 underline@3+1".into())
        );
        assert_eq!(shape("<B>x</b><s></s>"), Ok("x bold@0+1".into()));
        assert_eq!(
            shape("<tg-spoiler>a</tg-spoiler><span class='tg-spoiler'>b</span>"),
            Ok("ab spoiler@0+1 spoiler@1+1".into())
        );
        assert_eq!(
            shape("<blockquote expandable>q</blockquote>"),
            Ok("q expandable_blockquote@0+1".into())
        );
    }

    #[test]
    fn references_are_read_and_unknown_ones_stay() {
        assert_eq!(
            shape("1 &lt; 2 &amp;&amp; 3 &gt; &quot;2&quot;"),
            Ok("1 < 2 && 3 > \"2\"".into())
        );
        assert_eq!(shape("&#33;&#x1F9B6;&nbsp;&"), Ok("!🦶&nbsp;&".into()));
    }

    #[test]
    fn links_point_at_pages_and_people() {
        let (_, entities) = parse("<a href=\"https://a.b/?x=1&amp;y=2\">p</a>").unwrap();
        assert_eq!(entities[0].url.as_deref(), Some("https://a.b/?x=1&y=2"));
        let (_, entities) = parse("<a href=\"tg://user?id=42\">Mia</a>").unwrap();
        assert_eq!(
            (entities[0].kind.as_str(), entities[0].user),
            ("text_mention", Some(42))
        );
        assert_eq!(shape("<a href=\"nowhere\">x</a>"), Ok("x".into()));
        assert_eq!(
            shape("<a>https://a.b</a>"),
            Ok("https://a.b text_link@0+11".into())
        );
    }

    #[test]
    fn code_names_its_language() {
        let (text, entities) = parse("<pre><code class=\"language-sh\">ls</code></pre>").unwrap();
        assert_eq!(text, "ls");
        assert_eq!(entities.len(), 1);
        assert_eq!(entities[0].language.as_deref(), Some("sh"));
        assert_eq!(shape("<code>x</code>"), Ok("x code@0+1".into()));
        assert_eq!(
            shape("<tg-emoji emoji-id=\"5\">👍</tg-emoji>"),
            Ok("👍 custom_emoji@0+2".into())
        );
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused(source in "[<>/&;#ab\"'= 🦶]{0,40}|\\PC{0,40}") {
            if let Ok((text, entities)) = parse(&source) {
                let units = utf16_len(&text);
                prop_assert!(entities.iter().all(|e| e.length > 0 && e.offset + e.length <= units));
            }
        }

        #[test]
        fn what_is_escaped_comes_back(text in "\\PC{0,40}") {
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            prop_assert_eq!(parse(&escaped), Ok((text, Vec::new())));
        }
    }

    #[test]
    fn broken_html_is_refused_in_the_words_of_the_api() {
        let cases = [
            (
                "<b>x",
                "Can't find end tag corresponding to start tag \"b\"",
            ),
            ("x</b>", "Unexpected end tag at byte offset 1"),
            (
                "<b><i>x</b></i>",
                "Unmatched end tag at byte offset 7, expected \"</i>\", found \"</b>\"",
            ),
            (
                "<h1>x</h1>",
                "Unsupported start tag \"h1\" at byte offset 0",
            ),
            ("1 < 2", "Unclosed start tag at byte offset 2"),
            ("<br/>", "Unsupported start tag \"br/\" at byte offset 0"),
            ("<b>x</b", "Unclosed end tag at byte offset 4"),
            (
                "<tg-emoji>x</tg-emoji>",
                "Invalid custom emoji identifier specified",
            ),
        ];
        for (source, error) in cases {
            assert_eq!(shape(source), Err(error.to_owned()), "{source}");
        }
    }
}
