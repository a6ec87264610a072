//! The terminal: a whole club played by one person, with the core that serves every face.

mod draw;
mod input;
mod posts;
mod session;

pub use draw::Style;
pub use session::{Session, Step};

use std::io::IsTerminal;
use std::sync::Arc;

use ankle_core::face::SystemClock;
use ankle_core::store::{Store, StoreError};
use tokio::runtime::Runtime;

use input::Input;

/// Why the terminal ended before its time.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    /// The database did not answer at the start.
    #[error("the database could be opened but not read")]
    Store(#[from] StoreError),
    /// The terminal cannot be used.
    #[error("the terminal cannot be read from or written to")]
    Terminal(#[source] std::io::Error),
}

/// Runs a conversation until the input ends. Returns whether everything that was asked for was
/// saved.
///
/// # Errors
///
/// [`TerminalError`].
pub fn run(runtime: &Runtime, store: &Arc<Store>) -> Result<bool, TerminalError> {
    let on_a_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let style = Style::for_output(on_a_terminal);
    let clock = Arc::new(SystemClock::new());
    let mut session = runtime.block_on(Session::start(store, clock, style))?;
    runtime.block_on(store.sweep(session.now()))?;
    if on_a_terminal {
        print(&runtime.block_on(session.greeting())?)?;
    }
    let mut input = Input::open(on_a_terminal).map_err(TerminalError::Terminal)?;
    let mut silent = !on_a_terminal;
    while let Some(line) = input
        .next(&session.prompt())
        .map_err(TerminalError::Terminal)?
    {
        silent = false;
        match runtime.block_on(session.take(&line)) {
            Step::Quit => break,
            Step::Show(text) => print(&text)?,
        }
    }
    input.close();
    if silent {
        // As where somebody forgot the token of a bot that runs unattended.
        eprintln!(
            "Nothing was said. This was the chat in the terminal: to serve a platform, set DISCORD_TOKEN or TELEGRAM_TOKEN."
        );
    }
    Ok(session.saved_all())
}

/// Prints a text and a line break. Whoever reads the other end of a pipe may stop reading: that is
/// no error of ours.
fn print(text: &str) -> Result<(), TerminalError> {
    use std::io::Write;
    if text.is_empty() {
        return Ok(());
    }
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(TerminalError::Terminal(error))
        }
        _ => Ok(()),
    }
}
