use clap::{Args, ValueEnum};

use super::context::{ClubContext, Context, Failure, Handle, HandleClub};
use super::refusal::Refusal;
use crate::calendar::{DayStart, Zone, local_day};
use crate::club::{Board, BoardKind, BoardTime, ClubId, PersonId, Score};
use crate::exercise::{Diary, Streak, StreakRule};
use crate::face::{Answer, Audience, Outcome};
use crate::store::{Member, Tx};
use crate::words::{board_card, board_more_card, own_rank_card};

/// The club's board.
#[derive(Clone, Debug, Args)]
pub struct Leaderboard {
    #[arg(long, ignore_case = true)]
    of: Option<BoardKind>,
    #[arg(long, ignore_case = true)]
    time: Option<BoardTime>,
    /// What the buttons of a board say.
    #[arg(long, hide = true)]
    show: Option<Show>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Show {
    Mine,
    More,
}

impl Handle for Leaderboard {
    const AUDIENCE: Audience = Audience::Everyone;
    const READS_ONLY: bool = true;

    fn audience(&self) -> Audience {
        if self.show.is_some() {
            Audience::Asker
        } else {
            Self::AUDIENCE
        }
    }

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        if self.show != Some(Show::Mine) {
            return self.run_for_club(&mut context.of_club()).await;
        }
        let person = context.visit.person;
        let (board, own) = self.board(&mut context.of_club(), Some(person)).await?;
        let card = own_rank_card(context.say(), &board, own);
        Ok(Outcome::Say(Answer::private(card)))
    }
}

impl HandleClub for Leaderboard {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        let (board, _) = self.board(context, None).await?;
        Ok(Outcome::Say(match self.show {
            None => Answer::public(board_card(context.say_to_room(), &board)),
            Some(Show::More) => Answer::private(board_more_card(context.say, &board)),
            Some(Show::Mine) => return Err(Refusal::Anonymous.into()),
        }))
    }
}

impl Leaderboard {
    /// The board, and what somebody has on it.
    async fn board(
        &self,
        context: &mut ClubContext<'_>,
        person: Option<PersonId>,
    ) -> Result<(Board, u32), Failure> {
        let club = context.club.ok_or(Refusal::NoClub)?;
        let kind = self.of.unwrap_or_default();
        let time = self.time.unwrap_or_default();
        let zone = context.zone.clone().unwrap_or_else(Zone::utc);
        let today = local_day(context.now, &zone, DayStart::default());
        let range = (time.first_day(today), today);
        let scores = scores(context.tx, club, kind, range).await?;
        let own = person.map_or(0, |person| own_score(&scores, person));
        Ok((Board::of(kind, time, (today, zone), scores), own))
    }
}

fn own_score(scores: &[Score], person: PersonId) -> u32 {
    let own = scores.iter().find(|one| one.person == person);
    own.map_or(0, |one| one.score)
}

async fn scores(
    tx: &mut Tx,
    club: ClubId,
    kind: BoardKind,
    (first, last): (jiff::civil::Date, jiff::civil::Date),
) -> Result<Vec<Score>, Failure> {
    Ok(match kind {
        BoardKind::Tests => {
            let members = tx.member_tests(club, (first, last)).await?;
            members
                .into_iter()
                .map(|one| score(&one, one.done))
                .collect()
        }
        BoardKind::CheckIns => {
            let members = tx.board_diaries(club).await?;
            let count = |diary: &Diary| diary.tally(first, last).check_ins;
            members
                .iter()
                .map(|one| score(one, count(&one.done)))
                .collect()
        }
        BoardKind::Streak => {
            let members = tx.member_diaries(club).await?;
            let rests = tx.member_rests(club).await?;
            let run = |one: &Member<Diary>| {
                let rests = rests.get(&one.person).map_or(&[][..], Vec::as_slice);
                Streak::of(&one.done, rests, StreakRule::Weeks, last).run
            };
            members.iter().map(|one| score(one, run(one))).collect()
        }
    })
}

fn score<T>(member: &Member<T>, score: u32) -> Score {
    Score {
        person: member.person,
        name: member.name.clone(),
        privacy: member.privacy,
        score,
    }
}
