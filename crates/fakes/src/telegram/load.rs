//! The control API of the program for load tests; [`Builder::control`](super::Builder::control)
//! describes it.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State as Shares};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::ledger::Ledger;
use super::message::Message;
use super::reply::json_response;
use super::state::{ChatKind, Member, State, Status};
use super::text::Rich;
use super::world::Shared;

/// How many messages are injected under one lock.
const CHUNK: u64 = 64;

/// What `POST /control/inject` takes: `users` write in turn, into `chats` in turn (each into the
/// private chat if there are none), `count` messages in all. In `text`, `{n}` is the number.
#[derive(Debug)]
struct Injection {
    users: Vec<i64>,
    chats: Vec<i64>,
    text: String,
    count: u64,
    /// Messages a second; 0: as fast as it goes.
    rate: u64,
}

/// The routes under `/control/`.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    shared.write(|state| state.ledger.on = true);
    Router::new()
        .route("/control/users", post(users))
        .route("/control/chats", post(chats))
        .route("/control/inject", post(inject))
        .route("/control/press", post(press))
        .route("/control/counters", get(counters))
        .route("/control/replies", get(replies))
        .route("/control/messages", get(messages))
        .route("/control/dump", get(dump))
        .route("/control/violations", get(violations))
        .route("/control/reset", post(reset))
        .with_state(Arc::clone(shared))
}

async fn users(Shares(shared): Shares<Arc<Shared>>, body: Bytes) -> Response {
    let body = read(&body);
    let count = number(&body, "count", 1);
    let ids: Vec<_> = shared.write(|state| {
        (0..count)
            .map(|n| {
                let id = state.add_account(&format!("Runner {}", n + 1), None, false);
                open_private_chat(state, id);
                id
            })
            .collect()
    });
    ok(&json!({ "ids": ids }))
}

async fn chats(Shares(shared): Shares<Arc<Shared>>, body: Bytes) -> Response {
    let body = read(&body);
    let kind = match body["kind"].as_str() {
        Some("group") => ChatKind::Group,
        Some("channel") => ChatKind::Channel,
        _ => ChatKind::Supergroup,
    };
    let members = numbers(&body, "members");
    let ids: Vec<_> = shared.write(|state| {
        (0..number(&body, "count", 1))
            .map(|n| {
                let id = state.add_chat(kind, &format!("Club {}", n + 1));
                let chat = state.chat_mut(id);
                let members = members.iter().map(|id| (*id, Member::of(Status::Member)));
                chat.members.extend(members);
                id
            })
            .collect()
    });
    ok(&json!({ "ids": ids }))
}

/// Answers when all is injected.
async fn inject(Shares(shared): Shares<Arc<Shared>>, body: Bytes) -> Response {
    let body = read(&body);
    let injection = Injection {
        users: numbers(&body, "users"),
        chats: numbers(&body, "chats"),
        text: body["text"].as_str().unwrap_or("/start").to_owned(),
        count: number(&body, "count", 1),
        rate: number(&body, "rate", 0),
    };
    if let Some(problem) = shared.read(|state| injection.problem(state)) {
        return json_response(400, json!({ "error": problem }).to_string());
    }
    let start = Instant::now();
    let mut done = 0;
    if injection.rate == 0 {
        while done < injection.count {
            let end = injection.count.min(done + CHUNK);
            shared.write(|state| injection.write(state, done..end));
            done = end;
            // Others must get at the state in between.
            tokio::task::yield_now().await;
        }
    } else {
        let mut ticks = interval_at(start, Duration::from_millis(1));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        while done < injection.count {
            ticks.tick().await;
            let millis = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
            let due = (millis.saturating_mul(injection.rate) / 1000 + 1).min(injection.count);
            shared.write(|state| injection.write(state, done..due));
            done = done.max(due);
        }
    }
    ok(&json!({ "injected": done, "seconds": start.elapsed().as_secs_f64() }))
}

