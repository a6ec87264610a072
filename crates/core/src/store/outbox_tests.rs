//! The outbox and the leases, on both databases.

use super::*;
use crate::calendar::Occurrence;
use crate::club::{PostId, RoomId};

const HERE: Platform = Platform("test");
const DAILY: &str = "07:00 mon,tue,wed,thu,fri,sat,sun";

/// Whoever sends in these tests.
async fn lease(store: &Store, now: Timestamp) -> Epoch {
    let until = now + jiff::SignedDuration::from_secs(10);
    let epoch = store.take_lease("send", "a", (now, until), false).await;
    epoch.unwrap().unwrap()
}

/// A club's room with one daily reminder.
async fn reminded(store: &Store) -> (RoomId, Reminder) {
    let mut tx = store.begin().await.unwrap();
    let visit = meet(&mut tx, "mia", CLUB, "1").await;
    remind(&mut tx, &visit, DAILY).await;
    let room = visit.room.unwrap();
    let reminder = tx.reminders(room).await.unwrap().remove(0);
    tx.commit().await.unwrap();
    (room, reminder)
}

/// Rows of an outbox that is to be swept: many batches.
const FULL: i64 = 2_000;

async fn claim(store: &Store, id: PostId, epoch: Epoch, now: Timestamp) -> Option<Parcel> {
    let mut tx = store.begin().await.unwrap();
    let parcel = tx.claim(id, ("send", epoch), now).await.unwrap();
    tx.commit().await.unwrap();
    parcel
}

async fn states(store: &Store, kind: Kind) -> String {
    let states = store.outbox_states(kind).await.unwrap();
    let states: Vec<_> = states.iter().map(|(s, n)| format!("{s} {n}")).collect();
    states.join(", ")
}

fn occurrences(reminder: &Reminder, many: usize) -> Vec<Occurrence> {
    let first = reminder.next.unwrap();
    let next = |one: &Occurrence| reminder.schedule.next(&reminder.zone, one.at);
    std::iter::successors(Some(first), next)
        .take(many)
        .collect()
}

fn after(at: Timestamp, seconds: i64) -> Timestamp {
    at + jiff::SignedDuration::from_secs(seconds)
}

