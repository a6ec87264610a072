//! What Discord lets leave: its own counters, as it tells them, and pauses that it orders.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use reqwest::header::HeaderMap;

use super::Kind;

/// As many counters as are kept; beyond, those that have run out go.
const MANY: usize = 1_024;

/// As many invalid requests as we make in the window: Discord bars an address at 10,000.
const MAX_INVALID: u32 = 8_000;

/// The window in which it counts them.
const INVALID_WINDOW: SignedDuration = SignedDuration::from_mins(10);

/// Who is refused.
#[derive(Clone, Copy, Debug)]
pub enum Refused<'a> {
    /// Whatever shares this key's limit.
    Key(&'a str),
    /// All but answers to interactions.
    All,
    /// First responses, which no counter of Discord's own refuses.
    Responses,
}

/// What is known of Discord's limits.
#[derive(Default)]
pub struct Limits {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// Of a key, the name of the counter that it shares with others.
    names: HashMap<String, String>,
    counters: HashMap<String, Counter>,
    /// Of a key and of its counter, until when Discord lets nothing leave. A success that was on its way
    /// then changes nothing of it.
    orders: HashMap<String, Timestamp>,
    pause: Option<Timestamp>,
    responses_pause: Option<Timestamp>,
    invalid: Option<(Timestamp, u32)>,
}

struct Counter {
    left: u32,
    until: Timestamp,
}

impl Limits {
    /// Takes a call's turn, or says until when it has to wait.
    pub fn may_leave(&self, kind: Kind, key: &str, now: Timestamp) -> Result<(), Timestamp> {
        let mut inner = self.lock();
        // An address that is barred answers nobody any more: so this holds for answers too.
        if let Some((since, count)) = inner.invalid
            && count >= MAX_INVALID
            && now.duration_since(since) < INVALID_WINDOW
        {
            return Err(since.checked_add(INVALID_WINDOW).unwrap_or(now));
        }
        let pause = match kind {
            Kind::Bot => inner.pause,
            Kind::Callback => inner.responses_pause,
            Kind::Webhook => None,
        };
        if let Some(until) = pause.filter(|until| *until > now) {
            return Err(until);
        }
        if kind == Kind::Callback {
            return Ok(());
        }
        let name = inner.name(key);
        let ordered = [key, &name].map(|key| inner.orders.get(key).copied());
        if let Some(until) = ordered.into_iter().flatten().max().filter(|at| *at > now) {
            return Err(until);
        }
        match inner.counters.get_mut(&name) {
            Some(counter) if counter.until > now => match counter.left.checked_sub(1) {
                Some(left) => {
                    counter.left = left;
                    Ok(())
                }
                None => Err(counter.until),
            },
            _ => Ok(()),
        }
    }

    /// Learns from an answer's headers.
    pub fn learn(&self, key: &str, headers: &HeaderMap, now: Timestamp) {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let left = text("x-ratelimit-remaining").and_then(|text| text.parse::<u32>().ok());
        let after = text("x-ratelimit-reset-after").and_then(|text| text.parse::<f64>().ok());
        let after = after.and_then(|after| SignedDuration::try_from_secs_f64(after).ok());
        let (Some(left), Some(after)) = (left, after) else {
            return;
        };
        let until = now.checked_add(after).unwrap_or(now);
        let mut inner = self.lock();
        inner.prune(now);
        if let Some(bucket) = text("x-ratelimit-bucket") {
            let major = key.rsplit(' ').next().unwrap_or_default();
            inner
                .names
                .insert(key.to_owned(), format!("{bucket} {major}"));
        }
        let name = inner.name(key);
        let counter = inner
            .counters
            .entry(name)
            .or_insert(Counter { left, until });
        // Answers may overtake each other: within a window the lowest number holds.
        let same_window =
            counter.until.duration_since(until).abs() < SignedDuration::from_millis(500);
        counter.left = if same_window {
            counter.left.min(left)
        } else {
            left
        };
        counter.until = counter.until.max(until);
    }

    /// Obeys an order to wait.
    pub fn refused(&self, who: Refused<'_>, now: Timestamp, until: Timestamp) {
        let mut inner = self.lock();
        if inner.orders.len() >= MANY {
            inner.orders.retain(|_, until| *until > now);
        }
        match who {
            Refused::All => inner.pause = inner.pause.max(Some(until)),
            Refused::Responses => {
                inner.responses_pause = inner.responses_pause.max(Some(until));
            }
            Refused::Key(key) => {
                // The key may get another counter's name meanwhile, and others its own.
                for key in [key.to_owned(), inner.name(key)] {
                    let order = inner.orders.entry(key).or_insert(until);
                    *order = until.max(*order);
                }
            }
        }
    }

