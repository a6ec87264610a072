use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{DateTime, Weekday};

use super::check_in::exercises_words;
use super::{Arg, PRIVATE, Reader, Speaker};
use crate::calendar::{Rule, Schedule, Weekdays};
use crate::card::{Block, Button, Card, Size, Span, Text};
use crate::club::{LastPost, Pause, Reminder, ReminderId};
use crate::exercise::Rest;

/// The reminders of a room, each with when it comes next, and what came of its
/// last post: all of them, or as many as fit from one on, and a press shows the rest.
#[must_use]
pub fn reminders_card(
    say: Speaker,
    (all, lasts, of): (&[Reminder], &BTreeMap<ReminderId, LastPost>, RemindersOf),
    from: Option<ReminderId>,
    (breaks, now): (&[Rest], Timestamp),
    reader: &Reader,
) -> Card {
    let since = from.and_then(|from| all.iter().position(|one| one.id >= from));
    let all = &all[since.unwrap_or(0)..];
    if all.is_empty() {
        return Card::line(say.say("reminders-none", &[]));
    }
    let title = match of {
        RemindersOf::Room => "reminders-title",
        RemindersOf::Home => "reminders-of-home",
    };
    let page = |some: &[Reminder], times| {
        let mut card = Card::default();
        card.blocks.push(Block::Title(say.say(title, &[])));
        for one in some {
            let next = nexts(say, one, breaks, (now, times), reader);
            let last = lasts.get(&one.id);
            let last = last.map(|last| last_text(say, one, *last, reader));
            let row = [Some(about(say, one, true)), Some(next), last];
            let row = Text::joined(row.into_iter().flatten(), " · ");
            card.blocks.push(Block::Item(row));
        }
        card
    };
    let fits = |card: &Card| Size::of(card).fits(PRIVATE);
    // The next three times come first: fewer reminders on a page rather than fewer times of each. Only one
    // that has much to say does with less.
    let counts = (1..=all.len()).rev().map(|some| (some, 3));
    let shapes = counts.chain([(1, 2), (1, 1)]);
    let pages = |(some, times): (usize, usize)| (some, page(&all[..some], times));
    let fitting = shapes.map(pages).find(|(_, card)| fits(card));
    let (some, card) = fitting.unwrap_or_else(|| pages((1, 1)));
    let more = all.get(some).map(|next| {
        let line = format!("remind list from:{}", next.id);
        Button::for_asker(say.label("button-more"), line)
    });
    card.with_buttons(more)
}

/// To those who care for a reminder: it could not be posted. The place is its room and its chat, as far as they have
/// names, and when it should have come there; the reason is the word of why.
#[must_use]
pub fn not_posted_card(
    say: Speaker,
    reminder: &Reminder,
    (place, civil): (Place<'_>, Option<DateTime>),
    reason: &'static str,
) -> Card {
    let part = match civil.map_or(0, DateTime::hour) {
        ..12 => "morning",
        12..17 => "afternoon",
        _ => "evening",
    };
    let place = place_args(place);
    let why = [("part", Arg::Key(part)), ("reason", Arg::Key(reason))];
    let why: Vec<_> = place.into_iter().chain(why).collect();
    let about = ("about", Arg::Text(about(say, reminder, false)));
    let care = |label, what| care_button(say, label, what, reminder.id);
    Card::line(say.say("not-posted", &why))
        .with(say.say("not-posted-next", &[about]))
        .with_buttons([care("button-fixed", "fixed"), care("button-pause", "pause")])
}

/// To those who care for a reminder: nobody has pressed it for a week.
#[must_use]
pub fn quiet_card(say: Speaker, reminder: &Reminder, place: Place<'_>) -> Card {
    let about = ("about", Arg::Text(about(say, reminder, false)));
    let care = |label, what| care_button(say, label, what, reminder.id);
    Card::line(say.say("quiet", &place_args(place)))
        .with(say.say("not-posted-next", &[about]))
        .with_buttons([
            care("button-weekly", "weekly"),
            care("button-as-is", "keep"),
            care("button-stop", "pause"),
        ])
}

/// The answer to who has put a room right: whether today's post still comes, and else when the next one
/// does.
#[must_use]
pub fn fixed_card(say: Speaker, one: &Reminder, comes_now: bool, reader: &Reader) -> Card {
    if comes_now {
        return Card::line(say.say("fixed-now", &[]));
    }
    with_next(say, Card::line(say.say("fixed", &[])), one, reader)
}

/// The answer to who wants a reminder to stay as it is.
#[must_use]
pub fn kept_card(say: Speaker, one: &Reminder, reader: &Reader) -> Card {
    with_next(say, Card::line(say.say("kept-as-is", &[])), one, reader)
}

/// What people call a room, and its chat if that is another name.
type Place<'a> = (Option<&'a str>, Option<&'a str>);

fn place_args((room, chat): Place<'_>) -> [(&'static str, Arg); 3] {
    let known = match (room, chat) {
        (None, _) => "none",
        (Some(_), None) => "some",
        (Some(_), Some(_)) => "both",
    };
    let name = |name: Option<&str>| Arg::Name(name.unwrap_or_default().to_owned());
    [
        ("known", Arg::Key(known)),
        ("room", name(room)),
        ("chat", name(chat)),
    ]
}

