//! Disturbing the gateway, and counting what it saw.

use serde_json::{Value, json};

use super::{Order, To};
use crate::discord::FakeDiscord;

/// Of the codes to close with, those after which Discord's pages want a new session.
const INVALID_SEQUENCE: u16 = 4007;
const SESSION_TIMED_OUT: u16 = 4009;

impl FakeDiscord {
    /// Asks all sessions to connect anew (opcode 7).
    pub fn gateway_reconnect(&self) {
        self.frame(&json!({"op": 7, "d": null, "s": null, "t": null}));
    }

    /// Tells all sessions that they are invalid (opcode 9), and ends them unless `resumable`.
    pub fn gateway_invalidate(&self, resumable: bool) {
        self.frame(&json!({"op": 9, "d": resumable, "s": null, "t": null}));
        if !resumable {
            self.shared.write(|state| state.gateway.forget_all());
        }
    }

    /// Closes all connections to the gateway with a code. Some codes end the sessions, too.
    pub fn gateway_close(&self, code: u16) {
        self.shared.write(|state| {
            state.gateway.order(&Order::Close(code));
            if matches!(code, INVALID_SEQUENCE | SESSION_TIMED_OUT) {
                state.gateway.forget_all();
            }
        });
    }

    /// Ends all sessions without telling anybody, and cuts their connections: a resume is refused.
    pub fn gateway_forgets(&self) {
        self.shared.write(|state| {
            state.gateway.order(&Order::Cut);
            state.gateway.forget_all();
        });
    }

    /// Cuts all connections to the gateway without a word.
    pub fn gateway_cut(&self) {
        self.shared.write(|state| state.gateway.order(&Order::Cut));
    }

    /// Lets no further event get through on the connections that there are: what happens waits for a
    /// resume.
    pub fn gateway_stalls(&self) {
        self.shared.write(|state| {
            let connections = state.gateway.connections.values_mut();
            connections.for_each(|connection| connection.stalled = true);
        });
    }

    /// Refuses new connections to the gateway (503), or takes them again.
    pub fn gateway_refuses(&self, refuses: bool) {
        self.shared.write(|state| state.gateway.refusing = refuses);
    }

    /// Leaves heartbeats unanswered, or answers them again.
    pub fn gateway_is_silent(&self, silent: bool) {
        self.shared.write(|state| state.gateway.silent = silent);
    }

    /// Sends any event to all shards.
    pub fn raw_event(&self, name: &str, data: &Value) {
        let data = data.to_string();
        self.shared
            .write(|state| state.dispatch(To::Everybody, name, &data));
    }

    /// Sends a text to all connections as it is.
    pub fn raw_frame(&self, text: &str) {
        let order = Order::Frame(text.to_owned());
        self.shared.write(|state| state.gateway.order(&order));
    }

    /// How often the bot has identified.
    #[must_use]
    pub fn identifies(&self) -> usize {
        self.shared.read(|state| state.gateway.identifies)
    }

    /// How often the bot has resumed a session.
    #[must_use]
    pub fn resumes(&self) -> usize {
        self.shared.read(|state| state.gateway.resumes)
    }

    /// How many heartbeats came.
    #[must_use]
    pub fn heartbeats(&self) -> usize {
        self.shared.read(|state| state.gateway.heartbeats)
    }

    /// How many frames went out compressed.
    #[must_use]
    pub fn compressed_frames(&self) -> usize {
        self.shared.read(|state| state.gateway.compressed)
    }

    fn frame(&self, frame: &Value) {
        self.raw_frame(&frame.to_string());
    }
}
