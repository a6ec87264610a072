use std::collections::HashMap;
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
        let mut spans = Vec::new();
        let mut values = FluentArgs::with_capacity(args.len());
        for (name, arg) in args {
            values.set(*name, value(arg, &mut spans));
        }
        let sentence = self.sentence(id, &values);
        into_text(&sentence, &spans)
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

    fn sentence(self, id: &str, values: &FluentArgs<'_>) -> String {
        for language in [self.language, Language::En] {
            let bundle = bundle(language);
            let message = bundle.get_message(id).and_then(|m| m.value());
            if let Some(pattern) = message {
                let mut errors = Vec::new();
                let sentence = bundle.format_pattern(pattern, Some(values), &mut errors);
                if !errors.is_empty() {
                    tracing::error!(message = id, ?errors, "a sentence lacks an argument");
                }
                return sentence.into_owned();
            }
        }
        tracing::error!(message = id, "no language has this message");
        id.to_owned()
    }
}

fn value(arg: &Arg, spans: &mut Vec<Text>) -> FluentValue<'static> {
    let text = match arg {
        Arg::Key(key) => return FluentValue::from(*key),
        Arg::Count(count) => return FluentValue::from(*count),
        Arg::Words(words) => Text::plain(words.clone()),
        Arg::Name(name) => Text(vec![Span::Name(name.clone())]),
        Arg::Text(text) => text.clone(),
    };
    let mark = FIRST_MARK + u32::try_from(spans.len()).unwrap_or(0);
    spans.push(text);
    FluentValue::from(char::from_u32(mark).unwrap_or(' ').to_string())
}

/// Puts the spans back where their marks are, and makes commands of what stands between backticks.
fn into_text(sentence: &str, spans: &[Text]) -> Text {
    let mut text = Text::default();
    let mut words = String::new();
    let mut in_command = false;
    for c in sentence.chars() {
        let argument = (FIRST_MARK..=LAST_MARK)
            .contains(&u32::from(c))
            .then(|| spans.get((u32::from(c) - FIRST_MARK) as usize));
        match argument {
            Some(Some(argument)) if in_command => {
                words.push_str(&crate::card::plain_text(argument));
            }
            Some(Some(argument)) => {
                flush(&mut text, &mut words, in_command);
                for span in &argument.0 {
                    push(&mut text, span.clone());
                }
            }
            Some(None) => {}
            None if c == '`' => {
                flush(&mut text, &mut words, in_command);
                in_command = !in_command;
            }
            None => words.push(c),
        }
    }
    flush(&mut text, &mut words, in_command);
    text
}

fn flush(text: &mut Text, words: &mut String, in_command: bool) {
    if words.is_empty() {
        return;
    }
    let words = std::mem::take(words);
    if in_command {
        push(text, Span::Command(words));
    } else {
        push(text, Span::Text(words));
    }
}

fn push(text: &mut Text, span: Span) {
    match (text.0.last_mut(), span) {
        (Some(Span::Text(before)), Span::Text(more)) => before.push_str(&more),
        (_, span) => text.0.push(span),
    }
}

fn bundle(language: Language) -> &'static Bundle {
    static BUNDLES: OnceLock<HashMap<Language, Bundle>> = OnceLock::new();
    let bundles = BUNDLES.get_or_init(|| {
        Language::ALL
            .into_iter()
            .map(|language| (language, load(language)))
            .collect()
    });
    &bundles[&language]
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
