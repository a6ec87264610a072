//! `challenge`: what a club does together for a stretch of days.

mod cancel;
mod create;
mod join;
mod leave;
mod list;
mod name;
mod refusal;
mod show;

pub(super) use create::Naming;
pub use refusal::ChallengeRefusal;

use super::Refusal;
use super::context::{ClubContext, Failure, HandleClub};
use crate::calendar::Zone;
use crate::club::{self, ChallengeId, ChallengeState, ClubId};
use crate::face::Outcome;
use crate::words::ChallengeReport;

super::commands! {
    /// What can be said of a club's challenges.
    Challenge {
        List(list::List),
        Show(show::Show),
        Join(join::Join),
        Leave(leave::Leave),
        Create(Box<create::Create>),
        Cancel(cancel::Cancel),
        #[command(hide = true)]
        Name(name::Name),
    }
}

impl Challenge {
    /// Whether its answer depends on who organises the club.
    pub(super) fn needs_rights(&self) -> bool {
        matches!(self, Self::List(_) | Self::Create(_) | Self::Cancel(_))
    }

    /// Whether a button that says it holds as long as the challenge does.
    pub(super) fn outlives_a_day(&self) -> bool {
        match self {
            Self::Show(_) | Self::Join(_) | Self::Leave(_) | Self::Name(_) => true,
            Self::List(_) | Self::Create(_) | Self::Cancel(_) => false,
        }
    }
}

/// A challenge as it is named: by its number, or by its title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Which {
    id: Option<ChallengeId>,
    title: Option<club::Title>,
}

impl Which {
    /// Reads `3`, `#3`, or a title. What is neither names no challenge.
    pub fn read(typed: &str) -> Self {
        let digits = typed.trim().trim_start_matches('#');
        let id: Option<u32> = digits.parse().ok();
        Self {
            id: id.map(|id| ChallengeId(i64::from(id))),
            title: typed.parse().ok(),
        }
    }

    fn is(&self, one: &club::Challenge) -> bool {
        self.id == Some(one.id) || self.is_called(one)
    }

    fn is_called(&self, one: &club::Challenge) -> bool {
        let key = |title: &club::Title| title.key();
        self.title.as_ref().map(key) == Some(one.title.key())
    }
}

/// How many challenges that are over are looked through for one that is named.
const OVER: u16 = 20;

impl HandleClub for Challenge {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        match self {
            Self::List(list) => list.run_for_club(context).await,
            Self::Show(show) => show.run_for_club(context).await,
            Self::Create(create) => create.run_for_club(context).await,
            Self::Cancel(cancel) => cancel.run_for_club(context).await,
            Self::Join(_) | Self::Leave(_) | Self::Name(_) => Err(Refusal::Anonymous.into()),
        }
    }
}

impl ClubContext<'_> {
    /// The club, and the zone its days go by.
    fn club_and_zone(&self) -> Result<(ClubId, Zone), Refusal> {
        let club = self.club.ok_or(Refusal::NoClub)?;
        Ok((club, self.zone.clone().unwrap_or_else(Zone::utc)))
    }

    /// Where a challenge stands today.
    async fn report(&mut self, challenge: club::Challenge) -> Result<ChallengeReport, Failure> {
        let (_, zone) = self.club_and_zone()?;
        let today = self.today();
        let course = self.tx.course(&challenge).await?;
        let standing = self
            .tx
            .challenge_standing(&challenge, &course, (today, zone));
        Ok(ChallengeReport {
            standing: standing.await?,
            challenge,
            course,
        })
    }

    /// The challenge that is meant, and is not over: by its name, or the only one there is.
    async fn open_challenge(&mut self, which: Option<&Which>) -> Result<club::Challenge, Failure> {
        let challenge = self.any_challenge(which).await?;
        match challenge.state {
            ChallengeState::Open => Ok(challenge),
            ChallengeState::Over { .. } if which.is_some() => {
                Err(ChallengeRefusal::Over(challenge.id).into())
            }
            ChallengeState::Over { .. } | ChallengeState::Cancelled => {
                Err(ChallengeRefusal::None.into())
            }
        }
    }

    /// The same, or one that is over: the latest, if none is on.
    async fn any_challenge(&mut self, which: Option<&Which>) -> Result<club::Challenge, Failure> {
        let (club, _) = self.club_and_zone()?;
        let mut on = self.tx.challenges(club).await?;
        let Some(which) = which else {
            return match on.len() {
                0 => {
                    let latest = self.tx.challenges_over(club, 1).await?.pop();
                    Ok(latest.ok_or(ChallengeRefusal::None)?)
                }
                1 => Ok(on.remove(0)),
                _ => Err(ChallengeRefusal::Which(on[0].id).into()),
            };
        };
        if let Some(at) = on.iter().position(|one| which.is(one)) {
            return Ok(on.swap_remove(at));
        }
        if let Some(id) = which.id
            && let Some(one) = self.tx.challenge(id).await?
            && one.club == club
            && one.state != ChallengeState::Cancelled
        {
            return Ok(one);
        }
        let over = self.tx.challenges_over(club, OVER).await?;
        let called = over.into_iter().find(|one| which.is_called(one));
        Ok(called.ok_or(ChallengeRefusal::None)?)
    }
}
