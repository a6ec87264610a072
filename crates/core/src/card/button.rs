use serde::{Deserialize, Serialize};

/// The longest a button may be on the wire: what the narrowest platform carries.
pub const MAX_WIRE_BYTES: usize = 64;

/// The owner's number takes at most 13 digits of base 36, and the bar one byte.
const MAX_LINE_BYTES: usize = MAX_WIRE_BYTES - 14;

/// A button: pressing it is the same as saying its line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// What is written on it.
    pub label: String,
    line: String,
    /// Who may press it.
    #[serde(default, skip_serializing_if = "Whose::is_asker")]
    pub whose: Whose,
    /// It makes sense in a room only: on a copy of the card elsewhere it is left out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_room: bool,
}

/// Who may press a button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Whose {
    /// Everybody who sees it.
    Anyone,
    /// Who asked for the card.
    #[default]
    Asker,
}

impl Whose {
    #[allow(clippy::trivially_copy_pass_by_ref)] // as serde calls it
    const fn is_asker(&self) -> bool {
        matches!(self, Self::Asker)
    }
}

/// Bytes that are no button of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no button of ours")]
pub struct ForeignPress;

impl Button {
    /// A button for who asked, or `None` if the line is too long to travel.
    #[must_use]
    pub fn for_asker(label: impl Into<String>, line: impl Into<String>) -> Option<Self> {
        Self::new(label.into(), line.into(), Whose::Asker)
    }

    /// A button for everybody, or `None` if the line is too long to travel.
    #[must_use]
    pub fn for_anyone(label: impl Into<String>, line: impl Into<String>) -> Option<Self> {
        Self::new(label.into(), line.into(), Whose::Anyone)
    }

    fn new(label: String, line: String, whose: Whose) -> Option<Self> {
        (line.len() <= MAX_LINE_BYTES).then_some(Self {
            label,
            line,
            whose,
            needs_room: false,
        })
    }

    /// The same button, for rooms only.
    #[must_use]
    pub fn in_rooms_only(mut self) -> Self {
        self.needs_room = true;
        self
    }

    /// The command line that it says.
    #[must_use]
    pub fn line(&self) -> &str {
        &self.line
    }

    /// How it travels: the asker's number in base 36 or `-`, a bar, and the line. Where the asker
    /// has no number yet, anybody may press: a line acts on who presses, and on nobody else.
    #[must_use]
    pub fn wire(&self, asker: Option<i64>) -> String {
        let owner = match (self.whose, asker) {
            (Whose::Asker, Some(asker)) => base36(asker.unsigned_abs()),
            _ => "-".to_owned(),
        };
        format!("{owner}|{}", self.line)
    }
}

/// Reads what a press brought back: whose button it was (`None`: everybody's), and its line.
///
/// # Errors
///
/// [`ForeignPress`] for anything that [`Button::wire`] does not write. A forged one passes if it is
/// well-formed: whoever handles the line checks the rights of who pressed.
pub fn read_wire(wire: &str) -> Result<(Option<i64>, &str), ForeignPress> {
    let (owner, line) = wire.split_once('|').ok_or(ForeignPress)?;
    if line.is_empty() || wire.len() > MAX_WIRE_BYTES {
        return Err(ForeignPress);
    }
    if owner == "-" {
        return Ok((None, line));
    }
    let is_base36 = owner
        .bytes()
        .all(|b| b.is_ascii_digit() || b.is_ascii_lowercase());
    match i64::from_str_radix(owner, 36) {
        Ok(owner) if is_base36 => Ok((Some(owner), line)),
        _ => Err(ForeignPress),
    }
}

fn base36(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit((number % 36) as u32, 36).unwrap_or('0'));
        number /= 36;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_button_comes_back_as_it_left(owner in 0..i64::MAX, line in "[a-z0-9:, -]{1,50}") {
            let button = Button::for_asker("x", line.clone()).unwrap();
            let wire = button.wire(Some(owner));
            prop_assert!(wire.len() <= MAX_WIRE_BYTES);
            prop_assert_eq!(read_wire(&wire), Ok((Some(owner), line.as_str())));
        }

        #[test]
        fn no_bytes_make_the_reader_panic(wire in any::<String>()) {
            let _ = read_wire(&wire);
        }
    }

    #[test]
    fn what_is_not_ours_is_refused() {
        for foreign in ["", "|", "x", "-|", "ZZ|undo", "-5|undo", "é|undo", "1f|"] {
            assert_eq!(read_wire(foreign), Err(ForeignPress), "{foreign}");
        }
        assert_eq!(read_wire("-|help"), Ok((None, "help")));
    }

    #[test]
    fn a_line_that_is_too_long_makes_no_button() {
        assert!(Button::for_asker("x", "y".repeat(50)).is_some());
        assert!(Button::for_asker("x", "y".repeat(51)).is_none());
    }
}
