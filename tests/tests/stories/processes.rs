//! Several processes on one database: what one of them does, what each does, and who goes on when one
//! is gone.

use std::sync::Arc;
use std::time::Duration;

use ankle_core::command::Bot;
use ankle_core::face::{Clock, Messenger, SimulatedClock};
use ankle_core::store::Store;
use ankle_discord::{Discord, ShardRange};
use ankle_fakes::discord::{FakeDiscord, Server};
use ankle_fakes::telegram::{Chat, FakeTelegram, Fault, Person};
use ankle_telegram::Telegram;
use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;

use crate::stage::{Data, Log, Posts};

/// When these stories begin: a little before 11:01 in Berlin.
const SOON: &str = "2026-11-24T10:00:50Z";

/// How long a story waits in real time for what has to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// One of the processes: a face, and what sends for it.
struct Process<F> {
    face: Arc<F>,
    posts: Posts<F>,
    stop: CancellationToken,
    running: AbortHandle,
}

impl Process<Telegram> {
    async fn on(tg: &FakeTelegram, clock: &SimulatedClock, data: &Data) -> Self {
        Self::begun(tg, clock, data, None).await
    }

    /// Where updates are posted to it.
    async fn called(tg: &FakeTelegram, clock: &SimulatedClock, data: &Data) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::begun(tg, clock, data, Some(listener)).await
    }

    async fn begun(
        tg: &FakeTelegram,
        clock: &SimulatedClock,
        data: &Data,
        listener: Option<TcpListener>,
    ) -> Self {
        let address = listener.as_ref().map(|one| one.local_addr().unwrap());
        let (store, bot, house, stop) = parts(clock, data).await;
        let config = ankle_telegram::Config {
            token: tg.token(),
            api_url: Some(tg.url()),
            webhook_url: address.map(|address| format!("http://{address}")),
        };
        let face = Telegram::connect(&config, bot, store.clone(), house, &stop).await;
        let face = Arc::new(face.unwrap());
        if let Some((listener, route)) = listener.zip(face.route()) {
            tokio::spawn(async move { axum::serve(listener, route).await.unwrap() });
        }
        let running = tokio::spawn({
            let (face, stop) = (face.clone(), stop.clone());
            async move { face.run(&stop).await.unwrap() }
        });
        Self {
            posts: Posts::of(&face, &store, clock, Telegram::way()),
            face,
            stop,
            running: running.abort_handle(),
        }
    }
}

impl Process<Discord> {
    async fn on(discord: &FakeDiscord, clock: &SimulatedClock, data: &Data, share: &str) -> Self {
        let (store, bot, house, stop) = parts(clock, data).await;
        let share: ShardRange = share.parse().unwrap();
        let config = ankle_discord::Config {
            token: discord.token(),
            api_url: Some(discord.url()),
            guild_id: None,
            shards: Some(share),
        };
        let face = Discord::connect(&config, bot, store.clone(), house, &stop).await;
        let face = Arc::new(face.unwrap());
        let running = tokio::spawn({
            let (face, stop) = (face.clone(), stop.clone());
            async move { face.run(&stop).await.unwrap() }
        });
        Self {
            posts: Posts::of(&face, &store, clock, Discord::way()),
            face,
            stop,
            running: running.abort_handle(),
        }
    }
}

impl<F: Messenger + 'static> Process<F> {
    /// It gets no time for anything.
    fn dies(self) {
        self.running.abort();
    }

    async fn ends_well(self, clock: &SimulatedClock) {
        self.stop.cancel();
        while_time_passes(clock, until(|| self.running.is_finished())).await;
    }
}

/// What each process has for itself.
async fn parts(
    clock: &SimulatedClock,
    data: &Data,
) -> (Arc<Store>, Arc<Bot>, Arc<dyn Clock>, CancellationToken) {
    let store = Arc::new(Store::open(data.url()).await.unwrap());
    let house: Arc<dyn Clock> = Arc::new(clock.clone());
    let bot = Arc::new(Bot::new(store.clone(), house.clone()));
    (store, bot, house, CancellationToken::new())
}

async fn until(wanted: impl Fn() -> bool) {
    while !wanted() {
        tokio::task::yield_now().await;
    }
}

async fn within<T>(what: impl Future<Output = T>) -> T {
    let in_time = tokio::time::timeout(PATIENCE, what).await;
    in_time.expect("it came in time")
}

