//! Sending.

use serde_json::{Value, json};

use super::Params;
use super::target::{self, Sending};
use crate::telegram::body::Upload;
use crate::telegram::keyboard;
use crate::telegram::message::{Content, Message};
use crate::telegram::reply::{Answer, ApiError};
use crate::telegram::state::{ChatKind, State};
use crate::telegram::text::{LONGEST_CAPTION, LONGEST_TEXT, Rich, utf16_len};

/// The largest photo that may be uploaded.
const LARGEST_PHOTO: usize = 10 * 1024 * 1024;

pub(super) fn message(state: &mut State, params: &Params) -> Answer {
    let body = read_text(params)?;
    send(state, params, Sending::Text, body, None)
}

pub(super) fn photo(state: &mut State, params: &Params) -> Answer {
    let body = read_caption(params)?;
    let file = file(params, "photo")?;
    if let File::New(upload) = &file {
        if upload.bytes.len() > LARGEST_PHOTO {
            return Err(ApiError::violation("file is too big"));
        }
        if !is_picture(&upload.bytes) {
            return Err(ApiError::violation("IMAGE_PROCESS_FAILED"));
        }
    }
    send(state, params, Sending::Photo, body, Some(file))
}

pub(super) fn document(state: &mut State, params: &Params) -> Answer {
    let body = read_caption(params)?;
    let file = file(params, "document")?;
    send(state, params, Sending::Document, body, Some(file))
}

pub(super) fn chat_action(state: &mut State, params: &Params) -> Answer {
    let chat = target::reachable(state, params)?;
    target::may_write(state, chat, Sending::Text)?;
    Ok(json!(true).into())
}

/// The text of a message, as `text`, `parse_mode` and `entities` give it.
pub(super) fn read_text(params: &Params) -> Result<Rich, ApiError> {
    let text = params.text("text").unwrap_or_default();
    let body = Rich::given(text, params.text("parse_mode"), params.get("entities"))?;
    if body.text.is_empty() {
        return Err(ApiError::violation("message text is empty"));
    }
    if utf16_len(&body.text) > LONGEST_TEXT {
        return Err(ApiError::violation("message is too long"));
    }
    Ok(body)
}

/// The caption of a photo or document.
pub(super) fn read_caption(params: &Params) -> Result<Rich, ApiError> {
    let text = params.text("caption").unwrap_or_default();
    let body = Rich::given(
        text,
        params.text("parse_mode"),
        params.get("caption_entities"),
    )?;
    if utf16_len(&body.text) > LONGEST_CAPTION {
        return Err(ApiError::violation("message caption is too long"));
    }
    Ok(body)
}

/// A file as a call names it.
enum File<'a> {
    New(&'a Upload),
    /// The id of one that is kept, or an address.
    Known(&'a str),
}

fn send(
    state: &mut State,
    params: &Params,
    what: Sending,
    body: Rich,
    file: Option<File<'_>>,
) -> Answer {
    let markup = keyboard::check(params.get("reply_markup"))?;
    let chat = target::reachable(state, params)?;
    target::may_write(state, chat, what)?;
    let reply_to = target::reply_to(state, chat, params)?;
    let thread = target::thread(state, chat, params, reply_to)?;
    let file = file.map(|file| keep(state, &file)).transpose()?;
    let group = state.chat(chat).kind != ChatKind::Private;
    let now = state.now;
    state
        .limits
        .admit(now, chat, group)
        .map_err(ApiError::too_many)?;

    let channel = state.chat(chat).kind == ChatKind::Channel;
    let mut message = Message::new(chat, Some(state.bot.id).filter(|_| !channel), body);
    message.sender_chat = channel.then_some(chat);
    message.content = match (what, file) {
        (Sending::Photo, Some(file)) => Content::Photo(file),
        (Sending::Document, Some(file)) => Content::Document(file),
        _ => Content::Text,
    };
    message.by_bot = true;
    message.thread = thread;
    message.reply_to = reply_to;
    message.markup = markup;
    message.silent = params.flag("disable_notification");
    let id = state.post(message);
    let sent = state
        .message(chat, id)
        .map(|message| state.message_json(message));
    Ok(sent.unwrap_or(Value::Null).into())
}

fn file<'a>(params: &'a Params, name: &str) -> Result<File<'a>, ApiError> {
    let value = params.text(name).unwrap_or_default();
    let Some(part) = value.strip_prefix("attach://") else {
        return Ok(File::Known(value));
    };
    match params.files.get(part) {
        None => Err(ApiError::violation(&format!("can't find the file {part}"))),
        Some(upload) if upload.bytes.is_empty() => {
            Err(ApiError::violation("file must be non-empty"))
        }
        Some(upload) => Ok(File::New(upload)),
    }
}

/// Keeps a file and returns its id.
fn keep(state: &mut State, file: &File<'_>) -> Result<String, ApiError> {
    match file {
        File::New(upload) => Ok(state.keep_file((*upload).clone())),
        File::Known(id) if state.files.contains_key(*id) => Ok((*id).to_owned()),
        File::Known(_) => Err(ApiError::bad(
            "wrong remote file identifier specified: Wrong string length",
        )),
    }
}

/// Whether the bytes start like a picture that Telegram takes.
fn is_picture(bytes: &[u8]) -> bool {
    let starts: [&[u8]; 4] = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF"];
    starts.iter().any(|start| bytes.starts_with(start))
}
