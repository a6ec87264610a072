//! The program on Discord and on Telegram at once.

use std::process::{Command, Stdio};
use std::sync::Arc;

use ankle_core::face::SystemClock;
use ankle_fakes::discord::FakeDiscord;
use ankle_fakes::telegram::{FakeTelegram, Fault};
use tokio::net::TcpStream;

use crate::serving::{PROGRAM, complained, end_of, free_address, program, said, send_signal};

#[tokio::test(flavor = "multi_thread")]
async fn a_face_whose_token_is_revoked_leaves_the_other_to_answer() {
    let clock = Arc::new(SystemClock::new());
    let tg = FakeTelegram::start(clock.clone()).await;
    tg.limits(false);
    let dc = FakeDiscord::start(clock).await;
    let folder = tempfile::tempdir().unwrap();
    let child = Command::new(PROGRAM)
        .current_dir(folder.path())
        .env_clear()
        .env("TELEGRAM_TOKEN", tg.token())
        .env("TELEGRAM_API_URL", tg.url())
        .env("DISCORD_TOKEN", dc.token())
        .env("DISCORD_API_URL", dc.url())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    tg.until_polling().await;
    dc.until_ready(1).await;
    dc.until_registered("ankle").await;
    let club = dc.server("Trail Friends");
    let mia = club.channel("mobility").person("Mia");
    let asked = mia.slash("/ankle test", &[("distance", "9cm left")]).await;
    let answer = asked.answer().await;
    assert!(answer.ephemeral);
    dc.revoke_token();
    dc.gateway_close(4004);
    dc.until_gone().await;
    let ana = tg.user("Ana");
    ana.says(&ana.dm(), "/ankle test 9cm left").await;
    let answer = ana.dm().next_bot_message().await;
    assert!(answer.text.starts_with("Left 9.0 cm"), "{}", answer.text);
    send_signal(&child, "-TERM");
    let output = end_of(child).await;
    assert!(output.status.success(), "{}", complained(&output));
    let lines = said(&output);
    assert!(
        lines.contains(
            "Discord: Bot. Add it to a server: https://discord.com/oauth2/authorize?client_id="
        ),
        "{lines}"
    );
    assert!(lines.contains("Telegram: @fake_bot."), "{lines}");
    let log = complained(&output);
    assert!(log.contains("Discord refuses DISCORD_TOKEN now"), "{log}");
    assert!(!log.contains(&dc.token()) && !log.contains(&tg.token()));
    tg.finish().await;
    dc.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_telegram_face_whose_address_is_refused_listens_no_more_while_the_other_goes_on() {
    let clock = Arc::new(SystemClock::new());
    let tg = FakeTelegram::start(clock.clone()).await;
    let dc = FakeDiscord::start(clock).await;
    let folder = tempfile::tempdir().unwrap();
    let address = free_address();
    let _refused = tg
        .fault(Fault::Error(400, "Bad Request: bad webhook".to_owned()))
        .on("setWebhook")
        .until_cleared();
    let child = program(&tg, folder.path())
        .env("TELEGRAM_WEBHOOK_URL", format!("http://{address}"))
        .env("HTTP_ADDR", address.to_string())
        .env("DISCORD_TOKEN", dc.token())
        .env("DISCORD_API_URL", dc.url())
        .spawn()
        .unwrap();
    dc.until_ready(1).await;
    dc.until_registered("ankle").await;
    tg.until_called("setWebhook", 1).await;
    let closed = async {
        while TcpStream::connect(address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    let closed = tokio::time::timeout(std::time::Duration::from_mins(1), closed).await;
    assert!(closed.is_ok(), "it still listens");
    let club = dc.server("Trail Friends");
    let mia = club.channel("mobility").person("Mia");
    let asked = mia.slash("/ankle test", &[("distance", "9cm left")]).await;
    assert!(asked.answer().await.ephemeral);
    send_signal(&child, "-TERM");
    let output = end_of(child).await;
    assert!(output.status.success(), "{}", complained(&output));
    let log = complained(&output);
    assert!(
        log.contains("Telegram refuses TELEGRAM_WEBHOOK_URL"),
        "{log}"
    );
    tg.finish_with_unread().await;
    dc.finish().await;
}
