//! One connection to the gateway.

use std::io::Write;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::Order;
use crate::discord::world::Shared;

/// How many events are taken under one lock.
const BATCH: usize = 64;
/// What a client may send, by Discord's pages: bytes a frame, and frames a minute.
const LARGEST: usize = 4_096;
const SENDS: usize = 120;
const MINUTE: i64 = 60_000;
/// Frames from this size on are compressed even where small ones are not.
const LARGE: usize = 8 * 1_024;

const UNKNOWN_OPCODE: u16 = 4001;
const DECODE_ERROR: u16 = 4002;
const NOT_AUTHENTICATED: u16 = 4003;
const RATE_LIMITED: u16 = 4008;

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// Why a connection ends.
enum End {
    Close(u16),
    Cut,
}

/// Serves a connection until it ends.
pub(crate) async fn serve(shared: Arc<Shared>, io: Upgraded) {
    let config = WebSocketConfig::default();
    let socket = WebSocketStream::from_raw_socket(TokioIo::new(io), Role::Server, Some(config));
    let mut socket = socket.await;
    let (id, wake) = shared.write(|state| state.gateway.connect());
    let guard = Guard(Arc::clone(&shared), id);
    let end = converse(&shared, &mut socket, id, &wake).await;
    drop(guard);
    if let End::Close(code) = end {
        let frame = CloseFrame {
            code: code.into(),
            reason: "".into(),
        };
        // The other side may be gone already.
        let _ = socket.close(Some(frame)).await;
        while let Some(Ok(_)) = socket.next().await {}
    }
}

/// Takes the connection out of the state however it ends.
struct Guard(Arc<Shared>, u64);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.write(|state| state.gateway.disconnect(self.1));
    }
}

async fn converse(
    shared: &Shared,
    socket: &mut Socket,
    id: u64,
    wake: &tokio::sync::Notify,
) -> End {
    let interval = shared.read(|state| state.gateway.heartbeat.as_millis());
    let interval = u64::try_from(interval).unwrap_or(u64::MAX);
    let hello = json!({"op": 10, "s": null, "t": null, "d": {"heartbeat_interval": interval,
        "_trace": []}});
    if send(shared, socket, id, hello.to_string()).await.is_err() {
        return End::Cut;
    }
    loop {
        tokio::select! {
            came = socket.next() => {
                let text = match came {
                    Some(Ok(Message::Text(text))) => text,
                    Some(Ok(Message::Binary(_))) => return End::Close(DECODE_ERROR),
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => continue,
                    Some(Ok(Message::Close(frame))) => {
                        leave(shared, id, frame.map(|frame| frame.code.into()));
                        return End::Cut;
                    }
                    Some(Err(_)) | None => return End::Cut,
                };
                match shared.write(|state| hear(state, id, &text)) {
                    Ok(None) => {}
                    Ok(Some(answer)) => {
                        if send(shared, socket, id, answer).await.is_err() {
                            return End::Cut;
                        }
                    }
                    Err(code) => return End::Close(code),
                }
                wake.notify_one();
            }
            () = wake.notified() => {
                let (orders, frames) = shared.read(|state| state.gateway.due(id, BATCH));
                for frame in frames {
                    if feed(shared, socket, id, frame).await.is_err() {
                        return End::Cut;
                    }
                }
                if socket.flush().await.is_err() {
                    return End::Cut;
                }
                for order in orders {
                    match order {
                        Order::Frame(frame) => {
                            if send(shared, socket, id, frame).await.is_err() {
                                return End::Cut;
                            }
                        }
                        Order::Close(code) => return End::Close(code),
                        Order::Cut => return End::Cut,
                    }
                }
            }
        }
    }
}

/// What a client says; the answer, or the code to close with.
fn hear(state: &mut crate::discord::State, id: u64, text: &str) -> Result<Option<String>, u16> {
    let now = state.now.as_millisecond();
    if let Some(connection) = state.gateway.connections.get_mut(&id) {
        let sends = &mut connection.sends;
        sends.retain(|at| *at > now - MINUTE);
        sends.push_back(now);
        if sends.len() > SENDS {
            let what = format!("more than {SENDS} frames in a minute");
            state.calls.violate("gateway", what);
            return Err(RATE_LIMITED);
        }
    }
    if text.len() > LARGEST {
        let what = format!("a frame of {} bytes; {LARGEST} are the most", text.len());
        state.calls.violate("gateway", what);
        return Err(DECODE_ERROR);
    }
    let frame: Value = serde_json::from_str(text).map_err(|_| DECODE_ERROR)?;
    let d = &frame["d"];
    match frame["op"].as_u64() {
        Some(1) => {
            state.gateway.heartbeats += 1;
            Ok((!state.gateway.silent).then(|| json!({"op": 11}).to_string()))
        }
        Some(2) => state.identify(id, d).map(|()| None),
        Some(6) => Ok((!state.resume(id, d)?).then(|| json!({"op": 9, "d": false}).to_string())),
        Some(3 | 4 | 8 | 31) if state.session_of(id).is_none() => Err(NOT_AUTHENTICATED),
        // Presence, voice, members, soundboards: heard, and of no consequence here.
        Some(3 | 4 | 8 | 31) => Ok(None),
        _ => Err(UNKNOWN_OPCODE),
    }
}

/// A client that closes with 1000 or 1001 gives its session up.
fn leave(shared: &Shared, id: u64, code: Option<u16>) {
    if matches!(code, Some(1000 | 1001)) {
        shared.write(|state| {
            let session = state.session_of(id).map(|session| session.id.clone());
            if let Some(session) = session {
                state.gateway.forget(&session);
            }
        });
    }
}

async fn send(shared: &Shared, socket: &mut Socket, id: u64, frame: String) -> Result<(), ()> {
    feed(shared, socket, id, frame).await?;
    socket.flush().await.map_err(|_| ())
}

async fn feed(shared: &Shared, socket: &mut Socket, id: u64, frame: String) -> Result<(), ()> {
    let compress = shared.read(|state| {
        let asked = state.session_of(id).is_some_and(|session| session.compress);
        let compress = asked && (state.gateway.compress_all || frame.len() >= LARGE);
        state.gateway.compressed += usize::from(compress);
        compress
    });
    let message = if compress {
        Message::Binary(zlib(frame.as_bytes()))
    } else {
        Message::Text(frame)
    };
    socket.feed(message).await.map_err(|_| ())
}

fn zlib(plain: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    // Writing into memory does not fail.
    let _ = encoder.write_all(plain);
    encoder.finish().unwrap_or_default()
}
