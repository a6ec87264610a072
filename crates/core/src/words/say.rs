use std::borrow::Cow;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::card::{Span, Text};
use crate::club::Language;

type Bundle = FluentBundle<FluentResource>;

/// The first of the private-use characters that stand for arguments while a sentence is made.
const FIRST_MARK: u32 = 0xE000;
const LAST_MARK: u32 = 0xF8FF;

/// As many of them as most sentences need, ready made.
const MARKS: [&str; 8] = [
    "\u{E000}", "\u{E001}", "\u{E002}", "\u{E003}", "\u{E004}", "\u{E005}", "\u{E006}", "\u{E007}",
];

/// Somebody who speaks one language.
#[derive(Clone, Copy)]
pub struct Speaker {
    language: Language,
}

/// What is put into a sentence.
#[derive(Clone, Debug)]
pub enum Arg {
    /// Chooses between variants; never shown.
    Key(&'static str),
    /// A number that plurals go by.
    Count(i64),
    /// Words, taken as they are.
    Words(String),
    /// What somebody typed or calls himself.
    Name(String),
    /// Spans.
    Text(Text),
}

impl Arg {
    /// A command to type.
    #[must_use]
    pub fn command(line: impl Into<String>) -> Self {
        Self::Text(Text(vec![Span::Command(line.into())]))
    }
}

impl Speaker {
    /// A speaker of `language`.
    #[must_use]
    pub const fn of(language: Language) -> Self {
        Self { language }
    }

    /// The language.
    #[must_use]
    pub const fn language(self) -> Language {
        self.language
    }

