use jiff::civil::Date;

use super::budget::{Draft, PRIVATE};
use super::format::{band_key, side_key};
use super::log::saved_card;
use super::{Arg, Speaker};
use crate::assess::{
    Band, Change, Comparison, Edge, Findings, GapSize, LegFinding, OddValue, Verdict,
};
use crate::card::{Block, Button, Card, Text};
use crate::club::{AgeGroup, Entry, EntryId};
use crate::measure::{Distance, State, Unit};

/// What the answer to a knee-to-wall test is made of.
#[derive(Clone, Debug)]
pub struct LungeReport {
    /// What was found.
    pub findings: Findings,
    /// The entries that the answer is about, for its buttons.
    pub entries: Vec<EntryId>,
    /// Those that wait to be confirmed, the other leg's of this session too.
    pub waiting: Vec<EntryId>,
    /// The runner's first test of all.
    pub is_first: bool,
    /// What the runner measures in.
    pub unit: Unit,
    /// Whether it hurt: then no band, no praise, no advice.
    pub pain: Pain,
    /// A bare number that may have been in inches.
    pub inches: Option<InchesQuestion>,
    /// For the notes on age.
    pub age: Option<AgeGroup>,
    /// Whether there is a room to share it with.
    pub can_share: bool,
    /// That the day went by UTC, for want of a zone.
    pub zone_is_unset: bool,
    /// The runner's local day.
    pub today: Date,
}

/// Whether a runner has spoken of pain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pain {
    /// Not lately.
    #[default]
    None,
    /// With this test.
    Now,
    /// With an earlier one that still holds.
    Lately,
}

impl Pain {
    /// What is said of it, in place of everything else.
    fn words(self, say: Speaker) -> Option<Text> {
        match self {
            Self::None => None,
            Self::Now => Some(say.say("hurts", &[])),
            Self::Lately => Some(say.say("hurts-lately", &[])),
        }
    }
}

/// What the numbers would be in inches.
#[derive(Clone, Debug)]
pub struct InchesQuestion {
    /// The numbers as typed.
    pub typed: String,
    /// The reaches they would be, one a leg.
    pub reaches: Vec<Distance>,
}

/// The answer: values, where they lie, change or noise, the gap, what to do.
#[must_use]
pub fn lunge_card(say: Speaker, report: &LungeReport) -> Card {
    let findings = &report.findings;
    // A day that is corrected shows in nothing else.
    let day = (findings.day != report.today).then(|| say.day(findings.day, report.today));
    let first = [Some(values(say, report)), day.map(Text::plain)];
    let first = Text::joined(first.into_iter().flatten(), " · ");
    let draft = Draft::default().must(first);
    let unknown_side = findings.legs.iter().any(|leg| leg.test.side.is_none());
    let draft = if let Some(pain) = report.pain.words(say) {
        let draft = draft.must(pain);
        if unknown_side {
            draft.must(say.say("ask-side", &[]))
        } else {
            draft
        }
    } else if let Some(question) = &report.inches {
        draft.must(ask_inches(say, findings, question))
    } else {
        let draft = draft.maybe(6, rule_note(say, findings));
        let draft = bands(say, findings, draft);
        let unknown_first = unknown_side && report.is_first && report.waiting.is_empty();
        let draft = draft.maybe(4, unknown_first.then(|| say.say("baseline", &[])));
        let draft = comparisons(say, findings, draft);
        let draft = gap(say, findings, draft);
        let draft = draft.maybe(7, age_note(say, report.age));
        let draft = match advice(say, findings) {
            // That bounds have to wait is said in any case.
            Some(line) if findings.headline() == Band::BelowMinimum => draft.must(line),
            line => draft.maybe(3, line),
        };
        let day = ("day", Arg::Words(say.day(findings.day, report.today)));
        let draft = draft.maybe(
            9,
            report.zone_is_unset.then(|| say.say("zone-hint", &[day])),
        );
        if unknown_side {
            draft.must(say.say("ask-side", &[]))
        } else {
            draft
        }
    };
    let (card, _) = draft.fit(PRIVATE);
    buttons(say, report, card)
}

