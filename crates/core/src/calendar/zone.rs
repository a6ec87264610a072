use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};

/// A time zone of the IANA database that is built into the program, so that every process of a
/// version agrees on it whatever its machine has.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

/// Why a text names no zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{typed:?} names no time zone, or several")]
pub struct ZoneError {
    /// The text as typed.
    pub typed: String,
    /// Up to three zones that may have been meant, likeliest first.
    pub meant: Vec<String>,
}

impl Zone {
    /// Coordinated universal time: what holds for somebody whose zone is not known.
    #[must_use]
    pub fn utc() -> Self {
        Self {
            name: "UTC".to_owned(),
            rules: TimeZone::UTC,
        }
    }

    /// Its IANA name, such as `Europe/Berlin`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its city, such as `New York`; the whole name where there is none.
    #[must_use]
    pub fn city(&self) -> String {
        city_of(&self.name)
    }

    /// Its rules.
    #[must_use]
    pub fn rules(&self) -> &TimeZone {
        &self.rules
    }

    /// Every name in the database that says where it is, in the order of the alphabet.
    #[must_use]
    pub fn names() -> &'static [String] {
        static NAMES: OnceLock<Vec<String>> = OnceLock::new();
        NAMES.get_or_init(|| {
            let mut names: Vec<_> = database()
                .available()
                .map(|name| name.to_string())
                .filter(|name| name != "Etc/Unknown" && several(&plain(name)).is_none())
                .collect();
            names.sort();
            names
        })
    }

    fn named(name: &str) -> Option<Self> {
        let rules = database().get(name).ok()?;
        Some(Self {
            name: name.to_owned(),
            rules,
        })
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// Finds a zone by its name or its city, in any case: `Europe/Berlin`, `berlin`, `new york`.
impl FromStr for Zone {
    type Err = ZoneError;

    fn from_str(typed: &str) -> Result<Self, ZoneError> {
        let wanted = plain(typed);
        if let Some(meant) = several(&wanted) {
            return Err(ZoneError {
                typed: typed.to_owned(),
                meant: meant.iter().map(|&name| name.to_owned()).collect(),
            });
        }
        let all = Self::names();
        let by = |matches: &dyn Fn(&str) -> bool| -> Vec<&String> {
            all.iter().filter(|name| matches(name)).collect()
        };
        let exact = by(&|name| plain(name) == wanted);
        let city = by(&|name| plain(&city_of(name)) == wanted);
        let part = by(&|name| wanted.len() >= 3 && plain(name).contains(&wanted));
        for found in [&exact, &city, &part] {
            if let [only] = found.as_slice()
                && let Some(zone) = Self::named(only)
            {
                return Ok(zone);
            }
        }
        let mut meant: Vec<String> = city.into_iter().chain(part).cloned().collect();
        meant.dedup();
        if meant.is_empty() {
            meant = similar(&wanted);
        }
        meant.truncate(3);
        Err(ZoneError {
            typed: typed.to_owned(),
            meant,
        })
    }
}

impl TryFrom<String> for Zone {
    type Error = ZoneError;

    fn try_from(name: String) -> Result<Self, ZoneError> {
        Self::named(&name).map_or_else(|| name.parse(), Ok)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name
    }
}

/// What people mean by more than the database does. `EST` is there, and an hour from New York's all summer;
/// of some cities only one is there, and its name does not tell which.
const SEVERAL: &[(&str, &[&str])] = &[
    ("est", &["America/New_York", "America/Panama"]),
    ("edt", &["America/New_York"]),
    (
        "cst",
        &["America/Chicago", "Asia/Shanghai", "America/Havana"],
    ),
    ("cdt", &["America/Chicago", "America/Havana"]),
    ("mst", &["America/Denver", "America/Phoenix"]),
    ("mdt", &["America/Denver"]),
    ("pst", &["America/Los_Angeles", "Asia/Manila"]),
    ("pdt", &["America/Los_Angeles"]),
    ("bst", &["Europe/London", "Asia/Dhaka"]),
    ("ist", &["Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"]),
    ("aest", &["Australia/Sydney", "Australia/Brisbane"]),
    ("cest", &["Europe/Berlin", "Europe/Paris", "Europe/Madrid"]),
    (
        "san juan",
        &["America/Puerto_Rico", "America/Argentina/San_Juan"],
    ),
    ("cordoba", &["America/Argentina/Cordoba", "Europe/Madrid"]),
    ("merida", &["America/Merida", "Europe/Madrid"]),
    ("la paz", &["America/La_Paz", "America/Mazatlan"]),
];

fn several(wanted: &str) -> Option<&'static [&'static str]> {
    let found = SEVERAL.iter().find(|(name, _)| *name == wanted);
    found.map(|(_, meant)| *meant)
}

