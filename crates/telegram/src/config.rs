//! How the face is told to be, and what is wrong with that, each in one plain sentence.

use reqwest::Url;

/// How the face is reached.
pub struct Config {
    /// The token from @`BotFather`. Never logged.
    pub token: String,
    /// Another address of the Bot API than the real one.
    pub api_url: Option<String>,
    /// The public address that updates are posted to; without one, they are polled for.
    pub webhook_url: Option<String>,
}

/// Why the face cannot start. Each is one sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The token is none.
    #[error(
        "TELEGRAM_TOKEN does not look like a token: @BotFather gives one such as 123456789:AAE…"
    )]
    MalformedToken,
    /// Telegram does not know the token.
    #[error(
        "Telegram refuses TELEGRAM_TOKEN: copy it anew from @BotFather, or make a new one there"
    )]
    RefusedToken,
    /// The address is none.
    #[error("{name} is no address; it looks like https://example.org")]
    Address {
        /// The variable.
        name: &'static str,
    },
    /// Telegram would not call there.
    #[error(
        "TELEGRAM_WEBHOOK_URL must begin with https:// because Telegram calls no other address; only a Bot API server \
         of your own does, set in TELEGRAM_API_URL"
    )]
    PlainWebhook,
    /// TLS could not be set up.
    #[error("the connection to Telegram could not be set up")]
    Client(#[source] reqwest::Error),
    /// Told to stop before it had started.
    #[error("stopped before Telegram was reached")]
    Stopped,
}

const REAL_API: &str = "https://api.telegram.org";

impl Config {
    /// Whether it can be right, without asking anybody.
    ///
    /// # Errors
    ///
    /// [`StartError`], naming the variable.
    pub fn check(&self) -> Result<(), StartError> {
        if !looks_like_a_token(&self.token) {
            return Err(StartError::MalformedToken);
        }
        let api = self.api()?;
        let webhook = self.webhook()?;
        let is_plain = webhook.is_some_and(|url| url.scheme() != "https");
        if is_plain && api.host_str() == Some("api.telegram.org") {
            return Err(StartError::PlainWebhook);
        }
        Ok(())
    }

    /// Where the API is.
    pub(crate) fn api(&self) -> Result<Url, StartError> {
        let text = self.api_url.as_deref().unwrap_or(REAL_API);
        address("TELEGRAM_API_URL", text)
    }

    /// Where updates are posted to, if they are.
    pub(crate) fn webhook(&self) -> Result<Option<Url>, StartError> {
        let url = self.webhook_url.as_deref();
        url.map(|url| address("TELEGRAM_WEBHOOK_URL", url))
            .transpose()
    }
}

fn looks_like_a_token(token: &str) -> bool {
    let Some((id, secret)) = token.split_once(':') else {
        return false;
    };
    let safe = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    !id.is_empty()
        && id.bytes().all(|b| b.is_ascii_digit())
        && !secret.is_empty()
        && secret.bytes().all(safe)
}

fn address(name: &'static str, text: &str) -> Result<Url, StartError> {
    let url = Url::parse(text).ok();
    url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or(StartError::Address { name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_told_from_what_is_none() {
        assert!(looks_like_a_token("123456789:AAE_x-y"));
        for none in ["", "abc", ":x", "1:", "12a:xyz", "123:a b", "123:a/b"] {
            assert!(!looks_like_a_token(none), "{none}");
        }
    }

    #[test]
    fn a_webhook_without_tls_is_for_an_api_server_of_ones_own() {
        let check = |api: Option<&str>, webhook: &str| {
            let config = Config {
                token: "1:x".to_owned(),
                api_url: api.map(str::to_owned),
                webhook_url: Some(webhook.to_owned()),
            };
            config.check().map_err(|error| error.to_string())
        };
        assert_eq!(check(None, "https://bot.example.org"), Ok(()));
        let refused = check(None, "http://bot.example.org").unwrap_err();
        assert!(
            refused.starts_with("TELEGRAM_WEBHOOK_URL must begin with https://"),
            "{refused}"
        );
        let named = Some("https://api.telegram.org");
        assert!(check(named, "http://bot.example.org").is_err());
        assert_eq!(
            check(Some("http://127.0.0.1:8081"), "http://127.0.0.1:8080"),
            Ok(())
        );
    }
}
