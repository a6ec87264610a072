use std::sync::atomic::{AtomicU64, Ordering};

/// What has been counted since the start.
#[derive(Debug, Default)]
pub struct Counters {
    updates: AtomicU64,
    unknown: AtomicU64,
    refused_calls: AtomicU64,
    in_doubt: AtomicU64,
    repeated: AtomicU64,
    lost_answers: AtomicU64,
    poll_failures: AtomicU64,
    webhook_refused: AtomicU64,
    webhook_too_long: AtomicU64,
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
    /// Updates taken.
    updates, add_update;
    /// Updates of a kind that nobody here knows, or that make no sense.
    unknown, add_unknown;
    /// Calls that the platform refused for good.
    refused_calls, add_refused_call;
    /// Calls of which nobody knows whether they were carried out.
    in_doubt, add_in_doubt;
    /// Answers that were sent again after such a call: at most these can have been doubled.
    repeated, add_repeated;
    /// Answers that could not be given.
    lost_answers, add_lost_answer;
    /// Long polls that failed.
    poll_failures, add_poll_failure;
    /// Webhook calls that were turned away, as they came without the secret.
    webhook_refused, add_webhook_refused;
    /// Webhook calls that came with the secret and were longer than any update.
    webhook_too_long, add_webhook_too_long;
}
