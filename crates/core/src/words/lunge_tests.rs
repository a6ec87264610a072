use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::assess::{LegTest, Past, assess};
use crate::card::{Size, plain};
use crate::club::Language;
use crate::measure::{LungeReading, Reach, Side};

const TODAY: Date = date(2026, 11, 24);
const EN: Speaker = Speaker::of(Language::En);

fn reaches(typed: &str) -> Vec<Reach> {
    let reading: LungeReading = typed.parse().unwrap();
    reading.reaches(Unit::Cm).unwrap()
}

fn report(typed: &str, past: &[(Date, &str)]) -> LungeReport {
    let tests: Vec<_> = reaches(typed)
        .iter()
        .map(|reach| LegTest {
            side: reach.side,
            distance: reach.distance,
            spread: reach.spread,
            confirmed: Band::of(reach.distance) != Band::Unlikely,
        })
        .collect();
    let past_of = |side: Side| Past {
        tests: past
            .iter()
            .flat_map(|(day, typed)| reaches(typed).into_iter().map(move |r| (*day, r)))
            .filter(|(_, reach)| reach.side == Some(side))
            .map(|(day, reach)| (day, reach.distance))
            .collect(),
        in_the_other_state: false,
    };
    LungeReport {
        findings: assess(TODAY, State::Cold, &tests, past_of),
        entries: (812..).take(tests.len()).map(EntryId).collect(),
        waiting: (812..)
            .zip(&tests)
            .filter(|(_, test)| !test.confirmed)
            .map(|(id, _)| EntryId(id))
            .collect(),
        is_first: past.is_empty(),
        unit: reaches(typed)[0].unit,
        pain: Pain::None,
        inches: None,
        age: None,
        can_share: true,
        zone_is_unset: false,
        today: TODAY,
    }
}

fn shown(say: Speaker, report: &LungeReport) -> String {
    let card = lunge_card(say, report);
    let rows: Vec<_> = card
        .buttons
        .iter()
        .map(|row| {
            let buttons: Vec<_> = row.iter().map(|b| format!("[{}]", b.label)).collect();
            buttons.join(" ")
        })
        .collect();
    format!("{}\n{}", plain(&card), rows.join("\n"))
}

