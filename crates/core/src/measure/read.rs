use std::str::FromStr;

use winnow::Parser;

use super::number::amount;
use super::{Amount, Leg, LungeReading, MAX_TRIES, Side, SideReading, State, Unit};

/// Why a line of numbers could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// A word that means nothing here.
    #[error("the word {word:?} means nothing here")]
    Unreadable {
        /// The word, as typed.
        word: String,
    },
    /// Not one number in it.
    #[error("there is no number in it")]
    NoNumber,
    /// Numbers and sides that do not pair up.
    #[error("it is not clear which number belongs to which leg")]
    WhichLeg,
    /// More than three tries of a leg.
    #[error("more than three tries of one leg")]
    TooManyTries,
}

/// Reads every form in which runners type a knee-to-wall test: `9`, `9,5cm`, `95mm`, `3 1/2"`,
/// `left 9 right 10.5`, `L9 9.4 9.2 R10,5 warm`, `9cm left`, `both 9`, `6cm sharp pain heel`.
impl FromStr for LungeReading {
    type Err = ReadError;

    fn from_str(text: &str) -> Result<Self, ReadError> {
        let mut line = Line::default();
        let mut rest = text.trim_start_matches(is_filler);
        while !rest.is_empty() {
            rest = line.take(text, rest)?.trim_start_matches(is_filler);
        }
        line.finish()
    }
}

/// What has been read so far.
#[derive(Default)]
struct Line<'a> {
    items: Vec<Item<'a>>,
    state: Option<State>,
    hurts: bool,
    denied: bool,
}

#[derive(Clone, Copy)]
enum Item<'a> {
    Number(Amount, Option<Unit>, &'a str),
    Side(SideReading),
}

impl<'a> Line<'a> {
    /// Takes one item off the front of `rest` and returns what is left.
    fn take(&mut self, text: &'a str, rest: &'a str) -> Result<&'a str, ReadError> {
        let mut input = rest;
        if let Ok(amount) = amount.parse_next(&mut input) {
            let typed = &rest[..rest.len() - input.len()];
            let glued = input.starts_with(|c: char| c.is_ascii_digit() || c == '-')
                || second_point(typed, input)
                || input.trim_start_matches(['.', ',']).len() + 1 < input.len();
            if glued {
                return self.unreadable(text, rest);
            }
            let (unit, after) = unit(input);
            let typed_unit = &rest[..rest.len() - after.len()];
            let typed = if unit.is_some() { typed_unit } else { typed };
            self.items
                .push(Item::Number(amount, unit, typed.trim_end()));
            return Ok(after);
        }
        let end = rest
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if word.is_empty() {
            return self.unreadable(text, rest);
        }
        if let Some(side) = SideReading::from_word(word) {
            self.items.push(Item::Side(side));
        } else if let Some(state) = State::from_word(word) {
            self.state = Some(state);
        } else if is_denial(word) {
            self.denied = true;
            return Ok(after);
        } else if is_pain(word) {
            // A denial reaches over all of `no sharp pain`.
            self.hurts |= !self.denied;
            return Ok(after);
        } else if is_free(word) {
            self.hurts = false;
        } else if !is_small_word(word) {
            return self.unreadable(text, rest);
        }
        self.denied = false;
        Ok(after)
    }

    /// Once a line speaks of pain, the words around it are part of that sentence.
    fn unreadable(&mut self, text: &str, rest: &'a str) -> Result<&'a str, ReadError> {
        let at = text.len() - rest.len();
        let mut before = text[..at].char_indices().rev();
        let start = before
            .find(|(_, c)| c.is_whitespace())
            .map_or(0, |(space, c)| space + c.len_utf8());
        let word = text[start..]
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned();
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let is_a_word = !word.contains(|c: char| c.is_numeric());
        let speaks_of_pain = self.hurts || text.split_whitespace().any(is_pain);
        if speaks_of_pain && is_a_word {
            Ok(&rest[end..])
        } else {
            Err(ReadError::Unreadable { word })
        }
    }

    fn finish(self) -> Result<LungeReading, ReadError> {
        let named: Vec<_> = self.items.iter().filter_map(Item::side).collect();
        let legs = if named.is_empty() {
            vec![leg(None, self.items.iter())?]
        } else {
            sided(&self.items)?
        };
        Ok(LungeReading {
            legs,
            state: self.state,
            hurts: self.hurts,
        })
    }
}

impl Item<'_> {
    fn side(&self) -> Option<SideReading> {
        match self {
            Self::Side(side) => Some(*side),
            Self::Number(..) => None,
        }
    }
}

