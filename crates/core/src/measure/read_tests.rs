use super::*;
use crate::measure::{Impossible, Reach};
use proptest::prelude::*;

fn read(text: &str) -> Result<LungeReading, ReadError> {
    text.parse()
}

/// Sides, distances in dmm, state and pain, in one short line.
fn told(text: &str) -> String {
    match read(text) {
        Err(error) => format!("{error}"),
        Ok(reading) => match reading.reaches(Unit::Cm) {
            Err(Impossible::Negative { typed }) => format!("{typed} is negative"),
            Err(Impossible::TooFar { typed, unit, meant }) => {
                let meant = meant.map_or("nothing", Unit::symbol);
                format!("{typed} {} is too far, meant {meant}", unit.symbol())
            }
            Ok(reaches) => {
                let legs: Vec<_> = reaches.iter().map(leg_told).collect();
                let state = reading
                    .state
                    .map_or(String::new(), |s| format!(" {}", s.word()));
                let pain = if reading.hurts { " hurts" } else { "" };
                format!("{}{state}{pain}", legs.join(" "))
            }
        },
    }
}

fn leg_told(reach: &Reach) -> String {
    let side = reach.side.map_or("?", Side::word);
    format!("{side}:{}x{}", reach.distance.dmm(), reach.tries)
}

#[test]
fn every_form_that_runners_type_is_read() {
    let forms = [
        "9",
        "9cm",
        "9 cm",
        "9,5cm",
        "95mm",
        "3.5in",
        "3½\"",
        "3 1/2\"",
        "3 ½ in",
        "3-1/2 inches",
        "left 9 right 10.5",
        "L9 9.4 9.2 R10",
        "L9 9.4 9.2 R10,5 warm",
        "left 3 1/2\" right 4\"",
        "9cm left",
        "9 left 10.5 right",
        "10.5 right",
        "links 9 rechts 10,5 kalt",
        "both 9",
        "izq 9 der 10",
        "L: 9, R: 10.5",
        "left=9 right=10",
        "l9r10",
        "3 3.5 4in",
        "R 9.0, 9.4, 10.6",
        "9cm.",
        "left leg 9 and right leg 10",
        "9 9.4 9.2",
        "0",
        "25",
        "9 , 10",
        "6cm sharp pain heel",
        "6cm, no pain",
        "6cm left hurts at the back",
        "6cm left no sharp pain",
        "6cm left pain free",
        "6cm left didn't hurt",
        "9.0,9.4,10.6 left",
        "9 10 left",
    ];
    let lines: Vec<_> = forms
        .iter()
        .map(|f| format!("{f:<34}{}", told(f)))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    9                                 ?:900x1
    9cm                               ?:900x1
    9 cm                              ?:900x1
    9,5cm                             ?:950x1
    95mm                              ?:950x1
    3.5in                             ?:889x1
    3½"                               ?:889x1
    3 1/2"                            ?:889x1
    3 ½ in                            ?:889x1
    3-1/2 inches                      ?:889x1
    left 9 right 10.5                 left:900x1 right:1050x1
    L9 9.4 9.2 R10                    left:920x3 right:1000x1
    L9 9.4 9.2 R10,5 warm             left:920x3 right:1050x1 warm
    left 3 1/2" right 4"              left:889x1 right:1016x1
    9cm left                          left:900x1
    9 left 10.5 right                 left:900x1 right:1050x1
    10.5 right                        right:1050x1
    links 9 rechts 10,5 kalt          left:900x1 right:1050x1 cold
    both 9                            left:900x1 right:900x1
    izq 9 der 10                      left:900x1 right:1000x1
    L: 9, R: 10.5                     left:900x1 right:1050x1
    left=9 right=10                   left:900x1 right:1000x1
    l9r10                             left:900x1 right:1000x1
    3 3.5 4in                         ?:889x3
    R 9.0, 9.4, 10.6                  right:967x3
    9cm.                              ?:900x1
    left leg 9 and right leg 10       left:900x1 right:1000x1
    9 9.4 9.2                         ?:920x3
    0                                 ?:0x1
    25                                ?:2500x1
    9 , 10                            ?:950x2
    6cm sharp pain heel               ?:600x1 hurts
    6cm, no pain                      ?:600x1
    6cm left hurts at the back        left:600x1 hurts
    6cm left no sharp pain            left:600x1
    6cm left pain free                left:600x1
    6cm left didn't hurt              left:600x1
    9.0,9.4,10.6 left                 left:967x3
    9 10 left                         left:950x2
    "#);
}

#[test]
fn what_cannot_be_read_is_named() {
    let forms = [
        "nine-ish",
        "1e308",
        "\"",
        "9..5",
        "9-10",
        "",
        "left",
        "left 9 right",
        "both 9 left 8",
        "9 left 10",
        "9 9 9 9",
        "-1cm",
        "27",
        "27cm",
        "11in",
        "300mm",
        "4000",
        "🦶",
        "9 🦶",
        "9cm kaputt",
        "pain",
        "9,,5",
        "9.4.2",
        "left 9 pain 7x7",
    ];
    let lines: Vec<_> = forms
        .iter()
        .map(|f| format!("{f:<16}{}", told(f)))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    nine-ish        the word "nine-ish" means nothing here
    1e308           the word "1e308" means nothing here
    "               the word "\"" means nothing here
    9..5            the word "9..5" means nothing here
    9-10            the word "9-10" means nothing here
                    there is no number in it
    left            there is no number in it
    left 9 right    it is not clear which number belongs to which leg
    both 9 left 8   it is not clear which number belongs to which leg
    9 left 10       it is not clear which number belongs to which leg
    9 9 9 9         more than three tries of one leg
    -1cm            -1cm is negative
    27              27 cm is too far, meant mm
    27cm            27cm cm is too far, meant mm
    11in            11in in is too far, meant cm
    300mm           300mm mm is too far, meant nothing
    4000            4000 cm is too far, meant nothing
    🦶               the word "🦶" means nothing here
    9 🦶             the word "🦶" means nothing here
    9cm kaputt      the word "kaputt" means nothing here
    pain            there is no number in it
    9,,5            the word "9,,5" means nothing here
    9.4.2           the word "9.4.2" means nothing here
    left 9 pain 7x7 the word "7x7" means nothing here
    "#);
}

#[test]
fn trials_are_averaged_exactly_and_rounded_once() {
    let reach = &read("R 9.0 9.4 10.6").unwrap().reaches(Unit::Cm).unwrap()[0];
    assert_eq!((reach.distance.dmm(), reach.spread), (967, 160));
    assert_eq!(reach.typed, "9.0, 9.4, 10.6");
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        let _ = told(&text);
    }

    #[test]
    fn no_likely_text_makes_the_reader_panic(text in "[lLrRb0-9.,/½ \"cmin-]{0,40}") {
        let _ = told(&text);
    }

    #[test]
    fn what_is_written_is_what_is_read(dmm in 0_i64..=2_500, left in any::<bool>()) {
        let side = if left { "left" } else { "right" };
        let text = format!("{side} {}.{:02}cm", dmm / 100, dmm % 100);
        prop_assert_eq!(told(&text), format!("{side}:{dmm}x1"));
    }
}
