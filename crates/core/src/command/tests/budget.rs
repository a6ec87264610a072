//! Every message that can be said is said once, in every language, and every card is measured.

use std::collections::{BTreeMap, BTreeSet};

use super::talk::Talk;
use crate::calendar::{Occurrence, Schedule, Zone};
use crate::card::{Card, Size, plain};
use crate::club::{
    Board, BoardKind, BoardTime, Challenge, ChallengeDay, ChallengeId, ChallengeState, ClubId,
    Course, Language, LastPost, PersonId, Phase, PostId, Privacy, Reminder, ReminderId, RoomId,
    Score,
};
use crate::command::{Logged, Menu, Refusal};
use crate::exercise::{Exercise, Exercises, Rest};
use crate::face::{Answer, Aside, Audience, Lack, Outcome, Said};
use crate::store::Reason;
use crate::words::{
    BreakNews, Check, ClubReport, Home, Mark, PRIVATE, Post, Profile, ROOM, Reader, ReminderNews,
    RemindersOf, Speaker, about_to_win_card, break_card, club_card, club_show_card, command_words,
    doctor_card, files_not_sent_card, fixed_card, message_ids, not_posted_card, nudge_card,
    option_words, post_card, profile_card, quiet_card, reminder_card, reminders_card,
    results_not_posted_card, said, setup_card, welcome_card, with_stopped_nudge,
};
use jiff::civil::date;