/// What a room may hear of a test, where its answer can only be given privately: the numbers, which
/// stood there already, and what is asked about them. Nothing in it tells whether it hurt.
#[must_use]
pub fn lunge_aside(say: Speaker, report: &LungeReport, entries: &[Entry]) -> Card {
    let card = saved_card(say, entries);
    let card = if let Some(question) = &report.inches {
        card.with(ask_inches(say, &report.findings, question))
    } else if entries.iter().any(|entry| entry.side.is_none()) {
        card.with(say.say("ask-side", &[]))
    } else {
        card
    };
    let silent = LungeReport {
        pain: Pain::None,
        ..report.clone()
    };
    buttons(say, &silent, card)
}

/// Everything there is to say about a test, for who asks for more.
#[must_use]
pub fn more_card(say: Speaker, report: &LungeReport) -> Card {
    let findings = &report.findings;
    let day = ("day", Arg::Words(say.day(findings.day, report.today)));
    let mut card = Card::default();
    card.blocks
        .push(Block::Title(say.say("more-title", &[day])));
    let mut lines = vec![values(say, report)];
    if let Some(pain) = report.pain.words(say) {
        lines.push(pain);
        return lines.into_iter().fold(card, Card::with);
    }
    lines.push(say.say("more-rule", &[]));
    let all = comparisons(say, findings, bands(say, findings, Draft::default()));
    let noticeable = findings
        .gap
        .as_ref()
        .filter(|gap| gap.size == GapSize::Noticeable);
    let all = match noticeable.and_then(|gap| Some((gap, gap.shorter?))) {
        Some((gap, shorter)) => {
            let gap = ("gap", Arg::Words(say.cm_of(gap.dmm)));
            all.must(say.say("gap-long", &[("side", side_key(shorter)), gap]))
        }
        None => gap(say, findings, all),
    };
    lines.extend(
        all.whole()
            .blocks
            .into_iter()
            .map(|block| block.text().clone()),
    );
    if findings.headline() == Band::Middle {
        lines.push(say.say("more-middle", &[]));
    }
    if (900..1_000).contains(&lowest(findings).dmm()) {
        lines.push(say.say("more-clinics", &[]));
    }
    lines.push(say.say("more-error", &[]));
    lines.extend(advice(say, findings));
    lines.push(say.say("more-protocol", &[]));
    lines.into_iter().fold(card, Card::with)
}

fn lowest(findings: &Findings) -> Distance {
    let reaches = findings.legs.iter().map(|leg| leg.test.distance);
    reaches.min().unwrap_or(Distance::MAX)
}

fn values(say: Speaker, report: &LungeReport) -> Text {
    match report.findings.legs.as_slice() {
        [leg] if leg.test.side.is_none() => {
            let distance = leg.test.distance;
            say.say(
                "lunge-one",
                &[
                    ("reach", Arg::Text(say.reach(distance, report.unit))),
                    ("degrees", Arg::Words(say.degrees(distance.rule_angle()))),
                    ("rule", Arg::Key(rule_key(distance))),
                ],
            )
        }
        legs => Text::joined(
            legs.iter().map(|leg| leg_text(say, leg, report.unit)),
            " · ",
        ),
    }
}

fn leg_text(say: Speaker, leg: &LegFinding, unit: Unit) -> Text {
    let distance = leg.test.distance;
    let reach = ("reach", Arg::Text(say.reach(distance, unit)));
    let degrees = ("degrees", Arg::Words(say.degrees(distance.rule_angle())));
    match leg.test.side {
        Some(side) => say.say("lunge-leg", &[("side", side_key(side)), reach, degrees]),
        None => say.say("lunge-one", &[reach, degrees, ("rule", Arg::Key("plain"))]),
    }
}

/// Below 4.17 cm the rule reads low, above 15.0 cm too high.
fn rule_key(distance: Distance) -> &'static str {
    match distance.dmm() {
        ..=416 => "low",
        1_501.. => "high",
        _ => "plain",
    }
}

/// That the rule reads too high, where the first line has not said it. Where it reads low, the
/// words for a short reach say so.
fn rule_note(say: Speaker, findings: &Findings) -> Option<Text> {
    let mut sided = findings.legs.iter().filter(|leg| leg.test.side.is_some());
    let high = sided.any(|leg| rule_key(leg.test.distance) == "high");
    high.then(|| say.say("lunge-rule-high", &[]))
}

