use serde::{Deserialize, Serialize};
use winnow::ascii::digit1;
use winnow::combinator::{alt, opt, preceded};
use winnow::prelude::*;
use winnow::token::{one_of, take_while};

/// A unit of length that a tape measure shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Centimetres.
    Cm,
    /// Millimetres.
    Mm,
    /// Inches of 2.54 cm.
    In,
}

impl Unit {
    /// Tenths of a millimetre in one of it.
    #[must_use]
    pub const fn dmm(self) -> u32 {
        match self {
            Self::Cm => 100,
            Self::Mm => 10,
            Self::In => 254,
        }
    }

    /// How it is written behind a number, and in the database.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Cm => "cm",
            Self::Mm => "mm",
            Self::In => "in",
        }
    }

    /// The unit that a word or sign names, in any case and any language we speak.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word.to_lowercase().as_str() {
            "cm" | "cms" | "centimeter" | "centimeters" | "centimetre" | "centimetres"
            | "zentimeter" | "centímetros" | "centimetros" => Some(Self::Cm),
            "mm" | "mms" | "millimeter" | "millimeters" | "millimetre" | "millimetres"
            | "milímetros" | "milimetros" => Some(Self::Mm),
            "in" | "inch" | "inches" | "zoll" | "pulgada" | "pulgadas" | "\"" | "″" | "”" | "“"
            | "''" | "′′" | "’’" => Some(Self::In),
            _ => None,
        }
    }
}

/// A number as it was typed, exactly: a fraction of whole numbers, and its sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    negative: bool,
    numerator: u64,
    denominator: u64,
}

/// More digits than this on either side of the point are no measurement of an ankle.
const MAX_DIGITS: usize = 6;

impl Amount {
    /// Whether it is below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.negative && self.numerator > 0
    }

    /// Numerator and denominator of its absolute value in tenths of a millimetre.
    pub(super) fn dmm_fraction(self, unit: Unit) -> (u128, u128) {
        let numerator = u128::from(self.numerator) * u128::from(unit.dmm());
        (numerator, u128::from(self.denominator))
    }

    /// Its absolute value in tenths of a millimetre, half rounded up.
    #[must_use]
    pub fn dmm(self, unit: Unit) -> i64 {
        let (numerator, denominator) = self.dmm_fraction(unit);
        round_half_up(numerator, denominator)
    }
}

/// The quotient of two numbers, half rounded up.
pub(super) fn round_half_up(numerator: u128, denominator: u128) -> i64 {
    let rounded = (2 * numerator + denominator) / (2 * denominator);
    i64::try_from(rounded).unwrap_or(i64::MAX)
}

/// Reads `9`, `9.5`, `9,5`, `.5`, `-1`, `3 1/2`, `3-1/2`, `3½`, `½` from the front of `input`.
///
/// Fails without having taken anything that matters: the caller starts again from where it was.
pub(super) fn amount(input: &mut &str) -> winnow::Result<Amount> {
    let negative = opt(one_of(['-', '−', '–', '+'])).parse_next(input)?;
    let absolute = alt((mixed, fraction, decimal)).parse_next(input)?;
    Ok(Amount {
        negative: negative.is_some_and(|sign| sign != '+'),
        ..absolute
    })
}

/// A whole number with a fraction behind it: `3 1/2`, `3-1/2`, `3½`, `3 ½`.
fn mixed(input: &mut &str) -> winnow::Result<Amount> {
    let whole = whole(input)?;
    let gap = take_while(0.., |c: char| c.is_whitespace() || c == '-').parse_next(input)?;
    let part = if gap.is_empty() {
        vulgar(input)?
    } else {
        fraction(input)?
    };
    Ok(Amount {
        numerator: whole * part.denominator + part.numerator,
        ..part
    })
}

fn fraction(input: &mut &str) -> winnow::Result<Amount> {
    alt((vulgar, slashed)).parse_next(input)
}

