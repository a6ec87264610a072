//! What the commands on entries share: whose they are, and whether they stand.

use super::context::{Context, Failure};
use super::reading::EntryIds;
use super::refusal::Refusal;
use crate::club::{CheckIn, Entry, Standing};
use crate::face::{Aside, Whispers};
use crate::measure::Unit;
use crate::words::{LungeReport, lunge_aside};

impl Context<'_> {
    /// The asker's own entries by their numbers, taken back or not.
    pub async fn own_entries(&mut self, ids: &EntryIds) -> Result<Vec<Entry>, Failure> {
        let mut entries = Vec::with_capacity(ids.0.len());
        for id in &ids.0 {
            let entry = self.tx.entry(self.visit.person, *id).await?;
            entries.push(entry.ok_or(Refusal::EntryUnknown(*id))?);
        }
        Ok(entries)
    }

    /// The asker's own check-ins by their numbers, taken back or not; none if one of the numbers is
    /// no check-in of his.
    pub async fn own_check_ins(&mut self, ids: &EntryIds) -> Result<Vec<CheckIn>, Failure> {
        let mut all = Vec::with_capacity(ids.0.len());
        for id in &ids.0 {
            match self.tx.check_in_by_id(self.visit.person, *id).await? {
                Some(one) => all.push(one),
                None => return Ok(Vec::new()),
            }
        }
        Ok(all)
    }

    /// The asker's own entries by their numbers, if none of them was taken back.
    pub async fn own_standing_entries(&mut self, ids: &EntryIds) -> Result<Vec<Entry>, Failure> {
        let entries = self.own_entries(ids).await?;
        match entries
            .iter()
            .find(|entry| entry.standing == Standing::Undone)
        {
            Some(undone) => Err(Refusal::EntryUndone(undone.id).into()),
            None => Ok(entries),
        }
    }

    /// What a room may hear of a test: its numbers, never the band.
    pub fn aside(&self, report: &LungeReport, entries: &[Entry]) -> Aside {
        match self.whispers {
            Whispers::Elsewhere => Aside::Always(lunge_aside(self.say_to_room(), report, entries)),
            Whispers::Here => Aside::Nothing,
        }
    }

    /// The unit of a first test is the runner's own, until he says otherwise. Whoever has logged bare
    /// centimetres before goes on in them, even if he names inches once.
    pub async fn remember_unit(&mut self, unit: Unit, first: bool) -> Result<(), Failure> {
        if self.visit.settings.unit.is_none() && (first || unit != Unit::In) {
            self.visit.settings.unit = Some(if unit == Unit::In { Unit::In } else { Unit::Cm });
            self.tx.set(self.visit.person, &self.visit.settings).await?;
        }
        Ok(())
    }
}
