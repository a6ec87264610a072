use jiff::civil::Date;

use super::board::score_text;
use super::challenge::{challenge_day_text, join_button};
use super::check_in::exercises_words;
use super::{Arg, PRIVATE, ROOM, Speaker};
use crate::card::{Block, Button, Card, Size, Span, Text};
use crate::club::{Board, ChallengeDay, Phase, PostId, first_name};
use crate::exercise::{Exercise, Exercises};

/// What a reminder says on one day.
#[derive(Clone, Debug)]
pub struct Post<'a> {
    /// What it reminds of.
    pub exercises: Exercises,
    /// Its day.
    pub day: Date,
    /// What is unusual about it.
    pub mark: Option<Mark>,
    /// Who has done something today and may be named, latest first.
    pub done: &'a [String],
    /// How many have done something today, named or not.
    pub people: u32,
    /// What all did together in the week before, if this is the first post of a week: how many people, and
    /// how many check-ins.
    pub last_week: Option<(u32, u32)>,
    /// The board that comes with it.
    pub board: Option<&'a Board>,
    /// Challenges of which it says that they begin, are half-way or end.
    pub challenges: &'a [ChallengeDay],
    /// Its number, for its buttons; none for a preview.
    pub id: Option<PostId>,
}

/// What is unusual about a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It comes more than ten minutes late.
    Late,
    /// An organiser tries it out.
    Test,
}

/// Names behind "Done today".
const NAMES: usize = 5;

/// The most that stand under a message.
const BUTTONS: usize = 5;

/// Names of the board.
const BEST: usize = 3;

/// What a post has room for.
#[derive(Clone, Copy)]
struct Shape {
    /// How each exercise is done, rather than its name alone.
    doses: bool,
    /// As many names of those who are done.
    names: usize,
    /// What all did together in the week before.
    last_week: bool,
    /// The best of the board.
    board: bool,
    /// As many challenges.
    challenges: usize,
}

/// A reminder as a room reads it. Last week gives way first, then names, then the board, and what is to
/// be done only after them; the line that says when to skip stays, and so does what there is to say of
/// one challenge.
#[must_use]
pub fn post_card(say: Speaker, post: &Post<'_>) -> Card {
    let shape = |doses, names, last_week, board| Shape {
        doses,
        names,
        last_week,
        board,
        challenges: 1,
    };
    let shapes = [
        shape(true, NAMES, true, true),
        shape(true, NAMES, false, true),
        shape(true, 3, false, true),
        shape(true, 1, false, true),
        shape(true, NAMES, false, false),
        shape(true, 1, false, false),
        shape(false, NAMES, false, true),
        shape(false, 1, false, true),
    ];
    let fitting = (1..=post.challenges.len().max(1))
        .rev()
        .flat_map(|challenges| {
            shapes.map(|shape| Shape {
                challenges,
                ..shape
            })
        })
        .map(|shape| page(say, post, shape))
        .find(|card| Size::of(card).fits(ROOM));
    let card = fitting.unwrap_or_else(|| page(say, post, shape(false, 0, false, false)));
    match post.id {
        Some(id) => buttons(say, post, &format!(" post:{id}"), card),
        None => card,
    }
}

/// The challenges in the order of how badly their lines want to stay.
fn challenges<'a>(post: &Post<'a>) -> Vec<&'a ChallengeDay> {
    let mut all: Vec<_> = post.challenges.iter().collect();
    all.sort_by_key(|one| match one.phase {
        Phase::Last => 0,
        Phase::First => 1,
        Phase::HalfWay => 2,
    });
    all
}

/// A reminder of one's own, for the private chat.
#[must_use]
pub fn nudge_card(say: Speaker, exercises: Exercises, day: Date) -> Card {
    let post = Post {
        exercises,
        day,
        mark: None,
        done: &[],
        people: 0,
        last_week: None,
        challenges: &[],
        board: None,
        id: None,
    };
    let title = say.say("nudge-title", &[("day", Arg::Words(say.day(day, day)))]);
    let shapes = [true, false].map(|doses| {
        let shape = Shape {
            doses,
            names: 0,
            last_week: false,
            board: false,
            challenges: 0,
        };
        let mut card = page(say, &post, shape);
        card.blocks[0] = Block::Title(title.clone());
        card
    });
    let [whole, short] = shapes;
    let card = if Size::of(&whole).fits(PRIVATE) {
        whole
    } else {
        short
    };
    buttons(say, &post, "", card)
}

