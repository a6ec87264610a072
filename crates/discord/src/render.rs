//! Cards as Discord's embeds and buttons. Every name is escaped below here, and only there.

mod markdown;

use ankle_core::card::{Block, Button, Card, File};
use serde_json::{Value, json};

pub use markdown::{as_typed_here, cut, units};

/// The longest text of an embed.
const MAX_DESCRIPTION: usize = 4_096;

/// The longest label of a button.
const MAX_LABEL: usize = 80;

/// As many rows of buttons as a message has, and as many buttons as a row.
pub const MAX_ROWS: usize = 5;

/// A message, as Discord takes it, but for where it goes and who sees it.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its JSON.
    pub body: Value,
    /// Its files.
    pub files: Vec<File>,
}

/// What a button needs to know of where it will stand.
#[derive(Clone, Copy, Debug)]
pub struct Stand {
    /// The asker's number.
    pub owner: Option<i64>,
    /// Whether others are there.
    pub in_room: bool,
}

/// A card as messages: one, unless it is too long, and then cut between blocks. Buttons and files come
/// with the last.
pub fn messages(card: &Card, stand: Stand) -> Vec<Draft> {
    let mut texts = texts(card);
    let last = texts.pop().unwrap_or_default();
    let mut drafts: Vec<_> = texts
        .into_iter()
        .map(|text| Draft {
            body: body(&text, Vec::new()),
            files: Vec::new(),
        })
        .collect();
    drafts.push(Draft {
        body: body(&last, rows(&card.buttons, stand)),
        files: card.files.clone(),
    });
    drafts
}

/// A row with one button that is none of the card's.
pub fn extra_row(label: &str, id: &str) -> Value {
    row_of(vec![component(label, id)])
}

/// Everything is set, so that it also clears what an edited message held before. Nobody is mentioned,
/// whatever the text says. What is put into `json!` is copied, so what is there already is moved in.
fn body(text: &str, rows: Vec<Value>) -> Value {
    let mut body = json!({
        "content": "",
        "embeds": [],
        "allowed_mentions": { "parse": [] },
    });
    body["components"] = Value::Array(rows);
    // Discord refuses an embed that says nothing.
    if !text.trim().is_empty() {
        body["embeds"] = json!([{ "type": "rich", "description": text }]);
    }
    body
}

fn row_of(components: Vec<Value>) -> Value {
    let mut row = json!({ "type": 1 });
    row["components"] = Value::Array(components);
    row
}

fn rows(rows: &[Vec<Button>], stand: Stand) -> Vec<Value> {
    let mut seen = Vec::new();
    let mut row = |buttons: &Vec<Button>| -> Option<Value> {
        let mut components = Vec::new();
        for button in buttons
            .iter()
            .filter(|b| stand.in_room || !b.needs_room)
            .take(5)
        {
            let id = button.wire(stand.owner);
            // Two of the same would be the same press, and Discord refuses them.
            if !seen.contains(&id) {
                components.push(component(&button.label, &id));
                seen.push(id);
            }
        }
        (!components.is_empty()).then(|| row_of(components))
    };
    rows.iter().filter_map(&mut row).take(MAX_ROWS).collect()
}

fn component(label: &str, id: &str) -> Value {
    json!({ "type": 2, "style": 2, "label": cut(label, MAX_LABEL), "custom_id": id })
}

/// The text of a card, in pieces that fit.
fn texts(card: &Card) -> Vec<String> {
    let mut texts = Vec::new();
    let mut text = String::new();
    for piece in card.blocks.iter().flat_map(pieces) {
        if !text.is_empty() && units(&text) + 1 + units(&piece) > MAX_DESCRIPTION {
            texts.push(std::mem::take(&mut text));
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&piece);
    }
    texts.push(text);
    texts
}

/// A block in pieces that each fit. Only one that is longer than an embed by itself is cut, and loses
/// its markup.
fn pieces(block: &Block) -> Vec<String> {
    let text = markdown::text(block.text());
    let whole = match block {
        Block::Title(_) => format!("**{text}**"),
        Block::Line(_) => markdown::line(&text),
        Block::Item(_) => format!("• {text}"),
    };
    if units(&whole) <= MAX_DESCRIPTION {
        return vec![whole];
    }
    let bare = Card::line(block.text().clone());
    markdown::slices(&ankle_core::card::plain(&bare), MAX_DESCRIPTION)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ankle_core::card::{Span, Text};
    use proptest::prelude::*;

    const HERE: Stand = Stand {
        owner: Some(7),
        in_room: true,
    };

    fn shown(card: &Card) -> Vec<String> {
        let drafts = messages(card, HERE);
        let text = |draft: &Draft| {
            draft.body["embeds"][0]["description"]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        drafts.iter().map(text).collect()
    }

    #[test]
    fn a_long_card_is_cut_between_blocks_and_its_buttons_come_last() {
        let line = |c: &str| Text::plain(c.repeat(3_000));
        let card = Card::line(line("a"))
            .with(line("b"))
            .with(line("c"))
            .with_buttons([Button::for_asker("Undo", "undo")]);
        let drafts = messages(&card, HERE);
        assert_eq!(
            shown(&card).iter().map(String::len).collect::<Vec<_>>(),
            [3_000; 3]
        );
        let buttons: Vec<_> = drafts
            .iter()
            .map(|d| d.body["components"].as_array().unwrap().len())
            .collect();
        assert_eq!(buttons, [0, 0, 1]);
    }

    #[test]
    fn nobody_is_ever_mentioned() {
        let card = Card::line(Text(vec![Span::Name("@everyone <@1>".into())]));
        for draft in messages(&card, HERE) {
            assert_eq!(draft.body["allowed_mentions"], json!({ "parse": [] }));
            assert_eq!(draft.body["content"], "");
        }
    }

    #[test]
    fn a_button_says_its_line_and_none_says_it_twice() {
        let card = Card::line(Text::plain("x"))
            .with_buttons([
                Button::for_asker("Undo", "undo"),
                Button::for_asker("Again", "undo"),
            ])
            .with_buttons([Button::for_anyone("Share", "share 1").map(Button::in_rooms_only)]);
        let here = &messages(&card, HERE)[0].body["components"];
        assert_eq!(
            here,
            &json!([
                { "type": 1, "components": [{ "type": 2, "style": 2, "label": "Undo", "custom_id": "7|undo" }] },
                { "type": 1, "components": [{ "type": 2, "style": 2, "label": "Share", "custom_id": "-|share 1" }] },
            ])
        );
        let alone = Stand {
            in_room: false,
            ..HERE
        };
        let rows = &messages(&card, alone)[0].body["components"];
        assert_eq!(
            rows.as_array().unwrap().len(),
            1,
            "what needs a room is left out"
        );
    }

    proptest! {
        #[test]
        fn no_message_is_longer_than_discord_takes(lines in proptest::collection::vec("\\PC{0,5000}", 0..4)) {
            let card = lines.iter().fold(Card::default(), |card, line| {
                card.with(Text(vec![Span::Name(line.clone()), Span::Text(line.clone())]))
            });
            for text in shown(&card) {
                prop_assert!(units(&text) <= MAX_DESCRIPTION);
            }
        }
    }
}