#[test]
fn r1_one_leg_of_an_unknown_side() {
    insta::assert_snapshot!(shown(EN, &report("9cm", &[])), @"
    9.0 cm · about 32.4° (3.6° per cm)
    In the middle range for healthy adults, right on its lower line: one test can't tell.
    Saved as your baseline. Retest in 14 days.
    Before runs: 10 ankle circles each way.
    Which leg was it?
    [Left] [Right] [Both]
    [Undo] [More]
    ");
}

#[test]
fn r2_both_legs_a_fortnight_later() {
    let before = [(date(2026, 11, 10), "L9.2 R9")];
    insta::assert_snapshot!(shown(EN, &report("L9.4 R10.5", &before)), @"
    Left 9.4 cm ≈ 33.8° · Right 10.5 cm ≈ 37.8°
    Both in the middle range.
    Left: steady. Right: +1.5 cm, leaning up, but still inside measurement error.
    Side gap 1.1 cm: small and common.
    Before runs: circles, then bounds. Stretch if you like.
    [Share] [Undo] [More]
    ");
}

#[test]
fn r8_a_bare_number_that_may_be_inches() {
    let mut four = report("4", &[]);
    four.inches = Some(InchesQuestion {
        typed: "4".to_owned(),
        reaches: vec![Distance::from_dmm(1_016).unwrap()],
    });
    insta::assert_snapshot!(shown(EN, &four), @"
    4.0 cm · about 14.4° (the rule reads low here)
    That is a short reach. Did you mean 4 inches (10.2 cm)?
    [Yes, inches] [No, cm]
    ");
}

#[test]
fn german_writes_its_own_numbers() {
    let say = Speaker::of(Language::De);
    let before = [(date(2026, 11, 10), "L9.2 R9")];
    insta::assert_snapshot!(shown(say, &report("L9.4 R10.5", &before)), @"
    Links 9,4 cm ≈ 33,8° · Rechts 10,5 cm ≈ 37,8°
    Beide im mittleren Bereich.
    Links: gleich. Rechts: +1,5 cm, eher mehr, noch im Messfehler.
    Seitenabstand 1,1 cm: klein, häufig.
    Vor dem Laufen: Fußkreise, dann Sprünge. Dehnen nach Lust.
    [Teilen] [Zurücknehmen] [Mehr]
    ");
}

#[test]
fn pain_takes_the_place_of_every_band_and_every_advice() {
    let mut sore = report("6cm left", &[]);
    sore.pain = Pain::Now;
    insta::assert_snapshot!(shown(EN, &sore), @"
    Left 6.0 cm ≈ 21.6°
    Thanks for saying so. Your number is saved. Please stop testing, and see a clinician before you test again.
    [Undo]
    ");
}

#[test]
fn every_shape_of_answer_in_both_languages() {
    let fortnight = |typed| vec![(date(2026, 11, 10), typed)];
    let week = |typed| vec![(date(2026, 11, 17), typed)];
    let cases: Vec<(&str, Vec<(Date, &str)>)> = vec![
        ("0", vec![]),
        ("2.5 left", vec![]),
        ("L 2.7 R 2.8", vec![]),
        ("L 4.1 R 4.2", vec![]),
        ("5 right", vec![]),
        ("both 3.5 in", vec![]),
        ("L 4in R 5in", vec![]),
        ("L 12 R 10", vec![]),
        ("L 12 R 8.5", vec![]),
        ("10.9 right", fortnight("9 right")),
        ("12 right", week("10 right")),
        ("9 right", fortnight("11 right")),
        (
            "9 right",
            vec![
                (date(2026, 10, 10), "11 right"),
                (date(2026, 11, 20), "9 right"),
            ],
        ),
        ("9.8 right", fortnight("11 right")),
        ("L 12.1 R 12", fortnight("L 12 R 12.2")),
        (
            "L 15 R 14",
            vec![
                (date(2026, 11, 10), "L 12 R 10"),
                (date(2026, 11, 17), "L 12 R 12"),
            ],
        ),
        (
            "10.9 left",
            vec![(date(2026, 8, 1), "9 left"), (date(2026, 9, 1), "10 left")],
        ),
        ("9 left", vec![(TODAY, "8 left")]),
        ("18.5 left", vec![]),
        ("L 18.5 R 18.6", vec![]),
        ("15.2", vec![]),
        ("15.2 left", vec![]),
        ("R 9.0, 9.4, 10.6", vec![]),
        ("14.5 left", fortnight("9 left")),
        ("L 10 R 10", fortnight("L 9 R 10.5")),
        ("8.89 left", vec![]),
    ];
    let mut pages = Vec::new();
    for language in Language::ALL {
        let say = Speaker::of(language);
        for (typed, past) in &cases {
            let report = report(typed, past);
            let size = Size::of(&lunge_card(say, &report));
            assert!(
                size.fits(PRIVATE),
                "{typed} in {}: {size:?}",
                language.code()
            );
            let (chars, lines) = (size.characters, size.phone_lines);
            let before: Vec<_> = past.iter().map(|(d, t)| format!("{t} on {d}")).collect();
            let before = before.join(", ");
            let text = shown(say, &report);
            pages.push(format!(
                "--- {typed} [{before}] {chars} characters, {lines} lines\n{text}"
            ));
        }
    }
    insta::assert_snapshot!(pages.join("\n"));
}

proptest! {
    #[test]
    fn no_answer_is_longer_than_a_private_answer_may_be(
        left in 0_u32..2_501, right in 0_u32..2_501, before in 0_u32..2_501,
        days in 1_i64..400, german in any::<bool>(), under_18 in any::<bool>(), unset in any::<bool>(),
    ) {
        let typed = |dmm: u32| format!("{}.{:02}", dmm / 100, dmm % 100);
        let line = format!("L {} R {}", typed(left), typed(right));
        let past = format!("both {}", typed(before));
        let day = TODAY.saturating_sub(jiff::Span::new().days(days));
        let mut report = report(&line, &[(day, &past)]);
        report.age = under_18.then_some(AgeGroup::Under18);
        report.zone_is_unset = unset;
        let say = Speaker::of(if german { Language::De } else { Language::En });
        let size = Size::of(&lunge_card(say, &report));
        prop_assert!(size.fits(PRIVATE), "{line} {past}: {size:?}\n{}", shown(say, &report));
    }
}