/// Lets the clock run until something has come, in steps: each waits for real work.
async fn while_time_passes<T>(clock: &SimulatedClock, what: impl Future<Output = T>) -> T {
    let mut what = Box::pin(what);
    within(async {
        loop {
            let step = tokio::time::timeout(Duration::from_millis(20), &mut what);
            if let Ok(done) = step.await {
                return done;
            }
            clock.advance(SignedDuration::from_millis(100));
        }
    })
    .await
}

/// Lets time pass for two processes at once: both let reminders fall due, and both would send. Second by
/// second, so that who holds a lease has the time to renew it.
async fn both_until<F: Messenger + 'static>(
    (a, b): (&Process<F>, &Process<F>),
    clock: &SimulatedClock,
    time: &str,
) {
    let end: Timestamp = time.parse().unwrap();
    loop {
        let (one, other) = tokio::join!(a.posts.step(end), b.posts.step(end));
        let now = clock.now();
        if now >= end {
            return;
        }
        let a_second_on = now + SignedDuration::from_secs(1);
        let next = one.min(other).max(now).min(a_second_on);
        while_time_passes(clock, clock.sleep_until(next)).await;
    }
}

/// A friend who has opened his private chat with the bot.
async fn friend(tg: &FakeTelegram, clock: &SimulatedClock, name: &str) -> Person {
    let person = tg.user(name).speaking("en");
    person.says(&person.dm(), "/start").await;
    while_time_passes(clock, tg.settled()).await;
    person.dm().skip_unread();
    person
}

fn posts_in(club: &Chat) -> usize {
    let all = club.bot_messages();
    all.iter()
        .filter(|shown| shown.text.starts_with("Ankle minutes"))
        .count()
}

#[tokio::test]
#[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
async fn of_two_bots_on_one_token_one_polls_and_the_other_goes_on_when_it_is_gone() {
    let log = Log::default();
    let _listening = log.listen();
    let clock = SimulatedClock::new(SOON.parse().unwrap());
    let tg = FakeTelegram::start(Arc::new(clock.clone())).await;
    tg.limits(false);
    let data = Data::postgres().await;
    let first = Process::<Telegram>::on(&tg, &clock, &data).await;
    tg.until_polling().await;
    let second = Process::<Telegram>::on(&tg, &clock, &data).await;
    let waits = || log.lines_with("another process polls Telegram").len();
    while_time_passes(&clock, until(|| waits() == 1)).await;
    assert!(first.face.is_ready() && second.face.is_ready());
    let boss = friend(&tg, &clock, "Boss").await;
    let club = tg.supergroup("Trail Friends");
    club.join(&boss);
    club.promote(&boss);
    boss.says(&club, "/ankle remind set 11:01 zone:Berlin")
        .await;
    while_time_passes(&clock, tg.settled()).await;
    both_until((&first, &second), &clock, "2026-11-24T10:01:05Z").await;
    assert_eq!(posts_in(&club), 1, "{}", tg.transcript());
    assert_eq!(
        second.face.counters().updates(),
        0,
        "the first has taken all"
    );

    first.dies();
    let died = clock.now();
    let mia = tg.user("Mia").speaking("en");
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    let answer = while_time_passes(&clock, mia.dm().next_bot_message()).await;
    assert!(answer.text.starts_with("Left 9.0 cm"), "{}", answer.text);
    let heir = clock.now().duration_since(died);
    assert!(heir <= SignedDuration::from_secs(13), "{heir}");
    second.posts.until("2026-11-25T10:01:05Z").await;
    let all = club.bot_messages();
    let today = all
        .iter()
        .filter(|shown| shown.text.contains("Wed 25 Nov"))
        .count();
    assert_eq!(today, 1, "{}", tg.transcript());
    assert_eq!(waits(), 1, "it was said once");
    assert_eq!(
        second.face.counters().poll_failures(),
        0,
        "nobody took another's turn"
    );
    second.ends_well(&clock).await;
    tg.finish_with_unread().await;
}

