//! Where PostgreSQL's server programs are, for tests and for build scripts.
//!
//! A `cfg` that one crate's build script sets is not seen by other crates, so each crate that wants
//! `have_postgres` has these lines as its `build.rs`:
//!
//! ```text
//! //! Sets `have_postgres` for this crate's tests.
//!
//! #[path = "../scratch-postgres/src/build.rs"]
//! pub mod postgres;
//!
//! fn main() {
//!     postgres::announce();
//! }
//! ```
//!
//! and its tests say
//!
//! ```text
//! #[test]
//! #[cfg_attr(not(have_postgres), ignore = "PostgreSQL is not installed")]
//! fn a_test() {}
//! ```
//!
//! The file is included by its path rather than this crate being a build dependency, so that a
//! release build neither compiles it nor asks for a server.

use std::path::{Path, PathBuf};

/// Where Debian puts one directory for each version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// A file that changes when Debian installs something, to notice that a server has come.
const INSTALLED_PACKAGES: &str = "/var/lib/dpkg/status";

/// The directory with `postgres`, `initdb` and `psql`: Debian's highest version, else the first on
/// `PATH`.
#[must_use]
pub fn bin_dir() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir(DEBIAN)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse().ok()?,
                entry.path().join("bin"),
            ))
        })
        .filter(|(_, bin)| is_complete(bin))
        .collect();
    versions.sort();
    if let Some((_, newest)) = versions.pop() {
        return Some(newest);
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).find(|bin| is_complete(bin))
}

/// Prints, for Cargo, whether this crate's code sees `cfg(have_postgres)`, and when to ask again.
pub fn announce() {
    println!("cargo::rustc-check-cfg=cfg(have_postgres)");
    let found = bin_dir();
    if let Some(bin) = &found {
        println!("cargo::rustc-cfg=have_postgres");
        println!("cargo::rerun-if-changed={}", bin.join("postgres").display());
    } else if Path::new(INSTALLED_PACKAGES).exists() {
        println!("cargo::rerun-if-changed={INSTALLED_PACKAGES}");
    } else {
        // Cargo asks again on every build while this does not exist.
        println!("cargo::rerun-if-changed={DEBIAN}");
    }
    if found.is_none_or(|bin| !bin.starts_with(DEBIAN)) {
        println!("cargo::rerun-if-env-changed=PATH");
    }
}

fn is_complete(bin: &Path) -> bool {
    ["postgres", "initdb", "psql"]
        .iter()
        .all(|program| bin.join(program).is_file())
}
