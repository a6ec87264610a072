use clap::builder::ValueParser;

/// A line in the form that `clap` reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Normalised {
    /// The words that name the command: `["me", "settings"]`.
    pub path: Vec<String>,
    /// Option and value.
    pub options: Vec<(String, String)>,
    /// What fills the required arguments, in their order.
    pub positionals: Vec<String>,
}

/// Why a line fits no command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Misfit {
    /// Words that the command has no place for.
    TooMuch {
        /// The command.
        path: Vec<String>,
        /// The words.
        left: String,
    },
    /// The same option twice.
    Twice {
        /// Its name.
        option: String,
    },
}

/// A word of a line, and whether it was quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    text: String,
    /// The option that stood glued before an opening quotation mark: `title:"two words"`.
    key: Option<String>,
    quoted: bool,
}

/// Puts a line into form: the words that name a command, in any case; `key:value`, `key=value`,
/// `--key value`, `—key value` and `key: value` for the options of this command; the rest for its
/// required arguments, the last of which takes what remains. Where none is required, a word that
/// exactly one option lists among its choices is that option, and what then remains goes to the only
/// option there is.
pub(super) fn normalise(root: &clap::Command, line: &str) -> Result<Normalised, Misfit> {
    let words = split(&tidy(line));
    let (command, path, words) = descend(root, &words);
    let (given, plain) = take_options(command, words)?;
    place(command, path, given, plain)
}

