//! The client library that the adapter uses, against the fake.

use std::sync::Arc;

use ankle_fakes::discord::{FakeDiscord, First};
use serenity::all::{
    ActionRowComponent, ButtonStyle, Client, Command, CommandDataOptionValue, CommandOptionType,
    Context, CreateActionRow, CreateAllowedMentions, CreateAttachment, CreateAutocompleteResponse,
    CreateButton, CreateCommand, CreateCommandOption, CreateEmbed, CreateInputText,
    CreateInteractionResponse, CreateInteractionResponseFollowup, CreateInteractionResponseMessage,
    CreateMessage, CreateModal, EditInteractionResponse, EditMessage, EventHandler, GatewayIntents,
    Http, HttpBuilder, InputTextStyle, Interaction, MessageFlags, Permissions, ShardManager,
};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::client::{start, start_with};

/// A little bot.
struct Bot;

/// The bot while it runs.
struct Running {
    http: Arc<Http>,
    shards: Arc<ShardManager>,
    task: JoinHandle<serenity::Result<()>>,
}

fn http(discord: &FakeDiscord) -> Http {
    HttpBuilder::new(discord.token())
        .application_id(discord.application_id().into())
        .proxy(discord.url())
        .ratelimiter_disabled(true)
        .build()
}

async fn run(discord: &FakeDiscord) -> Running {
    run_shards(discord, 1).await
}

async fn run_shards(discord: &FakeDiscord, shards: u32) -> Running {
    let builder =
        serenity::client::ClientBuilder::new_with_http(http(discord), GatewayIntents::GUILDS);
    let mut client: Client = builder.event_handler(Bot).await.unwrap();
    let (running_http, manager) = (Arc::clone(&client.http), Arc::clone(&client.shard_manager));
    let (started, has_started) = oneshot::channel();
    let task = tokio::spawn(async move {
        let _ = started.send(());
        client.start_shards(shards).await
    });
    has_started.await.unwrap();
    Running {
        http: running_http,
        shards: manager,
        task,
    }
}

impl Running {
    async fn stop(self) {
        self.shards.shutdown_all().await;
        self.task.await.unwrap().unwrap();
    }
}

fn commands() -> Vec<CreateCommand> {
    let option = |kind, name: &str| CreateCommandOption::new(kind, name, "An option");
    let test = option(CommandOptionType::SubCommand, "test").add_sub_option(
        option(CommandOptionType::String, "reading")
            .required(true)
            .max_length(50),
    );
    let ask = option(CommandOptionType::SubCommand, "ask");
    let slow = option(CommandOptionType::SubCommand, "slow");
    let zone = option(CommandOptionType::SubCommand, "zone")
        .add_sub_option(option(CommandOptionType::String, "name").set_autocomplete(true));
    vec![
        CreateCommand::new("ankle")
            .description("Ankles")
            .description_localized("de", "Knöchel")
            .set_options(vec![test, ask, slow, zone]),
        CreateCommand::new("ankle-club")
            .description("Clubs")
            .default_member_permissions(Permissions::MANAGE_GUILD),
    ]
}

