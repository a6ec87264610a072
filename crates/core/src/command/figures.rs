use std::sync::atomic::{AtomicU64, Ordering};

use jiff::SignedDuration;

use super::Refusal;

/// What is counted of requests.
#[derive(Debug, Default)]
pub struct Requests {
    answered: AtomicU64,
    not_saved: AtomicU64,
    panics: AtomicU64,
    refused_presses: [AtomicU64; RefusedPress::ALL.len()],
    total_ms: AtomicU64,
    times: [AtomicU64; BOUNDS_MS.len() + 1],
}

/// Why a press did nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedPress {
    /// It was somebody else's button.
    Foreign,
    /// It was a button of an older time, or of nobody.
    Old,
    /// It was a button of a day that is over.
    Over,
}

impl RefusedPress {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Foreign, Self::Old, Self::Over];

    /// Its name among what is counted.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Foreign => "foreign",
            Self::Old => "old",
            Self::Over => "over",
        }
    }

    pub(super) const fn of(refusal: &Refusal) -> Option<Self> {
        match refusal {
            Refusal::ForeignButton => Some(Self::Foreign),
            Refusal::OldButton => Some(Self::Old),
            Refusal::PostOver(_) => Some(Self::Over),
            _ => None,
        }
    }
}

/// Upper bounds of the classes of time that an answer takes, in milliseconds.
const BOUNDS_MS: [i64; 24] = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 75, 100, 200, 500, 1_000, 2_000,
    5_000,
];

/// How long answers took: how many in each class, up to its bound. The last has none.
pub type Times = Vec<(Option<SignedDuration>, u64)>;

impl Requests {
    /// Requests that were answered.
    #[must_use]
    pub fn answered(&self) -> u64 {
        self.answered.load(Ordering::Relaxed)
    }

    /// Requests that the database did not take.
    #[must_use]
    pub fn not_saved(&self) -> u64 {
        self.not_saved.load(Ordering::Relaxed)
    }

    /// Requests whose handler panicked.
    #[must_use]
    pub fn panics(&self) -> u64 {
        self.panics.load(Ordering::Relaxed)
    }

    /// Presses that did nothing, by the reason.
    #[must_use]
    pub fn refused_presses(&self) -> [(RefusedPress, u64); RefusedPress::ALL.len()] {
        RefusedPress::ALL.map(|why| {
            let n = &self.refused_presses[why as usize];
            (why, n.load(Ordering::Relaxed))
        })
    }

    /// How long answers took, from the request to what is to be said.
    #[must_use]
    pub fn times(&self) -> Times {
        let bounds = BOUNDS_MS.map(|bound| Some(SignedDuration::from_millis(bound)));
        let counts = self.times.iter().map(|n| n.load(Ordering::Relaxed));
        bounds.into_iter().chain([None]).zip(counts).collect()
    }

    /// How long all answers took together.
    #[must_use]
    pub fn total(&self) -> SignedDuration {
        let millis = self.total_ms.load(Ordering::Relaxed);
        SignedDuration::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
    }

    pub(super) fn note_answer(&self, took: SignedDuration) {
        self.answered.fetch_add(1, Ordering::Relaxed);
        let millis = u64::try_from(took.as_millis()).unwrap_or(0);
        self.total_ms.fetch_add(millis, Ordering::Relaxed);
        let class = BOUNDS_MS
            .iter()
            .position(|bound| took <= SignedDuration::from_millis(*bound));
        self.times[class.unwrap_or(BOUNDS_MS.len())].fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn note_not_saved(&self) {
        self.not_saved.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn note_refused_press(&self, why: RefusedPress) {
        self.refused_presses[why as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn note_panic(&self) {
        self.panics.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_counted_in_the_class_of_its_time() {
        let requests = Requests::default();
        for millis in [0, 9, 9, 6_000] {
            requests.note_answer(SignedDuration::from_millis(millis));
        }
        let mut times = requests.times();
        times.retain(|(_, n)| *n > 0);
        let bound = |millis| Some(SignedDuration::from_millis(millis));
        assert_eq!(times, [(bound(1), 1), (bound(9), 2), (None, 1)]);
        assert_eq!(requests.answered(), 4);
        assert_eq!(requests.total(), SignedDuration::from_millis(6_018));
    }
}
