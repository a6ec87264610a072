//! Databases to be filled and measured: of both kinds, made for the purpose and gone afterwards.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ankle_core::store::Store;
use clap::{Args, ValueEnum};
use scratch_postgres::{Durability, ScratchPostgres};
use tempfile::TempDir;

use super::LoadError;
use super::machine;
use super::programs::{folder_in, print_disk};

/// Where the databases are.
#[derive(Clone, Debug, Args)]
pub(super) struct Place {
    /// Only one of the two kinds of database
    #[arg(long)]
    only: Option<Kind>,
    /// The folder for SQLite's files; what is made there is removed
    #[arg(long, default_value = ".")]
    pub(super) dir: PathBuf,
}

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// Where databases are made.
pub(super) struct Makers {
    folder: TempDir,
    server: Option<ScratchPostgres>,
    only: Option<Kind>,
}

impl Makers {
    /// Prepares for the kinds that are to be measured, and prints what stands beside every figure.
    pub(super) fn start(place: &Place) -> Result<Self, LoadError> {
        let folder = folder_in(&place.dir)?;
        let server = match place.only {
            Some(Kind::Sqlite) => None,
            _ => Some(ScratchPostgres::start(Durability::Full)?),
        };
        print_disk(folder.path())?;
        println!("load average at the start: {}", machine::load_average()?);
        Ok(Self {
            folder,
            server,
            only: place.only,
        })
    }

    pub(super) fn kinds(&self) -> impl Iterator<Item = Kind> {
        let only = self.only;
        let all = [Kind::Sqlite, Kind::Postgres].into_iter();
        all.filter(move |kind| only.is_none_or(|only| only == *kind))
    }

    /// The address of an empty database.
    pub(super) fn url(&self, kind: Kind, name: &str) -> Result<String, LoadError> {
        match (&self.server, kind) {
            (Some(server), Kind::Postgres) => Ok(server.new_database()?),
            _ => sqlite_url(self.folder.path(), name),
        }
    }

    /// An empty database.
    pub(super) async fn store(&self, kind: Kind, name: &str) -> Result<Arc<Store>, LoadError> {
        Ok(Arc::new(Store::open(&self.url(kind, name)?).await?))
    }
}

/// The address of a file to be made. Two characters mean something in an address.
pub(super) fn sqlite_url(folder: &Path, name: &str) -> Result<String, LoadError> {
    let path = folder.to_str().ok_or_else(|| LoadError::FolderName {
        path: folder.to_path_buf(),
    })?;
    let path = path.replace('%', "%25").replace('?', "%3F");
    Ok(format!("sqlite://{path}/{name}.db"))
}
