use std::time::Duration;

use ankle_core::face::{Forbidden, RetryScope, SendError};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::Kind;

/// Why a call did not do its work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// What every face knows.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The token is not, or no longer, good.
    #[error("the token was refused")]
    Token,
    /// The message is gone.
    #[error("the message is gone")]
    MessageGone,
    /// The person is not, or no longer, in the server.
    #[error("the person is not in the server")]
    NoMember,
    /// The interaction can not be answered any more.
    #[error("the interaction has expired")]
    Expired,
    /// The interaction has its first response already: an earlier try of ours arrived, or it was
    /// delivered twice.
    #[error("the interaction was answered before")]
    AnsweredBefore,
}

/// No answer came. If no connection did, nothing was sent either.
pub fn unreached(error: &reqwest::Error) -> SendError {
    if error.is_connect() || error.is_builder() {
        SendError::NotSent
    } else {
        SendError::InDoubt
    }
}

/// What an answer that is no success means. Discord's own codes go before the status.
pub fn classify(status: StatusCode, headers: &HeaderMap, body: &Value, kind: Kind) -> CallError {
    let forbidden = |what| CallError::Send(SendError::Forbidden(what));
    if status == StatusCode::TOO_MANY_REQUESTS {
        return wait(headers, body).into();
    }
    match body["code"].as_u64().unwrap_or(0) {
        10_003 | 10_004 => return SendError::Gone.into(),
        10_007 | 10_013 => return CallError::NoMember,
        10_008 => return CallError::MessageGone,
        10_015 | 10_062 | 50_027 => return CallError::Expired,
        40_060 => return CallError::AnsweredBefore,
        50_001 => return forbidden(Forbidden::See),
        50_007 => return forbidden(Forbidden::Blocked),
        50_013 => return forbidden(Forbidden::Write),
        // An archived thread, and a locked one.
        50_083 | 160_005 => return forbidden(Forbidden::TopicClosed),
        _ => {}
    }
    match (status.as_u16(), kind) {
        (401, Kind::Bot) => CallError::Token,
        // Their key is in the address: it is the key that is not known.
        (401 | 404, Kind::Callback | Kind::Webhook) => CallError::Expired,
        (403, _) => forbidden(Forbidden::Other(
            body["code"]
                .as_u64()
                .map_or_else(String::new, |code| code.to_string()),
        )),
        (404, Kind::Bot) => SendError::Gone.into(),
        // A front end that has waited for an answer in vain.
        (504, _) => SendError::InDoubt.into(),
        (500.., _) => SendError::Away.into(),
        _ => SendError::Rejected.into(),
    }
}

/// What Discord says of an error: its words and number, and of what it finds fault with the first, with where
/// that stands.
pub fn reason(body: &Value) -> String {
    let words = body["message"].as_str().unwrap_or("it gives no reason");
    let number = body["code"].as_u64().map(|code| format!(" ({code})"));
    let fault = first_fault(&body["errors"]).map(|fault| format!(": {fault}"));
    let parts = [number, fault].map(Option::unwrap_or_default);
    [words.trim_end_matches('.'), &parts[0], &parts[1]].concat()
}

/// Faults are nested as what they are found in.
fn first_fault(errors: &Value) -> Option<String> {
    for (key, inner) in errors.as_object()? {
        if key == "_errors" {
            return inner[0]["message"].as_str().map(str::to_owned);
        }
        if let Some(fault) = first_fault(inner) {
            let glue = if inner.get("_errors").is_some() {
                ": "
            } else {
                "."
            };
            return Some(format!("{key}{glue}{fault}"));
        }
    }
    None
}

