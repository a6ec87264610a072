//! The rules of the house, read off the source: which room may use which, and what no room may
//! name.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room, and the rooms it may use.
const ROOMS: [(&str, &[&str]); 11] = [
    ("measure", &[]),
    ("assess", &["measure"]),
    ("calendar", &[]),
    ("exercise", &["measure", "assess", "calendar"]),
    ("club", &["measure", "assess", "calendar", "exercise"]),
    ("card", &["calendar"]),
    (
        "words",
        &["measure", "assess", "calendar", "exercise", "club", "card"],
    ),
    ("face", &["calendar", "card", "club"]),
    (
        "store",
        &["measure", "assess", "calendar", "exercise", "club", "card"],
    ),
    (
        "command",
        &[
            "measure", "assess", "calendar", "exercise", "club", "card", "words", "face", "store",
        ],
    ),
    (
        "delivery",
        &[
            "measure", "assess", "calendar", "exercise", "club", "card", "words", "face", "store",
        ],
    ),
];

/// The rooms that do no I/O, ask for no time and never wait.
const PURE: [&str; 7] = [
    "measure", "assess", "calendar", "exercise", "club", "card", "words",
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            all.push(path);
        }
    }
    all
}

/// Tests stand outside the order of the house.
fn is_test(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests")
        || path.file_stem().is_some_and(|stem| {
            let stem = stem.to_string_lossy();
            stem == "tests" || stem.ends_with("_tests") || stem == "worked_examples"
        })
}

/// The code of a file before its own tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    text.split("#[cfg(test)]\nmod tests")
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn room_files(room: &str) -> Vec<PathBuf> {
    let all = files(&source().join(room));
    all.into_iter().filter(|path| !is_test(path)).collect()
}

/// The rooms that a text uses by `crate::room`.
fn used_rooms(text: &str) -> BTreeSet<String> {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| {
            rest.chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect()
        })
        .collect()
}

#[test]
fn every_room_is_in_the_table() {
    let rooms: BTreeSet<_> = fs::read_dir(source())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    let table: BTreeSet<_> = ROOMS.iter().map(|(room, _)| (*room).to_owned()).collect();
    assert_eq!(rooms, table);
}

#[test]
fn a_room_uses_only_the_rooms_it_may() {
    for (room, may_use) in ROOMS {
        for path in room_files(room) {
            for used in used_rooms(&code(&path)) {
                let is_room = ROOMS.iter().any(|(other, _)| *other == used);
                let allowed = used == room || may_use.contains(&used.as_str()) || !is_room;
                assert!(allowed, "{} uses {used}", path.display());
            }
        }
    }
}

#[test]
fn the_pure_rooms_do_no_io_and_never_wait() {
    for room in PURE {
        for path in room_files(room) {
            let code = code(&path);
            for word in [
                "async ", ".await", "std::fs", "std::net", "sqlx", "tokio", "::now()",
            ] {
                assert!(!code.contains(word), "{} says {word}", path.display());
            }
        }
    }
}

#[test]
fn nobody_but_the_clock_asks_for_the_time() {
    for path in files(&source()).iter().filter(|path| !is_test(path)) {
        let code = code(path);
        for word in [
            "Timestamp::now",
            "Zoned",
            "SystemTime",
            "Instant::now",
            "tokio::time",
        ] {
            assert!(!code.contains(word), "{} says {word}", path.display());
        }
    }
}

/// The statements are looked at one by one in the store's own tests; here is everything else that its
/// source could say to a database.
#[test]
fn one_place_alone_asks_a_database_for_its_time() {
    let mut asking = Vec::new();
    for path in room_files("store") {
        let code = code(&path).to_lowercase();
        for word in [
            "clock_timestamp",
            "statement_timestamp",
            "transaction_timestamp",
            "localtimestamp",
            "current_timestamp",
            "current_date",
            "current_time",
            "select now(",
            "timeofday(",
            "strftime",
            "unixepoch",
            "julianday",
        ] {
            let times = code.matches(word).count();
            let name = path.strip_prefix(source()).unwrap();
            asking.extend(std::iter::repeat_n((name.to_owned(), word), times));
        }
    }
    assert_eq!(
        asking,
        [(PathBuf::from("store/clock.rs"), "clock_timestamp")]
    );
}

#[test]
fn one_module_alone_touches_cron_and_its_time_library() {
    for path in files(&source()) {
        let uses = |word: &str| code(&path).contains(word);
        if uses("chrono::") || uses("cron::") {
            assert!(
                path.ends_with("calendar/cron_line.rs"),
                "{}",
                path.display()
            );
        }
    }
}

#[test]
fn no_platform_is_named_in_the_core() {
    let core = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["src", "../../locales", "../../migrations"] {
        let folder = core.join(folder);
        let all = if folder.ends_with("src") {
            files(&folder)
        } else {
            every_file(&folder)
        };
        for path in all {
            let text = fs::read_to_string(&path).unwrap().to_lowercase();
            for platform in ["discord", "telegram", "serenity", "teloxide"] {
                assert!(
                    !text.contains(platform),
                    "{} names {platform}",
                    path.display()
                );
            }
        }
    }
}

fn every_file(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(every_file(&path));
        } else {
            all.push(path);
        }
    }
    all
}

#[test]
fn sql_is_in_the_store_only() {
    for path in files(&source())
        .iter()
        .filter(|path| !path.starts_with(source().join("store")))
    {
        let text = fs::read_to_string(path).unwrap();
        assert!(!text.contains("sqlx::"), "{}", path.display());
    }
}

/// The complaints about like programs that this one answers, each by a test whose name has its number:
/// `complaint_12_…`, `complaints_9_and_10_…`, `complaints_1_to_4_…`.
#[test]
fn every_complaint_on_the_list_has_a_test_that_names_it() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut named = BTreeSet::new();
    for folder in ["crates", "tests"] {
        for path in files(&workspace.join(folder)) {
            let text = fs::read_to_string(&path).unwrap();
            let tests = text.split("fn complaint").skip(1);
            named.extend(tests.flat_map(numbers));
        }
    }
    let wanted: BTreeSet<u32> = (1..=35).chain(38..=43).collect();
    let missing: Vec<_> = wanted.difference(&named).collect();
    assert!(missing.is_empty(), "no test names {missing:?}");
}

/// The numbers at the beginning of a test's name, after `complaint`.
fn numbers(name: &str) -> Vec<u32> {
    let words = name
        .trim_start_matches('s')
        .trim_start_matches('_')
        .split('_');
    let mut all: Vec<u32> = Vec::new();
    let mut to = false;
    for word in words {
        match (word, word.parse::<u32>()) {
            (_, Ok(number)) if to => {
                let from = all.last().map_or(number, |last| last + 1);
                all.extend(from..=number);
                to = false;
            }
            (_, Ok(number)) => all.push(number),
            ("to", _) => to = true,
            ("and", _) => {}
            _ => break,
        }
    }
    all
}
