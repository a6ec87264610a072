//! What the API answers: results and errors.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::schema::Problem;

/// The outcome of a call: what it answers, or `None` for 204 without a body.
pub(crate) type Answer = Result<Option<Value>, ApiError>;

/// An error as the API tells it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    /// Discord's own code; 0 is its "general error".
    pub(crate) code: u32,
    pub(crate) message: String,
    /// What is wrong with the body, field by field.
    pub(crate) problems: Vec<Problem>,
    /// Whether the call itself was wrong, whatever the state of the world: a bug in the caller.
    pub(crate) violation: bool,
    pub(crate) limited: Option<Limited>,
}

/// That a limit refused a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Limited {
    pub(crate) scope: Scope,
    pub(crate) retry_after: f64,
}

/// Which kind of limit refused a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The bot's own, for one kind of call.
    User,
    /// The bot's own, over all calls.
    Global,
    /// One that the place shares among all who write there: not the bot's fault.
    Shared,
}

impl ApiError {
    /// An error that the state of the world explains.
    pub(crate) fn new(status: u16, code: u32, message: &str) -> Self {
        Self {
            status,
            code,
            message: message.to_owned(),
            problems: Vec::new(),
            violation: false,
            limited: None,
        }
    }

    /// `50035 Invalid Form Body`: no state of the world makes this body right.
    pub(crate) fn invalid(problems: Vec<Problem>) -> Self {
        Self {
            problems,
            violation: true,
            ..Self::new(400, 50035, "Invalid Form Body")
        }
    }

    /// 429.
    pub(crate) fn limited(scope: Scope, retry_after: f64) -> Self {
        Self {
            limited: Some(Limited { scope, retry_after }),
            ..Self::new(429, 0, "You are being rate limited.")
        }
    }

    /// The same error as a bug of the caller.
    pub(crate) fn into_violation(self) -> Self {
        Self {
            violation: true,
            ..self
        }
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(401, 0, "401: Unauthorized")
    }

    pub(crate) fn not_found() -> Self {
        Self::new(404, 0, "404: Not Found")
    }

    pub(crate) fn unknown_channel() -> Self {
        Self::new(404, 10003, "Unknown Channel")
    }

    pub(crate) fn unknown_guild() -> Self {
        Self::new(404, 10004, "Unknown Guild")
    }

    pub(crate) fn unknown_message() -> Self {
        Self::new(404, 10008, "Unknown Message")
    }

    pub(crate) fn unknown_webhook() -> Self {
        Self::new(404, 10015, "Unknown Webhook")
    }

    pub(crate) fn unknown_interaction() -> Self {
        Self::new(404, 10062, "Unknown interaction")
    }

    pub(crate) fn missing_access() -> Self {
        Self::new(403, 50001, "Missing Access")
    }

    pub(crate) fn missing_permissions() -> Self {
        Self::new(403, 50013, "Missing Permissions")
    }

    /// In a few words, for the list of violations.
    pub(crate) fn words(&self) -> Vec<String> {
        if self.problems.is_empty() {
            return vec![format!("{} ({})", self.message, self.code)];
        }
        let problems = self.problems.iter();
        problems
            .map(|problem| {
                format!("{} {}", problem.path, problem.what)
                    .trim()
                    .to_owned()
            })
            .collect()
    }

    fn body(&self) -> Value {
        let mut body = json!({"message": self.message, "code": self.code});
        if let Some(limited) = self.limited {
            body = json!({
                "message": self.message,
                "retry_after": limited.retry_after,
                "global": limited.scope == Scope::Global,
            });
        }
        if !self.problems.is_empty() {
            let mut errors = json!({});
            for problem in &self.problems {
                place(&mut errors, &problem.path, &problem.what);
            }
            body["errors"] = errors;
        }
        body
    }
}

impl Scope {
    fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Global => "global",
            Self::Shared => "shared",
        }
    }
}

/// The HTTP response for an outcome.
pub(crate) fn response(answer: &Answer) -> Response {
    match answer {
        Ok(Some(value)) => json_response(200, value.to_string()),
        Ok(None) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => {
            let mut response = json_response(error.status, error.body().to_string());
            if let Some(limited) = error.limited {
                let headers = response.headers_mut();
                let seconds = format!("{:.0}", limited.retry_after.ceil().max(1.0));
                if let Ok(seconds) = HeaderValue::from_str(&seconds) {
                    headers.insert("retry-after", seconds);
                }
                let scope = HeaderValue::from_static(limited.scope.name());
                headers.insert("x-ratelimit-scope", scope);
                if limited.scope == Scope::Global {
                    headers.insert("x-ratelimit-global", HeaderValue::from_static("true"));
                }
            }
            response
        }
    }
}

/// A response with that status and JSON text.
pub(crate) fn json_response(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = [(CONTENT_TYPE, "application/json")];
    (status, kind, Body::from(body)).into_response()
}

/// Puts a problem where Discord puts it: `a.b[0]` becomes `{"a": {"b": {"0": {"_errors": […]}}}}`.
fn place(errors: &mut Value, path: &str, what: &str) {
    let mut at = errors;
    for part in path.split(['.', '[', ']']).filter(|part| !part.is_empty()) {
        at = &mut at[part];
    }
    let error = json!({"code": "BASE_TYPE_BAD", "message": what});
    match at["_errors"].as_array_mut() {
        Some(list) => list.push(error),
        None => at["_errors"] = json!([error]),
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::problem;
    use super::*;

    #[test]
    fn problems_lie_where_their_fields_lie() {
        let error = ApiError::invalid(vec![
            problem("data.embeds[0].title", "is long"),
            problem("", "is odd"),
        ]);
        let error = error.body();
        assert_eq!(error["code"], 50035);
        let title = &error["errors"]["data"]["embeds"]["0"]["title"];
        assert_eq!(title["_errors"][0]["message"], "is long");
        assert_eq!(error["errors"]["_errors"][0]["message"], "is odd");
    }
}