/// How long to wait, and who. What stands before Discord refuses an address as a whole, in a page that
/// is no JSON.
fn wait(headers: &HeaderMap, body: &Value) -> SendError {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let seconds = body["retry_after"].as_f64();
    let seconds = seconds.or_else(|| text("retry-after").and_then(|s| s.parse().ok()));
    let after = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let global = body["global"] == true || text("x-ratelimit-global").is_some() || body.is_null();
    let all = match text("x-ratelimit-scope") {
        Some(scope) => scope == "global",
        None => global,
    };
    let scope = if all {
        RetryScope::All
    } else {
        RetryScope::Room
    };
    SendError::RetryAfter {
        after: after.unwrap_or(Duration::from_secs(1)),
        scope,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn error(status: u16, code: u64, kind: Kind) -> CallError {
        let status = StatusCode::from_u16(status).unwrap();
        classify(
            status,
            &HeaderMap::new(),
            &json!({ "code": code, "message": "x" }),
            kind,
        )
    }

    #[test]
    fn each_refusal_has_its_own_consequence() {
        let bot = |status, code| error(status, code, Kind::Bot);
        let forbidden = |what| CallError::Send(SendError::Forbidden(what));
        assert_eq!(bot(404, 10_003), SendError::Gone.into());
        assert_eq!(bot(404, 10_004), SendError::Gone.into());
        assert_eq!(bot(403, 50_001), forbidden(Forbidden::See));
        assert_eq!(bot(403, 50_013), forbidden(Forbidden::Write));
        assert_eq!(bot(403, 50_007), forbidden(Forbidden::Blocked));
        assert_eq!(
            bot(403, 40_333),
            forbidden(Forbidden::Other("40333".into()))
        );
        assert_eq!(bot(404, 10_007), CallError::NoMember);
        assert_eq!(bot(404, 10_008), CallError::MessageGone);
        assert_eq!(bot(400, 50_035), SendError::Rejected.into());
        assert_eq!(bot(400, 30_034), SendError::Rejected.into());
        assert_eq!(bot(401, 0), CallError::Token);
        assert_eq!(bot(502, 0), SendError::Away.into());
        assert_eq!(bot(504, 0), SendError::InDoubt.into());
    }

    #[test]
    fn an_interaction_that_expired_is_no_refused_token() {
        for (status, code) in [(404, 10_062), (404, 10_015), (401, 50_027), (401, 0)] {
            assert_eq!(
                error(status, code, Kind::Webhook),
                CallError::Expired,
                "{code}"
            );
            assert_eq!(
                error(status, code, Kind::Callback),
                CallError::Expired,
                "{code}"
            );
        }
        assert_eq!(
            error(400, 40_060, Kind::Callback),
            CallError::AnsweredBefore
        );
    }

    #[test]
    fn a_reason_names_the_first_fault_and_where_it_stands() {
        let fault = json!({ "_errors": [{ "code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 100 or fewer." }] });
        let body = json!({ "code": 50_035, "message": "Invalid Form Body",
            "errors": { "1": { "options": { "0": { "description": fault } } } } });
        assert_eq!(
            reason(&body),
            "Invalid Form Body (50035): 1.options.0.description: Must be 100 or fewer."
        );
        let plain = json!({ "code": 30_034, "message": "Too many." });
        assert_eq!(reason(&plain), "Too many (30034)");
        assert_eq!(reason(&Value::Null), "it gives no reason");
    }

    #[test]
    fn an_order_to_wait_says_who() {
        let wait = |scope: Option<&'static str>, body: Value| {
            let mut headers = HeaderMap::new();
            headers.insert("retry-after", "2".parse().unwrap());
            if let Some(scope) = scope {
                headers.insert("x-ratelimit-scope", scope.parse().unwrap());
            }
            match classify(StatusCode::TOO_MANY_REQUESTS, &headers, &body, Kind::Bot) {
                CallError::Send(SendError::RetryAfter { after, scope }) => {
                    (after.as_millis(), scope)
                }
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(
            wait(Some("user"), json!({ "retry_after": 0.35 })),
            (350, RetryScope::Room)
        );
        assert_eq!(wait(Some("shared"), json!({})), (2_000, RetryScope::Room));
        assert_eq!(
            wait(Some("global"), json!({ "retry_after": 1.0 })),
            (1_000, RetryScope::All)
        );
        assert_eq!(
            wait(None, json!({ "global": true })),
            (2_000, RetryScope::All)
        );
        assert_eq!(
            wait(None, Value::Null),
            (2_000, RetryScope::All),
            "a page before Discord"
        );
    }
}
