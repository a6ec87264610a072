//! Sets `have_postgres` for the stories.

#[path = "../crates/scratch-postgres/src/build.rs"]
pub mod postgres;

fn main() {
    postgres::announce();
}
