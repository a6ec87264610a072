use jiff::civil::Date;

use super::board::line;
use super::check_in::{exercise_words, exercises_words};
use super::{Arg, PRIVATE, ROOM, Reader, Speaker};
use crate::calendar::Zone;
use crate::card::{Block, Button, Card, Size, Span, Text};
use crate::club::{
    Challenge, ChallengeDay, ChallengeId, ChallengeStanding, ChallengeState, Course,
    MOST_CHALLENGES, Phase, ReadyMade, filled,
};

/// A challenge and where it stands.
#[derive(Clone, Debug)]
pub struct ChallengeReport {
    /// The challenge.
    pub challenge: Challenge,
    /// Its days.
    pub course: Course,
    /// Where it stands.
    pub standing: ChallengeStanding,
}

/// Lines of a challenge in a room, and names on one of them.
const LINES: usize = 3;
const NAMES: usize = 3;

/// Cells of a bar.
const CELLS: u32 = 10;

/// A challenge for a room: its days, the bar, the best three places. A new one says so.
#[must_use]
pub fn challenge_card(say: Speaker, report: &ChallengeReport, is_new: bool) -> Card {
    let shapes = [(3, true), (2, true), (2, false), (1, true), (1, false)];
    let page = |(names, whole)| page(say, report, is_new, (LINES, names), whole);
    let mut fitting = shapes.into_iter().map(page);
    let fitting = fitting.find(|card| Size::of(card).fits(ROOM));
    let card = fitting.unwrap_or_else(|| page((1, false)));
    let id = report.challenge.id;
    let button = |label: &str, line: String| Button::for_anyone(say.label(label), line);
    let show = |what: &str| format!("challenge show challenge:{id} show:{what}");
    let mine = button("button-my-days", show("mine"));
    let places = &report.standing.board.places;
    let has_more = places.len() > LINES || places.iter().any(|place| place.names.len() > NAMES);
    let more = button("button-more", show("more")).filter(|_| has_more);
    match report.challenge.state {
        ChallengeState::Open if report.standing.board.today <= report.course.last() => {
            let join = join_button(say, id);
            let leave = button("button-leave", format!("challenge leave challenge:{id}"));
            card.with_buttons([join, mine, more]).with_buttons([leave])
        }
        ChallengeState::Open | ChallengeState::Over { .. } => card.with_buttons([mine, more]),
        ChallengeState::Cancelled => card,
    }
}

/// Whoever presses takes part.
pub(super) fn join_button(say: Speaker, id: ChallengeId) -> Option<Button> {
    let line = format!("challenge join challenge:{id}");
    Button::for_anyone(say.label("button-join"), line)
}

/// As many of each one's days as a private answer holds.
#[must_use]
pub fn challenge_more_card(say: Speaker, report: &ChallengeReport) -> Card {
    (1..=report.standing.board.places.len().max(1))
        .rev()
        .map(|lines| page(say, report, false, (lines, NAMES), false))
        .find(|card| Size::of(card).fits(PRIVATE))
        .unwrap_or_else(|| page(say, report, false, (1, 1), false))
}

/// Somebody's own days, told to him alone. None for who takes no part.
#[must_use]
pub fn own_days_card(say: Speaker, report: &ChallengeReport, days: Option<u32>) -> Card {
    let title = title(&report.challenge);
    let is_open = report.challenge.state == ChallengeState::Open;
    let text = match days {
        None if is_open => say.say("challenge-not-in", &[title, id(report.challenge.id)]),
        None => say.say("challenge-was-not-in", &[title]),
        Some(0) => say.say("challenge-no-day", &[title]),
        Some(days) => {
            let rank = report.standing.board.rank_of(days);
            let rank = ("rank", Arg::Count(i64::from(rank)));
            let joined = ("joined", Arg::Count(i64::from(report.standing.joined)));
            say.say("challenge-own", &[title, count("days", days), rank, joined])
        }
    };
    Card::line(text)
}

