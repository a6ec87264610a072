use std::collections::{HashMap, VecDeque};

use jiff::{SignedDuration, Timestamp};

use crate::face::RetryScope;

/// When the next message may leave: one by one at a fixed spacing, no chat too often, and nobody whom
/// the platform told to wait.
pub(super) struct Pace {
    spacing: SignedDuration,
    minds_chats: bool,
    slot: Timestamp,
    chats: HashMap<String, Chat>,
    /// What left within the last second, oldest first.
    left: VecDeque<Timestamp>,
    all_until: Timestamp,
    /// Chats that were told to wait within the last second.
    refused: VecDeque<(Timestamp, String)>,
}

struct Chat {
    /// The latest sends, oldest first.
    log: VecDeque<Timestamp>,
    /// When the chat would have had no send at one a second.
    even: Timestamp,
    until: Timestamp,
}

/// In a chat: one a second, three at once, and twenty a minute, as the strictest platform allows.
const A_SECOND: SignedDuration = SignedDuration::from_secs(1);
const BURST: SignedDuration = SignedDuration::from_secs(2);
const A_MINUTE: SignedDuration = SignedDuration::from_mins(1);
const A_MINUTES_SENDS: usize = 20;

/// So many chats told to wait within a second mean that all of it is too fast.
const CHATS_FOR_ALL: usize = 3;

/// So much room is left for answers that are about to come, and for what the way there pushes together. A
/// house rule.
const RESERVE: usize = 3;

/// More than that in a second no platform bears.
const MOST_KEPT: usize = 100;

/// Chats are forgotten when there are so many and nothing is known against them any more.
const MANY_CHATS: usize = 4_096;

impl Chat {
    fn free_at(&self) -> Timestamp {
        let even = self.even.checked_sub(BURST).unwrap_or(Timestamp::MIN);
        let minute = match self.log.front() {
            Some(oldest) if self.log.len() >= A_MINUTES_SENDS => later(*oldest, A_MINUTE),
            _ => Timestamp::MIN,
        };
        even.max(minute).max(self.until)
    }
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

impl Pace {
    pub fn new(spacing: SignedDuration, minds_chats: bool) -> Self {
        Self {
            spacing,
            minds_chats,
            slot: Timestamp::MIN,
            chats: HashMap::new(),
            left: VecDeque::new(),
            all_until: Timestamp::MIN,
            refused: VecDeque::new(),
        }
    }

    /// When the next message may leave, to whatever chat.
    pub fn next(&self) -> Timestamp {
        self.slot.max(self.all_until)
    }

    /// Whether a platform that bears so many messages a second has room for another, besides what others
    /// have said within the last second.
    pub fn has_room(&mut self, most: usize, said_by_others: usize, now: Timestamp) -> bool {
        while (self.left.front()).is_some_and(|at| later(*at, A_SECOND) <= now) {
            self.left.pop_front();
        }
        self.left.len() + said_by_others + RESERVE < most
    }

    /// When a chat bears the next message.
    pub fn chat_free_at(&self, chat: &str) -> Timestamp {
        match self.chats.get(chat) {
            Some(chat) if self.minds_chats => chat.free_at(),
            Some(chat) => chat.until,
            None => Timestamp::MIN,
        }
    }

    /// A message leaves.
    pub fn leaves(&mut self, chat: &str, now: Timestamp) {
        // What a timer overslept is made good, but no more than that: nothing ever leaves in a bunch.
        let grid = later(self.slot, self.spacing);
        let missed = later(grid, self.spacing) < now;
        self.slot = if missed {
            later(now, self.spacing)
        } else {
            grid
        };
        self.forget_the_idle(now);
        self.left.push_back(now);
        if self.left.len() > MOST_KEPT {
            self.left.pop_front();
        }
        let chat = self.chat(chat);
        chat.even = later(chat.even.max(now), A_SECOND);
        chat.log.push_back(now);
        if chat.log.len() > A_MINUTES_SENDS {
            chat.log.pop_front();
        }
    }

    /// The platform has told us to wait.
    pub fn refused(&mut self, chat: &str, until: Timestamp, scope: RetryScope, now: Timestamp) {
        let entry = self.chat(chat);
        entry.until = entry.until.max(until);
        if scope == RetryScope::All {
            self.all_until = self.all_until.max(until);
            return;
        }
        self.refused
            .retain(|(at, other)| later(*at, A_SECOND) >= now && other != chat);
        self.refused.push_back((now, chat.to_owned()));
        if self.refused.len() >= CHATS_FOR_ALL {
            self.all_until = self.all_until.max(until);
        }
    }