#[serenity::async_trait]
impl EventHandler for Bot {
    async fn interaction_create(&self, ctx: Context, interaction: Interaction) {
        match interaction {
            Interaction::Command(command) => {
                let option = command.data.options.first().unwrap();
                match (option.name.as_str(), &option.value) {
                    ("test", CommandDataOptionValue::SubCommand(inner)) => {
                        let text = inner[0].value.as_str().unwrap();
                        let button = CreateButton::new("left").label("Left");
                        let link = CreateButton::new_link("https://example.org").label("Guide");
                        let row = CreateActionRow::Buttons(vec![button, link]);
                        let embed = CreateEmbed::new()
                            .title("Lunge")
                            .description(format!("{text} is 32.4°"))
                            .field("Next", "Again on Friday", false);
                        let message = CreateInteractionResponseMessage::new()
                            .content(format!("Saved {text}"))
                            .embed(embed)
                            .components(vec![row])
                            .allowed_mentions(CreateAllowedMentions::new())
                            .ephemeral(true);
                        let response = CreateInteractionResponse::Message(message);
                        command.create_response(&ctx.http, response).await.unwrap();
                    }
                    ("ask", _) => {
                        let input =
                            CreateInputText::new(InputTextStyle::Short, "How far?", "reading");
                        let rows = vec![CreateActionRow::InputText(input)];
                        let modal = CreateModal::new("test", "A test").components(rows);
                        let response = CreateInteractionResponse::Modal(modal);
                        command.create_response(&ctx.http, response).await.unwrap();
                    }
                    _ => {
                        command.defer_ephemeral(&ctx.http).await.unwrap();
                        let file = CreateAttachment::bytes(&b"\x89PNG"[..], "chart.png");
                        let edit = EditInteractionResponse::new()
                            .content("It took a while")
                            .embed(CreateEmbed::new().image("attachment://chart.png"))
                            .new_attachment(file);
                        command.edit_response(&ctx.http, edit).await.unwrap();
                        let more = CreateInteractionResponseFollowup::new()
                            .content("One more thing")
                            .ephemeral(true);
                        command.create_followup(&ctx.http, more).await.unwrap();
                        let original = command.get_response(&ctx.http).await.unwrap();
                        assert_eq!(original.attachments.len(), 1);
                    }
                }
            }
            Interaction::Component(press) => {
                let message = CreateInteractionResponseMessage::new()
                    .content(format!("Left, by {}", press.data.custom_id))
                    .embeds(Vec::new())
                    .components(Vec::new());
                let response = CreateInteractionResponse::UpdateMessage(message);
                press.create_response(&ctx.http, response).await.unwrap();
            }
            Interaction::Modal(modal) => {
                let row = &modal.data.components[0].components[0];
                let ActionRowComponent::InputText(input) = row else {
                    panic!("{row:?}")
                };
                let text = format!("Read {}", input.value.as_deref().unwrap_or_default());
                let message = CreateInteractionResponseMessage::new().content(text);
                let response = CreateInteractionResponse::Message(message);
                modal.create_response(&ctx.http, response).await.unwrap();
            }
            Interaction::Autocomplete(typing) => {
                let typed = typing.data.autocomplete().unwrap().value.to_owned();
                let choices = CreateAutocompleteResponse::new()
                    .add_string_choice(format!("{typed}lin"), "Europe/Berlin");
                let response = CreateInteractionResponse::Autocomplete(choices);
                typing.create_response(&ctx.http, response).await.unwrap();
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_whole_conversation_breaks_no_rule() {
    let (discord, _clock, _) = start().await;
    let club = discord.server("Trail Friends");
    let room = club.channel("mobility");
    let bot = run(&discord).await;
    discord.until_ready(1).await;
    let registered = Command::set_global_commands(&bot.http, commands())
        .await
        .unwrap();
    assert_eq!(registered.len(), 2);
    let mia = room.person("Mia").speaking("de");

    let asked = mia.slash("/ankle test", &[("reading", "9cm")]).await;
    let answer = asked.answer().await;
    assert!(answer.ephemeral);
    let pressed = mia.press(&answer, "Left").await;
    pressed.answer().await;
    let asked = mia.slash("/ankle ask", &[]).await;
    let form = asked.form().await;
    mia.submit(&form, &[("How far?", "10cm")])
        .await
        .answer()
        .await;
    let asked = mia.slash("/ankle slow", &[]).await;
    assert_eq!(asked.answer().await.files[0].name, "chart.png");
    asked.follow_up(0).await;
    let typing = mia.types("/ankle zone", &[], "name", "ber").await;
    assert_eq!(typing.suggestions().await, ["berlin"]);
    discord.settled().await;
    assert_eq!(room.transcript(), "Bot: Read 10cm");
    insta::assert_snapshot!(mia.transcript(), @r#"
    Mia: /ankle test reading:9cm
    Bot (only Mia): Saved 9cm
      | **Lunge**
      | 9cm is 32.4°
      | Next: Again on Friday
      [Left] [Guide -> https://example.org]
    Mia: [Left]
    Bot (only Mia) edited: Left, by left
    Mia: /ankle ask
    Bot (only Mia) asks: A test [How far?: ____]
    Mia: [A test: How far?: 10cm]
    Bot: Read 10cm
    Mia: /ankle slow
    Bot (only Mia) is thinking
    Bot (only Mia): It took a while
      | <image attachment://chart.png>
      <file chart.png>
    Bot (only Mia): One more thing
    "#);
    bot.stop().await;
    discord.finish().await;
}

#[tokio::test]
async fn messages_are_sent_edited_and_deleted() {
    let (discord, _clock, _) = start().await;
    let club = discord.server("Trail Friends");
    let room = club.channel("mobility");
    let http = http(&discord);
    let channel = serenity::all::ChannelId::new(room.id());
    let button = CreateButton::new("done calf-raise")
        .label("Done")
        .style(ButtonStyle::Success);
    let message = CreateMessage::new()
        .content("Calf raises, <@1>")
        .embed(
            CreateEmbed::new()
                .title("Today")
                .description("Three times ten"),
        )
        .components(vec![CreateActionRow::Buttons(vec![button])])
        .allowed_mentions(CreateAllowedMentions::new())
        .flags(MessageFlags::SUPPRESS_NOTIFICATIONS)
        .nonce(serenity::all::Nonce::String("post:1".to_owned()))
        .enforce_nonce(true);
    let sent = channel.send_message(&http, message.clone()).await.unwrap();
    let again = channel.send_message(&http, message).await.unwrap();
    assert_eq!(sent.id, again.id);
    let shown = room.next_message().await;
    assert!(shown.silent && shown.pings.is_nobody());
    let edit = EditMessage::new().content("Calf raises: 3 done");
    channel.edit_message(&http, sent.id, edit).await.unwrap();
    assert_eq!(shown.next_edit().await.labels(), ["Done"]);
    channel.delete_message(&http, sent.id).await.unwrap();
    shown.is_deleted().await;
    let user = serenity::all::UserId::new(discord.user("Mia").id());
    let dm = user.create_dm_channel(&http).await.unwrap();
    dm.say(&http, "Hi Mia").await.unwrap();
    assert_eq!(
        discord.user("Mia").dm().next_message().await.content,
        "Hi Mia"
    );
    let guild = serenity::all::GuildId::new(club.id());
    let guild = guild.to_partial_guild(&http).await.unwrap();
    assert_eq!(guild.name, "Trail Friends");
    let mia = club.member("Mia");
    let member = http.get_member(guild.id, mia.id().into()).await.unwrap();
    assert_eq!(member.user.global_name.as_deref(), Some("Mia"));
    assert!(http.get_current_application_info().await.is_ok());
    assert_eq!(http.get_bot_gateway().await.unwrap().shards, 1);
    let channel = http.get_channel(channel).await.unwrap();
    assert_eq!(channel.guild().unwrap().name, "mobility");
    insta::assert_snapshot!(room.transcript(), @r#"
    Bot (silent): Calf raises, <@1>
      | **Today**
      | Three times ten
      [Done]
    Bot edited: Calf raises: 3 done
      | **Today**
      | Three times ten
      [Done]
    Bot deleted: Calf raises: 3 done
    "#);
    discord.finish().await;
}

#[tokio::test]
async fn a_session_is_resumed_after_each_kind_of_interruption() {
    let (discord, _clock, _) = start().await;
    let room = discord.server("Trail Friends").channel("mobility");
    let bot = run(&discord).await;
    discord.until_ready(1).await;
    Command::set_global_commands(&bot.http, commands())
        .await
        .unwrap();
    let mia = room.person("Mia");
    for (n, interrupt) in [
        FakeDiscord::gateway_reconnect as fn(&FakeDiscord),
        FakeDiscord::gateway_cut,
        |discord| discord.gateway_close(4000),
    ]
    .into_iter()
    .enumerate()
    {
        interrupt(&discord);
        // Whether it comes before or during the interruption, it arrives.
        let asked = mia.slash("/ankle test", &[("reading", "9cm")]).await;
        asked.answer().await;
        discord.until_resumed(n + 1).await;
    }
    assert_eq!(discord.identifies(), 1);
    bot.stop().await;
    discord.finish().await;
}

#[tokio::test]
async fn a_gateway_that_answers_no_heartbeat_is_left_and_found_again() {
    // The client looks at its heartbeat twice a second.
    let builder = FakeDiscord::builder().heartbeat(std::time::Duration::from_secs(1));
    let (discord, _clock, _) = start_with(builder).await;
    let room = discord.server("Trail Friends").channel("mobility");
    let bot = run(&discord).await;
    discord.until_ready(1).await;
    Command::set_global_commands(&bot.http, commands())
        .await
        .unwrap();
    discord.gateway_is_silent(true);
    discord.until_identified(2).await;
    discord.gateway_is_silent(false);
    assert_eq!(discord.resumes(), 0);
    let asked = room
        .person("Mia")
        .slash("/ankle test", &[("reading", "9cm")])
        .await;
    asked.answer().await;
    bot.stop().await;
    discord.finish().await;
}

#[tokio::test]
async fn an_invalid_session_is_identified_anew() {
    let (discord, _clock, _) = start().await;
    let bot = run(&discord).await;
    discord.until_ready(1).await;
    discord.gateway_invalidate(false);
    discord.until_identified(2).await;
    assert_eq!(discord.resumes(), 0);
    bot.stop().await;
    discord.finish().await;
}

#[tokio::test]
async fn two_shards_wait_for_each_other_and_share_the_servers() {
    let (discord, _clock, _) = start().await;
    let clubs = [discord.server("One"), discord.server("Two")];
    let bot = run_shards(&discord, 2).await;
    discord.until_ready(2).await;
    Command::set_global_commands(&bot.http, commands())
        .await
        .unwrap();
    for club in clubs {
        let mia = club.channel("mobility").person("Mia");
        let asked = mia.slash("/ankle test", &[("reading", "9cm")]).await;
        asked.answer().await;
    }
    bot.stop().await;
    discord.finish().await;
}

#[tokio::test]
async fn a_wrong_token_ends_the_client() {
    let (discord, _clock, _) = start().await;
    discord.revoke_token();
    let bot = run(&discord).await;
    let error = bot.task.await.unwrap().unwrap_err();
    assert!(error.to_string().contains("authentication"), "{error}");
}

#[tokio::test]
async fn a_first_response_of_each_kind_is_kept() {
    let (discord, _clock, _) = start().await;
    let room = discord.server("Trail Friends").channel("mobility");
    let bot = run(&discord).await;
    discord.until_ready(1).await;
    Command::set_global_commands(&bot.http, commands())
        .await
        .unwrap();
    let mia = room.person("Mia");
    let asked = mia.slash("/ankle slow", &[]).await;
    assert_eq!(asked.first().await, First::Deferred);
    asked.answer().await;
    asked.follow_up(0).await;
    let typing = mia.types("/ankle zone", &[], "name", "x").await;
    let choices = vec![("xlin".to_owned(), "Europe/Berlin".into())];
    assert_eq!(typing.first().await, First::Choices(choices));
    bot.stop().await;
    discord.finish().await;
}