fn page(
    say: Speaker,
    report: &ChallengeReport,
    is_new: bool,
    (lines, names): (usize, usize),
    whole: bool,
) -> Card {
    let ChallengeReport {
        challenge,
        course,
        standing,
    } = report;
    let is_over = matches!(challenge.state, ChallengeState::Over { .. });
    let mut card = Card::default();
    card.blocks.push(Block::Title(if is_over {
        say.say("challenge-results", &[title(challenge)])
    } else if is_new {
        say.say("challenge-new", &[title(challenge)])
    } else {
        name(challenge)
    }));
    card = card.with(range(say, report));
    if !is_over && whole {
        let each = challenge
            .exercises
            .iter()
            .map(|one| exercise_words(say, one));
        let what = each.collect::<Vec<_>>().join(" / ");
        card = card.with(say.say("challenge-counts", &[("what", Arg::Words(what))]));
    }
    card = card.with(bar(say, standing.total, challenge.goal));
    for place in standing.board.places.iter().take(lines) {
        card.blocks.push(Block::Line(line(say, place, names)));
    }
    let has_begun = is_over || standing.board.today >= course.first();
    let people = ("people", Arg::Count(i64::from(standing.joined)));
    card = card.with(if is_over {
        say.say("challenge-took-part", &[people])
    } else if standing.joined == 0 {
        say.say("challenge-nobody", &[id(challenge.id)])
    } else {
        say.say("challenge-people", &[people])
    });
    if has_begun && whole && !standing.board.places.is_empty() {
        card = card.with(say.say("board-honest", &[]));
    }
    card
}

/// From which day to which, in whose zone, and how far that is today.
fn range(say: Speaker, report: &ChallengeReport) -> Text {
    let ChallengeReport {
        challenge,
        course,
        standing,
    } = report;
    let (today, zone) = (standing.board.today, &standing.board.zone);
    let last = match challenge.state {
        ChallengeState::Over { last, .. } => last,
        ChallengeState::Open | ChallengeState::Cancelled => course.last(),
    };
    let state = match challenge.state {
        ChallengeState::Over { .. } => length(say, challenge.days),
        _ if today < course.first() => length(say, challenge.days),
        _ if today > last => {
            let day = say.day(course.results_day(), today);
            say.say("challenge-waits", &[("day", Arg::Words(day))])
        }
        _ => match course.number(today) {
            Some(number) => {
                let days = count("days", u32::from(challenge.days));
                say.say("challenge-day", &[count("day", u32::from(number)), days])
            }
            None => say.say("challenge-rests", &[]),
        },
    };
    let first = say.day(course.first(), today);
    let days = if last == course.first() {
        first
    } else {
        format!("{first} – {}", say.day(last, today))
    };
    let args = [
        ("days", Arg::Words(days)),
        ("zone", Arg::Words(zone.city())),
        ("state", Arg::Text(state)),
    ];
    say.say("challenge-range", &args)
}

fn length(say: Speaker, days: u16) -> Text {
    say.say("challenge-length", &[count("days", u32::from(days))])
}

/// `█████░░░░░ 212 of 450 days together`.
fn bar(say: Speaker, total: u32, goal: u32) -> Text {
    let full = filled(total, goal, CELLS);
    let cells = (0..CELLS).map(|cell| if cell < full { '█' } else { '░' });
    let args = [
        ("bar", Arg::Words(cells.collect())),
        count("total", total),
        count("goal", goal),
    ];
    let id = if total >= goal {
        "challenge-reached"
    } else {
        "challenge-bar"
    };
    say.say(id, &args)
}

fn name(challenge: &Challenge) -> Text {
    Text(vec![Span::Name(challenge.title.to_string())])
}

fn title(challenge: &Challenge) -> (&'static str, Arg) {
    ("title", Arg::Name(challenge.title.to_string()))
}

fn id(id: ChallengeId) -> (&'static str, Arg) {
    ("id", Arg::Words(id.to_string()))
}

