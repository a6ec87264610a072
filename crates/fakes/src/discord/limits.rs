//! The limits on calls, as sliding windows on the injected clock.

use std::collections::{HashMap, VecDeque};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;

use super::reply::{ApiError, Scope};
use super::schema::PathParts;

const MILLI: i64 = 1_000;
const SECOND: i64 = 1_000 * MILLI;
/// Calls a second over all buckets, by Discord's pages; interactions do not count.
const GLOBAL: usize = 50;
/// Invalid calls (401, 403, 429 unless shared) in ten minutes, after which Cloudflare closes the
/// door, by Discord's pages.
const INVALID: usize = 10_000;
const INVALID_WINDOW: i64 = 600 * SECOND;
/// When so many buckets are known, those that are empty again are forgotten.
const BUCKETS: usize = 4_096;

/// What was called lately, and whether there is room for more.
#[derive(Debug)]
pub(crate) struct Limits {
    pub(crate) on: bool,
    /// How many calls were refused so far.
    pub(crate) refused: usize,
    pub(crate) invalid_in_all: usize,
    buckets: HashMap<String, Bucket>,
    all: VecDeque<i64>,
    invalid: VecDeque<i64>,
}

/// The calls of one bucket, in microseconds.
#[derive(Debug)]
struct Bucket {
    calls: VecDeque<i64>,
    window: i64,
}

/// Where a bucket stands after a call, for the headers of its answer.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    limit: usize,
    remaining: usize,
    /// When the oldest call leaves the window, and how long that takes, in microseconds.
    reset: i64,
    after: i64,
    bucket: String,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            on: true,
            refused: 0,
            invalid_in_all: 0,
            buckets: HashMap::new(),
            all: VecDeque::new(),
            invalid: VecDeque::new(),
        }
    }
}

impl Limits {
    /// Lets one more call through, or refuses it. What is refused takes no room.
    pub(crate) fn admit(
        &mut self,
        now: Timestamp,
        operation: &str,
        parts: &PathParts,
    ) -> (Standing, Result<(), ApiError>) {
        let now = now.as_microsecond();
        let (limit, window) = allowance(operation);
        if self.buckets.len() > BUCKETS {
            self.buckets.retain(|_, bucket| {
                let newest = bucket.calls.back().copied().unwrap_or(0);
                newest + bucket.window > now
            });
        }
        let key = format!("{operation}:{}", major(operation, parts));
        let bucket = self.buckets.entry(key).or_insert_with(|| Bucket {
            calls: VecDeque::new(),
            window,
        });
        forget(&mut bucket.calls, now - window);
        forget(&mut self.all, now - SECOND);
        let bound = !is_interaction(operation);
        let bucket_free = free_at(&bucket.calls, limit, window);
        let all_free = if bound {
            free_at(&self.all, GLOBAL, SECOND)
        } else {
            0
        };
        let refusal = if !self.on {
            None
        } else if all_free > now {
            Some(ApiError::limited(Scope::Global, seconds(all_free - now)))
        } else if bucket_free > now {
            Some(ApiError::limited(Scope::User, seconds(bucket_free - now)))
        } else {
            None
        };
        if refusal.is_none() {
            bucket.calls.push_back(now);
            if bound {
                self.all.push_back(now);
            }
        } else {
            self.refused += 1;
        }
        let reset = bucket.calls.front().map_or(now, |oldest| oldest + window);
        let standing = Standing {
            limit,
            remaining: limit.saturating_sub(bucket.calls.len()),
            reset,
            after: reset - now,
            bucket: digest(operation),
        };
        (standing, refusal.map_or(Ok(()), Err))
    }

    /// Counts an answer that Discord counts as the caller's fault.
    pub(crate) fn note_invalid(&mut self, now: Timestamp) {
        self.invalid_in_all += 1;
        self.invalid.push_back(now.as_microsecond());
        if self.invalid.len() > INVALID {
            self.invalid.pop_front();
        }
    }

    /// How many seconds are left of the ban for too many invalid calls, if there is one.
    pub(crate) fn banned(&mut self, now: Timestamp) -> Option<u64> {
        let now = now.as_microsecond();
        forget(&mut self.invalid, now - INVALID_WINDOW);
        let free = free_at(&self.invalid, INVALID, INVALID_WINDOW);
        let left = (free - now).max(0) / SECOND;
        (self.on && free > now).then(|| u64::try_from(left).unwrap_or(0) + 1)
    }
}

impl Standing {
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        let mut put = |name: &'static str, value: String| {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        };
        put("x-ratelimit-limit", self.limit.to_string());
        put("x-ratelimit-remaining", self.remaining.to_string());
        put("x-ratelimit-reset", format!("{:.3}", seconds(self.reset)));
        put(
            "x-ratelimit-reset-after",
            format!("{:.3}", seconds(self.after)),
        );
        put("x-ratelimit-bucket", self.bucket.clone());
    }
}

