use clap::Args;
use clap::builder::TypedValueParser;
use jiff::civil::Date;

use super::context::{Context, Failure, Handle};
use super::reading::{Listed, day, lunge, side, state};
use super::refusal::{Refusal, TEST_DAYS};
use super::report::{agrees, is_confirmed};
use crate::calendar::DayReading;
use crate::card::{Button, Card};
use crate::club::{Entry, EntryId, Standing};
use crate::face::{Answer, Audience, Outcome, Question};
use crate::measure::{Distance, Impossible, LungeReading, Reach, Side, SideReading, State, Unit};
use crate::store::{Change, Like, NewEntry, NewQuestion, What};
use crate::words::{Arg, InchesQuestion, Pain, lunge_card};

/// Logs a knee-to-wall lunge.
#[derive(Clone, Debug, Args)]
pub struct Test {
    #[arg(value_parser = lunge)]
    distance: LungeReading,
    #[arg(long, value_parser = Listed(&["left", "right", "both"]).try_map(side))]
    side: Option<SideReading>,
    #[arg(long, value_parser = Listed(&["cold", "warm"]).try_map(state))]
    state: Option<State>,
    #[arg(long, value_parser = day)]
    on: Option<DayReading>,
}

impl Handle for Test {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let reading = with_side(self.distance, self.side)?;
        let state = self.state.or(reading.state).unwrap_or_default();
        let said_on = context.said_on();
        let day = match self.on {
            Some(reading) => reading
                .resolve(said_on, TEST_DAYS)
                .map_err(Refusal::DayRange)?,
            None => said_on,
        };
        let names_day = self.on.is_some() || day != context.today();
        let tail = tail(&reading, state, names_day.then_some(day));
        if reading.is_a_pair_or_two_tries() {
            return ask_pair(context, &reading, &tail).await;
        }
        let named = reading.names_a_unit();
        let unit = context.visit.settings.unit.unwrap_or(Unit::Cm);
        let reaches = reading.reaches(unit).map_err(|impossible| {
            let alone = matches!(reading.legs.as_slice(), [leg] if leg.tries.len() == 1);
            let meant = meant_line(&impossible, &tail).filter(|_| alone);
            Refusal::Impossible(impossible, meant)
        })?;
        let likes = likes(context, day).await?;
        let unknown_side = reading.legs.iter().any(|leg| leg.side.is_none());
        let first = (unknown_side || context.visit.settings.unit.is_none())
            && !context.tx.has_any(context.visit.person).await?;
        let inches = if named {
            None
        } else {
            maybe_inches(context, &reading, first)
        };
        let session = Session {
            day,
            state,
            hurts: reading.hurts,
        };
        let entries = log(context, session, &reaches, &likes).await?;
        let likes = if confirm_earlier(context, &entries, &likes).await? {
            self::likes(context, day).await?
        } else {
            likes
        };
        if named {
            context.remember_unit(reaches[0].unit, first).await?;
        }
        let mut report = context.report(&entries, &likes);
        report.is_first = first;
        if reading.hurts {
            report.pain = Pain::Now;
        }
        report.inches = inches;
        let say = context.say();
        let aside = context.aside(&report, &entries);
        Ok(context.reply(Answer::private(lunge_card(say, &report)).with_aside(aside)))
    }
}

#[derive(Clone, Copy)]
struct Session {
    day: Date,
    state: State,
    hurts: bool,
}

/// The side of the option goes to a leg that has none; a line that names another is refused.
fn with_side(
    mut reading: LungeReading,
    side: Option<SideReading>,
) -> Result<LungeReading, Refusal> {
    let Some(side) = side else {
        return Ok(reading);
    };
    let named: Vec<Side> = reading.legs.iter().filter_map(|leg| leg.side).collect();
    match reading.legs.as_slice() {
        [leg] if leg.side.is_none() => {
            let leg = leg.clone();
            let with = |side: &Side| {
                let mut leg = leg.clone();
                leg.side = Some(*side);
                leg
            };
            reading.legs = side.sides().iter().map(with).collect();
            Ok(reading)
        }
        _ if named == side.sides() => Ok(reading),
        _ => Err(Refusal::SideTwice),
    }
}

/// What a line that repeats this one must say besides its numbers.
fn tail(reading: &LungeReading, state: State, on: Option<Date>) -> String {
    let side = match reading.legs.as_slice() {
        [leg] => leg
            .side
            .map_or(String::new(), |side| format!(" {}", side.word())),
        _ => String::new(),
    };
    let state = match state {
        State::Cold => "",
        State::Warm => " warm",
    };
    let on = on.map_or(String::new(), |day| format!(" on:{day}"));
    let hurts = if reading.hurts { " hurts" } else { "" };
    format!("{side}{state}{hurts}{on}")
}

/// The line that may have been meant by an impossible number.
fn meant_line(impossible: &Impossible, tail: &str) -> Option<String> {
    let Impossible::TooFar { typed, meant, .. } = impossible else {
        return None;
    };
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let number = typed.trim_end_matches(|c: char| c.is_alphabetic() || c.is_whitespace());
    let is_one_number = !number.is_empty() && number.chars().all(digits);
    let unit = meant.filter(|_| is_one_number)?;
    Some(format!("test {number}{}{tail}", unit.symbol()))
}

