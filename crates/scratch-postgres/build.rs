//! Says whether PostgreSQL is there to test with: once, and for the whole workspace.

#[path = "src/build.rs"]
pub mod build;

fn main() {
    build::announce();
    if build::bin_dir().is_some() {
        return;
    }
    println!("cargo::rerun-if-env-changed=CI");
    let ci = std::env::var("CI").unwrap_or_default();
    if ci.is_empty() || ci == "false" {
        println!(
            "cargo::warning=PostgreSQL is not installed: the tests that need it are ignored. \
             To run them: apt-get install postgresql"
        );
    } else {
        println!(
            "cargo::error=PostgreSQL is not installed, and under CI no test may be left out. \
             Install it: apt-get install postgresql"
        );
    }
}
