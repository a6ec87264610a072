//! What the container files name is there.

use std::path::{Path, PathBuf};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(file: &str) -> String {
    std::fs::read_to_string(repository().join(file)).unwrap()
}

/// Whether a text can be a variable's name.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.starts_with(|first: char| first.is_ascii_uppercase())
        && text
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

#[test]
fn what_the_image_is_built_from_is_there_and_reaches_the_builder() {
    let ignored = read(".dockerignore");
    let dockerfile = read("Dockerfile");
    let from_here = dockerfile
        .lines()
        .filter_map(|line| line.strip_prefix("COPY "))
        .filter(|copied| !copied.starts_with("--from="));
    let mut sources = Vec::new();
    for copied in from_here {
        let (from, _to) = copied.rsplit_once(' ').unwrap();
        sources.extend(from.split(' '));
    }
    assert!(sources.contains(&"crates"), "{sources:?}");
    for source in sources {
        assert!(repository().join(source).exists(), "{source} is not there");
        let let_in = format!("!/{source}");
        assert!(
            ignored.lines().any(|line| line == let_in),
            ".dockerignore keeps {source} out"
        );
    }
}

#[test]
fn compose_sets_no_variable_that_nobody_reads() {
    let example = read(".env.example");
    // Its names are those that the program reads: its own test holds that.
    let known: Vec<_> = example
        .lines()
        .filter_map(|line| line.trim_start_matches('#').split_once('='))
        .map(|(name, _)| name)
        .chain(["POSTGRES_USER", "POSTGRES_DB"])
        .collect();
    let compose = read("docker-compose.yml");
    let set: Vec<_> = compose
        .lines()
        .filter_map(|line| line.trim_start().split_once(':'))
        .map(|(name, _)| name)
        .filter(|name| is_name(name))
        .collect();
    assert!(set.contains(&"DATABASE_URL"), "{set:?}");
    for name in set {
        assert!(known.contains(&name), "nobody reads {name}");
    }
}
