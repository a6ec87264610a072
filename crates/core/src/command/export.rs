use clap::{Args, ValueEnum};

use super::context::{Context, Failure, Handle};
use crate::card::File;
use crate::face::{Answer, Audience, Outcome};
use crate::store::StoreError;
use crate::words::export_card;

/// Hands out all that is stored of the asker.
#[derive(Clone, Debug, Args)]
pub struct Export {
    #[arg(long, ignore_case = true)]
    format: Option<Format>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Json,
    Csv,
}

impl Handle for Export {
    const AUDIENCE: Audience = Audience::Asker;
    const READS_ONLY: bool = true;

    async fn run(self, context: &mut Context<'_>) -> Result<Outcome, Failure> {
        let export = context.tx.export(context.visit.person, context.now).await?;
        let name = |ending: &str| format!("anklebot-{}.{ending}", context.today());
        let mut files = Vec::new();
        if self.format != Some(Format::Csv) {
            files.push(File {
                name: name("json"),
                content: serde_json::to_string_pretty(&export).map_err(StoreError::Answer)?,
            });
        }
        if self.format != Some(Format::Json) {
            let table = export.csv().map_err(|error| StoreError::Nonsense {
                what: "an export",
                value: error.to_string(),
            })?;
            files.push(File {
                name: name("csv"),
                content: table,
            });
        }
        let card = export_card(context.say(), export.entry.len(), files);
        Ok(Outcome::Say(Answer::private(card)))
    }
}
