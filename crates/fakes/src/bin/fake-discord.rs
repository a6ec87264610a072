//! The fake Discord as a program of its own, for load tests.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use ankle_clock::SystemClock;
use ankle_fakes::discord::{Builder, FakeDiscord};

const USAGE: &str = "\
A fake of Discord, its HTTP API and its gateway, for load tests.

usage: fake-discord [--port N] [--token TOKEN] [--name NAME] [--history N] [--latency MS]
       [--no-limits]

  --port N         the port to listen on; 0, the default, lets the system choose one
  --token TOKEN    the bot's token
  --name NAME      what the bot is called
  --history N      how many messages each channel keeps, and interactions in all (2000)
  --latency MS     how long a call is on its way, and its answer on the way back (0)
  --no-limits      switches the limits on calls off

It prints the address and the token. The control API is under /control/ at that address.";

#[tokio::main]
async fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.iter().any(|arg| arg == "--help" || arg == "-h") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let builder = match read(&args) {
        Ok(builder) => builder,
        Err(problem) => {
            eprintln!("{problem}\n\n{USAGE}");
            return ExitCode::FAILURE;
        }
    };
    match builder.start(Arc::new(SystemClock::new())).await {
        Ok(discord) => {
            println!("DISCORD_API_URL={}", discord.url());
            println!("DISCORD_TOKEN={}", discord.token());
            std::future::pending::<()>().await;
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("cannot listen: {error}. Try another --port.");
            ExitCode::FAILURE
        }
    }
}

fn read(args: &[String]) -> Result<Builder, String> {
    let mut builder = FakeDiscord::builder().history(2_000).control();
    let mut args = args.iter();
    while let Some(name) = args.next() {
        if name == "--no-limits" {
            builder = builder.limits(false);
            continue;
        }
        let value = args.next().ok_or_else(|| format!("{name} needs a value"))?;
        let number = || format!("{name} needs a number, not {value}");
        builder = match name.as_str() {
            "--port" => builder.port(value.parse().map_err(|_| number())?),
            "--latency" => {
                let millis = value.parse().map_err(|_| number())?;
                builder.latency(Duration::from_millis(millis))
            }
            "--history" => builder.history(value.parse().map_err(|_| number())?),
            "--token" => builder.token(value),
            "--name" => builder.bot(value),
            _ => return Err(format!("there is no flag {name}")),
        };
    }
    Ok(builder)
}

#[cfg(test)]
mod tests {
    use super::read;

    fn reads(args: &[&str]) -> bool {
        let args: Vec<_> = args.iter().map(ToString::to_string).collect();
        read(&args).is_ok()
    }

    #[test]
    fn flags_are_read_or_refused() {
        assert!(reads(&[]));
        assert!(reads(&[
            "--port",
            "8081",
            "--token",
            "1:a",
            "--no-limits",
            "--latency",
            "50",
            "--history",
            "9"
        ]));
        assert!(!reads(&["--port"]));
        assert!(!reads(&["--port", "x"]));
        assert!(!reads(&["--colour", "red"]));
    }
}