/// Numbers belong to the side before them, or, in a line that begins with a number, to the side
/// behind them.
fn sided(items: &[Item<'_>]) -> Result<Vec<Leg>, ReadError> {
    let side_leads = items.first().is_some_and(|item| item.side().is_some());
    let mut groups: Vec<(SideReading, Vec<Item<'_>>)> = Vec::new();
    let mut waiting = Vec::new();
    for item in items {
        match item {
            Item::Side(side) if side_leads => groups.push((*side, Vec::new())),
            Item::Side(side) => groups.push((*side, std::mem::take(&mut waiting))),
            Item::Number(..) if side_leads => {
                if let Some((_, numbers)) = groups.last_mut() {
                    numbers.push(*item);
                }
            }
            Item::Number(..) => waiting.push(*item),
        }
    }
    let both = groups.iter().any(|(side, _)| *side == SideReading::Both);
    let one_sided_nothing = groups.iter().any(|(_, numbers)| numbers.is_empty());
    let numberless = groups.iter().all(|(_, numbers)| numbers.is_empty());
    if numberless && waiting.is_empty() {
        return Err(ReadError::NoNumber);
    }
    if !waiting.is_empty() || one_sided_nothing || (both && groups.len() > 1) {
        return Err(ReadError::WhichLeg);
    }
    let mut legs = Vec::new();
    for side in [Side::Left, Side::Right] {
        let numbers: Vec<_> = groups
            .iter()
            .filter(|(reading, _)| reading.sides().contains(&side))
            .flat_map(|(_, numbers)| numbers)
            .collect();
        if !numbers.is_empty() {
            legs.push(leg(Some(side), numbers.into_iter())?);
        }
    }
    spread_units(&mut legs);
    Ok(legs)
}

fn leg<'a>(
    side: Option<Side>,
    items: impl Iterator<Item = &'a Item<'a>>,
) -> Result<Leg, ReadError> {
    let mut tries = Vec::new();
    let mut typed = Vec::new();
    for item in items {
        if let Item::Number(amount, unit, text) = item {
            tries.push((*amount, *unit));
            typed.push(*text);
        }
    }
    match tries.len() {
        0 => return Err(ReadError::NoNumber),
        1..=MAX_TRIES => {}
        _ => return Err(ReadError::TooManyTries),
    }
    let mut legs = [Leg {
        side,
        tries,
        // A comma keeps `3` and `1/2` two tries when it is read again.
        typed: typed.join(", "),
    }];
    spread_units(&mut legs);
    let [leg] = legs;
    Ok(leg)
}

/// A bare number takes the unit of the next number that has one, else of the one before it:
/// `3 3½ 4in` is all inches.
fn spread_units(legs: &mut [Leg]) {
    let mut units: Vec<&mut Option<Unit>> = legs
        .iter_mut()
        .flat_map(|leg| &mut leg.tries)
        .map(|(_, unit)| unit)
        .collect();
    let mut near = None;
    for unit in units.iter_mut().rev() {
        near = unit.or(near);
        **unit = near;
    }
    let mut near = None;
    for unit in units {
        near = unit.or(near);
        *unit = near;
    }
}

/// The unit at the front of `input`, perhaps after a space, and what follows it.
fn unit(input: &str) -> (Option<Unit>, &str) {
    let start = input.trim_start();
    let word_end = start
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(start.len());
    let sign_end = start
        .find(|c: char| !matches!(c, '"' | '″' | '”' | '“' | '\'' | '′' | '’'))
        .unwrap_or(start.len());
    let (word, after) = start.split_at(word_end.max(sign_end));
    match Unit::from_word(word) {
        Some(unit) => (Some(unit), after),
        None => (None, input),
    }
}

fn is_filler(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            ',' | ';' | ':' | '=' | '/' | '&' | '|' | '.' | '(' | ')' | '!'
        )
}

fn is_small_word(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "and"
            | "und"
            | "y"
            | "leg"
            | "legs"
            | "ankle"
            | "foot"
            | "side"
            | "bein"
            | "beine"
            | "fuß"
            | "fuss"
            | "seite"
            | "pierna"
            | "pie"
            | "about"
            | "ca"
            | "etwa"
    )
}

/// `9.4.2` is no number, and no two numbers either.
fn second_point(typed: &str, rest: &str) -> bool {
    let mut next = rest.chars();
    let point = next.next().filter(|c| matches!(c, '.' | ','));
    let digit = next.next().is_some_and(|c| c.is_ascii_digit());
    point.is_some_and(|point| digit && typed.contains(point))
}

/// `pain free`, `schmerzfrei`.
fn is_free(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "free" | "frei" | "painless" | "schmerzfrei"
    )
}

fn is_denial(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "no" | "not"
            | "never"
            | "didn"
            | "doesn"
            | "don"
            | "isn"
            | "wasn"
            | "nicht"
            | "nie"
            | "nichts"
            | "without"
            | "kein"
            | "keine"
            | "keinen"
            | "ohne"
            | "sin"
    )
}

fn is_pain(word: &str) -> bool {
    let word = word
        .trim_matches(|c: char| !c.is_alphabetic())
        .to_lowercase();
    matches!(
        word.as_str(),
        "pain"
            | "pains"
            | "painful"
            | "hurt"
            | "hurts"
            | "hurting"
            | "sore"
            | "sharp"
            | "ouch"
            | "schmerz"
            | "schmerzen"
            | "schmerzt"
            | "weh"
            | "aua"
            | "stechend"
            | "dolor"
            | "duele"
            | "doloroso"
    )
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