#[tokio::test]
#[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
async fn of_two_bots_that_are_called_each_gives_its_answers_and_one_the_others_when_it_is_gone() {
    let clock = SimulatedClock::new(SOON.parse().unwrap());
    let tg = FakeTelegram::start(Arc::new(clock.clone())).await;
    tg.limits(false);
    let data = Data::postgres().await;
    let first = Process::called(&tg, &clock, &data).await;
    tg.until_called("setWebhook", 1).await;
    let (mia, tom) = (tg.user("Mia"), tg.user("Tom"));
    let wait = tg.fault(Fault::TooManyRequests(250));
    let wait = wait.on("sendMessage").once();
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    // It is acknowledged after a moment, with the answer noted and still on its way.
    within(tg.settled()).await;
    assert_eq!((wait.hits(), mia.dm().bot_messages().len()), (1, 0));

    let second = Process::called(&tg, &clock, &data).await;
    within(tg.until_called("setWebhook", 2)).await;
    for _ in 0..2 {
        tom.says(&tom.dm(), "/ankle test 9cm left").await;
        while_time_passes(&clock, tom.dm().next_bot_message()).await;
        clock.advance(SignedDuration::from_secs(2));
    }
    assert_eq!(second.face.counters().updates(), 2);
    assert!(mia.dm().unread().is_empty(), "{}", tg.transcript());

    first.dies();
    let died = clock.now();
    while_time_passes(&clock, mia.dm().next_bot_message()).await;
    let heir = clock.now().duration_since(died);
    assert!(heir <= SignedDuration::from_secs(13), "{heir}");
    second.ends_well(&clock).await;
    assert_eq!(mia.dm().bot_messages().len(), 1, "{}", tg.transcript());
    tg.finish_with_unread().await;
}

#[tokio::test]
#[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
async fn a_bot_that_stops_in_good_order_is_followed_at_once_and_nothing_is_said_twice() {
    let clock = SimulatedClock::new(SOON.parse().unwrap());
    let tg = FakeTelegram::start(Arc::new(clock.clone())).await;
    tg.limits(false);
    let data = Data::postgres().await;
    let first = Process::<Telegram>::on(&tg, &clock, &data).await;
    tg.until_polling().await;
    let mia = friend(&tg, &clock, "Mia").await;
    let second = Process::<Telegram>::on(&tg, &clock, &data).await;
    mia.says(&mia.dm(), "/ankle test 9cm left").await;
    while_time_passes(&clock, tg.settled()).await;
    first.ends_well(&clock).await;
    let stopped = clock.now();
    mia.says(&mia.dm(), "/ankle history").await;
    while_time_passes(&clock, tg.settled()).await;
    let waited = clock.now().duration_since(stopped);
    assert!(waited <= SignedDuration::from_secs(3), "{waited}");
    let heard: Vec<_> = mia
        .dm()
        .unread()
        .into_iter()
        .map(|shown| shown.text)
        .collect();
    assert_eq!(heard.len(), 2, "{heard:#?}");
    second.ends_well(&clock).await;
    tg.finish_with_unread().await;
}

/// A server that a shard of two serves.
fn server_of(discord: &FakeDiscord, shard: u64) -> Server {
    let mut servers = (0..64).map(|n| discord.server(&format!("Trail Friends {n}")));
    // The rule by which Discord spreads servers over shards.
    servers
        .find(|server| (server.id() >> 22) % 2 == shard)
        .expect("one in 64 servers")
}

#[tokio::test]
#[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
async fn two_bots_with_a_shard_each_answer_their_own_servers_and_post_once_in_both() {
    let clock = SimulatedClock::new(SOON.parse().unwrap());
    let discord = FakeDiscord::start(Arc::new(clock.clone())).await;
    discord.limits(false);
    let data = Data::postgres().await;
    let first = Process::<Discord>::on(&discord, &clock, &data, "0-0/2").await;
    let second = Process::<Discord>::on(&discord, &clock, &data, "1-1/2").await;
    while_time_passes(&clock, discord.until_ready(2)).await;
    while_time_passes(&clock, discord.until_registered("ankle-club")).await;
    let mut channels = Vec::new();
    for (shard, process) in [(0, &first), (1, &second)] {
        let club = server_of(&discord, shard);
        let channel = club.channel("mobility");
        let boss = club.organiser("Boss").in_channel(&channel);
        let set = [("time", "11:01"), ("zone", "Europe/Berlin")];
        let before = process.face.counters().interactions();
        let asked = boss.slash("/ankle-club remind set", &set).await;
        while_time_passes(&clock, asked.answer()).await;
        let taken = process.face.counters().interactions() - before;
        assert_eq!(taken, 1, "shard {shard} has its own");
        channel.skip_unread();
        channels.push(channel);
    }
    both_until((&first, &second), &clock, "2026-11-24T10:01:05Z").await;
    for channel in &channels {
        let all = channel.bot_messages();
        let posts = all.iter().filter(|shown| !shown.ephemeral).count();
        assert_eq!(posts, 1, "{}", discord.transcript());
    }
    let posts = [&first, &second].map(|process| process.posts.figures().posts());
    assert_eq!(posts.iter().sum::<u64>(), 2);
    assert!(posts.contains(&0), "one process sends: {posts:?}");
    assert_eq!(
        discord.calls("bulk_set_application_commands"),
        1,
        "one registered them"
    );
    first.ends_well(&clock).await;
    second.ends_well(&clock).await;
    discord.finish_with_unread().await;
}

