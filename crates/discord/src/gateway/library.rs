//! A command, as the library has read it. Most interactions are one, so it is not written out as JSON again.

use serenity::all::{
    AuthorizingIntegrationOwner, CommandDataOption, CommandDataOptionValue, CommandInteraction,
};

use crate::interaction::{
    Chosen, Data, Incoming, Owners, Raw, RawChannel, RawMember, RawUser, path_from,
};

/// A command, or one that is just being filled in, as its kind says.
pub fn of_command(command: &CommandInteraction, kind: u8) -> Incoming {
    let user = &command.user;
    let channel = command.channel.as_ref();
    let member = command.member.as_ref();
    let owners = &command.authorizing_integration_owners.0;
    let is_server = |owner: &AuthorizingIntegrationOwner| {
        matches!(owner, AuthorizingIntegrationOwner::GuildInstall(_))
    };
    Incoming {
        raw: Raw {
            kind,
            id: command.id.to_string(),
            application_id: command.application_id.to_string(),
            token: command.token.clone(),
            guild_id: command.guild_id.map(|id| id.to_string()),
            channel_id: Some(command.channel_id.to_string()),
            channel: channel.map(|channel| RawChannel {
                kind: Some(u8::from(channel.kind).into()),
                name: channel.name.clone(),
            }),
            member: member.map(|member| RawMember {
                user: None,
                permissions: member.permissions.map(|all| all.bits().to_string()),
            }),
            user: Some(RawUser {
                id: user.id.to_string(),
                username: user.name.clone(),
                global_name: user.global_name.clone(),
            }),
            message: None,
            app_permissions: command.app_permissions.map(|all| all.bits().to_string()),
            locale: Some(command.locale.clone()),
            context: command.context.map(u8::from),
            owners: Some(Owners {
                any: !owners.is_empty(),
                server: owners.iter().any(is_server),
            }),
        },
        data: Data::Command(chosen(&command.data.name, &command.data.options)),
    }
}

fn chosen(root: &str, mut options: &[CommandDataOption]) -> Chosen {
    let mut path = path_from(root);
    while let [first, ..] = options {
        let (CommandDataOptionValue::SubCommand(inner)
        | CommandDataOptionValue::SubCommandGroup(inner)) = &first.value
        else {
            break;
        };
        path.push(first.name.clone());
        options = inner;
    }
    let is_focused = |option: &&CommandDataOption| {
        matches!(option.value, CommandDataOptionValue::Autocomplete { .. })
    };
    let focused = options.iter().find(is_focused);
    Chosen {
        path,
        values: options
            .iter()
            .map(|option| (option.name.clone(), plain(&option.value)))
            .collect(),
        focused: focused.map(|option| option.name.clone()),
    }
}

/// What was typed or chosen, as text.
fn plain(value: &CommandDataOptionValue) -> String {
    use CommandDataOptionValue as Of;
    match value {
        Of::Autocomplete { value, .. } | Of::String(value) => value.clone(),
        Of::Boolean(value) => value.to_string(),
        Of::Integer(value) => value.to_string(),
        Of::Number(value) => serde_json::Value::from(*value).to_string(),
        Of::Attachment(id) => id.to_string(),
        Of::Channel(id) => id.to_string(),
        Of::Mentionable(id) => id.to_string(),
        Of::Role(id) => id.to_string(),
        Of::User(id) => id.to_string(),
        _ => String::new(),
    }
}
