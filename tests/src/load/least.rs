//! A yardstick: the least CPU that the work on Telegram costs on this machine, in this hour.
//!
//! One thread polls over a plain socket, keeps as many pages as a command writes, and says a fixed sentence: no
//! library, no database, nothing read or judged. What the bot needs is told as a ratio to it. It does one thing
//! after the other, so flat out the bot, which shares commits, may well be faster.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::FileExt;

use reqwest::Url;
use serde_json::{Value, json};

use super::LoadError;

/// So many pages a command writes that logs both legs, measured in SQLite's log, and how long one is there with
/// its head.
const PAGES: u64 = 9;
const HEAD: usize = 24;
const PAGE: usize = 4_096;

/// The log begins anew after so many.
const LOG: u64 = 1_000;

/// Answers until it is killed.
///
/// # Errors
///
/// [`LoadError`], at the latest when its connection is closed.
pub fn run() -> Result<(), LoadError> {
    let variable = |name| std::env::var(name).map_err(|_| LoadError::Answer);
    let url: Url = (variable("TELEGRAM_API_URL")?.parse()).map_err(|_| LoadError::Answer)?;
    let mut line = Line::to(&url, &variable("TELEGRAM_TOKEN")?).map_err(LoadError::Program)?;
    let mut disk = Disk::new().map_err(LoadError::Program)?;
    let mut next = 0;
    loop {
        let poll =
            json!({ "offset": next, "limit": 100, "timeout": 25, "allowed_updates": ["message"] });
        let updates = line.call("getUpdates", &poll).ok_or(LoadError::Answer)?;
        for update in updates["result"].as_array().into_iter().flatten() {
            next = update["update_id"].as_i64().unwrap_or(0) + 1;
            disk.keep().map_err(LoadError::Program)?;
            let said = json!({ "chat_id": update["message"]["chat"]["id"], "text": "Left 9.4 cm ≈ 33.8°." });
            line.call("sendMessage", &said).ok_or(LoadError::Answer)?;
        }
    }
}

/// A connection that calls go over, one after the other.
struct Line {
    stream: BufReader<TcpStream>,
    host: String,
    path: String,
}

impl Line {
    fn to(url: &Url, token: &str) -> std::io::Result<Self> {
        let host = url.host_str().unwrap_or_default();
        let stream = TcpStream::connect((host, url.port().unwrap_or(80)))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::new(stream),
            host: host.to_owned(),
            path: format!("{}/bot{token}", url.path().trim_end_matches('/')),
        })
    }

    /// None when there is nobody any more.
    fn call(&mut self, method: &str, body: &Value) -> Option<Value> {
        let body = body.to_string();
        let request = format!(
            "POST {}/{method} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            self.path,
            self.host,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).ok()?;
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line).ok()? <= 2 {
                break;
            }
            let (name, value) = line.split_once(':').unwrap_or_default();
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().ok()?;
            }
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer).ok()?;
        serde_json::from_slice(&answer).ok()
    }
}

/// A file that is written over and over, as a log is.
struct Disk {
    file: File,
    at: u64,
}

impl Disk {
    fn new() -> std::io::Result<Self> {
        let file = tempfile::tempfile_in(".")?;
        let mut disk = Self { file, at: 0 };
        for _ in 0..=LOG / PAGES {
            disk.keep()?;
        }
        Ok(disk)
    }

    fn keep(&mut self) -> std::io::Result<()> {
        for _ in 0..PAGES {
            let start = self.at % LOG * (HEAD + PAGE) as u64;
            self.file.write_all_at(&[1; HEAD], start)?;
            self.file.write_all_at(&[1; PAGE], start + HEAD as u64)?;
            self.at += 1;
        }
        self.file.sync_data()
    }
}