/// Below what goes out unasked no button is anybody's own: who may is seen when it is pressed.
fn care_button(say: Speaker, label: &str, what: &str, id: ReminderId) -> Option<Button> {
    Button::for_anyone(say.label(label), format!("care {what} {id}"))
}

/// Whose reminders are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemindersOf {
    /// Those of the room that was asked in.
    Room,
    /// Those of the room that is the home.
    Home,
}

/// `#3 07:00 Mon–Fri (Berlin) · Stretch and raises`.
fn about(say: Speaker, one: &Reminder, whole: bool) -> Text {
    let id = Text(vec![Span::Code(format!("#{}", one.id))]);
    let when = Text::plain(" ").then(schedule_text(say, &one.schedule));
    let zone = Text::plain(format!(" ({})", one.zone.city()));
    let what = Text::plain(exercises_words(say, one.exercises));
    let head = id.then(when).then(zone);
    if whole {
        let keeps = one.keeps.then(|| say.say("reminder-keeps", &[]));
        let parts = [Some(head), Some(what), keeps];
        Text::joined(parts.into_iter().flatten(), " · ")
    } else {
        head
    }
}

fn nexts(
    say: Speaker,
    one: &Reminder,
    breaks: &[Rest],
    (now, times): (Timestamp, usize),
    reader: &Reader,
) -> Text {
    if one.pause == Some(Pause::Open) {
        return say.say("reminder-paused", &[]);
    }
    let next_after = |at| Reminder::next_after(&one.schedule, &one.zone, one.pause, breaks, at);
    let stored = one.next.filter(|next| next.at > now);
    let mut next = stored.or_else(|| next_after(now));
    let mut moments = Vec::new();
    while let Some(one_next) = next.filter(|_| moments.len() < times) {
        moments.push(one_next.at);
        next = next_after(one_next.at);
    }
    if moments.is_empty() {
        return Text::default();
    }
    let moments = reader.moments(say, &moments, &one.zone);
    say.say("reminder-next", &[("times", Arg::Text(moments))])
}

/// What came of the last post. What has been sent, or is about to be, needs few words.
fn last_text(say: Speaker, one: &Reminder, last: LastPost, reader: &Reader) -> Text {
    let time = |at| ("time", Arg::Text(reader.ago(say, at, &one.zone)));
    match last {
        LastPost::Sent(at) => say.say("reminder-last-sent", &[time(at)]),
        LastPost::Waits => say.say("reminder-last-waits", &[]),
        LastPost::NotSent { due, reason } => {
            let why = ("reason", Arg::Key(reason));
            say.say("reminder-last-not", &[time(due), why])
        }
    }
}

