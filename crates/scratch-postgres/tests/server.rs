//! The server starts, keeps databases apart, and goes with its process.

use std::fs::Permissions;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use scratch_postgres::{Durability, INSTALLED, ScratchPostgres, Unavailable, build};

/// Tells this test program, started again, to hold a server until it is killed.
const HOLD: &str = "SCRATCH_POSTGRES_HOLD";

fn psql(url: &str, sql: &str) -> Result<String, String> {
    let output = Command::new(build::bin_dir().expect("installed").join("psql"))
        .args(["-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql, url])
        .output()
        .expect("psql runs");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).trim().to_owned();
    if output.status.success() {
        Ok(text(output.stdout))
    } else {
        Err(text(output.stderr))
    }
}

fn postmaster(directory: &Path) -> u32 {
    let file = std::fs::read_to_string(directory.join("data/postmaster.pid")).expect("it runs");
    file.lines()
        .next()
        .and_then(|line| line.parse().ok())
        .expect("a process id")
}

fn is_running(process: u32) -> bool {
    let kill = Command::new("kill")
        .args(["-0", &process.to_string()])
        .stderr(Stdio::null())
        .status();
    kill.expect("kill runs").success()
}

#[test]
fn the_build_and_the_run_agree() {
    assert_eq!(INSTALLED, build::bin_dir().is_some());
    if !INSTALLED {
        assert!(matches!(
            ScratchPostgres::shared(),
            Err(Unavailable::NotInstalled)
        ));
    }
}

#[test]
#[cfg_attr(not(have_postgres), ignore = "PostgreSQL is not installed")]
fn databases_are_apart_and_empty() -> Result<(), Unavailable> {
    let server = ScratchPostgres::shared()?;
    assert!(
        std::ptr::eq(server, ScratchPostgres::shared()?),
        "one server a process"
    );

    let (one, two) = (server.new_database()?, server.new_database()?);
    assert_ne!(one, two);
    psql(
        &one,
        "CREATE TABLE leg (side text); INSERT INTO leg VALUES ('left')",
    )
    .expect("it is made");
    assert_eq!(psql(&one, "SELECT side FROM leg"), Ok("left".to_owned()));
    let error =
        psql(&two, "SELECT side FROM leg").expect_err("the other database has no such table");
    assert!(error.contains("does not exist"), "{error}");
    Ok(())
}

#[test]
#[cfg_attr(not(have_postgres), ignore = "PostgreSQL is not installed")]
fn threads_may_ask_at_once() {
    let urls = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| ScratchPostgres::shared()?.new_database()))
            .collect();
        let urls = threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"));
        urls.collect::<Result<std::collections::BTreeSet<_>, _>>()
    });
    assert_eq!(urls.expect("a database each").len(), 8);
}

#[test]
#[cfg_attr(not(have_postgres), ignore = "PostgreSQL is not installed")]
fn a_dropped_server_is_gone() -> Result<(), Unavailable> {
    let server = ScratchPostgres::start(Durability::Full)?;
    assert_eq!(
        psql(&server.new_database()?, "SHOW fsync"),
        Ok("on".to_owned())
    );
    let (directory, process) = (
        server.directory().to_owned(),
        postmaster(server.directory()),
    );
    assert!(is_running(process));
    drop(server);
    assert!(!is_running(process));
    assert!(!directory.exists());
    Ok(())
}

#[test]
#[cfg_attr(not(have_postgres), ignore = "PostgreSQL is not installed")]
fn a_killed_process_leaves_nothing() -> Result<(), Unavailable> {
    if std::env::var_os(HOLD).is_some() {
        let server = ScratchPostgres::shared()?;
        println!("\nholding {}", server.directory().display());
        loop {
            std::thread::park();
        }
    }
    let mut holder = hold(&std::env::temp_dir());
    let said = BufReader::new(holder.stdout.take().expect("piped"));
    let directory: PathBuf = said
        .lines()
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("holding ").map(PathBuf::from))
        .expect("it holds a server");
    let process = postmaster(&directory);
    assert!(is_running(process));

    kill(holder);
    wait_until("the server is gone", || {
        !is_running(process) && !directory.exists()
    });
    Ok(())
}

#[test]
#[cfg_attr(not(have_postgres), ignore = "PostgreSQL is not installed")]
fn a_process_killed_while_its_server_starts_leaves_nothing() {
    let place = std::env::temp_dir().join(format!("scratch-place-{}", std::process::id()));
    std::fs::create_dir(&place).expect("a new directory");
    std::fs::set_permissions(&place, Permissions::from_mode(0o777)).expect("open to all");
    let is_empty = || {
        std::fs::read_dir(&place)
            .expect("it is there")
            .next()
            .is_none()
    };

    let holder = hold(&place);
    wait_until("the server's directory is there", || !is_empty());
    kill(holder);
    wait_until("the server's directory is gone", is_empty);
    std::fs::remove_dir(&place).expect("it is empty");
}

/// Starts this program again, to start a server and hold it.
fn hold(temporary: &Path) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "a_killed_process_leaves_nothing", "--nocapture"])
        .env(HOLD, "1")
        .env("TMPDIR", temporary)
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts")
}

fn kill(mut holder: Child) {
    holder.kill().expect("it is killed");
    holder.wait().expect("it is dead");
}

fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !holds() {
        assert!(Instant::now() < deadline, "not within 30 seconds: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
