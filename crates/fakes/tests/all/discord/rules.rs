//! What Discord refuses although its description lets it through, or because of it.

use serde_json::{Value, json};

use super::client::{Client, start_with};
use ankle_fakes::discord::FakeDiscord;

async fn start() -> (FakeDiscord, Client, u64) {
    let (discord, _clock, bot) = start_with(FakeDiscord::builder().limits(false)).await;
    let room = discord.server("Trail Friends").channel("mobility").id();
    (discord, bot, room)
}

/// What is wrong with a message, as the fake keeps it.
async fn wrong(discord: &FakeDiscord, bot: &Client, room: u64, body: &Value) -> Vec<String> {
    let path = format!("/channels/{room}/messages");
    let (status, _, answer) = bot.call("POST", &path, body).await;
    assert_eq!(
        (status, &answer["code"]),
        (400, &json!(50035)),
        "{body} {answer}"
    );
    assert!(answer["errors"].is_object());
    let violations = discord.take_violations();
    violations
        .into_iter()
        .map(|violation| violation.what)
        .collect()
}

fn button(label: &str, custom_id: &str) -> Value {
    json!({"type": 2, "style": 1, "label": label, "custom_id": custom_id})
}

fn row(components: &[Value]) -> Value {
    json!({"type": 1, "components": components})
}

#[tokio::test]
async fn what_the_description_forbids_is_refused() {
    let (discord, bot, room) = start().await;
    let embed = |embed: Value| json!({"embeds": [embed]});
    let fields = |n: usize| json!({"fields": vec![json!({"name": "n", "value": "v"}); n]});
    let cases = [
        (
            json!({"content": "x".repeat(2001)}),
            "content must have at most 2000 characters, not 2001",
        ),
        (
            json!({"embeds": vec![json!({"title": "t"}); 11]}),
            "embeds must have at most 10 entries, not 11",
        ),
        (
            embed(json!({"title": "x".repeat(257)})),
            "embeds[0].title must have at most 256 characters, not 257",
        ),
        (
            embed(json!({"description": "x".repeat(4097)})),
            "embeds[0].description must have at most 4096 characters, not 4097",
        ),
        (
            embed(fields(26)),
            "embeds[0].fields must have at most 25 entries, not 26",
        ),
        (
            embed(json!({"footer": {"text": "x".repeat(2049)}})),
            "embeds[0].footer.text must have at most 2048 characters, not 2049",
        ),
        (
            json!({"content": "x", "components": [row(&vec![button("A", "a"); 6])]}),
            "components[0].components must have at most 5 entries, not 6",
        ),
        (
            json!({"content": "x", "components": [row(&[button(&"x".repeat(81), "a")])]}),
            "components[0].components[0].label must have at most 80 characters, not 81",
        ),
        (
            json!({"content": "x", "tts": "no"}),
            "tts must be of type boolean or null",
        ),
        (
            json!({"content": "x", "allowed_mentions": {"parse": ["cats"]}}),
            "allowed_mentions.parse[0] must be one of \"users\", \"roles\", \"everyone\"",
        ),
    ];
    for (body, what) in cases {
        assert_eq!(wrong(&discord, &bot, room, &body).await, [what], "{body}");
    }
    discord.finish().await;
}

