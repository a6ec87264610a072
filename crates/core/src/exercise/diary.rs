use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::Exercises;

/// Which exercises somebody did on which day. An exercise counts once a day.
///
/// Written as text it has one character a day from its first day on, so that a whole year of a club
/// of 500 is read in a blink.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diary {
    days: BTreeMap<Date, Exercises>,
}

/// A text that is no diary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no diary")]
pub struct DiaryError;

/// What a stretch of days adds up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Check-ins: each exercise of each day.
    pub check_ins: u32,
    /// Days with any.
    pub days: u32,
}

/// One character for each combination of five exercises.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";

impl Diary {
    /// Reads what [`Diary::text`] wrote, from its first day on.
    ///
    /// # Errors
    ///
    /// [`DiaryError`] for any other text.
    pub fn read(first: Date, text: &str) -> Result<Self, DiaryError> {
        let mut days = BTreeMap::new();
        for (offset, byte) in text.bytes().enumerate() {
            let bits = ALPHABET.iter().position(|b| *b == byte).ok_or(DiaryError)?;
            let bits = u8::try_from(bits).map_err(|_| DiaryError)?;
            let done = Exercises::from_bits(bits).ok_or(DiaryError)?;
            if !done.is_empty() {
                let offset = i64::try_from(offset).map_err(|_| DiaryError)?;
                let day = first.checked_add(offset.days()).map_err(|_| DiaryError)?;
                days.insert(day, done);
            }
        }
        Ok(Self { days })
    }

    /// Its first day, and a character for each day from there to its last; none if it is empty.
    #[must_use]
    pub fn text(&self) -> Option<(Date, String)> {
        let (first, _) = self.days.first_key_value()?;
        let mut text = String::new();
        let mut day = *first;
        for (at, done) in &self.days {
            while day < *at {
                text.push('0');
                day = day.saturating_add(1.days());
            }
            text.push(char::from(ALPHABET[usize::from(done.bits())]));
            day = day.saturating_add(1.days());
        }
        Some((*first, text))
    }

    /// What was done on a day.
    #[must_use]
    pub fn on(&self, day: Date) -> Exercises {
        self.days.get(&day).copied().unwrap_or_default()
    }

    /// Writes down what was done on a day, in place of what stood there.
    pub fn set(&mut self, day: Date, done: Exercises) {
        if done.is_empty() {
            self.days.remove(&day);
        } else {
            self.days.insert(day, done);
        }
    }

    /// Whether nothing was ever done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// The days with anything, earliest first.
    #[must_use]
    pub fn days(&self) -> impl DoubleEndedIterator<Item = Date> {
        self.days.keys().copied()
    }

    /// What the days from `first` to `last` add up to, both included.
    #[must_use]
    pub fn tally(&self, first: Date, last: Date) -> Tally {
        if last < first {
            return Tally::default();
        }
        let days = self.days.range(first..=last);
        days.fold(Tally::default(), |tally, (_, done)| Tally {
            check_ins: tally.check_ins + done.len(),
            days: tally.days + 1,
        })
    }

    /// What somebody did who keeps two diaries, one for each of two accounts.
    pub fn merge(&mut self, other: &Self) {
        for (day, done) in &other.days {
            self.set(*day, self.on(*day).and(*done));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::Exercise;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn diary() -> impl Strategy<Value = Diary> {
        prop::collection::btree_map(0_i64..900, 1_u8..32, 0..60).prop_map(|days| Diary {
            days: days
                .into_iter()
                .map(|(day, bits)| {
                    let day = date(2024, 1, 1).saturating_add(day.days());
                    (day, Exercises::from_bits(bits).unwrap())
                })
                .collect(),
        })
    }

    proptest! {
        #[test]
        fn a_diary_comes_back_as_it_was_written(diary in diary()) {
            match diary.text() {
                Some((first, text)) => prop_assert_eq!(Diary::read(first, &text), Ok(diary)),
                None => prop_assert!(diary.is_empty()),
            }
        }

        #[test]
        fn the_parts_of_a_time_add_up_to_the_whole(diary in diary(), cut in 0_i64..900) {
            let (first, last) = (date(2024, 1, 1), date(2027, 1, 1));
            let cut = first.saturating_add(cut.days());
            let (a, b) = (diary.tally(first, cut), diary.tally(cut.tomorrow().unwrap(), last));
            let whole = diary.tally(first, last);
            prop_assert_eq!(a.check_ins + b.check_ins, whole.check_ins);
            prop_assert_eq!(a.days + b.days, whole.days);
            prop_assert!(whole.days <= whole.check_ins && whole.check_ins <= 5 * whole.days);
        }

        #[test]
        fn the_same_exercise_on_two_accounts_counts_once(diary in diary()) {
            let mut twice = diary.clone();
            twice.merge(&diary);
            prop_assert_eq!(twice, diary);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in any::<String>()) {
            let _ = Diary::read(date(2026, 11, 24), &text);
        }
    }

    #[test]
    fn a_day_before_the_first_can_still_be_written_down() {
        let mut diary = Diary::default();
        let raise = Exercises::NONE.with(Exercise::CalfRaise);
        diary.set(date(2026, 11, 24), raise);
        diary.set(date(2026, 11, 22), raise.with(Exercise::CalfStretch));
        assert_eq!(diary.text(), Some((date(2026, 11, 22), "602".to_owned())));
        diary.set(date(2026, 11, 22), Exercises::NONE);
        assert_eq!(diary.text(), Some((date(2026, 11, 24), "2".to_owned())));
        assert_eq!(Diary::read(date(2026, 11, 24), "x"), Err(DiaryError));
    }
}
