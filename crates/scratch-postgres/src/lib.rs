//! A throwaway PostgreSQL server for tests, started from the installed programs.
//!
//! [`ScratchPostgres::shared`] starts one server for the test process, on first use;
//! [`ScratchPostgres::new_database`] makes a fresh empty database on it, so that tests neither see
//! nor wait for each other. The server ends, and its directory goes, with the process that started
//! it, even if that process is killed: the shell script `server.sh` waits for its end.
//!
//! The server listens on no port, only on a socket in a directory of its own that no other user may
//! enter, so any number of test processes can have theirs at the same time. As root it runs as the
//! user `postgres`.
//!
//! ```no_run
//! # fn main() -> Result<(), scratch_postgres::Unavailable> {
//! let url = scratch_postgres::ScratchPostgres::shared()?.new_database()?;
//! // postgres://postgres@localhost:5432/scratch_1?host=/tmp/…
//! # Ok(()) }
//! ```
//!
//! A test that needs the server is ignored where it is not installed; [`build`] says how.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

pub mod build;

/// Whether PostgreSQL was there when this crate was built.
pub const INSTALLED: bool = cfg!(have_postgres);

/// Why there is no server, or no database on it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Unavailable {
    /// None of the places where the programs could be has them.
    #[error("PostgreSQL is not installed; to install it: apt-get install postgresql")]
    NotInstalled,
    /// The server refuses to run as root, and there is nobody else to run it.
    #[error("PostgreSQL does not run as root, and there is no user `postgres` to run it as")]
    NoUser,
    /// A program could not be started at all.
    #[error("{program} could not be run")]
    Program {
        /// The program.
        program: PathBuf,
        /// What the system said.
        source: Arc<io::Error>,
    },
    /// The server did not start; this is what it said.
    #[error("PostgreSQL did not start: {0}")]
    Start(String),
    /// No database was made; this is what the server said.
    #[error("PostgreSQL made no database: {0}")]
    Database(String),
}

/// What the server does to keep its data when the machine loses power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Nothing, to be quick.
    Fast,
    /// What it does by default, for measurements.
    Full,
}

impl Durability {
    fn options(self) -> &'static [&'static str] {
        match self {
            Self::Fast => &[
                "-cfsync=off",
                "-csynchronous_commit=off",
                "-cfull_page_writes=off",
                "-cwal_level=minimal",
                "-cmax_wal_senders=0",
            ],
            Self::Full => &[],
        }
    }
}

/// A running server. Dropped, it stops and leaves nothing behind.
#[derive(Debug)]
pub struct ScratchPostgres {
    bin: PathBuf,
    directory: PathBuf,
    databases: AtomicU32,
    /// The script that runs the server until its standard input, which is ours, is closed.
    keeper: Child,
}

impl ScratchPostgres {
    /// The server of this process, started on first use.
    ///
    /// # Errors
    ///
    /// When PostgreSQL is not installed or does not start. It is not tried again.
    pub fn shared() -> Result<&'static Self, Unavailable> {
        static SHARED: OnceLock<Result<ScratchPostgres, Unavailable>> = OnceLock::new();
        SHARED
            .get_or_init(|| Self::start(Durability::Fast))
            .as_ref()
            .map_err(Clone::clone)
    }

    /// Starts a server of its own, which takes a second or so.
    ///
    /// # Errors
    ///
    /// When PostgreSQL is not installed or does not start.
    pub fn start(durability: Durability) -> Result<Self, Unavailable> {
        let bin = build::bin_dir().ok_or(Unavailable::NotInstalled)?;
        let mut sh = quiet(Path::new("sh"));
        sh.args(["-c", include_str!("server.sh"), "server.sh"])
            .args([std::env::temp_dir().as_path(), &bin])
            .args(durability.options())
            .current_dir("/")
            // So that a Ctrl-C, which goes to a whole group, does not end it before its work is done.
            .process_group(0)
            .stdin(Stdio::piped())
            .stderr(Stdio::piped());
        if id(&["-u"])? == Some(0) {
            let (Some(user), Some(group)) = (id(&["-u", "postgres"])?, id(&["-g", "postgres"])?)
            else {
                return Err(Unavailable::NoUser);
            };
            sh.uid(user).gid(group);
        }
        let mut keeper = sh.spawn().map_err(|error| not_run("sh", error))?;

        let mut said = keeper
            .stdout
            .take()
            .map(BufReader::new)
            .into_iter()
            .flat_map(BufRead::lines);
        let mut next = || said.next().and_then(Result::ok);
        if let (Some(directory), Some(_ready)) = (next(), next()) {
            let directory = directory.into();
            return Ok(Self {
                bin,
                directory,
                databases: AtomicU32::new(0),
                keeper,
            });
        }
        let mut reason = String::new();
        if let Some(mut stderr) = keeper.stderr.take() {
            let _ = stderr.read_to_string(&mut reason);
        }
        let _ = keeper.wait();
        Err(Unavailable::Start(reason.trim_end().to_owned()))
    }

    /// Makes an empty database (UTF-8, sorted by code point) and returns its URL.
    ///
    /// This takes some 40 ms, and blocks for that long.
    ///
    /// # Errors
    ///
    /// When the server, or the disk it is on, does not play along.
    pub fn new_database(&self) -> Result<String, Unavailable> {
        let name = format!(
            "scratch_{}",
            self.databases.fetch_add(1, Ordering::Relaxed) + 1
        );
        // From `template0`, because nobody can be connected to that one.
        let sql = format!("CREATE DATABASE {name} TEMPLATE template0");
        let psql = self.bin.join("psql");
        let Output { status, stderr, .. } = quiet(&psql)
            .args([
                "--no-psqlrc",
                "--quiet",
                "--command",
                &sql,
                &self.url("postgres"),
            ])
            .stderr(Stdio::piped())
            .output()
            .map_err(|error| not_run(&psql, error))?;
        if status.success() {
            Ok(self.url(&name))
        } else {
            Err(Unavailable::Database(
                String::from_utf8_lossy(&stderr).trim_end().to_owned(),
            ))
        }
    }

    /// The server's own directory: its socket, its `log`, and its `data`.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    fn url(&self, database: &str) -> String {
        let mut url =
            format!("postgres://postgres@localhost:5432/{database}?sslmode=disable&host=");
        for byte in self.directory.as_os_str().as_encoded_bytes() {
            if byte.is_ascii_alphanumeric() || b"/-._".contains(byte) {
                url.push((*byte).into());
            } else {
                let _ = write!(url, "%{byte:02X}");
            }
        }
        url
    }
}

impl Drop for ScratchPostgres {
    fn drop(&mut self) {
        // Closes its standard input first.
        let _ = self.keeper.wait();
    }
}

/// A command that the environment's PostgreSQL settings do not reach and that holds on to none of
/// this process's own streams.
fn quiet(program: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.as_encoded_bytes().starts_with(b"PG") {
            command.env_remove(name);
        }
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// What `id` says: a number, or nothing for a user that does not exist.
fn id(arguments: &[&str]) -> Result<Option<u32>, Unavailable> {
    let output = quiet(Path::new("id"))
        .args(arguments)
        .output()
        .map_err(|error| not_run("id", error))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().parse().ok())
}

fn not_run(program: impl Into<PathBuf>, error: io::Error) -> Unavailable {
    Unavailable::Program {
        program: program.into(),
        source: Arc::new(error),
    }
}
