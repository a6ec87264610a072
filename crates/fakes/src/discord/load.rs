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
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout_at};

use super::acting::{On, Typed, component};
use super::gateway::Order;
use super::ledger::Ledger;
use super::reply::json_response;
use super::schema::list;
use super::state::{ChannelKind, State};
use super::world::Shared;

/// How many interactions wait at once unless the caller says otherwise.
const WINDOW: u64 = 32;
/// How long the last ones may take in real time: as long as Discord would wait.
const PATIENCE: Duration = Duration::from_secs(3);

/// What `POST /control/inject` takes.
#[derive(Debug)]
struct Injection {
    command: String,
    options: Vec<(String, String)>,
    /// A channel and a member of its server, in turn.
    places: Vec<(u64, u64)>,
    count: u64,
    /// Interactions a second; 0: as fast as they are answered.
    rate: u64,
    window: u64,
}

/// The routes under `/control/`.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    shared.write(|state| state.ledger.on = true);
    Router::new()
        .route("/control/servers", post(servers))
        .route("/control/inject", post(inject))
        .route("/control/press", post(press))
        .route("/control/gateway", post(gateway))
        .route("/control/counters", get(counters))
        .route("/control/answers", get(answers))
        .route("/control/messages", get(messages))
        .route("/control/dump", get(dump))
        .route("/control/violations", get(violations))
        .route("/control/reset", post(reset))
        .with_state(Arc::clone(shared))
}

async fn servers(Shares(shared): Shares<Arc<Shared>>, body: Bytes) -> Response {
    let body = read(&body);
    let channels = number(&body, "channels", 1);
    let members = number(&body, "members", 1);
    let made: Vec<_> = shared.write(|state| {
        (0..number(&body, "count", 1))
            .map(|n| {
                let guild = state.add_guild(&format!("Club {}", n + 1), true);
                let channels: Vec<_> = (0..channels)
                    .map(|c| {
                        let name = format!("room-{}", c + 1);
                        state
                            .add_channel(ChannelKind::Text, Some(guild), &name)
                            .to_string()
                    })
                    .collect();
                let members: Vec<_> = (0..members)
                    .map(|m| {
                        let id = state.add_account(&format!("Runner {}.{}", n + 1, m + 1));
                        state.add_member(guild, id);
                        id.to_string()
                    })
                    .collect();
                state.tell_guild(guild);
                json!({"id": guild.to_string(), "channels": channels, "members": members})
            })
            .collect()
    });
    ok(&json!({ "servers": made }))
}

/// Answers when all is sent and answered, or given up.
async fn inject(Shares(shared): Shares<Arc<Shared>>, body: Bytes) -> Response {
    let body = read(&body);
    let injection = match shared.read(|state| Injection::read(state, &body)) {
        Ok(injection) => injection,
        Err(problem) => return bad(&problem),
    };
    let start = Instant::now();
    let sent = if injection.rate == 0 {
        flat_out(&shared, &injection).await
    } else {
        paced(&shared, &injection, start).await
    };
    if let Err(problem) = sent {
        return bad(&problem);
    }
    let end = Instant::now() + PATIENCE;
    let mut changes = shared.changes();
    while shared.read(|state| state.ledger.waiting()) > 0 {
        if timeout_at(end, changes.changed()).await.is_err() {
            break;
        }
    }
    let lost = shared.write(|state| state.ledger.give_up(|_| true));
    let seconds = start.elapsed().as_secs_f64();
    ok(&json!({ "injected": injection.count, "lost": lost, "seconds": seconds }))
}

async fn flat_out(shared: &Shared, injection: &Injection) -> Result<(), String> {
    let mut changes = shared.changes();
    let mut done = 0;
    let mut waited_since = Instant::now();
    while done < injection.count {
        let sent = shared.write(|state| {
            let waiting = state.ledger.waiting() as u64;
            let room = injection.window.saturating_sub(waiting);
            let end = injection.count.min(done + room);
            (done..end)
                .try_for_each(|n| injection.send(state, n))
                .map(|()| end)
        })?;
        // What was just sent is no news.
        changes.mark_unchanged();
        if sent > done {
            waited_since = Instant::now();
        }
        done = sent;
        let end = waited_since + PATIENCE;
        if done < injection.count && timeout_at(end, changes.changed()).await.is_err() {
            // Nothing has come for so long that Discord would wait no more.
            shared.write(|state| state.ledger.give_up(|_| true));
            waited_since = Instant::now();
        }
    }
    Ok(())
}