    /// Says the message `id` of the language's file.
    ///
    /// A message that is missing there is said in English; one that is missing everywhere is said
    /// as its id and reported in the log. Tests see to it that neither happens.
    #[must_use]
    pub fn say(self, id: &str, args: &[(&'static str, Arg)]) -> Text {
        #[cfg(test)]
        said::note(id);
        let mut put = Vec::with_capacity(args.len());
        let mut values = FluentArgs::with_capacity(args.len());
        for (name, arg) in args {
            values.set(*name, value(arg, &mut put));
        }
        let sentence = self.sentence(id, &values);
        into_text(&sentence, &put)
    }

    /// Says a message without arguments as plain words: a label.
    #[must_use]
    pub fn label(self, id: &str) -> String {
        crate::card::plain_text(&self.say(id, &[]))
    }

    /// Says a message as plain words: a label with something in it.
    #[must_use]
    pub fn label_with(self, id: &str, args: &[(&'static str, Arg)]) -> String {
        crate::card::plain_text(&self.say(id, args))
    }

    fn sentence<'a>(self, id: &'a str, values: &FluentArgs<'_>) -> Cow<'a, str> {
        for language in [self.language, Language::En] {
            let bundle = bundle(language);
            let message = bundle.get_message(id).and_then(|m| m.value());
            if let Some(pattern) = message {
                let mut errors = Vec::new();
                let sentence = bundle.format_pattern(pattern, Some(values), &mut errors);
                if !errors.is_empty() {
                    tracing::error!(message = id, ?errors, "a sentence lacks an argument");
                }
                return sentence;
            }
        }
        tracing::error!(message = id, "no language has this message");
        Cow::Borrowed(id)
    }
}

/// What `fluent` is given for an argument: what it chooses by, or a mark in the place of what is to be put in.
fn value<'a>(arg: &'a Arg, put: &mut Vec<&'a Arg>) -> FluentValue<'static> {
    match arg {
        Arg::Key(key) => FluentValue::from(*key),
        Arg::Count(count) => FluentValue::from(*count),
        Arg::Words(_) | Arg::Name(_) | Arg::Text(_) => {
            let at = put.len();
            put.push(arg);
            if let Some(mark) = MARKS.get(at) {
                return FluentValue::from(*mark);
            }
            let mark = FIRST_MARK + u32::try_from(at).unwrap_or(0);
            FluentValue::from(char::from_u32(mark).unwrap_or(' ').to_string())
        }
    }
}

/// Puts the arguments where their marks are, and makes commands of what stands between backticks.
fn into_text(sentence: &str, put: &[&Arg]) -> Text {
    let is_mark = |c: char| (FIRST_MARK..=LAST_MARK).contains(&u32::from(c));
    let mut text = Text(Vec::with_capacity(1));
    // What stands after a backtick whose other has not come.
    let mut command: Option<String> = None;
    let mut rest = sentence;
    loop {
        let end = rest.find(|c| c == '`' || is_mark(c));
        let (words, from) = rest.split_at(end.unwrap_or(rest.len()));
        match &mut command {
            Some(command) => command.push_str(words),
            None => push_words(&mut text, words),
        }
        let mut after = from.chars();
        let Some(c) = after.next() else { break };
        rest = after.as_str();
        if is_mark(c) {
            if let Some(arg) = put.get((u32::from(c) - FIRST_MARK) as usize) {
                put_in(&mut text, &mut command, arg);
            }
        } else {
            match command.take() {
                Some(whole) => push_command(&mut text, whole),
                None => command = Some(String::new()),
            }
        }
    }
    if let Some(whole) = command {
        push_command(&mut text, whole);
    }
    text
}

fn put_in(text: &mut Text, command: &mut Option<String>, arg: &Arg) {
    match (arg, command) {
        (Arg::Key(_) | Arg::Count(_), _) => {}
        (Arg::Words(words) | Arg::Name(words), Some(command)) => command.push_str(words),
        (Arg::Text(spans), Some(command)) => command.push_str(&crate::card::plain_text(spans)),
        (Arg::Words(words), None) => push_words(text, words),
        (Arg::Name(name), None) => text.0.push(Span::Name(name.clone())),
        (Arg::Text(spans), None) => {
            for span in &spans.0 {
                match span {
                    Span::Text(words) => push_words(text, words),
                    span => text.0.push(span.clone()),
                }
            }
        }
    }
}

/// Words after words are one span.
fn push_words(text: &mut Text, words: &str) {
    match text.0.last_mut() {
        _ if words.is_empty() => {}
        Some(Span::Text(before)) => before.push_str(words),
        _ => text.0.push(Span::Text(words.to_owned())),
    }
}

fn push_command(text: &mut Text, whole: String) {
    if !whole.is_empty() {
        text.0.push(Span::Command(whole));
    }
}

fn bundle(language: Language) -> &'static Bundle {
    static EN: OnceLock<Bundle> = OnceLock::new();
    static DE: OnceLock<Bundle> = OnceLock::new();
    let bundle = match language {
        Language::En => &EN,
        Language::De => &DE,
    };
    bundle.get_or_init(|| load(language))
}

fn load(language: Language) -> Bundle {
    let identifier: LanguageIdentifier = language.code().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![identifier]);
    bundle.set_use_isolating(false);
    // A slip in a file of ours: what can be read of it is used, and a test reads the rest.
    let resource = match FluentResource::try_new(file(language).to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    if let Err(errors) = bundle.add_resource(resource) {
        tracing::error!(
            ?errors,
            language = language.code(),
            "a message is there twice"
        );
    }
    bundle
}

pub(super) fn file(language: Language) -> &'static str {
    match language {
        Language::En => include_str!("../../../../locales/en.ftl"),
        Language::De => include_str!("../../../../locales/de.ftl"),
    }
}

/// The ids of all messages but those that are parts of others.
#[cfg(test)]
pub(crate) fn message_ids() -> impl Iterator<Item = String> {
    let all = tests::messages(Language::En);
    let parts: std::collections::BTreeSet<String> = all
        .values()
        .flatten()
        .filter_map(|argument| argument.strip_prefix("message ").map(str::to_owned))
        .collect();
    all.into_keys().filter(move |id| !parts.contains(id))
}

/// Which messages this thread has said: how a test finds the sentences that no card shows.
#[cfg(test)]
pub(crate) mod said {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    thread_local! {
        static SAID: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
    }

    pub(super) fn note(id: &str) {
        SAID.with_borrow_mut(|said| said.insert(id.to_owned()));
    }

    pub(crate) fn all() -> BTreeSet<String> {
        SAID.with_borrow(Clone::clone)
    }
}

#[cfg(test)]
#[path = "say_tests.rs"]
mod tests;
