//! From entries to findings.

use jiff::civil::Date;

use super::context::{Context, Failure};
use crate::assess::{Band, LegTest, MINIMAL_DETECTABLE_CHANGE_DMM, Past, assess};
use crate::club::{Entry, EntryId, Standing};
use crate::exercise::PAIN_HOLDS;
use crate::measure::{Distance, Side, State, Unit};
use crate::store::Like;
use crate::words::{LungeReport, Pain};

/// Whether an earlier test says the same of a leg, as far as can be measured.
pub(super) fn agrees(like: &Like, side: Option<Side>, state: State, distance: Distance) -> bool {
    let apart = (like.distance.dmm() - distance.dmm()).abs();
    Some(like.side) == side && like.state == state && apart <= MINIMAL_DETECTABLE_CHANGE_DMM
}

/// Whether a reach needs no confirming: it is a likely one, or an earlier test agrees with it.
pub(super) fn is_confirmed(
    distance: Distance,
    side: Option<Side>,
    state: State,
    likes: &[Like],
) -> bool {
    let is_likely = Band::of(distance) != Band::Unlikely;
    is_likely || likes.iter().any(|like| agrees(like, side, state, distance))
}

impl Context<'_> {
    /// Finds what there is to find in entries of one day and one state, with the other leg's test
    /// of that session if there is one. `likes` reach up to that day's end.
    pub fn report(&self, entries: &[Entry], likes: &[Like]) -> LungeReport {
        let (day, state) = entries
            .first()
            .map_or((self.today(), State::Cold), |entry| {
                (entry.day, entry.state)
            });
        let mut tests: Vec<LegTest> = entries.iter().map(leg_test).collect();
        tests.extend(other_like(entries, likes, day, state).map(like_test));
        let first_id = entries.iter().map(|entry| entry.id).min();
        let past = |side| {
            // The other leg was answered when it was tested: only its earlier days count here.
            let own = entries.iter().any(|entry| entry.side == Some(side));
            past_of(side, state, (day, first_id.filter(|_| own)), likes)
        };
        let waiting = entries
            .iter()
            .filter(|e| e.standing == Standing::Unconfirmed);
        let mut waiting: Vec<EntryId> = waiting.map(|entry| entry.id).collect();
        let other = other_like(entries, likes, day, state);
        waiting.extend(
            other
                .filter(|l| l.standing == Standing::Unconfirmed)
                .map(|l| l.id),
        );
        LungeReport {
            findings: assess(day, state, &tests, past),
            entries: entries.iter().map(|entry| entry.id).collect(),
            waiting,
            is_first: false,
            unit: entries.first().map_or(Unit::Cm, |entry| entry.unit),
            pain: self.pain(),
            inches: None,
            age: self.visit.settings.age,
            can_share: self.in_room,
            zone_is_unset: self.zone().is_none(),
            today: self.today(),
        }
    }

    /// Pain that was spoken of holds for two days: until then no test is praised and no exercise
    /// advised.
    pub fn pain(&self) -> Pain {
        let recent = |at| self.now.duration_since(at) < PAIN_HOLDS;
        if self.visit.hurt_at.is_some_and(recent) {
            Pain::Lately
        } else {
            Pain::None
        }
    }

    /// The report on entries that are in the store already.
    pub async fn report_on(&mut self, entries: &[Entry]) -> Result<LungeReport, Failure> {
        let day = entries.first().map_or(self.today(), |entry| entry.day);
        let end = (day, EntryId(i64::MAX));
        let likes = self.tx.likes(&self.visit, end).await?;
        Ok(self.report(entries, &likes))
    }
}

fn leg_test(entry: &Entry) -> LegTest {
    LegTest {
        side: entry.side,
        distance: entry.distance,
        spread: entry.spread,
        confirmed: entry.standing != Standing::Unconfirmed,
    }
}

/// One leg was tested now, the other earlier in the same session: its last value belongs here too.
fn other_like<'a>(
    entries: &[Entry],
    likes: &'a [Like],
    day: Date,
    state: State,
) -> Option<&'a Like> {
    let [
        Entry {
            side: Some(side), ..
        },
    ] = entries
    else {
        return None;
    };
    let session = likes.iter().filter(|l| l.day == day && l.state == state);
    session
        .filter(|like| like.side == side.other())
        .max_by_key(|like| like.id)
}

fn like_test(like: &Like) -> LegTest {
    LegTest {
        side: Some(like.side),
        distance: like.distance,
        spread: like.spread,
        confirmed: like.standing != Standing::Unconfirmed,
    }
}

/// A leg's tests before an entry, the last of each day. The other leg of the same session is not
/// compared with its own earlier tests of that day: it was answered then.
fn past_of(side: Side, state: State, before: (Date, Option<EntryId>), likes: &[Like]) -> Past {
    let (day, first_id) = before;
    let mut past = Past::default();
    for like in likes.iter().filter(|like| like.side == side) {
        if like.state != state {
            past.in_the_other_state = true;
            continue;
        }
        let is_before = like.day < day || first_id.is_some_and(|id| like.id < id);
        if like.standing != Standing::Live || !is_before {
            continue;
        }
        match past.tests.last_mut() {
            Some((last_day, distance)) if *last_day == like.day => *distance = like.distance,
            _ => past.tests.push((like.day, like.distance)),
        }
    }
    past
}