fn bands(say: Speaker, findings: &Findings, draft: Draft) -> Draft {
    let key = |band| ("band", Arg::Key(band_key(band)));
    let headline = findings.headline();
    let near_middle = |leg: &LegFinding| leg.band == Band::Middle && leg.near.is_some();
    let draft = match findings.legs.as_slice() {
        [leg] if near_middle(leg) => {
            let near = match leg.near {
                Some(near) if near.edge == Edge::Upper => "upper",
                Some(near) if near.on_it && leg.test.side.is_none() => "on",
                Some(near) if near.on_it => "on-side",
                _ => "lower",
            };
            draft.must(say.say("band-middle-near", &[("near", Arg::Key(near))]))
        }
        [leg] => draft.must(say.say("band-one", &[key(leg.band)])),
        [left, right] if band_key(left.band) == band_key(right.band) => {
            draft.must(say.say("band-both", &[key(headline)]))
        }
        legs => draft.must(Text::spaced(legs.iter().filter_map(|leg| {
            let side = ("side", side_key(leg.test.side?));
            Some(say.say("band-leg", &[side, key(leg.band)]))
        }))),
    };
    let physio = headline == Band::BelowMinimum;
    let draft = draft.maybe(2, physio.then(|| say.say("band-physio", &[])));
    let near = findings.legs.iter().any(|leg| leg.near.is_some());
    let said = matches!(findings.legs.as_slice(), [leg] if near_middle(leg));
    let draft = draft.maybe(4, (near && !said).then(|| say.say("near-line", &[])));
    oddities(say, findings, draft)
}

fn oddities(say: Speaker, findings: &Findings, mut draft: Draft) -> Draft {
    let mut said = Vec::new();
    for leg in &findings.legs {
        for odd in leg.odd.iter().filter(|odd| **odd != OddValue::VeryLong) {
            let spread = ("spread", Arg::Words(say.cm_of(leg.test.spread)));
            let line = match odd {
                OddValue::VeryShort => say.say("odd-very-short", &[]),
                OddValue::Jump => say.say("odd-jump", &[]),
                OddValue::Shaky => say.say("odd-shaky", &[spread]),
                OddValue::VeryLong => continue,
            };
            if !said.contains(&line) {
                draft = draft.nice(1, line.clone());
                said.push(line);
            }
        }
    }
    draft
}

fn comparisons(say: Speaker, findings: &Findings, draft: Draft) -> Draft {
    let legs = &findings.legs;
    let all =
        |matches: &dyn Fn(&Comparison) -> bool| legs.iter().all(|leg| matches(&leg.comparison));
    if all(&|c| matches!(c, Comparison::Baseline { other_state: false })) {
        return draft.nice(2, say.say("baseline", &[]));
    }
    if all(&|c| matches!(c, Comparison::Baseline { .. })) {
        let state = ("state", Arg::Key(findings.state.word()));
        return draft.nice(2, say.say("baseline-other-state", &[state]));
    }
    if all(&|c| matches!(c, Comparison::SameDay)) {
        return draft.nice(2, say.say("same-day", &[]));
    }
    let steady =
        |c: &Comparison| matches!(c, Comparison::Changed(c) if c.verdict == Verdict::Steady);
    let draft = if let Some(line) = alike(say, legs) {
        draft.nice(0, line)
    } else {
        let texts = legs
            .iter()
            .filter_map(|leg| comparison(say, findings, leg, legs.len()));
        let line = Text::spaced(texts);
        draft.maybe(0, (!line.is_empty()).then_some(line))
    };
    let changes = || {
        legs.iter().filter_map(|leg| match &leg.comparison {
            Comparison::Changed(change) => Some((leg, change)),
            _ => None,
        })
    };
    let fell = changes().any(|(_, change)| change.verdict == Verdict::RealDrop);
    let fell_again = changes().any(|(_, change)| change.second_fall);
    let fast = changes().any(|(_, change)| change.fast);
    let draft = if fell_again {
        draft.must(say.say("change-drop-again", &[]))
    } else {
        draft.maybe(2, fell.then(|| say.say("change-drop-advice", &[])))
    };
    let mut draft = draft.maybe(1, fast.then(|| say.say("change-fast", &[])));
    for (leg, change) in changes() {
        draft = draft.maybe(3, since_baseline(say, leg, change, legs.len()));
    }
    let gained = changes().any(|(_, change)| change.gain_since_baseline.is_some());
    let only_steady = all(&steady) && !gained && !fell_again;
    draft.maybe(5, only_steady.then(|| say.say("change-steady-normal", &[])))
}

