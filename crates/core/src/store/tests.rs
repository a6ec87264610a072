//! One suite for both databases: every method of the store, every statement, both schemas.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::{Date, date};
use sqlx::{Row, SqlSafeStr};

use super::*;
use crate::calendar::{Schedule, Zone};
use crate::club::{
    BoardTime, ChallengeId, CheckIn, Entry, EntryId, Language, Pause, Platform, PostId, Privacy,
    Reminder, ReminderId, Settings, Standing,
};
use crate::exercise::{Diary, Exercise, Exercises, Rest};
use crate::measure::{Distance, Side, State, Unit};
use ankle_clock::{Calibration, SystemClock};

/// Runs the body on SQLite, and on PostgreSQL where it is installed.
macro_rules! on_both {
    ($(async fn $name:ident($store:ident) $body:block)*) => {$(
        mod $name {
            use super::*;

            async fn story($store: &Store) $body

            #[tokio::test]
            async fn on_sqlite() {
                let folder = tempfile::tempdir().unwrap();
                let url = format!("sqlite://{}/a.db", folder.path().display());
                story(&Store::open(&url).await.unwrap()).await;
            }

            #[tokio::test]
            #[cfg_attr(not(have_postgres), ignore = "PostgreSQL's server is not installed")]
            async fn on_postgres() {
                story(&Store::open(&postgres_url()).await.unwrap()).await;
            }
        }
    )*};
}

#[path = "challenge_tests.rs"]
mod challenge_tests;
#[path = "leaver_tests.rs"]
mod leaver_tests;
#[path = "like_tests.rs"]
mod like_tests;
#[path = "outbox_tests.rs"]
mod outbox_tests;

fn postgres_url() -> String {
    let server = scratch_postgres::ScratchPostgres::shared().unwrap();
    server.new_database().unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

const CLUB: Place<'_> = Place::Room {
    chat: "trail-friends",
    room: "mobility",
};

fn who(name: &str) -> Who<'_> {
    Who {
        platform: Platform("test"),
        external: name,
        name,
        locale: Some("de-AT"),
        handle: None,
    }
}

async fn meet(tx: &mut Tx, name: &str, place: Place<'_>, event: &str) -> Visit {
    match tx.meet(who(name), place, event, at(0)).await.unwrap() {
        Met::Now(visit) => visit,
        Met::Before(answer) => panic!("met before: {answer}"),
    }
}

async fn remind(tx: &mut Tx, visit: &Visit, schedule: &str) -> ReminderId {
    let schedule: Schedule = schedule.parse().unwrap();
    let zone = "Berlin".parse().unwrap();
    let new = NewReminder {
        room: visit.room.unwrap(),
        schedule: &schedule,
        zone: &zone,
        exercises: Exercises::NONE.with(Exercise::CalfRaise),
        board: Some(BoardTime::Week),
        keeps: false,
        next: schedule.next(&zone, at(0)),
    };
    let set = tx.set_reminder(&new, Some(visit.account), at(0)).await;
    set.unwrap()
}

async fn challenge(
    tx: &mut Tx,
    visit: &Visit,
    title: &str,
    (first, days): (Date, u16),
) -> ChallengeId {
    let title = title.parse().unwrap();
    let new = NewChallenge {
        club: visit.club.unwrap(),
        title: &title,
        exercises: Exercises::NONE.with(Exercise::CalfRaise),
        first,
        days,
        goal: 10,
        room: visit.room,
    };
    let made = tx.new_challenge(&new, Some(visit.account), at(0)).await;
    tx.move_challenges(new.club, at(0)).await.unwrap();
    made.unwrap()
}

async fn checkin(
    tx: &mut Tx,
    visit: &Visit,
    exercise: Exercise,
    day: Date,
) -> Result<CheckIn, StoreError> {
    let new = NewCheckIn {
        day,
        zone: &Zone::utc(),
        now: at(1),
        chat: visit.chat,
        event: &format!("done:{day}"),
        exercise,
        sets: None,
    };
    tx.check_in(visit.account, &new).await
}

async fn log(tx: &mut Tx, visit: &Visit, dmm: i64, side: Option<Side>, day: i8) -> EntryId {
    let new = NewEntry {
        day: date(2026, 11, day),
        zone: &Zone::utc(),
        now: at(1),
        chat: visit.chat,
        event: &format!("log:{day}"),
        standing: Standing::Live,
        side,
        state: State::Cold,
        distance: Distance::from_dmm(dmm).unwrap(),
        tries: 1,
        spread: 0,
        typed: "9",
        unit: Unit::Cm,
        hurts: false,
    };
    tx.log(visit.account, &[new]).await.unwrap()[0].id
}