#[tokio::test]
async fn what_the_description_lets_through_is_refused_too() {
    let (discord, bot, room) = start().await;
    let long = json!({"description": "x".repeat(3001)});
    let field =
        |name: &str, value: &str| json!({"embeds": [{"fields": [{"name": name, "value": value}]}]});
    let with = |components: Value| json!({"content": "x", "components": components});
    let six: Vec<_> = (0..6)
        .map(|n| row(&[button("A", &n.to_string())]))
        .collect();
    let cases = [
        (
            field("n", " "),
            "embeds[0].fields[0].value must not be empty",
        ),
        (field("", "v"), "embeds[0].fields[0].name must not be empty"),
        (
            json!({"embeds": [{"color": 5}]}),
            "embeds[0] must say something",
        ),
        (
            json!({"embeds": [long, long]}),
            "embeds must have at most 6000 characters together, not 6002",
        ),
        (
            json!({"content": "x", "flags": 64}),
            "flags must not have the flags 0x40 here",
        ),
        (
            json!({"content": "x", "contents": 1}),
            "contents is not a key of this object",
        ),
        (
            json!({"content": "x", "enforce_nonce": true}),
            "nonce is required with enforce_nonce",
        ),
        (with(six.into()), "components must be at most 5 rows, not 6"),
        (
            with(json!([row(&[button("A", "a"), button("B", "a")])])),
            "components[0].components[1].custom_id must not come twice in a message",
        ),
        (
            with(json!([row(&[
                json!({"type": 2, "style": 5, "label": "A"})
            ])])),
            "components[0].components[0].url is required on this style",
        ),
        (
            with(json!([row(&[
                json!({"type": 2, "style": 1, "custom_id": "a"})
            ])])),
            "components[0].components[0] must have a label or an emoji",
        ),
        (
            with(json!([{"type": 10, "content": "x"}])),
            "components[0].type must be a row unless the message has the flag for other components",
        ),
        (
            json!({"content": "x", "flags": 32768, "components": [{"type": 10, "content": "x"}]}),
            "components must not stand beside content or embeds with this flag",
        ),
        (
            json!({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["5"]}}),
            "allowed_mentions must not both parse and list users",
        ),
        (
            json!({"content": "x", "attachments": [{"id": 0}]}),
            "attachments[0].id names no file that came along",
        ),
    ];
    for (body, what) in cases {
        assert_eq!(wrong(&discord, &bot, room, &body).await, [what], "{body}");
    }
    let path = format!("/channels/{room}/messages");
    assert_eq!(
        bot.error("POST", &path, &json!({"content": " "})).await,
        (400, 50006)
    );
    assert_eq!(discord.take_violations().len(), 1);
    discord.finish().await;
}

#[tokio::test]
async fn a_message_of_components_of_the_second_kind_passes() {
    let (discord, bot, room) = start().await;
    let body = json!({"flags": 32768, "components": [{"type": 17, "components": [
        {"type": 10, "content": "**Lunge**"}, row(&[button("Left", "l")])]}]});
    bot.says(room, &body).await;
    insta::assert_snapshot!(discord.transcript(), @r#"
    #mobility | Bot: **Lunge**
      [Left]
    "#);
    discord.finish_with_unread().await;
}

#[tokio::test]
async fn an_edit_may_not_empty_a_message() {
    let (discord, bot, room) = start().await;
    let sent = bot.says(room, &json!({"content": "x"})).await;
    let path = format!("/channels/{room}/messages/{}", sent["id"].as_str().unwrap());
    assert_eq!(
        bot.error("PATCH", &path, &json!({"content": ""})).await,
        (400, 50006)
    );
    assert_eq!(discord.take_violations().len(), 1);
    bot.ok(
        "PATCH",
        &path,
        &json!({"content": null, "embeds": [{"title": "t"}]}),
    )
    .await;
    assert_eq!(
        bot.error("PATCH", &path, &json!({"flags": 64})).await,
        (400, 50035)
    );
    assert_eq!(discord.take_violations().len(), 1);
    discord.finish_with_unread().await;
}

#[tokio::test]
async fn commands_are_held_to_the_rules_of_the_pages() {
    let (discord, bot, _) = start().await;
    let path = format!("/applications/{}/commands", bot.app);
    let one = |command: Value| json!([command]);
    let many: Value = (0..101)
        .map(|n| json!({"name": format!("c{n}"), "description": "d"}))
        .collect();
    let cases = [
        (many, "must be at most 100 of type 1, not 101"),
        (
            one(json!({"name": "Ankle", "description": "d"})),
            "[0].name must be in lower case",
        ),
        (
            one(json!({"name": "an kle", "description": "d"})),
            "[0].name must be letters, digits, - _ '",
        ),
        (
            one(json!({"name": "x".repeat(33), "description": "d"})),
            "[0].name must have at most 32 characters, not 33",
        ),
        (
            one(json!({"name": "a", "description": ""})),
            "[0].description must not be empty",
        ),
        (
            one(json!({"name": "a", "description": "d", "name_localizations": {"xx": "b"}})),
            "[0].name_localizations.xx is no locale of Discord",
        ),
    ];
    for (body, what) in cases {
        assert_eq!(bot.error("PUT", &path, &body).await, (400, 50035), "{body}");
        let violations = discord.take_violations();
        assert_eq!(violations[0].what, what);
        assert_eq!(violations.len(), 1);
    }
    assert!(discord.commands(None).is_empty());
    discord.finish().await;
}