/// Two legs with the same verdict, in one sentence.
fn alike(say: Speaker, legs: &[LegFinding]) -> Option<Text> {
    let [left, right] = legs else {
        return None;
    };
    let (Comparison::Changed(left), Comparison::Changed(right)) =
        (&left.comparison, &right.comparison)
    else {
        return None;
    };
    let sudden = !left.long_ago && !right.long_ago;
    (sudden && left.verdict == right.verdict).then(|| {
        let args = [
            ("verdict", Arg::Key(verdict_key(left.verdict))),
            ("left", Arg::Words(say.change(left.delta))),
            ("right", Arg::Words(say.change(right.delta))),
        ];
        say.say("change-both", &args)
    })
}

/// How one leg compares, as a sentence; of a single leg it needs no side.
fn comparison(say: Speaker, findings: &Findings, leg: &LegFinding, legs: usize) -> Option<Text> {
    let side = ("side", side_key(leg.test.side?));
    let change = match &leg.comparison {
        Comparison::UnknownSide | Comparison::Unconfirmed => return None,
        Comparison::Baseline { .. } => return Some(say.say("baseline-leg", &[side])),
        Comparison::SameDay if legs == 2 => return Some(say.say("same-day-leg", &[side])),
        Comparison::SameDay => return Some(say.say("same-day", &[])),
        // That it is still lower says more.
        Comparison::Changed(change) if change.second_fall && change.verdict == Verdict::Steady => {
            return None;
        }
        Comparison::Changed(change) => change,
    };
    let since = if change.long_ago {
        Arg::Key("day")
    } else {
        Arg::Key("none")
    };
    let day = say.date(change.since, findings.day);
    let args = [
        ("verdict", Arg::Key(verdict_key(change.verdict))),
        ("delta", Arg::Words(say.change(change.delta))),
        ("since", since),
        ("day", Arg::Words(day)),
        side,
    ];
    let id = if legs == 1 {
        "change-one"
    } else {
        "change-leg"
    };
    Some(say.say(id, &args))
}

fn since_baseline(say: Speaker, leg: &LegFinding, change: &Change, legs: usize) -> Option<Text> {
    let delta = ("delta", Arg::Words(say.change(change.gain_since_baseline?)));
    if legs == 1 {
        Some(say.say("change-since-baseline", &[delta]))
    } else {
        let side = ("side", side_key(leg.test.side?));
        Some(say.say("change-leg-since-baseline", &[side, delta]))
    }
}

const fn verdict_key(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::RealGain => "real-gain",
        Verdict::MaybeGain => "maybe-gain",
        Verdict::Steady => "steady",
        Verdict::MaybeDrop => "maybe-drop",
        Verdict::RealDrop => "real-drop",
    }
}

fn gap(say: Speaker, findings: &Findings, draft: Draft) -> Draft {
    let Some(gap) = &findings.gap else {
        return draft;
    };
    let (size, goes) = match gap.size {
        GapSize::Even => ("even", 5),
        GapSize::Small => ("small", 3),
        GapSize::Noticeable => ("noticeable", 1),
        GapSize::Large => ("large", 1),
    };
    let shorter = gap.shorter.unwrap_or(crate::measure::Side::Left);
    let args = [
        ("size", Arg::Key(size)),
        ("gap", Arg::Words(say.cm_of(gap.dmm))),
        ("side", side_key(shorter)),
    ];
    let draft = draft.nice(goes, say.say("gap", &args));
    let moved = gap.moved.map(|moved| {
        let by = ("moved", Arg::Words(say.cm_of(moved.abs())));
        say.say("gap-moved", &[by])
    });
    draft.maybe(8, moved)
}