async fn likes(context: &mut Context<'_>, day: Date) -> Result<Vec<Like>, Failure> {
    let end = (day, EntryId(i64::MAX));
    Ok(context.tx.likes(&context.visit, end).await?)
}

async fn log(
    context: &mut Context<'_>,
    session: Session,
    reaches: &[Reach],
    likes: &[Like],
) -> Result<Vec<Entry>, Failure> {
    let zone = context.zone_or_utc();
    let standing = |reach: &Reach| {
        if is_confirmed(reach.distance, reach.side, session.state, likes) {
            Standing::Live
        } else {
            Standing::Unconfirmed
        }
    };
    let (now, chat, event) = (context.now, context.visit.chat, context.logs_as);
    let new: Vec<_> = reaches
        .iter()
        .map(|reach| NewEntry {
            day: session.day,
            zone: &zone,
            now,
            chat,
            event,
            standing: standing(reach),
            side: reach.side,
            state: session.state,
            distance: reach.distance,
            tries: reach.tries,
            spread: reach.spread,
            typed: &reach.typed,
            unit: reach.unit,
            hurts: session.hurts,
        })
        .collect();
    Ok(context.tx.log(context.visit.account, &new).await?)
}

/// An unlikely value that waited is confirmed by a second test that agrees with it. Tells whether
/// there was one.
async fn confirm_earlier(
    context: &mut Context<'_>,
    entries: &[Entry],
    likes: &[Like],
) -> Result<bool, Failure> {
    let mut confirmed = false;
    for like in likes
        .iter()
        .filter(|like| like.standing == Standing::Unconfirmed)
    {
        let second = |entry: &Entry| agrees(like, entry.side, entry.state, entry.distance);
        if !entries.iter().any(second) {
            continue;
        }
        if let Some(before) = context.tx.entry(context.visit.person, like.id).await? {
            let mut after = before.clone();
            after.standing = Standing::Live;
            let change = Change {
                what: What::Confirm,
                event: context.event,
                now: context.now,
            };
            context.tx.change(&before, &after, change).await?;
            confirmed = true;
        }
    }
    Ok(confirmed)
}

/// A first bare number of 7 or less, or any from where people measure in inches, may be inches.
fn maybe_inches(
    context: &Context<'_>,
    reading: &LungeReading,
    first: bool,
) -> Option<InchesQuestion> {
    let hurts = reading.hurts || context.pain() != Pain::None;
    if context.visit.settings.unit.is_some() || hurts {
        return None;
    }
    let in_inches = reading.reaches(Unit::In).ok()?;
    let measures_in_inches = context.locale.is_some_and(|locale| {
        let region = locale.rsplit(['-', '_']).next().unwrap_or_default();
        region.eq_ignore_ascii_case("US") && locale.len() > 2
    });
    let reaches: Vec<Distance> = in_inches.iter().map(|reach| reach.distance).collect();
    let limit = i64::from(Unit::In.dmm()) * 7;
    let short = reaches.iter().all(|inches| inches.dmm() <= limit);
    let some = reaches.iter().any(|inches| inches.dmm() > 0);
    let ask = some && (measures_in_inches || (short && first));
    let say = context.say();
    ask.then(|| InchesQuestion {
        typed: match in_inches.as_slice() {
            [one] if one.tries == 1 => one.typed.clone(),
            [one, ..] => say.inches(one.distance),
            [] => String::new(),
        },
        reaches,
    })
}

/// Two numbers without a side. Nothing is saved until somebody says what they are.
async fn ask_pair(
    context: &mut Context<'_>,
    reading: &LungeReading,
    tail: &str,
) -> Result<Outcome, Failure> {
    let say = context.say();
    let typed = &reading.legs[0].typed;
    let (first, second) = typed.split_once(", ").unwrap_or((typed, ""));
    let pair = say.label_with(
        "button-pair",
        &[
            ("left", Arg::Words(first.to_owned())),
            ("right", Arg::Words(second.to_owned())),
        ],
    );
    let tries = |side: Side| {
        let label = say.label_with("button-tries", &[("side", Arg::Key(side.word()))]);
        Button::for_asker(label, format!("test {typed} {}{tail}", side.word()))
    };
    let card = Card::line(say.say("ask-pair", &[]))
        .with_buttons([Button::for_asker(
            pair,
            format!("test left {first} right {second}{tail}"),
        )])
        .with_buttons([tries(Side::Left), tries(Side::Right)]);
    context.ask(card, "test", None).await
}

impl Context<'_> {
    /// Asks for what is missing, or for which of two readings is meant.
    pub async fn ask(
        &mut self,
        card: Card,
        line: &str,
        argument: Option<&str>,
    ) -> Result<Outcome, Failure> {
        /// Long enough to fetch a tape measure.
        const WAITS: jiff::SignedDuration = jiff::SignedDuration::from_mins(15);
        let until = self.now.checked_add(WAITS).unwrap_or(self.now);
        let question = NewQuestion {
            account: self.visit.account,
            room: self.visit.room,
            line,
            argument,
            until,
        };
        let id = self.tx.ask(&question).await?;
        Ok(Outcome::Ask(Question {
            id,
            answer: Answer::private(card),
            line: line.to_owned(),
            argument: argument.map(str::to_owned),
        }))
    }
}
