//! The program on Telegram: how it starts, is stopped, and is killed.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use ankle_core::face::SystemClock;
use ankle_core::store::Store;
use ankle_fakes::telegram::{Chat, FakeTelegram, Fault};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_anklebot");

pub async fn fake() -> FakeTelegram {
    let tg = FakeTelegram::start(Arc::new(SystemClock::new())).await;
    tg.limits(false);
    tg
}

/// The program for a fake, with its data in a folder.
pub fn program(tg: &FakeTelegram, folder: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .current_dir(folder)
        .env_clear()
        .env("TELEGRAM_TOKEN", tg.token())
        .env("TELEGRAM_API_URL", tg.url())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// An address that nobody has, and that no other test gets. It lies below the ports that systems give out
/// by themselves: of those, one that is given back is soon somebody else's.
pub fn free_address() -> SocketAddr {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    loop {
        let next = TAKEN.fetch_add(1, Ordering::Relaxed);
        // Where each test is a process, they begin far from each other.
        let begin = u16::try_from(std::process::id() % 1_000).unwrap() * 10;
        let address = SocketAddr::from(([127, 0, 0, 1], 20_000 + (begin + next) % 10_000));
        if std::net::TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}

pub fn send_signal(child: &Child, signal: &str) {
    let sent = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
}

/// Waits for a program's end without holding up the fake.
pub async fn end_of(child: Child) -> Output {
    tokio::task::spawn_blocking(move || child.wait_with_output().unwrap())
        .await
        .unwrap()
}

pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn complained(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Waits for the next post of a reminder in a group.
async fn next_post(club: &Chat) -> String {
    loop {
        let text = club.next_bot_message().await.text;
        if text.starts_with("Ankle minutes") {
            return text;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_posts_and_after_a_kill_it_goes_on_posting_at_once() {
    let tg = fake().await;
    let folder = tempfile::tempdir().unwrap();
    let mut child = program(&tg, folder.path()).spawn().unwrap();
    tg.until_polling().await;
    let boss = tg.user("Boss").speaking("en");
    let club = tg.supergroup("Trail Friends");
    club.join(&boss);
    club.promote(&boss);
    boss.says(&club, "/ankle remind set 07:00 zone:Berlin")
        .await;
    boss.says(&club, "/ankle remind test").await;
    assert!(next_post(&club).await.contains(" · test\n"));
    child.kill().unwrap();
    child.wait().unwrap();
    let child = program(&tg, folder.path()).spawn().unwrap();
    boss.says(&club, "/ankle remind test").await;
    // It does not wait for the lease of the one that was killed, which has ten seconds.
    let started = std::time::Instant::now();
    next_post(&club).await;
    assert!(started.elapsed().as_secs() < 9, "{:?}", started.elapsed());
    send_signal(&child, "-TERM");
    let output = end_of(child).await;
    assert!(output.status.success(), "{}", complained(&output));
    tg.finish_with_unread().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_waited_when_the_program_was_killed_is_given_by_the_next() {
    let tg = fake().await;
    let folder = tempfile::tempdir().unwrap();
    let mut child = program(&tg, folder.path()).spawn().unwrap();
    tg.until_polling().await;
    let mia = tg.user("Mia");
    let wait = tg.fault(Fault::TooManyRequests(60));
    let wait = wait.on("sendMessage").once();
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    // Acknowledged after a moment, with the answer still on its way.
    tg.settled().await;
    assert_eq!((wait.hits(), mia.dm().bot_messages().len()), (1, 0));
    child.kill().unwrap();
    child.wait().unwrap();
    let mut child = program(&tg, folder.path()).spawn().unwrap();
    let answer = mia.dm().next_bot_message().await;
    assert!(answer.text.contains("9.0 cm"), "{}", answer.text);
    // Given once: whoever comes next has nothing left to say.
    mia.says(&mia.dm(), "/ankle history").await;
    let history = mia.dm().next_bot_message().await;
    assert_eq!(history.text.matches('#').count(), 1, "{}", history.text);
    child.kill().unwrap();
    child.wait().unwrap();
    let child = program(&tg, folder.path()).spawn().unwrap();
    tg.until_polling().await;
    mia.says(&mia.dm(), "/ankle history").await;
    mia.dm().next_bot_message().await;
    assert_eq!(mia.dm().bot_messages().len(), 3);
    send_signal(&child, "-TERM");
    end_of(child).await;
    tg.finish_with_unread().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_welcome_that_waited_when_the_program_was_killed_is_said_by_the_next_silently_and_once() {
    let tg = fake().await;
    let folder = tempfile::tempdir().unwrap();
    let mut child = program(&tg, folder.path()).spawn().unwrap();
    tg.until_polling().await;
    let club = tg.supergroup("Trail Friends").without_bot();
    let boss = tg.user("Boss").speaking("en");
    club.join(&boss);
    let wait = tg.fault(Fault::TooManyRequests(60));
    let wait = wait.on("sendMessage").once();
    boss.adds_bot(&club);
    wait.struck(1).await;
    child.kill().unwrap();
    child.wait().unwrap();
    let mut child = program(&tg, folder.path()).spawn().unwrap();
    let welcome = club.next_bot_message().await;
    assert!(welcome.text.starts_with("Hi, I'm"), "{}", welcome.text);
    assert!(welcome.silent);
    boss.says(&club, "/ankle test 9cm left").await;
    club.next_bot_message().await;
    child.kill().unwrap();
    child.wait().unwrap();
    let child = program(&tg, folder.path()).spawn().unwrap();
    tg.until_polling().await;
    boss.says(&club, "/ankle test 9cm left").await;
    club.next_bot_message().await;
    assert_eq!(club.bot_messages().len(), 3);
    send_signal(&child, "-TERM");
    assert!(end_of(child).await.status.success());
    tg.finish_with_unread().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_lines_at_the_start_an_answer_and_a_clean_end() {
    let tg = fake().await;
    let folder = tempfile::tempdir().unwrap();
    let child = program(&tg, folder.path()).spawn().unwrap();
    tg.until_polling().await;
    let mia = tg.user("Mia");
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    let answer = mia.dm().next_bot_message().await;
    assert!(
        answer.text.starts_with("Left 9.0 cm ≈ 32.4°"),
        "{}",
        answer.text
    );
    tg.until_called("setMyCommands", 6).await;
    let menu: Vec<_> = mia
        .menu_in(&mia.dm())
        .iter()
        .map(|c| c.command.clone())
        .collect();
    assert_eq!(
        menu,
        [
            "test", "done", "streak", "history", "undo", "edit", "me", "export", "forget", "help"
        ]
    );
    send_signal(&child, "-TERM");
    let output = end_of(child).await;
    assert!(output.status.success(), "{}", complained(&output));
    let database = std::fs::canonicalize(folder.path())
        .unwrap()
        .join("anklebot.db");
    let expected = format!(
        "New database created at {}\n\
         Telegram: @fake_bot. Add it to a group: https://t.me/fake_bot?startgroup\n\
         Privacy mode is on: where other bots are, make it an admin without any rights, or pick /ankle from the menu.\n",
        database.display()
    );
    assert_eq!(said(&output), expected);
    assert!(
        !complained(&output).contains(&tg.token()),
        "a token is never printed"
    );
    tg.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn complaint_42_each_mistake_at_the_start_is_one_sentence_and_a_failure() {
    let tg = fake().await;
    let folder = tempfile::tempdir().unwrap();
    let refusal = async |name: &str, value: &str| {
        let mut command = program(&tg, folder.path());
        command.env(name, value).env("LOG", "error");
        let output = end_of(command.spawn().unwrap()).await;
        assert_eq!(output.status.code(), Some(1), "{}", complained(&output));
        let sentence = complained(&output);
        assert_eq!(sentence.lines().count(), 1, "{sentence}");
        sentence
    };
    let malformed = refusal("TELEGRAM_TOKEN", "no token at all").await;
    assert!(
        malformed.contains("TELEGRAM_TOKEN does not look like a token"),
        "{malformed}"
    );
    let plain = refusal("TELEGRAM_WEBHOOK_URL", "ftp://bot.example.org").await;
    assert!(plain.contains("TELEGRAM_WEBHOOK_URL"), "{plain}");
    let pace = refusal("TELEGRAM_PER_SECOND", "0").await;
    assert!(
        pace.contains("TELEGRAM_PER_SECOND must be a whole number"),
        "{pace}"
    );
    assert!(
        !folder.path().join("anklebot.db").exists(),
        "nothing is made before the settings are understood"
    );
    let refused = refusal("TELEGRAM_TOKEN", "123456:AAnobodyknowsthistoken").await;
    assert!(
        refused.contains("Telegram refuses TELEGRAM_TOKEN"),
        "{refused}"
    );
    let address = refusal("TELEGRAM_API_URL", "telegram").await;
    assert!(
        address.contains("TELEGRAM_API_URL is no address"),
        "{address}"
    );
    let alone = refusal("TELEGRAM_WEBHOOK_URL", "https://bot.example.org").await;
    assert!(
        alone.contains("TELEGRAM_WEBHOOK_URL needs HTTP_ADDR"),
        "{alone}"
    );
    let path = refusal("DATABASE_URL", "sqlite:///nowhere/at/all.db").await;
    assert!(
        path.contains("/nowhere/at/all.db cannot be opened") && path.contains("(uid "),
        "{path}"
    );
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut command = program(&tg, folder.path());
    command
        .env("TELEGRAM_WEBHOOK_URL", "https://bot.example.org")
        .env("HTTP_ADDR", taken.local_addr().unwrap().to_string());
    let output = end_of(command.spawn().unwrap()).await;
    assert!(
        complained(&output).contains("cannot be listened on"),
        "{}",
        complained(&output)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_network_at_the_start_it_keeps_trying() {
    let mut tg = fake().await;
    let folder = tempfile::tempdir().unwrap();
    tg.go_down();
    let child = program(&tg, folder.path()).spawn().unwrap();
    tg.come_back().await;
    tg.until_polling().await;
    send_signal(&child, "-TERM");
    assert!(end_of(child).await.status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_environment_names_a_proxy_every_call_goes_by_it() {
    let tg = fake().await;
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(&tg, folder.path());
    command
        .env("TELEGRAM_API_URL", "http://telegram.invalid")
        .env("HTTP_PROXY", tg.url());
    let child = command.spawn().unwrap();
    tg.until_polling().await;
    let mia = tg.user("Mia").speaking("en");
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    let answer = mia.dm().next_bot_message().await;
    assert!(answer.text.contains("32.4°"), "{}", answer.text);
    mia.says(&mia.dm(), "/ankle export").await;
    while mia.dm().next_bot_message().await.document.is_none() {}
    send_signal(&child, "-TERM");
    let output = end_of(child).await;
    assert!(output.status.success(), "{}", complained(&output));
    tg.finish_with_unread().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_where_something_else_answers_is_said_and_tried_again() {
    let tg = fake().await;
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", elsewhere.local_addr().unwrap());
    let asked = Arc::new(tokio::sync::Notify::new());
    let rings = asked.clone();
    let nothing = axum::Router::new().fallback(async move || {
        rings.notify_one();
        (axum::http::StatusCode::NOT_FOUND, "<h1>Nothing here</h1>")
    });
    tokio::spawn(async move { axum::serve(elsewhere, nothing).await });
    for (token, name, wanted) in [
        (
            "TELEGRAM_TOKEN",
            "TELEGRAM_API_URL",
            "does not look like the Bot API: see that TELEGRAM_API_URL is right",
        ),
        (
            "DISCORD_TOKEN",
            "DISCORD_API_URL",
            "does not look like Discord's API: see that DISCORD_API_URL is right",
        ),
    ] {
        let mut command = program(&tg, folder.path());
        command.env_remove("TELEGRAM_TOKEN").env(name, &url);
        let value = if token == "DISCORD_TOKEN" {
            "a.b.c".to_owned()
        } else {
            tg.token()
        };
        let child = command.env(token, value).spawn().unwrap();
        // Asked a second time, it has said what came of the first.
        asked.notified().await;
        asked.notified().await;
        send_signal(&child, "-TERM");
        let output = end_of(child).await;
        assert!(output.status.success(), "{}", complained(&output));
        assert!(
            complained(&output).contains(wanted),
            "{}",
            complained(&output)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_revoked_later_ends_it_with_a_sentence() {
    let tg = fake().await;
    let folder = tempfile::tempdir().unwrap();
    let child = program(&tg, folder.path()).spawn().unwrap();
    tg.until_polling().await;
    let _revoked = tg
        .fault(Fault::Unauthorized)
        .on("getUpdates")
        .until_cleared();
    let mia = tg.user("Mia");
    mia.says(&mia.dm(), "/ankle help").await;
    let output = end_of(child).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(
        complained(&output).contains("it was revoked"),
        "{}",
        complained(&output)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_takes_what_comes_with_its_secret_and_nothing_else() {
    let tg = fake().await;
    let folder = tempfile::tempdir().unwrap();
    let address = free_address();
    let public = format!("http://{address}");
    let mut command = program(&tg, folder.path());
    command
        .env("TELEGRAM_WEBHOOK_URL", &public)
        .env("HTTP_ADDR", address.to_string());
    let child = command.spawn().unwrap();
    tg.until_called("setWebhook", 1).await;
    let mia = tg.user("Mia");
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    let answer = mia.dm().next_bot_message().await;
    assert!(answer.text.starts_with("Left 9.0 cm"), "{}", answer.text);

    let webhook = ankle_telegram::Webhook::of_token(&tg.token());
    let url = format!("{public}{}", webhook.path);
    let client = reqwest::Client::new();
    let post = async |url: &str, secret: Option<&str>, body: Vec<u8>| {
        let mut request = client.post(url).body(body);
        if let Some(secret) = secret {
            request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
        }
        request
            .send()
            .await
            .map(|response| response.status().as_u16())
    };
    assert_eq!(post(&url, None, b"{}".to_vec()).await.unwrap(), 401);
    assert_eq!(
        post(&url, Some("wrong"), b"{}".to_vec()).await.unwrap(),
        401
    );
    let elsewhere = post(
        &format!("{public}/telegram/x"),
        Some("wrong"),
        b"{}".to_vec(),
    )
    .await;
    assert_eq!(elsewhere.unwrap(), 404);
    // It may hang up before it has read all of that, or say that it is too much.
    let huge = post(&url, Some("wrong"), vec![b' '; 10_000_000]).await;
    assert!(huge.is_err() || matches!(huge, Ok(401 | 413)), "{huge:?}");
    // What is only announced is refused at once, and nobody waits for whoever goes on sending.
    let mut announced = Vec::new();
    for (secret, status) in [("wrong", "401"), (webhook.secret(), "413")] {
        let mut call = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: x\r\nX-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: 10000000\r\n\r\n",
            webhook.path
        );
        call.write_all(head.as_bytes()).await.unwrap();
        let mut said = [0; 12];
        call.read_exact(&mut said).await.unwrap();
        assert_eq!(
            std::str::from_utf8(&said),
            Ok(&*format!("HTTP/1.1 {status}"))
        );
        announced.push(call);
    }
    mia.says(&mia.dm(), "/ankle history").await;
    assert!(mia.dm().next_bot_message().await.text.contains("L 9.0"));
    drop(announced);
    send_signal(&child, "-INT");
    assert!(end_of(child).await.status.success());
    tg.finish().await;
}

/// A generator of instants that need not be good, only different.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_instant_every_acknowledged_command_is_stored_exactly_once() {
    const KILLS: u64 = 20;
    const EACH: u64 = 10;
    let tg = fake().await;
    let folder = tempfile::tempdir().unwrap();
    let people: Vec<_> = (0..5).map(|n| tg.user(&format!("Runner{n}"))).collect();
    let mut dice = Dice(20_261_124);
    for _ in 0..KILLS {
        let mut child = program(&tg, folder.path())
            .env("LOG", "error")
            .spawn()
            .unwrap();
        for n in 0..EACH {
            let person = &people[usize::try_from(n).unwrap() % people.len()];
            person.says(&person.dm(), "/ankle test 9cm left warm").await;
        }
        let wanted = tg.calls("sendMessage") + usize::try_from(dice.below(EACH)).unwrap();
        tg.until_called("sendMessage", wanted).await;
        child.kill().unwrap();
        end_of(child).await;
    }
    let child = program(&tg, folder.path()).spawn().unwrap();
    tg.settled().await;
    send_signal(&child, "-TERM");
    assert!(end_of(child).await.status.success());
    let store = open(folder.path().join("anklebot.db")).await;
    let (tests, _) = store.tests().await.unwrap();
    assert_eq!(tests, i64::try_from(KILLS * EACH).unwrap());
    let answers: usize = people
        .iter()
        .map(|person| person.dm().bot_messages().len())
        .sum();
    let repeated = answers.saturating_sub(usize::try_from(KILLS * EACH).unwrap());
    println!("{KILLS} kills, {tests} commands, {answers} answers: {repeated} repeated");
    tg.finish_with_unread().await;
}

async fn open(path: PathBuf) -> Store {
    Store::open(&format!("sqlite://{}", path.display()))
        .await
        .unwrap()
}
