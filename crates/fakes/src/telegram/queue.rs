//! The updates that wait for the bot.

use std::collections::{BTreeSet, VecDeque};

use serde_json::Value;

/// Kinds that a bot gets only when it asks for them.
const ON_REQUEST: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];
/// How long an update waits before it is thrown away, in seconds.
const LIFE: i64 = 24 * 60 * 60;
/// The same for a press of a button.
const PRESS_LIFE: i64 = 150;
/// Most updates in one answer.
pub(crate) const BATCH: usize = 100;

/// How many updates are looked through for one that a webhook can get.
const LOOKAHEAD: usize = 1000;

/// An update on its way to a webhook.
#[derive(Debug)]
pub(crate) struct Due {
    pub(crate) id: i64,
    /// What belongs to one lane is delivered in order.
    pub(crate) lane: (u8, i64),
    pub(crate) raw: String,
}

/// The updates that wait, oldest first.
#[derive(Debug)]
pub(crate) struct Queue {
    entries: VecDeque<Entry>,
    next: i64,
    /// The kinds the bot asked for; empty for the default ones.
    pub(crate) allowed: Vec<String>,
    /// The highest offset a poll has named.
    pub(crate) offset: i64,
    /// Counts the polls; the one that waits notices by it that another has come.
    pub(crate) poll: u64,
    /// How many polls wait for an answer.
    pub(crate) polling: usize,
    twists: VecDeque<Twist>,
    /// An update that is to arrive behind the next one.
    held: Option<Entry>,
    newest: Option<Entry>,
    strays: usize,
    /// Until which second updates were looked through for old ones.
    expired: i64,
    pub(crate) pushed: u64,
    /// How many updates were acknowledged: by an offset, or by a webhook's 2xx.
    pub(crate) acknowledged: u64,
}

/// Something odd that happens to the next update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Twist {
    /// It comes twice.
    Twice,
    /// It comes after the one that follows it.
    Late,
}

#[derive(Clone, Debug)]
struct Entry {
    id: i64,
    lane: (u8, i64),
    /// The second in which it is thrown away.
    until: i64,
    raw: String,
    /// Stays until it was handed out once, whatever the offset.
    stray: bool,
    handed: bool,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            entries: VecDeque::new(),
            next: 500_001,
            allowed: Vec::new(),
            offset: 0,
            poll: 0,
            polling: 0,
            twists: VecDeque::new(),
            held: None,
            newest: None,
            strays: 0,
            expired: i64::MIN,
            pushed: 0,
            acknowledged: 0,
        }
    }
}

impl Queue {
    /// Whether the bot wants this kind.
    pub(crate) fn allows(&self, kind: &str) -> bool {
        if self.allowed.is_empty() {
            return !ON_REQUEST.contains(&kind);
        }
        self.allowed.iter().any(|allowed| allowed == kind)
    }

    /// Queues an update of a kind and returns its id, or `None` if the bot does not want it.
    pub(crate) fn push(&mut self, now: i64, kind: &str, body: &Value) -> Option<i64> {
        self.allows(kind).then(|| self.force(now, kind, body))
    }

    /// Queues an update whatever the bot asked for.
    pub(crate) fn force(&mut self, now: i64, kind: &str, body: &Value) -> i64 {
        let id = self.next;
        self.next += 1;
        self.pushed += 1;
        let raw = format!(r#"{{"update_id":{id},"{kind}":{body}}}"#);
        let life = if kind == "callback_query" {
            PRESS_LIFE
        } else {
            LIFE
        };
        let entry = Entry {
            id,
            lane: lane(kind, body),
            until: now + life,
            raw,
            stray: false,
            handed: false,
        };
        self.expire(now);
        self.newest = Some(entry.clone());
        match self.twists.pop_front() {
            Some(Twist::Twice) => {
                self.entries.push_back(entry.clone());
                self.add_stray(entry);
            }
            Some(Twist::Late) => self.held = Some(entry),
            None => {
                self.entries.push_back(entry);
                if let Some(held) = self.held.take() {
                    self.add_stray(held);
                }
            }
        }
        id
    }

    /// Queues an update that says no number of its own.
    pub(crate) fn push_without_number(&mut self, now: i64) {
        let id = self.force(now, "message", &serde_json::json!({}));
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.id == id) {
            r#"{"message":{}}"#.clone_into(&mut entry.raw);
        }
    }

    /// The next update has this number, and those behind it follow.
    pub(crate) fn go_on_from(&mut self, number: i64) {
        self.next = number;
    }

    /// Queues the newest update once more, although it may have been acknowledged.
    pub(crate) fn repeat(&mut self) {
        if let Some(entry) = self.newest.clone() {
            self.add_stray(entry);
        }
    }

    pub(crate) fn twist(&mut self, twist: Twist) {
        self.twists.push_back(twist);
    }

    /// Forgets what `offset` acknowledges. A negative offset keeps only that many of the newest.
    pub(crate) fn acknowledge(&mut self, offset: i64, now: i64) {
        self.expire(now);
        let offset = if offset < 0 {
            let keep = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
            let first = self.entries.len().saturating_sub(keep);
            self.entries.get(first).map_or(self.next, |entry| entry.id)
        } else {
            offset
        };
        self.offset = self.offset.max(offset);
        let before = self.entries.len();
        let done = |entry: &Entry| entry.id < offset && (!entry.stray || entry.handed);
        if self.strays > 0 {
            self.entries.retain(|entry| !done(entry));
            self.strays = self.entries.iter().filter(|entry| entry.stray).count();
        } else {
            while self.entries.front().is_some_and(done) {
                self.entries.pop_front();
            }
        }
        self.acknowledged += u64::try_from(before - self.entries.len()).unwrap_or(0);
    }

