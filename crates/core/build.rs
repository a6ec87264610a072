//! Rebuilds when a migration or a language changes, and sets `have_postgres` for the tests.

#[path = "../scratch-postgres/src/build.rs"]
pub mod postgres;

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
    println!("cargo:rerun-if-changed=../../locales");
    postgres::announce();
}
