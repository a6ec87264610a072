use jiff::civil::date;

use super::*;
use crate::calendar::Zone;
use crate::card::plain;
use crate::club::{BoardKind, BoardTime, ChallengeId, Language, PersonId, Privacy, Score};
use crate::exercise::{Dose, Origin};

fn board(names: &[&str]) -> Board {
    let scores = names.iter().zip(0_u32..).map(|(name, at)| Score {
        person: PersonId(i64::from(at)),
        name: (*name).to_owned(),
        privacy: Privacy::Shown,
        score: 6 - at.min(1),
    });
    let day = (date(2026, 11, 24), Zone::utc());
    Board::of(BoardKind::CheckIns, BoardTime::Week, day, scores.collect())
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn the_daily_reminder_reads_as_it_should() {
    let names = owned(&["Mia", "Jonas", "Ana", "Tom", "Li", "Kim"]);
    let board = board(&["Mia", "Ana", "Jonas", "Tom"]);
    let post = Post {
        exercises: [Exercise::CalfStretch, Exercise::CalfRaise]
            .into_iter()
            .collect(),
        day: date(2026, 11, 24),
        mark: None,
        done: &names,
        people: 12,
        last_week: None,
        board: Some(&board),
        challenges: &[],
        id: Some(PostId(4_711)),
    };
    let card = post_card(Speaker::of(Language::En), &post);
    let buttons: Vec<_> = card
        .buttons
        .iter()
        .flatten()
        .map(|button| format!("[{}] {}", button.label, button.line()))
        .collect();
    insta::assert_snapshot!(format!("{}\n{}", plain(&card), buttons.join("\n")), @"
    Ankle minutes · Tue 24 Nov
    • Calf stretch: 30 s straight, 30 s bent, each leg. 3 sets
    • Calf raises on a step: up, then 10 slow seconds down, heels below the edge. 3 × 15
    New? 1 × 8 is a fine start. Skip them with heel pain or a fresh sprain; sharp pain means stop.
    Done today: 12 · Mia, Jonas, Ana, Tom, Li +7
    This week: Mia 6 · Ana 5 · Jonas 5
    [✓ Stretch] done stretch on:2026-11-24 post:4711
    [✓ Raises] done raise on:2026-11-24 post:4711
    [✓ Both] done stretch,raise on:2026-11-24 post:4711
    ");
}

/// The numbers in a sentence, smallest first.
fn numbers(sentence: &str) -> Vec<u8> {
    let digits = sentence.split(|c: char| !c.is_ascii_digit());
    let mut all: Vec<u8> = digits.filter_map(|number| number.parse().ok()).collect();
    all.sort_unstable();
    all
}

#[test]
fn every_dose_that_is_said_is_the_catalogues_in_every_language() {
    for language in Language::ALL {
        let say = Speaker::of(language);
        for exercise in Exercise::ALL {
            let said = crate::card::plain_text(&dose(say, exercise));
            let mut meant = match exercise.dose() {
                Dose::Circles { each_way } => vec![each_way],
                Dose::Raises {
                    sets,
                    times,
                    lowering,
                } => vec![sets, times, lowering],
                Dose::Holds {
                    sets,
                    straight,
                    bent,
                } => vec![sets, straight, bent],
                Dose::Timed {
                    sets,
                    most_sets,
                    seconds,
                    most_seconds,
                } => vec![sets, most_sets, seconds, most_seconds],
            };
            meant.sort_unstable();
            // What is from no more to no more than itself is said once.
            if let Dose::Timed { .. } = exercise.dose() {
                meant.dedup();
            }
            assert_eq!(numbers(&said), meant, "{said}");
            let is_noted = said.contains('(');
            assert_eq!(is_noted, exercise.origin() == Origin::Studies, "{said}");
        }
        let advice = |band| say.label_with("advice", &[("band", Arg::Key(band))]);
        let Dose::Circles { each_way } = Exercise::AnkleCircles.dose() else {
            panic!("circles are counted each way");
        };
        assert_eq!(numbers(&advice("first")), [each_way], "{}", advice("first"));
        let up_to = match language {
            Language::En => ["once", "twice", "three times"],
            Language::De => ["einmal", "zweimal", "dreimal"],
        };
        let most = up_to[usize::from(Exercise::CalfStretch.most_a_day()) - 1];
        assert!(advice("limited").contains(most), "{}", advice("limited"));
    }
}

fn challenge(title: &str, phase: Phase) -> ChallengeDay {
    ChallengeDay {
        id: ChallengeId(3),
        title: title.parse().unwrap(),
        phase,
        day: match phase {
            Phase::First => 1,
            Phase::HalfWay => 15,
            Phase::Last => 30,
        },
        last: date(2026, 11, 24),
        days: 30,
        total: 212,
        goal: 450,
    }
}

#[test]
fn a_challenge_rides_in_a_post_on_the_days_it_speaks_of() {
    let names = owned(&["Mia", "Jonas", "Ana", "Tom", "Li", "Kim"]);
    let board = board(&["Mia", "Ana", "Jonas", "Tom"]);
    let told = |challenges: &[ChallengeDay]| {
        let post = Post {
            exercises: Exercises::NONE.with(Exercise::CalfRaise),
            day: date(2026, 11, 24),
            mark: None,
            done: &names,
            people: 12,
            last_week: None,
            board: Some(&board),
            challenges,
            id: Some(PostId(1)),
        };
        let card = post_card(Speaker::of(Language::En), &post);
        let labels = card.buttons.iter().flatten();
        let labels: Vec<_> = labels.map(|one| format!("[{}]", one.label)).collect();
        format!("{}\n{}", plain(&card), labels.join(" "))
    };
    let title = "30 days of calf raises";
    insta::assert_snapshot!(told(&[challenge(title, Phase::First)]), @"
    Ankle minutes · Tue 24 Nov
    • Calf raises on a step: up, then 10 slow seconds down, heels below the edge. 3 × 15
    New? 1 × 8 is a fine start. Skip them with heel pain or a fresh sprain; sharp pain means stop.
    30 days of calf raises: day 1 of 30, goal 450 days together.
    Done today: 12 · Mia, Jonas, Ana, Tom, Li +7
    This week: Mia 6 · Ana 5 · Jonas 5
    [✓ Raises] [Join]
    ");
    insta::assert_snapshot!(told(&[challenge(title, Phase::HalfWay)]), @"
    Ankle minutes · Tue 24 Nov
    • Calf raises on a step: up, then 10 slow seconds down, heels below the edge. 3 × 15
    New? 1 × 8 is a fine start. Skip them with heel pain or a fresh sprain; sharp pain means stop.
    30 days of calf raises: half-way, 212 of 450 days.
    Done today: 12 · Mia, Jonas, Ana, Tom, Li +7
    This week: Mia 6 · Ana 5 · Jonas 5
    [✓ Raises]
    ");
    let near = |phase, day| ChallengeDay {
        day,
        last: date(2026, 11, 29),
        ..challenge("Roll on", phase)
    };
    for (phase, day, line) in [
        (Phase::First, 2, "day 2 of 30, goal 450 days together."),
        (Phase::HalfWay, 16, "past half-way, 212 of 450 days."),
        (Phase::Last, 25, "ends on Sun 29 Nov, 212 of 450 days."),
    ] {
        let told = told(&[near(phase, day)]);
        assert!(told.contains(&format!("Roll on: {line}\n")), "{told}");
    }
    let both = [
        challenge("Roll on", Phase::HalfWay),
        challenge(title, Phase::Last),
    ];
    insta::assert_snapshot!(told(&both), @"
    Ankle minutes · Tue 24 Nov
    • Calf raises on a step: up, then 10 slow seconds down, heels below the edge. 3 × 15
    New? 1 × 8 is a fine start. Skip them with heel pain or a fresh sprain; sharp pain means stop.
    30 days of calf raises: last day, 212 of 450 days.
    Roll on: half-way, 212 of 450 days.
    Done today: 12 · Mia +11
    This week: Mia 6
    [✓ Raises]
    ");
    let long = "Wolfeschlegelsteinhausenbergerdorff goes";
    let three = [long; 3].map(|title| challenge(title, Phase::HalfWay));
    assert_eq!(
        told(&three).matches("half-way").count(),
        2,
        "as many as there is room for"
    );
}

#[test]
fn whatever_it_reminds_of_a_post_fits_a_room_and_says_when_to_skip() {
    let long = ["Wolfeschlegelsteinhausen"; 8];
    let names = owned(&long);
    let board = board(&long);
    let title = "Wolfeschlegelsteinhausenbergerdorff goes";
    let phases = [Phase::First, Phase::HalfWay, Phase::Last];
    let challenges = phases.map(|phase| ChallengeDay {
        day: 29,
        last: date(2026, 9, 30),
        ..challenge(title, phase)
    });
    for bits in 1..32 {
        let exercises: Exercises = Exercise::ALL
            .into_iter()
            .enumerate()
            .filter(|(at, _)| bits & (1 << at) != 0)
            .map(|(_, one)| one)
            .collect();
        for language in Language::ALL {
            let post = Post {
                exercises,
                day: date(2026, 9, 30),
                mark: None,
                done: &names,
                people: 2_345,
                last_week: Some((2_345, 23_456)),
                board: Some(&board),
                challenges: &challenges,
                id: Some(PostId(12_345_678)),
            };
            let say = Speaker::of(language);
            let card = post_card(say, &post);
            let size = Size::of(&card);
            assert!(size.fits(ROOM), "{size:?}\n{}", plain(&card));
            let stop = if language == Language::En {
                "stop"
            } else {
                "aufhören"
            };
            assert!(plain(&card).contains(stop), "{}", plain(&card));
            assert!(plain(&card).contains(title), "{}", plain(&card));
            let buttons: Vec<_> = card.buttons.iter().flatten().collect();
            assert!(buttons.len() <= 5 && card.buttons.len() <= 2, "{buttons:?}");
            assert!(buttons.len() >= exercises.len() as usize, "{buttons:?}");
            for button in buttons {
                let read = crate::command::parse_line(button.line());
                assert!(read.is_ok(), "{}", button.line());
            }
        }
    }
}