fn page(say: Speaker, post: &Post<'_>, shape: Shape) -> Card {
    let mut card = Card::default();
    let day = ("day", Arg::Words(say.day(post.day, post.day)));
    let mark = post.mark.map(|mark| match mark {
        Mark::Late => say.say("post-late", &[]),
        Mark::Test => say.say("post-test", &[]),
    });
    let title = [Some(say.say("post-title", &[day])), mark];
    let title = Text::joined(title.into_iter().flatten(), " · ");
    card.blocks.push(Block::Title(title));
    if shape.doses {
        let each = post.exercises.iter().map(|one| dose(say, one));
        card.blocks.extend(each.map(Block::Item));
    } else {
        let all = exercises_words(say, post.exercises);
        card.blocks.push(Block::Item(Text::plain(all)));
    }
    let skip = if post.exercises.contains(Exercise::CalfRaise) {
        "post-skip-raises"
    } else {
        "post-skip"
    };
    card = card.with(say.say(skip, &[]));
    let challenges = challenges(post).into_iter().take(shape.challenges);
    let challenges = challenges.map(|one| challenge_day_text(say, one, post.day));
    card = challenges.fold(card, Card::with);
    if post.people > 0 {
        card = card.with(done(say, post, shape.names));
    }
    let last_week = post.last_week.filter(|_| shape.last_week);
    let last_week = last_week.map(|(people, check_ins)| {
        let count = |count: u32| Arg::Count(i64::from(count));
        say.say(
            "post-last-week",
            &[("people", count(people)), ("count", count(check_ins))],
        )
    });
    let card = last_week.into_iter().fold(card, Card::with);
    let best = post
        .board
        .filter(|_| shape.board)
        .and_then(|board| best(say, board, shape.names.min(BEST)));
    best.into_iter().fold(card, Card::with)
}

/// How an exercise is done, and how much of it.
fn dose(say: Speaker, exercise: Exercise) -> Text {
    say.say("post-dose", &[("exercise", Arg::Key(exercise.word()))])
}

fn done(say: Speaker, post: &Post<'_>, names: usize) -> Text {
    let shown: Vec<_> = post.done.iter().take(names).collect();
    let listed = i64::try_from(shown.len()).unwrap_or(0);
    let left = i64::from(post.people) - listed;
    let spans = shown
        .into_iter()
        .map(|name| Text(vec![Span::Name(first_name(name))]));
    let text = Text::joined(spans, ", ");
    let more = match (left, text.is_empty()) {
        (1.., false) => Text::plain(format!(" +{left}")),
        _ => Text::default(),
    };
    let names = if text.is_empty() {
        text
    } else {
        Text::plain(" · ").then(text).then(more)
    };
    let people = ("people", Arg::Count(i64::from(post.people)));
    say.say("post-done", &[people, ("names", Arg::Text(names))])
}

fn best(say: Speaker, board: &Board, most: usize) -> Option<Text> {
    let all = board.places.iter();
    let named = all.flat_map(|place| place.names.iter().map(|name| (name, place.score)));
    let best: Vec<_> = named
        .take(most)
        .map(|(name, score)| score_text(name, score))
        .collect();
    let time = ("time", Arg::Key(board.time.word()));
    let listed = ("names", Arg::Text(Text::joined(best.clone(), " · ")));
    (!best.is_empty()).then(|| say.say("post-board", &[time, listed]))
}

/// One for each exercise, and one for all of them where a line has room; then one to join each
/// challenge that begins.
fn buttons(say: Speaker, post: &Post<'_>, of: &str, card: Card) -> Card {
    let line = |what: &str| format!("done {what} on:{}{of}", post.day);
    let each = post.exercises.iter().map(|one| {
        let what = (
            "what",
            Arg::Words(exercises_words(say, Exercises::NONE.with(one))),
        );
        Button::for_anyone(say.label_with("button-done", &[what]), line(one.short()))
    });
    let short: Vec<_> = post.exercises.iter().map(Exercise::short).collect();
    let all = (2..5).contains(&short.len()).then(|| {
        let count = ("count", Arg::Count(i64::try_from(short.len()).unwrap_or(0)));
        Button::for_anyone(
            say.label_with("button-done-all", &[count]),
            line(&short.join(",")),
        )
    });
    let begins = challenges(post).into_iter();
    let begins = begins.filter(|one| one.phase == Phase::First);
    let join = begins.map(|one| join_button(say, one.id));
    let each = each.chain(all).chain(join).flatten().map(Some);
    let mut row: Vec<_> = each.take(BUTTONS).collect();
    let second = row.split_off(row.len().min(3));
    card.with_buttons(row).with_buttons(second)
}

#[cfg(test)]
#[path = "post_tests.rs"]
mod tests;