/// Lines that between them bring out every answer. `>` presses a button, `@` changes who speaks,
/// `+` lets days pass, `&` moves him to another region, `!` makes everybody organisers,
/// `?` nobody, `#` goes to another room, `~` lets challenges that are due end.
const SCRIPT: &str = r#"
    @Ada | test left 9cm | edit 1 left | edit 1 left 9 right 10 | undo 1 | undo 1 | edit 1 9
    @Una | &US | test 9 right | >2 | & | @Mia
    help | help test | help me settings | history | undo | me
    test 4 | >1 | test 5 left | >2 | undo | >1 | undo 2 | undo 2
    @Jo | test 9 left | @Ann | test 6 right | test 6in left | history before:2026-10-01
    @Mia | me settings unit:cm | test 9cm | >1 | test 9.5 left warm | test 9.4 | >3 | >1
    test left 10.5 on:yesterday warm | test both 9.4 state:warm on:yesterday | test right 10.1 warm
    test 2.5 | test 2.5 left | test L 2.5 R 2.6 | test L 4.1 R 4.2 | test 5.5 right | test L 5.5 R 5.6
    test L 7.5 R 7.6 | test L 9.4 R 9.5 | test L 12.8 | test 8.89 left | test L 14 R 14.1 | test 14 left
    test L 4 R 9 | test L 9 R 16 | test L 14 R 5 | test L 19 R 9 | test R 9.0 9.4 10.6 | test 1 left
    @Eva | me settings unit:cm zone:Berlin age:60+ | test L 9 R 9 | >3 | +14
    test L 9.1 R 9.2 | +14 | test L 10.3 R 9 | +14 | test L 12.3 R 11 | +7 | test L 14.3 R 13 | +14
    test L 13.3 R 12 | +14 | test L 11.3 R 10 | +14 | test L 9.3 R 8 | +1 | test L 9.3 R 8 | +90
    test L 9.3 R 9.9 | history | history before:2026-12-20
    @Tom | me settings unit:cm age:under-18 privacy:hidden | test L 9 | +14 | test L 10.9 | +14 | test L 10.1
    +14 | test L 9 | +14 | test L 10 | +14 | test L 11 | +14 | test L 18.5 | >1 | test L 18.4 R 18.5
    test L 17 R 9.6 | test 15.2 left | test 9 left sharp pain heel | test 14.5 right
    @Kim | me settings unit:cm | test L 9 R 9 | +14 | test L 10 R 9.9 | +14 | test L 11 R 10.9 | +14
    test L 11 R 8 | +30 | test L 13 R 12 | +30 | test L 10.9 R 9.9
    @Sam | test L 10cm R 10cm | +14 | test L 12 R 10 | +14 | test L 12 R 13.1 | test L 10.8 R 12 | +14
    test L 9.2 R 9.1 | +14 | test L 11.2 R 9 | history
    @Lea | me settings unit:cm | test L 9 R 9 | +14 | test L 10 R 10 | +14 | test L 11 R 11
    test L 12 R 9.9 | >3 | +1 | test L 13.3 R 12.9 | >3
    @Max | test L 4 R 5 | >1 | @Uwe | test 4 | @Ida | test 9 10 | >1 | @Zoe
    test | test on:yesterday | edit | edit 1 | export | forget | >2 | forget | >1 | forget
    test nine-ish | test left | test left 9 10 right | test 9 9 9 9 | test -1cm | test 27 | test 400
    test 9cm on:someday | test 9cm on:2099-01-01 | test 9cm on:2020-01-01 | test 9cm side:up
    test 9cm left side:right | test 9cm state:hot | edit 1 blue | edit x 9 | edit 99999 9 | undo x
    @Amy | streak | me resume | history check-ins | done | done raise | done both | done circles on:yesterday
    done raise sets:2 | done circles on:yesterday | done all sets:20 | history check-ins | undo | >1 | streak
    +1 | done raise | +1 | done raise | +1 | done raise | streak | +3 | done raise | done roll 2x | +7 | streak
    +21 | me pause until:2w | streak | me pause | streak | me resume | me pause on:yesterday | me settings streak:days
    streak | done raise | streak | +3 | streak
    @Ivo | done both | @Mia | done both | leaderboard | >1 | leaderboard tests all | >1 | leaderboard streak month
    leaderboard month | >1 | leaderboard today | leaderboard show:more
    @Pia | +60 | leaderboard | leaderboard tests week | leaderboard show:mine | leaderboard tests week show:mine
    leaderboard show:more | done roll | leaderboard | >1 | +1 | done roll | +1 | done roll | +1 | done roll | +1 | done roll
    +1 | done roll | +1 | done roll | leaderboard streak | >1 | leaderboard streak show:more | test 9cm left | leaderboard tests | >1
    @Org | nudge 19:00 | club | remind set 7 | ! | remind list | remind preview | remind test | remind set | remind set 7 | remind set 7 zone:Berlin
    remind list | remind preview | remind test | remind pause | remind list | remind resume | remind pause until:2w
    remind set 25:00 | remind set 7 days:x | remind set "* * * * *" | remind set "0 7 31 2 *" | remind set "0 7 * * x"
    remind set "0 7 * * 1" days:mon zone:Berlin | remind set 7 zone:Berlin in:nowhere
    remind set "0 7,19 * * fri-sun" zone:Berlin exercise:all board:month | remind pause | remind preview 2
    remind set 8 zone:Berlin days:tue,thu board:today | remind set 9 zone:Berlin board:all exercise:foam-roll keep:all
    remind set 10 zone:Port-au-Prince | remind set 11 zone:Berlin | remind list | remind remove 1 | remind remove 1
    club | club home | club break | club break today..2w | club break none | club break none | club break x
    club break 2020-01-01 | club break 2099-01-01 | club break tomorrow..today | club break fri | club break in 30 days
    club break in 40 days..in 50 days | club break | club | club break in 60 days | club break in 70 days
    club break in 80 days | #kitchen | club | remind list | remind set 9 zone:Berlin | #mobility | remind remove 2
    @Org | #mobility | challenge | challenge list | challenge create | >1 | challenge list | challenge create both-28 from:today
    challenge create ??? | challenge create <b>x</b> | challenge create x exercise:pushups | challenge create x from:yesterday | challenge create x from:someday
    challenge create x from:2099-01-01 | challenge create x for:0d | challenge create x for:long | challenge create x goal:0
    challenge create x | challenge create "30 Days of calf raises" goal:9 | challenge create "30 Tage Wadenheben" goal:9
    challenge create a-title-that-is-far-too-long-for-anybody-to-read | challenge show | challenge show 2 | challenge join nothing
    challenge create "one too many" goal:5 | challenge list | challenge cancel 1 | challenge cancel 1
    challenge create "Wolfeschlegelsteinhausenbergerdorff goes" from:3d for:366d goal:366000 exercise:all
    challenge show "Wolfeschlegelsteinhausenbergerdorff goes" | challenge list | challenge join 2 | challenge join 2
    challenge show 2 show:mine | done both | challenge show 2 show:mine | challenge show 2 | challenge show 2 show:more
    challenge leave 2 | challenge leave 2 | challenge show 2 show:mine | challenge name yes challenge:2 | challenge join 2
    challenge name yes challenge:2 | challenge name no challenge:2 | @Ana | challenge list | challenge join 2 | done raise
    ? | challenge list | challenge create x goal:5 | ! | @Wolfeschlegelsteinhausen | done both | challenge join 2 | challenge show 2
    @Org | club break none | club break tomorrow..2d | +1 | challenge show 2 | +29 | challenge show 2 | +2 | challenge show 2 | +1 | ~ | challenge show 2 | challenge list
    challenge show 2 show:mine | challenge join 2 | @Ivo | challenge show 2 show:mine | @Org | challenge cancel 3
    challenge cancel "Wolfeschlegelsteinhausenbergerdorff goes" | challenge
    challenge create "Alone at it" for:1d goal:1 | challenge show | +2 | ~ | challenge show
    challenge create "One day" for:1d goal:1 | challenge join | done stretch | challenge show | +2 | ~ | challenge show | challenge list
    remind resume 1 | care fixed 3 | care keep 3 | care weekly 1 | care weekly 3 | club deputy | club deputy @una | club deputy @nobody
    club deputy @eva | club deputy @tom | club deputy @kim | club deputy @sam | club deputy @lea | club deputy @max
    club deputy @uwe | club deputy @ida | club deputy @jo | club deputy @ann | club deputy | club show
    club deputy remove @ann | club deputy remove @una | club settings zone:Port-au-Prince | club settings zone:Berlin
    @Nora | me leave | nudge 19:00 | me settings zone:Berlin | nudge 19:00 | nudge soon | nudge off | #private | nudge show | nudge 19:00
    nudge 19:00 days:mon,wed,fri,sat exercise:all | nudge show | nudge off | #mobility
    @Bob | me settings privacy:hidden | done raise | done raise on:tomorrow | done raise on:2020-01-01
    done pushups | done raise sets:x | me pause until:yesterday | me pause until:2099-01-01
    me pause on:yesterday until:fri | test 9 left sharp pain heel | done both | done all
    @Mia | undo 5 | edit 5 9 | edit 6 left 9 right 10 | me settings zone:Berln | me settings zone:xyzzy
    me settings zone:Berlin | me settings language:klingon | me settings day-start:13:00
    me settings age:200 | test 9cm on:mon on:tue | tset 9cm | frobnicate | me frobnicate