    fn chat(&mut self, chat: &str) -> &mut Chat {
        self.chats.entry(chat.to_owned()).or_insert(Chat {
            log: VecDeque::new(),
            even: Timestamp::MIN,
            until: Timestamp::MIN,
        })
    }

    fn forget_the_idle(&mut self, now: Timestamp) {
        if self.chats.len() < MANY_CHATS {
            return;
        }
        self.chats.retain(|_, chat| {
            let latest = chat.log.back().copied().unwrap_or(Timestamp::MIN);
            later(latest, A_MINUTE) > now || chat.until > now
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_800_000_000_000 + millis).unwrap()
    }

    fn pace() -> Pace {
        Pace::new(SignedDuration::from_millis(40), true)
    }

    /// Sends to a chat as soon as it may, and says when, in milliseconds.
    fn sends(pace: &mut Pace, chat: &str, many: usize) -> Vec<i64> {
        let mut now = at(0);
        let mut all = Vec::new();
        for _ in 0..many {
            now = now.max(pace.next()).max(pace.chat_free_at(chat));
            pace.leaves(chat, now);
            all.push(now.as_millisecond() - at(0).as_millisecond());
        }
        all
    }

    #[test]
    fn messages_to_many_chats_leave_one_by_one() {
        let mut pace = pace();
        let mut now = at(0);
        for chat in 0..100 {
            now = now.max(pace.next());
            pace.leaves(&chat.to_string(), now);
        }
        assert_eq!(now, at(99 * 40));
    }

    #[test]
    fn a_timer_that_oversleeps_costs_no_slot_and_a_pause_saves_none() {
        let mut pace = pace();
        pace.leaves("a", at(0));
        pace.leaves("b", at(45));
        assert_eq!(pace.next(), at(80));
        pace.leaves("c", at(5_000));
        assert_eq!(pace.next(), at(5_040));
    }

    #[test]
    fn complaint_18_a_chat_gets_three_at_once_one_a_second_and_twenty_a_minute() {
        let times = sends(&mut pace(), "a", 45);
        assert_eq!(times[..5], [0, 40, 80, 1_000, 2_000]);
        for window in times.windows(21) {
            assert!(window[20] - window[0] >= 60_000, "{window:?}");
        }
        assert_eq!(pace().chat_free_at("b"), Timestamp::MIN);
    }

    #[test]
    fn what_others_say_takes_room_until_a_second_has_passed() {
        let mut pace = pace();
        for n in 0..20 {
            pace.leaves(&n.to_string(), at(n * 40));
        }
        assert!(pace.has_room(30, 6, at(800)));
        assert!(!pace.has_room(30, 7, at(800)));
        assert!(!pace.has_room(30, 7, at(999)));
        assert!(pace.has_room(30, 7, at(1_000)));
    }

    #[test]
    fn an_order_to_wait_holds_for_its_chat() {
        let mut pace = pace();
        pace.refused("a", at(8_000), RetryScope::Unsaid, at(0));
        assert_eq!(pace.chat_free_at("a"), at(8_000));
        assert_eq!(pace.chat_free_at("b"), Timestamp::MIN);
        assert!(pace.next() < at(0));
    }

    #[test]
    fn three_chats_within_a_second_or_the_platforms_word_hold_for_all() {
        let mut pace = pace();
        for (chat, now) in [("a", 0), ("b", 400), ("b", 800), ("c", 1_200)] {
            pace.refused(chat, at(9_000), RetryScope::Unsaid, at(now));
        }
        assert!(
            pace.next() < at(0),
            "two within a second, whatever they say"
        );
        pace.refused("d", at(9_000), RetryScope::Unsaid, at(1_500));
        assert_eq!(pace.next(), at(9_000));
        let mut pace = super::tests::pace();
        pace.refused("a", at(3_000), RetryScope::All, at(0));
        assert_eq!(pace.next(), at(3_000));
    }

    #[test]
    fn idle_chats_are_forgotten_when_there_are_many() {
        let mut pace = pace();
        for chat in 0..MANY_CHATS {
            pace.leaves(&chat.to_string(), at(0));
        }
        pace.leaves("late", at(60_001));
        assert_eq!(pace.chats.len(), 1);
    }
}