async fn paced(shared: &Shared, injection: &Injection, start: Instant) -> Result<(), String> {
    let mut ticks = interval_at(start, Duration::from_millis(1));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut done = 0;
    while done < injection.count {
        ticks.tick().await;
        let millis = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        let due = millis.saturating_mul(injection.rate) / 1000 + 1;
        let due = due.min(injection.count);
        if due > done {
            shared.write(|state| (done..due).try_for_each(|n| injection.send(state, n)))?;
            done = due;
        }
    }
    Ok(())
}

async fn press(Shares(shared): Shares<Arc<Shared>>, body: Bytes) -> Response {
    let body = read(&body);
    let ids = ["user", "channel", "message"].map(|name| id(&body[name]));
    let [Some(user), Some(channel), Some(message)] = ids else {
        return bad("user, channel and message are ids");
    };
    let custom_id = body["custom_id"].as_str().unwrap_or_default();
    let interaction = shared.write(|state| {
        state.message(channel, message)?;
        let on = On {
            asker: user,
            channel,
            message,
        };
        let label = format!("[{custom_id}]");
        let ask = component(on, custom_id, 2, &[], label);
        let interaction = state.ask(ask);
        state.ledger.injected(interaction);
        Some(interaction)
    });
    match interaction {
        Some(interaction) => ok(&json!({ "interaction": interaction.to_string() })),
        None => bad("there is no such message"),
    }
}

async fn gateway(Shares(shared): Shares<Arc<Shared>>, body: Bytes) -> Response {
    let body = read(&body);
    let frame = |op: u8, d: &Value| {
        let frame = json!({"op": op, "d": d, "s": null, "t": null});
        let order = Order::Frame(frame.to_string());
        shared.write(|state| state.gateway.order(&order));
    };
    match body["do"].as_str().unwrap_or_default() {
        "reconnect" => frame(7, &Value::Null),
        "invalidate" => {
            frame(9, &json!(false));
            shared.write(|state| {
                let sessions: Vec<_> = state.gateway.sessions.keys().cloned().collect();
                for session in sessions {
                    state.gateway.forget(&session);
                }
            });
        }
        "cut" => shared.write(|state| state.gateway.order(&Order::Cut)),
        "refuse" => shared.write(|state| state.gateway.refusing = true),
        "accept" => shared.write(|state| state.gateway.refusing = false),
        _ => return bad("do: reconnect, invalidate, cut, refuse or accept"),
    }
    ok(&json!({}))
}

async fn counters(Shares(shared): Shares<Arc<Shared>>) -> Response {
    ok(&shared.read(|state| counts(state)))
}

async fn answers(Shares(shared): Shares<Arc<Shared>>) -> Response {
    let answers: Vec<_> = shared.read(|state| state.ledger.answers().copied().collect());
    let rows = answers.iter();
    ok(&rows
        .map(|row| json!([row.interaction.to_string(), row.micros]))
        .collect())
}

async fn messages(Shares(shared): Shares<Arc<Shared>>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let only: Option<u64> = form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "channel")
        .and_then(|(_, value)| value.parse().ok());
    let messages: Value = shared.read(|state| {
        let channels = state.channels.values();
        let channels = channels.filter(|channel| only.is_none_or(|only| only == channel.id));
        let messages = channels.flat_map(|channel| channel.messages.values());
        let messages = messages.filter(|message| !message.deleted);
        messages
            .map(|message| state.message_json(message))
            .collect()
    });
    ok(&messages)
}

async fn violations(Shares(shared): Shares<Arc<Shared>>) -> Response {
    let violations = shared.read(|state| texts(&state.calls.violations));
    ok(&violations)
}