"#;

/// Fills one message and may be as long as it needs.
fn is_a_page(line: &str) -> bool {
    line.starts_with("help") || line == "more"
}

/// What is nothing but its words.
const PLAIN: [&str; 7] = [
    "not-saved",
    "went-wrong",
    "shared-before",
    "open-private",
    "private-not-reached",
    "button-open-private",
    "button-answer",
];

const DOCTOR: [&str; 24] = [
    "doctor-topic-closed",
    "doctor-write",
    "doctor-no-write",
    "doctor-write-unseen",
    "doctor-admin",
    "doctor-no-admin",
    "doctor-needs-no-admin",
    "doctor-sees-all",
    "doctor-private-mode",
    "doctor-private-mode-admin",
    "doctor-admin-unseen",
    "doctor-private",
    "doctor-see",
    "doctor-no-see",
    "doctor-send",
    "doctor-no-send",
    "doctor-threads",
    "doctor-no-threads",
    "doctor-embeds",
    "doctor-no-embeds",
    "doctor-files",
    "doctor-no-files",
    "doctor-guest",
    "doctor-commands-only",
];

async fn measure(language: Language, pages: &mut Vec<String>) {
    let mut talk = Talk::new().await;
    talk.locale = Some(language.code());
    for line in SCRIPT
        .split(['|', '\n'])
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let said = match line.split_at(1) {
            ("@", name) => {
                talk.who = name;
                continue;
            }
            ("+", days) => {
                talk.days(days.parse().unwrap());
                continue;
            }
            ("?", _) => {
                talk.organiser = false;
                continue;
            }
            ("~", _) => {
                let now = talk.bot.now();
                talk.store.challenges_fall_due(now, 9).await.unwrap();
                continue;
            }
            ("#", room) => {
                talk.room = room;
                continue;
            }
            ("!", _) => {
                talk.organiser = true;
                continue;
            }
            ("&", region) => {
                talk.locale = Some(match (language, region) {
                    (Language::En, "US") => "en-US",
                    (Language::De, "US") => "de-US",
                    (language, _) => language.code(),
                });
                continue;
            }
            (">", which) => talk.press_of(talk.wire(which.parse().unwrap())),
            _ => Said::Line(line.to_owned()),
        };
        let answer = match talk.bot.answer(&talk.request(said)).await.unwrap() {
            Outcome::Say(answer) => answer,
            Outcome::Ask(question) => question.answer,
            other => panic!("{line}: {other:?}"),
        };
        let pressed_more = line == ">3" && answer.card.blocks.len() > 9;
        talk.show(Outcome::Say(answer.clone()));
        check(if pressed_more { "more" } else { line }, &answer, pages);
    }
}

