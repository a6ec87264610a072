use super::talk::Talk;
use crate::face::{Lack, Sight};

#[tokio::test]
async fn a_nudge_is_set_shown_moved_and_dropped() {
    let mut talk = Talk::new().await;
    insta::assert_snapshot!(talk.say("nudge 19:00").await, @"Where do you live? /ankle me settings zone:Berlin, then /ankle nudge 19:00. Nothing was changed.");
    talk.say("me settings zone:Berlin").await;
    insta::assert_snapshot!(talk.say("nudge 19:00").await, @"A nudge comes in our private chat, which is not open. Write to me there: /ankle nudge 19:00. Nothing was changed.");
    talk.room = "private";
    insta::assert_snapshot!(talk.say("nudge show").await, @"You have no nudge. /ankle nudge 19:00 sets one, for you alone.");
    talk.sight = Sight::lacking(Lack::Blocked);
    assert!(talk.say("nudge 19:00").await.contains("not open"));
    talk.sight = Sight::default();
    insta::assert_snapshot!(talk.say("nudge 7pm days:mon-fri exercise:calf-raise").await, @"
    Saved: 19:00 Mon–Fri (Berlin) · Raises
    Next: Tue 24 Nov 19:00, your time.
    Not on days when it is done already, nor while you rest. No more: /ankle nudge off
    ");
    talk.room = "mobility";
    assert!(
        talk.say("nudge 20:00")
            .await
            .contains("Saved: 20:00 daily (Berlin)")
    );
    talk.say("me settings zone:Lisbon").await;
    insta::assert_snapshot!(talk.say("nudge show").await, @"
    Your nudge: 20:00 daily (Lisbon) · Stretch and raises
    Next: Tue 24 Nov 20:00, your time.
    ");
    assert!(talk.say("remind list").await.contains("Only organisers"));
    insta::assert_snapshot!(talk.say("nudge off").await, @"Your nudge is off.");
    insta::assert_snapshot!(talk.say("nudge off").await, @"You have no nudge. /ankle nudge 19:00 sets one, for you alone.");
    insta::assert_snapshot!(talk.say("nudge").await, @"? At what time? Reply with 07:00, or 7pm days:mon-fri.");
}

#[tokio::test]
async fn a_nudge_that_makes_no_sense_is_one_sentence_and_what_was_set_stays() {
    let mut talk = Talk::new().await;
    talk.room = "private";
    talk.say("me settings zone:Berlin").await;
    talk.say("nudge 19:00").await;
    let before = talk.say("nudge show").await;
    for line in [
        "nudge soon",
        "nudge 25:00",
        "nudge 19:00 days:someday",
        "nudge 19:00 exercise:pushups",
        "nudge <b>",
    ] {
        let said = talk.say(line).await;
        assert!(said.contains("Nothing was"), "{line}: {said}");
        assert_eq!(said.lines().count(), 1, "{line}: {said}");
        assert_eq!(talk.say("nudge show").await, before, "{line}");
    }
}