/// `1/2` to `31/32`: what a tape in inches shows. Anything else with a slash (`12/10`) is two
/// numbers.
fn slashed(input: &mut &str) -> winnow::Result<Amount> {
    let parts = (whole, one_of(['/', '⁄']), whole).parse_next(input)?;
    let (numerator, _, denominator) = parts;
    let on_a_tape =
        numerator > 0 && numerator < denominator && matches!(denominator, 2 | 3 | 4 | 8 | 16 | 32);
    if !on_a_tape || input.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(winnow::error::ContextError::new());
    }
    Ok(positive(numerator, denominator))
}

fn vulgar(input: &mut &str) -> winnow::Result<Amount> {
    one_of(['½', '⅓', '⅔', '¼', '¾', '⅛', '⅜', '⅝', '⅞'])
        .map(|sign| match sign {
            '½' => positive(1, 2),
            '⅓' => positive(1, 3),
            '⅔' => positive(2, 3),
            '¼' => positive(1, 4),
            '¾' => positive(3, 4),
            '⅛' => positive(1, 8),
            '⅜' => positive(3, 8),
            '⅝' => positive(5, 8),
            _ => positive(7, 8),
        })
        .parse_next(input)
}

fn decimal(input: &mut &str) -> winnow::Result<Amount> {
    let whole_part = opt(digit1).parse_next(input)?;
    let point = opt(preceded(one_of(['.', ',']), digit1)).parse_next(input)?;
    let (whole_part, decimals): (&str, &str) = match (whole_part, point) {
        (None, None) => return Err(winnow::error::ContextError::new()),
        (whole, decimals) => (whole.unwrap_or("0"), decimals.unwrap_or("")),
    };
    if whole_part.len() > MAX_DIGITS || decimals.len() > MAX_DIGITS {
        return Err(winnow::error::ContextError::new());
    }
    let mut amount = positive(0, 1);
    for digit in whole_part.bytes().chain(decimals.bytes()) {
        amount.numerator = amount.numerator * 10 + u64::from(digit - b'0');
    }
    for _ in decimals.bytes() {
        amount.denominator *= 10;
    }
    Ok(amount)
}

fn whole(input: &mut &str) -> winnow::Result<u64> {
    digit1
        .verify(|digits: &str| digits.len() <= MAX_DIGITS)
        .parse_to()
        .parse_next(input)
}

const fn positive(numerator: u64, denominator: u64) -> Amount {
    Amount {
        negative: false,
        numerator,
        denominator,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, unit: Unit, dmm: i64, rest: &str) {
        let mut input = typed;
        let read = amount(&mut input).unwrap_or_else(|_| panic!("{typed} was not read"));
        assert_eq!(read.dmm(unit), dmm, "{typed}");
        assert_eq!(input, rest, "{typed}");
    }

    #[test]
    fn numbers_are_read_exactly_and_rounded_once() {
        check("9", Unit::Cm, 900, "");
        check("9,5cm", Unit::Cm, 950, "cm");
        check("95", Unit::Mm, 950, "");
        check("3.5", Unit::In, 889, "");
        check("3½\"", Unit::In, 889, "\"");
        check("3 1/2 in", Unit::In, 889, " in");
        check("3-1/2\"", Unit::In, 889, "\"");
        check("3 ½", Unit::In, 889, "");
        check("½", Unit::In, 127, "");
        check(".5", Unit::In, 127, "");
        check("1/2", Unit::In, 127, "");
        check("9.005", Unit::Cm, 901, "");
        check("9.00499", Unit::Cm, 900, "");
        check("1/3", Unit::In, 85, "");
    }

    #[test]
    fn a_slash_that_no_tape_shows_parts_two_numbers() {
        check("12/10", Unit::Cm, 1_200, "/10");
        check("9/10", Unit::Cm, 900, "/10");
        check("2/2", Unit::Cm, 200, "/2");
    }

    #[test]
    fn a_minus_is_kept() {
        let mut input = "-1cm";
        assert!(amount(&mut input).unwrap().is_negative());
        let mut input = "-0";
        assert!(!amount(&mut input).unwrap().is_negative());
    }

    #[test]
    fn endless_digits_are_not_a_measurement() {
        let digits = "9".repeat(4_000);
        assert!(amount(&mut digits.as_str()).is_err());
        assert!(amount(&mut "0.0000001").is_err());
    }
}
