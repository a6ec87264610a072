use clap::Args;

use crate::command::Refusal;
use crate::command::context::{ClubContext, Context, Failure, Handle, HandleClub};
use crate::command::reading::deputy;
use crate::face::{Answer, Audience, Outcome};
use crate::store::{Called, Known};
use crate::words::{DeputyNews, deputies_card};

/// Lets somebody who was met in the club set it up too, or no more; without a name it tells who may.
#[derive(Clone, Debug, Args)]
pub struct Deputy {
    #[arg(long, value_parser = deputy)]
    who: Option<DeputyReading>,
}

/// Who is meant, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeputyReading {
    /// He is to be one.
    Named(String),
    /// He is to be one no more.
    Dropped(String),
}

/// Most deputies of a club. A house rule.
const MOST_DEPUTIES: usize = 10;

impl Handle for Deputy {
    const AUDIENCE: Audience = Audience::Asker;

    fn reads_only(&self) -> bool {
        self.who.is_none()
    }

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        self.run_for_club(&mut context.of_club()).await
    }
}

impl HandleClub for Deputy {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        let club = context.organised()?;
        // Else whoever was let in could let others in, and nobody could undo it.
        if self.who.is_some() && context.is_deputy {
            return Err(Refusal::DeputyNames.into());
        }
        let news = match self.who {
            None => None,
            Some(DeputyReading::Named(typed)) => {
                let who = known(context, &typed).await?;
                let all = context.tx.deputies(club).await?;
                let is_new = all.iter().all(|one| one.id != who.id);
                if is_new && all.len() >= MOST_DEPUTIES {
                    return Err(Refusal::EnoughDeputies.into());
                }
                context.tx.name_deputy(club, who.id, context.now).await?;
                Some(DeputyNews::Named(who.name))
            }
            Some(DeputyReading::Dropped(typed)) => {
                let who = known(context, &typed).await?;
                let was = context.tx.drop_deputy(club, who.id).await?;
                Some(if was {
                    DeputyNews::Dropped(who.name)
                } else {
                    DeputyNews::WasNone(who.name)
                })
            }
        };
        let all = context.tx.deputies(club).await?;
        let names: Vec<String> = all.into_iter().map(|one| one.name).collect();
        let card = deputies_card(context.say, &names, news.as_ref());
        Ok(match news {
            None => context.reply(Answer::private(card)),
            Some(_) => context.reply_settled_first(card),
        })
    }
}

/// Who is meant: by a mention, by his number on the platform, or by the name that others call him by
/// there. What people call themselves names nobody: anybody may call himself anything.
async fn known(context: &mut ClubContext<'_>, typed: &str) -> Result<Known, Failure> {
    let club = context.organised()?;
    let word = typed.trim();
    let mention = word
        .strip_prefix("<@")
        .and_then(|rest| rest.strip_suffix('>'))
        .map(|id| id.trim_start_matches('!'));
    let number = mention.or_else(|| {
        let is_number = word.len() > 4 && word.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then_some(word)
    });
    let handle = word.trim_start_matches('@').to_lowercase();
    let called = match number {
        Some(external) => Called::External(external),
        None => Called::Handle(&handle),
    };
    let found = context.tx.met_in(club, context.platform, called).await?;
    Ok(found.ok_or_else(|| Refusal::WhoUnknown(typed.to_owned()))?)
}
