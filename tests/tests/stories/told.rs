//! Stories told once, and played everywhere: the same words on every face and both databases.

use crate::stage::{Data, InTerminal, OnDiscord, OnTelegram, Stage};

/// Declares stories: each a list of `who: line`, `who presses Label` and `days`. Its snapshot is the
/// same in the terminal and on Telegram; on Discord, where a missing argument is asked for by a form
/// and text has marks in it, it has one of its own, and in a channel of a server another, which says what
/// everybody there sees and what was written over.
macro_rules! stories {
    ($(async fn $name:ident($stage:ident) $body:block)*) => {$(
        mod $name {
            use super::*;

            async fn story<S: Stage>($stage: &mut Play<S>) $body

            async fn play(stage: impl Stage, name: &str) {
                let mut play = Play { stage, page: String::new() };
                story(&mut play).await;
                play.stage.ends().await;
                insta::with_settings!({ snapshot_suffix => "", prepend_module_to_snapshot => false }, {
                    insta::assert_snapshot!(name, play.page);
                });
            }

            async fn alike(stage: impl Stage) {
                play(stage, stringify!($name)).await;
            }

            async fn with_marks(stage: impl Stage) {
                play(stage, concat!(stringify!($name), "_on_discord")).await;
            }

            #[tokio::test]
            async fn in_the_terminal_on_sqlite() {
                alike(InTerminal::on(Data::sqlite().await).await).await;
            }

            #[tokio::test]
            async fn on_telegram_on_sqlite() {
                alike(OnTelegram::on(Data::sqlite().await).await).await;
            }

            #[tokio::test]
            async fn on_telegram_by_webhook() {
                alike(OnTelegram::called(Data::sqlite().await).await).await;
            }

            #[tokio::test]
            async fn on_discord_on_sqlite() {
                with_marks(OnDiscord::on(Data::sqlite().await).await).await;
            }

            #[tokio::test]
            async fn in_a_channel_on_discord() {
                let stage = OnDiscord::on(Data::sqlite().await).await.in_a_channel();
                play(stage, concat!(stringify!($name), "_in_a_channel")).await;
            }

            #[tokio::test]
            #[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
            async fn on_discord_on_postgres() {
                with_marks(OnDiscord::on(Data::postgres().await).await).await;
            }

            #[tokio::test]
            #[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
            async fn in_the_terminal_on_postgres() {
                alike(InTerminal::on(Data::postgres().await).await).await;
            }

            #[tokio::test]
            #[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
            async fn on_telegram_on_postgres() {
                alike(OnTelegram::on(Data::postgres().await).await).await;
            }
        }
    )*};
}

/// A story as it is played, and the page it is written on.
struct Play<S> {
    stage: S,
    page: String,
}

impl<S: Stage> Play<S> {
    /// Somebody says lines, one after the other.
    async fn says(&mut self, who: &str, lines: &[&str]) {
        for line in lines {
            let answer = self.stage.says(who, line).await;
            self.write(&format!("{who}: {line}"), &answer);
        }
    }

    async fn presses(&mut self, who: &str, label: &str) {
        let answer = self.stage.presses(who, label).await;
        self.write(&format!("{who} presses {label}"), &answer);
    }

    fn days(&mut self, days: i64) {
        self.stage.days(days);
        self.page += "(";
        self.page += &days.to_string();
        self.page += " days later)\n\n";
    }

    fn write(&mut self, what: &str, answer: &str) {
        let answer: Vec<_> = answer.lines().map(|line| format!("    {line}")).collect();
        self.page += &[
            what,
            &answer.join(
                "
",
            ),
            "",
            "",
        ]
        .join(
            "
",
        );
    }
}

stories! {
    async fn a_runner_tests_corrects_and_compares(story) {
        story.says("Mia", &["/ankle test 9cm"]).await;
        story.presses("Mia", "Left").await;
        story.says("Mia", &["/ankle test 10.2 right", "/ankle history"]).await;
        story.days(14);
        story.says("Mia", &["/ankle test left 9.4 right 12.1"]).await;
        story.presses("Mia", "More").await;
        story.says("Mia", &["/ankle undo"]).await;
        story.presses("Mia", "Put it back").await;
        story.says("Mia", &["/ankle edit 3 9.6", "/ankle test", "9.5 left warm", "/ankle history"]).await;
    }

    async fn a_slip_is_explained_and_nothing_is_stored(story) {
        story.says("Jonas", &[
            "/ankle test nine-ish", "/ankle test 27", "/ankle test -1cm", "/ankle tset 9cm left",
            "/ankle test 9cm on:tomorrow", "/ankle edit 7 9cm", "/ankle history",
        ]).await;
        story.says("Jonas", &["/ankle test 4 left"]).await;
        story.presses("Jonas", "Yes, inches").await;
        story.says("Jonas", &["/ankle test 9 10"]).await;
    }

    async fn somebody_looks_at_settings_takes_the_data_and_leaves(story) {
        story.says("Ana", &[
            "/ankle me", "/ankle me settings zone:Berlin language:de unit:cm", "/ankle test links 9,4 rechts 10,5",
            "/ankle export", "/ankle forget",
        ]).await;
        story.presses("Ana", "Alles löschen").await;
        story.says("Ana", &["/ankle history"]).await;
    }

    async fn pain_is_heard_and_an_unlikely_value_waits(story) {
        story.says("Tom", &["/ankle test 6cm left sharp pain heel"]).await;
        story.days(3);
        story.says("Tom", &["/ankle test 18.5cm right"]).await;
        story.presses("Tom", "It's right").await;
        story.says("Tom", &["/ankle history", "/ankle help test"]).await;
    }
}

#[tokio::test]
async fn a_channel_reads_what_is_shared_and_what_is_asked_for_all() {
    let stage = OnDiscord::on(Data::sqlite().await).await.in_a_channel();
    let page = String::new();
    let mut story = Play { stage, page };
    story.says("Mia", &["/ankle test 9cm"]).await;
    story.presses("Mia", "Left").await;
    story.presses("Mia", "Share").await;
    story
        .says("Jonas", &["/ankle done calf-raise", "/ankle leaderboard"])
        .await;
    story.stage.ends().await;
    insta::assert_snapshot!(story.page, @"
    Mia: /ankle test 9cm
        9.0 cm · about 32.4° (3.6° per cm)
        In the middle range for healthy adults, right on its lower line: one test can't tell.
        Saved as your baseline. Retest in 14 days.
        Before runs: 10 ankle circles each way.
        Which leg was it?
        [Left] [Right] [Both] [Undo] [More]

    Mia presses Left
        (over it) Left 9.0 cm ≈ 32.4°
        In the middle range for healthy adults, just on its lower line: one test can't tell.
        Saved as your baseline. Retest in 14 days.
        Before runs: circles, then bounds. Stretch if you like.
        [Share] [Undo] [More]

    Mia presses Share
        (to all) Mia logged a knee-to-wall test: Left 9.0 cm ≈ 32.4°. Try yours: `/ankle test`

    Jonas: /ankle done calf-raise
        ✓ Done, day 1! The group sees your first name on today's list. Rather not? `/ankle me settings`
        [Undo]

    Jonas: /ankle leaderboard
        (to all) **Check-ins · Mon to today (UTC)**
        1  Jonas 1
        1 person, 1 check-in together.
        Ranked by showing up, not by centimetres.
        [My rank]
    ");
}
