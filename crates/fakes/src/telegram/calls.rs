//! The calls that came, and what was wrong with them.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::{self, Display, Formatter};

/// How many calls are kept in full.
const KEPT: usize = 1000;

/// A call that breaks the rules of the API, whatever the state of the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The method.
    pub method: String,
    /// What is wrong.
    pub what: String,
}

/// A call that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRecord {
    /// The method, as the description spells it.
    pub method: String,
    /// The chat it is about.
    pub chat: Option<i64>,
    /// 200, or the code of the error.
    pub code: u16,
    /// The description of the error, or nothing.
    pub description: String,
}

#[derive(Debug, Default)]
pub(crate) struct Calls {
    pub(crate) violations: Vec<Violation>,
    counts: BTreeMap<String, usize>,
    latest: VecDeque<CallRecord>,
}

impl Calls {
    /// Counts a call the moment it comes, whether or not it is ever answered.
    pub(crate) fn came(&mut self, method: &str) {
        *self.counts.entry(method.to_owned()).or_default() += 1;
    }

    /// Keeps how a call ended.
    pub(crate) fn ended(&mut self, call: CallRecord) {
        self.latest.push_back(call);
        if self.latest.len() > KEPT {
            self.latest.pop_front();
        }
    }

    pub(crate) fn count(&self, method: &str) -> usize {
        self.counts.get(method).copied().unwrap_or(0)
    }

    pub(crate) fn counts(&self) -> &BTreeMap<String, usize> {
        &self.counts
    }

    pub(crate) fn latest(&self) -> impl DoubleEndedIterator<Item = &CallRecord> {
        self.latest.iter()
    }

    pub(crate) fn violate(&mut self, method: &str, what: String) {
        // A caller that breaks a rule in a loop must not fill the memory.
        if self.violations.len() < KEPT {
            self.violations.push(Violation {
                method: method.to_owned(),
                what,
            });
        }
    }
}

impl Display for Violation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.method, self.what)
    }
}

impl Display for CallRecord {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.code)?;
        if let Some(chat) = self.chat {
            write!(f, " in {chat}")?;
        }
        if !self.description.is_empty() {
            write!(f, ": {}", self.description)?;
        }
        Ok(())
    }
}
