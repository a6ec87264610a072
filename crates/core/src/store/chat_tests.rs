//! Chats: who is in them, what they are told once, and what they keep when they move.

use super::*;

on_both! {
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
}
