//! Who has left a server. Discord tells that only to those who may read the list of all members, and we
//! do not ask for that: so whoever counts on a board is asked for, once a day.

use ankle_core::club::ChatId;
use ankle_core::delivery::Single;
use ankle_core::face::SendError;
use ankle_core::store::StoreError;
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use tokio_util::sync::CancellationToken;

use crate::answer::Desk;
use crate::interaction::PLATFORM;
use crate::rest::{Call, CallError};

/// How long after it a server is looked through again.
const EVERY: SignedDuration = SignedDuration::from_hours(20);

/// How often it is looked whether one is to be looked through, and how long after a call that failed.
const LOOK: SignedDuration = SignedDuration::from_mins(10);

/// How long a server of which Discord cannot say anything just now is left alone: it holds up no other.
const AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// Between two calls: posts and answers go first.
const BETWEEN: SignedDuration = SignedDuration::from_millis(250);

/// Looks for leavers until told to stop. Of several processes one does it.
pub async fn keep(desk: &Desk, stop: &CancellationToken) {
    let lease = format!("leavers:{}:{}", PLATFORM.0, desk.application);
    let single = Single::new(desk.store.clone(), desk.clock.clone(), lease);
    while !stop.is_cancelled() {
        let mut held = tokio::select! {
            () = stop.cancelled() => return,
            held = single.take(|| tracing::debug!("another process looks for leavers")) => held,
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = rounds(desk) => {}
            () = held.keep() => {}
        }
        held.leave().await;
    }
}

async fn rounds(desk: &Desk) {
    loop {
        desk.sleep(LOOK).await;
        loop {
            match round(desk).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::info!(%error, "who has left a server is looked for later");
                    break;
                }
            }
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Looks through the server that has waited longest. Tells whether one was due.
async fn round(desk: &Desk) -> Result<bool, Error> {
    let began = desk.clock.now();
    let due = began.checked_sub(EVERY).unwrap_or(Timestamp::MIN);
    let found = desk.store.chat_to_look_through(PLATFORM, due).await?;
    let Some((chat, server)) = found else {
        return Ok(false);
    };
    for user in desk.store.who_counts_in(chat).await? {
        match is_member(desk, &server, &user).await {
            // Of whom Discord says nothing, nothing is known.
            Ok(true) | Err(CallError::Send(SendError::Rejected)) => {}
            Ok(false) => left(desk, &server, &user).await?,
            // We are not in it any more: nobody there reads anything.
            Err(CallError::Send(SendError::Gone | SendError::Forbidden(_))) => break,
            Err(CallError::Send(SendError::InDoubt)) => {
                let later = due.checked_add(AGAIN).unwrap_or(began);
                looked_through(desk, chat, later).await?;
                return Ok(true);
            }
            Err(error) => return Err(error.into()),
        }
        desk.sleep(BETWEEN).await;
    }
    looked_through(desk, chat, began).await?;
    Ok(true)
}

async fn is_member(desk: &Desk, server: &str, user: &str) -> Result<bool, CallError> {
    let path = format!("/guilds/{server}/members/{user}");
    let call = Call::bot(Method::GET, "member", server, path);
    match desk.rest.call(&call).await {
        Ok(_) => Ok(true),
        Err(CallError::NoMember) => Ok(false),
        Err(error) => Err(error),
    }
}

async fn left(desk: &Desk, server: &str, user: &str) -> Result<(), StoreError> {
    let mut tx = desk.store.begin().await?;
    tx.left(PLATFORM, user, server, desk.clock.now()).await?;
    tx.commit().await
}

async fn looked_through(desk: &Desk, chat: ChatId, at: Timestamp) -> Result<(), StoreError> {
    let mut tx = desk.store.begin().await?;
    tx.looked_through(chat, at).await?;
    tx.commit().await
}
