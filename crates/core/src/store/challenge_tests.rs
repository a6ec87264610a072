use jiff::ToSpan;

use super::*;
use crate::calendar::Occurrence;
use crate::club::{ChallengeStanding, ChallengeState, Phase};

/// An instant of November 2026, where it is one hour more in Berlin.
fn november(day: i8, hour: i8) -> Timestamp {
    let civil = date(2026, 11, day).at(hour, 0, 0, 0);
    Zone::utc().rules().to_timestamp(civil).unwrap()
}

async fn raise(tx: &mut Tx, visit: &Visit, days: &[i8]) {
    for day in days {
        let done = checkin(tx, visit, Exercise::CalfRaise, date(2026, 11, *day)).await;
        done.unwrap();
    }
}

async fn standing(tx: &mut Tx, id: ChallengeId) -> ChallengeStanding {
    let one = tx.challenge(id).await.unwrap().unwrap();
    let course = tx.course(&one).await.unwrap();
    let today = (date(2026, 11, 24), Zone::utc());
    tx.challenge_standing(&one, &course, today).await.unwrap()
}

fn places(standing: &ChallengeStanding) -> Vec<String> {
    let text = |place: &crate::club::Place| {
        format!("{} {} {}", place.rank, place.names.join(","), place.score)
    };
    standing.board.places.iter().map(text).collect()
}

async fn hide(tx: &mut Tx, visit: &Visit) {
    let settings = Settings {
        privacy: Privacy::Hidden,
        ..Settings::default()
    };
    tx.set(visit.person, &settings).await.unwrap();
}

async fn outbox(tx: &mut Tx, kind: &str) -> usize {
    let rows = dump(tx).await.remove("outbox").unwrap();
    let mark = format!("|{kind}|");
    rows.iter().filter(|row| row.contains(&mark)).count()
}