on_both! {
    async fn complaint_12_an_occurrence_falls_due_once_and_never_early(store) {
        let (_, reminder) = reminded(store).await;
        let due = occurrences(&reminder, 2);
        assert_eq!(store.next_due().await.unwrap(), Some(due[0].at));
        let early = store.fall_due(after(due[0].at, -1), 10).await.unwrap();
        assert_eq!(early, Fallen::default());
        let once = store.fall_due(due[0].at, 10).await.unwrap();
        assert_eq!(once, Fallen { due: 1, waiting: 1, too_late: 0, left_out: 0 });
        assert_eq!(store.fall_due(due[0].at, 10).await.unwrap(), Fallen::default());
        assert_eq!(store.next_due().await.unwrap(), Some(due[1].at));
        assert_eq!(states(store, Kind::Post).await, "waiting 1");
    }

    async fn an_occurrence_that_comes_back_is_no_second_post(store) {
        let (_, reminder) = reminded(store).await;
        let due = occurrences(&reminder, 1)[0];
        store.fall_due(due.at, 10).await.unwrap();
        // As when somebody lets the reminder go on from before.
        let mut tx = store.begin().await.unwrap();
        tx.pause_reminder(reminder.id, None, Some(due)).await.unwrap();
        tx.commit().await.unwrap();
        let again = store.fall_due(due.at, 10).await.unwrap();
        assert_eq!(again, Fallen { due: 1, waiting: 0, too_late: 0, left_out: 0 });
        assert_eq!(states(store, Kind::Post).await, "waiting 1");
    }

    async fn after_a_long_outage_only_what_is_not_too_late_waits(store) {
        let (_, reminder) = reminded(store).await;
        let due = occurrences(&reminder, 30);
        let back = after(due[9].at, 3_600);
        let mut all = Fallen::default();
        loop {
            let fallen = store.fall_due(back, 1).await.unwrap();
            if fallen.due == 0 {
                break;
            }
            all.waiting += fallen.waiting;
            all.too_late += fallen.too_late;
        }
        assert_eq!((all.waiting, all.too_late), (1, 1));
        assert_eq!(store.next_due().await.unwrap(), Some(due[10].at));
        assert_eq!(states(store, Kind::Post).await, "expired 1, waiting 1");
    }

    async fn nothing_falls_due_on_a_day_of_a_break(store) {
        let (_, reminder) = reminded(store).await;
        let due = occurrences(&reminder, 6);
        let mut tx = store.begin().await.unwrap();
        let club = meet(&mut tx, "mia", CLUB, "2").await.club.unwrap();
        let (first, last) = (due[1].civil.date(), due[3].civil.date());
        tx.take_break(club, first, last, at(0)).await.unwrap();
        tx.reschedule(club, at(0)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(store.next_due().await.unwrap(), Some(due[0].at), "that is before it");
        assert_eq!(store.fall_due(due[0].at, 10).await.unwrap().waiting, 1);
        assert_eq!(store.next_due().await.unwrap(), Some(due[4].at));
        let mut tx = store.begin().await.unwrap();
        assert!(tx.end_breaks(club, due[2].civil.date()).await.unwrap());
        tx.reschedule(club, after(due[1].at, 60)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(store.next_due().await.unwrap(), Some(due[2].at), "the rest was taken back");
    }

    async fn a_break_that_comes_with_the_hour_is_a_break_still(store) {
        let (_, reminder) = reminded(store).await;
        let due = occurrences(&reminder, 3);
        let mut tx = store.begin().await.unwrap();
        let club = meet(&mut tx, "mia", CLUB, "2").await.club.unwrap();
        let day = due[0].civil.date();
        tx.take_break(club, day, day, due[0].at).await.unwrap();
        tx.reschedule(club, due[0].at).await.unwrap();
        tx.commit().await.unwrap();
        let fallen = store.fall_due(due[0].at, 10).await.unwrap();
        assert_eq!(fallen, Fallen { due: 1, waiting: 0, too_late: 0, left_out: 0 });
        assert_eq!(store.next_due().await.unwrap(), Some(due[1].at));
        assert_eq!(states(store, Kind::Post).await, "");
        // What was due before a break, and has not fallen yet, still does.
        let day = due[2].civil.date();
        let mut tx = store.begin().await.unwrap();
        tx.take_break(club, day, day, due[1].at).await.unwrap();
        tx.reschedule(club, after(due[1].at, 5)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(store.fall_due(after(due[1].at, 6), 10).await.unwrap().waiting, 1);
    }

    async fn a_batch_is_as_long_as_it_may_be(store) {
        let mut tx = store.begin().await.unwrap();
        for name in ["a", "b", "c"] {
            let place = Place::Room { chat: name, room: name };
            let visit = meet(&mut tx, "mia", place, name).await;
            remind(&mut tx, &visit, DAILY).await;
        }
        tx.commit().await.unwrap();
        let due = store.next_due().await.unwrap().unwrap();
        assert_eq!(store.fall_due(due, 2).await.unwrap().due, 2);
        assert_eq!(store.fall_due(due, 2).await.unwrap().due, 1);
    }

    async fn a_row_goes_from_waiting_to_sent_and_no_step_is_done_twice(store) {
        let (room, reminder) = reminded(store).await;
        let due = occurrences(&reminder, 1)[0];
        store.fall_due(due.at, 10).await.unwrap();
        let epoch = lease(store, due.at).await;
        assert_eq!(store.ready(HERE, after(due.at, -1), 9).await.unwrap(), []);
        let ready = store.ready(HERE, due.at, 9).await.unwrap().remove(0);
        assert_eq!((ready.kind, ready.chat.as_str()), (Some(Kind::Post), "trail-friends"));
        let parcel = claim(store, ready.id, epoch, due.at).await.unwrap();
        assert_eq!(parcel.room, Some((room, "mobility".to_owned())));
        assert_eq!((parcel.reminder, parcel.civil), (Some(reminder.id), Some(due.civil)));
        assert_eq!((parcel.attempts, parcel.due), (1, due.at));
        assert!(claim(store, ready.id, epoch, due.at).await.is_none(), "it is under way");
        let mut tx = store.begin().await.unwrap();
        let other = Epoch(epoch.0 + 1);
        assert!(!tx.sent(ready.id, other, None, due.at).await.unwrap(), "not his to say");
        assert!(tx.sent(ready.id, epoch, Some(("mobility", "m1")), due.at).await.unwrap());
        assert!(!tx.sent(ready.id, epoch, Some(("mobility", "m2")), due.at).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(states(store, Kind::Post).await, "sent 1");
        assert_eq!(store.soonest(HERE).await.unwrap(), (None, None));
    }

    async fn who_has_lost_the_lease_claims_nothing(store) {
        let (_, reminder) = reminded(store).await;
        let due = occurrences(&reminder, 1)[0].at;
        store.fall_due(due, 10).await.unwrap();
        let id = store.ready(HERE, due, 9).await.unwrap()[0].id;
        let old = lease(store, due).await;
        let until = after(due, 30);
        let heir = |at| store.take_lease("send", "b", (at, until), false);
        assert_eq!(heir(after(due, 9)).await.unwrap(), None, "it still holds");
        assert!(claim(store, id, old, after(due, 10)).await.is_none(), "it is over");
        let new = heir(after(due, 10)).await.unwrap().unwrap();
        assert!(new > old);
        assert!(claim(store, id, old, after(due, 10)).await.is_none(), "another's now");
        assert!(claim(store, id, new, after(due, 10)).await.is_some());
    }

    async fn a_lease_goes_on_in_its_epoch_and_can_be_left(store) {
        let take = |holder, at, anew| store.take_lease("x", holder, (at, after(at, 10)), anew);
        let first = take("a", at(0), false).await.unwrap().unwrap();
        assert_eq!(take("a", at(3), false).await.unwrap(), Some(first));
        let anew = take("a", at(4), true).await.unwrap().unwrap();
        assert!(anew > first, "a process that was started again");
        assert_eq!(take("b", at(5), false).await.unwrap(), None);
        store.leave_lease("x", "a", first).await.unwrap();
        assert_eq!(take("b", at(5), false).await.unwrap(), None, "that tenure was over");
        store.leave_lease("x", "a", anew).await.unwrap();
        assert!(take("b", at(5), false).await.unwrap().unwrap() > anew);
    }

    async fn what_is_in_doubt_is_repeated_or_given_up_once(store) {
        let (_, reminder) = reminded(store).await;
        let due = occurrences(&reminder, 1)[0].at;
        store.fall_due(due, 10).await.unwrap();
        let epoch = lease(store, due).await;
        let id = store.ready(HERE, due, 9).await.unwrap()[0].id;
        claim(store, id, epoch, due).await.unwrap();
        assert_eq!(store.doubtful(HERE, after(due, -1), 9).await.unwrap(), []);
        let doubt = store.doubtful(HERE, due, 9).await.unwrap();
        let (kind, repeats) = (Kind::Post, 0);
        let doubted = Doubtful { id, kind, first_try: due, tried: due, epoch, repeats, was_away: false };
        assert_eq!(doubt, [doubted]);
        assert_eq!(store.soonest(HERE).await.unwrap(), (None, Some((due, epoch))));
        let now = after(due, 30);
        let settle = |repeat| async move {
            let mut tx = store.begin().await.unwrap();
            let settled = tx.settle_doubt(id, due, repeat).await.unwrap();
            tx.commit().await.unwrap();
            settled
        };
        assert!(settle(true).await);
        assert!(!settle(true).await);
        let epoch = lease(store, now).await;
        claim(store, id, epoch, now).await.unwrap();
        let doubt = store.doubtful(HERE, now, 9).await.unwrap();
        assert_eq!((doubt[0].first_try, doubt[0].repeats), (due, 1));
        assert!(!settle(false).await, "it has been tried since");
        let mut tx = store.begin().await.unwrap();
        assert!(tx.settle_doubt(id, now, false).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(states(store, Kind::Post).await, "failed 1");
    }

    async fn of_two_posts_at_the_same_minute_one_is_the_first_of_its_week(store) {
        let (room, reminder) = reminded(store).await;
        let mut tx = store.begin().await.unwrap();
        let visit = meet(&mut tx, "mia", CLUB, "2").await;
        remind(&mut tx, &visit, DAILY).await;
        tx.commit().await.unwrap();
        let due = occurrences(&reminder, 1)[0];
        store.fall_due(due.at, 10).await.unwrap();
        let ids: Vec<_> = store.ready(HERE, due.at, 9).await.unwrap().iter().map(|one| one.id).collect();
        let mut firsts = Vec::new();
        for id in ids {
            let mut tx = store.begin().await.unwrap();
            firsts.push(tx.is_first_post(room, due.civil.date(), (id, due.civil)).await.unwrap());
        }
        assert_eq!(firsts, [true, false]);
    }

    async fn presses_share_one_change_and_the_next_waits_for_ten_seconds(store) {
        let (_, reminder) = reminded(store).await;
        let due = occurrences(&reminder, 1)[0].at;
        store.fall_due(due, 10).await.unwrap();
        let epoch = lease(store, due).await;
        let post = store.ready(HERE, due, 9).await.unwrap()[0].id;
        claim(store, post, epoch, due).await.unwrap();
        let press = |at| async move {
            let mut tx = store.begin().await.unwrap();
            tx.post_changed(post, at).await.unwrap();
            tx.commit().await.unwrap();
        };
        for _ in 0..3 {
            press(due).await;
        }
        assert_eq!(states(store, Kind::Edit).await, "waiting 1");
        assert_eq!(store.soonest(HERE).await.unwrap().0, Some(after(due, 2)));
        let edit = store.ready(HERE, after(due, 2), 9).await.unwrap()[0].id;
        let parcel = claim(store, edit, epoch, after(due, 2)).await.unwrap();
        assert_eq!(parcel.reminder, Some(reminder.id));
        assert_eq!(parcel.subject.map(|s| s.id), Some(post));
        press(after(due, 3)).await;
        press(after(due, 4)).await;
        assert_eq!(store.soonest(HERE).await.unwrap().0, Some(after(due, 12)));
        let mut tx = store.begin().await.unwrap();
        tx.post_changed(edit, due).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(states(store, Kind::Edit).await, "sending 1, waiting 1");
    }

    async fn yesterdays_post_is_removed_once_and_todays_stays(store) {
        let (room, reminder) = reminded(store).await;
        for (at, message) in occurrences(&reminder, 2).iter().zip(["m1", "m2"]) {
            store.fall_due(at.at, 10).await.unwrap();
            let epoch = lease(store, at.at).await;
            let id = store.ready(HERE, at.at, 9).await.unwrap()[0].id;
            claim(store, id, epoch, at.at).await.unwrap();
            let mut tx = store.begin().await.unwrap();
            tx.sent(id, epoch, Some(("mobility", message)), at.at).await.unwrap();
            tx.commit().await.unwrap();
        }
        let today = occurrences(&reminder, 2)[1];
        let mut tx = store.begin().await.unwrap();
        for _ in 0..2 {
            tx.remove_posts_before(room, today.civil.date(), today.at).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(states(store, Kind::Delete).await, "waiting 1");
        let id = store.ready(HERE, today.at, 9).await.unwrap()[0].id;
        let epoch = lease(store, today.at).await;
        let parcel = claim(store, id, epoch, today.at).await.unwrap();
        let message = parcel.subject.unwrap().message;
        assert_eq!(message, Some(("mobility".to_owned(), "m1".to_owned())));
    }

    async fn a_lost_room_is_news_once_until_it_is_reached_again(store) {
        let (room, reminder) = reminded(store).await;
        let due = occurrences(&reminder, 1)[0];
        store.fall_due(due.at, 10).await.unwrap();
        let epoch = lease(store, due.at).await;
        let id = store.ready(HERE, due.at, 9).await.unwrap()[0].id;
        claim(store, id, epoch, due.at).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        let end = (End::Unreachable, Reason::Gone);
        assert!(tx.end_sending(id, epoch, end).await.unwrap());
        tx.room_lost(room, Reason::Gone, due.at).await.unwrap();
        assert!(tx.reminder_lost(reminder.id).await.unwrap());
        tx.room_lost(room, Reason::NoRight, due.at).await.unwrap();
        assert!(!tx.reminder_lost(reminder.id).await.unwrap());
        assert!(tx.notice(Kind::Notice, (id, reminder.id), Some(Reason::Gone), due.at).await.unwrap());
        tx.commit().await.unwrap();
        let notice = store.ready(HERE, due.at, 9).await.unwrap().remove(0);
        assert_eq!((notice.kind, notice.chat.as_str()), (Some(Kind::Notice), "mia"));
        let parcel = claim(store, notice.id, epoch, due.at).await.unwrap();
        assert_eq!((parcel.account.as_deref(), parcel.reason), (Some("mia"), Some(Reason::Gone)));
        assert_eq!(parcel.language, Some(Language::De));
        assert_eq!((parcel.reminder, parcel.civil), (Some(reminder.id), Some(due.civil)));
        let mut tx = store.begin().await.unwrap();
        let back = after(due.at, 1_800);
        assert_eq!(tx.revive_chat(HERE, "trail-friends", back).await.unwrap(), 1);
        tx.room_lost(room, Reason::Gone, back).await.unwrap();
        assert!(tx.reminder_lost(reminder.id).await.unwrap(), "news again");
        tx.room_reached(room).await.unwrap();
        tx.room_lost(room, Reason::Gone, back).await.unwrap();
        assert!(tx.reminder_lost(reminder.id).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(states(store, Kind::Post).await, "waiting 1");
    }

    async fn what_is_over_is_swept_after_a_week_and_what_waits_is_not(store) {
        let (_, reminder) = reminded(store).await;
        let due = occurrences(&reminder, 1)[0].at;
        store.fall_due(after(due, 3 * 3_600), 10).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        tx.test_post(&reminder, due).await.unwrap();
        tx.commit().await.unwrap();
        store.sweep(after(due, 7 * 86_400)).await.unwrap();
        assert_eq!(states(store, Kind::Post).await, "expired 1");
        store.sweep(after(due, 7 * 86_400 + 1)).await.unwrap();
        assert_eq!(states(store, Kind::Post).await, "");
        assert_eq!(states(store, Kind::Test).await, "waiting 1");
    }

    async fn a_sweep_of_much_lets_others_write_in_between(store) {
        let (room, reminder) = reminded(store).await;
        let due = occurrences(&reminder, 1)[0].at;
        store.fill_outbox(room, FULL, due).await;
        let swept = after(due, 8 * 86_400);
        let sweep = async {
            store.sweep(swept).await.unwrap();
        };
        let mut between = 0;
        let others = async {
            loop {
                let mut tx = store.begin().await.unwrap();
                tx.name_room(room, "Trail Friends").await.unwrap();
                tx.commit().await.unwrap();
                between += 1;
            }
        };
        tokio::select! {
            () = sweep => {}
            () = others => {}
        }
        assert!(between > 10, "{between}");
        assert_eq!(states(store, Kind::Delete).await, "");
    }

    async fn what_is_ready_is_found_by_one_index(store) {
        for name in ["READY", "READY_IN_DOUBT", "SOONEST", "DOUBTFUL", "SOONEST_DOUBT"] {
            let sql = outbox::STATEMENTS.iter().find(|(n, _)| *n == name).unwrap().1;
            let sql = sql.replace("platform = $1", "platform = 'x'")
                .replace("$2", "5").replace("$3", "10");
            let plan = plan(store, &sql).await;
            let index = match name {
                "READY_IN_DOUBT" => "outbox_in_doubt",
                "DOUBTFUL" | "SOONEST_DOUBT" => "outbox_sending",
                _ => "outbox_ready",
            };
            assert!(plan.iter().any(|step| step.contains(index)), "{name}: {plan:#?}");
        }
        let due = falling::STATEMENTS.iter().find(|(n, _)| *n == "NEXT_DUE").unwrap().1;
        let plan = plan(store, due).await;
        assert!(plan.iter().any(|step| step.contains("reminder_due")), "{plan:#?}");
        let sorts = |step: &String| step.contains("Sort") || step.contains("TEMP B-TREE");
        assert!(!plan.iter().any(sorts), "{plan:#?}");
    }
}

#[test]
fn a_post_is_too_late_after_two_hours_or_when_its_day_is_over() {
    let berlin: Zone = "Berlin".parse().unwrap();
    let late = |time: &str| {
        let schedule: Schedule = format!("{time} mon,tue,wed,thu,fri,sat,sun")
            .parse()
            .unwrap();
        let next = schedule
            .next(&berlin, "2026-11-24T12:00:00Z".parse().unwrap())
            .unwrap();
        too_late(next, &berlin).to_string()
    };
    assert_eq!(late("19:00"), "2026-11-24T20:00:00Z");
    assert_eq!(late("23:00"), "2026-11-24T23:00:00Z");
}
