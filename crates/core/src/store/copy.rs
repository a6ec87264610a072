//! A copy of a SQLite file, made before its tables are changed: who has to go back has where to.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use sqlx::SqlitePool;
use sqlx::migrate::Migrator;

use super::OpenError;

const HAS_TABLES: &str =
    "select exists (select 1 from sqlite_master where name = '_sqlx_migrations')";
const TAKEN_TO: &str = "select max(version) from _sqlx_migrations";
const COPY: &str = "vacuum into $1";

/// Makes a copy beside the file, if there is something in it and a migration is to come. A copy that is
/// there already is of the same tables, from a start that went wrong, and stays.
pub(super) async fn before_migration(
    pool: &SqlitePool,
    path: &Path,
    migrator: &Migrator,
) -> Result<(), OpenError> {
    let Some((from, to)) = steps(pool, migrator).await.map_err(OpenError::Begin)? else {
        return Ok(());
    };
    let copy = beside(path, &format!(".before-{to}"));
    if copy.exists() {
        return Ok(());
    }
    // A copy that was begun is none: it gets its name when it is whole.
    let part = beside(path, &format!(".before-{to}.part"));
    let made = async {
        match std::fs::remove_file(&part) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let target = part.to_string_lossy().into_owned();
        sqlx::query(COPY).bind(target).execute(pool).await?;
        std::fs::rename(&part, &copy)?;
        Ok::<_, sqlx::Error>(())
    };
    if let Err(cause) = made.await {
        let _ = std::fs::remove_file(&part);
        return Err(OpenError::Copy { path: copy, cause });
    }
    tracing::info!(
        "the tables are taken from step {from} to {to}; a copy from before is kept at {}",
        copy.display()
    );
    Ok(())
}

/// From which step to which the tables are to be taken; none if they are new, or as they should be.
async fn steps(pool: &SqlitePool, migrator: &Migrator) -> Result<Option<(i64, i64)>, sqlx::Error> {
    if !sqlx::query_scalar(HAS_TABLES).fetch_one(pool).await? {
        return Ok(None);
    }
    let from: Option<i64> = sqlx::query_scalar(TAKEN_TO).fetch_one(pool).await?;
    let to = migrator.iter().map(|step| step.version).max();
    Ok(from.zip(to).filter(|(from, to)| from < to))
}

fn beside(path: &Path, more: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(more);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::super::open::sqlite;
    use super::*;
    use crate::store::Store;

    /// A database as the program had it before its newest step, and its URL.
    async fn older(folder: &Path) -> (String, i64) {
        let url = format!("sqlite://{}/a.db", folder.display());
        let mut before = sqlite();
        let newest = before.iter().map(|step| step.version).max().unwrap();
        before
            .migrations
            .to_mut()
            .retain(|step| step.version < newest);
        let pool = SqlitePool::connect(&format!("{url}?mode=rwc"))
            .await
            .unwrap();
        before.run(&pool).await.unwrap();
        let greet = "insert into greeted (platform, external, at) values ('x', 'club', 1)";
        sqlx::query(greet).execute(&pool).await.unwrap();
        pool.close().await;
        (url, newest)
    }

    #[tokio::test]
    async fn a_copy_is_made_before_a_migration_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let (url, newest) = older(folder.path()).await;
        // A start that died in the middle of its copy.
        let copy = folder.path().join(format!("a.db.before-{newest}"));
        let part = folder.path().join(format!("a.db.before-{newest}.part"));
        std::fs::write(&part, "half a copy").unwrap();
        Store::open(&url).await.unwrap().close().await;
        assert!(!part.exists());
        let copied = format!("sqlite://{}", copy.display());
        let pool = SqlitePool::connect(&copied).await.unwrap();
        let greeted: i64 = sqlx::query_scalar("select count(*) from greeted")
            .fetch_one(&pool)
            .await
            .unwrap();
        let taken_to: i64 = sqlx::query_scalar(TAKEN_TO).fetch_one(&pool).await.unwrap();
        assert!(greeted == 1 && taken_to < newest, "{greeted}, {taken_to}");
        pool.close().await;
        let made = std::fs::metadata(&copy).unwrap().modified().unwrap();
        Store::open(&url).await.unwrap().close().await;
        assert_eq!(std::fs::metadata(&copy).unwrap().modified().unwrap(), made);
    }

    #[tokio::test]
    async fn without_its_copy_nothing_is_migrated() {
        let folder = tempfile::tempdir().unwrap();
        let (url, newest) = older(folder.path()).await;
        // What is in the way cannot be removed as a file.
        let part = folder.path().join(format!("a.db.before-{newest}.part"));
        std::fs::create_dir(&part).unwrap();
        let error = Store::open(&url).await.err().unwrap();
        assert!(matches!(error, OpenError::Copy { .. }), "{error}");
        std::fs::remove_dir(&part).unwrap();
        Store::open(&url).await.unwrap().close().await;
        assert!(folder.path().join(format!("a.db.before-{newest}")).exists());
    }

    #[tokio::test]
    async fn a_new_database_has_nothing_to_copy() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/a.db", folder.path().display());
        for _ in 0..2 {
            Store::open(&url).await.unwrap().close().await;
        }
        let files = std::fs::read_dir(folder.path()).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        assert!(!names.collect::<String>().contains("before"));
    }
}
