use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::{Exercises, Rest};

/// What somebody did on which day: which exercises, each of which counts once a day, or whether a test.
///
/// It holds one byte a day from its first day on, and as text one character: so a whole year of a
/// club of 500 is read and added up in a blink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diary<M = Exercises> {
    /// Meaningless while there are no marks.
    first: Date,
    /// Neither the first nor the last is none.
    marks: Vec<M>,
}

/// What a diary says of one day. By itself: nothing.
pub trait Mark: Copy + Default + Eq {
    /// As a number below 32.
    fn bits(self) -> u8;

    /// The mark of such a number.
    fn from_bits(bits: u8) -> Option<Self>;

    /// What two say together.
    #[must_use]
    fn and(self, other: Self) -> Self;
}

impl Mark for Exercises {
    fn bits(self) -> u8 {
        Self::bits(self)
    }

    fn from_bits(bits: u8) -> Option<Self> {
        Self::from_bits(bits)
    }

    fn and(self, other: Self) -> Self {
        Self::and(self, other)
    }
}

/// Whether there was a test that counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tested(pub bool);

impl Mark for Tested {
    fn bits(self) -> u8 {
        u8::from(self.0)
    }

    fn from_bits(bits: u8) -> Option<Self> {
        (bits < 2).then_some(Self(bits == 1))
    }

    fn and(self, other: Self) -> Self {
        Self(self.0 || other.0)
    }
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

impl<M> Default for Diary<M> {
    fn default() -> Self {
        Self {
            first: Date::default(),
            marks: Vec::new(),
        }
    }
}

impl<M: Mark> Diary<M> {
    /// Reads what [`Diary::text`] wrote, from its first day on.
    ///
    /// # Errors
    ///
    /// [`DiaryError`] for any other text.
    pub fn read(first: Date, text: &str) -> Result<Self, DiaryError> {
        let mark = |byte: u8| match byte {
            b'0'..=b'9' => M::from_bits(byte - b'0'),
            b'a'..=b'v' => M::from_bits(byte - b'a' + 10),
            _ => None,
        };
        let marks: Option<Vec<_>> = text.bytes().map(mark).collect();
        let mut diary = Self {
            first,
            marks: marks.ok_or(DiaryError)?,
        };
        diary.day(diary.marks.len()).ok_or(DiaryError)?;
        diary.trim();
        Ok(diary)
    }

    /// Its first day, and a character for each day from there to its last; none if it is empty.
    #[must_use]
    pub fn text(&self) -> Option<(Date, String)> {
        let character = |done: &M| char::from(ALPHABET[usize::from(done.bits())]);
        let text = self.marks.iter().map(character).collect();
        (!self.is_empty()).then_some((self.first, text))
    }

    /// What was done on a day.
    #[must_use]
    pub fn on(&self, day: Date) -> M {
        let at = usize::try_from(self.offset(day)).ok();
        at.and_then(|at| self.marks.get(at).copied())
            .unwrap_or_default()
    }

    /// Writes down what was done on a day, in place of what stood there.
    pub fn set(&mut self, day: Date, done: M) {
        if self.is_empty() {
            self.first = day;
        }
        let before = usize::try_from(-self.offset(day)).unwrap_or(0);
        if before > 0 {
            let gap = std::iter::repeat_n(M::default(), before);
            self.marks.splice(0..0, gap);
            self.first = day;
        }
        let at = usize::try_from(self.offset(day)).unwrap_or(0);
        if at >= self.marks.len() {
            self.marks.resize(at + 1, M::default());
        }
        self.marks[at] = done;
        self.trim();
    }

    /// Whether nothing was ever done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// The days with anything, earliest first.
    pub fn days(&self) -> impl Iterator<Item = Date> {
        let marks = self.marks.iter().enumerate();
        marks
            .filter(|(_, done)| !is_none(*done))
            .filter_map(|(at, _)| self.day(at))
    }

    /// On how many of the days from `first` to `last`, both included, there is anything.
    #[must_use]
    pub fn days_between(&self, first: Date, last: Date) -> u32 {
        let with_any = self
            .between(first, last)
            .iter()
            .filter(|day| !is_none(*day));
        u32::try_from(with_any.count()).unwrap_or(u32::MAX)
    }

    /// Leaves out what was done on days on which nothing was asked.
    pub fn leave_out(&mut self, rests: &[Rest]) {
        for rest in rests {
            let last = rest.last.unwrap_or(Date::MAX);
            let (from, to) = self.range(rest.first, last);
            if let Some(marks) = self.marks.get_mut(from..to) {
                marks.fill(M::default());
            }
        }
        self.trim();
    }

    /// Adds what somebody wrote who keeps two diaries, one for each of two accounts.
    pub fn merge(&mut self, other: &Self) {
        for day in other.days() {
            self.set(day, self.on(day).and(other.on(day)));
        }
    }

    fn between(&self, first: Date, last: Date) -> &[M] {
        let (from, to) = self.range(first, last);
        self.marks.get(from..to).unwrap_or_default()
    }

