use clap::Args;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::calendar::{DayAheadError, DayReading};
use crate::command::Refusal;
use crate::command::context::{ClubContext, Context, Failure, Handle, HandleClub};
use crate::command::reading::break_days;
use crate::exercise::Rest;
use crate::face::{Answer, Audience, Outcome};
use crate::words::{BreakNews, break_card};

/// Gives the whole club a break, or takes it back; without days it tells what is planned.
#[derive(Clone, Debug, Args)]
pub struct Break {
    #[arg(long, value_parser = break_days)]
    days: Option<BreakDays>,
}

/// The days of a break, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakDays {
    /// None any more.
    None,
    /// From a day to a day, both included.
    Between(DayReading, DayReading),
}

/// A break can be planned this far ahead, in days.
const BREAK_AHEAD: i64 = 366;

/// Most breaks that are not over. A house rule.
pub const MOST_BREAKS: usize = 5;

impl Handle for Break {
    const AUDIENCE: Audience = Audience::Asker;

    fn reads_only(&self) -> bool {
        self.days.is_none()
    }

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        self.run_for_club(&mut context.of_club()).await
    }
}

impl HandleClub for Break {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        let club = context.club.ok_or(Refusal::NoClub)?;
        if self.days.is_some() && !context.rights.organiser {
            return Err(Refusal::NotOrganiser.into());
        }
        let today = context.today();
        let planned = context.tx.breaks(club, today).await?;
        let news = match self.days {
            None => BreakNews::None,
            Some(BreakDays::None) => {
                if context.tx.end_breaks(club, today).await? {
                    BreakNews::Ended
                } else {
                    BreakNews::NothingToEnd
                }
            }
            Some(BreakDays::Between(first, last)) => {
                let (first, last) = resolved(first, last, today)?;
                let (first, last) = joined(&planned, first, last);
                let apart = planned
                    .iter()
                    .filter(|one| one.first < first || one.last.is_none_or(|end| end > last));
                if apart.count() >= MOST_BREAKS {
                    return Err(Refusal::EnoughBreaks.into());
                }
                context
                    .tx
                    .take_break(club, first, last, context.now)
                    .await?;
                BreakNews::Saved
            }
        };
        if matches!(news, BreakNews::Saved | BreakNews::Ended) {
            context.tx.reschedule(club, context.now).await?;
        }
        let planned = context.tx.breaks(club, today).await?;
        let card = break_card(context.say, &planned, news, today);
        Ok(match news {
            BreakNews::None => context.reply(Answer::private(card)),
            // Its days are what was set.
            _ => context.reply_settled(card.clone(), card),
        })
    }
}

/// The dates that were meant: the first from today on, the last not before it.
fn resolved(first: DayReading, last: DayReading, today: Date) -> Result<(Date, Date), Refusal> {
    let from = first
        .resolve_ahead(today, BREAK_AHEAD)
        .map_err(Refusal::BreakDay)?;
    // A weekday or a date without its year is the one that follows the first day.
    let seen_from = match last {
        DayReading::Last(_) | DayReading::Yearly { .. } => from,
        DayReading::Ago(_) | DayReading::On(_) => today,
    };
    let to = if last == first {
        from
    } else {
        let reach = DayReading::resolve_ahead(last, seen_from, BREAK_AHEAD);
        reach.map_err(Refusal::BreakDay)?
    };
    if to > today.saturating_add(BREAK_AHEAD.days()) {
        return Err(Refusal::BreakDay(DayAheadError::TooFar));
    }
    if to < from {
        return Err(Refusal::BreakBackwards);
    }
    Ok((from, to))
}

/// The days of a break and of those that it touches: together they are one.
fn joined(planned: &[Rest], first: Date, last: Date) -> (Date, Date) {
    planned.iter().fold((first, last), |(first, last), one| {
        let end = one.last.unwrap_or(Date::MAX);
        let touches =
            one.first <= last.saturating_add(1.day()) && end >= first.saturating_sub(1.day());
        if touches {
            (first.min(one.first), last.max(end))
        } else {
            (first, last)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn breaks_that_touch_are_one() {
        let rest = |first, last| Rest {
            first: date(2026, 8, first),
            last: Some(date(2026, 8, last)),
        };
        let planned = [rest(3, 5), rest(10, 12), rest(20, 21)];
        let joined = |first, last| {
            let days = joined(&planned, date(2026, 8, first), date(2026, 8, last));
            (days.0.day(), days.1.day())
        };
        assert_eq!(joined(7, 8), (7, 8));
        assert_eq!(joined(6, 8), (3, 8));
        assert_eq!(joined(7, 9), (7, 12));
        assert_eq!(joined(4, 20), (3, 21));
        assert_eq!(joined(11, 11), (10, 12));
    }

    #[test]
    fn the_last_day_is_read_from_the_first() {
        // A Tuesday.
        let today = date(2026, 11, 24);
        let read = |text: &str| match break_days(text).unwrap() {
            BreakDays::Between(first, last) => resolved(first, last, today),
            BreakDays::None => panic!("{text} is no days"),
        };
        let days = |from: (i8, i8), to: (i8, i8), year| {
            Ok((date(2026, from.0, from.1), date(year, to.0, to.1)))
        };
        assert_eq!(read("2026-12-20..2027-01-03"), days((12, 20), (1, 3), 2027));
        assert_eq!(read("20.12. - 3.1."), days((12, 20), (1, 3), 2027));
        assert_eq!(read("20.12...3.1."), days((12, 20), (1, 3), 2027));
        assert_eq!(read("20.12.-3.1."), days((12, 20), (1, 3), 2027));
        assert_eq!(read("today to 2w"), days((11, 24), (12, 8), 2026));
        assert_eq!(read("fri..mon"), days((11, 27), (11, 30), 2026));
        assert_eq!(read("2026-12-24"), days((12, 24), (12, 24), 2026));
        assert_eq!(read("fri"), days((11, 27), (11, 27), 2026));
        let far = Refusal::BreakDay(DayAheadError::TooFar);
        let past = Refusal::BreakDay(DayAheadError::Past);
        assert_eq!(read("2026-12-01..2028-01-01"), Err(far));
        assert_eq!(read("2026-11-01..2026-12-01"), Err(past));
        assert_eq!(read("2026-12-05..2026-12-01"), Err(Refusal::BreakBackwards));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_reading_of_days_panic(text in ".*", today in 0_i16..3_000) {
            let today = date(today.max(1), 2, 28);
            if let Ok(BreakDays::Between(first, last)) = break_days(&text) {
                let _ = resolved(first, last, today);
            }
        }

        #[test]
        fn days_that_are_read_begin_today_or_later_and_end_within_a_year(
            first in "(today|fri|[0-9]{1,2}d|[1-3]?[0-9]\\.[1-9]\\.|202[67]-0[1-9]-1[0-9])",
            last in "(today|mon|[0-9]{1,2}w|[1-3]?[0-9]\\.[1-9]\\.|202[67]-0[1-9]-1[0-9])",
            mark in "(\\.\\.| - | to )",
        ) {
            let today = date(2026, 11, 24);
            if let Ok(BreakDays::Between(first, last)) = break_days(&format!("{first}{mark}{last}"))
                && let Ok((first, last)) = resolved(first, last, today)
            {
                proptest::prop_assert!(today <= first && first <= last);
                proptest::prop_assert!(last <= today.saturating_add(BREAK_AHEAD.days()));
            }
        }
    }
}
