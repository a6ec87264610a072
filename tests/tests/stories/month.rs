//! A club's month, on each face: set up, posted to, pressed, paused, and put right again, across a change
//! of the clocks. Every post in it stands in its snapshot.

use crate::stage::{Club, ClubInTerminal, ClubOnDiscord, ClubOnTelegram, Data};

/// The month, and the page it is written on.
struct Month<C> {
    club: C,
    page: String,
}

impl<C: Club> Month<C> {
    async fn says(&mut self, who: &str, line: &str) {
        let heard = self.club.says(who, line).await;
        self.write(&format!("{who}: {line}"), &heard);
    }

    async fn presses(&mut self, who: &str, label: &str) {
        let heard = self.club.presses(who, label).await;
        self.write(&format!("{who} presses {label}"), &heard);
    }

    async fn until(&mut self, time: &str) {
        let heard = self.club.until(time).await;
        self.write(&format!("({time} in Berlin)"), &heard);
    }

    /// Nothing is to be heard until the day has come so often.
    async fn quiet_days(&mut self, days: u32) {
        for _ in 0..days {
            self.club.until("12:00").await;
        }
    }

    /// So many days: the post of each, and who is done with the raises at noon.
    async fn days(&mut self, days: u32, done: &[&str]) {
        for _ in 0..days {
            let heard = self.club.until("07:01").await;
            self.write("(07:01 in Berlin)", &heard);
            if heard.contains("Ankle minutes") {
                for who in done {
                    self.club.presses(who, "✓ Raises").await;
                }
            }
            self.until("12:01").await;
        }
    }

    fn note(&mut self, what: &str) {
        self.page += &["(", what, ")\n\n"].concat();
    }

    fn write(&mut self, what: &str, heard: &str) {
        self.page += what;
        self.page.push('\n');
        for line in heard.lines().filter(|line| !line.is_empty()) {
            self.page += &["    ", line, "\n"].concat();
        }
        self.page.push('\n');
    }
}

async fn month(club: impl Club, name: &str) {
    let mut month = Month {
        club,
        page: String::new(),
    };
    // To the spring of the year after, when clocks in Berlin change on the 28th.
    month.quiet_days(104).await;
    month
        .says("Boss", "/ankle remind set 07:00 zone:Berlin board:week")
        .await;
    month.says("Mia", "/ankle me settings zone:Berlin").await;
    month.says("Jonas", "/ankle me settings zone:Tokyo").await;
    month
        .says("Ana", "/ankle me settings zone:Los_Angeles")
        .await;
    month
        .says(
            "Boss",
            "/ankle challenge create Springtime exercise:calf-raise from:2027-03-09 for:14d goal:30",
        )
        .await;
    for who in ["Mia", "Jonas", "Ana"] {
        month.says(who, "/ankle challenge join 1").await;
    }
    month.until("07:01").await;
    month.presses("Mia", "✓ Both").await;
    month.presses("Jonas", "✓ Raises").await;
    month.until("19:00").await;
    // It is ten in the morning where Ana is, and three at night of the next day where Jonas is.
    month.presses("Ana", "✓ Raises").await;
    month.presses("Jonas", "✓ Stretch").await;
    month.until("19:05").await;
    for day in 0..6 {
        month.until("07:01").await;
        month.presses("Mia", "✓ Raises").await;
        if day % 2 == 0 {
            month.presses("Jonas", "✓ Raises").await;
        }
        if day % 3 == 1 {
            month.presses("Ana", "✓ Raises").await;
        }
        month.until("12:00").await;
    }
    month.note("the club rests from Tuesday to Thursday");
    month
        .says("Boss", "/ankle club break 2027-03-16..2027-03-18")
        .await;
    month.days(4, &["Mia"]).await;
    month.note("four days later: the bot is thrown out on Friday, and let in again on Monday");
    month.days(1, &["Mia", "Ana"]).await;
    month.club.throws_the_bot_out().await;
    month.days(3, &[]).await;
    month.club.lets_the_bot_in().await;
    month.note(
        "the break has moved the end of the challenge to Thursday, and Ana and Jonas share a place",
    );
    month.days(5, &["Mia", "Jonas", "Ana"]).await;
    month.says("Mia", "/ankle challenge show 1").await;
    month.note("clocks change on Sunday: nothing comes an hour early");
    month.until("06:59").await;
    month.days(3, &["Mia", "Jonas"]).await;
    month.days(8, &["Mia"]).await;
    month.club.ends().await;
    insta::with_settings!({ snapshot_suffix => "", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, month.page);
    });
}

#[tokio::test]
async fn in_the_terminal() {
    month(
        ClubInTerminal::on(Data::sqlite().await).await,
        "a_clubs_month_in_the_terminal",
    )
    .await;
}

#[tokio::test]
async fn on_telegram() {
    month(
        ClubOnTelegram::on(Data::sqlite().await).await,
        "a_clubs_month_on_telegram",
    )
    .await;
}

#[tokio::test]
async fn on_discord() {
    month(
        ClubOnDiscord::on(Data::sqlite().await).await,
        "a_clubs_month_on_discord",
    )
    .await;
}
