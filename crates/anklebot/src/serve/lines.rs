//! The lines at the start: where the data is, and who we are.

use ankle_core::calendar::Zone;
use ankle_core::store::{Store, StoreError};
use ankle_telegram::Telegram;
use jiff::Timestamp;

/// The first line: where the data is, and what is in it.
///
/// # Errors
///
/// [`StoreError`].
pub async fn data_line(store: &Store, now: Timestamp) -> Result<String, StoreError> {
    let (tests, latest) = store.tests().await?;
    let day = |at: Timestamp| Zone::utc().rules().to_datetime(at).date();
    let latest = latest.and_then(|millis| Timestamp::from_millisecond(millis).ok());
    let content = match latest {
        None => "no tests yet".to_owned(),
        Some(at) => {
            let plural = if tests == 1 { "" } else { "s" };
            let last = if day(at) == day(now) {
                "today".to_owned()
            } else {
                day(at).to_string()
            };
            format!("{} test{plural}, last {last}", with_thousands(tests))
        }
    };
    Ok(match (store.file(), store.is_new()) {
        (Some(file), true) => format!("New database created at {}", file.display()),
        (Some(file), false) => format!("Database: {} ({content})", file.display()),
        (None, _) => format!("Database: PostgreSQL ({content})"),
    })
}

fn with_thousands(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Who we are on Telegram, how a group takes us in, and what privacy mode means there.
pub(super) fn introduction(telegram: &Telegram) -> String {
    let privacy = if telegram.reads_all() {
        "Privacy mode is off: every command reaches the bot."
    } else {
        "Privacy mode is on: where other bots are, make it an admin without any rights, or pick /ankle from \
         the menu."
    };
    format!(
        "Telegram: @{}. Add it to a group: {}\n{privacy}",
        telegram.username(),
        telegram.invite_link()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_grouped() {
        let shown = [0, 12, 999, 1_204, 1_234_567].map(with_thousands);
        assert_eq!(shown, ["0", "12", "999", "1,204", "1,234,567"]);
    }
}
