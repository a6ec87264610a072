//! When something was or will be, as it is said to whoever reads it.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Arg, Speaker};
use crate::calendar::Zone;
use crate::card::{Span, Text};

/// Who reads of moments. They are said in his own zone if he has said one, and only then are they "your
/// time"; else in the zone of what he reads about, and its city stands beside them.
#[derive(Clone, Debug)]
pub struct Reader {
    own: Option<Zone>,
    now: Timestamp,
}

impl Reader {
    /// A reader with a zone of his own, not his club's, or with none.
    #[must_use]
    pub const fn new(own: Option<Zone>, now: Timestamp) -> Self {
        Self { own, now }
    }

    /// `Wed 25 Nov 07:00, your time`, or `Wed 25 Nov 07:00 (Berlin)` in the zone of what it is about.
    pub(super) fn moment(&self, say: Speaker, at: Timestamp, home: &Zone) -> Text {
        let words = Arg::Words(self.day_and_time(say, at, home));
        let said = if self.own.is_some() {
            say.label_with("moment-yours", &[("time", words)])
        } else {
            let city = ("city", Arg::Words(home.city()));
            say.label_with("moment-there", &[("time", words), city])
        };
        time(at, said)
    }

    /// Several moments, beside which the city of what they are about is named already.
    pub(super) fn moments(&self, say: Speaker, all: &[Timestamp], home: &Zone) -> Text {
        let last = all.len().saturating_sub(1);
        let one = |(index, at): (usize, &Timestamp)| {
            let words = self.day_and_time(say, *at, home);
            self.beside(say, (*at, words), home, index == last)
        };
        Text::joined(all.iter().enumerate().map(one), ", ")
    }

    /// `yesterday 19:00`, or its day, beside which the city of what it is about is named already.
    pub(super) fn ago(&self, say: Speaker, at: Timestamp, home: &Zone) -> Text {
        let zone = self.zone(home);
        let (local, today) = (zone.rules().to_datetime(at), self.today(zone));
        let day = match today.duration_since(local.date()).as_hours() / 24 {
            0 => "today",
            1 => "yesterday",
            _ => "other",
        };
        let args = [
            ("day", Arg::Key(day)),
            ("date", Arg::Words(say.day(local.date(), today))),
            ("time", Arg::Words(clock(at, zone))),
        ];
        let words = say.label_with("moment-ago", &args);
        self.beside(say, (at, words), home, true)
    }

    /// A moment next to the city of its zone: it is said whose time it is only if that is another.
    fn beside(
        &self,
        say: Speaker,
        (at, words): (Timestamp, String),
        home: &Zone,
        is_last: bool,
    ) -> Text {
        let is_elsewhere = self.own.as_ref().is_some_and(|own| own != home);
        if is_last && is_elsewhere {
            let words = ("time", Arg::Words(words));
            return time(at, say.label_with("moment-yours-beside", &[words]));
        }
        time(at, words)
    }

    fn day_and_time(&self, say: Speaker, at: Timestamp, home: &Zone) -> String {
        let zone = self.zone(home);
        let day = zone.rules().to_datetime(at).date();
        format!("{} {}", say.day(day, self.today(zone)), clock(at, zone))
    }

    fn zone<'z>(&'z self, home: &'z Zone) -> &'z Zone {
        self.own.as_ref().unwrap_or(home)
    }

    fn today(&self, zone: &Zone) -> Date {
        zone.rules().to_datetime(self.now).date()
    }
}

fn time(at: Timestamp, words: String) -> Text {
    Text(vec![Span::Time { at, words }])
}

/// The clock on a wall of that zone: `07:00`. An echo of a zone is this and no moment, so that whoever set
/// the wrong one sees it.
pub(super) fn clock(at: Timestamp, zone: &Zone) -> String {
    zone.rules().to_datetime(at).strftime("%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::plain_text;
    use crate::club::Language;

    #[test]
    fn only_a_zone_of_ones_own_is_called_your_time() {
        let say = Speaker::of(Language::En);
        let (berlin, lisbon): (Zone, Zone) = ("Berlin".parse().unwrap(), "Lisbon".parse().unwrap());
        let now: Timestamp = "2026-11-24T18:00:00Z".parse().unwrap();
        let at: Timestamp = "2026-11-25T06:00:00Z".parse().unwrap();
        let readers = [None, Some(lisbon), Some(berlin.clone())];
        let said = readers.map(|own| {
            let reader = Reader::new(own, now);
            let texts = [
                reader.moment(say, at, &berlin),
                reader.moments(say, &[at, at], &berlin),
                reader.ago(say, now, &berlin),
            ];
            texts.map(|text| plain_text(&text)).join("\n")
        });
        insta::assert_snapshot!(said.join("\n\n"), @"
        Wed 25 Nov 07:00 (Berlin)
        Wed 25 Nov 07:00, Wed 25 Nov 07:00
        today 19:00

        Wed 25 Nov 06:00, your time
        Wed 25 Nov 06:00, Wed 25 Nov 06:00 (your time)
        today 18:00 (your time)

        Wed 25 Nov 07:00, your time
        Wed 25 Nov 07:00, Wed 25 Nov 07:00
        today 19:00
        ");
    }
}
