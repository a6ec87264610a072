use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{self, Entry};
use fluent_syntax::parser;
use proptest::prelude::*;

use super::*;

/// The messages of a file, each with the arguments it uses.
pub(super) fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let resource = parser::parse(file(language)).expect("the file is sound");
    let mut all = BTreeMap::new();
    for entry in &resource.body {
        if let Entry::Message(message) = entry {
            let mut arguments = BTreeSet::new();
            if let Some(pattern) = &message.value {
                arguments_of(pattern, &mut arguments);
            }
            let twice = all.insert(message.id.name.to_owned(), arguments);
            assert!(twice.is_none(), "{} is there twice", message.id.name);
        }
    }
    all
}

fn arguments_of(pattern: &ast::Pattern<&str>, into: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let ast::PatternElement::Placeable { expression } = element {
            match expression {
                ast::Expression::Inline(inline) => argument_of(inline, into),
                ast::Expression::Select { selector, variants } => {
                    argument_of(selector, into);
                    for variant in variants {
                        arguments_of(&variant.value, into);
                    }
                }
            }
        }
    }
}

fn argument_of(inline: &ast::InlineExpression<&str>, into: &mut BTreeSet<String>) {
    match inline {
        ast::InlineExpression::VariableReference { id } => {
            into.insert(id.name.to_owned());
        }
        ast::InlineExpression::MessageReference { id, .. } => {
            into.insert(format!("message {}", id.name));
        }
        _ => {}
    }
}

#[test]
fn every_language_says_everything_with_the_same_arguments() {
    let english = messages(Language::En);
    for language in Language::ALL {
        let other = messages(language);
        let code = language.code();
        for (id, arguments) in &english {
            assert_eq!(other.get(id), Some(arguments), "{id} in {code}");
        }
        assert_eq!(other.len(), english.len(), "{code} has messages of its own");
    }
}

#[test]
fn no_file_holds_a_character_that_marks_arguments() {
    for language in Language::ALL {
        let marked = |c: char| (FIRST_MARK..=LAST_MARK).contains(&u32::from(c));
        assert!(!file(language).contains(marked));
    }
}

#[test]
fn an_argument_stays_a_span_of_its_own() {
    let name = "*_`x`</b>\u{202e}@everyone".to_owned();
    let text = Speaker::of(Language::En).say(
        "share",
        &[
            ("name", Arg::Name(name.clone())),
            ("legs", Arg::Words("9.0 cm".into())),
        ],
    );
    assert_eq!(
        text.0,
        [
            Span::Name(name),
            Span::Text(" logged a knee-to-wall test: 9.0 cm. Try yours: ".to_owned()),
            Span::Command("/ankle test".to_owned()),
        ]
    );
}

proptest! {
    #[test]
    fn whatever_people_call_themselves_comes_out_as_they_wrote_it(name in any::<String>()) {
        let legs = ("legs", Arg::Words("9.0 cm".into()));
        let text = Speaker::of(Language::En).say("share", &[("name", Arg::Name(name.clone())), legs]);
        prop_assert_eq!(text.0.first(), Some(&Span::Name(name)));
    }
}

#[test]
fn each_argument_stands_in_its_own_place_however_many_there_are() {
    let args: Vec<_> = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]
        .map(|word| Arg::Words(word.to_owned()))
        .into();
    let mut put = Vec::new();
    let marks: String = args
        .iter()
        .map(|arg| match value(arg, &mut put) {
            FluentValue::String(mark) => mark.into_owned(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(into_text(&marks, &put), Text::plain("abcdefghij"));
}

#[test]
fn an_argument_between_backticks_belongs_to_the_command() {
    let name = Arg::Name("Mia".to_owned());
    let text = into_text("see `/ankle \u{E000}` or `x", &[&name]);
    let spans = [
        Span::Text("see ".to_owned()),
        Span::Command("/ankle Mia".to_owned()),
        Span::Text(" or ".to_owned()),
        Span::Command("x".to_owned()),
    ];
    assert_eq!(text.0, spans);
}