fn count(name: &'static str, number: u32) -> (&'static str, Arg) {
    (name, Arg::Count(i64::from(number)))
}

/// The challenges of a club: those that are on, and the latest that are over, as far as there is room.
/// Organisers can start one with a press, everybody else can join.
#[must_use]
pub fn challenges_card(
    say: Speaker,
    on: &[ChallengeReport],
    over: &[ChallengeReport],
    organiser: bool,
    (today, zone): (Date, &Zone),
) -> Card {
    let can_start = organiser && on.len() < MOST_CHALLENGES;
    let pages = |(over_shown, whole): (usize, bool)| {
        let mut card = Card::default();
        if on.is_empty() && over.is_empty() {
            card = Card::line(say.say("challenges-none", &[]));
        } else {
            let zone = ("zone", Arg::Words(zone.city()));
            card.blocks
                .push(Block::Title(say.say("challenges-title", &[zone])));
        }
        for one in on.iter().chain(over.iter().take(over_shown)) {
            card.blocks.push(Block::Item(row(say, one, whole, today)));
        }
        if can_start && on.is_empty() {
            card = card.with(say.say("challenges-start", &[]));
        }
        card
    };
    let shapes = [(2, true), (1, true), (0, true), (0, false)];
    let fitting = shapes
        .into_iter()
        .map(pages)
        .find(|card| Size::of(card).fits(PRIVATE));
    let card = fitting.unwrap_or_else(|| pages((0, false)));
    if can_start && on.is_empty() {
        return with_ready_made(say, card, today);
    }
    let join = on.iter().map(|one| {
        let id = one.challenge.id;
        let label = say.label_with("button-join-one", &[self::id(id)]);
        Button::for_anyone(label, format!("challenge join challenge:{id}"))
    });
    // It asks for a title, and shows what is ready-made.
    let start = Button::for_asker(say.label("button-start"), "challenge create");
    let start = can_start.then_some(start);
    card.with_buttons(join).with_buttons(start)
}

fn row(say: Speaker, report: &ChallengeReport, whole: bool, today: Date) -> Text {
    let challenge = &report.challenge;
    let number = Text(vec![Span::Code(format!("#{}", challenge.id))]);
    let head = number.then(Text::plain(" ")).then(name(challenge));
    let total = [
        count("total", report.standing.total),
        count("goal", challenge.goal),
    ];
    let days = match challenge.state {
        ChallengeState::Over { last, .. } => {
            let last = ("last", Arg::Words(say.date(last, today)));
            say.say("challenge-ended-on", &[last])
        }
        ChallengeState::Open | ChallengeState::Cancelled => {
            let (first, last) = (report.course.first(), report.course.last());
            let days = format!("{} – {}", say.date(first, today), say.date(last, today));
            Text::plain(days)
        }
    };
    let score = say.say("challenge-score", &total);
    let parts = if whole {
        vec![head, days, score]
    } else {
        vec![head, days]
    };
    Text::joined(parts, " · ")
}

/// A card with the challenges that need no more than a press, from the next Monday on.
#[must_use]
pub fn with_ready_made(say: Speaker, card: Card, today: Date) -> Card {
    let from = crate::calendar::monday_of(today).saturating_add(jiff::Span::new().days(7));
    let button = |one: ReadyMade| {
        let args = [
            ("what", Arg::Words(exercises_words(say, one.exercises()))),
            count("days", u32::from(one.days())),
        ];
        let label = say.label_with("button-ready", &args);
        Button::for_asker(
            label,
            format!("challenge create {} from:{from}", one.word()),
        )
    };
    let [first, second, third, fourth, fifth] = ReadyMade::ALL.map(button);
    card.with_buttons([first, second, third])
        .with_buttons([fourth, fifth])
}

/// What a challenge is called that needs no more than a press.
#[must_use]
pub fn ready_made_title(say: Speaker, one: ReadyMade) -> String {
    say.label_with("ready-title", &[("name", Arg::Key(one.word()))])
}

