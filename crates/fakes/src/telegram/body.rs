//! Reading what a client sent, in any of the three forms the API takes.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use super::reply::ApiError;

/// The API takes files up to 50 MB.
const LARGEST_BODY: usize = 50 * 1024 * 1024;

/// The parameters of a call as they came.
#[derive(Debug, Default)]
pub(crate) struct Given {
    pub(crate) values: Map<String, Value>,
    /// Which values came as text from a form or a query, whatever they stand for.
    pub(crate) as_text: BTreeSet<String>,
    pub(crate) files: BTreeMap<String, Upload>,
}

/// A file that came with a call.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) mime: String,
    pub(crate) bytes: Vec<u8>,
}

impl Given {
    /// Parameters of a JSON body. A parameter that is null counts as not given.
    pub(crate) fn from_json(mut values: Map<String, Value>) -> Self {
        values.retain(|_, value| !value.is_null());
        Self {
            values,
            ..Self::default()
        }
    }

    /// Parameters of a form or a query.
    pub(crate) fn from_form(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut given = Self::default();
        for (name, value) in pairs {
            given.add_text(name, value);
        }
        given
    }

    /// Whether some parameter refers to the file part of that name with `attach://`.
    pub(crate) fn mentions_file(&self, name: &str) -> bool {
        let reference = format!("attach://{name}");
        self.values
            .values()
            .any(|value| mentions(value, &reference))
    }

    /// The chat a call is about, if it names one by number.
    pub(crate) fn chat(&self) -> Option<i64> {
        match self.values.get("chat_id")? {
            Value::String(text) => text.parse().ok(),
            other => other.as_i64(),
        }
    }

    /// Reads a request's query and body.
    pub(crate) async fn read(request: Request) -> Result<Self, ApiError> {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let kind = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok());
        let kind = kind.unwrap_or_default().to_ascii_lowercase();
        let mut given = if kind.starts_with("multipart/form-data") {
            Self::read_multipart(request).await?
        } else {
            let bytes = read_all(request.into_body()).await?;
            if kind.starts_with("application/x-www-form-urlencoded") {
                Self::from_form(form_urlencoded::parse(&bytes).into_owned())
            } else {
                Self::read_json(&bytes)?
            }
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()).into_owned() {
            given.add_text(name, value);
        }
        Ok(given)
    }

    fn read_json(bytes: &[u8]) -> Result<Self, ApiError> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(values)) => Ok(Self::from_json(values)),
            Ok(Value::Null) => Ok(Self::default()),
            _ => Err(ApiError::bad("can't parse the request as JSON object")),
        }
    }

    async fn read_multipart(request: Request) -> Result<Self, ApiError> {
        let unreadable = |_| ApiError::bad("can't parse the multipart body");
        let mut parts = Multipart::from_request(request, &())
            .await
            .map_err(|_| ApiError::bad("can't parse the multipart body"))?;
        let mut given = Self::default();
        while let Some(part) = parts.next_field().await.map_err(unreadable)? {
            let name = part.name().unwrap_or_default().to_owned();
            if let Some(file) = part.file_name() {
                let file = file.to_owned();
                let mime = part
                    .content_type()
                    .unwrap_or("application/octet-stream")
                    .to_owned();
                let bytes = part.bytes().await.map_err(unreadable)?.to_vec();
                given.files.insert(
                    name,
                    Upload {
                        name: file,
                        mime,
                        bytes,
                    },
                );
            } else {
                let text = part.text().await.map_err(unreadable)?;
                given.add_text(name, text);
            }
        }
        Ok(given)
    }

    fn add_text(&mut self, name: String, value: String) {
        self.as_text.insert(name.clone());
        self.values.insert(name, Value::String(value));
    }
}

async fn read_all(body: Body) -> Result<Vec<u8>, ApiError> {
    let bytes = to_bytes(body, LARGEST_BODY).await;
    bytes
        .map(Into::into)
        .map_err(|_| ApiError::new(413, "Request Entity Too Large"))
}

fn mentions(value: &Value, reference: &str) -> bool {
    match value {
        Value::String(text) => text.contains(reference),
        Value::Array(items) => items.iter().any(|item| mentions(item, reference)),
        Value::Object(fields) => fields.values().any(|field| mentions(field, reference)),
        _ => false,
    }
}