on_both! {
    async fn who_comes_again_is_the_same_person(store) {
        let mut tx = store.begin().await.unwrap();
        let first = meet(&mut tx, "mia", CLUB, "1").await;
        let again = meet(&mut tx, "mia", CLUB, "2").await;
        assert_eq!(first, again);
        let other_room = Place::Room { chat: "trail-friends", room: "general" };
        let elsewhere = meet(&mut tx, "mia", other_room, "3").await;
        assert_eq!((elsewhere.chat, elsewhere.club), (first.chat, first.club));
        assert_ne!(elsewhere.room, first.room);
        let private = meet(&mut tx, "mia", Place::Private { room: "dm" }, "4").await;
        assert_eq!((private.account, private.chat, private.club), (first.account, None, None));
        assert!(private.room.is_some());
        let foreign = meet(&mut tx, "mia", Place::Elsewhere, "5").await;
        assert_eq!((foreign.chat, foreign.club, foreign.room), (None, None, None));
        let jonas = meet(&mut tx, "jonas", CLUB, "6").await;
        assert_eq!(jonas.club, first.club);
        assert_ne!(jonas.person, first.person);
        tx.commit().await.unwrap();
    }

    async fn what_is_not_committed_never_was(store) {
        let mut tx = store.begin().await.unwrap();
        let visit = meet(&mut tx, "mia", CLUB, "1").await;
        log(&mut tx, &visit, 900, None, 24).await;
        drop(tx);
        assert_eq!(store.tests().await.unwrap(), (0, None));
        assert!(!store.serves_others_than(Platform("other")).await.unwrap());
    }

    async fn a_handled_event_gives_its_answer_again(store) {
        let mut tx = store.begin().await.unwrap();
        tx.keep("of a clock ten years ahead", None, "answer", at(315_360_000)).await.unwrap();
        let visit = meet(&mut tx, "mia", CLUB, "event").await;
        tx.keep("event", Some(visit.account), "answer", at(0)).await.unwrap();
        assert_eq!(tx.answer_of("event").await.unwrap().as_deref(), Some("answer"));
        tx.commit().await.unwrap();
        let mut tx = store.begin().await.unwrap();
        let met = tx.meet(who("mia"), CLUB, "event", at(1)).await.unwrap();
        assert!(matches!(met, Met::Before(answer) if answer == "answer"));
        let twice = tx.keep("event", None, "other", at(2)).await;
        assert!(matches!(twice, Err(StoreError::Conflict(_))), "{twice:?}");
        drop(tx);
        store.sweep(at(48 * 3_600)).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        assert!(tx.answer_of("event").await.unwrap().is_some());
        tx.keep("younger", Some(visit.account), "answer", at(2)).await.unwrap();
        tx.commit().await.unwrap();
        store.sweep(at(48 * 3_600 + 1)).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        assert!(tx.answer_of("event").await.unwrap().is_none());
        assert!(tx.answer_of("younger").await.unwrap().is_some());
        drop(tx);
        store.sweep(at(5 * 24 * 3_600)).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        assert!(tx.answer_of("younger").await.unwrap().is_none(), "all are old");
    }

    async fn settings_are_kept_as_they_were_set(store) {
        let settings = Settings {
            zone: Some("Europe/Berlin".parse().unwrap()),
            unit: Some(Unit::In),
            language: Some(Language::De),
            day_start: Some("4:30".parse().unwrap()),
            age: Some(crate::club::AgeGroup::From60),
            privacy: Privacy::Hidden,
            streak: crate::exercise::StreakRule::Days,
        };
        let mut tx = store.begin().await.unwrap();
        let visit = meet(&mut tx, "mia", CLUB, "1").await;
        assert_eq!(visit.settings, Settings::default());
        tx.set(visit.person, &settings).await.unwrap();
        assert_eq!(meet(&mut tx, "mia", CLUB, "2").await.settings, settings);
        tx.commit().await.unwrap();
        assert_eq!(store.known_of(who("mia")).await.unwrap(), (Some(visit.account), settings));
        assert_eq!(store.known_of(who("nobody")).await.unwrap(), (None, Settings::default()));
    }

    async fn entries_come_back_and_changes_keep_what_was(store) {
        let mut tx = store.begin().await.unwrap();
        let visit = meet(&mut tx, "mia", CLUB, "1").await;
        let id = log(&mut tx, &visit, 900, Some(Side::Left), 24).await;
        let before = tx.entry(visit.person, id).await.unwrap().unwrap();
        assert_eq!((before.distance.dmm(), before.side), (900, Some(Side::Left)));
        let mut after = Entry { standing: Standing::Undone, ..before.clone() };
        after.side = Some(Side::Right);
        let change = Change { what: What::Undo, event: "2", now: at(2) };
        tx.change(&before, &after, change).await.unwrap();
        assert_eq!(tx.entry(visit.person, id).await.unwrap(), Some(after));
        assert_eq!(tx.count(visit.person).await.unwrap(), 0);
        assert!(tx.latest(visit.person).await.unwrap().is_empty());
        let export = tx.export(visit.person, at(3)).await.unwrap();
        let json = serde_json::to_string(&export).unwrap();
        assert!(json.contains("\\\"side\\\":\\\"left\\\""), "{json}");
        let stranger = meet(&mut tx, "jonas", CLUB, "3").await;
        assert_eq!(tx.entry(stranger.person, id).await.unwrap(), None);
    }

    async fn the_latest_tests_of_somebody_are_read_without_writing(store) {
        assert!(store.latest_of(who("mia")).await.unwrap().1.is_empty());
        let mut tx = store.begin().await.unwrap();
        assert!(dump(&mut tx).await["person"].is_empty(), "who only types is nobody yet");
        let visit = meet(&mut tx, "mia", CLUB, "1").await;
        let other = meet(&mut tx, "jonas", CLUB, "2").await;
        log(&mut tx, &other, 800, None, 20).await;
        for day in 1..=28 {
            log(&mut tx, &visit, 900, Some(Side::Left), day).await;
        }
        tx.commit().await.unwrap();
        let (_, latest) = store.latest_of(who("mia")).await.unwrap();
        assert_eq!(latest.len(), 25);
        assert_eq!(latest[0].day, date(2026, 11, 28));
        assert!(latest.iter().all(|entry| entry.distance.dmm() == 900), "nobody else's");
    }

    async fn an_answer_that_waits_is_owed_until_it_is_given(store) {
        let platform = Platform("test");
        let mut tx = store.begin().await.unwrap();
        let visit = meet(&mut tx, "mia", CLUB, "1").await;
        tx.keep("1", Some(visit.account), "answer", at(0)).await.unwrap();
        for event in ["1", "1", "never-handled"] {
            tx.owe(platform, (event, "there"), at(1)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let owed = store.owed(platform).await.unwrap();
        assert_eq!(owed.len(), 1);
        assert_eq!((&*owed[0].event, &*owed[0].target, &*owed[0].answer), ("1", "there", "answer"));
        assert_eq!(store.owed(Platform("other")).await.unwrap(), []);
        let mut tx = store.begin().await.unwrap();
        tx.given("1").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(store.owed(platform).await.unwrap(), []);
        // What is not worth keeping any more is not owed either.
        let mut tx = store.begin().await.unwrap();
        tx.owe(platform, ("1", "there"), at(1)).await.unwrap();
        tx.commit().await.unwrap();
        store.sweep(at(3 * 24 * 3_600)).await.unwrap();
        assert_eq!(store.owed(platform).await.unwrap(), []);
    }

    async fn a_question_waits_for_its_answer_and_not_for_ever(store) {
        let mut tx = store.begin().await.unwrap();
        let visit = meet(&mut tx, "mia", CLUB, "1").await;
        let new = NewQuestion {
            account: visit.account,
            room: visit.room,
            line: "test",
            argument: Some("distance"),
            until: at(60),
        };
        let id = tx.ask(&new).await.unwrap();
        let open = tx.question(visit.account, visit.room, None, at(60)).await.unwrap();
        assert_eq!(open.map(|asked| asked.id), Some(id.0));
        assert_eq!(tx.question(visit.account, visit.room, Some("m"), at(1)).await.unwrap(), None);
        tx.tie(id, "m").await.unwrap();
        assert!(tx.question(visit.account, visit.room, Some("m"), at(1)).await.unwrap().is_some());
        assert_eq!(tx.question(visit.account, visit.room, None, at(61)).await.unwrap(), None);
        tx.answered(visit.account, visit.room).await.unwrap();
        assert_eq!(tx.question(visit.account, visit.room, None, at(1)).await.unwrap(), None);
    }

    async fn what_the_program_remembers_can_change(store) {
        assert_eq!(store.setting("offset").await.unwrap(), None);
        for value in ["1", "2"] {
            let mut tx = store.begin().await.unwrap();
            tx.remember("offset", value).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(store.setting("offset").await.unwrap().as_deref(), Some(value));
        }
    }

    async fn forgetting_leaves_no_trace_of_a_person_in_any_table(store) {
        let mut tx = store.begin().await.unwrap();
        for (name, chat) in [("mia-token", CLUB), ("jonas", CLUB)] {
            let visit = meet(&mut tx, name, chat, &format!("1{name}")).await;
            let private = Place::Private { room: &format!("dm-{name}") };
            let own_room = meet(&mut tx, name, private, "2").await;
            log(&mut tx, &visit, 900, Some(Side::Right), 23).await;
            let id = log(&mut tx, &visit, 900, Some(Side::Left), 24).await;
            let before = tx.entry(visit.person, id).await.unwrap().unwrap();
            let after = Entry { standing: Standing::Undone, ..before.clone() };
            checkin(&mut tx, &visit, Exercise::CalfRaise, date(2026, 11, 24)).await.unwrap();
            let title = format!("of {} letters", name.len());
            let one = challenge(&mut tx, &visit, &title, (date(2026, 11, 24), 1)).await;
            tx.join_challenge(one, visit.account, at(2)).await.unwrap();
            tx.challenge_falls_due(at(2)).await.unwrap();
            let own_room_id = own_room.room.unwrap();
            tx.name_deputy(visit.club.unwrap(), visit.account, at(2)).await.unwrap();
            remind(&mut tx, &own_room, "07:00 mon").await;
            let reminder = tx.reminders(own_room_id).await.unwrap().remove(0);
            tx.test_post(&reminder, at(2)).await.unwrap();
            let about = (PostId(1), reminder.id);
            tx.notice(Kind::Notice, about, Some(Reason::Gone), at(2)).await.unwrap();
            tx.room_lost(own_room_id, Reason::Gone, at(2)).await.unwrap();
            let pause = Rest { first: date(2026, 12, 1), last: None };
            tx.rest(visit.person, pause, at(2)).await.unwrap();
            let event = format!("3{name}");
            let change = Change { what: What::Undo, event: &event, now: at(2) };
            tx.change(&before, &after, change).await.unwrap();
            tx.keep(&format!("4{name}"), Some(visit.account), name, at(0)).await.unwrap();
            tx.owe(Platform("test"), (&format!("4{name}"), name), at(0)).await.unwrap();
            // Noted anew, it stands there; of what is not kept nothing is noted.
            for place in ["before", name] {
                let event = format!("4{name}");
                let places = [(&*event, place.to_owned()), ("never", name.to_owned())];
                tx.note_places(Platform("test"), &places).await.unwrap();
            }
            let line = format!("test {name}");
            let new = NewQuestion {
                account: visit.account,
                room: visit.room,
                line: &line,
                argument: None,
                until: at(60),
            };
            tx.ask(&new).await.unwrap();
        }
        let rows_before = dump(&mut tx).await;
        for table in personal::forgotten_tables() {
            assert!(!rows_before[table].is_empty(), "{table} is part of the story");
        }
        let mia = meet(&mut tx, "mia-token", CLUB, "5").await;
        tx.forget(mia.person).await.unwrap();
        let rows = dump(&mut tx).await;
        for (table, rows) in &rows {
            assert!(!rows.iter().any(|row| row.contains("mia-token")), "{table}: {rows:?}");
        }
        for table in personal::forgotten_tables() {
            // The club's room, and the results of two challenges there, are nobody's own: they stay.
            let shared = match table {
                "room" => 1,
                "outbox" => 2,
                _ => 0,
            };
            let both = rows_before[table].len() - shared;
            assert_eq!(rows[table].len() - shared, both / 2, "{table}: jonas stays");
        }
    }

    async fn a_chat_that_moved_keeps_its_club_its_rooms_and_its_entries(store) {
        let mut tx = store.begin().await.unwrap();
        let platform = Platform("test");
        let old = Place::Room { chat: "-1", room: "-1" };
        let new = Place::Room { chat: "-1001", room: "-1001" };
        let before = meet(&mut tx, "mia", old, "1").await;
        log(&mut tx, &before, 900, Some(Side::Left), 24).await;
        let berlin: Zone = "Berlin".parse().unwrap();
        let club = before.club.unwrap();
        tx.set_club(club, Some(&berlin), Some(Language::De)).await.unwrap();
        // Somebody speaks under the new address before the news of it arrives.
        let early = meet(&mut tx, "jonas", new, "2").await;
        assert_ne!(early.club, before.club);
        log(&mut tx, &early, 950, None, 24).await;
        tx.chat_moved(platform, "-1", "-1001").await.unwrap();
        let after = meet(&mut tx, "mia", new, "3").await;
        assert_eq!((after.chat, after.club, after.room), (before.chat, before.club, before.room));
        assert_eq!((after.club_zone, after.club_language), (Some(berlin), Some(Language::De)));
        let jonas = meet(&mut tx, "jonas", new, "4").await;
        assert_eq!(jonas.chat, before.chat);
        assert_eq!(tx.count(jonas.person).await.unwrap(), 1);
        // The news comes twice: as a message, and as the error of a send.
        tx.chat_moved(platform, "-1", "-1001").await.unwrap();
        assert_eq!(meet(&mut tx, "mia", new, "5").await.chat, before.chat);
        tx.commit().await.unwrap();
    }

    async fn who_left_is_a_member_again_with_his_next_word(store) {
        let mut tx = store.begin().await.unwrap();
        meet(&mut tx, "mia", CLUB, "1").await;
        tx.left(Platform("test"), "mia", "trail-friends", at(5)).await.unwrap();
        assert!(dump(&mut tx).await["seen"][0].contains(&at(5).as_millisecond().to_string()));
        tx.left(Platform("test"), "nobody", "nowhere", at(5)).await.unwrap();
        meet(&mut tx, "mia", CLUB, "2").await;
        assert!(!dump(&mut tx).await["seen"][0].contains(&at(5).as_millisecond().to_string()));
    }

    async fn a_chat_is_greeted_once(store) {
        let mut tx = store.begin().await.unwrap();
        assert!(tx.greet(Platform("test"), "-1", at(0)).await.unwrap());
        assert!(!tx.greet(Platform("test"), "-1", at(1)).await.unwrap());
        tx.chat_moved(Platform("test"), "-1", "-1001").await.unwrap();
        assert!(!tx.greet(Platform("test"), "-1001", at(2)).await.unwrap());
        meet(&mut tx, "mia", CLUB, "1").await;
        let chat = "trail-friends";
        assert!(tx.knows_chat(Platform("test"), chat).await.unwrap());
        assert!(!tx.knows_chat(Platform("test"), "-1001").await.unwrap());
    }

    async fn it_is_known_how_far_the_organisers_of_a_chat_have_come(store) {
        let beginnings = async |chat: &str| {
            let known = store.beginnings_of(Platform("test"), chat).await.unwrap();
            (known.greeted, known.has_zone)
        };
        let chat = "trail-friends";
        assert_eq!(beginnings(chat).await, (false, false));
        let mut tx = store.begin().await.unwrap();
        let visit = meet(&mut tx, "mia", CLUB, "1").await;
        tx.greet(Platform("test"), chat, at(0)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(beginnings(chat).await, (true, false));
        let mut tx = store.begin().await.unwrap();
        let berlin = "Berlin".parse().unwrap();
        tx.set_club(visit.club.unwrap(), Some(&berlin), None).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(beginnings(chat).await, (true, true));
        assert_eq!(beginnings("elsewhere").await, (false, false));
    }

    async fn who_speaks_for_a_chat_makes_its_club_and_no_person(store) {
        let mut tx = store.begin().await.unwrap();
        let platform = Platform("test");
        let met = tx.meet_chat(platform, CLUB, "1", at(0)).await.unwrap();
        let MetChat::Now(hall) = met else { panic!("{met:?}") };
        assert!(hall.club.is_some());
        let rows = dump(&mut tx).await;
        assert!(rows["person"].is_empty() && rows["account"].is_empty());
        tx.keep("1", None, "answer", at(0)).await.unwrap();
        let again = tx.meet_chat(platform, CLUB, "1", at(1)).await.unwrap();
        assert!(matches!(again, MetChat::Before(answer) if answer == "answer"));
        let private = Place::Private { room: "dm" };
        let met = tx.meet_chat(platform, private, "2", at(1)).await.unwrap();
        assert!(matches!(met, MetChat::Now(hall) if hall.club.is_none()));
        let visit = meet(&mut tx, "mia", CLUB, "3").await;
        assert_eq!((visit.club, visit.chat, visit.room), (hall.club, hall.chat, hall.room));
        let met = tx.meet_chat(platform, CLUB, "4", at(1)).await.unwrap();
        assert!(matches!(met, MetChat::Now(again) if again.room == hall.room));
    }

    async fn a_chat_has_one_home_and_takes_it_along_when_it_moves(store) {
        let mut tx = store.begin().await.unwrap();
        let kitchen = Place::Room { chat: "trail-friends", room: "kitchen" };
        let first = meet(&mut tx, "mia", CLUB, "1").await;
        let second = meet(&mut tx, "mia", kitchen, "2").await;
        let other = meet(&mut tx, "mia", Place::Room { chat: "road", room: "road" }, "3").await;
        let (chat, elsewhere) = (first.chat.unwrap(), other.chat.unwrap());
        assert_eq!(tx.home(chat).await.unwrap(), None);
        tx.set_home(chat, first.room.unwrap()).await.unwrap();
        tx.set_home(elsewhere, other.room.unwrap()).await.unwrap();
        for _ in 0..2 {
            tx.set_home(chat, second.room.unwrap()).await.unwrap();
            assert_eq!(tx.home(chat).await.unwrap(), second.room);
        }
        assert_eq!(tx.home(elsewhere).await.unwrap(), other.room);
        tx.chat_moved(Platform("test"), "trail-friends", "road").await.unwrap();
        assert_eq!(tx.home(chat).await.unwrap(), second.room);
        assert_eq!(tx.home(elsewhere).await.unwrap(), None);
    }

    async fn news_of_a_move_that_came_late_or_twice_lose_nothing_that_was_set_up(store) {
        let mut tx = store.begin().await.unwrap();
        let platform = Platform("test");
        let here = meet(&mut tx, "mia", Place::Room { chat: "-1", room: "-1" }, "1").await;
        let seven = remind(&mut tx, &here, "07:00 mon").await;
        let topic = Place::Room { chat: "-1001", room: "-1001/5" };
        let there = meet(&mut tx, "mia", Place::Room { chat: "-1001", room: "-1001" }, "2").await;
        let in_topic = meet(&mut tx, "mia", topic, "3").await;
        remind(&mut tx, &there, "07:00 mon").await;
        let eight = remind(&mut tx, &there, "08:00 tue").await;
        let nine = remind(&mut tx, &in_topic, "09:00 wed").await;
        tx.set_home(there.chat.unwrap(), in_topic.room.unwrap()).await.unwrap();
        let berlin: Zone = "Berlin".parse().unwrap();
        tx.set_club(there.club.unwrap(), Some(&berlin), None).await.unwrap();
        let deputy = (there.club.unwrap(), there.account);
        tx.name_deputy(deputy.0, deputy.1, at(2)).await.unwrap();
        // The last is what comes of a message that still bears the old address.
        for (from, to) in [("-1", "-1001"), ("-1", "-1001"), ("-1001", "-1001")] {
            tx.chat_moved(platform, from, to).await.unwrap();
            let all = tx.reminders_of_club(here.club.unwrap()).await.unwrap();
            let ids: Vec<_> = all.iter().map(|one| one.id).collect();
            assert_eq!(ids, [seven, eight, nine], "one that was set twice is there once");
            assert_eq!(tx.home(here.chat.unwrap()).await.unwrap(), in_topic.room);
        }
        let after = meet(&mut tx, "mia", topic, "4").await;
        assert_eq!((after.chat, after.club), (here.chat, here.club));
        assert_eq!((after.room, after.club_zone), (in_topic.room, Some(berlin)));
        assert!(tx.is_deputy(here.club.unwrap(), after.person).await.unwrap());
        tx.commit().await.unwrap();
    }

    async fn reminders_belong_to_their_chat_and_their_club(store) {
        let mut tx = store.begin().await.unwrap();
        let kitchen = Place::Room { chat: "trail-friends", room: "kitchen" };
        let here = meet(&mut tx, "mia", CLUB, "1").await;
        let there = meet(&mut tx, "mia", kitchen, "2").await;
        let other = meet(&mut tx, "mia", Place::Room { chat: "road", room: "road" }, "3").await;
        let mut ids = Vec::new();
        for visit in [&here, &there, &other] {
            ids.push(remind(&mut tx, visit, "cron 0 19 * * *").await);
        }
        let all = tx.reminders_of_club(here.club.unwrap()).await.unwrap();
        assert_eq!(all.iter().map(|one| one.id).collect::<Vec<_>>(), ids[..2]);
        let chat = here.chat.unwrap();
        assert!(tx.reminder_of_chat(chat, ids[1]).await.unwrap().is_some());
        assert_eq!(tx.reminder_of_chat(chat, ids[2]).await.unwrap(), None);
    }

    async fn pain_is_remembered_until_its_test_is_taken_back(store) {
        let mut tx = store.begin().await.unwrap();
        let visit = meet(&mut tx, "mia", CLUB, "1").await;
        assert_eq!(visit.hurt_at, None);
        let new = NewEntry {
            day: date(2026, 11, 24),
            zone: &Zone::utc(),
            now: at(7),
            chat: None,
            event: "x",
            standing: Standing::Live,
            side: None,
            state: State::Cold,
            distance: Distance::from_dmm(600).unwrap(),
            tries: 1,
            spread: 0,
            typed: "6",
            unit: Unit::Cm,
            hurts: true,
        };
        let id = tx.log(visit.account, &[new]).await.unwrap()[0].id;
        assert_eq!(meet(&mut tx, "mia", CLUB, "2").await.hurt_at, Some(at(7)));
        let before = tx.entry(visit.person, id).await.unwrap().unwrap();
        let after = Entry { standing: Standing::Undone, ..before.clone() };
        let change = Change { what: What::Undo, event: "3", now: at(8) };
        tx.change(&before, &after, change).await.unwrap();
        assert_eq!(meet(&mut tx, "mia", CLUB, "4").await.hurt_at, None);
    }

    async fn a_check_in_counts_once_a_day_and_the_diary_says_what_the_entries_say(store) {
        let mut tx = store.begin().await.unwrap();
        let visit = meet(&mut tx, "mia", CLUB, "1").await;
        assert!(!tx.has_checked_in(visit.person).await.unwrap());
        let days = [24, 22, 26, 22].map(|day| date(2026, 11, day));
        let mut all = Vec::new();
        for (day, exercise) in days.into_iter().zip(Exercise::ALL) {
            all.push(checkin(&mut tx, &visit, exercise, day).await.unwrap());
            assert_eq!(tx.diary(visit.person).await.unwrap(), derived(&mut tx, &visit).await);
        }
        assert_eq!(tx.checked_in(visit.person, days[1]).await.unwrap().len(), 2);
        let latest = tx.latest_check_ins(visit.person, days[1]).await.unwrap();
        assert_eq!(latest, [all[1].clone(), all[3].clone()], "one event");
        assert_eq!(tx.latest_check_ins(visit.person, date(2026, 12, 1)).await.unwrap(), []);
        let by = tx.checked_in_by(visit.person, &all[1].event, days[1]).await.unwrap();
        assert!(by.contains(&all[1]) && by.contains(&all[3]), "{by:?}");
        assert_eq!(tx.check_ins_before(visit.person, days[2]).await.unwrap().len(), 3);
        for standing in [Standing::Undone, Standing::Live, Standing::Undone] {
            for before in &all {
                let now = tx.check_in_by_id(visit.person, before.id).await.unwrap().unwrap();
                let after = CheckIn { standing, sets: Some(3), ..now.clone() };
                let change = Change { what: What::Undo, event: "2", now: at(2) };
                tx.change_check_in(&now, &after, change).await.unwrap();
                assert_eq!(tx.check_in_by_id(visit.person, before.id).await.unwrap(), Some(after));
                assert_eq!(tx.diary(visit.person).await.unwrap(), derived(&mut tx, &visit).await);
            }
        }
        assert!(tx.diary(visit.person).await.unwrap().is_empty());
        assert!(tx.has_checked_in(visit.person).await.unwrap(), "the first time is over");
        let stranger = meet(&mut tx, "jonas", CLUB, "3").await;
        assert_eq!(tx.check_in_by_id(stranger.person, all[0].id).await.unwrap(), None);
        checkin(&mut tx, &visit, Exercise::Bound, days[0]).await.unwrap();
        let twice = checkin(&mut tx, &visit, Exercise::Bound, days[0]).await;
        assert!(matches!(twice, Err(StoreError::Conflict(_))), "{twice:?}");
    }

    async fn rests_are_ones_own_and_those_of_ones_clubs(store) {
        let mut tx = store.begin().await.unwrap();
        let visit = meet(&mut tx, "mia", CLUB, "1").await;
        let club = visit.club.unwrap();
        let (first, last) = (date(2026, 11, 20), date(2026, 11, 30));
        tx.take_break(club, first, last, at(0)).await.unwrap();
        let open = Rest { first: last, last: None };
        tx.rest(visit.person, open, at(0)).await.unwrap();
        let of_club = Rest { first, last: Some(last) };
        assert_eq!(tx.rests(visit.person).await.unwrap(), [open, of_club]);
        assert_eq!(tx.breaks(club, last).await.unwrap(), [of_club]);
        assert_eq!(tx.breaks(club, date(2026, 12, 1)).await.unwrap(), []);
        assert_eq!(tx.pause(visit.person, date(2026, 12, 9)).await.unwrap(), Some(open));
        assert!(tx.resume(visit.person, date(2026, 12, 9)).await.unwrap());
        assert!(!tx.resume(visit.person, date(2026, 12, 9)).await.unwrap());
        let over = Rest { first: last, last: Some(date(2026, 12, 8)) };
        assert_eq!(tx.rests(visit.person).await.unwrap(), [over, of_club]);
        let (begun, shorter) = (date(2026, 11, 23), date(2026, 11, 22));
        assert!(tx.end_breaks(club, begun).await.unwrap());
        assert!(!tx.end_breaks(club, begun).await.unwrap());
        assert_eq!(tx.breaks(club, begun).await.unwrap(), []);
        let cut = Rest { first, last: Some(shorter) };
        assert_eq!(tx.rests(visit.person).await.unwrap(), [over, cut], "what has been stays");
        tx.take_break(club, first, last, at(0)).await.unwrap();
        assert_eq!(tx.breaks(club, first).await.unwrap(), [of_club], "the shorter one is part of it");
        assert!(tx.end_breaks(club, first).await.unwrap());
        tx.left(Platform("test"), "mia", "trail-friends", at(5)).await.unwrap();
        assert_eq!(tx.rests(visit.person).await.unwrap(), [over]);
    }

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

    async fn reminders_fall_due_in_order_and_rest_when_told(store) {
        let mut tx = store.begin().await.unwrap();
        let visit = meet(&mut tx, "mia", CLUB, "1").await;
        let room = visit.room.unwrap();
        let late = remind(&mut tx, &visit, "07:00 mon,tue,wed,thu,fri,sat,sun").await;
        let early = remind(&mut tx, &visit, "cron 0 19 * * *").await;
        let all = tx.reminders(room).await.unwrap();
        assert_eq!(all.iter().map(|one| one.id).collect::<Vec<_>>(), [late, early]);
        let first = all[1].next.unwrap();
        let now = tx.due_reminders(first.at, 10).await.unwrap();
        assert_eq!(now, [all[1].clone()]);
        let tomorrow = tx.due_reminders(at(86_400 * 2), 10).await.unwrap();
        assert_eq!(tomorrow.iter().map(|one| one.id).collect::<Vec<_>>(), [early, late]);
        let until = Some(Pause::Until(date(2027, 2, 1)));
        let next = Reminder::next_after(&all[1].schedule, &all[1].zone, until, &[], at(0));
        tx.pause_reminder(early, until, next).await.unwrap();
        tx.pause_reminder(late, Some(Pause::Open), None).await.unwrap();
        assert_eq!(tx.due_reminders(at(86_400 * 2), 10).await.unwrap(), []);
        let all = tx.reminders(room).await.unwrap();
        assert_eq!((all[0].pause, all[0].next), (Some(Pause::Open), None));
        assert_eq!((all[1].pause, all[1].next), (until, next));
        assert_eq!(tx.room_of(visit.chat.unwrap(), "mobility").await.unwrap(), Some(room));
        assert_eq!(tx.room_of(visit.chat.unwrap(), "nowhere").await.unwrap(), None);
        tx.name_room(room, "#Stretch-Corner").await.unwrap();
        for name in ["stretch-corner", "#Stretch-Corner"] {
            assert_eq!(tx.room_of(visit.chat.unwrap(), name).await.unwrap(), Some(room), "{name}");
        }
        tx.remove_reminder(late).await.unwrap();
        assert_eq!(tx.reminders(room).await.unwrap().len(), 1);
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

fn all_statements() -> impl Iterator<Item = (&'static str, &'static str)> {
    [
        boards::STATEMENTS,
        breaks::STATEMENTS,
        challenge_ends::STATEMENTS,
        challenges::STATEMENTS,
        checkins::STATEMENTS,
        deputies::STATEMENTS,
        diaries::STATEMENTS,
        entries::STATEMENTS,
        nudges::STATEMENTS,
        falling::STATEMENTS,
        filling::STATEMENTS,
        handled::STATEMENTS,
        chats::STATEMENTS,
        identity::STATEMENTS,
        leases::STATEMENTS,
        logging::STATEMENTS,
        leavers::STATEMENTS,
        moves::STATEMENTS,
        open::STATEMENTS,
        outbox::STATEMENTS,
        owed::STATEMENTS,
        personal::STATEMENTS,
        questions::STATEMENTS,
        reminders::STATEMENTS,
        settings::STATEMENTS,
        stands::STATEMENTS,
    ]
    .into_iter()
    .flatten()
    .copied()
}

impl Store {
    /// Lets a reminder name a zone that there is none of, as a newer version of the zones may.
    pub(crate) async fn lose_zone_of(&self, reminder: ReminderId) {
        const LOSE: &str = "update reminder set zone = 'Nowhere/Gone' where id = $1";
        let lost = async {
            let mut tx = self.begin().await?;
            execute!(tx, LOSE, reminder.0);
            tx.commit().await
        };
        lost.await.unwrap();
    }

    /// Puts rows into the outbox that have been sent.
    async fn fill_outbox(&self, room: crate::club::RoomId, rows: i64, due: Timestamp) {
        const FILL: &str = "with recursive n (i) as (
                select cast(1 as bigint) union all select i + 1 from n where i < $1)
            insert into outbox (kind, platform, room_id, subject_id, state, due, not_before, expires)
            select 'delete', 'test', $2, i, 'sent', $3, $3, $3 from n";
        let filled = async {
            let mut tx = self.begin().await?;
            execute!(tx, FILL, rows, room.0, due.as_millisecond());
            tx.commit().await
        };
        filled.await.unwrap();
    }
}

/// The diary that the entries of a person add up to.
async fn derived(tx: &mut Tx, visit: &Visit) -> Diary {
    let mut diary = Diary::<Exercises>::default();
    for one in tx
        .check_ins_before(visit.person, date(2099, 1, 1))
        .await
        .unwrap()
    {
        let done: Exercises = diary.on(one.day).with(one.exercise);
        diary.set(one.day, done);
    }
    diary
}

/// What a database means to do for a statement, in its own words.
async fn plan(store: &Store, sql: &str) -> Vec<String> {
    let sql = sql
        .replace("platform = $1", "platform = 'test'")
        .replace("$1", "1")
        .replace("($2, $3)", "('2026-11-01', 5)")
        .replace("limit $2", "limit 10")
        .replace("limit $3", "limit 10")
        .replace("not_before <= $2", "not_before <= 1")
        .replace("tried_at <= $2", "tried_at <= 1")
        .replace("$2", "'2026-11-01'")
        .replace("$3", "'2026-11-24'");
    let mut tx = store.begin().await.unwrap();
    match tx.connection().await.unwrap() {
        tx::Either::Sqlite(c) => {
            let sql = sqlx::AssertSqlSafe(format!("explain query plan {sql}"));
            let rows = sqlx::query(sql).fetch_all(c).await.unwrap();
            rows.iter().map(|row| row.get("detail")).collect()
        }
        tx::Either::Postgres(c) => {
            // Of an empty table reading the whole is cheapest: what is asked is whether it must.
            let off = "set local enable_seqscan = off";
            sqlx::query(off).execute(&mut *c).await.unwrap();
            let sql = sqlx::AssertSqlSafe(format!("explain {sql}"));
            let rows = sqlx::query(sql).fetch_all(c).await.unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        }
    }
}

const SQLITE_COLUMNS: &str = "select m.name as t, c.name as c from sqlite_schema m
    join pragma_table_info(m.name) c
    where m.type = 'table' and m.name not like '\\_%' escape '\\' and m.name not like 'sqlite%'";
const POSTGRES_COLUMNS: &str = "select table_name::text as t, column_name::text as c
    from information_schema.columns
    where table_schema = 'public' and table_name not like '\\_%'";
const SQLITE_REFERENCES: &str = "select m.name as t, f.\"table\" as c from sqlite_schema m
    join pragma_foreign_key_list(m.name) f where m.type = 'table'";
const POSTGRES_REFERENCES: &str =
    "select conrelid::regclass::text as t, confrelid::regclass::text as c
    from pg_constraint where contype = 'f'";

/// Pairs of names that a query gives.
async fn pairs(tx: &mut Tx, sqlite: &'static str, postgres: &'static str) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = match tx.connection().await.unwrap() {
        tx::Either::Sqlite(c) => sqlx::query_as(sqlite).fetch_all(c).await.unwrap(),
        tx::Either::Postgres(c) => sqlx::query_as(postgres).fetch_all(c).await.unwrap(),
    };
    pairs.sort();
    pairs
}

async fn columns(tx: &mut Tx) -> Vec<(String, String)> {
    pairs(tx, SQLITE_COLUMNS, POSTGRES_COLUMNS).await
}

async fn references(tx: &mut Tx) -> Vec<(String, String)> {
    pairs(tx, SQLITE_REFERENCES, POSTGRES_REFERENCES).await
}

/// Every row of every table, as text.
async fn dump(tx: &mut Tx) -> BTreeMap<String, Vec<String>> {
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, column) in columns(tx).await {
        tables.entry(table).or_default().push(column);
    }
    let mut all = BTreeMap::new();
    for (table, columns) in tables {
        let texts: Vec<_> = columns
            .iter()
            .map(|column| format!("coalesce(cast({column} as text), '')"))
            .collect();
        let sql = format!(
            "select {} as row_text from {table}",
            texts.join(" || '|' || ")
        );
        let sql = sqlx::AssertSqlSafe(sql);
        let rows: Vec<String> = on!(tx.connection().await.unwrap(), c => sqlx::query(sql)
            .fetch_all(c).await.unwrap().iter().map(|row| row.get("row_text")).collect());
        all.insert(table, rows);
    }
    all
}
