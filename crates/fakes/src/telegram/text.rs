//! Texts as Telegram keeps them: counted in UTF-16 units, trimmed, with entities.

use serde_json::{Map, Value, json};

use super::html;
use super::reply::ApiError;

/// The longest text of a message, in UTF-16 units.
pub(crate) const LONGEST_TEXT: usize = 4096;
/// The longest caption, in UTF-16 units.
pub(crate) const LONGEST_CAPTION: usize = 1024;

/// A stretch of a text with a meaning. Offset and length count UTF-16 units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entity {
    /// `bold`, `text_link`, `bot_command` and so on, as the API names them.
    pub kind: String,
    /// Where it starts.
    pub offset: usize,
    /// How long it is.
    pub length: usize,
    /// Where a `text_link` leads.
    pub url: Option<String>,
    /// The language of a `pre`.
    pub language: Option<String>,
    /// Whom a `text_mention` names.
    pub user: Option<i64>,
    /// Which `custom_emoji` it is.
    pub custom_emoji: Option<String>,
}

/// A text with its entities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rich {
    pub(crate) text: String,
    pub(crate) entities: Vec<Entity>,
}

impl Entity {
    pub(crate) fn new(kind: &str, offset: usize, length: usize) -> Self {
        Self {
            kind: kind.to_owned(),
            offset,
            length,
            ..Self::default()
        }
    }

    /// The entity on the wire; `user` is the account a `text_mention` names.
    pub(crate) fn to_json(&self, user: Option<Value>) -> Value {
        let mut json = Map::new();
        json.insert("type".into(), json!(self.kind));
        json.insert("offset".into(), json!(self.offset));
        json.insert("length".into(), json!(self.length));
        let texts = [
            ("url", &self.url),
            ("language", &self.language),
            ("custom_emoji_id", &self.custom_emoji),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                json.insert(name.into(), json!(text));
            }
        }
        if let Some(user) = user {
            json.insert("user".into(), user);
        }
        Value::Object(json)
    }

    fn from_json(json: &Value) -> Option<Self> {
        let number = |name: &str| usize::try_from(json[name].as_u64()?).ok();
        let text = |name: &str| json[name].as_str().map(str::to_owned);
        Some(Self {
            kind: text("type")?,
            offset: number("offset")?,
            length: number("length")?,
            url: text("url"),
            language: text("language"),
            user: json["user"]["id"].as_i64(),
            custom_emoji: text("custom_emoji_id"),
        })
    }

    fn end(&self) -> usize {
        // A caller may claim anything.
        self.offset.saturating_add(self.length)
    }
}

impl Rich {
    /// A text as a person types it.
    pub(crate) fn typed(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            entities: Vec::new(),
        }
        .finished()
    }

    /// A text as a call gives it: with `parse_mode`, with entities, or plain.
    pub(crate) fn given(
        text: &str,
        parse_mode: Option<&str>,
        entities: Option<&Value>,
    ) -> Result<Self, ApiError> {
        let entities = entities
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let rich = match parse_mode.map(str::to_lowercase).as_deref() {
            None | Some("") => Self {
                text: text.to_owned(),
                entities: entities.iter().filter_map(Entity::from_json).collect(),
            },
            Some("html") => {
                let (text, entities) = html::parse(text).map_err(|what| {
                    ApiError::violation(&format!("can't parse entities: {what}"))
                })?;
                Self { text, entities }
            }
            Some("markdown" | "markdownv2") => {
                return Err(ApiError::violation(
                    "this fake reads no Markdown, only HTML",
                ));
            }
            Some(_) => return Err(ApiError::violation("unsupported parse_mode")),
        };
        Ok(rich.finished())
    }

    /// The first entity, if it is a command that stands right at the start.
    pub(crate) fn command(&self) -> Option<&str> {
        let first = self
            .entities
            .iter()
            .find(|entity| entity.kind == "bot_command")?;
        // Commands are ASCII, so that units and bytes are the same.
        (first.offset == 0)
            .then(|| self.text.get(..first.length))
            .flatten()
    }

    /// Trims the text, and finds commands, mentions and addresses in it.
    fn finished(mut self) -> Self {
        let start = self.text.len() - self.text.trim_start().len();
        let cut = utf16_len(&self.text[..start]);
        self.text = self.text.trim().to_owned();
        let units = utf16_len(&self.text);
        for entity in &mut self.entities {
            let end = entity.end().saturating_sub(cut).min(units);
            entity.offset = entity.offset.saturating_sub(cut);
            entity.length = end.saturating_sub(entity.offset);
        }
        self.entities.retain(|entity| entity.length > 0);
        let found = found_in(&self.text);
        let given = self.entities.len();
        for entity in found {
            let free = self.entities[..given].iter().all(|other| {
                let opaque = matches!(other.kind.as_str(), "code" | "pre" | "text_link");
                !opaque || other.end() <= entity.offset || entity.end() <= other.offset
            });
            if free {
                self.entities.push(entity);
            }
        }
        self.entities
            .sort_by_key(|entity| (entity.offset, std::cmp::Reverse(entity.length)));
        self
    }
}

