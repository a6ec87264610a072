//! The rules for keyboards that the description states only in prose.

use serde_json::Value;

use super::html::is_address;
use super::reply::ApiError;

/// The most buttons one message may carry.
const MOST_BUTTONS: usize = 100;
/// What a button may do; each does exactly one of them.
const ACTIONS: [&str; 10] = [
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
];

/// Checks a reply markup and returns it, or nothing if it is an empty keyboard.
pub(crate) fn check(markup: Option<&Value>) -> Result<Option<Value>, ApiError> {
    let Some(markup) = markup else {
        return Ok(None);
    };
    let Some(rows) = markup["inline_keyboard"].as_array() else {
        return Ok(Some(markup.clone()));
    };
    let buttons: Vec<_> = rows.iter().filter_map(Value::as_array).flatten().collect();
    if buttons.len() > MOST_BUTTONS {
        return Err(ApiError::violation("reply markup is too long"));
    }
    for button in &buttons {
        check_button(button)?;
    }
    Ok((!buttons.is_empty()).then(|| markup.clone()))
}

fn check_button(button: &Value) -> Result<(), ApiError> {
    let refuse = |what: &str| {
        Err(ApiError::violation(&format!(
            "can't parse inline keyboard button: {what}"
        )))
    };
    if button["text"]
        .as_str()
        .is_none_or(|text| text.trim().is_empty())
    {
        return refuse("Button text must not be empty");
    }
    let actions = ACTIONS
        .iter()
        .filter(|action| !button[**action].is_null())
        .count();
    match actions {
        0 => return refuse("Text buttons are unallowed in the inline keyboard"),
        1 => {}
        _ => return refuse("a button must have exactly one action"),
    }
    if let Some(data) = button["callback_data"].as_str()
        && !(1..=64).contains(&data.len())
    {
        return Err(ApiError::violation("BUTTON_DATA_INVALID"));
    }
    if let Some(url) = button["url"].as_str()
        && !is_address(url)
    {
        return Err(ApiError::violation(&format!(
            "inline keyboard button URL '{url}' is invalid"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refused(button: &Value) -> bool {
        let markup = json!({"inline_keyboard": [[button]]});
        check(Some(&markup)).is_err_and(|error| error.violation)
    }

    #[test]
    fn a_button_does_exactly_one_thing() {
        assert!(!refused(&json!({"text": "a", "callback_data": "a"})));
        assert!(!refused(&json!({"text": "a", "url": "https://t.me/x"})));
        assert!(refused(&json!({"text": "a"})));
        assert!(refused(
            &json!({"text": "a", "callback_data": "a", "url": "https://t.me/x"})
        ));
        assert!(refused(&json!({"text": " ", "callback_data": "a"})));
        assert!(refused(&json!({"text": "a", "url": "not an address"})));
    }

    #[test]
    fn data_is_counted_in_bytes() {
        assert!(!refused(
            &json!({"text": "a", "callback_data": "x".repeat(64)})
        ));
        assert!(refused(
            &json!({"text": "a", "callback_data": "é".repeat(33)})
        ));
        assert!(refused(&json!({"text": "a", "callback_data": ""})));
    }

    #[test]
    fn an_empty_keyboard_is_none() {
        assert_eq!(check(Some(&json!({"inline_keyboard": []}))), Ok(None));
    }
}
