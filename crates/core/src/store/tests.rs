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
#[path = "chat_tests.rs"]
mod chat_tests;
#[path = "leaver_tests.rs"]
mod leaver_tests;
#[path = "like_tests.rs"]
mod like_tests;
#[path = "outbox_tests.rs"]
mod outbox_tests;
#[path = "schema_tests.rs"]
mod schema_tests;

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
        parcel::STATEMENTS,
        lost_rooms::STATEMENTS,
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
