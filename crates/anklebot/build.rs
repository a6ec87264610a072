//! Sets `have_postgres` for the tests.

#[path = "../scratch-postgres/src/build.rs"]
pub mod postgres;

fn main() {
    postgres::announce();
}
