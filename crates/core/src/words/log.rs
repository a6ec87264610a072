use jiff::civil::Date;

use super::format::side_key;
use super::lunge::{ids, state_key};
use super::{Arg, PRIVATE, Speaker};
use crate::card::{Block, Button, Card, Size, Span, Text};
use crate::club::{Entry, EntryId, Standing};
use crate::measure::{Distance, Side};

/// One entry in a few words: `Left 9.4 cm, Tue 24 Nov (#812)`.
#[must_use]
pub fn entry_text(say: Speaker, entry: &Entry, today: Date) -> Text {
    say.say(
        "entry",
        &[
            ("side", Arg::Key(entry.side.map_or("unknown", Side::word))),
            ("cm", Arg::Words(say.cm(entry.distance))),
            ("day", Arg::Words(say.day(entry.day, today))),
            ("id", Arg::Words(entry.id.to_string())),
        ],
    )
}

fn entries_text(say: Speaker, entries: &[Entry], today: Date) -> Text {
    Text::joined(
        entries.iter().map(|entry| entry_text(say, entry, today)),
        " · ",
    )
}

fn leg_text(say: Speaker, entry: &Entry, standing: Standing) -> Text {
    let side = entry.side.map_or("unknown", Side::word);
    let standing = match standing {
        Standing::Unconfirmed => "unconfirmed",
        Standing::Live | Standing::Undone => "live",
    };
    say.say(
        "history-leg",
        &[
            ("side", Arg::Key(side)),
            ("cm", Arg::Words(say.cm(entry.distance))),
            ("standing", Arg::Key(standing)),
        ],
    )
}

/// The legs of a test as a room may hear them: centimetres and degrees, never the band.
#[must_use]
pub fn legs_text(say: Speaker, entries: &[Entry]) -> Text {
    Text::joined(
        entries.iter().map(|entry| {
            let degrees = Arg::Words(say.degrees(entry.distance.rule_angle()));
            let reach = Arg::Text(say.reach(entry.distance, entry.unit));
            match entry.side {
                Some(side) => say.say(
                    "lunge-leg",
                    &[
                        ("side", side_key(side)),
                        ("reach", reach),
                        ("degrees", degrees),
                    ],
                ),
                None => Text::joined(
                    [
                        say.reach(entry.distance, entry.unit),
                        Text::plain(format!("≈ {}", say.degrees(entry.distance.rule_angle()))),
                    ],
                    " ",
                ),
            }
        }),
        " · ",
    )
}

/// A result for the room: one line, for who chose to share it.
#[must_use]
pub fn share_card(say: Speaker, name: &str, entries: &[Entry]) -> Card {
    Card::line(say.say(
        "share",
        &[
            ("name", Arg::Name(name.to_owned())),
            ("legs", Arg::Text(legs_text(say, entries))),
        ],
    ))
}

/// To who shares what the room has been told.
#[must_use]
pub fn shared_before_card(say: Speaker) -> Card {
    Card::line(say.say("shared-before", &[]))
}

/// That a test is saved, and its numbers.
pub(super) fn saved_card(say: Speaker, entries: &[Entry]) -> Card {
    let legs = ("legs", Arg::Text(legs_text(say, entries)));
    Card::line(say.say("aside-saved", &[legs]))
}

/// The answer to an undo, with a way back.
#[must_use]
pub fn undone_card(say: Speaker, entries: &[Entry], before: bool, today: Date) -> Card {
    let what = ("what", Arg::Text(entries_text(say, entries, today)));
    let id = if before { "undone-before" } else { "undone" };
    let numbers: Vec<EntryId> = entries.iter().map(|entry| entry.id).collect();
    let restore = format!("restore {}", ids(&numbers));
    Card::line(say.say(id, &[what]))
        .with_buttons([Button::for_asker(say.label("button-restore"), restore)])
}

/// The answer to taking an undo back.
#[must_use]
pub fn restored_card(say: Speaker, entries: &[Entry], today: Date) -> Card {
    let what = ("what", Arg::Text(entries_text(say, entries, today)));
    Card::line(say.say("restored", &[what]))
}

