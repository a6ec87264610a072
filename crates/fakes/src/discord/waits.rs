//! Waiting for the bot.

use super::FakeDiscord;
use super::state::State;

impl FakeDiscord {
    /// Waits until so many shards are connected and identified.
    ///
    /// # Panics
    /// If that takes more than ten seconds.
    pub async fn until_ready(&self, shards: usize) {
        let ready = |state: &mut State| (state.gateway.ready() >= shards).then_some(());
        self.shared
            .wait("the bot to be at the gateway", ready)
            .await;
    }

    /// Waits until the bot has resumed sessions so often.
    ///
    /// # Panics
    /// If that takes more than ten seconds.
    pub async fn until_resumed(&self, times: usize) {
        let what = format!("{times} resumes");
        let resumed = |state: &mut State| (state.gateway.resumes >= times).then_some(());
        self.shared.wait(&what, resumed).await;
    }

    /// Waits until the bot has identified so often.
    ///
    /// # Panics
    /// If that takes more than ten seconds.
    pub async fn until_identified(&self, times: usize) {
        let what = format!("{times} identifies");
        let identified = |state: &mut State| (state.gateway.identifies >= times).then_some(());
        self.shared.wait(&what, identified).await;
    }

    /// Waits until no session is connected.
    ///
    /// # Panics
    /// If that takes more than ten seconds.
    pub async fn until_gone(&self) {
        let gone = |state: &mut State| state.gateway.connections.is_empty().then_some(());
        self.shared.wait("the bot to leave the gateway", gone).await;
    }

    /// Waits until a command of that name is registered, anywhere.
    ///
    /// # Panics
    /// If that takes more than ten seconds.
    pub async fn until_registered(&self, name: &str) {
        let what = format!("/{name} to be registered");
        let there = |state: &mut State| {
            let guilds = state.guilds.keys().copied().map(Some);
            let mut scopes = std::iter::once(None).chain(guilds);
            scopes
                .any(|scope| state.commands.find(scope, name).is_some())
                .then_some(())
        };
        self.shared.wait(&what, there).await;
    }

    /// Waits until every interaction has had its first response or can have none any more.
    ///
    /// # Panics
    /// If that takes more than ten seconds.
    pub async fn settled(&self) {
        let all = |state: &mut State| {
            let now = state.now;
            let mut known = state.interactions.values();
            known
                .all(|known| known.response.is_some() || known.is_late(now))
                .then_some(())
        };
        self.shared
            .wait("all interactions to be answered", all)
            .await;
    }

    /// Waits until an operation was called at least so often.
    ///
    /// # Panics
    /// If that takes more than ten seconds.
    pub async fn until_called(&self, operation: &str, times: usize) {
        let what = format!("{operation} to be called {times} times");
        let called = |state: &mut State| (state.calls.count(operation) >= times).then_some(());
        self.shared.wait(&what, called).await;
    }

    /// Waits until the state is as `check` wants it. It looks at what it is given, and at nothing
    /// else of the fake.
    ///
    /// # Panics
    /// If that takes more than ten seconds.
    pub async fn until(&self, check: impl Fn(&State) -> bool) {
        let wanted = |state: &mut State| check(state).then_some(());
        self.shared.wait("what the test wants", wanted).await;
    }
}