/// What came of joining or leaving a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinNews {
    /// He takes part now.
    Joined,
    /// He did already.
    WasIn,
    /// He takes part no more.
    Left,
    /// He did not.
    WasNotIn,
}

/// The answer to joining or leaving: short enough for a pop-up.
#[must_use]
pub fn joined_card(
    say: Speaker,
    challenge: &Challenge,
    course: &Course,
    news: JoinNews,
    today: Date,
) -> Card {
    let title = title(challenge);
    Card::line(match news {
        JoinNews::Joined => {
            let first = ("first", Arg::Words(say.day(course.first(), today)));
            say.say("challenge-joined", &[title, first])
        }
        JoinNews::WasIn => say.say("challenge-was-in", &[title]),
        JoinNews::Left => say.say("challenge-left", &[title]),
        JoinNews::WasNotIn => say.say("challenge-not-in", &[title, id(challenge.id)]),
    })
}

/// A challenge was called off.
#[must_use]
pub fn challenge_cancelled_card(say: Speaker, challenge: &Challenge) -> Card {
    Card::line(say.say("challenge-cancelled", &[title(challenge)]))
}

/// To somebody alone who is about to win, and is not named on boards: whether the results may name him.
#[must_use]
pub fn about_to_win_card(
    say: Speaker,
    challenge: &Challenge,
    (course, zone): (&Course, &Zone),
    reader: &Reader,
) -> Card {
    let results = reader.moment(say, course.results(zone).at, zone);
    let args = [title(challenge), ("time", Arg::Text(results))];
    let line = |named: &str| format!("challenge name {named} challenge:{}", challenge.id);
    let button = |label: &str, named: &str| Button::for_asker(say.label(label), line(named));
    Card::line(say.say("challenge-winning", &args)).with_buttons([
        button("button-show-name", "yes"),
        button("button-keep-private", "no"),
    ])
}

/// The answer to that question's answer.
#[must_use]
pub fn named_card(say: Speaker, named: bool) -> Card {
    let id = if named {
        "challenge-named"
    } else {
        "challenge-unnamed"
    };
    Card::line(say.say(id, &[]))
}

/// To whoever made a challenge: its results could not be posted. The reason is the word of why.
#[must_use]
pub fn results_not_posted_card(say: Speaker, challenge: &Challenge, reason: &'static str) -> Card {
    let args = [
        title(challenge),
        ("reason", Arg::Key(reason)),
        id(challenge.id),
    ];
    Card::line(say.say("results-not-posted", &args))
}

/// What a post of a day says of a challenge that begins, is half-way or ends: on the very day, or near it.
#[must_use]
pub(super) fn challenge_day_text(say: Speaker, day: &ChallengeDay, today: Date) -> Text {
    let title = ("title", Arg::Name(day.title.to_string()));
    let (total, goal) = (count("total", day.total), count("goal", day.goal));
    match day.phase {
        Phase::First => {
            let days = count("days", u32::from(day.days));
            let day = count("day", u32::from(day.day));
            say.say("post-challenge-first", &[title, day, days, goal])
        }
        Phase::HalfWay => {
            let is_past = day.day > day.days.div_ceil(2);
            let when = ("when", Arg::Key(if is_past { "past" } else { "now" }));
            say.say("post-challenge-half", &[title, when, total, goal])
        }
        Phase::Last => {
            let when = if day.day == day.days {
                "today"
            } else {
                "later"
            };
            let when = ("when", Arg::Key(when));
            let last = ("last", Arg::Words(say.day(day.last, today)));
            say.say("post-challenge-last", &[title, when, last, total, goal])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::club::{Language, Title};

    #[test]
    fn a_ready_made_title_is_one_in_every_language() {
        for language in Language::ALL {
            for one in ReadyMade::ALL {
                let title = ready_made_title(Speaker::of(language), one);
                assert!(title.parse::<Title>().is_ok(), "{title}");
            }
        }
    }
}