/// How many calls of an operation fit into which window. Discord publishes no figures and may
/// change them at any time; these are of the size that its answers usually name.
fn allowance(operation: &str) -> (usize, i64) {
    match operation {
        "create_message" | "update_message" | "delete_message" => (5, 5 * SECOND),
        "execute_webhook"
        | "update_original_webhook_message"
        | "update_webhook_message"
        | "delete_original_webhook_message"
        | "delete_webhook_message" => (5, 2 * SECOND),
        "bulk_set_application_commands"
        | "bulk_set_guild_application_commands"
        | "create_application_command"
        | "create_guild_application_command" => (5, 20 * SECOND),
        "create_dm" => (10, 10 * SECOND),
        _ => (50, SECOND),
    }
}

/// What tells the buckets of one operation apart.
fn major(operation: &str, parts: &PathParts) -> String {
    let names: &[&str] = if is_interaction(operation) {
        &[
            "webhook_id",
            "webhook_token",
            "interaction_id",
            "interaction_token",
        ]
    } else {
        &["channel_id", "guild_id"]
    };
    let values: Vec<_> = names.iter().filter_map(|name| parts.get(*name)).collect();
    values
        .into_iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("/")
}

/// The endpoints of interactions, which the global limit leaves alone.
fn is_interaction(operation: &str) -> bool {
    operation == "create_interaction_response"
        || operation == "execute_webhook"
        || operation.ends_with("webhook_message")
}

fn digest(operation: &str) -> String {
    let hash = operation
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("{hash:016x}")
}

#[expect(clippy::cast_precision_loss, reason = "microseconds since 1970 fit")]
fn seconds(micros: i64) -> f64 {
    (micros as f64 / 1_000.0).ceil() / 1_000.0
}

fn forget(calls: &mut VecDeque<i64>, until: i64) {
    while calls.front().is_some_and(|at| *at <= until) {
        calls.pop_front();
    }
}

/// When a window that holds `most` has room again: when its `most`-th last entry leaves it.
fn free_at(calls: &VecDeque<i64>, most: usize, window: i64) -> i64 {
    match calls.len().checked_sub(most) {
        Some(index) => calls.get(index).map_or(0, |at| at + window),
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_000_000_000_000 + millis).unwrap()
    }

    fn parts(channel: &str) -> PathParts {
        PathParts::from([("channel_id".to_owned(), channel.to_owned())])
    }

    fn wait(limits: &mut Limits, millis: i64, operation: &str, channel: &str) -> Option<f64> {
        let (_, admitted) = limits.admit(at(millis), operation, &parts(channel));
        admitted
            .err()
            .map(|error| error.limited.unwrap().retry_after)
    }

    #[test]
    fn a_channel_takes_five_messages_in_any_five_seconds() {
        let mut limits = Limits::default();
        for n in 0..5 {
            assert_eq!(wait(&mut limits, n * 100, "create_message", "1"), None);
        }
        assert_eq!(wait(&mut limits, 1000, "create_message", "1"), Some(4.0));
        assert_eq!(wait(&mut limits, 1000, "create_message", "2"), None);
        assert_eq!(wait(&mut limits, 5000, "create_message", "1"), None);
        assert_eq!(wait(&mut limits, 5000, "create_message", "1"), Some(0.1));
        assert_eq!(limits.refused, 2);
    }

    #[test]
    fn fifty_leave_in_any_second_but_interactions_do_not_count() {
        let mut limits = Limits::default();
        for n in 0..50 {
            let channel = n.to_string();
            assert_eq!(wait(&mut limits, 0, "create_message", &channel), None);
        }
        assert_eq!(wait(&mut limits, 200, "create_message", "x"), Some(0.8));
        assert_eq!(
            wait(&mut limits, 200, "create_interaction_response", "x"),
            None
        );
        assert_eq!(wait(&mut limits, 1000, "create_message", "x"), None);
    }

    #[test]
    fn ten_thousand_invalid_calls_close_the_door_for_ten_minutes() {
        let mut limits = Limits::default();
        for _ in 0..INVALID {
            assert_eq!(limits.banned(at(0)), None);
            limits.note_invalid(at(0));
        }
        assert_eq!(limits.banned(at(1000)), Some(600));
        assert_eq!(limits.banned(at(600_000)), None);
    }

    #[test]
    fn a_standing_tells_what_is_left() {
        let mut limits = Limits::default();
        let (_, _) = limits.admit(at(0), "create_message", &parts("1"));
        let (standing, _) = limits.admit(at(2000), "create_message", &parts("1"));
        let mut headers = HeaderMap::new();
        standing.write(&mut headers);
        assert_eq!(headers["x-ratelimit-limit"], "5");
        assert_eq!(headers["x-ratelimit-remaining"], "3");
        assert_eq!(headers["x-ratelimit-reset-after"], "3.000");
        assert_eq!(headers["x-ratelimit-reset"], "1000000005.000");
    }
}
