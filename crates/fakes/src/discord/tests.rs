//! What the fake itself says, checked against the official description.

use ankle_clock::SystemClock;
use serde_json::{Value, json};

use super::schema::schema;
use super::*;

/// A key that Discord sends and the description of answers does not know is no concern here.
fn problems(operation: &str, value: &Value) -> Vec<String> {
    let problems = schema().check_answer(operation, value);
    let problems = problems
        .iter()
        .filter(|p| p.what != "is not a key of this object");
    problems.map(|p| format!("{} {}", p.path, p.what)).collect()
}

#[tokio::test]
async fn answers_fit_the_description() {
    let discord = FakeDiscord::start(Arc::new(SystemClock::new())).await;
    let club = discord.server("Trail Friends");
    let room = club.channel("mobility");
    let thread = room.thread("calves");
    let mia = club.member("Mia");
    let dm = mia.dm();
    discord.register(
        &json!([{"name": "ankle", "description": "Ankles", "options": [
        {"type": 3, "name": "reading", "description": "9cm"}]}]),
    );
    let asked = room
        .person("Mia")
        .slash("/ankle", &[("reading", "9cm")])
        .await;
    let body = json!({"content": "Hi <@1>", "embeds": [{"title": "t", "fields": [
        {"name": "a", "value": "b"}]}], "components": [{"type": 1, "components": [
        {"type": 2, "style": 1, "label": "Left", "custom_id": "l"}]}]});
    let told = discord.shared.write(|state| {
        let interaction = state.interactions[&asked.id()].clone();
        let origin = message::Origin {
            channel: room.id,
            interaction: Some(interaction.id),
            only: None,
        };
        let id = state.post(&body, &[], origin);
        let message = state
            .message(room.id, id)
            .map(|message| state.message_json(message));
        let guild = &state.guilds[&club.id];
        vec![
            ("create_message", message),
            ("get_guild", Some(wire::guild_json(guild))),
            (
                "get_guild_member",
                Some(state.member_json(mia.id, &guild.members[&mia.id])),
            ),
            (
                "get_channel",
                Some(state.channel_json(&state.channels[&room.id])),
            ),
            (
                "get_channel",
                Some(state.channel_json(&state.channels[&thread.id])),
            ),
            (
                "create_dm",
                Some(state.channel_json(&state.channels[&dm.channel])),
            ),
            ("get_my_user", Some(state.me_json())),
            ("get_my_application", Some(state.application_json())),
            (
                "list_application_commands",
                Some(state.commands.list(None).into()),
            ),
        ]
    });
    for (operation, value) in told {
        let value = value.unwrap();
        assert_eq!(
            problems(operation, &value),
            [""; 0],
            "{operation}: {value:#}"
        );
    }
}
