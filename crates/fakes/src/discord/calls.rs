//! The calls that came, and what was wrong with them.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::{self, Display, Formatter};

/// How many calls are kept in full.
const KEPT: usize = 1000;

/// Something that breaks the rules of the API, whatever the state of the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The operation, as the official description calls it, like `create_message`; `gateway` for
    /// what was said there.
    pub operation: String,
    /// What is wrong.
    pub what: String,
}

/// A call that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRecord {
    /// The operation, as the official description calls it.
    pub operation: String,
    /// The channel it is about.
    pub channel: Option<u64>,
    /// The HTTP status of the answer.
    pub status: u16,
    /// Discord's own code of the error, or 0.
    pub code: u32,
}

#[derive(Debug, Default)]
pub(crate) struct Calls {
    pub(crate) violations: Vec<Violation>,
    counts: BTreeMap<String, usize>,
    latest: VecDeque<CallRecord>,
}

impl Calls {
    /// Counts a call the moment it comes, whether or not it is ever answered.
    pub(crate) fn came(&mut self, operation: &str) {
        *self.counts.entry(operation.to_owned()).or_default() += 1;
    }

    /// Keeps how a call ended.
    pub(crate) fn ended(&mut self, call: CallRecord) {
        self.latest.push_back(call);
        if self.latest.len() > KEPT {
            self.latest.pop_front();
        }
    }

    pub(crate) fn count(&self, operation: &str) -> usize {
        self.counts.get(operation).copied().unwrap_or(0)
    }

    pub(crate) fn counts(&self) -> &BTreeMap<String, usize> {
        &self.counts
    }

    pub(crate) fn latest(&self) -> impl DoubleEndedIterator<Item = &CallRecord> {
        self.latest.iter()
    }

    pub(crate) fn violate(&mut self, operation: &str, what: String) {
        // A caller that breaks a rule in a loop must not fill the memory.
        if self.violations.len() < KEPT {
            self.violations.push(Violation {
                operation: operation.to_owned(),
                what,
            });
        }
    }
}

impl Display for Violation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.what)
    }
}

impl Display for CallRecord {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.operation, self.status)?;
        if let Some(channel) = self.channel {
            write!(f, " in {channel}")?;
        }
        if self.code != 0 {
            write!(f, ": {}", self.code)?;
        }
        Ok(())
    }
}
