//! The program in the terminal.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_anklebot");

fn anklebot(folder: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Feeds lines to a program and waits for its end.
fn feed(command: &mut Command, lines: &str) -> Output {
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    // A program that refuses to start does not read what is fed to it.
    if let Err(error) = input.write_all(lines.as_bytes()) {
        assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe, "{error}");
    }
    drop(input);
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complained(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn lines_from_a_pipe_are_answered_and_the_next_run_remembers() {
    let folder = tempfile::tempdir().unwrap();
    let first = feed(
        &mut anklebot(folder.path()),
        "/ankle test 9cm left\n/ankle history\n",
    );
    assert!(first.status.success(), "{}", complained(&first));
    insta::assert_snapshot!(without_dates(&said(&first)), @"
    (only you see this)
    Left 9.0 cm ≈ 32.4°
    In the middle range for healthy adults, just on its lower line: one test can't tell.
    Saved as your baseline. Retest in 14 days.
    Before runs: circles, then bounds. Stretch if you like.
    [1] Share  [2] Undo  [3] More
    (only you see this)
    Your knee-to-wall tests in cm, newest first
    • DAY · L 9.0 · #1
    ");
    assert_eq!(complained(&first), "");
    let second = feed(&mut anklebot(folder.path()), "/ankle history\n");
    assert!(said(&second).contains("L 9.0 · #1"), "{}", said(&second));
}

/// The program runs on the real clock: its dates are another every day.
#[test]
fn a_program_without_a_token_and_without_anybody_says_what_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let output = feed(&mut anklebot(folder.path()), "");
    assert!(output.status.success() && said(&output).is_empty());
    assert!(complained(&output).contains("set DISCORD_TOKEN or TELEGRAM_TOKEN"));
}

fn without_dates(text: &str) -> String {
    let lines = text.lines().map(|line| match line.split_once(" · ") {
        Some((start, rest)) if start.starts_with('•') => format!("• DAY · {rest}"),
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_whole_club_can_be_played_by_one_person() {
    let folder = tempfile::tempdir().unwrap();
    let lines = "/as Mia\n/ankle test L9.2 R9\n/tick 14d\n/ankle test\nL9.4 R10.5\n/press share\n\
                 /as Jonas\n/room track\n/ankle history\n/dm\n/ankle test 9cm\n/press 1\n/ankle me settings zone:Berlin\n\
                 /tick 07:00\n/press nonsense\n/tick nonsense\n/as\n/room\n\n/quit\n/ankle help\n";
    let played = feed(&mut anklebot(folder.path()), lines);
    let text = said(&played);
    for expected in [
        "How far is your big toe from the wall?",
        "Left: steady. Right: +1.5 cm, leaning up, but still inside measurement error.",
        "Mia logged a knee-to-wall test: Left 9.4 cm ≈ 33.8° · Right 10.5 cm ≈ 37.8°. Try yours: /ankle test",
        "You are Jonas in #track.",
        "No tests yet.",
        "You are Jonas in private.",
        "07:00 in Berlin.",
        "To when? /tick 07:00 or /tick 14d",
        "Which one? /press 1 to /press 2",
    ] {
        assert!(text.contains(expected), "{expected}\n\n{text}");
    }
    assert!(
        !text.contains("anklebot: knee-to-wall tests for running groups"),
        "/quit ends it"
    );
    let later = feed(&mut anklebot(folder.path()), "/tick 24d\n");
    assert!(later.status.success());
}

#[test]
fn time_that_passes_brings_the_posts_that_fall_due_on_the_way() {
    let folder = tempfile::tempdir().unwrap();
    let lines = "/as Mia\n/ankle me settings zone:Berlin\n/ankle remind set 07:00 zone:Berlin\n/ankle remind test\n\
                 /tick 07:30\n/press 1\n/tick 1h\n/tick 07:00\n";
    let played = feed(&mut anklebot(folder.path()), lines);
    assert!(played.status.success());
    let text = said(&played);
    let count = |part: &str| text.matches(part).count();
    assert_eq!(count("07:00 in #trail-friends: posted"), 2, "{text}");
    // Before seven in Berlin the test is of the same day, and changes too.
    let posts = 1..=2;
    assert!(posts.contains(&count(" · test\n")), "{text}");
    assert!(
        posts.contains(&count("07:30 in #trail-friends: changed")),
        "{text}"
    );
    assert!(posts.contains(&count("Done today: 1 · Mia")), "{text}");
    // The test and the first post.
    assert_eq!(count("an earlier post is removed"), 2, "{text}");
    let again = feed(&mut anklebot(folder.path()), "/tick 1h\n");
    assert!(!said(&again).contains("posted"), "each once");
}

#[test]
fn what_is_confirmed_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    for round in 1..=10 {
        let mut child = anklebot(folder.path()).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        writeln!(input, "/ankle test {round}cm left warm").unwrap();
        let mut line = String::new();
        while !line.contains("Left") {
            line.clear();
            assert_ne!(
                output.read_line(&mut line).unwrap(),
                0,
                "no answer in round {round}"
            );
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let export = feed(&mut anklebot(folder.path()), "/ankle export csv\n");
        let file = said(&export)
            .lines()
            .find_map(|l| l.strip_prefix("Saved as ").map(str::to_owned));
        let csv = std::fs::read_to_string(folder.path().join(file.unwrap())).unwrap();
        assert_eq!(csv.lines().count(), round + 1, "{csv}");
    }
}

/// Sixty runners say the same.
fn for_each_runner(line: &str) -> String {
    let lines: Vec<_> = (0..60)
        .map(|n| format!("/as runner{n}\n{line}\n"))
        .collect();
    lines.concat()
}

#[test]
fn a_full_disk_is_said_and_nothing_is_called_saved_that_is_not() {
    let folder = tempfile::tempdir().unwrap();
    assert!(
        feed(&mut anklebot(folder.path()), "/ankle help\n")
            .status
            .success()
    );
    // No file may grow beyond 96 KiB: writing fails as it does on a full disk.
    let mut limited = Command::new("bash");
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 96; exec \"$0\"", PROGRAM])
        .current_dir(folder.path())
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let lines = for_each_runner("/ankle test 9cm left");
    let output = feed(&mut limited, &lines);
    let text = said(&output);
    let confirmed = text.matches("Left 9.0 cm").count();
    let refused = text.matches("Not saved").count();
    assert_eq!(confirmed + refused, 60, "{text}");
    assert!(refused > 0, "the disk was not full");
    assert!(
        !output.status.success(),
        "what was not saved shows in the exit code"
    );
    let histories = for_each_runner("/ankle history");
    let kept = said(&feed(&mut anklebot(folder.path()), &histories));
    assert_eq!(kept.matches("L 9.0 ·").count(), confirmed);
}

#[test]
fn a_path_that_cannot_be_opened_is_one_sentence_and_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let sentence = |command: &mut Command| {
        let output = feed(command, "/ankle help\n");
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(said(&output), "");
        complained(&output)
    };
    let nowhere = sentence(anklebot(folder.path()).args(["--db", "/nowhere/at/all.db"]));
    let (what, who) = nowhere.split_once("(uid ").unwrap();
    assert_eq!(
        what,
        "anklebot: the database file /nowhere/at/all.db cannot be opened: see that its folder is there \
         and that this user "
    );
    assert!(who.ends_with(") may write in it.\n"), "{nowhere}");
    let a_folder = sentence(anklebot(folder.path()).args(["chat", "--db", "."]));
    assert!(a_folder.contains("cannot be opened"), "{a_folder}");
    std::fs::write(
        folder.path().join("text.db"),
        "this is no database, but long enough to be read".repeat(99),
    )
    .unwrap();
    let no_database = sentence(anklebot(folder.path()).args(["--db", "text.db"]));
    assert!(
        no_database.contains("text.db is no database"),
        "{no_database}"
    );
    let mysql = sentence(anklebot(folder.path()).env("DATABASE_URL", "mysql://a:secret@b/c"));
    assert!(
        mysql.contains("DATABASE_URL must be sqlite://FILE") && !mysql.contains("secret"),
        "{mysql}"
    );
    std::fs::write(folder.path().join(".env"), "LOG_FORMAT=xml\n").unwrap();
    let dot_env = sentence(&mut anklebot(folder.path()));
    assert!(
        dot_env.contains("LOG_FORMAT must be text or json"),
        "{dot_env}"
    );
    std::fs::write(folder.path().join(".env"), "not a line\n").unwrap();
    let broken = sentence(&mut anklebot(folder.path()));
    assert!(broken.contains("the file .env cannot be read"), "{broken}");
}

#[test]
fn nothing_that_is_typed_stops_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines: Vec<u8> = Vec::new();
    for line in [
        "\"",
        "/",
        "/ankle \u{202e}",
        "/as \u{1b}[2J<b>@everyone",
        "/press 99999999999999999999",
        "\u{0}",
        "/tick -1d",
    ] {
        lines.extend(line.as_bytes());
        lines.push(b'\n');
    }
    lines.extend([0xff, 0xfe, b'\n']);
    lines.extend(
        format!(
            "/ankle test {}\n/ankle test 9cm\n/press 1\n/press share\n",
            "9".repeat(20_000)
        )
        .as_bytes(),
    );
    let mut child = anklebot(folder.path()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&lines).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", complained(&output));
    let text = said(&output);
    assert!(
        text.contains("\u{FFFD}[2J<b>@everyone logged a knee-to-wall test"),
        "{text}"
    );
    assert!(!text.contains('\u{1b}'), "nothing steers the terminal");
}

#[test]
fn help_and_version_are_printed() {
    let folder = tempfile::tempdir().unwrap();
    let help = feed(anklebot(folder.path()).arg("--help"), "");
    assert!(
        help.status.success() && said(&help).contains("chat"),
        "{}",
        said(&help)
    );
    let version = feed(anklebot(folder.path()).arg("--version"), "");
    assert!(said(&version).starts_with("anklebot "));
}