/// The answer to a confirmed unlikely value.
#[must_use]
pub fn confirmed_card(say: Speaker, entries: &[Entry], today: Date) -> Card {
    let what = ("what", Arg::Text(entries_text(say, entries, today)));
    Card::line(say.say("confirmed", &[what]))
}

/// A leg's first and last cold test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trend {
    /// The leg.
    pub side: Side,
    /// The baseline.
    pub first: (Date, Distance),
    /// The latest.
    pub last: (Date, Distance),
}

/// How many sessions a page of the history shows at most.
const ROWS: usize = 4;

/// The history: `entries` newest first, and whether this is the first page and more follow in any
/// case. `trend` are the first and the last cold test of each leg.
#[must_use]
pub fn history_card(
    say: Speaker,
    entries: &[Entry],
    trend: &[Trend],
    (first_page, more): (bool, bool),
    today: Date,
) -> Card {
    if entries.is_empty() {
        let id = if first_page {
            "history-empty"
        } else {
            "history-end"
        };
        return Card::line(say.say(id, &[]));
    }
    let sessions: Vec<&[Entry]> = entries
        .chunk_by(|a, b| a.day == b.day && a.state == b.state)
        .collect();
    let trend = first_page.then(|| trend_text(say, trend, today)).flatten();
    let page = |rows: usize| {
        let mut card = Card::default();
        card.blocks
            .push(Block::Title(say.say("history-title", &[])));
        let items = sessions
            .iter()
            .take(rows)
            .map(|session| Block::Item(row(say, session, today)));
        card.blocks.extend(items);
        trend.iter().cloned().fold(card, Card::with)
    };
    // A page ends between two days: what is older is asked for by day.
    let day = |row: usize| sessions[row][0].day;
    let ends = |rows: usize| rows == sessions.len() || day(rows) != day(rows - 1);
    let most = sessions.len().min(ROWS);
    let fitting = (1..=most)
        .rev()
        .find(|rows| ends(*rows) && Size::of(&page(*rows)).fits(PRIVATE));
    let rows = fitting.unwrap_or_else(|| (1..=sessions.len()).find(|r| ends(*r)).unwrap_or(most));
    let older =
        (more || rows < sessions.len()).then(|| format!("history before:{}", day(rows - 1)));
    page(rows)
        .with_buttons([older.and_then(|line| Button::for_asker(say.label("button-older"), line))])
}

fn row(say: Speaker, session: &[Entry], today: Date) -> Text {
    // Newest first on the page, but left before right within a session.
    let mut legs: Vec<&Entry> = session.iter().collect();
    legs.sort_by_key(|entry| (entry.side.is_none(), entry.side, entry.id));
    let numbers: Vec<_> = legs
        .iter()
        .map(|e| Span::Code(format!("#{}", e.id)))
        .collect();
    let numbers = numbers.into_iter().map(|span| Text(vec![span]));
    let texts = legs
        .iter()
        .map(|entry| leg_text(say, entry, entry.standing));
    say.say(
        "history-row",
        &[
            ("day", Arg::Words(say.date(session[0].day, today))),
            ("legs", Arg::Text(Text::spaced(texts))),
            ("state", state_key(session[0].state)),
            ("ids", Arg::Text(Text::spaced(numbers))),
        ],
    )
}

fn trend_text(say: Speaker, trend: &[Trend], today: Date) -> Option<Text> {
    let start = trend.iter().map(|leg| leg.first.0).min()?;
    let legs = trend.iter().map(|leg| {
        let cm = Arg::Words(say.change(leg.last.1.dmm() - leg.first.1.dmm()));
        let live = ("standing", Arg::Key("live"));
        say.say(
            "history-leg",
            &[("side", side_key(leg.side)), ("cm", cm), live],
        )
    });
    Some(say.say(
        "history-trend",
        &[
            ("day", Arg::Words(say.date(start, today))),
            ("legs", Arg::Text(Text::joined(legs, ", "))),
        ],
    ))
}
