//! What the API answers: results and errors.

use axum::body::Body;
use axum::http::{StatusCode, header::CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// The outcome of a call.
pub(crate) type Answer = Result<Success, ApiError>;

/// A result, as a value or as JSON text that is ready.
#[derive(Debug)]
pub(crate) enum Success {
    Value(Value),
    Raw(String),
}

/// An error as the API tells it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ApiError {
    pub(crate) code: u16,
    pub(crate) description: String,
    pub(crate) parameters: Map<String, Value>,
    /// Whether the call itself was wrong, whatever the state of the world: a bug in the caller.
    pub(crate) violation: bool,
}

impl ApiError {
    /// An error that the state of the world explains.
    pub(crate) fn new(code: u16, description: impl Into<String>) -> Self {
        Self {
            code,
            description: description.into(),
            parameters: Map::new(),
            violation: false,
        }
    }

    /// `400 Bad Request: …`, explained by the state of the world.
    pub(crate) fn bad(what: &str) -> Self {
        Self::new(400, format!("Bad Request: {what}"))
    }

    /// `400 Bad Request: …` for a call that no state of the world makes right.
    pub(crate) fn violation(what: &str) -> Self {
        Self {
            violation: true,
            ..Self::bad(what)
        }
    }

    /// `403 Forbidden: …`
    pub(crate) fn forbidden(what: &str) -> Self {
        Self::new(403, format!("Forbidden: {what}"))
    }

    /// `429 Too Many Requests`
    pub(crate) fn too_many(retry_after: u64) -> Self {
        let text = format!("Too Many Requests: retry after {retry_after}");
        Self::new(429, text).with("retry_after", retry_after.into())
    }

    /// The chat has become another one.
    pub(crate) fn migrated(to: i64) -> Self {
        Self::bad("group chat was upgraded to a supergroup chat")
            .with("migrate_to_chat_id", to.into())
    }

    fn with(mut self, name: &str, value: Value) -> Self {
        self.parameters.insert(name.to_owned(), value);
        self
    }
}

impl From<Value> for Success {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}

/// The HTTP response for an outcome.
pub(crate) fn response(answer: &Answer) -> Response {
    let (code, body) = match answer {
        Ok(Success::Value(value)) => (200, json!({"ok": true, "result": value}).to_string()),
        Ok(Success::Raw(raw)) => (200, format!(r#"{{"ok":true,"result":{raw}}}"#)),
        Err(error) => {
            let mut body = json!({
                "ok": false, "error_code": error.code, "description": error.description,
            });
            if !error.parameters.is_empty() {
                body["parameters"] = Value::Object(error.parameters.clone());
            }
            (error.code, body.to_string())
        }
    };
    json_response(code, body)
}

/// A response with that status and JSON text.
pub(crate) fn json_response(code: u16, body: String) -> Response {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (
        status,
        [(CONTENT_TYPE, "application/json")],
        Body::from(body),
    )
        .into_response()
}