on_both! {
    async fn a_challenge_is_made_joined_left_and_called_off(store) {
        let mut tx = store.begin().await.unwrap();
        let mia = meet(&mut tx, "mia", CLUB, "1").await;
        let other = meet(&mut tx, "mia", Place::Room { chat: "road", room: "road" }, "2").await;
        let first = date(2026, 11, 30);
        let id = challenge(&mut tx, &mia, "30 days of calf raises", (first, 30)).await;
        let later = challenge(&mut tx, &mia, "Later", (first.saturating_add(1.day()), 30)).await;
        challenge(&mut tx, &other, "30 days of calf raises", (first, 30)).await;
        let all = tx.challenges(mia.club.unwrap()).await.unwrap();
        assert_eq!(all.iter().map(|one| one.id).collect::<Vec<_>>(), [id, later]);
        let one = tx.challenge(id).await.unwrap().unwrap();
        assert_eq!((one.title.as_str(), one.days, one.goal), ("30 days of calf raises", 30, 10));
        assert_eq!((one.first, one.state), (first, ChallengeState::Open));
        assert!(tx.join_challenge(id, mia.account, at(1)).await.unwrap());
        assert!(!tx.join_challenge(id, mia.account, at(1)).await.unwrap());
        assert!(tx.has_joined(id, mia.person).await.unwrap());
        assert!(tx.leave_challenge(id, mia.person).await.unwrap());
        assert!(!tx.leave_challenge(id, mia.person).await.unwrap());
        assert!(!tx.has_joined(id, mia.person).await.unwrap());
        assert!(tx.cancel_challenge(id).await.unwrap());
        assert!(!tx.cancel_challenge(id).await.unwrap());
        assert_eq!(tx.challenges(mia.club.unwrap()).await.unwrap().len(), 1);
        assert_eq!(tx.challenges_over(mia.club.unwrap(), 9).await.unwrap(), []);
        tx.commit().await.unwrap();
        let names = store.challenges_of(who("mia")).await.unwrap();
        assert_eq!(names.len(), 2, "of both clubs, and none that was called off");
        assert_eq!(store.challenges_of(who("nobody")).await.unwrap(), []);
    }

    async fn two_of_one_name_are_not_on_at_once_however_close_they_come(store) {
        let mut tx = store.begin().await.unwrap();
        let mia = meet(&mut tx, "mia", CLUB, "1").await;
        let first = date(2026, 11, 30);
        let id = challenge(&mut tx, &mia, "Raise!", (first, 30)).await;
        tx.cancel_challenge(id).await.unwrap();
        challenge(&mut tx, &mia, "raise", (first, 30)).await;
        let title = "RAISE".parse().unwrap();
        let new = NewChallenge {
            club: mia.club.unwrap(),
            title: &title,
            exercises: Exercises::NONE.with(Exercise::Bound),
            first,
            days: 3,
            goal: 5,
            room: None,
        };
        let twice = tx.new_challenge(&new, None, at(1)).await;
        assert!(matches!(twice, Err(StoreError::Conflict(_))), "{twice:?}");
    }

    async fn each_ones_days_are_of_its_range_and_its_exercise_and_who_left_is_gone(store) {
        let mut tx = store.begin().await.unwrap();
        let mut all = Vec::new();
        for (at, name) in ["mia", "jonas", "ana", "li"].into_iter().enumerate() {
            all.push(meet(&mut tx, name, CLUB, &at.to_string()).await);
        }
        let [mia, jonas, ana, li] = &all[..] else { unreachable!() };
        let id = challenge(&mut tx, mia, "Raise", (date(2026, 11, 10), 5)).await;
        for visit in [mia, jonas, ana] {
            tx.join_challenge(id, visit.account, at(1)).await.unwrap();
        }
        raise(&mut tx, mia, &[9, 10, 11, 15]).await;
        raise(&mut tx, jonas, &[10, 14]).await;
        raise(&mut tx, li, &[10]).await;
        checkin(&mut tx, ana, Exercise::Bound, date(2026, 11, 10)).await.unwrap();
        let now = standing(&mut tx, id).await;
        assert_eq!((now.total, now.joined), (4, 3));
        assert_eq!(places(&now), ["1 mia,jonas 2"]);
        hide(&mut tx, mia).await;
        assert_eq!(places(&standing(&mut tx, id).await), ["1 jonas 2"]);
        tx.left(Platform("test"), "jonas", "trail-friends", at(5)).await.unwrap();
        let now = standing(&mut tx, id).await;
        assert_eq!((now.total, now.joined, now.board.places.len()), (2, 2, 0));
        let club = mia.club.unwrap();
        tx.take_break(club, date(2026, 11, 11), date(2026, 11, 12), at(1)).await.unwrap();
        tx.reschedule(club, at(1)).await.unwrap();
        assert_eq!(standing(&mut tx, id).await.total, 2, "a day of the break less, the 15th more");
        let reminder = crate::club::Reminder {
            id: crate::club::ReminderId(1),
            room: mia.room.unwrap(),
            schedule: "07:00 mon,tue,wed,thu,fri,sat,sun".parse().unwrap(),
            zone: Zone::utc(),
            exercises: Exercises::NONE.with(Exercise::CalfRaise),
            board: None,
            keeps: false,
            pause: None,
            next: None,
        };
        let new = NewReminder {
            room: reminder.room,
            schedule: &reminder.schedule,
            zone: &reminder.zone,
            exercises: reminder.exercises,
            board: None,
            keeps: false,
            next: None,
        };
        tx.set_reminder(&new, None, at(1)).await.unwrap();
        let phases = [10, 11, 12, 14, 15, 16].map(|day| date(2026, 11, day));
        let mut told = Vec::new();
        for day in phases {
            let civil = day.at(7, 0, 0, 0);
            let instant = november(day.day(), 7);
            let post = PostOf {
                reminder: &reminder,
                id: None,
                occurrence: Occurrence { civil, at: instant },
                sent: at(1),
            };
            let of = tx.challenges_in(club, post).await.unwrap();
            told.push(of.iter().map(|one| (one.phase, one.total)).collect::<Vec<_>>());
        }
        let (half, last) = ((Phase::HalfWay, 2), (Phase::Last, 2));
        let none = vec![];
        // None of these posts is sent, so each next one still has to say what has come about.
        let both = vec![(Phase::First, 2), half];
        assert_eq!(told, [vec![(Phase::First, 0)], none.clone(), none, both.clone(), both, vec![last]]);
    }

    async fn the_winner_is_asked_in_the_evening_and_the_results_come_at_noon_once(store) {
        let mut tx = store.begin().await.unwrap();
        let berlin: Zone = "Berlin".parse().unwrap();
        let mut all = Vec::new();
        for (at, name) in ["mia", "jonas", "ana"].into_iter().enumerate() {
            all.push(meet(&mut tx, name, CLUB, &at.to_string()).await);
        }
        let [mia, jonas, ana] = &all[..] else { unreachable!() };
        let (club, chat) = (mia.club.unwrap(), mia.chat.unwrap());
        tx.set_home(chat, mia.room.unwrap()).await.unwrap();
        let id = challenge(&mut tx, mia, "Raise", (date(2026, 11, 10), 5)).await;
        tx.set_club(club, Some(&berlin), None).await.unwrap();
        tx.move_challenges(club, november(10, 9)).await.unwrap();
        for visit in &all {
            tx.join_challenge(id, visit.account, at(1)).await.unwrap();
        }
        raise(&mut tx, mia, &[10, 11, 12]).await;
        raise(&mut tx, jonas, &[10, 11]).await;
        hide(&mut tx, mia).await;
        hide(&mut tx, jonas).await;
        tx.commit().await.unwrap();
        assert_eq!(store.next_challenge_due().await.unwrap(), Some(november(14, 17)));
        let none = store.challenges_fall_due(november(14, 16), 9).await.unwrap();
        assert_eq!(none, Fallen::default());
        let asked = store.challenges_fall_due(november(14, 17), 9).await.unwrap();
        assert_eq!((asked.due, asked.waiting), (1, 1), "mia alone");
        assert_eq!(store.next_challenge_due().await.unwrap(), Some(november(15, 11)));
        let mut tx = store.begin().await.unwrap();
        // Back-dated until then.
        raise(&mut tx, ana, &[14]).await;
        assert!(tx.name_in_results(id, mia.person, true).await.unwrap());
        assert_eq!(places(&standing(&mut tx, id).await), ["1 ana 1"], "not yet");
        tx.commit().await.unwrap();
        let ended = store.challenges_fall_due(november(15, 11), 9).await.unwrap();
        assert_eq!((ended.due, ended.waiting, ended.too_late), (1, 1, 0));
        let again = store.challenges_fall_due(november(16, 11), 9).await.unwrap();
        assert_eq!(again, Fallen::default());
        assert_eq!(store.next_challenge_due().await.unwrap(), None);
        let mut tx = store.begin().await.unwrap();
        assert_eq!((outbox(&mut tx, "ask").await, outbox(&mut tx, "result").await), (1, 1));
        let result = standing(&mut tx, id).await;
        assert_eq!(places(&result), ["1 mia 3", "2 ana 1"]);
        assert_eq!((result.total, result.joined), (6, 3));
        // Frozen: whatever is logged, and whoever goes, the days and the total stay.
        raise(&mut tx, ana, &[10, 11, 12, 13]).await;
        tx.left(Platform("test"), "ana", "trail-friends", at(5)).await.unwrap();
        tx.forget(mia.person).await.unwrap();
        let kept = standing(&mut tx, id).await;
        assert_eq!((kept.total, kept.joined, kept.board.places.len()), (6, 3, 0));
        let last = date(2026, 11, 14);
        let over = tx.challenges_over(club, 1).await.unwrap();
        let state = ChallengeState::Over { last, total: 6, joined: 3 };
        assert_eq!(over[0].state, state);
        assert!(!tx.cancel_challenge(id).await.unwrap());
    }

    async fn results_that_come_too_late_are_kept_and_not_posted(store) {
        let mut tx = store.begin().await.unwrap();
        let mia = meet(&mut tx, "mia", CLUB, "1").await;
        remind(&mut tx, &mia, "07:00 mon").await;
        challenge(&mut tx, &mia, "Raise", (date(2026, 11, 10), 5)).await;
        tx.commit().await.unwrap();
        let ended = store.challenges_fall_due(november(15, 14), 9).await.unwrap();
        assert_eq!((ended.due, ended.waiting, ended.too_late), (1, 0, 1));
        let states = store.outbox_states(Kind::Result).await.unwrap();
        assert_eq!(states, [("expired".to_owned(), 1)]);
        assert_eq!(store.outbox_states(Kind::Ask).await.unwrap(), []);
    }

    async fn without_a_home_or_a_reminder_results_come_where_the_challenge_was_started(store) {
        let mut tx = store.begin().await.unwrap();
        let mia = meet(&mut tx, "mia", CLUB, "1").await;
        challenge(&mut tx, &mia, "Raise", (date(2026, 11, 10), 5)).await;
        tx.commit().await.unwrap();
        let ended = store.challenges_fall_due(november(15, 12), 9).await.unwrap();
        assert_eq!((ended.due, ended.waiting), (1, 1));
        let ready = store.ready(Platform("test"), november(15, 12), 9).await.unwrap();
        assert_eq!((ready.len(), ready[0].kind), (1, Some(Kind::Result)));
    }

    async fn a_challenge_that_cannot_be_read_holds_up_no_other(store) {
        const LOSE: &str = "update challenge set state = 'of a newer version' where id = $1";
        let mut tx = store.begin().await.unwrap();
        let mia = meet(&mut tx, "mia", CLUB, "1").await;
        let lost = challenge(&mut tx, &mia, "Lost", (date(2026, 11, 9), 5)).await;
        challenge(&mut tx, &mia, "Raise", (date(2026, 11, 10), 5)).await;
        on!(tx.connection().await.unwrap(), c => {
            sqlx::query(LOSE).bind(lost.0).execute(c).await.unwrap();
        });
        tx.commit().await.unwrap();
        let now = november(14, 18);
        let asked = store.challenges_fall_due(now, 9).await.unwrap();
        assert_eq!(asked.due, 1, "the other");
        let again = now.checked_add(jiff::SignedDuration::from_hours(1)).unwrap();
        assert_eq!(store.next_challenge_due().await.unwrap(), Some(again));
    }

    async fn a_break_moves_the_question_and_the_results(store) {
        let mut tx = store.begin().await.unwrap();
        let mia = meet(&mut tx, "mia", CLUB, "1").await;
        let club = mia.club.unwrap();
        challenge(&mut tx, &mia, "Raise", (date(2026, 11, 10), 5)).await;
        tx.commit().await.unwrap();
        store.challenges_fall_due(november(14, 18), 9).await.unwrap();
        assert_eq!(store.next_challenge_due().await.unwrap(), Some(november(15, 12)));
        let mut tx = store.begin().await.unwrap();
        let (from, to) = (date(2026, 11, 14), date(2026, 11, 16));
        tx.take_break(club, from, to, at(0)).await.unwrap();
        tx.reschedule(club, november(14, 19)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(store.next_challenge_due().await.unwrap(), Some(november(17, 18)), "asked anew");
        let mut tx = store.begin().await.unwrap();
        assert!(tx.end_breaks(club, date(2026, 11, 15)).await.unwrap());
        tx.reschedule(club, november(15, 9)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(store.next_challenge_due().await.unwrap(), Some(november(15, 18)));
    }

    async fn challenges_of_a_club_that_another_swallows_go_on_in_it(store) {
        let mut tx = store.begin().await.unwrap();
        let late = meet(&mut tx, "mia", Place::Room { chat: "-1", room: "-1" }, "1").await;
        let early = meet(&mut tx, "jonas", Place::Room { chat: "-1001", room: "-1001" }, "2").await;
        let course = (date(2026, 11, 10), 5);
        let twin = challenge(&mut tx, &late, "Raise", course).await;
        let same = challenge(&mut tx, &early, "Raise", course).await;
        let other = challenge(&mut tx, &early, "Stretch", course).await;
        for one in [same, other] {
            tx.join_challenge(one, early.account, at(1)).await.unwrap();
        }
        tx.chat_moved(Platform("test"), "-1", "-1001").await.unwrap();
        for id in [twin, other] {
            let one = tx.challenge(id).await.unwrap().unwrap();
            assert_eq!(one.club, late.club.unwrap());
            assert!(tx.has_joined(id, early.person).await.unwrap(), "who had joined takes part");
        }
        let open = tx.challenges(late.club.unwrap()).await.unwrap();
        assert_eq!(open.iter().map(|one| one.id).collect::<Vec<_>>(), [twin, other]);
    }

    async fn what_is_due_of_challenges_is_found_by_one_index(store) {
        let due = challenge_ends::STATEMENTS.iter().find(|(name, _)| *name == "NEXT_DUE").unwrap();
        let plan = plan(store, due.1).await;
        assert!(plan.iter().any(|step| step.contains("challenge_due")), "{plan:#?}");
        let sorts = |step: &String| step.contains("Sort") || step.contains("TEMP B-TREE");
        assert!(!plan.iter().any(sorts), "{plan:#?}");
    }
}
