use super::*;

on_both! {
    async fn a_chat_is_looked_through_once_in_a_while_for_those_who_count_there(store) {
        let platform = Platform("test");
        let mut tx = store.begin().await.unwrap();
        let mia = meet(&mut tx, "mia", CLUB, "1").await;
        checkin(&mut tx, &mia, Exercise::CalfRaise, date(2026, 11, 23)).await.unwrap();
        let jonas = meet(&mut tx, "jonas", CLUB, "2").await;
        log(&mut tx, &jonas, 900, Some(Side::Left), 23).await;
        meet(&mut tx, "who only looks", CLUB, "3").await;
        tx.commit().await.unwrap();
        let due = async |at| store.chat_to_look_through(platform, at).await.unwrap();
        let (chat, external) = due(at(0)).await.unwrap();
        assert_eq!((chat, external.as_str()), (mia.chat.unwrap(), "trail-friends"));
        assert_eq!(store.chat_to_look_through(Platform("other"), at(0)).await.unwrap(), None);
        assert_eq!(store.who_counts_in(chat).await.unwrap(), ["mia", "jonas"]);
        let mut tx = store.begin().await.unwrap();
        tx.left(platform, "jonas", "trail-friends", at(1)).await.unwrap();
        tx.looked_through(chat, at(2)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(store.who_counts_in(chat).await.unwrap(), ["mia"]);
        assert_eq!(due(at(1)).await, None);
        assert!(due(at(2)).await.is_some());
    }
}