    /// Where the marks of some days stand; beyond its end, or before its beginning, there are none.
    fn range(&self, first: Date, last: Date) -> (usize, usize) {
        let (from, to) = (self.offset(first), self.offset(last));
        let from = usize::try_from(from).unwrap_or(0);
        let to = usize::try_from(to + 1).unwrap_or(0);
        (from, to.min(self.marks.len()))
    }

    fn offset(&self, day: Date) -> i64 {
        day.duration_since(self.first).as_hours() / 24
    }

    fn day(&self, offset: usize) -> Option<Date> {
        let offset = i64::try_from(offset).ok()?;
        self.first
            .checked_add(Span::new().try_days(offset).ok()?)
            .ok()
    }

    fn trim(&mut self) {
        let kept = self.marks.iter().rposition(|done| !is_none(done));
        self.marks.truncate(kept.map_or(0, |last| last + 1));
        let lead = self.marks.iter().take_while(|done| is_none(*done)).count();
        if lead > 0 {
            self.first = self.day(lead).unwrap_or(self.first);
            self.marks.drain(..lead);
        }
        if self.marks.is_empty() {
            self.first = Date::default();
        }
    }
}

impl Diary {
    /// What the days from `first` to `last` add up to, both included.
    #[must_use]
    pub fn tally(&self, first: Date, last: Date) -> Tally {
        self.between(first, last)
            .iter()
            .fold(Tally::default(), |tally, done| Tally {
                check_ins: tally.check_ins + done.len(),
                days: tally.days + u32::from(!done.is_empty()),
            })
    }

    /// How many of them checked in in the week before a Monday, and how often all together.
    pub fn together_before<'a>(
        monday: Date,
        diaries: impl IntoIterator<Item = &'a Self>,
    ) -> (u32, u32) {
        let (first, last) = (
            monday.saturating_sub(7.days()),
            monday.saturating_sub(1.day()),
        );
        diaries
            .into_iter()
            .map(|diary| diary.tally(first, last).check_ins)
            .filter(|count| *count > 0)
            .fold((0, 0), |(people, all), count| (people + 1, all + count))
    }

    /// Its first day and its marks up to a day, that day included.
    pub(super) fn until(&self, last: Date) -> Option<(Date, &[Exercises])> {
        let end = usize::try_from(self.offset(last) + 1).unwrap_or(0);
        let marks = &self.marks[..end.min(self.marks.len())];
        (!marks.is_empty()).then_some((self.first, marks))
    }
}

fn is_none<M: Mark>(mark: &M) -> bool {
    *mark == M::default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::Exercise;
    use jiff::ToSpan;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn diary() -> impl Strategy<Value = Diary> {
        prop::collection::vec((0_i64..900, 1_u8..32), 0..60).prop_map(|days| {
            let mut diary = Diary::default();
            for (day, bits) in days {
                let day = date(2024, 1, 1).saturating_add(day.days());
                diary.set(day, Exercises::from_bits(bits).unwrap());
            }
            diary
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
        fn what_is_written_down_stands_there_and_nothing_else_moves(
            diary in diary(), at in 0_i64..1_000, bits in 0_u8..32, other in 0_i64..1_000,
        ) {
            let day = |at: i64| date(2023, 12, 1).saturating_add(at.days());
            let mut after = diary.clone();
            let done = Exercises::from_bits(bits).unwrap();
            after.set(day(at), done);
            prop_assert_eq!(after.on(day(at)), done);
            if other != at {
                prop_assert_eq!(after.on(day(other)), diary.on(day(other)));
            }
            prop_assert_eq!(after.days().all(|day| !after.on(day).is_empty()), true);
            after.set(day(at), diary.on(day(at)));
            prop_assert_eq!(after, diary);
        }

        #[test]
        fn days_that_are_left_out_count_for_nothing_and_no_other_day_changes(
            diary in diary(), from in -20_i64..900, days in 0_i64..400, open in any::<bool>(),
        ) {
            let first = date(2024, 1, 1).saturating_add(from.days());
            let end = first.saturating_add(days.days());
            let rest = Rest { first, last: (!open).then_some(end) };
            let mut left = diary.clone();
            left.leave_out(&[rest]);
            let is_out = |day: Date| day >= first && (open || day <= end);
            let days: Vec<_> = diary.days().filter(|day| !is_out(*day)).collect();
            prop_assert_eq!(left.days().collect::<Vec<_>>(), days.clone());
            prop_assert!(days.iter().all(|day| left.on(*day) == diary.on(*day)));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in any::<String>()) {
            let _ = Diary::<Exercises>::read(date(2026, 11, 24), &text);
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
        assert_eq!(
            Diary::<Exercises>::read(date(2026, 11, 24), "x"),
            Err(DiaryError)
        );
        assert_eq!(
            Diary::<Tested>::read(date(2026, 11, 24), "2"),
            Err(DiaryError)
        );
    }
}
