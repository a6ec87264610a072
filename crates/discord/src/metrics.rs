use std::sync::atomic::{AtomicU64, Ordering};

/// What has been counted since the start.
#[derive(Debug, Default)]
pub struct Counters {
    interactions: AtomicU64,
    unknown: AtomicU64,
    late: AtomicU64,
    deferred: AtomicU64,
    refused_calls: AtomicU64,
    invalid_requests: AtomicU64,
    in_doubt: AtomicU64,
    repeated: AtomicU64,
    lost_answers: AtomicU64,
    gateway_restarts: AtomicU64,
}

macro_rules! counters {
    ($($(#[doc = $doc:literal])* $name:ident, $add:ident;)*) => {
        impl Counters {$(
            $(#[doc = $doc])*
            #[must_use]
            pub fn $name(&self) -> u64 {
                self.$name.load(Ordering::Relaxed)
            }

            pub(crate) fn $add(&self) {
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

counters! {
    /// Interactions taken.
    interactions, add_interaction;
    /// Interactions that the library could not read, or of a kind that nobody here knows.
    unknown, add_unknown;
    /// Interactions that could not be answered any more when they came, and were not carried out.
    late, add_late;
    /// Interactions that were put off because their work took long.
    deferred, add_deferred;
    /// Calls that the platform refused for good.
    refused_calls, add_refused_call;
    /// Calls answered with 401, 403 or 429: ten thousand in ten minutes, and Discord bars the address.
    invalid_requests, add_invalid_request;
    /// Calls of which nobody knows whether they were carried out.
    in_doubt, add_in_doubt;
    /// Messages that were sent again after such a call: at most these can have been doubled.
    repeated, add_repeated;
    /// Answers that could not be given.
    lost_answers, add_lost_answer;
    /// Times the connection to the gateway was made anew by us, beside the library's own resumptions.
    gateway_restarts, add_gateway_restart;
}
