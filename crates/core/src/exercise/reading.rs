use std::str::FromStr;

use super::{Exercise, Exercises};

/// More sets than anybody does in a day.
const MOST_SETS: u8 = 20;

/// What somebody says he did: exercises, and of how many sets if he says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoneReading {
    /// The exercises; never none.
    pub exercises: Exercises,
    /// Sets of each.
    pub sets: Option<u8>,
}

/// A text that names no exercise.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is no exercise")]
pub struct ExerciseReadError {
    /// The first word that is none.
    pub word: String,
}

/// Reads `calf-raise`, `calf-raise,calf-stretch`, `raises and stretch`, `calf raise 3x15`,
/// `2 sets stretch`, `both`, `warmup`, `all`.
impl FromStr for DoneReading {
    type Err = ExerciseReadError;

    fn from_str(typed: &str) -> Result<Self, ExerciseReadError> {
        let text = typed.to_lowercase().replace(['_', '-'], " ");
        let text = text.replace('×', "x").replace(" x ", "x");
        let words = text
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | '+' | '&' | ';' | '/'))
            .filter(|word| !word.is_empty());
        let mut exercises = Exercises::NONE;
        let mut sets = None;
        for word in words {
            let unknown = || ExerciseReadError {
                word: word.to_owned(),
            };
            match word {
                "and" | "set" | "sets" | "calf" | "ankle" | "foam" => {}
                _ if word.starts_with(|c: char| c.is_ascii_digit()) => {
                    sets = Some(read_sets(word).ok_or_else(unknown)?);
                }
                _ => exercises = exercises.and(named(word).ok_or_else(unknown)?),
            }
        }
        if exercises.is_empty() {
            let word = typed.trim().to_owned();
            return Err(ExerciseReadError { word });
        }
        Ok(Self { exercises, sets })
    }
}

/// A number of sets: `3`, `3x`, `3x15`.
fn read_sets(word: &str) -> Option<u8> {
    let (sets, times) = word.split_once('x').unwrap_or((word, ""));
    if !times.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    sets.parse()
        .ok()
        .filter(|sets| (1..=MOST_SETS).contains(sets))
}

fn named(word: &str) -> Option<Exercises> {
    let one = |exercise| Some(Exercises::NONE.with(exercise));
    match word {
        "circle" | "circles" => one(Exercise::AnkleCircles),
        "raise" | "raises" => one(Exercise::CalfRaise),
        "stretch" | "stretches" | "stretching" => one(Exercise::CalfStretch),
        "bound" | "bounds" | "bounding" => one(Exercise::Bound),
        "roll" | "rolling" | "roller" => one(Exercise::FoamRoll),
        "both" => Some(
            Exercises::NONE
                .with(Exercise::CalfStretch)
                .with(Exercise::CalfRaise),
        ),
        "warmup" => Some(
            Exercises::NONE
                .with(Exercise::AnkleCircles)
                .with(Exercise::Bound),
        ),
        "all" => Some(Exercise::ALL.into_iter().collect()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(typed: &str) -> String {
        match typed.parse::<DoneReading>() {
            Ok(DoneReading { exercises, sets }) => {
                let sets = sets.map_or(String::new(), |sets| format!(" x{sets}"));
                format!("{}{sets}", exercises.words())
            }
            Err(error) => format!("? {}", error.word),
        }
    }

    #[test]
    fn exercises_are_read_as_people_type_them() {
        assert_eq!(read("calf-raise"), "calf-raise");
        assert_eq!(read("Calf Raises"), "calf-raise");
        assert_eq!(read("calf-raise,calf-stretch"), "calf-stretch,calf-raise");
        assert_eq!(read("stretch + raises"), "calf-stretch,calf-raise");
        assert_eq!(read("both"), "calf-stretch,calf-raise");
        assert_eq!(read("calf raise 3x15"), "calf-raise x3");
        assert_eq!(read("calf raise 3 × 15"), "calf-raise x3");
        assert_eq!(read("2 sets stretch"), "calf-stretch x2");
        assert_eq!(read("warmup"), "ankle-circles,bound");
        assert_eq!(read("foam-roll circles"), "ankle-circles,foam-roll");
        for one in Exercise::ALL {
            assert_eq!(read(one.word()), one.word());
            assert_eq!(read(one.short()), one.word());
        }
    }

    #[test]
    fn what_is_no_exercise_is_named() {
        assert_eq!(read("pushups"), "? pushups");
        assert_eq!(read("calf"), "? calf");
        assert_eq!(read(""), "? ");
        assert_eq!(read("raise 0"), "? 0");
        assert_eq!(read("raise 400"), "? 400");
        assert_eq!(read("raise 3xx"), "? 3xx");
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in any::<String>()) {
            let _ = read(&text);
        }

        #[test]
        fn what_is_read_is_never_nothing(text in "(calf|raise|3x15|,| |sets|both|9){0,8}") {
            if let Ok(reading) = text.parse::<DoneReading>() {
                prop_assert!(!reading.exercises.is_empty());
            }
        }
    }
}
