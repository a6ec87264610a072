//! What can be filled in while somebody still types. Reads and never writes, and shows nobody but the
//! asker's own tests, and his clubs' challenges.

use jiff::Timestamp;

use super::Bot;
use super::menu::Menu;
use crate::calendar::{Zone, local_day};
use crate::card::plain_text;
use crate::club::Language;
use crate::face::{Choice, Person};
use crate::store::{StoreError, Who};
use crate::words::{Speaker, entry_text, guess_zones};

/// As many suggestions as the narrowest platform shows.
pub const MAX_SUGGESTIONS: usize = 25;

/// The longest a label may be there, in characters.
const MAX_LABEL: usize = 100;

/// Where suggestions come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The time zones.
    Zones,
    /// The asker's latest tests.
    Entries,
    /// The commands.
    Topics,
    /// The challenges of the asker's clubs.
    Challenges,
}

/// Where the suggestions for an option come from, if there are any. An option's name means the same in
/// every command.
pub(super) fn source(option: &str) -> Option<Source> {
    match option {
        "zone" => Some(Source::Zones),
        "entry" => Some(Source::Entries),
        "topic" => Some(Source::Topics),
        "challenge" => Some(Source::Challenges),
        _ => None,
    }
}

/// Whether an option names a room of the chat.
pub(super) fn names_a_room(option: &str) -> bool {
    option == "in"
}

impl Bot {
    /// Suggests what to fill into an option, best first: at most [`MAX_SUGGESTIONS`]. Only tests and
    /// challenges are looked up in the database, for reading; an adapter that cannot wait for it shows none.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn suggest(
        &self,
        person: &Person,
        path: &[String],
        option: &str,
        typed: &str,
    ) -> Result<Vec<Choice>, StoreError> {
        let locale = person.locale.as_deref();
        let mut choices = match source(option) {
            None => listed(path, option, typed),
            Some(Source::Zones) => zones(typed, locale),
            Some(Source::Topics) => topics(typed),
            Some(Source::Challenges) => self.challenges(person, typed).await?,
            Some(Source::Entries) => self.entries(person, typed).await?,
        };
        choices.truncate(MAX_SUGGESTIONS);
        Ok(choices)
    }

    async fn challenges(&self, person: &Person, typed: &str) -> Result<Vec<Choice>, StoreError> {
        let wanted = typed.trim().trim_start_matches('#').to_lowercase();
        let all = self.store().challenges_of(who(person)).await?;
        let choices = all.into_iter().map(|(id, title)| Choice {
            label: shortened(format!("#{id} {title}")),
            value: id.to_string(),
        });
        let fits = |choice: &Choice| choice.label.to_lowercase().contains(&wanted);
        Ok(choices.filter(fits).collect())
    }

    async fn entries(&self, person: &Person, typed: &str) -> Result<Vec<Choice>, StoreError> {
        let who = who(person);
        let (settings, entries) = self.store().latest_of(who).await?;
        let own = settings.language;
        let by_locale = || person.locale.as_deref().and_then(Language::of_locale);
        let say = Speaker::of(own.or_else(by_locale).unwrap_or_default());
        let zone = settings.zone.unwrap_or_else(Zone::utc);
        let now: Timestamp = self.now();
        let today = local_day(now, &zone, settings.day_start.unwrap_or_default());
        let wanted = typed.trim().trim_start_matches('#').to_lowercase();
        Ok(entries
            .iter()
            .map(|entry| Choice {
                label: shortened(plain_text(&entry_text(say, entry, today))),
                value: entry.id.to_string(),
            })
            .filter(|choice| {
                choice.value.starts_with(&wanted) || choice.label.to_lowercase().contains(&wanted)
            })
            .collect())
    }
}

fn who(person: &Person) -> Who<'_> {
    Who {
        platform: person.account.platform,
        external: &person.account.external,
        name: &person.name,
        locale: person.locale.as_deref(),
        handle: None,
    }
}