fn similar(wanted: &str) -> Vec<String> {
    let mut near: Vec<_> = Zone::names()
        .iter()
        .map(|name| {
            let by_city = strsim::jaro_winkler(&plain(&city_of(name)), wanted);
            (
                by_city.max(strsim::jaro_winkler(&plain(name), wanted)),
                name,
            )
        })
        .filter(|(likeness, _)| *likeness > 0.82)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    near.into_iter().map(|(_, name)| name.clone()).collect()
}

fn plain(text: &str) -> String {
    text.trim().to_lowercase().replace(['_', '-'], " ")
}

fn city_of(name: &str) -> String {
    let city = name.rsplit_once('/').map_or(name, |(_, city)| city);
    city.replace('_', " ")
}

fn database() -> &'static TimeZoneDatabase {
    static DATABASE: OnceLock<TimeZoneDatabase> = OnceLock::new();
    DATABASE.get_or_init(TimeZoneDatabase::bundled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn find(typed: &str) -> String {
        match typed.parse::<Zone>() {
            Ok(zone) => zone.name().to_owned(),
            Err(error) => format!("? {}", error.meant.join(", ")),
        }
    }

    #[test]
    fn a_zone_is_found_by_its_name_or_its_city() {
        assert_eq!(find("Europe/Berlin"), "Europe/Berlin");
        assert_eq!(find(" berlin"), "Europe/Berlin");
        assert_eq!(find("new york"), "America/New_York");
        assert_eq!(find("NEW_YORK"), "America/New_York");
        assert_eq!(find("port-au-prince"), "America/Port-au-Prince");
        assert_eq!(find("utc"), "UTC");
    }

    #[test]
    fn a_slip_of_the_finger_gets_suggestions() {
        assert!(find("Berln").starts_with("? Europe/Berlin"));
        assert!(find("ameria/new_york").contains("America/New_York"));
        assert_eq!(find("xqzw"), "? ");
        assert_eq!(find(""), "? ");
        let several = find("louisville");
        assert!(several.starts_with("? America/"), "{several}");
    }

    #[test]
    fn what_may_mean_several_places_is_asked_about_and_not_guessed() {
        assert_eq!(find("EST"), "? America/New_York, America/Panama");
        assert_eq!(find("mst"), "? America/Denver, America/Phoenix");
        assert_eq!(
            find("San Juan"),
            "? America/Puerto_Rico, America/Argentina/San_Juan"
        );
        let all = SEVERAL.iter().flat_map(|(_, meant)| *meant);
        for name in all {
            assert_eq!(find(name), *name);
        }
        // What was stored under such a name stays what it was.
        assert_eq!(Zone::try_from("EST".to_owned()).unwrap().name(), "EST");
        // By its whole name each can be had, as can those of old that no summer changes.
        assert_eq!(find("EST5EDT"), "EST5EDT");
        assert_eq!(
            find("america/argentina/san juan"),
            "America/Argentina/San_Juan"
        );
    }

    #[test]
    fn a_city_is_written_as_people_write_it() {
        assert_eq!("new_york".parse::<Zone>().unwrap().city(), "New York");
        assert_eq!(Zone::utc().city(), "UTC");
    }

    proptest! {
        #[test]
        fn no_text_makes_the_search_panic(text in any::<String>()) {
            let _ = find(&text);
        }
    }
}
