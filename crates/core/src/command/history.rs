use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::context::{Context, Failure, Handle};
use super::reading::day;
use super::refusal::Refusal;
use crate::calendar::DayReading;
use crate::club::{Entry, EntryId, Standing};
use crate::face::{Answer, Audience, Outcome};
use crate::measure::{Side, State};
use crate::store::{CHECK_INS_PAGE, HISTORY_PAGE, Like};
use crate::words::{Trend, check_ins_card, history_card};

/// Shows the asker's tests or check-ins, newest first.
#[derive(Clone, Debug, Args)]
pub struct History {
    #[arg(long, ignore_case = true)]
    of: Option<Of>,
    #[arg(long, hide = true, value_parser = day)]
    before: Option<DayReading>,
}

/// What is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Of {
    Tests,
    CheckIns,
}

/// A page may begin at any day that a database can hold.
const ANY_DAY: i64 = 400_000;

impl Handle for History {
    const AUDIENCE: Audience = Audience::Asker;
    const READS_ONLY: bool = true;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let today = context.today();
        let person = context.visit.person;
        let before = match self.before {
            Some(reading) => reading.resolve(today, ANY_DAY).map_err(Refusal::DayRange)?,
            // A day ahead of the asker's own: he may have logged where it was later.
            None => today.saturating_add(jiff::Span::new().days(3)),
        };
        if self.of == Some(Of::CheckIns) {
            return check_ins(context, before).await;
        }
        let mut entries = context.tx.history(person, before).await?;
        let more = entries.len() == HISTORY_PAGE;
        if more {
            without_the_last_day(&mut entries);
        }
        let first_page = self.before.is_none();
        let likes = if first_page {
            context
                .tx
                .likes(&context.visit, (before, EntryId(i64::MAX)))
                .await?
        } else {
            Vec::new()
        };
        let trend: Vec<_> = [Side::Left, Side::Right]
            .into_iter()
            .filter_map(|side| trend(side, &likes))
            .collect();
        let card = history_card(context.say(), &entries, &trend, (first_page, more), today);
        Ok(context.reply(Answer::private(card)))
    }
}

async fn check_ins(context: &mut Context<'_>, before: Date) -> Result<Outcome, Failure> {
    let person = context.visit.person;
    let mut all = context.tx.check_ins_before(person, before).await?;
    let more = all.len() == CHECK_INS_PAGE;
    if more && let Some(last) = all.last().map(|one| one.day) {
        all.retain(|one| one.day != last);
    }
    let card = check_ins_card(context.say(), &all, more, context.today());
    Ok(context.reply(Answer::private(card)))
}

/// A full page may have cut its last day short: that day goes to the next page, unless it is the
/// only one.
fn without_the_last_day(entries: &mut Vec<Entry>) {
    let Some(last) = entries.last().map(|entry| entry.day) else {
        return;
    };
    if entries.iter().any(|entry| entry.day != last) {
        entries.retain(|entry| entry.day != last);
    }
}

/// The baseline and the last cold test of a leg, if they are two.
fn trend(side: Side, likes: &[Like]) -> Option<Trend> {
    let mut cold = likes.iter().filter(|like| {
        like.side == side && like.state == State::Cold && like.standing == Standing::Live
    });
    let mut first = cold.next()?;
    let last = cold
        .clone()
        .next_back()
        .filter(|last| last.day > first.day)?;
    // A leg's value of a day is its last.
    let day = first.day;
    for like in cold.take_while(|like| like.day == day) {
        first = like;
    }
    Some(Trend {
        side,
        first: (first.day, first.distance),
        last: (last.day, last.distance),
    })
}
