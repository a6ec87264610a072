use super::*;

on_both! {
    async fn likes_are_the_baseline_and_the_latest_of_each_leg(store) {
        let mut tx = store.begin().await.unwrap();
        let visit = meet(&mut tx, "mia", CLUB, "1").await;
        for day in 1..=20 {
            log(&mut tx, &visit, 900 + i64::from(day), Some(Side::Left), day).await;
        }
        log(&mut tx, &visit, 1_000, None, 20).await;
        let likes = tx.likes(&visit, (date(2026, 11, 20), EntryId(0))).await.unwrap();
        let days: Vec<_> = likes.iter().map(|like| like.day.day()).collect();
        assert_eq!(days, [1, 12, 13, 14, 15, 16, 17, 18, 19]);
        let history = tx.history(visit.person, date(2026, 11, 20)).await.unwrap();
        let days: Vec<_> = history.iter().map(|entry| entry.day.day()).collect();
        assert_eq!(days[..3], [19, 18, 17]);
        assert_eq!(days.len(), 19);
        assert!(tx.has_any(visit.person).await.unwrap());
        assert_eq!(tx.count(visit.person).await.unwrap(), 21);
        assert_eq!(tx.latest(visit.person).await.unwrap().len(), 2, "one event, two entries");
        for (since, found) in [(7, 1), (8, 0)] {
            let by = tx.logged_by(visit.person, "log:7", date(2026, 11, since)).await.unwrap();
            assert_eq!(by.len(), found);
        }
    }

    async fn the_tests_of_a_persons_other_accounts_are_like_tests_too(store) {
        let mut tx = store.begin().await.unwrap();
        let here = meet(&mut tx, "mia", CLUB, "1").await;
        let there = meet(&mut tx, "mia elsewhere", CLUB, "2").await;
        for day in 1..=12 {
            let visit = if day % 2 == 0 { &here } else { &there };
            log(&mut tx, visit, 900 + i64::from(day), Some(Side::Left), day).await;
        }
        // As linking the two will do.
        let link = format!("update account set person_id = {} where id = {}",
            here.person.0, there.account.0);
        on!(tx.connection().await.unwrap(), c => sqlx::query(sqlx::AssertSqlSafe(link)).execute(c).await.map(|_| ()))
            .unwrap();
        let here = meet(&mut tx, "mia", CLUB, "3").await;
        assert!(here.has_other_accounts);
        let likes = tx.likes(&here, (date(2026, 11, 20), EntryId(0))).await.unwrap();
        let days: Vec<_> = likes.iter().map(|like| like.day.day()).collect();
        assert_eq!(days, [1, 5, 6, 7, 8, 9, 10, 11, 12]);
        for visit in [&here, &there, &there] {
            log(&mut tx, visit, 950, Some(Side::Right), 13).await;
        }
        let all = (date(2026, 11, 3), date(2026, 11, 30));
        let tests = tx.member_tests(here.club.unwrap(), all).await.unwrap();
        let days: Vec<_> = tests.iter().map(|one| (one.person, one.done)).collect();
        assert_eq!(days, [(here.person, 11)], "a day with tests of both is one");
    }

    async fn the_days_of_tests_are_what_the_entries_say_after_every_change(store) {
        let mut tx = store.begin().await.unwrap();
        let visit = meet(&mut tx, "mia", CLUB, "1").await;
        let days = async |tx: &mut Tx| {
            let all = (date(2026, 1, 1), date(2026, 12, 31));
            let members = tx.member_tests(visit.club.unwrap(), all).await.unwrap();
            members.first().map_or(0, |one| one.done)
        };
        let mut ids = Vec::new();
        for (day, counted) in [(20, 1), (20, 1), (22, 2), (3, 3)] {
            ids.push(log(&mut tx, &visit, 900, Some(Side::Left), day).await);
            assert_eq!(days(&mut tx).await, counted, "with day {day}");
        }
        let to = |standing, day| (standing, date(2026, 11, day));
        for (at, (standing, day), counted) in [
            (0, to(Standing::Undone, 20), 3),
            (1, to(Standing::Undone, 20), 2),
            (1, to(Standing::Live, 20), 3),
            (2, to(Standing::Live, 20), 2),
            (2, to(Standing::Unconfirmed, 20), 2),
            (1, to(Standing::Live, 5), 2),
            (3, to(Standing::Undone, 3), 1),
            (1, to(Standing::Undone, 5), 0),
            (0, to(Standing::Live, 20), 1),
        ] {
            let before = tx.entry(visit.person, ids[at]).await.unwrap().unwrap();
            let after = Entry { day, standing, ..before.clone() };
            let change = Change { what: What::Edit, event: "3", now: super::at(8) };
            tx.change(&before, &after, change).await.unwrap();
            assert_eq!(days(&mut tx).await, counted, "{at} to {standing:?} {day}");
        }
        let tests = tx.member_tests(visit.club.unwrap(), (date(2026, 11, 21), date(2026, 12, 1)));
        assert_eq!(tests.await.unwrap(), []);
    }

    async fn like_tests_that_were_read_ahead_are_those_that_would_be_asked_for(store) {
        let mut tx = store.begin().await.unwrap();
        let visit = meet(&mut tx, "mia", CLUB, "1").await;
        for day in 1..=20 {
            let side = if day % 3 == 0 { Side::Left } else { Side::Right };
            log(&mut tx, &visit, 900 + i64::from(day), Some(side), day).await;
        }
        tx.commit().await.unwrap();
        for end in [10, 20, 25] {
            let before = (date(2026, 11, end), EntryId(0));
            let meeting = store.meet(who("mia"), CLUB, "2", (Ahead::Likes, at(1)));
            let (mut tx, _) = meeting.await.unwrap();
            let ahead = tx.likes(&visit, before).await.unwrap();
            let asked = tx.likes(&visit, before).await.unwrap();
            assert!(!asked.is_empty());
            assert_eq!(ahead, asked, "before day {end}");
        }
        let meeting = store.meet(who("mia"), CLUB, "2", (Ahead::Likes, at(1)));
        let (mut tx, _) = meeting.await.unwrap();
        log(&mut tx, &visit, 1_000, Some(Side::Left), 21).await;
        let likes = tx.likes(&visit, (date(2026, 11, 25), EntryId(0))).await.unwrap();
        assert_eq!(likes.last().unwrap().day, date(2026, 11, 21), "logged since");
        drop(tx);
        let meeting = store.meet(who("jonas"), CLUB, "3", (Ahead::Likes, at(1)));
        let (mut tx, met) = meeting.await.unwrap();
        let Met::Now(jonas) = met else { panic!("met before") };
        assert!(tx.likes(&jonas, (date(2026, 11, 25), EntryId(0))).await.unwrap().is_empty());
    }

    async fn a_test_is_compared_with_those_before_it_out_of_an_index_alone(store) {
        let (_, likes) = entries::STATEMENTS.iter().find(|(name, _)| *name == "LIKES").unwrap();
        let plan = plan(store, likes).await;
        let reads: Vec<_> = plan.iter().filter(|step| step.contains("entry_by_leg")).collect();
        assert_eq!(reads.len(), 12, "{plan:#?}");
        assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{plan:#?}");
        let covered = |step: &String| step.contains("COVERING") || !step.contains("SEARCH");
        assert!(reads.iter().all(|step| covered(step)), "{plan:#?}");
    }
}
