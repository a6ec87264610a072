use super::{Arg, PRIVATE, ROOM, Speaker};
use crate::card::{Block, Button, Card, Size, Span, Text};
use crate::club::{Board, BoardKind, BoardTime, Place, first_name};

/// Lines of a board in a room.
const LINES: usize = 3;

/// Names on one line of it.
const NAMES: usize = 3;

/// A board for a room: the best three places, and what all did together.
#[must_use]
pub fn board_card(say: Speaker, board: &Board) -> Card {
    let button = |id: &str, show: &str| {
        let (kind, time) = (board.kind.word(), board.time.word());
        let line = format!("leaderboard {kind} {time} show:{show}");
        Button::for_anyone(say.label(id), line)
    };
    let more = board.places.len() > LINES || board.places.iter().any(|p| p.names.len() > NAMES);
    let buttons = [
        button("button-my-rank", "mine"),
        button("button-more", "more").filter(|_| more),
    ];
    if board.people == 0 {
        return empty(say, board);
    }
    (1..=NAMES)
        .rev()
        .map(|names| page(say, board, (LINES, names)))
        .find(|card| Size::of(card).fits(ROOM))
        .unwrap_or_else(|| page(say, board, (1, 1)))
        .with_buttons(buttons)
}

/// As much of a board as a private answer holds.
#[must_use]
pub fn board_more_card(say: Speaker, board: &Board) -> Card {
    if board.people == 0 {
        return empty(say, board);
    }
    (1..=board.places.len().max(1))
        .rev()
        .map(|lines| page(say, board, (lines, NAMES)))
        .find(|card| Size::of(card).fits(PRIVATE))
        .unwrap_or_else(|| page(say, board, (1, 1)))
}

/// Where somebody stands, told to him alone.
#[must_use]
pub fn own_rank_card(say: Speaker, board: &Board, score: u32) -> Card {
    let kind = || ("kind", Arg::Key(board.kind.word()));
    if score == 0 {
        return Card::line(say.say("rank-none", &[kind()]));
    }
    let count = |number: u32| Arg::Count(i64::from(number));
    let rank = count(board.rank_of(score));
    let people = count(board.people);
    let args = [
        kind(),
        ("rank", rank),
        ("people", people),
        ("score", count(score)),
    ];
    let card = Card::line(title(say, board)).with(say.say("rank", &args));
    let next = board.next_above(score).map(|next| {
        let ahead = ("ahead", count(next - score));
        say.say("rank-next", &[kind(), ahead])
    });
    next.into_iter().fold(card, Card::with)
}

fn empty(say: Speaker, board: &Board) -> Card {
    let kind = ("kind", Arg::Key(board.kind.word()));
    Card::line(title(say, board)).with(say.say("board-empty", &[kind]))
}

fn page(say: Speaker, board: &Board, (lines, names): (usize, usize)) -> Card {
    let mut card = Card::default();
    card.blocks.push(Block::Title(title(say, board)));
    for place in board.places.iter().take(lines) {
        card.blocks.push(Block::Line(line(say, place, names)));
    }
    let kind = ("kind", Arg::Key(board.kind.word()));
    let people = ("people", Arg::Count(i64::from(board.people)));
    let total = ("total", Arg::Count(i64::from(board.total)));
    card.with(say.say("board-total", &[kind, people, total]))
        .with(say.say("board-honest", &[]))
}

fn title(say: Speaker, board: &Board) -> Text {
    let first = match board.kind {
        BoardKind::Streak => BoardTime::All.first_day(board.today),
        _ => board.time.first_day(board.today),
    };
    say.say(
        "board-title",
        &[
            ("kind", Arg::Key(board.kind.word())),
            ("time", Arg::Key(board.time.word())),
            ("first", Arg::Words(say.date(first, board.today))),
            ("today", Arg::Words(say.day(board.today, board.today))),
            ("zone", Arg::Words(board.zone.city())),
        ],
    )
}

/// `Ana 5`.
pub(super) fn score_text(name: &str, score: u32) -> Text {
    let name = Text(vec![Span::Name(first_name(name))]);
    name.then(Text::plain(format!(" {score}")))
}

/// `2  Ana 5, Jonas 5`.
pub(super) fn line(say: Speaker, place: &Place, names: usize) -> Text {
    let score = format!(" {}", place.score);
    let each = place.names.iter().take(names);
    let each = each.map(|name| score_text(name, place.score));
    let listed = Text::joined(each, ", ");
    let left = place.names.len().saturating_sub(names);
    let others = left + place.unnamed as usize;
    let others = match (others, listed.is_empty()) {
        (0, _) => Text::default(),
        (others, true) => {
            let count = (
                "count",
                Arg::Count(i64::try_from(others).unwrap_or(i64::MAX)),
            );
            say.say("board-unnamed", &[count]).then(Text::plain(score))
        }
        (others, false) => Text::plain(format!(" +{others}")),
    };
    Text::plain(format!("{}  ", place.rank))
        .then(listed)
        .then(others)
}