/// When a reminder comes, in words.
fn schedule_text(say: Speaker, schedule: &Schedule) -> Text {
    match schedule.rule() {
        Rule::Weekly { time, days } => Text::plain(format!("{time} {}", days_words(say, *days))),
        Rule::Cron(line) => Text(vec![Span::Code(line.to_string())]),
    }
}

fn days_words(say: Speaker, days: Weekdays) -> String {
    let name = |day: Weekday| say.weekday(day);
    match days {
        Weekdays::DAILY => say.label("days-daily"),
        Weekdays::WORKDAYS => format!("{}–{}", name(Weekday::Monday), name(Weekday::Friday)),
        _ => days.iter().map(name).collect::<Vec<_>>().join(", "),
    }
}

/// The answer to a reminder that was set, paused or goes on.
#[must_use]
pub fn reminder_card(say: Speaker, one: &Reminder, what: ReminderNews, reader: &Reader) -> Card {
    let id = match what {
        ReminderNews::Set => "reminder-set",
        ReminderNews::Same => "reminder-same",
        ReminderNews::Paused => "reminder-rests",
        ReminderNews::Resumed => "reminder-goes-on",
    };
    let about = ("about", Arg::Text(about(say, one, true)));
    with_next(say, Card::line(say.say(id, &[about])), one, reader)
}

fn with_next(say: Speaker, card: Card, one: &Reminder, reader: &Reader) -> Card {
    match one.next {
        Some(next) => {
            let time = reader.moment(say, next.at, &one.zone);
            card.with(say.say("reminder-first", &[("time", Arg::Text(time))]))
        }
        None => card.with(say.say("reminder-resume", &[("id", Arg::Words(one.id.to_string()))])),
    }
}

/// What happened to somebody's own reminder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NudgeNews {
    /// Nothing: it is told.
    Shown,
    /// It is new.
    Set,
    /// It is gone.
    Off,
}

/// Somebody's own reminder, and what has just happened to it.
#[must_use]
pub fn nudge_set_card(
    say: Speaker,
    one: Option<&Reminder>,
    news: NudgeNews,
    reader: &Reader,
) -> Card {
    let Some(one) = one else {
        let id = match news {
            NudgeNews::Off => "nudge-off",
            NudgeNews::Shown | NudgeNews::Set => "nudge-none",
        };
        return Card::line(say.say(id, &[]));
    };
    let id = match news {
        NudgeNews::Set => "nudge-set",
        NudgeNews::Shown | NudgeNews::Off => "nudge-shown",
    };
    let card = Card::line(say.say(id, &[("about", Arg::Text(nudge_about(say, one)))]));
    if one.pause.is_some() {
        return with_stopped_nudge(say, card);
    }
    let card = with_next(say, card, one, reader);
    match news {
        NudgeNews::Set => card.with(say.say("nudge-rests", &[])),
        NudgeNews::Shown | NudgeNews::Off => card,
    }
}

/// To who comes back: his nudge has stopped, with a button that lets it come again.
#[must_use]
pub fn with_stopped_nudge(say: Speaker, card: Card) -> Card {
    let again = Button::for_asker(say.label("button-nudge-again"), "nudge on");
    card.with(say.say("nudge-stopped", &[]))
        .with_buttons([again])
}

/// `19:00 daily (Berlin) · Stretch and raises`.
fn nudge_about(say: Speaker, one: &Reminder) -> Text {
    let when = schedule_text(say, &one.schedule);
    let zone = Text::plain(format!(" ({})", one.zone.city()));
    let what = Text::plain(exercises_words(say, one.exercises));
    Text::joined([when.then(zone), what], " · ")
}

/// What happened to a reminder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReminderNews {
    /// It is new.
    Set,
    /// It was there already.
    Same,
    /// It rests.
    Paused,
    /// It goes on.
    Resumed,
}

/// The answer to a reminder that was removed.
#[must_use]
pub fn reminder_removed_card(say: Speaker, id: ReminderId) -> Card {
    Card::line(say.say("reminder-removed", &[("id", Arg::Words(id.to_string()))]))
}
