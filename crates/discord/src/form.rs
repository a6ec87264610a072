//! Forms: a window with one field, for the argument that a line lacks.
//!
//! A form carries the line it completes and the event that it began with. So it can be answered by any
//! process, and answered twice it is one event: the second time its first answer is given again.

use ankle_core::club::Language;
use ankle_core::command::Menu;
use ankle_core::words::{Speaker, option_words};
use serde_json::{Value, json};

use crate::render::{as_typed_here, cut};

/// What a form asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// The interaction with which it began.
    pub origin: String,
    /// Whether it was opened where we are no member: a submitted form does not say so itself.
    pub elsewhere: bool,
    /// The argument.
    pub argument: String,
    /// The line that it completes.
    pub line: String,
}

/// Begins the id of a form.
const FORM: char = '!';

/// Begins the id of a button that opens one. No button's wire begins so.
const OPENER: char = '?';

/// The longest id, in Discord's units.
const MAX_ID: usize = 100;

/// The longest title of a form, and the longest label of its field.
const MAX_TITLE: usize = 45;

/// The longest answer that is taken.
const MAX_ANSWER: u16 = 200;

impl Form {
    /// The id of the form.
    pub fn id(&self) -> String {
        self.written(FORM)
    }

    /// The id of a button that opens it.
    pub fn opener(&self) -> String {
        self.written(OPENER)
    }

    /// Reads the id of a form that was submitted.
    pub fn of_id(id: &str) -> Option<Self> {
        Self::read(id.strip_prefix(FORM)?)
    }

    /// Reads the id of a button that opens a form.
    pub fn of_opener(id: &str) -> Option<Self> {
        Self::read(id.strip_prefix(OPENER)?)
    }

    /// A line that is too long to travel loses its options: they can be given again.
    fn written(&self, mark: char) -> String {
        let place = if self.elsewhere { 'e' } else { 'r' };
        let head = format!("{mark}{place}{}|{}|", self.origin, self.argument);
        let whole = format!("{head}{}", self.line);
        if whole.encode_utf16().count() <= MAX_ID {
            return whole;
        }
        let path = path_of(&self.line).join(" ");
        cut(&format!("{head}{path}"), MAX_ID)
    }

    fn read(rest: &str) -> Option<Self> {
        let elsewhere = match rest.chars().next()? {
            'e' => true,
            'r' => false,
            _ => return None,
        };
        let mut parts = rest.get(1..)?.splitn(3, '|');
        let (origin, argument, line) = (parts.next()?, parts.next()?, parts.next()?);
        let is_id = !origin.is_empty() && origin.bytes().all(|b| b.is_ascii_digit());
        (is_id && !argument.is_empty() && !line.is_empty()).then(|| Self {
            origin: origin.to_owned(),
            elsewhere,
            argument: argument.to_owned(),
            line: line.to_owned(),
        })
    }

    /// The response that opens it.
    pub fn response(&self, language: Language) -> Value {
        let path = path_of(&self.line);
        let label = option_words(Speaker::of(language), &path, &self.argument);
        let field = json!({
            "type": 4,
            "custom_id": self.argument,
            "style": 1,
            "label": cut(&label, MAX_TITLE),
            "required": true,
            "max_length": MAX_ANSWER,
        });
        json!({
            "type": 9,
            "data": {
                "custom_id": self.id(),
                "title": cut(&as_typed_here(&format!("/ankle {}", path.join(" "))), MAX_TITLE),
                "components": [{ "type": 1, "components": [field] }],
            },
        })
    }
}

/// The words of a line that name its command.
fn path_of(line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (members, organisers) = (Menu::of_members(), Menu::of_organisers());
    let commands = members.callable().into_iter().chain(organisers.callable());
    let path = commands
        .map(|command| &command.path)
        .find(|path| words.len() >= path.len() && path.iter().zip(&words).all(|(a, b)| a == b));
    path.cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(line: &str) -> Form {
        Form {
            origin: "1200000000000000001".to_owned(),
            elsewhere: false,
            argument: "distance".to_owned(),
            line: line.to_owned(),
        }
    }

    #[test]
    fn a_form_comes_back_as_it_left() {
        let form = form("test on:yesterday");
        assert_eq!(Form::of_id(&form.id()), Some(form.clone()));
        assert_eq!(Form::of_opener(&form.opener()), Some(form.clone()));
        assert_eq!(Form::of_id(&form.opener()), None);
        assert!(ankle_core::card::read_wire(&form.opener()).is_err());
    }

    #[test]
    fn a_line_too_long_to_travel_loses_its_options() {
        let form = form(&format!("test on:{}", "x".repeat(200)));
        assert!(form.id().len() <= 100);
        assert_eq!(Form::of_id(&form.id()).unwrap().line, "test");
    }

    #[test]
    fn a_form_asks_in_words_that_fit() {
        for language in Language::ALL {
            let response = form("test").response(language);
            let data = &response["data"];
            assert_eq!(data["title"], "/ankle test");
            let label = data["components"][0]["components"][0]["label"].as_str();
            assert!(
                label
                    .is_some_and(|l| !l.is_empty() && l.chars().count() <= 45 && !l.ends_with('…'))
            );
        }
    }

    #[test]
    fn a_form_is_titled_as_its_command_is_typed_here() {
        let title = |line| form(line).response(Language::En)["data"]["title"].clone();
        assert_eq!(title("test on:yesterday"), "/ankle test");
        assert_eq!(title("remind set days:mon"), "/ankle-club remind set");
        assert_eq!(title("challenge create"), "/ankle-club challenge create");
        assert_eq!(title("challenge join"), "/ankle challenge join");
    }

    proptest! {
        #[test]
        fn no_id_makes_the_reader_panic(id in any::<String>()) {
            let _ = (Form::of_id(&id), Form::of_opener(&id));
            let _ = (Form::of_id(&format!("!{id}")), Form::of_opener(&format!("?r{id}")));
        }
    }
}