fn check(line: &str, answer: &Answer, pages: &mut Vec<String>) {
    let size = Size::of(&answer.card);
    let limit = match answer.audience {
        Audience::Everyone => ROOM,
        // It is what the room will read.
        Audience::Asker if line.starts_with("remind preview") => ROOM,
        Audience::Asker => PRIVATE,
    };
    let text = plain(&answer.card);
    if !is_a_page(line) && !size.fits(limit) {
        pages.push(format!("TOO LONG: {line}: {size:?}\n{text}"));
    }
    if let Aside::Instead(aside) | Aside::Always(aside) = &answer.aside {
        assert!(Size::of(aside).fits(ROOM), "{line}: {}", plain(aside));
    }
    let buttons: Vec<_> = answer.card.buttons.iter().flatten().collect();
    assert!(
        answer.card.buttons.len() <= 2 && buttons.len() <= 5,
        "{line}: {buttons:?}"
    );
    let labels: Vec<_> = buttons
        .iter()
        .map(|button| format!("[{}]", button.label))
        .collect();
    pages.push(format!(
        "--- {line} ({} characters, {} lines)\n{text}\n{}",
        size.characters,
        size.phone_lines,
        labels.join(" ")
    ));
}

/// Posts, which nobody asks for.
fn posts(say: Speaker, pages: &mut Vec<String>) {
    for board in [
        BoardTime::Today,
        BoardTime::Week,
        BoardTime::Month,
        BoardTime::All,
    ] {
        let scores = ["Wolfeschlegelsteinhausen", "Ana", "Li"].map(|name| Score {
            person: PersonId(1),
            name: name.to_owned(),
            privacy: Privacy::Shown,
            score: 5,
        });
        let day = date(2026, 11, 24);
        let board = Board::of(
            BoardKind::CheckIns,
            board,
            (day, Zone::utc()),
            scores.to_vec(),
        );
        let marks = [None, Some(Mark::Late), Some(Mark::Test)];
        let each = Exercise::ALL.map(|one| Exercises::NONE.with(one));
        let phases = [Phase::First, Phase::HalfWay, Phase::Last]
            .into_iter()
            .cycle();
        for ((exercises, mark), phase) in
            each.into_iter().zip(marks.into_iter().cycle()).zip(phases)
        {
            let challenge = ChallengeDay {
                id: ChallengeId(3),
                title: "30 days of calf raises".parse().unwrap(),
                phase,
                day: 16,
                last: date(2026, 12, 9),
                days: 30,
                total: 212,
                goal: 450,
            };
            let post = Post {
                exercises: exercises.with(Exercise::CalfStretch),
                day,
                mark,
                done: &["Mia".to_owned()],
                people: 12,
                last_week: Some((12, 61)),
                board: Some(&board),
                challenges: &[challenge],
                id: Some(PostId(4_711)),
            };
            check("(post)", &Answer::public(post_card(say, &post)), pages);
        }
    }
}

