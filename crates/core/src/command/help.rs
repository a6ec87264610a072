use clap::Args;

use super::context::{ClubContext, Context, Failure, Handle, HandleClub};
use super::menu::Menu;
use super::parse::tree;
use super::refusal::Refusal;
use crate::card::Card;
use crate::face::{Answer, Audience, Outcome};
use crate::words::{HelpLine, Speaker, help_page, lunge_guide};

/// Says what can be said.
#[derive(Clone, Debug, Args)]
pub struct Help {
    #[arg(long)]
    topic: Option<String>,
}

impl Handle for Help {
    const AUDIENCE: Audience = Audience::Asker;
    const READS_ONLY: bool = true;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let card = self.page(context.say())?;
        Ok(context.reply(Answer::private(card)))
    }
}

impl HandleClub for Help {
    async fn run_for_club(self, context: &mut ClubContext<'_>) -> Result<Outcome, Failure> {
        let card = self.page(context.say)?;
        Ok(context.reply(Answer::public(card)))
    }
}

impl Help {
    fn page(self, say: Speaker) -> Result<Card, Refusal> {
        let (members, organisers) = (Menu::of_members(), Menu::of_organisers());
        let mut commands = members.callable();
        commands.extend(organisers.callable());
        let Some(topic) = self.topic else {
            let paths = commands.iter().map(|command| command.path.clone());
            let lines: Vec<_> = paths.map(|path| HelpLine { path }).collect();
            return Ok(help_page(say, &lines));
        };
        let mut words: Vec<String> = topic.split_whitespace().map(str::to_lowercase).collect();
        if let Some(first) = words.first_mut()
            && let Some(command) = tree().find_subcommand(first.as_str())
        {
            // By its other name, too.
            command.get_name().clone_into(first);
        }
        let about = commands
            .iter()
            .find(|command| command.path.starts_with(&words));
        let about = about
            .filter(|_| !words.is_empty())
            .ok_or_else(|| Refusal::UnknownCommand {
                typed: topic.clone(),
                meant: None,
            })?;
        let options: Vec<_> = about
            .options
            .iter()
            .map(|option| option.name.clone())
            .collect();
        let mut card = say.topic_page(&about.path, &options, example(&about.path));
        if about.path == ["test"] {
            let page = std::mem::take(&mut card);
            card = lunge_guide(say).into_iter().fold(card, Card::with);
            card.blocks.extend(page.blocks);
        }
        Ok(card)
    }
}

/// A whole line that works, if the one that lacks something is an organiser's.
pub(super) fn organisers_example(line: &str) -> Option<&'static str> {
    let words: Vec<String> = line.split_whitespace().map(str::to_lowercase).collect();
    let organisers = Menu::of_organisers();
    let mut callable = organisers.callable().into_iter();
    let meant = callable.find(|command| words.starts_with(&command.path))?;
    Some(example(&meant.path))
}

/// A line that works, for each command.
fn example(path: &[String]) -> &'static str {
    let words: Vec<&str> = path.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["test"] => "/ankle test left 9 right 10.5",
        ["done"] => "/ankle done calf-raise,calf-stretch",
        ["streak"] => "/ankle streak",
        ["remind", "set"] => "/ankle remind set 07:00 days:mon-fri zone:Berlin",
        ["remind", "list"] => "/ankle remind list",
        ["remind", "preview"] => "/ankle remind preview",
        ["remind", "test"] => "/ankle remind test",
        ["remind", "pause"] => "/ankle remind pause until:2026-12-10",
        ["remind", "resume"] => "/ankle remind resume",
        ["remind", "remove"] => "/ankle remind remove 3",
        ["challenge", "list"] => "/ankle challenge list",
        ["challenge", "show"] => "/ankle challenge show 3",
        ["challenge", "join"] => "/ankle challenge join 3",
        ["challenge", "leave"] => "/ankle challenge leave 3",
        ["challenge", "create"] => {
            "/ankle challenge create \"30 days of calf raises\" exercise:calf-raise from:mon for:30d goal:450"
        }
        ["challenge", "cancel"] => "/ankle challenge cancel 3",
        ["leaderboard"] => "/ankle leaderboard check-ins month",
        ["me", "pause"] => "/ankle me pause until:2026-12-10",
        ["me", "resume"] => "/ankle me resume",
        ["history"] => "/ankle history",
        ["undo"] => "/ankle undo",
        ["edit"] => "/ankle edit 812 9.5cm",
        ["me", "show"] => "/ankle me show",
        ["me", "settings"] => "/ankle me settings zone:Berlin unit:cm",
        ["club", "show"] => "/ankle club show",
        ["club", "home"] => "/ankle club home",
        ["club", "break"] => "/ankle club break 2026-08-01..2026-08-21",
        ["club", "settings"] => "/ankle club settings zone:Berlin",
        ["doctor"] => "/ankle doctor",
        ["export"] => "/ankle export csv",
        ["forget"] => "/ankle forget",
        _ => "/ankle help test",
    }
}
