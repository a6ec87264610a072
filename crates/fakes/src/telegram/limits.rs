//! The limits on sending that Telegram publishes, as sliding windows on the injected clock.

use std::collections::{HashMap, VecDeque};

use jiff::Timestamp;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
/// How many messages may reach one chat at once; after that, one more each second.
const BURST: i64 = 3;
/// How many messages may reach one group in a minute.
const PER_GROUP_AND_MINUTE: usize = 20;
/// How many messages may leave in a second, over all chats.
const PER_SECOND: usize = 30;

/// What was sent lately, and whether there is room for more.
#[derive(Debug)]
pub(crate) struct Limits {
    pub(crate) on: bool,
    /// How many messages were refused so far.
    pub(crate) refused: usize,
    chats: HashMap<i64, Sent>,
    all: VecDeque<i64>,
}

#[derive(Debug, Default)]
struct Sent {
    /// The instants of the last minute, in microseconds.
    minute: VecDeque<i64>,
    /// When the chat will have paid for all it got, at one message a second.
    paid_until: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            on: true,
            refused: 0,
            chats: HashMap::new(),
            all: VecDeque::new(),
        }
    }
}

impl Limits {
    /// Lets one more message to a chat through, or says after how many seconds to try again. What
    /// is refused takes no room.
    pub(crate) fn admit(&mut self, now: Timestamp, chat: i64, group: bool) -> Result<(), u64> {
        if !self.on {
            return Ok(());
        }
        let now = now.as_microsecond();
        let sent = self.chats.entry(chat).or_default();
        forget(&mut sent.minute, now - MINUTE);
        forget(&mut self.all, now - SECOND);
        let chat_free = sent.paid_until - (BURST - 1) * SECOND;
        let group_free = if group {
            free_at(&sent.minute, PER_GROUP_AND_MINUTE, MINUTE)
        } else {
            0
        };
        let all_free = free_at(&self.all, PER_SECOND, SECOND);
        let free = chat_free.max(group_free).max(all_free);
        if free > now {
            self.refused += 1;
            let seconds = (free - now + SECOND - 1) / SECOND;
            return Err(u64::try_from(seconds).unwrap_or(1));
        }
        sent.paid_until = sent.paid_until.max(now) + SECOND;
        sent.minute.push_back(now);
        self.all.push_back(now);
        Ok(())
    }
}

fn forget(sent: &mut VecDeque<i64>, until: i64) {
    while sent.front().is_some_and(|at| *at <= until) {
        sent.pop_front();
    }
}

/// When a window that holds `most` has room again: when its `most`-th last entry leaves it.
fn free_at(sent: &VecDeque<i64>, most: usize, window: i64) -> i64 {
    match sent.len().checked_sub(most) {
        Some(index) => sent.get(index).map_or(0, |at| at + window),
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_000_000_000_000 + millis).unwrap()
    }

    #[test]
    fn a_chat_takes_three_at_once_and_then_one_a_second() {
        let mut limits = Limits::default();
        for _ in 0..3 {
            assert_eq!(limits.admit(at(0), 5, false), Ok(()));
        }
        assert_eq!(limits.admit(at(0), 5, false), Err(1));
        assert_eq!(limits.admit(at(999), 5, false), Err(1));
        assert_eq!(limits.admit(at(1000), 5, false), Ok(()));
        assert_eq!(limits.admit(at(1000), 5, false), Err(1));
        assert_eq!(limits.admit(at(1000), 6, false), Ok(()));
        assert_eq!(limits.refused, 3);
    }

    #[test]
    fn a_group_takes_twenty_in_any_minute() {
        let mut limits = Limits::default();
        for n in 0..20 {
            assert_eq!(limits.admit(at(n * 1000), -5, true), Ok(()));
        }
        assert_eq!(limits.admit(at(20_000), -5, true), Err(40));
        assert_eq!(limits.admit(at(60_000), -5, true), Ok(()));
        assert_eq!(limits.admit(at(60_000), -5, true), Err(1));
        assert_eq!(limits.admit(at(61_000), -5, true), Ok(()));
    }

    #[test]
    fn thirty_leave_in_any_second() {
        let mut limits = Limits::default();
        for chat in 0..30 {
            assert_eq!(limits.admit(at(chat * 10), chat, false), Ok(()));
        }
        assert_eq!(limits.admit(at(500), 99, false), Err(1));
        assert_eq!(limits.admit(at(1000), 99, false), Ok(()));
    }

    #[test]
    fn nothing_is_refused_when_switched_off() {
        let mut limits = Limits {
            on: false,
            ..Limits::default()
        };
        for _ in 0..100 {
            assert_eq!(limits.admit(at(0), 5, true), Ok(()));
        }
    }
}
