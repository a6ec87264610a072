//! How calls reach the Bot API: most of them straight, over a pool of open connections.
//!
//! `reqwest` reads the address of a call four times and takes it through layers for redirects and retries, none
//! of which a call here ever meets: a tenth of a command's instructions. It still carries files, and
//! everything where a proxy or a password stands between.

use std::time::Duration;

use ankle_core::face::SendError;
use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::{Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use reqwest::Url;
use reqwest::multipart::Form;

/// How long it may take to be connected.
const CONNECTING: Duration = Duration::from_secs(5);

/// A connection on which nobody speaks is asked as often whether it is still there, and so many times.
const KEEPALIVE: Duration = Duration::from_secs(15);
const KEEPALIVE_RETRIES: u32 = 3;

/// What the other side has not confirmed to have after as long is not under way any more.
#[cfg(target_os = "linux")]
const UNCONFIRMED: Duration = Duration::from_secs(30);

/// What came back: a status and a body.
pub type Answered = (StatusCode, Bytes);

type Straight = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// Carries calls to one server.
pub struct Transport {
    /// None where something stands between.
    straight: Option<Straight>,
    other: reqwest::Client,
}

impl Transport {
    /// To the server of an address.
    ///
    /// # Errors
    ///
    /// TLS cannot be set up.
    pub fn to(server: &Url) -> Result<Self, reqwest::Error> {
        let other = reqwest::Client::builder()
            .connect_timeout(CONNECTING)
            .tcp_nodelay(true)
            .build()?;
        let is_straight = is_straight(&Matcher::from_env(), server);
        Ok(Self {
            straight: is_straight.then(straight_client),
            other,
        })
    }

    /// Posts JSON.
    ///
    /// # Errors
    ///
    /// [`SendError::NotSent`] or [`SendError::InDoubt`]: nothing came back in time.
    pub async fn post(
        &self,
        address: String,
        body: Vec<u8>,
        patience: Duration,
    ) -> Result<Answered, SendError> {
        let json = HeaderValue::from_static("application/json");
        let Some(client) = &self.straight else {
            let request = self.other.post(address).header(CONTENT_TYPE, json);
            return exchange(request.body(body).timeout(patience)).await;
        };
        let mut request = Request::new(Full::from(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = Uri::from_maybe_shared(address).map_err(|_| SendError::NotSent)?;
        request.headers_mut().insert(CONTENT_TYPE, json);
        match tokio::time::timeout(patience, straight(client, request)).await {
            Ok(answered) => answered,
            Err(_too_long) => Err(SendError::InDoubt),
        }
    }

    /// Posts a form with files.
    ///
    /// # Errors
    ///
    /// As [`Transport::post`].
    pub async fn post_form(
        &self,
        address: String,
        form: Form,
        patience: Duration,
    ) -> Result<Answered, SendError> {
        let request = self.other.post(address).multipart(form);
        exchange(request.timeout(patience)).await
    }
}

/// Whether nothing stands between us and a server that `reqwest` knows how to pass: a proxy of the environment
/// (`HTTPS_PROXY`, `NO_PROXY` and so on, which it reads by the same code), or a name and a password in the
/// address.
fn is_straight(proxies: &Matcher, server: &Url) -> bool {
    let is_open = server.username().is_empty() && server.password().is_none();
    let uri = server.as_str().parse::<Uri>();
    is_open && uri.is_ok_and(|uri| proxies.intercept(&uri).is_none())
}

fn straight_client() -> Straight {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(CONNECTING));
    tcp.set_keepalive(Some(KEEPALIVE));
    tcp.set_keepalive_interval(Some(KEEPALIVE));
    tcp.set_keepalive_retries(Some(KEEPALIVE_RETRIES));
    #[cfg(target_os = "linux")]
    tcp.set_tcp_user_timeout(Some(UNCONFIRMED));
    let tls = HttpsConnectorBuilder::new()
        .with_webpki_roots()
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp);
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .build(tls)
}

async fn straight(client: &Straight, request: Request<Full<Bytes>>) -> Result<Answered, SendError> {
    let response = client.request(request).await;
    let response = response.map_err(|error| unreached(error.is_connect()))?;
    let status = response.status();
    let body = response.into_body().collect().await;
    Ok((status, body.map_err(|_| SendError::InDoubt)?.to_bytes()))
}

async fn exchange(request: reqwest::RequestBuilder) -> Result<Answered, SendError> {
    let unreached = |error: reqwest::Error| unreached(error.is_connect() || error.is_builder());
    let response = request.send().await.map_err(unreached)?;
    let status = response.status();
    let bytes = response.bytes().await.map_err(|_| SendError::InDoubt)?;
    Ok((status, bytes))
}

/// No answer came. If no connection did, nothing was sent either.
fn unreached(was_not_connected: bool) -> SendError {
    if was_not_connected {
        SendError::NotSent
    } else {
        SendError::InDoubt
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_a_proxy_or_a_password_the_way_is_not_straight() {
        let proxies = Matcher::builder()
            .https("http://proxy.example:3128")
            .no("localhost,10.0.0.0/8")
            .build();
        let is_straight = |server: &str| is_straight(&proxies, &server.parse().unwrap());
        assert!(!is_straight("https://api.telegram.org"));
        assert!(is_straight("https://localhost:8081"));
        assert!(is_straight("https://10.1.2.3"));
        assert!(
            is_straight("http://telegram.example"),
            "that one is for https"
        );
        assert!(!is_straight("http://me:secret@telegram.example"));
    }
}