/// What is told privately to those whom a post concerns.
fn about_posts(say: Speaker, pages: &mut Vec<String>) {
    let schedule: Schedule = "07:00 mon,tue,wed,thu,fri".parse().unwrap();
    let reminder = Reminder {
        id: ReminderId(812),
        room: RoomId(1),
        schedule,
        zone: "Berlin".parse().unwrap(),
        exercises: Exercises::NONE.with(Exercise::CalfRaise),
        board: None,
        keeps: false,
        pause: None,
        next: None,
    };
    let challenge = Challenge {
        id: ChallengeId(812),
        club: ClubId(1),
        title: "Wolfeschlegelsteinhausenbergerdorff goes".parse().unwrap(),
        exercises: Exercises::NONE.with(Exercise::CalfRaise),
        first: date(2026, 9, 24),
        days: 30,
        goal: 450,
        state: ChallengeState::Open,
    };
    let course = Course::new(challenge.first, challenge.days, &[]);
    let reader = Reader::new(Some(reminder.zone.clone()), jiff::Timestamp::UNIX_EPOCH);
    let course_there = (&course, &reminder.zone);
    let asked = Answer::private(about_to_win_card(say, &challenge, course_there, &reader));
    check("(about to win)", &asked, pages);
    for reason in [Reason::NoRight, Reason::TopicClosed, Reason::Gone] {
        let card = results_not_posted_card(say, &challenge, reason.word());
        check("(results not posted)", &Answer::private(card), pages);
        let hour = if reason == Reason::Gone { 19 } else { 13 };
        let civil = Some(date(2026, 11, 24).at(hour, 0, 0, 0));
        let chat = Some("Trail Friends of the Upper Valley");
        for place in [(chat, None), (Some("#stretches-and-raises"), chat)] {
            let card = not_posted_card(say, &reminder, (place, civil), reason.word());
            check("(not posted)", &Answer::private(card), pages);
        }
    }
    let now = jiff::Timestamp::UNIX_EPOCH;
    let nowhere = Some(date(2026, 11, 24).at(7, 0, 0, 0));
    let cards = [
        not_posted_card(say, &reminder, ((None, None), nowhere), Reason::Gone.word()),
        quiet_card(
            say,
            &reminder,
            (Some("#stretches-and-raises"), Some("Trail Friends")),
        ),
        quiet_card(
            say,
            &reminder,
            (Some("Trail Friends of the Upper Valley"), None),
        ),
        quiet_card(say, &reminder, (None, None)),
        nudge_card(say, Exercise::ALL.into_iter().collect(), date(2026, 11, 24)),
        nudge_card(
            say,
            Exercises::NONE
                .with(Exercise::CalfStretch)
                .with(Exercise::CalfRaise),
            date(2026, 11, 24),
        ),
        with_stopped_nudge(say, Card::line(say.say("nudge-off", &[]))),
        fixed_card(say, &reminder, true, &Reader::new(None, now)),
        reminder_card(say, &reminder, ReminderNews::Same, &Reader::new(None, now)),
    ];
    for card in cards {
        check("(to who cares)", &Answer::private(card), pages);
    }
    last_posts(say, &reminder, pages);
}