async fn press(Shares(shared): Shares<Arc<Shared>>, body: Bytes) -> Response {
    let body = read(&body);
    let id = |name: &str| body[name].as_i64().unwrap_or_default();
    let (user, chat, message) = (id("user"), id("chat"), id("message"));
    let data = body["data"].as_str().unwrap_or_default();
    let query = shared.write(|state| {
        let known = state.accounts.contains_key(&user) && state.chats.contains_key(&chat);
        known.then(|| {
            let query = state.press(user, chat, message, data, data);
            state.ledger.pressed(query.clone(), chat, message);
            query
        })
    });
    match query {
        Some(query) => ok(&json!({ "query": query })),
        None => json_response(400, r#"{"error":"no such user or chat"}"#.to_owned()),
    }
}

async fn counters(Shares(shared): Shares<Arc<Shared>>) -> Response {
    ok(&shared.read(|state| counts(state)))
}

async fn dump(Shares(shared): Shares<Arc<Shared>>) -> Response {
    let dump = shared.read(|state| {
        let texts = |items: &mut dyn Iterator<Item = String>| items.collect::<Vec<_>>();
        let chats = state.chats.values().map(|chat| {
            let mut json = state.chat_json(chat);
            json["members"] = json!(chat.members.len());
            json["messages"] = state.messages(chat.id).into();
            json
        });
        json!({
            "counters": counts(state),
            "violations": texts(&mut state.calls.violations.iter().map(ToString::to_string)),
            "calls": texts(&mut state.calls.latest().map(ToString::to_string)),
            "chats": chats.collect::<Value>(),
        })
    });
    ok(&dump)
}

fn counts(state: &State) -> Value {
    json!({
        "injected": state.ledger.injected,
        "updates_queued": state.queue.pushed,
        "updates_pending": state.queue.len(),
        "updates_acknowledged": state.queue.acknowledged,
        "highest_offset": state.queue.offset,
        "messages_sent": state.ledger.sent,
        "messages_edited": state.ledger.edited,
        "refused_by_limits": state.limits.refused,
        "violations": state.calls.violations.len(),
        "calls": state.calls.counts(),
        "without_reply": state.ledger.waiting(),
        "reply_microseconds": distribution(&state.ledger),
    })
}

async fn replies(Shares(shared): Shares<Arc<Shared>>) -> Response {
    let replies: Vec<_> = shared.read(|state| state.ledger.replies().copied().collect());
    let rows = replies
        .iter()
        .map(|r| json!([r.chat, r.message, r.answer, r.micros]));
    ok(&rows.collect())
}

async fn messages(Shares(shared): Shares<Arc<Shared>>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let chat = form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "chat")
        .and_then(|(_, value)| value.parse().ok());
    let messages = shared.read(|state| match chat {
        Some(chat) => state.messages(chat),
        None => state
            .chats
            .keys()
            .flat_map(|chat| state.messages(*chat))
            .collect(),
    });
    ok(&messages.into())
}

async fn violations(Shares(shared): Shares<Arc<Shared>>) -> Response {
    let violations: Vec<_> = shared.read(|state| {
        state
            .calls
            .violations
            .iter()
            .map(ToString::to_string)
            .collect()
    });
    ok(&json!(violations))
}

async fn reset(Shares(shared): Shares<Arc<Shared>>) -> Response {
    shared.write(|state| state.ledger.reset());
    ok(&json!({}))
}

impl Injection {
    fn problem(&self, state: &State) -> Option<&'static str> {
        if self.users.is_empty() || !self.users.iter().all(|id| state.accounts.contains_key(id)) {
            return Some("users must name people that were made before");
        }
        let known = self.chats.iter().all(|id| state.chats.contains_key(id));
        (!known).then_some("chats must name chats that were made before")
    }

    fn write(&self, state: &mut State, numbers: std::ops::Range<u64>) {
        for n in numbers {
            let user = turn(&self.users, n).unwrap_or_default();
            let chat = turn(&self.chats, n).unwrap_or(user);
            if chat == user {
                open_private_chat(state, user);
            }
            let text = Rich::typed(&self.text.replace("{n}", &n.to_string()));
            let message = state.post(Message::new(chat, Some(user), text));
            state.ledger.injected(chat, message);
        }
    }
}

fn turn(ids: &[i64], n: u64) -> Option<i64> {
    let length = u64::try_from(ids.len()).ok().filter(|length| *length > 0)?;
    ids.get(usize::try_from(n % length).ok()?).copied()
}

fn open_private_chat(state: &mut State, account: i64) {
    let (chat, bot) = (state.private_chat(account), state.bot.id);
    state
        .chat_mut(chat)
        .members
        .entry(bot)
        .or_insert_with(|| Member::of(Status::Member));
}

fn distribution(ledger: &Ledger) -> Value {
    let mut micros: Vec<_> = ledger.replies().map(|reply| reply.micros).collect();
    micros.sort_unstable();
    let at = |permille: usize| {
        let index = (micros.len() * permille / 1000).min(micros.len().saturating_sub(1));
        micros.get(index).copied().unwrap_or(0)
    };
    json!({
        "count": micros.len(), "p50": at(500), "p90": at(900), "p99": at(990), "p999": at(999),
        "max": micros.last().copied().unwrap_or(0),
    })
}

fn read(body: &Bytes) -> Value {
    serde_json::from_slice(body).unwrap_or(Value::Null)
}

fn number(body: &Value, name: &str, otherwise: u64) -> u64 {
    body[name].as_u64().unwrap_or(otherwise)
}

fn numbers(body: &Value, name: &str) -> Vec<i64> {
    body[name]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_i64)
        .collect()
}

fn ok(body: &Value) -> Response {
    json_response(200, body.to_string())
}
