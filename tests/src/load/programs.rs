//! The programs that are measured: the bot, and a fake platform, each in a process of its own.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::LoadError;
use super::figures::millis;
use super::machine::{self, Process};

/// How often the disk is asked to keep 4 KiB.
const FSYNCS: u32 = 500;

/// A fake platform with its control API.
pub(super) struct FakePlatform {
    _child: Child,
    /// What the bot has to be told, by the names of its variables: the address, and the token.
    variables: [(&'static str, String); 2],
    client: reqwest::Client,
}

impl FakePlatform {
    /// Starts the program of that name, which prints these variables.
    pub(super) async fn start(program: &str, names: [&'static str; 2]) -> Result<Self, LoadError> {
        Self::with(program, names, &["--no-limits"]).await
    }

    /// The same, with these flags.
    pub(super) async fn with(
        program: &str,
        names: [&'static str; 2],
        flags: &[&str],
    ) -> Result<Self, LoadError> {
        let mut child = sibling(program)?
            .args(flags)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(LoadError::Program)?;
        let output = child.stdout.take().ok_or(LoadError::Answer)?;
        let mut lines = BufReader::new(output).lines();
        let mut variables = names.map(|name| (name, String::new()));
        for (name, value) in &mut variables {
            let line = lines.next_line().await.ok().flatten().unwrap_or_default();
            let rest = line
                .strip_prefix(*name)
                .and_then(|rest| rest.strip_prefix('='));
            rest.ok_or(LoadError::Answer)?.clone_into(value);
        }
        Ok(Self {
            _child: child,
            variables,
            client: reqwest::Client::new(),
        })
    }

    /// Tells the fake to do something.
    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Value, LoadError> {
        let request = self.client.post(self.control(path));
        read(request.body(body.to_string())).await
    }

    /// What it knows of something.
    pub(super) async fn get(&self, path: &str) -> Result<Value, LoadError> {
        read(self.client.get(self.control(path))).await
    }

    /// What the fake has counted.
    pub(super) async fn counters(&self) -> Result<Value, LoadError> {
        self.get("counters").await
    }

    /// Looks again and again, a little later each time, for two minutes at most.
    pub(super) async fn until(&self, done: impl Fn(&Value) -> bool) -> Result<(), LoadError> {
        let start = Instant::now();
        while start.elapsed() < Duration::from_mins(2) {
            if done(&self.counters().await?) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err(LoadError::Answer)
    }

    fn control(&self, path: &str) -> String {
        let (_, address) = &self.variables[0];
        format!("{address}/control/{path}")
    }
}

async fn read(request: reqwest::RequestBuilder) -> Result<Value, LoadError> {
    let response = request.send().await.map_err(LoadError::Fake)?;
    let bytes = response.bytes().await.map_err(LoadError::Fake)?;
    serde_json::from_slice(&bytes).map_err(|_| LoadError::Answer)
}

/// The program, with its data in a folder.
pub(super) struct Bot {
    child: Child,
    id: u32,
}

impl Bot {
    /// Starts it on a platform.
    pub(super) fn start(fake: &FakePlatform, folder: &Path) -> Result<Self, LoadError> {
        Self::on(&[fake], folder)
    }

    /// Starts it on several.
    pub(super) fn on(fakes: &[&FakePlatform], folder: &Path) -> Result<Self, LoadError> {
        Self::with(fakes, folder, &[], Stdio::inherit())
    }

    /// Starts the yardstick in its place.
    pub(super) fn least(fake: &FakePlatform, folder: &Path) -> Result<Self, LoadError> {
        let mut own = Command::new(std::env::current_exe().map_err(LoadError::Program)?);
        own.arg("least");
        Self::spawn(own, &[fake], folder, &[], Stdio::inherit())
    }

    /// Starts it with more variables, which go before the usual ones, and its log somewhere.
    pub(super) fn with(
        fakes: &[&FakePlatform],
        folder: &Path,
        more: &[(&str, String)],
        log: Stdio,
    ) -> Result<Self, LoadError> {
        Self::spawn(sibling("anklebot")?, fakes, folder, more, log)
    }

    fn spawn(
        mut program: Command,
        fakes: &[&FakePlatform],
        folder: &Path,
        more: &[(&str, String)],
        log: Stdio,
    ) -> Result<Self, LoadError> {
        let variables = fakes.iter().flat_map(|fake| fake.variables.clone());
        let child = program
            .current_dir(folder)
            .env("LOG", "error")
            .envs(variables)
            .envs(more.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .map_err(LoadError::Program)?;
        let id = child.id().ok_or(LoadError::Answer)?;
        Ok(Self { child, id })
    }

    pub(super) fn process(&self) -> Process {
        Process::of(self.id)
    }

    pub(super) async fn kill(&mut self) {
        // It may have ended by itself: then its data are looked at all the same.
        let _ = self.child.kill().await;
    }

    /// Asks it to stop, and waits until it has.
    pub(super) async fn stop(&mut self) -> Result<(), LoadError> {
        let asked = Command::new("kill").arg(self.id.to_string()).status().await;
        asked.map_err(LoadError::Program)?;
        let ended = self.child.wait().await;
        ended.map(|_| ()).map_err(LoadError::Program)
    }
}

/// A program that was built beside this one.
fn sibling(name: &str) -> Result<Command, LoadError> {
    let own = std::env::current_exe().map_err(LoadError::Program)?;
    let path = own.with_file_name(name);
    if path.exists() {
        Ok(Command::new(path))
    } else {
        Err(LoadError::NotBuilt {
            name: name.to_owned(),
        })
    }
}

/// A folder for the database, removed in the end.
pub(super) fn folder_in(dir: &Path) -> Result<TempDir, LoadError> {
    let made = tempfile::Builder::new().prefix(".load-").tempdir_in(dir);
    made.map_err(|cause| LoadError::Folder {
        path: dir.to_path_buf(),
        cause,
    })
}

/// Prints how long the disk takes to keep a page: what every other figure stands beside.
pub(super) fn print_disk(folder: &Path) -> Result<(), LoadError> {
    let disk = machine::fsyncs(folder, FSYNCS).map_err(|cause| LoadError::Folder {
        path: folder.to_path_buf(),
        cause,
    })?;
    println!(
        "the disk keeps 4 KiB in p50 {:.2} ms, p99 {:.2} ms; {}",
        millis(disk.percentile(50)),
        millis(disk.percentile(99)),
        machine::file_system(&folder.canonicalize().unwrap_or_default())?,
    );
    Ok(())
}

/// A number that the fake has counted.
pub(super) fn count_of(counters: &Value, name: &str) -> u64 {
    counters[name].as_u64().unwrap_or(0)
}

/// KiB as MB.
pub(super) fn mb(kib: u64) -> f64 {
    f64::from(u32::try_from(kib).unwrap_or(u32::MAX)) / 1_024.0
}