/// What came of the last posts of a room's reminders.
fn last_posts(say: Speaker, reminder: &Reminder, pages: &mut Vec<String>) {
    let now: jiff::Timestamp = "2026-11-24T05:00:00Z".parse().unwrap();
    let due: jiff::Timestamp = "2026-09-23T05:00:00Z".parse().unwrap();
    let whys = [
        Reason::NoRight,
        Reason::TopicClosed,
        Reason::Gone,
        Reason::Break,
        Reason::Removed,
        Reason::Rejected,
        Reason::InDoubt,
        Reason::Late,
        Reason::Wait,
    ];
    let not_sent = whys.map(|why| LastPost::NotSent {
        due,
        reason: why.word(),
    });
    let far: Zone = "America/Argentina/Buenos_Aires".parse().unwrap();
    for last in [LastPost::Waits, LastPost::Sent(due)]
        .into_iter()
        .chain(not_sent)
    {
        let long = Reminder {
            schedule: "cron 0 7,19 * * mon,wed,fri".parse().unwrap(),
            zone: far.clone(),
            exercises: Exercise::ALL.into_iter().collect(),
            keeps: true,
            ..reminder.clone()
        };
        let all = [long.clone(), long];
        let lasts = BTreeMap::from([(reminder.id, last)]);
        let reader = &Reader::new(Some(reminder.zone.clone()), now);
        let of = (&all[..], &lasts, RemindersOf::Home);
        let card = reminders_card(say, of, None, (&[], due), reader);
        assert!(card.buttons.iter().any(|row| !row.is_empty()), "the rest");
        check("(reminders)", &Answer::private(card), pages);
    }
}

/// Clubs with much set, and with nothing.
fn clubs(say: Speaker, pages: &mut Vec<String>) {
    let berlin: Zone = "Berlin".parse().unwrap();
    let language = say.language();
    let clubs = [(Some(&berlin), Some(language), true), (None, None, false)];
    for (zone, language, saved) in clubs {
        let card = club_card(say, zone, language, jiff::Timestamp::UNIX_EPOCH, saved);
        check("(club)", &Answer::private(card), pages);
    }
    let far: Zone = "America/Argentina/Buenos_Aires".parse().unwrap();
    let rest = |year| Rest {
        first: date(year, 9, 24),
        last: Some(date(year, 10, 24)),
    };
    let today = date(2026, 11, 24);
    let report = ClubReport {
        zone: Some(&far),
        language: Some(language),
        home: Home::Elsewhere,
        reminders: 25,
        next: Some(Occurrence {
            civil: rest(2027).first.at(7, 0, 0, 0),
            at: "2027-09-24T10:00:00Z".parse().unwrap(),
        }),
        breaks: &[rest(2027), rest(2028), rest(2029)],
        deputies: &["Wolfeschlegelsteinhausen", "Ana", "Li"].map(str::to_owned),
        now: jiff::Timestamp::UNIX_EPOCH,
        today,
    };
    let shown = [
        club_show_card(say, &report, &Reader::new(None, report.now)),
        club_show_card(say, &report, &Reader::new(Some(far.clone()), report.now)),
        break_card(say, report.breaks, BreakNews::Saved, today),
    ];
    for card in shown {
        check("(a club with much)", &Answer::private(card), pages);
    }
}

