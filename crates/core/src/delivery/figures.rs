use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use jiff::SignedDuration;

use crate::club::RoomId;

macro_rules! figures {
    ($($(#[doc = $doc:literal])* $name:ident, $add:ident;)*) => {
        /// What is counted of sending.
        #[derive(Debug, Default)]
        pub struct Figures {
            $($name: AtomicU64,)*
            lateness: [AtomicU64; BOUNDS_MS.len() + 1],
            total_ms: AtomicU64,
            rooms: Mutex<HashSet<RoomId>>,
        }

        impl Figures {$(
            $(#[doc = $doc])*
            #[must_use]
            pub fn $name(&self) -> u64 {
                self.$name.load(Ordering::Relaxed)
            }

            pub(super) fn $add(&self) {
                self.$name.fetch_add(1, Ordering::Relaxed);
            }
        )*

            /// All of them: name, meaning, value.
            #[must_use]
            pub fn all(&self) -> Vec<(&'static str, &'static str, u64)> {
                vec![$((stringify!($name), concat!($($doc),*), self.$name())),*]
            }
        }
    };
}

figures! {
    /// Posts that were sent.
    posts, add_post;
    /// Sends that may have said something twice.
    repeats, add_repeat;
    /// Of what may or may not have arrived, and was given up.
    given_up, add_given_up;
    /// Orders to wait.
    told_to_wait, add_told_to_wait;
    /// What came too late to be sent.
    expired, add_expired;
    /// What could not be sent into its room.
    unreachable, add_unreachable;
    /// What failed in another way.
    failed, add_failed;
    /// Failures of which nobody could be told.
    untold, add_untold;
}

/// What is counted of falling due.
#[derive(Debug, Default)]
pub struct Falls {
    missed: AtomicU64,
    left_out: AtomicU64,
}

impl Falls {
    /// Posts that were too late already when they fell due, such as after an outage of ours.
    #[must_use]
    pub fn missed(&self) -> u64 {
        self.missed.load(Ordering::Relaxed)
    }

    /// Posts that were not tried, for their rooms have long been lost.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.left_out.load(Ordering::Relaxed)
    }

    pub(super) fn add_left_out(&self, posts: usize) {
        self.left_out.fetch_add(posts as u64, Ordering::Relaxed);
    }

    /// So many posts were missed.
    pub fn add_missed(&self, posts: usize) {
        self.missed.fetch_add(posts as u64, Ordering::Relaxed);
    }
}

/// Upper bounds of the classes of lateness, in milliseconds.
const BOUNDS_MS: [i64; 10] = [
    100, 250, 500, 1_000, 1_500, 5_000, 30_000, 120_000, 600_000, 7_200_000,
];

/// How late posts were: how many in each class, up to its bound. The last has none.
pub type Lateness = Vec<(Option<SignedDuration>, u64)>;

impl Figures {
    pub(super) fn note_post(&self, room: RoomId, late: SignedDuration) {
        self.add_post();
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.insert(room);
        drop(rooms);
        let millis = u64::try_from(late.as_millis()).unwrap_or(0);
        self.total_ms.fetch_add(millis, Ordering::Relaxed);
        let class = BOUNDS_MS
            .iter()
            .position(|bound| late <= SignedDuration::from_millis(*bound));
        self.lateness[class.unwrap_or(BOUNDS_MS.len())].fetch_add(1, Ordering::Relaxed);
    }

    /// How late all posts were together.
    #[must_use]
    pub fn total_lateness(&self) -> SignedDuration {
        let millis = self.total_ms.load(Ordering::Relaxed);
        SignedDuration::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
    }

    /// Into how many rooms was posted since this was last asked.
    pub fn take_rooms(&self) -> usize {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *rooms).len()
    }

    /// How late posts were.
    #[must_use]
    pub fn lateness(&self) -> Lateness {
        let bounds = BOUNDS_MS.map(|bound| Some(SignedDuration::from_millis(bound)));
        let counts = self.lateness.iter().map(|n| n.load(Ordering::Relaxed));
        bounds.into_iter().chain([None]).zip(counts).collect()
    }
}
