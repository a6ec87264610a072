//! The tables and the statements as such, on both databases.

use super::*;

on_both! {
    async fn a_board_goes_by_indexes_and_reads_no_table_whole(store) {
        for (name, sql) in boards::STATEMENTS {
            let plan = plan(store, sql).await;
            for step in &plan {
                let step = step.trim_start_matches([' ', '-', '>']);
                // A member list is put together first, and read whole: it is no table.
                let whole = step.starts_with("Seq Scan")
                    || (step.starts_with("SCAN ") && step != "SCAN m" && step != "SCAN member");
                assert!(!whole, "{name}: {plan:#?}");
            }
            assert!(plan.iter().any(|step| step.contains("chat_by_club")), "{name}: {plan:#?}");
            assert!(plan.iter().any(|step| step.contains("seen_by_chat")), "{name}: {plan:#?}");
        }
        // Nor what grows with the days that a club is at it.
        for (name, sql) in boards::STATEMENTS.iter().filter(|(name, _)| *name != "MEMBER_RESTS") {
            assert!(!sql.contains("join entry"), "{name}");
        }
    }

    async fn what_is_due_or_waits_is_found_by_one_index_without_a_sort(store) {
        let all: BTreeMap<_, _> = all_statements().collect();
        for (name, index) in [
            ("NEXT_DUE", "reminder_due"),
            ("DUE", "reminder_due"),
            ("BREAKS_OF_DUE", "reminder_due"),
            ("SOONEST", "outbox_ready"),
            ("READY", "outbox_ready"),
            ("SOONEST_DOUBT", "outbox_sending"),
            ("DOUBTFUL", "outbox_sending"),
        ] {
            let plan = plan(store, all[name]).await;
            assert!(plan.iter().any(|step| step.contains(index)), "{name}: {plan:#?}");
            let sorts = |step: &String| step.contains("Sort") || step.contains("TEMP B-TREE");
            assert!(!plan.iter().any(sorts), "{name}: {plan:#?}");
        }
    }

    async fn every_statement_is_understood_by_the_database(store) {
        for (name, sql) in all_statements() {
            let sql = sqlx::AssertSqlSafe(sql.to_owned()).into_sql_str();
            let understood = on!(store.reader(), pool => {
                use sqlx::Executor;
                pool.prepare(sql).await.map(|_| ())
            });
            understood.unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }

    async fn forget_and_export_cover_every_table_that_leads_to_a_person(store) {
        let mut tx = store.begin().await.unwrap();
        let references = references(&mut tx).await;
        let mut personal = BTreeSet::from(["person".to_owned()]);
        loop {
            let more: Vec<_> = references
                .iter()
                .filter(|(from, to)| personal.contains(to) && !personal.contains(from))
                .map(|(from, _)| from.clone())
                .collect();
            if more.is_empty() {
                break;
            }
            personal.extend(more);
        }
        let forgotten: BTreeSet<_> = personal::forgotten_tables().into_iter().map(str::to_owned).collect();
        assert_eq!(personal, forgotten);
        let visit = meet(&mut tx, "mia", CLUB, "1").await;
        let export = tx.export(visit.person, at(0)).await.unwrap();
        let exported: BTreeSet<_> = serde_json::to_value(&export)
            .unwrap()
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| *key != "exported_at")
            .cloned()
            .collect();
        assert_eq!(personal, exported);
    }
}

#[tokio::test]
#[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
async fn both_databases_have_the_same_tables_and_columns() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/a.db", folder.path().display());
    let sqlite = Store::open(&url).await.unwrap();
    let postgres = Store::open(&postgres_url()).await.unwrap();
    let of_sqlite = columns(&mut sqlite.begin().await.unwrap()).await;
    let of_postgres = columns(&mut postgres.begin().await.unwrap()).await;
    assert_eq!(of_sqlite, of_postgres);
}

#[tokio::test]
async fn no_statement_asks_the_database_for_the_time() {
    for (name, sql) in all_statements() {
        let sql = sql.to_lowercase();
        for clock in ["now(", "current_", "strftime", "unixepoch", "datetime("] {
            assert!(!sql.contains(clock), "{name} asks for {clock}");
        }
    }
}

#[tokio::test]
#[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
async fn what_processes_share_has_a_clock_and_a_file_has_none() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/a.db", folder.path().display());
    let file = Store::open(&url).await.unwrap();
    assert_eq!(file.shared_clock().await.unwrap(), None);
    let server = Store::open(&postgres_url()).await.unwrap();
    let machine = SystemClock::new();
    let shown = async || server.shared_clock().await.map(Option::unwrap);
    let before = shown().await.unwrap();
    let mut ahead = None;
    // A machine that is busy for a moment gives no reading.
    for _ in 0..20 {
        if let Calibration::Followed { ahead: by } = machine.calibrate(shown()).await.unwrap() {
            ahead = Some(by);
            break;
        }
    }
    let ahead = ahead.expect("a reading");
    assert!(
        ahead.abs() < jiff::SignedDuration::from_secs(2),
        "the same machine: {ahead}"
    );
    assert!(shown().await.unwrap() >= before);
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_is_named_in_a_sentence() {
    let sentence = |url: &'static str| async move {
        Store::open(url)
            .await
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    };
    let file = sentence("sqlite:///nowhere/at/all/a.db").await;
    assert!(
        file.contains("/nowhere/at/all/a.db cannot be opened"),
        "{file}"
    );
    let secret = sentence("mysql://root:secret@host/db").await;
    assert!(
        secret.contains("\"mysql\"") && !secret.contains("secret"),
        "{secret}"
    );
    let server = sentence("postgres://nobody@127.0.0.1:1/none").await;
    assert!(server.contains("cannot be reached"), "{server}");
}

#[tokio::test]
async fn an_older_program_accepts_newer_tables_down_to_the_marked_floor() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/a.db", folder.path().display());
    let newer = Store::open(&url).await.unwrap();
    let mut tx = newer.begin().await.unwrap();
    let applied = "insert into _sqlx_migrations
        (version, description, success, checksum, execution_time) values (9999, 'newer', true, x'00', 1)";
    on!(tx.connection().await.unwrap(), c => { sqlx::query(applied).execute(c).await.unwrap(); });
    tx.commit().await.unwrap();
    newer.close().await;
    Store::open(&url).await.unwrap().close().await;
    let newer = Store::open(&url).await.unwrap();
    let mut tx = newer.begin().await.unwrap();
    tx.remember(settings::OLDEST_PROGRAM, "9999").await.unwrap();
    tx.commit().await.unwrap();
    newer.close().await;
    let refused = Store::open(&url).await.err().unwrap();
    assert!(
        matches!(refused, OpenError::TooNew { needed: 9_999 }),
        "{refused}"
    );
}

const SQLITE_REFERENCES: &str = "select m.name as t, f.\"table\" as c from sqlite_schema m
    join pragma_foreign_key_list(m.name) f where m.type = 'table'";

const POSTGRES_REFERENCES: &str =
    "select conrelid::regclass::text as t, confrelid::regclass::text as c
    from pg_constraint where contype = 'f'";

async fn references(tx: &mut Tx) -> Vec<(String, String)> {
    pairs(tx, SQLITE_REFERENCES, POSTGRES_REFERENCES).await
}