async fn dump(Shares(shared): Shares<Arc<Shared>>) -> Response {
    let dump = shared.read(|state| {
        let calls: Vec<_> = state.calls.latest().collect();
        let channels = state.channels.values().map(|channel| {
            let messages = channel.messages.values().filter(|message| !message.deleted);
            let mut told = state.channel_json(channel);
            told["messages"] = messages
                .map(|message| state.message_json(message))
                .collect();
            told
        });
        json!({
            "counters": counts(state),
            "violations": texts(&state.calls.violations),
            "calls": texts(&calls),
            "commands": state.commands.list(None),
            "channels": channels.collect::<Vec<_>>(),
        })
    });
    ok(&dump)
}

async fn reset(Shares(shared): Shares<Arc<Shared>>) -> Response {
    shared.write(|state| state.ledger.reset());
    ok(&json!({}))
}

fn counts(state: &State) -> Value {
    json!({
        "injected": state.ledger.injected,
        "without_answer": state.ledger.waiting(),
        "messages_posted": state.ledger.posted,
        "messages_edited": state.ledger.edited,
        "sessions": state.gateway.ready(),
        "identifies": state.gateway.identifies,
        "resumes": state.gateway.resumes,
        "refused_by_limits": state.limits.refused,
        "invalid_calls": state.limits.invalid_in_all,
        "violations": state.calls.violations.len(),
        "calls": state.calls.counts(),
        "answer_microseconds": distribution(&state.ledger),
    })
}

impl Injection {
    fn read(state: &State, body: &Value) -> Result<Self, String> {
        let servers: Option<Vec<_>> = list(&body["servers"]).iter().map(id).collect();
        let servers = servers.ok_or("servers are ids")?;
        let mut places = Vec::new();
        for server in servers {
            let guild = state
                .guilds
                .get(&server)
                .ok_or("servers must have been made before")?;
            let here = |channel: &&super::state::Channel| channel.guild == Some(server);
            let channels: Vec<_> = state.channels.values().filter(here).map(|c| c.id).collect();
            let bot = state.bot.id;
            let people = guild
                .members
                .keys()
                .filter(|id| **id != bot && **id != guild.owner);
            for (n, person) in people.enumerate() {
                let channel = channels.get(n % channels.len().max(1));
                places.extend(channel.map(|channel| (*channel, *person)));
            }
        }
        if places.is_empty() {
            return Err("servers must name servers with channels and members".to_owned());
        }
        let options = body["options"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| {
                let value = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                (name.clone(), value)
            });
        Ok(Self {
            command: body["command"].as_str().unwrap_or_default().to_owned(),
            options: options.collect(),
            places,
            count: number(body, "count", 1),
            rate: number(body, "rate", 0),
            window: number(body, "window", WINDOW).max(1),
        })
    }

    fn send(&self, state: &mut State, n: u64) -> Result<(), String> {
        let turn = usize::try_from(n).unwrap_or(0) % self.places.len();
        let (channel, asker) = self.places[turn];
        let number = n.to_string();
        let options: Vec<_> = self
            .options
            .iter()
            .map(|(name, value)| (name.as_str(), value.replace("{n}", &number)))
            .collect();
        let options: Vec<_> = options
            .iter()
            .map(|(name, value)| (*name, &**value))
            .collect();
        let ask = state.typed(Typed {
            asker,
            channel,
            line: &self.command,
            options: &options,
            focused: None,
        })?;
        let interaction = state.ask(ask);
        state.ledger.injected(interaction);
        Ok(())
    }
}

fn distribution(ledger: &Ledger) -> Value {
    let mut micros: Vec<_> = ledger.answers().map(|answer| answer.micros).collect();
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

fn texts<T: ToString>(items: &[T]) -> Value {
    items.iter().map(ToString::to_string).collect()
}

fn read(body: &Bytes) -> Value {
    serde_json::from_slice(body).unwrap_or(Value::Null)
}

fn number(body: &Value, name: &str, otherwise: u64) -> u64 {
    body[name].as_u64().unwrap_or(otherwise)
}

fn id(value: &Value) -> Option<u64> {
    value
        .as_str()
        .and_then(|text| text.parse().ok())
        .or_else(|| value.as_u64())
}

fn ok(body: &Value) -> Response {
    json_response(200, body.to_string())
}

fn bad(problem: &str) -> Response {
    json_response(400, json!({ "error": problem }).to_string())
}