/// What to do, by the leg that reaches less far. Whoever tests for the first time, or one leg that
/// nobody knows, gets the gentlest of it. A value that waits to be confirmed gets none, and neither
/// does who was just sent to a clinician.
fn advice(say: Speaker, findings: &Findings) -> Option<Text> {
    let fell_again = |leg: &LegFinding| matches!(&leg.comparison, Comparison::Changed(change) if change.second_fall);
    if findings.legs.iter().any(fell_again) {
        return None;
    }
    let unknown_side = findings.legs.iter().any(|leg| leg.test.side.is_none());
    let band = match findings.headline() {
        Band::Unlikely => return None,
        Band::BelowMinimum => "minimum",
        Band::AtMinimum => "short",
        Band::Limited => "limited",
        Band::Middle | Band::Long if unknown_side => "first",
        Band::Shorter => "shorter",
        Band::Middle => "middle",
        Band::Long => "long",
    };
    Some(say.say("advice", &[("band", Arg::Key(band))]))
}

fn age_note(say: Speaker, age: Option<AgeGroup>) -> Option<Text> {
    match age? {
        AgeGroup::From60 => Some(say.say("age-60", &[])),
        AgeGroup::Under18 => Some(say.say("age-under-18", &[])),
        AgeGroup::From18To59 => None,
    }
}

fn ask_inches(say: Speaker, findings: &Findings, question: &InchesQuestion) -> Text {
    match question.reaches.as_slice() {
        [only] => {
            let is_short = lowest(findings).dmm() < 700;
            let id = if is_short {
                "ask-inches"
            } else {
                "ask-inches-plain"
            };
            say.say(
                id,
                &[
                    ("inches", Arg::Words(question.typed.clone())),
                    ("cm", Arg::Words(say.cm(*only))),
                ],
            )
        }
        reaches => {
            let cm = |at: usize| Arg::Words(reaches.get(at).map_or(String::new(), |d| say.cm(*d)));
            say.say("ask-inches-two", &[("left", cm(0)), ("right", cm(1))])
        }
    }
}

fn buttons(say: Speaker, report: &LungeReport, card: Card) -> Card {
    let ids = ids(&report.entries);
    let button = |label: &str, line: String| Button::for_asker(say.label(label), line);
    let undo = button("button-undo", format!("undo {ids}"));
    let more = button("button-more", format!("more {ids}"));
    if report.inches.is_some() {
        return card.with_buttons([
            button("button-inches", format!("edit {ids} in")),
            button("button-centimetres", format!("edit {ids} cm")),
        ]);
    }
    let waiting = self::ids(&report.waiting);
    let confirm = (!report.waiting.is_empty())
        .then(|| button("button-confirm", format!("confirm {waiting}")))
        .flatten();
    if report
        .findings
        .legs
        .iter()
        .any(|leg| leg.test.side.is_none())
    {
        let side = |label, word: &str| button(label, format!("edit {ids} {word}"));
        return card
            .with_buttons([
                side("button-left", "left"),
                side("button-right", "right"),
                side("button-both", "both"),
            ])
            .with_buttons(if confirm.is_some() {
                [confirm, undo]
            } else {
                [undo, more]
            });
    }
    if confirm.is_some() {
        return card.with_buttons([confirm, undo]);
    }
    let share = button("button-share", format!("share {ids}")).map(Button::in_rooms_only);
    let fine = report.pain == Pain::None;
    let may_share = report.can_share && fine;
    card.with_buttons([share.filter(|_| may_share), undo, more.filter(|_| fine)])
}

/// Entry numbers as a command takes them: `812,813`.
pub(super) fn ids(entries: &[EntryId]) -> String {
    let ids: Vec<_> = entries.iter().map(EntryId::to_string).collect();
    ids.join(",")
}

/// The state of a session, for who needs its key.
#[must_use]
pub(super) fn state_key(state: State) -> Arg {
    Arg::Key(state.word())
}

#[cfg(test)]
#[path = "lunge_tests.rs"]
mod tests;