    /// The oldest updates as the inside of a JSON array, and how many there are.
    pub(crate) fn batch(&mut self, limit: usize) -> Option<String> {
        let mut batch = String::new();
        for entry in self.entries.iter_mut().take(limit) {
            if !batch.is_empty() {
                batch.push(',');
            }
            batch += &entry.raw;
            entry.handed = true;
        }
        (!batch.is_empty()).then_some(batch)
    }

    /// The update that a webhook gets next: the oldest one of a lane that is not busy.
    pub(crate) fn due(&self, busy: &BTreeSet<(u8, i64)>) -> Option<Due> {
        let entry = self
            .entries
            .iter()
            .take(LOOKAHEAD)
            .find(|entry| !busy.contains(&entry.lane))?;
        Some(Due {
            id: entry.id,
            lane: entry.lane,
            raw: entry.raw.clone(),
        })
    }

    /// Forgets an update: a webhook has taken it.
    pub(crate) fn taken(&mut self, id: i64) {
        if let Some(index) = self.entries.iter().position(|entry| entry.id == id) {
            self.entries.remove(index);
            self.acknowledged += 1;
        }
    }

    pub(crate) fn drop_all(&mut self) {
        self.entries.clear();
        self.held = None;
    }

    /// Whether there is nothing to hand out now.
    pub(crate) fn is_drained(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many updates wait.
    pub(crate) fn len(&self) -> usize {
        self.entries.len() + usize::from(self.held.is_some())
    }

    fn add_stray(&mut self, entry: Entry) {
        self.strays += 1;
        self.entries.push_back(Entry {
            stray: true,
            ..entry
        });
    }

    fn expire(&mut self, now: i64) {
        // Once a second is enough, and cheap however many updates come in it.
        if now > self.expired {
            self.expired = now;
            self.entries.retain(|entry| entry.until >= now);
        }
    }
}

/// Which updates follow each other: those about messages by their chat, presses by who pressed,
/// changes of members by the chat for the bot's own and else by the member.
fn lane(kind: &str, body: &Value) -> (u8, i64) {
    let id = |value: &Value| value["id"].as_i64().unwrap_or(0);
    match kind {
        "callback_query" => (1, id(&body["from"])),
        "my_chat_member" => (2, id(&body["chat"])),
        "chat_member" => (3, id(&body["new_chat_member"]["user"])),
        _ => (0, id(&body["chat"])),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ids(queue: &mut Queue) -> Vec<i64> {
        let batch = queue.batch(BATCH).unwrap_or_default();
        let updates: Vec<Value> = serde_json::from_str(&format!("[{batch}]")).unwrap();
        updates
            .iter()
            .map(|update| update["update_id"].as_i64().unwrap() - 500_000)
            .collect()
    }

    fn push(queue: &mut Queue, n: usize) {
        for _ in 0..n {
            queue.push(0, "message", &json!({}));
        }
    }

    #[test]
    fn an_offset_acknowledges_all_before_it() {
        let mut queue = Queue::default();
        push(&mut queue, 3);
        assert_eq!(ids(&mut queue), [1, 2, 3]);
        assert_eq!(ids(&mut queue), [1, 2, 3]);
        queue.acknowledge(500_003, 0);
        assert_eq!(ids(&mut queue), [3]);
        assert_eq!(queue.acknowledged, 2);
        push(&mut queue, 3);
        queue.acknowledge(-2, 0);
        assert_eq!(ids(&mut queue), [5, 6]);
    }

    #[test]
    fn only_wanted_kinds_are_queued() {
        let mut queue = Queue::default();
        assert_eq!(queue.push(0, "chat_member", &json!({})), None);
        queue.allowed = vec!["chat_member".to_owned()];
        assert!(queue.push(0, "chat_member", &json!({})).is_some());
        assert_eq!(queue.push(0, "message", &json!({})), None);
    }

    #[test]
    fn an_update_may_come_twice_or_late() {
        let mut queue = Queue::default();
        queue.twist(Twist::Twice);
        push(&mut queue, 1);
        assert_eq!(ids(&mut queue), [1, 1]);
        queue.acknowledge(500_002, 0);
        assert_eq!(queue.len(), 0);
        queue.twist(Twist::Late);
        push(&mut queue, 2);
        assert_eq!(ids(&mut queue), [3, 2]);
        queue.acknowledge(500_004, 0);
        assert_eq!(queue.len(), 0);
    }

    #[test]
    fn an_update_waits_for_a_day_and_a_press_much_shorter() {
        let mut queue = Queue::default();
        push(&mut queue, 1);
        queue.acknowledge(0, LIFE);
        assert_eq!(queue.len(), 1);
        queue.acknowledge(0, LIFE + 1);
        assert_eq!(queue.len(), 0);
        let now = LIFE + 1;
        queue.push(now, "callback_query", &json!({}));
        queue.push(now, "message", &json!({}));
        queue.acknowledge(0, now + PRESS_LIFE);
        assert_eq!(queue.len(), 2);
        queue.acknowledge(0, now + PRESS_LIFE + 1);
        assert_eq!(queue.len(), 1);
    }
}
