use proptest::prelude::*;

use crate::card::{Size, plain};
use crate::club::Language;
use crate::command::{Command, Menu, challenge, club, me, parse, parse_line, remind};
use crate::words::{PRIVATE, Speaker, command_words, option_words};

#[test]
fn every_command_declares_who_may_read_its_answers() {
    let all: Vec<_> = Command::audiences()
        .into_iter()
        .chain(
            me::Me::audiences()
                .into_iter()
                .chain(club::Club::audiences())
                .chain(remind::Remind::audiences())
                .chain(challenge::Challenge::audiences()),
        )
        .collect();
    let lines: Vec<_> = all
        .iter()
        .map(|(name, audience)| format!("{name} {audience:?}"))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    Test Asker
    Done Asker
    Streak Asker
    Leaderboard Everyone
    History Asker
    Undo Asker
    Edit Asker
    Challenge Asker
    Me Asker
    Nudge Asker
    Export Asker
    Forget Asker
    Help Asker
    Club Asker
    Remind Asker
    Doctor Asker
    Again Asker
    Care Asker
    More Asker
    Share Everyone
    Confirm Asker
    Restore Asker
    Show Asker
    Settings Asker
    Pause Asker
    Resume Asker
    Leave Asker
    Show Asker
    Settings Asker
    Home Asker
    Break Asker
    Deputy Asker
    Set Asker
    List Asker
    Preview Asker
    Test Asker
    Pause Asker
    Resume Asker
    Remove Asker
    List Everyone
    Show Everyone
    Join Asker
    Leave Asker
    Create Everyone
    Cancel Everyone
    Name Asker
    ");
}

#[test]
fn the_tree_has_only_single_values_and_every_word_of_it_is_explained() {
    fn walk(command: &clap::Command) {
        for argument in command.get_arguments() {
            let one = argument
                .get_num_args()
                .is_none_or(|range| range.max_values() == 1);
            assert!(one, "{} takes several values", argument.get_id());
            let is_positional = argument.is_positional();
            assert_eq!(
                is_positional,
                argument.is_required_set(),
                "{}",
                argument.get_id()
            );
        }
        command.get_subcommands().for_each(walk);
    }
    walk(parse::tree());
    for language in Language::ALL {
        let say = Speaker::of(language);
        for command in Menu::of_members().callable() {
            assert!(
                !command_words(say, &command.path).starts_with("command-"),
                "{:?}",
                command.path
            );
            for option in &command.options {
                let words = option_words(say, &command.path, &option.name);
                assert!(
                    !words.starts_with("option-"),
                    "{:?} {}",
                    command.path,
                    option.name
                );
            }
        }
    }
}

proptest! {
    #[test]
    fn no_line_makes_the_grammar_panic(line in any::<String>()) {
        let _ = parse_line(&line);
    }

    #[test]
    fn no_likely_line_makes_the_grammar_panic(
        line in "(/ankle )?(test|edit|undo|me|history|help)?( (left|R|9,5|cm|3 1/2\"|on:|on:mon|--state|—|\"|x:y|warm|812)){0,6}"
    ) {
        let _ = parse_line(&line);
    }

    #[test]
    fn every_refusal_is_short_and_says_what_would_work(line in "(test |edit 1 |me settings |help |)[^\\x00]{0,60}") {
        if let Err(refusal) = parse_line(&line) {
            for language in Language::ALL {
                let card = refusal.card(Speaker::of(language));
                let size = Size::of(&card);
                prop_assert!(size.fits(PRIVATE), "{size:?} {}", plain(&card));
            }
        }
    }
}
