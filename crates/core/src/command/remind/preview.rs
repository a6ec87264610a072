use clap::Args;

use crate::calendar::{DayStart, Occurrence, local_day, monday_of};
use crate::club::{Board, BoardKind, BoardTime, PostId, ReminderId, Score};
use crate::command::Refusal;
use crate::command::context::{ClubContext, Context, Failure, Handle, HandleClub};
use crate::command::reading::reminder;
use crate::exercise::Diary;
use crate::face::{Answer, Audience, Outcome};
use crate::store::PostOf;
use crate::words::{Post, post_card};

/// Shows a reminder as it would stand in the room now.
#[derive(Clone, Debug, Args)]
pub struct Preview {
    #[arg(long, value_parser = reminder)]
    reminder: Option<ReminderId>,
}

impl Handle for Preview {
    const AUDIENCE: Audience = Audience::Asker;
    const READS_ONLY: bool = true;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        self.run_for_club(&mut context.of_club()).await
    }
}

impl HandleClub for Preview {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        let reminder = context.reminder(self.reminder).await?;
        let club = context.club.ok_or(Refusal::NoClub)?;
        let day = local_day(context.now, &reminder.zone, DayStart::default());
        let members = context.tx.board_diaries(club).await?;
        let scores = |time: BoardTime| -> Vec<Score> {
            let first = time.first_day(day);
            let score = |member: &crate::store::Member<crate::exercise::Diary>| Score {
                person: member.person,
                name: member.name.clone(),
                privacy: member.privacy,
                score: member.done.tally(first, day).check_ins,
            };
            members.iter().map(score).collect()
        };
        let board = |time| {
            Board::of(
                BoardKind::CheckIns,
                time,
                (day, reminder.zone.clone()),
                scores(time),
            )
        };
        let today = board(BoardTime::Today);
        let week = reminder.board.map(board);
        let done: Vec<String> = today
            .places
            .iter()
            .flat_map(|place| place.names.clone())
            .collect();
        let local = reminder.zone.rules().to_datetime(context.now);
        let occurrence = Occurrence {
            civil: day.to_datetime(local.time()),
            at: context.now,
        };
        let of = PostOf {
            reminder: &reminder,
            id: None,
            occurrence,
            sent: context.now,
        };
        let monday = monday_of(day);
        // It has no number yet: any other would come before it.
        let last = (PostId(i64::MAX), occurrence.civil);
        let is_first = context
            .tx
            .is_first_post(reminder.room, monday, last)
            .await?;
        let diaries = members.iter().map(|member| &member.done);
        let last_week = is_first
            .then(|| Diary::together_before(monday, diaries))
            .filter(|(people, _)| *people > 0);
        let challenges = context.tx.challenges_in(club, of).await?;
        let post = Post {
            exercises: reminder.exercises,
            day,
            mark: None,
            done: &done,
            people: today.people,
            last_week,
            board: week.as_ref(),
            challenges: &challenges,
            id: None,
        };
        let card = post_card(context.say_to_room(), &post);
        Ok(context.reply(Answer::private(card)))
    }
}
