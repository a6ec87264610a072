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

/// Makes a copy beside the file, if there is something in it and a migration is to come. It is named after
/// the step that its tables had: of a migration that goes wrong half-way, both are kept, and who went back
/// and comes again later has one of his latest data.
pub(super) async fn before_migration(
    pool: &SqlitePool,
    path: &Path,
    migrator: &Migrator,
) -> Result<(), OpenError> {
    let Some((from, to)) = steps(pool, migrator).await.map_err(OpenError::Begin)? else {
        return Ok(());
    };
    let copy = beside(path, &format!(".step-{from}"));
    // A copy that was begun is none: it gets its name when it is whole.
    let part = beside(path, &format!(".step-{from}.part"));
    let made = async {
        // Whoever may not read the file may not read its copy, from its first byte on.
        std::fs::File::create(&part)?.set_permissions(std::fs::metadata(path)?.permissions())?;
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

    /// A database as the program had it before its newest step, its URL, and where its copy will be.
    async fn older(folder: &Path) -> (String, PathBuf) {
        let url = format!("sqlite://{}/a.db", folder.display());
        let mut before = sqlite();
        let newest = before.iter().map(|step| step.version).max().unwrap();
        before
            .migrations
            .to_mut()
            .retain(|step| step.version < newest);
        let from = before.iter().map(|step| step.version).max().unwrap();
        let pool = SqlitePool::connect(&format!("{url}?mode=rwc"))
            .await
            .unwrap();
        before.run(&pool).await.unwrap();
        greet(&pool, "club").await;
        pool.close().await;
        (url, folder.join(format!("a.db.step-{from}")))
    }

    async fn greet(pool: &SqlitePool, chat: &str) {
        let greet = "insert into greeted (platform, external, at) values ('x', $1, 1)";
        sqlx::query(greet).bind(chat).execute(pool).await.unwrap();
    }

    /// How many chats a copy knows to be greeted.
    async fn greeted(copy: &Path) -> i64 {
        let url = format!("sqlite://{}", copy.display());
        let pool = SqlitePool::connect(&url).await.unwrap();
        let count = sqlx::query_scalar("select count(*) from greeted");
        let count = count.fetch_one(&pool).await.unwrap();
        pool.close().await;
        count
    }

    #[tokio::test]
    async fn a_copy_is_made_before_a_migration_and_of_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let (url, copy) = older(folder.path()).await;
        // Of a start that died in the middle of its copy.
        std::fs::write(beside(&copy, ".part"), "half a copy").unwrap();
        Store::open(&url).await.unwrap().close().await;
        assert!(!beside(&copy, ".part").exists());
        assert_eq!(greeted(&copy).await, 1);
        std::fs::remove_file(&copy).unwrap();
        Store::open(&url).await.unwrap().close().await;
        assert!(!copy.exists(), "there was nothing to migrate");
    }

    #[tokio::test]
    async fn who_went_back_and_comes_again_has_a_copy_of_his_latest_data() {
        let folder = tempfile::tempdir().unwrap();
        let (url, copy) = older(folder.path()).await;
        Store::open(&url).await.unwrap().close().await;
        let file = folder.path().join("a.db");
        std::fs::copy(&copy, &file).unwrap();
        let pool = SqlitePool::connect(&url).await.unwrap();
        greet(&pool, "another club").await;
        pool.close().await;
        Store::open(&url).await.unwrap().close().await;
        assert_eq!(greeted(&copy).await, 2);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn who_may_not_read_the_file_may_not_read_its_copy() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (url, copy) = older(folder.path()).await;
        let own = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(folder.path().join("a.db"), own).unwrap();
        Store::open(&url).await.unwrap().close().await;
        let mode = std::fs::metadata(&copy).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[tokio::test]
    async fn without_its_copy_nothing_is_migrated() {
        let folder = tempfile::tempdir().unwrap();
        let (url, copy) = older(folder.path()).await;
        let in_the_way = beside(&copy, ".part");
        std::fs::create_dir(&in_the_way).unwrap();
        let error = Store::open(&url).await.err().unwrap();
        assert!(matches!(error, OpenError::Copy { .. }), "{error}");
        std::fs::remove_dir(&in_the_way).unwrap();
        Store::open(&url).await.unwrap().close().await;
        assert!(copy.exists(), "the migration was still to come");
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
        assert!(!names.collect::<String>().contains("step"));
    }
}