/// What no conversation brings out: refusals of adapters and of a broken database, menus.
fn the_rest(language: Language, pages: &mut Vec<String>) {
    let say = Speaker::of(language);
    let refusals = [
        Refusal::TooLong,
        Refusal::ForeignButton,
        Refusal::OldButton,
        Refusal::OldCommand,
        Refusal::CannotPost(Lack::See, Some("club home".into())),
        Refusal::CannotPost(Lack::Write, None),
        Refusal::CannotPost(Lack::Embed, None),
        Refusal::CannotPost(Lack::TopicClosed, None),
        Refusal::CannotPost(Lack::Absent, None),
        Refusal::CannotPost(Lack::Gone, None),
        Refusal::CannotPost(Lack::Blocked, None),
        Refusal::CannotPost(Lack::Unknown, None),
        Refusal::DeputyNames,
        Refusal::EditKept(Logged::Test),
        Refusal::EditKept(Logged::CheckIn),
        Refusal::PostOver("calf-stretch,calf-raise".to_owned()),
        Refusal::Anonymous,
        Refusal::SayWhole("/ankle remind set 07:00 days:mon-fri zone:Berlin"),
        Refusal::EditStays,
        Refusal::NotOrganiser,
        Refusal::RightsUnknown,
        Refusal::NoClub,
        Refusal::TooMuch {
            typed: "x".into(),
            command: "me".into(),
        },
    ];
    let cards = refusals.iter().map(|refusal| refusal.card(say));
    let sentences = PLAIN.iter().map(|id| Card::line(say.say(id, &[])));
    let lost = files_not_sent_card(say, &["anklebot.json", "anklebot-tests.csv"]);
    for card in cards.chain(sentences).chain([lost]) {
        check("(rest)", &Answer::private(card), pages);
    }
    let profile = Profile {
        name: "Mia".to_owned(),
        settings: crate::club::Settings::default(),
        club_zone: "Berlin".parse().ok(),
        language,
        tests: 12,
        now: jiff::Timestamp::UNIX_EPOCH,
    };
    let profile = Answer::private(profile_card(say, &profile, false));
    check("(a club with a zone)", &profile, pages);
    let berlin: Zone = "Berlin".parse().unwrap();
    let neighbours = ["London", "Paris", "Athens"].map(|city| city.parse().unwrap());
    let welcome = Answer::public(welcome_card(say, &berlin, &neighbours));
    check("(welcome)", &welcome, pages);
    let setup = Answer::private(setup_card(say, Some((&berlin, &neighbours))));
    check("(set-up)", &setup, pages);
    let checks = DOCTOR.map(|id| doctor_card(say, &[Check::fine(id)], Some("https://x")));
    let zones = [Some(&berlin), None].map(|zone| doctor_card(say, &[Check::of_zone(zone)], None));
    for card in checks.into_iter().chain(zones) {
        check("help (doctor)", &Answer::private(card), pages);
    }
    clubs(say, pages);
    posts(say, pages);
    about_posts(say, pages);
    let (members, organisers) = (Menu::of_members(), Menu::of_organisers());
    for command in members.commands.iter().chain(&organisers.commands) {
        let _ = command_words(say, &command.path);
        for child in &command.children {
            let _ = command_words(say, &child.path);
        }
    }
    for root in ["root", "root-club"] {
        let _ = command_words(say, &[root.to_owned()]);
    }
    let hidden = [
        ("challenge-show", "show"),
        ("challenge-name", "challenge"),
        ("challenge-name", "named"),
        ("history", "before"),
        ("forget", "confirm"),
        ("done", "post"),
        ("leaderboard", "show"),
    ];
    for (command, option) in hidden {
        let _ = option_words(say, &[command.to_owned()], option);
    }
    for command in members.callable().into_iter().chain(organisers.callable()) {
        for option in &command.options {
            let _ = option_words(say, &command.path, &option.name);
        }
    }
}

#[tokio::test]
async fn every_message_is_said_within_its_budget_in_every_language() {
    let mut pages = Vec::new();
    for language in Language::ALL {
        pages.push(format!("=== {}", language.own_name()));
        measure(language, &mut pages).await;
        the_rest(language, &mut pages);
    }
    let too_long: Vec<_> = pages
        .iter()
        .filter(|page| page.starts_with("TOO LONG"))
        .collect();
    assert!(too_long.is_empty(), "{too_long:#?}");
    insta::assert_snapshot!(pages.join("\n"));
    let said: BTreeSet<String> = said::all();
    let silent: Vec<_> = message_ids().filter(|id| !said.contains(id)).collect();
    assert!(silent.is_empty(), "no card says {silent:?}");
    let unknown: Vec<_> = said
        .iter()
        .filter(|id| !message_ids().any(|other| other == **id))
        .collect();
    assert!(unknown.is_empty(), "no file has {unknown:?}");
}