/// With nothing typed a guess at where the asker lives; else zones whose city begins so, then those
/// that have it anywhere in their name.
fn zones(typed: &str, locale: Option<&str>) -> Vec<Choice> {
    let choice = |name: &str| Choice {
        label: shortened(name.replace('_', " ")),
        value: name.to_owned(),
    };
    let wanted = typed.trim().to_lowercase().replace(['_', '-'], " ");
    if wanted.is_empty() {
        let (_, guess, neighbours) = guess_zones(locale);
        let all = std::iter::once(&guess).chain(&neighbours);
        return all.map(|zone| choice(zone.name())).collect();
    }
    let plain = |name: &str| name.to_lowercase().replace(['_', '-'], " ");
    let city = |name: &str| plain(name.rsplit('/').next().unwrap_or(name));
    let begins = |name: &&String| city(name).starts_with(&wanted);
    let names = Zone::names();
    let first = names.iter().filter(begins);
    let second = names
        .iter()
        .filter(|name| plain(name).contains(&wanted) && !begins(name));
    first.chain(second).map(|name| choice(name)).collect()
}

/// The choices of an option that has too many for a menu.
fn listed(path: &[String], option: &str, typed: &str) -> Vec<Choice> {
    let wanted = typed.trim().to_lowercase();
    let (members, organisers) = (Menu::of_members(), Menu::of_organisers());
    let mut commands = members.callable().into_iter().chain(organisers.callable());
    let command = commands.find(|command| command.path == path);
    let option = command.and_then(|command| command.options.iter().find(|o| o.name == option));
    let choices = option.into_iter().flat_map(|option| &option.choices);
    choices
        .filter(|choice| choice.contains(&wanted))
        .map(|choice| Choice {
            label: choice.clone(),
            value: choice.clone(),
        })
        .collect()
}

fn topics(typed: &str) -> Vec<Choice> {
    let wanted = typed.trim().to_lowercase();
    let (members, organisers) = (Menu::of_members(), Menu::of_organisers());
    let commands = members.callable().into_iter().chain(organisers.callable());
    commands
        .map(|command| command.path.join(" "))
        .filter(|topic| topic.contains(&wanted))
        .map(|topic| Choice {
            label: topic.clone(),
            value: topic,
        })
        .collect()
}

fn shortened(label: String) -> String {
    if label.chars().count() <= MAX_LABEL {
        return label;
    }
    let kept: String = label.chars().take(MAX_LABEL - 1).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values(choices: &[Choice]) -> Vec<&str> {
        choices.iter().map(|choice| choice.value.as_str()).collect()
    }

    #[test]
    fn a_city_that_begins_so_comes_first() {
        let found = zones("berl", None);
        assert_eq!(values(&found), ["Europe/Berlin"]);
        let found = zones("new y", None);
        assert_eq!(found[0].label, "America/New York");
        assert!(values(&zones("america", None)).len() > MAX_SUGGESTIONS);
    }

    #[test]
    fn with_nothing_typed_the_asker_is_guessed_at() {
        assert_eq!(values(&zones(" ", Some("de-AT")))[0], "Europe/Vienna");
        assert_eq!(zones("", None).len(), 4);
    }

    #[test]
    fn what_is_suggested_can_be_said() {
        for choice in zones("a", None) {
            assert_eq!(choice.value.parse::<Zone>().unwrap().name(), choice.value);
        }
        for choice in topics("") {
            assert!(super::super::parse_line(&format!("help {}", choice.value)).is_ok());
        }
    }

    #[test]
    fn choices_too_many_for_a_menu_are_suggested_too() {
        let path = ["me", "settings"].map(str::to_owned);
        assert_eq!(values(&listed(&path, "unit", "c")), ["cm"]);
        assert!(listed(&path, "nothing", "").is_empty());
    }

    proptest! {
        #[test]
        fn no_text_makes_the_search_panic(text in any::<String>()) {
            let _ = (zones(&text, Some(&text)), topics(&text));
        }
    }
}
