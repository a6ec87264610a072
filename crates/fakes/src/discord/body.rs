//! Reading what a client sent: JSON, or a form with JSON and files.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use serde_json::Value;

use super::reply::ApiError;

/// A message carries up to ten files of 10 MiB.
const LARGEST_BODY: usize = 101 * 1024 * 1024;

/// The body of a call as it came.
#[derive(Debug, Default)]
pub(crate) struct Given {
    pub(crate) json: Value,
    pub(crate) files: Vec<Upload>,
}

/// A file that came with a call.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    /// What the form calls it: `files[0]`.
    pub(crate) part: String,
    pub(crate) name: String,
    pub(crate) mime: String,
    pub(crate) bytes: Vec<u8>,
}

impl Given {
    /// Reads a request's body.
    pub(crate) async fn read(request: Request) -> Result<Self, ApiError> {
        let kind = request.headers().get(CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.to_ascii_lowercase().starts_with("multipart/form-data") {
            return Self::read_form(request).await;
        }
        let kind = kind.to_owned();
        let bytes = to_bytes(request.into_body(), LARGEST_BODY).await;
        let bytes = bytes.map_err(|_| ApiError::new(413, 40005, "Request entity too large"))?;
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        if !kind.starts_with("application/json") {
            let message = "Expected \"Content-Type\" header to be one of application/json.";
            return Err(ApiError::new(400, 50035, message).into_violation());
        }
        let json = serde_json::from_slice(&bytes).map_err(|_| not_json())?;
        Ok(Self {
            json,
            files: Vec::new(),
        })
    }

    async fn read_form(request: Request) -> Result<Self, ApiError> {
        let mut parts = Multipart::from_request(request, &())
            .await
            .map_err(|_| not_json())?;
        let mut given = Self::default();
        while let Some(part) = parts.next_field().await.map_err(|_| not_json())? {
            let name = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(str::to_owned);
            let mime = part
                .content_type()
                .unwrap_or("application/octet-stream")
                .to_owned();
            let bytes = part.bytes().await.map_err(|_| not_json())?.to_vec();
            match file {
                Some(file) => given.files.push(Upload {
                    part: name,
                    name: file,
                    mime,
                    bytes,
                }),
                None if name == "payload_json" => {
                    given.json = serde_json::from_slice(&bytes).map_err(|_| not_json())?;
                }
                None => {
                    let what = format!("this fake takes no form part {name}");
                    return Err(ApiError::new(400, 50035, &what).into_violation());
                }
            }
        }
        Ok(given)
    }
}

fn not_json() -> ApiError {
    let message = "The request body contains invalid JSON.";
    ApiError::new(400, 50109, message).into_violation()
}