/// The length of a text as Telegram counts it.
pub(crate) fn utf16_len(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The commands, mentions and addresses that Telegram finds in a plain text.
fn found_in(text: &str) -> Vec<Entity> {
    let mut found = Vec::new();
    let mut units = 0;
    let mut before = None;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let match_here = match c {
            '/' => command(before, rest).map(|length| ("bot_command", length)),
            '@' => mention(before, rest).map(|length| ("mention", length)),
            'h' => address(before, rest).map(|length| ("url", length)),
            _ => None,
        };
        let step = match match_here {
            Some((kind, length)) => {
                let inside = &rest[..length];
                found.push(Entity::new(kind, units, utf16_len(inside)));
                length
            }
            None => c.len_utf8(),
        };
        units += utf16_len(&rest[..step]);
        before = rest[..step].chars().next_back();
        rest = &rest[step..];
    }
    found
}

/// `/name` or `/name@bot`: its length in bytes, if a command starts here.
fn command(before: Option<char>, rest: &str) -> Option<usize> {
    if before.is_some_and(|c| is_word(c) || matches!(c, '/' | '<' | '>')) {
        return None;
    }
    let name = ascii_word(&rest[1..]);
    if name == 0 || name > 64 {
        return None;
    }
    let mut end = 1 + name;
    if rest[end..].starts_with('@') {
        let addressee = ascii_word(&rest[end + 1..]);
        if (3..=32).contains(&addressee) {
            end += 1 + addressee;
        }
    }
    let after = rest[end..].chars().next();
    let cut_short = after.is_some_and(|c| is_word(c) || matches!(c, '/' | '<' | '>'));
    (!cut_short).then_some(end)
}

fn mention(before: Option<char>, rest: &str) -> Option<usize> {
    let name = ascii_word(&rest[1..]);
    let apart = !before.is_some_and(is_word);
    let whole = !rest[1 + name..].chars().next().is_some_and(is_word);
    (apart && whole && (3..=32).contains(&name)).then_some(1 + name)
}

fn address(before: Option<char>, rest: &str) -> Option<usize> {
    if before.is_some_and(is_word) || !(rest.starts_with("http://") || rest.starts_with("https://"))
    {
        return None;
    }
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"'));
    let whole =
        rest[..end.unwrap_or(rest.len())].trim_end_matches(['.', ',', ';', ':', '!', '?', ')']);
    (whole.len() > "https://".len()).then_some(whole.len())
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn ascii_word(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    fn shape(text: &str) -> String {
        let rich = Rich::typed(text);
        let mut shape = rich.text;
        for entity in rich.entities {
            let (kind, offset, length) = (entity.kind, entity.offset, entity.length);
            let _ = write!(shape, " {kind}@{offset}+{length}");
        }
        shape
    }

    #[test]
    fn commands_are_found_where_telegram_finds_them() {
        assert_eq!(shape("/ankle test 9cm"), "/ankle test 9cm bot_command@0+6");
        assert_eq!(shape("  /ankle\n"), "/ankle bot_command@0+6");
        assert_eq!(
            shape("/ankle@Some_Bot x"),
            "/ankle@Some_Bot x bot_command@0+15"
        );
        assert_eq!(
            shape("🦶 /a, /b-c"),
            "🦶 /a, /b-c bot_command@3+2 bot_command@7+2"
        );
        assert_eq!(shape("9/10 a/b //c /d/ /é"), "9/10 a/b //c /d/ /é");
        assert_eq!(shape("/ankleé"), "/ankleé");
    }

    #[test]
    fn mentions_and_addresses_are_found_too() {
        assert_eq!(shape("hi @mia_runs!"), "hi @mia_runs! mention@3+9");
        assert_eq!(shape("see https://a.b/c."), "see https://a.b/c. url@4+13");
        assert_eq!(shape("me@home.org"), "me@home.org");
    }

    #[test]
    fn a_command_counts_only_at_the_start() {
        assert_eq!(Rich::typed("/ankle x").command(), Some("/ankle"));
        assert_eq!(Rich::typed("try /ankle").command(), None);
    }

    #[test]
    fn trimming_moves_and_cuts_entities() {
        let rich = Rich::given(" <b>\n a </b> ", Some("HTML"), None).unwrap();
        assert_eq!(rich.text, "a");
        assert_eq!(rich.entities, [Entity::new("bold", 0, 1)]);
        let rich = Rich::given("<code>/a</code> /b", Some("html"), None).unwrap();
        assert_eq!(
            rich.entities,
            [Entity::new("code", 0, 2), Entity::new("bot_command", 3, 2)]
        );
    }

    #[test]
    fn entities_outside_the_text_are_cut_off() {
        let claims = json!([
            {"type": "bold", "offset": 1, "length": u64::MAX},
            {"type": "italic", "offset": u64::MAX, "length": u64::MAX},
        ]);
        let rich = Rich::given("ab", None, Some(&claims)).unwrap();
        assert_eq!(rich.entities, [Entity::new("bold", 1, 1)]);
    }

    #[test]
    fn only_html_is_read() {
        assert!(
            Rich::given("*a*", Some("MarkdownV2"), None)
                .unwrap_err()
                .violation
        );
        assert!(Rich::given("a", Some("RTF"), None).unwrap_err().violation);
    }
}
