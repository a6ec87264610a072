use clap::Args;

use super::context::{Context, Failure, Handle};
use super::reading::{Edited, EntryIds, day, edited, entry_ids};
use super::refusal::{Refusal, TEST_DAYS};
use super::report::is_confirmed;
use crate::calendar::DayReading;
use crate::card::{Card, Text};
use crate::club::{Entry, Standing};
use crate::face::{Answer, Audience, Outcome};
use crate::measure::{LungeReading, Reach, Side, SideReading, Unit};
use crate::store::{Change, NewEntry, What};
use crate::words::{Arg, Pain, entry_text, lunge_card};

/// Corrects a test: its numbers, side, state, unit or day.
#[derive(Clone, Debug, Args)]
pub struct Edit {
    #[arg(value_parser = entry_ids)]
    entry: EntryIds,
    #[arg(value_parser = edited)]
    change: Edited,
    #[arg(long, value_parser = day)]
    on: Option<DayReading>,
}

impl Handle for Edit {
    const AUDIENCE: Audience = Audience::Asker;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let before = context.own_standing_entries(&self.entry).await?;
        let mut after = before.clone();
        let mut both = false;
        match &self.change {
            Edited::Side(reading) => both = set_side(&mut after, *reading)?,
            Edited::State(state) => after.iter_mut().for_each(|entry| entry.state = *state),
            Edited::Unit(unit) => after
                .iter_mut()
                .try_for_each(|entry| reread(entry, *unit))?,
            Edited::Numbers(reading) => renumber(&mut after, reading, context)?,
        }
        if let Some(on) = self.on {
            let day = on
                .resolve(context.today(), TEST_DAYS)
                .map_err(Refusal::DayRange)?;
            for entry in &mut after {
                entry.day = day;
            }
        }
        if let Some(unit) = named_unit(&self.change) {
            // Whoever is asked for his unit, or corrects it, says what his numbers are in.
            context.remember_unit(unit, true).await?;
        }
        let says_more = match &self.change {
            Edited::Unit(_) => true,
            Edited::Numbers(reading) => reading.hurts,
            _ => both,
        };
        if before == after && !says_more {
            let today = context.today();
            let what = Text::joined(
                after.iter().map(|e| entry_text(context.say(), e, today)),
                " · ",
            );
            let card = Card::line(context.say().say("edit-same", &[("what", Arg::Text(what))]));
            return Ok(context.reply(Answer::private(card)));
        }
        keep(context, &before, &mut after).await?;
        if both && let Some(twin) = twin(context, &after[0]).await? {
            after.push(twin);
        }
        let mut report = context.report_on(&after).await?;
        if matches!(&self.change, Edited::Numbers(reading) if reading.hurts) {
            context.tx.hurts(after[0].id).await?;
            report.pain = Pain::Now;
        }
        let aside = context.aside(&report, &after);
        let card = lunge_card(context.say(), &report);
        Ok(context.reply(Answer::private(card).with_aside(aside)))
    }
}

/// Sets one side; both sides make the entry the left one, and ask for a twin.
fn set_side(entries: &mut [Entry], reading: SideReading) -> Result<bool, Refusal> {
    let [entry] = entries else {
        return Err(Refusal::EditOneNumber);
    };
    match reading {
        SideReading::One(side) => {
            entry.side = Some(side);
            Ok(false)
        }
        SideReading::Both => {
            let side = entry.side.unwrap_or(Side::Left);
            entry.side = Some(side);
            Ok(true)
        }
    }
}

/// Reads the numbers again, in another unit, as they were typed.
fn reread(entry: &mut Entry, unit: Unit) -> Result<(), Refusal> {
    let typed: LungeReading = entry
        .typed
        .parse()
        .map_err(|error| Refusal::read(error, &entry.typed))?;
    let bare = typed.legs.into_iter().map(|mut leg| {
        leg.tries.iter_mut().for_each(|(_, named)| *named = None);
        leg
    });
    for leg in bare {
        let reach = leg
            .reach(unit)
            .map_err(|slip| Refusal::Impossible(slip, None))?;
        take(entry, reach);
    }
    Ok(())
}

/// One number for one entry, with a side and a state if the line names them.
fn renumber(
    entries: &mut [Entry],
    reading: &LungeReading,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let ([entry], [leg]) = (entries, reading.legs.as_slice()) else {
        return Err(Refusal::EditOneNumber);
    };
    let unit = context.visit.settings.unit.unwrap_or(Unit::Cm);
    let reach = leg
        .reach(unit)
        .map_err(|slip| Refusal::Impossible(slip, None))?;
    entry.side = reach.side.or(entry.side);
    entry.state = reading.state.unwrap_or(entry.state);
    take(entry, reach);
    Ok(())
}

fn take(entry: &mut Entry, reach: Reach) {
    entry.distance = reach.distance;
    entry.tries = reach.tries;
    entry.spread = reach.spread;
    entry.typed = reach.typed;
    entry.unit = reach.unit;
}

fn named_unit(change: &Edited) -> Option<Unit> {
    match change {
        Edited::Unit(unit) => Some(*unit),
        Edited::Numbers(reading) if reading.names_a_unit() => {
            let tries = reading.legs.iter().flat_map(|leg| &leg.tries);
            tries.into_iter().find_map(|(_, unit)| *unit)
        }
        _ => None,
    }
}

/// Writes the changed entries. A changed number is confirmed anew.
async fn keep(
    context: &mut Context<'_>,
    before: &[Entry],
    after: &mut [Entry],
) -> Result<(), Failure> {
    for (old, new) in before.iter().zip(after.iter_mut()) {
        if old.distance != new.distance {
            let likes = context.tx.likes(&context.visit, (new.day, new.id)).await?;
            let confirmed = is_confirmed(new.distance, new.side, new.state, &likes);
            new.standing = if confirmed {
                Standing::Live
            } else {
                Standing::Unconfirmed
            };
        }
        if old != new {
            let change = Change {
                what: What::Edit,
                event: context.event,
                now: context.now,
            };
            context.tx.change(old, new, change).await?;
        }
    }
    Ok(())
}

/// The same number for the other leg, of the same event: they are taken back together.
async fn twin(context: &mut Context<'_>, entry: &Entry) -> Result<Option<Entry>, Failure> {
    let Some(side) = entry.side.map(Side::other) else {
        return Ok(None);
    };
    let new = NewEntry {
        day: entry.day,
        zone: &entry.zone,
        now: context.now,
        chat: context.visit.chat,
        event: &entry.event,
        standing: entry.standing,
        side: Some(side),
        state: entry.state,
        distance: entry.distance,
        tries: entry.tries,
        spread: entry.spread,
        typed: &entry.typed,
        unit: entry.unit,
        hurts: false,
    };
    let logged = context.tx.log(context.visit.account, &[new]).await?;
    Ok(logged.into_iter().next())
}