    /// Counts a request that Discord holds against our address.
    pub fn count_invalid(&self, now: Timestamp) {
        let mut inner = self.lock();
        inner.invalid = match inner.invalid {
            Some((since, count)) if now.duration_since(since) < INVALID_WINDOW => {
                Some((since, count + 1))
            }
            _ => Some((now, 1)),
        };
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn name(&self, key: &str) -> String {
        self.names
            .get(key)
            .cloned()
            .unwrap_or_else(|| key.to_owned())
    }

    /// Interactions come and go, and each has counters of its own: what has run out says nothing.
    fn prune(&mut self, now: Timestamp) {
        if self.counters.len() >= MANY || self.names.len() >= MANY {
            self.counters.retain(|_, counter| counter.until > now);
            let counters = &self.counters;
            self.names.retain(|_, name| counters.contains_key(name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_700_000_000_000 + millis).unwrap()
    }

    fn headers(left: u32, after: &str, bucket: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("x-ratelimit-remaining", left.into());
        headers.insert("x-ratelimit-reset-after", after.parse().unwrap());
        headers.insert("x-ratelimit-bucket", bucket.parse().unwrap());
        headers
    }

    #[test]
    fn a_call_waits_before_it_would_be_one_too_many() {
        let limits = Limits::default();
        let leave = |key, millis| limits.may_leave(Kind::Bot, key, at(millis));
        assert_eq!(leave("POST messages 1", 0), Ok(()));
        limits.learn("POST messages 1", &headers(1, "2.5", "abc"), at(0));
        assert_eq!(leave("POST messages 1", 10), Ok(()));
        assert_eq!(leave("POST messages 1", 20), Err(at(2_500)));
        assert_eq!(
            leave("POST messages 2", 20),
            Ok(()),
            "another channel has its own"
        );
        assert_eq!(leave("POST messages 1", 2_500), Ok(()));
    }

    #[test]
    fn routes_of_one_bucket_share_it_for_each_channel() {
        let limits = Limits::default();
        limits.learn("PATCH message 1", &headers(5, "1", "abc"), at(0));
        limits.learn("POST messages 1", &headers(0, "1", "abc"), at(0));
        assert!(
            limits
                .may_leave(Kind::Bot, "PATCH message 1", at(1))
                .is_err()
        );
    }

    #[test]
    fn a_pause_of_all_holds_up_no_answer() {
        let limits = Limits::default();
        limits.refused(Refused::All, at(0), at(5_000));
        assert_eq!(limits.may_leave(Kind::Bot, "x 1", at(0)), Err(at(5_000)));
        assert_eq!(limits.may_leave(Kind::Webhook, "y 1", at(0)), Ok(()));
        assert_eq!(limits.may_leave(Kind::Callback, "", at(0)), Ok(()));
        limits.refused(Refused::Key("y 1"), at(0), at(900));
        assert_eq!(limits.may_leave(Kind::Webhook, "y 1", at(0)), Err(at(900)));
    }

    #[test]
    fn invalid_requests_stop_before_the_address_is_barred() {
        let limits = Limits::default();
        for _ in 0..MAX_INVALID {
            limits.count_invalid(at(0));
        }
        for kind in [Kind::Bot, Kind::Webhook, Kind::Callback] {
            let until = Err(at(600_000));
            assert_eq!(limits.may_leave(kind, "x 1", at(1)), until, "{kind:?}");
            assert_eq!(limits.may_leave(kind, "x 1", at(600_000)), Ok(()));
        }
    }

    #[test]
    fn a_success_that_was_on_its_way_ends_no_ordered_pause() {
        let limits = Limits::default();
        let leave = |millis| limits.may_leave(Kind::Bot, "POST messages 1", at(millis));
        limits.refused(Refused::Key("POST messages 1"), at(0), at(3_000));
        // It also brings the name of the counter.
        limits.learn("POST messages 1", &headers(4, "5", "abc"), at(10));
        assert_eq!(leave(20), Err(at(3_000)));
        assert_eq!(leave(2_999), Err(at(3_000)));
        limits.learn("POST messages 1", &headers(4, "5", "abc"), at(2_999));
        assert_eq!(leave(3_000), Ok(()));
        // Whatever shares the counter waits too.
        limits.learn("PATCH message 1", &headers(4, "5", "abc"), at(3_000));
        limits.refused(Refused::Key("POST messages 1"), at(3_000), at(4_000));
        let other = limits.may_leave(Kind::Bot, "PATCH message 1", at(3_500));
        assert_eq!(other, Err(at(4_000)));
    }

    #[test]
    fn first_responses_pause_only_when_they_are_told_to() {
        let limits = Limits::default();
        limits.refused(Refused::Responses, at(0), at(500));
        assert_eq!(limits.may_leave(Kind::Callback, "", at(0)), Err(at(500)));
        assert_eq!(limits.may_leave(Kind::Bot, "x 1", at(0)), Ok(()));
        assert_eq!(limits.may_leave(Kind::Callback, "", at(500)), Ok(()));
    }

    #[test]
    fn a_hundred_thousand_interactions_leave_no_counters_behind() {
        let limits = Limits::default();
        for n in 0..100_000_i64 {
            limits.learn(
                &format!("POST more {n}"),
                &headers(4, "1", "abc"),
                at(n * 10),
            );
        }
        let inner = limits.lock();
        assert!(inner.counters.len() <= MANY && inner.names.len() <= MANY);
    }
}
