use jiff::Timestamp;
use jiff::civil::Date;

use super::club::settings_card;
use super::{Arg, PRIVATE, Reader, Speaker};
use crate::calendar::{Occurrence, Zone};
use crate::card::{Card, Size, Span, Text};
use crate::club::{Language, first_name};
use crate::exercise::Rest;

/// What is set for a club, seen from one of its rooms.
#[derive(Clone, Copy, Debug)]
pub struct ClubReport<'a> {
    /// The zone its days go by.
    pub zone: Option<&'a Zone>,
    /// The language of its rooms.
    pub language: Option<Language>,
    /// Where its posts go.
    pub home: Home,
    /// How many reminders its rooms have.
    pub reminders: usize,
    /// What falls due next of them.
    pub next: Option<Occurrence>,
    /// Its breaks that are not over, earliest first.
    pub breaks: &'a [Rest],
    /// Who may set it up beside its organisers.
    pub deputies: &'a [String],
    /// The present instant.
    pub now: Timestamp,
    /// The club's day.
    pub today: Date,
}

/// Where posts go if no room is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// Where they are set.
    Unset,
    /// To the room that is spoken in.
    Here,
    /// To another one.
    Elsewhere,
}

/// What has happened to a club's breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakNews {
    /// Nothing: they are told.
    None,
    /// One was planned.
    Saved,
    /// All were taken back.
    Ended,
    /// There was none to take back.
    NothingToEnd,
}

/// All that is set for a club, in one short card.
#[must_use]
pub fn club_show_card(say: Speaker, report: &ClubReport<'_>, reader: &Reader) -> Card {
    let place = match report.home {
        Home::Unset => "none",
        Home::Here => "here",
        Home::Elsewhere => "other",
    };
    let utc = Zone::utc();
    let zone = report.zone.unwrap_or(&utc);
    let count = i64::try_from(report.reminders).unwrap_or(i64::MAX);
    let count = ("count", Arg::Count(count));
    let reminders = match report.next {
        Some(next) => {
            let time = reader.moment(say, next.at, zone);
            let time = ("time", Arg::Text(time));
            say.say("club-reminders-next", &[count, time])
        }
        None => say.say("club-reminders", &[count]),
    };
    let card = settings_card(say, report.zone, report.language, report.now)
        .with(say.say("club-home", &[("place", Arg::Key(place))]))
        .with(reminders)
        .with(breaks_text(say, report.breaks, 1, report.today));
    if report.deputies.is_empty() {
        return card;
    }
    let mut card = card.with(deputies_text(say, report.deputies, 2));
    if !Size::of(&card).fits(PRIVATE) {
        // The language gives way: the settings tell it.
        card.blocks.remove(2);
    }
    card
}

/// What has happened to a club's deputies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeputyNews {
    /// This one is a deputy now.
    Named(String),
    /// This one is none any more.
    Dropped(String),
    /// This one was none.
    WasNone(String),
}

/// The deputies of a club, and what has just happened to them.
#[must_use]
pub fn deputies_card(say: Speaker, all: &[String], news: Option<&DeputyNews>) -> Card {
    let told = news.map(|news| match news {
        DeputyNews::Named(name) => ("deputy-named", name),
        DeputyNews::Dropped(name) => ("deputy-dropped", name),
        DeputyNews::WasNone(name) => ("deputy-was-none", name),
    });
    let told = told.map(|(id, name)| {
        let name = ("name", Arg::Name(first_name(name)));
        say.say(id, &[name])
    });
    let list = if all.is_empty() {
        say.say("deputies-none", &[])
    } else {
        deputies_text(say, all, 5)
    };
    told.into_iter()
        .chain([list])
        .fold(Card::default(), Card::with)
}

fn deputies_text(say: Speaker, all: &[String], most: usize) -> Text {
    let names = all.iter().take(most);
    let names = names.map(|name| Text(vec![Span::Name(first_name(name))]));
    let more = all.len().saturating_sub(most);
    let more = (more > 0).then(|| Text::plain(format!("+{more}")));
    let names = Text::joined(names.chain(more), ", ");
    say.say("deputies", &[("names", Arg::Text(names))])
}

/// The answer to a room that has become the home.
#[must_use]
pub fn home_card(say: Speaker, here: bool) -> Card {
    let place = Arg::Key(if here { "here" } else { "there" });
    Card::line(say.say("home-set", &[("place", place)]))
}

/// The breaks of a club, and what has just happened to them.
#[must_use]
pub fn break_card(say: Speaker, breaks: &[Rest], news: BreakNews, today: Date) -> Card {
    let card = Card::line(match news {
        BreakNews::None | BreakNews::Saved => breaks_text(say, breaks, 2, today),
        BreakNews::Ended => say.say("break-ended", &[]),
        BreakNews::NothingToEnd => say.say("break-nothing", &[]),
    });
    match (news, breaks) {
        (BreakNews::Saved, _) => card.with(say.say("break-saved", &[])),
        (BreakNews::None, []) => card.with(say.say("break-how", &[])),
        (BreakNews::None, _) => card.with(say.say("break-off", &[])),
        (BreakNews::Ended | BreakNews::NothingToEnd, _) => card,
    }
}

/// The next breaks, `most` of them by their days.
fn breaks_text(say: Speaker, breaks: &[Rest], most: usize, today: Date) -> Text {
    let days = |rest: &Rest| {
        let first = say.day(rest.first, today);
        match rest.last.filter(|last| *last != rest.first) {
            Some(last) => format!("{first} – {}", say.day(last, today)),
            None => first,
        }
    };
    let mut named: Vec<String> = breaks.iter().take(most).map(days).collect();
    if breaks.len() > most {
        named.push(format!("+{}", breaks.len() - most));
    }
    if named.is_empty() {
        return say.say("club-no-break", &[]);
    }
    say.say("club-break", &[("days", Arg::Words(named.join(", ")))])
}