/// Full-width letters and digits become plain ones; marks that cannot be seen go.
fn tidy(line: &str) -> String {
    line.chars()
        .filter(|c| !matches!(u32::from(*c), 0x200B | 0x200E..=0x200F | 0x202A..=0x202E | 0x2060 | 0x2066..=0x2069 | 0xFEFF))
        .map(|c| match u32::from(c) {
            full @ 0xFF01..=0xFF5E => char::from_u32(full - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// Splits at white space. A quotation mark opens a quoted run only at a word's start or right after
/// `key:` or `key=`, and only if its partner ends a word; elsewhere it is a character, as in `3½"`.
fn split(line: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let (word, after) = quoted(rest).unwrap_or_else(|| {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let word = Word {
                text: rest[..end].to_owned(),
                key: None,
                quoted: false,
            };
            (word, &rest[end..])
        });
        words.push(word);
        rest = after.trim_start();
    }
    words
}

fn quoted(rest: &str) -> Option<(Word, &str)> {
    let before = rest.find(['"', '“', '„', '”'])?;
    let (key, run) = rest.split_at(before);
    let key = match key {
        "" => None,
        key => Some(key.strip_suffix([':', '='])?),
    };
    if key.is_some_and(|key| key.is_empty() || key.contains(char::is_whitespace)) {
        return None;
    }
    let open = run.chars().next()?;
    let inside = &run[open.len_utf8()..];
    let end = inside.char_indices().find(|(at, c)| {
        let after = &inside[at + c.len_utf8()..];
        let ends_a_word = after.is_empty() || after.starts_with(char::is_whitespace);
        matches!(c, '"' | '“' | '”') && ends_a_word
    })?;
    let after = &inside[end.0 + end.1.len_utf8()..];
    let word = Word {
        text: inside[..end.0].to_owned(),
        key: key.map(str::to_owned),
        quoted: true,
    };
    Some((word, after))
}

/// Follows the leading words down the tree. A group that is named alone means its `show`.
fn descend<'a, 'w>(
    root: &'a clap::Command,
    words: &'w [Word],
) -> (&'a clap::Command, Vec<String>, &'w [Word]) {
    let mut command = root;
    let mut path = Vec::new();
    let mut words = words;
    while let Some((word, rest)) = words.split_first() {
        let name = word.text.to_lowercase();
        match command.find_subcommand(&name) {
            Some(child) if !word.quoted => {
                path.push(child.get_name().to_owned());
                command = child;
                words = rest;
            }
            _ => break,
        }
    }
    if !path.is_empty()
        && words.is_empty()
        && let Some(show) = command.find_subcommand("show")
    {
        path.push(show.get_name().to_owned());
        command = show;
    }
    (command, path, words)
}

type Given = Vec<(String, String)>;

fn take_options(command: &clap::Command, words: &[Word]) -> Result<(Given, Vec<Word>), Misfit> {
    let mut given: Given = Vec::new();
    let mut plain = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let Some((key, value)) = option_of(command, word) else {
            plain.push(word.clone());
            continue;
        };
        if given.iter().any(|(other, _)| *other == key) {
            return Err(Misfit::Twice { option: key });
        }
        let value = value.or_else(|| words.next().map(|next| next.text.clone()));
        given.push((key, value.unwrap_or_default()));
    }
    Ok((given, plain))
}

/// The option that a word names, with its value if that is glued to it.
fn option_of(command: &clap::Command, word: &Word) -> Option<(String, Option<String>)> {
    let known = |key: &str| {
        let key = key.to_lowercase();
        let mut options = command.get_arguments().filter_map(|arg| arg.get_long());
        options.any(|option| option == key).then_some(key)
    };
    if let Some(key) = &word.key {
        return known(key.trim_start_matches(['-', '—', '–']))
            .map(|key| (key, Some(word.text.clone())));
    }
    if word.quoted {
        return None;
    }
    let bare = word
        .text
        .trim_start_matches("--")
        .trim_start_matches(['—', '–']);
    let dashed = bare.len() < word.text.len();
    match bare.split_once([':', '=']) {
        Some((key, "")) => Some((known(key)?, None)),
        Some((key, value)) => Some((known(key)?, Some(value.to_owned()))),
        None if dashed => Some((known(bare)?, None)),
        None => None,
    }
}

fn place(
    command: &clap::Command,
    path: Vec<String>,
    mut options: Given,
    plain: Vec<Word>,
) -> Result<Normalised, Misfit> {
    let required = command.get_positionals().count();
    let mut words: Vec<String> = plain.into_iter().map(|word| word.text).collect();
    if required == 0 {
        words.retain(|word| match choice_of(command, word) {
            Some(option) if !options.iter().any(|(other, _)| *other == option) => {
                options.push((option, word.clone()));
                false
            }
            _ => true,
        });
        if !words.is_empty() {
            // What only buttons say is none that a word could mean, unless it is all there is.
            let seen = command.get_arguments().filter(|arg| !arg.is_hide_set());
            let any_seen = seen.count() > 0;
            let mut all = command
                .get_arguments()
                .filter(|arg| !(any_seen && arg.is_hide_set()))
                .filter_map(|arg| arg.get_long());
            let left = words.join(" ");
            match (all.next(), all.next()) {
                (Some(only), None) if !options.iter().any(|(other, _)| other == only) => {
                    options.push((only.to_owned(), left));
                }
                _ => return Err(Misfit::TooMuch { path, left }),
            }
        }
        words = Vec::new();
    } else if words.len() > required {
        let last = words.split_off(required - 1).join(" ");
        words.push(last);
    }
    Ok(Normalised {
        path,
        options,
        positionals: words,
    })
}

/// The only option that lists a word among its choices.
fn choice_of(command: &clap::Command, word: &str) -> Option<String> {
    let lists = |parser: &ValueParser| {
        let mut values = parser.possible_values().into_iter().flatten();
        values.any(|value| value.matches(word, true))
    };
    let mut found = command
        .get_arguments()
        .filter(|arg| lists(arg.get_value_parser()))
        .filter_map(|arg| arg.get_long());
    match (found.next(), found.next()) {
        (Some(only), None) => Some(only.to_owned()),
        _ => None,
    }
}

impl Normalised {
    /// The command line for `clap`.
    pub fn arguments(&self) -> Vec<String> {
        let mut arguments = vec!["ankle".to_owned()];
        arguments.extend(self.path.iter().cloned());
        let options = self.options.iter();
        arguments.extend(options.map(|(key, value)| format!("--{key}={value}")));
        if !self.positionals.is_empty() {
            arguments.push("--".to_owned());
            arguments.extend(self.positionals.iter().cloned());
        }
        arguments
    }

    /// The same as a line that reads as it: what a form completes. An option that no quotation marks
    /// can hold is left out.
    pub fn as_line(&self) -> String {
        let option = |(key, value): &(String, String)| {
            let spaced = value.is_empty() || value.contains(char::is_whitespace);
            match (spaced, value.contains('"')) {
                (false, _) => Some(format!("{key}:{value}")),
                (true, false) => Some(format!("{key}:\"{value}\"")),
                (true, true) => None,
            }
        };
        let options = self.options.iter().filter_map(option);
        let words = self.path.iter().cloned().chain(options);
        let words: Vec<_> = words.chain(self.positionals.iter().cloned()).collect();
        words.join(" ")
    }
}
