//! Several processes on one database, and how an operator sees each of them.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ankle_core::face::SystemClock;
use ankle_core::store::Store;
use ankle_fakes::discord::FakeDiscord;
use ankle_fakes::telegram::{FakeTelegram, Fault};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};

use crate::serving::{complained, end_of, fake, free_address, program, said, send_signal};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(30);

async fn asked(address: SocketAddr, path: &str) -> Option<(u16, String)> {
    let response = reqwest::get(format!("http://{address}{path}")).await.ok()?;
    let status = response.status().as_u16();
    Some((status, response.text().await.ok()?))
}

/// Waits until `/readyz` says this.
async fn until_it_says(address: SocketAddr, wanted: &str) {
    let says = async {
        loop {
            if let Some((_, said)) = asked(address, "/readyz").await
                && said.contains(wanted)
            {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    let in_time = tokio::time::timeout(PATIENCE, says).await;
    assert!(in_time.is_ok(), "it never says {wanted:?}");
}

/// Asks as a container would: with a program of its own, and the same settings.
async fn health(mut command: Command) -> Output {
    end_of(command.arg("health").spawn().unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn complaint_11_an_operator_can_ask_how_it_is_with_and_without_a_port() {
    let tg = fake().await;
    let folder = tempfile::tempdir().unwrap();
    let address = free_address();
    let settings = || {
        let mut command = program(&tg, folder.path());
        command.env("ADMIN_ADDR", address.to_string());
        command
    };
    let nobody = health(settings()).await;
    assert_eq!(nobody.status.code(), Some(1));
    assert!(said(&nobody).contains("no anklebot with these settings answers"));
    assert!(!folder.path().join("anklebot.db").exists(), "it only asks");

    let child = settings().spawn().unwrap();
    tg.until_polling().await;
    until_it_says(address, "ready\n").await;
    assert_eq!(
        asked(address, "/readyz").await,
        Some((200, "ready\n".to_owned()))
    );
    assert_eq!(
        asked(address, "/healthz").await,
        Some((200, "ok\n".to_owned()))
    );
    let well = health(settings()).await;
    assert_eq!(
        (well.status.code(), said(&well)),
        (Some(0), "ready\n".to_owned())
    );

    let mia = tg.user("Mia Meier");
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    mia.dm().next_bot_message().await;
    let (status, page) = asked(address, "/metrics").await.unwrap();
    assert_eq!(status, 200);
    for line in [
        "anklebot_ready 1",
        "anklebot_face_ready{face=\"Telegram\"} 1",
        "anklebot_requests_answered_total 1",
        "anklebot_requests_refused_presses_total{reason=\"old\"} 0",
        "anklebot_telegram_updates_total 1",
        "anklebot_delivery_posts_total{platform=\"telegram\"} 0",
        "anklebot_delivery_lateness_seconds_count{platform=\"telegram\"} 0",
    ] {
        assert!(page.lines().any(|other| other == line), "{line} in\n{page}");
    }
    for name in [
        "falling",
        "sending:telegram",
        "polling:telegram",
        "sweeping",
    ] {
        let line = format!("anklebot_loop_last_run_timestamp_seconds{{loop=\"{name}\"}} ");
        assert!(page.contains(&line), "{line} in\n{page}");
    }
    assert!(!page.contains("Mia") && !page.contains("9cm") && !page.contains(&tg.token()));

    let away = tg
        .fault(Fault::ServerError(502))
        .on("getUpdates")
        .until_cleared();
    mia.says(&mia.dm(), "/ankle help").await;
    until_it_says(address, "not ready: Telegram is not connected").await;
    let ill = health(settings()).await;
    assert_eq!(ill.status.code(), Some(1));
    assert!(
        said(&ill).contains("Telegram is not connected"),
        "{}",
        said(&ill)
    );
    away.clear();
    until_it_says(address, "ready\n").await;
    send_signal(&child, "-TERM");
    let output = end_of(child).await;
    assert!(output.status.success());
    assert!(
        complained(&output).contains("Telegram is reached again"),
        "{}",
        complained(&output)
    );
    tg.finish_with_unread().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_face_that_has_stopped_is_trouble_and_a_taken_port_is_a_sentence() {
    let tg = fake().await;
    let dc = FakeDiscord::start(Arc::new(SystemClock::new())).await;
    let folder = tempfile::tempdir().unwrap();
    let address = free_address();
    let settings = || {
        let mut command = program(&tg, folder.path());
        command
            .env("DISCORD_TOKEN", dc.token())
            .env("DISCORD_API_URL", dc.url())
            .env("ADMIN_ADDR", address.to_string());
        command
    };
    let child = settings().spawn().unwrap();
    until_it_says(address, "ready\n").await;
    let output = end_of(settings().spawn().unwrap()).await;
    let complaint = complained(&output);
    assert_eq!(output.status.code(), Some(1));
    let sentence = format!("ADMIN_ADDR {address} cannot be listened on");
    assert!(complaint.contains(&sentence), "{complaint}");
    dc.revoke_token();
    dc.gateway_close(4004);
    until_it_says(address, "not ready: Discord has stopped").await;
    send_signal(&child, "-TERM");
    assert!(end_of(child).await.status.success());
}

/// Gives each update to the next of the processes behind it, and each third to both.
struct Balancer {
    processes: [SocketAddr; 2],
    turn: AtomicUsize,
    client: reqwest::Client,
}

async fn balance(
    State(balancer): State<Arc<Balancer>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let turn = balancer.turn.fetch_add(1, Ordering::Relaxed);
    let secret = headers.get("x-telegram-bot-api-secret-token").cloned();
    let post = async |process: usize| {
        let address = balancer.processes[process % 2];
        let mut request = balancer
            .client
            .post(format!("http://{address}{uri}"))
            .body(body.to_vec());
        if let Some(secret) = &secret {
            request = request.header("x-telegram-bot-api-secret-token", secret.as_bytes());
        }
        let status = request.send().await.map(|response| response.status());
        status.map_or(502, |status| status.as_u16())
    };
    let status = if turn % 3 == 2 {
        let (one, other) = tokio::join!(post(0), post(1));
        one.max(other)
    } else {
        post(turn).await
    };
    StatusCode::from_u16(status).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
async fn behind_a_balancer_each_update_is_done_once_whoever_gets_it() {
    const UPDATES: usize = 12;
    let tg = fake().await;
    let folder = tempfile::tempdir().unwrap();
    let database = database();
    let processes = [free_address(), free_address()];
    let balancer = Arc::new(Balancer {
        processes,
        turn: AtomicUsize::new(0),
        client: reqwest::Client::new(),
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let public = format!("http://{}", listener.local_addr().unwrap());
    let routes = Router::new().fallback(balance).with_state(balancer);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    let start = |address: SocketAddr| {
        let mut command = program(&tg, folder.path());
        command
            .env("DATABASE_URL", &database)
            .env("TELEGRAM_WEBHOOK_URL", &public)
            .env("HTTP_ADDR", address.to_string());
        command.spawn().unwrap()
    };
    let children = processes.map(start);
    tg.until_called("setWebhook", 2).await;
    let mia = tg.user("Mia");
    for _ in 0..UPDATES {
        mia.says(&mia.dm(), "/ankle test 9cm left warm").await;
    }
    tg.settled().await;
    let store = Store::open(&database).await.unwrap();
    let (tests, _) = store.tests().await.unwrap();
    assert_eq!(tests, i64::try_from(UPDATES).unwrap());
    let answers = mia.dm().bot_messages().len();
    // What both got, both answer, with the same stored words.
    assert!(
        (UPDATES..=UPDATES + UPDATES / 3).contains(&answers),
        "{answers}"
    );
    stop(children).await;
    tg.finish_with_unread().await;
}

fn database() -> String {
    let server = scratch_postgres::ScratchPostgres::shared().unwrap();
    server.new_database().unwrap()
}

async fn stop(children: impl IntoIterator<Item = Child>) {
    for child in children {
        send_signal(&child, "-TERM");
        let output = end_of(child).await;
        assert!(output.status.success(), "{}", complained(&output));
    }
}

fn polling(tg: &FakeTelegram, folder: &Path, database: &str, admin: SocketAddr) -> Child {
    let mut command = program(tg, folder);
    command
        .env("DATABASE_URL", database)
        .env("ADMIN_ADDR", admin.to_string());
    command.spawn().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
async fn a_process_that_waits_for_the_poll_is_ready_and_follows_who_stops_or_is_killed() {
    let tg = fake().await;
    let folder = tempfile::tempdir().unwrap();
    let database = database();
    let admins = [free_address(), free_address(), free_address()];
    let start = |n: usize| polling(&tg, folder.path(), &database, admins[n]);
    let first = start(0);
    tg.until_polling().await;
    let mut second = start(1);
    until_it_says(admins[1], "ready\n").await;
    let mia = tg.user("Mia");
    let answered = async |line: &str| {
        let started = std::time::Instant::now();
        let before = mia.dm().bot_messages().len();
        mia.says(&mia.dm(), line).await;
        let comes = async {
            while mia.dm().bot_messages().len() == before {
                tokio::task::yield_now().await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, comes).await;
        assert!(in_time.is_ok(), "{}", tg.transcript());
        started.elapsed()
    };
    answered("/ankle test 9cm left").await;
    stop([first]).await;
    let took = answered("/ankle history").await;
    assert!(took < Duration::from_secs(4), "it was given back: {took:?}");
    let third = start(2);
    until_it_says(admins[2], "ready\n").await;
    second.kill().unwrap();
    let complaint = complained(&end_of(second).await);
    assert_eq!(
        complaint.matches("another process polls Telegram").count(),
        1,
        "{complaint}"
    );
    let took = answered("/ankle history").await;
    assert!(took < Duration::from_secs(14), "{took:?}");
    stop([third]).await;
    tg.finish_with_unread().await;
}
