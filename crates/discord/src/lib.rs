//! The Discord face of anklebot. So far: the tree of slash commands, computed from the grammar.

mod tree;

pub use tree::{Usage, registration, usage};
