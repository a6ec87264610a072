use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::club::{PersonId, Privacy};

fn read(typed: &str) -> Result<String, TitleError> {
    typed.parse().map(|title: Title| title.to_string())
}

#[test]
fn a_title_is_plain_words_of_any_language() {
    assert_eq!(
        read("  30 days  of calf\traises "),
        Ok("30 days of calf raises".into())
    );
    assert_eq!(
        read("Wadenwoche: Los geht's!"),
        Ok("Wadenwoche: Los geht's!".into())
    );
    assert_eq!(read("Щиколотка 🏔️ 30"), Ok("Щиколотка 🏔️ 30".into()));
    for hostile in [
        "@everyone raise",
        "<b>raises</b>",
        "`rm`",
        "**raises**",
        "||raises||",
        "[x](https://x.y)",
        "raise\u{202e}sesiar",
        "rai\u{200b}ses",
        "r\u{301}\u{302}\u{303}aises",
        "\u{e001}raises",
    ] {
        assert_eq!(read(hostile), Err(TitleError::NotPlain), "{hostile:?}");
    }
    for nothing in ["", "  ", "!!!", "…"] {
        assert_eq!(read(nothing), Err(TitleError::Empty), "{nothing:?}");
    }
    assert_eq!(read(&"a".repeat(40)), Ok("a".repeat(40)));
    assert_eq!(read(&"a".repeat(41)), Err(TitleError::TooLong));
    let key = |typed: &str| typed.parse::<Title>().unwrap().key();
    assert_eq!(
        key("30 Days of calf-raises!"),
        key("30 days of calf raises")
    );
    assert_ne!(key("30 days"), key("3 days"));
}

#[test]
fn a_bar_is_full_at_the_goal_and_not_before() {
    let cells = [0, 1, 44, 45, 449, 450, 900].map(|total| filled(total, 450, 10));
    assert_eq!(cells, [0, 0, 0, 1, 9, 10, 10]);
    assert_eq!(filled(u32::MAX, 1, 10), 10);
    assert_eq!(filled(1, 0, 10), 10);
}

#[test]
fn a_day_counts_once_whichever_of_the_exercises_were_done() {
    let challenge = Challenge {
        id: ChallengeId(1),
        club: ClubId(1),
        title: "x".parse().unwrap(),
        exercises: ReadyMade::Both.exercises(),
        first: date(2026, 11, 10),
        days: 5,
        goal: 10,
        state: ChallengeState::Open,
    };
    let mut diary = Diary::default();
    let one = |exercise| Exercises::NONE.with(exercise);
    diary.set(date(2026, 11, 9), one(Exercise::CalfRaise));
    diary.set(date(2026, 11, 10), ReadyMade::Both.exercises());
    diary.set(date(2026, 11, 11), one(Exercise::CalfStretch));
    diary.set(date(2026, 11, 12), one(Exercise::FoamRoll));
    diary.set(date(2026, 11, 14), one(Exercise::CalfRaise));
    diary.set(date(2026, 11, 15), one(Exercise::CalfRaise));
    let done = |breaks: &[crate::exercise::Rest]| {
        challenge.days_done(
            &Course::new(challenge.first, challenge.days, breaks),
            &diary,
        )
    };
    assert_eq!(done(&[]), 3);
    let rest = crate::exercise::Rest {
        first: date(2026, 11, 11),
        last: Some(date(2026, 11, 11)),
    };
    assert_eq!(
        done(&[rest]),
        3,
        "a day of the break less, and one more at the end"
    );
}

#[test]
fn the_goal_of_a_ready_made_one_goes_by_how_many_there_are() {
    let goals = [0, 3, 8, 150].map(|active| ReadyMade::Raises.goal(active));
    assert_eq!(goals, [50, 50, 120, 2_250]);
    for one in ReadyMade::ALL {
        assert_eq!(ReadyMade::from_word(one.word()), Some(one));
        assert!(one.goal(u32::MAX) <= HIGHEST_GOAL && !one.exercises().is_empty());
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic_and_a_title_reads_as_itself(text in any::<String>()) {
        if let Ok(title) = text.parse::<Title>() {
            prop_assert!(title.as_str().chars().count() <= LONGEST_TITLE);
            prop_assert_eq!(title.as_str().parse(), Ok(title.clone()));
        }
    }

    #[test]
    fn the_total_is_of_all_and_ranks_are_a_boards(
        scores in prop::collection::vec((0_u32..9, any::<bool>()), 0..40)
    ) {
        let all: Vec<_> = scores.iter().zip(0..).map(|((score, hidden), id)| Score {
            person: PersonId(id),
            name: format!("n{id}"),
            privacy: if *hidden { Privacy::Hidden } else { Privacy::Shown },
            score: *score,
        }).collect();
        let today = (date(2026, 11, 24), Zone::utc());
        let standing = ChallengeStanding::of(all.clone(), today.clone());
        prop_assert_eq!(standing.total, scores.iter().map(|one| one.0).sum::<u32>());
        prop_assert_eq!(standing.joined as usize, scores.len());
        let board = Board::of(BoardKind::CheckIns, BoardTime::All, today, all);
        prop_assert_eq!(standing.board, board);
    }
}