#[tokio::test]
async fn while_the_gateway_is_away_the_face_is_not_ready_and_a_long_outage_is_one_line() {
    let log = Log::default();
    let _listening = log.listen();
    let clock = SimulatedClock::new(SOON.parse().unwrap());
    let discord = FakeDiscord::start(Arc::new(clock.clone())).await;
    discord.limits(false);
    let data = Data::sqlite().await;
    let one = Process::<Discord>::on(&discord, &clock, &data, "0/1").await;
    let lost = || log.lines_with("gateway is lost").len();
    let again = || log.lines_with("connected again").len();
    while_time_passes(&clock, until(|| one.face.is_ready())).await;
    discord.gateway_refuses(true);
    discord.gateway_cut();
    while_time_passes(&clock, until(|| !one.face.is_ready())).await;
    while_time_passes(&clock, until(|| lost() == 1)).await;
    discord.gateway_refuses(false);
    while_time_passes(&clock, until(|| one.face.is_ready())).await;
    while_time_passes(&clock, until(|| again() == 1)).await;
    assert_eq!(lost(), 1, "{:?}", log.lines_with("gateway"));
    one.ends_well(&clock).await;
    discord.finish_with_unread().await;
}

#[tokio::test]
async fn a_gateway_that_is_not_reached_at_the_start_is_one_line_and_so_is_its_coming() {
    let log = Log::default();
    let _listening = log.listen();
    let clock = SimulatedClock::new(SOON.parse().unwrap());
    let discord = FakeDiscord::start(Arc::new(clock.clone())).await;
    discord.limits(false);
    discord.gateway_refuses(true);
    let data = Data::sqlite().await;
    let one = Process::<Discord>::on(&discord, &clock, &data, "0/1").await;
    let not_reached = || log.lines_with("gateway is not reached").len();
    while_time_passes(&clock, until(|| not_reached() == 1)).await;
    assert!(!one.face.is_ready());
    discord.gateway_refuses(false);
    while_time_passes(&clock, until(|| one.face.is_ready())).await;
    let about = log.lines_with("Discord's gateway");
    assert_eq!(about.len(), 2, "{about:?}");
    assert!(about[1].contains("is connected"), "{about:?}");
    one.ends_well(&clock).await;
    discord.finish_with_unread().await;
}

#[tokio::test]
#[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
async fn a_bot_that_does_not_reach_the_gateway_lets_the_others_have_their_turn() {
    let log = Log::default();
    let _listening = log.listen();
    let clock = SimulatedClock::new(SOON.parse().unwrap());
    let data = Data::postgres().await;
    // The same Discord, seen from a machine with a firewall and from one without.
    let behind = FakeDiscord::start(Arc::new(clock.clone())).await;
    let open = FakeDiscord::start(Arc::new(clock.clone())).await;
    behind.gateway_refuses(true);
    let first = Process::<Discord>::on(&behind, &clock, &data, "0-0/2").await;
    while_time_passes(
        &clock,
        until(|| !log.lines_with("gateway is not reached").is_empty()),
    )
    .await;
    let second = Process::<Discord>::on(&open, &clock, &data, "1-1/2").await;
    while_time_passes(&clock, until(|| second.face.is_ready())).await;
    assert!(!log.lines_with("another process is connecting").is_empty());
    assert!(!first.face.is_ready());
    behind.gateway_refuses(false);
    while_time_passes(&clock, until(|| first.face.is_ready())).await;
    first.ends_well(&clock).await;
    second.ends_well(&clock).await;
    behind.finish_with_unread().await;
    open.finish_with_unread().await;
}
