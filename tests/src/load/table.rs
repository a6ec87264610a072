//! Figures in columns.

use std::fmt;

/// A table: a head, and under it rows with a name each. The names stand left, the figures right.
#[derive(Clone, Debug)]
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with only its head.
    pub(super) fn new(name: &str, columns: &[&str]) -> Self {
        let mut table = Self { rows: Vec::new() };
        table.row(name, columns.iter().map(|&column| column.to_owned()));
        table
    }

    /// One more row.
    pub(super) fn row(&mut self, name: &str, figures: impl IntoIterator<Item = String>) {
        let mut row = vec![name.to_owned()];
        row.extend(figures);
        self.rows.push(row);
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in &self.rows {
            for (column, cell) in row.iter().enumerate() {
                let width = self.width(column);
                match column {
                    0 => write!(f, "{cell:<width$}")?,
                    _ => write!(f, "  {cell:>width$}")?,
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_left_and_figures_right() {
        let mut table = Table::new("flat out", &["µs", "n"]);
        table.row("test", ["412".to_owned(), "20000".to_owned()]);
        let expected = "flat out   µs      n\ntest      412  20000\n";
        assert_eq!(table.to_string(), expected);
    }
}
